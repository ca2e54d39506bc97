//! What regions do afterwards: given in the incident's region, reported on in the region that has
//! it, each in its own record.

use super::super::command::Command;
use super::super::event::{DutyAssigned, DutyDropped, DutyReported, Event};
use super::super::model::Duty;
use super::super::state::Shared;
use super::{DUE, DUTY_ENDED, NOT_OURS, held};
use crate::kernel::{not_found, optional_text, text};
use crate::words::{Context, NONE, Refusal};

/// Decides a command about duties.
pub(super) fn decide(
    shared: &Shared,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::AssignDuty { incident, duty } => {
            held(shared, incident)?;
            if duty.due <= ctx.now {
                return Err(DUE.because([("due", duty.due.to_string())]));
            }
            // A region that nobody holds a journal of could never say that it is done.
            let known =
                duty.region == *ctx.region || ctx.others.iter().any(|(id, _)| **id == duty.region);
            if !known {
                return Err(not_found("region", &duty.region));
            }
            let duty = Duty {
                what: text("what", &duty.what)?,
                gap: optional_text("gap", duty.gap.as_ref())?,
                owner: optional_text("owner", duty.owner.as_ref())?,
                ..duty.clone()
            };
            Event::DutyAssigned(DutyAssigned { incident: incident.clone(), duty }, NONE)
        }
        Command::DropDuty { incident, duty, why } => {
            let assigned = held(shared, incident)?.duties.get(usize::from(*duty));
            let assigned = assigned.ok_or_else(|| not_found("duty", duty))?;
            if assigned.dropped.is_some() {
                return Err(DUTY_ENDED.because([("duty", assigned.duty.what.clone())]));
            }
            let (incident, why) = (incident.clone(), text("why", why)?);
            Event::DutyDropped(DutyDropped { incident, duty: *duty, why }, NONE)
        }
        Command::ReportDuty { done, proof, .. } => reported(shared, *done, proof, ctx)?,
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn reported(shared: &Shared, done: bool, proof: &str, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let refused = || NOT_OURS.because([("region", ctx.region.to_string())]);
    let given = ctx.foreign.ok_or_else(refused)?;
    let crate::Event::Incidents(Event::DutyAssigned(assigned, _)) = &given.event else {
        return Err(refused());
    };
    if given.mode != ctx.mode || assigned.duty.region != *ctx.region {
        return Err(refused());
    }
    if shared.duties.get(&given.at.hash).is_some_and(|said| said.what.done) {
        return Err(DUTY_ENDED.because([("duty", assigned.duty.what.clone())]));
    }
    let (record, of) = (given.at.clone(), given.at.journal.clone());
    let (of_incident, proof) = (assigned.incident.clone(), text("proof", proof)?);
    Ok(Event::DutyReported(DutyReported { record, of, of_incident, done, proof }, NONE))
}
