//! One series as a page shows it: what came against what had been forecast for those days from
//! the days before them, what is forecast for the days ahead, by which model, and why by that one.

use samband_domain::words::Day;
use serde::Serialize;

use super::backtest::{SAYS, Score, Tested, backtest_of, rows};
use super::models::{Model, forecast};
use super::pool::{Past, Pooled};
use super::series::{Key, Table};
use super::spread::Spread;
use crate::progress::{Progress, Stopped};

/// Days that are looked back upon: four weeks.
pub const BACK_DAYS: usize = 28;
/// Fewest known days that a forecast is made from.
pub const LEAST_KNOWN: usize = SAYS;
/// What the limits of a day stand for, in thousandths.
pub const LIMITS: [u16; 5] = [25, 100, 500, 900, 975];

/// What is forecast for a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Limits {
    /// The day.
    pub date: Day,
    /// Expected units.
    pub mean: f64,
    /// Units not exceeded with a probability of 2.5, 10, 50, 90 and 97.5 percent.
    pub limits: [u32; 5],
}

/// A day that has come, and what had been forecast for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Came {
    /// The day.
    pub date: Day,
    /// What was used; none where nobody knows.
    pub units: Option<u32>,
    /// What had been forecast; none where too few days were known then.
    pub forecast: Option<Limits>,
}

/// The last days held against what had been forecast for them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Back {
    /// The model that had done best before them.
    pub model: Model,
    /// How it did on them.
    pub score: Score,
    /// How the same weekday a week earlier did on them.
    pub seasonal_naive: Score,
}

/// A series with its forecast.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    /// Whose.
    #[serde(flatten)]
    pub key: Key,
    /// Days on which something is known.
    pub known_days: usize,
    /// The last of them.
    pub last_known: Option<Day>,
    /// The last day of the table: the forecast begins the day after.
    pub last_day: Day,
    /// Earlier days at which models were compared.
    pub origins: usize,
    /// Why the model is the one it is.
    pub tested: Tested,
    /// The last days.
    pub came: Vec<Came>,
    /// What they say of forecasts; none where too few days were known before them.
    pub back: Option<Back>,
    /// The days ahead.
    pub ahead: Vec<Limits>,
}

/// Why a series is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotShown {
    /// Too little is known of it; nothing is made of that.
    #[error("{known} days are known, {needed} are needed")]
    TooFew {
        /// Days known.
        known: usize,
        /// Days needed.
        needed: usize,
    },
    /// The run was stopped.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// How many days of a series are known.
#[must_use]
pub fn known_days(table: &Table, key: &Key) -> usize {
    table.series.get(key).map_or(0, |units| units.iter().flatten().count())
}

/// One series with its forecast over so many days.
///
/// # Errors
/// [`NotShown`] says how many days are missing.
pub fn shown(
    table: &Table,
    key: &Key,
    horizon: usize,
    progress: &Progress,
) -> Result<Shown, NotShown> {
    let known = enough(table, key)?;
    let (tested, origins) = tested(table, key, horizon, progress)?;
    let spreads = ahead(table, key, tested.model, table.days, horizon);
    let (came, back) = looked_back(table, key, progress)?;
    let units = table.series.get(key).map_or(&[][..], Vec::as_slice);
    Ok(Shown {
        key: key.clone(),
        known_days: known,
        last_known: units.iter().rposition(Option::is_some).map(|at| table.day(at)),
        last_day: table.day(table.days.saturating_sub(1)),
        origins,
        ahead: limits(table, table.days, &spreads),
        tested,
        came,
        back,
    })
}

/// A series' days ahead as distributions, by the model that did best for it.
///
/// # Errors
/// [`NotShown`] says how many days are missing.
pub fn spreads(
    table: &Table,
    key: &Key,
    horizon: usize,
    progress: &Progress,
) -> Result<(Model, Vec<Spread>), NotShown> {
    enough(table, key)?;
    let (tested, _) = tested(table, key, horizon, progress)?;
    Ok((tested.model, ahead(table, key, tested.model, table.days, horizon)))
}

fn enough(table: &Table, key: &Key) -> Result<usize, NotShown> {
    let known = known_days(table, key);
    if known < LEAST_KNOWN {
        return Err(NotShown::TooFew { known, needed: LEAST_KNOWN });
    }
    Ok(known)
}

fn tested(
    table: &Table,
    key: &Key,
    horizon: usize,
    progress: &Progress,
) -> Result<(Tested, usize), Stopped> {
    let mut all = backtest_of(table, &[key], horizon, progress)?;
    let first = all.series.pop();
    let none = || Tested {
        key: key.clone(),
        model: Model::FIRST,
        chosen: Score::default(),
        seasonal_naive: Score::default(),
        crps_by_model: Default::default(),
    };
    Ok((first.unwrap_or_else(none), all.origins))
}

fn ahead(table: &Table, key: &Key, model: Model, origin: usize, horizon: usize) -> Vec<Spread> {
    let rows = rows(table, horizon);
    let past = Past { table, rows: &rows, origin };
    forecast(model, &past, &Pooled::of(&past), key, horizon).unwrap_or_default()
}

fn limits(table: &Table, from: usize, spreads: &[Spread]) -> Vec<Limits> {
    let day = |(at, spread): (usize, &Spread)| Limits {
        date: table.day(from + at),
        mean: spread.mean(),
        limits: LIMITS.map(|permille| spread.quantile_permille(permille)),
    };
    spreads.iter().enumerate().map(day).collect()
}

/// The last four weeks against what the days before them had said: model and figures alike come
/// from a table that ends where they begin.
fn looked_back(
    table: &Table,
    key: &Key,
    progress: &Progress,
) -> Result<(Vec<Came>, Option<Back>), Stopped> {
    let from = table.days.saturating_sub(BACK_DAYS);
    let units = table.series.get(key).map_or(&[][..], Vec::as_slice);
    let before = table.until(from);
    let (mut said, mut back) = (Vec::new(), None);
    if known_days(&before, key) >= LEAST_KNOWN {
        let (tested, _) = tested(&before, key, BACK_DAYS, progress)?;
        let by = |model| ahead(&before, key, model, from, BACK_DAYS);
        let (spreads, naive) = (by(tested.model), by(Model::SeasonalNaive));
        let of = |spreads: &[Spread]| {
            let mut score = Score::default();
            for (spread, seen) in spreads.iter().zip(&units[from..]) {
                if let Some(seen) = seen {
                    score.add(spread, *seen);
                }
            }
            score.mean()
        };
        said = limits(table, from, &spreads);
        back = Some(Back { model: tested.model, score: of(&spreads), seasonal_naive: of(&naive) });
    }
    let came = (from..table.days).map(|at| Came {
        date: table.day(at),
        units: units.get(at).copied().flatten(),
        forecast: said.get(at - from).cloned(),
    });
    Ok((came.collect(), back))
}
