//! Joint supply: what was used day by day, what should lie where, and what was said to each
//! proposal to move units. Plans themselves are computed, never recorded; what people decide is.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use rules::calls::{REFUSALS as CALL_REFUSALS, WEEKS_AHEAD};
pub use rules::campaigns::REFUSALS as CAMPAIGN_REFUSALS;
pub use rules::{CLOSED_DAYS_MAX, DAYS_MAX, REFUSALS, decide};
pub use state::{
    Accepted, AdoptedCalls, Closed, CountedCampaign, Drawn, Held, HeldCampaign, Own, Report,
    Series, Shared, TellingOfStrata, apply,
};
