//! Stocks from files: one way for the page, the API and the command line.

use samband_domain::blood::Command;
use samband_domain::blood::command::Row;
use samband_domain::blood::model::CodeTable;
use samband_domain::blood::model::stock::ExternalStock;
use samband_domain::blood::rules::check_row;
use samband_domain::rulesets::Scope;
use samband_domain::{SharedState, SiteId, Time};
use samband_exchange::isbt128::{CodesRefused, read_codes};
use samband_exchange::stock::{ExternalRead, Opening, OpeningRow, external, opening};
use samband_exchange::{BadRow, SheetError, wrong_rows};

use super::import::words_of;
use super::{Problem, explain};
use crate::text::Words;

/// A row that cannot be taken in, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Line in the file, from 1.
    pub line: u32,
    /// Heading of the column, where one is to blame.
    pub column: Option<String>,
    /// Stable code.
    pub code: String,
    /// What stands there.
    pub value: String,
    /// The reason in words.
    pub reason: String,
}

impl BadLine {
    /// A bad row in words.
    #[must_use]
    pub fn of(words: Words, bad: &BadRow) -> Self {
        Self {
            line: bad.line,
            column: bad.column.clone(),
            code: bad.code.to_owned(),
            value: bad.value.clone(),
            reason: words_of(words, bad.code, &bad.args),
        }
    }
}

/// An opening balance, held against a region's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningLook {
    /// What the file says.
    pub opening: Opening,
    /// Everything wrong, by line: what cannot be read, and what the rules refuse.
    pub bad: Vec<BadLine>,
    /// How the file was read.
    pub notes: Vec<String>,
}

impl OpeningLook {
    /// Rows that nothing is wrong with.
    pub fn right(&self) -> impl Iterator<Item = &OpeningRow> {
        let wrong = |line: u32| self.bad.iter().any(|bad| bad.line == line);
        self.opening.rows.iter().filter(move |row| !wrong(row.line))
    }

    /// How many there are.
    #[must_use]
    pub fn good(&self) -> usize {
        self.right().count()
    }

    /// The command that takes it over at a site.
    ///
    /// # Errors
    /// A problem that names the first bad row: all of the file is taken over, or nothing.
    pub fn command(&self, site: SiteId) -> Result<Command, Problem> {
        refuse(&self.bad)?;
        let rows: Vec<Row> = self.opening.rows.iter().map(|row| row.row.clone()).collect();
        let file = Some((self.opening.name.clone(), self.opening.digest));
        Ok(Command::TakeOver { site, file, rows })
    }
}

/// The problem of a file with bad rows, which names the first; none if no row is bad.
#[must_use]
pub fn refused(bad: &[BadLine]) -> Option<Problem> {
    let first = bad.first()?;
    let wrong = wrong_rows(bad.iter().map(|bad| bad.line)).to_string();
    let problem = Problem::unprocessable("import.bad_rows").fact("bad", wrong);
    Some(problem.fact("line", first.line.to_string()).fact("reason", first.reason.clone()))
}

pub(super) fn refuse(bad: &[BadLine]) -> Result<(), Problem> {
    refused(bad).map_or(Ok(()), Err)
}

pub(super) fn unreadable(words: Words, error: &SheetError) -> Problem {
    let detail = words_of(words, error.code(), &error.args());
    Problem::unprocessable("import.unreadable").fact("detail", detail)
}

/// Reads an opening balance and holds every row against the region's code table and rules.
///
/// # Errors
/// A problem if the file is no table.
pub fn read_opening(
    words: Words,
    shared: &SharedState,
    (name, bytes): (&str, &[u8]),
    now: Time,
) -> Result<OpeningLook, Problem> {
    let opening = opening(bytes, name).map_err(|error| unreadable(words, &error))?;
    let mut bad: Vec<_> = opening.bad.iter().map(|bad| BadLine::of(words, bad)).collect();
    let rules = shared.rulesets.in_force(Scope::Blood, now);
    for row in &opening.rows {
        let Err(refusal) = check_row(&shared.blood, rules, &row.row, now) else { continue };
        let code = refusal.kind.code.to_owned();
        let reason = explain(&Problem::from(refusal), words).text;
        let value = row.row.id.to_string();
        bad.push(BadLine { line: row.line, column: None, code, value, reason });
    }
    bad.sort_by_key(|bad| bad.line);
    let notes = opening.notes.iter().map(|note| words_of(words, note.code, &note.args)).collect();
    Ok(OpeningLook { opening, bad, notes })
}

/// What another system counts, as a file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalLook {
    /// What the file says.
    pub read: ExternalRead,
    /// Everything wrong, by line.
    pub bad: Vec<BadLine>,
    /// How the file was read.
    pub notes: Vec<String>,
}

impl ExternalLook {
    /// The command that reports it for a site. `system` and `as_of` fill in what the file does
    /// not say.
    ///
    /// # Errors
    /// A problem that names the first bad row, or what nobody said.
    pub fn command(
        &self,
        site: SiteId,
        system: Option<&str>,
        as_of: Option<Time>,
    ) -> Result<Command, Problem> {
        refuse(&self.bad)?;
        let system = self.read.system.clone().or_else(|| system.map(str::to_owned));
        let system = system.filter(|system| !system.trim().is_empty());
        let missing =
            |what: &'static str| Problem::unprocessable("import.not_said").fact("field", what);
        let stock = ExternalStock {
            system: system.ok_or_else(|| missing("system"))?,
            as_of: self.read.as_of.or(as_of).ok_or_else(|| missing("as_of"))?,
            file: Some((self.read.name.clone(), self.read.digest)),
            rows: self.read.rows.clone(),
        };
        Ok(Command::ReportExternal { site, stock })
    }
}

/// Reads what another system counts.
///
/// # Errors
/// A problem if the file is no table.
pub fn read_external(words: Words, (name, bytes): (&str, &[u8])) -> Result<ExternalLook, Problem> {
    let read = external(bytes, name).map_err(|error| unreadable(words, &error))?;
    let bad = read.bad.iter().map(|bad| BadLine::of(words, bad)).collect();
    let notes = read.notes.iter().map(|note| words_of(words, note.code, &note.args)).collect();
    Ok(ExternalLook { read, bad, notes })
}

/// Reads a code table, or every bad row of it.
///
/// # Errors
/// A problem if the file is no table at all.
pub fn read_code_table(
    words: Words,
    (name, bytes): (&str, &[u8]),
) -> Result<Result<CodeTable, Vec<BadLine>>, Problem> {
    match read_codes(bytes, name) {
        Ok(table) => Ok(Ok(table)),
        Err(CodesRefused::Sheet(error)) => Err(unreadable(words, &error)),
        Err(CodesRefused::Rows(bad)) => {
            Ok(Err(bad.iter().map(|bad| BadLine::of(words, bad)).collect()))
        }
    }
}
