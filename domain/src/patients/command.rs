//! What can be asked about patients.

use serde::{Deserialize, Serialize};

use super::model::{
    Capture, Decline, Ground, Identity, Indication, Sample, SampleNumber, ScreenResult, Target,
    Urgency,
};
use crate::blood::model::group::Group;
use crate::blood::model::phenotype::Phenotype;
use crate::blood::model::recipient::{Requirement, Significance};
use crate::words::{Code, JournalId, Known, PatientId, RecordRef, Time};

/// What a second person reads off again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// The group.
    Group(Known<Group>),
    /// The screen.
    Screen(ScreenResult),
}

/// What happened to somebody's group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turned {
    /// A transplant from somebody of this group.
    Transplanted(Known<Group>),
    /// It was rejected.
    Rejected,
    /// The group is settled.
    Settled(Group),
}

/// A command about patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Register somebody who may receive blood.
    Register {
        /// Who it is.
        identity: Identity,
    },
    /// Put right who somebody is.
    CorrectIdentity {
        /// Whom.
        patient: PatientId,
        /// What is right.
        identity: Identity,
        /// Why.
        reason: String,
    },
    /// Report that a sample was taken.
    TakeSample {
        /// From whom.
        patient: PatientId,
        /// How.
        sample: Sample,
    },
    /// Report a group.
    Determine {
        /// Whose.
        patient: PatientId,
        /// On which sample.
        sample: SampleNumber,
        /// When it was determined.
        determined: Time,
        /// The group.
        group: Known<Group>,
        /// Further antigens.
        #[serde(default)]
        phenotype: Phenotype,
        /// Whether it is an emergency determination.
        emergency: bool,
        /// How it came here.
        capture: Capture,
    },
    /// Report an antibody screen.
    RecordScreen {
        /// Whose.
        patient: PatientId,
        /// On which sample.
        sample: SampleNumber,
        /// When it was done.
        performed: Time,
        /// What it says.
        result: ScreenResult,
        /// How it came here.
        capture: Capture,
    },
    /// Verify a typed result by reading it off again.
    Verify {
        /// Whose.
        patient: PatientId,
        /// Which.
        result: Code,
        /// What is read.
        again: Again,
    },
    /// Report an antibody.
    FindAntibody {
        /// Whose.
        patient: PatientId,
        /// Against what.
        against: Target,
        /// Whether it matters.
        significance: Known<Significance>,
        /// How it was found.
        method: Option<String>,
        /// When.
        found: Time,
        /// Where.
        place: String,
    },
    /// Report that a known antibody was looked for and not seen. It stays.
    NotSeen {
        /// Whose.
        patient: PatientId,
        /// Which.
        finding: Code,
        /// When.
        at: Time,
    },
    /// Decide which of two different groups holds.
    Resolve {
        /// Whose.
        patient: PatientId,
        /// The group that holds.
        group: Group,
        /// Why.
        reason: String,
    },
    /// Require something of every unit.
    Require {
        /// For whom.
        patient: PatientId,
        /// What.
        requirement: Requirement,
        /// Why.
        indication: Indication,
        /// In words.
        note: Option<String>,
        /// From when: the day of the transplant, the treatment, the decision.
        from: Time,
        /// Until when; by the region's rule if none is given.
        until: Option<Time>,
    },
    /// End a requirement.
    EndRequirement {
        /// For whom.
        patient: PatientId,
        /// Which.
        need: Code,
        /// From when.
        at: Time,
        /// Why.
        reason: String,
    },
    /// Report what happened to somebody's group.
    Turn {
        /// Whose.
        patient: PatientId,
        /// What.
        turned: Turned,
        /// From when it holds.
        valid_from: Time,
        /// Where and by whom, in words.
        note: String,
    },
    /// State a newborn's mother.
    StateMother {
        /// The child.
        patient: PatientId,
        /// The mother.
        mother: PatientId,
        /// Why another was stated before.
        reason: Option<String>,
    },
    /// Say who a reserve number turned out to be.
    Link {
        /// The reserve number's patient.
        reserve: PatientId,
        /// Who it is.
        to: PatientId,
        /// How identity was checked.
        check: String,
    },
    /// Take that back.
    Unlink {
        /// The reserve number's patient.
        reserve: PatientId,
        /// Why.
        reason: String,
    },
    /// Record that the patient forbids telling other care providers.
    Block {
        /// Who.
        patient: PatientId,
        /// In words.
        note: Option<String>,
    },
    /// Record that the patient lifts the block.
    LiftBlock {
        /// Who.
        patient: PatientId,
        /// In words.
        reason: String,
    },
    /// Ask another region about a patient.
    Ask {
        /// About whom.
        patient: PatientId,
        /// Which region.
        to: JournalId,
        /// On what ground.
        ground: Ground,
        /// How soon.
        urgency: Urgency,
        /// Why.
        reason: String,
        /// Where to call back.
        phone: String,
    },
    /// Take an own question back that needs no answer any more.
    WithdrawAsk {
        /// The question's name.
        ask: Code,
        /// Why.
        reason: String,
    },
    /// Answer another region.
    Answer {
        /// Its record.
        ask: RecordRef,
        /// Who it is here; none if there is no record of the person.
        patient: Option<PatientId>,
        /// Why the patient's block is broken: in an emergency, by a physician.
        break_block: Option<String>,
        /// In words.
        note: Option<String>,
    },
    /// Decline to answer another region.
    Decline {
        /// Its record.
        ask: RecordRef,
        /// Why.
        reason: Decline,
        /// In words.
        note: Option<String>,
    },
    /// Take another region's answer into the patient's record.
    TakeIn {
        /// The answer's record.
        answer: RecordRef,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub const fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Answer { ask, .. } | Self::Decline { ask, .. } => Some(ask),
            Self::TakeIn { answer } => Some(answer),
            _ => None,
        }
    }
}
