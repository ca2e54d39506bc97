//! What can have happened between journals.

use serde::{Deserialize, Serialize};

use super::model::{Peer, Reach};
use crate::words::{DecodeError, Digest, Head, JournalId, Known, Nothing, RecordRef, Time, events};

/// A trusted journal is reached elsewhere, or shows another certificate; its key is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerMoved {
    /// Whose.
    pub journal: JournalId,
}

/// Trust in another journal ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerDropped {
    /// Whose.
    pub journal: JournalId,
    /// Why.
    pub reason: String,
}

/// This region verified another journal up to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// Up to here.
    pub head: Head,
}

/// Another journal began a new epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpochNoticed {
    /// The new genesis.
    pub genesis: RecordRef,
    /// The last record of the earlier epoch that remains part of its past.
    pub continues: RecordRef,
    /// How many verified records of the earlier epoch are no longer part of it.
    pub lost: u64,
}

/// Two different pasts of one journal were seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkSeen {
    /// What this region had verified.
    pub held: Head,
    /// What was shown instead.
    pub shown: Option<Digest>,
    /// What exactly did not fit.
    pub detail: String,
}

/// A person looked into a fork and said how it is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkSettled {
    /// Whose journal.
    pub journal: JournalId,
    /// What was found.
    pub finding: String,
}

/// Another journal fell silent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FellSilent {
    /// Whose.
    pub journal: JournalId,
    /// Last heard; unknown if never.
    pub heard: Known<Time>,
}

/// It was heard again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardAgain {
    /// Whose.
    pub journal: JournalId,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events between journals.
    upcast upcast;
    /// Trust was given.
    "peer.trusted" v 1 Trusted(Peer, Reach);
    /// Trust ended.
    "peer.dropped" v 1 Dropped(PeerDropped, Nothing);
    /// Another journal was verified up to a record.
    "peer.noticed" v 1 Noticed(Noticed, Nothing);
    /// A new epoch was seen.
    "peer.epoch_noticed" v 1 EpochNoticed(EpochNoticed, Nothing);
    /// A fork was seen.
    "peer.fork_seen" v 1 ForkSeen(ForkSeen, Nothing);
    /// A fork was settled by a person.
    "peer.fork_settled" v 1 ForkSettled(ForkSettled, Nothing);
    /// Silence.
    "peer.silent" v 1 FellSilent(FellSilent, Nothing);
    /// No longer.
    "peer.heard" v 1 HeardAgain(HeardAgain, Nothing);
    /// A new address or certificate.
    "peer.moved" v 1 Moved(PeerMoved, Reach);
}
