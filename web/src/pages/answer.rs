//! Acknowledging an alarm without a session: the personal link, and the code for whoever has only
//! been telephoned. Looking changes nothing, so that whatever previews a link answers nothing;
//! expiry and lock-out never stand in the way of somebody who was woken.

mod code;
mod open;
mod real;

pub(super) use open::telephone;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::header::REFERRER_POLICY;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, middleware};
use maud::{Markup, html};
use samband_access::Principal;
use samband_domain::alarms::Command;
use samband_domain::alarms::command::Who;
use samband_domain::alarms::model::{By, Says};
use samband_domain::{JournalId, alarms};
use samband_engine::{Failure, Receipt, Request};

use super::typed::Typed;
use crate::app::rosters::token::by_link;
use crate::app::{App, Problem, Tongue, explain, fresh_key, percent};
use crate::components::{Mode, Note, Page, layout, page_header};
use crate::text::Words;

/// Routes. Nothing that stands here goes on to other sites, into a search engine or into a cache.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/a/{token}", get(show).post(answer))
        .merge(code::routes())
        .merge(real::routes())
        .layer(middleware::map_response(keep_quiet))
}

async fn keep_quiet(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let robots = HeaderName::from_static("x-robots-tag");
    headers.insert(robots, HeaderValue::from_static("noindex, nofollow, noarchive"));
    response
}

/// Where a link leads.
pub(crate) fn href(token: &str) -> String {
    format!("/a/{}", percent(token))
}

async fn show(State(app): State<App>, tongue: Tongue, Path(token): Path<String>) -> Response {
    let world = app.engine.world();
    match by_link(&world, &token) {
        Some(opened) => open::page(&app, &tongue, &opened, None).into_response(),
        None => unknown(&app, &tongue).into_response(),
    }
}

/// What stands over a page that was not answered as hoped, and the note that is not lost by it.
struct Said {
    note: String,
    problem: Markup,
}

async fn answer(
    State(app): State<App>,
    tongue: Tongue,
    Path(token): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(pairs) = form.map_err(|error| Problem::malformed(error.body_text()))?;
    let typed = Typed::new(pairs);
    let Some(opened) = by_link(&app.engine.world(), &token) else {
        return Ok(unknown(&app, &tongue).into_response());
    };
    let w = tongue.words;
    let note = Some(typed.get("note").to_owned()).filter(|note| !note.is_empty());
    let again = |status: StatusCode, problem: Markup| {
        let said = Said { note: typed.get("note").to_owned(), problem };
        (status, open::page(&app, &tongue, &opened, Some(&said))).into_response()
    };
    let Ok(says) = typed.get("says").parse::<Says>() else {
        let problem = html! { (Note::warning(w, &w.t("roster-answer-which"))) };
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, problem));
    };
    let (key, who) = (opened.key.clone(), Who::Token(opened.token.clone()));
    let command = Command::Answer { key, who, by: By::Link, says, note };
    match submit(&app, &opened.region, typed.key(), command).await {
        Ok(_) => Ok(Redirect::to(&href(&opened.token)).into_response()),
        // Answering too late is no mistake: the page says what holds now.
        Err(Failure::Refused(refusal)) if refusal.kind.code == "alarm.ended" => {
            Ok(Redirect::to(&href(&opened.token)).into_response())
        }
        Err(failure) => {
            let problem = Problem::from(failure);
            let status = problem.status;
            let text = html! {
                (explain(&problem, w))
                (Note::warning(w, &w.t("roster-answer-call-instead")))
            };
            Ok(again(status, text))
        }
    }
}

/// A command of whoever holds a link: of nobody who is signed in.
async fn submit(
    app: &App,
    region: &JournalId,
    key: &str,
    command: alarms::Command,
) -> Result<Receipt, Failure> {
    let key = if key.is_empty() { fresh_key() } else { key.to_owned() };
    let request = Request {
        principal: Principal::Nobody,
        region: region.clone(),
        key,
        happened: None,
        command: command.into(),
        asked: None,
    };
    app.engine.submit(request).await
}

/// A page in the mode of the region that woke, not in that of whichever region comes first.
fn framed(
    app: &App,
    (tongue, path): (&Tongue, &str),
    region: Option<&JournalId>,
    title: &str,
    body: &Markup,
) -> Markup {
    let w = tongue.words;
    let other = format!("{path}?lang={}", w.lang().other().code());
    let mode = app.banner(region);
    let stopped = mode == Mode::Exercise && app.stopped(region);
    let new = Page::new(w, title, app.engine.now().0);
    let page = Page { mode, stopped, language_href: &other, ..new };
    layout(&page, &html! { (body) @if !stopped { (open::last_word(w, mode)) } })
}

/// A link that nobody here was sent: what to do instead, and nothing about why.
fn unknown(app: &App, tongue: &Tongue) -> (StatusCode, Markup) {
    let w: Words = tongue.words;
    let title = w.t("roster-unknown-title");
    let body = html! {
        (page_header(&title, Some(&w.t("roster-unknown-lead")), None))
        div.panel {
            ol {
                li { (w.t("roster-unknown-call")) }
                li { a href="/k" { (w.t("roster-unknown-code")) } }
                li { a href="/sign-in" { (w.t("roster-unknown-sign-in")) } }
            }
        }
    };
    (StatusCode::NOT_FOUND, framed(app, (tongue, "/k"), None, &title, &body))
}
