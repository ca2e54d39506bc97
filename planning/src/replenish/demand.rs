//! A day's demand as probabilities, and the sums over it that a solver asks for.

use statrs::function::gamma::gamma_lr;

/// Below this, what is left of an unbounded distribution is lumped into its last value.
const NEGLIGIBLE: f64 = 1e-18;

/// No day asks for more units than this.
pub const MOST: usize = 10_000;

/// Probabilities of 0, 1, 2 … units asked for on one day; they sum to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    pmf: Vec<f64>,
    /// `tail[n]`: at least n.
    tail: Vec<f64>,
    /// `cdf[n]`: at most n.
    cdf: Vec<f64>,
    /// `excess[n]`: expected units beyond n.
    excess: Vec<f64>,
}

/// What is wrong with a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A mean or a shape is not a positive, finite number.
    #[error("every number of a demand distribution must be positive and finite")]
    NotPositive,
    /// Some probability is negative or not a number, or there is none.
    #[error("probabilities must not be negative, and there must be at least one")]
    NotProbabilities,
    /// They do not sum to one.
    #[error("probabilities must sum to 1 (to within 0.000001)")]
    NotOne,
    /// More values than [`MOST`].
    #[error("demand may reach at most {MOST} units a day")]
    TooLong,
}

impl Demand {
    /// From a table of probabilities of 0, 1, 2 … units.
    ///
    /// # Errors
    /// If it is none.
    pub fn table(pmf: &[f64]) -> Result<Self, Wrong> {
        if pmf.is_empty() || !pmf.iter().all(|p| *p >= 0.0) {
            return Err(Wrong::NotProbabilities);
        }
        if pmf.len() > MOST + 1 {
            return Err(Wrong::TooLong);
        }
        let sum: f64 = pmf.iter().sum();
        if !sum.is_finite() || (sum - 1.0).abs() > 1e-6 {
            return Err(Wrong::NotOne);
        }
        Ok(Self::of(pmf.iter().map(|p| p / sum).collect()))
    }

    /// A gamma distribution rounded to whole units, tail lumped at `most` (De Moor 2022).
    ///
    /// # Errors
    /// If a number is not positive.
    pub fn gamma(mean: f64, variation: f64, most: usize) -> Result<Self, Wrong> {
        positive(&[mean, variation])?;
        let shape = 1.0 / (variation * variation);
        let rate = shape / mean;
        let below = |x: f64| gamma_lr(shape, x * rate);
        let whole = (0..=most).map(|d| {
            let upper = below(d as f64 + 0.5);
            if d == 0 { upper } else { upper - below(d as f64 - 0.5) }
        });
        lumped(whole.collect(), most)
    }

    /// A Poisson distribution, cut where nothing is left (Hendrix 2019).
    ///
    /// # Errors
    /// If the mean is not positive.
    pub fn poisson(mean: f64) -> Result<Self, Wrong> {
        positive(&[mean])?;
        let mut pmf = vec![(-mean).exp()];
        let mut sum = pmf[0];
        while 1.0 - sum > 1e-16 || pmf.len() < mean as usize || pmf[pmf.len() - 1] > NEGLIGIBLE {
            if pmf.len() > MOST {
                return Err(Wrong::TooLong);
            }
            let next = pmf[pmf.len() - 1] * mean / pmf.len() as f64;
            sum += next;
            pmf.push(next);
            if next < NEGLIGIBLE && pmf.len() as f64 > mean {
                break;
            }
        }
        if (sum - 1.0).abs() > 1e-9 {
            return Err(Wrong::TooLong);
        }
        Ok(Self::of(pmf))
    }

    /// A negative binomial distribution of a mean and `successes`, tail lumped at `most`
    /// (Mirjalili 2022: p = n / (n + δ)).
    ///
    /// # Errors
    /// If a number is not positive.
    pub fn negative_binomial(successes: f64, mean: f64, most: usize) -> Result<Self, Wrong> {
        positive(&[successes, mean])?;
        let p = successes / (successes + mean);
        let mut pmf = vec![p.powf(successes)];
        for k in 1..=most.min(MOST) {
            let ratio = (k as f64 - 1.0 + successes) / k as f64 * (1.0 - p);
            pmf.push(pmf[k - 1] * ratio);
        }
        lumped(pmf, most)
    }

    fn of(pmf: Vec<f64>) -> Self {
        let mut tail = vec![0.0; pmf.len() + 1];
        let mut excess = vec![0.0; pmf.len() + 1];
        for n in (0..pmf.len()).rev() {
            tail[n] = tail[n + 1] + pmf[n];
            excess[n] = excess[n + 1] + tail[n + 1];
        }
        let mut sum = 0.0;
        let cdf = pmf.iter().map(|p| {
            sum += p;
            sum
        });
        let cdf = cdf.collect();
        Self { pmf, tail, cdf, excess }
    }

    /// Probability of exactly n units.
    #[must_use]
    pub fn exactly(&self, n: usize) -> f64 {
        self.pmf.get(n).copied().unwrap_or(0.0)
    }

    /// Probability of at least n units.
    #[must_use]
    pub fn at_least(&self, n: usize) -> f64 {
        self.tail.get(n).copied().unwrap_or(0.0)
    }

    /// Probability of at most n units.
    #[must_use]
    pub fn at_most(&self, n: usize) -> f64 {
        self.cdf.get(n).copied().unwrap_or(1.0)
    }

    /// Expected units asked for.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.excess[0]
    }

    /// Expected units asked for beyond n: what a stock of n leaves short.
    #[must_use]
    pub fn short_of(&self, n: usize) -> f64 {
        self.excess.get(n).copied().unwrap_or(0.0)
    }

    /// Expected units of a stock of n that nobody asks for.
    #[must_use]
    pub fn left_of(&self, n: usize) -> f64 {
        n as f64 - self.mean() + self.short_of(n)
    }

    /// The most that can be asked for.
    #[must_use]
    pub fn most(&self) -> usize {
        self.pmf.len() - 1
    }

    /// The smallest n that covers demand with at least probability `share`.
    #[must_use]
    pub fn quantile(&self, share: f64) -> usize {
        self.cdf.partition_point(|sum| *sum < share).min(self.most())
    }

    /// The distribution of the demand of both on one day.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut pmf = vec![0.0; self.pmf.len() + other.pmf.len() - 1];
        for (i, p) in self.pmf.iter().enumerate() {
            for (j, q) in other.pmf.iter().enumerate() {
                pmf[i + j] += p * q;
            }
        }
        while pmf.len() > 1 && pmf[pmf.len() - 1] < NEGLIGIBLE {
            pmf.pop();
        }
        Self::of(pmf)
    }

    /// Probabilities of exactly 0 … `most` units, padded with zeros.
    pub(super) fn padded(&self, most: usize) -> Vec<f64> {
        (0..=most).map(|n| self.exactly(n)).collect()
    }

    /// Probabilities of at most 0 … `most` units, padded with ones.
    pub(super) fn summed(&self, most: usize) -> Vec<f64> {
        (0..=most).map(|n| self.at_most(n)).collect()
    }
}

fn positive(numbers: &[f64]) -> Result<(), Wrong> {
    let good = numbers.iter().all(|number| number.is_finite() && *number > 0.0);
    if good { Ok(()) } else { Err(Wrong::NotPositive) }
}

fn lumped(mut pmf: Vec<f64>, most: usize) -> Result<Demand, Wrong> {
    if most > MOST {
        return Err(Wrong::TooLong);
    }
    let sum: f64 = pmf.iter().sum();
    pmf[most] = (pmf[most] + 1.0 - sum).max(0.0);
    if !pmf.iter().all(|p| p.is_finite() && *p >= 0.0) {
        return Err(Wrong::NotPositive);
    }
    Ok(Demand::of(pmf))
}
