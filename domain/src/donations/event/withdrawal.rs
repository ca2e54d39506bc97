//! What can have happened to withdrawals. Donors and recipients stay in the region.

use serde::{Deserialize, Serialize};

use crate::blood::model::{Din, UnitId};
use crate::donations::model::withdrawal::{CallReason, FollowUp, Found, Gap, LotNamed, Outcome};
use crate::words::{Code, Digest, JournalId, RecordRef, RequestId, Subject, Time};

/// Donations were called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The case's short name.
    pub case: Code,
    /// Why.
    pub reason: CallReason,
    /// The donations.
    pub dins: Vec<Din>,
    /// The lot of bags or solutions, if it is about one: every region looks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotNamed>,
    /// Since when it is known.
    pub since: Time,
    /// What of the past is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<(Option<Din>, Gap)>,
    /// The regions that must answer.
    pub asked: Vec<JournalId>,
    /// The rule set in force, if there was one: a withdrawal never waits for rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<Digest>,
}

/// A region looked for what a withdrawal concerns and stopped it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heeded {
    /// The withdrawal.
    pub withdrawal: RecordRef,
    /// Why it was called.
    pub reason: CallReason,
    /// Every donation that was looked for, those that were found to hang together with it too.
    pub dins: Vec<Din>,
    /// What was found, unit by unit; nothing means that none was ever here.
    pub fates: Vec<(UnitId, Found)>,
    /// Those among them that were only now found to belong to it: what the record says under
    /// their own numbers was not read yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_read: Vec<Din>,
}

/// For which requests units had been handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOut {
    /// Unit and request.
    pub requests: Vec<(UnitId, RequestId)>,
}

/// Somebody did what was to be done about a unit that had left the shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// The withdrawal.
    pub withdrawal: RecordRef,
    /// The unit.
    pub unit: UnitId,
    /// What was done.
    pub done: FollowUp,
}

/// What was said beside it; it may speak of a person and stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// In words.
    pub note: Option<String>,
}

/// The region that called it back has read another region's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The withdrawal.
    pub withdrawal: RecordRef,
    /// Who answered.
    pub from: JournalId,
    /// The record of the answer; none if it was told by telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<RecordRef>,
    /// The donations that it looked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dins: Vec<Din>,
    /// What it found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fates: Vec<(UnitId, Found)>,
    /// What it did about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub followed: Vec<(UnitId, FollowUp)>,
}

/// What a case comes to: an assessment, or its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concluded {
    /// The withdrawal.
    pub withdrawal: RecordRef,
    /// To what it comes.
    pub outcome: Outcome,
    /// The rule set that says whether a second person is needed.
    pub rule_set: Digest,
}

/// Another region's withdrawal was lifted, and this region has read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiftNoted {
    /// The withdrawal.
    pub withdrawal: RecordRef,
    /// The record that lifted it.
    pub lifted: RecordRef,
}

pub(super) fn of_dins(dins: &[Din]) -> Vec<Subject> {
    dins.iter().map(Subject::donation).collect()
}
