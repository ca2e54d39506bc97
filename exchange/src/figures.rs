//! Regions' figures out of a table: one row per region with a column per measure, or one row per
//! figure. A preview lists everything that is wrong, by line and reason; whoever takes the figures
//! over takes all or nothing.

mod headings;
mod layout;
mod numbers;
mod regions;
mod rows;
mod sums;

use std::collections::{BTreeMap, BTreeSet};

use samband_domain::figures::FigureRow;
use samband_domain::figures::model::FileRef;
use samband_domain::{Digest, JournalId, Period, Time};
use serde::Serialize;

use crate::fold::shown;
use crate::sheet::{self, SheetError};

pub use headings::measure_named;

/// A region that figures may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRegion {
    /// Its journal.
    pub journal: JournalId,
    /// Its name, with or without `Region`.
    pub name: String,
    /// Its SCB county code.
    pub county_code: Option<String>,
}

/// What the importing person said besides the file.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The regions that figures may be about.
    pub regions: &'a [KnownRegion],
    /// For when, where neither heading nor row says so.
    pub period: Option<Period>,
    /// Which sheet of a workbook; the first with content otherwise.
    pub sheet: Option<&'a str>,
    /// Now: a figure is stated after its period.
    pub now: Time,
}

/// What a file says, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The file.
    pub file: FileRef,
    /// The sheet that was read.
    pub sheet: String,
    /// The figures of each region, in the file's order.
    pub regions: BTreeMap<JournalId, Vec<FigureRow>>,
    /// Everything wrong, in the file's order. Anything here means that nothing may be taken over.
    pub bad: Vec<BadRow>,
    /// What was left aside: columns and rows that are not figures.
    pub ignored: Vec<Ignored>,
    /// What a person should know about how the file was read.
    pub notes: Vec<Note>,
}

impl Preview {
    /// How many figures it holds, unknown ones included.
    #[must_use]
    pub fn figures(&self) -> usize {
        self.regions.values().map(Vec::len).sum()
    }

    /// Whether it may be taken over: there is something in it and nothing wrong with it.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.bad.is_empty() && !self.regions.is_empty()
    }
}

/// Something wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// Line in the file, or row in the sheet, from 1.
    pub line: u32,
    /// Heading of the column, if it is about one cell.
    pub column: Option<String>,
    /// Stable code and message key, one of [`BAD_CODES`].
    pub code: &'static str,
    /// What stands there, shortened.
    pub value: String,
    /// The message's further arguments.
    pub args: Vec<(&'static str, String)>,
}

/// How many rows are wrong, by the lines of what is wrong with them: one may be wrong in many ways.
#[must_use]
pub fn wrong_rows(lines: impl IntoIterator<Item = impl Into<u64>>) -> usize {
    lines.into_iter().map(Into::into).collect::<BTreeSet<u64>>().len()
}

/// Something in the file that is no figure and was left aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// Line in the file.
    pub line: u32,
    /// Heading, for a column.
    pub column: Option<String>,
    /// Message key, one of [`NOTE_CODES`].
    pub code: &'static str,
    /// What stands there, shortened.
    pub value: String,
}

/// Something worth knowing about how a file was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Message key, one of [`NOTE_CODES`] or of [`sheet::CODES`].
    pub code: &'static str,
    /// Its arguments.
    pub args: Vec<(&'static str, String)>,
}

impl Note {
    pub(crate) fn new<const N: usize>(
        code: &'static str,
        args: [(&'static str, String); N],
    ) -> Self {
        Self { code, args: args.into() }
    }
}

macro_rules! codes {
    ($(#[$all:meta])* $ALL:ident: $($(#[$meta:meta])* $NAME:ident = $code:literal;)*) => {
        $($(#[$meta])* pub const $NAME: &str = $code;)*
        $(#[$all])*
        pub const $ALL: &[&str] = &[$($NAME),*];
    };
}

codes! {
    /// Every message key of [`BadRow::code`].
    BAD_CODES:
    /// No row looks like a heading.
    NO_HEADING = "import-bad-no-heading";
    /// Two columns are about the same measure and period; argument `other`.
    COLUMN_TWICE = "import-bad-column-twice";
    /// Nothing says for when.
    NO_PERIOD = "import-bad-no-period";
    /// Not a period.
    PERIOD = "import-bad-period";
    /// The period has not ended; argument `period`.
    NOT_ENDED = "import-bad-period-not-ended";
    /// The row has not as many cells as the heading; arguments `cells` and `expected`.
    CELLS = "import-bad-cells";
    /// No region is named.
    REGION_MISSING = "import-bad-region-missing";
    /// No region of this name is known; argument `known`.
    REGION = "import-bad-region";
    /// More than one known region has this name.
    REGION_UNCLEAR = "import-bad-region-unclear";
    /// Not a measure; argument `known`.
    MEASURE = "import-bad-measure";
    /// The figure stands in the file twice; argument `first`, the earlier line.
    TWICE = "import-bad-twice";
    /// Not a number.
    NUMBER = "import-bad-number";
    /// Not a whole number.
    DECIMAL = "import-bad-decimal";
    /// Thousands or decimals: nobody can tell.
    AMBIGUOUS = "import-bad-ambiguous";
    /// Below zero.
    NEGATIVE = "import-bad-negative";
    /// A share where a count belongs.
    PERCENT = "import-bad-percent";
    /// Larger than any count.
    TOO_LARGE = "import-bad-too-large";
    /// More aged 18–64 than inhabitants; argument `population`.
    PART_EXCEEDS_WHOLE = "import-bad-part-exceeds-whole";
    /// The sum row says something else than its column; argument `sum`.
    SUM = "import-bad-sum";
    /// A heading without a single figure under it.
    NO_FIGURES = "import-bad-no-figures";
}

codes! {
    /// Every message key of [`Ignored::code`] and of the notes on figures.
    NOTE_CODES:
    /// Ignored: a column that is no measure.
    IGNORED_COLUMN = "import-ignored-column";
    /// Ignored: a row above the heading.
    IGNORED_ABOVE = "import-ignored-above";
    /// Ignored: a sum row, which was checked or could not be.
    IGNORED_SUM = "import-ignored-sum";
    /// The sum row agrees with the rows; argument `line`.
    NOTE_SUM_AGREES = "import-note-sum-agrees";
    /// A column has unknown figures, so its sum proves nothing; arguments `line` and `column`.
    NOTE_SUM_UNCHECKED = "import-note-sum-unchecked";
    /// The period was taken from another column's heading; argument `period`.
    NOTE_PERIOD_HEADING = "import-note-period-heading";
    /// The period was taken from the file's name; argument `period`.
    NOTE_PERIOD_FILE = "import-note-period-file";
    /// A heading names another period than was asked for; arguments `column`, `period`, `asked`.
    NOTE_PERIOD_OTHER = "import-note-period-other";
}

/// What has been found so far.
#[derive(Default)]
struct Findings {
    bad: Vec<BadRow>,
    ignored: Vec<Ignored>,
    notes: Vec<Note>,
}

impl Findings {
    fn bad(
        &mut self,
        (line, column): (u32, Option<&str>),
        code: &'static str,
        value: &str,
        args: impl Into<Vec<(&'static str, String)>>,
    ) {
        self.bad.push(BadRow {
            line,
            column: column.map(shown),
            code,
            value: shown(value),
            args: args.into(),
        });
    }

    fn ignore(&mut self, line: u32, column: Option<&str>, code: &'static str, value: &str) {
        let column = column.map(shown);
        self.ignored.push(Ignored { line, column, code, value: shown(value) });
    }

    fn note<const N: usize>(&mut self, code: &'static str, args: [(&'static str, String); N]) {
        self.notes.push(Note::new(code, args));
    }
}

/// Reads the figures of a file.
///
/// # Errors
/// [`SheetError`] if the file is no table; what is wrong inside a table stands in the preview.
pub fn preview(bytes: &[u8], name: &str, asked: &Asked<'_>) -> Result<Preview, SheetError> {
    let mut sheet = sheet::read(bytes, name, asked.sheet)?;
    let mut findings = Findings { notes: std::mem::take(&mut sheet.notes), ..Findings::default() };
    let mut found = rows::Found::default();
    match layout::find(&sheet, asked, name, &mut findings) {
        Some(layout) => rows::read(&sheet, &layout, asked, &mut found, &mut findings),
        None => {
            let first = sheet.rows.first();
            let (line, said) = first.map_or((1, String::new()), |r| (r.line, r.cells.join(" ")));
            findings.bad((line, None), NO_HEADING, &said, []);
        }
    }
    let Findings { mut bad, ignored, notes } = findings;
    bad.sort_by_key(|bad| bad.line);
    Ok(Preview {
        file: FileRef { name: name.to_owned(), sha256: Digest::of(bytes) },
        sheet: sheet.name,
        regions: found.regions,
        bad,
        ignored,
        notes,
    })
}
