//! Restoring a backup: everything is verified first, and every journal written here goes on in a
//! new epoch, so that nobody mistakes the restored past for the lost one.

use std::path::Path;

use samband_domain::kernel::model::Continues;
use samband_domain::{Command, JournalId, RecordRef, kernel};
use samband_journal::Store;
use samband_journal::store::StoreError;
use thiserror::Error;

use crate::backup::{BackupError, BackupManifest, DATABASE, FORMAT, KEYS, MANIFEST};
use crate::backup::{copy_keys, digest_of_file};
use crate::engine::Engine;
use crate::request::{Failure, Request};
use crate::verify::VerifyError;

/// Why a backup was not restored.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// The backup's manifest is missing or not one.
    #[error("{0} is no Samband backup: {1}")]
    NoBackup(String, String),
    /// The database is not the one the manifest describes.
    #[error("the backup's database was changed after it was made; use another backup")]
    Altered,
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] BackupError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A journal in the backup does not verify.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The new epoch could not be opened.
    #[error("journal {0}: {1}")]
    Epoch(JournalId, Failure),
}

/// Checks a backup and puts its keys and records in place. The store must be empty.
///
/// # Errors
/// [`RestoreError`]; nothing is put in place unless the backup is whole.
pub async fn restore_into(
    backup: &Path,
    store: &Store,
    keys: &Path,
) -> Result<BackupManifest, RestoreError> {
    let manifest = read_manifest(backup)?;
    let database = backup.join(DATABASE);
    if digest_of_file(&database)? != manifest.database_sha256 {
        return Err(RestoreError::Altered);
    }
    copy_keys(&backup.join(KEYS), keys)?;
    store.copy_from_sqlite(&database).await?;
    Ok(manifest)
}

fn read_manifest(backup: &Path) -> Result<BackupManifest, RestoreError> {
    let path = backup.join(MANIFEST);
    let wrong = |why: String| RestoreError::NoBackup(backup.display().to_string(), why);
    let text = std::fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
    let manifest: BackupManifest =
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    if manifest.format == FORMAT { Ok(manifest) } else { Err(wrong(manifest.format)) }
}

impl Engine {
    /// Verifies every journal of a restored store and opens a new epoch in each that is written
    /// here and still stands where the backup left it: a restore that was interrupted can go on.
    /// Sessions from before do not survive.
    ///
    /// # Errors
    /// [`RestoreError`] names the journal and what does not fit.
    pub async fn open_restored_epochs(
        &self,
        reason: &str,
        heads: &[RecordRef],
    ) -> Result<(), RestoreError> {
        let world = self.world();
        for id in world.journals.keys() {
            self.verify(id).await?;
        }
        for journal in world.locals() {
            let Some(facts) = &journal.shared().kernel.journal else {
                continue;
            };
            let (Some(from), Some(key)) = (journal.head(), facts.keys.last()) else {
                continue;
            };
            if !heads.contains(&from) {
                continue;
            }
            let known_further = world
                .journals
                .iter()
                .filter_map(|(other, held)| {
                    let seen = held.shared().bonds.noticed.get(&journal.id)?;
                    let further = seen.epoch == from.epoch && seen.seq > from.seq;
                    further.then(|| (other.clone(), seen.seq))
                })
                .max_by_key(|(_, seq)| *seq);
            let continues = Continues { from: from.clone(), reason: reason.into(), known_further };
            let command = Command::Kernel(kernel::Command::OpenJournal {
                owner: facts.owner.clone(),
                mode: facts.mode,
                key: key.public,
                continues: Some(continues),
            });
            let request = Request {
                principal: samband_access::Principal::Machine,
                region: journal.id.clone(),
                key: format!("restore-{}-{}", from.epoch, from.hash.short()),
                happened: None,
                command,
                asked: None,
            };
            let outcome = self.submit(request).await;
            outcome.map_err(|failure| RestoreError::Epoch(journal.id.clone(), failure))?;
        }
        self.end_all_sessions().await?;
        Ok(())
    }
}
