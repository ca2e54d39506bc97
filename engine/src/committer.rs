//! The one ordered writer.
//!
//! While one batch is on its way to the disk, the next is decided on top of it. Nothing is
//! published or answered before its own transaction is durable, and a refusal leaves only after
//! everything it may rest on is; if a transaction fails, all that was decided on top of it is
//! decided again.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use samband_domain::{Command, Digest, RecordRef, kernel};
use samband_journal::store::{Batch, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::engine::{Inner, Term};
use crate::intake::Verified;
use crate::prepare::{Lookups, Prepared, Surroundings, digest_of, move_head, repeated};
use crate::request::{Failure, Receipt, Request, Slot};
use crate::world::World;

/// Most records in one transaction.
const BATCH_MAX: usize = 1_024;

/// How many recent answers are kept at hand for repetitions.
const RECENT_MAX: usize = 65_536;

/// How long to wait between attempts to reach a lost database.
const RETRY: Duration = Duration::from_millis(250);

/// The answer to a group: a receipt for each, or which one failed and why; then none was done.
pub(crate) type GroupAnswer = Result<Vec<Receipt>, (usize, Failure)>;

/// Work for the committer.
pub(crate) enum Job {
    /// Commands that happen together or not at all; mostly just one.
    Commands(Vec<Request>, oneshot::Sender<GroupAnswer>),
    /// Verified records of another installation's journal.
    Intake(Box<Verified>, oneshot::Sender<Result<(), Failure>>),
    /// Try whether the database still takes what this process writes.
    Probe(oneshot::Sender<()>),
    /// Wait until everything before is durable, then stop.
    Stop(oneshot::Sender<()>),
}

/// What is told to whom once a batch is durable.
enum Answer {
    Group(oneshot::Sender<GroupAnswer>, GroupAnswer, Vec<Request>),
    Intake(oneshot::Sender<Result<(), Failure>>, Box<Verified>),
    Probe(oneshot::Sender<()>),
}

struct Flight {
    batch: Arc<Batch>,
    world: World,
    answers: Vec<Answer>,
    keys: HashMap<Slot, (Digest, Receipt)>,
    append: JoinHandle<Result<(), StoreError>>,
}

pub(crate) struct Committer {
    inner: Arc<Inner>,
    term: Term,
    jobs: mpsc::Receiver<Job>,
    /// Jobs that came back after a failed batch, and the one that needs the past looked up.
    waiting: VecDeque<Job>,
    working: World,
    prepared: Prepared,
    answers: Vec<Answer>,
    flight: Option<Flight>,
    recent: HashMap<Slot, (Digest, Receipt)>,
    recent_order: VecDeque<Slot>,
    entropy: Entropy,
    stop: Option<oneshot::Sender<()>>,
}

impl Committer {
    pub(crate) fn new(inner: Arc<Inner>, term: Term, jobs: mpsc::Receiver<Job>) -> Self {
        let working = World::clone(&inner.world.load());
        Self {
            inner,
            term,
            jobs,
            waiting: VecDeque::new(),
            working,
            prepared: Prepared::new(),
            answers: Vec::new(),
            flight: None,
            recent: HashMap::new(),
            recent_order: VecDeque::new(),
            entropy: Entropy::default(),
            stop: None,
        }
    }

    /// Runs until told to stop, or until another process has taken over the database.
    pub(crate) async fn run(mut self) {
        loop {
            let idle = self.flight.is_none() && self.answers.is_empty();
            if self.stop.is_some() && idle && self.waiting.is_empty() {
                break;
            }
            while self.flight.is_none() && !self.answers.is_empty() {
                if !self.gather() {
                    self.launch();
                }
            }
            let done = match self.next().await {
                Next::Landed(result) => self.land(result).await,
                Next::Job(job) => {
                    self.take(job).await;
                    true
                }
                Next::Closed => break,
            };
            if !done {
                self.step_down();
                return;
            }
        }
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Decides what waits already without waiting for more. True if something was taken.
    fn gather(&mut self) -> bool {
        if self.prepared.len() >= BATCH_MAX || self.blocked() {
            return false;
        }
        match self.jobs.try_recv() {
            Ok(job) if needs_past(&job) => {
                self.waiting.push_back(job);
                false
            }
            Ok(job) => {
                self.decide_job(job, &Lookups::default());
                true
            }
            Err(_) => false,
        }
    }

    /// Whether what waits must come before anything new.
    fn blocked(&self) -> bool {
        !self.waiting.is_empty() || self.stop.is_some()
    }

    async fn next(&mut self) -> Next {
        let room = self.prepared.len() < BATCH_MAX;
        let idle = self.flight.is_none() && self.answers.is_empty();
        if let Some(job) = self.waiting.front() {
            // A job that needs the past waits for all before it to be durable.
            if room && (idle || !needs_past(job)) {
                return self.waiting.pop_front().map_or(Next::Closed, Next::Job);
            }
        }
        let open = room && !self.blocked();
        match &mut self.flight {
            Some(flight) => tokio::select! {
                biased;
                landed = &mut flight.append => Next::Landed(match landed {
                    Ok(result) => result,
                    Err(error) => Err(StoreError::Unavailable(error.to_string())),
                }),
                job = self.jobs.recv(), if open => job.map_or(Next::Closed, Next::Job),
            },
            None => self.jobs.recv().await.map_or(Next::Closed, Next::Job),
        }
    }

    async fn take(&mut self, job: Job) {
        if let Job::Stop(answer) = job {
            self.stop = Some(answer);
            return;
        }
        if !needs_past(&job) {
            self.decide_job(job, &Lookups::default());
            return;
        }
        if self.flight.is_some() || !self.answers.is_empty() {
            self.waiting.push_back(job);
            return;
        }
        let Job::Commands(requests, answer) = job else {
            return;
        };
        match self.inner.look_up(&requests, &self.working).await {
            Ok(lookups) => self.decide_job(Job::Commands(requests, answer), &lookups),
            Err(error) => {
                let failure = Failure::Unavailable(error.to_string());
                let _ = answer.send(Err((0, failure)));
            }
        }
    }

    fn decide_job(&mut self, job: Job, lookups: &Lookups) {
        match job {
            Job::Commands(requests, answer) => {
                let outcome = self.decide_group(&requests, lookups);
                self.answers.push(Answer::Group(answer, outcome, requests));
            }
            Job::Intake(verified, answer) => {
                if self.take_in(&verified) {
                    self.answers.push(Answer::Intake(answer, verified));
                } else {
                    let moved = "the journal moved while its records were on their way";
                    let _ = answer.send(Err(Failure::Unavailable(moved.into())));
                }
            }
            Job::Probe(answer) => self.answers.push(Answer::Probe(answer)),
            Job::Stop(answer) => self.stop = Some(answer),
        }
    }

    fn decide_group(&mut self, requests: &[Request], lookups: &Lookups) -> GroupAnswer {
        if let [request] = requests
            && !changes_before_refusal(request)
        {
            return match self.decide_one(request, lookups) {
                Ok(receipt) => Ok(vec![receipt]),
                Err(failure) => Err((0, failure)),
            };
        }
        // A group is one transaction, so a part of it under the same keys is another group.
        let known = |request: &Request| {
            let slot = Slot::of(&request.asker(), &request.key);
            self.remembered_here(&slot).is_some() || self.prepared.keys.contains_key(&slot)
        };
        let new = requests.iter().position(|request| !known(request));
        if let (Some(n), true) = (new, requests.iter().any(known)) {
            return Err((n, Failure::KeyConflict));
        }
        let before = self.working.clone();
        let marks = Marks::of(&self.prepared);
        let mut receipts = Vec::with_capacity(requests.len());
        for (n, request) in requests.iter().enumerate() {
            match self.decide_one(request, lookups) {
                Ok(receipt) => receipts.push(receipt),
                Err(failure) => {
                    self.working = before;
                    marks.roll_back(&mut self.prepared);
                    return Err((n, failure));
                }
            }
        }
        Ok(receipts)
    }

    fn decide_one(&mut self, request: &Request, lookups: &Lookups) -> Result<Receipt, Failure> {
        let asker = request.asker();
        if let Some((held, receipt)) = self.remembered_here(&Slot::of(&asker, &request.key)) {
            return repeated(held, receipt, &digest_of(request));
        }
        let entropy = self.entropy.next()?;
        let now = self.inner.clock.now();
        let around = Surroundings { now, keyring: &self.inner.keyring, entropy };
        self.prepared.decide(&mut self.working, request, asker, &around, lookups)
    }

    fn remembered_here(&self, slot: &Slot) -> Option<&(Digest, Receipt)> {
        let flying = self.flight.as_ref().and_then(|flight| flight.keys.get(slot));
        flying.or_else(|| self.recent.get(slot))
    }

    /// Adds another journal's verified records, if its head still stands where they begin.
    fn take_in(&mut self, verified: &Verified) -> bool {
        let now_head = self.working.journal(&verified.journal.id).and_then(|j| j.head());
        if now_head != verified.from {
            return false;
        }
        let records = verified.records.iter().cloned();
        self.prepared.batch.records.extend(records);
        if let (Some(to), false) = (verified.journal.head(), verified.records.is_empty()) {
            let recorded = verified.journal.chain.recorded;
            move_head(&mut self.prepared.batch, verified.from.clone(), to, recorded, false);
        }
        let journal = Arc::new(verified.journal.clone());
        self.working.journals.insert(verified.journal.id.clone(), journal);
        true
    }

    fn launch(&mut self) {
        let prepared = std::mem::replace(&mut self.prepared, Prepared::new());
        let answers = std::mem::take(&mut self.answers);
        self.working.serial += 1;
        let world = self.working.clone();
        let probes = answers.iter().any(|answer| matches!(answer, Answer::Probe(_)));
        let empty = prepared.is_empty() && !probes;
        let batch = Arc::new(prepared.batch);
        let (store, term, sent) = (self.inner.store.clone(), self.term, Arc::clone(&batch));
        let append = tokio::spawn(async move {
            if empty { Ok(()) } else { store.append_shared(term, &sent).await }
        });
        self.flight = Some(Flight { batch, world, answers, keys: prepared.keys, append });
    }

    /// A transaction ended. False if this process must step down.
    async fn land(&mut self, result: Result<(), StoreError>) -> bool {
        let Some(mut flight) = self.flight.take() else {
            return true;
        };
        match result {
            Ok(()) => {
                self.remember(&mut flight);
                // What was decided meanwhile goes on its way before anybody is answered: the
                // answers take time in which the disk would wait.
                while self.gather() {}
                if !self.answers.is_empty() {
                    self.launch();
                }
                self.publish(flight);
                true
            }
            Err(StoreError::Fenced) => {
                self.waiting.extend(jobs_of(flight.answers));
                false
            }
            Err(StoreError::Duplicate) => {
                self.undo(flight).await;
                true
            }
            Err(error) => self.doubt(flight, &error).await,
        }
    }

    /// Keeps the answers of a durable batch at hand.
    fn remember(&mut self, flight: &mut Flight) {
        for (slot, value) in flight.keys.drain() {
            self.recent_order.push_back(slot);
            self.recent.insert(slot, value);
        }
        while self.recent_order.len() > RECENT_MAX {
            if let Some(oldest) = self.recent_order.pop_front() {
                self.recent.remove(&oldest);
            }
        }
    }

    fn publish(&mut self, flight: Flight) {
        self.inner.publish(flight.world, &flight.batch);
        for answer in flight.answers {
            match answer {
                Answer::Group(to, Err((n, failure)), requests) if failure.rests_on_state() => {
                    let inner = Arc::clone(&self.inner);
                    tokio::spawn(async move {
                        let outcome = inner.refused((n, failure), &requests).await;
                        let _ = to.send(outcome);
                    });
                }
                Answer::Group(to, outcome, _) => drop(to.send(outcome)),
                Answer::Intake(to, _) => drop(to.send(Ok(()))),
                Answer::Probe(to) => drop(to.send(())),
            }
        }
    }

    /// Some command in the batch was carried out before this process remembers: answer it from
    /// the record and decide the rest, and what was built on it, again.
    async fn undo(&mut self, flight: Flight) {
        let later = std::mem::take(&mut self.answers);
        self.prepared = Prepared::new();
        self.working = World::clone(&self.inner.world.load());
        let mut again = VecDeque::new();
        for job in jobs_of(flight.answers).into_iter().chain(jobs_of(later)) {
            let Job::Commands(requests, answer) = job else {
                again.push_back(job);
                continue;
            };
            match self.inner.remembered(&requests).await {
                Ok(None) => again.push_back(Job::Commands(requests, answer)),
                Ok(Some(outcome)) => drop(answer.send(outcome)),
                Err(error) => {
                    let failure = Failure::Unavailable(error.to_string());
                    let _ = answer.send(Err((0, failure)));
                }
            }
        }
        again.append(&mut self.waiting);
        self.waiting = again;
    }

    /// Nobody knows whether the transaction happened: reopen, read the heads, and go on from what
    /// they say. Whoever waits is told so if that takes longer.
    async fn doubt(&mut self, mut flight: Flight, error: &StoreError) -> bool {
        tracing::error!(%error, "a transaction failed; rereading the heads");
        self.inner.set_trouble(Some(error.to_string()));
        let mut later = jobs_of(std::mem::take(&mut self.answers));
        self.prepared = Prepared::new();
        let heads = loop {
            match self.inner.reread(self.term).await {
                Ok(heads) => break heads,
                Err(StoreError::Fenced) => {
                    self.waiting.extend(jobs_of(flight.answers).into_iter().chain(later));
                    return false;
                }
                Err(error) => {
                    let waiting = jobs_of(std::mem::take(&mut flight.answers)).into_iter();
                    let waiting = waiting.chain(later.drain(..)).chain(self.waiting.drain(..));
                    let failure = Failure::Unavailable(error.to_string());
                    waiting.for_each(|job| fail(job, &failure));
                    if !self.refuse_while_down(&failure).await {
                        return true;
                    }
                }
            }
        };
        // A full disk is found out only by writing again.
        if !matches!(error, StoreError::Full(_) | StoreError::ReadOnly(_)) {
            self.inner.set_trouble(None);
        }
        let stands = |r: &RecordRef| heads.iter().any(|head| head.at == *r);
        let done = !flight.batch.heads.is_empty()
            && flight.batch.heads.iter().all(|head| stands(&head.to));
        let undone = flight.batch.heads.iter().all(|head| match &head.from {
            Some(from) => stands(from),
            None => !heads.iter().any(|h| h.at.journal == head.journal),
        });
        if !done && !undone {
            self.waiting.extend(jobs_of(flight.answers).into_iter().chain(later));
            return false;
        }
        if done {
            self.working = flight.world.clone();
            self.remember(&mut flight);
            self.publish(flight);
        } else {
            self.working = World::clone(&self.inner.world.load());
            for job in jobs_of(flight.answers) {
                fail(job, &Failure::Unavailable(error.to_string()));
            }
        }
        later.extend(self.waiting.drain(..));
        self.waiting.extend(later);
        true
    }

    /// While the database is away, whoever asks is told so at once. False if the engine is to
    /// stop.
    async fn refuse_while_down(&mut self, failure: &Failure) -> bool {
        let deadline = tokio::time::Instant::now() + RETRY;
        while self.stop.is_none() {
            match tokio::time::timeout_at(deadline, self.jobs.recv()).await {
                Ok(Some(Job::Stop(answer))) => self.stop = Some(answer),
                Ok(Some(job)) => fail(job, failure),
                Ok(None) => return false,
                Err(_) => return true,
            }
        }
        false
    }

    fn step_down(mut self) {
        tracing::error!("another process writes this database; stopping");
        self.inner.set_stopped();
        self.jobs.close();
        let mut left: Vec<_> = self.waiting.drain(..).collect();
        left.extend(jobs_of(std::mem::take(&mut self.answers)));
        while let Ok(job) = self.jobs.try_recv() {
            left.push(job);
        }
        for job in left {
            fail(job, &Failure::SteppedDown);
        }
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

/// Unpredictable bytes for one command after the other, from a seed that the operating system
/// renews every so often; what is drawn tells nothing about the seed.
#[derive(Default)]
struct Entropy {
    seed: [u8; 32],
    drawn: u64,
}

impl Entropy {
    /// Draws from one seed.
    const RENEWED_AFTER: u64 = 1_024;

    fn next(&mut self) -> Result<[u8; 32], Failure> {
        if self.drawn.is_multiple_of(Self::RENEWED_AFTER) {
            getrandom::fill(&mut self.seed)
                .map_err(|error| Failure::Unavailable(error.to_string()))?;
        }
        self.drawn += 1;
        Ok(Digest::of_parts(&[b"samband-entropy", &self.seed, &self.drawn.to_be_bytes()]).0)
    }
}

/// Whether a command may leave a trace in the working state although it is refused. Any other is
/// refused before the first record is made.
fn changes_before_refusal(request: &Request) -> bool {
    matches!(request.command, Command::Kernel(kernel::Command::OpenJournal { .. }))
}

enum Next {
    Landed(Result<(), StoreError>),
    Job(Job),
    Closed,
}

/// Where a batch stood before a group, so that a refused group leaves nothing in it.
struct Marks {
    records: usize,
    subjects: usize,
    commands: usize,
    erasures: usize,
    heads: Vec<samband_journal::store::HeadMove>,
}

impl Marks {
    fn of(prepared: &Prepared) -> Self {
        let batch = &prepared.batch;
        Self {
            records: batch.records.len(),
            subjects: batch.subjects.len(),
            commands: batch.commands.len(),
            erasures: batch.erasures.len(),
            heads: batch.heads.clone(),
        }
    }

    fn roll_back(self, prepared: &mut Prepared) {
        let batch = &mut prepared.batch;
        for stored in batch.commands.drain(self.commands..) {
            prepared.keys.remove(&Slot::of(&stored.actor, &stored.key));
        }
        batch.records.truncate(self.records);
        batch.subjects.truncate(self.subjects);
        batch.erasures.truncate(self.erasures);
        batch.heads = self.heads;
    }
}

fn needs_past(job: &Job) -> bool {
    let Job::Commands(requests, _) = job else {
        return false;
    };
    requests.iter().any(|request| {
        request.command.foreign().is_some()
            || !samband_domain::subjects_needed(&request.command).is_empty()
    })
}

/// The jobs behind answers that were not given, to be done again; refusals too, since they may
/// have rested on something that did not happen.
fn jobs_of(answers: Vec<Answer>) -> Vec<Job> {
    answers
        .into_iter()
        .map(|answer| match answer {
            Answer::Group(to, _, requests) => Job::Commands(requests, to),
            Answer::Intake(to, verified) => Job::Intake(verified, to),
            Answer::Probe(to) => Job::Probe(to),
        })
        .collect()
}

pub(crate) fn fail(job: Job, failure: &Failure) {
    match job {
        Job::Commands(_, answer) => drop(answer.send(Err((0, failure.clone())))),
        Job::Intake(_, answer) => drop(answer.send(Err(failure.clone()))),
        Job::Probe(answer) | Job::Stop(answer) => drop(answer.send(())),
    }
}
