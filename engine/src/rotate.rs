//! Changing a journal's signing key: the old key vouches for the new one, in the journal.

use samband_access::Principal;
use samband_domain::words::{PublicKey, Sign as _};
use samband_domain::{Command, JournalId, kernel};
use thiserror::Error;

use crate::engine::Engine;
use crate::keyring::KeyringError;
use crate::request::{Failure, Request};

/// Why a key was not changed.
#[derive(Debug, Error)]
pub enum RotateError {
    /// Refused, denied, or not recorded for certain.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// The new key could not be made or written.
    #[error(transparent)]
    Keys(#[from] KeyringError),
}

impl Engine {
    /// Makes a new signing key for a journal written here, vouched for by the one in use. Earlier
    /// keys stay in the key directory: what they signed must remain verifiable, and a transaction
    /// whose outcome is unknown may still need them.
    ///
    /// # Errors
    /// [`RotateError`]; the old key stays in use.
    pub async fn rotate_key(
        &self,
        principal: &Principal,
        id: &JournalId,
        key: String,
    ) -> Result<PublicKey, RotateError> {
        if self.follows() {
            let why = "a key is changed where it is used".into();
            return Err(Failure::NoWriter(why).into());
        }
        let world = self.world();
        let absent = || Failure::NoJournal(id.clone());
        let region = world.local(id).ok_or_else(absent)?;
        let facts = region.shared.kernel.journal.as_ref().ok_or_else(absent)?;
        let in_use = facts.keys.last().map(|held| held.public).ok_or_else(absent)?;
        let old = self.keyring().get(id, &in_use).ok_or_else(|| Failure::NoKey(id.clone()))?;
        let new = self.keyring().make(id)?.public();
        let vouched = old.sign(&new.0);
        let command = Command::Kernel(kernel::Command::RotateKey { new, vouched });
        let (principal, region) = (principal.clone(), id.clone());
        self.submit(Request { principal, region, key, happened: None, command, asked: None })
            .await?;
        Ok(new)
    }
}
