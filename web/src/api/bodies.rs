//! Collaboration bodies: which region belongs to which, and since when.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::kernel::Command;
use samband_domain::words::Code;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, submit};
use super::input::{At, Body, Key, Query, moment_or_now, window_from_now};
use super::problem::ProblemDocument;
use super::regions::regions_of;
use super::sites::Whose;
use crate::app::{App, Problem, Visitor};

/// A region's membership of a body, also one that has ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Membership {
    /// Region.
    pub region: String,
    /// The body's code.
    pub body: String,
    /// The body's name.
    pub name: String,
    /// Since when.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
    /// Whether it is in force now.
    pub in_force: bool,
}

/// Whose memberships.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfRegion {
    /// Region; all otherwise.
    pub region: Option<String>,
}

/// The memberships of one or all regions.
#[utoipa::path(
    get, path = "/bodies", tag = "bodies", params(OfRegion),
    responses((status = 200, body = Vec<Membership>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(OfRegion { region }): Query<OfRegion>,
) -> Result<Json<Vec<Membership>>, Problem> {
    let asked = Whose { region, ..Whose::default() }.region(&app)?;
    visitor.permit(&app, Action::SeeRegion, asked.as_ref().unwrap_or(&visitor.region))?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let regions = regions_of(&world);
    let wanted =
        regions.iter().filter(|journal| asked.as_ref().is_none_or(|asked| *asked == journal.id));
    let all = wanted.flat_map(|journal| {
        journal.shared().kernel.bodies.values().map(move |held| Membership {
            region: journal.id.to_string(),
            body: held.body.to_string(),
            name: held.name.clone(),
            from: held.window.from().to_string(),
            until: held.window.until().map(|until| until.to_string()),
            in_force: held.window.contains(now),
        })
    });
    Ok(Json(all.collect()))
}

/// A body that the own region belongs to.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMembership {
    /// The body's code, e.g. `sodra`.
    #[schema(example = "sodra")]
    pub body: String,
    /// The body's name.
    #[schema(example = "Södra sjukvårdsregionen")]
    pub name: String,
    /// Since when; now otherwise.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
}

/// Record that the own region belongs to a body.
#[utoipa::path(
    post, path = "/bodies", tag = "bodies", request_body = NewMembership,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn join(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(new): Body<NewMembership>,
) -> Result<Json<Done>, Problem> {
    let command = Command::JoinBody {
        body: Code::new(&new.body)?,
        name: new.name,
        window: window_from_now(&app, new.from.as_deref(), new.until.as_deref())?,
    };
    submit(&app, &visitor, key, command).await
}

/// From when a membership ends.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Leaving {
    /// When; now otherwise.
    pub at: Option<String>,
}

/// End the own region's membership of a body.
#[utoipa::path(
    post, path = "/bodies/{body}/leave", tag = "bodies", request_body = Leaving,
    params(("body" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn leave(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(body): At<Code>,
    Body(Leaving { at }): Body<Leaving>,
) -> Result<Json<Done>, Problem> {
    let at = moment_or_now(&app, "at", at.as_deref())?;
    submit(&app, &visitor, key, Command::LeaveBody { body, at }).await
}
