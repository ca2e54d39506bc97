//! Stocks from files: an opening balance, what another system counts, a code table.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use samband_access::Action;
use samband_domain::SiteId;
use samband_domain::blood::Command;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::Done;
use super::figures::upload;
use super::input::{Key, Query, moment};
use super::problem::ProblemDocument;
use crate::app::stock_files::{BadLine, read_code_table, read_external, read_opening};
use crate::app::{App, Problem, Visitor};

/// What is said beside a file.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StockFile {
    /// The site.
    pub site: Option<String>,
    /// Name of the file.
    pub file: Option<String>,
    /// The other system, where the file does not say so.
    pub system: Option<String>,
    /// As of when, where the file does not say so.
    pub as_of: Option<String>,
    /// `true`: only show what the file would bring.
    #[serde(default)]
    pub dry_run: bool,
}

impl StockFile {
    fn site(&self) -> Result<SiteId, Problem> {
        let site = self.site.as_deref().ok_or_else(|| Problem::malformed("site"))?;
        Ok(SiteId::new(site)?)
    }
}

/// A line that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct WrongLine {
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

impl From<&BadLine> for WrongLine {
    fn from(bad: &BadLine) -> Self {
        let BadLine { line, column, code, value, reason } = bad.clone();
        Self { line, column, code, value, reason }
    }
}

/// What a file would bring, or brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockImported {
    /// Name of the file.
    pub file: String,
    /// Rows that nothing is wrong with.
    pub good: usize,
    /// Everything wrong; anything here means that nothing is taken over.
    pub bad: Vec<WrongLine>,
    /// How the file was read.
    pub notes: Vec<String>,
    /// What was recorded; null in a dry run.
    pub done: Option<Done>,
}

async fn record(
    app: &App,
    visitor: &Visitor,
    key: String,
    command: Command,
) -> Result<Done, Problem> {
    let request = samband_engine::Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key,
        happened: None,
        command: command.into(),
        asked: None,
    };
    let receipt = app.engine.submit(request).await?;
    super::answer::done(app, receipt).await
}

async fn received(
    app: &App,
    beside: &StockFile,
    request: Request,
) -> Result<(String, Bytes), Problem> {
    let (name, bytes) = upload(app, request).await?;
    Ok((beside.file.clone().or(name).unwrap_or_else(|| "import".into()), bytes))
}

/// Take over a site's stock from a CSV or XLSX file: as the body, or as the part `file` of a form.
/// All or nothing; `dry_run=true` only shows what it would bring, with every bad row.
#[utoipa::path(
    post, path = "/stock/take-over/import", tag = "stock",
    params(StockFile, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "multipart/form-data"),
    )),
    responses((status = 200, body = StockImported), (status = "default", body = ProblemDocument)),
)]
pub async fn take_over(
    State(app): State<App>,
    visitor: Visitor,
    Key { text: key, .. }: Key,
    Query(beside): Query<StockFile>,
    request: Request,
) -> Result<Json<StockImported>, Problem> {
    visitor.permit(&app, Action::TakeOverStock, &visitor.region)?;
    let site = beside.site()?;
    let (name, bytes) = received(&app, &beside, request).await?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let journal = world.journal(&visitor.region).ok_or_else(Problem::broken)?;
    let look = read_opening(visitor.words, journal.shared(), (&name, &bytes), now)?;
    let done = if beside.dry_run {
        None
    } else {
        Some(record(&app, &visitor, key, look.command(site)?).await?)
    };
    let bad = look.bad.iter().map(WrongLine::from).collect();
    Ok(Json(StockImported { file: name, good: look.good(), bad, notes: look.notes, done }))
}

/// Report what another system counts from a CSV or XLSX file.
#[utoipa::path(
    post, path = "/stock/external/import", tag = "stock",
    params(StockFile, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "multipart/form-data"),
    )),
    responses((status = 200, body = StockImported), (status = "default", body = ProblemDocument)),
)]
pub async fn external(
    State(app): State<App>,
    visitor: Visitor,
    Key { text: key, .. }: Key,
    Query(beside): Query<StockFile>,
    request: Request,
) -> Result<Json<StockImported>, Problem> {
    visitor.permit(&app, Action::ReportExternalStock, &visitor.region)?;
    let site = beside.site()?;
    let as_of = beside.as_of.as_deref().map(|text| moment("as_of", text)).transpose()?;
    let (name, bytes) = received(&app, &beside, request).await?;
    let look = read_external(visitor.words, (&name, &bytes))?;
    let done = if beside.dry_run {
        None
    } else {
        let command = look.command(site, beside.system.as_deref(), as_of)?;
        Some(record(&app, &visitor, key, command).await?)
    };
    let bad: Vec<_> = look.bad.iter().map(WrongLine::from).collect();
    Ok(Json(StockImported { file: name, good: look.read.rows.len(), bad, notes: look.notes, done }))
}

/// Put a code table in force: which product each code stands for, from a licensed file.
#[utoipa::path(
    post, path = "/stock/codes", tag = "stock",
    params(StockFile, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "multipart/form-data"),
    )),
    responses((status = 200, body = StockImported), (status = "default", body = ProblemDocument)),
)]
pub async fn codes(
    State(app): State<App>,
    visitor: Visitor,
    Key { text: key, .. }: Key,
    Query(beside): Query<StockFile>,
    request: Request,
) -> Result<Json<StockImported>, Problem> {
    visitor.permit(&app, Action::LoadCodes, &visitor.region)?;
    let (name, bytes) = received(&app, &beside, request).await?;
    let mut read = StockImported {
        file: name.clone(),
        good: 0,
        bad: Vec::new(),
        notes: Vec::new(),
        done: None,
    };
    match read_code_table(visitor.words, (&name, &bytes))? {
        Err(bad) if beside.dry_run => read.bad = bad.iter().map(WrongLine::from).collect(),
        Err(bad) => {
            let first = bad.first().ok_or_else(Problem::broken)?;
            return Err(Problem::unprocessable("import.bad_rows")
                .fact("bad", bad.len().to_string())
                .fact("line", first.line.to_string())
                .fact("reason", first.reason.clone()));
        }
        Ok(command) => {
            if let Command::LoadCodes { table } = &command {
                read.good = table.products().count() + table.facilities().count();
            }
            if !beside.dry_run {
                read.done = Some(record(&app, &visitor, key, command).await?);
            }
        }
    }
    Ok(Json(read))
}
