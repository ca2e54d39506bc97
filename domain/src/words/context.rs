//! What a decision is made in: who, when, with which randomness, and the past it needs.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ActorId, Digest, JournalId, MandateId, Period, Private, Signature, Subject, Time};

/// Whether a journal speaks of the real world. Fixed at genesis; a reference across modes is
/// refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The real world.
    Real,
    /// An exercise (övning).
    Exercise,
    /// A demonstration with invented people.
    Demo,
}

impl Mode {
    /// The mode as stored and as message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Exercise => "exercise",
            Self::Demo => "demo",
        }
    }
}

/// A reference to one record by place and hash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// Whose journal.
    pub journal: JournalId,
    /// Epoch, from 1.
    pub epoch: u32,
    /// Sequence number within the epoch, from 1.
    pub seq: u64,
    /// Hash of the record.
    pub hash: Digest,
}

/// The last record of a journal that somebody knows of.
pub type Head = RecordRef;

/// What `apply` may know about a record besides its event: where it stands and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Where the record stands.
    pub at: RecordRef,
    /// When it happened, by the writer.
    pub happened: Time,
    /// When it was recorded.
    pub recorded: Time,
    /// Who acted.
    pub actor: ActorId,
    /// By which mandate; none for the machine's own acts.
    pub mandate: Option<MandateId>,
}

/// Signs bytes with the region's key. Ed25519 is deterministic, so a decision stays pure.
pub trait Sign {
    /// The signature over the bytes.
    fn sign(&self, bytes: &[u8]) -> Signature;
    /// The id of the signing key.
    fn key_id(&self) -> String;
}

/// A record of another journal that a command refers to, looked up and verified by the engine.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// The other journal's mode.
    pub mode: Mode,
    /// Where the record stands.
    pub at: RecordRef,
    /// What it says; only its shared part is here.
    pub event: crate::Event,
}

/// A record of the own journal's far past, loaded through the subject index.
#[derive(Clone, Debug)]
pub struct Past {
    /// Where it stands and who wrote it.
    pub meta: Meta,
    /// What it says.
    pub event: crate::Event,
}

/// The other journals that are held here, each with its shared state.
pub type Others<'a> = &'a [(&'a JournalId, &'a crate::SharedState)];

/// The context of one decision.
pub struct Context<'a> {
    /// The deciding journal.
    pub region: &'a JournalId,
    /// Its mode.
    pub mode: Mode,
    /// Now, by the engine's clock.
    pub now: Time,
    /// When the reported thing happened; equals `now` for asks.
    pub happened: Time,
    /// Who acts.
    pub actor: &'a ActorId,
    /// By which mandate.
    pub mandate: Option<&'a MandateId>,
    /// Randomness of this one command.
    pub entropy: [u8; 32],
    /// How many identifiers were drawn.
    pub drawn: Cell<u32>,
    /// The region's key.
    pub signer: &'a dyn Sign,
    /// The other journal's record that the command refers to, if it was found.
    pub foreign: Option<&'a Foreign>,
    /// The far past that the command needs.
    pub history: &'a [Past],
    /// The other journals as they are held here now. What they say may stop something; nothing is
    /// allowed by it, and what it leads to follows by an event of its own that names their record.
    pub others: Others<'a>,
}

impl Context<'_> {
    /// A new identifier: the prefix, a dash, and sixteen characters from the command's entropy.
    #[must_use]
    pub fn fresh(&self, prefix: &str) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let n = self.drawn.get();
        self.drawn.set(n + 1);
        let digest = Digest::of_parts(&[&self.entropy, &n.to_be_bytes()]);
        let tail = digest.0[..16].iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)]));
        format!("{prefix}-{}", tail.collect::<String>())
    }

    /// The same as an identifier of its own type.
    ///
    /// # Panics
    /// Never: what [`Context::fresh`] draws is spelled as an identifier.
    #[must_use]
    pub fn named<T: FromStr>(&self, prefix: &str) -> T
    where
        T::Err: fmt::Debug,
    {
        self.fresh(prefix).parse().expect("fresh identifiers are well formed")
    }
}

/// Things that can be looked up by subject or written in a page's address keep one spelling.
impl From<(&str, &Period)> for Subject {
    fn from((measure, period): (&str, &Period)) -> Self {
        Self::figure(measure, period)
    }
}

impl<T> Private<T> {
    /// The private part, if it is here.
    #[must_use]
    pub fn here(&self) -> Option<&T> {
        match self {
            Self::Here(value) => Some(value),
            Self::Absent(_) => None,
        }
    }
}
