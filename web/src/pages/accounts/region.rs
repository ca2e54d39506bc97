//! The accounts of a region, for whoever looks after them.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::{Account, Action};
use samband_domain::kernel::{Identity, Profession, Role};
use serde::Deserialize;

use super::codes;
use crate::api::{At, Query};
use crate::app::accounts::{self, known};
use crate::app::{App, KeyedForm, Problem, Visitor, fresh_key, roles_of};
use crate::components::{
    Cell, Column, Crumb, Definitions, Field, Form, Note, Row, Status, Table, page_header, section,
    tag, time_tag,
};
use crate::text::Words;

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/accounts", get(list).post(create))
        .route("/accounts/{user}", get(one).post(act))
}

async fn list(State(app): State<App>, visitor: Visitor) -> Result<Markup, Problem> {
    page(&app, &visitor, &NewFields::default(), None)
}

fn page(
    app: &App,
    visitor: &Visitor,
    typed: &NewFields,
    problem: Option<&Problem>,
) -> Result<Markup, Problem> {
    let w = visitor.words;
    let held = app.engine.accounts(&visitor.principal, &visitor.region)?;
    let title = w.t("nav-accounts");
    let body = html! {
        (page_header(&title, Some(&w.t("accounts-lead")), None))
        @if let Some(problem) = problem { (visitor.explain(app, problem.clone())) }
        (table(app, w, &held))
        (section("new", &w.t("accounts-new"), &html! { (new_form(w, visitor, typed)) }))
    };
    let start = w.t("nav-picture");
    let crumbs = [Crumb::link("/picture", &start), Crumb::here(&title)];
    Ok(visitor.page(app, &title, &crumbs, false, &body))
}

fn role_words(app: &App, w: Words, account: &Account) -> String {
    let roles = roles_of(app, &account.region, &account.actor);
    let words: Vec<_> = roles.iter().map(|role| w.dynamic("role-", role.as_str())).collect();
    if words.is_empty() { w.dynamic("role-", "signed_in") } else { words.join(", ") }
}

fn table(app: &App, w: Words, accounts: &[Account]) -> Table {
    let row = |account: &Account| {
        let user = account.user.to_string();
        let state = if account.disabled.is_some() {
            tag(Status::Stopped, &w.t("accounts-disabled"))
        } else if account.must_change {
            tag(Status::Attention, &w.t("accounts-must-change"))
        } else {
            tag(Status::Held, &w.t("accounts-open"))
        };
        Row::new(Cell::link(&format!("/accounts/{user}"), &user))
            .cell(role_words(app, w, account))
            .cell(state)
            .cell(Cell::count(w, Some(account.codes.len())))
            .cell(time_tag(w, account.created.0))
    };
    Table::new(w.t("accounts-table"))
        .columns([
            Column::text(w.t("accounts-user")),
            Column::text(w.t("accounts-roles")),
            Column::text(w.t("accounts-state")),
            Column::number(w.t("accounts-codes-left")),
            Column::text(w.t("accounts-created")),
        ])
        .rows(accounts.iter().map(row))
        .files("accounts")
}

#[derive(Clone, Debug, Default, Deserialize)]
struct NewFields {
    local: String,
    name: String,
    title: String,
    profession: String,
    role: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
}

fn new_form(w: Words, visitor: &Visitor, typed: &NewFields) -> Markup {
    let key = fresh_key();
    let professions = Profession::ALL.iter().filter(|one| **one != Profession::Body);
    let professions =
        professions.map(|one| (one.as_str(), w.dynamic("kind-profession-", one.as_str())));
    let roles = Role::ALL.iter().map(|role| (role.as_str(), w.dynamic("role-", role.as_str())));
    let at = w.t_args("accounts-local-hint", &[("region", visitor.region.as_str().into())]);
    let form = Form::post(w, "/accounts", &key, w.t("accounts-create"))
        .field(Field::text("local", w.t("accounts-local")).hint(at).value(&typed.local).required())
        .field(Field::text("name", w.t("accounts-name")).value(&typed.name).required())
        .field(
            Field::text("title", w.t("accounts-title"))
                .hint(w.t("accounts-title-hint"))
                .value(&typed.title)
                .required(),
        )
        .field(
            Field::select("profession", w.t("accounts-profession"), professions)
                .value(&typed.profession)
                .required(),
        )
        .field(Field::select("role", w.t("accounts-role"), roles).value(&typed.role).required())
        .field(Field::text("phone", w.t("accounts-phone")).value(&typed.phone))
        .field(Field::text("email", w.t("accounts-email")).value(&typed.email));
    html! {
        p { (w.t("accounts-new-text")) }
        (form)
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    KeyedForm { fields, .. }: KeyedForm<NewFields>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::CreateAccount, &visitor.region)?;
    let outcome = try_create(&app, &visitor, &fields).await;
    let w = visitor.words;
    let (account, password) = match outcome {
        Ok(made) => made,
        Err(problem) if problem.status.is_client_error() => {
            let page = page(&app, &visitor, &fields, Some(&problem))?;
            return Ok((problem.status, page).into_response());
        }
        Err(problem) => return Err(problem),
    };
    let user = account.user.to_string();
    let body = html! {
        (Note::success(w, &w.t_args("accounts-created-now", &[("user", (&user).into())])))
        p { (w.t("accounts-first-password")) " " strong { code { (password) } } }
        (Note::warning(w, &w.t("accounts-first-once")))
        p { a href={ "/accounts/" (user) } { (w.t("accounts-see")) } }
    };
    Ok(single(&app, &visitor, &user, &body).into_response())
}

async fn try_create(
    app: &App,
    visitor: &Visitor,
    fields: &NewFields,
) -> Result<(Account, String), Problem> {
    let name = format!("{}@{}", fields.local.trim(), visitor.region);
    let profession: Profession = fields.profession.parse().map_err(Problem::malformed)?;
    let role: Role = fields.role.parse().map_err(Problem::malformed)?;
    let identity = Identity {
        name: fields.name.trim().to_owned(),
        hsa_id: None,
        phone: given(&fields.phone),
        email: given(&fields.email),
    };
    let person = (profession, fields.title.trim().to_owned(), identity);
    accounts::create(app, visitor, &name, person, vec![role]).await
}

#[derive(Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let account = known(&app, &visitor, &user)?;
    let w = visitor.words;
    let sessions = app.engine.sessions(&visitor.principal, &account.region)?;
    let running = sessions.iter().filter(|session| session.user == account.user).count();
    let person = format!("/people/{}/{}", account.region, account.actor);
    let facts = Definitions::new()
        .text(w.t("accounts-roles"), &role_words(&app, w, &account))
        .markup(w.t("accounts-created"), time_tag(w, account.created.0))
        .markup(
            w.t("accounts-state"),
            html! {
                @match account.disabled {
                    Some(since) => { (w.t("accounts-disabled")) " " (time_tag(w, since.0)) }
                    None => (w.t("accounts-open")),
                }
            },
        )
        .text(w.t("accounts-codes-left"), &w.int(account.codes.len()))
        .text(w.t("accounts-sessions"), &w.int(running))
        .markup(w.t("accounts-person"), html! { a href=(person) { (account.actor) } });
    let body = html! {
        @if asked.done.is_some() { (Note::success(w, &w.t("accounts-done"))) }
        (facts)
        div.actions { (acts(w, &account, account.user == visitor.user)) }
        p { (w.t("accounts-roles-elsewhere")) " " a href="/roles" { (w.t("nav-roles")) } }
    };
    Ok(single(&app, &visitor, &user, &body))
}

fn acts(w: Words, account: &Account, own: bool) -> Markup {
    let href = format!("/accounts/{}", account.user);
    let key = fresh_key();
    let form = |act: &str, label: &str, danger: bool| {
        let form = Form::post(w, &href, &key, w.t(label)).hidden("act", act);
        let form = if danger { form.danger() } else { form };
        html! { (form) }
    };
    html! {
        @if !own { (form("reset", "accounts-reset", false)) }
        (form("codes", "accounts-issue-codes", false))
        (form("sessions", "accounts-end-sessions", false))
        @if account.disabled.is_some() {
            (form("enable", "accounts-enable", false))
        } @else {
            (form("disable", "accounts-disable", true))
        }
    }
}

fn single(app: &App, visitor: &Visitor, user: &str, body: &Markup) -> Markup {
    let w = visitor.words;
    let (start, all) = (w.t("nav-picture"), w.t("nav-accounts"));
    let crumbs =
        [Crumb::link("/picture", &start), Crumb::link("/accounts", &all), Crumb::here(user)];
    let body = html! { (page_header(user, None, None)) (body) };
    visitor.page(app, user, &crumbs, false, &body)
}

#[derive(Deserialize)]
struct Act {
    act: String,
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    At(user): At<String>,
    KeyedForm { fields, .. }: KeyedForm<Act>,
) -> Result<Response, Problem> {
    let account = known(&app, &visitor, &user)?;
    let (engine, who, w) = (&app.engine, &visitor.principal, visitor.words);
    match fields.act.as_str() {
        "disable" => engine.enable_account(who, &account.user, false).await?,
        "enable" => engine.enable_account(who, &account.user, true).await?,
        "sessions" => engine.end_sessions(who, &account.user).await?,
        "codes" => {
            let drawn = engine.issue_codes(who, &account.user).await?;
            return Ok(single(&app, &visitor, &user, &codes(w, &drawn)).into_response());
        }
        "reset" => {
            let password = accounts::reset(&app, &visitor, &account).await?;
            let body = html! {
                p { (w.t("accounts-first-password")) " " strong { code { (password) } } }
                (Note::warning(w, &w.t("accounts-first-once")))
            };
            return Ok(single(&app, &visitor, &user, &body).into_response());
        }
        other => {
            return Err(
                Problem::new(StatusCode::BAD_REQUEST, "web.malformed").fact("detail", other)
            );
        }
    }
    Ok(Redirect::to(&format!("/accounts/{user}?done=1")).into_response())
}
