//! Target stocks that a site can work by: how far to fill up, and from when on to worry.
//!
//! [`perishable`] is for components with a short life (platelets): an order-up-to level fitted by
//! simulation, held against the exact optimum of [`crate::replenish`] where that fits. [`cells`] is
//! for red cells: one base stock for each group, fitted together, since groups stand in for one
//! another. Both come with [`Bands`]: the units, and the days of mean use, below which a stock is
//! amber or red.

pub mod cells;
pub mod perishable;

use crate::replenish::demand::Demand;

/// The colour of a stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// It may well not last until an order placed today is there.
    Red,
    /// It will most likely last until then, but not safely until the next.
    Amber,
    /// Enough.
    Green,
}

/// What chance of running out makes a colour. Both are choices of those who use them, not figures
/// from a source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Risk {
    /// Red: running out before an order placed today arrives is likelier than this.
    pub red: f64,
    /// Amber: running out before an order placed tomorrow arrives is likelier than this.
    pub amber: f64,
}

impl Default for Risk {
    fn default() -> Self {
        Self { red: 0.10, amber: 0.01 }
    }
}

/// A target: units, and where the colours begin.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Bands {
    /// Fill up to so many units, counting those on their way.
    pub level: usize,
    /// Fewer units than this are amber.
    pub amber_below: usize,
    /// Fewer units than this are red.
    pub red_below: usize,
    /// Mean use, units a day.
    pub mean_daily: f64,
}

impl Bands {
    /// Bands for a demand by weekday (or one for all days), by the worst window of days.
    #[must_use]
    pub fn new(level: usize, demand: &[Demand], lead_days: usize, risk: Risk) -> Self {
        let lasts = |days: usize, risk: f64| {
            let window = |first: usize| {
                let mut of = (first..first + days).map(|day| &demand[day % demand.len()]);
                let Some(one) = of.next().cloned() else { return 0 };
                of.fold(one, |all, one| all.plus(one)).quantile(1.0 - risk)
            };
            (0..demand.len()).map(window).max().unwrap_or(0)
        };
        let mean_daily = demand.iter().map(Demand::mean).sum::<f64>() / demand.len().max(1) as f64;
        let amber_below = lasts(lead_days + 1, risk.amber).min(level);
        let red_below = lasts(lead_days, risk.red).min(amber_below);
        Self { level, amber_below, red_below, mean_daily }
    }

    /// The colour of a stock of so many units.
    #[must_use]
    pub fn colour(&self, units: usize) -> Colour {
        if units < self.red_below {
            Colour::Red
        } else if units < self.amber_below {
            Colour::Amber
        } else {
            Colour::Green
        }
    }

    /// Units in days of mean use; none where nothing is used.
    #[must_use]
    pub fn days(&self, units: usize) -> Option<f64> {
        (self.mean_daily > 0.0).then(|| units as f64 / self.mean_daily)
    }
}

/// How a level is fitted: the same drawn days for every level that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Independent runs, at least 2.
    pub replications: u32,
    /// Days of each that count.
    pub days: u32,
    /// Days of each before those.
    pub warm_up_days: u32,
    /// What all is drawn from.
    pub seed: u64,
}

impl Default for Trial {
    fn default() -> Self {
        Self { replications: 100, days: 364, warm_up_days: 56, seed: 1 }
    }
}
