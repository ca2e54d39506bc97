//! What is allowed about patients. What a laboratory found is a report: it is recorded also where
//! it contradicts what was known, and the contradiction then stops what is about to happen.

mod ask;
mod decisions;
mod people;
mod refusals;
mod results;

pub use ask::{ANSWER_EMERGENCY_MINUTES, ANSWER_ROUTINE_HOURS};
pub use refusals::REFUSALS;

use super::command::Command;
use super::event::Event;
use super::model::Patient;
use super::state::Own;
use super::view::Family;
use crate::Region;
use crate::kernel::not_found;
use crate::rulesets::{InForce, Scope};
use crate::words::{Code, Context, Nothing, PatientId, Private, Refusal, Time};

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    use Command as C;
    let own = &region.own.patients;
    let event = match command {
        C::Register { .. }
        | C::CorrectIdentity { .. }
        | C::StateMother { .. }
        | C::Link { .. }
        | C::Unlink { .. }
        | C::Block { .. }
        | C::LiftBlock { .. } => people::decide(own, command, ctx),
        C::TakeSample { .. }
        | C::Determine { .. }
        | C::RecordScreen { .. }
        | C::Verify { .. }
        | C::FindAntibody { .. }
        | C::NotSeen { .. } => results::decide(own, command, ctx),
        C::Resolve { .. } | C::Require { .. } | C::EndRequirement { .. } | C::Turn { .. } => {
            decisions::decide(region, command, ctx)
        }
        C::Ask { .. }
        | C::WithdrawAsk { .. }
        | C::Answer { .. }
        | C::Decline { .. }
        | C::TakeIn { .. } => ask::decide(region, command, ctx),
    };
    Ok(vec![event?.into()])
}

/// Somebody who is registered.
fn patient<'a>(own: &'a Own, id: &PatientId) -> Result<&'a Patient, Refusal> {
    own.patients.get(id).ok_or_else(|| not_found("patient", id))
}

/// Somebody and whoever turned out to be the same.
fn family<'a>(own: &'a Own, id: &PatientId) -> Result<Family<'a>, Refusal> {
    Family::of(own, id).ok_or_else(|| not_found("patient", id))
}

/// Somebody whose reserve number was not linked: decisions are made under the person.
fn person<'a>(own: &'a Own, id: &PatientId) -> Result<&'a Patient, Refusal> {
    let found = patient(own, id)?;
    match &found.linked {
        Some(linked) => Err(refusals::LINKED
            .because([("patient", id.to_string()), ("person", linked.to.to_string())])),
        None => Ok(found),
    }
}

fn happened(at: Time, ctx: &Context<'_>) -> Result<(), Refusal> {
    // Two clocks in one house may differ by a little; a sample of tomorrow is a typing error.
    if at > ctx.now.plus_seconds(300) {
        return Err(refusals::AHEAD.because([("at", at.to_string())]));
    }
    Ok(())
}

fn fresh(ctx: &Context<'_>, prefix: &str) -> Code {
    ctx.named::<Code>(prefix)
}

fn rules<'a>(region: &'a Region, ctx: &Context<'_>) -> Result<&'a InForce, Refusal> {
    region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)
}

/// An event that stays in the region.
fn inside<T>(make: fn(Nothing, Private<T>) -> Event, part: T) -> Event {
    make(Nothing, Private::Here(part))
}
