//! Shipments: the receiver's word alone releases a unit, once, and by the receiver's own rules.

use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::stock::Arrival;
use samband_domain::blood::model::supply::Parcel;
use samband_domain::blood::model::{QuarantineReason, Status, UnitId};
use samband_domain::{Command, Event, Mode, RecordRef, blood};

use crate::common::stock::*;
use crate::common::{Desk, id};

/// A sender with three units on their way to `one` in Skåne.
fn sent() -> (Desk, RecordRef) {
    let mut desk = region("halland", false);
    desk.must("a-1", take_over("one", (1..4).map(row).collect()));
    let units = (1..4).map(unit).collect();
    desk.must(
        "a-1",
        Blood::Dispatch { way: way("one", "skane", "one"), units, parcel: Parcel::default() },
    );
    let at = desk.head();
    (desk, at)
}

fn said(dispatch: &RecordRef, outcomes: &[(u32, Arrival)]) -> Blood {
    Blood::Receive {
        dispatch: dispatch.clone(),
        site: None,
        outcomes: outcomes.iter().map(|(serial, outcome)| (unit(*serial), *outcome)).collect(),
        boxes: Vec::new(),
        note: None,
    }
}

fn upon(desk: &mut Desk, sender: &Desk, command: Blood) -> Result<Vec<Event>, &'static str> {
    let command: Command = command.into();
    let foreign = as_foreign(sender, command.foreign().unwrap());
    desk.act_upon("a-1", command, Some(&foreign)).map_err(|refusal| refusal.kind.code)
}

fn status(desk: &Desk, id: UnitId) -> Option<Status> {
    desk.region.shared.blood.units.get(&id).map(|unit| unit.status)
}

#[test]
fn a_receipt_is_said_once_for_each_unit_by_the_receiver_alone() {
    let (sender, dispatch) = sent();
    let mut skane = region("skane", false);
    let mut blekinge = region("blekinge", false);
    let all = [(1, Arrival::Accepted), (2, Arrival::Quarantined), (3, Arrival::Missing)];
    assert_eq!(upon(&mut blekinge, &sender, said(&dispatch, &all)), Err("shipment.not_receiver"));
    assert_eq!(upon(&mut skane, &sender, said(&dispatch, &[])), Err("shipment.nothing_said"));
    let stranger = [(9, Arrival::Accepted)];
    assert_eq!(upon(&mut skane, &sender, said(&dispatch, &stranger)), Err("shipment.not_sent"));
    upon(&mut skane, &sender, said(&dispatch, &all)).unwrap();
    assert_eq!(status(&skane, unit(1)), Some(Status::Available));
    let look = Status::Quarantined(QuarantineReason::Discrepancy);
    assert_eq!(status(&skane, unit(2)), Some(look));
    assert_eq!(status(&skane, unit(3)), None);
    for again in all {
        let answer = upon(&mut skane, &sender, said(&dispatch, &[again]));
        assert_eq!(answer, Err("shipment.not_sent"), "{again:?}");
    }
    // A lost bag is on its way until somebody finds it.
    upon(&mut skane, &sender, said(&dispatch, &[(3, Arrival::Accepted)])).unwrap();
    assert_eq!(status(&skane, unit(3)), Some(Status::Available));
    skane.must(
        "a-1",
        Blood::Discard {
            units: vec![unit(3)],
            reason: blood::model::DiscardReason::Damaged,
            note: None,
        },
    );
    let answer = upon(&mut skane, &sender, said(&dispatch, &[(3, Arrival::Accepted)]));
    assert_eq!(answer, Err("shipment.not_sent"), "gone stays gone");
}

#[test]
fn modes_do_not_mix() {
    let mut sender = Desk::open_in("halland", Mode::Exercise);
    sender.must(
        "a-1",
        open_site(
            "one",
            samband_domain::kernel::RecordKeeper::Samband,
            samband_domain::kernel::SiteKind::BloodCentre,
        ),
    );
    sender.must("a-1", load("1"));
    sender.must("a-1", take_over("one", vec![row(1)]));
    let way = way("one", "skane", "one");
    sender.must("a-1", Blood::Dispatch { way, units: vec![unit(1)], parcel: Parcel::default() });
    let command = said(&sender.head(), &[(1, Arrival::Accepted)]);
    let mut skane = region("skane", false);
    assert_eq!(upon(&mut skane, &sender, command), Err("shipment.across_modes"));
}

#[test]
fn a_unit_without_nat_waits_in_a_region_with_nat() {
    let (sender, dispatch) = sent();
    let mut skane = region("skane", true);
    let events = upon(&mut skane, &sender, said(&dispatch, &[(1, Arrival::Accepted)])).unwrap();
    let [Event::Blood(blood::Event::Received(received, _))] = &events[..] else { panic!() };
    assert_eq!(received.held, [(unit(1), "stock.test_missing".to_owned())]);
    let waits = Status::Quarantined(QuarantineReason::ReceiverRules);
    assert_eq!(status(&skane, unit(1)), Some(waits));
    // Without any rules, too: a missing rule does not let it through.
    let mut lawless = bare("skane");
    let events = upon(&mut lawless, &sender, said(&dispatch, &[(1, Arrival::Accepted)])).unwrap();
    let [Event::Blood(blood::Event::Received(received, _))] = &events[..] else { panic!() };
    assert_eq!(received.held, [(unit(1), "rule.no_set_in_force".to_owned())]);
}

#[test]
fn what_comes_back_before_the_first_receipt_was_seen_is_not_taken_away() {
    let (mut halland, first) = sent();
    let mut skane = region("skane", false);
    let events = [(1, Arrival::Accepted)];
    upon(&mut skane, &halland, said(&first, &events)).unwrap();
    let receipt = skane.head();
    let way = way("one", "halland", "two");
    skane.must("a-1", Blood::Dispatch { way, units: vec![unit(1)], parcel: Parcel::default() });
    upon(&mut halland, &skane, said(&skane.head(), &events)).unwrap();
    assert_eq!(status(&halland, unit(1)), Some(Status::Available));
    upon(&mut halland, &skane, Blood::Settle { receipt }).unwrap();
    assert_eq!(status(&halland, unit(1)), Some(Status::Available), "it is here again");
    let open = &halland.region.shared.blood.shipments[&first.hash];
    assert_eq!(open.units, [unit(2), unit(3)]);
}

#[test]
fn what_comes_back_to_another_systems_place_is_on_its_way_no_more() {
    let (mut halland, first) = sent();
    let mut skane = region("skane", false);
    upon(&mut skane, &halland, said(&first, &[(1, Arrival::Accepted)])).unwrap();
    let way = way("one", "halland", "other");
    skane.must("a-1", Blood::Dispatch { way, units: vec![unit(1)], parcel: Parcel::default() });
    upon(&mut halland, &skane, said(&skane.head(), &[(1, Arrival::Accepted)])).unwrap();
    assert_eq!(status(&halland, unit(1)), None, "its own receipt was not yet seen");
    assert_eq!(halland.region.shared.blood.shipments[&first.hash].units, [unit(2), unit(3)]);
}

#[test]
fn a_bag_that_lies_here_already_is_looked_into_first() {
    let (sender, dispatch) = sent();
    let mut skane = region("skane", false);
    skane.must("a-1", take_over("two", vec![row(1)]));
    let accepted = said(&dispatch, &[(1, Arrival::Accepted)]);
    assert_eq!(upon(&mut skane, &sender, accepted.clone()), Err("stock.unit_known"));
    let units = vec![unit(1)];
    let reason = blood::model::DiscardReason::Other;
    skane.must("a-1", Blood::Discard { units, reason, note: None });
    upon(&mut skane, &sender, accepted).unwrap();
    assert_eq!(status(&skane, unit(1)), Some(Status::Available));
}

#[test]
fn at_another_systems_place_the_unit_leaves_this_record() {
    let (mut halland, dispatch) = sent();
    let mut skane = region("skane", false);
    let mut command = said(&dispatch, &[(1, Arrival::Accepted), (2, Arrival::Accepted)]);
    if let Blood::Receive { site: place, .. } = &mut command {
        *place = Some(site("other"));
    }
    upon(&mut skane, &halland, command).unwrap();
    assert!(skane.region.shared.blood.units.is_empty());
    let receipt = skane.head();
    upon(&mut halland, &skane, Blood::Settle { receipt }).unwrap();
    assert_eq!((status(&halland, unit(1)), status(&halland, unit(2))), (None, None));
    assert_eq!(status(&halland, unit(3)), Some(Status::InTransit));
    // Within one region as well.
    let mut own = region("blekinge", false);
    own.must("a-1", take_over("one", vec![row(7)]));
    let way = way("one", "blekinge", "other");
    own.must("a-1", Blood::Dispatch { way, units: vec![unit(7)], parcel: Parcel::default() });
    let head = own.head();
    let sender = as_foreign(&own, &head);
    let command: Command = said(&head, &[(7, Arrival::Accepted)]).into();
    own.act_upon("a-1", command, Some(&sender)).unwrap();
    assert!(own.region.shared.blood.units.is_empty());
    assert!(own.region.shared.blood.shipments.is_empty());
}

#[test]
fn a_positive_result_stops_a_unit_wherever_it_stands() {
    let mut desk = region("skane", false);
    desk.must("a-1", take_over("one", vec![row(1), row(2)]));
    desk.must("a-1", Blood::Reserve { units: vec![unit(2)], purpose: "op".into() });
    for serial in [1, 2] {
        let results = vec![(code("syphilis"), blood::model::TestResult::Positive)];
        desk.must("a-1", Blood::RecordTests { unit: unit(serial), results });
        let stopped = Status::Quarantined(QuarantineReason::Test);
        assert_eq!(status(&desk, unit(serial)), Some(stopped));
    }
    assert!(desk.region.own.blood.purposes.is_empty());
    // A test that the rules do not ask for stops nothing.
    desk.must("a-1", take_over("one", vec![row(3)]));
    let results = vec![(code("cmv"), blood::model::TestResult::Positive)];
    desk.must("a-1", Blood::RecordTests { unit: unit(3), results });
    assert_eq!(status(&desk, unit(3)), Some(Status::Available));
}

#[test]
fn the_sender_is_named_by_hash_and_not_by_word() {
    let (sender, dispatch) = sent();
    let mut skane = region("skane", false);
    let mut other = dispatch.clone();
    other.seq += 1;
    let command: Command = said(&other, &[(1, Arrival::Accepted)]).into();
    let foreign = as_foreign(&sender, &dispatch);
    let refusal = skane.act_upon("a-1", command, Some(&foreign)).unwrap_err();
    assert_eq!(refusal.kind.code, "shipment.dispatch_unknown");
    assert_eq!(refusal.facts["journal"], id("halland").to_string());
}
