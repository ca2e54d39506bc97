//! Figures from a file: choose, look at what it would bring, confirm.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::figures::FigureRow;
use samband_domain::{Digest, Known};
use serde::Deserialize;

use crate::api::Query;
use crate::app::import::{Read, Said, read, take, words_of};
use crate::app::{App, KeyedForm, Problem, StagedFile, UPLOAD_MAX, Visitor, fresh_key};
use crate::components::{
    BadRow, Cell, Column, Crumb, Field, Form, ImportPreview, Note, Row, Status, Steps, Table,
    page_header, section, tag,
};
use crate::pages::upload::{Parts, Upload};
use crate::text::Words;

/// Routes.
pub fn routes() -> Router<App> {
    let upload = post(preview).layer(DefaultBodyLimit::max(UPLOAD_MAX));
    Router::new().route("/import", get(show).merge(upload)).route("/import/confirm", post(confirm))
}

#[derive(Default, Deserialize)]
struct Asked {
    figures: Option<u32>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    visitor.permit(&app, Action::ReportFigures, &visitor.region)?;
    Ok(start(&app, &visitor, &Said::default(), None, asked.figures))
}

fn start(
    app: &App,
    visitor: &Visitor,
    said: &Said,
    problem: Option<&Problem>,
    taken: Option<u32>,
) -> Markup {
    let w = visitor.words;
    let here = format!("/regions/{}", visitor.region);
    let body = html! {
        @if let Some(n) = taken {
            (Note::success(w, &html! {
                (w.t_args("import-taken", &[("n", n.into())])) " "
                a href=(here) { (w.t("import-see-region")) }
            }))
        }
        @if let Some(problem) = problem { (visitor.explain(app, problem.clone())) }
        (upload_form(w, said))
        (section("form", &w.t("import-form-title"), &html! {
            p { (w.t("import-form-text")) }
            (example(w))
            p { (w.t("import-form-unknown")) }
        }))
    };
    frame(app, visitor, 0, &body)
}

/// Two rows as they may be sent; the second leaves a figure open.
const EXAMPLE: [[&str; 6]; 3] = [
    [
        "region",
        "period",
        "population",
        "population_18_64",
        "active_donors",
        "whole_blood_donations",
    ],
    ["Blekinge", "2024", "157223", "88078", "3924", "6348"],
    ["Halland", "2024", "345074", "192417", "", "10932"],
];

fn example(w: Words) -> Table {
    let [headings, rows @ ..] = EXAMPLE;
    let row = |[first, rest @ ..]: [&str; 6]| {
        rest.iter().fold(Row::new(Cell::text(first)), |row, text| {
            row.cell(if text.is_empty() { Cell::unknown(w) } else { Cell::text(*text) })
        })
    };
    Table::new(w.t("import-form-example")).columns(headings.map(Column::text)).rows(rows.map(row))
}

fn upload_form(w: Words, said: &Said) -> Form<'static> {
    Form::post(w, "/import", "", w.t("import-preview-button"))
        .field(
            Field::file("file", w.t("import-file"), ".csv,.xlsx,.txt")
                .hint(w.t("import-file-hint"))
                .required(),
        )
        .field(
            Field::text("title", w.t("import-source-title"))
                .hint(w.t("import-source-title-hint"))
                .value(&said.title),
        )
        .field(
            Field::text("published", w.t("import-published"))
                .hint(w.t("import-published-hint"))
                .value(&said.published),
        )
        .field(
            Field::text("period", w.t("import-period"))
                .hint(w.t("import-period-hint"))
                .value(&said.period),
        )
        .field(
            Field::text("sheet", w.t("import-sheet"))
                .hint(w.t("import-sheet-hint"))
                .value(&said.sheet),
        )
        .field(
            Field::text_area("warnings", w.t("import-warnings"))
                .hint(w.t("import-warnings-hint"))
                .value(&said.warnings),
        )
}

fn frame(app: &App, visitor: &Visitor, step: usize, body: &Markup) -> Markup {
    let w = visitor.words;
    let title = w.t("import-title");
    let labels = [w.t("import-step-file"), w.t("import-step-look"), w.t("import-step-take")];
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let start = w.t("nav-picture");
    let crumbs = [Crumb::link("/picture", &start), Crumb::here(&title)];
    let body = html! {
        (page_header(&title, Some(&w.t("import-lead")), None))
        (Steps::new(w, &labels, step))
        (body)
    };
    visitor.page(app, &title, &crumbs, false, &body)
}

async fn preview(
    State(app): State<App>,
    visitor: Visitor,
    parts: Parts,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ReportFigures, &visitor.region)?;
    let mut upload = Upload::of(parts).await?;
    let said = Said {
        title: upload.take("title"),
        published: upload.take("published"),
        period: upload.take("period"),
        sheet: upload.take("sheet"),
        warnings: upload.take("warnings"),
    };
    let Upload { name, bytes, .. } = upload;
    if name.is_empty() && bytes.is_empty() {
        let problem = Problem::unprocessable("import.no_file");
        let page = start(&app, &visitor, &said, Some(&problem), None);
        return Ok((problem.status, page).into_response());
    }
    let read = match read(&app, &visitor, &name, &bytes, &said) {
        Ok(read) => read,
        Err(problem) => {
            let page = start(&app, &visitor, &said, Some(&problem), None);
            return Ok((problem.status, page).into_response());
        }
    };
    let file = StagedFile { name, bytes: bytes.as_ref().into() };
    let owner = visitor.user.to_string();
    let digest = app.staged.put(&owner, file, app.engine.now());
    Ok(look(&app, &visitor, &read, &said, &digest).into_response())
}

/// What the file would bring.
fn look(app: &App, visitor: &Visitor, read: &Read, said: &Said, digest: &Digest) -> Markup {
    let w = visitor.words;
    let bad: Vec<BadRow> = read
        .preview
        .bad
        .iter()
        .map(|bad| BadRow {
            line: bad.line.into(),
            column: bad.column.clone(),
            value: Some(bad.value.clone()).filter(|value| !value.is_empty()),
            reason: words_of(w, bad.code, &bad.args),
        })
        .collect();
    let good = u64::try_from(read.good()).unwrap_or(u64::MAX);
    let others: Vec<String> = read.others().map(|id| region_name(app, id)).collect();
    let notes = read.notes(w);
    let ready = bad.is_empty() && !read.own().is_empty();
    let body = html! {
        (ImportPreview::new(w, &read.preview.file.name, good, &bad))
        @if !others.is_empty() {
            (Note::warning(w, &w.t_args("import-not-yours", &[("regions", others.join(", ").into())])))
        }
        @if read.own().is_empty() && bad.is_empty() {
            (Note::warning(w, &w.t("import-nothing-own")))
        }
        @if !read.own().is_empty() { (own_rows(app, w, read)) }
        @if !notes.is_empty() {
            (section("notes", &w.t("import-notes"), &html! {
                ul { @for note in &notes { li { (note) } } }
            }))
        }
        @if ready { (confirm_form(w, said, digest, !others.is_empty())) }
        p { a href="/import" { (w.t("import-another")) } }
    };
    frame(app, visitor, 1, &body)
}

fn region_name(app: &App, id: &samband_domain::JournalId) -> String {
    let world = app.engine.world();
    world.journal(id).map_or_else(|| id.to_string(), |journal| journal.name())
}

/// The rows to be taken over, each with what it replaces: nobody should undo a correction unseen.
fn own_rows(app: &App, w: Words, read: &Read) -> Table {
    let world = app.engine.world();
    let held = world.local(&read.region).map(|region| &region.shared.figures.figures);
    let replaces = |row: &FigureRow| -> Markup {
        let Some(figure) = held.and_then(|held| held.get(&(row.measure, row.period))) else {
            return html! { (w.t("import-new")) };
        };
        let value = w.int_or_unknown(figure.value.value());
        html! {
            @if figure.value == row.value { (w.t("import-same")) }
            @else { (w.t_args("import-replaces", &[("value", value.into())])) }
            @if let Some(reason) = &figure.provenance.correction {
                " " (tag(Status::Attention, &w.t("import-undoes"))) " "
                (w.t_args("import-was-corrected", &[("reason", reason.into())]))
            }
        }
    };
    let row = |row: &FigureRow| {
        let value = match row.value {
            Known::Value(value) => Cell::count(w, Some(value)),
            Known::Unknown => Cell::unknown(w),
        };
        Row::new(Cell::text(w.dynamic("measure-", row.measure.as_str())))
            .cell(row.period.to_string())
            .cell(value)
            .cell(row.row.map_or_else(|| Cell::text("–"), |line| Cell::count(w, Some(line))))
            .cell(row.column.clone().unwrap_or_default())
            .cell(replaces(row))
    };
    Table::new(w.t("import-own-rows"))
        .columns([
            Column::text(w.t("import-measure")),
            Column::text(w.t("import-for")),
            Column::number(w.t("import-value")),
            Column::number(w.t("import-line")),
            Column::text(w.t("import-column")),
            Column::text(w.t("import-now")),
        ])
        .rows(read.own().iter().map(row))
}

fn confirm_form(w: Words, said: &Said, digest: &Digest, others: bool) -> Markup {
    let key = fresh_key();
    let mut form = Form::post(w, "/import/confirm", &key, w.t("import-take-button"))
        .hidden("file", digest.to_string())
        .hidden("title", &said.title)
        .hidden("published", &said.published)
        .hidden("period", &said.period)
        .hidden("sheet", &said.sheet)
        .hidden("warnings", &said.warnings)
        .cancel("/import", w.t("import-cancel"));
    if others {
        form = form.field(Field::check_box("own_only", w.t("import-own-only")).required());
    }
    html! { (form) }
}

#[derive(Deserialize)]
struct Confirmed {
    file: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    published: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    sheet: String,
    #[serde(default)]
    warnings: String,
    own_only: Option<String>,
}

async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    KeyedForm { key, fields }: KeyedForm<Confirmed>,
) -> Result<Redirect, Problem> {
    visitor.permit(&app, Action::ReportFigures, &visitor.region)?;
    let Confirmed { file, title, published, period, sheet, warnings, own_only } = fields;
    let said = Said { title, published, period, sheet, warnings };
    let owner = visitor.user.to_string();
    let gone = || Problem::new(StatusCode::GONE, "import.gone");
    let digest: Digest = file.parse().map_err(|_| gone())?;
    let staged = app.staged.get(&owner, &digest, app.engine.now()).ok_or_else(gone)?;
    let read = read(&app, &visitor, &staged.name, &staged.bytes, &said)?;
    take(&app, &visitor, &read, &said, own_only.is_some(), key).await?;
    Ok(Redirect::to(&format!("/import?figures={}", read.own().len())))
}
