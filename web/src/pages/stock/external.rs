//! What another system counts, from a file.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::html;
use samband_access::Action;
use samband_domain::Time;
use samband_domain::kernel::RecordKeeper;
use samband_exchange::stock::EXTERNAL_COLUMNS;
use serde::Deserialize;

use super::files::{chosen, sites};
use super::take_over::bad_row;
use crate::app::stock::local;
use crate::app::stock_files::{ExternalLook, read_external};
use crate::app::{App, Problem, UPLOAD_MAX, Visitor, explain, fresh_key};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, ImportPreview, Note, Row, Table, page_header, section,
};
use crate::pages::frame::page;
use crate::pages::upload::{NotTaken, Parts, Upload, take};
use crate::text::Words;

/// Routes.
pub fn routes() -> Router<App> {
    let upload = post(report).layer(DefaultBodyLimit::max(UPLOAD_MAX));
    Router::new().route("/stock/external", get(show).merge(upload))
}

#[derive(Default, Deserialize)]
struct Asked {
    site: Option<String>,
    rows: Option<u32>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ReportExternalStock, &visitor.region)?;
    let fields = Upload::with([("site", asked.site.unwrap_or_default())]);
    Ok(form(&app, &visitor, &fields, None, None, asked.rows))
}

fn form(
    app: &App,
    visitor: &Visitor,
    said: &Upload,
    problem: Option<&Problem>,
    look: Option<&ExternalLook>,
    rows: Option<u32>,
) -> Response {
    let w = visitor.words;
    let choices = sites(app, visitor, RecordKeeper::External);
    let key = fresh_key();
    let (title, none, text) =
        (w.t("external-title"), w.t("external-no-site"), w.t("external-no-site-text"));
    let bad: Vec<_> = look.iter().flat_map(|look| look.bad.iter().map(bad_row)).collect();
    let body = html! {
        (page_header(&title, Some(&w.t("external-lead")), None))
        @if let Some(n) = rows {
            @let href = format!("/stock/{}/{}", visitor.region, said.get("site"));
            (Note::success(w, &html! {
                (w.t_args("external-taken", &[("n", n.into())])) " "
                a href=(href) { (w.t("take-over-see")) }
            }))
        }
        @if let Some(problem) = problem { (explain(problem, w)) }
        @if let Some(look) = look {
            (ImportPreview::new(w, &look.read.name, look.read.rows.len() as u64, &bad))
        }
        @if choices.is_empty() { (EmptyState::new(&none, &text)) } @else {
            (Form::post(w, "/stock/external", &key, w.t("external-do"))
                .field(Field::select("site", w.t("stock-site"), choices)
                    .value(said.get("site")).required())
                .field(Field::file("file", w.t("import-file"), ".csv,.xlsx,.txt").required())
                .field(Field::text("system", w.t("external-system"))
                    .hint(w.t("external-system-hint")).value(said.get("system")))
                .field(Field::text("as_of", w.t("external-as-of"))
                    .hint(w.t("external-as-of-hint")).value(said.get("as_of"))))
        }
        (section("form", &w.t("import-form-title"), &html! {
            p { (w.t("external-form")) }
            (example(w))
            p { (w.t("import-form-unknown")) }
        }))
    };
    page(app, visitor, &title, &[("/stock", w.t("stock-title"))], &body).into_response()
}

fn example(w: Words) -> Table {
    let rows =
        [["red_cells", "O RhD neg", "24", "3", "12", "2"], ["platelets", "", "26", "", "", "9"]];
    let row = |[first, rest @ ..]: [&str; 6]| {
        rest.iter().fold(Row::new(Cell::text(first)), |row, text| {
            row.cell(if text.is_empty() { Cell::unknown(w) } else { Cell::text(*text) })
        })
    };
    Table::new(w.t("import-form-example"))
        .columns(EXTERNAL_COLUMNS.map(Column::text))
        .rows(rows.map(row))
}

async fn report(
    State(app): State<App>,
    visitor: Visitor,
    parts: Parts,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ReportExternalStock, &visitor.region)?;
    let upload = Upload::of(parts).await?;
    let site = upload.get("site");
    let read = |file: (&str, &[u8])| read_external(visitor.words, file);
    let command = |look: &ExternalLook| {
        let as_of = as_of(upload.get("as_of"))?;
        look.command(chosen(site)?, Some(upload.get("system")), as_of)
    };
    match take((&app, &visitor), &upload, read, command).await {
        Ok(look) => {
            let rows = look.read.rows.len();
            Ok(Redirect::to(&format!("/stock/external?site={site}&rows={rows}")).into_response())
        }
        Err(NotTaken { problem, look }) => {
            let page = form(&app, &visitor, &upload, Some(&problem), look.as_ref(), None);
            Ok((problem.status, page).into_response())
        }
    }
}

/// As of when, as typed; blank leaves it to the file.
fn as_of(text: &str) -> Result<Option<Time>, Problem> {
    let read = local(text, "00:00");
    if text.is_empty() || read.is_some() {
        return Ok(read);
    }
    let shown: String = text.chars().take(60).collect();
    let wrong = Problem::new(StatusCode::BAD_REQUEST, "web.moment");
    Err(wrong.fact("field", "as_of").fact("value", shown))
}
