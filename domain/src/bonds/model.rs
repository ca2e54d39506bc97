//! What a bond is.

use serde::{Deserialize, Serialize};

use crate::words::{Digest, Head, JournalId, Mode, PublicKey, Time};

/// Another journal that this region trusts to be who it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// Whose journal.
    pub journal: JournalId,
    /// The key it had when trust was given.
    pub key: PublicKey,
    /// Its mode.
    pub mode: Mode,
}

/// Where a trusted journal is pulled from; stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Address, `https://host:port`.
    pub url: String,
    /// SHA-256 of the certificate the other installation must show.
    pub certificate: Digest,
}

/// Two different pasts of one journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// Whose journal.
    pub journal: JournalId,
    /// The record this region had verified.
    pub held: Head,
    /// What was shown instead: the hash, if one could be computed.
    pub shown: Option<Digest>,
    /// What exactly did not fit.
    pub detail: String,
    /// When it was raised.
    pub since: Time,
}

/// When another journal was last heard of; held in memory by the engine, never recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Whose journal.
    pub journal: JournalId,
    /// The last signed head, or the start of watching if there was none.
    pub heard: Time,
}
