//! What can be asked about bonds.

use serde::{Deserialize, Serialize};

use super::model::{Peer, Reach};
use crate::words::{Digest, Head, JournalId, Known, RecordRef, Time};

/// A command about bonds. Trust and settlement are asks; the rest are the engine's reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Trust a journal and pull it from an address; or, if it is trusted already by the same
    /// key, pull it from a new address or by a new certificate from now on.
    Trust {
        /// Whose, and its key.
        peer: Peer,
        /// Where.
        reach: Reach,
    },
    /// Trust it no longer.
    Drop {
        /// Whose.
        journal: JournalId,
        /// Why.
        reason: String,
    },
    /// Report how far another journal was verified.
    Notice {
        /// Up to here.
        head: Head,
    },
    /// Report a new epoch.
    NoticeEpoch {
        /// The new genesis.
        genesis: RecordRef,
        /// What it continues.
        continues: RecordRef,
        /// How many verified records fell away.
        lost: u64,
    },
    /// Report two pasts.
    ReportFork {
        /// What was verified.
        held: Head,
        /// What was shown instead.
        shown: Option<Digest>,
        /// What did not fit.
        detail: String,
    },
    /// Settle a fork after looking into it.
    SettleFork {
        /// Whose journal.
        journal: JournalId,
        /// What was found.
        finding: String,
    },
    /// Report silence.
    NoteSilence {
        /// Whose.
        journal: JournalId,
        /// Last heard.
        heard: Known<Time>,
    },
    /// Report its end.
    NoteHeard {
        /// Whose.
        journal: JournalId,
    },
}
