//! Confirm, assess and alarm with one signature.

use super::super::command::Command;
use super::super::event::Event;
use super::super::model::Stage;
use super::{NOT_ASSESSED, assess, checked, held, open, reached, set, stage};
use crate::alarms::{self, model::prefix};
use crate::kernel::text;
use crate::words::{Context, IncidentId, Refusal};
use crate::{Event as Any, Region};

/// Everything that was not done yet, in order, and then the alarm. What was done before stands.
pub(super) fn raise(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Any>, Refusal> {
    let Command::Raise { incident, report, basis, mode, assessment, alarm } = command else {
        unreachable!("routed by decide");
    };
    let basis = text("basis", basis)?;
    let shared = &region.shared.incidents;
    let (id, before, mut events) = match incident {
        Some(id) => (id.clone(), held(shared, id)?.stage, Vec::new()),
        None => {
            let id: IncidentId = ctx.named(prefix(ctx.mode, "sh"));
            let events = open(&id, &checked(report)?, true)?;
            (id, Stage::Suspected, events)
        }
    };
    if before > Stage::Assessed {
        return Err(stage(held(shared, &id)?));
    }
    if !assessment.mass_casualty() {
        let holds = [("harm", assessment.harm.holds), ("imbalance", assessment.imbalance.holds)];
        return Err(NOT_ASSESSED.because(holds.map(|(name, holds)| (name, holds.to_string()))));
    }
    if before < Stage::Confirmed {
        events.push(reached(&id, Stage::Confirmed, Some(basis.clone())));
        events.push(set(None, *mode, basis));
    }
    events.extend(assess(&id, before.max(Stage::Confirmed), assessment)?);
    let draft = alarms::command::Draft { incident: Some(id), ..(**alarm).clone() };
    let alarmed = alarms::issue(region, &draft, Some(Stage::Assessed), ctx)?;
    Ok(events.into_iter().map(Into::into).chain(alarmed).collect())
}

/// The early word that goes with a first report: both are recorded, or neither.
pub(super) fn tell(
    region: &Region,
    id: &IncidentId,
    suspected: bool,
    draft: &alarms::command::Draft,
    ctx: &Context<'_>,
) -> Result<Vec<Any>, Refusal> {
    let (incident, kind) = (Some(id.clone()), alarms::model::Kind::PreAlert);
    let draft = alarms::command::Draft { incident, kind, replaces: None, ..draft.clone() };
    // A draft leaves the region no more for being written down with a word to the neighbours.
    let stage = if suspected { Stage::Suspected } else { Stage::Draft };
    alarms::issue(region, &draft, Some(stage), ctx)
}

/// The event by which an alarm takes its incident further.
pub(crate) fn alarmed(id: &IncidentId, to: Stage, alarm: crate::words::AlarmId) -> Event {
    let reached =
        super::Reached { incident: id.clone(), stage: to, basis: None, alarm: Some(alarm) };
    Event::Reached(reached, crate::words::NONE)
}
