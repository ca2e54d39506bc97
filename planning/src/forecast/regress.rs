//! Negative binomial regression on the calendar: weekday, holiday, eve, squeeze day, trend.

use samband_domain::words::Day;

use super::calendar::{Kind, kind, weekday};

/// Seven weekdays, three kinds of days, one trend.
pub(super) const TERMS: usize = 11;
/// Turns of the iterated fit.
const TURNS: usize = 12;

/// What is known of a day beforehand.
pub(super) type Row = [f64; TERMS];

/// A fit: expected units are `exp(row · terms)`, variance `mean + bend * mean²`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    pub(super) terms: [f64; TERMS],
    pub(super) bend: f64,
}

/// The calendar's row of a day; time in years from `zero`.
pub(super) fn row(day: Day, zero: Day) -> Row {
    let mut row = [0.0; TERMS];
    let weekday = weekday(day);
    row[weekday] = 1.0;
    // A holiday on a weekend is a weekend.
    match kind(day) {
        Kind::Holiday if weekday < 5 => row[7] = 1.0,
        Kind::Eve if weekday < 5 => row[8] = 1.0,
        Kind::Squeeze => row[9] = 1.0,
        _ => {}
    }
    row[10] = day.days_since(zero) as f64 / 365.25;
    row
}

impl Fit {
    pub(super) fn mean(&self, row: &Row) -> f64 {
        row.iter().zip(&self.terms).map(|(x, term)| x * term).sum::<f64>().clamp(-14.0, 14.0).exp()
    }
}

/// Fits known days by iterated weighted least squares, drawn towards `prior` by `pull`: a series
/// with little to say follows it.
pub(super) fn fit(rows: &[Row], units: &[f64], prior: &Fit, pull: &Row) -> Fit {
    let mut found = *prior;
    for _ in 0..TURNS {
        let mut left = [[0.0; TERMS]; TERMS];
        let mut right = [0.0; TERMS];
        for (row, units) in rows.iter().zip(units) {
            let mean = found.mean(row);
            let weight = mean / (1.0 + found.bend * mean);
            let line: f64 = row.iter().zip(&found.terms).map(|(x, term)| x * term).sum();
            let work = line + ((units - mean) / mean).clamp(-3.0, 3.0);
            for a in (0..TERMS).filter(|a| row[*a] != 0.0) {
                for b in 0..TERMS {
                    left[a][b] += weight * row[a] * row[b];
                }
                right[a] += weight * row[a] * work;
            }
        }
        for at in 0..TERMS {
            left[at][at] += pull[at] + 1e-9;
            right[at] += pull[at] * prior.terms[at];
        }
        let Some(terms) = solve(left, right) else { return found };
        let moved: f64 = terms.iter().zip(&found.terms).map(|(a, b)| (a - b).abs()).sum();
        found.terms = terms;
        found.bend = bend(rows, units, &found, prior.bend);
        if moved < 1e-8 {
            break;
        }
    }
    found
}

/// Over-dispersion by moments; where means are small they say little, and the prior's stands.
pub(super) fn bend(rows: &[Row], units: &[f64], fit: &Fit, prior: f64) -> f64 {
    let (mut excess, mut squares, mut says) = (0.0, 0.0, 0.0);
    for (row, units) in rows.iter().zip(units) {
        let mean = fit.mean(row);
        // Each day counts by how much it can say: its weight falls with its own variance.
        let weight = 1.0 / (1.0 + fit.bend * mean).powi(2);
        excess += weight * ((units - mean).powi(2) - mean);
        squares += weight * mean * mean;
        says += weight * mean * mean / (1.0 + mean * mean);
    }
    // Like twenty days of plenty that behave as the prior says.
    let (own, trust) = ((excess / squares.max(1e-12)).clamp(0.0, 5.0), 20.0);
    (own * says + prior * trust) / (says + trust)
}

/// Solves a symmetric positive definite system (Cholesky).
fn solve(mut left: [[f64; TERMS]; TERMS], mut right: [f64; TERMS]) -> Option<[f64; TERMS]> {
    for at in 0..TERMS {
        for row in at..TERMS {
            let known: f64 = (0..at).map(|k| left[row][k] * left[at][k]).sum();
            let value = left[row][at] - known;
            if row == at {
                if value <= 0.0 {
                    return None;
                }
                left[at][at] = value.sqrt();
            } else {
                left[row][at] = value / left[at][at];
            }
        }
    }
    for at in 0..TERMS {
        let known: f64 = (0..at).map(|k| left[at][k] * right[k]).sum();
        right[at] = (right[at] - known) / left[at][at];
    }
    for at in (0..TERMS).rev() {
        let known: f64 = (at + 1..TERMS).map(|k| left[k][at] * right[k]).sum();
        right[at] = (right[at] - known) / left[at][at];
    }
    Some(right)
}
