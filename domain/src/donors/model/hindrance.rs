//! What stands in a donor's way, who put it there, and what a physician said.

use serde::{Deserialize, Serialize};

use super::eligibility::Ground;
use crate::blood::model::Din;
pub use crate::donations::model::vigilance::Imputability;
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, Day, Known, Time};

plain_enum! {
    /// Why a donor was deferred.
    DeferralReason {
        /// Too low haemoglobin.
        LowHb = "low_hb",
        /// An infection marker was found.
        Marker = "marker",
        /// Illness.
        Illness = "illness",
        /// Medicine.
        Medicine = "medicine",
        /// A risk of infection: tattoo, partner, travel.
        Risk = "risk",
        /// Pregnancy.
        Pregnancy = "pregnancy",
        /// A reaction at a donation.
        Reaction = "reaction",
        /// The donor's own wish.
        OwnWish = "own_wish",
        /// Something else, in words.
        Other = "other",
    }
}

/// For how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// Up to, not including, a day.
    Day(Day),
    /// Until somebody lifts it.
    Further,
    /// For good.
    Permanent,
}

/// A deferral (avstängning).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// Why.
    pub reason: DeferralReason,
    /// For how long.
    pub until: Until,
    /// In words.
    pub note: Option<String>,
    /// Since when.
    pub since: Time,
    /// By whom.
    pub by: ActorId,
    /// Who ended it before its time.
    pub lifted: Option<Lifted>,
}

impl Deferral {
    /// Whether it stands on a day.
    #[must_use]
    pub fn stands(&self, on: Day) -> bool {
        let ended = matches!(self.until, Until::Day(day) if day <= on);
        self.lifted.is_none() && !ended
    }
}

/// The end of a deferral by decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// When.
    pub at: Time,
    /// Which physician.
    pub by: ActorId,
    /// Why.
    pub reason: String,
}

/// A physician's decision that something does not hinder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What it is about.
    pub ground: Ground,
    /// When it was decided.
    pub at: Time,
    /// Up to and including which day it holds.
    pub until: Day,
    /// Which physician.
    pub by: ActorId,
    /// Why.
    pub reason: String,
}

plain_enum! {
    /// What happened to a donor at or after a donation.
    ReactionKind {
        /// Fainting or feeling faint.
        Vasovagal = "vasovagal",
        /// Bleeding under the skin.
        Haematoma = "haematoma",
        /// An artery was hit.
        ArterialPuncture = "arterial_puncture",
        /// A nerve was hit.
        Nerve = "nerve",
        /// Numbness or cramps from citrate.
        Citrate = "citrate",
        /// Allergy.
        Allergic = "allergic",
        /// Anaemia or lack of iron found afterwards.
        Iron = "iron",
        /// Something else, in words.
        Other = "other",
    }
}

plain_enum! {
    /// How bad it was.
    Severity {
        /// Passed by itself.
        Mild = "mild",
        /// Needed help at the place.
        Moderate = "moderate",
        /// Needed hospital, or left harm behind.
        Serious = "serious",
        /// Death.
        Fatal = "fatal",
    }
}

/// What happened to a donor at or after a donation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// What.
    pub kind: ReactionKind,
    /// How bad.
    pub severity: Severity,
    /// How likely from the donation.
    pub imputability: Known<Imputability>,
    /// At which donation.
    pub din: Option<Din>,
    /// In words.
    pub note: Option<String>,
    /// When it happened.
    pub at: Time,
    /// Who reported it.
    pub by: ActorId,
}

impl Reaction {
    /// Whether a physician must look before the next donation.
    #[must_use]
    pub const fn serious(&self) -> bool {
        matches!(self.severity, Severity::Serious | Severity::Fatal)
    }
}
