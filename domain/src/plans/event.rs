//! What can have happened in joint supply. All of it is shared but the notes.

use serde::{Deserialize, Serialize};

use super::model::{Arc, Outcome, Proposal, Target, UseReport};
use crate::blood::model::stock::Line;
use crate::words::{Day, DecodeError, Nothing, SiteId, Subject, events};

/// A target was set, or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetSet {
    /// The site.
    pub site: SiteId,
    /// Of what.
    pub line: Line,
    /// The target; none if none is set any more.
    pub target: Option<Target>,
}

/// A proposal was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedMove {
    /// As it was proposed.
    pub proposal: Proposal,
    /// How many units were accepted.
    pub units: u32,
    /// What followed.
    pub outcome: Outcome,
}

/// What was said about it; it may speak of a patient and stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// In words.
    pub note: Option<String>,
}

/// A region closed an arc to plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The arc.
    pub arc: Arc,
    /// Through which day.
    pub until: Day,
    /// Why.
    pub reason: String,
}

/// A region opened it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopened {
    /// The arc.
    pub arc: Arc,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of joint supply.
    upcast upcast;
    /// Use was reported.
    "plan.use_reported" v 1 UseReported(UseReport, Nothing);
    /// A target was set.
    "plan.target_set" v 1 TargetSet(TargetSet, Nothing);
    /// A proposal was accepted.
    "plan.accepted" v 1 Accepted(AcceptedMove, Said);
    /// An arc was closed.
    "plan.refused" v 1 Refused(Refused, Nothing);
    /// An arc was opened again.
    "plan.reopened" v 1 Reopened(Reopened, Nothing);
}

impl Event {
    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::UseReported(report, _) => report.sites().into_iter().map(Subject::site).collect(),
            Self::TargetSet(set, _) => vec![Subject::site(&set.site)],
            Self::Accepted(..) | Self::Refused(..) | Self::Reopened(..) => Vec::new(),
        }
    }
}
