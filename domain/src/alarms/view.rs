//! What may be seen of alarms, and what is to be sent.

use super::model::{Channel, Key, Owed, Step, Way, later, owed};
use super::state::{Obligation, Own, Shared};
use crate::words::Time;

/// Failures in a row after which a way is tried at the ordinary pace again.
const RETRIES: usize = 3;

/// A message that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The obligation.
    pub key: Key,
    /// To whom of those who were woken, from 0.
    pub person: u16,
    /// By which way.
    pub way: Way,
    /// The how manieth by this way, from 0. With the key, the person and the channel it names the
    /// message for ever: a gateway that has seen it need not send it twice.
    pub number: u16,
    /// When it was due.
    pub due: Time,
    /// Of the personal link.
    pub token: String,
    /// Of the telephone call.
    pub pin: String,
}

/// Every message that is due now and was not tried. What is on its way follows from what the
/// sender knows, not from the record: a sender that was killed starts from here.
#[must_use]
pub fn outbox(shared: &Shared, own: &Own, now: Time) -> Vec<Message> {
    let open = shared.obligations.iter().filter(|(_, held)| !held.quiet());
    let all = open.flat_map(|(key, held)| of_one(key, held, own, now));
    let mut all: Vec<_> = all.collect();
    all.sort_by(|a, b| (a.due, &a.key, a.person).cmp(&(b.due, &b.key, b.person)));
    all
}

fn of_one(key: &Key, held: &Obligation, own: &Own, now: Time) -> Vec<Message> {
    let Some(people) = own.people.get(key) else { return Vec::new() };
    let mut all = Vec::new();
    for (n, (woken, person)) in held.woken.iter().zip(people).enumerate() {
        let (Some(person), None) = (person, &woken.gone) else { continue };
        let Ok(n) = u16::try_from(n) else { continue };
        for (place, way) in person.ways.iter().enumerate() {
            // The open page is live by itself.
            if way.channel == Channel::Web {
                continue;
            }
            let wait =
                held.policy.next_way.saturating_mul(u32::try_from(place).unwrap_or(u32::MAX));
            let from = later(woken.at, if held.kind.asks() { wait } else { 0 });
            let (number, due) = next(held, n, way.channel, from);
            if due <= now {
                let (way, token, pin) = (way.clone(), person.token.clone(), person.pin.clone());
                all.push(Message { key: key.clone(), person: n, way, number, due, token, pin });
            }
        }
    }
    all
}

fn next(held: &Obligation, person: u16, channel: Channel, from: Time) -> (u16, Time) {
    let tried = held.tried(person, channel);
    let Some(last) = tried.iter().max_by_key(|one| (one.number, one.at)) else { return (0, from) };
    let failed = tried.iter().rev().take_while(|one| one.outcome == super::model::Outcome::Failed);
    let wait = match failed.count() {
        1..=RETRIES => held.policy.retry,
        _ => held.policy.again,
    };
    (last.number.saturating_add(1), later(last.at, wait))
}

/// A clock that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The obligation.
    pub key: Key,
    /// What it is for.
    pub what: ClockOf,
    /// When it rings.
    pub at: Time,
}

/// What a clock is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockOf {
    /// A step of the ladder.
    Step(Step),
    /// Something that is owed beside the answer.
    Owed(Owed),
}

/// Every clock that runs or has rung without anything having followed: what a watcher outside
/// compares with its own time.
#[must_use]
pub fn clocks(shared: &Shared) -> Vec<Clock> {
    let mut all = Vec::new();
    for (key, held) in shared.obligations.iter().filter(|(_, held)| held.closed.is_none()) {
        let steps = Step::ALL.iter().filter(|step| !held.steps.contains(*step) && !held.quiet());
        let steps = steps.map(|step| (ClockOf::Step(*step), held.policy.after(*step)));
        let rest = owed(key.to.role, held.kind).iter();
        let rest = rest.filter(|one| !held.delivered.contains_key(*one)).map(|one| {
            let after = match one {
                Owed::Report => held.policy.report,
                Owed::Pledge => held.policy.pledge,
                Owed::Stock => held.policy.stock,
            };
            (ClockOf::Owed(*one), after)
        });
        all.extend(steps.chain(rest).map(|(what, after)| Clock {
            key: key.clone(),
            what,
            at: later(held.since, after),
        }));
    }
    all.sort_by(|a, b| (a.at, &a.key, a.what).cmp(&(b.at, &b.key, b.what)));
    all
}
