//! The record picks the best units itself: which, why, and when it sets none aside.

use samband_domain::blood::Event as Stock;
use samband_domain::blood::command::Row;
use samband_domain::blood::model::{Component, Group, Status, UnitId};
use samband_domain::blood::rules::compatible::Place;
use samband_domain::rulesets::Scope;
use samband_domain::transfusion::Event as Said;
use samband_domain::transfusion::command::Command;
use samband_domain::transfusion::event::Allocated;
use samband_domain::transfusion::model::{Freshness, Kind, Urgency};
use samband_domain::transfusion::view::candidates;
use samband_domain::{Event, Known, Private, RequestId};

use crate::common::Desk;
use crate::common::stock::*;
use crate::transfusion::flow::{ask, asks, grouped, ready, register, request_of};

const A_POS: &str = "a_pos";

/// A unit of a group that expires so many days from now.
fn lasting(desk: &Desk, serial: u32, group: &str, days: i64) -> Row {
    let expiry = desk.now.plus_days(days);
    Row { group: Known::Value(group.parse().unwrap()), expiry, ..row(serial) }
}

fn stocked(desk: &mut Desk, place: &str, units: &[(u32, &str, i64)]) {
    let rows = units.iter().map(|(serial, group, days)| lasting(desk, *serial, group, *days));
    let rows = rows.collect();
    desk.must("a-1", take_over(place, rows));
}

fn best(request: &RequestId, count: u16, at_least: u16) -> Command {
    Command::ReserveBest { request: request.clone(), component: None, count, at_least }
}

/// What one command set aside, and why.
fn picked(desk: &mut Desk, command: Command) -> Allocated {
    let events = desk.act("a-1", command).unwrap();
    let mut allocated = None;
    let mut reserved = Vec::new();
    for event in events {
        match event {
            Event::Blood(Stock::Reserved(said, _)) => reserved.extend(said.units),
            Event::Transfusion(Said::Allocated(_, Private::Here(said))) => allocated = Some(said),
            other => panic!("{other:?}"),
        }
    }
    let allocated: Allocated = allocated.unwrap();
    assert_eq!(allocated.units, reserved, "the stock and the request tell the same");
    allocated
}

fn aside(desk: &Desk) -> Vec<UnitId> {
    let held = |status| matches!(status, Status::Reserved { .. });
    let units = desk.region.shared.blood.units.iter();
    units.filter(|(_, unit)| held(unit.status)).map(|(id, _)| *id).collect()
}

#[test]
fn the_own_group_comes_first_the_oldest_of_it_and_the_event_says_why() {
    let mut desk = ready();
    stocked(
        &mut desk,
        "one",
        &[(1, A_POS, 20), (2, A_POS, 9), (3, "o_pos", 3), (4, "b_pos", 2), (5, A_POS, 12)],
    );
    // Older, but elsewhere: somebody would have to send it first.
    stocked(&mut desk, "two", &[(6, A_POS, 4)]);
    let patient = grouped(&mut desk, 0, A_POS.parse().unwrap());
    let request = ask(&mut desk, &patient, 4);
    let said = picked(&mut desk, best(&request, 4, 1));
    assert_eq!(said.units, [2, 5, 1, 3].map(unit));
    let how = said.picked.unwrap();
    assert_eq!((how.asked, how.at_least, how.site), (4, 1, site("one")));
    let reasons: Vec<_> = how.why.iter().map(|why| (why.unit, why.place, why.reason)).collect();
    let own = |serial| (unit(serial), 1, Place::Identical);
    assert_eq!(reasons[..3], [own(2), own(5), own(1)]);
    assert!(reasons[3].1 > 1 && reasons[3].2 != Place::Identical, "{reasons:?}");
    assert!(how.why.iter().all(|why| !why.rule.is_empty() && !why.source.is_empty()));
    assert_eq!(desk.region.own.blood.by_request[&request].len(), 4);
    assert_eq!(desk.refused("a-1", best(&request, 1, 1)), "request.more_than_asked");
    assert_eq!(desk.replayed(), desk.region);
    assert!(!desk.shared_bytes().contains("identical"), "why stays in the region");
}

#[test]
fn as_many_as_there_are_or_none_at_all() {
    let mut desk = ready();
    stocked(&mut desk, "one", &[(1, "o_neg", 9), (2, "o_neg", 8)]);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 4);
    assert_eq!(desk.refused("a-1", best(&request, 3, 3)), "stock.too_few");
    assert!(aside(&desk).is_empty(), "all or nothing was asked for");
    assert_eq!(picked(&mut desk, best(&request, 3, 1)).units, [2, 1].map(unit));
    assert_eq!(desk.refused("a-1", best(&request, 2, 1)), "stock.none_free");
    assert_eq!(aside(&desk), [1, 2].map(unit));
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    let mut desk = ready();
    stocked(&mut desk, "one", &[(1, "o_neg", 9)]);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 2);
    for (count, at_least) in [(0, 0), (1, 2), (1, 0), (101, 1)] {
        let command = best(&request, count, at_least);
        assert_eq!(desk.refused("a-1", command), "stock.pick_count", "{count} {at_least}");
    }
    let (component, nobody) = (Some(Component::Platelets), RequestId::new("r-0").unwrap());
    let platelets = Command::ReserveBest { request, component, count: 1, at_least: 1 };
    assert_eq!(desk.refused("a-1", platelets), "request.not_asked");
    assert_eq!(desk.refused("a-1", best(&nobody, 1, 1)), "form.not_found");
    let elsewhere = samband_domain::transfusion::model::Request {
        site: site("other"),
        ..asks(&desk, Some(&patient), Urgency::Routine, 1)
    };
    let elsewhere = request_of(&desk.must("a-1", Command::Request { request: elsewhere }));
    assert_eq!(desk.refused("a-1", best(&elsewhere, 1, 1)), "stock.record_elsewhere");
    assert!(aside(&desk).is_empty());
}

#[test]
fn what_keeps_the_best_unit_back_is_said() {
    let mut desk = ready();
    stocked(&mut desk, "one", &[(1, "o_neg", 9), (2, "o_neg", 8)]);
    let patient = register(&mut desk, 0);
    let request = asks(&desk, Some(&patient), Urgency::Emergency, 1);
    let request = request_of(&desk.must("a-1", Command::Request { request }));
    assert_eq!(picked(&mut desk, best(&request, 1, 1)).units, [unit(2)], "a life is at stake");
    let mut untested = lasting(&desk, 3, "o_neg", 2);
    untested.tests = tests(&["hbsag"]);
    desk.must("a-1", take_over("two", vec![untested]));
    let request = samband_domain::transfusion::model::Request {
        site: site("two"),
        ..asks(&desk, Some(&patient), Urgency::Emergency, 1)
    };
    let request = request_of(&desk.must("a-1", Command::Request { request }));
    assert_eq!(desk.refused("a-1", best(&request, 1, 1)), "issue.ei_2");
}

#[test]
fn what_expires_before_it_is_needed_is_left_for_others() {
    let mut desk = ready();
    stocked(&mut desk, "one", &[(1, "o_neg", 2), (2, "o_neg", 5)]);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let needed = desk.now.plus_days(3);
    let request = samband_domain::transfusion::model::Request {
        needed,
        ..asks(&desk, Some(&patient), Urgency::Routine, 2)
    };
    let request = request_of(&desk.must("a-1", Command::Request { request }));
    assert_eq!(picked(&mut desk, best(&request, 2, 1)).units, [unit(2)]);
}

#[test]
fn an_exchange_transfusion_gets_the_freshest_however_much_there_is() {
    let mut desk = ready();
    // Of 200 units the freshest are far behind in the order of expiry.
    let units: Vec<_> = (1..=200).map(|n| (n, "o_neg", 1 + i64::from(n) / 5)).collect();
    stocked(&mut desk, "one", &units);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = samband_domain::transfusion::model::Request {
        kind: Kind::Exchange,
        ..asks(&desk, Some(&patient), Urgency::Routine, 3)
    };
    let request = request_of(&desk.must("a-1", Command::Request { request }));
    let said = picked(&mut desk, best(&request, 3, 1));
    let how = said.picked.unwrap();
    assert_eq!(how.why[0].unit, unit(200));
    assert!(how.why.iter().all(|why| why.freshness == Some(Freshness::Fresh)), "{how:?}");
}

#[test]
fn what_is_shown_first_is_what_is_picked() {
    let mut desk = ready();
    let groups = ["a_pos", "o_pos", "a_neg", "o_neg"];
    let units: Vec<_> =
        (1..=24_u32).map(|n| (n, groups[n as usize % 4], 1 + i64::from(n * 7 % 24))).collect();
    stocked(&mut desk, "one", &units);
    let patient = grouped(&mut desk, 0, A_POS.parse().unwrap());
    let request = ask(&mut desk, &patient, 24);
    let rules = desk.region.shared.rulesets.in_force(Scope::Blood, desk.now).unwrap();
    let held = &desk.region.own.transfusion.requests[&request];
    let here = (&desk.region, [].as_slice());
    let shown = candidates(here, rules, (&request, held), Component::RedCells, desk.now, 24);
    let shown: Vec<_> = shown.iter().map(|one| one.choice.id).collect();
    assert_eq!(shown.len(), 24);
    assert_eq!(picked(&mut desk, best(&request, 24, 1)).units, shown);
}
