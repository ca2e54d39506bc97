//! The words every area speaks: time, identity, digests, what is known, refusals, the two parts of
//! an event, and the context a decision is made in.

pub mod canonical;
mod context;
mod day;
mod digest;
pub(crate) mod event;
mod id;
mod known;
mod number;
mod refusal;
mod text;
mod time;

pub use canonical::Canonical;
pub use context::{Context, Foreign, Head, Meta, Mode, Others, Past, RecordRef, Sign};
pub use day::{Day, DayError};
pub use digest::{Digest, Hasher, PublicKey, Signature};
pub(crate) use event::events;
pub use event::{Absence, DecodeError, Encoded, Lot, NONE, Nothing, Private};
pub use id::{
    ActorId, AlarmId, AppointmentId, CallUpId, Code, DeferralId, DonorId, IdError, IncidentId,
    JournalId, MandateId, PatientId, ReactionId, RequestId, SessionId, SiteId, Subject,
};
pub use known::Known;
pub use number::{PersonNumber, PersonNumberError};
pub use refusal::{Refusal, RefusalKind};
pub use time::{Period, PeriodError, Time, Window, WindowError};
