//! The primary phase: who leaves the scene with which unit for which hospital, and when.
//!
//! A question ([`Primary`]) becomes a table of what a casualty is worth where and when (`table`).
//! Prices on casualties, places, hours and limits (`prices`) let every unit find its best round of
//! trips by itself; that proves a bound, and leads whoever lays plans (`greedy`). The best plan is
//! kept, mended and polished (`search`, `polish`), and told with its reasons (`explain`, `tell`).
//! Measures rank strictly one after the other, and each has a bound of its own.

mod explain;
mod greedy;
mod model;
mod polish;
mod prices;
mod read;
mod report;
mod search;
mod table;
mod tell;
mod yard;

pub use model::{Approval, Class, Group, Objective, Place, Pool, Primary, UnitRow, Unknown, Way};
pub use report::{
    Amount, Because, Binding, CasualtyReport, HospitalReport, LevelReport, Measure, Nearer,
    NextBest, PrimaryAnswer, Received, RuleLevel, RuleReport, Taken, TripReport, Why, Worse,
};

pub(super) use read::FIELDS;
