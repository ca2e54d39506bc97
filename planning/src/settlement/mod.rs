//! Who pays whom for what was moved: accounts that balance exactly.
//!
//! An agreement says what a unit, a carriage, an invited and a donating donor are worth, and by
//! which keys joint costs are shared: population, use, equal parts. Everything that happened is
//! then an entry between regions in whole öre. What a patient was given is borne by the patient's
//! home region, unless the price of regional care already carries it: then by whoever gave the
//! care, who has been paid for it. Shares are laid out by largest remainder, so that nothing is
//! left over and the accounts of all regions sum to zero.

mod document;
mod model;
mod report;
mod settle;
mod share;

pub use document::SettlementError;
pub use model::{Agreement, For, Invitation, JointCost, Key, Keys, Price, Region, Transfer};
pub use report::{Account, Entry, Kind, Payment, Settlement};
pub use settle::settle;
pub use share::shares;
