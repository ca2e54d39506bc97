//! The models that a series may be forecast by.

use serde::Serialize;

use super::calendar::weekday;
use super::pool::{BACK, Past, Pooled};
use super::regress::{Fit, bend};
use super::series::Key;
use super::spread::Spread;

/// A way to forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// The same weekday a week ago, with the errors that this made before. What others are held
    /// against.
    SeasonalNaive,
    /// Negative binomial regression on the calendar, of the series itself.
    Regression,
    /// The series' shrunk share of what the regression says of all groups of its site.
    Share,
    /// A level that follows the series by exponential smoothing, times the pool's calendar.
    Smoothing,
}

impl Model {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::SeasonalNaive, Self::Regression, Self::Share, Self::Smoothing];

    /// Its name in files and addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SeasonalNaive => "seasonal_naive",
            Self::Regression => "regression",
            Self::Share => "share",
            Self::Smoothing => "smoothing",
        }
    }

    /// What a series is forecast by while nothing was compared yet.
    pub const FIRST: Self = Self::Share;
}

/// Days ahead of the origin, as distributions.
pub(super) fn forecast(
    model: Model,
    past: &Past<'_>,
    pooled: &Pooled,
    key: &Key,
    horizon: usize,
) -> Option<Vec<Spread>> {
    let by = |fit: &Fit| -> Vec<Spread> {
        let ahead = past.rows[past.origin..].iter().take(horizon);
        ahead.map(|row| Spread::negative_binomial(fit.mean(row), fit.bend)).collect()
    };
    match model {
        Model::SeasonalNaive => naive(past, key, horizon),
        Model::Regression => pooled.own(past, key).as_ref().map(by),
        Model::Share => pooled.share(past, key).as_ref().map(by),
        Model::Smoothing => smoothing(past, &pooled.share(past, key)?, key).as_ref().map(by),
    }
}

/// The last known value of each weekday, and what that missed by from week to week of a year.
fn naive(past: &Past<'_>, key: &Key, horizon: usize) -> Option<Vec<Spread>> {
    let units = &past.table.series.get(key)?[..past.origin];
    let mut misses: Vec<i64> = Vec::new();
    for at in past.origin.saturating_sub(371).max(7)..past.origin {
        if let (Some(before), Some(now)) = (units[at - 7], units[at]) {
            misses.push(i64::from(now) - i64::from(before));
        }
    }
    misses.push(0);
    let ahead = (past.origin..).take(horizon).map(|at| {
        let same =
            (1..).map_while(|weeks| at.checked_sub(7 * weeks)).find_map(|at| *units.get(at)?);
        let last = i64::from(same.unwrap_or(0));
        let seen: Vec<u32> =
            misses.iter().map(|miss| u32::try_from((last + miss).max(0)).unwrap_or(0)).collect();
        Spread::seen(&seen)
    });
    Some(ahead.collect())
}

/// Simple exponential smoothing of the ratio to the calendar, its pace chosen by the errors one
/// week ahead; an error counts by what the calendar expects of its day.
fn smoothing(past: &Past<'_>, calendar: &Fit, key: &Key) -> Option<Fit> {
    let units = &past.table.series.get(key)?[..past.origin];
    let from = past.origin.saturating_sub(BACK);
    let mean: Vec<f64> =
        past.rows[from..past.origin].iter().map(|row| calendar.mean(row)).collect();
    let mut best = (f64::INFINITY, 1.0);
    for pace in [0.0, 0.005, 0.01, 0.02, 0.04, 0.08] {
        let (mut level, mut error) = (1.0, 0.0);
        let mut week = [1.0; 7];
        for (at, mean) in mean.iter().enumerate() {
            let Some(seen) = units[from + at] else { continue };
            let seen = f64::from(seen);
            let slot = weekday(past.table.first.plus_days(u32::try_from(from + at).ok()?));
            error += (seen - week[slot] * mean).powi(2) / (mean + calendar.bend * mean * mean);
            week[slot] = level;
            level += pace * mean / (mean + 1.0) * (seen / mean - level).clamp(-3.0, 3.0);
            level = level.clamp(0.05, 20.0);
        }
        if error < best.0 - 1e-9 {
            best = (error, level);
        }
    }
    let mut fit = *calendar;
    fit.terms[..7].iter_mut().for_each(|term| *term += best.1.ln());
    let days = (from..past.origin).filter_map(|at| Some((past.rows[at], f64::from(units[at]?))));
    let (rows, seen): (Vec<_>, Vec<_>) = days.unzip();
    fit.bend = bend(&rows, &seen, calendar, calendar.bend);
    Some(fit)
}
