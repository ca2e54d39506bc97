//! What a region's sites used, day by day, as a table: what the command line forecasts from.

use samband_domain::blood::model::Group;
use samband_domain::words::Day;
use samband_domain::{JournalId, Time};
use samband_engine::World;
use samband_exchange::export::{Cell, Table};

use super::columns;
use crate::app::plans::forecast;
use crate::text::Words;

/// One row for each known day of each site, component and group through yesterday; a day without a
/// row is unknown, an empty group all groups together. Read back as it is by `samband forecast`.
#[must_use]
pub fn used(words: Words, world: &World, region: &JournalId, now: Time) -> Table {
    let keys = ["date", "site", "component", "group", "units"];
    let journal = world.journal(region);
    let found = journal.and_then(|journal| forecast::table(journal.shared(), Day::of(now)));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for at in 0..found.as_ref().map_or(0, |table| table.days) {
        let Some(table) = &found else { break };
        for (key, units) in &table.series {
            let Some(units) = units[at] else { continue };
            rows.push(vec![
                table.day(at).to_string().into(),
                key.site.clone().into(),
                key.component.as_str().into(),
                key.group.map_or("", Group::as_str).into(),
                Cell::Int(i64::from(units)),
            ]);
        }
    }
    Table { name: "use".into(), columns: columns(words, &keys), rows }
}
