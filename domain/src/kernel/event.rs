//! What can have happened in the kernel.

use serde::{Deserialize, Serialize};

use super::model::{
    Approval, Continues, Identity, Mandate, Membership, Owner, Profession, ReadOf, RecordKeeper,
    Site,
};
use crate::words::{
    ActorId, Code, DecodeError, MandateId, Mode, Nothing, Private, PublicKey, RecordRef, SiteId,
    Subject, Time, Window, events,
};

/// Genesis: whose journal this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalOpened {
    /// Name of the record's format.
    pub format: String,
    /// Owner.
    pub owner: Owner,
    /// Mode, for good.
    pub mode: Mode,
    /// The key that signs from here.
    pub key: PublicKey,
    /// The epoch this one continues, after a restore or a fork.
    pub continues: Option<Continues>,
}

/// The signing key was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRotated {
    /// Key that signed until here.
    pub old: PublicKey,
    /// Key that signs from here.
    pub new: PublicKey,
    /// The old key's signature over the new key's bytes.
    pub vouched: crate::words::Signature,
}

/// What was wrong about a site and is now right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteCorrected {
    /// Which site.
    pub site: SiteId,
    /// Its right name.
    pub name: String,
    /// Which record rules there.
    pub record: RecordKeeper,
    /// What is worth knowing.
    pub note: Option<String>,
    /// Why it is corrected.
    pub reason: String,
}

/// A site ceased to exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteClosed {
    /// Which site.
    pub site: SiteId,
    /// From when.
    pub at: Time,
    /// Why.
    pub reason: String,
}

/// The region left a collaboration body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyLeft {
    /// Which body.
    pub body: Code,
    /// From when.
    pub at: Time,
}

/// Somebody or something that acts became known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorRegistered {
    /// Id.
    pub actor: ActorId,
    /// Kind of actor.
    pub profession: Profession,
    /// Title at work, without a name.
    pub title: String,
}

/// What was wrong about an actor and is now right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorCorrected {
    /// Who.
    pub actor: ActorId,
    /// The right title.
    pub title: String,
    /// Why it is corrected.
    pub reason: String,
}

/// A person's identity was erased everywhere in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorErased {
    /// Whose.
    pub actor: ActorId,
    /// On which ground.
    pub ground: String,
}

/// A mandate ended before its window did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MandateEnded {
    /// Which.
    pub mandate: MandateId,
    /// From when.
    pub at: Time,
    /// Why.
    pub reason: String,
}

/// An authority answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRecorded {
    /// On which mandate.
    pub mandate: MandateId,
    /// What.
    pub approval: Approval,
}

/// Somebody read a person's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRead {
    /// Who was read about.
    pub person: ActorId,
    /// Why, by the page or in the reader's words.
    pub purpose: String,
}

/// Somebody read what is kept of a donor or patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRead {
    /// Who was read about.
    pub of: ReadOf,
    /// Why, by the page or in the reader's words.
    pub purpose: String,
}

/// Somebody read a list of donors or patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRead {
    /// Who was read about, each once.
    pub of: Vec<ReadOf>,
    /// Why, by the page or in the reader's words.
    pub purpose: String,
}

/// Emergency access was opened; why stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlassBroken {
    /// The mandate it opened.
    pub mandate: MandateId,
    /// Who.
    pub actor: ActorId,
    /// How long it lasts.
    pub window: Window,
    /// Why, in the person's words.
    pub reason: String,
}

/// Emergency access was looked at afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlassReviewed {
    /// Which mandate.
    pub mandate: MandateId,
    /// The finding.
    pub finding: String,
}

/// An account was used, made or changed in a way that people must be able to look up later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountNoted {
    /// Whose account.
    pub person: ActorId,
    /// What was done: `created`, `disabled`, `enabled`, `password_changed`, `code_used`, ….
    pub act: String,
}

/// The same journal's earlier record says something wrong that no area's own correction covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordAnnotated {
    /// Which record.
    pub record: RecordRef,
    /// What is wrong and what is right.
    pub text: String,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of the kernel.
    upcast upcast;
    /// First record of an epoch.
    "journal.opened" v 1 JournalOpened(JournalOpened, Nothing);
    /// New signing key.
    "journal.key_rotated" v 1 KeyRotated(KeyRotated, Nothing);
    /// A note on an earlier record.
    "journal.annotated" v 1 RecordAnnotated(RecordAnnotated, Nothing);
    /// The region belongs to a collaboration body.
    "body.joined" v 1 BodyJoined(Membership, Nothing);
    /// It no longer does.
    "body.left" v 1 BodyLeft(BodyLeft, Nothing);
    /// A site exists.
    "site.opened" v 1 SiteOpened(Site, Nothing);
    /// A site was described wrongly.
    "site.corrected" v 1 SiteCorrected(SiteCorrected, Nothing);
    /// A site ceased.
    "site.closed" v 1 SiteClosed(SiteClosed, Nothing);
    /// An actor is known.
    "actor.registered" v 1 ActorRegistered(ActorRegistered, Identity);
    /// An actor was described wrongly.
    "actor.corrected" v 1 ActorCorrected(ActorCorrected, Identity);
    /// A person's identity was erased.
    "actor.erased" v 1 ActorErased(ActorErased, Nothing);
    /// A mandate was given.
    "mandate.granted" v 1 MandateGranted(Mandate, Nothing);
    /// A mandate ended early.
    "mandate.ended" v 1 MandateEnded(MandateEnded, Nothing);
    /// An authority answered.
    "mandate.approval" v 1 ApprovalRecorded(ApprovalRecorded, Nothing);
    /// Somebody read a person's page: nobody else's business.
    "person.read" v 1 PersonRead(Nothing, PersonRead);
    /// Somebody read about a donor or patient: nobody else's business either.
    "subject.read" v 1 SubjectRead(Nothing, SubjectRead);
    /// Somebody read a list of them: found by each who is on it.
    "subject.list_read" v 1 ListRead(Nothing, ListRead);
    /// Emergency access was opened.
    "glass.broken" v 1 GlassBroken(Nothing, GlassBroken);
    /// Emergency access was looked at.
    "glass.reviewed" v 1 GlassReviewed(Nothing, GlassReviewed);
    /// Something was done to an account.
    "account.noted" v 1 AccountNoted(Nothing, AccountNoted);
}

impl Event {
    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::SiteOpened(site, _) => vec![Subject::site(&site.id)],
            Self::SiteCorrected(right, _) => vec![Subject::site(&right.site)],
            Self::SiteClosed(closed, _) => vec![Subject::site(&closed.site)],
            Self::ActorRegistered(actor, _) => vec![Subject::person(&actor.actor)],
            Self::ActorCorrected(right, _) => vec![Subject::person(&right.actor)],
            Self::ActorErased(erased, _) => vec![Subject::person(&erased.actor)],
            Self::MandateGranted(mandate, _) => vec![Subject::person(&mandate.holder)],
            Self::PersonRead(_, Private::Here(read)) => vec![Subject::person(&read.person)],
            Self::SubjectRead(_, Private::Here(read)) => vec![read.of.subject()],
            Self::ListRead(_, Private::Here(read)) => read.of.iter().map(ReadOf::subject).collect(),
            Self::GlassBroken(_, Private::Here(glass)) => vec![Subject::person(&glass.actor)],
            Self::AccountNoted(_, Private::Here(noted)) => vec![Subject::person(&noted.person)],
            _ => Vec::new(),
        }
    }
}
