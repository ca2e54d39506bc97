//! Requests for blood: what is open, asking for it, and each request until it is filled.
//!
//! The list names ward and component, never the patient: who it is for stands on the request's own
//! page, whose reading is recorded.

mod ask;
mod forms;
mod one;
mod paper;
mod parts;
mod two;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::transfusion::model::{Open, Urgency};
use samband_domain::transfusion::view;
use samband_domain::{Region, RequestId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{done_note, page};
use crate::app::stock::site_name;
use crate::app::transfusion::{TOPICS, own};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Row, Status, Table, live_region, page_header, tag, time_tag,
};
use crate::text::Words;

pub(crate) use ask::sites;
pub(crate) use parts::name as patient_name;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/requests", get(list))
        .merge(ask::routes())
        .merge(paper::routes())
        .merge(one::routes())
}

async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let region = own(&app, &visitor, &world)?;
    let may = |action| visitor.may(&app, action);
    let actions = html! {
        @if may(Action::RequestBlood) {
            a.button.main href="/requests/new" { (w.t("requests-new")) }
        }
        @if may(Action::IssueBlood) {
            a.button href="/requests/emergency" { (w.t("requests-emergency")) }
            a.button.quiet href="/requests/paper" { (w.t("requests-paper")) }
        }
    };
    let title = w.t("requests-title");
    let body = html! {
        (page_header(&title, Some(&w.t("requests-lead")), Some(&actions)))
        (done_note(w, asked.done.as_deref()))
        (live_region("requests", TOPICS, "/requests", &table(w, &world, &visitor, region, now)))
    };
    Ok(page(&app, &visitor, &title, &[], &body))
}

fn table(w: Words, world: &World, visitor: &Visitor, region: &Region, now: Time) -> Markup {
    let all = view::open(&region.own.transfusion);
    if all.is_empty() {
        let (title, text) = (w.t("requests-none"), w.t("requests-none-text"));
        return html! { (EmptyState::new(&title, &text)) };
    }
    let rows = all.into_iter().map(|(id, open)| {
        Row::new(Cell::link(&href(id), &what(w, open)))
            .cell(urgency_tag(w, open.request.urgency))
            .cell(needed(w, open, now))
            .cell(w.t_args(
                "requests-filled",
                &[
                    ("done", i64::try_from(open.handed_out()).unwrap_or(0).into()),
                    ("of", i64::from(open.request.units).into()),
                ],
            ))
            .cell(open.request.ward.clone())
            .cell(site_name(world, &visitor.region, &open.request.site))
    });
    let table = Table::new(w.t("requests-open"))
        .columns([
            Column::text(w.t("request-what")),
            Column::text(w.t("request-urgency")),
            Column::text(w.t("request-needed")),
            Column::text(w.t("request-handed-out")),
            Column::text(w.t("request-ward")),
            Column::text(w.t("request-site")),
        ])
        .rows(rows);
    html! { (table) }
}

/// The address of a request's page.
pub(super) fn href(id: &RequestId) -> String {
    format!("/requests/{id}")
}

/// `Erytrocyter, 2 enheter`, or the packages of a massive transfusion.
pub(super) fn what(w: Words, open: &Open) -> String {
    if open.course.is_some() {
        return w.t("request-packages");
    }
    let component = w.dynamic("compat-component-", open.request.component.as_str());
    let args = [("component", component.into()), ("n", i64::from(open.request.units).into())];
    w.t_args("request-what-n", &args)
}

/// How soon, with a sign and a word.
pub(super) fn urgency_tag(w: Words, urgency: Urgency) -> Markup {
    let kind = match urgency {
        Urgency::Routine => Status::Known,
        Urgency::Urgent => Status::Attention,
        Urgency::Emergency | Urgency::Massive => Status::Stopped,
    };
    tag(kind, &w.dynamic("urgency-", urgency.as_str()))
}

/// When it is needed, marked once that has passed.
pub(super) fn needed(w: Words, open: &Open, now: Time) -> Markup {
    let late = open.request.needed < now && open.handed_out() < open.request.units.into();
    html! {
        (time_tag(w, open.request.needed.0))
        @if late { " " (tag(Status::Attention, &w.t("request-late"))) }
    }
}
