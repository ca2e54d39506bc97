//! Verifying a whole journal: every hash, every commitment, every key, and the state itself.

use samband_domain::{Head, JournalId};
use samband_journal::store::StoreError;
use serde::Serialize;
use thiserror::Error;

use crate::engine::Engine;
use crate::load::{LoadError, replay_whole};
use crate::world::Journal;

/// Why a journal is not what it should be.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// No such journal.
    #[error("no journal “{0}” is held here")]
    NoJournal(JournalId),
    /// The first broken record, or what else did not fit.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Replaying gives another state than the one in memory.
    #[error("journal {0}: replaying its records gives another state than the one in use")]
    StateDiffers(JournalId),
}

impl From<StoreError> for VerifyError {
    fn from(error: StoreError) -> Self {
        Self::Load(error.into())
    }
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Whose journal.
    pub journal: JournalId,
    /// How many records.
    pub records: u64,
    /// The last one.
    pub head: Head,
    /// Records of kinds or versions that this program does not know.
    pub unknown_records: u64,
}

impl Engine {
    /// Verifies every record of a journal and that replaying them gives the state in use.
    ///
    /// # Errors
    /// [`VerifyError`] names the first record that does not fit.
    pub async fn verify(&self, id: &JournalId) -> Result<VerifyReport, VerifyError> {
        match self.verify_now(id).await {
            // An erasure in the meantime takes from the records what the state still held.
            Err(VerifyError::StateDiffers(_)) => self.verify_now(id).await,
            outcome => outcome,
        }
    }

    async fn verify_now(&self, id: &JournalId) -> Result<VerifyReport, VerifyError> {
        let world = self.world();
        let held = world.journal(id).ok_or_else(|| VerifyError::NoJournal(id.clone()))?;
        let head = held.head().ok_or_else(|| VerifyError::NoJournal(id.clone()))?;
        let empty = Journal::empty(id.clone(), held.is_local());
        let (replayed, records) = replay_whole(self.store(), empty, &head).await?;
        let same = replayed.shared() == held.shared()
            && replayed.local().map(|region| &region.own) == held.local().map(|region| &region.own);
        if !same {
            return Err(VerifyError::StateDiffers(id.clone()));
        }
        let unknown_records = replayed.unknown_records;
        Ok(VerifyReport { journal: id.clone(), records, head, unknown_records })
    }
}
