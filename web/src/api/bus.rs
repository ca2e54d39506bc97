//! What a region lends its bus, and taking it on the bus.

use axum::Json;
use axum::extract::State;
use samband_domain::mobile::Command;
use samband_domain::{DonorId, JournalId, SiteId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{Body, Key, moment};
use super::problem::ProblemDocument;
use super::shipments::PlaceNamed;
use crate::app::{App, Problem, Visitor};

/// A loan to a bus.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Loan {
    /// The bus' journal.
    pub unit: String,
    /// The region's site for the bus; its donation numbers are lent.
    pub site: String,
    /// Donors.
    pub donors: Vec<String>,
    /// Until when, RFC 3339.
    pub until: String,
}

/// Lend a bus donors, donation numbers and the rules in force.
#[utoipa::path(
    post, path = "/bus-loans", tag = "donors", request_body = Loan,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn lend(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Loan>,
) -> Result<Json<Done>, Problem> {
    let donors: Result<Vec<_>, _> = asked.donors.iter().map(|donor| DonorId::new(donor)).collect();
    let command = Command::Lend {
        unit: JournalId::new(&asked.unit)?,
        site: SiteId::new(&asked.site)?,
        donors: donors?,
        until: moment("until", &asked.until)?,
    };
    submit(&app, &visitor, key, command).await
}

/// A loan to be taken.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Taking {
    /// The region's record of the loan.
    pub loan: PlaceNamed,
    /// The bus' own site.
    pub site: String,
}

/// On a bus: take over what the region lent.
#[utoipa::path(
    post, path = "/bus-loans/take", tag = "donors", request_body = Taking,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn take(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Taking>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Take { loan: asked.loan.at()?, site: SiteId::new(&asked.site)? };
    submit(&app, &visitor, key, command).await
}
