//! A code table out of a file. The form is described in `docs/isbt128.md`: one table with a row
//! for each product code, facility and fact about the table itself.

use jiff::civil::Date;
use samband_domain::blood::model::codes::{ROWS_MAX, TEXT_MAX};
use samband_domain::blood::model::{
    Attribute, Attributes, Boundary, CodeTable, CodeTableParts, Facility, FacilityRow, Pdc,
    Product, ProductRow,
};
use samband_domain::{Digest, Time, Window};
use thiserror::Error;

use crate::figures::BadRow;
use crate::fold::shown;
use crate::sheet::{self, Row, SheetError};

/// The columns, in any order.
pub const COLUMNS: [&str; 8] =
    ["kind", "code", "product", "attributes", "text", "from", "until", "facility"];

/// No heading with all the columns.
pub const NO_HEADING: &str = "codes-no-heading";
/// Unknown kind of row.
pub const BAD_KIND: &str = "codes-bad-kind";
/// No product description code of blood.
pub const BAD_CODE: &str = "codes-bad-code";
/// Unknown product; argument `allowed`.
pub const BAD_PRODUCT: &str = "codes-bad-product";
/// Unknown attribute; argument `allowed`.
pub const BAD_ATTRIBUTE: &str = "codes-bad-attribute";
/// No text, or too long a one; argument `max`.
pub const BAD_TEXT: &str = "codes-bad-text";
/// No date.
pub const BAD_DATE: &str = "codes-bad-date";
/// It ends before it begins.
pub const BAD_WINDOW: &str = "codes-bad-window";
/// No facility number.
pub const BAD_FACILITY: &str = "codes-bad-facility";
/// A facility's own code without its facility, or another code with one.
pub const BAD_OWNER: &str = "codes-bad-owner";
/// A facility that the table does not name.
pub const UNKNOWN_FACILITY: &str = "codes-unknown-facility";
/// Stands there twice; argument `line`, where it stands first.
pub const TWICE: &str = "codes-twice";
/// A fact about the table is missing; argument `what`.
pub const MISSING: &str = "codes-missing";
/// A row with more cells than the heading, or a cell that its kind of row does not have.
pub const EXTRA: &str = "codes-extra-cell";

/// Every message key.
pub const CODES: &[&str] = &[
    NO_HEADING,
    BAD_KIND,
    BAD_CODE,
    BAD_PRODUCT,
    BAD_ATTRIBUTE,
    BAD_TEXT,
    BAD_DATE,
    BAD_WINDOW,
    BAD_FACILITY,
    BAD_OWNER,
    UNKNOWN_FACILITY,
    TWICE,
    MISSING,
    EXTRA,
];

/// Why a file is no code table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CodesRefused {
    /// It cannot be read as a table at all.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// Rows are wrong: every one of them, by line.
    #[error("{} rows of the code table are wrong", .0.len())]
    Rows(Vec<BadRow>),
}

/// Reads a code table: all of it, or nothing.
///
/// # Errors
/// [`CodesRefused`] with every bad row.
pub fn read_codes(bytes: &[u8], name: &str) -> Result<CodeTable, CodesRefused> {
    let sheet = sheet::read(bytes, name, None)?;
    let mut reader = Reader::default();
    let Some((heading, rows)) = sheet.rows.split_first() else {
        return Err(SheetError::Empty.into());
    };
    let Some(columns) = columns(heading) else {
        let wanted = ("columns", COLUMNS.join(", "));
        reader.bad(heading.line, None, NO_HEADING, &heading.cells.join(" "), [wanted]);
        return Err(CodesRefused::Rows(reader.bad));
    };
    for row in rows {
        let cell = |at: usize| row.cells.get(columns[at]).map_or("", String::as_str);
        let cells: [&str; 8] = std::array::from_fn(cell);
        if let Some(extra) = row.cells.get(heading.cells.len()..).and_then(|rest| rest.first()) {
            reader.bad(row.line, None, EXTRA, extra, []);
        }
        reader.row(row.line, cells);
    }
    reader.finish(Digest::of(bytes)).map_err(CodesRefused::Rows)
}

/// Where each column stands, if all of them do.
fn columns(heading: &Row) -> Option<[usize; 8]> {
    let find = |name: &str| heading.cells.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let mut places = [0; 8];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        *place = find(name)?;
    }
    Some(places)
}

#[derive(Default)]
struct Reader {
    title: Option<String>,
    version: Option<String>,
    valid: Option<Window>,
    products: Vec<(u32, ProductRow)>,
    facilities: Vec<(u32, FacilityRow)>,
    bad: Vec<BadRow>,
}

impl Reader {
    fn bad<const N: usize>(
        &mut self,
        line: u32,
        column: Option<&str>,
        code: &'static str,
        value: &str,
        args: [(&'static str, String); N],
    ) {
        let column = column.map(str::to_owned);
        self.bad.push(BadRow { line, column, code, value: shown(value), args: args.into() });
    }

    fn row(&mut self, line: u32, cells: [&str; 8]) {
        match cells[0] {
            "table" => self.about(line, cells),
            "facility" => self.facility(line, cells),
            "product" => self.product(line, cells),
            other => {
                let allowed = ("allowed", "table, facility, product".to_owned());
                self.bad(line, Some(COLUMNS[0]), BAD_KIND, other, [allowed]);
            }
        }
    }

    /// Says which cells the kind of row does not have.
    fn only(&mut self, line: u32, cells: [&str; 8], allowed: &[usize]) {
        for (at, cell) in cells.iter().enumerate().skip(1) {
            if !cell.is_empty() && !allowed.contains(&at) {
                self.bad(line, Some(COLUMNS[at]), EXTRA, cell, []);
            }
        }
    }

    fn about(&mut self, line: u32, cells: [&str; 8]) {
        let text = cells[4];
        match cells[1] {
            "title" | "version" => {
                self.only(line, cells, &[1, 4]);
                let text = self.text(line, text);
                let slot = match cells[1] {
                    "title" => &mut self.title,
                    _ => &mut self.version,
                };
                if slot.is_some() {
                    return self.bad(line, Some(COLUMNS[1]), TWICE, cells[1], []);
                }
                *slot = text;
            }
            "valid" => {
                self.only(line, cells, &[1, 5, 6]);
                if self.valid.is_some() {
                    return self.bad(line, Some(COLUMNS[1]), TWICE, cells[1], []);
                }
                if cells[5].is_empty() {
                    return self.bad(line, Some(COLUMNS[5]), BAD_DATE, cells[5], []);
                }
                self.valid = self.window(line, cells).flatten();
            }
            other => {
                let allowed = ("allowed", "title, version, valid".to_owned());
                self.bad(line, Some(COLUMNS[1]), BAD_KIND, other, [allowed]);
            }
        }
    }

    fn facility(&mut self, line: u32, cells: [&str; 8]) {
        self.only(line, cells, &[1, 4]);
        let facility = self.fin(line, 1, cells[1]);
        let name = self.text(line, cells[4]);
        let (Some(facility), Some(name)) = (facility, name) else { return };
        let first = self.facilities.iter().find(|(_, row)| row.facility == facility);
        if let Some((first, _)) = first {
            let first = ("first", first.to_string());
            return self.bad(line, Some(COLUMNS[1]), TWICE, cells[1], [first]);
        }
        self.facilities.push((line, FacilityRow { facility, name }));
    }

    fn product(&mut self, line: u32, cells: [&str; 8]) {
        let code = Pdc::parse(cells[1]).ok();
        if code.is_none() {
            self.bad(line, Some(COLUMNS[1]), BAD_CODE, cells[1], []);
        }
        let product = cells[2].parse::<Product>().ok();
        if product.is_none() {
            let allowed = ("allowed", names(Product::ALL.iter().map(|one| one.as_str())));
            self.bad(line, Some(COLUMNS[2]), BAD_PRODUCT, cells[2], [allowed]);
        }
        let attributes = self.attributes(line, cells[3]);
        let text = self.text(line, cells[4]);
        let valid = self.window(line, cells);
        let facility = match cells[7] {
            "" => Some(None),
            text => self.fin(line, 7, text).map(Some),
        };
        let (Some(code), Some(product), Some(attributes)) = (code, product, attributes) else {
            return;
        };
        let (Some(text), Some(valid), Some(facility)) = (text, valid, facility) else { return };
        if facility.is_some() != (code.boundary() == Boundary::Local) {
            return self.bad(line, Some(COLUMNS[7]), BAD_OWNER, cells[7], []);
        }
        let row = ProductRow { code, facility, product, attributes, text, valid };
        let first = self.products.iter().find(|(_, other)| clash(other, &row));
        if let Some((first, _)) = first {
            let first = ("first", first.to_string());
            return self.bad(line, Some(COLUMNS[1]), TWICE, cells[1], [first]);
        }
        self.products.push((line, row));
    }

    fn attributes(&mut self, line: u32, cell: &str) -> Option<Attributes> {
        let mut sum = Some(Attributes::NONE);
        for word in cell.split_whitespace() {
            match word.parse::<Attribute>() {
                Ok(attribute) => sum = sum.map(|sum| sum.with(attribute)),
                Err(_) => {
                    let allowed = names(Attribute::ALL.iter().map(|one| one.as_str()));
                    self.bad(line, Some(COLUMNS[3]), BAD_ATTRIBUTE, word, [("allowed", allowed)]);
                    sum = None;
                }
            }
        }
        sum
    }

    fn text(&mut self, line: u32, cell: &str) -> Option<String> {
        if (1..=TEXT_MAX).contains(&cell.chars().count()) && cell.trim() == cell {
            return Some(cell.to_owned());
        }
        self.bad(line, Some(COLUMNS[4]), BAD_TEXT, cell, [("max", TEXT_MAX.to_string())]);
        None
    }

    fn fin(&mut self, line: u32, column: usize, cell: &str) -> Option<Facility> {
        let facility = Facility::parse(cell).ok();
        if facility.is_none() {
            self.bad(line, Some(COLUMNS[column]), BAD_FACILITY, cell, []);
        }
        facility
    }

    /// From the start of one day up to and with another; none if neither is given. The outer
    /// option is whether it could be read.
    fn window(&mut self, line: u32, cells: [&str; 8]) -> Option<Option<Window>> {
        let from = self.date(line, 5, cells[5])?;
        let until = self.date(line, 6, cells[6])?;
        let end = until.and_then(|date| date.tomorrow().ok()).and_then(Time::start_of);
        let start = match from {
            Some(date) => Time::start_of(date)?,
            None if end.is_none() => return Some(None),
            None => Time(0),
        };
        let window = Window::new(start, end).ok();
        if window.is_none() {
            self.bad(line, Some(COLUMNS[6]), BAD_WINDOW, cells[6], []);
        }
        window.map(Some)
    }

    fn date(&mut self, line: u32, column: usize, cell: &str) -> Option<Option<Date>> {
        if cell.is_empty() {
            return Some(None);
        }
        let date = cell.parse::<Date>().ok().filter(|_| cell.len() == 10);
        if date.is_none() {
            self.bad(line, Some(COLUMNS[column]), BAD_DATE, cell, []);
        }
        date.map(Some)
    }

    fn finish(mut self, digest: Digest) -> Result<CodeTable, Vec<BadRow>> {
        for what in ["title", "version", "valid"] {
            let is_there = match what {
                "title" => self.title.is_some(),
                "version" => self.version.is_some(),
                _ => self.valid.is_some(),
            };
            if !is_there && self.bad.is_empty() {
                self.bad(1, Some(COLUMNS[1]), MISSING, what, [("what", what.to_owned())]);
            }
        }
        let unknown: Vec<(u32, Facility)> = self
            .products
            .iter()
            .filter_map(|(line, row)| row.facility.map(|facility| (*line, facility)))
            .filter(|(_, wanted)| !self.facilities.iter().any(|row| row.1.facility == *wanted))
            .collect();
        for (line, facility) in unknown {
            self.bad(line, Some(COLUMNS[7]), UNKNOWN_FACILITY, facility.as_str(), []);
        }
        let (Some(title), Some(version), Some(valid), true) =
            (self.title, self.version, self.valid, self.bad.is_empty())
        else {
            self.bad.sort_by_key(|bad| bad.line);
            return Err(self.bad);
        };
        let parts = CodeTableParts {
            title,
            version,
            digest,
            valid,
            products: self.products.into_iter().map(|row| row.1).collect(),
            facilities: self.facilities.into_iter().map(|row| row.1).collect(),
        };
        CodeTable::try_from(parts).map_err(|error| {
            let args = vec![("max", ROWS_MAX.to_string())];
            vec![BadRow { line: 1, column: None, code: BAD_TEXT, value: error.to_string(), args }]
        })
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// Whether two rows say what one code means at one moment.
fn clash(a: &ProductRow, b: &ProductRow) -> bool {
    let both = a.valid.zip(b.valid);
    a.code == b.code && a.facility == b.facility && both.is_none_or(|(a, b)| a.overlaps(&b))
}
