//! From the record back to the running state: newest good snapshot, then the tail, verified.

use samband_domain::words::DecodeError;
use samband_domain::{JournalId, Known, RecordRef, Time};
use samband_journal::store::{StoreError, StoredHead};
use samband_journal::{Broken, Chain, Record, Store};
use thiserror::Error;

use crate::intake::continues;
use crate::snapshot;
use crate::world::{Holding, Journal};

/// Records read at a time.
const CHUNK: u32 = 8_192;

/// Why a journal could not be brought back.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record is broken; it is named.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A record of a known kind could not be understood.
    #[error("journal {journal}, epoch {epoch}, record {seq}: {error}")]
    Misread {
        /// Whose journal.
        journal: JournalId,
        /// Epoch.
        epoch: u32,
        /// Record.
        seq: u64,
        /// Why.
        error: DecodeError,
    },
    /// The last record is not the one the head row names.
    #[error("journal {journal} ends at record {found}, its head row says {stated}: records lost")]
    HeadMismatch {
        /// Whose journal.
        journal: JournalId,
        /// Last record found.
        found: u64,
        /// Last record by the head row.
        stated: u64,
    },
    /// An epoch names no beginning.
    #[error("journal {journal}: epoch {epoch} does not say what it continues")]
    Lineage {
        /// Whose journal.
        journal: JournalId,
        /// Epoch.
        epoch: u32,
    },
}

/// How a journal was brought back.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Loaded {
    /// Records replayed.
    pub(crate) replayed: u64,
    /// Whether a snapshot served.
    pub(crate) from_snapshot: bool,
}

/// Brings a journal back from its newest good snapshot and the records after it.
pub(crate) async fn journal(
    store: &Store,
    head: &StoredHead,
) -> Result<(Journal, Loaded), LoadError> {
    let (mut journal, from_snapshot) = match snapshot::newest(store, head).await? {
        Some(journal) => (journal, true),
        None => (Journal::empty(head.at.journal.clone(), head.local), false),
    };
    let replayed = replay_to(store, &mut journal, &head.at).await?;
    Ok((journal, Loaded { replayed, from_snapshot }))
}

/// Replays the whole journal to a place, without a snapshot.
pub(crate) async fn replay_whole(
    store: &Store,
    journal: Journal,
    to: &RecordRef,
) -> Result<(Journal, u64), LoadError> {
    let mut journal = journal;
    let replayed = replay_to(store, &mut journal, to).await?;
    Ok((journal, replayed))
}

/// The stretches of the epochs that make up a journal's past up to a place: epoch and last record.
pub(crate) async fn lineage(store: &Store, to: &RecordRef) -> Result<Vec<(u32, u64)>, LoadError> {
    let mut stretches = vec![(to.epoch, to.seq)];
    let mut epoch = to.epoch;
    while epoch > 1 {
        let missing = || LoadError::Lineage { journal: to.journal.clone(), epoch };
        let genesis = store.record(&to.journal, epoch, 1).await?.ok_or_else(missing)?;
        let from = continues(&genesis).ok_or_else(missing)?.from;
        stretches.push((from.epoch, from.seq));
        epoch = from.epoch;
    }
    stretches.reverse();
    Ok(stretches)
}

async fn replay_to(store: &Store, journal: &mut Journal, to: &RecordRef) -> Result<u64, LoadError> {
    let mut replayed = 0;
    for (epoch, last) in lineage(store, to).await? {
        let here = &journal.chain;
        if epoch < here.epoch || (epoch == here.epoch && last <= here.seq) {
            continue;
        }
        if epoch > here.epoch {
            journal.chain = Chain { epoch, seq: 0, ..here.clone() };
        }
        replayed += replay_stretch(store, journal, epoch, last).await?;
    }
    if journal.head().as_ref() != Some(to) {
        return Err(LoadError::HeadMismatch {
            journal: to.journal.clone(),
            found: journal.chain.seq,
            stated: to.seq,
        });
    }
    Ok(replayed)
}

/// Replays one epoch up to a record; the next chunk is read while this one is folded in.
async fn replay_stretch(
    store: &Store,
    journal: &mut Journal,
    epoch: u32,
    last: u64,
) -> Result<u64, LoadError> {
    let id = journal.id.clone();
    let fetch = |after: u64| {
        let (store, id) = (store.clone(), id.clone());
        let limit = u32::try_from(last.saturating_sub(after)).unwrap_or(u32::MAX).min(CHUNK);
        tokio::spawn(async move {
            match limit {
                0 => Ok(Vec::new()),
                _ => store.read(&id, epoch, after, limit).await,
            }
        })
    };
    let mut replayed = 0;
    let mut next = fetch(journal.chain.seq);
    loop {
        let chunk = next.await.map_err(|e| StoreError::Unavailable(e.to_string()))??;
        let Some(end) = chunk.last().map(|record| record.seq) else {
            return Ok(replayed);
        };
        next = fetch(end);
        replayed += chunk.len() as u64;
        tokio::task::block_in_place(|| fold(journal, &chunk))?;
    }
}

fn fold(journal: &mut Journal, chunk: &[Record]) -> Result<(), LoadError> {
    for record in chunk {
        let content = journal.chain.extend(record)?;
        journal.apply_record(record, content.as_ref()).map_err(|error| LoadError::Misread {
            journal: record.journal.clone(),
            epoch: record.epoch,
            seq: record.seq,
            error,
        })?;
    }
    Ok(())
}

/// A copy has been heard of at least at a moment, e.g. when its last record was written.
pub(crate) fn heard_at_least(journal: &mut Journal, time: Time) {
    if let Holding::Copy { heard, .. } = &mut journal.holding {
        *heard = Known::Value(heard.value().map_or(time, |before| before.max(time)));
    }
}
