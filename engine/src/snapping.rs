//! When snapshots are written: in the background, of a journal that has grown much since its last.

use std::sync::Arc;

use samband_domain::JournalId;
use samband_journal::store::StoreError;

use crate::engine::{Engine, Inner, Snapped, lock};
use crate::world::Journal;

/// Records after which a snapshot is written in the background.
const SNAPSHOT_EVERY: u64 = 50_000;

impl Engine {
    /// Writes a snapshot of every journal that has grown much since its last, in the background.
    pub(crate) fn snapshot_where_due(&self) {
        if self.follows() {
            return;
        }
        for journal in self.world().journals.values() {
            if self.inner.unsnapped(journal) >= SNAPSHOT_EVERY {
                let engine = self.clone();
                let id = journal.id.clone();
                tokio::spawn(async move { engine.snapshot(&id).await });
            }
        }
    }

    /// Writes a snapshot of a journal now. A journal that is at it already is left alone.
    pub async fn snapshot(&self, id: &JournalId) {
        let Some(journal) = self.world().journal(id).cloned() else {
            return;
        };
        let was = {
            let mut snapshots = lock(&self.inner.snapshots);
            let held = snapshots.entry(id.clone()).or_default();
            if held.running {
                return;
            }
            let was = *held;
            held.running = true;
            was
        };
        let now = match self.write_snapshot(&journal).await {
            Ok(()) => {
                Snapped { epoch: journal.chain.epoch, seq: journal.chain.seq, running: false }
            }
            Err(error) => {
                tracing::warn!(journal = %id, %error, "no snapshot was written");
                was
            }
        };
        lock(&self.inner.snapshots).insert(id.clone(), now);
    }

    async fn write_snapshot(&self, journal: &Arc<Journal>) -> Result<(), StoreError> {
        let state = Arc::clone(journal);
        let bytes = tokio::task::spawn_blocking(move || crate::snapshot::encode(&state))
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let (Some(bytes), Some(at)) = (bytes, journal.head()) else {
            return Ok(());
        };
        let format = crate::snapshot::STATE_FORMAT;
        let recorded = journal.chain.recorded;
        self.store().put_snapshot(&at, recorded, format, &bytes).await?;
        tracing::info!(journal = %journal.id, record = at.seq, "snapshot written");
        Ok(())
    }
}

impl Inner {
    /// Records written since the newest snapshot.
    pub(crate) fn unsnapped(&self, journal: &Journal) -> u64 {
        let held = lock(&self.snapshots).get(&journal.id).copied().unwrap_or_default();
        if held.epoch == journal.chain.epoch {
            journal.chain.seq.saturating_sub(held.seq)
        } else {
            journal.chain.seq
        }
    }
}
