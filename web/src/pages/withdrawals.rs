//! Återkallelser: what was called back, here and elsewhere, and what is still to be done.

mod case;
mod forms;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donations::Calls;
use samband_domain::donations::view::withdrawal::{Listed, ToDo, cases, to_do};
use samband_domain::{JournalId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{done_note, page};
use super::parts::region_name;
use crate::app::withdrawals::{TOPICS, href};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Row, Status, Table, live_region, page_header, section, tag, time_tag,
};
use crate::text::Words;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/withdrawals", get(show)).merge(forms::routes()).merge(case::routes())
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let call = html! {
        @if visitor.may(&app, Action::CallBack) {
            a.button.main.danger href="/withdrawals/new" { (w.t("withdrawal-new")) }
        }
    };
    let title = w.t("withdrawals-title");
    let body = html! {
        (page_header(&title, Some(&w.t("withdrawals-lead")), Some(&call)))
        (done_note(w, asked.done.as_deref()))
        (live_region("withdrawals", TOPICS, "/withdrawals", &lists(w, &world, &visitor.region, now)))
    };
    Ok(page(&app, &visitor, &title, &[], &body))
}

fn lists(w: Words, world: &World, region: &JournalId, now: Time) -> Markup {
    let calls = world.journal(region).map(|journal| journal.shared().donations.calls.clone());
    let calls = calls.unwrap_or_default();
    html! {
        (section("here", &w.t("withdrawals-here"), &here(w, world, &calls, now)))
        (section("own", &w.t("withdrawals-own"), &own(w, &cases(&calls), now)))
        (section("others", &w.t("withdrawals-others"), &others(w, world, region, now)))
    }
}

/// What somebody in this region has to do, whoever called it back.
pub(super) fn here(w: Words, world: &World, calls: &Calls, now: Time) -> Markup {
    let all = to_do(calls);
    if all.is_empty() {
        return html! { p { (w.t("withdrawals-here-none")) } };
    }
    let row = |one: &ToDo| {
        let at = &one.heeded.withdrawal;
        let reason = w.dynamic("call-reason-", one.heeded.reason.as_str());
        Row::new(Cell::link(&href(&at.hash), &reason))
            .cell(region_name(world, &at.journal))
            .cell(time_tag(w, one.heeded.since.0))
            .cell(w.age(one.heeded.since.0, now.0))
            .cell(tag(
                Status::Attention,
                &w.t_args("withdrawal-units-open", &[("n", one.units.len().into())]),
            ))
    };
    let table = Table::new(w.t("withdrawals-here"))
        .caption_hidden()
        .columns([
            Column::text(w.t("withdrawal-reason")),
            Column::text(w.t("withdrawal-by")),
            Column::text(w.t("withdrawal-since")),
            Column::text(w.t("withdrawal-age")),
            Column::text(w.t("withdrawal-to-do")),
        ])
        .rows(all.iter().map(row));
    html! { (table) }
}

/// How a case stands, in one tag.
pub(super) fn state_tag(w: Words, one: &Listed) -> Markup {
    if let Some(end) = &one.case.closed {
        let text = w.dynamic("withdrawal-outcome-", end.outcome.as_str());
        return html! {
            (tag(Status::Ended, &text))
            @if one.open > 0 || one.silent > 0 {
                " " (tag(Status::Attention, &w.t("withdrawal-late-open")))
            }
        };
    }
    html! {
        @if one.silent > 0 {
            (tag(Status::Gap, &w.t_args("withdrawal-silent", &[("n", one.silent.into())]))) " "
        }
        @if one.open > 0 {
            (tag(Status::Attention,
                &w.t_args("withdrawal-units-open", &[("n", one.open.into())])))
        }
        @if one.silent == 0 && one.open == 0 {
            @let key = match one.case.assessed {
                Some(_) => "withdrawal-awaits-second",
                None => "withdrawal-awaits-end",
            };
            (tag(Status::OneSided, &w.t(key)))
        }
    }
}

fn own(w: Words, all: &[Listed], now: Time) -> Markup {
    if all.is_empty() {
        return html! {
            (EmptyState::new(&w.t("withdrawals-none"), &w.t("withdrawals-none-text")))
        };
    }
    let row = |one: &Listed| {
        Row::new(Cell::link(&href(&one.case.at.hash), one.case.case.as_str()))
            .cell(w.dynamic("call-reason-", one.case.reason.as_str()))
            .cell(time_tag(w, one.case.since.0))
            .cell(match one.case.closed {
                Some(_) => html! { "–" },
                None => html! { (w.age(one.case.since.0, now.0)) },
            })
            .cell(w.int(one.case.dins.len()))
            .cell(w.int(one.units))
            .cell(state_tag(w, one))
    };
    let table = Table::new(w.t("withdrawals-own"))
        .caption_hidden()
        .columns([
            Column::text(w.t("withdrawal-case")),
            Column::text(w.t("withdrawal-reason")),
            Column::text(w.t("withdrawal-since")),
            Column::text(w.t("withdrawal-age")),
            Column::number(w.t("withdrawal-donations")),
            Column::number(w.t("withdrawal-units")),
            Column::text(w.t("withdrawal-state")),
        ])
        .rows(all.iter().map(row));
    html! { (table) }
}

fn others(w: Words, world: &World, region: &JournalId, now: Time) -> Markup {
    let mut all: Vec<_> = world
        .journals
        .values()
        .filter(|journal| journal.id != *region)
        .flat_map(|journal| {
            let calls = &journal.shared().donations.calls;
            cases(calls).into_iter().map(|one| (journal.id.clone(), one))
        })
        .collect();
    all.sort_by_key(|(_, one)| (one.case.closed.is_some(), std::cmp::Reverse(one.case.since)));
    if all.is_empty() {
        return html! { p { (w.t("withdrawals-others-none")) } };
    }
    let row = |(id, one): &(JournalId, Listed)| {
        Row::new(Cell::link(&href(&one.case.at.hash), one.case.case.as_str()))
            .cell(region_name(world, id))
            .cell(w.dynamic("call-reason-", one.case.reason.as_str()))
            .cell(w.age(one.case.since.0, now.0))
            .cell(state_tag(w, one))
    };
    let table = Table::new(w.t("withdrawals-others"))
        .caption_hidden()
        .columns([
            Column::text(w.t("withdrawal-case")),
            Column::text(w.t("withdrawal-by")),
            Column::text(w.t("withdrawal-reason")),
            Column::text(w.t("withdrawal-age")),
            Column::text(w.t("withdrawal-state")),
        ])
        .rows(all.iter().map(row));
    html! { (table) }
}
