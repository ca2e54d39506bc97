//! What was used, day by day, and the file that says so.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::plans::view;
use samband_domain::words::Day;
use samband_domain::{JournalId, Known, SiteId, Time};
use samband_engine::World;
use samband_exchange::stock::USED_COLUMNS;
use serde::Deserialize;

use super::tabs;
use crate::app::plans::{UsedLook, day, read_used};
use crate::app::stock::site_name;
use crate::app::{App, Problem, UPLOAD_MAX, Visitor, explain, fresh_key};
use crate::charts::{Chart, Curve};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, ImportPreview, Note, Row, Table, page_header, section,
};
use crate::pages::frame::page;
use crate::pages::parts::region_name;
use crate::pages::stock::component as component_text;
use crate::pages::stock::take_over::bad_row;
use crate::pages::upload::{NotTaken, Parts, Upload, take};
use crate::text::Words;

/// Days that are shown.
const DAYS: u32 = 56;

/// Routes.
pub fn routes() -> Router<App> {
    let upload = post(report).layer(DefaultBodyLimit::max(UPLOAD_MAX));
    Router::new().route("/plan/use", get(show)).route("/plan/use/import", get(form).merge(upload))
}

#[derive(Default, Deserialize)]
struct Asked {
    region: Option<String>,
    site: Option<String>,
    component: Option<String>,
    rows: Option<u32>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let region = match asked.region.as_deref() {
        None | Some("") => visitor.region.clone(),
        Some(text) => JournalId::new(text)?,
    };
    visitor.permit(&app, Action::SeeStock, &region)?;
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let component = match asked.component.as_deref() {
        None | Some("") => Component::RedCells,
        Some(text) => crate::app::stock::component(text)?,
    };
    let journal = world.journal(&region).ok_or_else(|| Problem::not_found(region.as_str()))?;
    let shared = journal.shared();
    let told = shared.plans.used.keys().map(|(site, _)| site.clone());
    let mut sites: Vec<SiteId> = told.chain(shared.blood.used.keys().cloned()).collect();
    sites.sort();
    sites.dedup();
    let wanted =
        asked.site.as_deref().filter(|text| !text.is_empty()).map(SiteId::new).transpose()?;
    let site = wanted.or_else(|| sites.first().cloned());
    let body = html! {
        (page_header(&w.t("plan-title"), Some(&w.t("plan-use-lead")), None))
        (tabs(w, "/plan/use"))
        @if let Some(n) = asked.rows {
            (Note::success(w, &w.t_args("plan-use-taken", &[("n", n.into())])))
        }
        @match &site {
            None => (EmptyState::new(&w.t("plan-use-none"), &w.t("plan-use-none-text"))),
            Some(site) => {
                (choose(w, &world, (&region, &sites, site), component))
                (section("days", &w.t("plan-use-days"), &days(w, &world, (&region, site), component, now)))
                (section("sources", &w.t("plan-use-sources"), &sources(w, &world, (&region, site))))
            }
        }
        @if visitor.may(&app, Action::ReportUse) {
            p { a.button href="/plan/use/import" { (w.t("plan-use-report")) } }
        }
    };
    let crumbs = [("/plan/transfers", w.t("plan-title"))];
    Ok(page(&app, &visitor, &w.t("plan-use"), &crumbs, &body).into_response())
}

fn choose(
    w: Words,
    world: &World,
    (region, sites, site): (&JournalId, &[SiteId], &SiteId),
    component: Component,
) -> Markup {
    let components = [Component::RedCells, Component::Platelets, Component::Plasma];
    let components = components.map(|one| (one.to_string(), component_text(w, one)));
    let regions =
        crate::app::stock::parts(world, Time(0)).into_iter().map(|part| part.journal.clone());
    let regions: Vec<_> = regions.map(|id| (id.to_string(), region_name(world, &id))).collect();
    let sites: Vec<_> =
        sites.iter().map(|id| (id.to_string(), site_name(world, region, id))).collect();
    html! {
        div.panel.inline-form {
            (Form::get(w, "/plan/use", w.t("plan-show"))
                .field(Field::select("region", w.t("stock-region"), regions).value(region.to_string()))
                .field(Field::select("site", w.t("stock-site"), sites).value(site.to_string()))
                .field(Field::select("component", w.t("stock-component"), components)
                    .value(component.to_string())))
        }
    }
}

fn days(
    w: Words,
    world: &World,
    (region, site): (&JournalId, &SiteId),
    component: Component,
    now: Time,
) -> Markup {
    let Some(journal) = world.journal(region) else { return html! {} };
    let shared = journal.shared();
    let last = Day::of(now);
    let first = (0..DAYS)
        .fold(last, |day, _| Day::new(day.date().yesterday().unwrap_or(day.date())).unwrap_or(day));
    let of = |group| {
        let line = Line { component, group };
        view::used((&shared.plans, &shared.blood), site, line, (first, last))
    };
    let lines: Vec<(String, Vec<Known<u32>>)> = Group::ALL
        .into_iter()
        .map(|group| (group.to_string(), of(Some(group))))
        .chain([(w.t("plan-all"), of(None))])
        .filter(|(_, units)| units.iter().any(|units| units.value().is_some()))
        .collect();
    let all = summed(&lines, &of(None));
    let points: Vec<String> = (0..=DAYS).map(|n| short(first.plus_days(n))).collect();
    let values = all.iter().map(|units| units.value().map(|units| (i128::from(units), 1)));
    let title = w.t("plan-use-days");
    let text = w.t("plan-use-chart");
    let chart = Chart::new(w, "used", &title, &text);
    let row = |(name, units): &(String, Vec<Known<u32>>)| {
        let known: Vec<u32> = units.iter().filter_map(|units| units.value()).collect();
        let sum: u64 = known.iter().map(|units| u64::from(*units)).sum();
        let mean = (i128::from(sum), known.len() as i128);
        Row::new(name.clone())
            .cell(Cell::count(w, Some(known.len())))
            .cell(Cell::count(w, Some(sum)))
            .cell(w.decimal(mean, 1))
            .cell(Cell::count(w, known.iter().max().copied()))
    };
    let table = Table::new(w.t("plan-use-table")).columns([
        Column::text(w.t("stock-group")),
        Column::number(w.t("plan-use-known")),
        Column::number(w.t("plan-use-sum")),
        Column::number(w.t("plan-a-day")),
        Column::number(w.t("plan-use-most")),
    ]);
    html! {
        @if lines.is_empty() { p { (w.t("plan-use-unknown")) } } @else {
            (chart.curves(&points, &[Curve::new(component_text(w, component), values)]))
            (table.rows(lines.iter().map(row)))
        }
    }
}

/// All groups together: as stated, else the sum where every group that is reported is known.
fn summed(lines: &[(String, Vec<Known<u32>>)], whole: &[Known<u32>]) -> Vec<Known<u32>> {
    whole
        .iter()
        .enumerate()
        .map(|(n, whole)| {
            let groups = lines.iter().map(|(_, units)| units[n].value());
            let sum = groups.collect::<Option<Vec<u32>>>().filter(|all| !all.is_empty());
            match (whole, sum) {
                (Known::Value(_), _) => *whole,
                (Known::Unknown, Some(all)) => Known::Value(all.iter().sum()),
                (Known::Unknown, None) => Known::Unknown,
            }
        })
        .collect()
}

fn short(day: Day) -> String {
    format!("{}/{}", day.date().day(), day.date().month())
}

fn sources(w: Words, world: &World, (region, site): (&JournalId, &SiteId)) -> Markup {
    let Some(journal) = world.journal(region) else { return html! {} };
    let shared = journal.shared();
    let own = shared.blood.used.get(site).map(|there| there.since);
    let told = shared.plans.reports.iter().rev().filter(|one| one.sites.contains(site));
    html! {
        ul {
            @if let Some(since) = own {
                li { (w.t_args("plan-use-own", &[("day", since.to_string().into())])) }
            }
            @for one in told.take(12) {
                li {
                    (one.source) ", " (one.from) "–" (one.to)
                    @if let Some((name, _)) = &one.file { " (" (name) ")" }
                    ". " (crate::pages::parts::record_link(w, &one.at))
                }
            }
        }
    }
}

async fn form(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ReportUse, &visitor.region)?;
    Ok(whole(&app, &visitor, &Upload::with([("source", String::new())]), None, None))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    said: &Upload,
    problem: Option<&Problem>,
    look: Option<&UsedLook>,
) -> Response {
    let (w, key) = (visitor.words, fresh_key());
    let title = w.t("plan-use-report");
    let bad: Vec<_> = look.iter().flat_map(|look| look.bad.iter().map(bad_row)).collect();
    let body = html! {
        (page_header(&title, Some(&w.t("plan-use-report-lead")), None))
        @if let Some(problem) = problem { (explain(problem, w)) }
        @if let Some(look) = look {
            (ImportPreview::new(w, &look.read.name, look.read.rows.len() as u64, &bad))
        }
        (Form::post(w, "/plan/use/import", &key, w.t("plan-use-do"))
            .field(Field::file("file", w.t("import-file"), ".csv,.xlsx,.txt").required())
            .field(Field::text("source", w.t("plan-use-source")).hint(w.t("plan-use-source-hint"))
                .value(said.get("source")))
            .field(Field::date("from", w.t("plan-use-from")).hint(w.t("plan-use-from-hint"))
                .value(said.get("from")))
            .field(Field::date("to", w.t("plan-use-to")).value(said.get("to"))))
        (section("form", &w.t("import-form-title"), &html! {
            p { (w.t("plan-use-form")) }
            (example(w))
            p { (w.t("import-form-unknown")) }
        }))
    };
    page(app, visitor, &title, &[("/plan/use", w.t("plan-use"))], &body).into_response()
}

fn example(w: Words) -> Table {
    let rows = [
        ["2026-01-01", "Blodcentralen Lund", "red_cells", "O-", "7"],
        ["2026-01-02", "Blodcentralen Lund", "red_cells", "O-", ""],
    ];
    let row = |[first, rest @ ..]: [&str; 5]| {
        rest.iter().fold(Row::new(Cell::text(first)), |row, text| {
            row.cell(if text.is_empty() { Cell::unknown(w) } else { Cell::text(*text) })
        })
    };
    Table::new(w.t("import-form-example"))
        .columns(USED_COLUMNS.map(Column::text))
        .rows(rows.map(row))
}

async fn report(
    State(app): State<App>,
    visitor: Visitor,
    parts: Parts,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ReportUse, &visitor.region)?;
    let upload = Upload::of(parts).await?;
    let world = app.engine.world();
    let journal = world.journal(&visitor.region).ok_or_else(Problem::broken)?;
    let read = |file: (&str, &[u8])| read_used(visitor.words, journal.shared(), file);
    let command = |look: &UsedLook| {
        let days = (day("from", upload.get("from"))?, day("to", upload.get("to"))?);
        look.command(Some(upload.get("source")), days)
    };
    match take((&app, &visitor), &upload, read, command).await {
        Ok(look) => {
            let rows = look.read.rows.len();
            Ok(Redirect::to(&format!("/plan/use?rows={rows}")).into_response())
        }
        Err(NotTaken { problem, look }) => {
            let page = whole(&app, &visitor, &upload, Some(&problem), look.as_ref());
            Ok((problem.status, page).into_response())
        }
    }
}
