//! Reports of wards that belong to no request: they wait until somebody has looked into them.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::transfusion::Command;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{Body, Key, moment};
use super::problem::ProblemDocument;
use crate::app::stock::unit;
use crate::app::transfusion::own;
use crate::app::{App, Problem, Visitor};

/// A report that belongs to no request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Loose {
    /// The unit it is about.
    pub unit: String,
    /// What did not agree, as a code.
    pub kind: String,
    /// The rule or check that it did not meet.
    pub rule: String,
    /// When it was found; names the report together with the unit.
    pub found: String,
}

/// Reports that belong to no request, oldest first.
#[utoipa::path(
    get, path = "/loose-reports", tag = "transfusion",
    responses((status = 200, body = [Loose]), (status = "default", body = ProblemDocument)),
)]
pub async fn list(State(app): State<App>, visitor: Visitor) -> Result<Json<Vec<Loose>>, Problem> {
    visitor.permit(&app, Action::IssueBlood, &visitor.region)?;
    let world = app.engine.world();
    let loose = &own(&app, &visitor, &world)?.own.transfusion.loose;
    let one = |(found, one): &(samband_domain::Time, _)| {
        let one: &samband_domain::transfusion::model::Discrepancy = one;
        Loose {
            unit: one.unit.to_string(),
            kind: one.kind.to_string(),
            rule: one.rule.clone(),
            found: found.to_string(),
        }
    };
    Ok(Json(loose.iter().map(one).collect()))
}

/// What was done about it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Settled {
    /// The unit it was about.
    pub unit: String,
    /// When it was found, as the list says.
    pub found: String,
    /// What was done.
    pub reason: String,
}

/// Say what was done about a report that belongs to no request.
#[utoipa::path(
    post, path = "/loose-reports/settle", tag = "transfusion", request_body = Settled,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn settle(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Settled>,
) -> Result<Json<Done>, Problem> {
    let (unit, found) = (unit(&asked.unit)?, moment("found", &asked.found)?);
    submit(&app, &visitor, key, Command::SettleLoose { unit, found, reason: asked.reason }).await
}
