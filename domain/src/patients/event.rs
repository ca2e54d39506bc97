//! What can have happened to patients. All of it stays in the region; what regions ask each other
//! about one is for the region that is named, and for nobody else.

use serde::{Deserialize, Serialize};

use super::model::{
    Answer, Asked, Decline, Determination, ElsewhereGroup, Finding, Ground, Identity, Need, Sample,
    Screen, Turn, Urgency,
};
use crate::blood::model::group::Group;
use crate::words::{
    Code, DecodeError, Digest, JournalId, Nothing, PatientId, Private, RecordRef, Subject, Time,
    events,
};

/// Somebody was registered, or described wrongly before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The patient.
    pub patient: PatientId,
    /// Who it is.
    pub identity: Identity,
}

/// Who somebody is was put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityCorrected {
    /// The patient.
    pub patient: PatientId,
    /// Who it is.
    pub identity: Identity,
    /// Why.
    pub reason: String,
}

/// A sample was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleTaken {
    /// From whom.
    pub patient: PatientId,
    /// How.
    pub sample: Sample,
}

/// A group was determined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Determined {
    /// Whose.
    pub patient: PatientId,
    /// What.
    pub determination: Determination,
}

/// Antibodies were screened for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screened {
    /// Whose.
    pub patient: PatientId,
    /// What.
    pub screen: Screen,
}

/// A second person read a result off again and saw the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultVerified {
    /// Whose.
    pub patient: PatientId,
    /// Which.
    pub result: Code,
}

/// An antibody was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AntibodyFound {
    /// In whom.
    pub patient: PatientId,
    /// What.
    pub finding: Finding,
}

/// An antibody was looked for again and not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AntibodyNotSeen {
    /// In whom.
    pub patient: PatientId,
    /// Which.
    pub finding: Code,
    /// When.
    pub at: Time,
}

/// Which of two different groups holds was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictResolved {
    /// Whose.
    pub patient: PatientId,
    /// The decision's name.
    pub decision: Code,
    /// The group that holds.
    pub group: Group,
    /// Results that do not count from now on. They stay.
    pub set_aside: Vec<Code>,
    /// Why.
    pub reason: String,
    /// The rule set in force.
    pub rule_set: Digest,
}

/// A physician required something of every unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Required {
    /// For whom.
    pub patient: PatientId,
    /// What.
    pub need: Need,
    /// The rule set in force.
    pub rule_set: Digest,
}

/// A requirement was ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementEnded {
    /// For whom.
    pub patient: PatientId,
    /// Which.
    pub need: Code,
    /// From when.
    pub at: Time,
    /// Why.
    pub reason: String,
}

/// Something happened to somebody's group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTurned {
    /// Whose.
    pub patient: PatientId,
    /// What, from when, known since when.
    pub turn: Turn,
    /// The rule set that a settlement rests on.
    pub rule_set: Option<Digest>,
}

/// A newborn's mother was stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotherStated {
    /// The child.
    pub patient: PatientId,
    /// The mother.
    pub mother: PatientId,
    /// Why another was stated before.
    pub reason: Option<String>,
}

/// A reserve number turned out to be somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReserveLinked {
    /// The reserve number's patient.
    pub reserve: PatientId,
    /// Who it is.
    pub to: PatientId,
    /// How identity was checked.
    pub check: String,
}

/// That was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReserveUnlinked {
    /// The reserve number's patient.
    pub reserve: PatientId,
    /// Who it was thought to be.
    pub from: PatientId,
    /// Why.
    pub reason: String,
}

/// A patient forbade telling other care providers, or lifted that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// Who.
    pub patient: PatientId,
    /// In words.
    pub note: Option<String>,
}

/// Another region was asked about somebody. Of whom is for that region alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedOf {
    /// The question's name.
    pub ask: Code,
    /// Which region is asked.
    pub to: JournalId,
    /// On what ground.
    pub ground: Ground,
    /// How soon.
    pub urgency: Urgency,
    /// When the answer should be there.
    pub due: Time,
    /// The rule set that says so; none where the region states no such rule and the product's own
    /// clock runs.
    pub rule_set: Option<Digest>,
}

/// An own question needs no answer any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskWithdrawn {
    /// The question's name.
    pub ask: Code,
}

/// Why it needs none; it may speak of the patient and stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawnBecause {
    /// About whom.
    pub patient: PatientId,
    /// Why.
    pub reason: String,
}

/// Another region's question was answered or declined. How is for that region alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTo {
    /// The question's name.
    pub ask: Code,
    /// The question's record.
    pub record: RecordRef,
    /// Who asked.
    pub to: JournalId,
}

/// Why a question is not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Why.
    pub reason: Decline,
    /// In words.
    pub note: Option<String>,
}

/// Another region's answer was taken into the patient's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenIn {
    /// Whose record.
    pub patient: PatientId,
    /// The question's name.
    pub ask: Code,
    /// Where the answer stands.
    pub answer: RecordRef,
    /// The group it tells.
    pub group: Option<ElsewhereGroup>,
    /// The antibodies it tells.
    pub findings: Vec<Finding>,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of patients.
    upcast upcast;
    /// Registered.
    "patient.registered" v 1 Registered(Nothing, Registered);
    /// Described wrongly.
    "patient.identity_corrected" v 1 IdentityCorrected(Nothing, IdentityCorrected);
    /// A sample.
    "patient.sample_taken" v 1 SampleTaken(Nothing, SampleTaken);
    /// A group.
    "patient.group_determined" v 1 Determined(Nothing, Determined);
    /// A screen.
    "patient.screened" v 1 Screened(Nothing, Screened);
    /// Read again by a second person.
    "patient.result_verified" v 1 ResultVerified(Nothing, ResultVerified);
    /// An antibody.
    "patient.antibody_found" v 1 AntibodyFound(Nothing, AntibodyFound);
    /// A known antibody not seen.
    "patient.antibody_not_seen" v 1 AntibodyNotSeen(Nothing, AntibodyNotSeen);
    /// Two groups, decided.
    "patient.conflict_resolved" v 1 ConflictResolved(Nothing, ConflictResolved);
    /// A requirement.
    "patient.required" v 1 Required(Nothing, Required);
    /// A requirement's end.
    "patient.requirement_ended" v 1 RequirementEnded(Nothing, RequirementEnded);
    /// A transplant, its rejection, or the group settled.
    "patient.group_turned" v 1 GroupTurned(Nothing, GroupTurned);
    /// A newborn's mother.
    "patient.mother_stated" v 1 MotherStated(Nothing, MotherStated);
    /// A reserve number is somebody.
    "patient.reserve_linked" v 1 ReserveLinked(Nothing, ReserveLinked);
    /// It is not.
    "patient.reserve_unlinked" v 1 ReserveUnlinked(Nothing, ReserveUnlinked);
    /// A block.
    "patient.blocked" v 1 Blocked(Nothing, Blocked);
    /// A block lifted.
    "patient.block_lifted" v 1 BlockLifted(Nothing, Blocked);
    /// A question to another region.
    "disclosure.asked" v 1 Asked(AskedOf, Asked);
    /// Its answer.
    "disclosure.answered" v 1 Answered(AnswerTo, Answer);
    /// That there is none.
    "disclosure.declined" v 1 Declined(AnswerTo, Declined);
    /// An answer in the patient's record.
    "disclosure.taken_in" v 1 TakenIn(Nothing, TakenIn);
    /// A question taken back by whoever asked.
    "disclosure.withdrawn" v 1 AskWithdrawn(AskWithdrawn, WithdrawnBecause);
}

impl Event {
    /// The one other region that may read the private part.
    #[must_use]
    pub const fn addressee(&self) -> Option<&JournalId> {
        match self {
            Self::Asked(asked, _) => Some(&asked.to),
            Self::Answered(answer, _) | Self::Declined(answer, _) => Some(&answer.to),
            _ => None,
        }
    }

    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        use Private::Here;
        let one = |patient: &PatientId| vec![Subject::patient(patient)];
        let two = |a: &PatientId, b: &PatientId| vec![Subject::patient(a), Subject::patient(b)];
        match self {
            Self::Registered(_, Here(event)) => one(&event.patient),
            Self::IdentityCorrected(_, Here(event)) => one(&event.patient),
            Self::SampleTaken(_, Here(event)) => one(&event.patient),
            Self::Determined(_, Here(event)) => one(&event.patient),
            Self::Screened(_, Here(event)) => one(&event.patient),
            Self::ResultVerified(_, Here(event)) => one(&event.patient),
            Self::AntibodyFound(_, Here(event)) => one(&event.patient),
            Self::AntibodyNotSeen(_, Here(event)) => one(&event.patient),
            Self::ConflictResolved(_, Here(event)) => one(&event.patient),
            Self::Required(_, Here(event)) => one(&event.patient),
            Self::RequirementEnded(_, Here(event)) => one(&event.patient),
            Self::GroupTurned(_, Here(event)) => one(&event.patient),
            Self::MotherStated(_, Here(event)) => two(&event.patient, &event.mother),
            Self::ReserveLinked(_, Here(event)) => two(&event.reserve, &event.to),
            Self::ReserveUnlinked(_, Here(event)) => two(&event.reserve, &event.from),
            Self::Blocked(_, Here(event)) | Self::BlockLifted(_, Here(event)) => {
                one(&event.patient)
            }
            Self::Asked(_, Here(event)) => one(&event.patient),
            Self::Answered(_, Here(event)) => event.patient.iter().flat_map(one).collect(),
            Self::TakenIn(_, Here(event)) => one(&event.patient),
            Self::AskWithdrawn(_, Here(event)) => one(&event.patient),
            _ => Vec::new(),
        }
    }
}
