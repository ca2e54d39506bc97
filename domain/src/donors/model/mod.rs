//! What a donor is, and what may befall one.

mod answers;
mod calls;
mod eligibility;
mod guest;
mod hindrance;
mod strata;

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

pub use answers::{Answer, Asked, Checks, Dated, Declaration, Question, Visit};
pub use calls::{
    Appointment, AppointmentState, CallUp, Contact, Filter, Outcome, Session, SessionFacts,
};
pub use eligibility::{Effect, Eligibility, Ground, Reason, Verdict};
pub use guest::{Guest, IssuedPass, PassHolder, Presented};
pub use hindrance::{
    Assessment, Deferral, DeferralReason, Imputability, Lifted, Reaction, ReactionKind, Severity,
    Until,
};

pub use strata::{Gap, Response, Stratum};

pub use crate::blood::model::recipient::Sex;
use crate::blood::model::{Group, Phenotype};
use crate::donations::model::DonationKind;
use crate::words::{Day, DeferralId, DonorId, Known, PersonNumber, ReactionId, SiteId, Time};

/// Who somebody is. It never leaves the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The number by which the person is found.
    pub number: PersonNumber,
    /// Given name and surname.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

impl Identity {
    /// The date of birth that the number says.
    #[must_use]
    pub fn born(&self) -> Known<Day> {
        self.number.born().and_then(Day::new).into()
    }

    /// The sex that the number says.
    #[must_use]
    pub fn sex(&self) -> Known<Sex> {
        let sex = |female| if female { Sex::Female } else { Sex::Male };
        self.number.is_female().map(sex).into()
    }
}

/// A donation that is not recorded here: before this record began, or in another region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// When.
    pub day: Day,
    /// What was given.
    pub kind: DonationKind,
}

/// What a donor can be asked for, and whether they may be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Where they usually give.
    pub site: Option<SiteId>,
    /// What they are approved to give; each kind once, in order.
    pub kinds: Vec<DonationKind>,
    /// Whether they want to be called.
    pub may_call: bool,
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Types {
    /// Antigens of the red cells.
    pub phenotype: Phenotype,
    /// HLA types as the laboratory writes them, e.g. `A*02:01`.
    pub hla: Vec<String>,
    /// HPA types, e.g. `1a/1b`.
    pub hpa: Vec<String>,
}

/// A donor in the region's own state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Donor {
    /// Who it is.
    pub identity: Identity,
    /// Since when this record knows the donor.
    pub registered: Time,
    /// What they can be asked for.
    pub terms: Terms,
    /// Group, as far as it was determined.
    pub group: Known<Group>,
    /// What the donor was typed for.
    pub types: Types,
    /// Donations that are not recorded here; none for somebody who never gave, unknown if nobody
    /// asked.
    pub earlier: Known<Vector<Earlier>>,
    /// The latest day that was ever stated for each thing after which donors wait.
    pub dates: OrdMap<Question, Dated>,
    /// What was answered with yes once and stays.
    pub ever: OrdSet<Question>,
    /// The latest visit.
    pub visit: Option<Visit>,
    /// Deferrals, ended and lifted ones too.
    pub deferrals: OrdMap<DeferralId, Deferral>,
    /// What physicians decided.
    pub assessments: Vector<Assessment>,
    /// What happened at donations.
    pub reactions: OrdMap<ReactionId, Reaction>,
    /// The latest contact.
    pub contact: Option<Contact>,
    /// The record into which this one was merged.
    pub into: Option<DonorId>,
    /// The records that were merged into this one.
    pub merged: OrdSet<DonorId>,
    /// The home region's word for a guest.
    pub guest: Option<Guest>,
}

impl Donor {
    /// A donor of whom nothing is known yet but who it is.
    #[must_use]
    pub fn registered(
        identity: Identity,
        terms: Terms,
        earlier: Known<Vector<Earlier>>,
        registered: Time,
    ) -> Self {
        Self {
            identity,
            registered,
            terms,
            group: Known::Unknown,
            types: Types::default(),
            earlier,
            dates: OrdMap::new(),
            ever: OrdSet::new(),
            visit: None,
            deferrals: OrdMap::new(),
            assessments: Vector::new(),
            reactions: OrdMap::new(),
            contact: None,
            into: None,
            merged: OrdSet::new(),
            guest: None,
        }
    }
}
