//! What can be asked about rare blood.

use serde::{Deserialize, Serialize};

use super::model::Wanted;
use crate::words::RecordRef;

/// A command about rare blood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Ask every other region how many of its typed donors fit.
    Ask {
        /// What is looked for.
        wanted: Wanted,
        /// For what, in words; it stays in the region.
        note: Option<String>,
    },
    /// What another region's record makes due: an answer to its question.
    Answer {
        /// The question.
        ask: RecordRef,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Ask { .. } => None,
            Self::Answer { ask } => Some(ask),
        }
    }
}
