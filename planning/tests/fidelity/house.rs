//! The same days played by the regions' own record: every step is a command that is decided and
//! applied; nothing is read but the regions' states.

use std::cell::Cell;

use samband_domain::blood::Command as Blood;
use samband_domain::blood::command::Row;
use samband_domain::blood::model::stock::Arrival;
use samband_domain::blood::model::supply::Parcel;
use samband_domain::blood::model::{
    AgeKnown, Antibodies, Component, Group, Recipient, Sex, UnitId,
};
use samband_domain::blood::rules::compatible::{Policies, Urgency};
use samband_domain::blood::shelf::Slot;
use samband_domain::blood::view::select::{Wanted, best};
use samband_domain::patients::command::Command as Patients;
use samband_domain::patients::model::{
    Capture, Identity, Purpose, Sample, SampleNumber, ScreenResult,
};
use samband_domain::rulesets::{Age, Scope, Value, key};
use samband_domain::transfusion::command::{Command as Ward, Handing};
use samband_domain::transfusion::model::{Estimate, Kind, Request};
use samband_domain::{
    Command, Context, Event, Foreign, Known, PatientId, Private, RecordRef, Refusal, RequestId,
    Time, decide, due,
};
use samband_planning::simulate::model::{RED_CELLS, World};
use samband_planning::simulate::state::{At, State};

use crate::fidelity::common::stock::{
    adopt, as_foreign, bare, row, rule, rules, site, take_over, tests, unit, way,
};
use crate::fidelity::common::{Desk, START, actor, mandate};
use crate::fidelity::world::{SITES, SOON};
use crate::fidelity::{Day, Outcome};

const REGIONS: [&str; 2] = ["halland", "skane"];
const DAY: i64 = 86_400;

/// Midnight of a day.
fn midnight(day: u32) -> Time {
    START.plus_seconds(10 * DAY + i64::from(day) * DAY)
}

/// When a unit that may last be used on a day expires.
fn expiry(last: u32) -> Time {
    midnight(last + 1)
}

struct House {
    desks: [Desk; 2],
    patients: [Vec<PatientId>; 2],
    /// When each patient's last sample was taken.
    sampled: [[Time; 8]; 2],
    serial: u32,
    samples: u32,
    /// Shipments on their way: receiver, dispatch, units.
    moving: Vec<(usize, RecordRef, Vec<UnitId>)>,
    outcome: Outcome,
}

/// Plays the days.
pub fn play(world: &World, opening: &State, days: &[Day]) -> Outcome {
    let mut house = House::open();
    house.stock(opening);
    for (n, day) in days.iter().enumerate() {
        house.at(midnight(n as u32).plus_seconds(60));
        house.tick();
        house.arrive();
        for &(site, group, last, count) in &day.made {
            house.enter(site, group, last, count);
        }
        for region in 0..2 {
            house.distribute(world, region);
        }
        for &(site, group, count) in &day.asked {
            house.ask(world, site, group, count);
        }
        for &sent in &day.sent {
            house.evening(sent);
        }
        house.outcome.held += house.free();
    }
    house.outcome
}

impl House {
    fn open() -> Self {
        let open = |name: &str| {
            let mut desk = bare(name);
            adopt(&mut desk, all_rules());
            desk.now = midnight(0);
            desk
        };
        let mut house = Self {
            desks: REGIONS.map(open),
            patients: [Vec::new(), Vec::new()],
            sampled: [[START; 8]; 2],
            serial: 0,
            samples: 0,
            moving: Vec::new(),
            outcome: Outcome::default(),
        };
        for region in 0..2 {
            for group in 0..8 {
                house.register(region, group);
            }
        }
        house
    }

    fn at(&mut self, now: Time) {
        self.desks.iter_mut().for_each(|desk| desk.now = now);
    }

    fn try_act(
        &mut self,
        region: usize,
        who: &str,
        command: &Command,
        foreign: Option<&Foreign>,
    ) -> Result<Vec<Event>, Refusal> {
        let desk = &mut self.desks[region];
        let (who, by) = (actor(who), mandate("m-1"));
        let mut entropy = [7; 32];
        entropy[..8].copy_from_slice(&(desk.lines.len() as u64).to_be_bytes());
        let ctx = Context {
            region: &desk.journal,
            mode: desk.mode,
            now: desk.now,
            happened: desk.now,
            actor: &who,
            mandate: Some(&by),
            entropy,
            drawn: Cell::new(0),
            signer: &desk.key,
            foreign,
            history: &[],
            others: &[],
        };
        let events = decide(&desk.region, command, &ctx)?;
        events.iter().for_each(|event| desk.record(&who, event));
        Ok(events)
    }

    fn act(&mut self, region: usize, who: &str, command: impl Into<Command>) -> Event {
        let command = command.into();
        let events = self.try_act(region, who, &command, None);
        let events = events.unwrap_or_else(|refusal| panic!("{refusal}: {command:?}"));
        events.into_iter().next().expect("an event")
    }

    /// What the clock and the other's record make due: expired units leave, receipts are noted.
    fn tick(&mut self) {
        for _ in 0..8 {
            let mut done = 0;
            for region in 0..2 {
                let states: Vec<_> =
                    self.desks.iter().map(|one| (&one.journal, &one.region.shared)).collect();
                let desk = &self.desks[region];
                let commands = due(&desk.region, &desk.journal, &[], &states, desk.now);
                for command in commands {
                    if let Command::Blood(Blood::Outdate { units }) = &command {
                        self.outcome.outdated += units.len() as u64;
                    }
                    let foreign = command.foreign().map(|at| {
                        let desk = self.desks.iter().find(|desk| desk.journal == at.journal);
                        as_foreign(desk.expect("a region"), at)
                    });
                    let said = self.try_act(region, "engine", &command, foreign.as_ref());
                    said.unwrap_or_else(|refusal| panic!("due: {refusal}"));
                    done += 1;
                }
            }
            if done == 0 {
                return;
            }
        }
    }

    // --- units -------------------------------------------------------------------------------

    fn stock(&mut self, opening: &State) {
        for site in 0..SITES.len() {
            for group in 0..8 {
                let at = At { site, component: RED_CELLS, group };
                for (last, count) in opening.shelf_of(at).ages(0) {
                    self.enter(site, group, last, count);
                }
            }
        }
    }

    fn enter(&mut self, site: usize, group: usize, last: u32, count: u16) {
        let rows = (0..count).map(|_| {
            self.serial += 1;
            Row {
                id: unit(self.serial),
                group: Known::Value(Group::ALL[group]),
                expiry: expiry(last),
                tests: tests(&["hbsag", "syphilis"]),
                ..row(1)
            }
        });
        let command = take_over(SITES[site].1, rows.collect());
        self.act(SITES[site].0, "a-1", command);
    }

    /// The free units of a group at a place, oldest first.
    fn lying(&self, at: usize, group: usize) -> Vec<(Time, UnitId)> {
        let desk = &self.desks[SITES[at].0];
        let shelf = desk.region.shared.blood.shelves.sites.get(&site(SITES[at].1));
        let group = Group::ALL[group];
        let slot = |slot: &Slot| (slot.expiry, slot.id);
        shelf.map_or(Vec::new(), |shelf| {
            let mine = |slot: &&Slot| slot.group == group && slot.component == Component::RedCells;
            shelf.available.iter().filter(mine).map(slot).collect()
        })
    }

    fn free(&self) -> u64 {
        let all = (0..SITES.len()).flat_map(|at| (0..8).map(move |group| (at, group)));
        all.map(|(at, group)| self.lying(at, group).len() as u64).sum()
    }

    fn dispatch(&mut self, from: usize, to: usize, units: &[UnitId], seconds: i64) {
        let (a, b) = (SITES[from], SITES[to]);
        let now = self.desks[a.0].now;
        let mut way = way(a.1, REGIONS[b.0], b.1);
        (way.sent, way.eta) = (now, Known::Value(now.plus_seconds(seconds)));
        let command = Blood::Dispatch { way, units: units.to_vec(), parcel: Parcel::default() };
        self.act(a.0, "a-1", command);
        let dispatch = self.desks[a.0].head();
        self.moving.push((b.0, dispatch, units.to_vec()));
    }

    /// Everything on its way is received.
    fn arrive(&mut self) {
        for (to, dispatch, units) in std::mem::take(&mut self.moving) {
            let from = self.desks.iter().find(|desk| desk.journal == dispatch.journal);
            let foreign = as_foreign(from.expect("a region"), &dispatch);
            let command = Blood::Receive {
                dispatch,
                site: None,
                outcomes: units.into_iter().map(|unit| (unit, Arrival::Accepted)).collect(),
                boxes: Vec::new(),
                note: None,
            };
            let said = self.try_act(to, "a-2", &command.into(), Some(&foreign));
            said.unwrap_or_else(|refusal| panic!("receive: {refusal}"));
        }
    }

    /// The morning's van, by the same rule and on the record's own figures.
    fn distribute(&mut self, world: &World, region: usize) {
        let (hub, other) = (region * 2, region * 2 + 1);
        let today = self.desks[region].now;
        let soon = today.plus_seconds((i64::from(SOON) + 1) * DAY);
        for group in 0..8 {
            let old: Vec<UnitId> = self
                .lying(other, group)
                .into_iter()
                .filter(|(expiry, _)| *expiry <= soon)
                .map(|(_, id)| id)
                .collect();
            self.carry(other, hub, &old);
        }
        for group in 0..8 {
            let target = |at: usize| usize::from(world.sites[at].target[RED_CELLS][group]);
            let (here, there) = (self.lying(hub, group), self.lying(other, group));
            let (held, all) = (here.len() + there.len(), target(hub) + target(other));
            let wanted =
                if held < all { (target(other) * held).div_ceil(all) } else { target(other) };
            let missing = wanted.saturating_sub(there.len());
            let fresh = here.iter().rev().filter(|(expiry, _)| *expiry > soon);
            let units: Vec<UnitId> = fresh.take(missing).map(|(_, id)| *id).collect();
            self.carry(hub, other, &units);
        }
    }

    fn carry(&mut self, from: usize, to: usize, units: &[UnitId]) {
        if !units.is_empty() {
            self.dispatch(from, to, units, 3_600);
            self.arrive();
        }
    }

    /// One unit of what the regions agreed to send: of that age, or the freshest there is.
    fn evening(&mut self, (from, to, group, last): (usize, usize, usize, u32)) {
        let lying = self.lying(from, group);
        let same = lying.iter().find(|(at, _)| *at == expiry(last));
        if let Some((_, id)) = same.or(lying.last()) {
            self.outcome.sent += 1;
            self.dispatch(from, to, &[*id], DAY / 2);
        }
    }

    // --- patients ----------------------------------------------------------------------------

    fn register(&mut self, region: usize, group: usize) {
        let number = format!("194001{:02}239", group + 1);
        let number = format!("{number}{}", check_digit(&number[2..]));
        let identity = Identity {
            number: number.parse().expect("a number"),
            name: Known::Value("Prov".into()),
            born: Known::Unknown,
            sex: Known::Unknown,
        };
        let Event::Patients(samband_domain::patients::Event::Registered(_, Private::Here(said))) =
            self.act(region, "a-1", Patients::Register { identity })
        else {
            panic!("not registered")
        };
        self.patients[region].push(said.patient);
        self.sample(region, group, Purpose::Group, 40);
    }

    fn sample(&mut self, region: usize, group: usize, purpose: Purpose, hours_ago: i64) {
        self.samples += 1;
        let number: SampleNumber = format!("B-{:06}", self.samples).parse().expect("a number");
        let patient = self.patients[region][group].clone();
        let taken = self.desks[region].now.plus_seconds(-hours_ago * 3_600);
        let capture = || Capture::Interface { instrument: "Provinstrument".into() };
        let screened = purpose == Purpose::Compatibility;
        let sample = Sample {
            number: number.clone(),
            purpose,
            taken,
            place: "Avd 1".into(),
            taken_by: "USK".into(),
            identity_signed: true,
            shared_occasion: None,
        };
        self.act(region, "a-1", Patients::TakeSample { patient: patient.clone(), sample });
        let determined = taken.plus_seconds(1_800);
        let command = Patients::Determine {
            patient: patient.clone(),
            sample: number.clone(),
            determined,
            group: Known::Value(Group::ALL[group]),
            phenotype: Default::default(),
            emergency: false,
            capture: capture(),
        };
        self.act(region, "a-1", command);
        if screened {
            let (performed, result) = (determined, ScreenResult::Negative);
            let (sample, capture) = (number, capture());
            let command = Patients::RecordScreen { patient, sample, performed, result, capture };
            self.act(region, "a-1", command);
            self.sampled[region][group] = taken;
        }
    }

    /// A patient asks: at the place, then at the region's other, then at the other region's centre.
    fn ask(&mut self, world: &World, at: usize, group: usize, count: u32) {
        let region = SITES[at].0;
        let now = self.desks[region].now;
        if self.sampled[region][group].plus_seconds(2 * DAY) < now {
            self.sample(region, group, Purpose::Compatibility, 1);
        }
        let patient = self.patients[region][group].clone();
        let request = Request {
            patient: Some(patient.clone()),
            estimate: Estimate::NONE,
            component: Component::RedCells,
            units: u16::try_from(count).expect("a request"),
            needed: now.plus_seconds(7_200),
            urgency: samband_domain::transfusion::model::Urgency::Routine,
            kind: Kind::Transfusion,
            requirements: Vec::new(),
            site: site(SITES[at].1),
            ward: "Avd 3".into(),
            indication: "Anemi".into(),
        };
        let said = self.act(region, "a-1", Ward::Request { request });
        let Event::Transfusion(samband_domain::transfusion::Event::Requested(
            _,
            Private::Here(said),
        )) = said
        else {
            panic!("not asked")
        };
        let own = region * 2..region * 2 + 2;
        let places = std::iter::once(at).chain(own.filter(|other| *other != at));
        let mut left = count as usize;
        for place in places {
            left -= self.give(place, group, left, (&said.id, &patient));
        }
        if left > 0 {
            left -= self.fetch(world, (at, group), left, (&said.id, &patient));
        }
        if left > 0 {
            self.outcome.short += left as u64;
            let (request, reason) = (said.id, "finns inte".to_owned());
            self.act(region, "a-1", Ward::Cancel { request, reason });
        }
    }

    /// The best units at a place, as the blood area chooses them.
    fn chosen(&self, at: usize, (group, for_region): (usize, usize), count: usize) -> Vec<UnitId> {
        let (rules_of, stock) = (&self.desks[for_region], &self.desks[SITES[at].0]);
        let rules = rules_of.region.shared.rulesets.in_force(Scope::Blood, rules_of.now);
        let policies = Policies::of(rules);
        let mut recipient = Recipient::of_group(Known::Value(Group::ALL[group]));
        recipient.sex = Known::Value(Sex::Male);
        recipient.age = AgeKnown::years(85);
        recipient.antibodies = Known::Value(Antibodies::NONE);
        let sites = [site(SITES[at].1)];
        let (component, urgency) = (Component::RedCells, Urgency::Routine);
        let wanted = Wanted { component, recipient: &recipient, urgency, sites: &sites };
        let found = best(&stock.region.shared.blood, &policies, stock.now, &wanted, count);
        found.into_iter().map(|choice| choice.id).collect()
    }

    fn give(
        &mut self,
        at: usize,
        group: usize,
        count: usize,
        (request, patient): (&RequestId, &PatientId),
    ) -> usize {
        let region = SITES[at].0;
        let units = self.chosen(at, (group, region), count);
        if units.is_empty() || count == 0 {
            return 0;
        }
        let wanted = Group::ALL[group];
        let held = &self.desks[region].region.shared.blood.units;
        let other = units.iter().filter(|id| held[*id].group != Known::Value(wanted));
        self.outcome.substituted += other.count() as u64;
        let fetched_by = "USK Ek".to_owned();
        let handing = Handing { request: request.clone(), units: units.clone(), fetched_by };
        self.act(region, "a-1", Ward::Issue { handing });
        for &unit in &units {
            let (patient, began) = (patient.clone(), self.desks[region].now);
            let ended = Known::Unknown;
            self.act(region, "a-2", Ward::Transfuse { unit, patient, began, ended });
        }
        self.outcome.issued += units.len() as u64;
        units.len()
    }

    /// From the other region's centre, above its floor: sent, received, given.
    fn fetch(
        &mut self,
        world: &World,
        (at, group): (usize, usize),
        count: usize,
        of: (&RequestId, &PatientId),
    ) -> usize {
        let region = SITES[at].0;
        let lender = (1 - region) * 2;
        let mut floor: [usize; 8] = std::array::from_fn(|group| {
            let held = self.lying(lender, group).len() + self.lying(lender + 1, group).len();
            let keeps = world.regions[1 - region].floor[RED_CELLS][group] as usize;
            held.saturating_sub(keeps)
        });
        let held = &self.desks[1 - region].region.shared.blood.units;
        let mut units = self.chosen(lender, (group, region), count * 4);
        units.retain(|id| {
            let place = held[id].group.value().map_or(0, Group::index);
            let may = floor[place] > 0;
            floor[place] = floor[place].saturating_sub(1);
            may
        });
        units.truncate(count);
        if units.is_empty() {
            return 0;
        }
        let waiting = std::mem::take(&mut self.moving);
        self.dispatch(lender, at, &units, 3_600);
        self.arrive();
        self.moving = waiting;
        self.give(at, group, units.len(), of)
    }
}

/// The tests' rules and those of patients.
fn all_rules() -> Vec<samband_domain::rulesets::Rule> {
    let listed = |codes: &[&str]| Value::List(codes.iter().map(|one| (*one).to_owned()).collect());
    let mut all = rules(false);
    all.extend([
        rule(key::BAS_NOT_REQUIRED_FOR, listed(&["platelets", "plasma"])),
        rule(key::BAS_VALIDITY_DAYS, Value::Days(5)),
        rule(key::BAS_COUNTS_SAMPLING_DAY, Value::Flag(true)),
        rule(key::BAS_SAMPLE_AGE_DAYS, Value::Days(3)),
        rule(key::MG_VALIDITY_DAYS, Value::Days(3)),
        rule(key::MG_SECOND_PERSON, Value::Flag(false)),
        rule(key::MG_RESERVED_DAYS, Value::Days(2)),
        rule(key::GROUP_SAMPLE_OCCASIONS, Value::Count(2)),
        rule(key::GROUP_SAMPLE_AGE_DAYS, Value::Days(5)),
        rule(key::GROUP_SAMPLE_SAME_OCCASION, Value::Choice("emergency_documented".into())),
        rule(key::REGROUP_OTHER_REGION, Value::Flag(true)),
        rule(key::D_POS_RED_CELLS_TO_D_NEG, Value::Choice("never".into())),
        rule(key::PLATELETS_ABO, Value::Choice("as_red_cells".into())),
        rule(key::EMERGENCY_RED_CELLS_UNKNOWN, Value::Choice("o_neg".into())),
        rule(key::K_NEG_FEMALE_AGE, Value::Age(Age { years: 50, inclusive: false })),
        rule(key::INFANT_MONTHS, Value::Months(4)),
        rule(key::INFANT_RED_CELLS, Value::Choice("o_neg".into())),
        rule(key::INFANT_PLASMA, Value::Choice("ab".into())),
        rule(key::INFANT_RED_CELLS_FRESH_DAYS, Value::Days(5)),
        rule(key::RETURN_RED_CELLS_UNCOOLED_MINUTES, Value::Minutes(30)),
        rule(key::RETURN_RED_CELLS_COOLED_MINUTES, Value::Minutes(120)),
        rule(key::RETURN_PACKAGE_HOURS, Value::Hours(10)),
        rule(key::TRANSFUSE_WITHIN_HOURS, Value::Hours(4)),
    ]);
    all
}

/// The last figure of a Swedish personal number.
fn check_digit(nine: &str) -> u32 {
    let weighed = nine.bytes().enumerate().map(|(n, digit)| {
        let product = u32::from(digit - b'0') * if n % 2 == 0 { 2 } else { 1 };
        product / 10 + product % 10
    });
    (10 - weighed.sum::<u32>() % 10) % 10
}
