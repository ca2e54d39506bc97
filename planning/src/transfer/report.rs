//! The answer to a transfer question: proposals, each with why, and what it all costs.

use samband_domain::blood::model::{Component, Group};
use samband_domain::words::{Day, JournalId, SiteId};
use serde::Serialize;

use super::model::Closed;

/// A plan. Every sum is in öre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Component.
    pub component: Component,
    /// First day.
    pub first_day: Day,
    /// Days.
    pub days: usize,
    /// What it costs, weights and transport together.
    pub cost: i64,
    /// What it would cost if nobody sent anything.
    pub cost_alone: i64,
    /// No plan can cost less than this. The same as `cost` but where full departures left a doubt.
    pub bound: i64,
    /// What is left undone, and by how much transport it is bought.
    pub outcome: Outcome,
    /// The same if nobody sent anything.
    pub alone: Outcome,
    /// What to send; first what leaves today.
    pub proposals: Vec<Proposal>,
    /// What the moves of each group do together.
    pub groups: Vec<OfGroup>,
    /// Departures of no use here: they arrive after the horizon.
    pub beyond: Vec<String>,
    /// What was closed.
    pub closed: Vec<Closed>,
}

/// What a plan leaves undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Wanted and not there.
    pub short: i64,
    /// Expired within the horizon.
    pub expired: i64,
    /// Expected to expire soon after it.
    pub expiring_soon: i64,
    /// Missing from minimum stocks, summed over the days.
    pub below_minimum: i64,
    /// Given in another group than the recipient's.
    pub substituted: i64,
    /// Sent; a unit that is sent twice counts twice.
    pub sent: i64,
    /// Öre for transport as the plan reckons it: full boxes.
    pub transport: i64,
}

/// Whether it can be done by pressing a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// As a shipment.
    Shipment,
    /// By telephone: another system keeps the record of one of the sites.
    Telephone,
}

/// Units of one group on one departure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Departure.
    pub leg: String,
    /// Sending region.
    pub from_region: JournalId,
    /// Sending site.
    pub from: SiteId,
    /// Receiving region.
    pub to_region: JournalId,
    /// Receiving site.
    pub to: SiteId,
    /// Departure's day.
    pub departs: Day,
    /// Departure's time.
    pub departs_at: String,
    /// Arrival's day.
    pub arrives: Day,
    /// Arrival's time.
    pub arrives_at: String,
    /// Group.
    pub group: Group,
    /// Units by age.
    pub units: Vec<Ages>,
    /// Units in all.
    pub count: i64,
    /// How.
    pub means: Means,
    /// Öre for transport as the plan reckons it: full boxes.
    pub transport: i64,
    /// Why.
    pub why: Why,
}

/// Units that expire at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ages {
    /// How many.
    pub units: i64,
    /// How long they can be used.
    pub life: Life,
}

/// How long units can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// Until the end of this day.
    Until(Day),
    /// They expire soon after the horizon.
    Soon,
    /// Longer than that.
    Long,
}

/// The reasons for a proposal, in money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Why {
    /// What the best plan without this group on this departure costs.
    pub next_best: i64,
    /// What that plan would cost more.
    pub saves: i64,
    /// What would be worse in it. Less [`Why::price`], these sum to `saves`.
    pub avoids: Vec<Reason>,
    /// What would be better in it.
    pub price: Vec<Reason>,
    /// What one unit fewer on departure would cost everybody: what the last unit sent is worth
    /// to the sender.
    pub worth_here: i64,
    /// What one unit fewer on arrival would cost everybody.
    pub worth_there: i64,
    /// What limits it.
    pub binding: Vec<Binding>,
}

/// The best plan without something, held against the best plan of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Without {
    /// What it costs.
    pub cost: i64,
    /// What it costs more.
    pub saves: i64,
    /// What is worse in it. Less [`Without::price`], these sum to `saves`.
    pub avoids: Vec<Reason>,
    /// What is better in it.
    pub price: Vec<Reason>,
}

/// What all moves of one group do together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfGroup {
    /// Which.
    pub group: Group,
    /// Units that are sent.
    pub units: i64,
    /// The best plan that sends none of it.
    pub without: Without,
}

/// One thing that a plan does to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Units are wanted and not there.
    Shortage {
        /// Where.
        site: SiteId,
        /// Recipients' group.
        group: Group,
        /// When.
        day: Day,
        /// How many.
        units: i64,
        /// What it weighs.
        cost: i64,
    },
    /// Units expire unused.
    ExpiresUnused {
        /// Where.
        site: SiteId,
        /// Group.
        group: Group,
        /// When; none: expected soon after the horizon.
        day: Option<Day>,
        /// How many.
        units: i64,
        /// What it weighs.
        cost: i64,
    },
    /// A site is below its minimum at the end of a day.
    BelowMinimum {
        /// Where.
        site: SiteId,
        /// Group.
        group: Group,
        /// When.
        day: Day,
        /// How many are missing.
        units: i64,
        /// What it weighs.
        cost: i64,
    },
    /// Recipients are given another group's units.
    Substitution {
        /// Places down the ladder, summed over the units.
        places: i64,
        /// What it weighs.
        cost: i64,
    },
    /// Units are carried.
    Transport {
        /// How many.
        units: i64,
        /// What it costs.
        cost: i64,
    },
    /// Units are kept over nights.
    Holding {
        /// How many, summed over the nights.
        units: i64,
        /// What it weighs.
        cost: i64,
    },
}

/// What keeps a proposal from being larger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "binding", rename_all = "snake_case")]
pub enum Binding {
    /// The departure takes no more.
    LegFull {
        /// Which.
        leg: String,
        /// What room for one more would be worth.
        worth: i64,
    },
    /// The sender keeps its minimum.
    SenderMinimum {
        /// Day at whose end it binds.
        day: Day,
        /// What one unit less of it would be worth.
        worth: i64,
    },
}

impl Reason {
    /// What it weighs, in öre.
    #[must_use]
    pub const fn cost(&self) -> i64 {
        match self {
            Self::Shortage { cost, .. }
            | Self::ExpiresUnused { cost, .. }
            | Self::BelowMinimum { cost, .. }
            | Self::Substitution { cost, .. }
            | Self::Transport { cost, .. }
            | Self::Holding { cost, .. } => *cost,
        }
    }
}
