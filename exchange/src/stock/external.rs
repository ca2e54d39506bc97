//! What another system counts: one row per component and group.

use std::collections::BTreeMap;

use samband_domain::blood::model::Component;
use samband_domain::blood::model::stock::ExternalCount;
use samband_domain::{Digest, Time};

use super::cells::{self, Cells, Column, Heading};
use super::{COMPONENT, GROUP, NO_HEADING, NUMBER, TIME, TWICE};
use crate::figures::{BadRow, Note};
use crate::fold::fold;
use crate::sheet::{self, SheetError};

/// The columns, in the order in which they are shown; the first three must be there.
pub const EXTERNAL_COLUMNS: [&str; 6] =
    ["component", "group", "available", "reserved", "quarantined", "expiring"];

const NEEDED: usize = 3;

const COLUMNS: &[Column] = &[
    ("component", &["komponent", "blodkomponent"]),
    ("group", &["grupp", "blodgrupp", "bloodgroup"]),
    ("available", &["tillgangliga", "tillganglig", "fria"]),
    ("reserved", &["reserverade", "reserverad"]),
    ("quarantined", &["karantan", "ikarantan", "quarantine"]),
    ("expiring", &["gaut", "garut", "garutinom7dagar", "expiring7"]),
];

/// What a file of another system's stock says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalRead {
    /// Name of the file.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// As of when, where the file says so above its heading.
    pub as_of: Option<Time>,
    /// Which system, where the file says so.
    pub system: Option<String>,
    /// Rows that can be read.
    pub rows: Vec<ExternalCount>,
    /// Everything wrong; anything here means that nothing may be taken over.
    pub bad: Vec<BadRow>,
    /// How the file was read.
    pub notes: Vec<Note>,
}

/// Reads another system's stock. Lines such as `as_of; 2026-11-22 06:00` and `system; ProSang`
/// may stand above the heading.
///
/// # Errors
/// [`SheetError`] if the file is no table; what is wrong inside stands in the answer.
pub fn external(bytes: &[u8], name: &str) -> Result<ExternalRead, SheetError> {
    let mut sheet = sheet::read(bytes, name, None)?;
    let notes = std::mem::take(&mut sheet.notes);
    let mut read = ExternalRead {
        name: name.to_owned(),
        digest: Digest::of(bytes),
        as_of: None,
        system: None,
        rows: Vec::new(),
        bad: Vec::new(),
        notes,
    };
    let Some(heading) = Heading::find(&sheet, COLUMNS, &EXTERNAL_COLUMNS[..NEEDED]) else {
        let wanted = vec![("columns", EXTERNAL_COLUMNS.join(", "))];
        let first = sheet.rows.first();
        let bad = first.map(|row| cells::bad_row(row, NO_HEADING, &row.cells.join(" "), wanted));
        read.bad.extend(bad);
        return Ok(read);
    };
    let below = heading.rows(&sheet).next().map_or(u32::MAX, |row| row.line);
    for row in sheet.rows.iter().take_while(|row| row.line < below) {
        let value = row.cells.get(1).map_or("", |cell| cell.trim());
        match row.cells.first().map(|cell| fold(cell)).as_deref() {
            Some("asof" | "tidpunkt" | "galler") => match cells::time(value) {
                Some(time) => read.as_of = Some(time),
                None => read.bad.push(cells::bad_row(row, TIME, value, Vec::new())),
            },
            Some("system") => read.system = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut seen = BTreeMap::new();
    for line in heading.rows(&sheet) {
        let mut cells = Cells::new(&heading, line);
        if let Some(row) = row(&mut cells) {
            if let Some(first) = seen.insert((row.component, row.group), line.line) {
                cells.wrong("component", TWICE, vec![("first", first.to_string())]);
            }
            read.rows.push(row);
        }
        read.bad.append(&mut cells.bad);
    }
    Ok(read)
}

fn row(cells: &mut Cells<'_>) -> Option<ExternalCount> {
    let component = cells::component(cells.text("component"));
    if component.is_none() {
        let names: Vec<_> = Component::ALL.iter().map(|one| one.as_str()).collect();
        cells.wrong("component", COMPONENT, vec![("known", names.join(", "))]);
    }
    let group = cells.known("group", GROUP, cells::group);
    let mut number = |column: &str| cells.known(column, NUMBER, cells::count);
    let (available, reserved) = (number("available"), number("reserved"));
    let (quarantined, expiring) = (number("quarantined"), number("expiring"));
    Some(ExternalCount {
        component: component?,
        group: group?,
        available: available?,
        reserved: reserved?,
        quarantined: quarantined?,
        expiring: expiring?,
    })
}
