//! What lies at a place by group, and whether anybody knows.

use std::collections::BTreeMap;

use samband_domain::blood::model::stock::ExternalStock;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::Part;
use samband_domain::kernel::{RecordKeeper, Site, SiteKind};
use samband_domain::plans;
use samband_domain::words::Day;
use samband_domain::{Known, SiteId, Time};

/// Units that another system counts as expiring within a week are taken to last so many days
/// more. It tells no more of their age: an assumption, as is [`later`].
const SOON: u32 = 6;

/// How many days its others are taken to last.
const fn later(component: Component) -> u32 {
    match component {
        Component::Platelets => 4,
        _ => 60,
    }
}

/// Units by group and last day. A group whose stock nobody knows is not there.
pub(super) type Shelf = BTreeMap<Group, BTreeMap<Day, i64>>;

/// A place's stock of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stock {
    /// By group.
    pub shelf: Shelf,
    /// All groups together, units of unknown group among them.
    pub whole: Known<i64>,
    /// The other system that counts it, and as of when.
    pub told: Option<(String, Time)>,
}

/// The places of a region that hold the component, or that somebody expects to.
pub(super) fn places<'a>(
    part: &Part<'a>,
    plans: &plans::Shared,
    component: Component,
    now: Time,
) -> Vec<&'a Site> {
    // A depot and a bus are filled by their own site, never planned for.
    let planned = |kind: SiteKind| !matches!(kind, SiteKind::Depot | SiteKind::MobileUnit);
    let sites = part.kernel.sites.values();
    sites
        .filter(|site| site.window.contains(now) && planned(site.kind))
        .filter(|site| {
            site.kind == SiteKind::BloodCentre || spoken_of(part, plans, &site.id, component)
        })
        .collect()
}

/// Whether anything is said of the component there: units, another system's count, use, a stated
/// need or a target.
fn spoken_of(part: &Part<'_>, plans: &plans::Shared, id: &SiteId, component: Component) -> bool {
    let lies = part.stock.shelves.sites.get(id);
    let told = part.stock.external.get(id);
    lies.is_some_and(|shelf| shelf.tally.keys().any(|(of, _)| *of == component))
        || told.is_some_and(|told| told.value.rows.iter().any(|row| row.component == component))
        || plans.used.keys().any(|(site, line)| site == id && line.component == component)
        || plans.targets.keys().any(|(site, line)| site == id && line.component == component)
        || part
            .stock
            .demand
            .keys()
            .any(|(site, line)| site.as_ref() == Some(id) && line.component == component)
}

/// What is known of a place's stock.
pub(super) fn of(part: &Part<'_>, site: &Site, component: Component, now: Time) -> Stock {
    match site.record {
        RecordKeeper::Samband => own(part, &site.id, component, now),
        RecordKeeper::External => match part.stock.external.get(&site.id) {
            Some(told) => reported(&told.value, component),
            None => Stock { shelf: Shelf::new(), whole: Known::Unknown, told: None },
        },
    }
}

/// Free units of a place whose record is kept in its region's journal. Before anybody has said a
/// word about it, nothing there is unknown rather than zero.
fn own(part: &Part<'_>, site: &SiteId, component: Component, now: Time) -> Stock {
    let held = part.stock.shelves.sites.get(site);
    let begun = held.is_some()
        || part.stock.used.contains_key(site)
        || part.stock.counts.contains_key(site);
    if !begun {
        return Stock { shelf: Shelf::new(), whole: Known::Unknown, told: None };
    }
    let mut shelf: Shelf = Group::ALL.map(|group| (group, BTreeMap::new())).into();
    for (group, days) in &mut shelf {
        for slot in held.iter().flat_map(|held| held.from(component, *group, now)) {
            *days.entry(Day::of(slot.expiry)).or_insert(0) += 1;
        }
    }
    let whole = shelf.values().flat_map(BTreeMap::values).sum();
    Stock { shelf, whole: Known::Value(whole), told: None }
}

/// Units as another system counts them. A group that it does not speak of is unknown; units whose
/// group it does not say leave every group it does say at its number.
fn reported(told: &ExternalStock, component: Component) -> Stock {
    let rows = || told.rows.iter().filter(|row| row.component == component);
    let as_of = Day::of(told.as_of);
    let mut shelf = Shelf::new();
    for row in rows() {
        let (Known::Value(group), Known::Value(units)) = (row.group, row.available) else {
            continue;
        };
        let days = shelf.entry(group).or_default();
        let soon = row.expiring.value().unwrap_or(0).min(units);
        for (ahead, units) in [(SOON, soon), (later(component), units - soon)] {
            if units > 0 {
                *days.entry(as_of.plus_days(ahead)).or_insert(0) += i64::from(units);
            }
        }
    }
    let of_groups = Group::ALL.iter().all(|group| shelf.contains_key(group));
    let rest = rows().any(|row| row.group == Known::Unknown);
    let counts: Option<Vec<_>> = rows().map(|row| row.available.value()).collect();
    let whole = counts.filter(|_| of_groups || rest);
    let whole = whole.map(|counts| counts.into_iter().map(i64::from).sum());
    Stock { shelf, whole: whole.into(), told: Some((told.system.clone(), told.as_of)) }
}
