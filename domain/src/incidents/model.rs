//! What a major incident is.

use serde::{Deserialize, Serialize};

use crate::alarms::model::{Between, Place};
use crate::kernel::model::plain_enum;
use crate::words::{JournalId, Known, SiteId, Time};

plain_enum! {
    /// How far an incident has come (preparedness.md §6.2), in order.
    Stage {
        /// Written down; nothing leaves the region.
        Draft = "draft",
        /// Reported; neighbours may be told.
        Suspected = "suspected",
        /// Confirmed by the duty officer.
        Confirmed = "confirmed",
        /// Held to be a mass-casualty incident (masskadehändelse).
        Assessed = "assessed",
        /// The other regions are alarmed.
        Alarmed = "alarmed",
        /// Somebody has answered.
        Responding = "responding",
        /// The national level is asked for.
        NationalRequested = "national_requested",
        /// The national level has answered.
        NationalConfirmed = "national_confirmed",
        /// What was promised is released, one by one.
        StandDown = "stand_down",
        /// Ended; nothing follows but what is learned.
        Closed = "closed",
    }
}

plain_enum! {
    /// Whether something holds, as far as is known.
    Holds {
        /// It does.
        Yes = "yes",
        /// Suspected, not confirmed: enough to alarm.
        Suspected = "suspected",
        /// It does not.
        No = "no",
    }
}

/// One of the two things that make a mass-casualty incident (preparedness.md §1.1 S3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it holds.
    pub holds: Holds,
    /// On what grounds.
    pub basis: String,
    /// Who said so.
    pub source: String,
}

/// The two findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// A significant outcome of injuries.
    pub harm: Finding,
    /// Need of care and resources out of balance.
    pub imbalance: Finding,
}

impl Assessment {
    /// Whether both hold, or are suspected.
    #[must_use]
    pub const fn mass_casualty(&self) -> bool {
        !matches!(self.harm.holds, Holds::No) && !matches!(self.imbalance.holds, Holds::No)
    }
}

plain_enum! {
    /// A region's or hospital's mode (preparedness.md §1.3).
    CareMode {
        /// Normalläge.
        Normal = "normal",
        /// Stabsläge: special medical command follows events.
        Staff = "staff",
        /// Förstärkningsläge: certain important functions are reinforced.
        Reinforced = "reinforced",
        /// Katastrofläge: all important functions are reinforced.
        Catastrophe = "catastrophe",
    }
}

/// What is known at first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// What it is called, in a few words.
    pub title: String,
    /// What is known.
    pub text: String,
    /// Who reports.
    pub source: String,
    /// Where.
    pub place: Known<Place>,
    /// When it happened.
    pub happened: Known<Time>,
    /// Injured.
    pub injured: Known<Between>,
}

plain_enum! {
    /// A measure that a named role decides on, and that ends.
    Measure {
        /// Triage by the rules of mass casualties.
        Triage = "triage",
        /// Rationing of a resource.
        Rationing = "rationing",
    }
}

/// Where a measure holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// At the scene.
    Scene,
    /// At a hospital.
    Site(SiteId),
    /// In the whole region.
    Region,
}

/// An indicator as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Which, as a stable name.
    pub name: String,
    /// Its value in thousandths of its unit; unknown stays unknown.
    pub value: Known<i64>,
    /// The threshold in thousandths.
    pub threshold: i64,
    /// Whether the threshold is passed.
    pub passed: Known<bool>,
    /// Where the value comes from.
    pub source: String,
    /// When it was so.
    pub at: Known<Time>,
}

/// A decision on a measure, before it is signed by all who have to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// What.
    pub measure: Measure,
    /// Where.
    pub scope: Scope,
    /// Of which resource, if it is rationed.
    pub resource: Option<String>,
    /// On what grounds.
    pub basis: String,
    /// Indicators as they stood.
    pub indicators: Vec<Indicator>,
    /// When it is looked at again.
    pub review: Time,
}

/// What a region does afterwards, so that the next time is better (C19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// What.
    pub what: String,
    /// Whose it is.
    pub region: JournalId,
    /// By when.
    pub due: Time,
    /// What was lacking (A40).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
    /// What it costs in whole kronor; none is unknown, never nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<u64>,
    /// The function in that region that answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}
