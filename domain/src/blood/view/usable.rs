//! How much of something a region can use now, counting its own record and what other systems
//! told, and never counting what nobody told as nothing.

use super::super::model::group::Group;
use super::super::model::product::Component;
use super::super::model::stock::{ExternalCount, ExternalStock, Line};
use super::super::model::unit::Place;
use super::super::state::Shared;
use crate::kernel;
use crate::kernel::model::{RecordKeeper, Site, SiteKind};
use crate::rulesets::{InForce, Key};
use crate::words::{Known, Time};

/// What is usable: at least so much, and whether that is all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usable {
    /// Units that somebody has counted.
    pub known: u32,
    /// Whether some place that holds such units has not said how many.
    pub partly_unknown: bool,
}

impl Usable {
    /// Whether it certainly lies below a minimum.
    #[must_use]
    pub const fn below(self, minimum: u32) -> bool {
        self.known < minimum && !self.partly_unknown
    }

    /// Whether it certainly reaches a minimum.
    #[must_use]
    pub const fn reaches(self, minimum: u32) -> bool {
        self.known >= minimum
    }

    /// The number, if it is all.
    #[must_use]
    pub fn value(self) -> Known<u32> {
        if self.partly_unknown { Known::Unknown } else { Known::Value(self.known) }
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            known: self.known.saturating_add(other.known),
            partly_unknown: self.partly_unknown || other.partly_unknown,
        }
    }
}

/// What a region can use of a line now.
#[must_use]
pub fn usable(shared: &Shared, kernel: &kernel::Shared, line: Line, now: Time) -> Usable {
    let mut all = Usable { known: 0, partly_unknown: unsaid(shared, kernel, now) };
    for (id, shelf) in &shared.shelves.sites {
        // Where another system's record rules now, its count is the one that holds.
        if kernel.sites.get(id).is_none_or(|site| site.record != RecordKeeper::Samband) {
            continue;
        }
        for group in groups(line) {
            all.known = all.known.saturating_add(on_shelf(shelf, line.component, group, now));
        }
    }
    for site in told_sites(shared, kernel, now) {
        let stock = shared.external.get(&site.id).map(|stated| &stated.value);
        all = all.and(told(stock, line));
    }
    all
}

/// Whether a blood centre that the region keeps in its own record has not begun it yet: what lies
/// there is unknown, however much is known of the others.
pub(crate) fn unsaid(shared: &Shared, kernel: &kernel::Shared, now: Time) -> bool {
    own_centres(kernel, now).any(|site| !shared.has_begun_at(&site.id))
}

/// The open blood centres that a region keeps in its own record.
pub(crate) fn own_centres(kernel: &kernel::Shared, now: Time) -> impl Iterator<Item = &Site> {
    kernel.sites.values().filter(move |site| is_own_centre(site, now))
}

/// Whether a site is an open blood centre that its region keeps in its own record.
pub(crate) fn is_own_centre(site: &Site, now: Time) -> bool {
    site.record == RecordKeeper::Samband
        && site.window.contains(now)
        && site.kind == SiteKind::BloodCentre
}

/// The open sites whose blood another system counts.
pub(crate) fn told_sites<'a>(
    shared: &'a Shared,
    kernel: &'a kernel::Shared,
    now: Time,
) -> impl Iterator<Item = &'a Site> {
    kernel.sites.values().filter(move |site| {
        site.record == RecordKeeper::External
            && site.window.contains(now)
            && holds_blood(site, shared)
    })
}

/// Whether a site of another system's record holds blood: by what it is, or since it told so.
pub(crate) fn holds_blood(site: &Site, shared: &Shared) -> bool {
    matches!(site.kind, SiteKind::BloodCentre | SiteKind::Depot)
        || shared.external.contains_key(&site.id)
}

fn groups(line: Line) -> impl Iterator<Item = Group> {
    let wanted = move |group: &Group| line.group.is_none_or(|one| one == *group);
    Group::ALL.iter().copied().filter(wanted)
}

/// Available and not past its expiry.
pub(crate) fn on_shelf(
    shelf: &super::super::shelf::Shelf,
    component: Component,
    group: Group,
    now: Time,
) -> u32 {
    let tally = shelf.tally.get(&(component, Some(group)));
    let available = tally.map_or(0, |tally| tally.at(Place::Available));
    available.saturating_sub(shelf.expired(component, group, now))
}

/// Whether another system told of all of a line: of the group, or of all groups and so of the
/// rest. What it did not speak of is unknown.
pub(crate) fn tells(stock: Option<&ExternalStock>, line: Line) -> bool {
    let row = |group: Known<Group>| {
        let mut rows = stock.into_iter().flat_map(|stock| &stock.rows);
        rows.any(|row| row.component == line.component && row.group == group)
    };
    let of_groups = groups(line).all(|group| row(Known::Value(group)));
    of_groups || (line.group.is_none() && row(Known::Unknown))
}

/// What another system told of a line.
fn told(stock: Option<&ExternalStock>, line: Line) -> Usable {
    let mut all = Usable { known: 0, partly_unknown: !tells(stock, line) };
    let of_line = |row: &&ExternalCount| {
        let group = line.group.is_none_or(|group| row.group == Known::Value(group));
        row.component == line.component && group
    };
    for row in stock.into_iter().flat_map(|stock| &stock.rows).filter(of_line) {
        all = all.and(match row.available {
            Known::Value(known) => Usable { known, partly_unknown: false },
            Known::Unknown => Usable { known: 0, partly_unknown: true },
        });
    }
    all
}

/// Everything that a minimum can be set for.
pub fn minimum_lines() -> impl Iterator<Item = Line> {
    let red =
        Group::ALL.iter().map(|group| Line { component: Component::RedCells, group: Some(*group) });
    let whole = [Component::Platelets, Component::Plasma];
    red.chain(whole.map(|component| Line { component, group: None }))
}

/// The minimum that the rules set for a line; none if they set none.
#[must_use]
pub fn minimum(rules: &InForce, line: Line) -> Option<u32> {
    let name = match line.group {
        Some(group) => format!("minimum_stock.{}.{}", line.component, group.as_str()),
        None => format!("minimum_stock.{}", line.component),
    };
    rules.count(Key::find(&name)?).ok()
}
