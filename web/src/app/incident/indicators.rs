//! What speaks for triage by the rules of mass casualties, and for rationing. Indicators propose;
//! a named role decides. What nobody knows is said to be unknown, never taken as nothing.

use samband_domain::incidents::model::{Indicator, Measure};
use samband_domain::readiness::model::{CareKind, Field, Horizon};
use samband_domain::rulesets::{InForce, Key, Scope, key};
use samband_domain::{Known, Time};
use samband_engine::World;
use samband_planning::casualty_blood::HOURS;

use super::blood::{Asked, Line, room};
use super::{Found, Told};
use crate::app::readiness::capacity;

/// An indicator with what it speaks for and what its threshold rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// As it stands, and as it is recorded with a decision.
    pub indicator: Indicator,
    /// What it speaks for.
    pub measure: Measure,
    /// Whether the region's rules state its threshold; otherwise it is a proposal of this program.
    pub by_rule: bool,
}

/// The name of the indicator of the hours that the red cells last.
const BLOOD_HOURS: &str = "blood_hours";

/// Whether an indicator is at the end of what is looked at: it is this, or more.
#[must_use]
pub fn at_least(one: &Indicator) -> bool {
    one.name == BLOOD_HOURS && one.value == Known::Value(i64::from(HOURS) * 1_000)
}

/// A threshold: by rule, or as proposed.
fn stated(rules: Option<&InForce>, key: Key, proposed: u32) -> (i64, bool) {
    use samband_domain::rulesets::Value;
    let said = rules.and_then(|rules| match rules.set.value(key) {
        Some(Value::Count(n) | Value::Minutes(n) | Value::Hours(n)) if *n > 0 => Some(*n),
        _ => None,
    });
    (i64::from(said.unwrap_or(proposed)), said.is_some())
}

/// What is known of the struck region.
struct Seen {
    p1: Option<Told>,
    p2: Option<Told>,
    /// Usable places: emergency, theatre, intensive care; and when the oldest report was so.
    places: [Known<i64>; 3],
    reported: Option<Time>,
}

impl Seen {
    fn of(world: &World, found: &Found<'_>, now: Time) -> Self {
        let sum = |kind| capacity::sum(found.journal, kind, Horizon::Now, now).map(i64::from);
        let reports = found.journal.shared().readiness.capacity.values();
        Self {
            p1: found.field(world, Field::P1),
            p2: found.field(world, Field::P2),
            places: [CareKind::Emergency, CareKind::Theatre, CareKind::IntensiveCare].map(sum),
            reported: reports.map(|held| held.what.valid).min(),
        }
    }

    /// At most so many immediate; with `urgent`, the urgent as well.
    fn patients(&self, urgent: bool) -> (Known<i64>, Option<Time>) {
        let most = |told: &Option<Told>| {
            let span = told.as_ref().map_or(Known::Unknown, |told| told.span);
            span.map(|(_, most)| i64::from(most))
        };
        let (p1, at) = (most(&self.p1), self.p1.as_ref().map(|told| told.at));
        if urgent {
            let oldest = at.into_iter().chain(self.p2.as_ref().map(|told| told.at)).min();
            (p1.with(most(&self.p2), |a, b| a + b), oldest)
        } else {
            (p1, at)
        }
    }
}

fn oldest(of: &[Option<Time>]) -> Known<Time> {
    if of.iter().any(Option::is_none) {
        Known::Unknown
    } else {
        of.iter().flatten().min().copied().into()
    }
}

/// Whole numbers are told in thousandths.
fn milli(value: Known<i64>) -> Known<i64> {
    value.map(|value| value.saturating_mul(1_000))
}

/// Every indicator of an incident as it stands.
#[must_use]
pub fn all(world: &World, found: &Found<'_>, now: Time) -> Vec<Shown> {
    let rules = found.journal.shared().rulesets.in_force(Scope::Blood, now);
    let seen = Seen::of(world, found, now);
    vec![
        waiting(&seen, rules),
        receiving(&seen, rules),
        clearing(&seen, rules),
        theatres(&seen, rules),
        intensive(&seen, rules),
        transports(world, found, &seen, rules, now),
        bleeding(world, found, rules, now),
    ]
}

struct Stated<'a> {
    name: &'a str,
    value: Known<i64>,
    threshold: Known<i64>,
    /// Whether more than the threshold speaks for it; otherwise less.
    above: bool,
    source: &'a str,
    at: Known<Time>,
    by_rule: bool,
}

fn shown(measure: Measure, one: &Stated<'_>) -> Shown {
    let passed = one.value.with(one.threshold, |value, threshold| {
        if one.above { value > threshold } else { value < threshold }
    });
    let indicator = Indicator {
        name: one.name.to_owned(),
        // A value that cannot be held against anything says nothing.
        value: if one.threshold == Known::Unknown { Known::Unknown } else { one.value },
        threshold: one.threshold.value().unwrap_or(0),
        passed,
        source: one.source.to_owned(),
        at: if one.value == Known::Unknown { Known::Unknown } else { one.at },
    };
    Shown { indicator, measure, by_rule: one.by_rule }
}

/// Immediate against the places ready for them.
fn waiting(seen: &Seen, rules: Option<&InForce>) -> Shown {
    let (percent, by_rule) = stated(rules, key::INDICATOR_P1_WAITING_PERCENT, 100);
    let (p1, at) = seen.patients(false);
    let threshold = seen.places[0].map(|places| places * percent * 10);
    shown(
        Measure::Triage,
        &Stated {
            name: "p1_waiting",
            value: milli(p1),
            threshold,
            above: true,
            source: "situation_and_capacity",
            at: oldest(&[at, seen.reported]),
            by_rule,
        },
    )
}

/// Places of an emergency department to seriously injured in an hour.
fn per_hour(seen: &Seen, rules: Option<&InForce>) -> (Known<i64>, bool) {
    let (tenths, by_rule) = stated(rules, key::INDICATOR_EMERGENCY_HOURS_TENTHS, 25);
    (seen.places[0].map(|places| places * 10 / tenths), by_rule)
}

/// Seriously injured against what can be received in the next hour.
fn receiving(seen: &Seen, rules: Option<&InForce>) -> Shown {
    let (rate, by_rule) = per_hour(seen, rules);
    let (patients, at) = seen.patients(true);
    shown(
        Measure::Triage,
        &Stated {
            name: "next_hour",
            value: milli(patients),
            threshold: milli(rate),
            above: true,
            source: "situation_and_capacity",
            at: oldest(&[at, seen.reported]),
            by_rule,
        },
    )
}

/// Minutes until every immediate is received.
fn clearing(seen: &Seen, rules: Option<&InForce>) -> Shown {
    let (minutes, by_rule) = stated(rules, key::INDICATOR_CLEAR_P1_MINUTES, 60);
    let (p1, at) = seen.patients(false);
    let (rate, _) = per_hour(seen, rules);
    let takes = p1.with(rate, |p1, rate| (rate > 0 || p1 == 0).then(|| p1 * 60_000 / rate.max(1)));
    shown(
        Measure::Triage,
        &Stated {
            name: "clear_p1",
            value: takes.value().flatten().into(),
            threshold: Known::Value(minutes * 1_000),
            above: true,
            source: "situation_and_capacity",
            at: oldest(&[at, seen.reported]),
            by_rule,
        },
    )
}

fn theatres(seen: &Seen, rules: Option<&InForce>) -> Shown {
    let (least, by_rule) = stated(rules, key::INDICATOR_THEATRE_LEAST, 1);
    shown(
        Measure::Triage,
        &Stated {
            name: "theatres",
            value: milli(seen.places[1]),
            threshold: Known::Value(least * 1_000),
            above: false,
            source: "capacity",
            at: oldest(&[seen.reported]),
            by_rule,
        },
    )
}

fn intensive(seen: &Seen, rules: Option<&InForce>) -> Shown {
    let (permille, by_rule) = stated(rules, key::INDICATOR_INTENSIVE_CARE_PERMILLE, 500);
    let (p1, at) = seen.patients(false);
    shown(
        Measure::Triage,
        &Stated {
            name: "intensive_care",
            value: milli(seen.places[2]),
            threshold: p1.map(|p1| p1 * permille),
            above: false,
            source: "situation_and_capacity",
            at: oldest(&[at, seen.reported]),
            by_rule,
        },
    )
}

/// The struck region's own transports within the hour: those that are free, and those promised.
fn transports(
    world: &World,
    found: &Found<'_>,
    seen: &Seen,
    rules: Option<&InForce>,
    now: Time,
) -> Shown {
    let (carried, by_rule) = stated(rules, key::INDICATOR_TRANSPORT_PATIENTS, 4);
    let free = found.field(world, Field::AmbulancesFree);
    let count =
        free.as_ref().map_or(Known::Unknown, |told| told.span.map(|(least, _)| i64::from(least)));
    let within = now.plus_seconds(3_600);
    let pledged = found.held.alarms.iter().filter_map(|alarm| {
        let key = (found.journal.id.clone(), alarm.clone());
        found.journal.shared().readiness.pledged.get(&key)
    });
    let ready = pledged.flat_map(|held| held.units.iter()).filter(|unit| unit.0.ready <= within);
    let ready = i64::try_from(ready.count()).unwrap_or(0);
    let (patients, at) = seen.patients(true);
    shown(
        Measure::Triage,
        &Stated {
            name: "transports",
            value: milli(count.map(|count| count + ready)),
            threshold: patients.map(|patients| patients * 1_000 / carried),
            above: false,
            source: "situation",
            at: oldest(&[at, free.map(|told| told.at)]),
            by_rule,
        },
    )
}

/// Hours of cover of the struck region's red cells, by the plan.
fn bleeding(world: &World, found: &Found<'_>, rules: Option<&InForce>, now: Time) -> Shown {
    let (hours, by_rule) = stated(rules, key::INDICATOR_BLOOD_HOURS, 6);
    let room = room(world, found, Asked::default(), now);
    let struck = room.regions.iter().find(|one| one.struck);
    let line = struck.and_then(|one| one.lines.iter().find(|line| line.line == Line::RedCells));
    let cover = line.and_then(|line| line.cover.as_ref().ok());
    let value = cover.map(|cover| i64::from(cover.plan.hours()));
    shown(
        Measure::Rationing,
        &Stated {
            name: BLOOD_HOURS,
            value: milli(value.into()),
            threshold: Known::Value(hours * 1_000),
            above: false,
            source: "stock",
            at: line.map_or(Known::Unknown, |line| line.as_of),
            by_rule,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_the_hours_that_are_looked_at_is_at_least_that_much() {
        let one = |name: &str, value| Indicator {
            name: name.to_owned(),
            value,
            threshold: 6_000,
            passed: Known::Unknown,
            source: "stock".to_owned(),
            at: Known::Unknown,
        };
        assert!(at_least(&one(BLOOD_HOURS, Known::Value(24_000))));
        assert!(!at_least(&one(BLOOD_HOURS, Known::Value(23_000))));
        assert!(!at_least(&one(BLOOD_HOURS, Known::Unknown)));
        assert!(!at_least(&one("theatres", Known::Value(24_000))));
    }
}
