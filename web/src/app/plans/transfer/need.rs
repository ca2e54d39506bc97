//! What a place needs day by day and group by group, from the best source there is.

use std::collections::BTreeMap;

use jiff::ToSpan;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::Part;
use samband_domain::plans;
use samband_domain::words::Day;
use samband_domain::{JournalId, Known, SiteId};
use samband_planning::forecast::{Key, Table, means};

/// From so many known days within [`LATELY`] on, recorded use is a better guide than a stated
/// figure.
const DAYS_KNOWN: usize = 28;
/// From so many known days on, weekdays and holidays can be told apart.
const FORECAST_KNOWN: usize = 56;
/// Days that are looked back upon: eight weeks for the mean, a year and a week for the calendar.
const LATELY: usize = 56;
const BACK: usize = 371;

/// Where a place's need of a group comes from, the best source first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A forecast from what was used there: weekdays, holidays, level.
    Forecast,
    /// The mean of what was used there lately.
    Used,
    /// A figure stated for the place.
    Stated,
    /// A figure stated for the region, shared out over its places by what lies there.
    Shared,
}

impl Need {
    /// As message key and in the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forecast => "forecast",
            Self::Used => "used",
            Self::Stated => "stated",
            Self::Shared => "shared",
        }
    }
}

/// A need: thousandths of a unit on each day of the horizon, and where that comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Daily {
    pub(super) milli: Vec<u64>,
    pub(super) from: Need,
}

/// What was used of a component, everywhere, up to the day before the plan's first.
pub(super) struct History {
    days: usize,
    first: Day,
    series: BTreeMap<Key, Vec<Option<u32>>>,
    ahead: BTreeMap<Key, Vec<f64>>,
}

fn key(region: &JournalId, site: &SiteId, component: Component, group: Group) -> Key {
    Key { site: format!("{region}/{site}"), component, group: Some(group) }
}

impl History {
    /// No place's use yet.
    pub(super) fn before(today: Day) -> Option<Self> {
        let back = i64::try_from(BACK).ok()?.days();
        let first = Day::new(today.date().checked_sub(back).ok()?)?;
        Some(Self { days: BACK, first, series: BTreeMap::new(), ahead: BTreeMap::new() })
    }

    /// Takes up what a place used; groups of which too little is known are left out.
    pub(super) fn take_up(
        &mut self,
        (part, plans): (&Part<'_>, &plans::Shared),
        site: &SiteId,
        component: Component,
    ) {
        let last = self.first.plus_days(u32::try_from(self.days - 1).unwrap_or(0));
        for group in Group::ALL {
            let line = Line { component, group: Some(group) };
            let days = plans::view::used((plans, part.stock), site, line, (self.first, last));
            let days: Vec<_> = days.into_iter().map(Known::value).collect();
            if days[self.days - LATELY..].iter().flatten().count() >= DAYS_KNOWN {
                self.series.insert(key(part.journal, site, component, group), days);
            }
        }
    }

    /// Reckons what weekdays and holidays say of the days to come.
    pub(super) fn look_ahead(&mut self, horizon: usize) {
        let enough = |units: &&Vec<Option<u32>>| units.iter().flatten().count() >= FORECAST_KNOWN;
        let series = self.series.iter().filter(|(_, units)| enough(units));
        let series: BTreeMap<_, _> = series.map(|(k, units)| (k.clone(), units.clone())).collect();
        if !series.is_empty() {
            self.ahead = means(&Table { first: self.first, days: self.days, series }, horizon);
        }
    }

    fn of(&self, key: &Key, horizon: usize) -> Option<Daily> {
        if let Some(days) = self.ahead.get(key) {
            let milli = days.iter().map(|mean| (mean.max(0.0) * 1_000.0).round() as u64).collect();
            return Some(Daily { milli, from: Need::Forecast });
        }
        let lately = &self.series.get(key)?[self.days - LATELY..];
        let (sum, known) = (lately.iter().flatten().sum::<u32>(), lately.iter().flatten().count());
        let mean = u64::from(sum) * 1_000 / u64::try_from(known.max(1)).ok()?;
        Some(Daily { milli: vec![mean; horizon], from: Need::Used })
    }
}

/// What a place needs of a group. `mine` and `whole` are what lies there and in all places of the
/// region together: where either is unknown, a region's figure cannot be shared out.
pub(super) fn of(
    part: &Part<'_>,
    history: Option<&History>,
    (site, component, group): (&SiteId, Component, Group),
    (mine, whole): (Known<i64>, Known<i64>),
    horizon: usize,
) -> Option<Daily> {
    let known = key(part.journal, site, component, group);
    if let Some(found) = history.and_then(|history| history.of(&known, horizon)) {
        return Some(found);
    }
    let line = Line { component, group: Some(group) };
    let stated = |site: Option<&SiteId>| {
        part.stock.demand(site, line).and_then(|said| said.value.milli_per_day.value())
    };
    if let Some(milli) = stated(Some(site)) {
        return Some(Daily { milli: vec![milli; horizon], from: Need::Stated });
    }
    let (mine, whole) = (mine.value()?, whole.value()?);
    let (mine, whole) = (u64::try_from(mine).ok()?, u64::try_from(whole).ok()?);
    // What an empty place needs, nobody can tell from what lies there.
    if mine == 0 || whole == 0 {
        return None;
    }
    let milli = stated(None)?.saturating_mul(mine) / whole;
    Some(Daily { milli: vec![milli; horizon], from: Need::Shared })
}

/// Whole units day by day whose sum never strays half a unit from the rate so far.
pub(super) fn whole_units(milli: &[u64]) -> Vec<i64> {
    let (mut sum, mut given) = (0_u64, 0_u64);
    let day = |milli: &u64| {
        sum = sum.saturating_add(*milli);
        let upto = (sum + 500) / 1_000;
        let units = upto - given;
        given = upto;
        i64::try_from(units).unwrap_or(0)
    };
    milli.iter().map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_units_follow_the_rate_and_keep_the_weekday() {
        assert_eq!(whole_units(&[400; 5]), [0, 1, 0, 1, 0]);
        assert_eq!(whole_units(&[2_600, 2_600, 300, 200, 2_600]), [3, 2, 1, 0, 2]);
        assert_eq!(whole_units(&[]), Vec::<i64>::new());
    }
}
