//! Survival as a function of when treatment begins.

use serde::Serialize;

use super::fields::{DistributeError, Node};

/// f(t) = β0 / (1 + (t / β1)^β2), t in minutes (Mills, Argon and Ziya 2013).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Survival {
    /// Survival at once.
    pub beta0: f64,
    /// Minutes at which half of it is left.
    pub beta1: f64,
    /// Steepness.
    pub beta2: f64,
}

impl Survival {
    /// At so many minutes.
    #[must_use]
    pub fn at(&self, minutes: i64) -> f64 {
        self.beta0 / (1.0 + (minutes as f64 / self.beta1).powf(self.beta2))
    }

    pub(super) fn read(node: &Node) -> Result<Self, DistributeError> {
        let fields = node.fields(&["beta0", "beta1", "beta2"])?;
        Ok(Self {
            beta0: fields.need("beta0")?.number(0.0, 1.0)?,
            beta1: fields.need("beta1")?.number(0.001, 1e6)?,
            beta2: fields.need("beta2")?.number(0.001, 100.0)?,
        })
    }
}

/// Casualties of a class with one survival.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Casualties {
    /// How many.
    pub count: usize,
    /// Their survival.
    pub survival: Survival,
}

/// Most casualties of a class in a file.
pub(super) const MOST_CASUALTIES: usize = 2_000;

impl Casualties {
    pub(super) fn read(node: &Node) -> Result<Self, DistributeError> {
        let fields = node.fields(&["count", "survival"])?;
        Ok(Self {
            count: fields.need("count")?.count(0, MOST_CASUALTIES)?,
            survival: Survival::read(&fields.need("survival")?)?,
        })
    }
}

/// Which class goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassOrder {
    /// Immediate before Delayed.
    ImmediateFirst,
    /// Delayed before Immediate.
    DelayedFirst,
}

impl ClassOrder {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::ImmediateFirst, Self::DelayedFirst];
}

/// A figure for an answer: six decimals.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
