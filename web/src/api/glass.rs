//! Emergency access: opened with a reason for a while, and looked at afterwards.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::MandateId;
use samband_domain::kernel::{Command, GlassBreak};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{At, Body, Key};
use super::problem::ProblemDocument;
use crate::app::{App, Problem, Visitor};

/// What somebody found who looked at an emergency access.
#[derive(Debug, Serialize, ToSchema)]
pub struct Review {
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// What was found.
    pub finding: String,
}

/// An emergency access. Why it was opened stays in the region.
#[derive(Debug, Serialize, ToSchema)]
pub struct Glass {
    /// The mandate it opened.
    pub mandate: String,
    /// Who opened it.
    pub actor: String,
    /// Since when.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
    /// Why, in the person's words.
    pub reason: String,
    /// What was found afterwards; null while nobody has looked.
    pub review: Option<Review>,
}

fn shown(held: &GlassBreak) -> Glass {
    let review = held.review.as_ref().map(|(by, at, finding)| Review {
        by: by.to_string(),
        at: at.to_string(),
        finding: finding.clone(),
    });
    Glass {
        mandate: held.mandate.to_string(),
        actor: held.actor.to_string(),
        from: held.window.from().to_string(),
        until: held.window.until().map(|until| until.to_string()),
        reason: held.reason.clone(),
        review,
    }
}

/// The own region's emergency accesses, newest first.
#[utoipa::path(
    get, path = "/break-glass", tag = "break-glass",
    responses((status = 200, body = Vec<Glass>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(State(app): State<App>, visitor: Visitor) -> Result<Json<Vec<Glass>>, Problem> {
    visitor.permit(&app, Action::SeeGlass, &visitor.region)?;
    let world = app.engine.world();
    let held = world.local(&visitor.region).map(|region| &region.own.kernel.glass);
    Ok(Json(held.into_iter().flatten().rev().map(shown).collect()))
}

/// Why emergency access is opened, and for how long.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Opening {
    /// Why. Stays in the region, and is looked at afterwards.
    pub reason: String,
    /// For how many minutes.
    pub minutes: u16,
}

/// Open emergency access for oneself.
#[utoipa::path(
    post, path = "/break-glass", tag = "break-glass", request_body = Opening,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(Opening { reason, minutes }): Body<Opening>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::BreakGlass { reason, minutes }).await
}

/// What was found.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GlassFinding {
    /// What was found.
    pub finding: String,
}

/// Record what was found about somebody else's emergency access.
#[utoipa::path(
    post, path = "/break-glass/{mandate}/review", tag = "break-glass", request_body = GlassFinding,
    params(("mandate" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn review(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(mandate): At<MandateId>,
    Body(GlassFinding { finding }): Body<GlassFinding>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::ReviewGlass { mandate, finding }).await
}
