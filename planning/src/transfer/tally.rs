//! What a plan does, counted: shortages, expiries, minimum stocks, substitution, transport, nights.

use super::grid::{Grid, Meaning};
use super::report::Outcome;
use super::shape::{Costs, Figures, GROUPS, Shape};
use super::simplex::Simplex;

/// Counts of everything that has a price.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// By [`Shape::need`].
    pub(super) lacks: Vec<i64>,
    /// By [`Shape::shelf`] and class; the class after the horizon's days is what expires soon.
    pub(super) expires: Vec<i64>,
    /// Missing from the minimum, by [`Shape::need`].
    pub(super) below: Vec<i64>,
    /// Units given in another group.
    pub(super) substituted: i64,
    /// Places down the ladder.
    pub(super) places: i64,
    /// Units times nights.
    pub(super) nights: i64,
    /// Units sent.
    pub(super) sent: i64,
    /// Öre for transport.
    pub(super) transport: i64,
    costs: Vec<i64>,
    weights: Option<Costs>,
}

impl Tally {
    /// Counts the last optimum.
    pub(super) fn of(grid: &Grid, simplex: &Simplex, figures: &Figures) -> Self {
        let shape = &grid.shape;
        let cells = shape.sites * GROUPS * shape.days;
        let mut tally = Self {
            lacks: vec![0; cells],
            expires: vec![0; shape.sites * GROUPS * (shape.days + 1)],
            below: (0..cells).map(|cell| figures.minimum[cell / shape.days]).collect(),
            costs: (0..shape.sites).map(|site| shape.shortage_at(site)).collect(),
            weights: Some(shape.costs),
            ..Self::default()
        };
        for (arc, meaning) in grid.meaning.iter().enumerate() {
            let flow = simplex.flow(arc);
            if flow > 0 {
                tally.add(shape, *meaning, flow);
            }
        }
        tally
    }

    fn add(&mut self, shape: &Shape, meaning: Meaning, flow: i64) {
        match meaning {
            Meaning::Use { group, by, .. } if group == by => {}
            Meaning::Use { group, by, .. } => {
                let place = shape.fits.0[usize::from(group)][usize::from(by)].unwrap_or(0);
                self.substituted += flow;
                self.places += flow * i64::from(place);
            }
            Meaning::Send { leg, .. } => {
                self.sent += flow;
                self.transport += flow * shape.legs[leg as usize].price;
            }
            Meaning::Keep { site, group, day, reserve, .. } => {
                self.nights += flow;
                if reserve {
                    self.below[shape.need(site as usize, group.into(), day.into())] -= flow;
                }
            }
            Meaning::Expire { site, group, class } => {
                let shelf = shape.shelf(site as usize, group.into());
                self.expires[shelf * (shape.days + 1) + usize::from(class)] += flow;
                // What expires soon after the horizon has been kept over its last night.
                self.nights += if usize::from(class) == shape.soon() { flow } else { 0 };
            }
            Meaning::Lack { site, group, day } => {
                self.lacks[shape.need(site as usize, group.into(), day.into())] += flow;
            }
        }
    }

    /// Öre for all of it.
    pub(super) fn cost(&self) -> i64 {
        let Some(weights) = self.weights else { return 0 };
        let each = self.lacks.len() / self.costs.len().max(1);
        let short: i64 =
            self.lacks.iter().enumerate().map(|(at, units)| units * self.costs[at / each]).sum();
        let sum = |counts: &[i64]| counts.iter().sum::<i64>();
        short
            + sum(&self.expires) * weights.expiry
            + sum(&self.below) * weights.below_minimum
            + self.places * weights.substitution
            + self.nights * weights.holding
            + self.transport
    }

    /// Sums for a page.
    pub(super) fn outcome(&self, grid: &Grid) -> Outcome {
        let days = grid.shape.days + 1;
        let soon = self.expires.iter().skip(days - 1).step_by(days).sum::<i64>();
        Outcome {
            short: self.lacks.iter().sum(),
            expired: self.expires.iter().sum::<i64>() - soon,
            expiring_soon: soon,
            below_minimum: self.below.iter().sum(),
            substituted: self.substituted,
            sent: self.sent,
            transport: self.transport,
        }
    }
}
