//! What another region called back stops here from the moment its journal is held here, before
//! this region has said anything about it.

use proptest::prelude::*;
use samband_domain::blood::event::Used;
use samband_domain::blood::model::{Fate, Material, MaterialKind, Status, UnitId};
use samband_domain::blood::{Command as Blood, Event as Stock};
use samband_domain::donations::command::withdrawal::Command as Back;
use samband_domain::donations::model::withdrawal::{CallReason, Found, LotNamed, Outcome, Target};

use crate::common::stock::*;
use crate::common::{NOTHING, actor, id};
use crate::withdrawals::{NAMES, Network, call, din, found, pool_of, receive, send};

/// What each region holds of the other, as of now: no more is read than was pulled.
fn pull(network: &mut Network, region: usize) {
    let other = 1 - region;
    let state = network.desks[other].region.shared.clone();
    network.desks[region].others = vec![(id(NAMES[other]), state)];
}

fn reserve(units: Vec<UnitId>) -> Blood {
    Blood::Reserve { units, purpose: "prov".into() }
}

/// Skåne has units 1–3 of Halland's and 11 of its own.
fn network() -> Network {
    let mut network = Network::open();
    network.act(0, "a-1", take_over("one", (1..=3).map(row).collect())).unwrap();
    network.act(1, "a-1", take_over("one", vec![row(11)])).unwrap();
    let units: Vec<_> = (1..=3).map(unit).collect();
    let sent = send(&mut network, 0, 1, units.clone());
    network.act(1, "a-1", receive(sent, &units)).unwrap();
    network
}

fn donations(serials: &[u32]) -> Target {
    Target::Donations(serials.iter().map(|serial| din(*serial)).collect())
}

#[test]
fn what_is_held_of_another_region_stops_a_unit_before_it_was_read_by_an_own_event() {
    let mut network = network();
    let at = network.call_back(0, donations(&[1]), CallReason::Marker);
    let ask = |network: &mut Network, serial| network.act(1, "a-1", reserve(vec![unit(serial)]));
    pull(&mut network, 1);
    assert_eq!(ask(&mut network, 1), Err("withdrawal.elsewhere"));
    let dispatch = Blood::Dispatch {
        way: way("one", NAMES[1], "two"),
        units: vec![unit(1)],
        parcel: Default::default(),
    };
    assert_eq!(network.act(1, "a-1", dispatch), Err("withdrawal.elsewhere"));
    assert!(ask(&mut network, 2).is_ok(), "another donation goes on");
    // Its own event says the same from then on, in its own words.
    network.settle();
    let held = network.desks[1].region.shared.blood.units[&unit(1)].status;
    assert!(matches!(held, Status::Quarantined(_)), "{held:?}");
    // Whoever called back lifts it: what is then held of them stops nothing more.
    for who in ["a-1", "a-2"] {
        let (outcome, note) = (Outcome::Lifted, "Falskt positiv".into());
        let end = call(Back::Conclude { withdrawal: at.clone(), outcome, note });
        network.act(0, who, end).unwrap();
    }
    network.settle();
    pull(&mut network, 1);
    network.act(1, "a-1", Blood::Release { units: vec![unit(1)] }).expect("through release again");
    assert!(ask(&mut network, 1).is_ok());
}

#[test]
fn a_lot_that_was_not_searched_for_stops_everything_until_it_was() {
    let mut network = network();
    let lot = LotNamed { kind: MaterialKind::Bag, lot: "L-9".into() };
    network.call_back(0, Target::Lot(lot), CallReason::Material);
    pull(&mut network, 1);
    let ask = |network: &mut Network| network.act(1, "a-1", reserve(vec![unit(11)]));
    assert_eq!(ask(&mut network), Err("withdrawal.not_searched"));
    network.settle();
    pull(&mut network, 1);
    assert!(ask(&mut network).is_ok(), "looked through, and not found in it");
}

#[test]
fn a_pool_here_is_stopped_by_a_donation_called_back_elsewhere() {
    let mut network = Network::open();
    let pool = pool_of(&mut network.desks[1], [4, 5], 90);
    network.call_back(0, donations(&[5]), CallReason::Bacterial);
    pull(&mut network, 1);
    let asked = network.act(1, "a-1", reserve(vec![pool]));
    assert_eq!(asked, Err("withdrawal.elsewhere"));
}

#[test]
fn a_bag_of_a_lot_that_was_given_before_the_call_is_found_where_it_was_given() {
    let mut network = Network::open();
    let pool = pool_of(&mut network.desks[1], [4, 5], 90);
    let lot = LotNamed { kind: MaterialKind::Bag, lot: "L-9".into() };
    let made = network.desks[1].lines.last().expect("made").event.clone();
    let samband_domain::Event::Blood(Stock::Produced(mut made, _)) = made else { panic!() };
    let other = unit_of(PLATELETS, 91);
    made.load.units[0].id = other;
    made.materials = vec![Material {
        kind: lot.kind,
        lot: lot.lot.clone(),
        catalogue: "x".into(),
        millilitres: None,
    }];
    network.desks[1].record(&actor("a-1"), &Stock::Produced(made, NOTHING).into());
    for unit in [pool, other] {
        let used = Used { units: vec![unit], fate: Fate::Transfused };
        network.desks[1].record(&actor("a-1"), &Stock::Used(used, NOTHING).into());
    }
    let at = network.call_back(0, Target::Lot(lot), CallReason::Material);
    network.settle();
    let region = NAMES[1].to_owned();
    assert_eq!(found(&network, &at, &other), [(region, Found::Transfused)]);
}

#[test]
fn a_pool_that_was_given_before_the_call_is_found_in_the_region_that_made_it() {
    let mut network = Network::open();
    let pool = pool_of(&mut network.desks[1], [4, 5], 90);
    let used = Used { units: vec![pool], fate: Fate::Transfused };
    network.desks[1].record(&actor("a-1"), &Stock::Used(used, NOTHING).into());
    let at = network.call_back(0, donations(&[5]), CallReason::Marker);
    network.settle();
    let region = NAMES[1].to_owned();
    assert_eq!(found(&network, &at, &pool), [(region, Found::Transfused)]);
}

proptest! {
    /// Whatever was called back and lifted, in whatever order it was pulled: nothing is set aside
    /// of what stands called back in any journal held here, and what was lifted is stopped by no
    /// older word of a third party.
    #[test]
    fn nothing_called_back_anywhere_is_set_aside(
        steps in prop::collection::vec((0..2_usize, 0..4_u8, 1..4_u32), 1..25)
    ) {
        let mut network = network();
        let mut open = Vec::new();
        for (region, step, serial) in steps {
            match step {
                0 => open.push(network.call_back(region, donations(&[serial]), CallReason::Marker)),
                1 => pull(&mut network, region),
                2 => drop(network.tick(region)),
                _ if open.is_empty() => {}
                _ => {
                    let at = open.remove(0);
                    let by = usize::from(at.journal != id(NAMES[0]));
                    for who in ["a-1", "a-2"] {
                        let (outcome, note) = (Outcome::Lifted, "x".into());
                        let end = Back::Conclude { withdrawal: at.clone(), outcome, note };
                        network.act(by, who, call(end)).unwrap();
                    }
                }
            }
            let held: Vec<_> = network.desks[1].others.iter().map(|(_, state)| state).collect();
            let stands = held.iter().any(|state| {
                let cases = state.donations.calls.called.values();
                let mut open = cases.filter(|case| case.closed.is_none());
                open.any(|case| case.dins.contains(&din(serial)))
            });
            let done = network.act(1, "a-1", reserve(vec![unit(serial)]));
            prop_assert!(!(stands && done.is_ok()), "{} was set aside", unit(serial));
            if done.is_ok() {
                let back = Blood::Unreserve { units: vec![unit(serial)], reason: "x".into() };
                network.act(1, "a-1", back).unwrap();
            }
        }
    }
}
