//! What is allowed about transfusions.

mod after;
mod aside;
mod ask;
mod issue;
mod refusals;
mod unsaid;
mod ward;

use super::command::Command;
use super::model::Open;
use crate::kernel::not_found;
use crate::rulesets::{InForce, Scope};
use crate::words::{Context, PatientId, Refusal, RequestId};
use crate::{Region, blood};

pub use refusals::REFUSALS;
pub use unsaid::{PRESUMED_AFTER_HOURS, due};
pub use ward::{Fitness, bedside, fitness};

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    match command {
        Command::Request { request } => ask::request(region, request, ctx),
        Command::Cancel { request, reason } => ask::cancel(region, request, reason, ctx),
        Command::StartPackages { request } => ask::start(region, request, ctx),
        Command::StopPackages { request, reason } => ask::stop(region, request, reason),
        Command::Reserve { request, units } => aside::reserve(region, request, units, ctx),
        Command::ReserveBest { request, component, count, at_least } => {
            aside::reserve_best(region, request, *component, (*count, *at_least), ctx)
        }
        Command::Crossmatch { request, read } => aside::crossmatch(region, request, read, ctx),
        Command::ConfirmCrossmatch { request, unit } => aside::confirm(region, request, *unit, ctx),
        Command::Decide { request, decision } => aside::decide(region, request, decision, ctx),
        Command::Issue { handing } => issue::issue(region, handing, ctx),
        Command::EmergencyIssue { request, units, fetched_by } => {
            issue::emergency(region, request, units, fetched_by, ctx)
        }
        Command::Reconcile { request, patient } => {
            after::reconcile(region, request, patient.as_ref(), ctx)
        }
        Command::SettleDiscrepancies { request, reason } => after::settle(region, request, reason),
        Command::EnterPaper { paper, site, component } => {
            after::paper(region, paper, (site, *component), ctx)
        }
        Command::CheckBedside { unit, patient } => {
            Ok(ward::check(region, *unit, patient.as_ref(), ctx))
        }
        Command::Transfuse { unit, patient, began, ended } => {
            ward::transfuse(region, *unit, patient, (*began, *ended), ctx)
        }
        Command::Return { back } => ward::take_back(region, back, ctx),
        Command::Waste { units, reason } => ward::waste(region, units, reason, ctx),
        Command::Presume { request, units } => Ok(unsaid::presume(region, request, units, ctx)),
        Command::SettleLoose { unit, found, reason } => {
            unsaid::settle_loose(region, unit, *found, reason)
        }
        Command::React { reaction } => after::react(region, reaction, ctx),
        Command::Assess { reaction, category, imputability } => {
            after::assess(region, reaction, (*category, *imputability))
        }
    }
}

/// The stock as its own rules see it.
fn stock(region: &Region) -> blood::House<'_> {
    blood::House::of(region)
}

fn in_force<'r>(region: &'r Region, ctx: &Context<'_>) -> Result<&'r InForce, Refusal> {
    region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)
}

fn open<'r>(region: &'r Region, id: &RequestId) -> Result<&'r Open, Refusal> {
    let open = region.own.transfusion.requests.get(id);
    open.ok_or_else(|| not_found("request", id))
}

fn known_patient(region: &Region, id: &PatientId) -> Result<(), Refusal> {
    let known = region.own.patients.patients.contains_key(id);
    if known { Ok(()) } else { Err(not_found("patient", id)) }
}
