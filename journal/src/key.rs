//! A region's signing key: an Ed25519 key kept in a file beside the database, never in it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use ed25519_dalek::Signer as _;
use samband_domain::words::{PublicKey, Sign, Signature};
use thiserror::Error;

/// Why a key could not be read or written.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file could not be read or written.
    #[error("key file {path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file does not hold a key.
    #[error("key file {0} does not hold a Samband key; restore it from your key backup")]
    Malformed(String),
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness: {0}")]
    Random(String),
}

/// A private signing key.
pub struct SigningKey(ed25519_dalek::SigningKey);

const PREFIX: &str = "samband-ed25519-v1 ";

impl SigningKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`KeyError::Random`] if the operating system gives no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| KeyError::Random(error.to_string()))?;
        Ok(Self::from_seed(&seed))
    }

    /// The key of a seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError`] if it cannot be read or holds no key.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let name = || path.display().to_string();
        let text =
            fs::read_to_string(path).map_err(|source| KeyError::File { path: name(), source })?;
        let seed = text.trim_end().strip_prefix(PREFIX).and_then(|hex| hex.parse().ok());
        let seed: samband_domain::Digest = seed.ok_or_else(|| KeyError::Malformed(name()))?;
        Ok(Self::from_seed(&seed.0))
    }

    /// Writes a key file that only its owner may read; refuses to overwrite one.
    ///
    /// # Errors
    /// [`KeyError::File`] if the file exists or cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        let wrap = |source| KeyError::File { path: path.display().to_string(), source };
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(path).map_err(wrap)?;
        let seed = samband_domain::Digest(self.0.to_bytes());
        writeln!(file, "{PREFIX}{seed}").map_err(wrap)?;
        file.sync_all().map_err(wrap)
    }
}

impl Sign for SigningKey {
    fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.0.sign(bytes).to_bytes())
    }

    fn key_id(&self) -> String {
        self.public().id()
    }
}
