//! What exists and what may happen.
//!
//! Pure: no clock, no randomness, no file, no socket. Time, randomness, identity and the past come
//! in with the [`Context`]. Every area (`kernel`, `figures`, `agreements`, `bonds`) has the same
//! shape: `model` what it is, `command` what can be asked, `event` what can have happened, `rules`
//! what is allowed, `view` what may be seen.

pub mod agreements;
pub mod alarms;
pub mod blood;
pub mod bonds;
pub mod donations;
pub mod donors;
pub mod figures;
pub mod incidents;
pub mod kernel;
pub mod mobile;
pub mod patients;
pub mod plans;
pub mod rare;
pub mod readiness;
pub mod rulesets;
pub mod transfusion;
pub mod words;

mod house;

pub use house::{
    Command, Event, KINDS, OwnState, Region, SharedState, apply, clocks, decide, due, due_at_once,
    refusals, subjects_needed,
};
pub use words::{
    Absence, ActorId, Context, Digest, DonorId, Encoded, Foreign, Head, JournalId, Known,
    MandateId, Meta, Mode, Past, PatientId, Period, PersonNumber, Private, RecordRef, Refusal,
    RefusalKind, RequestId, SiteId, Subject, Time, Window,
};
