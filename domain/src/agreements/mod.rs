//! Agreements: a document that binds when every party has signed the same content, each in its
//! own journal.

pub mod alarm_terms;
pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod terms;
pub mod view;

pub use alarm_terms::{Agreed, AlarmTerms, Circle, Kept};
pub use command::Command;
pub use event::Event;
pub use model::{AgreementKind, Document, SignedStatement, Statement};
pub use rules::{REFUSALS, decide};
pub use state::{Held, Own, Shared, apply};
pub use terms::SupplyTerms;
