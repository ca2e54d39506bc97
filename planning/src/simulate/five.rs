//! The five figures that the question comes down to, self beside joint, and what may be said of
//! the difference.

use serde::Serialize;

use super::estimate::Estimate;
use super::measures::{Measure, REGION, WHOLE};
use super::report::{Case, Figure};

/// The five: what is missing, what expires, what is moved, how evenly donors are asked, and whether
/// the university hospital gets what it needs. Some stand in two measures.
pub const FIVE: [&[&str]; 5] =
    [&["short"], &["outdated"], &["moved", "km"], &["per_donor", "spread"], &["university_short"]];

/// What may be said of a paired difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Surely better.
    Better,
    /// Surely worse.
    Worse,
    /// Surely more; whether that is good is for others to say.
    More,
    /// Surely less; likewise.
    Less,
    /// The same in every replication.
    Same,
    /// The interval holds zero: they cannot be told apart.
    Unclear,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Better, Self::Worse, Self::More, Self::Less, Self::Same, Self::Unclear];

    /// As keys and answers write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::More => "more",
            Self::Less => "less",
            Self::Same => "same",
            Self::Unclear => "unclear",
        }
    }

    /// Of a difference's 95 % confidence interval. A single replication has none, and says nothing.
    #[must_use]
    pub fn of(difference: Estimate, less_is_better: bool) -> Self {
        let Estimate { mean, half_width } = difference;
        if half_width == 0.0 && mean == 0.0 {
            return Self::Same;
        }
        if half_width == 0.0 || !half_width.is_finite() || difference.holds(0.0) {
            return Self::Unclear;
        }
        match (less_is_better, mean < 0.0) {
            (true, true) => Self::Better,
            (true, false) => Self::Worse,
            (false, true) => Self::Less,
            (false, false) => Self::More,
        }
    }
}

/// A measure of two ways to work together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Beside {
    /// Which measure.
    pub measure: Measure,
    /// Each region for itself.
    pub alone: Estimate,
    /// The other way.
    pub other: Estimate,
    /// The other less the first, paired.
    pub difference: Estimate,
    /// What may be said of it.
    pub verdict: Verdict,
}

fn beside(measure: Measure, alone: &[Figure], other: &[Figure]) -> Option<Beside> {
    let find = |all: &[Figure]| all.iter().find(|one| one.key == measure.key).copied();
    let (alone, other) = (find(alone)?, find(other)?);
    let difference = other.against_first?;
    let verdict = Verdict::of(difference, measure.less_is_better);
    Some(Beside { measure, alone: alone.estimate, other: other.estimate, difference, verdict })
}

/// A measure of all regions together.
#[must_use]
pub fn whole(key: &str, alone: &Case, other: &Case) -> Option<Beside> {
    let measure = WHOLE.into_iter().find(|measure| measure.key == key)?;
    beside(measure, &alone.figures, &other.figures)
}

/// A measure of one region.
#[must_use]
pub fn of_region(key: &str, region: &str, alone: &Case, other: &Case) -> Option<Beside> {
    let measure = REGION.into_iter().find(|measure| measure.key == key)?;
    beside(measure, &alone.region(region)?.figures, &other.region(region)?.figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_interval_without_zero_is_called_sure() {
        let of = |mean, half_width| Estimate { mean, half_width };
        assert_eq!(Verdict::of(of(-5.0, 2.0), true), Verdict::Better);
        assert_eq!(Verdict::of(of(5.0, 2.0), true), Verdict::Worse);
        assert_eq!(Verdict::of(of(5.0, 2.0), false), Verdict::More);
        assert_eq!(Verdict::of(of(-5.0, 2.0), false), Verdict::Less);
        assert_eq!(Verdict::of(of(-5.0, 5.1), true), Verdict::Unclear);
        assert_eq!(Verdict::of(of(0.0, 0.0), true), Verdict::Same);
        assert_eq!(Verdict::of(of(-5.0, 0.0), true), Verdict::Unclear, "one replication");
        assert_eq!(Verdict::of(of(-5.0, f64::NAN), true), Verdict::Unclear);
    }

    #[test]
    fn the_five_are_measures() {
        let known = |key: &&str| WHOLE.iter().any(|measure| measure.key == *key);
        assert!(FIVE.iter().flat_map(|keys| keys.iter()).all(known));
    }
}
