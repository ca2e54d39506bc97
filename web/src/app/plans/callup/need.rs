//! What a region needs week by week, from the best source there is, and where that comes from.

use std::collections::BTreeSet;

use jiff::civil::Date;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::kernel::{Site, SiteKind};
use samband_domain::words::Day;
use samband_domain::{Known, Period, SiteId, Time};
use samband_engine::Journal;
use samband_planning::forecast::{Key, Table, spreads, weeks};
use samband_planning::progress::Progress;

use super::WEEKS;
use crate::app::plans::forecast::{self, Asked, Source};
use crate::app::plans::targets;
use crate::app::stock::part;

/// With this probability, in per cent, what the forecast asks for lasts through each week's end.
/// An assumption.
pub const SURE: u8 = 75;
/// Weeks over which stock below its target is filled up. An assumption.
pub const REFILL: usize = 4;
/// From so many known days on, weekdays and holidays can be told apart.
const FORECAST_KNOWN: usize = 56;
/// Days that are looked back upon, and how many of them must be known.
const LATELY: (usize, usize) = (56, 28);

/// Where a region's weekly need comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A forecast of what all its places will use, week by week.
    Forecast,
    /// The mean of what all its places used lately.
    Used,
    /// A figure that it stated.
    Stated,
}

impl Need {
    /// As message key and in the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forecast => "forecast",
            Self::Used => "used",
            Self::Stated => "stated",
        }
    }
}

/// What stock and its targets do to the need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refill {
    /// Groups at places with a target whose stock is known.
    pub counted: u32,
    /// Groups at places with a target whose stock nobody knows: they change nothing.
    pub blind: u32,
    /// Units that are lacking to the targets, over all groups that lack some.
    pub lacking: u32,
    /// Units above the targets, over all groups that have some: they serve first.
    pub above: u32,
}

/// A region's need.
#[derive(Clone, Debug, PartialEq)]
pub struct Needed {
    /// Units by week and group.
    pub weeks: Vec<[f64; 8]>,
    /// Where they come from.
    pub by: Need,
    /// Who says so, as a person would cite it.
    pub sources: Vec<String>,
    /// Its first day: of what is known, or of the period that the figure covers.
    pub from: Day,
    /// Its last day.
    pub through: Day,
    /// What stock does to it; part of the weeks already.
    pub refill: Refill,
}

impl Needed {
    /// Units a week, all groups together: the mean of the weeks.
    #[must_use]
    pub fn weekly(&self) -> f64 {
        self.weeks.iter().flatten().sum::<f64>() / self.weeks.len().max(1) as f64
    }
}

/// Units of red cells that a region needs in each week of the plan; none if nobody knows.
pub(super) fn needed(journal: &Journal, first: Day, now: Time) -> Option<Needed> {
    let table = forecast::table(journal.shared(), Day::of(now));
    let looked = table.and_then(|table| looked_ahead(journal, &table, first, now));
    let mut found = looked.or_else(|| stated(journal, now))?;
    let (net, refill) = refill(journal, now);
    fill_up(&mut found.weeks, &net);
    found.refill = refill;
    Some(found)
}

/// From use: a forecast where weekdays and holidays can be told apart, else the mean lately.
fn looked_ahead(journal: &Journal, whole: &Table, first: Day, now: Time) -> Option<Needed> {
    let shared = journal.shared();
    let asked = |group| {
        let (region, component) = (journal.id.clone(), Component::RedCells);
        Asked { region, site: None, component, group: Some(group), weeks: WEEKS }
    };
    let (table, key, sites, left_out) =
        forecast::laid_out(shared, whole, &asked(Group::ALL[0]), now);
    if sites.is_empty() || !left_out.is_empty() || !holding(journal).is_subset(&ids(&sites)) {
        return None;
    }
    let of = |group| Key { group: Some(group), ..key.clone() };
    let today = usize::try_from(Day::of(now).days_since(table.first)).ok()?;
    let lately = |group: Group| {
        let units = table.series.get(&of(group)).map_or(&[][..], Vec::as_slice);
        let from = today.saturating_sub(LATELY.0).min(units.len());
        let known: Vec<u32> = units[from..].iter().flatten().copied().collect();
        (known.len() >= LATELY.1).then_some((units, known))
    };
    let lately: Vec<_> = Group::ALL.into_iter().map(lately).collect::<Option<_>>()?;
    let known = |units: &[Option<u32>]| units.iter().flatten().count();
    let seasonal = lately.iter().all(|(units, _)| known(units) >= FORECAST_KNOWN);
    let ahead = if seasonal { by_forecast(&table, of, first) } else { None };
    let by = if ahead.is_some() { Need::Forecast } else { Need::Used };
    let weeks = ahead.unwrap_or_else(|| {
        let mean = |days: &[u32]| 7.0 * f64::from(days.iter().sum::<u32>()) / days.len() as f64;
        vec![std::array::from_fn(|group| mean(&lately[group].1)); WEEKS]
    });
    let told = |units: &[Option<u32>]| units.iter().rposition(Option::is_some);
    let last = lately.iter().filter_map(|(units, _)| told(units)).min()?;
    let begun = |units: &[Option<u32>]| units.iter().position(Option::is_some);
    let from = lately.iter().filter_map(|(units, _)| begun(units)).max()?;
    let from = if by == Need::Used { from.max(today.saturating_sub(LATELY.0)) } else { from };
    let sources = cited(forecast::sources(shared, &sites, Day::of(now)));
    let (from, through) = (table.day(from), table.day(last));
    Some(Needed { weeks, by, sources, from, through, refill: Refill::default() })
}

fn ids(sites: &[SiteId]) -> BTreeSet<SiteId> {
    sites.iter().cloned().collect()
}

fn by_forecast(table: &Table, of: impl Fn(Group) -> Key, first: Day) -> Option<Vec<[f64; 8]>> {
    let skip = usize::try_from(first.days_since(table.day(table.days))).ok()?;
    let mut all = vec![[0.0; 8]; WEEKS];
    for group in Group::ALL {
        let horizon = skip + 7 * WEEKS;
        let (_, days) = spreads(table, &of(group), horizon, &Progress::default()).ok()?;
        let found = weeks(days.get(skip..)?, SURE);
        if found.needed.len() != WEEKS {
            return None;
        }
        for (week, units) in all.iter_mut().zip(found.needed) {
            week[group.index()] = units;
        }
    }
    Some(all)
}

/// Who says what was used: reports by their source, and the sites' own records.
fn cited(sources: Vec<Source>) -> Vec<String> {
    let names = sources.into_iter().filter_map(|source| match source {
        Source::Reported(report) => Some(report.source),
        Source::Own(..) => None,
    });
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect()
}

/// What the region stated of itself, group by group.
fn stated(journal: &Journal, now: Time) -> Option<Needed> {
    let part = part(journal, now);
    let mut week = [0.0; 8];
    let (mut sources, mut days) = (BTreeSet::new(), Vec::new());
    for group in Group::ALL {
        let line = Line { component: Component::RedCells, group: Some(group) };
        let said = &part.stock.demand(None, line)?.value;
        week[group.index()] = 7.0 * said.milli_per_day.value()? as f64 / 1_000.0;
        sources.insert(said.source.clone());
        days.push(ends(said.period)?);
    }
    let (from, through) =
        (days.iter().map(|one| one.0).min()?, days.iter().map(|one| one.1).min()?);
    let (weeks, sources) = (vec![week; WEEKS], sources.into_iter().collect());
    Some(Needed { weeks, by: Need::Stated, sources, from, through, refill: Refill::default() })
}

/// The first and the last day of a period.
fn ends(period: Period) -> Option<(Day, Day)> {
    let first = match period {
        Period::Year(year) => Date::new(year, 1, 1).ok()?,
        Period::Month(year, month) => Date::new(year, month, 1).ok()?,
        Period::Day(date) => date,
    };
    Some((Day::new(first)?, Day::new(period.end().yesterday().ok()?)?))
}

/// The places that hold red cells and are no depot or bus: all of them must be known of.
fn holding(journal: &Journal) -> BTreeSet<SiteId> {
    let stock = &journal.shared().blood;
    let red = |site: &SiteId| {
        let here = stock.units.values();
        let mut here = here.filter(|unit| unit.site == *site);
        here.any(|unit| unit.component() == Component::RedCells)
    };
    let holds = |site: &&Site| {
        !matches!(site.kind, SiteKind::Depot | SiteKind::MobileUnit)
            && (stock.external.contains_key(&site.id) || red(&site.id))
    };
    journal.shared().kernel.sites.values().filter(holds).map(|site| site.id.clone()).collect()
}

/// What lacks to the targets that are set, by group: above zero is lacking.
fn refill(journal: &Journal, now: Time) -> ([i64; 8], Refill) {
    let (mut net, mut seen) = ([0_i64; 8], Refill::default());
    let set = journal.shared().plans.targets.keys();
    let set = set.filter(|(_, line)| line.component == Component::RedCells);
    let sites: BTreeSet<&SiteId> = set.map(|(site, _)| site).collect();
    for site in sites {
        for row in targets::rows(journal, None, (site, Component::RedCells), now) {
            let (Some(group), Some(held)) = (row.line.group, row.held) else { continue };
            match row.units {
                Known::Value(units) => {
                    net[group.index()] += i64::from(held.target.fill_to) - i64::from(units);
                    seen.counted += 1;
                }
                Known::Unknown => seen.blind += 1,
            }
        }
    }
    let count = |units: i64| u32::try_from(units.max(0)).unwrap_or(u32::MAX);
    seen.lacking = net.iter().map(|units| count(*units)).sum();
    seen.above = net.iter().map(|units| count(-units)).sum();
    (net, seen)
}

/// What lacks is asked for over the first weeks; what lies above serves first.
fn fill_up(weeks: &mut [[f64; 8]], net: &[i64; 8]) {
    for (group, net) in net.iter().enumerate() {
        let mut above = (-net).max(0) as f64;
        let lacking = (*net).max(0) as f64 / REFILL as f64;
        for (at, week) in weeks.iter_mut().enumerate() {
            let served = above.min(week[group]);
            above -= served;
            week[group] += if at < REFILL { lacking } else { 0.0 } - served;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fill_up;

    #[test]
    fn stock_above_its_target_serves_first_and_what_lacks_is_asked_for_over_four_weeks() {
        let mut weeks = vec![[10.0; 8]; 6];
        fill_up(&mut weeks, &[8, -25, 0, 0, 0, 0, 0, 0]);
        let of = |group: usize| weeks.iter().map(|week| week[group]).collect::<Vec<_>>();
        assert_eq!(of(0), [12.0, 12.0, 12.0, 12.0, 10.0, 10.0]);
        assert_eq!(of(1), [0.0, 0.0, 5.0, 10.0, 10.0, 10.0]);
        assert_eq!(of(2), [10.0; 6]);
    }
}
