//! An agreement, and what happened under it.

use samband_domain::blood::model::Component;
use samband_domain::words::{Day, JournalId};
use serde::{Deserialize, Serialize};

/// How a cost is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// By inhabitants.
    Population,
    /// By units given to each region's own patients.
    Use,
    /// The same for everyone.
    Equal,
}

/// How joint costs are shared, in percent that sum to a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// By inhabitants.
    #[serde(default)]
    pub population: u32,
    /// By units given to each region's own patients.
    #[serde(default)]
    pub r#use: u32,
    /// The same for everyone.
    #[serde(default)]
    pub equal: u32,
}

/// A party to the agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Whose.
    pub id: JournalId,
    /// Inhabitants.
    pub population: u64,
    /// Units given in the period to patients whose home this is, wherever they were treated.
    pub used: u64,
}

/// What one unit of a component is worth, in öre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Component.
    pub component: Component,
    /// Öre.
    pub unit: i64,
}

/// Units that one region took from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Shipment or delivery note.
    pub id: String,
    /// When.
    pub day: Day,
    /// Who gave them.
    pub from: JournalId,
    /// Who took them.
    pub to: JournalId,
    /// Home of the patient they were given to; none: stock of the region that took them.
    pub home: Option<JournalId>,
    /// Component.
    pub component: Component,
    /// How many.
    pub units: i64,
    /// Öre paid to the carrier.
    pub transport: i64,
    /// Who paid the carrier.
    pub carried_by: JournalId,
    /// Whether the price that the home region pays for the care already holds the blood.
    pub in_care_price: bool,
}

/// Who bears the cost of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum For {
    /// One region.
    Region(JournalId),
    /// Everyone, by the keys.
    Joint,
}

/// Donors whom one region called for another, or for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// When.
    pub day: Day,
    /// Who called and received them.
    pub by: JournalId,
    /// For whom.
    pub on_behalf: For,
    /// How many were invited.
    pub invited: i64,
    /// How many of them gave.
    pub donated: i64,
}

/// What one region laid out for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointCost {
    /// What for.
    pub what: String,
    /// When.
    pub day: Day,
    /// Who paid.
    pub paid_by: JournalId,
    /// Öre.
    pub amount: i64,
    /// Another key than the agreement's.
    pub key: Option<Key>,
}

/// The agreement and a period's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its name.
    pub title: String,
    /// First day of the period.
    pub from: Day,
    /// Last day of the period.
    pub to: Day,
    /// Keys of joint costs.
    pub keys: Keys,
    /// Öre for each invited donor.
    pub invited: i64,
    /// Öre for each donor who gave.
    pub donated: i64,
    /// Prices.
    pub prices: Vec<Price>,
    /// Parties.
    pub regions: Vec<Region>,
    /// What was moved.
    pub transfers: Vec<Transfer>,
    /// Who was called.
    pub invitations: Vec<Invitation>,
    /// What was laid out.
    pub joint: Vec<JointCost>,
}
