//! A table out of the bytes of a file: CSV in the encodings and dialects that Swedish spreadsheets
//! write, or the first sheet of a workbook that holds something.

mod text;
mod workbook;

use thiserror::Error;

use crate::figures::Note;

/// Largest file, in bytes.
pub const BYTES_MAX: usize = 10_000_000;

/// Most rows with content.
pub const ROWS_MAX: usize = 10_000;

/// Most columns.
pub const COLUMNS_MAX: usize = 100;

/// Most bytes that a workbook may unpack to, and most bytes of text that a table may hold. A
/// packed file of a few kilobytes can unpack to gigabytes.
pub const UNPACKED_MAX: usize = 50_000_000;

/// A table of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet in a workbook; of the file otherwise.
    pub name: String,
    /// Rows with content, in order.
    pub rows: Vec<Row>,
    /// Whether every row states all its cells. True for CSV, where a row with too few cells has
    /// lost one; false for a workbook, which leaves empty cells out.
    pub full_rows: bool,
    /// What a reader should know about how the file was read.
    pub notes: Vec<Note>,
}

/// A row with content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line in the file, or row in the sheet, from 1.
    pub line: u32,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

/// Why a file cannot be read as a table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SheetError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Too large a file.
    #[error("the file has {bytes} bytes; the most is {BYTES_MAX}")]
    Bytes {
        /// How many it has.
        bytes: usize,
    },
    /// Too many rows.
    #[error("the table has more than {ROWS_MAX} rows")]
    Rows,
    /// Too many columns.
    #[error("row {line} has more than {COLUMNS_MAX} columns")]
    Columns {
        /// Where.
        line: u32,
    },
    /// It unpacks to too much.
    #[error("the file unpacks to more than {UNPACKED_MAX} bytes")]
    Unpacked,
    /// Neither text nor a workbook.
    #[error("the file is neither text nor a workbook (.xlsx)")]
    NotText,
    /// An old or protected workbook.
    #[error("the file is an old (.xls) or password-protected workbook; save it as .xlsx or CSV")]
    OldWorkbook,
    /// A workbook that cannot be read.
    #[error("the workbook cannot be read: {reason}")]
    BadWorkbook {
        /// What was wrong, in the words of the reader.
        reason: String,
    },
    /// The workbook has no such sheet.
    #[error("the workbook has no sheet named “{name}”")]
    NoSuchSheet {
        /// The name asked for.
        name: String,
    },
}

/// Every message key of [`SheetError`] and of the notes on reading.
pub const CODES: &[&str] = &[
    "import-file-empty",
    "import-file-bytes",
    "import-file-rows",
    "import-file-columns",
    "import-file-unpacked",
    "import-file-not-text",
    "import-file-old-workbook",
    "import-file-bad-workbook",
    "import-file-no-such-sheet",
    NOTE_ENCODING,
    NOTE_OTHER_SHEETS,
];

/// The file was read as Windows-1252 or another encoding than UTF-8; argument `encoding`.
pub const NOTE_ENCODING: &str = "import-note-encoding";

/// Other sheets with content were not read; arguments `read` and `others`.
pub const NOTE_OTHER_SHEETS: &str = "import-note-other-sheets";

impl SheetError {
    /// The message key.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "import-file-empty",
            Self::Bytes { .. } => "import-file-bytes",
            Self::Rows => "import-file-rows",
            Self::Columns { .. } => "import-file-columns",
            Self::Unpacked => "import-file-unpacked",
            Self::NotText => "import-file-not-text",
            Self::OldWorkbook => "import-file-old-workbook",
            Self::BadWorkbook { .. } => "import-file-bad-workbook",
            Self::NoSuchSheet { .. } => "import-file-no-such-sheet",
        }
    }

    /// The message's arguments: `max` and what the variant carries.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Empty | Self::NotText | Self::OldWorkbook => Vec::new(),
            Self::Bytes { bytes } => {
                vec![("bytes", bytes.to_string()), ("max", BYTES_MAX.to_string())]
            }
            Self::Rows => vec![("max", ROWS_MAX.to_string())],
            Self::Columns { line } => {
                vec![("line", line.to_string()), ("max", COLUMNS_MAX.to_string())]
            }
            Self::Unpacked => vec![("max", UNPACKED_MAX.to_string())],
            Self::BadWorkbook { reason } => vec![("reason", reason.clone())],
            Self::NoSuchSheet { name } => vec![("name", name.clone())],
        }
    }
}

/// Reads the table of a file. What the bytes say counts, not what the name ends with.
///
/// # Errors
/// [`SheetError`] if the file is no table, or larger than this program takes.
pub fn read(bytes: &[u8], name: &str, chosen: Option<&str>) -> Result<Sheet, SheetError> {
    if bytes.len() > BYTES_MAX {
        return Err(SheetError::Bytes { bytes: bytes.len() });
    }
    let sheet = if bytes.starts_with(b"PK\x03\x04") {
        workbook::read(bytes, chosen)?
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(SheetError::OldWorkbook);
    } else {
        text::read(bytes, name)?
    };
    if sheet.rows.is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(sheet)
}

/// Collects rows and keeps the limits.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    text: usize,
}

impl Rows {
    /// Adds a row unless it is blank.
    fn push(&mut self, line: u32, mut cells: Vec<String>) -> Result<(), SheetError> {
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        let used = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if used > COLUMNS_MAX {
            return Err(SheetError::Columns { line });
        }
        cells.truncate(COLUMNS_MAX);
        if self.rows.len() == ROWS_MAX {
            return Err(SheetError::Rows);
        }
        self.text += cells.iter().map(String::len).sum::<usize>();
        if self.text > UNPACKED_MAX {
            return Err(SheetError::Unpacked);
        }
        self.rows.push(Row { line, cells });
        Ok(())
    }
}
