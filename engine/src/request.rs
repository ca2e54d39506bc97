//! What comes to the committer and what it answers.

use samband_access::{Denied, Principal};
use samband_domain::{ActorId, Command, Digest, Event, JournalId, RecordRef, Refusal, Time};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A command to one region, by somebody, with a key that makes repeating it harmless.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// Whose journal it is for.
    pub region: JournalId,
    /// Unique per actor; the same key again gives the same answer.
    pub key: String,
    /// When a reported thing happened; none means now.
    pub happened: Option<Time>,
    /// What is asked.
    pub command: Command,
    /// Digest of what the asker sent, where the command was completed from it (with the present
    /// time, say): the same words with the same key are the same question. None means the command
    /// is what was sent.
    pub asked: Option<Digest>,
}

impl Request {
    /// Who acts, as it stands in the record.
    #[must_use]
    pub fn actor(&self) -> ActorId {
        let name = match &self.principal {
            Principal::Person { actor, .. } => return actor.clone(),
            Principal::Machine => "machine",
            Principal::Engine => "engine",
            Principal::Peer { .. } => "peer",
            // What is public by policy and recorded is an answer by a personal link.
            Principal::Nobody => "link",
        };
        ActorId::new(name).expect("a plain word is an identifier")
    }

    /// Who asks, across all regions: what an idempotency key is unique for. Two regions may have
    /// an actor of the same id.
    #[must_use]
    pub fn asker(&self) -> ActorId {
        let region = match &self.principal {
            Principal::Person { region, .. } => region,
            _ => &self.region,
        };
        let name = format!("{region} {}", self.actor());
        ActorId::new(&Digest::of(name.as_bytes()).to_string()).expect("hexadecimal")
    }
}

/// Who asked with which key, in one digest: under it an answer is remembered.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Slot(Digest);

impl Slot {
    /// Everything about askers is of one length, so no two of these run into each other.
    pub(crate) fn of(asker: &ActorId, key: &str) -> Self {
        Self(Digest::of_parts(&[asker.as_str().as_bytes(), key.as_bytes()]))
    }
}

/// Longest idempotency key, in bytes.
pub const KEY_MAX: usize = 100;

/// What a command led to. Answered only once it is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The first record; none if nothing had to be recorded.
    pub first: Option<RecordRef>,
    /// How many records.
    pub count: u32,
    /// Whether this answers a repetition of a command carried out before.
    pub repeated: bool,
    /// What happened; for a repetition, what the record says happened then.
    #[serde(skip)]
    pub events: Vec<Event>,
}

/// Why a command led to nothing, or nobody knows yet whether it did.
#[derive(Clone, Debug, Error)]
pub enum Failure {
    /// A rule of the domain refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No journal of that name is written here.
    #[error("no journal “{0}” is written by this installation")]
    NoJournal(JournalId),
    /// The key was used for another command.
    #[error("the key was used for another command; use a new key")]
    KeyConflict,
    /// The key is empty or too long.
    #[error("a key of 1 to {KEY_MAX} printable characters is needed")]
    BadKey,
    /// The journal's signing key is not in the key directory.
    #[error("the signing key of “{0}” is missing from the key directory; restore it")]
    NoKey(JournalId),
    /// The database did not take it. Send the same key again: if it was recorded after all, the
    /// answer says so, and nothing happens twice.
    #[error("not recorded for certain: {0}; send it again with the same key")]
    Unavailable(String),
    /// Another process took over this database; this one has stopped.
    #[error("another process writes this database now; this one has stopped")]
    SteppedDown,
    /// This process follows another that writes, and that one does not answer: nothing was
    /// recorded.
    #[error(
        "the process that writes this database does not take commands ({0}); start it, or start \
         this one without following"
    )]
    NoWriter(String),
    /// More waits than this machine can take.
    #[error("too many commands wait; try again in a moment")]
    Busy,
}

impl Failure {
    /// Whether it depends on what was recorded before: then the same command carried out before
    /// may be the very reason.
    pub(crate) const fn rests_on_state(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Denied(_))
    }

    /// Stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.kind.code,
            Self::Denied(_) => "access.denied",
            Self::NoJournal(_) => "journal.not_here",
            Self::KeyConflict => "command.key_conflict",
            Self::BadKey => "command.bad_key",
            Self::NoKey(_) => "journal.no_key",
            Self::Unavailable(_) => "store.unavailable",
            Self::SteppedDown => "store.stepped_down",
            Self::Busy => "command.busy",
            Self::NoWriter(_) => "writer.away",
        }
    }
}
