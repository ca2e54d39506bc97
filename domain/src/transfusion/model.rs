//! What a request is, and everything that hangs on it until its last unit has come to its end.

mod course;
mod given;
mod reaction;

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use crate::blood::model::{
    AgeKnown, Antibodies, Component, Recipient, Requirement, Requirements, Sex, UnitId,
};
use crate::blood::rules::compatible;
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, Code, Known, PatientId, SiteId, Time};

pub use course::{Course, Told};
pub use given::{Bag, Bedside, BedsideReason, Ended, Given, Paper, PaperKind, Temperature};
pub use reaction::{Category, Imputability, Reaction, Severity};

plain_enum! {
    /// How soon blood is needed.
    Urgency {
        /// By the hour named.
        Routine = "routine",
        /// Before everything routine.
        Urgent = "urgent",
        /// Now; what is usually awaited is not.
        Emergency = "emergency",
        /// Massive bleeding: packages until called off.
        Massive = "massive",
    }
}

impl Urgency {
    /// Whether a life is at stake, so that tests are not awaited.
    #[must_use]
    pub const fn is_emergency(self) -> bool {
        matches!(self, Self::Emergency | Self::Massive)
    }

    /// As compatibility speaks of it.
    #[must_use]
    pub const fn compatible(self) -> compatible::Urgency {
        if self.is_emergency() {
            compatible::Urgency::Emergency
        } else {
            compatible::Urgency::Routine
        }
    }
}

plain_enum! {
    /// What the blood is for.
    Kind {
        /// A transfusion.
        Transfusion = "transfusion",
        /// An exchange transfusion.
        Exchange = "exchange",
        /// A transfusion before birth.
        Intrauterine = "intrauterine",
    }
}

/// What can be seen of somebody whom nobody can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Sex, as it looks.
    pub sex: Known<Sex>,
    /// Age, as it looks.
    pub age: AgeKnown,
}

impl Estimate {
    /// Nobody said anything.
    pub const NONE: Self = Self { sex: Known::Unknown, age: AgeKnown::Unknown };

    /// Somebody of whom only this is known.
    #[must_use]
    pub const fn recipient(self) -> Recipient {
        Recipient { sex: self.sex, age: self.age, ..Recipient::UNKNOWN }
    }
}

plain_enum! {
    /// How old a unit is, where the recipient needs a fresh one.
    Freshness {
        /// Within the region's limit.
        Fresh = "fresh",
        /// The region states no limit, or the age is not known: the freshest first.
        NotKnown = "not_known",
        /// Older than the limit.
        Old = "old",
    }
}

/// What a ward asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// For whom; none for somebody whom nobody can name yet, in an emergency only.
    pub patient: Option<PatientId>,
    /// What can be seen of somebody who is not named.
    pub estimate: Estimate,
    /// Which component; of a massive transfusion, the red cells that lead it.
    pub component: Component,
    /// How many units.
    pub units: u16,
    /// When they are needed.
    pub needed: Time,
    /// How soon.
    pub urgency: Urgency,
    /// What for.
    pub kind: Kind,
    /// What the ward requires beyond what is known of the patient.
    pub requirements: Vec<Requirement>,
    /// At which blood centre.
    pub site: SiteId,
    /// The ward, in its own words.
    pub ward: String,
    /// Why blood is needed.
    pub indication: String,
}

impl Request {
    /// What is required of every unit: by what is known of the patient, and by the ward.
    #[must_use]
    pub fn requires(&self, known: Requirements) -> Requirements {
        self.requirements.iter().fold(known, |all, one| all.with(*one))
    }
}

plain_enum! {
    /// A rule that two physicians may decide against, for one patient and one request, with the
    /// reason on record. ABO is not among them, nor anything about the unit's own tests.
    ExceptionRule {
        /// RhD-positive to an RhD-negative recipient who never had anti-D.
        DPositive = "d_positive",
        /// Without the patient's two groups or a valid screen; then as for an unknown group.
        MissingTests = "missing_tests",
        /// Without a compatible crossmatch where one is due.
        NoCrossmatch = "no_crossmatch",
        /// Not known to lack an antigen that the patient has an antibody against.
        Antigen = "antigen",
        /// Without what a physician requires of every unit.
        Requirement = "requirement",
    }
}

plain_enum! {
    /// In which capacity a physician decides.
    Capacity {
        /// Answers for the blood.
        Transfusion = "transfusion",
        /// Answers for the patient.
        Treating = "treating",
    }
}

/// One physician's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The physician's name as it was given.
    pub physician: String,
    /// Who put it on record.
    pub recorded_by: ActorId,
    /// When.
    pub at: Time,
    /// Why.
    pub reason: String,
    /// Until when it holds.
    pub until: Time,
}

/// A documented exception; it holds when both have decided, two persons put it on record, and
/// only as long as both say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// From which rule.
    pub rule: ExceptionRule,
    /// The transfusion physician.
    pub transfusion: Option<Decision>,
    /// The treating physician.
    pub treating: Option<Decision>,
}

impl Exception {
    /// Whether it holds at a moment.
    #[must_use]
    pub fn holds(&self, now: Time) -> bool {
        match (&self.transfusion, &self.treating) {
            (Some(one), Some(other)) => {
                one.recorded_by != other.recorded_by && now < one.until && now < other.until
            }
            _ => false,
        }
    }
}

plain_enum! {
    /// What a crossmatch (MG-test) said.
    Match {
        /// No reaction.
        Compatible = "compatible",
        /// A reaction.
        Incompatible = "incompatible",
    }
}

/// A crossmatch of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossmatch {
    /// What it said.
    pub result: Match,
    /// When the sample was taken.
    pub taken: Time,
    /// When it was read.
    pub at: Time,
    /// Who read it.
    pub by: ActorId,
    /// Who read it as well.
    pub second: Option<ActorId>,
    /// The antibodies known when it was read.
    pub antibodies: Known<Antibodies>,
}

/// A unit set aside for a request, with what was known then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// When.
    pub at: Time,
    /// By whom.
    pub by: ActorId,
    /// The antibodies known then: what is posted later stops the issue.
    pub antibodies: Known<Antibodies>,
}

/// A request that is not closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// What was asked for.
    pub request: Request,
    /// When.
    pub asked: Time,
    /// By whom.
    pub by: ActorId,
    /// Units that were set aside, by what was known then; the stock says which still are.
    pub allocated: OrdMap<UnitId, Allocation>,
    /// Crossmatches.
    pub crossmatches: OrdMap<UnitId, Crossmatch>,
    /// Documented exceptions.
    pub exceptions: Vector<Exception>,
    /// What the units that were handed out are.
    pub bags: OrdMap<UnitId, Bag>,
    /// Units that were handed out and have not come to their end.
    pub issued: OrdMap<UnitId, Given>,
    /// Units that have.
    pub ended: OrdMap<UnitId, Ended>,
    /// A massive transfusion's course.
    pub course: Option<Course>,
    /// Since when something handed out in an emergency or on paper waits to be gone through.
    pub unreconciled: Option<Time>,
    /// What was found when it was gone through, and nobody has dealt with.
    pub discrepancies: Vector<Discrepancy>,
}

impl Open {
    /// Whether something handed out in an emergency or on paper waits to be gone through, or
    /// something did not agree.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.unreconciled.is_some() || !self.discrepancies.is_empty()
    }

    /// How many units were handed out and not taken back.
    #[must_use]
    pub fn handed_out(&self) -> usize {
        let back = |ended: &&Ended| matches!(ended, Ended::Returned { .. });
        self.issued.len() + self.ended.values().filter(|ended| !back(ended)).count()
    }

    /// The rules that may be left aside now.
    #[must_use]
    pub fn excepted(&self, now: Time) -> Vec<ExceptionRule> {
        self.exceptions.iter().filter(|one| one.holds(now)).map(|one| one.rule).collect()
    }
}

plain_enum! {
    /// What did not agree when an emergency or a paper was gone through.
    DiscrepancyKind {
        /// The unit is not known here.
        UnitUnknown = "unit_unknown",
        /// The unit was not free, or was somebody else's.
        UnitNotFree = "unit_not_free",
        /// The unit was past its expiry.
        Expired = "expired",
        /// The unit lacked a test that the rules ask for.
        Untested = "untested",
        /// The donation is withdrawn.
        Withdrawn = "withdrawn",
        /// ABO does not fit what is known of the patient now.
        Abo = "abo",
        /// Something else does not fit what is known of the patient now.
        Incompatible = "incompatible",
        /// It is not known whether it fits.
        NotKnown = "not_known",
        /// It was given to somebody else than it was handed out for.
        WrongPatient = "wrong_patient",
        /// Nobody said what became of it: it counts as given.
        NotReported = "not_reported",
    }
}

impl DiscrepancyKind {
    /// Whether the unit is nothing that the stock can hand out.
    #[must_use]
    pub const fn keeps_out_of_stock(self) -> bool {
        matches!(self, Self::UnitUnknown | Self::UnitNotFree)
    }
}

/// What did not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// Which unit.
    pub unit: UnitId,
    /// What.
    pub kind: DiscrepancyKind,
    /// The rule or check that it did not meet.
    pub rule: String,
    /// When it was found.
    pub found: Time,
}

/// Something that happened on a ward, named by a short code of its own.
pub type ReactionId = Code;
