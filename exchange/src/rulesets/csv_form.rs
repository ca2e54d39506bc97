//! The table form: a heading, then one row per rule. Rows named `title`, `version` and `scope` are
//! about the set itself.

use super::read::Fields;
use super::{CELLS, COLUMN, COLUMN_TWICE, Findings, NO_HEADING};
use crate::fold::fold;
use crate::sheet::{Row, Sheet};

/// The columns, by name; each may stand anywhere, `key` and `value` must.
const COLUMNS: [&str; 5] = ["key", "value", "unit", "source", "note"];

/// The same in Swedish.
const SWEDISH: [&str; 5] = ["nyckel", "varde", "enhet", "kalla", "anmarkning"];

/// Which column of the file holds which field.
type Places = [Option<usize>; 5];

pub(super) fn read(sheet: &Sheet, findings: &mut Findings) {
    findings.notes.extend(sheet.notes.iter().cloned());
    let Some((heading, rows)) = sheet.rows.split_first() else {
        return;
    };
    let Some(places) = places(heading, findings) else {
        return;
    };
    for row in rows {
        if sheet.full_rows && row.cells.len() != heading.cells.len() {
            let args = [
                ("cells", row.cells.len().to_string()),
                ("expected", heading.cells.len().to_string()),
            ];
            findings.bad((row.line, None), CELLS, &row.cells.join(" | "), args);
            continue;
        }
        let cell = |field: usize| {
            let text = places[field].and_then(|place| row.cells.get(place));
            text.map(String::as_str).map(unmarked).unwrap_or_default()
        };
        if findings.about(row.line, &cell(0), &cell(1)) {
            continue;
        }
        let (key, value, unit, source, note) = (cell(0), cell(1), cell(2), cell(3), cell(4));
        findings.rule(&Fields { line: row.line, key, value, unit, source, note });
    }
}

/// Without the apostrophe that keeps a spreadsheet program from taking a text for a formula.
fn unmarked(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

fn places(heading: &Row, findings: &mut Findings) -> Option<Places> {
    let mut places: Places = [None; 5];
    let mut wrong = Vec::new();
    for (at, cell) in heading.cells.iter().enumerate() {
        let name = fold(cell);
        let field = (0..5).find(|n| name == COLUMNS[*n] || name == SWEDISH[*n]);
        match field {
            Some(field) if places[field].is_some() => wrong.push((COLUMN_TWICE, cell)),
            Some(field) => places[field] = Some(at),
            None => wrong.push((COLUMN, cell)),
        }
    }
    let known = COLUMNS.join(", ");
    if places[0].is_none() || places[1].is_none() {
        let said = heading.cells.join(" | ");
        findings.bad((heading.line, None), NO_HEADING, &said, [("known", known)]);
        return None;
    }
    for (code, cell) in wrong {
        findings.bad((heading.line, Some(cell)), code, cell, [("known", known.clone())]);
    }
    Some(places)
}
