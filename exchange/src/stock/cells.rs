//! Cells of a stock file, read as people and other systems write them.

use std::collections::BTreeMap;

use samband_domain::blood::model::{
    Antigen, Attribute, Attributes, Component, Group, Phenotype, TestResult,
};
use samband_domain::words::Code;
use samband_domain::{Known, Time};

use crate::figures::BadRow;
use crate::fold::{fold, shown};
use crate::sheet::{Row, Sheet};

/// A heading and where its columns stand.
pub(super) struct Heading {
    line: u32,
    columns: BTreeMap<&'static str, (usize, String)>,
}

/// A column: its stable name and what else people call it, folded.
pub(super) type Column = (&'static str, &'static [&'static str]);

impl Heading {
    /// The first row that names every column that must be there.
    pub(super) fn find(sheet: &Sheet, known: &[Column], needed: &[&str]) -> Option<Self> {
        sheet.rows.iter().take(20).find_map(|row| {
            let mut columns = BTreeMap::new();
            for (at, cell) in row.cells.iter().enumerate() {
                let folded = fold(cell);
                let named = |(name, others): &&Column| {
                    fold(name) == folded || others.iter().any(|other| *other == folded)
                };
                if let Some((name, _)) = known.iter().find(named) {
                    columns.entry(*name).or_insert((at, cell.clone()));
                }
            }
            let whole = needed.iter().all(|name| columns.contains_key(name));
            whole.then_some(Self { line: row.line, columns })
        })
    }

    /// The rows under the heading.
    pub(super) fn rows<'a>(&self, sheet: &'a Sheet) -> impl Iterator<Item = &'a Row> {
        let line = self.line;
        sheet.rows.iter().filter(move |row| row.line > line)
    }
}

/// One row with what is wrong about it.
pub(super) struct Cells<'a> {
    heading: &'a Heading,
    row: &'a Row,
    pub(super) bad: Vec<BadRow>,
}

impl<'a> Cells<'a> {
    pub(super) const fn new(heading: &'a Heading, row: &'a Row) -> Self {
        Self { heading, row, bad: Vec::new() }
    }

    /// The text of a column, trimmed; empty where it is not there.
    pub(super) fn text(&self, column: &str) -> &'a str {
        let at = self.heading.columns.get(column).map(|(at, _)| *at);
        at.and_then(|at| self.row.cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// Notes what is wrong with a column.
    pub(super) fn wrong(
        &mut self,
        column: &str,
        code: &'static str,
        args: Vec<(&'static str, String)>,
    ) {
        let name = self.heading.columns.get(column).map(|(_, name)| shown(name));
        let value = shown(self.text(column));
        self.bad.push(BadRow { line: self.row.line, column: name, code, value, args });
    }

    /// A value of a column that must be there.
    pub(super) fn read<T>(
        &mut self,
        column: &str,
        code: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = read(self.text(column));
        if value.is_none() {
            self.wrong(column, code, Vec::new());
        }
        value
    }

    /// A value that may be unknown: an empty cell or the word says so.
    pub(super) fn known<T>(
        &mut self,
        column: &str,
        code: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Known<T>> {
        if is_unknown(self.text(column)) {
            return Some(Known::Unknown);
        }
        self.read(column, code, read).map(Known::Value)
    }
}

/// A row that is wrong as a whole.
pub(super) fn bad_row(
    row: &Row,
    code: &'static str,
    value: &str,
    args: Vec<(&'static str, String)>,
) -> BadRow {
    BadRow { line: row.line, column: None, code, value: shown(value), args }
}

/// An empty cell, or a word for it.
pub(super) fn is_unknown(text: &str) -> bool {
    matches!(fold(text).as_str(), "" | "okant" | "unknown" | "na")
}

/// A group in any spelling in use.
pub(super) fn group(text: &str) -> Option<Group> {
    text.parse().ok()
}

/// A component by its code or its name.
pub(super) fn component(text: &str) -> Option<Component> {
    Some(match fold(text).as_str() {
        "redcells" | "erytrocyter" | "erytrocytkoncentrat" | "erc" => Component::RedCells,
        "wholeblood" | "helblod" => Component::WholeBlood,
        "platelets" | "trombocyter" | "trombocytkoncentrat" | "trc" => Component::Platelets,
        "plasma" => Component::Plasma,
        "granulocytes" | "granulocyter" => Component::Granulocytes,
        "cryoprecipitate" | "kryoprecipitat" => Component::Cryoprecipitate,
        _ => return None,
    })
}

/// A moment: RFC 3339, or a date with or without a clock, which is Sweden's. A date alone means
/// its last minute, as an expiry does.
pub(super) fn time(text: &str) -> Option<Time> {
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Some(Time(stamp.as_microsecond()));
    }
    let (date, clock) = text.split_once([' ', 'T']).unwrap_or((text, "23:59"));
    let date: jiff::civil::Date = date.parse().ok()?;
    let (hour, minute) = clock.trim().split_once([':', '.'])?;
    let minute = minute.split(':').next()?;
    let clock = jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let zone = jiff::tz::TimeZone::get("Europe/Stockholm").ok()?;
    let zoned = date.to_datetime(clock).to_zoned(zone).ok()?;
    Some(Time(zoned.timestamp().as_microsecond()))
}

/// Tests with results: `hiv-ag-ab neg, anti-hcv neg, syphilis=negative`.
pub(super) fn tests(text: &str) -> Option<Vec<(Code, TestResult)>> {
    let one = |part: &str| {
        let part = part.trim();
        let (test, result) = part.split_once(['=', ':']).or_else(|| part.rsplit_once(' '))?;
        let result = match fold(result).as_str() {
            "neg" | "negative" | "negativ" => TestResult::Negative,
            "pos" | "positive" | "positiv" => TestResult::Positive,
            "indeterminate" | "oklar" | "oklart" => TestResult::Indeterminate,
            _ => return None,
        };
        Some((Code::new(&test.trim().to_lowercase()).ok()?, result))
    };
    let parts = text.split([',', ';']).filter(|part| !part.trim().is_empty());
    parts.map(one).collect()
}

/// Antigens with signs: `K neg, c pos`, `K- c+`, `Jka−`; what is not there is unknown. None if a
/// part of it cannot be read.
#[must_use]
pub fn antigens(text: &str) -> Option<Phenotype> {
    let mut phenotype = Phenotype::UNTESTED;
    let mut words = text.split([',', ';', ' ']).map(str::trim).filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let (name, sign) = match word.char_indices().next_back() {
            Some((at, sign @ ('+' | '-' | '−' | '–'))) => (&word[..at], sign.to_string()),
            _ => (word, words.next()?.to_owned()),
        };
        let found = match fold(&sign).as_str() {
            "pos" | "positive" | "positiv" => true,
            "neg" | "negative" | "negativ" => false,
            _ => match sign.as_str() {
                "+" => true,
                "-" | "−" | "–" => false,
                _ => return None,
            },
        };
        let plain: String = name.chars().filter(|c| !matches!(c, '(' | ')')).collect();
        let antigen: Antigen = plain.parse().ok()?;
        phenotype = phenotype.with(antigen, found);
    }
    Some(phenotype)
}

/// Attributes by their codes.
pub(super) fn attributes(text: &str) -> Option<Attributes> {
    let words = text.split([',', ';', ' ']).map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| word.parse::<Attribute>().ok()).collect()
}

/// A number of units.
pub(super) fn count(text: &str) -> Option<u32> {
    let plain: String = text.chars().filter(|c| !crate::fold::is_space(*c)).collect();
    plain.strip_suffix(".0").unwrap_or(&plain).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_swedish_and_a_day_lasts_to_its_last_minute() {
        let utc = |text: &str| time(text).map(|time| time.to_string());
        assert_eq!(utc("2026-11-30").as_deref(), Some("2026-11-30T22:59:00Z"));
        assert_eq!(utc("2026-07-01 08:30").as_deref(), Some("2026-07-01T06:30:00Z"));
        assert_eq!(utc("2026-07-01T06:30:00Z").as_deref(), Some("2026-07-01T06:30:00Z"));
        for text in ["", "30/11 2026", "2026-02-30", "2026-07-01 25:00", "snart"] {
            assert_eq!(utc(text), None, "{text}");
        }
    }

    #[test]
    fn antigens_and_tests_are_read_with_their_signs_and_never_without() {
        let read = antigens("K-, c pos; Jk(a)+").unwrap();
        assert_eq!(read.get(Antigen::BigK), Known::Value(false));
        assert_eq!(read.get(Antigen::SmallC), Known::Value(true));
        assert_eq!(read.get(Antigen::Jka), Known::Value(true));
        assert_eq!(read.get(Antigen::BigC), Known::Unknown);
        assert_eq!(antigens("K"), None);
        assert_eq!(antigens("Q+"), None);
        let read = tests("hiv-ag-ab neg, anti-hcv=negative").unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(tests("hiv-ag-ab"), None);
        assert_eq!(tests("hiv-ag-ab kanske"), None);
    }
}
