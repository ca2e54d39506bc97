//! Means over replications, with confidence.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF as _, StudentsT};

/// A mean and half the width of its 95 % confidence interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Half the width of the interval; 0 of a single replication says nothing.
    pub half_width: f64,
}

impl Estimate {
    /// Of independent replications, summed in their order.
    #[must_use]
    pub fn of(values: impl ExactSizeIterator<Item = f64> + Clone) -> Self {
        let n = values.len();
        if n == 0 {
            return Self::default();
        }
        let count = n as f64;
        let mean = values.clone().sum::<f64>() / count;
        if n == 1 {
            return Self { mean, half_width: 0.0 };
        }
        let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
        let error = (squares / (count - 1.0) / count).sqrt();
        Self { mean, half_width: quantile(count - 1.0) * error }
    }

    /// Whether a value lies in the interval.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        (value - self.mean).abs() <= self.half_width
    }
}

/// The 97.5 % quantile of Student's t.
fn quantile(freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |t| t.inverse_cdf(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_students() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        let estimate = Estimate::of(values.into_iter());
        assert!((estimate.mean - 5.0).abs() < 1e-12);
        // s = 2.138, t(7) = 2.3646, √8 = 2.828
        assert!((estimate.half_width - 1.7875).abs() < 1e-3, "{estimate:?}");
        assert!(estimate.holds(6.5) && !estimate.holds(7.0));
        assert!(Estimate::of([3.0].into_iter()).half_width.abs() < 1e-12);
    }
}
