//! What cannot wait for the next round: an alarm is heard, an answer noted and a step of the ladder
//! taken at the moment it is due, and other installations are told at once that there is something
//! to hear.

use std::collections::BTreeMap;
use std::time::Duration;

use samband_access::Principal;
use samband_domain::{Command, JournalId, Known, Time, clocks, due_at_once};
use samband_journal::Record;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::engine::{Engine, Inner, News, lock, topic_of};
use crate::request::{Failure, Request};
use crate::world::World;

/// What news is of this kind wakes somebody, here or elsewhere.
const URGENT: [&str; 3] = ["alarm", "incident", "readiness"];

/// The longest sleep: the machine's clock may be set while one sleeps.
const SLEEP_MAX: Duration = Duration::from_secs(1);

/// The shortest, so that a clock which does not move costs nothing.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// Commands that are given together.
const TOGETHER_MAX: usize = 64;

/// The last place at which something urgent stands, by journal.
pub(crate) type Urgent = BTreeMap<JournalId, (u32, u64)>;

/// At the start nobody knows what was urgent: whoever has not read to the end is told at once.
pub(crate) fn urgent_from(world: &World) -> Urgent {
    let place = |id: &JournalId| world.journal(id)?.head().map(|head| (head.epoch, head.seq));
    let ids = world.locals().map(|journal| journal.id.clone());
    ids.filter_map(|id| place(&id).map(|place| (id, place))).collect()
}

fn is_urgent(topic: &str) -> bool {
    URGENT.contains(&topic)
}

fn wakes(news: &News) -> bool {
    news.topics.values().flatten().any(|topic| is_urgent(topic))
}

impl Inner {
    /// Keeps in mind where the last urgent record of each journal stands.
    pub(crate) fn mark_urgent(&self, records: &[Record]) {
        let urgent = |record: &&Record| record.body.text().is_some_and(|t| is_urgent(topic_of(t)));
        let mut marks = lock(&self.urgent);
        for record in records.iter().filter(urgent) {
            marks.insert(record.journal.clone(), (record.epoch, record.seq));
        }
    }
}

impl Engine {
    /// Attends to alarms until the engine ends: sleeps until the next clock rings or something is
    /// heard, and then does at once what is due. Does nothing in a process that only follows.
    pub async fn attend(&self) {
        if self.follows() {
            return;
        }
        let mut news = self.subscribe();
        let mut told = None;
        loop {
            match self.do_at_once().await {
                Ok(()) => told = None,
                Err(failure) => {
                    // Once per reason, not once per second.
                    let failure = failure.to_string();
                    if told.as_ref() != Some(&failure) {
                        tracing::error!(%failure, "an alarm's next step was not recorded");
                        told = Some(failure);
                    }
                }
            }
            let (world, now) = (self.world(), self.now());
            // Whoever is trusted is listened for from now on.
            let _ = self.watches(&world, now);
            *lock(&self.inner.attended) = Known::Value(now);
            tokio::select! {
                () = tokio::time::sleep(self.until_next_clock()) => {}
                more = something_urgent(&mut news) => if !more { return },
            }
        }
    }

    /// When alarms were last attended to, by the engine's clock: the heartbeat that a watcher asks
    /// for. Unknown before the first time.
    #[must_use]
    pub fn attended(&self) -> Known<Time> {
        *lock(&self.inner.attended)
    }

    /// Does what is due and cannot wait, in every region, in as few transactions as possible.
    ///
    /// # Errors
    /// [`Failure`] if something was not recorded; it is due again the next time.
    pub async fn do_at_once(&self) -> Result<(), Failure> {
        let _one = self.inner.attending.lock().await;
        let (world, now) = (self.world(), self.now());
        let others = world.others();
        let mut due = Vec::new();
        for journal in world.locals() {
            let Some(region) = journal.local() else { continue };
            let commands = due_at_once(region, &journal.id, &others, now);
            due.extend(commands.into_iter().map(|command| (journal.id.clone(), command)));
        }
        let mut outcome = Ok(());
        for some in due.chunks(TOGETHER_MAX) {
            let all = some.iter().map(|(region, command)| report(region, command));
            let together = self.submit_all(all.collect::<Result<_, _>>()?).await;
            // One that is refused must not hold up the rest.
            if together.is_err() {
                for (region, command) in some {
                    let done = self.submit(report(region, command)?).await;
                    outcome = outcome.and(done.map(drop));
                }
            }
        }
        outcome
    }

    /// How long nothing is due, if nothing happens.
    fn until_next_clock(&self) -> Duration {
        let (world, now) = (self.world(), self.now());
        let others = world.others();
        let locals = world.locals().filter_map(|one| Some((&one.id, one.local()?)));
        let all = locals.flat_map(|(id, region)| clocks(region, id, &others));
        // What has rung already was just tried; it is tried again with the longest sleep.
        let next = all.map(|clock| clock.at).filter(|at| *at > now).min();
        let wait = next.map_or(SLEEP_MAX, |at| {
            Duration::from_micros(u64::try_from(at.since(now)).unwrap_or(0))
        });
        wait.clamp(SLEEP_MIN, SLEEP_MAX)
    }

    /// Waits until a journal written here has something urgent after a place, but no longer than
    /// this. Where nobody knows what was urgent, there is something.
    pub async fn wait_for_urgent(
        &self,
        id: &JournalId,
        after: Option<(u32, u64)>,
        within: Duration,
    ) {
        let mut news = self.subscribe();
        let there = || lock(&self.inner.urgent).get(id).is_some_and(|last| after < Some(*last));
        let wait = async { while !there() && something_urgent(&mut news).await {} };
        let _ = tokio::time::timeout(within, wait).await;
    }
}

fn report(region: &JournalId, command: &Command) -> Result<Request, Failure> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| Failure::Unavailable(error.to_string()))?;
    Ok(Request {
        principal: Principal::Engine,
        region: region.clone(),
        key: samband_domain::Digest::of(&random).to_string(),
        happened: None,
        command: command.clone(),
        asked: None,
    })
}

/// Waits for news that wake somebody; false if there will be none.
async fn something_urgent(news: &mut Receiver<News>) -> bool {
    loop {
        match news.recv().await {
            Ok(said) if wakes(&said) => return true,
            Ok(_) => {}
            // What was missed may have been urgent.
            Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}
