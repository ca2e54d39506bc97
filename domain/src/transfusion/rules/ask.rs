//! A ward asks: a request, packages, and taking either back.

use super::super::event::{Closed, Event, Requested};
use super::super::model::{Course, Open, Request, Told};
use super::refusals::{HOW_MANY, MOTHER_NEEDED, NO_PACKAGES, PATIENT_NEEDED};
use super::{in_force, known_patient, open, stock};
use crate::Region;
use crate::blood::model::Component;
use crate::blood::rules::give;
use crate::kernel::text;
use crate::patients::view::serology;
use crate::rulesets::key;
use crate::words::{Context, Known, Nothing, Private, Refusal, RequestId};

/// Most units in one request; massive transfusion is asked for in packages.
pub(super) const UNITS_MAX: u16 = 100;

/// A request as it will stand in the record.
pub(super) fn checked(
    region: &Region,
    request: &Request,
    ctx: &Context<'_>,
) -> Result<Request, Refusal> {
    if request.units == 0 || request.units > UNITS_MAX {
        let facts = [("units", request.units.to_string()), ("most", UNITS_MAX.to_string())];
        return Err(HOW_MANY.because(facts));
    }
    stock(region).open_site(&request.site, ctx)?;
    match &request.patient {
        Some(patient) => known_patient(region, patient)?,
        None if request.urgency.is_emergency() => {}
        None => return Err(PATIENT_NEEDED.because([("urgency", request.urgency.to_string())])),
    }
    mother(region, request, ctx)?;
    let mut requirements = request.requirements.clone();
    requirements.sort_unstable();
    requirements.dedup();
    Ok(Request {
        ward: text("ward", &request.ward)?,
        indication: text("indication", &request.indication)?,
        requirements,
        ..request.clone()
    })
}

/// Where the rules ask for the mother's facts with the order, a routine order waits for them.
fn mother(region: &Region, request: &Request, ctx: &Context<'_>) -> Result<(), Refusal> {
    let Ok(rules) = in_force(region, ctx) else { return Ok(()) };
    let wanted = rules.flag(key::INFANT_MOTHER_DATA_REQUIRED).unwrap_or(false);
    let Some(patient) = request.patient.as_ref().filter(|_| wanted) else { return Ok(()) };
    let known = serology(&region.own.patients, Some(rules), patient, ctx.now);
    let Some(known) = known else { return Ok(()) };
    let limit =
        rules.months(key::INFANT_MONTHS).or_else(|_| rules.months(key::INFANT_NO_TEST_MONTHS));
    // Without a limit of its own a region means everybody in their first year.
    let limit = limit.unwrap_or(crate::blood::model::AgeKnown::INFANCY_MONTHS);
    let infant = known.recipient.age.under_months(limit) == Known::Value(true);
    if infant && known.recipient.mother == Known::Unknown && !request.urgency.is_emergency() {
        return Err(MOTHER_NEEDED.because([("patient", patient.to_string())]));
    }
    Ok(())
}

pub(super) fn fresh(ctx: &Context<'_>) -> RequestId {
    ctx.named::<RequestId>("r")
}

pub(super) fn request(
    region: &Region,
    request: &Request,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let request = checked(region, request, ctx)?;
    let asked = Requested { id: fresh(ctx), request, course: None };
    Ok(vec![Event::Requested(Nothing, Private::Here(asked)).into()])
}

pub(super) fn cancel(
    region: &Region,
    id: &RequestId,
    reason: &str,
    _ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    let closed = closed(id, held, reason)?;
    let mut events: Vec<crate::Event> = Vec::new();
    let aside = set_aside(region, id);
    if !aside.is_empty() {
        events.push(give::let_go(aside, &closed.reason).into());
    }
    events.push(Event::Cancelled(Nothing, Private::Here(closed)).into());
    Ok(events)
}

/// The units that the stock holds for a request and that no ward has yet.
pub(super) fn set_aside(region: &Region, id: &RequestId) -> Vec<crate::blood::model::UnitId> {
    use crate::blood::model::Status;
    let held = region.own.blood.by_request.get(id).into_iter().flatten();
    let aside = |unit: &&crate::blood::model::UnitId| {
        let status = region.shared.blood.units.get(*unit).map(|unit| unit.status);
        matches!(status, Some(Status::Reserved { .. }))
    };
    held.filter(aside).copied().collect()
}

fn closed(id: &RequestId, held: &Open, reason: &str) -> Result<Closed, Refusal> {
    let patient = held.request.patient.clone();
    Ok(Closed { id: id.clone(), patient, reason: text("reason", reason)? })
}

pub(super) fn start(
    region: &Region,
    request: &Request,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let rules = in_force(region, ctx)?;
    let of = |key| rules.count(key).map(|n| u16::try_from(n).unwrap_or(UNITS_MAX));
    let red_cells = of(key::MTP_RATIO_RED_CELLS)?;
    let lines = region.shared.blood.duty.get(&request.site).into_iter().flatten();
    let told = lines.map(|line| Told {
        site: request.site.clone(),
        function: line.value.function.clone(),
        phone: line.value.phone.clone(),
    });
    let course = Course {
        red_cells,
        plasma: of(key::MTP_RATIO_PLASMA)?,
        platelets: of(key::MTP_RATIO_PLATELETS)?,
        interval_minutes: rules.minutes(key::MTP_INTERVAL_MINUTES).ok().into(),
        told: told.collect(),
        rule_set: rules.digest,
        began: ctx.now,
        packages: 0,
        last: None,
        stopped: None,
    };
    let request = Request {
        urgency: super::super::model::Urgency::Massive,
        component: Component::RedCells,
        units: red_cells.max(1),
        ..request.clone()
    };
    let request = checked(region, &request, ctx)?;
    let asked = Requested { id: fresh(ctx), request, course: Some(course) };
    Ok(vec![Event::Requested(Nothing, Private::Here(asked)).into()])
}

pub(super) fn stop(
    region: &Region,
    id: &RequestId,
    reason: &str,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    if held.course.as_ref().is_none_or(|course| course.stopped.is_some()) {
        return Err(NO_PACKAGES.because([("request", id.to_string())]));
    }
    let closed = closed(id, held, reason)?;
    let mut events: Vec<crate::Event> = Vec::new();
    let aside = set_aside(region, id);
    if !aside.is_empty() {
        events.push(give::let_go(aside, &closed.reason).into());
    }
    events.push(Event::PackagesStopped(Nothing, Private::Here(closed)).into());
    Ok(events)
}
