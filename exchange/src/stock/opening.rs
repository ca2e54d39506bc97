//! An opening balance: one row per unit, as the label and the other system say it.

use std::collections::BTreeMap;

use samband_domain::blood::command::{Row, Standing};
use samband_domain::blood::model::{Attribute, Attributes, Din, DinError, ProductCode, UnitId};
use samband_domain::{Digest, Known};

use super::cells::{self, Cells, Column, Heading};
use super::{
    ANTIGENS, ATTRIBUTE, DIN, GROUP, LONG, NO_HEADING, NO_UNTIL, PRODUCT, STATUS, TESTS, TIME,
    TWICE,
};
use crate::figures::{BadRow, Note};
use crate::isbt128::Refused;
use crate::sheet::{self, SheetError};

/// The columns, in the order in which they are shown; the first five must be there.
pub const OPENING_COLUMNS: [&str; 10] = [
    "din",
    "product",
    "group",
    "expiry",
    "status",
    "reserved_until",
    "tests",
    "rules",
    "antigens",
    "attributes",
];

const NEEDED: usize = 5;

/// Longest name of a version of rules, in characters.
const RULES_MAX: usize = 100;

const COLUMNS: &[Column] = &[
    ("din", &["tappningsnummer", "donation", "donationnumber"]),
    ("product", &["produkt", "produktkod", "productcode"]),
    ("group", &["grupp", "blodgrupp", "bloodgroup"]),
    ("expiry", &["utgang", "utgar", "utgangsdatum", "expires"]),
    ("status", &[]),
    ("reserved_until", &["reserveradtill"]),
    ("tests", &["tester", "prov", "provsvar"]),
    ("rules", &["regler", "regelverk", "testadenligt"]),
    ("antigens", &["antigen"]),
    ("attributes", &["egenskaper"]),
];

/// A row with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningRow {
    /// Line in the file, from 1.
    pub line: u32,
    /// What it says.
    pub row: Row,
}

/// What a file of an opening balance says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Name of the file.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Rows that can be read, in the file's order.
    pub rows: Vec<OpeningRow>,
    /// Everything wrong; anything here means that nothing may be taken over.
    pub bad: Vec<BadRow>,
    /// How the file was read.
    pub notes: Vec<Note>,
}

/// Reads an opening balance.
///
/// # Errors
/// [`SheetError`] if the file is no table; what is wrong inside stands in the answer.
pub fn opening(bytes: &[u8], name: &str) -> Result<Opening, SheetError> {
    let mut sheet = sheet::read(bytes, name, None)?;
    let notes = std::mem::take(&mut sheet.notes);
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    match Heading::find(&sheet, COLUMNS, &OPENING_COLUMNS[..NEEDED]) {
        None => {
            let wanted = vec![("columns", OPENING_COLUMNS.join(", "))];
            let first = sheet.rows.first();
            bad.extend(
                first.map(|row| cells::bad_row(row, NO_HEADING, &row.cells.join(" "), wanted)),
            );
        }
        Some(heading) => {
            let mut seen: BTreeMap<UnitId, u32> = BTreeMap::new();
            for line in heading.rows(&sheet) {
                let mut cells = Cells::new(&heading, line);
                let read = row(&mut cells);
                if let Some(row) = read {
                    if let Some(first) = seen.insert(row.id, line.line) {
                        cells.wrong("din", TWICE, vec![("first", first.to_string())]);
                    }
                    rows.push(OpeningRow { line: line.line, row });
                }
                bad.append(&mut cells.bad);
            }
        }
    }
    Ok(Opening { name: name.to_owned(), digest: Digest::of(bytes), rows, bad, notes })
}

fn row(cells: &mut Cells<'_>) -> Option<Row> {
    let din = din(cells);
    let product = cells.read("product", PRODUCT, |text| {
        ProductCode::parse(&text.to_ascii_uppercase()).or_else(|_| ProductCode::parse(text)).ok()
    });
    let group = cells.known("group", GROUP, cells::group);
    let expiry = cells.read("expiry", TIME, cells::time);
    let standing = standing(cells);
    let attributes = if cells.text("attributes").is_empty() {
        Some(Attributes::NONE)
    } else {
        let read = cells::attributes(cells.text("attributes"));
        if read.is_none() {
            cells.wrong("attributes", ATTRIBUTE, known(Attribute::ALL.iter().map(|a| a.as_str())));
        }
        read
    };
    let phenotype = cells.known("antigens", ANTIGENS, cells::antigens);
    let tests = cells.known("tests", TESTS, cells::tests);
    let rules = Some(cells.text("rules")).filter(|text| !text.is_empty());
    if rules.is_some_and(|text| text.chars().count() > RULES_MAX) {
        cells.wrong("rules", LONG, vec![("most", RULES_MAX.to_string())]);
    }
    Some(Row {
        id: UnitId { din: din?, product: product? },
        group: group?,
        expiry: expiry?,
        standing: standing?,
        attributes: attributes?,
        phenotype: phenotype?.value().unwrap_or_default(),
        tests: tests?,
        rules: rules.map(str::to_owned),
    })
}

fn known<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(&'static str, String)> {
    vec![("known", names.collect::<Vec<_>>().join(", "))]
}

/// The check character is demanded: a list was typed by somebody at some time.
fn din(cells: &mut Cells<'_>) -> Option<Din> {
    match Din::parse_typed(cells.text("din")) {
        Ok(din) => Some(din),
        Err(error @ (DinError::CheckMissing | DinError::CheckWrong { .. })) => {
            let refused = Refused::din(1, error);
            cells.wrong("din", refused.code(), refused.args());
            None
        }
        Err(_) => {
            cells.wrong("din", DIN, Vec::new());
            None
        }
    }
}

fn standing(cells: &mut Cells<'_>) -> Option<Standing> {
    let status = crate::fold::fold(cells.text("status"));
    match status.as_str() {
        "available" | "tillganglig" | "fri" => Some(Standing::Available),
        "quarantined" | "quarantine" | "karantan" => Some(Standing::Quarantined),
        "reserved" | "reserverad" => match cells.known("reserved_until", TIME, cells::time)? {
            Known::Value(until) => Some(Standing::Reserved { until }),
            Known::Unknown => {
                cells.wrong("reserved_until", NO_UNTIL, Vec::new());
                None
            }
        },
        _ => {
            let names = ["available", "quarantined", "reserved"];
            cells.wrong("status", STATUS, known(names.into_iter()));
            None
        }
    }
}
