//! How the number of donations of a group in a week may turn out: each invitation leads to one or
//! does not.

/// Quantiles that are shown, in percent.
pub const QUANTILES: [u8; 5] = [5, 25, 50, 75, 95];

/// Quantiles of the sum of independent invitations: `parts` are counts with a probability each.
/// Exact for what is assumed; a shared cause (an influenza week) would widen it.
#[must_use]
pub fn quantiles(parts: &[(u32, f64)]) -> [u32; 5] {
    let mut chance = vec![1.0];
    for (count, success) in parts {
        for _ in 0..*count {
            chance.push(0.0);
            for at in (1..chance.len()).rev() {
                chance[at] = chance[at] * (1.0 - success) + chance[at - 1] * success;
            }
            chance[0] *= 1.0 - success;
        }
    }
    QUANTILES.map(|percent| {
        let mut sum = 0.0;
        let reached = chance.iter().position(|chance| {
            sum += chance;
            sum >= f64::from(percent) / 100.0 - 1e-12
        });
        u32::try_from(reached.unwrap_or(chance.len() - 1)).unwrap_or(u32::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::quantiles;

    #[test]
    fn quantiles_are_those_of_the_binomial() {
        // Binomial(10, 1/2): F(2) = 0.0547, F(4) = 0.377, F(5) = 0.623, F(6) = 0.828, F(8) = 0.989.
        assert_eq!(quantiles(&[(10, 0.5)]), [2, 4, 5, 6, 8]);
        assert_eq!(quantiles(&[(4, 0.5), (6, 0.5)]), [2, 4, 5, 6, 8]);
        assert_eq!(quantiles(&[]), [0; 5]);
        assert_eq!(quantiles(&[(3, 1.0)]), [3; 5]);
    }
}
