//! What exists and what may happen.
//!
//! Pure: no clock, no randomness, no file, no socket. Time, randomness, identity and the past come
//! in with the [`Context`]. Every area (`kernel`, `figures`, `agreements`, `bonds`) has the same
//! shape: `model` what it is, `command` what can be asked, `event` what can have happened, `rules`
//! what is allowed, `view` what may be seen.

pub mod agreements;
pub mod blood;
pub mod bonds;
pub mod figures;
pub mod kernel;
pub mod rulesets;
pub mod words;

mod house;

pub use house::{
    Command, Event, OwnState, Region, SharedState, apply, decide, due, refusals, subjects_needed,
};
pub use words::{
    Absence, ActorId, Context, Digest, Encoded, Foreign, Head, JournalId, Known, MandateId, Meta,
    Mode, Past, Period, Private, RecordRef, Refusal, RefusalKind, SiteId, Subject, Time, Window,
};
