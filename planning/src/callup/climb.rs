//! Finds the prices at which the dual is highest: projected spectral gradient steps, with edges
//! rounded less and less.

use super::smooth::{Dual, Wish};
use crate::progress::{Progress, Stopped};

/// How many earlier values a step may fall back behind.
const MEMORY: usize = 8;

/// Prices on their way.
pub(super) struct Climb {
    /// The prices.
    pub(super) prices: Vec<f64>,
    least: Vec<f64>,
    scale: Vec<f64>,
    /// The best bound seen: no plan costs less.
    pub(super) bound: f64,
    /// Times that the dual was worked out.
    pub(super) looks: usize,
}

impl Climb {
    pub(super) fn new(prices: Vec<f64>, (least, scale): (Vec<f64>, Vec<f64>)) -> Self {
        Self { prices, least, scale, bound: f64::NEG_INFINITY, looks: 0 }
    }

    /// Takes so many steps with edges rounded by `tau`, then works out the bound.
    ///
    /// # Errors
    /// [`Stopped`] if the run was asked to.
    pub(super) fn ascend(
        &mut self,
        dual: &Dual<'_>,
        tau: f64,
        steps: usize,
        progress: &Progress,
    ) -> Result<(), Stopped> {
        let count = self.prices.len();
        let (mut slope, mut next_slope) = (vec![0.0; count], vec![0.0; count]);
        let mut value = dual.at(&self.prices, tau, &mut slope, None);
        self.looks += 1;
        let mut behind = vec![value];
        let mut pace = tau;
        let (mut to, mut next) = (vec![0.0; count], vec![0.0; count]);
        for _ in 0..steps {
            progress.step()?;
            for at in 0..count {
                let wish = self.prices[at] + pace * self.scale[at] * slope[at];
                to[at] = wish.max(self.least[at]) - self.prices[at];
            }
            let rises: f64 = to.iter().zip(&slope).map(|(to, slope)| to * slope).sum();
            if rises <= 1e-9 * (1.0 + value.abs()) {
                break;
            }
            let floor = behind.iter().fold(f64::INFINITY, |low, value| low.min(*value));
            let mut part = 1.0;
            let reached = loop {
                for at in 0..count {
                    next[at] = self.prices[at] + part * to[at];
                }
                let reached = dual.at(&next, tau, &mut next_slope, None);
                self.looks += 1;
                if reached >= floor + 1e-4 * part * rises || part < 1e-6 {
                    break reached;
                }
                part *= 0.4;
            };
            pace = self.spectral(&next, &slope, &next_slope, tau);
            std::mem::swap(&mut self.prices, &mut next);
            std::mem::swap(&mut slope, &mut next_slope);
            value = reached;
            behind.push(value);
            if behind.len() > MEMORY {
                behind.remove(0);
            }
        }
        Ok(())
    }

    /// The step that the last change of the slope suggests.
    fn spectral(&self, next: &[f64], slope: &[f64], next_slope: &[f64], tau: f64) -> f64 {
        let (mut moved, mut bent) = (0.0, 0.0);
        for at in 0..next.len() {
            if self.scale[at] > 0.0 {
                let step = next[at] - self.prices[at];
                moved += step * step / self.scale[at];
                bent -= step * (next_slope[at] - slope[at]);
            }
        }
        if bent > 0.0 { (moved / bent).clamp(1e-4 * tau, 1e4 * tau) } else { 10.0 * tau }
    }

    /// Works out the bound at the prices.
    pub(super) fn look(&mut self, dual: &Dual<'_>) {
        let mut slope = vec![0.0; self.prices.len()];
        let mut settled = self.prices.clone();
        dual.settle(&mut settled);
        self.bound = self.bound.max(dual.at(&settled, 0.0, &mut slope, None));
        self.looks += 1;
    }

    /// What everybody would do at the prices with edges rounded by `tau`.
    pub(super) fn wish(&mut self, dual: &Dual<'_>, tau: f64) -> Wish {
        let mut wish = Wish::default();
        let mut slope = vec![0.0; self.prices.len()];
        dual.at(&self.prices, tau, &mut slope, Some(&mut wish));
        self.looks += 1;
        wish
    }
}
