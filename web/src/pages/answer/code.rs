//! Acknowledging by code: the alarm's id and the four digits that the call or the message said.

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, extract::rejection::FormRejection};
use maud::{Markup, html};
use samband_domain::alarms::Command;

use super::{framed, href, submit};
use crate::app::rosters::recipient_text;
use crate::app::rosters::token::{Opened, by_code};
use crate::app::{App, Client, Problem, Tongue};
use crate::components::{Field, Form as Shown, Note, page_header};
use crate::pages::typed::Typed;

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/k", get(show).post(enter))
}

async fn show(State(app): State<App>, tongue: Tongue) -> Markup {
    page(&app, &tongue, "", &html! {})
}

async fn enter(
    State(app): State<App>,
    Client(from): Client,
    tongue: Tongue,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(pairs) = form.map_err(|error| Problem::malformed(error.body_text()))?;
    let typed = Typed::new(pairs);
    let (alarm, pin) = (typed.get("alarm").to_lowercase(), typed.get("pin").to_owned());
    let (w, now) = (tongue.words, app.engine.now());
    if let Err(wait) = app.codes.knock(&alarm, from, now) {
        let seconds = wait.seconds(now);
        let note = Note::warning(w, &w.t_args("roster-code-wait", &[("n", seconds.into())]));
        let page = page(&app, &tongue, &alarm, &html! { (note) });
        let headers = [(RETRY_AFTER, seconds.to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, headers, page).into_response());
    }
    let found = by_code(&app.engine.world(), &alarm, &pin);
    if found.is_empty() {
        let note = Note::warning(w, &w.t("roster-code-wrong"));
        let page = page(&app, &tongue, &alarm, &html! { (note) });
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.codes.right(&alarm, from);
    for one in &found {
        note_read(&app, one).await;
    }
    match &found[..] {
        [one] => Ok(Redirect::to(&href(&one.token)).into_response()),
        several => Ok(choose(&app, &tongue, several).into_response()),
    }
}

/// Whoever typed a code has the alarm before their eyes: that is worth noting, and never worth
/// standing in the way.
async fn note_read(app: &App, opened: &Opened) {
    let (key, token) = (opened.key.clone(), opened.token.clone());
    if let Err(failure) = submit(app, &opened.region, "", Command::Read { key, token }).await {
        tracing::warn!(code = failure.code(), "an opened alarm was not noted");
    }
}

fn page(app: &App, tongue: &Tongue, alarm: &str, note: &Markup) -> Markup {
    let w = tongue.words;
    let title = w.t("roster-code-title");
    let form = Shown::post(w, "/k", "", w.t("roster-code-do"))
        .field(
            Field::text("alarm", w.t("roster-code-alarm"))
                .hint(w.t("roster-code-alarm-hint"))
                .value(alarm)
                .required(),
        )
        .field(
            Field::number("pin", w.t("roster-code-pin"))
                .hint(w.t("roster-code-pin-hint"))
                .autocomplete("one-time-code")
                .required(),
        );
    let body = html! {
        (page_header(&title, Some(&w.t("roster-code-lead")), None))
        (note)
        div.panel { (form) }
        p { (w.t("roster-code-otherwise")) }
    };
    framed(app, (tongue, "/k"), None, &title, &body)
}

/// The same digits for two people of one alarm: whoever typed them knows which of them they are.
fn choose(app: &App, tongue: &Tongue, all: &[Opened]) -> Markup {
    let w = tongue.words;
    let title = w.t("roster-code-which");
    let world = app.engine.world();
    let body = html! {
        (page_header(&title, None, None))
        ul {
            @for one in all {
                li {
                    a.button href=(href(&one.token)) {
                        (one.name) ", " (recipient_text(w, &world, &one.key.to))
                    }
                }
            }
        }
    };
    framed(app, (tongue, "/k"), None, &title, &body)
}
