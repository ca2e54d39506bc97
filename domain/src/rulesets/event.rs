//! What can have happened to rule sets.

use serde::{Deserialize, Serialize};

use super::command::Verdict;
use crate::figures::model::FileRef;
use crate::words::{DecodeError, Digest, Nothing, Subject, Time, events};

/// A rule set was drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The document's exact text.
    pub text: String,
    /// The file it was read from.
    pub file: Option<FileRef>,
}

/// Somebody else reviewed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Which rule set.
    pub rule_set: Digest,
    /// Approve or object.
    pub verdict: Verdict,
    /// Why.
    pub comment: Option<String>,
}

/// It was adopted from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// The document's exact text, so that the adoption is readable by itself.
    pub text: String,
    /// From when.
    pub from: Time,
}

/// It was taken back before it came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Which rule set.
    pub rule_set: Digest,
    /// Why.
    pub reason: String,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of rule sets.
    upcast upcast;
    /// Drafted.
    "rule_set.drafted" v 1 Drafted(Drafted, Nothing);
    /// Reviewed by somebody else.
    "rule_set.reviewed" v 1 Reviewed(Reviewed, Nothing);
    /// Adopted from a moment on.
    "rule_set.adopted" v 1 Adopted(Adopted, Nothing);
    /// Taken back.
    "rule_set.withdrawn" v 1 Withdrawn(Withdrawn, Nothing);
}

impl Event {
    /// The rule set that this event is about.
    #[must_use]
    pub fn rule_set(&self) -> Digest {
        match self {
            Self::Drafted(Drafted { text, .. }, _) | Self::Adopted(Adopted { text, .. }, _) => {
                Digest::of(text.as_bytes())
            }
            Self::Reviewed(Reviewed { rule_set, .. }, _)
            | Self::Withdrawn(Withdrawn { rule_set, .. }, _) => *rule_set,
        }
    }

    /// What the event is about, for the subject index.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        vec![Subject::rule_set(&self.rule_set())]
    }
}
