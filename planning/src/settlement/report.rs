//! The settlement: accounts, entries, payments.

use samband_domain::words::{Day, JournalId};
use serde::Serialize;

use super::model::Keys;

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Units.
    Units,
    /// Their carriage.
    Transport,
    /// Donors called.
    Invitation,
    /// A share of a joint cost.
    Joint,
}

/// One region owes another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    /// When it arose.
    pub day: Day,
    /// For what.
    pub kind: Kind,
    /// Which shipment, invitation or cost.
    pub about: String,
    /// Who is owed.
    pub creditor: JournalId,
    /// Who owes.
    pub debtor: JournalId,
    /// Öre.
    pub amount: i64,
}

/// A region's account, in öre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Whose.
    pub region: JournalId,
    /// Owed to it for units.
    pub units_given: i64,
    /// Owed by it for units.
    pub units_taken: i64,
    /// For carriage: owed to it, less owed by it.
    pub transport: i64,
    /// For donors called: owed to it, less owed by it.
    pub invitations: i64,
    /// Its share of all joint costs.
    pub joint_share: i64,
    /// What it laid out for all.
    pub joint_paid: i64,
    /// Öre of units it took whose cost the price of regional care already carries: borne by it and
    /// not by the patients' home regions.
    pub carried_by_care_price: i64,
    /// What it is owed in all; negative: what it owes. All regions' balances sum to zero.
    pub balance: i64,
}

/// One payment that settles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// Who pays.
    pub from: JournalId,
    /// Who is paid.
    pub to: JournalId,
    /// Öre.
    pub amount: i64,
}

/// A period's settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settlement {
    /// The agreement.
    pub title: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Keys of joint costs.
    pub keys: Keys,
    /// One for each region, by name.
    pub accounts: Vec<Account>,
    /// Everything that is owed, by day.
    pub entries: Vec<Entry>,
    /// The fewest payments this finds that bring every account to zero.
    pub payments: Vec<Payment>,
}
