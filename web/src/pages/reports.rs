//! Rapporter: the yearly reports, what was told to the authority in two steps, and the statistics
//! as a file.

mod forms;

use axum::Form as Body;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donations;
use samband_domain::donations::Vigilance;
use samband_domain::donations::model::vigilance::{VigilanceCase, Yearly};
use samband_domain::donations::view::yearly::{FIGURES, due, year};
use samband_domain::words::Code;
use samband_domain::{Region, Time};
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::typed::{Draft, Typed};
use crate::app::yearly::{Year, count};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Note, Row, Status, Table, page_header, section, tag, time_tag,
};
use crate::text::Words;

/// Which year.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    year: Option<u16>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/reports", get(show).post(act))
}

/// The year that is reported next: the last one that is over.
pub(super) fn last_year(now: Time) -> u16 {
    u16::try_from(now.date().year() - 1).unwrap_or(0)
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::TellAuthority, &visitor.region)?;
    let now = app.engine.now();
    let of = asked.year.unwrap_or_else(|| last_year(now));
    whole(&app, &visitor, of, &Draft::fresh(now), asked.done.as_deref()).await
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::TellAuthority, &visitor.region)?;
    let typed = Typed::new(pairs);
    let act = typed.act().to_owned();
    let now = app.engine.now();
    let of = typed.get("file-year").parse().unwrap_or_else(|_| last_year(now));
    let command = forms::read(visitor.words, &typed, now)?;
    let command = command.map(|command| donations::Command::Vigilance(command).into());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&format!("/reports?year={of}"), &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, of, &draft, None).await?).into_response())
        }
    }
}

async fn whole(
    app: &App,
    visitor: &Visitor,
    of: u16,
    draft: &Draft,
    done: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let year = count(app, &world, &visitor.region, of).await?;
    let title = w.t("reports-title");
    let may = visitor.may(app, Action::TellAuthority);
    let body = html! {
        (page_header(&title, Some(&w.t("reports-lead")), None))
        (done_note(w, done))
        (draft.banner(w))
        (contents(w, of, may))
        (section("due", &w.t("reports-due"), &deadlines(w, region, now)))
        (section("cases", &w.t("reports-cases"), &cases(w, region, now)))
        (section("figures", &w.t_args("reports-year", &[("year", of.to_string().into())]),
            &figures(w, &year)))
        @if may { (forms::forms(w, region, draft, of)) }
    };
    Ok(page(app, visitor, &title, &[], &body))
}

/// Where on the page what stands: it is long on a phone.
fn contents(w: Words, of: u16, may: bool) -> Markup {
    let year = w.t_args("reports-year", &[("year", of.to_string().into())]);
    let shown = [("due", w.t("reports-due")), ("cases", w.t("reports-cases")), ("figures", year)];
    let forms = ["vigilance-notify", "vigilance-confirm", "reports-file"];
    let ids = ["vigilance-notify", "vigilance-confirm", "file-report"];
    let forms = ids.into_iter().zip(forms).map(|(id, key)| (id, w.t(key))).filter(|_| may);
    html! {
        nav.sites aria-label=(w.t("reports-contents")) {
            @for (id, text) in shown.into_iter().chain(forms) { a href={ "#" (id) } { (text) } }
        }
    }
}

/// The three reports of the last year, each with its date.
pub(super) fn deadlines(w: Words, region: &Region, now: Time) -> Markup {
    let vigilance: &Vigilance = &region.shared.donations.vigilance;
    let facts = region.shared.kernel.journal.as_ref();
    let opened = facts.map_or(now, |facts| facts.opened);
    let last = last_year(now);
    let row = |(of, report): (u16, &Yearly)| {
        let before = year(of).is_none_or(|(_, end)| end <= opened);
        let filed = vigilance.filed.get(&(of, *report));
        let by = due(of).unwrap_or(now);
        let state = match filed {
            Some(filed) => html! {
                (tag(Status::Held, &w.t("reports-filed"))) " " (time_tag(w, filed.sent.0))
                @if let Some(reference) = &filed.reference { " " (reference) }
            },
            // What was handed in before there was a journal is not known here.
            None if before => {
                let args = [("from", w.date(opened.0).into())];
                tag(Status::Unknown, &w.t_args("reports-unknown-before", &args))
            }
            None if by < now => html! {
                (tag(Status::Stopped, &w.remaining(now.0, by.0)))
            },
            None => html! { (tag(Status::Gap, &w.remaining(now.0, by.0))) },
        };
        let name = w.dynamic("yearly-report-", report.as_str());
        Row::new(Cell::link(&format!("/reports?year={of}#figures"), &name))
            .cell(of.to_string())
            .cell(w.date(by.0 - 1))
            .cell(state)
    };
    let table = Table::new(w.t("reports-due"))
        .caption_hidden()
        .columns([
            Column::text(w.t("reports-report")),
            Column::text(w.t("reports-of-year")),
            Column::text(w.t("reports-due-date")),
            Column::text(w.t("withdrawal-state")),
        ])
        .rows(Yearly::ALL.iter().map(|report| row((last, report))))
        .rows(Yearly::ALL.iter().map(|report| row((last + 1, report))));
    html! { (table) }
}

fn cases(w: Words, region: &Region, now: Time) -> Markup {
    let mut all: Vec<_> = region.shared.donations.vigilance.cases.iter().collect();
    if all.is_empty() {
        return html! { p { (w.t("reports-no-cases")) } };
    }
    all.sort_by_key(|(_, case)| (case.confirmed.is_some(), std::cmp::Reverse(case.notified)));
    let row = |(name, case): &(&Code, &VigilanceCase)| {
        let unit = case.unit.map(|unit| {
            let href = format!("/trace/{}/{}", unit.din, unit.product);
            Cell::link(&href, &unit.to_string())
        });
        Row::new(name.as_str())
            .cell(w.dynamic("vigilance-notice-", case.notice.as_str()))
            .cell(w.dynamic("vigilance-category-", case.category.as_str()))
            .cell(time_tag(w, case.occurred.0))
            .cell(unit.unwrap_or_else(|| Cell::text("–")))
            .cell(time_tag(w, case.notified.0))
            .cell(match &case.confirmed {
                Some(said) => html! {
                    (w.dynamic("imputability-", said.imputability.as_str())) ", "
                    (time_tag(w, said.sent.0))
                },
                None => tag(
                    Status::Gap,
                    &w.t_args(
                        "reports-not-confirmed",
                        &[("age", w.age(case.notified.0, now.0).into())],
                    ),
                ),
            })
    };
    let table = Table::new(w.t("reports-cases"))
        .caption_hidden()
        .columns([
            Column::text(w.t("withdrawal-case")),
            Column::text(w.t("vigilance-notice")),
            Column::text(w.t("vigilance-category")),
            Column::text(w.t("vigilance-occurred")),
            Column::text(w.t("trace-unit")),
            Column::text(w.t("vigilance-step-one")),
            Column::text(w.t("vigilance-step-two")),
        ])
        .rows(all.iter().map(row));
    html! { (table) }
}

fn figures(w: Words, year: &Year) -> Markup {
    let row = |figure: &samband_domain::donations::view::yearly::Figure| {
        let key = figure.key.replace('.', "-");
        Row::new(html! {
            (w.dynamic("yearly-", &key))
            span.fine { br; (w.dynamic("yearly-definition-", &key)) }
        })
        .cell(Cell::count(w, year.value(figure)))
        .cell(figure.source)
    };
    let of = year.year;
    let args = [
        ("from", w.date_time(year.from.0).into()),
        ("until", w.date_time(year.until.0).into()),
        ("records", year.records.into()),
    ];
    let note = w.t_args("reports-covers", &args);
    let exports = html! {
        p.exports {
            @for (form, rest) in [("CSV", "?format=csv"), ("XLSX", "?format=xlsx"), ("JSON", "")] {
                a href={ "/api/v1/reports/" (of) "/statistics" (rest) } download { (form) } " "
            }
        }
    };
    let table = |report: Yearly| {
        Table::new(w.dynamic("yearly-report-", report.as_str()))
            .caption_hidden()
            .columns([
                Column::text(w.t("reports-figure")),
                Column::number(w.t("reports-value")),
                Column::text(w.t("reports-source")),
            ])
            .rows(FIGURES.iter().filter(|figure| figure.report == report).map(row))
    };
    let other = i32::from(of) + 1;
    html! {
        @if !year.covered {
            (Note::warning(w, &w.t("reports-nothing")))
        } @else {
            @if !year.whole { (Note::warning(w, &w.t("reports-part"))) }
            p.fine { (note) }
        }
        p {
            a href={ "/reports?year=" (i32::from(of) - 1) "#figures" } { (i32::from(of) - 1) } " · "
            strong { (of) } " · "
            a href={ "/reports?year=" (other) "#figures" } { (other) }
        }
        @for report in Yearly::ALL.iter().copied() {
            div.panel {
                details {
                    summary { (w.dynamic("yearly-report-", report.as_str())) }
                    (table(report))
                }
            }
        }
        (exports)
    }
}
