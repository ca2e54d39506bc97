//! Larmprov: an unannounced test of who is reached, role by role, and how long it took. What came
//! of it is read by every region.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::model::{DutyRole, Recipient};
use samband_domain::alarms::{Command, How};
use samband_domain::{JournalId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::HERE;
use crate::app::rosters::reach::{EVERY_DAYS, Reach, Reached, draft, reaches};
use crate::app::rosters::{
    ROLES, TOPICS, of_region, other_regions, party_text, rank_text, recipient, recipient_text,
};
use crate::app::{App, Problem, Visitor, fresh_key};
use crate::components::{
    Cell, Column, KEY_FIELD, Note, Row, Status, Table, live_region, page_header, section, tag,
    time_tag,
};
use crate::pages::frame::{done, done_note, page, send};
use crate::pages::parts::region_name;
use crate::pages::typed::{ACT, Errors, Typed};
use crate::text::Words;

const TEST: &str = "roster-reach";
const PAGE: &str = "/rosters/reach";
/// How many earlier tests are shown.
const HISTORY: usize = 12;

#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route(PAGE, get(show).post(act)).route("/rosters/reach/{alarm}", get(one))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let note = done_note(visitor.words, asked.done.as_deref());
    Ok(whole(&app, &visitor, &note, None))
}

fn whole(app: &App, visitor: &Visitor, note: &Markup, typed: Option<&Typed>) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let title = w.t("roster-reach-title");
    let body = html! {
        (page_header(&title, Some(&w.t("roster-reach-lead")), None))
        (note)
        (live_region("reached", TOPICS, PAGE, &html! {
            (section("last", &w.t("roster-reach-last"), &last(w, &world, &visitor.region, now)))
        }))
        @if visitor.may(app, Action::TestReach) {
            (section("test", &w.t("roster-reach-new"), &form(w, &world, &visitor.region, typed)))
        }
        (section("history", &w.t("roster-reach-history"), &history(w, &world, &visitor.region)))
        (section("regions", &w.t("roster-reach-regions"), &regions(w, &world, now)))
    };
    page(app, visitor, &title, &[(HERE, w.t("roster-title"))], &body)
}

fn of(world: &World, region: &JournalId) -> Vec<Reach> {
    let journal = world.journal(region);
    journal.map_or_else(Vec::new, |one| reaches(&one.shared().alarms, region))
}

fn last(w: Words, world: &World, region: &JournalId, now: Time) -> Markup {
    let all = of(world, region);
    let Some(last) = all.first() else {
        return html! { (Note::warning(w, &w.t("roster-reach-never"))) };
    };
    html! {
        @if last.is_old(now) {
            (Note::warning(w, &w.t_args("roster-reach-old", &[("n", EVERY_DAYS.into())])))
        }
        (result(w, world, last, now))
    }
}

/// `n av N nåddes`, and role by role how long it took.
fn result(w: Words, world: &World, one: &Reach, now: Time) -> Markup {
    let args = [("n", one.reached().into()), ("of", one.asked().into())];
    let slowest = one.slowest().map_or_else(|| w.unknown(), |micros| seconds_text(w, micros));
    let rows = one.rows.iter().map(|row| {
        Row::new(Cell::text(recipient_text(w, world, &row.to)))
            .cell(state_tag(w, row))
            .cell(row.after.map_or_else(|| "–".to_owned(), |micros| seconds_text(w, micros)))
            .cell(row.rank.map_or_else(|| w.t("roster-reach-elsewhere"), |n| rank_text(w, n)))
            .cell(row.by.map_or_else(|| "–".into(), |by| w.dynamic("roster-by-", by.as_str())))
    });
    let table = Table::new(w.t("roster-reach-table"))
        .caption_hidden()
        .columns([
            Column::text(w.t("roster-reach-role")),
            Column::text(w.t("roster-reach-state")),
            Column::text(w.t("roster-reach-after")),
            Column::text(w.t("roster-reach-who")),
            Column::text(w.t("roster-reach-by")),
        ])
        .rows(rows);
    html! {
        p.value { (w.t_args("roster-reach-n", &args)) }
        p {
            (w.t_args("roster-reach-slowest", &[("after", slowest.into())])) " · "
            (time_tag(w, one.at.0)) " (" (w.age(one.at.0, now.0)) ") · "
            @if one.runs() { (w.t("roster-reach-runs")) } @else { (w.t("roster-reach-over")) }
        }
        (table)
    }
}

fn state_tag(w: Words, row: &Reached) -> Markup {
    match (&row.after, &row.ended) {
        (Some(_), _) => tag(Status::Known, &w.t("roster-reach-yes")),
        (None, Some(How::ByHand(_))) => tag(Status::Gap, &w.t("roster-reach-by-hand")),
        (None, Some(_)) => tag(Status::Ended, &w.t("roster-reach-ended")),
        (None, None) => tag(Status::Attention, &w.t("roster-reach-not-yet")),
    }
}

/// How long an answer took: seconds at first, minutes and seconds later.
fn seconds_text(w: Words, micros: i64) -> String {
    let seconds = micros / 1_000_000;
    if seconds < 120 {
        return w.t_args("roster-seconds", &[("n", seconds.into())]);
    }
    let args = [("min", (seconds / 60).into()), ("s", (seconds % 60).into())];
    w.t_args("roster-minutes", &args)
}

fn history(w: Words, world: &World, region: &JournalId) -> Markup {
    let all = of(world, region);
    if all.is_empty() {
        return html! { p { (w.t("roster-reach-no-history")) } };
    }
    let rows = all.iter().take(HISTORY).map(|one| {
        let href = format!("{PAGE}/{}", one.alarm);
        Row::new(Cell::link(&href, &w.date_time(one.at.0)))
            .cell(w.t_args(
                "roster-reach-n",
                &[("n", one.reached().into()), ("of", one.asked().into())],
            ))
            .cell(one.slowest().map_or_else(|| w.unknown(), |micros| seconds_text(w, micros)))
    });
    html! {
        (Table::new(w.t("roster-reach-history")).caption_hidden().columns([
            Column::text(w.t("roster-reach-when")),
            Column::text(w.t("roster-reach-state")),
            Column::text(w.t("roster-reach-slow")),
        ]).rows(rows))
    }
}

/// Every region's latest test: the result is nobody's secret among them.
fn regions(w: Words, world: &World, now: Time) -> Markup {
    let journals = world.journals.values().filter(|one| crate::pages::is_region(one.shared()));
    let rows = journals.map(|journal| {
        let last = of(world, &journal.id).into_iter().next();
        let row = Row::new(Cell::text(region_name(world, &journal.id)));
        match last {
            None => row.cell(w.t("roster-reach-none-known")).cell("–"),
            Some(one) => {
                let args = [("n", one.reached().into()), ("of", one.asked().into())];
                let age = w.age(one.at.0, now.0);
                row.cell(w.t_args("roster-reach-n", &args)).cell(html! {
                    (age) " "
                    @if one.is_old(now) { (tag(Status::Stale, &w.t("roster-reach-due"))) }
                })
            }
        }
    });
    html! {
        (Table::new(w.t("roster-reach-regions")).caption_hidden().columns([
            Column::text(w.t("roster-reach-region")),
            Column::text(w.t("roster-reach-state")),
            Column::text(w.t("roster-reach-age")),
        ]).rows(rows))
    }
}

/// Roles that can be tested: every role of the own region, and of the others those who are
/// alarmed first.
fn candidates(world: &World, region: &JournalId) -> Vec<Recipient> {
    let mut all = of_region(region, &ROLES);
    let others = other_regions(world, region);
    all.extend(others.iter().flat_map(|id| of_region(id, &[DutyRole::Tib, DutyRole::BloodCentre])));
    all
}

fn form(w: Words, world: &World, region: &JournalId, typed: Option<&Typed>) -> Markup {
    let own = of_region(region, &ROLES[..4]);
    let rows = candidates(world, region).into_iter().enumerate().map(|(n, to)| {
        let value = format!("{} {}", party_text(&to.party), to.role);
        let name = format!("to-{n}");
        let ticked = typed.map_or_else(|| own.contains(&to), |typed| typed.get(&name) == value);
        html! {
            div.choice {
                input id={ "f-" (name) } type="checkbox" name=(name) value=(value)
                    checked[ticked];
                label for={ "f-" (name) } { (recipient_text(w, world, &to)) }
            }
        }
    });
    html! {
        form.form method="post" action=(PAGE) novalidate {
            input type="hidden" name=(KEY_FIELD) value=(fresh_key());
            input type="hidden" name=(ACT) value=(TEST);
            fieldset.field {
                legend { (w.t("roster-reach-to")) }
                span.hint { (w.t("roster-reach-to-hint")) }
                @for row in rows { (row) }
            }
            div.submit { button type="submit" { (w.t("roster-reach-do")) } }
        }
    }
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::TestReach, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != TEST {
        return Err(Problem::malformed(typed.act()));
    }
    let w = visitor.words;
    let count = candidates(&app.engine.world(), &visitor.region).len();
    let to: Vec<_> = (0..count)
        .filter_map(|n| {
            let text = typed.get(&format!("to-{n}"));
            let (party, role) = text.split_once(' ')?;
            recipient(party, role)
        })
        .collect();
    if to.is_empty() {
        let note = html! { (Note::warning(w, &w.t("roster-reach-nobody"))) };
        let page = whole(&app, &visitor, &note, Some(&typed));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let command: Result<_, Errors> = Ok(Command::Issue { alarm: Box::new(draft(w, to)) }.into());
    match send(&app, &visitor, &visitor.region, typed.clone(), command).await {
        Ok(_) => Ok(done(PAGE, TEST)),
        Err(back) => {
            let note = back.draft.banner(w);
            Ok((back.status, whole(&app, &visitor, &note, Some(&typed))).into_response())
        }
    }
}

async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(alarm): Path<String>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let all = of(&world, &visitor.region);
    let found = all.into_iter().find(|one| one.alarm.as_str() == alarm);
    let found = found.ok_or_else(|| Problem::not_found(alarm.as_str()))?;
    let title = w.t_args("roster-reach-one", &[("at", w.date_time(found.at.0).into())]);
    let body = html! {
        (page_header(&title, None, None))
        (live_region("reached", TOPICS, &format!("{PAGE}/{alarm}"),
            &result(w, &world, &found, now)))
    };
    let way = [(HERE, w.t("roster-title")), (PAGE, w.t("roster-reach-title"))];
    Ok(page(&app, &visitor, &title, &way, &body))
}
