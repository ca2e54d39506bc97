//! A distribution over whole units: what every forecast is.

use statrs::function::gamma::ln_gamma;

/// Quantiles that every forecast shows, in percent.
pub const QUANTILES: [u8; 5] = [5, 25, 50, 75, 95];

/// Probabilities of whole numbers from a first one on.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    from: u32,
    chance: Vec<f64>,
}

impl Spread {
    /// The negative binomial of a mean, with variance `mean + bend * mean²`; Poisson where `bend`
    /// is 0.
    #[must_use]
    pub fn negative_binomial(mean: f64, bend: f64) -> Self {
        let mean = mean.clamp(1e-6, 1e6);
        let bend = bend.clamp(0.0, 10.0);
        let wide = 12.0 * (mean + bend * mean * mean).sqrt() + 12.0;
        let (low, high) = ((mean - wide).max(0.0).floor() as u32, (mean + wide).ceil() as u32);
        let log = |units: u32| {
            let k = f64::from(units);
            if bend < 1e-6 {
                return k * mean.ln() - mean - ln_gamma(k + 1.0);
            }
            let size = 1.0 / bend;
            ln_gamma(k + size) - ln_gamma(size) - ln_gamma(k + 1.0)
                + size * (size / (size + mean)).ln()
                + k * (mean / (size + mean)).ln()
        };
        // One logarithm in the middle, ratios from there on.
        let middle = (mean.floor() as u32).max(low);
        let mut chance = vec![0.0; (high - low + 1) as usize];
        let at = |units: u32| (units - low) as usize;
        chance[at(middle)] = log(middle).exp();
        let ratio = |k: f64| (1.0 + bend * k) * mean / ((1.0 + bend * mean) * (k + 1.0));
        for units in middle..high {
            chance[at(units) + 1] = chance[at(units)] * ratio(f64::from(units));
        }
        for units in (low..middle).rev() {
            chance[at(units)] = chance[at(units) + 1] / ratio(f64::from(units));
        }
        Self::of(low, chance)
    }

    /// What was seen, each as likely as the other; nothing seen is 0 for certain.
    #[must_use]
    pub fn seen(units: &[u32]) -> Self {
        let low = units.iter().min().copied().unwrap_or(0);
        let high = units.iter().max().copied().unwrap_or(0);
        let mut chance = vec![0.0; (high - low + 1) as usize];
        for units in units {
            chance[(units - low) as usize] += 1.0;
        }
        if units.is_empty() {
            chance[0] = 1.0;
        }
        Self::of(low, chance)
    }

    fn of(from: u32, mut chance: Vec<f64>) -> Self {
        let sum: f64 = chance.iter().sum();
        chance.iter_mut().for_each(|chance| *chance /= sum);
        Self { from, chance }
    }

    /// The mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        (self.from..).zip(&self.chance).map(|(units, chance)| f64::from(units) * chance).sum()
    }

    /// The variance.
    #[must_use]
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        let terms = (self.from..).zip(&self.chance);
        terms.map(|(units, chance)| (f64::from(units) - mean).powi(2) * chance).sum()
    }

    /// The smallest number that is not exceeded with a probability of so many percent.
    #[must_use]
    pub fn quantile(&self, percent: u8) -> u32 {
        self.quantile_permille(u16::from(percent) * 10)
    }

    /// The same in thousandths.
    #[must_use]
    pub fn quantile_permille(&self, permille: u16) -> u32 {
        let mut sum = 0.0;
        let wanted = f64::from(permille) / 1_000.0 - 1e-12;
        let reached = self.chance.iter().position(|chance| {
            sum += chance;
            sum >= wanted
        });
        self.from + u32::try_from(reached.unwrap_or(self.chance.len() - 1)).unwrap_or(0)
    }

    /// The mix of several, each as likely as the other: a day drawn from many.
    #[must_use]
    pub fn mixed(of: &[Self]) -> Vec<f64> {
        let long = of.iter().map(|one| one.from as usize + one.chance.len()).max().unwrap_or(1);
        let mut chance = vec![0.0; long];
        for one in of {
            for (at, part) in one.chance.iter().enumerate() {
                chance[one.from as usize + at] += part / of.len() as f64;
            }
        }
        if of.is_empty() {
            chance[0] = 1.0;
        }
        chance
    }

    /// Probability of both numbers and all between.
    #[must_use]
    pub fn within(&self, low: u32, high: u32) -> f64 {
        let terms = (self.from..).zip(&self.chance);
        terms.filter(|(units, _)| (low..=high).contains(units)).map(|(_, chance)| chance).sum()
    }

    /// The continuous ranked probability score against what happened: units, less is better.
    #[must_use]
    pub fn crps(&self, seen: u32) -> f64 {
        let below = f64::from(self.from.saturating_sub(seen));
        let last = self.from + u32::try_from(self.chance.len() - 1).unwrap_or(0);
        let above = f64::from(seen.saturating_sub(last));
        let mut sum = 0.0;
        let mut score = 0.0;
        for (units, chance) in (self.from..last).zip(&self.chance) {
            sum += chance;
            score += if units >= seen { (1.0 - sum) * (1.0 - sum) } else { sum * sum };
        }
        score + below + above
    }
}

#[cfg(test)]
mod tests {
    use super::{QUANTILES, Spread};

    #[test]
    fn the_negative_binomial_has_its_mean_and_its_variance() {
        for (mean, bend) in [(0.05, 0.3), (3.0, 0.0), (6.5, 0.1), (900.0, 0.02), (40.0, 1.5)] {
            let spread = Spread::negative_binomial(mean, bend);
            assert!((spread.mean() - mean).abs() < 1e-3 * mean.max(1.0), "{mean} {bend}");
            let (variance, wanted) = (spread.variance(), mean + bend * mean * mean);
            assert!((variance / wanted - 1.0).abs() < 0.01, "{mean} {bend}: {variance}");
            assert!(QUANTILES.map(|q| spread.quantile(q)).is_sorted());
        }
        // Poisson(2): F(0) = 0.135, F(1) = 0.406, F(2) = 0.677, F(3) = 0.857, F(5) = 0.983.
        let poisson = Spread::negative_binomial(2.0, 0.0);
        assert_eq!(QUANTILES.map(|q| poisson.quantile(q)), [0, 1, 2, 3, 5]);
    }

    #[test]
    fn the_score_is_that_of_its_definition() {
        // For a certain forecast it is the absolute error; for two equally likely values
        // E|X − y| − E|X − X'| / 2.
        assert!((Spread::seen(&[4]).crps(7) - 3.0).abs() < 1e-12);
        assert!((Spread::seen(&[4]).crps(1) - 3.0).abs() < 1e-12);
        assert!((Spread::seen(&[2, 6]).crps(3) - (2.0 - 1.0)).abs() < 1e-12);
        assert!((Spread::seen(&[2, 6]).crps(9) - (5.0 - 1.0)).abs() < 1e-12);
    }
}
