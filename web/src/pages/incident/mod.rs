//! Händelser: how each stands, its blood, where its casualties go, and what is done afterwards.

mod acts;
mod after;
mod blood;
mod course;
mod distribution;
mod forms;
mod list;
mod measures;
mod one;
mod paper;
mod secondary;

use axum::Router;
use axum::routing::get;
use maud::{Markup, html};
use samband_domain::incidents::model::{CareMode, Stage};
use samband_domain::{Known, Mode};
use samband_engine::World;

use super::parts::region_name;
use crate::app::incident::{Found, Told};
use crate::app::{App, Visitor};
use crate::components::{Status, tag, time_tag};
use crate::text::Words;

pub(super) use list::card as duties_card;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/incidents", get(list::show))
        .route("/incidents/{issuer}/{id}", get(one::show).post(acts::act))
        .route("/incidents/{issuer}/{id}/blood", get(blood::show).post(acts::blood))
        .route("/incidents/{issuer}/{id}/after", get(after::show).post(acts::after))
        .route(
            "/incidents/{issuer}/{id}/distribution",
            get(distribution::show).post(acts::distribution),
        )
        .route(
            "/incidents/{issuer}/{id}/distribution/secondary",
            get(secondary::show).post(acts::secondary),
        )
        .route("/incidents/{issuer}/{id}/after.pdf", get(paper::show))
}

/// A body as it may be shown: an exercise says so first and last.
fn framed(w: Words, mode: Mode, body: &Markup) -> Markup {
    let word = || html! { p.exercise-word { strong { (w.t("layout-exercise-word")) } } };
    html! {
        @if mode == Mode::Exercise { (word()) }
        (body)
        @if mode == Mode::Exercise { (word()) }
    }
}

/// How far it has come, as a tag with its own words.
fn stage_tag(w: Words, stage: Stage) -> Markup {
    let status = match stage {
        Stage::Closed => Status::Ended,
        Stage::Draft | Stage::Suspected => Status::OneSided,
        _ => Status::Attention,
    };
    tag(status, &w.dynamic("inc-of-stage-", stage.as_str()))
}

/// What comes next and whose move it is.
fn next_text(w: Words, found: &Found<'_>) -> String {
    let next = found.next();
    let step = w.dynamic("inc-of-next-", next.step);
    match next.role {
        Some(role) => w.t_args(
            "inc-next-by",
            &[("step", step.into()), ("role", w.dynamic("role-", role.as_str()).into())],
        ),
        None => w.t_args("inc-next-follows", &[("step", step.into())]),
    }
}

fn care_mode(w: Words, mode: CareMode) -> String {
    w.dynamic("inc-of-mode-", mode.as_str())
}

/// `30–60`; the word for unknown is marked as such.
fn span(w: Words, span: Known<(u32, u32)>) -> Markup {
    match span {
        Known::Value((least, most)) if least == most => html! { (w.int(least)) },
        Known::Value((least, most)) => {
            html! { span.nowrap { (w.int(least)) "–" (w.int(most)) } }
        }
        Known::Unknown => html! { span.unknown { (w.unknown()) } },
    }
}

/// By whom a figure was told, and when it was so.
fn told(w: Words, world: &World, told: &Told) -> Markup {
    let source = match told.source {
        Some(source) => w.dynamic("inc-of-source-", source.as_str()),
        None => w.t("inc-first-report"),
    };
    html! { (source) ", " (region_name(world, &told.region)) ", " (time_tag(w, told.at.0)) }
}

/// Seconds as people say them: `45 s`, `3 min 20 s`, `1 h 5 min`.
fn duration(w: Words, seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    let said = |key: &str, a: i64, b: i64| w.t_args(key, &[("a", a.into()), ("b", b.into())]);
    match (hours, minutes) {
        (0, 0) => said("inc-seconds", rest, 0),
        (0, _) => said("inc-minutes", minutes, rest),
        _ => said("inc-hours", hours, minutes),
    }
}

/// The way here: the list, and for a part of an incident the incident itself.
fn crumbs(w: Words, found: Option<&Found<'_>>) -> Vec<(String, String)> {
    let mut way = vec![("/incidents".to_owned(), w.t("inc-list-title"))];
    way.extend(found.map(|found| (found.href(), found.held.report.title.clone())));
    way
}

fn page(
    app: &App,
    visitor: &Visitor,
    title: &str,
    way: &[(String, String)],
    body: &Markup,
) -> axum::response::Html<String> {
    let way: Vec<_> = way.iter().map(|(href, label)| (href.as_str(), label.clone())).collect();
    super::frame::page(app, visitor, title, &way, body)
}
