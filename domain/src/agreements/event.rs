//! What can have happened to agreements.

use serde::{Deserialize, Serialize};

use super::model::SignedStatement;
use crate::words::{DecodeError, Digest, Nothing, RecordRef, Subject, Time, events};

/// A region drafted a document and signed it first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The document's exact text.
    pub text: String,
    /// The drafting region's signature.
    pub signed: SignedStatement,
}

/// A region signed a document that another region proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The document's exact text, so that this journal holds it by itself.
    pub text: String,
    /// Where it was proposed.
    pub proposal: RecordRef,
    /// This region's signature.
    pub signed: SignedStatement,
}

/// A region said no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// The document's exact text.
    pub text: String,
    /// Where it was proposed.
    pub proposal: RecordRef,
    /// Why.
    pub reason: String,
}

/// The drafting region took its proposal back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Which document.
    pub document: Digest,
    /// Why.
    pub reason: String,
}

/// A party ended the agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Which document.
    pub document: Digest,
    /// From when.
    pub at: Time,
    /// Why.
    pub reason: String,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of agreements.
    upcast upcast;
    /// Drafted and signed first.
    "agreement.proposed" v 1 Proposed(Proposed, Nothing);
    /// Signed by another party.
    "agreement.signed" v 1 Signed(Signed, Nothing);
    /// Drafted and signed first, with prices and keys: a kind of its own, so that a program that
    /// does not know them can sign nothing it did not show.
    "agreement.terms_proposed" v 1 TermsProposed(Proposed, Nothing);
    /// Signed by another party, with prices and keys.
    "agreement.terms_signed" v 1 TermsSigned(Signed, Nothing);
    /// Declined by another party.
    "agreement.declined" v 1 Declined(Declined, Nothing);
    /// Taken back by its drafter.
    "agreement.withdrawn" v 1 Withdrawn(Withdrawn, Nothing);
    /// Ended by a party.
    "agreement.ended" v 1 Ended(Ended, Nothing);
}

impl Event {
    /// The document that this event signs, if it does.
    #[must_use]
    pub fn signs(&self) -> Option<Digest> {
        match self {
            Self::Proposed(Proposed { text, .. }, _)
            | Self::TermsProposed(Proposed { text, .. }, _)
            | Self::Signed(Signed { text, .. }, _)
            | Self::TermsSigned(Signed { text, .. }, _) => Some(Digest::of(text.as_bytes())),
            _ => None,
        }
    }

    /// The proposal that this event makes, with or without prices and keys.
    #[must_use]
    pub fn proposes(&self) -> Option<&Proposed> {
        match self {
            Self::Proposed(proposed, _) | Self::TermsProposed(proposed, _) => Some(proposed),
            _ => None,
        }
    }

    /// The document that this event is about.
    #[must_use]
    pub fn document(&self) -> Digest {
        match self {
            Self::Proposed(Proposed { text, .. }, _)
            | Self::TermsProposed(Proposed { text, .. }, _)
            | Self::Signed(Signed { text, .. }, _)
            | Self::TermsSigned(Signed { text, .. }, _)
            | Self::Declined(Declined { text, .. }, _) => Digest::of(text.as_bytes()),
            Self::Withdrawn(Withdrawn { document, .. }, _)
            | Self::Ended(Ended { document, .. }, _) => *document,
        }
    }

    /// What the event is about: the document, and whoever signed it.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let signed = match self {
            Self::Proposed(Proposed { signed, .. }, _)
            | Self::TermsProposed(Proposed { signed, .. }, _)
            | Self::Signed(Signed { signed, .. }, _)
            | Self::TermsSigned(Signed { signed, .. }, _) => signed.claimed(),
            _ => None,
        };
        let signer = signed.map(|statement| Subject::person(&statement.actor));
        std::iter::once(Subject::agreement(&self.document())).chain(signer).collect()
    }
}
