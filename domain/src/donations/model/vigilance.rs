//! What is told to the authority: serious reactions and events in two steps, and the yearly reports.

use serde::{Deserialize, Serialize};

use crate::blood::model::UnitId;
use crate::kernel::model::plain_enum;
use crate::words::{Code, Digest, Time};

plain_enum! {
    /// What sort of thing is notified.
    Notice {
        /// A serious adverse reaction of a recipient.
        Reaction = "reaction",
        /// A serious adverse event: something that could have harmed.
        Event = "event",
        /// A serious adverse reaction of a donor.
        DonorReaction = "donor_reaction",
    }
}

plain_enum! {
    /// What it was. Directive 2005/61/EC, annexes II and III.
    Category {
        /// Immunological haemolysis due to ABO.
        HaemolysisAbo = "haemolysis_abo",
        /// Immunological haemolysis due to another alloantibody.
        HaemolysisOther = "haemolysis_other",
        /// Haemolysis that is not immunological.
        HaemolysisNonImmune = "haemolysis_non_immune",
        /// Bacteria by transfusion.
        Bacterial = "bacterial",
        /// Anaphylaxis or hypersensitivity.
        Anaphylaxis = "anaphylaxis",
        /// Transfusion-related acute lung injury.
        Trali = "trali",
        /// Hepatitis B by transfusion.
        Hbv = "hbv",
        /// Hepatitis C by transfusion.
        Hcv = "hcv",
        /// HIV by transfusion.
        Hiv = "hiv",
        /// Another virus by transfusion.
        OtherViral = "other_viral",
        /// Malaria by transfusion.
        Malaria = "malaria",
        /// Another parasite by transfusion.
        OtherParasitic = "other_parasitic",
        /// Post-transfusion purpura.
        Purpura = "purpura",
        /// Graft-versus-host disease.
        Gvhd = "gvhd",
        /// An event at collection of whole blood.
        WholeBloodCollection = "whole_blood_collection",
        /// An event at apheresis.
        ApheresisCollection = "apheresis_collection",
        /// An event at testing.
        Testing = "testing",
        /// An event at processing.
        Processing = "processing",
        /// An event in storage.
        Storage = "storage",
        /// An event in distribution.
        Distribution = "distribution",
        /// A material.
        Materials = "materials",
        /// Something else, said in words.
        Other = "other",
    }
}

impl Category {
    /// Those that can be what is notified, in their order.
    pub fn of(notice: Notice) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |one| one.fits(notice))
    }

    /// Whether it can be what is notified.
    #[must_use]
    pub const fn fits(self, notice: Notice) -> bool {
        let event = matches!(
            self,
            Self::WholeBloodCollection
                | Self::ApheresisCollection
                | Self::Testing
                | Self::Processing
                | Self::Storage
                | Self::Distribution
                | Self::Materials
        );
        match notice {
            Notice::Reaction => !event,
            Notice::Event => event || matches!(self, Self::Other),
            Notice::DonorReaction => matches!(self, Self::Other),
        }
    }
}

plain_enum! {
    /// How sure it is that the transfusion, or for a donor the donation, was the cause. Directive
    /// 2005/61/EC, annex II part B.
    Imputability {
        /// It cannot be assessed.
        NotAssessable = "na",
        /// Excluded or unlikely.
        Unlikely = "0",
        /// Possible.
        Possible = "1",
        /// Likely.
        Likely = "2",
        /// Certain.
        Certain = "3",
    }
}

impl Imputability {
    /// Whether the authority is told: likely or certain.
    #[must_use]
    pub const fn is_notified(self) -> bool {
        matches!(self, Self::Likely | Self::Certain)
    }
}

plain_enum! {
    /// The reports of a year.
    Yearly {
        /// What was done: donations, components, what was issued.
        Activity = "activity",
        /// Serious adverse reactions.
        Reactions = "reactions",
        /// Serious adverse events.
        Events = "events",
    }
}

/// The second step: what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// How sure it is.
    pub imputability: Imputability,
    /// When it was told to the authority.
    pub sent: Time,
}

/// A case that the authority is to be told of, and has not been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToTell {
    /// What sort of thing.
    pub notice: Notice,
    /// What it was.
    pub category: Category,
    /// When it happened.
    pub occurred: Time,
    /// The unit, if one is concerned.
    pub unit: Option<UnitId>,
}

/// A case that was told to the authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VigilanceCase {
    /// What sort of thing.
    pub notice: Notice,
    /// What it was.
    pub category: Category,
    /// When it happened.
    pub occurred: Time,
    /// The unit, if one is concerned.
    pub unit: Option<UnitId>,
    /// When the authority was told first.
    pub notified: Time,
    /// The second step.
    pub confirmed: Option<Confirmed>,
}

/// A yearly report that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// The file that was handed in, by its SHA-256.
    pub digest: Digest,
    /// When.
    pub sent: Time,
    /// The authority's number for it, if it gave one.
    pub reference: Option<String>,
}

/// A case by name.
pub type CaseName = Code;
