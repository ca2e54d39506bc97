//! A record as one line of JSON: between installations, and in a journal's export.

use samband_domain::{Digest, JournalId, Time};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::record::{Body, PrivatePart, Record};

/// Why a line is not a record.
#[derive(Debug, Error)]
pub enum WireError {
    /// Not JSON of the right shape.
    #[error("not a record line")]
    Json(#[from] serde_json::Error),
    /// Neither content nor its hash, or half a private part.
    #[error("not a record line: {0}")]
    Shape(&'static str),
}

/// A record as one JSON object.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wire {
    journal: JournalId,
    epoch: u32,
    seq: u64,
    recorded: Time,
    hash: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_hash: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private: Option<String>,
}

impl From<Record> for Wire {
    fn from(record: Record) -> Self {
        let Record { journal, epoch, seq, recorded, body, private, hash } = record;
        let (content, content_hash) = match body {
            Body::Text(text) => (Some(text), None),
            Body::Withheld(digest) => (None, Some(digest)),
        };
        let (salt, private) = match private {
            PrivatePart::Here { salt, text } => (Some(Digest(salt)), Some(text)),
            PrivatePart::Absent => (None, None),
        };
        Self { journal, epoch, seq, recorded, hash, content, content_hash, salt, private }
    }
}

impl TryFrom<Wire> for Record {
    type Error = WireError;

    fn try_from(wire: Wire) -> Result<Self, WireError> {
        let body = match (wire.content, wire.content_hash) {
            (Some(text), None) => Body::Text(text),
            (None, Some(digest)) => Body::Withheld(digest),
            _ => {
                return Err(WireError::Shape("either content or content_hash is expected"));
            }
        };
        let private = match (wire.salt, wire.private) {
            (Some(salt), Some(text)) => PrivatePart::Here { salt: salt.0, text },
            (None, None) => PrivatePart::Absent,
            _ => return Err(WireError::Shape("salt and private come together")),
        };
        let Wire { journal, epoch, seq, recorded, hash, .. } = wire;
        Ok(Self { journal, epoch, seq, recorded, body, private, hash })
    }
}

impl Wire {
    /// The record as one line without line break.
    #[must_use]
    pub fn line(record: Record) -> String {
        serde_json::to_string(&Self::from(record)).expect("text and integers")
    }

    /// Reads a line.
    ///
    /// # Errors
    /// [`WireError`] if it is not a record.
    pub fn read(line: &str) -> Result<Record, WireError> {
        serde_json::from_str::<Self>(line)?.try_into()
    }
}
