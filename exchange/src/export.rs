//! Tables to files: CSV and workbooks that open as they should where people open them.

mod figures;
mod workbook;

use std::borrow::Cow;
use std::fmt::Write;

use samband_domain::figures::view::Ratio;
use samband_domain::{Known, Time};

pub use figures::figures;
pub use workbook::{ExportError, to_xlsx};

/// For whom a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Swedish: semicolons, decimal commas, `okänt`.
    Swedish,
    /// English: commas, decimal points, `unknown`.
    English,
}

impl Language {
    /// How an unknown value is written.
    #[must_use]
    pub const fn unknown(self) -> &'static str {
        match self {
            Self::Swedish => "okänt",
            Self::English => "unknown",
        }
    }

    const fn delimiter(self) -> u8 {
        match self {
            Self::Swedish => b';',
            Self::English => b',',
        }
    }

    const fn decimal_mark(self) -> char {
        match self {
            Self::Swedish => ',',
            Self::English => '.',
        }
    }
}

/// A table to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name: the sheet's in a workbook.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each as long as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Stable key, for machines.
    pub key: Cow<'static, str>,
    /// Heading, for people.
    pub heading: String,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words. Empty if there is nothing to say, which is not the same as unknown.
    Text(String),
    /// One of a fixed choice: its stable code for programs, whatever language they ask in, and
    /// the word for people.
    Code(String, String),
    /// A whole number.
    Int(i64),
    /// A fraction, written as a decimal number.
    Ratio(Ratio),
    /// A moment, written in UTC.
    Time(Time),
    /// Nobody has stated it.
    Unknown,
}

impl Cell {
    /// One of a fixed choice, by its stable code and in words.
    #[must_use]
    pub fn coded(code: impl Into<String>, word: impl Into<String>) -> Self {
        Self::Code(code.into(), word.into())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        i64::try_from(number).map_or_else(|_| Self::Text(number.to_string()), Self::Int)
    }
}

impl From<Ratio> for Cell {
    fn from(ratio: Ratio) -> Self {
        Self::Ratio(ratio)
    }
}

impl From<Time> for Cell {
    fn from(time: Time) -> Self {
        Self::Time(time)
    }
}

impl<T: Into<Self>> From<Known<T>> for Cell {
    fn from(known: Known<T>) -> Self {
        known.value().map_or(Self::Unknown, Into::into)
    }
}

/// Which headings a file gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headings {
    /// The stable keys.
    Keys,
    /// The words of the screen.
    Words,
}

/// How a CSV file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Csv {
    /// For whom.
    pub language: Language,
    /// With which headings.
    pub headings: Headings,
    /// Whether a byte-order mark says that it is UTF-8; some spreadsheet programs guess otherwise.
    pub mark: bool,
}

impl Csv {
    /// For people with a spreadsheet program.
    #[must_use]
    pub const fn for_people(language: Language) -> Self {
        Self { language, headings: Headings::Words, mark: true }
    }

    /// For programs.
    pub const FOR_PROGRAMS: Self =
        Self { language: Language::English, headings: Headings::Keys, mark: false };
}

/// How many decimals a fraction is written with.
const DECIMALS: u32 = 6;

/// Writes a table as CSV, lines ending as RFC 4180 says.
#[must_use]
pub fn to_csv(table: &Table, form: Csv) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(form.language.delimiter())
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(if form.mark { "\u{feff}".as_bytes().to_vec() } else { Vec::new() });
    let headings = table.columns.iter().map(|column| match form.headings {
        Headings::Keys => column.key.to_string(),
        Headings::Words => harmless(&column.heading),
    });
    // Writing to memory does not fail, and rows may have any length.
    let _ = writer.write_record(headings);
    for row in &table.rows {
        let _ = writer.write_record(row.iter().map(|cell| text(cell, form)));
    }
    writer.into_inner().unwrap_or_default()
}

fn text(cell: &Cell, form: Csv) -> String {
    match cell {
        Cell::Text(text) => harmless(text),
        Cell::Code(code, word) => harmless(match form.headings {
            Headings::Keys => code,
            Headings::Words => word,
        }),
        Cell::Int(number) => number.to_string(),
        Cell::Ratio(ratio) => decimal(ratio, form.language.decimal_mark()),
        Cell::Time(time) => time.to_string(),
        Cell::Unknown => form.language.unknown().to_owned(),
    }
}

/// A text that a spreadsheet program would take for a formula gets an apostrophe in front.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The fraction as a decimal number, halves away from zero, without trailing zeros.
fn decimal(ratio: &Ratio, mark: char) -> String {
    let scale = 10_i128.pow(DECIMALS);
    let scaled = ratio
        .numerator
        .checked_mul(scale)
        .map(|numerator| Ratio { numerator, denominator: ratio.denominator }.rounded());
    let Some(scaled) = scaled else {
        return ratio.as_f64().to_string().replace('.', &mark.to_string());
    };
    let (whole, part) = (scaled.abs() / scale, scaled.abs() % scale);
    let mut text = format!("{}{whole}", if scaled < 0 { "-" } else { "" });
    if part != 0 {
        let digits = format!("{part:06}");
        let _ = write!(text, "{mark}{}", digits.trim_end_matches('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numerator: i128, denominator: i128) -> Ratio {
        Ratio { numerator, denominator }
    }

    #[test]
    fn fractions_are_written_exactly_as_far_as_six_decimals() {
        for (n, d, wanted) in [
            (3_924, 157_223, "0,024958"),
            (1, 2, "0,5"),
            (5, 1, "5"),
            (-1, 3, "-0,333333"),
            (2, 3, "0,666667"),
            (-1, 10_000_000, "0"),
            (0, 7, "0"),
            (9_999_999, 10_000_000, "1"),
        ] {
            assert_eq!(decimal(&ratio(n, d), ','), wanted, "{n}/{d}");
        }
        assert_eq!(decimal(&ratio(i128::MAX, i128::MAX), '.'), "1");
    }

    #[test]
    fn both_languages_write_the_same_table_in_their_own_way() {
        let column =
            |key: &'static str, heading: &str| Column { key: key.into(), heading: heading.into() };
        let table = Table {
            name: "Läget".into(),
            columns: vec![column("region", "Region"), column("share", "Andel"), column("n", "-n")],
            rows: vec![
                vec!["=cmd|' /C calc'!A0".into(), ratio(1, 4).into(), 12_u64.into()],
                vec!["Skåne; \"syd\"".into(), Cell::Unknown, Time(0).into()],
                vec![Cell::coded("red_cells", "Erytrocyter"), Cell::coded("no", "nej"), "".into()],
            ],
        };
        let swedish = String::from_utf8(to_csv(&table, Csv::for_people(Language::Swedish)));
        assert_eq!(
            swedish.unwrap(),
            "\u{feff}Region;Andel;'-n\r\n'=cmd|' /C calc'!A0;0,25;12\r\n\
             \"Skåne; \"\"syd\"\"\";okänt;1970-01-01T00:00:00Z\r\n\
             Erytrocyter;nej;\r\n"
        );
        let english = String::from_utf8(to_csv(&table, Csv::FOR_PROGRAMS)).unwrap();
        assert_eq!(
            english,
            "region,share,n\r\n'=cmd|' /C calc'!A0,0.25,12\r\n\
             \"Skåne; \"\"syd\"\"\",unknown,1970-01-01T00:00:00Z\r\n\
             red_cells,no,\r\n"
        );
    }
}
