//! The words every area speaks: time, identity, digests, what is known, refusals, the two parts of
//! an event, and the context a decision is made in.

pub mod canonical;
mod context;
mod digest;
pub(crate) mod event;
mod id;
mod known;
mod refusal;
mod text;
mod time;

pub use canonical::Canonical;
pub use context::{Context, Foreign, Head, Meta, Mode, Past, RecordRef, Sign};
pub use digest::{Digest, Hasher, PublicKey, Signature};
pub(crate) use event::events;
pub use event::{Absence, DecodeError, Encoded, Lot, NONE, Nothing, Private};
pub use id::{ActorId, Code, IdError, JournalId, MandateId, SiteId, Subject};
pub use known::Known;
pub use refusal::{Refusal, RefusalKind};
pub use time::{Period, PeriodError, Time, Window, WindowError};
