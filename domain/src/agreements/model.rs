//! What an agreement is.

use serde::{Deserialize, Serialize};

use super::alarm_terms::AlarmTerms;
use super::terms::SupplyTerms;
use crate::kernel::model::plain_enum;
use crate::words::{
    ActorId, Digest, JournalId, MandateId, Mode, PublicKey, Signature, Time, Window, canonical,
};

plain_enum! {
    /// What an agreement is about.
    AgreementKind {
        /// Consultancy: one region's specialists for another (mission A29).
        Consultancy = "consultancy",
        /// Declaration of intent with a road map (mission A58).
        DeclarationOfIntent = "declaration_of_intent",
        /// Joint supply.
        Supply = "supply",
        /// Services: who does what for whom.
        Service = "service",
        /// Preparedness.
        Preparedness = "preparedness",
        /// Something else.
        Other = "other",
    }
}

/// The content that is signed: canonical and free of sequence numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Title.
    pub title: String,
    /// What about.
    pub kind: AgreementKind,
    /// Who it binds, in alphabetical order.
    pub parties: Vec<JournalId>,
    /// Its clauses, in order.
    pub clauses: Vec<String>,
    /// When it applies once every party has signed.
    pub window: Window,
    /// Real, exercise or demo.
    pub mode: Mode,
    /// The region that drafted it.
    pub drafted_by: JournalId,
    /// When.
    pub drafted_at: Time,
    /// Reference number in the drafting region (diarienummer).
    pub reference: Option<String>,
    /// Prices and keys, if it is about joint supply and states them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Box<SupplyTerms>>,
    /// What the parties of an alarm agree on, if it is about preparedness and states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<AlarmTerms>,
}

impl Document {
    /// Whether it states terms beside its clauses: such a document is signed by an event of its
    /// own, so that a program that does not know them can sign nothing it did not show.
    #[must_use]
    pub const fn states_terms(&self) -> bool {
        self.terms.is_some() || self.alarm.is_some()
    }

    /// The exact text that is hashed and signed.
    #[must_use]
    pub fn text(&self) -> String {
        canonical::to_text(self).expect("a document consists of text and integers")
    }
}

/// What a signature says: which document, for which region, by whom, by which mandate, when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// SHA-256 of the document's text.
    pub document: Digest,
    /// For which region.
    pub region: JournalId,
    /// Who signed.
    pub actor: ActorId,
    /// The person's name, since a contract names its signatories.
    pub name: String,
    /// The person's title.
    pub title: String,
    /// By which mandate.
    pub mandate: MandateId,
    /// When.
    pub signed_at: Time,
}

/// A statement with the region's signature over its exact text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedStatement {
    /// Canonical text of the [`Statement`].
    pub text: String,
    /// Id of the key.
    pub key: String,
    /// Signature over the text's bytes.
    pub signature: Signature,
}

impl SignedStatement {
    /// The statement, if the signature is the key's and the text says what it must.
    #[must_use]
    pub fn verified(&self, key: &PublicKey) -> Option<Statement> {
        if key.id() != self.key || !key.verifies(self.text.as_bytes(), &self.signature) {
            return None;
        }
        serde_json::from_str(&self.text).ok()
    }

    /// What the text says, without looking at the signature.
    #[must_use]
    pub fn claimed(&self) -> Option<Statement> {
        serde_json::from_str(&self.text).ok()
    }
}
