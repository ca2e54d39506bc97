//! What is asked of a plan, and what it says.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use samband_domain::blood::model::{Component, Group};
use samband_domain::plans::model::{Place, Proposal};
use samband_domain::{Known, Time};
use samband_planning::transfer::Plan;

use super::{BOX_PRICE, Beside, DAYS, Need, Net};
use crate::app::Problem;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of what.
    pub component: Component,
    /// Days ahead.
    pub days: usize,
    /// Kronor for a box.
    pub box_price: i64,
}

impl Asked {
    /// A component with what goes without saying.
    #[must_use]
    pub const fn of(component: Component) -> Self {
        Self { component, days: DAYS, box_price: BOX_PRICE }
    }
}

/// What is asked, as texts; what cannot be read is a problem, not a guess.
///
/// # Errors
/// A problem that names the value.
pub fn asked(
    component: Option<&str>,
    days: Option<&str>,
    price: Option<&str>,
) -> Result<Asked, Problem> {
    fn given(text: Option<&str>) -> Option<&str> {
        text.map(str::trim).filter(|text| !text.is_empty())
    }
    let component = match given(component) {
        None => Component::RedCells,
        Some(text) => crate::app::stock::component(text)?,
    };
    let number = |text: Option<&str>, otherwise: i64, range: RangeInclusive<i64>, name| {
        let Some(text) = given(text) else { return Ok(otherwise) };
        let read = text.parse().ok().filter(|n| range.contains(n));
        read.ok_or_else(|| {
            crate::app::stock::no_such(name, text, format!("{}–{}", range.start(), range.end()))
        })
    };
    let days = number(days, DAYS as i64, 3..=7, "days")?;
    let box_price = number(price, BOX_PRICE, 0..=100_000, "price")?;
    Ok(Asked { component, days: usize::try_from(days).unwrap_or(DAYS), box_price })
}

/// One group at a place of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// Which.
    pub group: Group,
    /// Units there now.
    pub units: i64,
    /// Units needed over the horizon, in thousandths of one a day.
    pub milli: u64,
    /// Where that comes from.
    pub need: Need,
}

/// One place of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where.
    pub place: Place,
    /// Whether another system keeps its record.
    pub external: bool,
    /// That system's name, as it told its stock.
    pub system: Option<String>,
    /// Its groups whose stock and need are known.
    pub groups: Vec<GroupRow>,
    /// As of when that is: the other system's own word, or the region's record as known here.
    pub as_of: Known<Time>,
    /// Whether that is too old to lean on.
    pub stale: bool,
}

impl Row {
    /// Units of its planned groups.
    #[must_use]
    pub fn units(&self) -> i64 {
        self.groups.iter().map(|one| one.units).sum()
    }

    /// What its planned groups need in a day, in thousandths.
    #[must_use]
    pub fn milli(&self) -> u64 {
        self.groups.iter().map(|one| one.milli).sum()
    }

    /// Where the needs come from, the best source first.
    #[must_use]
    pub fn needs(&self) -> BTreeSet<Need> {
        self.groups.iter().map(|one| one.need).collect()
    }
}

/// Why something is left out of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// Nobody has told what lies there.
    Stock,
    /// Nobody has told what is used there.
    Need,
}

impl Unknown {
    /// As message key and in the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Need => "need",
        }
    }
}

/// Groups of a place that no plan is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Where.
    pub place: Place,
    /// What nobody knows.
    pub unknown: Unknown,
    /// Of which groups.
    pub groups: Vec<Group>,
}

/// One proposal, with what it does on the whole.
#[derive(Clone, Debug)]
pub struct Move {
    /// As it is accepted.
    pub proposal: Proposal,
    /// Whether somebody telephones, as another system keeps the sender's record.
    pub by_telephone: bool,
    /// What would be different without this departure of this group.
    pub alone: Net,
}

/// What all proposals of one group do together.
#[derive(Clone, Debug)]
pub struct Together {
    /// Which.
    pub group: Group,
    /// Units that are moved.
    pub units: i64,
    /// What would be different without any of them.
    pub net: Net,
}

/// A plan with what it rests on.
#[derive(Clone, Debug)]
pub struct Found {
    /// What was asked.
    pub asked: Asked,
    /// The plan; none if there are not two places to send between.
    pub plan: Option<Plan>,
    /// The proposals, by when they leave.
    pub moves: Vec<Move>,
    /// What each group's proposals do together, the most urgent first.
    pub groups: Vec<Together>,
    /// The places it covers.
    pub rows: Vec<Row>,
    /// What is left out, as nobody knows its stock or its need.
    pub left: Vec<Left>,
    /// What was counted beside what lies there.
    pub beside: Beside,
    /// Departures within the horizon.
    pub departures: usize,
    /// When it was made.
    pub made: Time,
}

impl Found {
    /// What a group's proposals do together.
    #[must_use]
    pub fn together(&self, group: Option<Group>) -> Option<&Together> {
        self.groups.iter().find(|one| Some(one.group) == group)
    }
}
