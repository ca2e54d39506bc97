//! The exercise: what it is, whom it may reach, and how anybody says that it is real.

use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, extract::Query};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::{Command, Own, Shared};
use samband_domain::{Mode, Region};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::parts::region_name;
use super::typed::{Draft, Reader, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{Definitions, Field, Note, page_header, section, time_tag};
use crate::text::Words;

const STOP: &str = "stop-exercise";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/exercise", get(show).post(stop))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &draft, asked.done.as_deref())
}

async fn stop(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::StopExercise, &visitor.region)?;
    let w = visitor.words;
    let typed = Typed::new(pairs);
    let reader = Reader::new(w, &typed);
    // Whoever is in a hurry need not write: the headline says what it is.
    let text = real_text(w, &reader.optional("real-text").unwrap_or_default());
    let headline = w.t("exercise-real-headline");
    let command = reader.done(Some(Command::StopExercise { link: None, headline, text }));
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done("/exercise", STOP)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None)?).into_response())
        }
    }
}

/// What happened in the words of whoever says so, and always what to do now.
pub(crate) fn real_text(w: Words, said: &str) -> String {
    let said = said.trim();
    let what_now = w.t("exercise-real-text");
    match said.chars().last() {
        None => what_now,
        Some('.' | '!' | '?') => format!("{said} {what_now}"),
        Some(_) => format!("{said}. {what_now}"),
    }
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    act: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let drill = app.mode(Some(&visitor.region)) == Mode::Exercise;
    let title = w.t("exercise-title");
    let body = html! {
        (page_header(&title, Some(&w.t("exercise-lead")), None))
        (done_note(w, act))
        @if drill { (running(w, &world, region, draft)) }
        @else { (Note::info(w, &w.t("exercise-is-none"))) }
        (section("rules", &w.t("exercise-rules"), &rules(w)))
    };
    Ok(page(app, visitor, &title, &[visitor.home()], &body))
}

fn running(w: Words, world: &World, region: &Region, draft: &Draft) -> Markup {
    let (shared, own) = (&region.shared.alarms, &region.own.alarms);
    html! {
        @if let Some(stopped) = &shared.stopped {
            (Note::warning(w, &w.t_args("exercise-stopped", &[
                ("region", region_name(world, &stopped.issuer).into()),
                ("time", w.date_time(stopped.at.0).into()),
            ])))
        } @else {
            (section("stop", &w.t("exercise-stop"), &stop_form(w, draft)))
        }
        (section("facts", &w.t("exercise-facts"), &facts(w, shared, own)))
    }
}

fn stop_form(w: Words, draft: &Draft) -> Markup {
    let key = draft.key(STOP);
    let form = draft
        .form(w, "/exercise", STOP, &key, w.t("exercise-stop-do"))
        .danger()
        .field(Field::text_area("real-text", w.t("exercise-real-what")));
    html! {
        p { (w.t("exercise-stop-lead")) }
        (form)
    }
}

fn facts(w: Words, shared: &Shared, own: &Own) -> Markup {
    let Some(drill) = &shared.exercise else {
        return html! { (Note::warning(w, &w.t("exercise-not-stated"))) };
    };
    let unknown = w.t("unknown");
    let leader = own.leader.clone().unwrap_or(unknown);
    let mut list = Definitions::new()
        .markup(w.t("exercise-name"), html! { (drill.title) })
        .markup(w.t("exercise-id"), html! { code { (drill.id) } })
        .markup(w.t("exercise-leader"), html! { (leader) });
    // What was stopped does not run until its end.
    if let Some(until) = drill.window.until().filter(|_| shared.stopped.is_none()) {
        list = list.markup(w.t("exercise-until"), html! { (time_tag(w, until.0)) });
    }
    let allowed = w.t_args("exercise-allowed-count", &[("count", own.allowed.len().into())]);
    html! { (list.markup(w.t("exercise-allowed"), html! { (allowed) })) }
}

fn rules(w: Words) -> Markup {
    html! {
        ul {
            @for key in ["exercise-rule-mode", "exercise-rule-marked", "exercise-rule-list",
                "exercise-rule-real", "exercise-rule-ends"] {
                li { (w.t(key)) }
            }
        }
    }
}
