//! One's own account: password, break-glass codes, sessions.

use axum::Router;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use samband_access::{Action, Carrier, password};
use serde::Deserialize;

use super::codes;
use crate::api::Query;
use crate::app::{App, Client, KeyedForm, Problem, Visitor, fresh_key, session_cookie};
use crate::components::{Crumb, Definitions, Field, Form, Note, page_header, section, time_tag};

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/account", get(show).post(act)).route("/account/password", post(change))
}

#[derive(Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    page(&app, &visitor, asked.done.is_some(), None)
}

fn page(
    app: &App,
    visitor: &Visitor,
    done: bool,
    problem: Option<&Problem>,
) -> Result<Markup, Problem> {
    visitor.permit(app, Action::SeeOwnAccount, &visitor.region)?;
    let w = visitor.words;
    let account = app.engine.account(&visitor.user);
    let left = account.map_or(0, |account| account.codes.len());
    let facts = Definitions::new()
        .text(w.t("accounts-user"), &visitor.user.to_string())
        .text(w.t("accounts-name"), &visitor.name)
        .text(w.t("accounts-roles"), &visitor.role_words())
        .markup(w.t("account-since"), time_tag(w, visitor.session.created.0))
        .text(w.t("accounts-codes-left"), &w.int(left));
    let own = format!("/people/{}/{}", visitor.region, visitor.actor);
    let body = html! {
        @if visitor.must_change { (Note::warning(w, &w.t("account-must-change"))) }
        @if done { (Note::success(w, &w.t("account-password-changed"))) }
        @if let Some(problem) = problem { (visitor.explain(app, problem.clone())) }
        (facts)
        @if !visitor.touched.is_empty() {
            (section("touched", &w.t("account-touched-heading"), &html! {
                p { (w.t("account-touched-means")) }
                ul.plain {
                    @for touch in &visitor.touched { li { (visitor.touch_text(app, touch)) } }
                }
            }))
        }
        (section("password", &w.t("account-password"), &password_form(visitor)))
        @if !visitor.must_change {
            p { a href=(own) { (w.t("account-person")) } }
            (section("codes", &w.t("account-codes"), &html! {
                p { (w.t("account-codes-text")) }
                (Form::post(w, "/account", &fresh_key(), w.t("accounts-issue-codes"))
                    .hidden("act", "codes"))
            }))
            (section("sessions", &w.t("account-sessions"), &html! {
                p { (w.t("account-sessions-text")) }
                (Form::post(w, "/account", &fresh_key(), w.t("accounts-end-sessions"))
                    .hidden("act", "sessions").danger())
            }))
        }
    };
    Ok(framed(app, visitor, &body))
}

fn password_form(visitor: &Visitor) -> Markup {
    let w = visitor.words;
    let least = password::MIN.to_string();
    let hint = w.t_args("account-new-hint", &[("n", least.into())]);
    let key = fresh_key();
    let form = Form::post(w, "/account/password", &key, w.t("account-change"))
        .field(
            Field::password("current", w.t("account-current"))
                .hint(w.t("account-current-hint"))
                .required()
                .autocomplete("current-password"),
        )
        .field(
            Field::password("new", w.t("account-new"))
                .hint(hint)
                .required()
                .autocomplete("new-password"),
        )
        .field(
            Field::password("again", w.t("account-again")).required().autocomplete("new-password"),
        );
    html! { (form) }
}

fn framed(app: &App, visitor: &Visitor, body: &Markup) -> Markup {
    let w = visitor.words;
    let title = w.t("nav-account");
    let (home, start) = visitor.home();
    let crumbs = [Crumb::link(home, &start), Crumb::here(&title)];
    let body = html! { (page_header(&title, None, None)) (body) };
    visitor.page(app, &title, &crumbs, false, &body)
}

#[derive(Deserialize)]
struct Change {
    current: String,
    new: String,
    again: String,
}

async fn change(
    State(app): State<App>,
    Client(address): Client,
    visitor: Visitor,
    KeyedForm { fields, .. }: KeyedForm<Change>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ChangeOwnPassword, &visitor.region)?;
    if let Err(problem) = try_change(&app, &visitor, address, &fields).await {
        let page = page(&app, &visitor, false, Some(&problem))?;
        return Ok((problem.status, page).into_response());
    }
    // A new password ends every session, this one too: a new one takes its place.
    let user = visitor.user.to_string();
    let signed = app.engine.sign_in(&user, &fields.new, address, Carrier::Cookie).await;
    let Ok((token, _)) = signed else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let mut response = Redirect::to("/account?done=1").into_response();
    response.headers_mut().append(SET_COOKIE, session_cookie(&app, token.reveal()));
    Ok(response)
}

async fn try_change(
    app: &App,
    visitor: &Visitor,
    address: std::net::IpAddr,
    fields: &Change,
) -> Result<(), Problem> {
    if fields.new != fields.again {
        return Err(Problem::unprocessable("account.passwords_differ"));
    }
    // Whoever came by a break-glass code has no password at hand; the code stood for it.
    let by_code = visitor.session.via == samband_access::Via::Code;
    if !by_code && !app.engine.password_fits(&visitor.user, &fields.current, address).await {
        return Err(Problem::unprocessable("account.password_wrong"));
    }
    let set = app.engine.set_password(&visitor.principal, &visitor.user, &fields.new).await;
    set.map_err(Problem::from)
}

#[derive(Deserialize)]
struct Act {
    act: String,
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    KeyedForm { fields, .. }: KeyedForm<Act>,
) -> Result<Response, Problem> {
    if visitor.must_change {
        return Err(Problem::new(
            axum::http::StatusCode::FORBIDDEN,
            "account.password_must_change",
        ));
    }
    match fields.act.as_str() {
        "codes" => {
            let drawn = app.engine.issue_codes(&visitor.principal, &visitor.user).await;
            let drawn = drawn?;
            Ok(framed(&app, &visitor, &codes(visitor.words, &drawn)).into_response())
        }
        "sessions" => {
            let ended = app.engine.end_sessions(&visitor.principal, &visitor.user).await;
            ended?;
            Ok(Redirect::to("/sign-in").into_response())
        }
        other => Err(Problem::malformed(other)),
    }
}
