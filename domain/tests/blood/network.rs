//! Two regions that take stock over, count, correct, send and receive in any order, sensibly and
//! not; and a ledger beside them that knows where each bag must be.

use std::collections::BTreeMap;

use proptest::prelude::*;
use samband_domain::blood::command::{Correction, Row, Standing};
use samband_domain::blood::model::stock::{Arrival, ExternalCount, ExternalStock, Shipment};
use samband_domain::blood::model::supply::Parcel;
use samband_domain::blood::model::{
    Component, DiscardReason, Group, QuarantineReason, Status, TestResult, UnitId,
};
use samband_domain::blood::{Command as Blood, Event};
use samband_domain::kernel::{Command as Kernel, RecordKeeper};
use samband_domain::{Command, Digest, Known, RecordRef, SharedState, due};

use crate::common::stock::*;
use crate::common::{Desk, SECRET};

pub const REGIONS: [&str; 2] = ["halland", "skane"];
const PLACES: [&str; 3] = ["one", "two", "other"];

/// A step; the region is the first number, indices are taken modulo what there is.
#[derive(Clone, Debug)]
pub struct Step {
    region: usize,
    who: usize,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Wait(i64),
    Enter { place: usize, first: u32, count: u32, standing: usize, group: usize, nat: bool },
    Told { hours: i64, rows: Vec<(usize, Option<u32>)> },
    Count { place: usize, leave_out: u32, stranger: Option<u32> },
    Correct { unit: usize, group: Option<usize>, expiry: Option<i64> },
    Handle { what: usize, units: Vec<usize> },
    Test { unit: usize, name: usize, result: usize },
    Dispatch { units: Vec<usize>, to: usize, place: usize, hours: i64, leaves: Option<i64> },
    CallOff { shipment: usize },
    Lost { shipment: usize, leave_out: usize },
    Receive { shipment: usize, place: Option<usize>, outcomes: Vec<usize>, twice: bool },
    Tick,
    Keeper { place: usize, external: bool },
}

pub fn histories(steps: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..steps)
}

fn step() -> impl Strategy<Value = Step> {
    (0..2_usize, 0..2_usize, what()).prop_map(|(region, who, what)| Step { region, who, what })
}

fn what() -> impl Strategy<Value = What> {
    let some = || prop::collection::vec(0..40_usize, 1..4);
    let entered = (0..3_usize, 0..24_u32, 1..5_u32, 0..5_usize, 0..9_usize, any::<bool>());
    let group = || prop::option::of(0..9_usize);
    prop_oneof![
        3 => prop_oneof![0..40_i64, Just(24 * 31)].prop_map(What::Wait),
        8 => entered.prop_map(|(place, first, count, standing, group, nat)| {
            What::Enter { place, first, count, standing, group, nat }
        }),
        1 => (0..30_i64, prop::collection::vec((0..9_usize, prop::option::of(0..9_u32)), 0..9))
            .prop_map(|(hours, rows)| What::Told { hours, rows }),
        2 => (0..9_i64, 0..4_u32).prop_map(|(hours, count)| {
            What::Told { hours, rows: (0..8).map(|group| (group, Some(count))).collect() }
        }),
        3 => (0..2_usize, any::<u32>(), prop::option::weighted(0.2, 0..48_u32))
            .prop_map(|(place, leave_out, stranger)| What::Count { place, leave_out, stranger }),
        2 => (0..40_usize, group(), prop::option::of(-24..24 * 40_i64))
            .prop_map(|(unit, group, expiry)| What::Correct { unit, group, expiry }),
        10 => (0..5_usize, some()).prop_map(|(what, units)| What::Handle { what, units }),
        3 => (0..40_usize, 0..3_usize, 0..3_usize)
            .prop_map(|(unit, name, result)| What::Test { unit, name, result }),
        10 => (some(), 0..2_usize, 0..3_usize, -2..9_i64, prop::option::weighted(0.4, 0..5_i64))
            .prop_map(|(units, to, place, hours, leaves)| {
                What::Dispatch { units, to, place, hours, leaves }
            }),
        4 => (0..9_usize).prop_map(|shipment| What::CallOff { shipment }),
        3 => (0..9_usize, 0..3_usize)
            .prop_map(|(shipment, leave_out)| What::Lost { shipment, leave_out }),
        12 => (
            0..9_usize,
            prop::option::weighted(0.2, 0..3_usize),
            prop::collection::vec(0..6_usize, 1..4),
            prop::bool::weighted(0.1),
        )
            .prop_map(|(shipment, place, outcomes, twice)| {
                What::Receive { shipment, place, outcomes, twice }
            }),
        6 => Just(What::Tick),
        1 => (0..3_usize, any::<bool>())
            .prop_map(|(place, external)| What::Keeper { place, external }),
    ]
}

/// Where a bag is, as its story tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a region's hands.
    In(usize),
    /// On its way by a dispatch.
    Moving(Digest),
    /// Discarded, or handed to another system's record.
    Gone,
}

/// The regions and the ledger.
pub struct Network {
    pub desks: [Desk; 2],
    pub ledger: BTreeMap<UnitId, Place>,
    /// How many units each region ever entered by itself.
    pub entered: usize,
}

impl Network {
    pub fn open() -> Self {
        let desks = [region(REGIONS[0], false), region(REGIONS[1], true)];
        Self { desks, ledger: BTreeMap::new(), entered: 0 }
    }

    /// Plays a step; whether anything was allowed.
    pub fn play(&mut self, step: &Step) -> bool {
        match &step.what {
            What::Wait(hours) => {
                self.desks.iter_mut().for_each(|desk| desk.pass_hours(*hours));
                true
            }
            What::Tick => self.tick(step.region) > 0,
            _ => {
                let Some(command) = self.command(step) else { return false };
                self.act(step.region, ["a-1", "a-2"][step.who], command)
            }
        }
    }

    /// Does what is due in a region; how many commands did something.
    pub fn tick(&mut self, region: usize) -> usize {
        let desk = &self.desks[region];
        let states: Vec<_> =
            self.desks.iter().map(|desk| (&desk.journal, &desk.region.shared)).collect();
        let commands = due(&desk.region, &desk.journal, &[], &states, desk.now);
        let done = commands.len();
        for command in commands {
            let lines = self.desks[region].lines.len();
            assert!(self.act(region, "engine", command.clone()), "due is allowed: {command:?}");
            assert!(self.desks[region].lines.len() > lines, "due does something: {command:?}");
        }
        done
    }

    fn act(&mut self, region: usize, who: &str, command: impl Into<Command>) -> bool {
        let command = command.into();
        let foreign = command.foreign().map(|at| {
            let desk = self.desks.iter().find(|desk| desk.journal == at.journal);
            as_foreign(desk.expect("a region of the network"), at)
        });
        let first = self.desks[region].lines.len();
        let allowed = self.desks[region].act_upon(who, command, foreign.as_ref()).is_ok();
        for line in &self.desks[region].lines[first..] {
            if let samband_domain::Event::Blood(event) = &line.event {
                tell(&mut self.ledger, &mut self.entered, region, event, line.meta.at.hash);
            }
        }
        allowed
    }

    fn command(&self, step: &Step) -> Option<Command> {
        let desk = &self.desks[step.region];
        let blood = match &step.what {
            What::Wait(_) | What::Tick => unreachable!("played at once"),
            What::Enter { place, .. } => take_over(PLACES[*place], self.rows(step)),
            What::Told { hours, rows } => told(desk, *hours, rows),
            What::Count { place, leave_out, stranger } => {
                let here = desk.region.shared.blood.units.iter();
                let here = here.filter(|(_, unit)| unit.site.as_str() == PLACES[*place]);
                let kept = |(n, (id, _)): (usize, (&UnitId, _))| {
                    (leave_out >> (n % 32) & 1 == 0 || n % 3 > 0).then_some(*id)
                };
                let mut found: Vec<_> = here.enumerate().filter_map(kept).collect();
                found.extend(stranger.map(|serial| own_unit(step.region, serial)));
                found.sort_unstable();
                found.dedup();
                Blood::Count { site: site(PLACES[*place]), component: None, found }
            }
            What::Correct { unit, group, expiry } => {
                let correction = match (group, expiry) {
                    (Some(group), _) => Correction::Group(any_group(*group)),
                    (None, expiry) => {
                        let hours = expiry.unwrap_or(48);
                        Correction::Expiry(desk.now.plus_seconds(hours * 3_600))
                    }
                };
                let reason = format!("etikett {SECRET}");
                Blood::Correct { unit: self.live(step.region, *unit)?, correction, reason }
            }
            What::Handle { what, units } => handling(*what, self.some(step.region, units)?),
            What::Test { unit, name, result } => {
                let name = code(["hbsag", "syphilis", "nat"][*name]);
                let unit = self.live(step.region, *unit)?;
                Blood::RecordTests { unit, results: vec![(name, TestResult::ALL[*result])] }
            }
            What::CallOff { shipment } => {
                let dispatch = self.pending(step.region, *shipment)?.at.clone();
                Blood::CallOff { dispatch, reason: "inställd".into() }
            }
            What::Lost { shipment, leave_out } => {
                let open = self.pending(step.region, *shipment)?;
                let units = open.units.iter().skip(*leave_out).copied().collect();
                let search = "lastkaj och bil genomsökta".into();
                Blood::StateLost { dispatch: open.at.clone(), units, search }
            }
            What::Dispatch { units, to, place, hours, leaves } => {
                let units = self.some(step.region, units)?;
                let from = desk.region.shared.blood.units[&units[0]].site.clone();
                let mut way = way("one", REGIONS[*to], PLACES[*place]);
                (way.from, way.sent) = (from, desk.now);
                way.eta = Known::Value(desk.now.plus_seconds(*hours * 3_600));
                let leaves = leaves.map(|hours| desk.now.plus_seconds(hours * 3_600));
                Blood::Dispatch { way, units, parcel: Parcel { leaves, ..Parcel::default() } }
            }
            What::Receive { .. } => self.receipt(step)?,
            What::Keeper { place, external } => {
                let record =
                    [RecordKeeper::Samband, RecordKeeper::External][usize::from(*external)];
                let (name, reason) = ("plats".to_owned(), "byte av system".to_owned());
                let site = site(PLACES[*place]);
                return Some(Kernel::CorrectSite { site, name, record, note: None, reason }.into());
            }
        };
        Some(blood.into())
    }

    fn rows(&self, step: &Step) -> Vec<Row> {
        let What::Enter { first, count, standing, group, nat, .. } = &step.what else {
            unreachable!()
        };
        let now = self.desks[step.region].now;
        let standing = match standing {
            0 => Standing::Quarantined,
            1 => Standing::Reserved { until: now.plus_seconds(30 * 3_600) },
            _ => Standing::Available,
        };
        let names: &[&str] =
            if *nat { &["hbsag", "syphilis", "nat"] } else { &["hbsag", "syphilis"] };
        let one = |serial| Row {
            id: own_unit(step.region, serial),
            group: any_group(*group),
            expiry: now.plus_seconds(i64::from(24 * (1 + serial % 30)) * 3_600),
            standing,
            tests: if serial % 5 == 4 { Known::Unknown } else { tests(names) },
            ..row(1)
        };
        (*first..first + count).map(one).collect()
    }

    /// A shipment of a region that is not done with.
    fn pending(&self, region: usize, index: usize) -> Option<&Shipment> {
        let open = &self.desks[region].region.shared.blood.shipments;
        open.values().nth(index.checked_rem(open.len())?)
    }

    /// A live unit of a region, in transit or not.
    fn live(&self, region: usize, index: usize) -> Option<UnitId> {
        let units = &self.desks[region].region.shared.blood.units;
        units.keys().nth(index.checked_rem(units.len())?).copied()
    }

    fn some(&self, region: usize, indices: &[usize]) -> Option<Vec<UnitId>> {
        let mut all: Vec<_> =
            indices.iter().map(|index| self.live(region, *index)).collect::<Option<_>>()?;
        all.sort_unstable();
        all.dedup();
        Some(all)
    }

    /// What a region says about any dispatch to anybody, also about what it has said before.
    fn receipt(&self, step: &Step) -> Option<Blood> {
        let What::Receive { shipment, place, outcomes, twice } = &step.what else { unreachable!() };
        let sent: Vec<_> = self.dispatches();
        let (dispatch, units) = sent.get(shipment.checked_rem(sent.len())?)?;
        let known = |unit: &&UnitId| *twice || self.ledger[*unit] == Place::Moving(dispatch.hash);
        let outcome = |(n, unit): (usize, &UnitId)| {
            let outcome = match outcomes[n % outcomes.len()] {
                0 | 1 => Arrival::Missing,
                2 => Arrival::Quarantined,
                _ => Arrival::Accepted,
            };
            (*unit, outcome)
        };
        Some(Blood::Receive {
            dispatch: dispatch.clone(),
            site: place.map(|place| site(PLACES[place])),
            outcomes: units.iter().filter(known).enumerate().map(outcome).collect(),
            boxes: Vec::new(),
            note: None,
        })
    }

    fn dispatches(&self) -> Vec<(RecordRef, Vec<UnitId>)> {
        let lines = self.desks.iter().flat_map(|desk| &desk.lines);
        let dispatched = lines.filter_map(|line| match &line.event {
            samband_domain::Event::Blood(Event::Dispatched(sent, _)) => {
                let units = sent.load.units.iter().map(|entry| entry.id).collect();
                Some((line.meta.at.clone(), units))
            }
            _ => None,
        });
        dispatched.collect()
    }

    /// The regions as a third one has them, from the shared parts alone.
    pub fn outside(&self) -> Vec<SharedState> {
        self.desks.iter().map(Desk::seen_from_outside).collect()
    }
}

fn own_unit(region: usize, serial: u32) -> UnitId {
    let at = u32::try_from(region).unwrap() * 100 + serial;
    if serial % 7 == 6 { unit_of(PLATELETS, at) } else { unit(at) }
}

fn any_group(index: usize) -> Known<Group> {
    Group::ALL.get(index).copied().into()
}

fn told(desk: &Desk, hours: i64, rows: &[(usize, Option<u32>)]) -> Blood {
    let row = |(group, count): &(usize, Option<u32>)| ExternalCount {
        component: Component::RedCells,
        group: any_group(*group),
        available: (*count).into(),
        reserved: Known::Unknown,
        quarantined: Known::Value(1),
        expiring: Known::Unknown,
    };
    let as_of = desk.now.plus_seconds(-hours * 3_600);
    let rows = rows.iter().map(row).collect();
    let stock = ExternalStock { system: "ProSang".into(), as_of, file: None, rows };
    Blood::ReportExternal { site: site("other"), stock }
}

fn handling(what: usize, units: Vec<UnitId>) -> Blood {
    let note = Some(format!("anteckning {SECRET}"));
    match what {
        0 => Blood::Quarantine { units, reason: QuarantineReason::Temperature, note },
        1 => Blood::Release { units },
        2 => Blood::Reserve { units, purpose: format!("patient {SECRET}") },
        3 => Blood::Unreserve { units, reason: format!("inställd {SECRET}") },
        _ => Blood::Discard { units, reason: DiscardReason::Appearance, note },
    }
}

/// The ledger's own reading of an event: nothing but where the bag goes.
fn tell(
    ledger: &mut BTreeMap<UnitId, Place>,
    entered: &mut usize,
    region: usize,
    event: &Event,
    hash: Digest,
) {
    match event {
        Event::TakenOver(taken, _) => {
            for entry in &taken.load.units {
                let before = ledger.insert(entry.id, Place::In(region));
                assert_eq!(before, None, "{} was entered twice", entry.id);
                *entered += 1;
            }
        }
        Event::Dispatched(sent, _) => {
            for entry in &sent.load.units {
                let before = ledger.insert(entry.id, Place::Moving(hash));
                assert_eq!(before, Some(Place::In(region)), "sent by one who does not have it");
            }
        }
        Event::Received(received, _) => {
            for (unit, outcome) in &received.outcomes {
                if *outcome == Arrival::Missing {
                    continue;
                }
                let enters = received.load.units.iter().any(|entry| entry.id == *unit);
                let place = if enters { Place::In(region) } else { Place::Gone };
                let before = ledger.insert(*unit, place);
                let moving = Some(Place::Moving(received.dispatch.hash));
                assert_eq!(before, moving, "{unit} was received and was not on its way");
            }
        }
        Event::TakenBack(said, _) => {
            came_back(ledger, region, said.back.all(), said.dispatch.hash);
        }
        Event::CalledOff(said, _) => {
            came_back(ledger, region, said.back.all(), said.dispatch.hash);
        }
        Event::Discarded(gone, _) => {
            for unit in &gone.units {
                let before = ledger.insert(*unit, Place::Gone);
                assert_eq!(before, Some(Place::In(region)), "discarded by one who has it not");
            }
        }
        _ => {}
    }
}

fn came_back<'a>(
    ledger: &mut BTreeMap<UnitId, Place>,
    region: usize,
    units: impl Iterator<Item = &'a UnitId>,
    dispatch: Digest,
) {
    for unit in units {
        let before = ledger.insert(*unit, Place::In(region));
        assert_eq!(before, Some(Place::Moving(dispatch)), "{unit} came back and was not away");
    }
}

/// Whether a status means that the region has the bag in its hands, or lost it there.
pub fn in_hand(status: Status) -> bool {
    !status.is_on_its_way()
}
