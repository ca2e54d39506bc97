//! What physicians decide: between two groups, special requirements, the group after a transplant.

use samband_domain::blood::model::recipient::Requirement;
use samband_domain::patients::command::Turned;
use samband_domain::patients::model::Indication;
use samband_domain::patients::view::{Era, Family, era};
use samband_domain::patients::{Command, Event};
use samband_domain::rulesets::key;
use samband_domain::words::Day;
use samband_domain::{Event as Any, Known, PatientId, Private, Time};

use crate::patients::clinic::*;

#[test]
fn a_decision_ends_a_conflict_and_removes_nothing() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let resolve =
        |group| Command::Resolve {
            patient: anna.clone(), group, reason: "förväxlat rör".into()
        };
    grouped(&mut desk, &anna, 1, A_POS);
    assert_eq!(refused(&mut desk, "a-2", resolve(A_POS)), "patient.no_conflict");
    desk.pass_hours(1);
    grouped(&mut desk, &anna, 2, O_NEG);
    assert!(seen(&desk, &anna).conflict);
    let b_pos = "b_pos".parse().unwrap();
    assert_eq!(refused(&mut desk, "a-2", resolve(b_pos)), "patient.group_not_found");
    desk.must("a-2", resolve(A_POS));
    let of = seen(&desk, &anna);
    assert!(!of.conflict);
    assert_eq!((of.recipient.group, of.occasions), (Known::Value(A_POS), 1));
    let patient = &desk.region.own.patients.patients[&anna];
    assert_eq!(patient.determinations.len(), 2, "nothing is removed");
    // What was set aside stays so; the same group again is a new conflict.
    desk.pass_hours(1);
    grouped(&mut desk, &anna, 3, O_NEG);
    assert!(seen(&desk, &anna).conflict);
}

fn require(patient: &PatientId, from: Time, until: Option<Time>) -> Command {
    Command::Require {
        patient: patient.clone(),
        requirement: Requirement::Irradiated,
        indication: Indication::AllogeneicHsct,
        note: None,
        from,
        until,
    }
}

#[test]
fn a_requirement_ends_by_the_rule_or_later_and_without_a_rule_not_at_all() {
    let from = hour(0);
    let year = Day::of(from).plus_months(12).starts();
    for (stated, until, expected) in [
        (true, None, Ok(Some(year))),
        (true, Some(year), Ok(Some(year))),
        (true, Some(year.plus_days(1)), Ok(Some(year.plus_days(1)))),
        (true, Some(year.plus_days(-1)), Err("patient.requirement_too_short")),
        (false, None, Ok(None)),
        (false, Some(from.plus_days(1)), Ok(Some(from.plus_days(1)))),
        (false, Some(from), Err("patient.requirement_too_short")),
    ] {
        let key = key::IRRADIATION_ALLOGENEIC_HSCT_MONTHS;
        let mut desk = clinic(if stated { rules() } else { rules_without(key) });
        let anna = admit(&mut desk, ANNA);
        match expected {
            Err(code) => {
                assert_eq!(refused(&mut desk, "a-2", require(&anna, from, until)), code);
            }
            Ok(until_then) => {
                let event = desk.must("a-2", require(&anna, from, until));
                let Any::Patients(Event::Required(_, Private::Here(event))) = event else {
                    panic!("a requirement")
                };
                assert_eq!(event.need.until, until_then, "{stated} {until:?}");
                assert!(seen(&desk, &anna).recipient.requirements.has(Requirement::Irradiated));
            }
        }
    }
}

#[test]
fn an_ended_requirement_no_longer_applies_and_ends_once() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let now = desk.now;
    let event = desk.must("a-2", require(&anna, now, None));
    let Any::Patients(Event::Required(_, Private::Here(event))) = event else { panic!() };
    let end = Command::EndRequirement {
        patient: anna.clone(),
        need: event.need.id,
        at: now,
        reason: "felsatt".into(),
    };
    desk.must("a-2", end.clone());
    assert!(!seen(&desk, &anna).recipient.requirements.has(Requirement::Irradiated));
    assert_eq!(refused(&mut desk, "a-2", end), "patient.requirement_ended");
}

#[test]
fn after_a_transplant_the_group_is_locked_until_a_new_history_settles_it() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let turn = |turned, valid_from| Command::Turn {
        patient: anna.clone(),
        turned,
        valid_from,
        note: "Lund".into(),
    };
    for n in 0..2 {
        grouped(&mut desk, &anna, n, A_POS);
        desk.pass_hours(1);
    }
    let now = desk.now;
    assert_eq!(refused(&mut desk, "a-2", turn(Turned::Rejected, now)), "patient.turn_order");
    assert_eq!(refused(&mut desk, "a-2", turn(Turned::Settled(O_NEG), now)), "patient.turn_order");
    desk.must("a-2", turn(Turned::Transplanted(Known::Value(O_NEG)), now));
    let of = seen(&desk, &anna);
    assert!(of.transplant_unsettled && !of.conflict);
    assert_eq!((of.recipient.group, of.occasions), (Known::Unknown, 0));
    // Two groups are expected now; they are no conflict, and settle nothing by themselves.
    desk.pass_hours(24);
    let since = desk.now;
    grouped(&mut desk, &anna, 10, O_NEG);
    assert!(!seen(&desk, &anna).conflict);
    let settle = || turn(Turned::Settled(O_NEG), since);
    assert_eq!(refused(&mut desk, "a-2", settle()), "patient.not_settled");
    desk.pass_hours(24);
    grouped(&mut desk, &anna, 11, O_NEG);
    let early = turn(Turned::Settled(O_NEG), hour(0));
    assert_eq!(refused(&mut desk, "a-2", early), "patient.turn_order");
    desk.must("a-2", settle());
    let of = seen(&desk, &anna);
    assert!(!of.transplant_unsettled && !of.conflict);
    assert_eq!((of.recipient.group, of.occasions), (Known::Value(O_NEG), 2));
    // The rejection reverses it, and the old group comes back only by new samples.
    desk.pass_hours(24);
    let rejected = desk.now;
    desk.must("a-2", turn(Turned::Rejected, rejected));
    assert!(seen(&desk, &anna).transplant_unsettled);
    for n in 20..22 {
        grouped(&mut desk, &anna, n, A_POS);
        desk.pass_hours(1);
    }
    desk.must("a-2", turn(Turned::Settled(A_POS), rejected));
    assert_eq!(seen(&desk, &anna).recipient.group, Known::Value(A_POS));
    // Both clocks: what held when, as it was known when.
    let family = Family::of(&desk.region.own.patients, &anna).unwrap();
    let at = |valid, known| era(family.turns(), valid, known);
    let group = |one| match one {
        Era::Settled { group, .. } => Some(group),
        _ => None,
    };
    assert_eq!(at(hour(1), desk.now), Era::Born);
    assert_eq!(at(hour(2), desk.now), Era::Unsettled);
    assert_eq!(group(at(since, rejected.plus_seconds(-1))), Some(O_NEG));
    assert_eq!(at(rejected, rejected), Era::Unsettled);
    assert_eq!(group(at(desk.now, desk.now)), Some(A_POS));
}

#[test]
fn a_transplant_heard_of_late_opens_the_question_again() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let turn = |turned, valid_from| Command::Turn {
        patient: anna.clone(),
        turned,
        valid_from,
        note: "Lund".into(),
    };
    desk.must("a-2", turn(Turned::Transplanted(Known::Unknown), hour(0)));
    for n in 0..2 {
        grouped(&mut desk, &anna, n, A_POS);
        desk.pass_hours(1);
    }
    desk.must("a-2", turn(Turned::Settled(A_POS), hour(0)));
    assert!(!seen(&desk, &anna).transplant_unsettled);
    desk.pass_hours(1);
    desk.must("a-2", turn(Turned::Transplanted(Known::Value(O_NEG)), hour(-24)));
    assert!(seen(&desk, &anna).transplant_unsettled, "decided without knowing of it");
}
