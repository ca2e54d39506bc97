//! Whom to invite, week by week: donors by stratum, with fairness between regions.
//!
//! Donors are counted, not named: of a stratum so many are free, so many are invited, a part comes
//! and waits out its interval, the rest may be asked again after a while. Places, buses, demand by
//! group and the fairness band hold the strata together. Each of those couplings gets a price; at
//! given prices a stratum's best plan is a walk backwards through the weeks, and the sum of all is
//! a bound that no plan can beat. Prices are moved until the bound stands; then the buses' stops
//! are taken whole, then people, and the plan says how far from the best it is at most.

mod alone;
mod check;
mod climb;
pub mod document;
mod expand;
mod fair;
mod fill;
mod flow;
pub mod matching;
pub mod model;
mod prices;
pub mod report;
mod round;
mod smooth;
mod solve;
mod stops;
mod supply;
pub mod tail;

pub use check::{Broken, Outcome, check, outcome};
pub use document::{CallupError, read};
pub use report::{Report, report};
pub use solve::{Solved, solve};
pub use supply::{Supply, Use, best_use};
