//! Files as they come: encodings, dialects, workbooks, limits, and rubbish.

use std::io::{Cursor, Write};

use crate::common::{REPORT, assert_says_what_the_report_says, notes, read_bytes};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use samband_exchange::sheet::{self, BYTES_MAX, COLUMNS_MAX, ROWS_MAX, Row, SheetError};
use samband_exchange::{Asked, preview};

fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    let sheet = sheet::read(bytes, "f.csv", None).unwrap();
    let rows = sheet.rows.into_iter();
    rows.map(|Row { line, cells }| (line, cells)).collect()
}

fn plain(rows: &[(u32, &[&str])]) -> Vec<(u32, Vec<String>)> {
    let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    rows.iter().map(|(line, cells)| (*line, owned(cells))).collect()
}

#[test]
fn delimiters_quotes_marks_and_line_ends_do_not_matter() {
    let wanted = plain(&[(1, &["Region", "Invånare"]), (2, &["Skåne", "1"])]);
    for text in [
        "Region,Invånare\nSkåne,1\n",
        "Region;Invånare\r\nSkåne;1",
        "\u{feff}Region\tInvånare\rSkåne\t1\r",
        "\"Region\";\"Invånare\"\r\n\"Skåne\";\" 1 \"\r\n",
        "sep=;\nRegion;Invånare\nSkåne;1\n",
    ] {
        let shift = u32::from(text.starts_with("sep="));
        let wanted: Vec<_> = wanted.iter().map(|(l, c)| (l + shift, c.clone())).collect();
        assert_eq!(rows(text.as_bytes()), wanted, "{text:?}");
    }
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend("Region\tInvånare\nSkåne\t1\n".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(rows(&utf16), wanted);
}

#[test]
fn decimal_commas_do_not_make_a_comma_separated_file() {
    let text = "Region;a;b\nSkåne;1,5;2,5\nHalland;3,5;4\n";
    assert_eq!(rows(text.as_bytes())[1], (2, vec!["Skåne".into(), "1,5".into(), "2,5".into()]));
    let wordy = "Region;Invånare, alla, totalt\nSkåne;1\nHalland;2\n";
    assert_eq!(rows(wordy.as_bytes())[1], (2, vec!["Skåne".into(), "1".into()]));
    let quoted = "region,\"a; b; c\"\nx,1\n";
    assert_eq!(rows(quoted.as_bytes())[1], (2, vec!["x".into(), "1".into()]));
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let text = "\n\na,b\r\n\r\n\"c\nd\",e\n\n\nf,g\n";
    let wanted = plain(&[(3, &["a", "b"]), (5, &["c\nd", "e"]), (9, &["f", "g"])]);
    assert_eq!(rows(text.as_bytes()), wanted);
}

#[test]
fn limits_are_named() {
    let error = |bytes: &[u8]| sheet::read(bytes, "f.csv", None).unwrap_err();
    assert_eq!(error(b""), SheetError::Empty);
    assert_eq!(error(b" \n\t\n"), SheetError::Empty);
    assert_eq!(error(b"a\0b"), SheetError::NotText);
    assert_eq!(error(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), SheetError::OldWorkbook);
    let bytes = vec![b'a'; BYTES_MAX + 1];
    assert_eq!(error(&bytes), SheetError::Bytes { bytes: BYTES_MAX + 1 });
    assert_eq!(rows(&"a\n".repeat(ROWS_MAX).into_bytes()).len(), ROWS_MAX);
    assert_eq!(error(&"a\n".repeat(ROWS_MAX + 1).into_bytes()), SheetError::Rows);
    let wide = |columns: usize| format!("x\n{}\n", vec!["a"; columns].join(",")).into_bytes();
    assert_eq!(rows(&wide(COLUMNS_MAX))[1].1.len(), COLUMNS_MAX);
    assert_eq!(error(&wide(COLUMNS_MAX + 1)), SheetError::Columns { line: 2 });
    for error in [SheetError::Empty, SheetError::Rows, SheetError::Columns { line: 2 }] {
        assert!(sheet::CODES.contains(&error.code()));
    }
}

/// The report as a workbook: an empty sheet first, a title, a blank row, then the table.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Tom").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Givare").unwrap();
    sheet.write_string(0, 0, "Blodgivare").unwrap();
    let grouped = Format::new().set_num_format("# ##0");
    for (line, record) in (2..).zip(REPORT.lines()) {
        for (column, cell) in (0..).zip(record.split(',')) {
            match cell.parse::<f64>() {
                Ok(number) => {
                    sheet.write_number_with_format(line, column, number, &grouped).unwrap()
                }
                Err(_) => sheet.write_string(line, column, cell).unwrap(),
            };
        }
    }
    let notes = book.add_worksheet();
    notes.set_name("Anteckningar").unwrap();
    notes.write_string(4, 2, "mer").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_with_its_own_row_numbers_and_whole_numbers() {
    let preview = read_bytes(&workbook(), "givare.xlsx", None);
    assert_says_what_the_report_says(&preview, "2024");
    assert_eq!(preview.sheet, "Givare");
    assert_eq!(preview.regions[&crate::common::id("blekinge")][0].row, Some(4));
    assert!(notes(&preview).contains(&sheet::NOTE_OTHER_SHEETS));
}

#[test]
fn a_sheet_can_be_chosen_and_must_exist() {
    let book = workbook();
    let chosen = sheet::read(&book, "f.xlsx", Some("Anteckningar")).unwrap();
    assert_eq!(chosen.rows, [Row { line: 5, cells: vec!["".into(), "".into(), "mer".into()] }]);
    let missing = sheet::read(&book, "f.xlsx", Some("Saknas")).unwrap_err();
    assert_eq!(missing, SheetError::NoSuchSheet { name: "Saknas".into() });
    assert_eq!(sheet::read(&book, "f.xlsx", Some("Tom")).unwrap_err(), SheetError::Empty);
}

#[test]
fn a_sheet_with_two_cells_far_apart_takes_no_memory_for_those_between() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "a").unwrap();
    sheet.write_string(1_048_575, 3, "b").unwrap();
    let rows = rows(&book.save_to_buffer().unwrap());
    assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 1_048_576]);
    let sheet = book.add_worksheet();
    sheet.write_string(0, 16_383, "far right").unwrap();
    let far = book.save_to_buffer().unwrap();
    let error = sheet::read(&far, "f.xlsx", Some("Sheet2")).unwrap_err();
    assert_eq!(error, SheetError::Columns { line: 1 });
}

#[test]
fn a_small_file_that_unpacks_to_much_is_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let zeros = vec![b' '; 1_000_000];
    for part in 0..60 {
        archive.start_file(format!("xl/worksheets/sheet{part}.xml"), options).unwrap();
        archive.write_all(&zeros).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 100_000, "the test's file is small: {}", bytes.len());
    assert_eq!(sheet::read(&bytes, "f.xlsx", None).unwrap_err(), SheetError::Unpacked);
}

fn survives(bytes: &[u8]) {
    let regions = crate::common::regions();
    let asked = Asked { regions: &regions, period: None, sheet: None, now: crate::common::NOW };
    if let Ok(preview) = preview(bytes, "f", &asked) {
        assert!(preview.ready() || !preview.bad.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn no_text_brings_the_reader_down(text in "[Region;,\t\"\r\n0-9åäö% -]{0,200}") {
        survives(text.as_bytes());
        survives(format!("Region;Invånare 2024\n{text}").as_bytes());
    }

    #[test]
    fn a_cut_or_altered_file_brings_nobody_down(
        cut in 0.0..1.0f64, at in 0.0..1.0f64, byte: u8, book: bool,
    ) {
        let mut bytes = if book { workbook() } else { REPORT.as_bytes().to_vec() };
        let place = |share: f64, len: usize| ((len as f64) * share) as usize;
        let (cut, at) = (place(cut, bytes.len()), place(at, bytes.len()));
        survives(&bytes[..cut]);
        bytes[at] = byte;
        survives(&bytes);
    }
}
