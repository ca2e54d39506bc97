//! Commands on their way from a process that follows to the one that writes: what is sent, what
//! is answered, and where the writer is.
//!
//! How bytes travel is the server's affair; what they say is told here, once for both ends.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use samband_access::Denied;
use samband_domain::{Digest, JournalId, Refusal};
use samband_journal::store::StoreError;
use serde::{Deserialize, Serialize};

use crate::committer::GroupAnswer;
use crate::engine::Engine;
use crate::request::{Failure, Receipt, Request};

/// Where the writer's address stands on the shelf.
pub(crate) const WRITER: (&str, &str) = ("writer", "forward");

/// Most names of facts that answers may bring which this program does not know.
const NAMES_MAX: usize = 1_024;

/// Where the process that writes takes commands from those that follow it, and how each knows the
/// other. It stands in the database: whoever can read that could write it anyway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Host and port.
    pub address: String,
    /// SHA-256 of the certificate it shows.
    pub certificate: Digest,
    /// What a command must be accompanied by; new at every start.
    pub secret: String,
}

/// Why a message did not come back with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// Nothing was taken there.
    Away(String),
    /// It was sent; nobody knows what became of it.
    Unsure(String),
}

/// What a courier comes back with.
pub type Delivery<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Undelivered>> + Send + 'a>>;

/// Takes a message to the writer and brings the answer.
pub trait Courier: Send + Sync {
    /// Delivers one message.
    fn deliver<'a>(&'a self, to: &'a Announced, message: Vec<u8>) -> Delivery<'a>;
}

/// A [`Failure`] on its way.
#[derive(Serialize, Deserialize)]
enum Told {
    Refused { code: String, facts: BTreeMap<String, String> },
    Denied(Denied),
    NoJournal(JournalId),
    KeyConflict,
    BadKey,
    NoKey(JournalId),
    Unavailable(String),
    SteppedDown,
    Busy,
    NoWriter(String),
}

#[derive(Serialize, Deserialize)]
enum Answer {
    Receipts(Vec<Receipt>),
    Failed(usize, Told),
}

impl From<Failure> for Told {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused {
                code: refusal.kind.code.to_owned(),
                facts: refusal.facts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            },
            Failure::Denied(denied) => Self::Denied(denied),
            Failure::NoJournal(id) => Self::NoJournal(id),
            Failure::KeyConflict => Self::KeyConflict,
            Failure::BadKey => Self::BadKey,
            Failure::NoKey(id) => Self::NoKey(id),
            Failure::Unavailable(why) => Self::Unavailable(why),
            Failure::SteppedDown => Self::SteppedDown,
            Failure::Busy => Self::Busy,
            Failure::NoWriter(why) => Self::NoWriter(why),
        }
    }
}

impl From<Told> for Failure {
    fn from(told: Told) -> Self {
        match told {
            Told::Refused { code, facts } => refused(&code, facts),
            Told::Denied(denied) => Self::Denied(denied),
            Told::NoJournal(id) => Self::NoJournal(id),
            Told::KeyConflict => Self::KeyConflict,
            Told::BadKey => Self::BadKey,
            Told::NoKey(id) => Self::NoKey(id),
            Told::Unavailable(why) => Self::Unavailable(why),
            Told::SteppedDown => Self::SteppedDown,
            Told::Busy => Self::Busy,
            Told::NoWriter(why) => Self::NoWriter(why),
        }
    }
}

/// The refusal of a code. The writer may be a later program with rules unknown here.
fn refused(code: &str, facts: BTreeMap<String, String>) -> Failure {
    let access = samband_access::REFUSALS.iter().copied();
    let kind = samband_domain::refusals().chain(access).find(|kind| kind.code == code);
    let Some(kind) = kind else {
        let why = format!("it refuses by a rule unknown here, {code}: run the same version");
        return Failure::NoWriter(why);
    };
    let facts = facts.into_iter().map(|(name, value)| (interned(name), value)).collect();
    Failure::Refused(Refusal { kind, facts })
}

/// A fact's name for good: there are as many as the program has rules.
fn interned(name: String) -> &'static str {
    static NAMES: Mutex<BTreeMap<String, &'static str>> = Mutex::new(BTreeMap::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(held) = names.get(&name) {
        return held;
    }
    if names.len() >= NAMES_MAX {
        return "detail";
    }
    let held: &'static str = Box::leak(name.clone().into_boxed_str());
    names.insert(name, held);
    held
}

/// The message that holds these commands.
pub(crate) fn message(requests: &[Request]) -> Vec<u8> {
    serde_json::to_vec(requests).expect("commands consist of text and integers")
}

/// What an answer says.
pub(crate) fn read_answer(bytes: &[u8]) -> Result<GroupAnswer, serde_json::Error> {
    Ok(match serde_json::from_slice(bytes)? {
        Answer::Receipts(receipts) => Ok(receipts),
        Answer::Failed(n, told) => Err((n, told.into())),
    })
}

impl Engine {
    /// Tells those who follow where this process takes commands. None is told by a process that
    /// was taken over.
    ///
    /// # Errors
    /// [`StoreError`] if the database did not take it, or another process took over.
    pub async fn announce(&self, announced: &Announced) -> Result<(), StoreError> {
        let term = self.inner.term.ok_or(StoreError::Fenced)?;
        let text = serde_json::to_string(announced).expect("plain values");
        self.store().shelf_put_as(term, WRITER.0, WRITER.1, &text).await
    }

    /// Carries out a message of a process that follows and gives the answer to take back. Who
    /// brings it must have shown the secret.
    ///
    /// # Errors
    /// If the message cannot be understood; then nothing was done.
    pub async fn take_forwarded(&self, message: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
        let requests: Vec<Request> = serde_json::from_slice(message)?;
        let answer = match self.submit_all(requests).await {
            Ok(receipts) => Answer::Receipts(receipts),
            Err((n, failure)) => Answer::Failed(n, failure.into()),
        };
        serde_json::to_vec(&answer)
    }
}

#[cfg(test)]
mod tests {
    use samband_access::{Action, Because, Principal, Relation, Standing};

    use super::*;

    fn there_and_back(failure: &Failure) -> Failure {
        let told = serde_json::to_string(&Told::from(failure.clone())).unwrap();
        serde_json::from_str::<Told>(&told).unwrap().into()
    }

    #[test]
    fn every_refusal_of_every_room_comes_back_as_it_was_given() {
        let all = samband_domain::refusals().chain(samband_access::REFUSALS.iter().copied());
        for kind in all {
            let refusal = kind.because([("region", "skane".into()), ("n", "7".into())]);
            match there_and_back(&Failure::Refused(refusal.clone())) {
                Failure::Refused(back) => assert_eq!(back, refusal),
                other => panic!("{}: {other:?}", kind.code),
            }
        }
        let unknown = Told::Refused { code: "later.rule".into(), facts: BTreeMap::new() };
        assert!(matches!(Failure::from(unknown), Failure::NoWriter(why) if why.contains("later")));
    }

    #[test]
    fn every_other_failure_comes_back_with_its_code_and_words() {
        let id = JournalId::new("skane").unwrap();
        let denied = Denied {
            action: Action::Follow,
            relation: Relation::Other,
            held: vec![Standing::SignedIn],
            because: Because::OwnRegion,
            who_may: vec![Standing::Machine, Standing::Engine],
        };
        for failure in [
            Failure::Denied(denied),
            Failure::NoJournal(id.clone()),
            Failure::KeyConflict,
            Failure::BadKey,
            Failure::NoKey(id),
            Failure::Unavailable("disk".into()),
            Failure::SteppedDown,
            Failure::Busy,
            Failure::NoWriter("away".into()),
        ] {
            let back = there_and_back(&failure);
            assert_eq!(back.code(), failure.code());
            assert_eq!(back.to_string(), failure.to_string());
        }
    }

    #[test]
    fn whoever_asks_is_named_as_they_were_known() {
        let id = JournalId::new("skane").unwrap();
        let actor = samband_domain::ActorId::new("a-1").unwrap();
        let journals = [id.clone()].into();
        for principal in [
            Principal::Person { actor, region: id },
            Principal::Machine,
            Principal::Engine,
            Principal::Peer { journals },
            Principal::Nobody,
        ] {
            let text = serde_json::to_string(&principal).unwrap();
            assert_eq!(serde_json::from_str::<Principal>(&text).unwrap(), principal);
        }
    }
}
