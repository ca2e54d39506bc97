//! From a ward's request to the end of every unit: selection, tests, issue, transfusion, return.

pub mod command;
pub mod event;
pub mod gate;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use rules::{PRESUMED_AFTER_HOURS, REFUSALS, decide, due};
pub use state::{Own, Shared, apply};
