//! People who may receive blood: their groups, antibodies and needs, as every laboratory found
//! them.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use rules::{ANSWER_EMERGENCY_MINUTES, ANSWER_ROUTINE_HOURS, REFUSALS, decide};
pub use state::{Own, OwnQuestion, Question, Reply, Shared, apply};
