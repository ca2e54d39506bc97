//! A massive transfusion: packages by the region's rules until somebody calls it off.

use serde::{Deserialize, Serialize};

use crate::blood::model::Component;
use crate::words::{Code, Digest, Known, SiteId, Time};

/// Whom the blood centre tells that one has begun, by function and number: never a person's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Of which place.
    pub site: SiteId,
    /// The function.
    pub function: Code,
    /// Its number.
    pub phone: String,
}

/// What a package holds, how often it comes, and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Red cells in a package.
    pub red_cells: u16,
    /// Plasma in a package.
    pub plasma: u16,
    /// Platelets in a package.
    pub platelets: u16,
    /// How often; unknown where the region states no rule: then it is asked for each time.
    pub interval_minutes: Known<u32>,
    /// Whom to tell.
    pub told: Vec<Told>,
    /// The rule set that says so.
    pub rule_set: Digest,
    /// When it began.
    pub began: Time,
    /// How many packages were handed out.
    pub packages: u16,
    /// When the last of them was.
    pub last: Option<Time>,
    /// When it was called off.
    pub stopped: Option<Time>,
}

impl Course {
    /// When the next package is due; unknown without a rule, none once it is called off.
    #[must_use]
    pub fn next(&self) -> Option<Known<Time>> {
        if self.stopped.is_some() {
            return None;
        }
        let Some(last) = self.last else { return Some(Known::Value(self.began)) };
        Some(self.interval_minutes.map(|minutes| last.plus_seconds(i64::from(minutes) * 60)))
    }

    /// How many units of a component a package holds.
    #[must_use]
    pub const fn of(&self, component: Component) -> u16 {
        match component {
            Component::RedCells => self.red_cells,
            Component::Plasma => self.plasma,
            Component::Platelets => self.platelets,
            _ => 0,
        }
    }
}
