//! Signing in and out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, response::IntoResponse};
use samband_access::{Action, Carrier, Token as Secret, Via};
use samband_engine::{SignInError, SignedIn};
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
    /// Whether the password must be changed before anything else, by `POST /session/password` or on
    /// the page `/account`.
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
    Ok(Json(given(&app, &token, signed)))
}

fn given(app: &App, token: &Secret, signed: SignedIn) -> Token {
    let session = signed.session;
    let roles = roles_of(app, &session.region, &session.actor);
    Token {
        token: token.reveal().to_owned(),
        expires: session.expires_idle().min(session.expires_absolute()).to_string(),
        user: session.user.to_string(),
        region: session.region.to_string(),
        roles: roles.iter().map(ToString::to_string).collect(),
        must_change: signed.must_change,
    }
}

/// A new password for oneself.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    /// The one used so far; not asked for in a session that a break-glass code opened.
    #[serde(default)]
    pub password: String,
    /// The new one.
    pub new_password: String,
}

/// Change the own password. Every session ends, this one too; the answer opens a new one.
#[utoipa::path(
    post, path = "/session/password", tag = "session", request_body = NewPassword,
    responses((status = 200, body = Token), (status = "default", body = ProblemDocument)),
)]
pub async fn change_password(
    State(app): State<App>,
    Client(address): Client,
    visitor: Visitor,
    Body(asked): Body<NewPassword>,
) -> Result<Json<Token>, Problem> {
    visitor.permit(&app, Action::ChangeOwnPassword, &visitor.region)?;
    let NewPassword { password, new_password } = asked;
    // Whoever came by a break-glass code has no password at hand; the code stood for it.
    let by_code = visitor.session.via == Via::Code;
    if !by_code && !app.engine.password_fits(&visitor.user, &password, address).await {
        return Err(Problem::unprocessable("account.password_wrong"));
    }
    app.engine.set_password(&visitor.principal, &visitor.user, &new_password).await?;
    let user = visitor.user.to_string();
    let signed = app.engine.sign_in(&user, &new_password, address, Carrier::Bearer).await;
    let (token, signed) = signed.map_err(refused)?;
    Ok(Json(given(&app, &token, signed)))
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
