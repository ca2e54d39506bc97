//! One record: content, private part, and its place in the chain.

use std::io::Write as _;

use samband_domain::{ActorId, Digest, Encoded, JournalId, MandateId, RecordRef, Time};

use crate::content::write_content;

/// Random bytes that keep a private part from being guessed from its commitment.
pub type Salt = [u8; 32];

/// A record's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The exact content text.
    Text(String),
    /// Only its hash: the record has no part that other regions may hold.
    Withheld(Digest),
}

impl Body {
    /// SHA-256 of the content text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Text(text) => Digest::of(text.as_bytes()),
            Self::Withheld(digest) => *digest,
        }
    }

    /// The content text, if it is here.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Withheld(_) => None,
        }
    }
}

/// A record's private part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivatePart {
    /// Not here: there is none, it is another region's, or it was erased. The content's
    /// commitment tells the first from the others.
    Absent,
    /// Here.
    Here {
        /// Salt.
        salt: Salt,
        /// Exact text.
        text: String,
    },
}

impl PrivatePart {
    /// The commitment that stands in the content.
    #[must_use]
    pub fn commitment(&self) -> Option<Digest> {
        match self {
            Self::Here { salt, text } => Some(Digest::of_parts(&[salt, text.as_bytes()])),
            Self::Absent => None,
        }
    }
}

/// One record of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Whose journal.
    pub journal: JournalId,
    /// Epoch, from 1.
    pub epoch: u32,
    /// Sequence number within the epoch, from 1.
    pub seq: u64,
    /// When it was recorded; never before the record before it.
    pub recorded: Time,
    /// What it says.
    pub body: Body,
    /// What stays in the region.
    pub private: PrivatePart,
    /// Hash over place, time, the record before and the content.
    pub hash: Digest,
}

/// The hash that chains a record to the one before it.
#[must_use]
pub fn link_hash(
    (journal, epoch, seq): (&JournalId, u32, u64),
    recorded: Time,
    previous: &Digest,
    content: &Digest,
) -> Digest {
    // The longest link: names of 64 characters, the largest numbers, two digests.
    let mut link = [0; 320];
    let mut rest = link.as_mut_slice();
    let _ = write!(rest, "samband-record/1 {journal} {epoch} {seq} {} ", recorded.0);
    let _ = rest.write_all(previous.hex().as_str().as_bytes());
    let _ = rest.write_all(b" ");
    let _ = rest.write_all(content.hex().as_str().as_bytes());
    let unused = rest.len();
    Digest::of(&link[..link.len() - unused])
}

/// Who acts, when, by which mandate, and what the record answers.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    /// When it happened.
    pub happened: Time,
    /// Who acts.
    pub actor: &'a ActorId,
    /// By which mandate.
    pub mandate: Option<&'a MandateId>,
    /// What the record answers.
    pub cause: &'a [RecordRef],
}

impl Record {
    /// Makes the next record after `previous`.
    #[must_use]
    pub fn next(
        (journal, epoch, seq): (&JournalId, u32, u64),
        previous: &Digest,
        recorded: Time,
        mut event: Encoded,
        author: Author<'_>,
        salt: Salt,
    ) -> Self {
        let private = match event.private.take() {
            Some(text) => PrivatePart::Here { salt, text },
            None => PrivatePart::Absent,
        };
        let Author { happened, actor, mandate, cause } = author;
        let commitment = private.commitment();
        let text = write_content(&event, happened, actor, mandate, cause, commitment.as_ref());
        let content = Digest::of(text.as_bytes());
        let hash = link_hash((journal, epoch, seq), recorded, previous, &content);
        let journal = journal.clone();
        Self { journal, epoch, seq, recorded, body: Body::Text(text), private, hash }
    }

    /// Where the record stands.
    #[must_use]
    pub fn at(&self) -> RecordRef {
        RecordRef {
            journal: self.journal.clone(),
            epoch: self.epoch,
            seq: self.seq,
            hash: self.hash,
        }
    }

    /// The record as other regions may hold it: without private part, and without content if no
    /// part of it may leave the region.
    #[must_use]
    pub fn for_others(mut self) -> Self {
        self.private = PrivatePart::Absent;
        if let Body::Text(text) = &self.body {
            let shares = crate::Content::read(text).is_ok_and(|content| content.shared.is_some());
            if !shares {
                self.body = Body::Withheld(self.body.digest());
            }
        }
        self
    }
}
