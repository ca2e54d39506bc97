//! Workbooks (.xlsx).

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use samband_domain::Time;
use thiserror::Error;

use super::{Cell, Language, Table};

/// Why a table cannot be written as a workbook.
#[derive(Debug, Error)]
#[error("the table cannot be written as a workbook: {0}")]
pub struct ExportError(#[from] XlsxError);

/// Longest name of a sheet.
const NAME_MAX: usize = 31;

/// Longest text in a cell of a workbook.
const TEXT_MAX: usize = 32_767;

/// Writes a table as a workbook: heading frozen, numbers as numbers, unknown as a word.
///
/// # Errors
/// [`ExportError`] if the table has more rows or columns than a workbook can hold.
pub fn to_xlsx(table: &Table, language: Language, made: Time) -> Result<Vec<u8>, ExportError> {
    let mut workbook = Workbook::new();
    let seconds = made.0.div_euclid(1_000_000);
    if let Ok(made) = ExcelDateTime::from_timestamp(seconds) {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(&table.name))?;
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, cut(&heading.heading), &bold)?;
    }
    for (line, row) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(row) {
            write(sheet, line, column, cell, language)?;
        }
    }
    sheet.autofit();
    Ok(workbook.save_to_buffer()?)
}

#[allow(clippy::cast_precision_loss)]
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    language: Language,
) -> Result<(), XlsxError> {
    /// A workbook's numbers are floating-point: beyond this, whole numbers are not exact.
    const EXACT: u64 = 1 << 53;
    match cell {
        Cell::Text(text) | Cell::Code(_, text) => sheet.write_string(row, column, cut(text))?,
        Cell::Int(number) if number.unsigned_abs() <= EXACT => {
            sheet.write_number(row, column, *number as f64)?
        }
        Cell::Int(number) => sheet.write_string(row, column, number.to_string())?,
        Cell::Ratio(ratio) => sheet.write_number(row, column, ratio.as_f64())?,
        Cell::Time(time) => sheet.write_string(row, column, time.to_string())?,
        Cell::Unknown => sheet.write_string(row, column, language.unknown())?,
    };
    Ok(())
}

fn cut(text: &str) -> String {
    // Workbooks count in UTF-16.
    let mut left = TEXT_MAX;
    let fits = |c: &char| {
        let needed = c.len_utf16();
        let fits = needed <= left;
        left = if fits { left - needed } else { 0 };
        fits
    };
    text.chars().take_while(fits).collect()
}

/// A name that workbooks accept: no `[]:*?/\`, no apostrophe at either end, not empty, not long.
fn sheet_name(name: &str) -> String {
    let allowed = name.chars().filter(|c| !"[]:*?/\\".contains(*c) && !c.is_control());
    let name: String = allowed.take(NAME_MAX).collect();
    let name = name.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    if name.is_empty() { "Tabell".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_a_name_that_workbooks_accept() {
        assert_eq!(sheet_name("Läget 2024"), "Läget 2024");
        assert_eq!(sheet_name("'a/b[c]:*?\\'"), "abc");
        assert_eq!(sheet_name("?"), "Tabell");
        assert_eq!(sheet_name(&"å".repeat(40)).chars().count(), NAME_MAX);
    }

    #[test]
    fn long_texts_are_cut_as_workbooks_count_them() {
        assert_eq!(cut(&"a".repeat(40_000)).len(), TEXT_MAX);
        assert_eq!(cut(&"𝄞".repeat(20_000)).encode_utf16().count(), TEXT_MAX - 1);
        assert_eq!(cut("kort"), "kort");
    }
}
