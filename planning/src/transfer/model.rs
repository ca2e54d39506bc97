//! A transfer question with names: what a region's people write down and read.

use samband_domain::blood::model::{Component, Group};
use samband_domain::words::{Day, JournalId, SiteId};
use serde::{Deserialize, Serialize};

use super::shape::Costs;

/// A site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its identifier in its region's journal.
    pub id: SiteId,
    /// Whose it is.
    pub region: JournalId,
    /// Whether another system keeps its record: then what is proposed for it is a list to
    /// telephone.
    pub external: bool,
    /// What a shortage here costs, in öre a unit, if more or less than elsewhere.
    pub shortage: Option<i64>,
}

/// Units that are at a site, or will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Place of the site in [`Question::sites`].
    pub site: usize,
    /// Group.
    pub group: Group,
    /// How many.
    pub units: i64,
    /// Last day on which they can be used.
    pub expires: Day,
    /// Day from which they are there: the first day for the stock; later for production and for
    /// what is on its way.
    pub day: Day,
}

/// A departure of the timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLeg {
    /// Its name.
    pub id: String,
    /// Place of the sending site.
    pub from: usize,
    /// Place of the receiving site.
    pub to: usize,
    /// When it leaves.
    pub departs: Moment,
    /// When it arrives.
    pub arrives: Moment,
    /// Öre for each unit.
    pub unit_price: i64,
    /// Öre for each box begun.
    pub box_price: i64,
    /// Units a box holds.
    pub box_units: i64,
    /// Most units of the component.
    pub capacity: i64,
}

/// A day and a time on the clock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Hours and minutes.
    pub clock: String,
}

/// What a region does not want: no plan sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Sending site.
    pub from: SiteId,
    /// Receiving site.
    pub to: SiteId,
    /// Only this group; otherwise every group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// Only this departure; otherwise every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<String>,
    /// Why, in the words of whoever refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// The whole question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Component.
    pub component: Component,
    /// First day of the horizon.
    pub first: Day,
    /// Its length in days.
    pub days: usize,
    /// Days after the horizon within which units count as expiring soon.
    pub soon_days: i64,
    /// Prices.
    pub costs: Costs,
    /// Sites.
    pub sites: Vec<Site>,
    /// Units, there and to come.
    pub batches: Vec<Batch>,
    /// Units wanted, by site, group and day.
    pub demand: Vec<(usize, Group, Vec<i64>)>,
    /// Minimum stocks.
    pub minimum: Vec<(usize, Group, i64)>,
    /// Timetable.
    pub legs: Vec<NamedLeg>,
    /// What is closed.
    pub closed: Vec<Closed>,
}

impl NamedLeg {
    /// Öre for one unit, its share of a full box counted in and rounded up: what the plan reckons
    /// with. What boxes cost in the end stands beside each proposal.
    #[must_use]
    pub const fn price(&self) -> i64 {
        self.unit_price + (self.box_price + self.box_units - 1) / self.box_units
    }
}
