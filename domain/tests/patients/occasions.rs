//! Separate occasions: the truth table of what counts.

use samband_domain::blood::model::Group;
use samband_domain::patients::Command;
use samband_domain::rulesets::{Value, key};
use samband_domain::{Known, PatientId, Time};

use crate::common::Desk;
use crate::common::stock::rule;
use crate::patients::clinic::*;

/// Whether a second sample, so many minutes later, so documented, counts by such a rule.
fn second(rule_says: &str, minutes: i64, documented: Option<Option<&str>>) -> u8 {
    let same = rule(key::GROUP_SAMPLE_SAME_OCCASION, Value::Choice(rule_says.into()));
    let mut desk = clinic(rules_with(same));
    let anna = admit(&mut desk, ANNA);
    let first = desk.now;
    desk.pass_hours(2);
    take(&mut desk, &anna, sample(1, first));
    let later = first.plus_seconds(minutes * 60);
    let two = match documented {
        Some(physician) => shared(2, later, physician),
        None => sample(2, later),
    };
    take(&mut desk, &anna, two);
    let now = desk.now;
    desk.must("a-1", determine(&anna, 1, now, A_POS));
    desk.must("a-1", determine(&anna, 2, now, A_POS));
    seen(&desk, &anna).occasions
}

#[test]
fn the_same_occasion_counts_twice_only_as_the_rule_documents_it() {
    let (no, reason, physician) = (None, Some(None), Some(Some("Dr D")));
    let (never, documented, approved) =
        ("never", "emergency_documented", "emergency_approved_by_physician");
    for (rule, minutes, how, occasions) in [
        (never, 0, no, 1),
        (never, 0, reason, 1),
        (never, 0, physician, 1),
        (never, 14, no, 1),
        (never, 15, no, 2),
        (documented, 0, no, 1),
        (documented, 0, reason, 2),
        (documented, 14, physician, 2),
        (documented, 60, no, 2),
        (approved, 0, no, 1),
        (approved, 0, reason, 1),
        (approved, 0, physician, 2),
        (approved, 60, reason, 2),
    ] {
        assert_eq!(second(rule, minutes, how), occasions, "{rule}, {minutes} min, {how:?}");
    }
}

#[test]
fn no_rule_about_the_same_occasion_is_never() {
    let mut desk = clinic(rules_without(key::GROUP_SAMPLE_SAME_OCCASION));
    let anna = admit(&mut desk, ANNA);
    let now = desk.now;
    take(&mut desk, &anna, sample(1, now));
    take(&mut desk, &anna, shared(2, now, Some("Dr D")));
    desk.must("a-1", determine(&anna, 1, now, A_POS));
    desk.must("a-1", determine(&anna, 2, now, A_POS));
    assert_eq!(seen(&desk, &anna).occasions, 1);
}

#[test]
fn one_tube_is_one_occasion_however_often_it_is_tested() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let now = desk.now;
    take(&mut desk, &anna, shared(1, now, Some("Dr D")));
    for _ in 0..3 {
        desk.must("a-1", determine(&anna, 1, now, A_POS));
    }
    assert_eq!(seen(&desk, &anna).occasions, 1);
}

#[test]
fn a_sample_counts_until_it_is_too_old() {
    for (days, occasions) in [(0, 1), (5, 1), (6, 0)] {
        let mut desk = clinic(rules());
        let anna = admit(&mut desk, ANNA);
        let taken = desk.now;
        take(&mut desk, &anna, sample(1, taken));
        desk.pass_hours(24 * days);
        let now = desk.now;
        desk.must("a-1", determine(&anna, 1, now, A_POS));
        assert_eq!(seen(&desk, &anna).occasions, occasions, "{days} days");
    }
}

fn emergency(patient: &PatientId, n: u32, at: Time, group: Group) -> Command {
    let Command::Determine { patient, sample, determined, group, phenotype, capture, .. } =
        determine(patient, n, at, group)
    else {
        unreachable!()
    };
    Command::Determine { patient, sample, determined, group, phenotype, emergency: true, capture }
}

#[test]
fn an_emergency_group_is_provisional_until_a_full_one_is_there() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let now = desk.now;
    take(&mut desk, &anna, sample(1, now));
    desk.must("a-1", emergency(&anna, 1, now, A_POS));
    let of = seen(&desk, &anna);
    assert!(of.provisional);
    assert_eq!((of.occasions, of.recipient.group), (0, Known::Value(A_POS)));
    desk.must("a-1", determine(&anna, 1, now, A_POS));
    let of = seen(&desk, &anna);
    assert_eq!((of.occasions, of.provisional), (1, false));
    // An emergency group that says another thing is as much a conflict as any.
    desk.pass_hours(1);
    let now = desk.now;
    take(&mut desk, &anna, sample(2, now));
    desk.must("a-1", emergency(&anna, 2, now, O_NEG));
    let of = seen(&desk, &anna);
    assert!(of.conflict);
    assert_eq!((of.occasions, of.recipient.group), (0, Known::Unknown));
}

/// A reserve number with results, linked to a person with results; the person, and both desks'.
fn linked(before_link: u32) -> (Desk, PatientId, PatientId) {
    let mut desk = clinic(rules());
    let reserve = admit(&mut desk, UNKNOWN);
    let anna = admit(&mut desk, ANNA);
    for n in 0..before_link {
        let whose = if n % 2 == 0 { &reserve } else { &anna };
        grouped(&mut desk, whose, n, A_POS);
        desk.pass_hours(1);
    }
    let link = Command::Link { reserve: reserve.clone(), to: anna.clone(), check: "pass".into() };
    desk.must("a-1", link);
    (desk, reserve, anna)
}

#[test]
fn groups_from_before_a_link_are_one_occasion_until_confirmed() {
    for (before, then) in [(0, 0), (1, 1), (2, 1), (4, 1)] {
        let (mut desk, reserve, anna) = linked(before);
        assert_eq!(seen(&desk, &anna).occasions, then, "{before} before");
        assert_eq!(seen(&desk, &anna), seen(&desk, &reserve), "one person, one answer");
        assert!(seen(&desk, &anna).current.is_none(), "the wristband was another's");
        desk.pass_hours(1);
        grouped(&mut desk, &anna, 90, A_POS);
        let confirmed = u8::try_from(before).unwrap() + 1;
        assert_eq!(seen(&desk, &anna).occasions, confirmed, "{before} before, confirmed");
        assert!(seen(&desk, &anna).current.is_some_and(|one| one.group_agrees));
    }
}

#[test]
fn two_groups_block_until_somebody_decides_and_a_link_is_no_exception() {
    let (mut desk, reserve, anna) = linked(2);
    desk.pass_hours(1);
    grouped(&mut desk, &anna, 90, O_NEG);
    let of = seen(&desk, &reserve);
    assert!(of.conflict);
    assert_eq!((of.recipient.group, of.occasions), (Known::Unknown, 0));
    assert!(!of.current.expect("a sample").group_agrees);
}
