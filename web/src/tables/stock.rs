//! The stock as a table.

use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::{Cell as Line, Picture};
use samband_domain::figures::view::Ratio;
use samband_domain::words::Known;
use samband_domain::{JournalId, SiteId};
use samband_engine::World;
use samband_exchange::export::{Cell, Table};

use super::columns;
use crate::app::stock::site_name;
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
            line(words, named, row.component, row.group, "unknown", &row.cell)
        })
        .collect()
    } else {
        let rows = picture.regions.iter();
        rows.map(|row| {
            let named = region(&row.region);
            line(words, named, row.component, row.group, "all", &row.cell)
        })
        .collect()
    };
    Table { name: "stock".into(), columns: columns(words, &keys), rows }
}

fn line(
    w: Words,
    named: [Cell; 3],
    component: Option<Component>,
    group: Option<Group>,
    no_group: &'static str,
    cell: &Line,
) -> Vec<Cell> {
    let count = |known: Known<u32>| known.map(u64::from).into();
    let milli = |milli: u64| Ratio::of(i128::from(milli), 1_000);
    let per_day = cell.demand.as_ref().map_or(Known::Unknown, |demand| demand.milli_per_day);
    let source = cell.demand.as_ref().map_or_else(String::new, |demand| demand.source.clone());
    let time = |at: Option<_>| at.map_or_else(|| Cell::Text(String::new()), Cell::Time);
    let mut cells = Vec::from(named);
    cells.extend([
        component.map_or("unknown", Component::as_str).into(),
        group.map_or(no_group, Group::as_str).into(),
        count(cell.available),
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
        cell.source().into(),
        w.t(if cell.stale { "yes" } else { "no" }).into(),
    ]);
    cells
}
