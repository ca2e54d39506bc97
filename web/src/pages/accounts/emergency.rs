//! Emergency access: opened with a reason for a while, and looked at afterwards.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::MandateId;
use samband_domain::kernel::{Command, GlassBreak};
use samband_engine::Request;
use serde::Deserialize;

use crate::api::Query;
use crate::app::{App, KeyedForm, Problem, Visitor, fresh_key};
use crate::components::{
    Crumb, Definitions, EmptyState, Field, Form, Note, Status, page_header, section, tag, time_tag,
};

/// Minutes offered from the start.
const MINUTES: &str = "60";

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/break-glass", get(show).post(open))
        .route("/break-glass/review", post(review))
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
    page(&app, &visitor, &Opening::default(), asked.done.as_deref(), None)
}

#[derive(Default, Deserialize)]
struct Opening {
    reason: String,
    minutes: String,
}

fn page(
    app: &App,
    visitor: &Visitor,
    typed: &Opening,
    done: Option<&str>,
    problem: Option<&Problem>,
) -> Result<Markup, Problem> {
    let w = visitor.words;
    let sees = visitor.may(app, Action::SeeGlass);
    if !sees {
        visitor.permit(app, Action::BreakGlass, &visitor.region)?;
    }
    let title = w.t("nav-break-glass");
    let body = html! {
        (page_header(&title, Some(&w.t("glass-lead")), None))
        @match done {
            Some("opened") => (Note::success(w, &w.t("glass-opened"))),
            Some(_) => (Note::success(w, &w.t("glass-reviewed"))),
            None => {}
        }
        @if let Some(problem) = problem { (visitor.explain(app, problem.clone())) }
        @if visitor.emergency { (Note::warning(w, &w.t("glass-is-open"))) }
        @if visitor.may(app, Action::BreakGlass) {
            (section("open", &w.t("glass-open-title"), &open_form(visitor, typed)))
        }
        @if sees { (section("review", &w.t("glass-review-title"), &reviews(app, visitor))) }
    };
    let (home, start) = visitor.home();
    let crumbs = [Crumb::link(home, &start), Crumb::here(&title)];
    Ok(visitor.page(app, &title, &crumbs, false, &body))
}

fn open_form(visitor: &Visitor, typed: &Opening) -> Markup {
    let w = visitor.words;
    let minutes = if typed.minutes.is_empty() { MINUTES } else { &typed.minutes };
    let key = fresh_key();
    let form = Form::post(w, "/break-glass", &key, w.t("glass-open"))
        .field(
            Field::text_area("reason", w.t("glass-reason"))
                .hint(w.t("glass-reason-hint"))
                .value(&typed.reason)
                .required(),
        )
        .field(Field::number("minutes", w.t("glass-minutes")).value(minutes).required())
        .danger();
    html! {
        p { (w.t("glass-open-text")) }
        (form)
    }
}

/// All emergency accesses, newest first.
fn reviews(app: &App, visitor: &Visitor) -> Markup {
    let w = visitor.words;
    let world = app.engine.world();
    let glass = world.local(&visitor.region).map(|region| &region.own.kernel.glass);
    let all: Vec<&GlassBreak> = glass.into_iter().flatten().rev().collect();
    if all.is_empty() {
        let (title, text) = (w.t("glass-none"), w.t("glass-none-text"));
        return html! { (EmptyState::new(&title, &text)) };
    }
    html! { @for one in all { (shown(app, visitor, one)) } }
}

fn shown(app: &App, visitor: &Visitor, one: &GlassBreak) -> Markup {
    let w = visitor.words;
    let world = app.engine.world();
    let title = |actor: &samband_domain::ActorId| {
        let region = world.local(&visitor.region);
        let person = region.and_then(|region| region.shared.kernel.actors.get(actor));
        person.map_or_else(|| actor.to_string(), |person| person.title.clone())
    };
    let by = format!("/people/{}/{}", visitor.region, one.actor);
    let facts = Definitions::new()
        .markup(w.t("glass-by"), html! { a href=(by) { (title(&one.actor)) } })
        .markup(w.t("glass-from"), time_tag(w, one.window.from().0))
        .markup(
            w.t("glass-until"),
            html! {
                @match one.window.until() { Some(at) => (time_tag(w, at.0)), None => (w.unknown()) }
            },
        )
        .text(w.t("glass-reason"), &one.reason);
    let facts = match &one.review {
        Some((by, at, finding)) => facts
            .text(w.t("glass-finding"), finding)
            .markup(w.t("glass-looked"), html! { (title(by)) " " (time_tag(w, at.0)) }),
        None => facts,
    };
    let own = one.actor == visitor.actor;
    let may = !own && visitor.may(app, Action::ReviewGlass);
    html! {
        article.card {
            p {
                @if one.review.is_some() { (tag(Status::Known, &w.t("glass-done"))) }
                @else { (tag(Status::Attention, &w.t("glass-waits"))) }
            }
            (facts)
            @if one.review.is_none() && may {
                (Form::post(w, "/break-glass/review", &fresh_key(), w.t("glass-review"))
                    .hidden("mandate", one.mandate.as_str())
                    .field(Field::text_area(
                        &format!("finding-{}", one.mandate), w.t("glass-finding")).required()))
            }
        }
    }
}

async fn submit(
    app: &App,
    visitor: &Visitor,
    key: String,
    command: Command,
) -> Result<(), Problem> {
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key,
        happened: None,
        command: command.into(),
        asked: None,
    };
    app.engine.submit(request).await?;
    Ok(())
}

async fn open(
    State(app): State<App>,
    visitor: Visitor,
    KeyedForm { key, fields }: KeyedForm<Opening>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::BreakGlass, &visitor.region)?;
    let minutes = fields.minutes.trim().parse::<u16>();
    let outcome = match minutes {
        Ok(minutes) => {
            let command = Command::BreakGlass { reason: fields.reason.clone(), minutes };
            submit(&app, &visitor, key, command).await
        }
        Err(_) => Err(Problem::unprocessable("glass.minutes").fact("minutes", &fields.minutes)),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to("/break-glass?done=opened").into_response()),
        Err(problem) if problem.status.is_client_error() => {
            let page = page(&app, &visitor, &fields, None, Some(&problem))?;
            Ok((problem.status, page).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn review(
    State(app): State<App>,
    visitor: Visitor,
    KeyedForm { key, fields }: KeyedForm<std::collections::BTreeMap<String, String>>,
) -> Result<Redirect, Problem> {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let mandate = MandateId::new(&field("mandate"))?;
    let finding = field(&format!("finding-{mandate}"));
    submit(&app, &visitor, key, Command::ReviewGlass { mandate, finding }).await?;
    Ok(Redirect::to("/break-glass?done=reviewed"))
}
