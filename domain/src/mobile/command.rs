//! What can be asked about work away from home.

use serde::{Deserialize, Serialize};

use crate::words::{DonorId, JournalId, RecordRef, SiteId, Time};

/// A command about work away from home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Lend a bus donors, numbers and the rules in force.
    Lend {
        /// The bus' journal.
        unit: JournalId,
        /// The region's site for the bus; its numbers are lent.
        site: SiteId,
        /// Donors.
        donors: Vec<DonorId>,
        /// Until when.
        until: Time,
    },
    /// On the bus: take over what was lent.
    Take {
        /// The home region's record.
        loan: RecordRef,
        /// The bus' own site.
        site: SiteId,
    },
    /// Take what a bus did into the region's record.
    Adopt {
        /// The bus' record.
        report: RecordRef,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub const fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Take { loan, .. } => Some(loan),
            Self::Adopt { report } => Some(report),
            Self::Lend { .. } => None,
        }
    }
}
