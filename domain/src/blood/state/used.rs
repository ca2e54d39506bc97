//! What was transfused, day by day: what a forecast is made from.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::Shared;
use crate::blood::event::Used;
use crate::blood::model::stock::Line;
use crate::blood::model::unit::Fate;
use crate::words::{Day, Known, Meta, SiteId};

/// Days that are kept: four years.
const DAYS: i64 = 1_461;

/// What was transfused of the units that lay at a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedThere {
    /// The first whole day of the site's record: before it nobody knows.
    pub since: Day,
    /// Units by day and line, each of one group; a line that is not there was not used.
    pub days: OrdMap<(Day, Line), u32>,
}

impl UsedThere {
    /// Units of a day; of all groups together if the line names none.
    #[must_use]
    pub fn on(&self, day: Day, line: Line) -> u32 {
        if line.group.is_some() {
            return self.days.get(&(day, line)).copied().unwrap_or(0);
        }
        let from = (day, Line { component: line.component, group: None });
        let rest = self.days.range(from..);
        let same = rest.take_while(|((on, of), _)| *on == day && of.component == line.component);
        same.map(|(_, units)| units).sum()
    }
}

/// The site's own record begins.
pub(super) fn begin(shared: &mut Shared, site: &SiteId, meta: &Meta) {
    let since = Day::of(meta.happened).plus_days(1);
    let new = || UsedThere { since, days: OrdMap::new() };
    shared.used.entry(site.clone()).or_insert_with(new);
}

/// Units were transfused; what was wasted is no demand.
pub(super) fn count(shared: &mut Shared, used: &Used, meta: &Meta) {
    if !matches!(used.fate, Fate::Transfused | Fate::PresumedTransfused) {
        return;
    }
    let day = Day::of(meta.happened);
    for id in &used.units {
        let Some(unit) = shared.units.get(id) else { continue };
        let Known::Value(group) = unit.group else { continue };
        let line = Line { component: unit.component(), group: Some(group) };
        let new = || UsedThere { since: day, days: OrdMap::new() };
        let there = shared.used.entry(unit.site.clone()).or_insert_with(new);
        *there.days.entry((day, line)).or_insert(0) += 1;
        let old = there.days.keys().take_while(|(on, _)| day.days_since(*on) >= DAYS).copied();
        for key in old.collect::<Vec<_>>() {
            there.days.remove(&key);
        }
    }
}
