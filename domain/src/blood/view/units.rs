//! Single units, as they are looked up and listed.

use super::super::model::group::Group;
use super::super::model::identity::{Din, UnitId};
use super::super::model::product::Component;
use super::super::model::unit::Unit;
use super::super::state::Shared;
use super::picture::Part;
use crate::words::{JournalId, SiteId, Time};

/// A live unit and in whose stock it is.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Region.
    pub region: &'a JournalId,
    /// The unit's name.
    pub id: UnitId,
    /// What is known of it.
    pub unit: &'a Unit,
}

/// The live units of a donation in every region. A unit on its way may stand in two journals.
#[must_use]
pub fn of_donation<'a>(parts: &[Part<'a>], din: Din) -> Vec<Found<'a>> {
    let (first, last) = (UnitId { din, ..UnitId::MIN }, UnitId { din, ..UnitId::MAX });
    let of = |part: &Part<'a>| {
        let region = part.journal;
        let units = part.stock.units.range(first..=last);
        units.map(move |(id, unit)| Found { region, id: *id, unit })
    };
    parts.iter().flat_map(of).collect()
}

/// Which of a site's units are wanted; nothing means every one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Component.
    pub component: Option<Component>,
    /// Group; inner none means those of unknown group.
    pub group: Option<Option<Group>>,
    /// Status, by its key.
    pub status: Option<String>,
    /// Only those that expire by then.
    pub expiring_by: Option<Time>,
}

impl Wanted {
    fn takes(&self, unit: &Unit) -> bool {
        self.component.is_none_or(|one| unit.component() == one)
            && self.group.is_none_or(|one| unit.group.value() == one)
            && self.status.as_deref().is_none_or(|one| unit.status.as_str() == one)
            && self.expiring_by.is_none_or(|by| unit.expiry <= by)
    }
}

/// A site's units, earliest expiry first.
#[must_use]
pub fn at_site<'a>(shared: &'a Shared, site: &SiteId, wanted: &Wanted) -> Vec<(UnitId, &'a Unit)> {
    let here = shared.units.iter().filter(|(_, unit)| unit.site == *site && wanted.takes(unit));
    let mut all: Vec<_> = here.map(|(id, unit)| (*id, unit)).collect();
    all.sort_by_key(|(id, unit)| (unit.expiry, *id));
    all
}

/// What expires soon of one component and group in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Soon {
    /// Component.
    pub component: Component,
    /// Group.
    pub group: Group,
    /// How many available units.
    pub count: u32,
    /// When the first of them does.
    pub first: Time,
}

/// What of a region's own record expires between two moments, the most urgent first.
#[must_use]
pub fn expiring(shared: &Shared, now: Time, by: Time) -> Vec<Soon> {
    let mut lines: Vec<Soon> = Vec::new();
    let shelves = shared.shelves.sites.values();
    let kinds = || Component::ALL.iter().flat_map(|c| Group::ALL.map(|group| (*c, group)));
    for (shelf, (component, group)) in shelves.flat_map(|shelf| kinds().map(move |k| (shelf, k))) {
        let slots = shelf.from(component, group, now).take_while(|slot| slot.expiry <= by);
        let expiries: Vec<_> = slots.map(|slot| slot.expiry).collect();
        let Some(first) = expiries.first().copied() else { continue };
        let count = u32::try_from(expiries.len()).unwrap_or(u32::MAX);
        match lines.iter_mut().find(|line| (line.component, line.group) == (component, group)) {
            Some(line) => {
                line.count += count;
                line.first = line.first.min(first);
            }
            None => lines.push(Soon { component, group, count, first }),
        }
    }
    lines.sort_by_key(|line| line.first);
    lines
}
