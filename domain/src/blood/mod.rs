//! Blood: groups and who can receive what, units by donation number and product, and the stock
//! that regions share.

pub mod command;
pub mod event;
pub mod model;
pub mod rules;
pub mod shelf;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub(crate) use rules::{House, decide};
pub use rules::{REFUSALS, due};
pub use state::{Own, Shared, Stated, apply};
