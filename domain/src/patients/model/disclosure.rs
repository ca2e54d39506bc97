//! What one region asks another about one patient, and what it is told.

use serde::{Deserialize, Serialize};

use super::person::Identity;
use super::results::{Finding, ScreenResult};
use crate::blood::model::group::Group;
use crate::kernel::model::plain_enum;
use crate::words::{Code, JournalId, Known, PatientId, RecordRef, Time};

plain_enum! {
    /// On what legal ground a patient's history is asked for. Whoever asks states it; whoever
    /// answers judges it.
    Ground {
        /// The patient agrees (OSL 2009:400 12 kap. 2 §).
        Consent = "consent",
        /// Shared care documentation (lag 2022:913).
        SharedCare = "shared_care",
        /// The patient cannot be asked and needs the care (OSL 2009:400 25 kap. 13 §).
        CannotConsent = "cannot_consent",
    }
}

plain_enum! {
    /// How soon the answer is needed.
    Urgency {
        /// In good time before a transfusion.
        Routine = "routine",
        /// Now: telephone as well.
        Emergency = "emergency",
    }
}

plain_enum! {
    /// Why a region does not answer.
    Decline {
        /// The patient's block.
        Blocked = "blocked",
        /// The ground does not hold.
        NoGround = "no_ground",
        /// Who is meant cannot be made out.
        NotIdentified = "not_identified",
        /// Something else, said in words.
        Other = "other",
    }
}

/// What is asked, for the asked region alone to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The patient in the asking region.
    pub patient: PatientId,
    /// Who is meant.
    pub identity: Identity,
    /// Why it is needed.
    pub reason: String,
    /// Where to call the one who asks.
    pub phone: String,
}

/// What a region found of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The group.
    pub group: Group,
    /// On how many separate occasions, by that region's rules.
    pub occasions: u8,
    /// When the newest sample was taken.
    pub newest: Known<Time>,
}

/// What a region knows of somebody's blood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The group.
    pub group: Known<Elsewhere>,
    /// Whether two different groups were found and nobody decided.
    pub conflict: bool,
    /// Whether a transplant may have changed the group.
    pub transplant: bool,
    /// Every antibody ever found.
    pub antibodies: Vec<Finding>,
    /// The newest screen: when its sample was taken, and what it said.
    pub screen: Known<(Time, ScreenResult)>,
}

/// What a region answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What it knows.
    History(Box<History>),
    /// It has no record of this person. That says nothing of antibodies.
    NoRecord,
}

/// An answer, for the asking region alone to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The patient in the answering region.
    pub patient: Option<PatientId>,
    /// What it says.
    pub outcome: Outcome,
    /// Why the patient's block was broken.
    pub block_broken: Option<String>,
    /// In words.
    pub note: Option<String>,
}

/// A group that another region told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElsewhereGroup {
    /// Its name here.
    pub id: Code,
    /// Who told.
    pub region: JournalId,
    /// Where it stands.
    pub answer: RecordRef,
    /// What was said.
    pub said: Elsewhere,
    /// The decision by which it does not count.
    pub set_aside: Option<Code>,
}
