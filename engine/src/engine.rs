//! The engine: opened once per database, shared by everything that reads or commands.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use samband_access::{Action, Denied, Grant, Principal, authorise};
use samband_domain::{Command, Head, JournalId, Known, Region, Time};
use samband_journal::store::{Batch, StoreError, StoredHead};
use samband_journal::{SignedHead, StatedHead, Store};
use serde::Serialize;
use thiserror::Error;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::committer::{Committer, Job};
use crate::courier::Courier;
use crate::follow::{Follow, fill};
use crate::intake::Verified;
use crate::keyring::{Keyring, KeyringError};
use crate::load::{self, LoadError};
use crate::request::{Failure, Receipt, Request};
use crate::world::{Journal, World};

pub use samband_journal::store::Term;

/// Commands that may wait for the committer.
const QUEUE_MAX: usize = 8_192;

/// News that a slow subscriber may lag behind before it is told to reread everything.
const NEWS_MAX: usize = 1_024;

/// Records after which one is written when the engine stops.
const SNAPSHOT_AT_STOP: u64 = 1_000;

/// How long the last transactions may take when the engine stops.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// The largest database file, in bytes, that is looked through before anything else happens.
const CHECK_FIRST_MAX: u64 = 256 * 1024 * 1024;

/// How long a stop waits for a snapshot that is being written.
const SNAPSHOT_WITHIN: Duration = Duration::from_secs(30);

/// How an engine is opened.
pub struct Options {
    /// The store.
    pub store: Store,
    /// Where the signing keys are.
    pub keys: PathBuf,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// Why an engine did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A journal could not be brought back.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The keys could not be read.
    #[error(transparent)]
    Keys(#[from] KeyringError),
    /// The accounts could not be read.
    #[error(transparent)]
    Accounts(#[from] crate::accounts::AccountError),
    /// The database is a file, which one process has to itself.
    #[error(
        "a SQLite database belongs to one process and cannot be followed; name a PostgreSQL \
         database (database = \"postgres://…\" in samband.toml), or start without following"
    )]
    NothingToFollow,
}

/// Something became durable: topics, never bodies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct News {
    /// Counts transactions since start.
    pub serial: u64,
    /// Whose journals changed, and what about: `figures`, `site`, `mandate`, `agreement`, ….
    pub topics: BTreeMap<JournalId, BTreeSet<String>>,
}

/// How the engine is.
#[derive(Clone, Debug, Serialize)]
pub struct Health {
    /// Why nothing can be recorded at the moment, if so.
    pub trouble: Option<String>,
    /// Another process took over; this one must be restarted.
    pub stopped: bool,
    /// Backend.
    pub backend: &'static str,
    /// Transactions since start.
    pub transactions: u64,
    /// Records written since start.
    pub records: u64,
    /// How far the machine's clock jumped back, in microseconds, the last time it did.
    pub clock_went_back: Option<i64>,
}

/// Where a journal's newest snapshot stands, and whether one is being written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Snapped {
    pub(crate) epoch: u32,
    pub(crate) seq: u64,
    pub(crate) running: bool,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) world: ArcSwap<World>,
    news: broadcast::Sender<News>,
    trouble: Mutex<Option<String>>,
    damage: Mutex<Option<String>>,
    stopped: AtomicBool,
    transactions: AtomicU64,
    records: AtomicU64,
    pub(crate) clock_went_back: Mutex<Option<i64>>,
    pub(crate) last_time: Mutex<Time>,
    /// When, by this machine's clock, each trusted journal last said something new. What clock the
    /// other side goes by is its own affair.
    pub(crate) watched: Mutex<BTreeMap<JournalId, Time>>,
    /// When copies were heard of, as it was last written down for who follows.
    pub(crate) told_heard: Mutex<BTreeMap<JournalId, Time>>,
    pub(crate) snapshots: Mutex<BTreeMap<JournalId, Snapped>>,
    pub(crate) doors: crate::accounts::Doors,
    /// Where the last urgent record of each journal stands.
    pub(crate) urgent: Mutex<crate::attend::Urgent>,
    /// When alarms were last attended to.
    pub(crate) attended: Mutex<Known<Time>>,
    /// What is due is done by one at a time.
    pub(crate) attending: tokio::sync::Mutex<()>,
    /// The right to append; none in a process that follows.
    pub(crate) term: Option<Term>,
    /// None in the process that writes.
    pub(crate) follow: Option<Follow>,
}

/// The engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
    queue: mpsc::Sender<Job>,
    committer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Engine {
    /// Brings every journal back and starts the committer. Takes the database over: a writer that
    /// was there before is fenced off by its next transaction.
    ///
    /// # Errors
    /// [`StartError`] names the first record that does not fit, or what else is in the way.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        Self::open(options, None).await
    }

    /// Brings every journal back and follows the process that writes them: reads everything, takes
    /// nothing over, and sends commands to the writer by the courier.
    ///
    /// # Errors
    /// As [`Engine::start`]; only a database on a server can be followed.
    pub async fn follow(options: Options, courier: Arc<dyn Courier>) -> Result<Self, StartError> {
        if !options.store.is_shared() {
            return Err(StartError::NothingToFollow);
        }
        Self::open(options, Some(Follow::new(courier))).await
    }

    async fn open(options: Options, follow: Option<Follow>) -> Result<Self, StartError> {
        let Options { store, keys, clock } = options;
        let keyring = Keyring::open(&keys)?;
        let large = store.bytes().is_some_and(|bytes| bytes > CHECK_FIRST_MAX);
        if large {
            store.ping().await?;
        } else {
            store.check().await?;
        }
        let term = match follow {
            None => Some(store.take_writer().await?),
            Some(_) => None,
        };
        let (world, snapped) = bring_back(&store).await?;
        let doors = crate::accounts::Doors::open(&store).await?;
        // Only what this machine's clock wrote tells whether that went back.
        let last_time = world.locals().map(|journal| journal.chain.recorded).max();
        let urgent = Mutex::new(crate::attend::urgent_from(&world));
        let inner = Arc::new(Inner {
            store,
            keyring,
            clock,
            world: ArcSwap::from_pointee(world),
            news: broadcast::channel(NEWS_MAX).0,
            trouble: Mutex::default(),
            damage: Mutex::default(),
            stopped: AtomicBool::new(false),
            transactions: AtomicU64::new(0),
            records: AtomicU64::new(0),
            clock_went_back: Mutex::default(),
            last_time: Mutex::new(last_time.unwrap_or(Time(i64::MIN))),
            watched: Mutex::default(),
            told_heard: Mutex::default(),
            snapshots: Mutex::new(snapped),
            doors,
            urgent,
            attended: Mutex::new(Known::Unknown),
            attending: tokio::sync::Mutex::default(),
            term,
            follow,
        });
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        let own = Arc::clone(&inner);
        let committer = match term {
            Some(term) => tokio::spawn(Committer::new(own, term, jobs).run()),
            None => tokio::spawn(crate::follow::run(own, jobs)),
        };
        let committer = Arc::new(Mutex::new(Some(committer)));
        let engine = Self { inner, queue, committer };
        engine.snapshot_where_due();
        if large {
            tokio::spawn(engine.clone().check_later());
        }
        Ok(engine)
    }

    /// Looks a large database through while everything goes on: what is read from it is verified
    /// anyway, and nobody should wait for the rest.
    async fn check_later(self) {
        match self.store().check().await {
            Ok(()) => tracing::info!("the database file was looked through: no damage"),
            Err(error) => {
                tracing::error!(%error, "the database file is damaged");
                *lock(&self.inner.damage) = Some(error.to_string());
            }
        }
    }

    /// Everything as of the last durable transaction. Cheap; never blocks and never changes.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.inner.world.load_full()
    }

    /// The store, for reading the record itself.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The signing keys.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    /// Now, by the engine's clock.
    #[must_use]
    pub fn now(&self) -> Time {
        self.inner.clock.now()
    }

    /// Follows what becomes durable.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<News> {
        self.inner.news.subscribe()
    }

    /// Whether another process writes what this one shows.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.inner.follow.is_some()
    }

    /// How the engine is.
    #[must_use]
    pub fn health(&self) -> Health {
        let dead = lock(&self.committer).as_ref().is_none_or(JoinHandle::is_finished);
        Health {
            trouble: lock(&self.inner.damage).clone().or(lock(&self.inner.trouble).clone()),
            stopped: self.inner.stopped.load(Ordering::SeqCst) || dead,
            backend: self.inner.store.backend(),
            transactions: self.inner.transactions.load(Ordering::Relaxed),
            records: self.inner.records.load(Ordering::Relaxed),
            clock_went_back: *lock(&self.inner.clock_went_back),
        }
    }

    /// Whether somebody may do something towards a region now: the one authorisation, for
    /// readings. Commands are authorised by the committer, against the state they are decided on.
    ///
    /// # Errors
    /// [`Denied`], which says why and who may.
    pub fn permit(
        &self,
        principal: &Principal,
        action: Action,
        target: &JournalId,
    ) -> Result<Grant, Denied> {
        let world = self.world();
        let nobody = Region::default();
        let home = match principal {
            Principal::Person { region, .. } => world.local(region),
            _ => world.local(target),
        };
        authorise(home.unwrap_or(&nobody), principal, action, target, self.now())
    }

    /// Gives one command.
    ///
    /// # Errors
    /// [`Failure`]: refused, denied, or not recorded for certain.
    pub async fn submit(&self, request: Request) -> Result<Receipt, Failure> {
        let outcome = self.submit_all(vec![request]).await.map_err(|(_, failure)| failure)?;
        outcome.into_iter().next().ok_or(Failure::Busy)
    }

    /// Gives several commands that happen together or not at all.
    ///
    /// # Errors
    /// Which command failed, and why; then none of them happened.
    pub async fn submit_all(
        &self,
        requests: Vec<Request>,
    ) -> Result<Vec<Receipt>, (usize, Failure)> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        self.watch_clock();
        let (answer, wait) = oneshot::channel();
        self.send(Job::Commands(requests, answer)).map_err(|failure| (0, failure))?;
        let mut receipts = wait.await.unwrap_or_else(|_| Err((0, self.gone())))?;
        // Whoever repeats a command is told the same as the first time.
        for (n, receipt) in receipts.iter_mut().enumerate() {
            if receipt.repeated && receipt.events.is_empty() {
                let read = fill(&self.inner, receipt).await;
                read.map_err(|error| (n, Failure::Unavailable(error.to_string())))?;
            }
        }
        Ok(receipts)
    }

    pub(crate) async fn submit_intake(&self, verified: Verified) -> Result<(), Failure> {
        let (answer, wait) = oneshot::channel();
        self.send(Job::Intake(Box::new(verified), answer))?;
        wait.await.unwrap_or_else(|_| Err(self.gone()))
    }

    pub(crate) fn send(&self, job: Job) -> Result<(), Failure> {
        self.queue.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Failure::Busy,
            mpsc::error::TrySendError::Closed(_) => self.gone(),
        })
    }

    fn gone(&self) -> Failure {
        if self.inner.stopped.load(Ordering::SeqCst) {
            Failure::SteppedDown
        } else {
            Failure::Unavailable("the engine is stopping".into())
        }
    }

    /// One of the engine's own reports.
    pub(crate) async fn report_to(
        &self,
        region: &JournalId,
        command: Command,
    ) -> Result<Receipt, Failure> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|e| Failure::Unavailable(e.to_string()))?;
        let key = samband_domain::Digest::of(&random).to_string();
        let (principal, told) = (Principal::Engine, command.clone());
        let request = Request {
            principal,
            region: region.clone(),
            key,
            happened: None,
            command,
            asked: None,
        };
        let receipt = self.submit(request).await?;
        crate::told::log_report(region, &told);
        Ok(receipt)
    }

    /// A journal's head, signed now: its heartbeat. None if its key is not at hand.
    #[must_use]
    pub fn signed_head(&self, journal: &Journal) -> Option<SignedHead> {
        self.sign_head(journal, journal.head()?)
    }

    /// One of a journal's records, signed now as far as it reaches.
    pub(crate) fn sign_head(&self, journal: &Journal, head: Head) -> Option<SignedHead> {
        let facts = journal.shared().kernel.journal.as_ref()?;
        let key = self.inner.keyring.get(&journal.id, &facts.keys.last()?.public)?;
        let stated = StatedHead { head, mode: facts.mode, signed_at: self.now() };
        Some(SignedHead::sign(&stated, &*key))
    }

    /// A copy's state replayed from the records held here up to a place.
    pub(crate) async fn replay_copy(
        &self,
        id: &JournalId,
        (epoch, seq): (u32, u64),
        heard: Known<Time>,
    ) -> Result<Journal, LoadError> {
        let record = self.store().record(id, epoch, seq).await?;
        let missing = || LoadError::Lineage { journal: id.clone(), epoch };
        let at = record.ok_or_else(missing)?.at();
        let empty = Journal::empty(id.clone(), false);
        let (mut journal, _) = load::replay_whole(self.store(), empty, &at).await?;
        if let Known::Value(time) = heard {
            load::heard_at_least(&mut journal, time);
        }
        Ok(journal)
    }

    /// Waits until everything given so far is durable, writes snapshots, and stops.
    pub async fn stop(&self) {
        for journal in self.world().journals.values() {
            if !self.follows() && self.inner.unsnapped(journal) >= SNAPSHOT_AT_STOP {
                self.snapshot(&journal.id).await;
            }
        }
        // One that was under way already would be lost with the connections.
        let running = || lock(&self.inner.snapshots).values().any(|snapped| snapped.running);
        let deadline = tokio::time::Instant::now() + SNAPSHOT_WITHIN;
        while running() && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (answer, wait) = oneshot::channel();
        if self.queue.send(Job::Stop(answer)).await.is_ok() {
            let _ = tokio::time::timeout(STOP_WITHIN, wait).await;
        }
        let committer = lock(&self.committer).take();
        if let Some(committer) = committer {
            // A database that does not answer must not keep the process from ending.
            let abort = committer.abort_handle();
            if tokio::time::timeout(STOP_WITHIN, committer).await.is_err() {
                abort.abort();
            }
        }
        self.inner.store.clone().close().await;
    }
}

impl Inner {
    /// Shows a durable state to readers and tells who follows.
    pub(crate) fn publish(&self, world: World, batch: &Batch) {
        let mut topics: BTreeMap<JournalId, BTreeSet<String>> = BTreeMap::new();
        for record in &batch.records {
            let topic = record.body.text().map_or("other", topic_of);
            let known = topics.get(&record.journal).is_some_and(|known| known.contains(topic));
            if !known {
                topics.entry(record.journal.clone()).or_default().insert(topic.to_owned());
            }
        }
        let serial = world.serial;
        if !batch.heads.is_empty() {
            self.set_trouble(None);
            self.transactions.fetch_add(1, Ordering::Relaxed);
        }
        self.records.fetch_add(batch.records.len() as u64, Ordering::Relaxed);
        self.world.store(Arc::new(world));
        self.mark_urgent(&batch.records);
        self.tell(News { serial, topics });
    }

    /// Tells who listens. Nobody listening is no error.
    pub(crate) fn tell(&self, news: News) {
        let _ = self.news.send(news);
    }

    /// After doubt: new connections, and the heads as they are once an append that may still be
    /// on its way has ended one way or the other: an empty one waits for its turn.
    pub(crate) async fn reread(&self, term: Term) -> Result<Vec<StoredHead>, StoreError> {
        self.store.reconnect().await?;
        self.store.append(term, &Batch::default()).await?;
        self.store.heads().await
    }

    pub(crate) fn set_trouble(&self, trouble: Option<String>) {
        *lock(&self.trouble) = trouble;
    }

    pub(crate) fn set_stopped(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }
}

/// Every journal from the store, and where its newest snapshot stands.
async fn bring_back(store: &Store) -> Result<(World, BTreeMap<JournalId, Snapped>), StartError> {
    let mut world = World::default();
    let mut snapped = BTreeMap::new();
    for (mut journal, loaded) in load::journals(store, store.heads().await?).await? {
        let recorded = journal.chain.recorded;
        load::heard_at_least(&mut journal, recorded);
        tracing::info!(
            journal = %journal.id,
            records = journal.chain.seq,
            replayed = loaded.replayed,
            snapshot = loaded.from_snapshot,
            ms = u64::try_from(loaded.took.as_millis()).unwrap_or(u64::MAX),
            "journal open",
        );
        let seq = journal.chain.seq.saturating_sub(loaded.replayed);
        let at = Snapped { epoch: journal.chain.epoch, seq, running: false };
        snapped.insert(journal.id.clone(), at);
        world.journals.insert(journal.id.clone(), Arc::new(journal));
    }
    Ok((world, snapped))
}

/// The first part of a record's kind, read without parsing the whole content.
pub(crate) fn topic_of(content: &str) -> &str {
    let kind = content.split_once(r#""kind":""#).map_or("other", |(_, rest)| rest);
    kind.split(['.', '"']).next().unwrap_or("other")
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
