//! Alarms and capacity in the words of the standards: CAP 1.2 out and in, EDXL-HAVE 2.0 and FHIR
//! MeasureReport out.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::agreements::Kept;
use samband_domain::incidents::Command;
use samband_domain::{JournalId, Mode};
use samband_exchange::{cap, have, measure_report};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, submit};
use super::input::{At, Key, Query};
use super::problem::ProblemDocument;
use crate::app::readiness::standards::{alert_of, capacity_report, report_of};
use crate::app::readiness::{Terms, mode_of, region, transports};
use crate::app::{App, Problem, Visitor};

/// An alarm as CAP 1.2. An exercise names itself in the note; an update and a recall name the
/// alarm that they replace.
#[utoipa::path(
    get, path = "/alarms/{issuer}/{alarm}/cap", tag = "readiness",
    params(("issuer" = String, Path), ("alarm" = String, Path)),
    responses(
        (status = 200, body = String, content_type = "application/cap+xml"),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn alarm(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, alarm)): At<(String, String)>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let world = app.engine.world();
    let asked = transports::find(&world, &visitor.region, (&issuer, &alarm))?;
    let xml = cap::write(&alert_of(&app, asked.issuer, asked.issued)?);
    Ok(([(CONTENT_TYPE, "application/cap+xml; charset=utf-8")], xml).into_response())
}

/// What is wrong with a CAP message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CapProblems)]
pub struct Problems {
    /// Always `false`.
    pub valid: bool,
    /// How many errors there are.
    pub errors: usize,
    /// How many warnings there are.
    pub warnings: usize,
    /// Each with its place, what is wrong and what to do.
    pub problems: Vec<serde_json::Value>,
}

/// Take in a CAP message. One that is valid and belongs to this mode becomes the draft of an
/// incident, which a duty officer decides on: never an alarm by itself.
#[utoipa::path(
    post, path = "/cap", tag = "readiness",
    request_body(content = String, content_type = "application/cap+xml"),
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, body = Done),
        (status = 422, body = Problems),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn take(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    body: Bytes,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::OpenIncident, &visitor.region)?;
    let read = match cap::read(&body) {
        Ok(read) => read,
        Err(report) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok((status, Json(report.json())).into_response());
        }
    };
    let mode = mode_of(&app.engine.world(), &visitor.region).unwrap_or(Mode::Real);
    let report = Box::new(report_of(&read.alert, mode, app.engine.now())?);
    let command = Command::Open { report, suspected: false, tell: None };
    submit(&app, &visitor, key, command).await.map(IntoResponse::into_response)
}

/// Whose capacity.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// Region; the own otherwise.
    pub region: Option<String>,
}

fn asked(visitor: &Visitor, whose: Whose) -> Result<JournalId, Problem> {
    let own = || Ok(visitor.region.clone());
    whose.region.map_or_else(own, |id| JournalId::new(&id).map_err(Problem::from))
}

/// A region's capacity as EDXL-HAVE 2.0 in an EDXL-DE 1.0 envelope, which says for what it is
/// meant.
#[utoipa::path(
    get, path = "/capacity.have.xml", tag = "readiness", params(Whose),
    responses(
        (status = 200, body = String, content_type = "application/xml"),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn have(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (world, id) = (app.engine.world(), asked(&visitor, whose)?);
    let region = region(&world, &visitor.region, id.as_str())?;
    Terms::of(&world, app.engine.now()).permit(Kept::Capacity, &region.id, &visitor)?;
    let xml = have::enveloped(&capacity_report(&app, region, app.engine.now())?);
    Ok(([(CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}

/// A region's capacity as a bundle of FHIR R4 MeasureReports.
#[utoipa::path(
    get, path = "/capacity/measure-report", tag = "readiness", params(Whose),
    responses(
        (status = 200, body = serde_json::Value, content_type = "application/fhir+json"),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn measured(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (world, id) = (app.engine.world(), asked(&visitor, whose)?);
    let region = region(&world, &visitor.region, id.as_str())?;
    Terms::of(&world, app.engine.now()).permit(Kept::Capacity, &region.id, &visitor)?;
    let bundle = measure_report::bundle(&capacity_report(&app, region, app.engine.now())?);
    Ok(([(CONTENT_TYPE, "application/fhir+json")], bundle.to_string()).into_response())
}
