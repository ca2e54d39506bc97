//! Every incident, and what regions do afterwards.

use axum::extract::{Query, State};
use axum::response::Html;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::incidents::model::Stage;
use samband_domain::{JournalId, Time};
use serde::Deserialize;

use super::{next_text, stage_tag};
use crate::app::incident::duties::{self, Row as Duty, State as DutyState};
use crate::app::incident::{self, Found, TOPICS};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Row, Status, Table, live_region, page_header, section, tag, time_tag,
};
use crate::pages::frame::{done_note, page};
use crate::pages::parts::region_name;
use crate::text::Words;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let w = visitor.words;
    let open = html! {
        @if visitor.may(&app, Action::OpenIncident) {
            a.button.main href="/incidents/new" { (w.t("inc-new")) }
        }
    };
    let title = w.t("inc-list-title");
    let parts = html! {
        (section("incidents", &title, &incidents(&app, &visitor)))
        (section("duties", &w.t("inc-duties"), &own_duties(&app, &visitor)))
    };
    let body = html! {
        (page_header(&title, Some(&w.t("inc-list-lead")), Some(&open)))
        (done_note(w, asked.done.as_deref()))
        (live_region("incident-list", TOPICS, "/incidents", &parts))
    };
    Ok(page(&app, &visitor, &title, &[], &body))
}

fn incidents(app: &App, visitor: &Visitor) -> Markup {
    let (w, (world, now)) = (visitor.words, incident::now(app));
    let all = incident::all(&world, &visitor.region);
    if all.is_empty() {
        return html! { (EmptyState::new(&w.t("inc-none"), &w.t("inc-none-text"))) };
    }
    let row = |found: &Found<'_>| {
        let open = found.open().len();
        Row::new(Cell::link(&found.href(), &found.held.report.title))
            .cell(region_name(&world, &found.journal.id))
            .cell(stage_tag(w, found.held.stage))
            .cell(html! {
                (next_text(w, found))
                @if open > 0 && found.held.stage != Stage::Closed {
                    br; (tag(Status::Attention, &w.t_args("inc-open-n", &[("n", open.into())])))
                }
            })
            .cell(html! { (time_tag(w, found.opened().0)) br; span.fine { (w.age(found.opened().0, now.0)) } })
    };
    let table = Table::new(w.t("inc-list-title")).caption_hidden().columns([
        Column::text(w.t("inc-what")),
        Column::text(w.t("inc-region")),
        Column::text(w.t("inc-stage")),
        Column::text(w.t("inc-next")),
        Column::text(w.t("inc-since")),
    ]);
    html! { (table.rows(all.iter().map(row))) }
}

fn own_duties(app: &App, visitor: &Visitor) -> Markup {
    let (w, (world, now)) = (visitor.words, incident::now(app));
    let all = duties::everywhere(&world, &visitor.region, None, now);
    let rows: Vec<_> = all.iter().filter(|row| row.state != DutyState::Dropped).collect();
    html! {
        @if rows.is_empty() { p { (w.t("inc-duties-none")) } } @else {
            (table(w, &world, &rows, &visitor.region, now))
        }
    }
}

/// The own region's duties, for the page that whoever answers for them starts on.
pub(in crate::pages) fn card(app: &App, visitor: &Visitor) -> Markup {
    let (w, (world, now)) = (visitor.words, incident::now(app));
    let all = duties::everywhere(&world, &visitor.region, Some(&visitor.region), now);
    let rows: Vec<_> = all.iter().filter(|row| row.state != DutyState::Dropped).collect();
    let late = rows.iter().filter(|row| row.state == DutyState::Late).count();
    let body = html! {
        @if rows.is_empty() { p { (w.t("inc-duties-own-none")) } } @else {
            @if late > 0 {
                p { (tag(Status::Attention, &w.t_args("inc-duties-late", &[("n", late.into())]))) }
            }
            (table(w, &world, &rows, &visitor.region, now))
        }
        p { a href="/incidents#duties" { (w.t("inc-duties-all")) } }
    };
    section("duties", &w.t("inc-duties-own"), &body)
}

/// By when, and how long ago that was or how long it is until then, in words.
pub(super) fn due_text(w: Words, row: &Duty<'_>, now: Time) -> String {
    let due = row.assigned.duty.due;
    let days = due.since(now).div_euclid(86_400_000_000);
    let date = w.date(due.0);
    let said = |key, n: i64| w.t_args(key, &[("date", date.clone().into()), ("n", n.into())]);
    match row.state {
        DutyState::Late => said("inc-duty-due-late", -days),
        DutyState::Open => said("inc-duty-due-in", days),
        DutyState::Done | DutyState::Dropped => date,
    }
}

/// A cost in kronor; what nobody has said is unknown.
pub(super) fn cost_text(w: Words, cost: Option<u64>) -> String {
    match cost {
        Some(cost) => w.t_args("inc-duty-kronor", &[("n", w.int(cost).into())]),
        None => w.unknown(),
    }
}

/// Duties as a table; the reader's own region's are marked by leading to where they are reported.
pub(super) fn table(
    w: Words,
    world: &samband_engine::World,
    rows: &[&Duty<'_>],
    own: &JournalId,
    now: Time,
) -> Markup {
    let row = |one: &&Duty<'_>| {
        let href = format!("{}/after#duties", one.of.href());
        let duty = &one.assigned.duty;
        let mine = duty.region == *own;
        Row::new(html! {
            a href=(href) { (duty.what) }
            @if let Some(gap) = &duty.gap { br; span.fine { (w.t("inc-duty-gap")) ": " (gap) } }
        })
        .cell(html! {
            (region_name(world, &duty.region))
            @if mine { " " span.fine { (w.t("inc-duty-ours")) } }
            br;
            @match &duty.owner {
                Some(owner) => (owner),
                None => span.unknown { (w.t("inc-duty-no-owner")) },
            }
        })
        .cell(match duty.cost {
            Some(_) => html! { (cost_text(w, duty.cost)) },
            None => html! { span.unknown { (w.unknown()) } },
        })
        .cell(due_text(w, one, now))
        .cell(state_tag(w, one.state))
        .cell(html! {
            @match one.said {
                Some(said) => { (said.what.proof) br; span.fine { (time_tag(w, said.said.0)) } }
                None => span.unknown { (w.t("inc-duty-unsaid")) },
            }
        })
    };
    let table = Table::new(w.t("inc-duties")).caption_hidden().columns([
        Column::text(w.t("inc-duty-what")),
        Column::text(w.t("inc-duty-whose")),
        Column::number(w.t("inc-duty-cost")),
        Column::text(w.t("inc-duty-due")),
        Column::text(w.t("inc-duty-state")),
        Column::text(w.t("inc-duty-proof")),
    ]);
    html! { (table.rows(rows.iter().map(row))) }
}

pub(super) fn state_tag(w: Words, state: DutyState) -> Markup {
    let status = match state {
        DutyState::Late => Status::Attention,
        DutyState::Open => Status::OneSided,
        DutyState::Done => Status::Held,
        DutyState::Dropped => Status::Ended,
    };
    tag(status, &w.dynamic("inc-of-duty-", state.as_str()))
}
