//! From the record back to the running state: newest good snapshot, then the tail, verified.

use std::collections::{BTreeSet, VecDeque};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use samband_domain::words::DecodeError;
use samband_domain::{Event, JournalId, Known, Meta, RecordRef, Time};
use samband_journal::store::{StoreError, StoredHead};
use samband_journal::{Broken, Chain, Record, Store};
use thiserror::Error;
use tokio::task::{JoinError, JoinHandle, JoinSet};

use crate::engine::topic_of;
use crate::intake::continues;
use crate::snapshot;
use crate::world::{Holding, Journal, read_event};

/// Records that are read and verified by one thread at a time.
const PART: u32 = 2_048;

/// Parts that are read and verified side by side: one more than there are processors, so that none
/// waits while the first of them is awaited.
static SIDE_BY_SIDE: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8) + 1);

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
    /// How long it took.
    pub(crate) took: Duration,
}

/// Brings journals back, some of them side by side: one's snapshot is unpacked while another's
/// records are replayed. They come in no order.
pub(crate) async fn journals(
    store: &Store,
    heads: Vec<StoredHead>,
) -> Result<Vec<(Journal, Loaded)>, LoadError> {
    let mut waiting = heads.into_iter();
    let mut under_way = JoinSet::new();
    let mut back = Vec::new();
    loop {
        for head in waiting.by_ref().take(SIDE_BY_SIDE.saturating_sub(under_way.len())) {
            let store = store.clone();
            under_way.spawn(async move { journal(&store, &head).await });
        }
        match under_way.join_next().await {
            Some(journal) => back.push(journal.map_err(|error| stopped(&error))??),
            None => return Ok(back),
        }
    }
}

fn stopped(error: &JoinError) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

/// Brings a journal back from its newest good snapshot and the records after it.
async fn journal(store: &Store, head: &StoredHead) -> Result<(Journal, Loaded), LoadError> {
    let started = Instant::now();
    let (mut journal, from_snapshot) = match snapshot::newest(store, head).await? {
        Some(journal) => (journal, true),
        None => (Journal::empty(head.at.journal.clone(), head.local), false),
    };
    let replayed = replay_to(store, &mut journal, &head.at).await?;
    Ok((journal, Loaded { replayed, from_snapshot, took: started.elapsed() }))
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

/// Consecutive records: read, verified and understood, not yet folded in.
struct Part {
    /// Where the chain stood before them, by the record before them; none if that is not there.
    from: Option<Chain>,
    /// Where it stands after them.
    to: Chain,
    /// How many they are.
    records: u64,
    /// What they say, as far as it is here.
    events: Vec<(Event, Meta)>,
}

/// Replays one epoch up to a record. Parts of it are read and verified side by side, each from
/// what the record before it says of itself; folding them in, one after the other, shows that it
/// told the truth.
async fn replay_stretch(
    store: &Store,
    journal: &mut Journal,
    epoch: u32,
    last: u64,
) -> Result<u64, LoadError> {
    let (id, local) = (journal.id.clone(), journal.is_local());
    let fetch = |after: u64, from: Option<Chain>| {
        let (store, id) = (store.clone(), id.clone());
        let limit = u32::try_from(last.saturating_sub(after)).unwrap_or(u32::MAX).min(PART);
        tokio::spawn(async move { part(&store, (&id, epoch, after), limit, from, local).await })
    };
    let mut after = journal.chain.seq;
    let mut from = Some(journal.chain.clone());
    let mut under_way = VecDeque::new();
    let mut replayed = 0;
    loop {
        let mut top_up = |under_way: &mut VecDeque<_>| {
            while after < last && under_way.len() < *SIDE_BY_SIDE {
                under_way.push_back(fetch(after, from.take()));
                after = after.saturating_add(PART.into());
            }
        };
        top_up(&mut under_way);
        let Some(part) = under_way.pop_front() else {
            return Ok(replayed);
        };
        let mut part = joined(part).await?;
        // While this one is folded in, nobody shall be without work.
        top_up(&mut under_way);
        if part.from.as_ref() != Some(&journal.chain) {
            part = joined(fetch(journal.chain.seq, Some(journal.chain.clone()))).await?;
        }
        if part.records == 0 {
            return Ok(replayed);
        }
        replayed += part.records;
        tokio::task::block_in_place(|| {
            for (event, meta) in &part.events {
                journal.apply(event, meta);
            }
        });
        journal.chain = part.to;
    }
}

async fn joined(part: JoinHandle<Result<Part, LoadError>>) -> Result<Part, LoadError> {
    part.await.map_err(|error| stopped(&error))?
}

/// Reads a part; without a chain to go on from, together with the record before it.
async fn part(
    store: &Store,
    (id, epoch, after): (&JournalId, u32, u64),
    limit: u32,
    from: Option<Chain>,
    local: bool,
) -> Result<Part, LoadError> {
    // A name of its own: two threads that count the users of one name would wait for each other
    // at every record.
    let id = JournalId::new(id.as_str()).unwrap_or_else(|_| id.clone());
    let before = u32::from(from.is_none());
    let place = (&id.clone(), epoch, after.saturating_sub(before.into()));
    let to = from.clone().unwrap_or_else(|| Chain { epoch, ..Chain::before(id) });
    let events = Vec::with_capacity(limit as usize);
    let empty = Part { from, to, records: 0, events };
    let limit = limit.saturating_add(before);
    let each = move |part: &mut Part, record: Record| {
        if part.from.is_some() {
            part.events.extend(understood(&mut part.to, &record, local)?);
            part.records += 1;
        } else if record.seq == after {
            part.to = Chain::after(&record.at(), record.recorded);
            part.from = Some(part.to.clone());
        }
        Ok(())
    };
    store.read_into(place, limit, empty, each).await
}

/// Verifies a record and reads what it says, if that is here.
fn understood(
    chain: &mut Chain,
    record: &Record,
    local: bool,
) -> Result<Option<(Event, Meta)>, LoadError> {
    let Some(content) = chain.extend(record)? else {
        return Ok(None);
    };
    let read = read_event(record, &content, local);
    read.map(Some).map_err(|error| LoadError::Misread {
        journal: record.journal.clone(),
        epoch: record.epoch,
        seq: record.seq,
        error,
    })
}

/// A copy has been heard of at least at a moment, e.g. when its last record was written.
pub(crate) fn heard_at_least(journal: &mut Journal, time: Time) {
    if let Holding::Copy { heard, .. } = &mut journal.holding {
        *heard = Known::Value(heard.value().map_or(time, |before| before.max(time)));
    }
}

/// Brings a journal on to a head, and tells what its new records are about. One whose past is no
/// longer what is held begins anew.
pub(crate) async fn onward(
    store: &Store,
    held: Option<&Journal>,
    head: &StoredHead,
) -> Result<(Journal, BTreeSet<String>), LoadError> {
    let stretches = lineage(store, &head.at).await?;
    let goes_on = |held: &&Journal| {
        let here = &held.chain;
        let within = |(epoch, last): &(u32, u64)| *epoch == here.epoch && *last >= here.seq;
        held.is_local() == head.local && stretches.iter().any(within)
    };
    let fits = held.filter(goes_on).cloned();
    let mut journal = fits.unwrap_or_else(|| Journal::empty(head.at.journal.clone(), head.local));
    let mut about = BTreeSet::new();
    for (epoch, last) in stretches {
        let here = &journal.chain;
        if epoch < here.epoch || (epoch == here.epoch && last <= here.seq) {
            continue;
        }
        if epoch > here.epoch {
            journal.chain = Chain { epoch, seq: 0, ..here.clone() };
        }
        while journal.chain.seq < last {
            let before = journal.chain.seq;
            (journal, about) = fold(store, journal, about, last).await?;
            if journal.chain.seq == before {
                break;
            }
        }
    }
    if journal.head().as_ref() != Some(&head.at) {
        return Err(LoadError::HeadMismatch {
            journal: head.at.journal.clone(),
            found: journal.chain.seq,
            stated: head.at.seq,
        });
    }
    Ok((journal, about))
}

/// Reads the next records of an epoch, verifies them and folds them in.
async fn fold(
    store: &Store,
    journal: Journal,
    about: BTreeSet<String>,
    last: u64,
) -> Result<(Journal, BTreeSet<String>), LoadError> {
    let (id, epoch, after) = (journal.id.clone(), journal.chain.epoch, journal.chain.seq);
    let limit = u32::try_from(last - after).unwrap_or(u32::MAX).min(PART);
    let state = (journal, about);
    let each = |(journal, about): &mut (Journal, BTreeSet<String>), record: Record| {
        let topic = record.body.text().map_or("other", topic_of);
        if !about.contains(topic) {
            about.insert(topic.to_owned());
        }
        let local = journal.is_local();
        if let Some((event, meta)) = understood(&mut journal.chain, &record, local)? {
            journal.apply(&event, &meta);
        }
        Ok(())
    };
    store.read_into((&id, epoch, after), limit, state, each).await
}
