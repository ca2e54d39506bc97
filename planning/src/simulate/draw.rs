//! Draws by table: exact to 2⁻³², the same on every machine.

use rand_xoshiro::rand_core::Rng as _;

use crate::random::Stream;

/// One of `N` choices by 32 random bits, without a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick<const N: usize> {
    /// The first 32-bit number that is beyond each choice; the last choice takes the rest.
    pub below: [u32; N],
}

impl<const N: usize> Pick<N> {
    /// Choices by weight; weights need not sum to one.
    #[must_use]
    pub fn new(weights: &[f64; N]) -> Self {
        let whole: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let below = weights.map(|weight| {
            sum += weight;
            fixed(if whole > 0.0 { sum / whole } else { 1.0 })
        });
        Self { below }
    }

    /// The choice of a random number.
    #[inline]
    #[must_use]
    pub fn of(&self, bits: u32) -> usize {
        self.below[..N - 1].iter().map(|&below| usize::from(bits >= below)).sum()
    }
}

/// A share of one as a 32-bit number.
fn fixed(share: f64) -> u32 {
    // The conversion saturates at both ends.
    (share * 4_294_967_296.0) as u32
}

/// A distribution of counts, drawn by its table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    below: Vec<u32>,
    /// Where to begin looking, by the highest eight bits.
    guide: Vec<u16>,
    /// Mean of what is drawn.
    pub mean: f64,
}

impl Table {
    /// A table of the probabilities of 0, 1, 2 …; what is missing to one goes to the last.
    #[must_use]
    pub fn new(probabilities: &[f64]) -> Self {
        let mut sum = 0.0;
        let mut below: Vec<u32> = probabilities
            .iter()
            .map(|probability| {
                sum += probability;
                fixed(sum)
            })
            .collect();
        // Beyond the last place that can be drawn there is nothing.
        let end =
            below.iter().position(|&below| below == u32::MAX).map_or(below.len(), |at| at + 1);
        below.truncate(end.max(1));
        if let Some(last) = below.last_mut() {
            *last = u32::MAX;
        }
        let first = |high: u32| below.partition_point(|&below| below <= (high << 24));
        let guide = (0..256).map(|high| u16::try_from(first(high)).unwrap_or(u16::MAX)).collect();
        let weights = probabilities.iter().enumerate();
        let mean = weights.map(|(count, probability)| count as f64 * probability).sum();
        Self { below, guide, mean }
    }

    /// Always the same count.
    #[must_use]
    pub fn constant(count: usize) -> Self {
        let mut probabilities = vec![0.0; count + 1];
        probabilities[count] = 1.0;
        Self::new(&probabilities)
    }

    /// Counts with a mean and a variance that is `spread` times the mean: Poisson at 1, negative
    /// binomial above, always the rounded mean at 0.
    #[must_use]
    pub fn counts(mean: f64, spread: f64) -> Self {
        if spread <= 0.0 {
            return Self::constant(mean.round().max(0.0) as usize);
        }
        Self::new(&pmf(mean, spread))
    }

    /// The first 32-bit number beyond each count: the whole distribution as it is drawn.
    #[must_use]
    pub fn below(&self) -> &[u32] {
        &self.below
    }

    /// A draw.
    #[inline]
    pub fn draw(&self, stream: &mut Stream) -> u32 {
        let bits = (stream.next_u64() >> 32) as u32;
        let mut at = usize::from(self.guide[(bits >> 24) as usize]);
        while at + 1 < self.below.len() && bits >= self.below[at] {
            at += 1;
        }
        at as u32
    }
}

/// Probabilities of 0, 1, 2 … up to where next to nothing is left: negative binomial with variance
/// `spread` × mean, Poisson where `spread` is not above 1.
#[must_use]
pub fn pmf(mean: f64, spread: f64) -> Vec<f64> {
    if mean <= 0.0 {
        return vec![1.0];
    }
    // How much likelier one more is: from the middle outwards, so that nothing underflows.
    let more = |count: f64| match spread > 1.0 + 1e-9 {
        true => (count + mean / (spread - 1.0)) / (count + 1.0) * (1.0 - 1.0 / spread),
        false => mean / (count + 1.0),
    };
    let middle = mean as usize;
    let mut all = vec![0.0; middle + 1];
    all[middle] = 1.0;
    for count in (0..middle).rev() {
        all[count] = all[count + 1] / more(count as f64);
        if all[count] < 1e-15 {
            break;
        }
    }
    while all[all.len() - 1] > 1e-13 {
        let last = all.len() - 1;
        all.push(all[last] * more(last as f64));
    }
    let whole: f64 = all.iter().sum();
    all.iter_mut().for_each(|weight| *weight /= whole);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn a_table_draws_its_mean_and_variance() {
        for (mean, spread) in [(0.3, 1.0), (4.0, 1.8), (66.0, 2.0), (179.0, 1.0), (1_012.0, 1.0)] {
            let table = Table::counts(mean, spread);
            assert!((table.mean - mean).abs() < 1e-6, "{mean}: {}", table.mean);
            let mut stream = Seed(1).stream("table", 0);
            let n = 200_000;
            let draws: Vec<f64> = (0..n).map(|_| f64::from(table.draw(&mut stream))).collect();
            let found = draws.iter().sum::<f64>() / f64::from(n);
            let variance = draws.iter().map(|draw| (draw - found).powi(2)).sum::<f64>();
            let variance = variance / f64::from(n);
            let error = (spread * mean / f64::from(n)).sqrt();
            assert!((found - mean).abs() < 4.0 * error, "mean {found} of {mean}");
            assert!((variance / (spread * mean) - 1.0).abs() < 0.05, "variance {variance}");
        }
    }

    #[test]
    fn a_constant_is_constant_and_a_pick_follows_its_weights() {
        let mut stream = Seed(1).stream("pick", 0);
        let table = Table::constant(7);
        assert!((0..1_000).all(|_| table.draw(&mut stream) == 7));
        let pick = Pick::new(&[1.0, 0.0, 3.0]);
        let mut found = [0_u32; 3];
        for _ in 0..40_000 {
            found[pick.of((stream.next_u64() >> 32) as u32)] += 1;
        }
        assert_eq!(found[1], 0);
        assert!((9_600..10_400).contains(&found[0]), "{found:?}");
    }
}
