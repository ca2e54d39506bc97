//! Withdrawals: what this region called back, and what it did about everybody's.

use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

use crate::blood::model::Din;
use crate::donations::event::Event;
use crate::donations::event::withdrawal as said;
use crate::donations::model::Withdrawn;
use crate::donations::model::withdrawal::{
    Answered, Assessed, Called, Closed, Heeded, Kept, Outcome, Recipients,
};
use crate::words::{Digest, Meta, Private, RecordRef};

/// What other regions may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// What this region called back, by the record's hash.
    pub called: OrdMap<Digest, Called>,
    /// What it did about a withdrawal, by that withdrawal's hash.
    pub heeded: OrdMap<Digest, Heeded>,
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnCalls {
    /// What a withdrawal is about.
    pub grounds: OrdMap<Digest, Kept>,
    /// For which requests its units had been handed out here.
    pub requests: OrdMap<Digest, Recipients>,
}

/// Folds one event about a withdrawal in; any other changes nothing.
pub(super) fn apply(
    withdrawn: &mut OrdMap<Din, Withdrawn>,
    calls: &mut Calls,
    own: Option<&mut OwnCalls>,
    event: &Event,
    meta: &Meta,
) {
    match event {
        Event::Withdrawn(called, grounds) => {
            stop(withdrawn, called, &meta.at);
            calls.called.insert(meta.at.hash, opened(called, meta));
            if let (Some(own), Private::Here(grounds)) = (own, grounds) {
                own.grounds.insert(meta.at.hash, Kept::from(grounds));
            }
        }
        Event::Heeded(heeded, out) => {
            heed(withdrawn, calls, heeded, meta);
            if let (Some(own), Private::Here(out)) = (own, out) {
                let requests = out.requests.iter().cloned().collect();
                own.requests.insert(heeded.withdrawal.hash, requests);
            }
        }
        Event::Followed(followed, _) => {
            if let Some(held) = calls.heeded.get_mut(&followed.withdrawal.hash) {
                held.followed.insert(followed.unit, followed.done);
                held.at.push_back(meta.at.clone());
            }
        }
        Event::Answered(answer, _) => answered(withdrawn, calls, answer),
        Event::Assessed(said, _) => {
            if let Some(case) = calls.called.get_mut(&said.withdrawal.hash) {
                let (by, when) = (meta.actor.clone(), meta.recorded);
                case.assessed = Some(Assessed { by, outcome: said.outcome, when });
            }
        }
        Event::Closed(said, _) => {
            let (outcome, at, when) = (said.outcome, meta.at.clone(), meta.recorded);
            if let Some(case) = calls.called.get_mut(&said.withdrawal.hash) {
                case.closed = Some(Closed { outcome, at, when });
            }
            if outcome == Outcome::Lifted {
                lift(withdrawn, calls, &said.withdrawal);
            }
        }
        Event::LiftNoted(lifted, _) => lift(withdrawn, calls, &lifted.withdrawal),
        _ => {}
    }
}

fn opened(called: &said::Withdrawn, meta: &Meta) -> Called {
    Called {
        at: meta.at.clone(),
        case: called.case.clone(),
        reason: called.reason,
        dins: called.dins.iter().copied().collect(),
        lot: called.lot.clone(),
        gaps: called.gaps.clone(),
        asked: called.asked.clone(),
        since: called.since,
        answers: OrdMap::new(),
        assessed: None,
        closed: None,
    }
}

/// The first withdrawal of a donation is the one that is named until it is lifted.
fn stop(withdrawn: &mut OrdMap<Din, Withdrawn>, called: &said::Withdrawn, by: &RecordRef) {
    let (reason, since) = (called.reason.code(), called.since);
    for din in &called.dins {
        let entry = || Withdrawn { reason: reason.clone(), since, by: by.clone() };
        withdrawn.entry(*din).or_insert_with(entry);
    }
}

fn heed(
    withdrawn: &mut OrdMap<Din, Withdrawn>,
    calls: &mut Calls,
    heeded: &said::Heeded,
    meta: &Meta,
) {
    let (reason, by) = (heeded.reason, &heeded.withdrawal);
    for din in &heeded.dins {
        let entry = || Withdrawn { reason: reason.code(), since: meta.recorded, by: by.clone() };
        withdrawn.entry(*din).or_insert_with(entry);
    }
    let held = calls.heeded.entry(by.hash).or_insert_with(|| Heeded {
        withdrawal: by.clone(),
        reason,
        since: meta.recorded,
        covered: OrdSet::new(),
        to_read: OrdSet::new(),
        fates: OrdMap::new(),
        followed: OrdMap::new(),
        at: imbl::Vector::new(),
        lifted: false,
    });
    held.covered.extend(heeded.dins.iter().copied());
    held.to_read = heeded.to_read.iter().copied().collect();
    held.fates = heeded.fates.iter().cloned().collect();
    held.at.push_back(meta.at.clone());
    // What the region itself found to hang together belongs to its own case from then on.
    if let Some(case) = calls.called.get_mut(&by.hash) {
        case.dins.extend(heeded.dins.iter().copied());
    }
}

fn answered(withdrawn: &mut OrdMap<Din, Withdrawn>, calls: &mut Calls, said: &said::Answered) {
    let Some(case) = calls.called.get_mut(&said.withdrawal.hash) else { return };
    for din in &said.dins {
        let (reason, since) = (case.reason.code(), case.since);
        let entry = || Withdrawn { reason, since, by: said.withdrawal.clone() };
        if case.closed.as_ref().is_none_or(|end| end.outcome != Outcome::Lifted) {
            withdrawn.entry(*din).or_insert_with(entry);
        }
        case.dins.insert(*din);
    }
    let held: &mut Answered = case.answers.entry(said.from.clone()).or_default();
    match &said.answer {
        Some(record) => held.noted.push_back(record.hash),
        None => held.by_telephone = true,
    }
    held.covered.extend(said.dins.iter().copied());
    held.fates.extend(said.fates.iter().cloned());
    held.followed.extend(said.followed.iter().copied());
}

/// What no other withdrawal holds is free to go through release again.
fn lift(withdrawn: &mut OrdMap<Din, Withdrawn>, calls: &mut Calls, at: &RecordRef) {
    let mut dins = OrdSet::new();
    if let Some(held) = calls.heeded.get_mut(&at.hash) {
        held.lifted = true;
        dins = dins.union(held.covered.clone());
    }
    if let Some(case) = calls.called.get(&at.hash) {
        dins = dins.union(case.dins.clone());
    }
    for din in dins {
        if withdrawn.get(&din).is_none_or(|held| held.by != *at) {
            continue;
        }
        match still_held(calls, &din, at) {
            Some(other) => drop(withdrawn.insert(din, other)),
            None => drop(withdrawn.remove(&din)),
        }
    }
}

fn still_held(calls: &Calls, din: &Din, lifted: &RecordRef) -> Option<Withdrawn> {
    let open = |case: &&Called| {
        let over = case.closed.as_ref().is_some_and(|end| end.outcome == Outcome::Lifted);
        case.at != *lifted && !over && case.dins.contains(din)
    };
    if let Some(case) = calls.called.values().find(open) {
        let Called { reason, since, at, .. } = case.clone();
        return Some(Withdrawn { reason: reason.code(), since, by: at });
    }
    let open =
        |held: &&Heeded| held.withdrawal != *lifted && !held.lifted && held.covered.contains(din);
    let held = calls.heeded.values().find(open)?;
    let (reason, since, by) = (held.reason.code(), held.since, held.withdrawal.clone());
    Some(Withdrawn { reason, since, by })
}
