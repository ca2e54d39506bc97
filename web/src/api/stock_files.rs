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
use crate::app::stock_files::{BadLine, read_code_table, read_external, read_opening, refused};
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
    fn sent(&self) -> (Option<&String>, bool) {
        (self.file.as_ref(), self.dry_run)
    }

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

/// Somebody's file with what was said beside it.
pub(super) struct Incoming<'a> {
    app: &'a App,
    visitor: &'a Visitor,
    dry_run: bool,
    name: String,
    bytes: Bytes,
}

impl<'a> Incoming<'a> {
    /// The file, if its sender may do what it is for.
    pub(super) async fn of(
        (app, visitor, action): (&'a App, &'a Visitor, Action),
        (file, dry_run): (Option<&String>, bool),
        request: Request,
    ) -> Result<Self, Problem> {
        visitor.permit(app, action, &visitor.region)?;
        let (name, bytes) = upload(app, request).await?;
        let name = file.cloned().or(name).unwrap_or_else(|| "import".into());
        Ok(Self { app, visitor, dry_run, name, bytes })
    }

    pub(super) fn file(&self) -> (&str, &[u8]) {
        (&self.name, &self.bytes)
    }

    /// Carries out what the file asks for, or in a dry run only says what it would be.
    pub(super) async fn finish(
        self,
        key: String,
        (good, bad, notes): (usize, &[BadLine], Vec<String>),
        command: Result<impl Into<samband_domain::Command>, Problem>,
    ) -> Result<Json<StockImported>, Problem> {
        let done = match command {
            Err(_) if self.dry_run && !bad.is_empty() => None,
            Ok(_) if self.dry_run => None,
            Err(problem) => return Err(problem),
            Ok(command) => Some(self.record(key, command.into()).await?),
        };
        let bad = bad.iter().map(WrongLine::from).collect();
        Ok(Json(StockImported { file: self.name, good, bad, notes, done }))
    }

    async fn record(&self, key: String, command: samband_domain::Command) -> Result<Done, Problem> {
        let request = samband_engine::Request {
            principal: self.visitor.principal.clone(),
            region: self.visitor.region.clone(),
            key,
            happened: None,
            command,
            asked: None,
        };
        let receipt = self.app.engine.submit(request).await?;
        super::answer::done(self.app, receipt).await
    }
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
    let sent =
        Incoming::of((&app, &visitor, Action::TakeOverStock), beside.sent(), request).await?;
    let site = beside.site()?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let journal = world.journal(&visitor.region).ok_or_else(Problem::broken)?;
    let look = read_opening(visitor.words, journal.shared(), sent.file(), now)?;
    let (good, command) = (look.good(), look.command(site));
    sent.finish(key, (good, &look.bad, look.notes), command).await
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
    let who = (&app, &visitor, Action::ReportExternalStock);
    let sent = Incoming::of(who, beside.sent(), request).await?;
    let site = beside.site()?;
    let as_of = beside.as_of.as_deref().map(|text| moment("as_of", text)).transpose()?;
    let look = read_external(visitor.words, sent.file())?;
    let command = look.command(site, beside.system.as_deref(), as_of);
    sent.finish(key, (look.read.rows.len(), &look.bad, look.notes), command).await
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
    let sent = Incoming::of((&app, &visitor, Action::LoadCodes), beside.sent(), request).await?;
    let (good, bad, command) = match read_code_table(visitor.words, sent.file())? {
        Ok(table) => {
            let good = table.products().count() + table.facilities().count();
            (good, Vec::new(), Ok(Command::LoadCodes { table: Box::new(table) }))
        }
        Err(bad) => {
            let problem = refused(&bad).unwrap_or_else(Problem::broken);
            (0, bad, Err(problem))
        }
    };
    sent.finish(key, (good, &bad, Vec::new()), command).await
}
