//! Who sends what to whom in the days to come, at least cost, and why.
//!
//! A question ([`Question`], read from a file) becomes a time-expanded network: units by site,
//! group, age and day flow through use, keeping, sending and expiry. [`Simplex`] finds its exact
//! optimum; [`Planner`] says for each proposal what the next best plan costs and what is different
//! in it, and goes on from where it stood when something is closed. [`Daily`] asks the same network
//! day after day without names, for simulation.

mod branch;
mod capacity;
mod daily;
mod document;
mod explain;
mod grid;
mod lay;
mod model;
mod planner;
mod problem;
mod report;
mod shape;
mod simplex;
mod tally;
mod tree;

pub use daily::{Daily, Shift};
pub use document::TransferError;
pub use model::{Batch, Closed, Moment, NamedLeg, Question, Site};
pub use planner::{PlanError, Planner};
pub use problem::{Arc, Cut, Failure, Problem, Refused, UNLIMITED};
pub use report::{
    Ages, Binding, Life, Means, OfGroup, Outcome, Plan, Proposal, Reason, Why, Without,
};
pub use shape::{Costs, Figures, Fits, GROUPS, Leg, MOST_DAYS, Shape};
pub use simplex::Simplex;
