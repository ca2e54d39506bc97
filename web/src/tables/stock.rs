//! The stock as a table.

use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::{Cell as Line, Picture};
use samband_domain::figures::view::Ratio;
use samband_domain::words::Known;
use samband_domain::{JournalId, SiteId};
use samband_engine::World;
use samband_exchange::export::{Cell, Table};

use super::{coded, columns, yes_no};
use crate::app::stock::{site_name, source_words};
use crate::text::Words;

/// The stock of regions, or of sites, by component and group.
#[must_use]
pub fn stock(words: Words, world: &World, picture: &Picture, by_site: bool) -> Table {
    let keys = [
        "region",
        "site",
        "name",
        "component",
        "group",
        "available",
        "at_least",
        "reserved",
        "quarantined",
        "in_transit",
        "next_eta",
        "expiring",
        "per_day",
        "demand_source",
        "days",
        "minimum",
        "below_since",
        "as_of",
        "source",
        "stale",
    ];
    let site = |region: &JournalId, site: &SiteId| {
        [region.as_str().into(), site.as_str().into(), site_name(world, region, site).into()]
    };
    let region = |region: &JournalId| {
        let name = world.journal(region).map_or_else(String::new, |journal| journal.name());
        [region.as_str().into(), "".into(), name.into()]
    };
    let rows = if by_site {
        let rows = picture.sites.iter();
        rows.map(|row| {
            let named = site(&row.region, &row.site);
            let group = group(words, row.group, ("unknown", "stock-group-unknown"));
            line(words, named, row.component, group, &row.cell)
        })
        .collect()
    } else {
        let rows = picture.regions.iter();
        rows.map(|row| {
            let named = region(&row.region);
            let group = group(words, row.group, ("all", "stock-all-groups"));
            line(words, named, row.component, group, &row.cell)
        })
        .collect()
    };
    Table { name: "stock".into(), columns: columns(words, &keys), rows }
}

/// A group, or what stands where there is none: its code and the word's key.
fn group(w: Words, group: Option<Group>, none: (&str, &str)) -> Cell {
    group.map_or_else(
        || Cell::coded(none.0, w.t(none.1)),
        |group| Cell::coded(group.as_str(), group.to_string()),
    )
}

fn line(
    w: Words,
    named: [Cell; 3],
    component: Option<Component>,
    group: Cell,
    cell: &Line,
) -> Vec<Cell> {
    let count = |known: Known<u32>| known.map(u64::from).into();
    let milli = |milli: u64| Ratio::of(i128::from(milli), 1_000);
    let per_day = cell.demand.as_ref().map_or(Known::Unknown, |demand| demand.milli_per_day);
    let source = cell.demand.as_ref().map_or_else(String::new, |demand| demand.source.clone());
    let time = |at: Option<_>| at.map_or_else(|| Cell::Text(String::new()), Cell::Time);
    let mut cells = Vec::from(named);
    cells.extend([
        component.map_or_else(
            || Cell::coded("unknown", w.unknown()),
            |one| coded(w, "compat-component-", one.as_str()),
        ),
        group,
        count(cell.available),
        Cell::Int(cell.at_least.into()),
        count(cell.reserved),
        count(cell.quarantined),
        Cell::Int(cell.in_transit.into()),
        time(cell.next_eta),
        count(cell.expiring),
        per_day.value().map_or(Cell::Unknown, |per_day| milli(per_day).into()),
        source.into(),
        cell.days_milli.value().map_or(Cell::Unknown, |days| milli(days).into()),
        cell.minimum.map_or_else(|| Cell::Text(String::new()), |one| Cell::Int(one.into())),
        time(cell.below_since),
        cell.as_of.into(),
        Cell::coded(cell.source(), source_words(w, cell)),
        yes_no(w, cell.stale),
    ]);
    cells
}
