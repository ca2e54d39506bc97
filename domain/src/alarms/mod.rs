//! Alarms between regions, and what each recipient owes: one obligation for every role that is
//! alarmed, closed by a person alone. Sending is somebody else's work; what is to be sent, to whom
//! and when follows from the state.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use rules::{REFUSALS, decide, due};
pub(crate) use rules::{issue, may_forget, steps_left};
pub(crate) use state::forget;
pub use state::{
    Answered, Attempt, Closed, How, Issued, Obligation, Own, Roster, Shared, Stopped, Told, Woken,
    apply,
};
