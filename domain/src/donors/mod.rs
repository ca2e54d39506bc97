//! People who give blood: who they are, what they may give and when, and how they are asked.

pub mod command;
mod eligible;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod strata;
pub mod typed;
pub mod view;

pub use command::Command;
pub use event::Event;
pub(crate) use rules::{LIST_MOST, listed, said_of_donor};
pub use rules::{REFUSALS, decide, due};
pub use state::{Own, Shared, apply};
