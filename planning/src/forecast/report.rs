//! Forecasts as they are told.

use samband_domain::words::Day;
use serde::Serialize;

use super::backtest::{backtest, rows};
use super::models::{Model, forecast};
use super::pool::{Past, Pooled};
use super::series::{Key, Table};
use super::spread::QUANTILES;
use crate::progress::{Progress, Stopped};

/// A day ahead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ahead {
    /// The day.
    pub date: Day,
    /// Expected units.
    pub mean: f64,
    /// Units not exceeded with a probability of 5, 25, 50, 75 and 95 percent.
    pub quantiles: [u32; 5],
}

/// A series' forecast.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Forecast {
    /// Whose.
    #[serde(flatten)]
    pub key: Key,
    /// What it was made by.
    pub model: Model,
    /// Days on which something is known.
    pub known_days: usize,
    /// The days ahead.
    pub days: Vec<Ahead>,
}

/// The forecasts of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Forecasts {
    /// The last day of the table.
    pub last_day: Day,
    /// Days ahead.
    pub horizon: usize,
    /// What the quantiles stand for, in percent.
    pub percent: [u8; 5],
    /// By series.
    pub series: Vec<Forecast>,
}

/// Forecasts every series by the model that did best for it.
///
/// # Errors
/// [`Stopped`] if the run was asked to.
pub fn forecasts(table: &Table, horizon: usize, progress: &Progress) -> Result<Forecasts, Stopped> {
    let tested = backtest(table, horizon, progress)?;
    let rows = rows(table, horizon);
    let past = Past { table, rows: &rows, origin: table.days };
    let pooled = Pooled::of(&past);
    let mut series = Vec::new();
    for test in tested.series {
        let spreads = forecast(test.model, &past, &pooled, &test.key, horizon).unwrap_or_default();
        let day = |ahead: usize| {
            table.first.plus_days(u32::try_from(table.days + ahead).unwrap_or(u32::MAX))
        };
        let days = spreads.iter().enumerate().map(|(ahead, spread)| Ahead {
            date: day(ahead),
            mean: spread.mean(),
            quantiles: QUANTILES.map(|percent| spread.quantile(percent)),
        });
        let known = table.series.get(&test.key).map_or(0, |days| days.iter().flatten().count());
        let days = days.collect();
        series.push(Forecast { key: test.key, model: test.model, known_days: known, days });
    }
    let last = u32::try_from(table.days.saturating_sub(1)).unwrap_or(0);
    let last_day = table.first.plus_days(last);
    Ok(Forecasts { last_day, horizon, percent: QUANTILES, series })
}
