//! Where the heading stands and what each column means.

use samband_domain::Period;
use samband_domain::figures::Measure;

use super::headings::{Heading, heading, without_period};
use super::{
    Asked, COLUMN_TWICE, Findings, IGNORED_ABOVE, IGNORED_COLUMN, NO_PERIOD, NOTE_PERIOD_FILE,
    NOTE_PERIOD_HEADING, NOTE_PERIOD_OTHER,
};
use crate::sheet::{Row, Sheet};

/// How many rows may stand above the heading.
const ABOVE_MAX: usize = 20;

/// A table's heading, understood.
pub(super) struct Layout {
    /// How many rows come before the first row of figures.
    pub(super) skip: usize,
    /// How many columns the heading has.
    pub(super) width: usize,
    /// Line of the heading.
    pub(super) line: u32,
    /// Where the region stands.
    pub(super) region: usize,
    /// Where the row's period stands, if the table has such a column.
    pub(super) period: Option<usize>,
    pub(super) form: Form,
    /// Columns of counts that cannot be taken, with their headings: what is wrong below them is
    /// listed at once all the same.
    pub(super) untaken: Vec<(usize, String)>,
}

/// The two forms a table of figures can have.
pub(super) enum Form {
    /// One row per region, one column per measure.
    Wide(Vec<Column>),
    /// One row per figure: where its measure and its count stand.
    Long { measure: usize, value: usize, heading: String },
}

/// A column of counts in the wide form.
pub(super) struct Column {
    pub(super) at: usize,
    pub(super) heading: String,
    pub(super) measure: Measure,
    /// For when; none if the row says it.
    pub(super) period: Option<Period>,
}

pub(super) fn find(
    sheet: &Sheet,
    asked: &Asked<'_>,
    file: &str,
    findings: &mut Findings,
) -> Option<Layout> {
    let rows = sheet.rows.iter().take(ABOVE_MAX + 1).enumerate();
    let (at, row, columns) = rows
        .map(|(at, row)| (at, row, row.cells.iter().map(|cell| heading(cell)).collect()))
        .find(|(_, _, columns): &(usize, &Row, Vec<Heading>)| is_heading(columns))?;
    for above in &sheet.rows[..at] {
        findings.ignore(above.line, None, IGNORED_ABOVE, &above.cells.join(" "));
    }
    let first = |wanted: Heading| columns.iter().position(|column| *column == wanted);
    let region = first(Heading::Region)?;
    let period = first(Heading::Period);
    let mut untaken = Vec::new();
    let (mut used, form) = match (first(Heading::MeasureName), first(Heading::Value)) {
        (Some(measure), Some(value)) => {
            let heading = row.cells[value].clone();
            (vec![measure, value], Form::Long { measure, value, heading })
        }
        _ => {
            let fallback = match period {
                Some(_) => None,
                None => fallback(&columns, asked, file, findings),
            };
            wide(row, &columns, (period.is_some(), fallback), asked, (&mut untaken, findings))
        }
    };
    used.extend([Some(region), period].into_iter().flatten());
    for (i, cell) in row.cells.iter().enumerate() {
        if !used.contains(&i) && !cell.is_empty() {
            findings.ignore(row.line, Some(cell), IGNORED_COLUMN, cell);
        }
    }
    let (skip, width) = (at + 1, row.cells.len());
    Some(Layout { skip, width, line: row.line, region, period, form, untaken })
}

fn is_heading(columns: &[Heading]) -> bool {
    let has = |wanted: Heading| columns.contains(&wanted);
    let long = has(Heading::MeasureName) && has(Heading::Value);
    let wide = columns.iter().any(|column| matches!(column, Heading::Measure(..)));
    has(Heading::Region) && (long || wide)
}

fn wide(
    row: &Row,
    headings: &[Heading],
    (rows_say, fallback): (bool, Option<Period>),
    asked: &Asked<'_>,
    (untaken, findings): (&mut Vec<(usize, String)>, &mut Findings),
) -> (Vec<usize>, Form) {
    let mut used = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    for (at, found) in headings.iter().enumerate() {
        let Heading::Measure(measure, own) = *found else {
            continue;
        };
        used.push(at);
        let heading = row.cells[at].clone();
        let period = own.or(fallback);
        if period.is_none() && !rows_say {
            findings.bad((row.line, Some(&heading)), NO_PERIOD, &heading, []);
            untaken.push((at, heading));
            continue;
        }
        if let (Some(own), Some(wanted)) = (own, asked.period)
            && own != wanted
        {
            let args = [
                ("column", heading.clone()),
                ("period", own.to_string()),
                ("asked", wanted.to_string()),
            ];
            findings.note(NOTE_PERIOD_OTHER, args);
        }
        if let Some(other) = columns.iter().find(|c| (c.measure, c.period) == (measure, period)) {
            let args = [("other", other.heading.clone())];
            findings.bad((row.line, Some(&heading)), COLUMN_TWICE, &heading, args);
            untaken.push((at, heading));
            continue;
        }
        columns.push(Column { at, heading, measure, period });
    }
    (used, Form::Wide(columns))
}

/// For when the columns without a period of their own are: what was asked for, else the one period
/// that the other headings name, else the one in the file's name.
fn fallback(
    headings: &[Heading],
    asked: &Asked<'_>,
    file: &str,
    findings: &mut Findings,
) -> Option<Period> {
    let periods: Vec<Option<Period>> = headings
        .iter()
        .filter_map(|heading| match heading {
            Heading::Measure(_, period) => Some(*period),
            _ => None,
        })
        .collect();
    if asked.period.is_some() || periods.iter().all(Option::is_some) {
        return asked.period;
    }
    let mut named: Vec<Period> = periods.into_iter().flatten().collect();
    named.sort();
    named.dedup();
    let (period, code) = match named[..] {
        [period] => (period, NOTE_PERIOD_HEADING),
        _ => (without_period(file).1?, NOTE_PERIOD_FILE),
    };
    findings.note(code, [("period", period.to_string())]);
    Some(period)
}
