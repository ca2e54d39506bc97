//! How far a withdrawal reaches, region by region, and what it takes to close the case.

use super::*;

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
    let (who, units) = (crate::common::actor("a-1"), vec![unit(1)]);
    let used = samband_domain::blood::event::Used {
        units,
        fate: samband_domain::blood::model::Fate::Transfused,
    };
    network.desks[0].record(&who, &Stock::Used(used, crate::common::NOTHING).into());
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
