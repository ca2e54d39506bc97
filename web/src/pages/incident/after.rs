//! Afterwards: measured times against the deadlines, and duties with proof. Prints as a report.

use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Known;
use samband_engine::World;
use serde::Deserialize;

use super::list::{state_tag, table};
use super::{crumbs, duration, framed, page, stage_tag};
use crate::app::incident::after::{Measured, longest, median, report};
use crate::app::incident::duties::{self, Row as Duty, State as DutyState};
use crate::app::incident::{self, Found, find};
use crate::app::readiness::regions;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Field, Row, Status, Table, page_header, section, tag, time_tag,
};
use crate::pages::frame::done_note;
use crate::pages::parts::{region_name, shared_area};
use crate::pages::typed::Draft;
use crate::text::Words;

pub(super) const ASSIGN: &str = "duty-assign";
pub(super) const DROP: &str = "duty-drop";
pub(super) const REPORT: &str = "duty-report";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let draft = Draft::fresh(app.engine.now());
    let note = done_note(visitor.words, asked.done.as_deref());
    whole(&app, &visitor, (&issuer, &id), (&draft, &note))
}

pub(super) fn whole(
    app: &App,
    visitor: &Visitor,
    (issuer, id): (&str, &str),
    (draft, note): (&Draft, &Markup),
) -> Result<Html<String>, Problem> {
    let (w, (world, now)) = (visitor.words, incident::now(app));
    let found = find(&world, issuer, id)?;
    visitor.permit(app, Action::SeeAlarms, &found.journal.id)?;
    let title = w.t("inc-after-title");
    let rows = duties::of(&world, &found, now);
    let body = html! {
        (page_header(&title, Some(&found.held.report.title), None))
        (note)
        (draft.banner(w))
        (section("times", &w.t("inc-times"), &times(w, &world, &found)))
        (section("duties", &w.t("inc-duties"), &html! {
            p { (w.t("inc-duties-means")) }
            @if rows.is_empty() { p { (w.t("inc-duties-none")) } } @else {
                (table(w, &world, &rows.iter().collect::<Vec<_>>(), &visitor.region, now))
                @for row in &rows { (of_duty(app, visitor, &found, row, draft)) }
            }
            @if found.journal.id == visitor.region && visitor.may(app, Action::LeadIncident) {
                (assign(app, visitor, &world, &found, draft))
            }
        }))
        p { a.button href={ (found.href()) "/after.pdf" } { (w.t("inc-after-pdf")) } }
        p.fine { (w.t("inc-print")) }
    };
    let body = framed(w, found.mode(), &body);
    Ok(page(app, visitor, &title, &crumbs(w, Some(&found)), &body))
}

fn seconds(w: Words, known: Known<i64>) -> Cell {
    match known {
        Known::Value(seconds) => Cell::text(duration(w, seconds)),
        Known::Unknown => Cell::unknown(w),
    }
}

fn verdict(w: Words, one: &Measured) -> Markup {
    match (one.within, one.in_time()) {
        (None, _) => html! { "–" },
        (_, Some(true)) => tag(Status::Held, &w.t("inc-in-time")),
        (_, Some(false)) => tag(Status::Attention, &w.t("inc-too-late")),
        (_, None) => tag(Status::Unknown, &w.t("inc-not-yet")),
    }
}

fn times(w: Words, world: &World, found: &Found<'_>) -> Markup {
    let all = report(world, found);
    let within = |one: &Measured| one.within.map_or_else(|| "–".into(), |n| duration(w, n.into()));
    let columns = |first: String| {
        [
            Column::text(first),
            Column::text(w.t("inc-took")),
            Column::text(w.t("inc-within")),
            Column::text(w.t("inc-verdict")),
        ]
    };
    let course = |one: &Measured| {
        Row::new(w.dynamic("inc-of-took-", one.what))
            .cell(seconds(w, one.seconds))
            .cell(within(one))
            .cell(verdict(w, one))
    };
    let of_region = |one: &Measured| {
        let region = one.region.as_ref().map(|region| region_name(world, region));
        Row::new(region.unwrap_or_default())
            .cell(seconds(w, one.seconds))
            .cell(within(one))
            .cell(verdict(w, one))
    };
    html! {
        p { (stage_tag(w, found.held.stage)) }
        (Table::new(w.t("inc-course-times")).columns(columns(w.t("inc-what")))
            .rows(all.course.iter().map(course)))
        @for (what, rows) in all.tables() {
            @if !rows.is_empty() {
                @let title = w.dynamic("inc-of-took-", what);
                (Table::new(title).columns(columns(w.t("inc-region")))
                    .rows(rows.iter().map(of_region))
                    .rows([
                        Row::new(w.t("inc-median")).cell(seconds(w, median(rows))).cell("").cell(""),
                        Row::new(w.t("inc-longest")).cell(seconds(w, longest(rows))).cell("").cell(""),
                    ]))
            }
        }
        p.fine { (w.t("inc-times-means")) }
    }
}

/// What can be done about one duty: its region reports, the incident's commander drops.
fn of_duty(
    app: &App,
    visitor: &Visitor,
    found: &Found<'_>,
    row: &Duty<'_>,
    draft: &Draft,
) -> Markup {
    let w = visitor.words;
    let href = format!("{}/after", found.href());
    let open = matches!(row.state, DutyState::Open | DutyState::Late);
    let (place, duty) = (row.place.to_string(), &row.assigned.duty);
    let reports = open && duty.region == visitor.region && visitor.may(app, Action::ReportDuty);
    let drops =
        open && found.journal.id == visitor.region && visitor.may(app, Action::LeadIncident);
    if !reports && !drops {
        return html! {};
    }
    let keys = [format!("{}-{place}", draft.key(REPORT)), format!("{}-{place}", draft.key(DROP))];
    let mine = |act: &str| draft.is(act) && draft.was("duty") == place;
    html! {
        details.fold open[mine(REPORT) || mine(DROP)] {
            summary { (duty.what) " " (state_tag(w, row.state)) }
            @if reports {
                div.panel {
                    (draft.form(w, &href, REPORT, &keys[0], w.t("inc-duty-report-do"))
                        .hidden("duty", place.clone())
                        .field(shared_area(w, "proof", w.t("inc-duty-proof"), &w.t("inc-duty-proof-hint")))
                        .field(Field::check_box("finished", w.t("inc-duty-finished"))))
                }
            }
            @if drops {
                div.panel {
                    (draft.form(w, &href, DROP, &keys[1], w.t("inc-duty-drop-do"))
                        .hidden("duty", place)
                        .field(Field::text("why", w.t("inc-duty-why"))))
                }
            }
            @if let Some((at, why)) = &row.assigned.dropped { p { (why) " " (time_tag(w, at.0)) } }
        }
    }
}

fn assign(app: &App, visitor: &Visitor, world: &World, found: &Found<'_>, draft: &Draft) -> Markup {
    let (w, href) = (visitor.words, format!("{}/after", found.href()));
    let key = draft.key(ASSIGN);
    let options = regions(world, &visitor.region).into_iter();
    let options = options.map(|one| (one.id.to_string(), region_name(world, &one.id)));
    let due = samband_domain::words::Day::of(app.engine.now()).plus_days(30).to_string();
    html! {
        div.panel #(ASSIGN) {
            h3 { (w.t("inc-duty-new")) }
            (draft.form(w, &href, ASSIGN, &key, w.t("inc-duty-assign-do"))
                .field(draft.field(ASSIGN, "what", shared_area(w, "what", w.t("inc-duty-what"), ""), ""))
                .field(draft.field(ASSIGN, "region", Field::select("region", w.t("inc-region"), options), visitor.region.as_str()))
                .field(draft.field(ASSIGN, "gap", Field::text("gap", w.t("inc-duty-gap")).hint(w.t("inc-duty-gap-hint")), ""))
                .field(draft.field(ASSIGN, "owner", Field::text("owner", w.t("inc-duty-owner")).hint(w.t("inc-duty-owner-hint")), ""))
                .field(draft.field(ASSIGN, "cost", Field::number("cost", w.t("inc-duty-cost-sek")).hint(w.t("inc-duty-cost-hint")), ""))
                .field(draft.field(ASSIGN, "due", Field::date("due", w.t("inc-duty-due")), &due)))
        }
    }
}
