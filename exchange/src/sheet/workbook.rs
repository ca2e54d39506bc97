//! Workbooks (.xlsx): the chosen sheet, or the first visible one that holds something.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::{COLUMNS_MAX, NOTE_OTHER_SHEETS, Rows, Sheet, SheetError, UNPACKED_MAX};
use crate::figures::Note;
use crate::fold::is_space;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

pub(super) fn read(bytes: &[u8], chosen: Option<&str>) -> Result<Sheet, SheetError> {
    check_unpacked(bytes)?;
    // The file comes from outside and the parser is not ours: whatever it stumbles over is a
    // file that cannot be read, never a request that dies.
    catch_unwind(AssertUnwindSafe(|| read_book(bytes, chosen)))
        .unwrap_or_else(|_| Err(bad("the parser gave up")))
}

// By value, as `map_err` hands it over.
#[allow(clippy::needless_pass_by_value)]
fn bad(reason: impl ToString) -> SheetError {
    SheetError::BadWorkbook { reason: reason.to_string() }
}

/// Unpacks every part into nothing, up to the limit: what a part says about its own size may lie.
fn check_unpacked(bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(bad)?;
    let mut left = UNPACKED_MAX as u64;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(bad)?;
        let unpacked =
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(bad)?;
        left = left.checked_sub(unpacked).ok_or(SheetError::Unpacked)?;
    }
    Ok(())
}

fn read_book(bytes: &[u8], chosen: Option<&str>) -> Result<Sheet, SheetError> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(bad)?;
    let names = match chosen {
        Some(name) if book.sheets_metadata().iter().any(|sheet| sheet.name == name) => {
            vec![name.to_owned()]
        }
        Some(name) => return Err(SheetError::NoSuchSheet { name: name.into() }),
        None => visible(&book),
    };
    let mut found: Option<Sheet> = None;
    let mut others = Vec::new();
    for name in names {
        if found.is_some() {
            others.extend(has_content(&mut book, &name)?.then_some(name));
            continue;
        }
        let rows = rows(&mut book, &name)?;
        if !rows.is_empty() {
            found = Some(Sheet { name, rows, full_rows: false, notes: Vec::new() });
        }
    }
    let mut sheet = found.ok_or(SheetError::Empty)?;
    if !others.is_empty() {
        let args = [("read", sheet.name.clone()), ("others", others.join(", "))];
        sheet.notes.push(Note::new(NOTE_OTHER_SHEETS, args));
    }
    Ok(sheet)
}

fn visible(book: &Book<'_>) -> Vec<String> {
    let sheets = book.sheets_metadata().iter();
    sheets
        .filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect()
}

fn has_content(book: &mut Book<'_>, name: &str) -> Result<bool, SheetError> {
    let mut cells = book.worksheet_cells_reader(name).map_err(bad)?;
    while let Some(cell) = cells.next_cell().map_err(bad)? {
        if !text(cell.get_value()).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads cell by cell: two cells at opposite corners of a sheet would otherwise take the memory
/// of the whole sheet between them.
fn rows(book: &mut Book<'_>, name: &str) -> Result<Vec<super::Row>, SheetError> {
    let mut cells = book.worksheet_cells_reader(name).map_err(bad)?;
    let mut rows = Rows::default();
    let (mut line, mut row) = (0, Vec::new());
    while let Some(cell) = cells.next_cell().map_err(bad)? {
        let (at, column) = cell.get_position();
        let value = text(cell.get_value());
        if value.is_empty() {
            continue;
        }
        let this = at.saturating_add(1);
        if this < line {
            return Err(bad("its rows are not in order"));
        }
        if this > line {
            rows.push(line, std::mem::take(&mut row))?;
            line = this;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMNS_MAX {
            return Err(SheetError::Columns { line });
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = value;
    }
    rows.push(line, row)?;
    Ok(rows.rows)
}

/// A cell as a person reads it; whole numbers without a decimal point.
fn text(value: &DataRef<'_>) -> String {
    /// Up to here every whole number has a floating-point form of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let text = match value {
        DataRef::Empty => return String::new(),
        DataRef::Int(number) => return number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < EXACT => {
            // Adding zero turns the negative zero into the plain one.
            return format!("{:.0}", number + 0.0);
        }
        DataRef::Float(number) => return number.to_string(),
        DataRef::Bool(value) => return value.to_string(),
        DataRef::Error(error) => return error.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            return format!("{year:04}-{month:02}-{day:02}");
        }
        DataRef::SharedString(text) => *text,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text,
    };
    text.trim_matches(is_space).to_owned()
}
