//! How others say it: pure conversions between the files that people have and the record's words.
//!
//! `sheet` reads a table out of the bytes of a CSV file or a workbook, `figures` reads the regions'
//! figures out of a table, `export` writes tables. Nothing here opens a file or knows a clock.

pub mod cap;
pub mod capacity;
pub mod counties;
pub mod export;
pub mod figures;
mod fold;
pub mod have;
pub mod isbt128;
pub mod measure_report;
pub mod paper;
pub mod rulesets;
pub mod sheet;
pub mod stock;
mod xml;

pub use export::{Cell, Language, Table};
pub use figures::{Asked, BadRow, KnownRegion, Note, Preview, preview, wrong_rows};
pub use sheet::{Sheet, SheetError};

/// Every message key that this room can hand out, for the check of the message catalogues.
#[must_use]
pub fn message_keys() -> Vec<&'static str> {
    let tables = [
        sheet::CODES,
        figures::BAD_CODES,
        figures::NOTE_CODES,
        rulesets::BAD_CODES,
        stock::BAD_CODES,
    ];
    [tables.as_slice(), isbt128::CODES].concat().concat()
}
