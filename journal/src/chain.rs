//! Verifying that records are one unbroken past.

use std::fmt;

use samband_domain::{Digest, JournalId, RecordRef, Time};
use thiserror::Error;

use crate::content::Content;
use crate::record::{Body, PrivatePart, Record, link_hash};

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrokenKind {
    /// It belongs to another journal or epoch.
    Misplaced,
    /// A record is missing before it, or it stands twice.
    Gap {
        /// The sequence number that should have come.
        expected: u64,
    },
    /// It was recorded before the record before it.
    TimeWentBack,
    /// Its hash is not that of its content, place and predecessor.
    Hash {
        /// The hash it should have.
        computed: Digest,
    },
    /// Its private part is not the one committed to.
    Private,
    /// Its content is not a content document.
    Unreadable(String),
    /// The first record of an epoch is not a genesis record, or a genesis stands elsewhere.
    Genesis,
}

impl fmt::Display for BrokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misplaced => write!(f, "belongs to another journal or epoch"),
            Self::Gap { expected } => write!(f, "record {expected} is missing before it"),
            Self::TimeWentBack => write!(f, "recorded before its predecessor"),
            Self::Hash { computed } => write!(f, "its hash does not fit; computed {computed}"),
            Self::Private => write!(f, "its private part is not the one committed to"),
            Self::Unreadable(why) => write!(f, "{why}"),
            Self::Genesis => write!(f, "the genesis record is missing or misplaced"),
        }
    }
}

/// The first broken record of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("journal {journal}, epoch {epoch}, record {seq}: {kind}")]
pub struct Broken {
    /// Whose journal.
    pub journal: JournalId,
    /// Epoch.
    pub epoch: u32,
    /// Sequence number as found.
    pub seq: u64,
    /// What is wrong.
    pub kind: BrokenKind,
}

/// The end of a verified stretch of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Whose journal.
    pub journal: JournalId,
    /// Epoch.
    pub epoch: u32,
    /// Last verified sequence number; 0 before genesis.
    pub seq: u64,
    /// Its hash; before genesis, that of the record the epoch continues, or zero.
    pub hash: Digest,
    /// When it was recorded.
    pub recorded: Time,
}

impl Chain {
    /// Before the first record of a first epoch.
    #[must_use]
    pub fn before(journal: JournalId) -> Self {
        Self { journal, epoch: 1, seq: 0, hash: Digest::ZERO, recorded: Time(i64::MIN) }
    }

    /// Before the first record of an epoch that continues after this chain's end.
    #[must_use]
    pub fn next_epoch(&self) -> Self {
        Self { epoch: self.epoch + 1, seq: 0, ..self.clone() }
    }

    /// After a known record, e.g. that of a snapshot.
    #[must_use]
    pub fn after(at: &RecordRef, recorded: Time) -> Self {
        let RecordRef { journal, epoch, seq, hash } = at.clone();
        Self { journal, epoch, seq, hash, recorded }
    }

    /// The last verified record; none before genesis.
    #[must_use]
    pub fn head(&self) -> Option<RecordRef> {
        (self.seq > 0).then(|| RecordRef {
            journal: self.journal.clone(),
            epoch: self.epoch,
            seq: self.seq,
            hash: self.hash,
        })
    }

    /// Moves past a record that was made here and needs no checking.
    pub fn advance(&mut self, record: &Record) {
        self.seq = record.seq;
        self.hash = record.hash;
        self.recorded = record.recorded;
    }

    /// Verifies the next record and moves past it. Returns its content, if it is here.
    ///
    /// # Errors
    /// [`Broken`] names the record and what is wrong with it; the chain stays where it was.
    pub fn extend<'r>(&mut self, record: &'r Record) -> Result<Option<Content<'r>>, Broken> {
        let broken = |kind| Broken {
            journal: self.journal.clone(),
            epoch: record.epoch,
            seq: record.seq,
            kind,
        };
        if record.journal != self.journal || record.epoch != self.epoch {
            return Err(broken(BrokenKind::Misplaced));
        }
        if record.seq != self.seq + 1 {
            return Err(broken(BrokenKind::Gap { expected: self.seq + 1 }));
        }
        let place = (&record.journal, record.epoch, record.seq);
        let computed = link_hash(place, record.recorded, &self.hash, &record.body.digest());
        if computed != record.hash {
            return Err(broken(BrokenKind::Hash { computed }));
        }
        if record.recorded < self.recorded {
            return Err(broken(BrokenKind::TimeWentBack));
        }
        let content = match &record.body {
            Body::Text(text) => Some(
                Content::read(text)
                    .map_err(|error| broken(BrokenKind::Unreadable(error.to_string())))?,
            ),
            Body::Withheld(_) => None,
        };
        let genesis = content.as_ref().is_some_and(|content| content.kind == "journal.opened");
        if genesis != (record.seq == 1) {
            return Err(broken(BrokenKind::Genesis));
        }
        if let PrivatePart::Here { .. } = record.private {
            let committed = content.as_ref().and_then(|content| content.private);
            if record.private.commitment() != committed {
                return Err(broken(BrokenKind::Private));
            }
        }
        self.advance(record);
        Ok(content)
    }
}
