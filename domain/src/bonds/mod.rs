//! Bonds: which other journals a region trusts, what it has noticed of them, and what it raised
//! the alarm about.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;

pub use command::Command;
pub use event::Event;
pub use model::{Fork, Peer, Reach, Watch};
pub use rules::{REFUSALS, SILENCE_SECONDS, decide, due, worth_noticing};
pub use state::{Own, Shared, apply};
