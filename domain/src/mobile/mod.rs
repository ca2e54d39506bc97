//! Work away from home: a blood bus writes a journal of its own, with numbers and a list of donors
//! that its region lent it, and what it did comes home as reports.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use rules::{REFUSALS, decide, due, reports};
pub use state::{LentOut, Own, Shared, apply};
