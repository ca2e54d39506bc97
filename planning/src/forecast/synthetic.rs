//! Made-up use of red cells whose truth is known: no open daily series by group exists. Level by
//! site, weekdays of the English service's network, over-dispersion by weekday of the hospital
//! in planning.md §1.1 C.

use std::collections::BTreeMap;

use rand_xoshiro::rand_core::Rng as _;
use samband_domain::blood::model::{Component, Group};
use samband_domain::words::Day;

use super::calendar::{Kind, kind, weekday};
use super::series::{Key, Table};
use crate::random::{Seed, Stream};

/// Demand by weekday beside the mean, Monday first (NHSBT, MIT-licensed network data).
pub const WEEKDAYS: [f64; 7] = [1.247, 1.421, 1.472, 1.430, 0.872, 0.317, 0.240];
/// Size of the negative binomial by weekday, Monday first (planning.md §1.1 C).
pub const SIZES: [f64; 7] =
    [3.497_361, 10.985_837, 7.183_407, 11.064_622, 5.930_222, 5.473_242, 2.193_797];
/// Groups of those who are transfused: assumed, in the order of [`Group::ALL`].
pub const GROUPS: [f64; 8] = [0.31, 0.09, 0.36, 0.06, 0.10, 0.02, 0.05, 0.01];

/// A site to make up.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Its id.
    pub id: String,
    /// Mean units a day in the middle of the span.
    pub daily: f64,
    /// Growth in a year: 0.02 for two percent.
    pub growth: f64,
}

/// The true mean of a day.
#[must_use]
pub fn mean(site: &Site, group: Group, day: Day, first: Day, days: usize) -> f64 {
    let years = (day.days_since(first) as f64 - days as f64 / 2.0) / 365.25;
    let level = site.daily * (1.0 + site.growth).powf(years);
    level * GROUPS[group.index()] * of_day(day)
}

/// How much is used on a day beside the mean of all days.
#[must_use]
pub fn of_day(day: Day) -> f64 {
    let working = weekday(day) < 5;
    let special = match kind(day) {
        Kind::Holiday if working => 0.3,
        Kind::Eve if working => 0.7,
        Kind::Squeeze => 0.8,
        _ => 1.0,
    };
    WEEKDAYS[weekday(day)] * special
}

/// Draws the units of a day whose mean is known, spread as that weekday is.
pub fn drawn(stream: &mut Stream, day: Day, mean: f64) -> u32 {
    let size = SIZES[weekday(day)];
    let rate = mean / size * gamma_of(stream, size);
    poisson(stream, rate)
}

/// A table of so many days from a named seed; one day in `gap` (0: none) is not reported.
#[must_use]
pub fn synthetic(seed: Seed, sites: &[Site], first: Day, days: usize, gap: u32) -> Table {
    let mut series = BTreeMap::new();
    for site in sites {
        for group in Group::ALL {
            let name = format!("forecast synthetic {} {}", site.id, group.as_str());
            let mut stream = seed.stream(&name, 0);
            let draw = |at: usize| {
                let day = first.plus_days(u32::try_from(at).unwrap_or(0));
                let units = drawn(&mut stream, day, mean(site, group, day, first, days));
                let missing = gap > 0 && stream.next_u64().is_multiple_of(u64::from(gap));
                (!missing).then_some(units)
            };
            let (site, component) = (site.id.clone(), Component::RedCells);
            let key = Key { site, component, group: Some(group) };
            series.insert(key, (0..days).map(draw).collect());
        }
    }
    Table { first, days, series }
}

/// From the open interval (0, 1).
fn uniform(stream: &mut Stream) -> f64 {
    ((stream.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

fn normal(stream: &mut Stream) -> f64 {
    let radius = (-2.0 * uniform(stream).ln()).sqrt();
    radius * (std::f64::consts::TAU * uniform(stream)).cos()
}

/// Gamma with scale 1 and a shape of at least 1 (Marsaglia and Tsang 2000).
fn gamma_of(stream: &mut Stream, shape: f64) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(stream);
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && uniform(stream).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

/// Poisson: the number of exponential steps that fit, in parts where the mean is large.
fn poisson(stream: &mut Stream, mean: f64) -> u32 {
    let mut left = mean;
    let mut count = 0;
    while left > 0.0 {
        let part = left.min(30.0);
        left -= part;
        let end = (-part).exp();
        let mut product = uniform(stream);
        while product > end {
            count += 1;
            product *= uniform(stream);
        }
    }
    count
}
