//! Which model a series is forecast by, and how good that was: forecasts made at earlier days from
//! what was known then, held against what came.

use std::collections::BTreeMap;

use serde::Serialize;

use super::models::{Model, forecast};
use super::pool::{Past, Pooled};
use super::regress::{Row, row};
use super::series::{Key, Table};
use super::spread::{QUANTILES, Spread};
use crate::progress::{Progress, Stopped};

/// Earlier days at which forecasts are made.
const ORIGINS: usize = 6;
/// Days between them.
const STEP: usize = 28;
/// Fewest days before the first of them.
const LEAST: usize = 56;
/// Fewest known days that may speak for or against a model.
pub const SAYS: usize = 28;

/// How good forecasts were.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// Days that were forecast and known.
    pub days: usize,
    /// Mean continuous ranked probability score, units; less is better.
    pub crps: f64,
    /// Part of the days inside the middle 50 percent.
    pub inside_50: f64,
    /// What the forecasts themselves meant to be inside: more than half, for units are whole.
    pub meant_50: f64,
    /// Part of the days inside the middle 90 percent.
    pub inside_90: f64,
    /// What the forecasts themselves meant to be inside.
    pub meant_90: f64,
    /// Mean pinball loss at 5, 25, 50, 75 and 95 percent, units.
    pub pinball: [f64; 5],
}

impl Score {
    pub(super) fn add(&mut self, spread: &Spread, seen: u32) {
        let quantiles = QUANTILES.map(|percent| spread.quantile(percent));
        self.days += 1;
        self.crps += spread.crps(seen);
        self.inside_50 += f64::from((quantiles[1]..=quantiles[3]).contains(&seen));
        self.inside_90 += f64::from((quantiles[0]..=quantiles[4]).contains(&seen));
        self.meant_50 += spread.within(quantiles[1], quantiles[3]);
        self.meant_90 += spread.within(quantiles[0], quantiles[4]);
        for ((sum, quantile), percent) in self.pinball.iter_mut().zip(quantiles).zip(QUANTILES) {
            let part = f64::from(percent) / 100.0;
            let miss = f64::from(seen) - f64::from(quantile);
            *sum += if miss >= 0.0 { part * miss } else { (part - 1.0) * miss };
        }
    }

    fn join(&mut self, other: &Self) {
        self.days += other.days;
        self.crps += other.crps;
        self.inside_50 += other.inside_50;
        self.inside_90 += other.inside_90;
        self.meant_50 += other.meant_50;
        self.meant_90 += other.meant_90;
        self.pinball.iter_mut().zip(other.pinball).for_each(|(sum, more)| *sum += more);
    }

    pub(super) fn mean(&self) -> Self {
        let days = self.days.max(1) as f64;
        Self {
            days: self.days,
            crps: self.crps / days,
            inside_50: self.inside_50 / days,
            meant_50: self.meant_50 / days,
            inside_90: self.inside_90 / days,
            meant_90: self.meant_90 / days,
            pinball: self.pinball.map(|sum| sum / days),
        }
    }
}

/// A series' backtest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tested {
    /// Whose.
    #[serde(flatten)]
    pub key: Key,
    /// The model that did best over all earlier days: what the next forecast is made by.
    pub model: Model,
    /// Of the model that had done best before each of those days; never chosen by what it is
    /// judged on.
    pub chosen: Score,
    /// Of the same weekday a week ago.
    pub seasonal_naive: Score,
    /// Mean score of each model over all those days.
    pub crps_by_model: BTreeMap<Model, f64>,
}

/// The whole backtest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Backtest {
    /// Days ahead.
    pub horizon: usize,
    /// Earlier days at which forecasts were made.
    pub origins: usize,
    /// Over all series and days.
    pub chosen: Score,
    /// The same of the same weekday a week ago.
    pub seasonal_naive: Score,
    /// By series.
    pub series: Vec<Tested>,
}

/// Rows of the calendar for a table and the days ahead of it.
pub(super) fn rows(table: &Table, horizon: usize) -> Vec<Row> {
    let zero = table.first.plus_days(u32::try_from(table.days).unwrap_or(0));
    let day = |at: usize| table.first.plus_days(u32::try_from(at).unwrap_or(0));
    (0..table.days + horizon).map(|at| row(day(at), zero)).collect()
}

/// Holds forecasts against what came, for every series of a table.
///
/// # Errors
/// [`Stopped`] if the run was asked to.
pub fn backtest(table: &Table, horizon: usize, progress: &Progress) -> Result<Backtest, Stopped> {
    let keys: Vec<&Key> = table.series.keys().collect();
    backtest_of(table, &keys, horizon, progress)
}

/// The same for some series; the others lend them what they know all the same.
///
/// # Errors
/// [`Stopped`] if the run was asked to.
pub(super) fn backtest_of(
    table: &Table,
    keys: &[&Key],
    horizon: usize,
    progress: &Progress,
) -> Result<Backtest, Stopped> {
    let rows = rows(table, horizon);
    let last = table.days.saturating_sub(horizon);
    let mut origins: Vec<usize> = (0..ORIGINS)
        .map_while(|step| last.checked_sub(step * STEP))
        .filter(|origin| *origin >= LEAST)
        .collect();
    origins.reverse();
    progress.expect((origins.len() * keys.len()) as u64);
    let mut scores: BTreeMap<&Key, Vec<BTreeMap<Model, Score>>> = BTreeMap::new();
    for origin in &origins {
        let past = Past { table, rows: &rows, origin: *origin };
        let pooled = Pooled::of(&past);
        for key in keys {
            let Some(units) = table.series.get(key) else { continue };
            progress.step()?;
            let came = &units[*origin..(*origin + horizon).min(table.days)];
            scores.entry(key).or_default().push(held_against(&past, &pooled, key, came));
        }
    }
    Ok(summed(keys, horizon, origins.len(), &scores))
}

/// Every model's forecast of a series, held against the days that came.
fn held_against(
    past: &Past<'_>,
    pooled: &Pooled,
    key: &Key,
    came: &[Option<u32>],
) -> BTreeMap<Model, Score> {
    let mut of: BTreeMap<Model, Score> = BTreeMap::new();
    for model in Model::ALL {
        let Some(ahead) = forecast(model, past, pooled, key, came.len()) else { continue };
        let score = of.entry(model).or_default();
        for (spread, seen) in ahead.iter().zip(came) {
            if let Some(seen) = seen {
                score.add(spread, *seen);
            }
        }
    }
    of
}

/// The model with the least mean score so far; the first one, where too few days can tell.
fn best(origins: &[BTreeMap<Model, Score>]) -> (Model, BTreeMap<Model, f64>) {
    let mut sums: BTreeMap<Model, Score> = BTreeMap::new();
    for (model, score) in origins.iter().flatten() {
        sums.entry(*model).or_default().join(score);
    }
    let means: BTreeMap<Model, f64> = sums
        .iter()
        .filter(|(_, score)| score.days > 0)
        .map(|(model, score)| (*model, score.mean().crps))
        .collect();
    if sums.values().all(|score| score.days < SAYS) {
        return (Model::FIRST, means);
    }
    let least = means.iter().min_by(|a, b| a.1.total_cmp(b.1)).map(|(model, _)| *model);
    (least.unwrap_or(Model::FIRST), means)
}

fn summed(
    keys: &[&Key],
    horizon: usize,
    origins: usize,
    scores: &BTreeMap<&Key, Vec<BTreeMap<Model, Score>>>,
) -> Backtest {
    let (mut all, mut naive_all) = (Score::default(), Score::default());
    let mut series = Vec::new();
    for key in keys {
        let of = scores.get(*key).map_or(&[][..], Vec::as_slice);
        let (mut chosen, mut naive) = (Score::default(), Score::default());
        for (at, models) in of.iter().enumerate() {
            let (model, _) = best(&of[..at]);
            if let Some(score) = models.get(&model) {
                chosen.join(score);
            }
            if let Some(score) = models.get(&Model::SeasonalNaive) {
                naive.join(score);
            }
        }
        all.join(&chosen);
        naive_all.join(&naive);
        let (model, crps_by_model) = best(of);
        series.push(Tested {
            key: (*key).clone(),
            model,
            chosen: chosen.mean(),
            seasonal_naive: naive.mean(),
            crps_by_model,
        });
    }
    Backtest { horizon, origins, chosen: all.mean(), seasonal_naive: naive_all.mean(), series }
}
