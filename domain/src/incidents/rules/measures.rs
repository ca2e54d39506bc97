//! Triage by the rules of mass casualties, and rationing: proposed by figures, decided by people.

use super::super::command::Command;
use super::super::event::{Event, Resolved, Reviewed, Seconded};
use super::super::model::{Measure, Resolution, Stage};
use super::super::state::{Incident, Shared, Taken};
use super::{NOT_IN_FORCE, RESOURCE, REVIEW, SAME_PERSON, running, stage};
use crate::Region;
use crate::kernel::{not_found, optional_text, text};
use crate::rulesets::{self, key};
use crate::words::{Context, IncidentId, NONE, Refusal, Time};

/// A measure is looked at again within so many hours.
const REVIEW_HOURS: i64 = 24;

/// How many have to decide where the region's rules say nothing: two on rationing
/// (preparedness.md §6.3).
const fn proposed(measure: Measure) -> u8 {
    match measure {
        Measure::Triage => 1,
        Measure::Rationing => 2,
    }
}

/// How many have to decide: as the region's rules say, and never nobody.
fn deciders(region: &Region, measure: Measure, now: Time) -> u8 {
    let key = match measure {
        Measure::Triage => key::MEASURE_TRIAGE_DECIDERS,
        Measure::Rationing => key::MEASURE_RATIONING_DECIDERS,
    };
    let rules = region.shared.rulesets.in_force(rulesets::Scope::Blood, now);
    let said = rules.and_then(|rules| rules.count(key).ok());
    said.and_then(|n| u8::try_from(n).ok()).filter(|n| *n > 0).unwrap_or(proposed(measure))
}

/// Decides a command about a measure.
pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let shared = &region.shared.incidents;
    let event = match command {
        Command::Resolve { incident, resolution } => {
            let held = running(shared, incident)?;
            if held.stage < Stage::Confirmed {
                return Err(stage(held));
            }
            let resolution = checked(resolution, ctx)?;
            let deciders = deciders(region, resolution.measure, ctx.now);
            let resolved = Resolved { incident: incident.clone(), resolution, deciders };
            Event::Resolved(Box::new(resolved), NONE)
        }
        Command::Second { incident, resolution } => {
            let taken = taken(running(shared, incident)?, *resolution)?;
            if taken.since().is_some() || taken.ended.is_some() {
                return Err(NOT_IN_FORCE.because([("resolution", resolution.to_string())]));
            }
            if taken.signed.iter().any(|(actor, _)| actor == ctx.actor) {
                return Err(SAME_PERSON.because([("actor", ctx.actor.to_string())]));
            }
            let (incident, by) = (incident.clone(), ctx.actor.clone());
            Event::Seconded(Seconded { incident, resolution: *resolution, by }, NONE)
        }
        Command::Extend { incident, resolution, review, basis } => {
            let review = Some(timely(*review, ctx)?);
            reviewed(shared, (incident, *resolution), review, basis)?
        }
        Command::Lift { incident, resolution, basis } => {
            reviewed(shared, (incident, *resolution), None, basis)?
        }
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn taken(held: &Incident, resolution: u16) -> Result<&Taken, Refusal> {
    held.taken.get(usize::from(resolution)).ok_or_else(|| not_found("resolution", resolution))
}

fn timely(review: Time, ctx: &Context<'_>) -> Result<Time, Refusal> {
    let last = ctx.now.plus_seconds(REVIEW_HOURS * 3_600);
    if review <= ctx.now || review > last {
        return Err(REVIEW.because([("review", review.to_string()), ("last", last.to_string())]));
    }
    Ok(review)
}

fn checked(resolution: &Resolution, ctx: &Context<'_>) -> Result<Resolution, Refusal> {
    let resource = optional_text("resource", resolution.resource.as_ref())?;
    if (resolution.measure == Measure::Rationing) != resource.is_some() {
        return Err(RESOURCE.because([("measure", resolution.measure.to_string())]));
    }
    let (review, basis) = (timely(resolution.review, ctx)?, text("basis", &resolution.basis)?);
    Ok(Resolution { resource, review, basis, ..resolution.clone() })
}

fn reviewed(
    shared: &Shared,
    (incident, resolution): (&IncidentId, u16),
    review: Option<Time>,
    basis: &str,
) -> Result<Event, Refusal> {
    let taken = taken(running(shared, incident)?, resolution)?;
    // What nobody seconded can still be taken back.
    if taken.ended.is_some() || (review.is_some() && !taken.holds()) {
        return Err(NOT_IN_FORCE.because([("resolution", resolution.to_string())]));
    }
    let (incident, basis) = (incident.clone(), text("basis", basis)?);
    Ok(Event::Reviewed(Reviewed { incident, resolution, review, basis }, NONE))
}
