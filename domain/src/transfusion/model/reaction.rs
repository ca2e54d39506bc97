//! Transfusion reactions, in the categories of Directive 2005/61/EC annex II.

use serde::{Deserialize, Serialize};

use crate::blood::model::UnitId;
pub use crate::donations::model::vigilance::{Category, Imputability};
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, PatientId, Time};

plain_enum! {
    /// How it went.
    Severity {
        /// Not serious.
        Mild = "mild",
        /// Serious.
        Serious = "serious",
        /// A danger to life.
        LifeThreatening = "life_threatening",
        /// Death.
        Death = "death",
    }
}

impl Severity {
    /// Whether it is a serious reaction by the directive.
    #[must_use]
    pub const fn is_serious(self) -> bool {
        !matches!(self, Self::Mild)
    }
}

/// A reaction as it was reported, and as it was judged last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reaction {
    /// Whose.
    pub patient: PatientId,
    /// The units it may come from.
    pub units: Vec<UnitId>,
    /// When it began.
    pub began: Time,
    /// Category.
    pub category: Category,
    /// How it went.
    pub severity: Severity,
    /// Imputability.
    pub imputability: Imputability,
    /// What was seen and done.
    pub signs: String,
    /// Who judged it last; none as long as it is only reported.
    pub assessed_by: Option<ActorId>,
}
