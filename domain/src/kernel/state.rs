//! The kernel's state: a fold over its events. What other regions may hold and what stays.

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::event::{ActorRegistered, Event};
use super::model::{
    GlassBreak, HeldKey, Identity, JournalFacts, Mandate, Membership, Profession, Site,
};
use crate::words::{Absence, ActorId, Code, MandateId, Meta, Private, SiteId, Time};

/// An actor as other regions may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Kind.
    pub profession: Profession,
    /// Title without a name.
    pub title: String,
    /// Since when known.
    pub since: Time,
}

/// What other regions may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The journal itself; none before genesis.
    pub journal: Option<JournalFacts>,
    /// Memberships of collaboration bodies.
    pub bodies: OrdMap<Code, Membership>,
    /// Sites, also closed ones.
    pub sites: OrdMap<SiteId, Site>,
    /// Actors without names.
    pub actors: OrdMap<ActorId, Person>,
    /// Mandates, also ended ones.
    pub mandates: OrdMap<MandateId, Mandate>,
}

impl Shared {
    /// Whether a mandate is in force at a moment: by itself, and by every mandate that it is
    /// delegated from, so that a delegation never outlives its delegator's mandate.
    #[must_use]
    pub fn in_force(&self, mandate: &Mandate, at: Time) -> bool {
        let mut link = mandate;
        // A chain longer than there are mandates goes in a circle: no region of ours writes one.
        for _ in 0..=self.mandates.len() {
            if !link.in_force(at) {
                return false;
            }
            match link.delegated_from.as_ref().map(|id| self.mandates.get(id)) {
                None => return true,
                Some(None) => return false,
                Some(Some(from)) => link = from,
            }
        }
        false
    }
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Who the actors are.
    pub persons: OrdMap<ActorId, Private<Identity>>,
    /// Emergency accesses, oldest first.
    pub glass: Vector<GlassBreak>,
}

/// Folds one event in. Without `own` the journal is another region's.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    match event {
        Event::JournalOpened(..) | Event::KeyRotated(..) => apply_journal(shared, event, meta),
        Event::BodyJoined(membership, _) => {
            shared.bodies.insert(membership.body.clone(), membership.clone());
        }
        Event::BodyLeft(left, _) => {
            if let Some(membership) = shared.bodies.get_mut(&left.body) {
                membership.window = membership.window.ended_at(left.at);
            }
        }
        Event::SiteOpened(site, _) => {
            shared.sites.insert(site.id.clone(), site.clone());
        }
        Event::SiteCorrected(right, _) => {
            if let Some(site) = shared.sites.get_mut(&right.site) {
                site.name.clone_from(&right.name);
                site.record = right.record;
                site.note.clone_from(&right.note);
            }
        }
        Event::SiteClosed(closed, _) => {
            if let Some(site) = shared.sites.get_mut(&closed.site) {
                site.window = site.window.ended_at(closed.at);
            }
        }
        Event::ActorRegistered(..) | Event::ActorCorrected(..) | Event::ActorErased(..) => {
            apply_actor(shared, own, event, meta);
        }
        Event::MandateGranted(mandate, _) => {
            shared.mandates.insert(mandate.id.clone(), mandate.clone());
        }
        Event::MandateEnded(ended, _) => {
            if let Some(mandate) = shared.mandates.get_mut(&ended.mandate) {
                mandate.window = mandate.window.ended_at(ended.at);
                mandate.ended = Some(ended.reason.clone());
            }
        }
        Event::ApprovalRecorded(answer, _) => {
            if let Some(mandate) = shared.mandates.get_mut(&answer.mandate) {
                mandate.approval = answer.approval.clone();
            }
        }
        Event::GlassBroken(_, opened) => {
            if let (Some(own), Some(opened)) = (own, opened.here()) {
                own.glass.push_back(GlassBreak {
                    mandate: opened.mandate.clone(),
                    actor: opened.actor.clone(),
                    window: opened.window,
                    reason: opened.reason.clone(),
                    review: None,
                });
            }
        }
        Event::GlassReviewed(_, reviewed) => {
            if let (Some(own), Some(reviewed)) = (own, reviewed.here()) {
                let opened = own.glass.iter_mut().find(|glass| glass.mandate == reviewed.mandate);
                if let Some(glass) = opened {
                    let finding = reviewed.finding.clone();
                    glass.review = Some((meta.actor.clone(), meta.recorded, finding));
                }
            }
        }
        Event::RecordAnnotated(..)
        | Event::PersonRead(..)
        | Event::SubjectRead(..)
        | Event::ListRead(..)
        | Event::AccountNoted(..) => {}
    }
}

fn apply_journal(shared: &mut Shared, event: &Event, meta: &Meta) {
    match (event, &mut shared.journal) {
        (Event::JournalOpened(opened, _), journal @ None) => {
            *journal = Some(JournalFacts {
                owner: opened.owner.clone(),
                mode: opened.mode,
                epochs: vec![meta.at.clone()],
                keys: vec![HeldKey { public: opened.key, since: meta.at.clone() }],
                opened: meta.recorded,
            });
        }
        (Event::JournalOpened(opened, _), Some(journal)) => {
            journal.epochs.push(meta.at.clone());
            if journal.keys.last().is_none_or(|key| key.public != opened.key) {
                journal.keys.push(HeldKey { public: opened.key, since: meta.at.clone() });
            }
        }
        (Event::KeyRotated(rotated, _), Some(journal)) => {
            journal.keys.push(HeldKey { public: rotated.new, since: meta.at.clone() });
        }
        _ => {}
    }
}

fn apply_actor(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    let (actor, identity) = match event {
        Event::ActorRegistered(ActorRegistered { actor, profession, title }, identity) => {
            let person =
                Person { profession: *profession, title: title.clone(), since: meta.recorded };
            shared.actors.insert(actor.clone(), person);
            (actor, identity.clone())
        }
        Event::ActorCorrected(right, identity) => {
            if let Some(person) = shared.actors.get_mut(&right.actor) {
                person.title.clone_from(&right.title);
            }
            (&right.actor, identity.clone())
        }
        Event::ActorErased(erased, _) => (&erased.actor, Private::Absent(Absence::Erased)),
        _ => return,
    };
    if let Some(own) = own {
        // An erasure is final: replaying the emptied records afterwards must not undo it, and
        // live state must equal replayed state.
        let gone = Private::Absent(Absence::Erased);
        if own.persons.get(actor) != Some(&gone) {
            own.persons.insert(actor.clone(), identity);
        }
    }
}
