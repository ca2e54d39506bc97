//! The policy: who may do what where, as one table, and the one function that asks it.

mod authorise;
mod standing;
mod table;

pub use authorise::{Denied, Grant, Ground, Principal, authorise, authorise_command, standings};
pub use standing::{Because, Relation, Standing, Who};
pub use table::{Row, Verdict, row, rule};
