//! Days ahead as weeks: how many units must have come by the end of each week so that they last
//! with a stated probability.

use super::spread::Spread;

/// What a series asks for week by week.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weeks {
    /// Expected units of each week.
    pub mean: Vec<f64>,
    /// Units that each week adds, so that through its end all weeks so far are met with the
    /// probability asked for. Reserves are carried from week to week, never laid up anew: their
    /// sum is the quantile of the whole, which is less than the sum of the weeks' quantiles.
    pub needed: Vec<f64>,
}

/// Sums days to weeks, from the first day given; a last week that is not whole is left out. Days
/// are taken as independent of each other.
#[must_use]
pub fn weeks(days: &[Spread], percent: u8) -> Weeks {
    let mut found = Weeks::default();
    let (mut mean, mut variance, mut met) = (0.0, 0.0, 0.0_f64);
    for week in days.chunks_exact(7) {
        let units: f64 = week.iter().map(Spread::mean).sum();
        mean += units;
        variance += week.iter().map(Spread::variance).sum::<f64>();
        let through = f64::from(sum_of(mean, variance).quantile(percent)).max(met);
        found.mean.push(units);
        found.needed.push(through - met);
        met = through;
    }
    found
}

/// The negative binomial of a sum's mean and variance.
fn sum_of(mean: f64, variance: f64) -> Spread {
    let bend = if mean > 0.0 { (variance - mean) / (mean * mean) } else { 0.0 };
    Spread::negative_binomial(mean, bend)
}

#[cfg(test)]
mod tests {
    use super::{Spread, weeks};

    #[test]
    fn a_reserve_is_laid_up_once_and_lasts_through_the_end_of_every_week() {
        let days = vec![Spread::negative_binomial(3.0, 0.2); 7 * 16 + 3];
        let found = weeks(&days, 75);
        assert_eq!(found.needed.len(), 16);
        assert!((found.mean.iter().sum::<f64>() - 336.0).abs() < 0.1);
        // The whole has variance 112 · (3 + 1.8) = 537.6, deviation 23.2: a normal law's 75 % lies
        // 0.674 of them above 336, at 351.6.
        let whole: f64 = found.needed.iter().sum();
        assert!((whole - 352.0).abs() <= 1.0, "{whole}");
        // Week by week, each by itself, it would be 16 · (21 + 3.9).
        let alone = f64::from(super::sum_of(21.0, 33.6).quantile(75));
        assert!(16.0 * alone > whole + 30.0);
        assert!(found.needed[0] >= alone && found.needed[1..].iter().all(|units| *units < alone));
    }

    #[test]
    fn the_middle_of_a_rare_group_adds_up_to_what_comes() {
        let days = vec![Spread::negative_binomial(0.05, 0.5); 7 * 16];
        let found = weeks(&days, 50);
        let whole: f64 = found.needed.iter().sum();
        assert!((whole - 5.6).abs() <= 1.0, "{whole}");
        assert!(found.needed.iter().all(|units| *units >= 0.0));
        assert_eq!(weeks(&days[..6], 50).needed, Vec::<f64>::new());
    }
}
