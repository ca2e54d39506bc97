//! Signing in and out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, response::IntoResponse};
use samband_access::Carrier;
use samband_engine::SignInError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::Body;
use super::problem::ProblemDocument;
use crate::app::{App, Client, Problem, Visitor, bearer_token, cookie_token, roles_of};

/// Name and password, or name and break-glass code.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// Name, e.g. `coordinator@skane`.
    #[schema(example = "coordinator@skane")]
    pub user: String,
    /// Password, or a break-glass code.
    pub password: String,
}

/// Somebody who has come in.
#[derive(Serialize, ToSchema)]
pub struct Token {
    /// For the header `Authorization: Bearer …`.
    pub token: String,
    /// When it ends if it is not used.
    pub expires: String,
    /// Name signed in with.
    pub user: String,
    /// Region.
    pub region: String,
    /// Roles held now.
    pub roles: Vec<String>,
    /// Whether the password must be changed before anything else, on the page `/account`.
    pub must_change: bool,
}

/// Why somebody was not let in, for pages and programs alike.
pub(crate) fn refused(error: SignInError) -> Problem {
    match error {
        SignInError::Refused(refusal) => refusal.into(),
        SignInError::Store(error) => error.into(),
        SignInError::Random(error) => {
            tracing::error!(%error, "nobody can sign in");
            Problem::broken()
        }
    }
}

/// Sign in.
#[utoipa::path(
    post, path = "/sign-in", tag = "session", security(()),
    request_body = SignIn,
    responses(
        (status = 200, body = Token),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn sign_in(
    State(app): State<App>,
    Client(address): Client,
    Body(asked): Body<SignIn>,
) -> Result<Json<Token>, Problem> {
    let signed = app.engine.sign_in(&asked.user, &asked.password, address, Carrier::Bearer).await;
    let (token, signed) = signed.map_err(refused)?;
    let session = signed.session;
    let roles = roles_of(&app, &session.region, &session.actor);
    Ok(Json(Token {
        token: token.reveal().to_owned(),
        expires: session.expires_idle().min(session.expires_absolute()).to_string(),
        user: session.user.to_string(),
        region: session.region.to_string(),
        roles: roles.iter().map(ToString::to_string).collect(),
        must_change: signed.must_change,
    }))
}

/// End the session that asks.
#[utoipa::path(
    delete, path = "/session", tag = "session",
    responses((status = 204), (status = "default", body = ProblemDocument)),
)]
pub async fn sign_out(
    State(app): State<App>,
    _visitor: Visitor,
    headers: HeaderMap,
) -> impl IntoResponse {
    let token = bearer_token(&headers).or_else(|| cookie_token(&app, &headers));
    if let Some(token) = token {
        app.engine.sign_out(token).await;
    }
    StatusCode::NO_CONTENT
}
