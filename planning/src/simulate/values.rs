//! What one unit more or less is worth to a region: the newsvendor's marginal values, as tables.

use super::draw::pmf;
use super::model::{GROUPS, PerLine};

/// Longest time to expiry, in buckets, for which the chance of use is tabled.
pub const WINDOW: usize = 11;

/// Tables of marginal values, one row after the other.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// `[line]`: chance that more than `n` units are used before new ones come.
    short: Vec<Vec<f64>>,
    /// `[line × WINDOW + buckets]`: chance that the `n`th unit is not used before it expires.
    waste: Vec<Vec<f64>>,
}

/// What the tables are worked out from.
#[derive(Clone, Copy, Debug)]
pub struct Basis {
    /// Days that a stock must last until new units come, by component.
    pub horizon_days: [f64; 3],
    /// Variance of daily use for each unit of its mean.
    pub spread: f64,
    /// Days in a bucket, by component.
    pub bucket_days: [u32; 3],
}

impl Values {
    /// Tables for each region's mean daily use.
    #[must_use]
    pub fn new(use_per_day: &[PerLine<f64>], basis: &Basis) -> Self {
        let mut out = Self::default();
        for lines in use_per_day {
            for (component, groups) in lines.iter().enumerate() {
                let days = f64::from(basis.bucket_days[component]);
                for &mean in groups {
                    out.short.push(above(mean * basis.horizon_days[component], basis.spread));
                    for buckets in 0..WINDOW {
                        let mean = mean * days * (buckets as f64 + 1.0);
                        out.waste.push(unused(mean, basis.spread));
                    }
                }
            }
        }
        out
    }

    fn line(region: usize, component: usize, group: usize) -> usize {
        (region * 3 + component) * GROUPS + group
    }

    /// The chance that a region that holds `units` would need one more before new ones come.
    #[inline]
    #[must_use]
    pub fn short(&self, region: usize, component: usize, group: usize, units: u32) -> f64 {
        let row = &self.short[Self::line(region, component, group)];
        row.get(units as usize).copied().unwrap_or(0.0)
    }

    /// The chance that the last of `units` that expire within so many buckets is not used.
    #[inline]
    #[must_use]
    pub fn waste(
        &self,
        (region, component, group): (usize, usize, usize),
        buckets: u32,
        units: u32,
    ) -> f64 {
        if units == 0 {
            return 0.0;
        }
        let at = Self::line(region, component, group) * WINDOW;
        let row = &self.waste[at + (buckets as usize).min(WINDOW - 1)];
        row.get(units as usize).copied().unwrap_or(1.0)
    }
}

/// P(D > n) for n = 0, 1, 2 …
fn above(mean: f64, spread: f64) -> Vec<f64> {
    let mut left = 1.0;
    let less = |probability: f64| {
        left -= probability;
        left.max(0.0)
    };
    pmf(mean, spread).into_iter().map(less).collect()
}

/// P(D < n) for n = 0, 1, 2 …
fn unused(mean: f64, spread: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let before = |probability: f64| {
        let below = sum;
        sum += probability;
        below
    };
    pmf(mean, spread).into_iter().map(before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_more_is_worth_less_and_less() {
        let mut lines = [[0.0; GROUPS]; 3];
        lines[0][2] = 5.0;
        let basis = Basis { horizon_days: [4.0; 3], spread: 2.0, bucket_days: [1, 1, 14] };
        let values = Values::new(&[lines], &basis);
        let all: Vec<f64> = (0..60).map(|units| values.short(0, 0, 2, units)).collect();
        assert!(all.is_sorted_by(|a, b| a >= b), "{all:?}");
        assert!(all[0] > 0.99 && all[20] > 0.3 && all[20] < 0.6, "{all:?}");
        assert!(all[59] < 1e-4, "{}", all[59]);
        assert!(values.short(0, 0, 0, 0) < 1e-6, "nobody asks for it");
        let waste: Vec<f64> = (0..60).map(|units| values.waste((0, 0, 2), 1, units)).collect();
        assert!(waste.is_sorted(), "{waste:?}");
        assert!(waste[1] < 0.05 && waste[59] > 0.99);
        assert!(values.waste((0, 0, 0), 3, 1) > 0.99, "nobody will use it");
    }
}
