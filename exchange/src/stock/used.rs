//! What sites used, day by day: one row per day, site, component and group.

use std::collections::BTreeMap;

use samband_domain::blood::model::Component;
use samband_domain::blood::model::stock::Line;
use samband_domain::plans::model::DayUse;
use samband_domain::words::Day;
use samband_domain::{Digest, SiteId};

use super::cells::{self, Cells, Column, Heading};
use super::{COMPONENT, DAY, GROUP, NO_HEADING, NUMBER, SITE, TWICE};
use crate::figures::{BadRow, Note};
use crate::fold::fold;
use crate::sheet::{self, SheetError};

/// The columns, in the order in which they are shown; all must be there.
pub const USED_COLUMNS: [&str; 5] = ["date", "site", "component", "group", "units"];

const COLUMNS: &[Column] = &[
    ("date", &["datum", "dag", "day"]),
    ("site", &["plats", "enhet", "verksamhetsstalle"]),
    ("component", &["komponent", "blodkomponent"]),
    ("group", &["grupp", "blodgrupp", "bloodgroup"]),
    ("units", &["antal", "enheter", "forbrukat", "used"]),
];

/// What a file of use says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedRead {
    /// Name of the file.
    pub name: String,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Where it comes from, where the file says so above its heading.
    pub source: Option<String>,
    /// Rows that can be read.
    pub rows: Vec<DayUse>,
    /// Everything wrong; anything here means that nothing may be taken over.
    pub bad: Vec<BadRow>,
    /// How the file was read.
    pub notes: Vec<Note>,
}

impl UsedRead {
    /// The first and the last day with a row.
    #[must_use]
    pub fn days(&self) -> Option<(Day, Day)> {
        let days = || self.rows.iter().map(|row| row.day);
        Some((days().min()?, days().max()?))
    }
}

/// Reads what was used. A line `source; ProSang, uttag` may stand above the heading. `site` finds
/// the place that a cell names.
///
/// # Errors
/// [`SheetError`] if the file is no table; what is wrong inside stands in the answer.
pub fn used(
    bytes: &[u8],
    name: &str,
    site: impl Fn(&str) -> Option<SiteId>,
) -> Result<UsedRead, SheetError> {
    let mut sheet = sheet::read(bytes, name, None)?;
    let notes = std::mem::take(&mut sheet.notes);
    let mut read = UsedRead {
        name: name.to_owned(),
        digest: Digest::of(bytes),
        source: None,
        rows: Vec::new(),
        bad: Vec::new(),
        notes,
    };
    let Some(heading) = Heading::find(&sheet, COLUMNS, &USED_COLUMNS) else {
        let wanted = vec![("columns", USED_COLUMNS.join(", "))];
        let first = sheet.rows.first();
        let bad = first.map(|row| cells::bad_row(row, NO_HEADING, &row.cells.join(" "), wanted));
        read.bad.extend(bad);
        return Ok(read);
    };
    let below = heading.rows(&sheet).next().map_or(u32::MAX, |row| row.line);
    let above = sheet.rows.iter().take_while(|row| row.line < below);
    let source = |row: &&sheet::Row| {
        let first = row.cells.first().map(|cell| fold(cell));
        matches!(first.as_deref(), Some("source" | "kalla"))
    };
    let source = above.clone().find(source).and_then(|row| row.cells.get(1));
    read.source = source.map(|cell| cell.trim().to_owned()).filter(|text| !text.is_empty());
    let mut seen = BTreeMap::new();
    for line in heading.rows(&sheet) {
        let mut cells = Cells::new(&heading, line);
        if let Some(row) = row(&mut cells, &site) {
            let what = (row.site.clone(), row.line, row.day);
            if let Some(first) = seen.insert(what, line.line) {
                cells.wrong("date", TWICE, vec![("first", first.to_string())]);
            }
            read.rows.push(row);
        }
        read.bad.append(&mut cells.bad);
    }
    Ok(read)
}

fn row(cells: &mut Cells<'_>, site: impl Fn(&str) -> Option<SiteId>) -> Option<DayUse> {
    let day = cells.read("date", DAY, |text| text.parse::<Day>().ok());
    let site = cells.read("site", SITE, site);
    let component = cells::component(cells.text("component"));
    if component.is_none() {
        let names: Vec<_> = Component::ALL.iter().map(|one| one.as_str()).collect();
        cells.wrong("component", COMPONENT, vec![("known", names.join(", "))]);
    }
    // An empty group is all groups together.
    let text = cells.text("group");
    let group = match fold(text).as_str() {
        "" | "alla" | "all" => Some(None),
        _ => cells.read("group", GROUP, cells::group).map(Some),
    };
    let units = cells.known("units", NUMBER, cells::count);
    let line = Line { component: component?, group: group? };
    Some(DayUse { site: site?, day: day?, line, units: units? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use samband_domain::Known;

    fn find(text: &str) -> Option<SiteId> {
        (text == "Lund").then(|| SiteId::new("lund").unwrap())
    }

    #[test]
    fn use_is_read_by_day_and_an_empty_number_is_unknown() {
        let text = "källa;ProSang, uttag\ndatum;plats;komponent;grupp;antal\n\
            2026-01-01;Lund;erytrocyter;O-;7\n2026-01-02;Lund;erytrocyter;O-;\n\
            2026-01-02;Lund;trombocyter;;3\n";
        let read = used(text.as_bytes(), "uttag.csv", find).unwrap();
        assert_eq!((read.bad.len(), read.source.as_deref()), (0, Some("ProSang, uttag")));
        let units: Vec<_> = read.rows.iter().map(|row| row.units).collect();
        assert_eq!(units, [Known::Value(7), Known::Unknown, Known::Value(3)]);
        assert_eq!(read.rows[2].line.group, None);
        let days = read.days().map(|(from, to)| (from.to_string(), to.to_string()));
        assert_eq!(days, Some(("2026-01-01".into(), "2026-01-02".into())));
    }

    #[test]
    fn everything_wrong_is_named_by_line() {
        let text = "date,site,component,group,units\n2026-13-01,Lund,red_cells,O-,7\n\
            2026-01-01,Ystad,red_cells,O-,7\n2026-01-01,Lund,blod,O-,7\n\
            2026-01-01,Lund,red_cells,Q,7\n2026-01-01,Lund,red_cells,O-,sju\n\
            2026-01-01,Lund,red_cells,O-,7\n2026-01-01,Lund,red_cells,O-,8\n";
        let read = used(text.as_bytes(), "use.csv", find).unwrap();
        let bad: Vec<_> = read.bad.iter().map(|bad| (bad.line, bad.code)).collect();
        let expected = [(2, DAY), (3, SITE), (4, COMPONENT), (5, GROUP), (6, NUMBER), (8, TWICE)];
        assert_eq!(bad, expected);
    }
}
