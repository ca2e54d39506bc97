//! A record's content document: canonical JSON without sequence numbers.

use std::borrow::Cow;

use samband_domain::{ActorId, Digest, Encoded, MandateId, RecordRef, Time, words::canonical};
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

/// Why a content text is not a content document.
#[derive(Debug, Error)]
#[error("not a content document: {0}")]
pub struct ContentError(#[from] serde_json::Error);

/// A content document as read; text is borrowed from the record.
#[derive(Debug, Deserialize)]
pub struct Content<'a> {
    /// Who acted.
    pub actor: ActorId,
    /// Records this one answers, by hash.
    #[serde(default)]
    pub cause: Vec<RecordRef>,
    /// When it happened, by the writer.
    pub happened: Time,
    /// Kind of event.
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    /// By which mandate; none for the machine's own acts.
    #[serde(default)]
    pub mandate: Option<MandateId>,
    /// SHA-256 of salt and private part, if there is one.
    #[serde(default)]
    pub private: Option<Digest>,
    /// What other regions may hold, if anything.
    #[serde(borrow, default)]
    pub shared: Option<&'a RawValue>,
    /// Version of the kind's form.
    pub version: u16,
}

impl<'a> Content<'a> {
    /// Reads a content text.
    ///
    /// # Errors
    /// [`ContentError`] if a field is missing or malformed.
    pub fn read(text: &'a str) -> Result<Self, ContentError> {
        Ok(serde_json::from_str(text)?)
    }

    /// The shared part's text.
    #[must_use]
    pub fn shared_text(&self) -> Option<&'a str> {
        self.shared.map(RawValue::get)
    }
}

/// Writes a content document. Keys stand in alphabetical order and absent parts are left out, so
/// the text is canonical by construction.
#[must_use]
pub fn write_content(
    event: &Encoded,
    happened: Time,
    actor: &ActorId,
    mandate: Option<&MandateId>,
    cause: &[RecordRef],
    commitment: Option<&Digest>,
) -> String {
    use std::fmt::Write as _;
    let shared_len = event.shared.as_ref().map_or(0, String::len);
    let mut out = String::with_capacity(shared_len + 320);
    // Identifiers and kinds hold no character that JSON would escape.
    let _ = write!(out, r#"{{"actor":"{actor}""#);
    if !cause.is_empty() {
        let text = canonical::to_text(&cause).expect("references are text and integers");
        let _ = write!(out, r#","cause":{text}"#);
    }
    let _ = write!(out, r#","happened":{},"kind":"{}""#, happened.0, event.kind);
    if let Some(mandate) = mandate {
        let _ = write!(out, r#","mandate":"{mandate}""#);
    }
    if let Some(commitment) = commitment {
        let _ = write!(out, r#","private":"{commitment}""#);
    }
    if let Some(shared) = &event.shared {
        let _ = write!(out, r#","shared":{shared}"#);
    }
    let _ = write!(out, r#","version":{}}}"#, event.version);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_canonical_and_read_back() {
        let at = RecordRef {
            journal: "halland".parse().unwrap(),
            epoch: 1,
            seq: 7,
            hash: Digest::of(b"x"),
        };
        let event = Encoded {
            kind: "site.closed",
            version: 3,
            shared: Some(r#"{"reason":"flytt \"hit\"\n"}"#.into()),
            private: None,
        };
        let (actor, mandate) = ("a-1".parse().unwrap(), "m-1".parse().unwrap());
        let commitment = Digest::of(b"secret");
        let text = write_content(
            &event,
            Time(-5),
            &actor,
            Some(&mandate),
            std::slice::from_ref(&at),
            Some(&commitment),
        );
        canonical::check(&text).unwrap();
        let read = Content::read(&text).unwrap();
        assert_eq!((read.actor, read.mandate), (actor, Some(mandate)));
        assert_eq!((read.cause, read.happened, read.version), (vec![at], Time(-5), 3));
        assert_eq!(read.private, Some(commitment));
        assert_eq!(read.shared.map(RawValue::get), event.shared.as_deref());
    }
}
