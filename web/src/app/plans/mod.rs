//! Joint supply: what pages, interface and command line share.

pub mod callup;
pub mod campaigns;
pub mod forecast;
pub mod settlement;
pub mod targets;
pub mod transfer;

use samband_domain::plans::Command;
use samband_domain::plans::model::UseReport;
use samband_domain::words::Day;
use samband_domain::{SharedState, SiteId};
use samband_exchange::stock::{UsedRead, used};

use super::Problem;
use super::import::words_of;
use super::stock_files::{BadLine, refuse, unreadable};
use crate::text::Words;

/// What a file of use says, held against a region's places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedLook {
    /// What the file says.
    pub read: UsedRead,
    /// Everything wrong, by line.
    pub bad: Vec<BadLine>,
    /// How the file was read.
    pub notes: Vec<String>,
}

impl UsedLook {
    /// The command that reports it. `source`, `from` and `to` fill in what the file does not say:
    /// without them, it covers its first to its last day.
    ///
    /// # Errors
    /// A problem that names the first bad row, or what nobody said.
    pub fn command(
        &self,
        source: Option<&str>,
        (from, to): (Option<Day>, Option<Day>),
    ) -> Result<Command, Problem> {
        refuse(&self.bad)?;
        let missing =
            |what: &'static str| Problem::unprocessable("import.not_said").fact("field", what);
        let source = self.read.source.clone().or_else(|| source.map(str::to_owned));
        let source = source.filter(|text| !text.trim().is_empty());
        let (first, last) = self.read.days().ok_or_else(|| missing("units"))?;
        let report = UseReport {
            from: from.unwrap_or(first),
            to: to.unwrap_or(last),
            source: source.ok_or_else(|| missing("source"))?,
            file: Some((self.read.name.clone(), self.read.digest)),
            rows: self.read.rows.clone(),
        };
        Ok(Command::ReportUse { report })
    }
}

/// Reads what was used, day by day.
///
/// # Errors
/// A problem if the file is no table.
pub fn read_used(
    words: Words,
    shared: &SharedState,
    (name, bytes): (&str, &[u8]),
) -> Result<UsedLook, Problem> {
    let find = |text: &str| place(shared, text);
    let read = used(bytes, name, find).map_err(|error| unreadable(words, &error))?;
    let bad = read.bad.iter().map(|bad| BadLine::of(words, bad)).collect();
    let notes = read.notes.iter().map(|note| words_of(words, note.code, &note.args)).collect();
    Ok(UsedLook { read, bad, notes })
}

/// A day said beside a file; blank is nothing.
///
/// # Errors
/// A problem that names the field and what stands in it.
pub fn day(field: &'static str, text: &str) -> Result<Option<Day>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let shown = || text.chars().take(60).collect::<String>();
    let wrong = |_| {
        Problem::new(axum::http::StatusCode::BAD_REQUEST, "web.moment")
            .fact("field", field)
            .fact("value", shown())
    };
    text.parse().map(Some).map_err(wrong)
}

/// The place of that short name or name; none if two have it.
fn place(shared: &SharedState, text: &str) -> Option<SiteId> {
    let sites = &shared.kernel.sites;
    let id = SiteId::new(text).ok().filter(|id| sites.contains_key(id));
    let named = || {
        let lower = text.to_lowercase();
        let mut found = sites.values().filter(|site| site.name.to_lowercase() == lower);
        found.next().filter(|_| found.next().is_none()).map(|site| site.id.clone())
    };
    id.or_else(named)
}
