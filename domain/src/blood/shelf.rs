//! Units by site, in the order in which they are looked for: what makes finding ten of a million
//! a matter of microseconds. Follows from the units alone and is never kept.

use imbl::{OrdMap, OrdSet};

use super::model::group::Group;
use super::model::identity::UnitId;
use super::model::phenotype::Antigens;
use super::model::product::{Attributes, Component};
use super::model::unit::{Place, Status, Unit};
use crate::words::{Known, SiteId, Time};

/// An available unit's place in the order: component, group, earliest expiry first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Component.
    pub component: Component,
    /// Group.
    pub group: Group,
    /// Expiry.
    pub expiry: Time,
    /// The unit.
    pub id: UnitId,
    /// Antigens that it is known not to have: what is looked for is ruled out here, without
    /// fetching the unit.
    pub absent: Antigens,
    /// What else is true of it.
    pub attributes: Attributes,
}

impl Slot {
    /// Before or after every unit of an expiry: a bound of ranges.
    const fn bound(component: Component, group: Group, expiry: Time, id: UnitId) -> Self {
        Self { component, group, expiry, id, absent: Antigens::NONE, attributes: Attributes::NONE }
    }
}

/// How many units are in each place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally([u32; Place::ALL.len()]);

impl Tally {
    /// How many are in one place.
    #[must_use]
    pub const fn at(&self, place: Place) -> u32 {
        self.0[place as usize]
    }

    /// How many there are in all places.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.0.iter().sum()
    }

    const fn count(&mut self, place: Place) -> &mut u32 {
        &mut self.0[place as usize]
    }
}

/// One site's units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Those available whose group is known.
    pub available: OrdSet<Slot>,
    /// All of them, counted by component, group and status.
    pub tally: OrdMap<(Component, Option<Group>), Tally>,
}

/// All sites' units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelves {
    /// By site.
    pub sites: OrdMap<SiteId, Shelf>,
    /// Everything that time alone will change, by when: expiries and lapsing reservations.
    pub clock: OrdSet<(Time, UnitId)>,
}

impl Shelf {
    /// Available units of a component and group, earliest expiry first, from a moment on.
    pub fn from(
        &self,
        component: Component,
        group: Group,
        after: Time,
    ) -> impl DoubleEndedIterator<Item = &Slot> {
        let from = Time(after.0.saturating_add(1));
        let first = Slot::bound(component, group, from, UnitId::MIN);
        let last = Slot { expiry: Time(i64::MAX), id: UnitId::MAX, ..first };
        self.available.range(first..=last)
    }

    /// How many available units of a component and group have expired by a moment.
    #[must_use]
    pub fn expired(&self, component: Component, group: Group, by: Time) -> u32 {
        let first = Slot::bound(component, group, Time(i64::MIN), UnitId::MIN);
        let last = Slot { expiry: by, id: UnitId::MAX, ..first };
        u32::try_from(self.available.range(first..=last).count()).unwrap_or(u32::MAX)
    }
}

impl Shelves {
    pub(super) fn put(&mut self, id: &UnitId, unit: &Unit) {
        if let Some(at) = clock(unit) {
            self.clock.insert((at, *id));
        }
        // What is only there to make something else of is nobody's stock.
        if unit.product.is_intermediate() {
            return;
        }
        let shelf = self.sites.entry(unit.site.clone()).or_default();
        let key = (unit.component(), unit.group.value());
        *shelf.tally.entry(key).or_default().count(unit.status.place()) += 1;
        if let Some(slot) = slot(id, unit) {
            shelf.available.insert(slot);
        }
    }

    pub(super) fn take(&mut self, id: &UnitId, unit: &Unit) {
        if let Some(at) = clock(unit) {
            self.clock.remove(&(at, *id));
        }
        if unit.product.is_intermediate() {
            return;
        }
        let Some(shelf) = self.sites.get_mut(&unit.site) else { return };
        let key = (unit.component(), unit.group.value());
        if let Some(tally) = shelf.tally.get_mut(&key) {
            *tally.count(unit.status.place()) -= 1;
            if *tally == Tally::default() {
                shelf.tally.remove(&key);
            }
        }
        if let Some(slot) = slot(id, unit) {
            shelf.available.remove(&slot);
        }
        if shelf.tally.is_empty() {
            self.sites.remove(&unit.site);
        }
    }
}

fn slot(id: &UnitId, unit: &Unit) -> Option<Slot> {
    match (unit.status, unit.group) {
        (Status::Available, Known::Value(group)) => {
            let (absent, attributes) = (unit.phenotype.absent(), unit.attributes);
            let slot = Slot::bound(unit.component(), group, unit.expiry, *id);
            Some(Slot { absent, attributes, ..slot })
        }
        _ => None,
    }
}

/// When time alone changes the unit's status.
fn clock(unit: &Unit) -> Option<Time> {
    match unit.status {
        Status::Available | Status::Quarantined(_) => Some(unit.expiry),
        Status::Reserved { until } => Some(until.min(unit.expiry)),
        // What is on its way or lost is looked at when somebody has it in hand again.
        Status::InTransit | Status::Lost | Status::Outdated | Status::Missing | Status::Issued => {
            None
        }
    }
}

impl<'a> FromIterator<(&'a UnitId, &'a Unit)> for Shelves {
    fn from_iter<I: IntoIterator<Item = (&'a UnitId, &'a Unit)>>(units: I) -> Self {
        let mut shelves = Self::default();
        for (id, unit) in units {
            shelves.put(id, unit);
        }
        shelves
    }
}
