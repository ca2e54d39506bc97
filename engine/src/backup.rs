//! Online backup: a consistent copy of the database, the keys, and a manifest that says what it
//! holds.

use std::path::{Path, PathBuf};

use samband_domain::{Digest, Time};
use samband_journal::SignedHead;
use samband_journal::store::StoreError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::engine::Engine;

/// File names within a backup directory.
pub(crate) const DATABASE: &str = "samband.db";
pub(crate) const KEYS: &str = "keys";
pub(crate) const MANIFEST: &str = "manifest.json";

/// Why there is no backup.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The target is there already.
    #[error("{0} exists already; a backup never overwrites: name a new directory")]
    Exists(String),
    /// A file could not be written.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupManifest {
    /// Name of the backup's form.
    pub format: String,
    /// When it was made.
    pub made: Time,
    /// SHA-256 of the database file.
    pub database_sha256: Digest,
    /// At least these heads are in it, each signed by its region.
    pub heads: Vec<SignedHead>,
}

/// Name of the backup's form.
pub(crate) const FORMAT: &str = "samband-backup/1";

impl Engine {
    /// Writes a backup into a new directory while everything goes on.
    ///
    /// # Errors
    /// [`BackupError`]; what was written so far is removed.
    pub async fn backup(&self, directory: &Path) -> Result<BackupManifest, BackupError> {
        if directory.exists() {
            return Err(BackupError::Exists(directory.display().to_string()));
        }
        // Made under another name, so that a directory of the final name is always whole.
        let name = directory.file_name().unwrap_or_default().to_string_lossy();
        let partial = directory.with_file_name(format!(".{name}.partial"));
        let outcome = self.backup_into(&partial).await;
        match outcome {
            Ok(manifest) => {
                std::fs::rename(&partial, directory).map_err(file(directory))?;
                Ok(manifest)
            }
            Err(error) => {
                let _ = std::fs::remove_dir_all(&partial);
                Err(error)
            }
        }
    }

    async fn backup_into(&self, directory: &Path) -> Result<BackupManifest, BackupError> {
        let _ = std::fs::remove_dir_all(directory);
        make_private_dir(directory)?;
        let world = self.world();
        let heads = world.locals().filter_map(|journal| self.signed_head(journal)).collect();
        let database = directory.join(DATABASE);
        self.store().copy_to_sqlite(&database).await?;
        copy_keys(self.keyring().directory(), &directory.join(KEYS))?;
        let manifest = BackupManifest {
            format: FORMAT.into(),
            made: self.now(),
            database_sha256: digest_of_file(&database)?,
            heads,
        };
        let path = directory.join(MANIFEST);
        let text = serde_json::to_string_pretty(&manifest).expect("text and integers");
        std::fs::write(&path, text).map_err(file(&path))?;
        Ok(manifest)
    }
}

pub(crate) fn make_private_dir(path: &Path) -> Result<(), BackupError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(file(path))
}

/// Copies key files; the directory and they stay readable by their owner only.
pub(crate) fn copy_keys(from: &Path, to: &Path) -> Result<(), BackupError> {
    make_private_dir(to)?;
    for entry in std::fs::read_dir(from).map_err(file(from))? {
        let path = entry.map_err(file(from))?.path();
        if path.extension().is_some_and(|extension| extension == "key") {
            let target = to.join(path.file_name().unwrap_or_default());
            std::fs::copy(&path, &target).map_err(file(&target))?;
        }
    }
    Ok(())
}

pub(crate) fn digest_of_file(path: &Path) -> Result<Digest, BackupError> {
    use std::io::Read as _;
    let mut input = std::fs::File::open(path).map_err(file(path))?;
    let mut hasher = samband_domain::words::Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match input.read(&mut buffer).map_err(file(path))? {
            0 => return Ok(hasher.finish()),
            n => hasher.update(&buffer[..n]),
        }
    }
}

pub(crate) fn file(path: &Path) -> impl Fn(std::io::Error) -> BackupError + use<> {
    let path: PathBuf = path.to_owned();
    move |error| BackupError::File(path.display().to_string(), error)
}
