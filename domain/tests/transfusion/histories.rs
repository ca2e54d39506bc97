//! Random histories of requests, reservations, crossmatches, results, issues and ends: no unit is
//! in two hands, and none was handed out untested, expired, withdrawn or ABO-incompatible.

use std::collections::BTreeMap;

use proptest::prelude::*;
use samband_domain::blood::command::{Correction, Standing};
use samband_domain::blood::model::{
    Antigen, DiscardReason, Group, QuarantineReason, Significance, Status, TestResult, UnitId,
};
use samband_domain::blood::{Command as Blood, Event as Stock};
use samband_domain::patients::command::Command as Patients;
use samband_domain::patients::model::Target;
use samband_domain::transfusion::Event as Said;
use samband_domain::transfusion::command::{Back, Command, Crossmatched, Deciding, Handing};
use samband_domain::transfusion::model::{Capacity, ExceptionRule, Match, Temperature, Urgency};
use samband_domain::{Command as Any, Event, Known, PatientId, Private, RequestId, Time};

use crate::common::Desk;
use crate::common::stock::*;
use crate::transfusion::flow::{asks, grouped, ready};

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Enter { serial: u32, group: usize, hours: i64, tested: bool, standing: bool },
    Ask { patient: Option<usize>, urgency: usize },
    Reserve { request: usize, unit: u32 },
    Best { request: usize, count: u16, least: u16 },
    Crossmatch { request: usize, unit: u32, fits: bool },
    Decide { request: usize, rule: usize, capacity: bool, who: bool },
    Issue { request: usize, unit: u32 },
    Check { unit: u32, patient: usize },
    Transfuse { unit: u32, patient: usize },
    Return { unit: u32, minutes: u32 },
    Waste { unit: u32 },
    Cancel { request: usize },
    Antibody { patient: usize },
    Test { unit: u32, positive: bool },
    Regroup { unit: u32, group: usize },
    Shelf { unit: u32, what: usize },
    Count { leave_out: u32 },
    Tick,
}

const PATIENTS: usize = 3;
const SERIALS: u32 = 10;

fn step() -> impl Strategy<Value = Step> {
    let unit = || 0..SERIALS;
    let request = || 0..6_usize;
    prop_oneof![
        3 => prop_oneof![0..6_i64, Just(30)].prop_map(Step::Wait),
        8 => (unit(), 0..8_usize, 1..200_i64, prop::bool::weighted(0.8), prop::bool::weighted(0.9))
            .prop_map(|(serial, group, hours, tested, standing)| {
                Step::Enter { serial, group, hours, tested, standing }
            }),
        6 => (prop::option::weighted(0.7, 0..PATIENTS), 0..4_usize)
            .prop_map(|(patient, urgency)| Step::Ask { patient, urgency }),
        8 => (request(), unit()).prop_map(|(request, unit)| Step::Reserve { request, unit }),
        6 => (request(), 1..3_u16, 0..3_u16)
            .prop_map(|(request, count, least)| Step::Best { request, count, least }),
        3 => (request(), unit(), prop::bool::weighted(0.8))
            .prop_map(|(request, unit, fits)| Step::Crossmatch { request, unit, fits }),
        3 => (request(), 0..5_usize, any::<bool>(), any::<bool>())
            .prop_map(|(request, rule, capacity, who)| Step::Decide { request, rule, capacity, who }),
        12 => (request(), unit()).prop_map(|(request, unit)| Step::Issue { request, unit }),
        2 => (unit(), 0..PATIENTS).prop_map(|(unit, patient)| Step::Check { unit, patient }),
        3 => (unit(), 0..PATIENTS).prop_map(|(unit, patient)| Step::Transfuse { unit, patient }),
        4 => (unit(), 0..60_u32).prop_map(|(unit, minutes)| Step::Return { unit, minutes }),
        1 => unit().prop_map(|unit| Step::Waste { unit }),
        1 => request().prop_map(|request| Step::Cancel { request }),
        1 => (0..PATIENTS).prop_map(|patient| Step::Antibody { patient }),
        2 => (unit(), any::<bool>()).prop_map(|(unit, positive)| Step::Test { unit, positive }),
        1 => (unit(), 0..8_usize).prop_map(|(unit, group)| Step::Regroup { unit, group }),
        2 => (unit(), 0..3_usize).prop_map(|(unit, what)| Step::Shelf { unit, what }),
        1 => any::<u32>().prop_map(|leave_out| Step::Count { leave_out }),
        4 => Just(Step::Tick),
    ]
}

/// The region, who is in it, and what each bag's story tells.
struct World {
    desk: Desk,
    patients: Vec<(PatientId, Group)>,
    requests: Vec<(RequestId, Option<usize>)>,
    /// Units in a ward's hand, by the request they went out for.
    out: BTreeMap<UnitId, RequestId>,
    issued: usize,
}

impl World {
    fn open() -> Self {
        let mut desk = ready();
        let groups = ["o_neg", "a_pos", "b_neg"].map(|text| text.parse::<Group>().unwrap());
        let all = groups.into_iter().enumerate();
        let patients = all.map(|(n, group)| (grouped(&mut desk, n, group), group)).collect();
        Self { desk, patients, requests: Vec::new(), out: BTreeMap::new(), issued: 0 }
    }

    fn request(&self, n: usize) -> Option<RequestId> {
        let all = &self.requests;
        (!all.is_empty()).then(|| all[n % all.len()].0.clone())
    }

    fn play(&mut self, step: &Step) {
        if let Step::Wait(hours) = step {
            self.desk.pass_hours(*hours);
            return;
        }
        if matches!(step, Step::Tick) {
            let own = &self.desk.region.shared;
            let known = [(&self.desk.journal, own)];
            let due = samband_domain::due(
                &self.desk.region,
                &self.desk.journal,
                &[],
                &known,
                self.desk.now,
            );
            for command in due {
                self.act("a-1", command);
            }
            return;
        }
        let who = match step {
            Step::Decide { who: true, .. } => "a-2",
            _ => "a-1",
        };
        if let Some(command) = self.command(step) {
            self.act(who, command);
        }
    }

    fn command(&self, step: &Step) -> Option<Any> {
        Some(match step {
            Step::Enter { serial, group, hours, tested, standing } => {
                let mut one = row(*serial);
                one.group = Known::Value(Group::ALL[*group]);
                one.expiry = self.desk.now.plus_seconds(hours * 3_600);
                one.tests = tests(if *tested { &["hbsag", "syphilis"] } else { &["hbsag"] });
                let free = Standing::Available;
                one.standing = if *standing { free } else { Standing::Quarantined };
                take_over("one", vec![one]).into()
            }
            Step::Ask { patient, urgency } => {
                let whom = patient.map(|n| &self.patients[n].0);
                let request = asks(&self.desk, whom, Urgency::ALL[*urgency], 2);
                Command::Request { request }.into()
            }
            Step::Decide { request, rule, capacity, who } => {
                let decision = Deciding {
                    rule: ExceptionRule::ALL[*rule],
                    capacity: Capacity::ALL[usize::from(*capacity)],
                    physician: format!("Dr {who} {capacity}"),
                    reason: "Livshotande".into(),
                    until: self.desk.now.plus_days(2),
                };
                Command::Decide { request: self.request(*request)?, decision }.into()
            }
            Step::Reserve { request, unit: n } => {
                Command::Reserve { request: self.request(*request)?, units: vec![unit(*n)] }.into()
            }
            Step::Best { request, count, least } => {
                let (request, component) = (self.request(*request)?, None);
                Command::ReserveBest { request, component, count: *count, at_least: *least }.into()
            }
            Step::Crossmatch { request, unit: n, fits } => {
                let result = if *fits { Match::Compatible } else { Match::Incompatible };
                let read = Crossmatched { unit: unit(*n), taken: self.desk.now, result };
                Command::Crossmatch { request: self.request(*request)?, read }.into()
            }
            Step::Issue { request, unit: n } => {
                let (request, units) = (self.request(*request)?, vec![unit(*n)]);
                Command::Issue { handing: Handing { request, units, fetched_by: "USK".into() } }
                    .into()
            }
            Step::Cancel { request } => {
                Command::Cancel { request: self.request(*request)?, reason: "Avbokat".into() }
                    .into()
            }
            _ => return self.after(step),
        })
    }

    fn after(&self, step: &Step) -> Option<Any> {
        Some(match step {
            Step::Check { unit: n, patient } => {
                let patient = Some(self.patients[*patient].0.clone());
                Command::CheckBedside { unit: unit(*n), patient }.into()
            }
            Step::Transfuse { unit: n, patient } => {
                let (patient, began) = (self.patients[*patient].0.clone(), self.desk.now);
                Command::Transfuse { unit: unit(*n), patient, began, ended: Known::Unknown }.into()
            }
            Step::Return { unit: n, minutes } => {
                let back = Back {
                    units: vec![unit(*n)],
                    site: site("two"),
                    uncooled_minutes: Known::Value(*minutes),
                    cooled_minutes: Known::Value(0),
                    temperature: Temperature::NoRecord,
                    intact: true,
                };
                Command::Return { back }.into()
            }
            Step::Waste { unit: n } => {
                Command::Waste { units: vec![unit(*n)], reason: "Spill".into() }.into()
            }
            Step::Antibody { patient } => Patients::FindAntibody {
                patient: self.patients[*patient].0.clone(),
                against: Target::RedCell(Antigen::Jka),
                significance: Known::Value(Significance::Significant),
                method: None,
                found: self.desk.now,
                place: "Lund".into(),
            }
            .into(),
            Step::Test { unit: n, positive } => {
                let said = if *positive { TestResult::Positive } else { TestResult::Negative };
                let results = vec![(code("hbsag"), said)];
                Blood::RecordTests { unit: unit(*n), results }.into()
            }
            Step::Regroup { unit: n, group } => {
                let correction = Correction::Group(Known::Value(Group::ALL[*group]));
                let reason = "Omgrupperad".into();
                Blood::Correct { unit: unit(*n), correction, reason }.into()
            }
            Step::Shelf { unit: n, what } => {
                let units = vec![unit(*n)];
                match what {
                    0 => {
                        let reason = QuarantineReason::Damage;
                        Blood::Quarantine { units, reason, note: None }.into()
                    }
                    1 => Blood::Release { units }.into(),
                    _ => {
                        let reason = DiscardReason::Damaged;
                        Blood::Discard { units, reason, note: None }.into()
                    }
                }
            }
            Step::Count { leave_out } => {
                let here = |n: &u32| leave_out & (1 << n) == 0;
                let found = (0..SERIALS).filter(here).map(unit).collect();
                Blood::Count { site: site("one"), component: None, found }.into()
            }
            _ => return None,
        })
    }

    fn act(&mut self, who: &str, command: Any) {
        let before = self.desk.region.clone();
        match self.desk.act(who, command) {
            Ok(events) => events.iter().for_each(|event| self.told(event, &before)),
            Err(_) => assert_eq!(self.desk.region, before, "a refusal leaves no trace"),
        }
    }

    /// Follows the story, and holds every unit that leaves against the plain facts.
    fn told(&mut self, event: &Event, before: &samband_domain::Region) {
        match event {
            Event::Transfusion(Said::Requested(_, Private::Here(said))) => {
                let patient = said.request.patient.as_ref();
                let n = patient.and_then(|p| self.patients.iter().position(|(one, _)| one == p));
                self.requests.push((said.id.clone(), n));
            }
            Event::Transfusion(Said::Allocated(_, Private::Here(said))) => {
                let blood = &before.shared.blood;
                for unit in &said.units {
                    assert_eq!(blood.units[unit].status, Status::Available, "in two hands");
                }
                let Some(how) = &said.picked else { return };
                let needed = before.own.transfusion.requests[&said.id].request.needed;
                let why: Vec<_> = how.why.iter().map(|why| why.unit).collect();
                assert_eq!(why, said.units);
                assert!((how.at_least..=how.asked).contains(&u16::try_from(why.len()).unwrap()));
                for pair in how.why.windows(2) {
                    let order = |n: usize| (pair[n].place, pair[n].expiry, pair[n].unit);
                    assert!(order(0) < order(1), "out of order: {pair:?}");
                }
                for why in &how.why {
                    let unit = &blood.units[&why.unit];
                    assert_eq!((&unit.site, unit.expiry), (&how.site, why.expiry));
                    assert!(unit.expiry > needed.max(self.desk.now));
                }
            }
            Event::Transfusion(Said::Issued(_, Private::Here(given))) => {
                for passed in &given.units {
                    let unit = &before.shared.blood.units[&passed.unit];
                    assert!(unit.expiry > self.desk.now, "expired");
                    let tests = &unit.tested.as_ref().expect("untested").results;
                    for test in ["hbsag", "syphilis"] {
                        let said = tests.iter().find(|(name, _)| *name == code(test));
                        assert_eq!(said.map(|(_, said)| *said), Some(TestResult::Negative));
                    }
                    let group = unit.group.value().expect("of unknown group");
                    let free = matches!(unit.status, Status::Available | Status::Reserved { .. });
                    assert!(free, "{:?}", unit.status);
                    assert!(!before.shared.donations.withdrawn.contains_key(&passed.unit.din));
                    let whom = self.requests.iter().find(|(id, _)| *id == given.id).unwrap().1;
                    let patient = whom.map_or(Group::O_NEG, |n| self.patients[n].1);
                    let harms = (group.abo.has_a() && !patient.abo.has_a())
                        || (group.abo.has_b() && !patient.abo.has_b());
                    assert!(!harms, "{group} to {patient}");
                    let before = self.out.insert(passed.unit, given.id.clone());
                    assert_eq!(before, None, "in two hands");
                    self.issued += 1;
                }
            }
            Event::Blood(Stock::Used(used, _)) => {
                for unit in &used.units {
                    self.out.remove(unit);
                }
            }
            Event::Blood(Stock::Returned(back, _)) => {
                for unit in &back.units {
                    // What a count found on a shelf meanwhile is not free by a word of the ward.
                    let was_out = self.out.remove(unit).is_some();
                    assert!(was_out || back.held.is_some(), "back, and never out");
                }
            }
            Event::Blood(Stock::Counted(count, _)) => {
                for unit in count.found_again.iter().chain(&count.moved) {
                    self.out.remove(unit);
                }
            }
            _ => {}
        }
    }

    fn assert_holds(&self) {
        let blood = &self.desk.region.shared.blood;
        let own = &self.desk.region.own;
        for (id, unit) in &blood.units {
            let out = self.out.contains_key(id);
            assert_eq!(unit.status == Status::Issued, out, "{id} {:?}", unit.status);
        }
        assert!(self.out.keys().all(|id| blood.units.contains_key(id)));
        for (id, request) in &own.blood.request_of {
            let status = blood.units[id].status;
            assert!(matches!(status, Status::Reserved { .. } | Status::Issued), "{status:?}");
            assert!(own.blood.by_request[request].contains(id));
        }
        let held: usize = own.blood.by_request.values().map(|units| units.len()).sum();
        assert_eq!(held, own.blood.request_of.len());
        for (unit, request) in &self.out {
            assert_eq!(own.blood.request_of.get(unit), Some(request));
        }
        for (patient, requests) in &own.transfusion.by_patient {
            for id in requests {
                let open = &own.transfusion.requests[id];
                assert_eq!(open.request.patient.as_ref(), Some(patient));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_unfit_reaches_a_patient(steps in prop::collection::vec(step(), 1..120)) {
        let mut world = World::open();
        for step in &steps {
            world.play(step);
            world.assert_holds();
        }
        prop_assert_eq!(world.desk.replayed(), world.desk.region.clone());
        let text = postcard::to_stdvec(&world.desk.region).unwrap();
        let back: samband_domain::Region = postcard::from_bytes(&text).unwrap();
        prop_assert_eq!(back, world.desk.region);
        let _: Time = world.desk.now;
    }
}

/// The histories are worth something only if units do go out in them.
#[test]
fn a_plain_history_hands_units_out() {
    let mut world = World::open();
    let o_neg = Group::ALL.iter().position(|group| *group == Group::O_NEG).unwrap();
    let enter =
        |serial| Step::Enter { serial, group: o_neg, hours: 100, tested: true, standing: true };
    let steps = [
        enter(0),
        enter(1),
        Step::Ask { patient: Some(0), urgency: 0 },
        Step::Reserve { request: 0, unit: 0 },
        Step::Issue { request: 0, unit: 0 },
        Step::Ask { patient: None, urgency: 2 },
        Step::Issue { request: 1, unit: 1 },
    ];
    for step in &steps {
        world.play(step);
        world.assert_holds();
    }
    assert_eq!(world.issued, 2);
}
