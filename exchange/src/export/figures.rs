//! The figures in force as a table, one row per figure with where it comes from. What is written
//! here can be read back by the import.

use samband_domain::Known;
use samband_domain::figures::{Figure, Measure, Shared};

use super::{Cell, Column, Table};

/// The columns, by key. The first four are what the import asks for.
const COLUMNS: [&str; 11] = [
    "region",
    "measure",
    "period",
    "value",
    "source",
    "published",
    "file",
    "row",
    "column",
    "recorded",
    "correction",
];

/// All figures in force of some regions, each region with the name to write.
///
/// `word` gives the words for a column's or a measure's key.
#[must_use]
pub fn figures(
    name: &str,
    regions: &[(String, &Shared)],
    word: impl Fn(&'static str) -> String,
) -> Table {
    let columns = COLUMNS.map(|key| Column { key: key.into(), heading: word(key) });
    let rows = regions.iter().flat_map(|(region, shared)| {
        let word = &word;
        shared.figures.iter().map(move |((measure, period), figure)| {
            row(region, *measure, period.to_string(), figure, word)
        })
    });
    Table { name: name.to_owned(), columns: columns.into(), rows: rows.collect() }
}

fn row(
    region: &str,
    measure: Measure,
    period: String,
    figure: &Figure,
    word: impl Fn(&'static str) -> String,
) -> Vec<Cell> {
    let from = &figure.provenance;
    let or_empty = |text: Option<&str>| Cell::from(text.unwrap_or_default());
    let published = match from.source.published {
        Known::Value(period) => Cell::Text(period.to_string()),
        Known::Unknown => Cell::Unknown,
    };
    let file = from.source.file.as_ref().map(|file| file.name.as_str());
    let line = from.row.map(|row| Cell::Int(row.into()));
    vec![
        region.into(),
        word(measure.as_str()).into(),
        period.into(),
        figure.value.into(),
        from.source.title.as_str().into(),
        published,
        or_empty(file),
        line.unwrap_or_else(|| "".into()),
        or_empty(from.column.as_deref()),
        from.recorded.into(),
        or_empty(from.correction.as_deref()),
    ]
}
