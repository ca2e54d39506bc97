//! Taking over a site's stock from a file: choose, look at every bad row, confirm.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::RecordKeeper;
use samband_domain::{Digest, SiteId};
use samband_engine::Request;
use samband_exchange::stock::{OPENING_COLUMNS, OpeningRow};
use serde::Deserialize;

use crate::app::history::group_text;
use crate::app::stock_files::{BadLine, OpeningLook, read_opening};
use crate::app::{App, KeyedForm, Problem, StagedFile, UPLOAD_MAX, Visitor, explain, fresh_key};
use crate::components::{
    BadRow, Cell, Column, Field, Form, ImportPreview, Note, Row, Steps, Table, page_header,
    section, time_tag,
};
use crate::pages::frame::page;
use crate::pages::stock::files::{chosen, sites};
use crate::pages::upload::{Parts, Upload};
use crate::text::Words;

/// Rows of a good file that are shown before it is taken over.
const SHOWN: usize = 20;

/// Routes.
pub fn routes() -> Router<App> {
    let upload = post(preview).layer(DefaultBodyLimit::max(UPLOAD_MAX));
    Router::new()
        .route("/stock/take-over", get(show).merge(upload))
        .route("/stock/take-over/confirm", post(confirm))
}

#[derive(Default, Deserialize)]
struct Asked {
    site: Option<String>,
    taken: Option<u32>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::TakeOverStock, &visitor.region)?;
    let site = asked.site.unwrap_or_default();
    Ok(start(&app, &visitor, &site, None, asked.taken))
}

fn start(
    app: &App,
    visitor: &Visitor,
    site: &str,
    problem: Option<&Problem>,
    taken: Option<u32>,
) -> Response {
    let w = visitor.words;
    let choices = sites(app, visitor, RecordKeeper::Samband);
    let form = Form::post(w, "/stock/take-over", "", w.t("import-preview-button"))
        .field(Field::select("site", w.t("stock-site"), choices).value(site).required())
        .field(
            Field::file("file", w.t("import-file"), ".csv,.xlsx,.txt")
                .hint(w.t("take-over-file-hint"))
                .required(),
        );
    let body = html! {
        @if let Some(n) = taken {
            (Note::success(w, &html! {
                (w.t_args("take-over-taken", &[("n", n.into())])) " "
                a href=(format!("/stock/{}/{site}", visitor.region)) { (w.t("take-over-see")) }
            }))
        }
        @if let Some(problem) = problem { (explain(problem, w)) }
        (form)
        (section("form", &w.t("import-form-title"), &html! {
            p { (w.t("take-over-form")) }
            (example(w))
            p { (w.t("take-over-form-unknown")) }
        }))
    };
    framed(app, visitor, 0, &body)
}

/// Rows as they may be sent.
const EXAMPLE: [[&str; 10]; 2] = [
    [
        "A9990 26 000001 S",
        "E0336V00",
        "O RhD neg",
        "2026-12-20",
        "available",
        "",
        "hiv-ag-ab neg, hbsag neg, anti-hcv neg",
        "ProSang 2026:1",
        "K neg, c pos",
        "",
    ],
    ["A9990 26 000002 O", "E0336V00", "A RhD pos", "2026-12-18", "quarantined", "", "", "", "", ""],
];

fn example(w: Words) -> Table {
    let row = |[first, rest @ ..]: [&str; 10]| {
        rest.iter().fold(Row::new(Cell::text(first)), |row, text| row.cell(Cell::text(*text)))
    };
    Table::new(w.t("import-form-example"))
        .columns(OPENING_COLUMNS.map(Column::text))
        .rows(EXAMPLE.map(row))
        .scrolling()
}

fn framed(app: &App, visitor: &Visitor, step: usize, body: &Markup) -> Response {
    let w = visitor.words;
    let title = w.t("take-over-title");
    let labels = [w.t("import-step-file"), w.t("import-step-look"), w.t("import-step-take")];
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let body = html! {
        (page_header(&title, Some(&w.t("take-over-lead")), None))
        (Steps::new(w, &labels, step))
        (body)
    };
    page(app, visitor, &title, &[("/stock", w.t("stock-title"))], &body).into_response()
}

async fn preview(
    State(app): State<App>,
    visitor: Visitor,
    parts: Parts,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::TakeOverStock, &visitor.region)?;
    let upload = Upload::of(parts).await?;
    match read(&app, &visitor, &upload) {
        Ok(read) => {
            let Upload { name, bytes, .. } = &upload;
            let file = StagedFile { name: name.clone(), bytes: bytes.as_ref().into() };
            let owner = visitor.user.to_string();
            let digest = app.staged.put(&owner, file, app.engine.now());
            Ok(look(&app, &visitor, &read, upload.get("site"), &digest))
        }
        Err(problem) => {
            let page = start(&app, &visitor, upload.get("site"), Some(&problem), None);
            Ok((problem.status, page).into_response())
        }
    }
}

fn read(app: &App, visitor: &Visitor, upload: &Upload) -> Result<OpeningLook, Problem> {
    if upload.bytes.is_empty() {
        return Err(Problem::unprocessable("import.no_file"));
    }
    chosen(upload.get("site"))?;
    let world = app.engine.world();
    let journal = world.journal(&visitor.region).ok_or_else(Problem::broken)?;
    let file = (&*upload.name, &*upload.bytes);
    read_opening(visitor.words, journal.shared(), file, app.engine.now())
}

/// A bad line as the preview shows it.
pub(crate) fn bad_row(bad: &BadLine) -> BadRow {
    BadRow {
        line: bad.line.into(),
        column: bad.column.clone(),
        value: Some(bad.value.clone()).filter(|value| !value.is_empty()),
        reason: bad.reason.clone(),
    }
}

fn look(app: &App, visitor: &Visitor, read: &OpeningLook, site: &str, digest: &Digest) -> Response {
    let w = visitor.words;
    let bad: Vec<_> = read.bad.iter().map(bad_row).collect();
    let good = u64::try_from(read.good()).unwrap_or(u64::MAX);
    let world = app.engine.world();
    let name = SiteId::new(site)
        .map(|id| crate::app::stock::site_name(&world, &visitor.region, &id))
        .unwrap_or_default();
    let ready = bad.is_empty() && good > 0;
    let key = fresh_key();
    let button = w.t_args("take-over-button", &[("n", good.into()), ("site", (&name).into())]);
    let body = html! {
        p { (w.t_args("take-over-at", &[("site", (&name).into())])) }
        (ImportPreview::new(w, &read.opening.name, good, &bad))
        @if !read.notes.is_empty() {
            (section("notes", &w.t("import-notes"), &html! {
                ul { @for note in &read.notes { li { (note) } } }
            }))
        }
        @if good > 0 { (rows(w, read)) }
        @if ready {
            (Form::post(w, "/stock/take-over/confirm", &key, button)
                .hidden("file", digest.to_string())
                .hidden("site", site)
                .cancel("/stock/take-over", w.t("import-cancel")))
        }
        p { a href=(format!("/stock/take-over?site={site}")) { (w.t("import-another")) } }
    };
    framed(app, visitor, 1, &body)
}

fn rows(w: Words, read: &OpeningLook) -> Table {
    use samband_domain::blood::command::Standing;
    let row = |row: &OpeningRow| {
        let standing = match row.row.standing {
            Standing::Available => "available",
            Standing::Quarantined => "quarantined",
            Standing::Reserved { .. } => "reserved",
        };
        let din = row.row.id.din;
        Row::new(Cell::text(format!("{} {}", din.spaced(), din.check_character())))
            .cell(row.row.id.product.to_string())
            .cell(group_text(w, row.row.group))
            .cell(time_tag(w, row.row.expiry.0))
            .cell(w.dynamic("unit-status-", standing))
            .cell(Cell::count(w, Some(row.line)))
    };
    let first = read.right().take(SHOWN).map(row);
    let all = read.good();
    let shown = all.min(SHOWN);
    Table::new(w.t_args("take-over-first", &[("n", shown.into()), ("all", all.into())]))
        .columns([
            Column::text(w.t("unit-din")),
            Column::text(w.t("unit-product-code")),
            Column::text(w.t("stock-group")),
            Column::text(w.t("unit-expiry")),
            Column::text(w.t("unit-status")),
            Column::number(w.t("import-line")),
        ])
        .rows(first)
}

#[derive(Deserialize)]
struct Confirmed {
    file: String,
    site: String,
}

async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    KeyedForm { key, fields }: KeyedForm<Confirmed>,
) -> Result<Redirect, Problem> {
    visitor.permit(&app, Action::TakeOverStock, &visitor.region)?;
    let gone = || Problem::new(StatusCode::GONE, "import.gone");
    let digest: Digest = fields.file.parse().map_err(|_| gone())?;
    let owner = visitor.user.to_string();
    let staged = app.staged.get(&owner, &digest, app.engine.now()).ok_or_else(gone)?;
    let site = chosen(&fields.site)?;
    let world = app.engine.world();
    let journal = world.journal(&visitor.region).ok_or_else(Problem::broken)?;
    let file = (&*staged.name, &*staged.bytes);
    let read = read_opening(visitor.words, journal.shared(), file, app.engine.now())?;
    let taken = read.opening.rows.len();
    // The same key once more is answered as before, although the units are known by now.
    let rows = read.opening.rows.iter().map(|row| row.row.clone()).collect();
    let command = match read.command(site.clone()) {
        Ok(command) => command,
        Err(_) if read.opening.bad.is_empty() => samband_domain::blood::Command::TakeOver {
            site: site.clone(),
            file: Some((read.opening.name.clone(), read.opening.digest)),
            rows,
        },
        Err(problem) => return Err(problem),
    };
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key,
        happened: None,
        command: command.into(),
        asked: None,
    };
    app.engine.submit(request).await?;
    Ok(Redirect::to(&format!("/stock/take-over?site={site}&taken={taken}")))
}
