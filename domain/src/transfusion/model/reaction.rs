//! Transfusion reactions, in the categories of Directive 2005/61/EC annex II.

use serde::{Deserialize, Serialize};

use crate::blood::model::UnitId;
pub use crate::donations::model::vigilance::Imputability;
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, PatientId, Time};

plain_enum! {
    /// Categories of serious reactions: Directive 2005/61/EC, annex II part A.
    Category {
        /// Immunological haemolysis due to ABO incompatibility.
        HaemolysisAbo = "haemolysis_abo",
        /// Immunological haemolysis due to another antibody.
        HaemolysisOther = "haemolysis_other",
        /// Haemolysis that is not immunological.
        HaemolysisNonImmune = "haemolysis_non_immune",
        /// Bacteria with the blood.
        Bacterial = "bacterial",
        /// Anaphylaxis or hypersensitivity.
        Anaphylaxis = "anaphylaxis",
        /// Acute lung injury (TRALI).
        Trali = "trali",
        /// Hepatitis B.
        Hbv = "hbv",
        /// Hepatitis C.
        Hcv = "hcv",
        /// HIV.
        Hiv = "hiv",
        /// Another virus.
        OtherViral = "other_viral",
        /// Malaria.
        Malaria = "malaria",
        /// Another parasite.
        OtherParasitic = "other_parasitic",
        /// Purpura.
        Purpura = "purpura",
        /// Graft against host.
        Gvhd = "gvhd",
        /// Something else.
        Other = "other",
    }
}

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
