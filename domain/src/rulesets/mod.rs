//! Rule sets: the rules of a region as data, dated and with their source, reviewed and adopted by
//! people who have the mandate. A missing rule refuses; it never permits.

pub mod catalogue;
pub mod command;
pub mod event;
pub mod model;
mod rules;
pub mod sources;
mod state;
pub mod value;
pub mod view;

pub use catalogue::{Heading, Key, Shape, key};
pub use command::{Command, Verdict};
pub use event::Event;
pub use model::{Cited, Document, Rule, RuleSet, Scope, Written};
pub use rules::{MISSING, NO_SET_IN_FORCE, REFUSALS, RULES_MAX, decide};
pub use state::{Adoption, Held, InForce, Own, Review, Shared, Withdrawal, apply};
pub use value::{Age, Span, Value, ValueError};
