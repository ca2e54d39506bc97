//! What can be asked about figures.

use serde::{Deserialize, Serialize};

use super::model::{FigureRow, Measure, Source};
use crate::words::{Known, Period};

/// A command about figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// State figures.
    Report {
        /// Where they come from.
        source: Source,
        /// The figures.
        rows: Vec<FigureRow>,
    },
    /// Correct a figure.
    Correct {
        /// What.
        measure: Measure,
        /// For when.
        period: Period,
        /// The right value.
        value: Known<u64>,
        /// Why.
        reason: String,
    },
}
