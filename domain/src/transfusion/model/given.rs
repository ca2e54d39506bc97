//! A unit in a ward's hand, and how it came to its end.

use serde::{Deserialize, Serialize};

use super::super::gate::Route;
use crate::blood::model::{
    Antibodies, Attributes, Candidate, Component, Group, HpaSet, Phenotype, Product, Unit, UnitId,
};
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, Known, PatientId, Time};

/// What a unit was when it was handed out: it may be gone before it is gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bag {
    /// Product.
    pub product: Product,
    /// Group.
    pub group: Known<Group>,
    /// Antigens it was typed for.
    pub phenotype: Phenotype,
    /// What else is true of it.
    pub attributes: Attributes,
    /// When it must no longer be used.
    pub expiry: Time,
}

impl Bag {
    /// Which component.
    #[must_use]
    pub const fn component(&self) -> Component {
        self.product.component()
    }

    /// As compatibility looks at it.
    #[must_use]
    pub fn candidate(&self) -> Candidate {
        let washed =
            matches!(self.product, Product::RedCellsWashed | Product::RedCellsDeglycerolised);
        Candidate {
            group: self.group,
            phenotype: self.phenotype,
            attributes: self.attributes,
            washed,
            hpa_absent: HpaSet::NONE,
        }
    }
}

impl From<&Unit> for Bag {
    fn from(unit: &Unit) -> Self {
        Self {
            product: unit.product,
            group: unit.group,
            phenotype: unit.phenotype,
            attributes: unit.attributes,
            expiry: unit.expiry,
        }
    }
}

/// A unit that was handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// When.
    pub at: Time,
    /// By whom.
    pub by: ActorId,
    /// Who fetched it.
    pub fetched_by: String,
    /// By which way it was let go.
    pub route: Route,
    /// The antibodies known then.
    pub antibodies: Known<Antibodies>,
    /// When it was looked at beside the patient, and whether it agreed.
    pub checked: Option<(Time, Bedside)>,
}

plain_enum! {
    /// What the temperature record of a returned unit shows.
    Temperature {
        /// A record shows that it stayed within its storage temperature.
        Within = "within",
        /// A record shows that it did not.
        Outside = "outside",
        /// There is no record.
        NoRecord = "no_record",
    }
}

plain_enum! {
    /// What a check beside the patient says.
    Bedside {
        /// It is this patient's unit.
        Agrees = "agrees",
        /// It was handed out in an emergency for somebody nobody could name: two persons compare.
        Unlinked = "unlinked",
        /// Stop: it must not be given.
        Differs = "differs",
    }
}

plain_enum! {
    /// Why a unit must not be given.
    BedsideReason {
        /// Nobody with this number is known here.
        PatientUnknown = "patient_unknown",
        /// The unit is not known here.
        UnitUnknown = "unit_unknown",
        /// The unit was not handed out.
        NotIssued = "not_issued",
        /// It was handed out for somebody else.
        OtherPatient = "other_patient",
        /// It is past its expiry.
        Expired = "expired",
        /// Its donation is withdrawn.
        Withdrawn = "withdrawn",
        /// It has been out of storage too long.
        TooLong = "too_long",
        /// By what is known now its ABO group does not fit.
        Abo = "abo",
        /// The patient's group is in question.
        Conflict = "conflict",
        /// An antibody was posted after the unit was set aside.
        Antibody = "antibody",
    }
}

/// How a unit that was handed out came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Given.
    Transfused {
        /// When.
        at: Time,
    },
    /// Back.
    Returned {
        /// When.
        at: Time,
        /// Whether it may be used again.
        usable: bool,
    },
    /// Not given, and not to be used.
    Wasted {
        /// When.
        at: Time,
    },
    /// Nobody said what became of it: it counts as given until somebody does.
    Presumed {
        /// Since when.
        at: Time,
    },
}

impl Ended {
    /// The end as message key.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Transfused { .. } => "transfused",
            Self::Returned { usable: true, .. } => "returned",
            Self::Returned { usable: false, .. } => "returned_held",
            Self::Wasted { .. } => "wasted",
            Self::Presumed { .. } => "presumed_transfused",
        }
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> Time {
        match self {
            Self::Transfused { at }
            | Self::Returned { at, .. }
            | Self::Wasted { at }
            | Self::Presumed { at } => *at,
        }
    }
}

plain_enum! {
    /// What was done on paper while the system was away.
    PaperKind {
        /// Handed out.
        Issued = "issued",
        /// Handed out and given.
        Transfused = "transfused",
    }
}

/// A line of the reserve routine's paper list, entered afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The paper's own number.
    pub number: String,
    /// What was done.
    pub kind: PaperKind,
    /// Which unit.
    pub unit: UnitId,
    /// For whom, if it is known.
    pub patient: Option<PatientId>,
    /// When.
    pub at: Time,
    /// The ward.
    pub ward: String,
    /// Who did it, as the paper says.
    pub signed: String,
    /// Anything more that the paper says.
    pub note: Known<String>,
}
