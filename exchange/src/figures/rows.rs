//! Row by row: figures, or what is wrong.

use std::collections::BTreeMap;

use samband_domain::figures::{FigureRow, Measure};
use samband_domain::{JournalId, Known, Period};

use super::headings::measure_named;
use super::layout::{Form, Layout};
use super::numbers::count;
use super::regions::{Named, named};
use super::sums::Sums;
use super::{
    Asked, CELLS, Findings, IGNORED_SUM, MEASURE, NO_FIGURES, NO_PERIOD, NOT_ENDED,
    NOTE_SUM_UNCHECKED, PART_EXCEEDS_WHOLE, PERIOD, REGION, REGION_MISSING, REGION_UNCLEAR, TWICE,
};
use crate::sheet::{Row, Sheet};

/// The figures found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) regions: BTreeMap<JournalId, Vec<FigureRow>>,
}

/// One cell with a count.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) line: u32,
    pub(super) heading: &'a str,
    pub(super) measure: Measure,
    pub(super) period: Period,
    pub(super) said: &'a str,
}

pub(super) fn read(
    sheet: &Sheet,
    layout: &Layout,
    asked: &Asked<'_>,
    found: &mut Found,
    findings: &mut Findings,
) {
    let mut sums = Sums::default();
    for row in &sheet.rows[layout.skip..] {
        let name = cell(row, layout.region);
        let region = match named(name, asked.regions) {
            Named::Region(region) => Some(region),
            Named::Sum => None,
            other => {
                bad_region(row, name, &other, asked, findings);
                if right_width(sheet, layout, row, findings) {
                    check_counts(row, layout, false, findings);
                }
                continue;
            }
        };
        if !right_width(sheet, layout, row, findings) {
            continue;
        }
        if region.is_none() {
            findings.ignore(row.line, None, IGNORED_SUM, &row.cells.join(" "));
        }
        match (places(row, layout, asked), region) {
            (Ok(places), Some(region)) => {
                for place in places {
                    place.take(region, asked, found, findings);
                }
                check_counts(row, layout, true, findings);
            }
            (Ok(places), None) => sums.state(places),
            (Err(wrong), Some(_)) => {
                for Wrong { code, said, args } in wrong {
                    findings.bad((row.line, None), code, said, args);
                }
                check_counts(row, layout, false, findings);
            }
            (Err(_), None) => {
                let args = [("line", row.line.to_string()), ("column", name.to_owned())];
                findings.note(NOTE_SUM_UNCHECKED, args);
            }
        }
    }
    if found.regions.is_empty() && findings.bad.is_empty() {
        findings.bad((layout.line, None), NO_FIGURES, "", []);
    }
    check_parts(found, findings);
    sums.check(found, findings);
}

fn cell(row: &Row, at: usize) -> &str {
    row.cells.get(at).map_or("", String::as_str)
}

fn right_width(sheet: &Sheet, layout: &Layout, row: &Row, findings: &mut Findings) -> bool {
    let surplus = row.cells.iter().skip(layout.width).any(|cell| !cell.is_empty());
    let lost = sheet.full_rows && row.cells.len() < layout.width;
    if surplus || lost {
        let args = [("cells", row.cells.len().to_string()), ("expected", layout.width.to_string())];
        findings.bad((row.line, None), CELLS, &row.cells.join(" "), args);
    }
    !surplus && !lost
}

fn bad_region(
    row: &Row,
    name: &str,
    named: &Named<'_>,
    asked: &Asked<'_>,
    findings: &mut Findings,
) {
    let place = (row.line, None);
    match named {
        Named::Missing => findings.bad(place, REGION_MISSING, &row.cells.join(" "), []),
        Named::Unclear => findings.bad(place, REGION_UNCLEAR, name, []),
        _ => {
            let known: Vec<_> = asked.regions.iter().map(|region| region.name.as_str()).collect();
            findings.bad(place, REGION, name, [("known", known.join(", "))]);
        }
    }
}

/// Lists every count of a row that cannot be read although nothing of the row, or of its column,
/// can be taken: whoever mends the file mends all of it at once. `taken`: the row's own columns
/// were taken, and said so themselves.
fn check_counts(row: &Row, layout: &Layout, taken: bool, findings: &mut Findings) {
    let untaken = layout.untaken.iter().map(|(at, heading)| (*at, heading.as_str()));
    let own: Vec<_> = match &layout.form {
        _ if taken => Vec::new(),
        Form::Wide(columns) => columns.iter().map(|c| (c.at, c.heading.as_str())).collect(),
        Form::Long { value, heading, .. } => vec![(*value, heading.as_str())],
    };
    for (at, heading) in own.into_iter().chain(untaken) {
        if let Err(code) = count(cell(row, at)) {
            findings.bad((row.line, Some(heading)), code, cell(row, at), []);
        }
    }
}

/// What is wrong with a whole row.
struct Wrong<'a> {
    code: &'static str,
    said: &'a str,
    args: Vec<(&'static str, String)>,
}

/// The counts of a row: which measure, for when, and what stands there.
fn places<'a>(
    row: &'a Row,
    layout: &'a Layout,
    asked: &Asked<'_>,
) -> Result<Vec<Place<'a>>, Vec<Wrong<'a>>> {
    let wrong = |code, said| Wrong { code, said, args: Vec::new() };
    let own = match layout.period.map_or("", |at| cell(row, at)) {
        "" => Ok(asked.period),
        said => said.parse().map(Some).map_err(|_| wrong(PERIOD, said)),
    };
    let line = row.line;
    match &layout.form {
        Form::Wide(columns) => {
            let own = own.map_err(|wrong| vec![wrong])?;
            let places = columns.iter().map(|column| {
                let period = column.period.or(own).ok_or_else(|| vec![wrong(NO_PERIOD, "")])?;
                let (heading, said) = (column.heading.as_str(), cell(row, column.at));
                Ok(Place { line, heading, measure: column.measure, period, said })
            });
            places.collect()
        }
        Form::Long { measure, value, heading } => {
            let said = cell(row, *measure);
            let measure = measure_named(said).ok_or_else(|| {
                let known: Vec<_> = Measure::ALL.iter().map(|measure| measure.as_str()).collect();
                Wrong { code: MEASURE, said, args: vec![("known", known.join(", "))] }
            });
            let period = own.and_then(|own| own.ok_or_else(|| wrong(NO_PERIOD, "")));
            match (measure, period) {
                (Ok(measure), Ok(period)) => {
                    Ok(vec![Place { line, heading, measure, period, said: cell(row, *value) }])
                }
                (measure, period) => Err(measure.err().into_iter().chain(period.err()).collect()),
            }
        }
    }
}

impl Place<'_> {
    fn take(
        &self,
        region: &JournalId,
        asked: &Asked<'_>,
        found: &mut Found,
        findings: &mut Findings,
    ) {
        let place = (self.line, Some(self.heading));
        let value = match count(self.said) {
            Ok(value) => value,
            Err(code) => return findings.bad(place, code, self.said, []),
        };
        if self.period.ended() > asked.now {
            let args = [("period", self.period.to_string())];
            return findings.bad(place, NOT_ENDED, self.said, args);
        }
        let rows = found.regions.entry(region.clone()).or_default();
        let key = (self.measure, self.period);
        if let Some(earlier) = rows.iter().find(|row| (row.measure, row.period) == key) {
            let first = earlier.row.unwrap_or_default().to_string();
            return findings.bad(place, TWICE, self.said, [("first", first)]);
        }
        rows.push(FigureRow {
            measure: self.measure,
            period: self.period,
            value,
            row: Some(self.line),
            column: Some(self.heading.to_owned()),
        });
    }
}

/// Those aged 18–64 cannot outnumber all inhabitants.
fn check_parts(found: &Found, findings: &mut Findings) {
    for rows in found.regions.values() {
        for part in rows.iter().filter(|row| row.measure == Measure::Population1864) {
            let whole = rows
                .iter()
                .find(|row| row.measure == Measure::Population && row.period == part.period);
            if let (Some(Known::Value(whole)), Known::Value(value)) =
                (whole.map(|row| row.value), part.value)
                && value > whole
            {
                let place = (part.row.unwrap_or_default(), part.column.as_deref());
                let args = [("population", whole.to_string())];
                findings.bad(place, PART_EXCEEDS_WHOLE, &value.to_string(), args);
            }
        }
    }
}
