//! Withdrawals over two regions: what is called back is stopped everywhere, whatever happened to
//! it in between, and every unit of it is accounted for.

#[path = "../common/mod.rs"]
mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::stock::*;
use common::{Desk, SECRET, id};
use proptest::prelude::*;
use samband_domain::blood::model::stock::Arrival;
use samband_domain::blood::model::{Din, DiscardReason, MaterialKind, Status, UnitId};
use samband_domain::blood::{Command as Blood, Event as Stock};
use samband_domain::donations::command::withdrawal::Command as Back;
use samband_domain::donations::event::Event as Said;
use samband_domain::donations::model::withdrawal::{
    CallReason, FollowUp, Found, Gap, LotNamed, Outcome, Target,
};
use samband_domain::donations::view::withdrawal::{Accounts, accounts};
use samband_domain::donations::{self};
use samband_domain::words::RecordRef;
use samband_domain::{Command, Event, Foreign, JournalId, due};

const NAMES: [&str; 2] = ["halland", "skane"];

struct Network {
    desks: [Desk; 2],
}

impl Network {
    fn open() -> Self {
        Self { desks: NAMES.map(two_persons) }
    }

    fn foreign(&self, command: &Command) -> Option<Foreign> {
        let at = command.foreign()?;
        let desk = self.desks.iter().find(|desk| desk.journal == at.journal)?;
        Some(as_foreign(desk, at))
    }

    fn act(
        &mut self,
        region: usize,
        who: &str,
        command: impl Into<Command>,
    ) -> Result<Vec<Event>, &'static str> {
        let command = command.into();
        let foreign = self.foreign(&command);
        let desk = &mut self.desks[region];
        desk.act_upon(who, command, foreign.as_ref()).map_err(|refusal| refusal.kind.code)
    }

    /// Does what is due in a region, once; how many commands there were.
    fn tick(&mut self, region: usize) -> usize {
        let desk = &self.desks[region];
        let states: Vec<_> =
            self.desks.iter().map(|desk| (&desk.journal, &desk.region.shared)).collect();
        let commands = due(&desk.region, &desk.journal, &[], &states, desk.now);
        let count = commands.len();
        for command in commands {
            let before = self.desks[region].lines.len();
            let done = self.act(region, "engine", command.clone());
            assert!(done.is_ok(), "due is allowed: {command:?} {done:?}");
            assert!(self.desks[region].lines.len() > before, "due does something: {command:?}");
        }
        count
    }

    /// Lets every region hear everything.
    fn settle(&mut self) {
        for _ in 0..40 {
            if self.tick(0) + self.tick(1) == 0 {
                return;
            }
        }
        panic!("what is due never ends");
    }

    fn call_back(&mut self, region: usize, target: Target, reason: CallReason) -> RecordRef {
        let note = Some(format!("ring {SECRET}"));
        let asked = NAMES.map(id).to_vec();
        let command = call(Back::CallBack { target, reason, note, asked });
        self.act(region, "a-1", command).expect("a withdrawal is never refused");
        let lines = self.desks[region].lines.iter().rev();
        let of = |line: &&common::Line| matches!(line.event, Event::Donations(Said::Withdrawn(..)));
        lines.clone().find(of).expect("recorded").meta.at.clone()
    }

    fn accounts(&self, at: &RecordRef) -> Accounts {
        let desk = self.desks.iter().find(|desk| desk.journal == at.journal).unwrap();
        let calls = &desk.region.shared.donations.calls;
        accounts(&calls.called[&at.hash], calls.heeded.get(&at.hash))
    }
}

fn call(command: Back) -> Command {
    donations::Command::Withdrawal(command).into()
}

fn two_persons(name: &str) -> Desk {
    let mut desk = bare(name);
    let mut rules = rules(false);
    rules.push(flag(true));
    adopt(&mut desk, rules);
    desk
}

fn flag(two: bool) -> samband_domain::rulesets::Rule {
    samband_domain::rulesets::Rule {
        key: samband_domain::rulesets::key::WITHDRAWAL_TWO_PERSONS,
        value: samband_domain::Known::Value(samband_domain::rulesets::Value::Flag(two)),
        source: "prov".into(),
        note: None,
    }
}

fn din(serial: u32) -> Din {
    unit(serial).din
}

fn send(network: &mut Network, from: usize, to: usize, units: Vec<UnitId>) -> RecordRef {
    let mut way = way("one", NAMES[to], "one");
    way.sent = network.desks[from].now;
    way.eta = samband_domain::Known::Unknown;
    let command = Blood::Dispatch { way, units, parcel: Default::default() };
    network.act(from, "a-1", command).expect("sent");
    network.desks[from].head()
}

fn receive(dispatch: RecordRef, units: &[UnitId]) -> Blood {
    Blood::Receive {
        dispatch,
        site: None,
        outcomes: units.iter().map(|unit| (*unit, Arrival::Accepted)).collect(),
        boxes: Vec::new(),
        note: None,
    }
}

fn found(network: &Network, at: &RecordRef, unit: &UnitId) -> Vec<(String, Found)> {
    let all = network.accounts(at).units;
    let of = all.into_iter().filter(|account| account.unit == *unit);
    of.map(|account| (account.region.to_string(), account.found)).collect()
}

#[test]
fn what_another_region_received_is_found_stopped_and_reported_back() {
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", (1..=3).map(row).collect())).unwrap();
    let sent = send(&mut network, 0, 1, vec![unit(1), unit(2)]);
    network.act(1, "a-1", receive(sent, &[unit(1)])).unwrap();
    network
        .act(
            1,
            "a-1",
            Blood::Discard { units: vec![unit(1)], reason: DiscardReason::Appearance, note: None },
        )
        .unwrap();
    network.settle();
    let targets = vec![din(1), din(2), din(3)];
    let at = network.call_back(0, Target::Donations(targets), CallReason::Marker);
    let open = network.desks[0].region.shared.blood.units[&unit(3)].status;
    assert!(matches!(open, Status::Quarantined(_)), "stopped in the same decision: {open:?}");
    network.settle();
    let in_skane = |unit: UnitId| {
        let all = found(&network, &at, &unit);
        all.into_iter().filter(|(region, _)| region == "skane").map(|(_, f)| f).collect::<Vec<_>>()
    };
    assert_eq!(in_skane(unit(1)), [Found::Discarded]);
    assert_eq!(in_skane(unit(2)), [], "it is still on its way");
    let gaps = &network.desks[0].region.shared.donations.calls.called[&at.hash].gaps;
    assert!(gaps.contains(&(Some(din(1)), Gap::TakenOver)), "{gaps:?}");
    let sums = network.accounts(&at);
    assert_eq!(sums.silent().count(), 0, "{:?}", sums.parts);
    assert!(sums.open().any(|account| account.unit == unit(2)), "on its way is open");
}

#[test]
fn what_arrives_after_the_call_lands_in_quarantine_also_between_own_sites() {
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", (1..=2).map(row).collect())).unwrap();
    let abroad = send(&mut network, 0, 1, vec![unit(1)]);
    let mut way = way("one", NAMES[0], "two");
    way.sent = network.desks[0].now;
    way.eta = samband_domain::Known::Unknown;
    let units = vec![unit(2)];
    network.act(0, "a-1", Blood::Dispatch { way, units, parcel: Default::default() }).unwrap();
    let inside = network.desks[0].head();
    let targets = vec![din(1), din(2)];
    let at = network.call_back(0, Target::Donations(targets), CallReason::Bacterial);
    network.settle();
    network.act(0, "a-1", receive(inside, &[unit(2)])).unwrap();
    network.act(1, "a-1", receive(abroad, &[unit(1)])).unwrap();
    for (region, unit) in [(0, unit(2)), (1, unit(1))] {
        let status = network.desks[region].region.shared.blood.units[&unit].status;
        assert!(matches!(status, Status::Quarantined(_)), "{unit}: {status:?}");
        let release = Blood::Release { units: vec![unit] };
        assert_eq!(network.act(region, "a-2", release), Err("donation.withdrawn"));
    }
    network.settle();
    assert_eq!(found(&network, &at, &unit(1)).len(), 2, "the late one is accounted for");
    let taken = take_over("one", vec![row(1)]);
    network
        .act(
            1,
            "a-1",
            Blood::Discard { units: vec![unit(1)], reason: DiscardReason::Recall, note: None },
        )
        .unwrap();
    if network.act(0, "a-1", taken).is_ok() {
        let status = network.desks[0].region.shared.blood.units[&unit(1)].status;
        assert!(matches!(status, Status::Quarantined(_)), "taken over: {status:?}");
    }
}

#[test]
fn a_case_is_closed_by_two_persons_and_only_when_nothing_is_open() {
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", vec![row(1)])).unwrap();
    let at = network.call_back(0, Target::Donations(vec![din(1)]), CallReason::Information);
    let end =
        |outcome| call(Back::Conclude { withdrawal: at.clone(), outcome, note: "utrett".into() });
    assert_eq!(network.act(0, "a-1", end(Outcome::Stands)), Err("withdrawal.open"));
    network.settle();
    assert_eq!(network.act(0, "a-1", end(Outcome::Stands)), Err("withdrawal.open"));
    network
        .act(
            0,
            "a-1",
            Blood::Discard { units: vec![unit(1)], reason: DiscardReason::Recall, note: None },
        )
        .unwrap();
    network.act(0, "a-1", end(Outcome::Stands)).expect("the first person");
    assert_eq!(network.act(0, "a-1", end(Outcome::Stands)), Err("withdrawal.second_person"));
    network.act(0, "a-2", end(Outcome::Stands)).expect("the second person");
    assert_eq!(network.act(0, "a-2", end(Outcome::Stands)), Err("withdrawal.closed"));
    assert!(network.desks[0].region.shared.donations.withdrawn.contains_key(&din(1)));
}

#[test]
fn a_lifted_withdrawal_lets_units_through_release_again_everywhere_unless_another_holds_them() {
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", vec![row(1), row(2)])).unwrap();
    let sent = send(&mut network, 0, 1, vec![unit(1)]);
    network.act(1, "a-1", receive(sent, &[unit(1)])).unwrap();
    let both = vec![din(1), din(2)];
    let first = network.call_back(0, Target::Donations(both), CallReason::Other);
    network.call_back(1, Target::Donations(vec![din(2)]), CallReason::Other);
    network.settle();
    for who in ["a-1", "a-2"] {
        let (withdrawal, note) = (first.clone(), "fel person".to_owned());
        let outcome = Outcome::Lifted;
        network.act(0, who, call(Back::Conclude { withdrawal, outcome, note })).unwrap();
    }
    network.settle();
    let release = |unit| Blood::Release { units: vec![unit] };
    network.act(1, "a-1", release(unit(1))).expect("free to go through release");
    assert_eq!(network.act(0, "a-1", release(unit(2))), Err("donation.withdrawn"));
    for desk in &network.desks {
        assert!(desk.region.shared.donations.withdrawn.contains_key(&din(2)));
    }
}

#[test]
fn what_a_region_tells_by_telephone_counts_as_its_answer() {
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", vec![row(1)])).unwrap();
    let at = network.call_back(0, Target::Donations(vec![din(1)]), CallReason::Other);
    for _ in 0..3 {
        network.tick(0);
    }
    let silent: Vec<_> = network.accounts(&at).silent().cloned().collect();
    assert_eq!(silent, [id("skane")]);
    let tell = |from: JournalId| {
        let (withdrawal, fates) = (at.clone(), Vec::new());
        call(Back::Tell { withdrawal, from, fates, note: "ringde 03:10".into() })
    };
    assert_eq!(network.act(0, "a-1", tell(id("halland"))), Err("withdrawal.own_word"));
    network.act(0, "a-1", tell(id("skane"))).unwrap();
    assert_eq!(network.accounts(&at).silent().count(), 0);
}

#[test]
fn a_lot_is_looked_for_in_every_region_and_nothing_private_leaves() {
    let mut network = Network::open();
    let named = LotNamed { kind: MaterialKind::Bag, lot: "4711".into() };
    let at = network.call_back(0, Target::Lot(named), CallReason::Material);
    network.settle();
    let sums = network.accounts(&at);
    assert!(sums.is_settled(), "{sums:?}");
    for desk in &network.desks {
        assert!(!desk.shared_bytes().contains(SECRET));
        assert_eq!(desk.replayed(), desk.region);
    }
}

#[test]
fn a_unit_that_left_the_shelf_is_open_until_somebody_did_something_about_it() {
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", vec![row(1)])).unwrap();
    let (who, units) = (common::actor("a-1"), vec![unit(1)]);
    let used = samband_domain::blood::event::Used {
        units,
        fate: samband_domain::blood::model::Fate::Transfused,
    };
    network.desks[0].record(&who, &Stock::Used(used, common::NOTHING).into());
    let at = network.call_back(0, Target::Unit(unit(1)), CallReason::Reaction);
    network.settle();
    assert_eq!(found(&network, &at, &unit(1)), [("halland".into(), Found::Transfused)]);
    assert!(!network.accounts(&at).is_settled());
    let done = FollowUp::RecipientFollowed;
    let (withdrawal, unit, note) = (at.clone(), unit(1), Some(SECRET.to_owned()));
    let follow = call(Back::Follow { withdrawal, unit, done, note });
    network.act(0, "a-1", follow).unwrap();
    network.settle();
    assert!(network.accounts(&at).is_settled());
}

fn pool_of(desk: &mut Desk, donations: [u32; 2], serial: u32) -> UnitId {
    use samband_domain::blood::command::Standing;
    use samband_domain::blood::event::Produced;
    use samband_domain::blood::model::stock::Load;
    use samband_domain::blood::model::{Entry, Process, Source};
    let pool = unit_of(PLATELETS, serial);
    let entry = Entry {
        id: pool,
        group: samband_domain::Known::Value(samband_domain::blood::model::Group::O_NEG),
        product: samband_domain::blood::model::Product::PlateletsPooled,
        attributes: Default::default(),
        phenotype: Default::default(),
        expiry: at(24 * 5),
        tested: None,
    };
    let made = Produced {
        site: site("one"),
        from: Source::Units {
            process: Process::PoolPlatelets,
            donations: donations.map(din).to_vec(),
        },
        consumed: Vec::new(),
        load: Load { tested: Vec::new(), units: vec![entry] },
        standings: vec![Standing::Available],
        millilitres: vec![samband_domain::Known::Unknown],
        rule_set: samband_domain::Digest::ZERO,
        materials: Vec::new(),
    };
    desk.record(&common::actor("a-1"), &Stock::Produced(made, common::NOTHING).into());
    pool
}

#[test]
fn a_pool_is_stopped_with_each_donation_in_it_and_leads_back_to_all_of_them_from_anywhere() {
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", vec![row(1), row(2), row(3)])).unwrap();
    let pool = pool_of(&mut network.desks[0], [1, 2], 50);
    let down = network.call_back(0, Target::Donations(vec![din(1)]), CallReason::Marker);
    let withdrawn = |network: &Network, region: usize| -> Vec<Din> {
        network.desks[region].region.shared.donations.withdrawn.keys().copied().collect()
    };
    assert_eq!(withdrawn(&network, 0), [din(1), pool.din], "not what else is in the pool");
    network.settle();
    assert_eq!(withdrawn(&network, 1), [din(1), pool.din]);
    assert_eq!(
        found(&network, &down, &pool),
        [("halland".into(), Found::Held { site: site("one") })]
    );

    // The other way round, from the region that only ever had the pool.
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", vec![row(1), row(2), row(3)])).unwrap();
    let pool = pool_of(&mut network.desks[0], [1, 2], 50);
    let sent = send(&mut network, 0, 1, vec![pool]);
    network.act(1, "a-1", receive(sent, &[pool])).unwrap();
    network.settle();
    let up = network.call_back(1, Target::Unit(pool), CallReason::Reaction);
    network.settle();
    for region in [0, 1] {
        assert_eq!(withdrawn(&network, region), [din(1), din(2), pool.din], "in {region}");
    }
    let held = network.desks[0].region.shared.blood.units[&unit(1)].status;
    assert!(matches!(held, Status::Quarantined(_)), "{held:?}");
    assert_eq!(network.accounts(&up).silent().count(), 0);
}

#[test]
fn plasma_that_left_for_industry_is_found_in_its_lot_and_open_until_the_buyer_is_told() {
    use samband_domain::donations::command::plasma::Command as Plasma;
    use samband_domain::donations::model::plasma::Document;
    let mut network = Network::open();
    plasma_on_the_shelf(&mut network.desks[0]);
    let ship = |command| -> Command { donations::Command::Plasma(command).into() };
    let units = vec![plasma_unit(1), plasma_unit(2)];
    network.act(0, "a-1", ship(Plasma::MakeLot { site: site("one"), units })).unwrap();
    assert!(!network.desks[0].region.shared.blood.units.contains_key(&plasma_unit(1)));
    let lot = network.desks[0].region.shared.donations.plasma.lots.keys().next().unwrap().clone();
    let documents = vec![Document { title: SECRET.into(), digest: samband_domain::Digest::ZERO }];
    let (lots, buyer, sent) = (vec![lot.clone()], SECRET.to_owned(), network.desks[0].now);
    network.act(0, "a-1", ship(Plasma::Consign { lots, buyer, documents, sent })).unwrap();
    assert!(!network.desks[0].shared_bytes().contains(SECRET), "the buyer stays in the region");
    let target = Target::Donations(vec![plasma_unit(1).din]);
    let at = network.call_back(0, target, CallReason::Marker);
    network.settle();
    let said = found(&network, &at, &plasma_unit(1));
    assert_eq!(said, [("halland".into(), Found::Industry { lot })]);
    assert!(!network.accounts(&at).is_settled());
    let (withdrawal, unit, done) = (at.clone(), plasma_unit(1), FollowUp::BuyerTold);
    network.act(0, "a-1", call(Back::Follow { withdrawal, unit, done, note: None })).unwrap();
    assert!(network.accounts(&at).is_settled());
    assert_eq!(network.desks[0].replayed(), network.desks[0].region);
}

/// A step; the region is the first number, indices are taken modulo what there is.
#[derive(Clone, Debug)]
enum What {
    Enter(u32),
    Handle(u8, Vec<usize>),
    Send(Vec<usize>, usize, bool),
    Receive(usize),
    CallBack(u32, bool),
    Lift(usize),
    Count,
    Hours(i64),
    Tick,
}

fn what() -> impl Strategy<Value = What> {
    let some = || prop::collection::vec(0..40_usize, 1..4);
    prop_oneof![
        6 => (0..24_u32).prop_map(What::Enter),
        8 => (0..4_u8, some()).prop_map(|(what, units)| What::Handle(what, units)),
        8 => (some(), 0..2_usize, any::<bool>()).prop_map(|(u, to, two)| What::Send(u, to, two)),
        8 => (0..9_usize).prop_map(What::Receive),
        5 => (0..24_u32, any::<bool>()).prop_map(|(serial, unit)| What::CallBack(serial, unit)),
        1 => (0..9_usize).prop_map(What::Lift),
        2 => Just(What::Count),
        1 => (0..90_i64).prop_map(What::Hours),
        4 => Just(What::Tick),
    ]
}

fn some(desk: &Desk, indices: &[usize]) -> Option<Vec<UnitId>> {
    let units = &desk.region.shared.blood.units;
    let one = |index: &usize| units.keys().nth(index.checked_rem(units.len())?).copied();
    let all: BTreeSet<_> = indices.iter().map(one).collect::<Option<_>>()?;
    Some(all.into_iter().collect())
}

fn dispatches(network: &Network) -> Vec<(RecordRef, Vec<UnitId>)> {
    let lines = network.desks.iter().flat_map(|desk| &desk.lines);
    let sent = lines.filter_map(|line| match &line.event {
        Event::Blood(Stock::Dispatched(sent, _)) => {
            Some((line.meta.at.clone(), sent.load.units.iter().map(|e| e.id).collect()))
        }
        _ => None,
    });
    sent.collect()
}

fn play(network: &mut Network, region: usize, what: &What) -> Option<()> {
    let desk = &network.desks[region];
    let command: Command = match what {
        What::Enter(serial) => {
            let serial = u32::try_from(region).unwrap() * 100 + serial;
            let expiry = desk.now.plus_seconds(24 * 20 * 3_600);
            let row = samband_domain::blood::command::Row { expiry, ..row(serial) };
            take_over("one", vec![row]).into()
        }
        What::Handle(what, indices) => {
            let units = some(desk, indices)?;
            match what {
                0 => Blood::Release { units },
                1 => Blood::Reserve { units, purpose: SECRET.into() },
                2 => Blood::Unreserve { units, reason: SECRET.into() },
                _ => Blood::Discard { units, reason: DiscardReason::Recall, note: None },
            }
            .into()
        }
        What::Send(indices, to, two) => {
            let units = some(desk, indices)?;
            let mut way = way("one", NAMES[*to], if *two { "two" } else { "one" });
            way.from = desk.region.shared.blood.units[&units[0]].site.clone();
            way.sent = desk.now;
            way.eta = samband_domain::Known::Unknown;
            Blood::Dispatch { way, units, parcel: Default::default() }.into()
        }
        What::Receive(at) => {
            let sent = dispatches(network);
            let (dispatch, units) = sent.get(at.checked_rem(sent.len())?)?;
            receive(dispatch.clone(), units).into()
        }
        What::CallBack(serial, by_unit) => {
            let serial = u32::try_from(region).unwrap() * 100 + serial;
            let target = if *by_unit {
                Target::Unit(unit(serial))
            } else {
                Target::Donations(vec![din(serial), din(serial + 1)])
            };
            network.call_back(region, target, CallReason::Marker);
            return Some(());
        }
        What::Lift(at) => {
            let called = &desk.region.shared.donations.calls.called;
            let at = called.values().nth(at.checked_rem(called.len())?)?.at.clone();
            for who in ["a-1", "a-2"] {
                let (withdrawal, note) = (at.clone(), "fel".to_owned());
                let outcome = Outcome::Lifted;
                let _ =
                    network.act(region, who, call(Back::Conclude { withdrawal, outcome, note }));
            }
            return Some(());
        }
        What::Count => {
            let here = desk.region.shared.blood.units.iter();
            let here = here.filter(|(_, unit)| unit.site == site("one"));
            let found = here.map(|(id, _)| *id).step_by(2).collect();
            Blood::Count { site: site("one"), component: None, found }.into()
        }
        What::Hours(hours) => {
            network.desks.iter_mut().for_each(|desk| desk.pass_hours(*hours));
            return Some(());
        }
        What::Tick => {
            network.tick(region);
            return Some(());
        }
    };
    network.act(region, "a-1", command).ok().map(|_| ())
}

/// Units that a region could use or hand to somebody, of donations that it knows to be withdrawn.
fn loose(desk: &Desk) -> Vec<UnitId> {
    let state = &desk.region.shared;
    let usable = |status| matches!(status, Status::Available | Status::Reserved { .. });
    let all = state.blood.units.iter().filter(|(id, unit)| {
        usable(unit.status) && state.donations.withdrawn.contains_key(&id.din)
    });
    all.map(|(id, _)| *id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 160, ..Default::default() })]

    /// From the moment a region knows of it, nothing of a withdrawn donation is free, set aside or
    /// sent; and when everybody has heard everything, no unit of it is unaccounted for.
    #[test]
    fn nothing_withdrawn_is_free_anywhere_and_everything_is_accounted_for(
        steps in prop::collection::vec((0..2_usize, what()), 1..70)
    ) {
        let mut network = Network::open();
        for (region, step) in &steps {
            play(&mut network, *region, step);
            for desk in &network.desks {
                prop_assert_eq!(loose(desk), [], "in {} after {:?}", desk.journal, step);
            }
        }
        network.settle();
        // Where each unit last was, by both regions' own records.
        let mut entered: BTreeMap<UnitId, usize> = BTreeMap::new();
        for (n, desk) in network.desks.iter().enumerate() {
            for id in desk.region.shared.blood.units.keys() {
                entered.insert(*id, n);
            }
        }
        let mut cases = Vec::new();
        for desk in &network.desks {
            prop_assert_eq!(&desk.replayed(), &desk.region);
            cases.extend(desk.region.shared.donations.calls.called.values().cloned());
        }
        for case in cases {
            if case.closed.is_some() { continue; }
            let sums = network.accounts(&case.at);
            prop_assert_eq!(sums.silent().count(), 0, "{:?}", sums.parts);
            for (id, holder) in &entered {
                if case.dins.contains(&id.din) {
                    let region = &network.desks[*holder].journal;
                    let told = sums.units.iter().any(|one| one.unit == *id && one.region == *region);
                    prop_assert!(told, "{} in {} is not accounted for", id, region);
                }
            }
        }
    }
}
