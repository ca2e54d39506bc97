//! What a mobile unit is lent, and what it reports.

use serde::{Deserialize, Serialize};

use crate::donations::model::Range;
use crate::donors::model::Donor;
use crate::kernel::model::plain_enum;
use crate::words::{DonorId, SiteId, Time};

/// A donor as the bus needs to know them: with every donation that eligibility counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LentDonor {
    /// Who, in the home region's record.
    pub donor: DonorId,
    /// What is known.
    pub record: Donor,
}

/// What a region lends its bus for a while. Only the bus may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loan {
    /// The rules in force at home, exact text.
    pub rules: String,
    /// Since when they are.
    pub rules_from: Time,
    /// Donation numbers to use.
    pub ranges: Vec<Range>,
    /// Donors.
    pub donors: Vec<LentDonor>,
}

/// What a bus recorded, as its own record says it: kind, version and both parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Kind of the bus' event.
    pub kind: String,
    /// Version of that kind.
    pub version: u16,
    /// Its shared part.
    pub shared: Option<String>,
    /// Its private part.
    pub private: Option<String>,
    /// When it happened.
    pub happened: Time,
}

plain_enum! {
    /// What did not agree when a report came home.
    Conflict {
        /// The donation number was used at home already: both donations are held.
        NumberUsed = "number_used",
        /// Nothing was lent to this bus, or the report is from after the loan.
        NotLent = "not_lent",
        /// The donor is known at home by another record; the report goes there.
        DonorKnown = "donor_known",
        /// The donor is not known at home.
        DonorUnknown = "donor_unknown",
        /// It could not be read here: written by a later program.
        Unreadable = "unreadable",
    }
}

/// Where a bus stands for the home region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The home region's site for the bus.
    pub site: SiteId,
}
