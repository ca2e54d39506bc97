//! In which hour a stock no longer covers what is used every day and what comes on top of it.

use serde::Serialize;

use super::estimate::Ranged;
use super::parameters::{Curve, Parameters};

/// How many hours are looked at: the estimate is of one day.
pub const HOURS: u32 = 24;

/// Units that arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// In which hour from now, from 1.
    pub hour: u32,
    /// How many.
    pub units: u32,
}

/// What there is of one thing, and what is used of it on an ordinary day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// Units that can be used now.
    pub usable: u32,
    /// Units that arrive.
    pub arrivals: Vec<Arrival>,
    /// Ordinary use in a day, in thousandths of a unit.
    pub milli_per_day: u64,
}

/// How long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasts {
    /// It falls short in this hour, from 1.
    Until(u32),
    /// It lasts through the hours that are looked at.
    Through,
}

impl Lasts {
    /// Whole hours that are covered.
    #[must_use]
    pub const fn hours(self) -> u32 {
        match self {
            Self::Until(hour) => hour.saturating_sub(1),
            Self::Through => HOURS,
        }
    }
}

/// Hours of cover, by the range of the need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cover {
    /// If most is needed.
    pub least: Lasts,
    /// By the plan.
    pub plan: Lasts,
    /// If least is needed.
    pub most: Lasts,
}

/// The first hour in which stock and arrivals fall below ordinary use and `need` of the incident,
/// of which `elapsed` hours have passed.
#[must_use]
pub fn lasts(
    stock: &Stock,
    need: f64,
    (parameters, curve): (&Parameters, Curve),
    elapsed: f64,
) -> Lasts {
    let used = parameters.share(curve, elapsed);
    let short = |hour: &u32| {
        let arrived = stock.arrivals.iter().filter(|one| one.hour <= *hour);
        let there = arrived.fold(u64::from(stock.usable), |sum, one| sum + u64::from(one.units));
        let ordinary = stock.milli_per_day as f64 / 1_000.0 * f64::from(*hour) / 24.0;
        let more = need * (parameters.share(curve, elapsed + f64::from(*hour)) - used);
        // What differs by less than a thousandth of a unit is the same.
        (there as f64) < ordinary + more - 0.001
    };
    (1..=HOURS).find(short).map_or(Lasts::Through, Lasts::Until)
}

/// Hours of cover by the range of the need.
#[must_use]
pub fn cover(stock: &Stock, need: Ranged, reckoned: (&Parameters, Curve), elapsed: f64) -> Cover {
    let of = |need: f64| lasts(stock, need, reckoned, elapsed);
    Cover { least: of(need.high), plan: of(need.plan), most: of(need.low) }
}
