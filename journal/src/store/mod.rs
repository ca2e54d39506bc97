//! Keeping records: SQLite or PostgreSQL behind one seam, one SQL text.

mod append;
mod command;
mod copy;
mod error;
mod file;
mod link;
mod open;
mod plan;
mod read;
mod schema;
mod shelf;
mod snapshot;
#[doc(hidden)]
pub mod sql;
mod write_back;

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};

use samband_domain::{ActorId, Digest, JournalId, RecordRef, Subject, Time};

use crate::record::Record;
use link::Pools;
use open::Place;

pub use error::StoreError;
pub use snapshot::SnapshotInfo;

/// Where a journal's last record stands, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHead {
    /// The last record.
    pub at: RecordRef,
    /// When it was recorded.
    pub recorded: Time,
    /// Whether this installation writes the journal; else it is a copy of another's.
    pub local: bool,
}

/// A command that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCommand {
    /// Who asked.
    pub actor: ActorId,
    /// The key it was asked with.
    pub key: String,
    /// SHA-256 of what was asked.
    pub digest: Digest,
    /// The first record it led to; none if it led to no record.
    pub first: Option<RecordRef>,
    /// How many records it led to.
    pub count: u32,
}

/// One transaction: everything in it, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// For each journal touched: the head before (none for a journal's or epoch's first record)
    /// and after.
    pub heads: Vec<HeadMove>,
    /// The records, in order within each journal.
    pub records: Vec<Record>,
    /// What the records are about.
    pub subjects: Vec<(Subject, RecordRef)>,
    /// The commands that led to them.
    pub commands: Vec<StoredCommand>,
    /// Records whose private part is removed, with its salt.
    pub erasures: Vec<(JournalId, u32, u64)>,
}

/// A head moves from one record to another.
#[derive(Clone, Debug)]
pub struct HeadMove {
    /// Whose journal.
    pub journal: JournalId,
    /// Where the head must stand now.
    pub from: Option<RecordRef>,
    /// Where it stands afterwards.
    pub to: RecordRef,
    /// When the record at `to` was recorded.
    pub recorded: Time,
    /// Whether this installation writes the journal.
    pub local: bool,
}

/// The right to append: the number of the writer that took over last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term(i64);

/// Keeps records, and the documents beside them, in SQLite or PostgreSQL.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    place: Place,
    pools: RwLock<Pools>,
    /// SQLite's log may still hold what was erased.
    scrub: AtomicBool,
}

impl Store {
    /// `sqlite` or `postgresql`.
    #[must_use]
    pub fn backend(&self) -> &'static str {
        match self.0.place {
            Place::Sqlite(_) => "sqlite",
            Place::Postgres(_) => "postgresql",
        }
    }

    /// Whether several processes may have it open: a server's database, not a file.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.0.place, Place::Postgres(_))
    }

    fn pools(&self) -> Pools {
        self.0.pools.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.backend()).finish()
    }
}

/// A sequence number as the databases keep it.
fn int(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// A number from the database that cannot be negative.
fn count<T: TryFrom<i64>>(name: &str, number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| StoreError::Corrupt(format!("{name} is {number}")))
}

/// A text from the database that must have a form.
fn parsed<T: std::str::FromStr<Err: fmt::Display>>(
    name: &str,
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(|error| StoreError::Corrupt(format!("{name}: {error}")))
}
