//! The rule sets of a region and which of them is in force when: a fold over its own events.

use std::sync::Arc;

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::command::Verdict;
use super::event::{Adopted, Drafted, Event, Reviewed, Withdrawn};
use super::model::{RuleSet, Scope};
use crate::figures::model::FileRef;
use crate::words::{ActorId, Digest, JournalId, Meta, RecordRef, Time};

/// What a reviewer said; the latest review of each reviewer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub by: ActorId,
    /// Approve or object.
    pub verdict: Verdict,
    /// Why.
    pub comment: Option<String>,
    /// When.
    pub recorded: Time,
    /// Where.
    pub at: RecordRef,
}

/// An adoption. A set that was superseded can be adopted again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// Who.
    pub by: ActorId,
    /// From when the set applies.
    pub from: Time,
    /// When it was decided.
    pub recorded: Time,
    /// Where.
    pub at: RecordRef,
}

/// A rule set taken back before it came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Who.
    pub by: ActorId,
    /// Why.
    pub reason: String,
    /// When.
    pub recorded: Time,
    /// Where.
    pub at: RecordRef,
}

/// A rule set in one region's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What it says.
    pub set: Arc<RuleSet>,
    /// Its exact text.
    pub text: String,
    /// The file it was read from.
    pub file: Option<FileRef>,
    /// Who drafted it.
    pub drafted_by: ActorId,
    /// When.
    pub drafted: Time,
    /// Where.
    pub at: RecordRef,
    /// What reviewers said, oldest first, superseded reviews included.
    pub reviews: Vector<Review>,
    /// Its adoptions, oldest first.
    pub adoptions: Vector<Adoption>,
    /// Its withdrawal.
    pub withdrawn: Option<Withdrawal>,
}

impl Held {
    /// The review of each reviewer that stands, in the order in which they were written.
    pub fn standing(&self) -> impl Iterator<Item = &Review> {
        self.reviews.iter().enumerate().filter_map(|(n, review)| {
            let later = self.reviews.iter().skip(n + 1).any(|other| other.by == review.by);
            (!later).then_some(review)
        })
    }
}

/// A rule set from the moment it applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// Whose rules.
    pub region: JournalId,
    /// SHA-256 of the text.
    pub digest: Digest,
    /// Since when.
    pub from: Time,
    /// What it says.
    pub set: Arc<RuleSet>,
}

/// What other regions may hold: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Rule sets by digest.
    pub held: OrdMap<Digest, Held>,
    /// Which set applies from when; each until the next.
    pub timeline: OrdMap<(Scope, Time), InForce>,
}

/// What stays in the region: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {}

impl Shared {
    /// The rule set in force at a moment.
    #[must_use]
    pub fn in_force(&self, scope: Scope, at: Time) -> Option<&InForce> {
        let until_then = self.timeline.range(..=(scope, at));
        until_then.map(|(_, set)| set).next_back().filter(|set| set.set.scope == scope)
    }

    /// The rule set that follows a moment.
    #[must_use]
    pub fn next(&self, scope: Scope, at: Time) -> Option<&InForce> {
        let after = (std::ops::Bound::Excluded((scope, at)), std::ops::Bound::Unbounded);
        self.timeline.range(after).map(|(_, set)| set).next().filter(|set| set.set.scope == scope)
    }
}

/// Folds one event in. A text that is no document leaves the state alone; it can only come from
/// a journal that was not written by this program.
pub fn apply(shared: &mut Shared, event: &Event, meta: &Meta) {
    match event {
        Event::Drafted(drafted, _) => draft(shared, drafted, meta),
        Event::Reviewed(Reviewed { rule_set, verdict, comment }, _) => {
            if let Some(held) = shared.held.get_mut(rule_set) {
                held.reviews.push_back(Review {
                    by: meta.actor.clone(),
                    verdict: *verdict,
                    comment: comment.clone(),
                    recorded: meta.recorded,
                    at: meta.at.clone(),
                });
            }
        }
        Event::Adopted(adopted, _) => adopt(shared, adopted, meta),
        Event::Withdrawn(Withdrawn { rule_set, reason }, _) => {
            if let Some(held) = shared.held.get_mut(rule_set) {
                held.withdrawn = Some(Withdrawal {
                    by: meta.actor.clone(),
                    reason: reason.clone(),
                    recorded: meta.recorded,
                    at: meta.at.clone(),
                });
            }
            // What had come into force stays in the past; what was to come does not.
            let to_come =
                |from: Time, set: &InForce| from > meta.recorded && set.digest == *rule_set;
            let kept = shared.timeline.iter().filter(|((_, from), set)| !to_come(*from, set));
            shared.timeline = kept.map(|(key, set)| (*key, set.clone())).collect();
        }
    }
}

fn draft(shared: &mut Shared, drafted: &Drafted, meta: &Meta) {
    let Some(set) = RuleSet::read(&drafted.text) else {
        return;
    };
    let held = Held {
        set: Arc::new(set),
        text: drafted.text.clone(),
        file: drafted.file.clone(),
        drafted_by: meta.actor.clone(),
        drafted: meta.recorded,
        at: meta.at.clone(),
        reviews: Vector::new(),
        adoptions: Vector::new(),
        withdrawn: None,
    };
    shared.held.insert(Digest::of(drafted.text.as_bytes()), held);
}

fn adopt(shared: &mut Shared, adopted: &Adopted, meta: &Meta) {
    let digest = Digest::of(adopted.text.as_bytes());
    let Some(held) = shared.held.get_mut(&digest) else {
        return;
    };
    held.adoptions.push_back(Adoption {
        by: meta.actor.clone(),
        from: adopted.from,
        recorded: meta.recorded,
        at: meta.at.clone(),
    });
    let set = Arc::clone(&held.set);
    let region = meta.at.journal.clone();
    let in_force = InForce { region, digest, from: adopted.from, set };
    shared.timeline.insert((in_force.set.scope, adopted.from), in_force);
}
