//! Rare blood: what is looked for in all regions, how probable it is, and how regions ask each
//! other for typed donors without telling who they are.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use rules::{REFUSALS, decide, due};
pub use state::{Answer, Ask, Shared, apply};
