//! Donations: what was collected from whom, what is made of it and tested, and what is called back.

pub mod command;
pub mod elsewhere;
pub mod event;
pub mod judge;
pub mod model;
pub mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use judge::Held;
pub(crate) use rules::adopted;
pub use rules::{REFUSALS, decide, due};
pub use state::{Calls, Own, OwnCalls, PAST_MAX, Plasma, Shared, Vigilance, apply};
