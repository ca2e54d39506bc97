//! Avvikelser och undantag: the transfusion physician's landing page. What must be decided or told
//! to somebody, most urgent first.

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donations::view::withdrawal::{cases, to_do};
use samband_domain::kernel::{Approval, Capacity, Mandate};
use samband_domain::transfusion::view::lists;
use samband_domain::{Region, Time};
use samband_engine::World;

use super::frame::page;
use super::parts::title_of;
use super::reports::deadlines;
use super::withdrawals;
use crate::app::withdrawals::href;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Note, Row, Status, Table, live_region, page_header, section, tag, time_tag,
};
use crate::text::Words;

/// What changes the page.
const TOPICS: &str =
    "donation withdrawal stock transfusion request vigilance report mandate rule_set";

/// How far ahead something that ends is named, in days.
const AHEAD_DAYS: i64 = 60;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/deviations", get(show))
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::CloseWithdrawal, &visitor.region)?;
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let title = w.t("deviations-title");
    let call = html! {
        a.button.danger href="/withdrawals/new" { (w.t("withdrawal-new")) }
    };
    let patients = visitor.may(&app, Action::SeePatients);
    let authority = visitor.may(&app, Action::TellAuthority);
    let body = html! {
        (page_header(&title, Some(&w.t("deviations-lead")), Some(&call)))
        (live_region("deviations", TOPICS, "/deviations", &html! {
            (first(w, region, patients, now))
            @if patients {
                @let decides = visitor.may(&app, Action::DecideException);
                (section("exceptions", &w.t("deviations-exceptions"),
                    &exceptions(w, region, decides, now)))
            }
            (section("look-backs", &w.t("deviations-look-backs"), &look_backs(w, &world, region, now)))
            @if authority {
                (section("clocks", &w.t("deviations-clocks"), &clocks(w, region, now)))
            }
            (section("ending", &w.t("deviations-ending"), &ending(w, region, now)))
            (section("rules", &w.t("deviations-rules"), &rules(w, region, now)))
        }))
    };
    Ok(page(&app, &visitor, &title, &[], &body))
}

/// The one most urgent thing, with the way to it.
fn first(w: Words, region: &Region, patients: bool, now: Time) -> Markup {
    let calls = &region.shared.donations.calls;
    let waits = lists(region, None, now);
    let open = cases(calls).into_iter().filter(|one| one.case.closed.is_none()).count();
    let (text, to) = if patients && !waits.stop_on_ward.is_empty() {
        let n = waits.stop_on_ward.len();
        (w.t_args("deviations-first-ward", &[("n", n.into())]), "/withdrawals#here")
    } else if patients && !waits.half_decided.is_empty() {
        let n = waits.half_decided.len();
        (w.t_args("deviations-first-exception", &[("n", n.into())]), "#exceptions")
    } else if patients && !waits.reactions.is_empty() {
        let n = waits.reactions.len();
        (w.t_args("deviations-first-reaction", &[("n", n.into())]), "/reactions")
    } else if !to_do(calls).is_empty() || open > 0 {
        let n = to_do(calls).len().max(open);
        (w.t_args("deviations-first-look-back", &[("n", n.into())]), "#look-backs")
    } else if patients && waits.unreconciled.len() + waits.discrepancies.len() > 0 {
        let n = waits.unreconciled.len() + waits.discrepancies.len();
        (w.t_args("deviations-first-open", &[("n", n.into())]), "#exceptions")
    } else {
        return html! { (Note::info(w, &w.t("deviations-calm"))) };
    };
    html! { (Note::warning(w, &html! { (text) " " a href=(to) { (w.t("deviations-to")) } })) }
}

fn exceptions(w: Words, region: &Region, decides: bool, now: Time) -> Markup {
    let waits = lists(region, None, now);
    let request =
        |id: &samband_domain::RequestId| Cell::link(&format!("/requests/{id}"), id.as_str());
    let mut rows = Vec::new();
    for (id, one) in &waits.half_decided {
        let waits = if one.transfusion.is_none() { "transfusion" } else { "treating" };
        let mark = html! {
            (tag(Status::Attention, &w.t("deviations-half-decided"))) " "
            (w.dynamic("capacity-", waits))
        };
        let href = format!("/requests/{id}?decide={}#do", one.rule);
        // The transfusion physician's own step stands beside it; the other's is told.
        let own = decides && one.transfusion.is_none();
        let text = html! {
            (w.dynamic("exception-", one.rule.as_str()))
            @if let Some(said) = one.transfusion.as_ref().or(one.treating.as_ref()) {
                br; span.fine { (said.physician) ": " (said.reason) }
            }
            @if own { br; a.button.main href=(href) { (w.t("deviations-decide")) } }
        };
        rows.push(Row::new(request(id)).cell(mark).cell(text));
    }
    for (id, _) in &waits.unreconciled {
        let mark = tag(Status::Attention, &w.t("deviations-unreconciled"));
        rows.push(Row::new(request(id)).cell(mark).cell(w.t("deviations-unreconciled-text")));
    }
    for (id, found) in &waits.discrepancies {
        let head = id.map_or_else(|| Cell::text(found.unit.to_string()), request);
        let text = format!("{}, {}", found.unit, w.date_time(found.found.0));
        let mark = tag(Status::Stopped, &w.dynamic("discrepancy-", found.kind.as_str()));
        rows.push(Row::new(head).cell(mark).cell(text));
    }
    for (id, one) in &waits.reactions {
        let mark = tag(Status::Attention, &w.t("deviations-reaction"));
        let text = format!("{}, {}", w.date_time(one.began.0), one.signs);
        let what = w.dynamic("reacted-", one.category.as_str());
        let head = w.t_args("deviations-reaction-head", &[("what", what.into())]);
        rows.push(Row::new(Cell::link(&format!("/reactions#{id}"), &head)).cell(mark).cell(text));
    }
    if rows.is_empty() {
        return html! { p { (w.t("deviations-no-exceptions")) } };
    }
    let table = Table::new(w.t("deviations-exceptions"))
        .caption_hidden()
        .columns([
            Column::text(w.t("withdrawal-request")),
            Column::text(w.t("withdrawal-state")),
            Column::text(w.t("deviations-what")),
        ])
        .rows(rows);
    html! { (table) }
}

fn look_backs(w: Words, world: &World, region: &Region, now: Time) -> Markup {
    let calls = &region.shared.donations.calls;
    let open: Vec<_> = cases(calls).into_iter().filter(|one| one.case.closed.is_none()).collect();
    let row = |one: &samband_domain::donations::view::withdrawal::Listed| {
        Row::new(Cell::link(&href(&one.case.at.hash), one.case.case.as_str()))
            .cell(w.dynamic("call-reason-", one.case.reason.as_str()))
            .cell(w.age(one.case.since.0, now.0))
            .cell(withdrawals::state_tag(w, one))
    };
    let table = Table::new(w.t("withdrawals-own"))
        .columns([
            Column::text(w.t("withdrawal-case")),
            Column::text(w.t("withdrawal-reason")),
            Column::text(w.t("withdrawal-age")),
            Column::text(w.t("withdrawal-state")),
        ])
        .rows(open.iter().map(row));
    html! {
        @if open.is_empty() { p { (w.t("deviations-no-cases")) } } @else { (table) }
        h3 { (w.t("withdrawals-here")) }
        (withdrawals::here(w, world, calls, now))
    }
}

fn clocks(w: Words, region: &Region, now: Time) -> Markup {
    let vigilance = &region.shared.donations.vigilance;
    let open = vigilance.cases.iter().filter(|(_, case)| case.confirmed.is_none());
    let row = |(name, case): (&samband_domain::words::Code, &_)| {
        let case: &samband_domain::donations::model::vigilance::VigilanceCase = case;
        Row::new(Cell::link("/reports#vigilance-confirm", name.as_str()))
            .cell(w.dynamic("vigilance-category-", case.category.as_str()))
            .cell(w.age(case.notified.0, now.0))
    };
    let rows: Vec<_> = open.map(row).collect();
    let table = Table::new(w.t("deviations-to-confirm"))
        .columns([
            Column::text(w.t("withdrawal-case")),
            Column::text(w.t("vigilance-category")),
            Column::text(w.t("vigilance-step-one")),
        ])
        .rows(rows.clone());
    let to_tell = region.own.donations.to_tell.len();
    let count = [("n", i64::try_from(to_tell).unwrap_or(0).into())];
    html! {
        (deadlines(w, region, now))
        @if to_tell > 0 {
            p {
                (tag(Status::Attention, &w.t("deviations-to-tell"))) " "
                a href="/reports#vigilance-tell" { (w.t_args("deviations-to-tell-n", &count)) }
            }
        }
        @if rows.is_empty() { p { (w.t("deviations-no-clocks")) } } @else { (table) }
        p { a href="/reports" { (w.t("deviations-to-reports")) } }
    }
}

/// Mandates that end or must be looked at again soon, and those that wait for an authority.
fn ending(w: Words, region: &Region, now: Time) -> Markup {
    let until = now.plus_days(AHEAD_DAYS);
    let kernel = &region.shared.kernel;
    let by = |one: &Mandate| {
        let ends = one.window.until().filter(|end| *end > now);
        let again = one.review_at.filter(|_| one.in_force(now));
        [ends, again].into_iter().flatten().min()
    };
    let names = |one: &Mandate| match &one.capacity {
        Capacity::Delegation { task } | Capacity::Assignment { task } => Some(task.clone()),
        Capacity::Legal(role) => Some(w.dynamic("legal-", role.as_str())),
        _ => None,
    };
    let mut rows = Vec::new();
    for one in kernel.mandates.values().filter(|one| one.ended.is_none()) {
        let Some(task) = names(one) else { continue };
        let who = title_of(&region.shared, &one.holder);
        if let Approval::Pending { authority, .. } = &one.approval {
            let text = w.t_args("deviations-pending", &[("authority", authority.as_str().into())]);
            rows.push((now, Row::new(task).cell(who).cell(tag(Status::Gap, &text))));
        } else if let Some(end) = by(one).filter(|end| *end <= until) {
            let state = html! {
                (time_tag(w, end.0)) " "
                (tag(Status::Attention, &w.remaining(now.0, end.0)))
            };
            rows.push((end, Row::new(task).cell(who).cell(state)));
        }
    }
    if rows.is_empty() {
        let args = [("days", AHEAD_DAYS.into())];
        return html! { p { (w.t_args("deviations-none-ending", &args)) } };
    }
    rows.sort_by_key(|(end, _)| *end);
    let table = Table::new(w.t("deviations-ending"))
        .caption_hidden()
        .columns([
            Column::text(w.t("deviations-task")),
            Column::text(w.t("deviations-holder")),
            Column::text(w.t("deviations-when")),
        ])
        .rows(rows.into_iter().map(|(_, row)| row));
    html! { (table) p { a href="/roles" { (w.t("deviations-to-roles")) } } }
}

fn rules(w: Words, region: &Region, now: Time) -> Markup {
    let held = &region.shared.rulesets;
    let waits = held.held.iter().filter_map(|(digest, set)| {
        let standing = held.standing(*digest, set, now);
        standing.waits().then_some((digest, set, standing))
    });
    let rows: Vec<_> = waits
        .map(|(digest, set, standing)| {
            let href = format!("/rule-sets/{digest}");
            let title = format!("{} {}", set.set.title, set.set.version);
            Row::new(Cell::link(&href, &title))
                .cell(time_tag(w, set.drafted.0))
                .cell(w.dynamic("rule-standing-", standing.as_str()))
        })
        .collect();
    if rows.is_empty() {
        return html! { p { (w.t("deviations-no-rules")) } };
    }
    let table = Table::new(w.t("deviations-rules"))
        .caption_hidden()
        .columns([
            Column::text(w.t("deviations-rule-set")),
            Column::text(w.t("deviations-drafted")),
            Column::text(w.t("withdrawal-state")),
        ])
        .rows(rows);
    html! { (table) }
}
