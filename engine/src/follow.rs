//! Following: a process that reads everything and writes nothing.
//!
//! It tails the head rows and the records up to them, folds them in order into its own world, and
//! takes commands to the process that writes. The database alone is believed: when the writer has
//! answered, the heads are read once more and folded up to, and only then the asker is answered,
//! so that whoever wrote sees what they wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use samband_domain::{JournalId, Time};
use samband_journal::store::{StoreError, StoredHead};
use tokio::sync::{Notify, Semaphore, mpsc, watch};

use crate::committer::{GroupAnswer, Job, fail};
use crate::courier::{Announced, Courier, Undelivered, WRITER, message, read_answer};
use crate::engine::{Engine, Inner, News, lock};
use crate::load::{LoadError, heard_at_least, onward};
use crate::prepare::read_own;
use crate::request::{Failure, Receipt, Request};
use crate::world::World;

/// How often the heads are read when nobody waits.
const POLL: Duration = Duration::from_millis(200);

/// Every so many readings of the heads, what is beside the record is read too.
const BESIDE: u64 = 25;

/// Commands under way to the writer at a time.
const UNDER_WAY_MAX: usize = 256;

/// How long the records of a command may take to be seen here once the writer has answered.
const SEEN_WITHIN: Duration = Duration::from_secs(10);

/// How often a command looks for a writer, if the one it knew is gone.
const TRIES: usize = 3;

/// When copies were last heard of, on the shelf: their writers' words leave no record.
pub(crate) const HEARD: &str = "heard";

/// Where a journal stands: epoch and last record.
type Place = (u32, u64);

/// What a process that follows keeps beside its world.
pub(crate) struct Follow {
    courier: Arc<dyn Courier>,
    announced: Mutex<Option<Announced>>,
    /// The heads as they were last read.
    seen: Mutex<BTreeMap<JournalId, Place>>,
    /// How often the heads were asked for, and the last time that succeeded.
    begun: AtomicU64,
    done: watch::Sender<u64>,
    wanted: Notify,
}

/// How far a process that follows has come with one journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Whose journal.
    pub journal: JournalId,
    /// Epoch that is shown.
    pub epoch: u32,
    /// Last record that is shown.
    pub seq: u64,
    /// Records known to stand in the database that are not shown yet.
    pub behind: u64,
}

impl Follow {
    pub(crate) fn new(courier: Arc<dyn Courier>) -> Self {
        Self {
            courier,
            announced: Mutex::default(),
            seen: Mutex::default(),
            begun: AtomicU64::new(0),
            done: watch::channel(0).0,
            wanted: Notify::new(),
        }
    }
}

impl Engine {
    /// How far each journal is followed; none in the process that writes.
    #[must_use]
    pub fn followed(&self) -> Option<Vec<Followed>> {
        let follow = self.inner.follow.as_ref()?;
        let world = self.world();
        let seen = lock(&follow.seen).clone();
        let unseen = seen.keys().filter(|id| world.journal(id).is_none());
        let ids: BTreeSet<_> = world.journals.keys().chain(unseen).cloned().collect();
        let each = ids.into_iter().map(|journal| {
            let shown = world.journal(&journal).map(|held| (held.chain.epoch, held.chain.seq));
            let (epoch, seq) = shown.unwrap_or((1, 0));
            let behind = match seen.get(&journal) {
                Some((there, last)) if *there == epoch => last.saturating_sub(seq),
                Some((there, last)) if *there > epoch => *last,
                _ => 0,
            };
            Followed { journal, epoch, seq, behind }
        });
        Some(each.collect())
    }
}

/// Tails the record and takes commands away until told to stop.
pub(crate) async fn run(inner: Arc<Inner>, jobs: mpsc::Receiver<Job>) {
    let stop = tokio::select! {
        stop = take_jobs(&inner, jobs) => stop,
        () = tail(&inner) => None,
    };
    if let Some(stop) = stop {
        let _ = stop.send(());
    }
}

async fn take_jobs(
    inner: &Arc<Inner>,
    mut jobs: mpsc::Receiver<Job>,
) -> Option<tokio::sync::oneshot::Sender<()>> {
    let places = Arc::new(Semaphore::new(UNDER_WAY_MAX));
    let all = u32::try_from(UNDER_WAY_MAX).unwrap_or(u32::MAX);
    while let Some(job) = jobs.recv().await {
        match job {
            Job::Commands(requests, answer) => {
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    let _ = answer.send(Err((0, Failure::Busy)));
                    continue;
                };
                let inner = Arc::clone(inner);
                tokio::spawn(async move {
                    let _ = answer.send(forward(&inner, requests).await);
                    drop(place);
                });
            }
            Job::Stop(answer) => {
                let _ = places.acquire_many(all).await;
                return Some(answer);
            }
            other => fail(other, &Failure::NoWriter("this process only follows".into())),
        }
    }
    None
}

async fn tail(inner: &Arc<Inner>) {
    let Some(follow) = &inner.follow else {
        return;
    };
    let mut told = None;
    loop {
        let number = follow.begun.fetch_add(1, Ordering::SeqCst) + 1;
        match pass(inner, follow, number % BESIDE == 1).await {
            Ok(()) => {
                if told.take().is_some() {
                    tracing::info!("the record is followed again");
                }
                inner.set_trouble(None);
                follow.done.send_replace(number);
            }
            Err(error) => {
                // Once per reason, not five times a second.
                let error = error.to_string();
                if told.as_ref() != Some(&error) {
                    tracing::error!(%error, "the record cannot be followed");
                }
                inner.set_trouble(Some(error.clone()));
                told = Some(error);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(POLL) => {}
            () = follow.wanted.notified() => {}
        }
    }
}

/// Reads the heads once and folds everything up to them in: readers see the world as it stood
/// between two transactions, or the one before.
async fn pass(inner: &Arc<Inner>, follow: &Follow, beside: bool) -> Result<(), LoadError> {
    let heads = inner.store.heads().await?;
    let place = |head: &StoredHead| (head.at.journal.clone(), (head.at.epoch, head.at.seq));
    *lock(&follow.seen) = heads.iter().map(place).collect();
    let world = inner.world.load_full();
    let mut next = World::clone(&world);
    let mut topics = BTreeMap::new();
    for head in &heads {
        let id = &head.at.journal;
        let held = world.journal(id).map(AsRef::as_ref);
        if held.is_some_and(|held| held.chain.head().as_ref() == Some(&head.at)) {
            continue;
        }
        let (mut journal, about) = onward(&inner.store, held, head).await?;
        let recorded = journal.chain.recorded;
        heard_at_least(&mut journal, recorded);
        next.journals.insert(id.clone(), Arc::new(journal));
        topics.insert(id.clone(), about);
    }
    let heard = beside && hear(inner, &mut next).await?;
    if topics.is_empty() && !heard {
        return Ok(());
    }
    next.serial += 1;
    let serial = next.serial;
    inner.world.store(Arc::new(next));
    inner.tell(News { serial, topics });
    Ok(())
}

/// Takes over when copies were last heard of. True if that is news.
async fn hear(inner: &Inner, world: &mut World) -> Result<bool, StoreError> {
    let mut news = false;
    for (id, time) in inner.store.shelf_list(HEARD).await? {
        let (Ok(id), Ok(time)) = (JournalId::new(&id), time.parse()) else {
            continue;
        };
        let Some(held) = world.journal(&id).filter(|journal| !journal.is_local()) else {
            continue;
        };
        let is_later = held.heard().value().is_none_or(|heard| heard < Time(time));
        if is_later && let Some(journal) = world.journal_mut(&id) {
            heard_at_least(journal, Time(time));
            news = true;
        }
    }
    Ok(news)
}

/// Takes commands to the writer and waits until what they led to is seen here.
async fn forward(inner: &Arc<Inner>, requests: Vec<Request>) -> GroupAnswer {
    let Some(follow) = &inner.follow else {
        return Err((0, Failure::SteppedDown));
    };
    let mut receipts = ask(inner, follow, &requests).await;
    let seen = seen(inner, follow, receipts.as_deref().unwrap_or_default());
    match tokio::time::timeout(SEEN_WITHIN, seen).await {
        Ok(()) => {}
        // What was refused is not the truer for being seen here.
        Err(_) if receipts.is_err() => {}
        Err(_) => {
            let why = "it was recorded, but cannot be read back here yet";
            return Err((0, Failure::Unavailable(why.into())));
        }
    }
    for receipt in receipts.iter_mut().flatten() {
        let read = fill(inner, receipt).await;
        read.map_err(|error| (0, Failure::Unavailable(error.to_string())))?;
    }
    receipts
}

/// Asks the writer; if it is gone, whoever is the writer by now.
async fn ask(inner: &Inner, follow: &Follow, requests: &[Request]) -> GroupAnswer {
    let unavailable = |error: StoreError| (0, Failure::Unavailable(error.to_string()));
    let mut known = lock(&follow.announced).clone();
    let mut why = Failure::NoWriter("none has said where it takes commands".into());
    for _ in 0..TRIES {
        let to = match &known {
            Some(to) => to.clone(),
            None => match announced(inner).await.map_err(unavailable)? {
                Some(to) => to,
                None => break,
            },
        };
        match follow.courier.deliver(&to, message(requests)).await {
            Ok(bytes) => match read_answer(&bytes) {
                Ok(Err((_, Failure::SteppedDown))) => {
                    let text = "the process that wrote was taken over, and who did takes none yet";
                    why = Failure::Unavailable(text.into());
                }
                Ok(answer) => {
                    *lock(&follow.announced) = Some(to);
                    return answer;
                }
                Err(error) => return Err((0, Failure::Unavailable(error.to_string()))),
            },
            Err(Undelivered::Away(text)) => why = Failure::NoWriter(text),
            // The same key makes it harmless to ask the next writer, too.
            Err(Undelivered::Unsure(text)) => why = Failure::Unavailable(text),
        }
        known = announced(inner).await.map_err(unavailable)?.filter(|now| *now != to);
        if known.is_none() {
            break;
        }
    }
    *lock(&follow.announced) = None;
    tracing::warn!(%why, "a command could not be taken to the writer");
    Err((0, why))
}

async fn announced(inner: &Inner) -> Result<Option<Announced>, StoreError> {
    let text = inner.store.shelf_get(WRITER.0, WRITER.1).await?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|error| StoreError::Corrupt(error.to_string()))
    };
    text.map(read).transpose()
}

/// Waits until the heads were read after now, and what these receipts name is among what is shown.
async fn seen(inner: &Inner, follow: &Follow, receipts: &[Receipt]) {
    let mut done = follow.done.subscribe();
    loop {
        let after = follow.begun.load(Ordering::SeqCst);
        follow.wanted.notify_one();
        if done.wait_for(|number| *number > after).await.is_err() {
            return;
        }
        let world = inner.world.load();
        if receipts.iter().all(|receipt| shows(&world, receipt)) {
            return;
        }
    }
}

/// Whether a world has come to the last record of a receipt.
fn shows(world: &World, receipt: &Receipt) -> bool {
    let Some(first) = &receipt.first else {
        return true;
    };
    let last = (first.epoch, first.seq + u64::from(receipt.count.saturating_sub(1)));
    let held = world.journal(&first.journal);
    held.is_some_and(|held| (held.chain.epoch, held.chain.seq) >= last)
}

/// Reads what happened, as the writer's own callers are told.
pub(crate) async fn fill(inner: &Inner, receipt: &mut Receipt) -> Result<(), StoreError> {
    let Some(first) = &receipt.first else {
        return Ok(());
    };
    let before = first.seq.saturating_sub(1);
    let records = inner.store.read(&first.journal, first.epoch, before, receipt.count).await?;
    receipt.events = records.iter().filter_map(read_own).map(|(event, _)| event).collect();
    Ok(())
}
