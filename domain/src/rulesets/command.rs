//! What can be asked about rule sets.

use serde::{Deserialize, Serialize};

use super::model::{Rule, Scope};
use crate::figures::model::FileRef;
use crate::kernel::model::plain_enum;
use crate::words::{Digest, Time};

plain_enum! {
    /// What a reviewer says.
    Verdict {
        /// May be adopted.
        Approve = "approve",
        /// May not be adopted as it stands.
        Object = "object",
    }
}

/// A command about rule sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Draft a rule set.
    Draft {
        /// What it governs.
        scope: Scope,
        /// Title.
        title: String,
        /// Version as the region numbers it.
        version: String,
        /// The rules, each key at most once.
        rules: Vec<Rule>,
        /// The file they were read from; none if they were typed in.
        file: Option<FileRef>,
    },
    /// Review a draft; the latest review of each reviewer stands.
    Review {
        /// Which rule set.
        rule_set: Digest,
        /// Approve or object.
        verdict: Verdict,
        /// Why; needed for an objection.
        comment: Option<String>,
    },
    /// Adopt a reviewed rule set from a moment on.
    Adopt {
        /// Which rule set.
        rule_set: Digest,
        /// From when; from now on without it, whenever the command arrives.
        from: Option<Time>,
    },
    /// Take a draft back, or a set that is adopted and not yet in force.
    Withdraw {
        /// Which rule set.
        rule_set: Digest,
        /// Why.
        reason: String,
    },
}
