//! What is done with single units: quarantine, release, tests, corrections, discards.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use samband_domain::blood::command::{Command, Correction};
use samband_domain::blood::model::{DiscardReason, QuarantineReason, UnitId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{Body, Key, moment};
use super::problem::ProblemDocument;
use super::sites::one_of;
use super::stock_reports::{phenotype, results};
use crate::app::stock::{group, unit};
use crate::app::{App, Problem, Visitor};

/// Units by their text form.
pub(super) fn units(texts: &[String]) -> Result<Vec<UnitId>, Problem> {
    texts.iter().map(|text| unit(text)).collect()
}

/// Units and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UnitsWithReason {
    /// Units as `A999026000001.E0336V00`.
    pub units: Vec<String>,
    /// A code: for quarantine `not_released`, `corrected`, `discrepancy`, `temperature`, `damage`,
    /// `recall`, `receiver_rules` or `other`; for discards `outdated`, `damaged`, `test`,
    /// `temperature`, `appearance`, `specification`, `recall`, `returned` or `other`. Both take
    /// `damage` and `damaged` for the same.
    pub reason: String,
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Put units in quarantine.
#[utoipa::path(
    post, path = "/units/quarantine", tag = "units", request_body = UnitsWithReason,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn quarantine(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<UnitsWithReason>,
) -> Result<Json<Done>, Problem> {
    let reason = if asked.reason == "damaged" { "damage" } else { asked.reason.as_str() };
    let (units, reason) = (units(&asked.units)?, one_of::<QuarantineReason>(reason)?);
    submit(&app, &visitor, key, Command::Quarantine { units, reason, note: asked.note }).await
}

/// Discard units.
#[utoipa::path(
    post, path = "/units/discard", tag = "units", request_body = UnitsWithReason,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn discard(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<UnitsWithReason>,
) -> Result<Json<Done>, Problem> {
    let reason = if asked.reason == "damage" { "damaged" } else { asked.reason.as_str() };
    let (units, reason) = (units(&asked.units)?, one_of::<DiscardReason>(reason)?);
    submit(&app, &visitor, key, Command::Discard { units, reason, note: asked.note }).await
}

/// Units.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Units {
    /// Units as `A999026000001.E0336V00`.
    pub units: Vec<String>,
}

/// Release units from quarantine: every test that the rules ask for must be there and negative.
#[utoipa::path(
    post, path = "/units/release", tag = "units", request_body = Units,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn release(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Units>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::Release { units: units(&asked.units)? }).await
}

/// What a unit was tested for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTests {
    /// The unit.
    pub unit: String,
    /// Result of each test by its code: `negative`, `positive` or `indeterminate`.
    pub results: BTreeMap<String, String>,
}

/// Record what a unit was tested for.
#[utoipa::path(
    post, path = "/units/tests", tag = "units", request_body = NewTests,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn tests(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewTests>,
) -> Result<Json<Done>, Problem> {
    let (unit, results) = (unit(&asked.unit)?, results(&asked.results)?);
    submit(&app, &visitor, key, Command::RecordTests { unit, results }).await
}

/// What is put right about a unit: one of group, expiry and antigens.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UnitCorrection {
    /// The unit.
    pub unit: String,
    /// The right group; `unknown` if nobody knows it.
    pub group: Option<String>,
    /// The right expiry.
    pub expiry: Option<String>,
    /// The antigens it was typed for, all of them.
    pub antigens: Option<BTreeMap<String, bool>>,
    /// Why; it stays in the region.
    pub reason: String,
}

/// Put a unit's facts right; it waits in quarantine for a second person.
#[utoipa::path(
    post, path = "/units/correct", tag = "units", request_body = UnitCorrection,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn correct(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<UnitCorrection>,
) -> Result<Json<Done>, Problem> {
    let correction = match (asked.group.as_deref(), asked.expiry.as_deref(), &asked.antigens) {
        (Some("unknown"), None, None) => Correction::Group(samband_domain::Known::Unknown),
        (Some(text), None, None) => Correction::Group(samband_domain::Known::Value(group(text)?)),
        (None, Some(text), None) => Correction::Expiry(moment("expiry", text)?),
        (None, None, Some(antigens)) => Correction::Phenotype(phenotype(antigens)?),
        _ => return Err(Problem::malformed("one of group, expiry, antigens")),
    };
    let unit = unit(&asked.unit)?;
    submit(&app, &visitor, key, Command::Correct { unit, correction, reason: asked.reason }).await
}

/// Units and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GivenFree {
    /// Units as `A999026000001.E0336V00`.
    pub units: Vec<String>,
    /// Why; it stays in the region.
    pub reason: String,
}

/// Give reserved units free again.
#[utoipa::path(
    post, path = "/units/unreserve", tag = "units", request_body = GivenFree,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn unreserve(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<GivenFree>,
) -> Result<Json<Done>, Problem> {
    let units = units(&asked.units)?;
    submit(&app, &visitor, key, Command::Unreserve { units, reason: asked.reason }).await
}
