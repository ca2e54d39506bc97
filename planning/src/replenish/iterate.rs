//! Value iteration with certified bounds.
//!
//! For any values v and Δ = Tv − v, the optimum lies between Tv + γ/(1−γ)·min Δ and
//! Tv + γ/(1−γ)·max Δ (MacQueen); undiscounted, the gain lies between min Δ and max Δ (Odoni).
//! The bounds hold wherever v came from, so the next v may be extrapolated from earlier ones
//! (Anderson): that replaces the damping that nearly periodic chains need, and shortens the rest.

use crate::progress::{Progress, Stopped};

/// One step of a Markov decision process: the best that one more day can bring.
pub trait Operator {
    /// Number of states.
    fn states(&self) -> usize;
    /// What a value counts one application later; 1 if undiscounted.
    fn discount(&self) -> f64;
    /// `out` = T `values`.
    fn apply(&mut self, values: &[f64], out: &mut [f64]);
}

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stop {
    /// When the bounds are so near each other.
    Certified(f64),
    /// Discounted: when no value changes by so much, as the literature does; the values are then
    /// still short of the optimum by up to γ/(1−γ) times this.
    Change(f64),
}

/// Where an iteration came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Values; discounted and certified, the middle of the bounds.
    pub values: Vec<f64>,
    /// Every state's optimum (undiscounted: the gain) is at most this below the value given …
    pub below: f64,
    /// … and at most this above it.
    pub above: f64,
    /// Undiscounted: reward a day in the long run.
    pub gain: Option<f64>,
    /// Times that T was applied.
    pub iterations: u32,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Failed {
    /// Asked to stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The bounds did not meet.
    #[error(
        "after {iterations} iterations the bounds are still {apart} apart; \
         raise solve.most_iterations or solve.tolerance"
    )]
    NotConverged {
        /// Times that T was applied.
        iterations: u32,
        /// Distance of the bounds.
        apart: f64,
    },
}

/// Smallest and largest change.
#[must_use]
pub fn span(values: &[f64], next: &[f64]) -> (f64, f64) {
    let mut low = [f64::INFINITY; 4];
    let mut high = [f64::NEG_INFINITY; 4];
    let mut put = |lane: usize, change: f64| {
        low[lane] = if change < low[lane] { change } else { low[lane] };
        high[lane] = if change > high[lane] { change } else { high[lane] };
    };
    let (old, new) = (values.chunks_exact(4), next.chunks_exact(4));
    for (old, new) in old.remainder().iter().zip(new.remainder()) {
        put(0, new - old);
    }
    for (old, new) in old.zip(new) {
        for lane in 0..4 {
            put(lane, new[lane] - old[lane]);
        }
    }
    (
        low.into_iter().fold(f64::INFINITY, f64::min),
        high.into_iter().fold(f64::NEG_INFINITY, f64::max),
    )
}

/// Iterates from `start` until `stop`.
///
/// # Errors
/// If asked to stop, or if `most` applications did not suffice.
pub fn iterate(
    operator: &mut impl Operator,
    start: Vec<f64>,
    stop: Stop,
    most: u32,
    progress: &Progress,
) -> Result<Found, Failed> {
    let discount = operator.discount();
    let mut values = start;
    let mut next = vec![0.0; values.len()];
    let mut memory =
        Memory::new(if discount < 1.0 && matches!(stop, Stop::Certified(_)) { DEPTH } else { 0 });
    let mut apart = f64::INFINITY;
    for iterations in 1..=most {
        progress.step()?;
        operator.apply(&values, &mut next);
        let (low, high) = span(&values, &next);
        let scale = if discount < 1.0 { discount / (1.0 - discount) } else { 1.0 };
        apart = scale * (high - low);
        let done = match stop {
            Stop::Certified(tolerance) => apart < tolerance,
            Stop::Change(tolerance) => low.abs().max(high.abs()) < tolerance,
        };
        if done {
            return Ok(finish(next, stop, discount, (low, high), iterations));
        }
        memory.next(&mut values, &mut next, high - low);
    }
    Err(Failed::NotConverged { iterations: most, apart })
}

fn finish(
    mut values: Vec<f64>,
    stop: Stop,
    discount: f64,
    (low, high): (f64, f64),
    iterations: u32,
) -> Found {
    if discount >= 1.0 {
        let gain = f64::midpoint(low, high);
        let half = (high - low) / 2.0;
        return Found { values, below: half, above: half, gain: Some(gain), iterations };
    }
    let scale = discount / (1.0 - discount);
    let shift = match stop {
        Stop::Certified(_) => scale * f64::midpoint(low, high),
        Stop::Change(_) => 0.0,
    };
    values.iter_mut().for_each(|value| *value += shift);
    let (below, above) = (shift - scale * low, scale * high - shift);
    Found { values, below, above, gain: None, iterations }
}

/// How many earlier steps an extrapolation rests on.
const DEPTH: usize = 5;

/// Earlier steps, for the extrapolation.
#[derive(Debug)]
struct Memory {
    depth: usize,
    /// The last step: what T made, and how that differed from what it was given.
    last: Option<(Vec<f64>, Vec<f64>)>,
    /// Differences of consecutive steps: of what T made, and of the residuals.
    steps: Vec<(Vec<f64>, Vec<f64>)>,
    /// The narrowest span of a residual so far.
    narrowest: f64,
}

impl Memory {
    fn new(depth: usize) -> Self {
        Self { depth, last: None, steps: Vec::new(), narrowest: f64::INFINITY }
    }

    /// Puts into `values` what T is to be given next, having made `next` of `values`.
    fn next(&mut self, values: &mut Vec<f64>, next: &mut Vec<f64>, width: f64) {
        if self.depth == 0 {
            std::mem::swap(values, next);
            return;
        }
        if width > 2.0 * self.narrowest {
            // The extrapolation led astray: begin anew from here.
            self.steps.clear();
            self.last = None;
        }
        self.narrowest = self.narrowest.min(width);
        let count = values.len() as f64;
        let mut residual: Vec<f64> =
            next.iter().zip(&*values).map(|(new, old)| new - old).collect();
        let mean = residual.iter().sum::<f64>() / count;
        residual.iter_mut().for_each(|value| *value -= mean);
        if let Some((made, before)) = self.last.take() {
            if self.steps.len() == self.depth {
                self.steps.remove(0);
            }
            self.steps.push((less(next, made), less(&residual, before)));
        }
        values.copy_from_slice(next);
        for (weight, (made, _)) in self.weights(&residual).iter().zip(&self.steps) {
            for (value, step) in values.iter_mut().zip(made) {
                *value -= weight * step;
            }
        }
        self.last = Some((next.clone(), residual));
    }

    /// Least squares: which mixture of earlier differences comes nearest to this residual.
    fn weights(&self, residual: &[f64]) -> Vec<f64> {
        let count = self.steps.len();
        let mut matrix = vec![vec![0.0; count + 1]; count];
        for (i, (_, one)) in self.steps.iter().enumerate() {
            for (j, (_, other)) in self.steps.iter().enumerate().take(i + 1) {
                matrix[i][j] = dot(one, other);
                matrix[j][i] = matrix[i][j];
            }
            matrix[i][count] = dot(one, residual);
        }
        solve(matrix)
    }
}

fn less(now: &[f64], mut before: Vec<f64>) -> Vec<f64> {
    for (before, now) in before.iter_mut().zip(now) {
        *before = now - *before;
    }
    before
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    let mut sum = [0.0; 8];
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest: f64 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in ones.zip(others) {
        for lane in 0..8 {
            sum[lane] += a[lane] * b[lane];
        }
    }
    sum.iter().sum::<f64>() + rest
}

/// Gauss–Jordan on a small symmetric system with its right side; directions that add nothing get
/// no weight.
fn solve(mut matrix: Vec<Vec<f64>>) -> Vec<f64> {
    let count = matrix.len();
    let mut weights = vec![0.0; count];
    let sizes: Vec<f64> = (0..count).map(|i| matrix[i][i]).collect();
    let mut used = vec![false; count];
    // The latest differences first: they say most about the next step.
    for pivot in (0..count).rev() {
        if matrix[pivot][pivot] <= 1e-10 * sizes[pivot] {
            continue;
        }
        used[pivot] = true;
        let scale = 1.0 / matrix[pivot][pivot];
        matrix[pivot].iter_mut().for_each(|cell| *cell *= scale);
        let row = matrix[pivot].clone();
        for (other, cells) in matrix.iter_mut().enumerate() {
            let factor = cells[pivot];
            if other != pivot && factor != 0.0 {
                cells.iter_mut().zip(&row).for_each(|(cell, from)| *cell -= factor * from);
            }
        }
    }
    for (index, weight) in weights.iter_mut().enumerate() {
        if used[index] {
            *weight = matrix[index][count];
        }
    }
    weights
}
