//! What is allowed with major incidents. Who may is the policy's; here stands in which order.

mod duties;
mod measures;
mod raise;

pub(crate) use raise::alarmed;

use super::command::Command;
use super::event::{Assessed, Event, ModeSet, Noted, Opened, Reached};
use super::model::{Assessment, Finding, Report, Stage};
use super::state::{Incident, Shared};
use crate::alarms;
use crate::kernel::{not_found, refusals, text};
use crate::words::{Context, IncidentId, NONE, Refusal, Time};
use crate::{Event as Any, Region};

refusals! {
    /// The stage before has not been reached, or it has been left.
    STAGE = "incident.stage", "preparedness.md §6.2: the machine of an incident";
    /// The two findings are not there.
    NOT_ASSESSED = "incident.not_assessed", "preparedness.md §1.1 S3: both stored with basis";
    /// Somebody still owes something.
    OPEN = "incident.open_obligations", "preparedness.md §6.2: all obligations closed";
    /// It is looked at again too late, or in the past.
    REVIEW = "incident.review", "preparedness.md §6.3: a measure has its time of review";
    /// A resource is rationed, or nothing is.
    RESOURCE = "incident.resource", "preparedness.md §6.3: rationing is per resource";
    /// The same person cannot sign twice.
    SAME_PERSON = "incident.same_person", "preparedness.md §6.3: always two deciders";
    /// The measure has ended, or does not hold yet.
    NOT_IN_FORCE = "incident.not_in_force", "preparedness.md §6.3: decided, extended or lifted";
    /// The time by which a duty is done has passed.
    DUE = "incident.duty_due", "C19: a decision becomes a duty with a time";
    /// The duty was dropped, or is done.
    DUTY_ENDED = "incident.duty_ended", "C19: a duty ends once";
    /// The record gives this region no duty.
    NOT_OURS = "incident.not_ours", "design §2: two signatures over the same content bind";
}

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(region: &Region, command: &Command, ctx: &Context<'_>) -> Result<Vec<Any>, Refusal> {
    let shared = &region.shared.incidents;
    let events = match command {
        Command::Raise { .. } => return raise::raise(region, command, ctx),
        Command::Open { report, suspected, tell } => {
            let id = ctx.named(alarms::model::prefix(ctx.mode, "sh"));
            let events = open(&id, report, *suspected)?;
            let told = tell.as_ref().map(|draft| raise::tell(region, &id, *suspected, draft, ctx));
            let told = told.transpose()?.unwrap_or_default();
            return Ok(events.into_iter().map(Into::into).chain(told).collect());
        }
        Command::Suspect { incident } => {
            after(shared, incident, &[Stage::Draft])?;
            vec![reached(incident, Stage::Suspected, None)]
        }
        Command::Confirm { incident, basis, mode } => {
            after(shared, incident, &[Stage::Draft, Stage::Suspected])?;
            let basis = text("basis", basis)?;
            vec![reached(incident, Stage::Confirmed, Some(basis.clone())), set(None, *mode, basis)]
        }
        Command::Assess { incident, assessment } => {
            let held = running(shared, incident)?;
            assess(incident, held.stage, assessment)?
        }
        Command::Respond { incident } => follow(shared, incident, Stage::Responding)?,
        Command::NationalAnswered { incident } => {
            follow(shared, incident, Stage::NationalConfirmed)?
        }
        Command::SetMode { site, mode, basis } => {
            if let Some(site) = site
                && !region.shared.kernel.sites.contains_key(site)
            {
                return Err(not_found("site", site));
            }
            vec![set(site.clone(), *mode, text("basis", basis)?)]
        }
        Command::Note { incident, text: said, source } => {
            held(shared, incident)?;
            let (text, source) = (text("text", said)?, text("source", source)?);
            vec![Event::Noted(Noted { incident: incident.clone(), text, source }, NONE)]
        }
        Command::Resolve { .. }
        | Command::Second { .. }
        | Command::Extend { .. }
        | Command::Lift { .. } => measures::decide(region, command, ctx)?,
        Command::AssignDuty { .. } | Command::DropDuty { .. } | Command::ReportDuty { .. } => {
            duties::decide(shared, command, ctx)?
        }
        Command::StandDown { incident, basis } => {
            let held = running(shared, incident)?;
            if held.stage < Stage::Confirmed || held.stage == Stage::StandDown {
                return Err(stage(held));
            }
            vec![reached(incident, Stage::StandDown, Some(text("basis", basis)?))]
        }
        Command::Close { incident, text: said } => close(region, incident, said)?,
    };
    Ok(events.into_iter().map(Into::into).collect())
}

fn held<'a>(shared: &'a Shared, id: &IncidentId) -> Result<&'a Incident, Refusal> {
    shared.incidents.get(id).ok_or_else(|| not_found("incident", id))
}

fn stage(held: &Incident) -> Refusal {
    STAGE.because([("stage", held.stage.to_string())])
}

fn running<'a>(shared: &'a Shared, id: &IncidentId) -> Result<&'a Incident, Refusal> {
    let held = held(shared, id)?;
    if held.stage == Stage::Closed { Err(stage(held)) } else { Ok(held) }
}

fn after<'a>(
    shared: &'a Shared,
    id: &IncidentId,
    stages: &[Stage],
) -> Result<&'a Incident, Refusal> {
    let held = held(shared, id)?;
    if stages.contains(&held.stage) { Ok(held) } else { Err(stage(held)) }
}

fn reached(incident: &IncidentId, stage: Stage, basis: Option<String>) -> Event {
    let incident = incident.clone();
    Event::Reached(Reached { incident, stage, basis, alarm: None }, NONE)
}

fn set(site: Option<crate::words::SiteId>, mode: super::model::CareMode, basis: String) -> Event {
    Event::ModeSet(ModeSet { site, mode, basis }, NONE)
}

/// What others' answers lead to; said twice, or too late, it leads to nothing.
fn follow(shared: &Shared, id: &IncidentId, to: Stage) -> Result<Vec<Event>, Refusal> {
    let from = match to {
        Stage::Responding => Stage::Alarmed,
        _ => Stage::NationalRequested,
    };
    let ready = held(shared, id)?.stage == from;
    Ok(ready.then(|| reached(id, to, None)).into_iter().collect())
}

fn open(id: &IncidentId, report: &Report, suspected: bool) -> Result<Vec<Event>, Refusal> {
    let opened = Opened { incident: id.clone(), report: checked(report)? };
    let mut events = vec![Event::Opened(opened, NONE)];
    if suspected {
        events.push(reached(id, Stage::Suspected, None));
    }
    Ok(events)
}

fn checked(report: &Report) -> Result<Report, Refusal> {
    Ok(Report {
        title: text("title", &report.title)?,
        text: text("text", &report.text)?,
        source: text("source", &report.source)?,
        ..report.clone()
    })
}

fn finding(finding: &Finding) -> Result<Finding, Refusal> {
    let (basis, source) = (text("basis", &finding.basis)?, text("source", &finding.source)?);
    Ok(Finding { basis, source, ..finding.clone() })
}

/// The assessment; it is one of mass casualties if both findings hold or are suspected.
fn assess(id: &IncidentId, stage: Stage, assessment: &Assessment) -> Result<Vec<Event>, Refusal> {
    let (harm, imbalance) = (finding(&assessment.harm)?, finding(&assessment.imbalance)?);
    let assessment = Assessment { harm, imbalance };
    let further = assessment.mass_casualty() && stage == Stage::Confirmed;
    let assessed = Assessed { incident: id.clone(), assessment };
    let mut events = vec![Event::Assessed(assessed, NONE)];
    if further {
        events.push(reached(id, Stage::Assessed, None));
    }
    Ok(events)
}

fn close(region: &Region, id: &IncidentId, said: &str) -> Result<Vec<Event>, Refusal> {
    let held =
        after(&region.shared.incidents, id, &[Stage::StandDown, Stage::Suspected, Stage::Draft])?;
    let obligations = &region.shared.alarms.obligations;
    // Whoever is only told owes nothing, and may never have been reached.
    let open = obligations.iter().filter(|(key, one)| {
        let owes = alarms::model::asks(key.to.role, one.kind);
        held.alarms.contains(&key.alarm) && one.closed.is_none() && owes
    });
    let open = open.count();
    if open > 0 {
        return Err(OPEN.because([("open", open.to_string())]));
    }
    Ok(vec![reached(id, Stage::Closed, Some(text("text", said)?))])
}

/// What the answers to an incident's alarms make due. Safe to repeat.
#[must_use]
pub fn due(shared: &Shared, alarms: &alarms::Shared, _now: Time) -> Vec<Command> {
    let answered = |held: &Incident, role: Option<alarms::model::DutyRole>| {
        alarms.obligations.iter().any(|(key, one)| {
            held.alarms.contains(&key.alarm)
                && one.answer.is_some()
                && role.is_none_or(|role| key.to.role == role)
        })
    };
    let next = |(id, held): (&IncidentId, &Incident)| match held.stage {
        Stage::Alarmed if answered(held, None) => Some(Command::Respond { incident: id.clone() }),
        Stage::NationalRequested if answered(held, Some(alarms::model::DutyRole::NationalTib)) => {
            Some(Command::NationalAnswered { incident: id.clone() })
        }
        _ => None,
    };
    shared.incidents.iter().filter_map(next).collect()
}
