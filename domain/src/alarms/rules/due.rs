//! What time, and what other regions recorded, makes due.

use super::super::command::Command;
use super::super::model::{Key, Party, Step, later};
use super::super::state::{Obligation, Shared};
use crate::SharedState;
use crate::words::{JournalId, RecordRef, Time};

/// Alarms to hear, answers to note, steps to take. Pure and safe to repeat; `others` are the
/// journals of the same mode.
#[must_use]
pub fn due(
    shared: &Shared,
    own: &JournalId,
    others: &[(&JournalId, &SharedState)],
    now: Time,
) -> Vec<Command> {
    // The own alarms stand among the journals too; they were heard when they were issued.
    let theirs = others.iter().filter(|(id, _)| *id != own);
    let mut all: Vec<_> = theirs.flat_map(|(id, state)| heard(shared, own, id, state)).collect();
    let open = shared.obligations.iter().filter(|(_, held)| !held.quiet());
    for (key, held) in open {
        match answered_there(own, key, others) {
            Some(answer) => all.push(Command::Note { answer }),
            None => all.extend(step(key, held, (own, others), now)),
        }
    }
    all
}

/// Alarms of another region that name this one and were not heard.
fn heard(shared: &Shared, own: &JournalId, other: &JournalId, state: &SharedState) -> Vec<Command> {
    let here = Party::Region(own.clone());
    let unheard = state.alarms.issued.iter().filter(|(id, issued)| {
        issued.alarm.to.iter().any(|to| to.party == here)
            && !shared.heard.contains_key(&(other.clone(), (*id).clone()))
    });
    // In the order in which they were issued, so that an update finds what it replaces.
    let mut unheard: Vec<_> = unheard.map(|(_, issued)| issued.at.clone()).collect();
    unheard.sort_by_key(|at| (at.epoch, at.seq));
    unheard.into_iter().map(|alarm| Command::Hear { alarm }).collect()
}

fn there<'a>(
    key: &Key,
    own: &JournalId,
    others: &[(&JournalId, &'a SharedState)],
) -> Option<&'a SharedState> {
    let Party::Region(region) = &key.to.party else { return None };
    let other = others.iter().find(|(id, _)| *id == region && region != own);
    other.map(|(_, state)| *state)
}

fn answered_there(
    own: &JournalId,
    key: &Key,
    others: &[(&JournalId, &SharedState)],
) -> Option<RecordRef> {
    let held = there(key, own, others)?.alarms.obligations.get(key)?;
    held.answer.as_ref().map(|answer| answer.record.clone())
}

/// The next step whose time has come.
fn step(
    key: &Key,
    held: &Obligation,
    net: (&JournalId, &[(&JournalId, &SharedState)]),
    now: Time,
) -> Option<Command> {
    let (step, at) = steps_left(key, held, net).into_iter().next()?;
    (at <= now).then(|| Command::Step { key: key.clone(), step })
}

/// The steps that will be taken if nobody answers, and when, soonest first. Whoever another region
/// has to wake is left to it, unless it has not heard: then the own list of its functions is used,
/// and at last a person telephones.
pub(crate) fn steps_left(
    key: &Key,
    held: &Obligation,
    (own, others): (&JournalId, &[(&JournalId, &SharedState)]),
) -> Vec<(Step, Time)> {
    if held.quiet() {
        return Vec::new();
    }
    let mine = Shared::wakes(own, &key.to);
    let heard =
        there(key, own, others).is_some_and(|state| state.alarms.obligations.contains_key(key));
    let waits = |step: Step| match step {
        Step::First if !mine => held.policy.next_way,
        step => held.policy.after(step),
    };
    let theirs = |step: Step| mine || !heard || step == Step::ByHand;
    let left = Step::ALL.iter().copied().filter(|step| !held.steps.contains(step) && theirs(*step));
    let mut left: Vec<_> = left.map(|step| (step, later(held.since, waits(step)))).collect();
    left.sort_by_key(|(step, at)| (*at, *step));
    left
}
