//! Regions, donors, stock and patients in simulated time: joint or alone.
//!
//! One model in days. Transfers between regions are closed, free or priced; donors are called for
//! their own region or for all. Every policy meets the same patients and the same new donors
//! (streams by name), so that differences are differences of policy.

pub mod ask;
pub mod build;
pub mod day;
mod demand;
mod distribute;
pub mod document;
pub mod draw;
pub mod estimate;
mod events;
mod exchange;
pub mod five;
pub mod marks;
pub mod measures;
pub mod model;
pub mod page;
pub mod plot;
mod register;
pub mod report;
pub mod run;
pub mod shelf;
pub mod state;
mod supply;
pub mod tally;
pub mod values;
pub mod words;
