//! What a region can do and what it has promised: care by its four parts, the first situation
//! report, transports, and what is lent between regions.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use rules::{QUOTA, REFUSALS, decide};
pub use state::{Lot, Pledged, Said, Shared, Situation, apply};
