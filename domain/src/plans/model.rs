//! What joint supply speaks of.

mod calls;
mod campaigns;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use calls::{
    CallBasis, CallLine, CallWeek, DrawnLine, FEWEST, GroupCalls, Lists, Pooling, ToldDonors,
    ToldSilent, told,
};
pub use campaigns::{Campaign, CampaignCount, Channel, Registrations};

use crate::blood::model::stock::Line;
use crate::blood::model::{Component, Group};
use crate::kernel::model::plain_enum;
use crate::words::{Code, Day, Digest, JournalId, Known, Period, SiteId, Time};

/// Units that a site used on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayUse {
    /// The site.
    pub site: SiteId,
    /// The day.
    pub day: Day,
    /// Of what.
    pub line: Line,
    /// How many; a day that the source does not know is unknown, not zero.
    pub units: Known<u32>,
}

/// What sites used, day by day, as a source tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseReport {
    /// The first day it covers.
    pub from: Day,
    /// The last day it covers. Of a site and line that it names, nothing was used on covered days
    /// without a row.
    pub to: Day,
    /// Where it comes from, as a person would cite it.
    pub source: String,
    /// The file, and its SHA-256; none if it came through the interface.
    #[serde(default)]
    pub file: Option<(String, Digest)>,
    /// Its rows.
    pub rows: Vec<DayUse>,
}

impl UseReport {
    /// The sites that it speaks of.
    #[must_use]
    pub fn sites(&self) -> BTreeSet<&SiteId> {
        self.rows.iter().map(|row| &row.site).collect()
    }
}

/// What should lie at a site when it has been filled up, and when that is too little.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Units to fill up to.
    pub fill_to: u32,
    /// From so many usable units on all is well.
    pub green_from: u32,
    /// From so many on it is scarce; below, it is short.
    pub amber_from: u32,
    /// What it was computed from, as a person would cite it.
    pub basis: String,
}

plain_enum! {
    /// How a stock stands to its target.
    Light {
        /// All is well.
        Green = "green",
        /// Scarce.
        Amber = "amber",
        /// Short.
        Red = "red",
    }
}

impl Target {
    /// How many usable units stand to it; unknown stays unknown.
    #[must_use]
    pub fn light(&self, usable: Known<u32>) -> Known<Light> {
        match usable {
            Known::Unknown => Known::Unknown,
            Known::Value(units) if units >= self.green_from => Known::Value(Light::Green),
            Known::Value(units) if units >= self.amber_from => Known::Value(Light::Amber),
            Known::Value(_) => Known::Value(Light::Red),
        }
    }
}

/// A place of a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The region.
    pub region: JournalId,
    /// Its site.
    pub site: SiteId,
}

/// From where to where, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arc {
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// Component.
    pub component: Component,
    /// Group; none stands for all of them.
    #[serde(default)]
    pub group: Option<Group>,
}

impl Arc {
    /// Whether a move along `other` is one along this arc.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        (&self.from, &self.to, self.component) == (&other.from, &other.to, other.component)
            && self.group.is_none_or(|group| other.group == Some(group))
    }
}

/// One proposal of a transfer plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// From where to where, and what; its group is said.
    pub arc: Arc,
    /// How many units.
    pub units: u32,
    /// The timetable's leg it goes by; none where no timetable is stated.
    #[serde(default)]
    pub leg: Option<Code>,
    /// When it leaves.
    pub leaves: Time,
    /// When it should be there.
    pub arrives: Time,
    /// Why.
    pub why: Vec<Why>,
    /// What the plan saves against moving nothing along this arc, in öre.
    pub saves_ore: i64,
    /// What the figures stood at: when the plan was made, and a digest of all that went into it.
    pub made: Time,
    /// The digest.
    pub basis: Digest,
}

/// What a proposal rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "because", deny_unknown_fields)]
pub enum Why {
    /// Where they lie, so many would expire unused.
    WouldExpire {
        /// Units.
        units: u32,
        /// By which day.
        on: Day,
    },
    /// Where they go, so many would be missing.
    WouldMiss {
        /// Units.
        units: u32,
        /// On which day first.
        on: Day,
    },
    /// Where they go, so many would be missing from the minimum.
    BelowMinimum {
        /// Units.
        missing: u32,
        /// On which day first.
        on: Day,
    },
    /// No more could go: the sender keeps its own minimum.
    SendersMinimum {
        /// On the evening of which day.
        on: Day,
    },
    /// No more fits on the courier.
    CourierFull,
}

plain_enum! {
    /// What followed from a proposal that was accepted.
    Outcome {
        /// The units were offered to the other region.
        Offered = "offered",
        /// The other region was asked for them.
        Asked = "asked",
        /// Another system keeps the sender's record: somebody telephones.
        Telephone = "telephone",
    }
}

/// Units that a region gave in a month to patients who live elsewhere, or nobody knows where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeUnits {
    /// Of what.
    pub component: Component,
    /// The patients' home region; none is unknown, and is never guessed.
    pub home: Option<JournalId>,
    /// Whether what the home region pays for the care holds the blood already.
    #[serde(default)]
    pub in_care_price: bool,
    /// How many.
    pub units: u32,
}

/// Whose patients were given what in a month: counts of units, never of persons, of whole months
/// and of a whole region. Everything else that was given there was given to its own patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeReport {
    /// The month.
    pub month: Period,
    /// Where that comes from.
    pub source: String,
    /// The rows; none if nobody from elsewhere was given anything.
    pub rows: Vec<HomeUnits>,
}
