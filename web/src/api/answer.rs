//! What goes out: receipts, and tables in the form asked for.

use std::str::FromStr;

use axum::Json;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use samband_domain::{Command, Digest, JournalId, RecordRef, Time};
use samband_engine::{Receipt, Request};
use samband_exchange::export::{Csv, to_csv, to_xlsx};
use samband_exchange::{Cell, Language, Table};
use samband_journal::{Content, PrivatePart, Record};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::Key;
use crate::app::{App, Problem, Visitor};
use crate::text::{Lang, Words};

/// Where a record stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Place {
    /// Whose journal.
    pub journal: String,
    /// Epoch.
    pub epoch: u32,
    /// Sequence number.
    pub seq: u64,
    /// Hash.
    pub hash: String,
}

impl From<&RecordRef> for Place {
    fn from(at: &RecordRef) -> Self {
        let RecordRef { journal, epoch, seq, hash } = at;
        Self { journal: journal.to_string(), epoch: *epoch, seq: *seq, hash: hash.to_string() }
    }
}

/// What a command led to; answered once it is durable.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Done {
    /// The first record; null if nothing had to be recorded.
    pub record: Option<Place>,
    /// How many records.
    pub records: u32,
    /// Whether this answers a repetition of a command carried out before.
    pub repeated: bool,
    /// The identifier of what came into being, if something did.
    pub id: Option<String>,
}

/// Gives a command to the person's own region.
///
/// # Errors
/// The problem that says why nothing happened.
pub async fn submit(
    app: &App,
    visitor: &Visitor,
    key: Key,
    command: impl Into<Command>,
) -> Result<Json<Done>, Problem> {
    let receipt = given(app, visitor, key, command).await?;
    done(app, receipt).await.map(Json)
}

/// The same, for whoever answers in another form.
///
/// # Errors
/// The problem that says why nothing happened.
pub(super) async fn given(
    app: &App,
    visitor: &Visitor,
    key: Key,
    command: impl Into<Command>,
) -> Result<Receipt, Problem> {
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key: key.text,
        happened: None,
        command: command.into(),
        asked: key.asked,
    };
    Ok(app.engine.submit(request).await?)
}

/// A receipt with the identifier of what came into being.
pub(super) async fn done(app: &App, receipt: Receipt) -> Result<Done, Problem> {
    let Receipt { first, count, repeated, .. } = receipt;
    let id = match &first {
        Some(at) => {
            let record = app.engine.store().record(&at.journal, at.epoch, at.seq).await?;
            // Who asks belongs to the region: people are named in what stays there.
            record.and_then(|record| record.body.text().and_then(made).or_else(|| inside(&record)))
        }
        None => None,
    };
    Ok(Done { record: first.as_ref().map(Place::from), records: count, repeated, id })
}

/// What the record of an event brought into being: an agreement is named by its text's digest.
fn made(text: &str) -> Option<String> {
    let content = Content::read(text).ok()?;
    let shared: serde_json::Value = serde_json::from_str(content.shared_text()?).ok()?;
    // A question is named by what its answers name.
    if content.kind == "disclosure.asked" {
        return shared.get("ask").and_then(serde_json::Value::as_str).map(str::to_owned);
    }
    if let Some(text) = shared.get("text").and_then(serde_json::Value::as_str) {
        return Some(Digest::of(text.as_bytes()).to_string());
    }
    let named = ["id", "actor", "mandate", "session", "site", "document"].into_iter();
    let mut found = named.filter_map(|name| shared.get(name)?.as_str());
    found.next().map(str::to_owned)
}

/// Who came into being, where that stays in the region.
fn inside(record: &Record) -> Option<String> {
    let PrivatePart::Here { text, .. } = &record.private else { return None };
    let said: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut named =
        ["deferral", "appointment", "list", "code", "patient", "donor", "id"].into_iter();
    named.find_map(|name| said.get(name)?.as_str().map(str::to_owned))
}

/// In which form a table is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Form {
    /// `json` (default), `csv` or `xlsx`.
    pub format: Option<String>,
    /// Headings of a file: `keys` (default, stable) or `words` (of the language asked for, with
    /// its decimal mark).
    pub headings: Option<String>,
}

/// A form of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// CSV.
    Csv,
    /// A workbook.
    Xlsx,
}

impl FromStr for Format {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text {
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            other => Err(Problem::malformed(format!("format: {other}"))),
        }
    }
}

impl Form {
    /// The form asked for; `ending` is what the address itself asked for, if it did.
    ///
    /// # Errors
    /// A problem for a form that does not exist.
    pub fn format(&self) -> Result<Format, Problem> {
        self.format.as_deref().unwrap_or("json").parse()
    }

    /// The table as a file, or none if JSON is wanted.
    ///
    /// # Errors
    /// A problem if the workbook cannot be written.
    pub fn file(
        &self,
        stem: &str,
        words: Words,
        now: Time,
        table: impl FnOnce() -> Table,
    ) -> Result<Option<Response>, Problem> {
        let format = self.format()?;
        if format == Format::Json {
            return Ok(None);
        }
        let language = match words.lang() {
            Lang::Sv => Language::Swedish,
            Lang::En => Language::English,
        };
        let table = table();
        let (kind, ending, bytes) = if format == Format::Csv {
            let people = self.headings.as_deref() == Some("words");
            let form = if people { Csv::for_people(language) } else { Csv::FOR_PROGRAMS };
            ("text/csv; charset=utf-8", "csv", to_csv(&table, form))
        } else {
            let bytes = to_xlsx(&table, language, now).map_err(|error| {
                tracing::error!(%error, "no workbook");
                Problem::broken()
            })?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (kind, "xlsx", bytes)
        };
        let name = format!("attachment; filename=\"samband-{stem}.{ending}\"");
        let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)];
        Ok(Some((headers, bytes).into_response()))
    }
}

/// The rows of one region, whose id stands in a table's first column; all rows without one.
#[must_use]
pub fn only(table: Table, region: Option<&JournalId>) -> Table {
    let wanted = |row: &Vec<Cell>| match (region, row.first()) {
        (Some(region), Some(Cell::Text(id))) => id == region.as_str(),
        _ => true,
    };
    Table { rows: table.rows.into_iter().filter(wanted).collect(), ..table }
}
