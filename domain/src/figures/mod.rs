//! Figures that regions state about themselves, each with source, period and age, and what follows
//! from them: the shared picture of donors and donations.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use model::{Figure, FigureRow, Measure, Provenance, Source};
pub use rules::{REFUSALS, decide};
pub use state::{Own, Shared, apply};
