//! The signing keys of the journals written here: files beside the database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use samband_domain::JournalId;
use samband_domain::words::PublicKey;
use samband_journal::{KeyError, SigningKey};
use thiserror::Error;

/// Why a key is not at hand.
#[derive(Debug, Error)]
pub enum KeyringError {
    /// The key directory could not be made or listed.
    #[error("key directory {0}: {1}")]
    Directory(String, std::io::Error),
    /// A key file could not be read or written.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Keys in memory, files on disk: `DIR/<journal>.<key id>.key`.
pub struct Keyring {
    directory: PathBuf,
    keys: RwLock<BTreeMap<(JournalId, PublicKey), Arc<SigningKey>>>,
}

impl Keyring {
    /// Opens a key directory, making it if needed, and reads every key in it.
    ///
    /// # Errors
    /// [`KeyringError`] if the directory or a key in it cannot be read.
    pub fn open(directory: &Path) -> Result<Self, KeyringError> {
        let wrap = |error| KeyringError::Directory(directory.display().to_string(), error);
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory).map_err(wrap)?;
        let mut keys = BTreeMap::new();
        for entry in std::fs::read_dir(directory).map_err(wrap)? {
            let path = entry.map_err(wrap)?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let Some(stem) = name.strip_suffix(".key") else {
                continue;
            };
            let Some((journal, _)) = stem.split_once('.') else {
                continue;
            };
            if let Ok(journal) = JournalId::new(journal) {
                let key = SigningKey::read(&path)?;
                keys.insert((journal, key.public()), Arc::new(key));
            }
        }
        Ok(Self { directory: directory.to_owned(), keys: RwLock::new(keys) })
    }

    /// Where the keys are.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The private half of a journal's key.
    #[must_use]
    pub fn get(&self, journal: &JournalId, public: &PublicKey) -> Option<Arc<SigningKey>> {
        let keys = self.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.get(&(journal.clone(), *public)).cloned()
    }

    /// Makes and keeps a new key for a journal.
    ///
    /// # Errors
    /// [`KeyringError`] if it cannot be made or written.
    pub fn make(&self, journal: &JournalId) -> Result<Arc<SigningKey>, KeyringError> {
        self.keep(journal, SigningKey::generate()?)
    }

    /// Keeps a given key for a journal.
    ///
    /// # Errors
    /// [`KeyringError`] if it cannot be written.
    pub fn keep(
        &self,
        journal: &JournalId,
        key: SigningKey,
    ) -> Result<Arc<SigningKey>, KeyringError> {
        let id = key.public().id();
        key.write(&self.directory.join(format!("{journal}.{id}.key")))?;
        let key = Arc::new(key);
        let mut keys = self.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.insert((journal.clone(), key.public()), Arc::clone(&key));
        Ok(key)
    }
}
