//! Delimited text: UTF-8, UTF-16 with a mark, or Windows-1252; comma, semicolon or tab.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::{NOTE_ENCODING, Rows, Sheet, SheetError};
use crate::figures::Note;
use crate::fold::is_space;

/// How many lines are looked at to find the delimiter.
const SAMPLE_LINES: usize = 20;

pub(super) fn read(bytes: &[u8], name: &str) -> Result<Sheet, SheetError> {
    let (text, encoding) = decode(bytes);
    let binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}');
    if text.chars().any(binary) {
        return Err(SheetError::NotText);
    }
    let (told, body) = told_delimiter(&text);
    let delimiter = told.unwrap_or_else(|| delimiter(body));
    let first = 1 + u32::from(told.is_some());
    let notes = encoding.map(|encoding| Note::new(NOTE_ENCODING, [("encoding", encoding.into())]));
    Ok(Sheet {
        name: name.to_owned(),
        rows: records(body, delimiter, first)?,
        full_rows: true,
        notes: notes.into_iter().collect(),
    })
}

/// The text, and the encoding's name if it is worth a note.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let (text, _, malformed) = encoding.decode(bytes);
        if !malformed {
            return (text, None);
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), None),
        // Every byte means something in Windows-1252, so this always gives a text; the note lets
        // a person see whether it is the right one.
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, Some("Windows-1252")),
    }
}

/// The delimiter that a spreadsheet program states on a line of its own (`sep=;`).
fn told_delimiter(text: &str) -> (Option<u8>, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    match line.trim_end_matches('\r').strip_prefix("sep=").map(str::as_bytes) {
        Some([delimiter @ (b',' | b';' | b'\t')]) => (Some(*delimiter), rest),
        _ => (None, text),
    }
}

/// The candidate that most sampled lines have as often as the heading does; a decimal comma in
/// the values thus does not make a comma-separated file.
fn delimiter(text: &str) -> u8 {
    const CANDIDATES: [char; 3] = [';', '\t', ','];
    let counts: Vec<[usize; 3]> = text
        .lines()
        .map(|line| CANDIDATES.map(|candidate| count_outside_quotes(line, candidate)))
        .filter(|counts| counts.iter().any(|count| *count > 0))
        .take(SAMPLE_LINES)
        .collect();
    let Some(heading) = counts.first() else {
        return b',';
    };
    let agreeing = |i: usize| counts.iter().filter(|line| line[i] == heading[i]).count();
    let best = (0..CANDIDATES.len())
        .filter(|i| heading[*i] > 0)
        .max_by_key(|i| (agreeing(*i), heading[*i], CANDIDATES.len() - i));
    best.map_or(b',', |i| CANDIDATES[i] as u8)
}

fn count_outside_quotes(line: &str, wanted: char) -> usize {
    let mut quoted = false;
    let outside = line.chars().filter(|c| {
        quoted ^= *c == '"';
        !quoted && *c == wanted
    });
    outside.count()
}

fn records(text: &str, delimiter: u8, first: u32) -> Result<Vec<super::Row>, SheetError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: first };
    let mut rows = Rows::default();
    let mut record = csv::StringRecord::new();
    // Reading text from memory fails neither by input nor by encoding.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.line_of(usize::try_from(start).unwrap_or(usize::MAX));
        let cells = record.iter().map(|cell| cell.trim_matches(is_space).to_owned());
        rows.push(line, cells.collect())?;
    }
    Ok(rows.rows)
}

/// Counts lines. The reader's own count stands before the blank lines that it skips.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of the first record that starts at a byte or, after blank lines, later.
    fn line_of(&mut self, start: usize) -> u32 {
        while let Some(byte) = self.text.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            let carriage_return_alone =
                *byte == b'\r' && self.text.get(self.at + 1) != Some(&b'\n');
            self.line += u32::from(*byte == b'\n' || carriage_return_alone);
            self.at += 1;
        }
        self.line
    }
}
