//! Calls between regions, boxes and their temperature, and what becomes of a dispatch that was
//! called off or lost: plain examples beside the property over random histories.

use samband_domain::blood::model::stock::Arrival;
use samband_domain::blood::model::supply::{
    BoxArrival, BoxState, Cited, Goods, Leg, Packed, Parcel, Side, Verdict,
};
use samband_domain::blood::model::{
    Antigen, Antigens, Attributes, Component, Group, Phenotype, QuarantineReason, Status, UnitId,
};
use samband_domain::blood::rules::receiver_says_of;
use samband_domain::blood::view::picture::Part;
use samband_domain::blood::view::supply::{Standing, talks};
use samband_domain::blood::{Command as Blood, command::Row};
use samband_domain::rulesets::{Value, key};
use samband_domain::{Command, Event, Known, RecordRef, blood, due};

use crate::common::stock::*;
use crate::common::{Desk, SECRET, id};

type Said<T> = Result<T, &'static str>;

/// Acts on another region's, or the own, record.
fn upon(desk: &mut Desk, other: &Desk, command: impl Into<Command>) -> Said<Vec<Event>> {
    let command = command.into();
    let foreign = as_foreign(other, command.foreign().unwrap());
    desk.act_upon("a-1", command, Some(&foreign)).map_err(|refusal| refusal.kind.code)
}

fn act(desk: &mut Desk, command: Blood) -> Said<Vec<Event>> {
    desk.act("a-1", command).map_err(|refusal| refusal.kind.code)
}

fn status(desk: &Desk, id: UnitId) -> Option<Status> {
    desk.region.shared.blood.units.get(&id).map(|unit| unit.status)
}

/// Does what is due in a region, as often as something is.
fn settle(desk: &mut Desk, other: &Desk) -> usize {
    let mut done = 0;
    loop {
        let states = [(&desk.journal, &desk.region.shared), (&other.journal, &other.region.shared)];
        let commands = due(&desk.region, &desk.journal, &[], &states, desk.now);
        let Some(command) = commands.into_iter().find(|command| command.foreign().is_some()) else {
            return done;
        };
        upon(desk, other, command).unwrap();
        done += 1;
    }
}

/// A sender with three units on their way to `one` in Skåne, packed as said.
fn sent(parcel: Parcel) -> (Desk, RecordRef) {
    let mut desk = region("halland", false);
    desk.must("a-1", take_over("one", (1..4).map(row).collect()));
    let units = (1..4).map(unit).collect();
    let mut way = way("one", "skane", "one");
    way.eta = Known::Value(at(6));
    desk.must("a-1", Blood::Dispatch { way, units, parcel });
    let at = desk.head();
    (desk, at)
}

fn packed(number: u8, serials: &[u32]) -> Packed {
    let units = serials.iter().map(|serial| unit(*serial)).collect();
    Packed { number, units, tenths: Known::Value(40), logger: None }
}

fn two_boxes() -> Parcel {
    Parcel { boxes: vec![packed(1, &[1, 2]), packed(2, &[3])], ..Parcel::default() }
}

fn came(number: u8, state: BoxState, tenths: Option<i16>) -> BoxArrival {
    BoxArrival { number, state, tenths: tenths.into() }
}

fn said(dispatch: &RecordRef, outcomes: &[(u32, Arrival)], boxes: &[BoxArrival]) -> Blood {
    Blood::Receive {
        dispatch: dispatch.clone(),
        site: None,
        outcomes: outcomes.iter().map(|(serial, outcome)| (unit(*serial), *outcome)).collect(),
        boxes: boxes.to_vec(),
        note: None,
    }
}

/// A region that also rules how warm red cells may be.
fn cold(name: &str) -> Desk {
    let mut desk = bare(name);
    let mut rules = rules(false);
    rules.push(rule(
        key::STORAGE_RED_CELLS,
        Value::Temperature { min_tenths: Some(20), max_tenths: 60 },
    ));
    adopt(&mut desk, rules);
    desk
}

const ALL: [(u32, Arrival); 3] =
    [(1, Arrival::Accepted), (2, Arrival::Accepted), (3, Arrival::Accepted)];

#[test]
fn every_unit_lies_in_one_box_and_boxes_are_numbered_without_a_gap() {
    let mut desk = region("halland", false);
    desk.must("a-1", take_over("one", (1..4).map(row).collect()));
    let mut dispatch = |boxes: Vec<Packed>| {
        let units = (1..4).map(unit).collect();
        let parcel = Parcel { boxes, ..Parcel::default() };
        act(&mut desk, Blood::Dispatch { way: way("one", "skane", "one"), units, parcel })
    };
    let wrong = [
        vec![packed(1, &[1, 2])],
        vec![packed(1, &[1, 2]), packed(2, &[2, 3])],
        vec![packed(1, &[1, 2]), packed(3, &[3])],
        vec![packed(1, &[1, 2, 3]), packed(2, &[])],
        vec![packed(1, &[1, 2, 3, 4])],
    ];
    for boxes in wrong {
        assert_eq!(dispatch(boxes.clone()).err(), Some("shipment.packing"), "{boxes:?}");
    }
    assert!(dispatch(vec![packed(2, &[3]), packed(1, &[1, 2])]).is_ok(), "in any order");
}

#[test]
fn what_came_too_warm_waits_and_what_no_rule_judges_waits_too() {
    let (sender, dispatch) = sent(two_boxes());
    let boxes = [came(1, BoxState::Intact, Some(85)), came(2, BoxState::Intact, Some(55))];
    let mut skane = cold("skane");
    upon(&mut skane, &sender, said(&dispatch, &ALL, &boxes)).unwrap();
    let warm = Some(Status::Quarantined(QuarantineReason::Temperature));
    assert_eq!((status(&skane, unit(1)), status(&skane, unit(2))), (warm, warm));
    assert_eq!(status(&skane, unit(3)), Some(Status::Available));
    // Without a rule on how warm red cells may be, a temperature lets nothing through.
    let mut lawless = region("skane", false);
    let events = upon(&mut lawless, &sender, said(&dispatch, &ALL, &boxes)).unwrap();
    let [Event::Blood(blood::Event::Received(received, _))] = &events[..] else { panic!() };
    assert!(received.held.iter().all(|(_, why)| why == "rule.missing"), "{:?}", received.held);
    assert_eq!(received.held.len(), 3);
    // What is not said of a box changes nothing.
    let mut silent = region("skane", false);
    upon(&mut silent, &sender, said(&dispatch, &ALL, &[])).unwrap();
    assert_eq!(status(&silent, unit(1)), Some(Status::Available));
}

#[test]
fn a_box_that_is_open_or_did_not_come() {
    let (sender, dispatch) = sent(two_boxes());
    let mut skane = cold("skane");
    let missing = [came(2, BoxState::Missing, None)];
    let refused = upon(&mut skane, &sender, said(&dispatch, &ALL, &missing));
    assert_eq!(refused.err(), Some("shipment.box_missing"));
    let stranger = [came(3, BoxState::Intact, None)];
    let refused = upon(&mut skane, &sender, said(&dispatch, &ALL, &stranger));
    assert_eq!(refused.err(), Some("shipment.box_unknown"));
    let open = [came(1, BoxState::Damaged, Some(40)), came(2, BoxState::Missing, None)];
    let outcomes = [(1, Arrival::Accepted), (2, Arrival::Quarantined), (3, Arrival::Missing)];
    upon(&mut skane, &sender, said(&dispatch, &outcomes, &open)).unwrap();
    let damage = Some(Status::Quarantined(QuarantineReason::Damage));
    assert_eq!(status(&skane, unit(1)), damage);
    assert_eq!(status(&skane, unit(3)), None);
    assert_eq!(skane.region.shared.blood.receipts[&dispatch.hash].boxes.len(), 2);
}

#[test]
fn the_sender_sees_what_the_receivers_rules_will_say() {
    let (sender, _) = sent(Parcel::default());
    let stock = &sender.region.shared.blood;
    let units: Vec<_> = (1..4).map(unit).collect();
    let asks = |receiver: &Desk| {
        let receiver = (&receiver.journal, &receiver.region.shared.rulesets);
        receiver_says_of(receiver, (stock, &units), sender.now)
    };
    let nat = asks(&region("skane", true));
    assert_eq!(nat.len(), 3);
    assert!(nat.iter().all(|(_, why)| why.kind.code == "stock.test_missing"));
    assert_eq!(nat[0].1.facts["test"], "nat");
    assert!(asks(&region("skane", false)).is_empty());
    assert_eq!(asks(&bare("skane")).len(), 3, "no published rules let nothing through");
}

#[test]
fn what_never_left_is_free_again_when_the_receiver_has_seen_it() {
    let leaves = Some(at(2));
    let (mut halland, dispatch) = sent(Parcel { leaves, ..Parcel::default() });
    let mut skane = region("skane", false);
    let reason = "bilen kom inte".to_owned();
    let off = Blood::CallOff { dispatch: dispatch.clone(), reason };
    act(&mut halland, off.clone()).unwrap();
    assert_eq!(act(&mut halland, off).err(), Some("shipment.called_off_already"));
    assert_eq!(status(&halland, unit(1)), Some(Status::InTransit), "the receiver has not seen it");
    assert_eq!(settle(&mut halland, &skane), 0);
    assert_eq!(settle(&mut skane, &halland), 1);
    let late = upon(&mut skane, &halland, said(&dispatch, &ALL, &[]));
    assert_eq!(late.err(), Some("shipment.called_off"));
    assert_eq!(settle(&mut halland, &skane), 1);
    for serial in 1..4 {
        assert_eq!(status(&halland, unit(serial)), Some(Status::Available));
    }
    assert!(halland.region.shared.blood.shipments.is_empty());
}

#[test]
fn what_the_receiver_had_before_it_saw_the_calling_off_is_the_receivers() {
    let (mut halland, dispatch) = sent(Parcel::default());
    let mut skane = region("skane", false);
    let reason = "vände".to_owned();
    act(&mut halland, Blood::CallOff { dispatch: dispatch.clone(), reason }).unwrap();
    upon(&mut skane, &halland, said(&dispatch, &[(2, Arrival::Accepted)], &[])).unwrap();
    settle(&mut skane, &halland);
    settle(&mut halland, &skane);
    // It had left, so what is back was out of the cold chain.
    let doubt = Some(Status::Quarantined(QuarantineReason::Temperature));
    assert_eq!((status(&halland, unit(1)), status(&halland, unit(3))), (doubt, doubt));
    assert_eq!(status(&halland, unit(2)), None);
    assert_eq!(status(&skane, unit(2)), Some(Status::Available));
    assert!(halland.region.shared.blood.shipments.is_empty());
}

#[test]
fn within_one_region_a_called_off_dispatch_is_back_at_once() {
    let mut desk = region("halland", false);
    desk.must("a-1", take_over("one", vec![row(1)]));
    let (way, units) = (way("one", "halland", "two"), vec![unit(1)]);
    let parcel = Parcel { leaves: Some(at(1)), ..Parcel::default() };
    desk.must("a-1", Blood::Dispatch { way, units, parcel });
    let (dispatch, reason) = (desk.head(), "fel låda".to_owned());
    let off = Blood::CallOff { dispatch, reason };
    desk.must("a-1", off.clone());
    assert_eq!(status(&desk, unit(1)), Some(Status::Available));
    assert!(desk.region.shared.blood.shipments.is_empty());
    // It is nobody's to receive any more, not even once it is discarded.
    let Some(Blood::CallOff { dispatch, .. }) = Some(off) else { unreachable!() };
    let (units, reason) = (vec![unit(1)], blood::model::DiscardReason::Other);
    desk.must("a-1", Blood::Discard { units, reason, note: None });
    let foreign = as_foreign(&desk, &dispatch);
    let late: Command = said(&dispatch, &[(1, Arrival::Accepted)], &[]).into();
    let refused = desk.act_upon("a-1", late, Some(&foreign)).unwrap_err();
    assert_eq!(refused.kind.code, "shipment.not_sent");
}

#[test]
fn lost_is_what_was_missed_and_searched_for_and_may_still_arrive() {
    let (mut halland, dispatch) = sent(two_boxes());
    let lost = |serials: &[u32], search: &str| Blood::StateLost {
        dispatch: dispatch.clone(),
        units: serials.iter().map(|serial| unit(*serial)).collect(),
        search: search.into(),
    };
    assert_eq!(act(&mut halland, lost(&[3], "kaj")).err(), Some("shipment.not_late"));
    halland.pass_hours(7);
    assert_eq!(act(&mut halland, lost(&[3], " ")).err(), Some("form.text_needed"));
    act(&mut halland, lost(&[3, 2], "kaj och bil")).unwrap();
    assert_eq!(act(&mut halland, lost(&[3], "igen")).err(), Some("stock.status"));
    assert_eq!(status(&halland, unit(3)), Some(Status::Lost));
    let away = Blood::Discard {
        units: vec![unit(3)],
        reason: blood::model::DiscardReason::Other,
        note: None,
    };
    assert_eq!(act(&mut halland, away).err(), Some("stock.status"), "never silently gone");
    // It turns up at the receiver's.
    let mut skane = region("skane", false);
    skane.pass_hours(7);
    upon(&mut skane, &halland, said(&dispatch, &[(3, Arrival::Accepted)], &[])).unwrap();
    settle(&mut halland, &skane);
    assert_eq!(status(&halland, unit(3)), None);
    // The other one is given up: called off, and missing at home, where it may be written off.
    let reason = "hittas inte".to_owned();
    act(&mut halland, Blood::CallOff { dispatch: dispatch.clone(), reason }).unwrap();
    settle(&mut skane, &halland);
    settle(&mut halland, &skane);
    assert_eq!(status(&halland, unit(2)), Some(Status::Missing));
    act(
        &mut halland,
        Blood::Discard {
            units: vec![unit(2)],
            reason: blood::model::DiscardReason::Other,
            note: None,
        },
    )
    .unwrap();
    assert_eq!(halland.replayed(), halland.region);
}

fn goods(units: u32) -> Goods {
    Goods {
        component: Component::RedCells,
        group: Some(Group::O_NEG),
        negative: Antigens::of(Antigen::Fya),
        attributes: Attributes::NONE,
        units,
    }
}

fn lacking(serial: u32) -> Row {
    Row { phenotype: Phenotype::UNTESTED.with(Antigen::Fya, false), ..row(serial) }
}

fn part(desk: &Desk) -> Part<'_> {
    Part {
        journal: &desk.journal,
        kernel: &desk.region.shared.kernel,
        rules: &desk.region.shared.rulesets,
        stock: &desk.region.shared.blood,
        as_of: Known::Value(desk.now),
    }
}

fn standing(desks: &[&Desk]) -> (Standing, u32) {
    let parts: Vec<_> = desks.iter().map(|desk| part(desk)).collect();
    let talk = talks(&parts, desks[0].now)[0];
    (talk.standing, talk.left())
}

#[test]
fn an_ask_is_answered_and_a_dispatch_that_cites_it_is_what_was_promised() {
    let (mut skane, mut halland) = (region("skane", false), region("halland", false));
    halland.must("a-1", take_over("one", vec![lacking(1), lacking(2), lacking(3), row(4)]));
    let ask = Blood::Call {
        side: Side::Ask,
        site: site("one"),
        to_region: id("halland"),
        to_site: None,
        goods: goods(4),
        by: at(9),
        note: Some(format!("till {SECRET}")),
    };
    skane.must("a-1", ask);
    let call = skane.head();
    assert!(!skane.shared_bytes().contains(SECRET), "for whom stays in the region");
    assert_eq!(standing(&[&skane, &halland]), (Standing::Waiting, 0));
    let answer = |verdict, units, reason: Option<&str>| Blood::Answer {
        call: call.clone(),
        site: site("one"),
        verdict,
        units,
        reason: reason.map(str::to_owned),
    };
    for (verdict, units) in [(Verdict::Accept, 3), (Verdict::Partly, 4), (Verdict::Decline, 1)] {
        let refused = upon(&mut halland, &skane, answer(verdict, units, Some("x")));
        assert_eq!(refused.err(), Some("supply.answer"), "{verdict} {units}");
    }
    let unsaid = upon(&mut halland, &skane, answer(Verdict::Partly, 2, None));
    assert_eq!(unsaid.err(), Some("form.text_needed"));
    upon(&mut halland, &skane, answer(Verdict::Partly, 2, Some("fler finns inte"))).unwrap();
    assert_eq!(standing(&[&skane, &halland]), (Standing::Promised, 2));
    let send = |serials: &[u32], to: &str| Blood::Dispatch {
        way: way("one", "skane", to),
        units: serials.iter().map(|serial| unit(*serial)).collect(),
        parcel: Parcel {
            cites: Some(Cited { call: call.clone(), answer: None }),
            ..Parcel::default()
        },
    };
    let mut try_send = |serials: &[u32], to: &str| upon(&mut halland, &skane, send(serials, to));
    assert_eq!(try_send(&[1, 2, 3], "one").err(), Some("supply.too_many"));
    assert_eq!(try_send(&[1, 4], "one").err(), Some("supply.not_agreed"), "not typed is not fit");
    assert_eq!(try_send(&[1], "two").err(), Some("supply.not_agreed"));
    try_send(&[1, 2], "one").unwrap();
    assert_eq!(try_send(&[3], "one").err(), Some("supply.too_many"));
    assert_eq!(standing(&[&skane, &halland]), (Standing::Sent, 0));
    assert_eq!(halland.replayed(), halland.region);
}

#[test]
fn an_offer_is_accepted_by_the_other_and_sent_by_its_owner() {
    let (mut skane, mut halland) = (region("skane", false), region("halland", false));
    halland.must("a-1", take_over("one", vec![lacking(1), lacking(2)]));
    let offer = Blood::Call {
        side: Side::Offer,
        site: site("one"),
        to_region: id("skane"),
        to_site: None,
        goods: goods(2),
        by: at(9),
        note: None,
    };
    halland.must("a-1", offer);
    let call = halland.head();
    let (verdict, reason) = (Verdict::Accept, None);
    let answer = Blood::Answer { call: call.clone(), site: site("two"), verdict, units: 2, reason };
    let mut blekinge = region("blekinge", false);
    assert_eq!(upon(&mut blekinge, &halland, answer.clone()).err(), Some("supply.not_asked"));
    upon(&mut skane, &halland, answer).unwrap();
    let cites = Some(Cited { call, answer: Some(skane.head()) });
    let parcel = Parcel { cites, ..Parcel::default() };
    let units = vec![unit(1), unit(2)];
    let (way, sent) = (way("one", "skane", "two"), units);
    upon(&mut halland, &skane, Blood::Dispatch { way, units: sent, parcel }).unwrap();
    assert_eq!(standing(&[&halland, &skane]), (Standing::Sent, 0));
}

#[test]
fn a_call_ends_by_its_time_or_by_being_taken_back() {
    let (mut skane, mut halland) = (region("skane", false), region("halland", false));
    let ask = |by| Blood::Call {
        side: Side::Ask,
        site: site("one"),
        to_region: id("halland"),
        to_site: None,
        goods: goods(1),
        by,
        note: None,
    };
    assert_eq!(act(&mut skane, ask(at(-1))).err(), Some("supply.over"));
    skane.must("a-1", ask(at(2)));
    let call = skane.head();
    let back = Blood::WithdrawCall { call: call.clone(), reason: "behövs inte".into() };
    act(&mut skane, back.clone()).unwrap();
    assert_eq!(act(&mut skane, back).err(), Some("supply.over"));
    assert_eq!(standing(&[&skane, &halland]), (Standing::Withdrawn, 0));
    halland.pass_hours(3);
    let reason = Some("nej".to_owned());
    let late =
        Blood::Answer { call, site: site("one"), verdict: Verdict::Decline, units: 0, reason };
    assert_eq!(upon(&mut halland, &skane, late).err(), Some("supply.over"));
    // Long after, it is no longer at hand.
    skane.pass_hours(24 * 9);
    skane.must("a-1", ask(skane.now.plus_days(1)));
    assert_eq!(skane.region.shared.blood.supply.calls.len(), 1);
    assert_eq!(skane.replayed(), skane.region);
}

#[test]
fn the_timetable_is_the_regions_own_and_a_dispatch_goes_by_a_leg_of_it() {
    let mut desk = region("halland", false);
    let leg = |days: &[u8], departs| Leg {
        code: code("one-skane"),
        from: site("one"),
        to_region: id("skane"),
        to_site: site("one"),
        days: days.to_vec(),
        departs,
        cutoff: 30,
        under_way: 120,
        carrier: "bud".into(),
    };
    for wrong in [leg(&[], 600), leg(&[8], 600), leg(&[1], 24 * 60)] {
        assert_eq!(act(&mut desk, Blood::StateLeg { leg: wrong }).err(), Some("supply.leg"));
    }
    desk.must("a-1", Blood::StateLeg { leg: leg(&[3, 1, 3], 600) });
    assert_eq!(desk.region.shared.blood.supply.legs[&code("one-skane")].value.days, [1, 3]);
    desk.must("a-1", take_over("one", vec![row(1)]));
    let parcel = |name: &str| Parcel { leg: Some(code(name)), ..Parcel::default() };
    let send = |to: &str, name: &str| Blood::Dispatch {
        way: way("one", "skane", to),
        units: vec![unit(1)],
        parcel: parcel(name),
    };
    assert_eq!(act(&mut desk, send("two", "one-skane")).err(), Some("supply.leg_unknown"));
    assert_eq!(act(&mut desk, send("one", "annan")).err(), Some("supply.leg_unknown"));
    desk.must("a-1", send("one", "one-skane"));
    desk.must("a-1", Blood::EndLeg { code: code("one-skane") });
    assert_eq!(
        act(&mut desk, Blood::EndLeg { code: code("one-skane") }).err(),
        Some("supply.leg_unknown")
    );
}

#[test]
fn a_call_that_cannot_be_and_a_departure_that_is_over() {
    let (mut skane, halland) = (region("skane", false), region("halland", false));
    let ask = |to: &str, units| Blood::Call {
        side: Side::Ask,
        site: site("one"),
        to_region: id(to),
        to_site: None,
        goods: goods(units),
        by: at(9),
        note: None,
    };
    assert_eq!(act(&mut skane, ask("halland", 0)).err(), Some("supply.goods"));
    assert_eq!(act(&mut skane, ask("skane", 1)).err(), Some("supply.goods"), "from nowhere else");
    let stranger = Blood::WithdrawCall { call: halland.head(), reason: "x".into() };
    assert_eq!(act(&mut skane, stranger).err(), Some("supply.call_unknown"));
    skane.must("a-1", take_over("one", vec![row(1)]));
    let mut send = |leaves| {
        let parcel = Parcel { leaves: Some(leaves), ..Parcel::default() };
        let (way, units) = (way("one", "halland", "one"), vec![unit(1)]);
        act(&mut skane, Blood::Dispatch { way, units, parcel }).err()
    };
    for leaves in [at(-1), at(7), at(24 * 30)] {
        assert_eq!(send(leaves), Some("shipment.leaves"), "{leaves}");
    }
    assert_eq!(send(at(6)), None, "when it arrives at the earliest");
}
