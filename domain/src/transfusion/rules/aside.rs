//! Setting units aside, crossmatches, and physicians' decisions against a rule.

use super::super::command::{Crossmatched as Read, Deciding};
use super::super::event::{Allocated, Crossmatched, Decided, Event, Picked, Why};
use super::super::gate::Verdict;
use super::super::model::{Capacity, Crossmatch, Match, Open};
use super::super::view::{Asking, Candidate, best_here, known_antibodies};
use super::ask::{UNITS_MAX, set_aside};
use super::refusals::{
    COMPONENT, CONFIRM, DECISION_TWO, DECISION_UNTIL, MORE, NOT_ASIDE, NOT_ASKED, WHEN, kept_back,
};
use super::{in_force, open, stock};
use crate::Region;
use crate::blood::model::{Component, Unit, UnitId};
use crate::blood::rules::give;
use crate::kernel::text;
use crate::rulesets::key;
use crate::words::{Context, Known, Nothing, Private, Refusal, RequestId};

fn asks_for(held: &Open, component: Component) -> bool {
    match &held.course {
        Some(course) => course.of(component) > 0,
        None => component == held.request.component,
    }
}

/// Whether the unit is what was asked for.
pub(super) fn asked_for(held: &Open, id: &UnitId, unit: &Unit) -> Result<(), Refusal> {
    let component = unit.component();
    if asks_for(held, component) {
        return Ok(());
    }
    Err(COMPONENT.because([
        ("unit", id.to_string()),
        ("component", component.to_string()),
        ("asked", held.request.component.to_string()),
    ]))
}

/// Whether so many more are still asked for.
pub(super) fn enough(
    region: &Region,
    id: &RequestId,
    held: &Open,
    more: &[UnitId],
) -> Result<(), Refusal> {
    let aside = set_aside(region, id);
    let new = more.iter().filter(|unit| !aside.contains(unit)).count();
    room(held, aside.len() + new)
}

/// Whether a request has room for so many units beside those that were handed out.
fn room(held: &Open, units: usize) -> Result<(), Refusal> {
    let all = held.handed_out() + units;
    // Packages go on until they are called off.
    if held.course.is_some() || all <= held.request.units.into() {
        return Ok(());
    }
    let facts = [("units", all.to_string()), ("asked", held.request.units.to_string())];
    Err(MORE.because(facts))
}

pub(super) fn reserve(
    region: &Region,
    id: &RequestId,
    units: &[UnitId],
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    let rules = in_force(region, ctx)?;
    enough(region, id, held, units)?;
    let asking = Asking::of((region, ctx.others), rules, (id, held), ctx.now);
    let mut verdicts = Vec::with_capacity(units.len());
    for unit in units {
        let found = stock(region).unit(unit)?;
        asked_for(held, unit, found)?;
        let verdict = asking.gate(*unit, found);
        if !verdict.may_be_set_aside() {
            return Err(kept_back(unit, &verdict.blocks[0]));
        }
        verdicts.push(verdict);
    }
    allocate(&asking, units.to_vec(), &verdicts, None, ctx)
}

pub(super) fn reserve_best(
    region: &Region,
    id: &RequestId,
    component: Option<Component>,
    (count, at_least): (u16, u16),
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    let rules = in_force(region, ctx)?;
    let (site, component) = (&held.request.site, component.unwrap_or(held.request.component));
    give::how_many((count, at_least), UNITS_MAX.into())?;
    if !asks_for(held, component) {
        let asked = held.request.component.to_string();
        return Err(NOT_ASKED.because([("component", component.to_string()), ("asked", asked)]));
    }
    room(held, set_aside(region, id).len() + usize::from(count))?;
    stock(region).kept_site(site)?;
    let asking = Asking::of((region, ctx.others), rules, (id, held), ctx.now);
    let best = best_here(&asking, component, count.into());
    // If nothing may be set aside although something is there, what keeps the best back is said.
    if let (true, Some(kept)) = (best.units.is_empty(), &best.kept_back) {
        return Err(kept_back(&kept.choice.id, &kept.gate.blocks[0]));
    }
    give::as_many((count, at_least), best.units.len(), (component, site))?;
    let why = best.units.iter().map(why).collect();
    let picked = Picked { asked: count, at_least, site: site.clone(), why };
    let units = best.units.iter().map(|one| one.choice.id).collect();
    let verdicts: Vec<_> = best.units.into_iter().map(|one| one.gate).collect();
    allocate(&asking, units, &verdicts, Some(picked), ctx)
}

fn why(one: &Candidate) -> Why {
    let step = &one.choice.step;
    Why {
        unit: one.choice.id,
        place: step.place,
        reason: step.reason,
        rule: step.rule.to_owned(),
        source: step.source.clone(),
        freshness: one.freshness,
        expiry: one.choice.expiry,
    }
}

/// Sets units aside that the gate let through.
fn allocate(
    asking: &Asking<'_>,
    units: Vec<UnitId>,
    verdicts: &[Verdict],
    picked: Option<Picked>,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let Asking { region, rules, id, held, .. } = asking;
    let hours = rules.hours(key::RESERVATION_LAPSE_HOURS)?;
    let mut until = ctx.now.plus_seconds(i64::from(hours) * 3_600);
    let mut conditions = verdicts.iter().flat_map(|verdict| verdict.fit.conditions());
    let due = conditions.any(|one| one.check == "mg_test");
    if let Some(days) = rules.days(key::MG_RESERVED_DAYS).ok().filter(|_| due) {
        until = until.min(ctx.now.plus_days(i64::from(days)));
    }
    let aside = give::set_aside(&stock(region), &units, (id, &held.request.ward), until, ctx)?;
    let known = asking.known.as_ref();
    let allocated = Allocated {
        id: (*id).clone(),
        patient: held.request.patient.clone(),
        units,
        antibodies: known.map_or(Known::Unknown, |known| known.recipient.antibodies),
        rule_set: rules.digest,
        picked,
    };
    Ok(vec![aside.into(), Event::Allocated(Nothing, Private::Here(allocated)).into()])
}

pub(super) fn crossmatch(
    region: &Region,
    id: &RequestId,
    read: &Read,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    let aside = set_aside(region, id).contains(&read.unit);
    // A crossmatch may follow an emergency issue.
    if !aside && !held.issued.contains_key(&read.unit) {
        let facts = [("unit", read.unit.to_string()), ("request", id.to_string())];
        return Err(NOT_ASIDE.because(facts));
    }
    if read.taken > ctx.now {
        return Err(WHEN.because([("taken", read.taken.to_string())]));
    }
    let crossmatch = Crossmatch {
        result: read.result,
        taken: read.taken,
        at: ctx.happened,
        by: ctx.actor.clone(),
        second: None,
        antibodies: known_antibodies(region, held, ctx.now),
    };
    let mut events = vec![crossmatched(id, held, read.unit, crossmatch)];
    // What does not fit this patient may fit another.
    if read.result == Match::Incompatible && aside {
        events.push(give::let_go(vec![read.unit], "MG-test: incompatible").into());
    }
    Ok(events)
}

fn crossmatched(id: &RequestId, held: &Open, unit: UnitId, crossmatch: Crossmatch) -> crate::Event {
    let patient = held.request.patient.clone();
    let event = Crossmatched { id: id.clone(), patient, unit, crossmatch };
    Event::Crossmatched(Nothing, Private::Here(event)).into()
}

pub(super) fn confirm(
    region: &Region,
    id: &RequestId,
    unit: UnitId,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    let facts = [("unit", unit.to_string())];
    let read = held.crossmatches.get(&unit).ok_or_else(|| CONFIRM.because(facts.clone()))?;
    if read.by == *ctx.actor || read.second.is_some() {
        return Err(CONFIRM.because(facts));
    }
    let crossmatch = Crossmatch { second: Some(ctx.actor.clone()), ..read.clone() };
    Ok(vec![crossmatched(id, held, unit, crossmatch)])
}

/// No exception outlives the request's samples by more than this.
const EXCEPTION_DAYS_MAX: i64 = 3;

pub(super) fn decide(
    region: &Region,
    id: &RequestId,
    decision: &Deciding,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    if decision.until <= ctx.now || decision.until > ctx.now.plus_days(EXCEPTION_DAYS_MAX) {
        let days = EXCEPTION_DAYS_MAX.to_string();
        return Err(DECISION_UNTIL.because([("until", decision.until.to_string()), ("days", days)]));
    }
    let exception = held.exceptions.iter().find(|one| one.rule == decision.rule);
    let other = exception.and_then(|one| match decision.capacity {
        Capacity::Transfusion => one.treating.as_ref(),
        Capacity::Treating => one.transfusion.as_ref(),
    });
    let physician = text("physician", &decision.physician)?;
    // Whoever put the one on record does not put the other; and they are two physicians.
    let same = other.is_some_and(|other| {
        other.recorded_by == *ctx.actor || other.physician.eq_ignore_ascii_case(&physician)
    });
    if same && other.is_some_and(|other| ctx.now < other.until) {
        return Err(DECISION_TWO.because([("physician", physician)]));
    }
    let reason = text("reason", &decision.reason)?;
    let decision = Deciding { physician, reason, ..decision.clone() };
    let patient = held.request.patient.clone();
    let decided = Decided { id: id.clone(), patient, decision };
    Ok(vec![Event::Decided(Nothing, Private::Here(decided)).into()])
}
