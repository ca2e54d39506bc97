//! Care by its four parts (PLUS: personal, lokaler, utrustning, styrning; preparedness.md S5).

use serde::{Deserialize, Serialize};

use crate::kernel::model::plain_enum;
use crate::words::{Known, SiteId, Time};

plain_enum! {
    /// What sort of place a casualty needs. Few, so that a form is filled in within a minute.
    CareKind {
        /// Emergency department.
        Emergency = "emergency",
        /// Operating theatre with its team.
        Theatre = "theatre",
        /// Intensive care.
        IntensiveCare = "intensive_care",
        /// Ward.
        Ward = "ward",
        /// Burns.
        Burns = "burns",
        /// Intensive care of children.
        ChildrensIntensiveCare = "childrens_intensive_care",
    }
}

plain_enum! {
    /// When a capacity is there.
    Horizon {
        /// Now.
        Now = "now",
        /// In two hours.
        In2 = "in_2h",
        /// In six hours.
        In6 = "in_6h",
        /// In a day.
        In24 = "in_24h",
    }
}

impl Horizon {
    /// Hours from the report.
    #[must_use]
    pub const fn hours(self) -> i64 {
        match self {
            Self::Now => 0,
            Self::In2 => 2,
            Self::In6 => 6,
            Self::In24 => 24,
        }
    }
}

/// Who leads, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Led {
    /// The function that leads; nobody, if none does.
    pub by: Option<String>,
    /// Since when.
    pub since: Known<Time>,
}

/// For how many patients each part is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plus {
    /// Staff.
    pub staff: Known<u32>,
    /// Premises.
    pub premises: Known<u32>,
    /// Equipment.
    pub equipment: Known<u32>,
}

impl Plus {
    /// For how many there is everything: the least of the parts. A part that is known to be none
    /// makes the whole none, whatever the others are; otherwise one that is unknown makes it
    /// unknown. Nobody leading is a part that is none.
    #[must_use]
    pub fn usable(&self, led: Known<&Led>) -> Known<u32> {
        let parts = [self.staff, self.premises, self.equipment];
        let leaderless = matches!(led, Known::Value(led) if led.by.is_none());
        if leaderless || parts.contains(&Known::Value(0)) {
            return Known::Value(0);
        }
        match led {
            Known::Unknown => Known::Unknown,
            Known::Value(_) => parts
                .into_iter()
                .fold(Known::Value(u32::MAX), |least, part| least.with(part, u32::min)),
        }
    }
}

/// One line of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What sort of place.
    pub kind: CareKind,
    /// When.
    pub horizon: Horizon,
    /// Its parts: staffed, not physical.
    pub plus: Plus,
}

/// A hospital's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// The hospital.
    pub site: SiteId,
    /// When it was so.
    pub valid: Time,
    /// The function that says so.
    pub source: String,
    /// Who leads.
    pub led: Known<Led>,
    /// Lines; what has no line is unknown.
    pub rows: Vec<Row>,
}
