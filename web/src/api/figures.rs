//! Figures: where each comes from, stating and correcting them, and files of them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::FromRequest as _;
use axum::extract::{Multipart, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::figures::model::Warning;
use samband_domain::figures::{Command, FigureRow, Source};
use samband_domain::{JournalId, Known};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, Form, submit};
use super::input::{At, Body, Key, Query, period};
use super::problem::ProblemDocument;
use super::regions::{Origin, measure, regions_of};
use crate::app::import::{self, Said};
use crate::app::{App, Problem, Visitor};
use crate::tables;

/// A figure in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureInForce {
    /// Region.
    pub region: String,
    /// Measure.
    pub measure: String,
    /// For when.
    pub period: String,
    /// How many; null is unknown.
    pub value: Option<u64>,
    /// Where it comes from.
    pub origin: Origin,
}

/// A figure in all its periods, newest first, each with its origin.
#[utoipa::path(
    get, path = "/figures/{region}/{measure}", tag = "figures",
    params(("region" = String, Path), ("measure" = String, Path)),
    responses(
        (status = 200, body = Vec<FigureInForce>),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At((region, name)): At<(JournalId, String)>,
) -> Result<Json<Vec<FigureInForce>>, Problem> {
    visitor.permit(&app, Action::SeeSource, &region)?;
    let wanted = measure(&name)?;
    let world = app.engine.world();
    let journal = world.journal(&region).ok_or_else(|| Problem::not_found(region.as_str()))?;
    let figures = journal.shared().figures.figures.iter();
    let mut all: Vec<_> = figures.filter(|((measure, _), _)| *measure == wanted).collect();
    all.sort_by_key(|((_, period), _)| std::cmp::Reverse(period.end()));
    let answers = all.into_iter().map(|((measure, period), figure)| FigureInForce {
        region: region.to_string(),
        measure: measure.to_string(),
        period: period.to_string(),
        value: figure.value.value(),
        origin: Origin::from(figure),
    });
    Ok(Json(answers.collect()))
}

/// Every figure in force of every region, one row each.
#[utoipa::path(
    get, path = "/figures", tag = "figures", params(Form),
    responses(
        (status = 200, body = Vec<FigureInForce>),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<Form>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ExportTables, &visitor.region)?;
    let world = app.engine.world();
    let regions = regions_of(&world);
    let words = visitor.words;
    let table = || tables::figures(words, &world);
    if let Some(file) = form.file("figures", words, app.engine.now(), table)? {
        return Ok(file);
    }
    let all = regions.iter().flat_map(|journal| {
        journal.shared().figures.figures.iter().map(|((measure, period), figure)| FigureInForce {
            region: journal.id.to_string(),
            measure: measure.to_string(),
            period: period.to_string(),
            value: figure.value.value(),
            origin: Origin::from(figure),
        })
    });
    Ok(Json(all.collect::<Vec<_>>()).into_response())
}

/// A warning about how to read figures.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StatedWarning {
    /// Which measure; null means all.
    pub measure: Option<String>,
    /// The warning.
    pub text: String,
}

/// One figure stated.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Stated {
    /// `population`, `population_18_64`, `active_donors` or `whole_blood_donations`.
    pub measure: String,
    /// Year, month or date.
    pub period: String,
    /// How many; null states that it is unknown.
    pub value: Option<u64>,
}

/// Figures of the own region.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Report {
    /// Source as one would cite it.
    pub source: String,
    /// When the source was published.
    pub published: Option<String>,
    /// What the source warns of.
    #[serde(default)]
    pub warnings: Vec<StatedWarning>,
    /// The figures.
    pub rows: Vec<Stated>,
}

/// State figures of the own region; all or nothing.
#[utoipa::path(
    post, path = "/figures", tag = "figures", request_body = Report,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Report>,
) -> Result<Json<Done>, Problem> {
    let published = asked.published.as_deref().map(period).transpose()?;
    let warnings: Result<Vec<_>, Problem> = asked
        .warnings
        .into_iter()
        .map(|warning| {
            let about = warning.measure.as_deref().map(measure).transpose()?;
            Ok(Warning { measure: about, code: "other".into(), text: warning.text })
        })
        .collect();
    let rows: Result<Vec<_>, Problem> = asked
        .rows
        .into_iter()
        .map(|row| {
            Ok(FigureRow {
                measure: measure(&row.measure)?,
                period: period(&row.period)?,
                value: row.value.into(),
                row: None,
                column: None,
            })
        })
        .collect();
    let source = Source {
        title: asked.source,
        published: published.into(),
        file: None,
        warnings: warnings?,
    };
    submit(&app, &visitor, key, Command::Report { source, rows: rows? }).await
}

/// A right value for a wrong one.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Correction {
    /// Measure.
    pub measure: String,
    /// For when.
    pub period: String,
    /// The right value; null if it is unknown.
    pub value: Option<u64>,
    /// Why.
    pub reason: String,
}

/// Correct a figure of the own region; the wrong one stays on record.
#[utoipa::path(
    post, path = "/figures/correct", tag = "figures", request_body = Correction,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn correct(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Correction>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Correct {
        measure: measure(&asked.measure)?,
        period: period(&asked.period)?,
        value: Known::from(asked.value),
        reason: asked.reason,
    };
    submit(&app, &visitor, key, command).await
}

/// What is said beside a file.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Beside {
    /// Name of the file.
    pub file: Option<String>,
    /// Source as one would cite it; the file's name otherwise.
    pub title: Option<String>,
    /// When the source was published.
    pub published: Option<String>,
    /// For when, where neither heading nor row says so.
    pub period: Option<String>,
    /// Sheet of a workbook; the first with content otherwise.
    pub sheet: Option<String>,
    /// What the source warns of, one warning per line.
    pub warnings: Option<String>,
    /// `true`: only show what the file would bring.
    #[serde(default)]
    pub dry_run: bool,
    /// `true`: leave rows about other regions aside; otherwise they are a reason to refuse.
    #[serde(default)]
    pub own_only: bool,
}

/// A row that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bad {
    /// Line in the file, from 1.
    pub line: u32,
    /// Heading of the column.
    pub column: Option<String>,
    /// Stable code.
    pub code: String,
    /// What stands there.
    pub value: String,
    /// The reason in words.
    pub reason: String,
}

/// What a file would bring, or brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Figures of the own region in it.
    pub figures: usize,
    /// Regions of other rows, which only they can state.
    pub other_regions: Vec<String>,
    /// Everything wrong; anything here means that nothing is taken over.
    pub bad: Vec<Bad>,
    /// How the file was read.
    pub notes: Vec<String>,
    /// What was recorded; null in a dry run.
    pub done: Option<Done>,
}

/// Take over a CSV or XLSX file of figures: as the body, or as the part `file` of a form. All or
/// nothing; `dry_run=true` only shows what it would bring, with every bad row.
#[utoipa::path(
    post, path = "/figures/import", tag = "figures", params(Beside, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "multipart/form-data"),
    )),
    responses((status = 200, body = Imported), (status = "default", body = ProblemDocument)),
)]
pub async fn import(
    State(app): State<App>,
    visitor: Visitor,
    Key { text: key, .. }: Key,
    Query(beside): Query<Beside>,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    visitor.permit(&app, Action::ReportFigures, &visitor.region)?;
    let (name, bytes) = upload(&app, request).await?;
    let name = beside.file.clone().or(name).unwrap_or_else(|| "import".into());
    let said = Said {
        title: beside.title.clone().unwrap_or_default(),
        published: beside.published.clone().unwrap_or_default(),
        period: beside.period.clone().unwrap_or_default(),
        sheet: beside.sheet.clone().unwrap_or_default(),
        warnings: beside.warnings.clone().unwrap_or_default(),
    };
    let read = import::read(&app, &visitor, &name, &bytes, &said)?;
    let done = if beside.dry_run {
        None
    } else {
        Some(import::take(&app, &visitor, &read, &said, beside.own_only, key).await?)
    };
    let words = visitor.words;
    let bad = read.preview.bad.iter().map(|bad| Bad {
        line: bad.line,
        column: bad.column.clone(),
        code: bad.code.to_owned(),
        value: bad.value.clone(),
        reason: import::words_of(words, bad.code, &bad.args),
    });
    let done = match done {
        Some(receipt) => Some(super::answer::done(&app, receipt).await?),
        None => None,
    };
    Ok(Json(Imported {
        file: read.preview.file.name.clone(),
        sha256: read.preview.file.sha256.to_string(),
        figures: read.own().len(),
        other_regions: read.others().map(ToString::to_string).collect(),
        bad: bad.collect(),
        notes: read.notes(words),
        done,
    }))
}

/// The file's name and bytes, however it was sent.
pub(super) async fn upload(
    app: &App,
    request: Request,
) -> Result<(Option<String>, Bytes), Problem> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let form = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let wrong = |status: StatusCode, detail: String| match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "web.too_large"),
        _ => Problem::malformed(detail),
    };
    if !form {
        let bytes = Bytes::from_request(request, app).await;
        let bytes = bytes.map_err(|error| wrong(error.status(), error.body_text()))?;
        return Ok((None, bytes));
    }
    let parts = Multipart::from_request(request, app).await;
    let mut parts = parts.map_err(|error| wrong(error.status(), error.body_text()))?;
    loop {
        let part = parts.next_field().await;
        let part = part.map_err(|error| wrong(error.status(), error.body_text()))?;
        let Some(part) = part else {
            return Err(Problem::malformed("file"));
        };
        if part.name() == Some("file") {
            let name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await;
            let bytes = bytes.map_err(|error| wrong(error.status(), error.body_text()))?;
            return Ok((name, bytes));
        }
    }
}
