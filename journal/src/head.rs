//! Signed heads: a region's word on how far its journal reaches.

use samband_domain::words::{PublicKey, Sign, Signature, canonical};
use samband_domain::{Head, Mode, Time};
use serde::{Deserialize, Serialize};

/// What a signed head says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedHead {
    /// The last record.
    pub head: Head,
    /// The journal's mode.
    pub mode: Mode,
    /// When this was signed: the heartbeat.
    pub signed_at: Time,
}

/// A stated head with the region's signature over its exact text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// Canonical text of the [`StatedHead`].
    pub text: String,
    /// Id of the signing key.
    pub key: String,
    /// Signature over the text's bytes.
    pub signature: Signature,
}

impl SignedHead {
    /// Signs a head.
    #[must_use]
    pub fn sign(stated: &StatedHead, signer: &dyn Sign) -> Self {
        let text = canonical::to_text(stated).expect("a head consists of text and integers");
        let signature = signer.sign(text.as_bytes());
        Self { text, key: signer.key_id(), signature }
    }

    /// What it says, if the key's signature holds.
    #[must_use]
    pub fn verified(&self, key: &PublicKey) -> Option<StatedHead> {
        if key.id() != self.key || !key.verifies(self.text.as_bytes(), &self.signature) {
            return None;
        }
        serde_json::from_str(&self.text).ok()
    }
}
