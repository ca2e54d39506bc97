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
        match Self::as_written(text) {
            Some(content) => Ok(content),
            None => Ok(serde_json::from_str(text)?),
        }
    }

    /// Reads a text that looks the way [`write_content`] writes one without a cause, as most are:
    /// whoever knows what comes next need not look for it. Any other text gives none, and so does
    /// any that is not JSON.
    fn as_written(text: &'a str) -> Option<Self> {
        let plain = |text: &str| text.bytes().all(|c| c.is_ascii_graphic() && c != b'\\');
        let (actor, rest) = text.strip_prefix(r#"{"actor":""#)?.split_once('"')?;
        let (happened, rest) = rest.strip_prefix(r#","happened":"#)?.split_once(',')?;
        let (kind, rest) = rest.strip_prefix(r#""kind":""#)?.split_once('"')?;
        let (mandate, rest) = maybe(rest, r#","mandate":""#)?;
        let (private, rest) = maybe(rest, r#","private":""#)?;
        let (rest, version) = rest.strip_suffix('}')?.rsplit_once(':')?;
        let shared = rest.strip_suffix(r#","version""#)?;
        let shared = match shared.strip_prefix(r#","shared":"#) {
            Some(shared) => serde_json::from_str(shared).ok()?,
            None if shared.is_empty() => None,
            None => return None,
        };
        Some(Self {
            actor: actor.parse().ok()?,
            cause: Vec::new(),
            happened: Time(number(happened)?),
            kind: Cow::Borrowed(Some(kind).filter(|kind| plain(kind))?),
            mandate: mandate.map(str::parse).transpose().ok()?,
            private: private.map(str::parse).transpose().ok()?,
            shared,
            version: number(version)?.try_into().ok()?,
        })
    }

    /// The shared part's text.
    #[must_use]
    pub fn shared_text(&self) -> Option<&'a str> {
        self.shared.map(RawValue::get)
    }
}

/// A text that stands there behind its key, if it does, and what follows it.
fn maybe<'a>(text: &'a str, key: &str) -> Option<(Option<&'a str>, &'a str)> {
    match text.strip_prefix(key) {
        Some(rest) => rest.split_once('"').map(|(value, rest)| (Some(value), rest)),
        None => Some((None, text)),
    }
}

/// A whole number as JSON has it: no plus, no zero in front.
fn number(text: &str) -> Option<i64> {
    match text.strip_prefix('-').unwrap_or(text).as_bytes() {
        [b'1'..=b'9', ..] => text.parse().ok(),
        [b'0'] if text == "0" => Some(0),
        _ => None,
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

    /// Texts as they are written, with each part there or not.
    fn written() -> Vec<String> {
        let (actor, mandate) = ("a-1".parse().unwrap(), "m-1".parse().unwrap());
        let commitment = Digest::of(b"secret");
        let shared = r#"{"rows":[{"version":3},"a,b:\"c\""],"version":{"version":4}}"#;
        let mut texts = Vec::new();
        for n in 0..8 {
            let event = Encoded {
                kind: "site.closed",
                version: 3,
                shared: (n & 1 != 0).then(|| shared.to_owned()),
                private: None,
            };
            let mandate = (n & 2 != 0).then_some(&mandate);
            let commitment = (n & 4 != 0).then_some(&commitment);
            texts.push(write_content(&event, Time(n - 3), &actor, mandate, &[], commitment));
        }
        texts
    }

    #[test]
    fn what_is_written_needs_no_looking_for_keys() {
        for text in written() {
            assert!(Content::as_written(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_read_without_looking_is_what_is_read_with() {
        let same = |text: &str| {
            if let Some(quick) = Content::as_written(text) {
                let slow: Content<'_> = serde_json::from_str(text).expect(text);
                assert_eq!(format!("{quick:?}"), format!("{slow:?}"), "{text}");
            }
        };
        let odd =
            ["\"", "\\", "{", "}", ",", ":", "0", "-", "+", " ", "null", "\n", "x", "å", "\u{7f}"];
        for text in written() {
            for at in 0..text.len() {
                let (before, after) = (&text[..at], &text[at + 1..]);
                same(&format!("{before}{after}"));
                for piece in odd {
                    same(&format!("{before}{piece}{after}"));
                    same(&format!("{before}{piece}{}", &text[at..]));
                }
            }
        }
        for (from, to) in [
            (r#""version":3}"#, r#""version":3,"version":3}"#),
            (r#""version":3}"#, r#""more":1,"version":3}"#),
            (r#""shared":"#, r#""shared":null,"shared":"#),
            (r#""kind":"#, r#""kind":"x","kind":"#),
            ("site.closed", r"site\u002eclosed"),
        ] {
            written().iter().for_each(|text| same(&text.replace(from, to)));
        }
    }
}
