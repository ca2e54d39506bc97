//! What series lend each other: the sum over groups has a calendar, each group a share of it.

use std::collections::BTreeMap;

use samband_domain::blood::model::{Component, Group};

use super::regress::{Fit, Row, TERMS, bend, fit};
use super::series::{Key, Table};

/// Most days that a fit looks back on: two years.
pub(super) const BACK: usize = 731;

/// Pulls of the pool's own fit: next to none on weekdays, some on the days that are few.
const POOL_PULL: Row = [0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 4.0, 4.0, 4.0, 40.0];
/// Pulls of a series towards its share of the pool.
const OWN_PULL: Row = [8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 20.0, 20.0, 20.0, 80.0];

/// What was known when a forecast is made.
pub(super) struct Past<'a> {
    pub(super) table: &'a Table,
    /// Rows of the calendar for every day of the table and ahead of it.
    pub(super) rows: &'a [Row],
    /// The first day that is not known.
    pub(super) origin: usize,
}

/// Known days of a series before the origin, as rows and units.
fn known(past: &Past<'_>, units: &[Option<u32>]) -> (Vec<Row>, Vec<f64>) {
    let from = past.origin.saturating_sub(BACK);
    let days = (from..past.origin).filter_map(|at| Some((past.rows[at], f64::from(units[at]?))));
    days.unzip()
}

/// Which series share a calendar: those of a site and component by group; a series of all groups
/// together is a pool of its own, or it would count twice.
type Pool = (String, Component, bool);

fn pool_of(key: &Key) -> Pool {
    (key.site.clone(), key.component, key.group.is_none())
}

/// A share of a pool of a site and component, and how its rate and dispersion were shrunk.
pub(super) struct Pooled {
    /// Each pool's fit.
    fits: BTreeMap<Pool, Fit>,
    /// Shares of groups over all sites, per component.
    common: BTreeMap<(Component, Option<Group>), f64>,
    /// Expected units of the pool that count as much as one's own in a share.
    strength: f64,
}

impl Pooled {
    pub(super) fn of(past: &Past<'_>) -> Self {
        let mut sums: BTreeMap<Pool, Vec<Option<u32>>> = BTreeMap::new();
        let mut totals: BTreeMap<(Component, Option<Group>), f64> = BTreeMap::new();
        for (key, units) in &past.table.series {
            let sum = sums.entry(pool_of(key)).or_insert_with(|| vec![Some(0); past.table.days]);
            // A day on which one group is unknown is unknown for the sum.
            for (sum, units) in sum.iter_mut().zip(units) {
                *sum = sum.zip(*units).map(|(sum, units)| sum + units);
            }
            let (_, units) = known(past, units);
            *totals.entry((key.component, key.group)).or_default() += units.iter().sum::<f64>();
        }
        let fits = sums
            .into_iter()
            .map(|(site, units)| {
                let (rows, units) = known(past, &units);
                (site, fit_pool(&rows, &units))
            })
            .collect();
        let mut common = totals.clone();
        for ((component, group), share) in &mut common {
            let same = totals
                .iter()
                .filter(|((other, of), _)| other == component && of.is_none() == group.is_none());
            *share /= same.map(|(_, units)| units).sum::<f64>().max(1.0);
        }
        Self { fits, common, strength: 200.0 }
    }

    /// The series as a share of its pool. The share is drawn to that of all sites as if the pool
    /// had been seen for `strength` units more; dispersion is drawn to the pool's.
    pub(super) fn share(&self, past: &Past<'_>, key: &Key) -> Option<Fit> {
        let pool = self.fits.get(&pool_of(key))?;
        let (rows, units) = known(past, past.table.series.get(key)?);
        let expected: f64 = rows.iter().map(|row| pool.mean(row)).sum();
        let common = self.common.get(&(key.component, key.group)).copied().unwrap_or(0.0);
        let seen: f64 = units.iter().sum();
        let share = (seen + self.strength * common + 1e-3) / (expected + self.strength);
        let mut own = *pool;
        own.terms[..7].iter_mut().for_each(|term| *term += share.ln());
        own.bend = bend(&rows, &units, &own, pool.bend);
        Some(own)
    }

    /// The series by its own days, drawn towards its share of the pool.
    pub(super) fn own(&self, past: &Past<'_>, key: &Key) -> Option<Fit> {
        let prior = self.share(past, key)?;
        let (rows, units) = known(past, past.table.series.get(key)?);
        Some(fit(&rows, &units, &prior, &OWN_PULL))
    }
}

fn fit_pool(rows: &[Row], units: &[f64]) -> Fit {
    let mean = units.iter().sum::<f64>() / (units.len().max(1) as f64);
    let mut start = Fit { terms: [0.0; TERMS], bend: 0.1 };
    start.terms[..7].fill(mean.max(0.01).ln());
    fit(rows, units, &start, &POOL_PULL)
}
