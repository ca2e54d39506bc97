//! What time alone brings about: what is due, whether neighbours are heard, whether the database
//! takes what is written, and whether the machine's clock can be believed.

use std::collections::BTreeSet;
use std::time::Duration;

use samband_domain::bonds::Watch;
use samband_domain::{JournalId, Known, Time, due};
use tokio::sync::oneshot;

use crate::committer::Job;
use crate::engine::{Engine, lock};
use crate::follow::HEARD;
use crate::world::{Holding, World};

/// How long a probe is waited for; it goes on after that.
const PROBE_WITHIN: Duration = Duration::from_secs(5);

impl Engine {
    /// Does what the clock makes due in every region. Safe to call as often as one likes.
    pub async fn tick(&self) {
        self.watch_clock();
        if let Err(error) = self.reread_doors().await {
            tracing::warn!(%error, "accounts and sessions could not be read again");
        }
        if self.follows() {
            return;
        }
        if let Err(failure) = self.do_at_once().await {
            tracing::error!(%failure, "an alarm's next step was not recorded");
        }
        let (world, now) = (self.world(), self.now());
        let watches = self.watches(&world, now);
        let others = world.others();
        for journal in world.locals() {
            let Some(region) = journal.local() else {
                continue;
            };
            for command in due(region, &journal.id, &watches, &others, now) {
                if let Err(failure) = self.report_to(&journal.id, command).await {
                    tracing::error!(journal = %journal.id, %failure, "what was due was not recorded");
                }
            }
        }
        self.sweep_sessions().await;
        self.snapshot_where_due();
        self.probe().await;
        self.tell_heard().await;
    }

    /// Writes down when copies were last heard of, for who follows: a word without news leaves no
    /// record.
    async fn tell_heard(&self) {
        if !self.store().is_shared() {
            return;
        }
        for journal in self.world().journals.values() {
            let Some(heard) = journal.heard().value() else {
                continue;
            };
            let id = &journal.id;
            if lock(&self.inner.told_heard).get(id) == Some(&heard) {
                continue;
            }
            match self.store().shelf_put(HEARD, id.as_str(), &heard.0.to_string()).await {
                Ok(()) => drop(lock(&self.inner.told_heard).insert(id.clone(), heard)),
                Err(error) => {
                    tracing::warn!(%error, "when a copy was heard of was not written down");
                }
            }
        }
    }

    /// Tries the database, so that it is known to take what comes, and to be this process's still,
    /// before somebody needs it: an empty transaction, and a word written down.
    async fn probe(&self) {
        let (answer, wait) = oneshot::channel();
        if self.send(Job::Probe(answer)).is_err() {
            return;
        }
        let probe = async {
            let _ = wait.await;
            let now = self.now().0.to_string();
            let written = self.store().shelf_put("probe", "written", &now).await;
            self.inner.set_trouble(written.err().map(|error| error.to_string()));
        };
        if tokio::time::timeout(PROBE_WITHIN, probe).await.is_err() {
            self.inner.set_trouble(Some("the database does not answer".into()));
        }
    }

    /// When, by this machine's clock, a trusted journal was last heard of, or has been waited for
    /// since; none if it is not watched.
    #[must_use]
    pub fn last_heard(&self, id: &JournalId) -> Option<Time> {
        lock(&self.inner.watched).get(id).copied()
    }

    /// A trusted journal said something new.
    pub(crate) fn heard_now(&self, id: &JournalId) {
        lock(&self.inner.watched).insert(id.clone(), self.now());
    }

    /// Every trusted journal that is not written here, and when it was last heard of by this
    /// machine's clock; the start of watching, if never.
    pub(crate) fn watches(&self, world: &World, now: Time) -> Vec<Watch> {
        let trusted = world.locals().flat_map(|region| region.shared().bonds.peers.keys());
        let trusted: BTreeSet<_> = trusted.filter(|id| world.local(id).is_none()).collect();
        let mut watched = lock(&self.inner.watched);
        watched.retain(|id, _| trusted.contains(id));
        let mut watch = |id: &JournalId| {
            // After a start, the last word kept counts, but never as later than now.
            let kept = || match world.journal(id).map(|journal| &journal.holding) {
                Some(Holding::Copy { heard: Known::Value(heard), .. }) => (*heard).min(now),
                _ => now,
            };
            let heard = *watched.entry(id.clone()).or_insert_with(kept);
            Watch { journal: id.clone(), heard }
        };
        trusted.into_iter().map(&mut watch).collect()
    }

    /// Notes when the machine's clock runs backwards: the record's times stay monotone, and
    /// whoever runs the machine is told.
    pub(crate) fn watch_clock(&self) {
        let now = self.now();
        let mut last = lock(&self.inner.last_time);
        let back = last.since(now);
        if back > 1_000_000 {
            tracing::error!(microseconds = back, "the machine's clock went back");
            *lock(&self.inner.clock_went_back) = Some(back);
        }
        *last = now;
    }
}
