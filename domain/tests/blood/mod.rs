//! The stock of two regions over random histories: nothing is lost or doubled, what is counted is
//! what is there, and what is not known stays unknown.

mod naive;
mod network;
mod pictures;
mod shipments;
mod supply;

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Desk, SECRET};
use network::{Network, Place, histories, in_hand};
use proptest::prelude::*;
use samband_domain::blood::model::{Status, UnitId};
use samband_domain::blood::shelf::{Shelves, Tally};
use samband_domain::{Known, SharedState};

/// Every unit is in exactly one place, and that is the one its story tells.
fn assert_conserved(network: &Network) {
    let ids = |desk: &Desk| desk.region.shared.blood.units.keys().copied().collect::<Vec<_>>();
    let all: BTreeSet<UnitId> = network.desks.iter().flat_map(ids).collect();
    let told: BTreeSet<_> = network.ledger.keys().copied().collect();
    assert!(all.is_subset(&told), "a unit that nobody ever entered");
    assert_eq!(network.entered, told.len());
    for (id, place) in &network.ledger {
        let held: Vec<_> = network
            .desks
            .iter()
            .enumerate()
            .filter_map(|(n, desk)| desk.region.shared.blood.units.get(id).map(|unit| (n, unit)))
            .collect();
        let hands: Vec<_> =
            held.iter().filter(|(_, unit)| in_hand(unit.status)).map(|(n, _)| *n).collect();
        match place {
            Place::In(region) => assert_eq!(hands, [*region], "{id}"),
            Place::Gone => assert!(hands.is_empty(), "{id} is gone and still there"),
            Place::Moving(hash) => {
                assert!(hands.is_empty(), "{id} is on its way and on a shelf");
                let sender = held.iter().find(|(n, _)| {
                    let shipments = &network.desks[*n].region.shared.blood.shipments;
                    shipments.get(hash).is_some_and(|one| one.units.contains(id))
                });
                assert!(sender.is_some(), "{id} is on its way and nobody knows");
            }
        }
    }
}

/// What one region's state must be like at any time.
fn assert_state_holds(desk: &Desk) {
    let stock = &desk.region.shared.blood;
    let rebuilt: Shelves = stock.units.iter().collect();
    assert_eq!(stock.shelves, rebuilt, "the shelves are not those of the units");
    let mut tallies: BTreeMap<_, u32> = BTreeMap::new();
    for (id, unit) in &stock.units {
        let key = (&unit.site, unit.component(), unit.group.value(), unit.status.place());
        *tallies.entry(key).or_default() += 1;
        if matches!(unit.status, Status::Available | Status::Reserved { .. }) {
            assert_ne!(unit.group, Known::Unknown, "{id} of unknown group may be chosen");
        }
        let on = stock.shipments.values().filter(|one| one.units.contains(id)).count();
        assert_eq!(on, usize::from(unit.status.is_on_its_way()), "{id} and its shipments");
        assert!(!stock.is_gone(id), "{id} is there and gone");
    }
    for ((site, component, group, place), count) in &tallies {
        let shelf = &stock.shelves.sites[*site];
        assert_eq!(shelf.tally[&(*component, *group)].at(*place), *count);
    }
    let tallies = stock.shelves.sites.values().flat_map(|shelf| shelf.tally.values());
    let counted: u32 = tallies.map(Tally::all).sum();
    assert_eq!(counted as usize, stock.units.len());
    let own = &desk.region.own.blood;
    for id in own.purposes.keys() {
        let status = stock.units.get(id).map(|unit| unit.status);
        assert!(matches!(status, Some(Status::Reserved { .. })), "a purpose of {status:?}");
    }
    assert!(own.corrected_by.keys().all(|id| stock.units.contains_key(id)));
}

fn played(steps: &[network::Step]) -> Network {
    let mut network = Network::open();
    for step in steps {
        network.play(step);
    }
    network
}

/// The same state out of a snapshot's bytes.
fn snapshot(shared: &SharedState) -> SharedState {
    postcard::from_bytes(&postcard::to_stdvec(shared).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_is_lost_or_doubled(steps in histories(120)) {
        let mut network = Network::open();
        for step in &steps {
            let before: Vec<_> = network.desks.iter().map(|desk| desk.region.clone()).collect();
            if !network.play(step) {
                for (desk, before) in network.desks.iter().zip(&before) {
                    prop_assert_eq!(&desk.region, before, "a refusal leaves no trace");
                }
            }
            assert_conserved(&network);
            network.desks.iter().for_each(assert_state_holds);
        }
        // What is due comes to rest, and then no sender holds what somebody has.
        for _ in 0..20 {
            if (0..2).map(|region| network.tick(region)).sum::<usize>() == 0 {
                break;
            }
        }
        prop_assert_eq!(network.tick(0) + network.tick(1), 0, "due does not come to rest");
        assert_conserved(&network);
        for (id, place) in &network.ledger {
            let holders = network.desks.iter().filter(|desk| {
                desk.region.shared.blood.units.contains_key(id)
            });
            prop_assert_eq!(holders.count(), usize::from(*place != Place::Gone), "{}", id);
        }
    }

    #[test]
    fn replay_and_snapshot_give_the_live_state(steps in histories(80)) {
        let network = played(&steps);
        for desk in &network.desks {
            prop_assert_eq!(&desk.replayed(), &desk.region);
            prop_assert_eq!(&desk.seen_from_outside(), &desk.region.shared);
            prop_assert_eq!(&snapshot(&desk.region.shared), &desk.region.shared);
        }
    }

    #[test]
    fn nothing_private_leaves_the_region(steps in histories(80)) {
        let network = played(&steps);
        for desk in &network.desks {
            let shared = format!("{} {:?}", desk.shared_bytes(), desk.region.shared);
            prop_assert!(!shared.contains(SECRET));
        }
    }
}

#[test]
fn the_histories_reach_what_they_are_about() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut kinds: BTreeSet<&str> = BTreeSet::new();
    let (mut held, mut lost, mut elsewhere) = (0, 0, 0);
    for _ in 0..192 {
        let steps = histories(120).new_tree(&mut runner).unwrap().current();
        let network = played(&steps);
        for line in network.desks.iter().flat_map(|desk| &desk.lines) {
            kinds.insert(line.encoded.kind);
            if let samband_domain::Event::Blood(samband_domain::blood::Event::Received(it, _)) =
                &line.event
            {
                held += it.held.len();
                elsewhere += usize::from(it.load.units.is_empty());
            }
        }
        let stocks = network.desks.iter().map(|desk| &desk.region.shared.blood);
        lost += stocks
            .flat_map(|stock| stock.shipments.values())
            .filter(|s| !s.missing.is_empty())
            .count();
        let private: String = network
            .desks
            .iter()
            .flat_map(|d| &d.lines)
            .filter_map(|l| l.encoded.private.clone())
            .collect();
        if private.contains(SECRET) {
            kinds.insert("private");
        }
    }
    let stock: Vec<_> = samband_domain::blood::Event::KINDS.iter().map(|(kind, _)| *kind).collect();
    // What regions ask and offer, and the timetable, are tried by themselves.
    let apart = [
        "stock.demand_stated",
        "stock.duty_stated",
        "stock.asked",
        "stock.offered",
        "stock.answered",
        "stock.call_withdrawn",
        "stock.leg_stated",
        "stock.leg_ended",
        // Donations and transfusions have histories of their own.
        "stock.produced",
        "stock.tested",
        "stock.issued",
        "stock.returned",
        "stock.used",
    ];
    for kind in stock.into_iter().filter(|kind| !apart.contains(kind)).chain(["private"]) {
        assert!(kinds.contains(kind), "no history has {kind}");
    }
    assert!(held > 0 && lost > 0 && elsewhere > 0, "{held} {lost} {elsewhere}");
}
