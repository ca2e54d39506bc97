//! Who goes where after a mass-casualty event, and why.
//!
//! Four kinds of instance, each a JSON file ([`read`]; `docs/planning/distribute.md`):
//! [`ClosedForm`], one hospital and one fleet, in closed form; [`RuleSimulation`], plain rules of
//! the primary phase played out; [`Primary`], the plan of the day, with a bound, the gap and the
//! reasons; [`Secondary`], the exact assignment between hospitals. All of it is a proposal: what
//! is done is decided by those who lead.

mod closed;
mod document;
mod fields;
mod primary;
mod relax;
mod rules;
mod secondary;
mod survival;

pub use closed::{ClosedAnswer, ClosedForm, Wave};
pub use document::{Answer, Instance, Unsolved, read};
pub use fields::DistributeError;
pub use primary::*;
pub use relax::Relaxation;
pub use rules::{Choice, Fleet, FleetRow, Hospital, Load, RuleAnswer, RuleOutcome, RuleSimulation};
pub use secondary::{
    ClassMinutes, ClassRow, Moved, Receiver, RegionUnits, Secondary, SecondaryAnswer,
};
pub use survival::{Casualties, ClassOrder, Survival};
