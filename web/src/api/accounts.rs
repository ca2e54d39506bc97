//! Accounts of a region, for whoever looks after them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use samband_access::{Account as Held, Action, Carrier, Via};
use samband_domain::kernel::{Identity, Profession, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::{At, Body};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::accounts::{create as make, known, own_or_known, reset as renew};
use crate::app::{App, Problem, Visitor, roles_of};

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// Name to sign in with.
    #[schema(example = "coordinator@skane")]
    pub user: String,
    /// Region.
    pub region: String,
    /// Who holds it.
    pub actor: String,
    /// Roles held now.
    pub roles: Vec<String>,
    /// When it was made.
    pub created: String,
    /// Since when it is closed; null while it is open.
    pub disabled: Option<String>,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// Break-glass codes left.
    pub codes_left: usize,
}

fn shown(app: &App, held: &Held) -> Account {
    let roles = roles_of(app, &held.region, &held.actor);
    Account {
        user: held.user.to_string(),
        region: held.region.to_string(),
        actor: held.actor.to_string(),
        roles: roles.iter().map(ToString::to_string).collect(),
        created: held.created.to_string(),
        disabled: held.disabled.map(|since| since.to_string()),
        must_change: held.must_change,
        codes_left: held.codes.len(),
    }
}

/// The accounts of the own region.
#[utoipa::path(
    get, path = "/accounts", tag = "accounts",
    responses((status = 200, body = Vec<Account>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(State(app): State<App>, visitor: Visitor) -> Result<Json<Vec<Account>>, Problem> {
    let held = app.engine.accounts(&visitor.principal, &visitor.region)?;
    Ok(Json(held.iter().map(|one| shown(&app, one)).collect()))
}

/// One account.
#[utoipa::path(
    get, path = "/accounts/{user}", tag = "accounts", params(("user" = String, Path)),
    responses((status = 200, body = Account), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
) -> Result<Json<Account>, Problem> {
    let held = own_or_known(&app, &visitor, &user)?;
    Ok(Json(shown(&app, &held)))
}

/// Somebody new with an account.
#[derive(Deserialize, ToSchema)]
pub struct NewAccount {
    /// Name to sign in with; the region after the @ is the own one.
    #[schema(example = "anna@skane")]
    pub user: String,
    /// Name. Stays in the region.
    pub name: String,
    /// Title without a name; other regions see it.
    pub title: String,
    /// `physician`, `biomedical_scientist`, `nurse`, `management` or `other`.
    pub profession: String,
    /// Roles to begin with.
    pub roles: Vec<String>,
    /// HSA-id.
    pub hsa_id: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// A password to be changed at the first sign-in; shown this once.
#[derive(Serialize, ToSchema)]
pub struct FirstPassword {
    /// Name to sign in with.
    pub user: String,
    /// The password.
    pub password: String,
}

/// Make an account, the person behind it and the first roles: all, or nothing. What was made is not
/// made again: a repetition is refused, and a lost password is answered by `reset`.
#[utoipa::path(
    post, path = "/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 200, body = FirstPassword), (status = "default", body = ProblemDocument)),
)]
pub async fn create(
    State(app): State<App>,
    visitor: Visitor,
    Body(new): Body<NewAccount>,
) -> Result<Json<FirstPassword>, Problem> {
    visitor.permit(&app, Action::CreateAccount, &visitor.region)?;
    let NewAccount { user, name, title, profession, roles, hsa_id, phone, email } = new;
    let roles: Result<Vec<_>, Problem> = roles.iter().map(|role| one_of::<Role>(role)).collect();
    let person =
        (one_of::<Profession>(&profession)?, title, Identity { name, hsa_id, phone, email });
    let (account, password) = make(&app, &visitor, &user, person, roles?).await?;
    Ok(Json(FirstPassword { user: account.user.to_string(), password }))
}

/// Close an account and end its sessions.
#[utoipa::path(
    post, path = "/accounts/{user}/disable", tag = "accounts", params(("user" = String, Path)),
    responses((status = 200, body = Account), (status = "default", body = ProblemDocument)),
)]
pub async fn disable(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
) -> Result<Json<Account>, Problem> {
    set_enabled(&app, &visitor, &user, false).await
}

/// Open an account again.
#[utoipa::path(
    post, path = "/accounts/{user}/enable", tag = "accounts", params(("user" = String, Path)),
    responses((status = 200, body = Account), (status = "default", body = ProblemDocument)),
)]
pub async fn enable(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
) -> Result<Json<Account>, Problem> {
    set_enabled(&app, &visitor, &user, true).await
}

async fn set_enabled(
    app: &App,
    visitor: &Visitor,
    user: &str,
    enabled: bool,
) -> Result<Json<Account>, Problem> {
    let held = known(app, visitor, user)?;
    app.engine.enable_account(&visitor.principal, &held.user, enabled).await?;
    let held = known(app, visitor, user)?;
    Ok(Json(shown(app, &held)))
}

/// Give somebody who has lost it a new password, to be changed at the next sign-in.
#[utoipa::path(
    post, path = "/accounts/{user}/reset", tag = "accounts", params(("user" = String, Path)),
    responses((status = 200, body = FirstPassword), (status = "default", body = ProblemDocument)),
)]
pub async fn reset(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
) -> Result<Json<FirstPassword>, Problem> {
    let held = known(&app, &visitor, &user)?;
    let password = renew(&app, &visitor, &held).await?;
    Ok(Json(FirstPassword { user: held.user.to_string(), password }))
}

/// Break-glass codes for the sealed envelope; shown this once.
#[derive(Serialize, ToSchema)]
pub struct Codes {
    /// Each opens once.
    pub codes: Vec<String>,
}

/// Issue an account's break-glass codes, one's own among them; earlier ones are void.
#[utoipa::path(
    post, path = "/accounts/{user}/codes", tag = "accounts", params(("user" = String, Path)),
    responses((status = 200, body = Codes), (status = "default", body = ProblemDocument)),
)]
pub async fn issue_codes(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
) -> Result<Json<Codes>, Problem> {
    let held = own_or_known(&app, &visitor, &user)?;
    let codes = app.engine.issue_codes(&visitor.principal, &held.user).await?;
    Ok(Json(Codes { codes: codes.iter().map(ToString::to_string).collect() }))
}

/// A session that runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Running {
    /// Since when.
    pub since: String,
    /// When it was last used, to the minute.
    pub used: String,
    /// When it ends if it is not used.
    pub expires: String,
    /// `password` or `code`.
    pub via: String,
    /// `page` or `program`.
    pub by: String,
    /// From which address.
    pub address: String,
}

/// An account's sessions that run.
#[utoipa::path(
    get, path = "/accounts/{user}/sessions", tag = "accounts", params(("user" = String, Path)),
    responses((status = 200, body = Vec<Running>), (status = "default", body = ProblemDocument)),
)]
pub async fn sessions(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
) -> Result<Json<Vec<Running>>, Problem> {
    let held = known(&app, &visitor, &user)?;
    let all = app.engine.sessions(&visitor.principal, &held.region)?;
    let own = all.into_iter().filter(|session| session.user == held.user).map(|session| {
        let (via, by) = (session.via, session.carrier);
        Running {
            since: session.created.to_string(),
            used: session.seen.to_string(),
            expires: session.expires_idle().min(session.expires_absolute()).to_string(),
            via: if via == Via::Code { "code" } else { "password" }.into(),
            by: if by == Carrier::Cookie { "page" } else { "program" }.into(),
            address: session.address,
        }
    });
    Ok(Json(own.collect()))
}

/// End every session of an account, one's own among them.
#[utoipa::path(
    delete, path = "/accounts/{user}/sessions", tag = "accounts", params(("user" = String, Path)),
    responses((status = 204), (status = "default", body = ProblemDocument)),
)]
pub async fn end_sessions(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
) -> Result<StatusCode, Problem> {
    let held = own_or_known(&app, &visitor, &user)?;
    app.engine.end_sessions(&visitor.principal, &held.user).await?;
    Ok(StatusCode::NO_CONTENT)
}
