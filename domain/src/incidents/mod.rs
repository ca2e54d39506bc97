//! Major incidents (särskild händelse): from the first report to what was learned. Only the duty
//! officer confirms one; nothing else stands between that and an alarm.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub(crate) use rules::alarmed;
pub use rules::{REFUSALS, decide, due};
pub use state::{Assigned, DutySaid, Entry, Incident, Shared, Taken, apply};
