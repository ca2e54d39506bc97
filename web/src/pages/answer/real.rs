//! SKARPT LÄGE: whoever takes part in an exercise may say that the real thing has happened,
//! without a session, and every drill stops.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Router, http::StatusCode};
use maud::{Markup, html};
use samband_domain::alarms::Command;
use samband_domain::alarms::command::Link;

use super::{Said, href, open, submit, unknown};
use crate::app::rosters::token::{Opened, by_link};
use crate::app::{App, Problem, Tongue, explain, fresh_key};
use crate::components::{KEY_FIELD, Note};
use crate::pages::exercise::real_text;
use crate::pages::typed::Typed;
use crate::text::Words;

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/a/{token}/real", post(stop))
}

/// One line about what has happened, and one press.
pub(super) fn form(w: Words, opened: &Opened) -> Markup {
    html! {
        details.panel {
            summary { (w.t("roster-real-title")) }
            p { (w.t("roster-real-lead")) }
            form.answers method="post" action={ (href(&opened.token)) "/real" } {
                input type="hidden" name=(KEY_FIELD) value=(fresh_key());
                div.field {
                    label for="f-real" { (w.t("roster-real-what")) }
                    textarea #f-real name="what" rows="2" maxlength="1000" {}
                }
                button.danger type="submit" { strong { (w.t("roster-real-do")) } }
            }
        }
    }
}

async fn stop(
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
    let headline = w.t("roster-real-headline");
    let text = real_text(w, typed.get("what"));
    let link = Some(Link { key: opened.key.clone(), token: opened.token.clone() });
    let command = Command::StopExercise { link, headline, text };
    match submit(&app, &opened.region, typed.key(), command).await {
        Ok(_) => Ok(Redirect::to(&href(&opened.token)).into_response()),
        Err(failure) => {
            let problem = Problem::from(failure);
            let status: StatusCode = problem.status;
            let text = html! {
                (explain(&problem, w))
                (Note::warning(w, &w.t("roster-answer-call-instead")))
            };
            let said = Said { note: String::new(), problem: text };
            Ok((status, open::page(&app, &tongue, &opened, Some(&said))).into_response())
        }
    }
}
