//! What may be seen of alarms, and what is to be sent.

use super::model::{Channel, Key, Kind, Outcome, Owed, Step, Way, asks, later, owed, prefix};
use super::state::{Obligation, Own, Shared};
use super::steps_left;
use crate::SharedState;
use crate::words::{AlarmId, JournalId, Mode, Time};

/// Failures in a row after which a way is tried at the ordinary pace again.
const RETRIES: usize = 3;

/// The first letters of an exercise's alarm.
const DRILL: &str = prefix(Mode::Exercise, "");

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
    let mut all = scheduled(shared, own);
    all.retain(|message| message.due <= now && may_leave(shared, own, message, now));
    all
}

/// Whether a message may leave: always, but for an exercise's. That one reaches the addresses which
/// the exercise allows while it runs; that it is over reaches them afterwards as well.
#[must_use]
pub fn may_leave(shared: &Shared, own: &Own, message: &Message, now: Time) -> bool {
    if message.key.alarm.as_str().split('-').next() != Some(DRILL) {
        return true;
    }
    let kind = shared.obligations.get(&message.key).map(|held| held.kind);
    let last = matches!(kind, Some(Kind::Recall | Kind::RealSituation));
    let runs = shared.exercise.as_ref().is_some_and(|drill| drill.window.contains(now));
    (runs || last) && own.allowed.contains(&message.way.address)
}

/// Whether a message tells an exercise's people that it is stopped because of the real thing.
#[must_use]
pub fn says_real(shared: &Shared, message: &Message) -> bool {
    let held = shared.obligations.get(&message.key);
    held.is_some_and(|held| held.kind == Kind::RealSituation)
}

/// The next message by every way to everybody who was woken and has not answered, due or not.
#[must_use]
pub fn scheduled(shared: &Shared, own: &Own) -> Vec<Message> {
    let open = shared.obligations.iter().filter(|(_, held)| !held.quiet());
    let mut all: Vec<_> = open.flat_map(|(key, held)| of_one(key, held, own)).collect();
    all.sort_by(|a, b| (a.due, &a.key, a.person).cmp(&(b.due, &b.key, b.person)));
    all
}

fn of_one(key: &Key, held: &Obligation, own: &Own) -> Vec<Message> {
    let Some(people) = own.people.get(key) else { return Vec::new() };
    let mut all = Vec::new();
    for (n, (woken, person)) in held.woken.iter().zip(people).enumerate() {
        let (Some(person), None) = (person, &woken.gone) else { continue };
        let Ok(n) = u16::try_from(n) else { continue };
        // The open page is live by itself, and nothing waits for it.
        let ways: Vec<_> = person.ways.iter().filter(|way| way.channel != Channel::Web).collect();
        for channel in Channel::ALL.iter().copied() {
            let same = (0..ways.len()).filter(|place| ways[*place].channel == channel);
            let same: Vec<_> = same.collect();
            let from = |place: usize| from(key, held, n, &ways[..place]);
            let Some((number, due)) = next(held, n, channel, &same, from) else { continue };
            // Several addresses of one kind take turns.
            let way = ways[same[usize::from(number) % same.len()]].clone();
            let (token, pin) = (person.token.clone(), person.pin.clone());
            all.push(Message { key: key.clone(), person: n, way, number, due, token, pin });
        }
    }
    all
}

/// When a way is used for the first time: a while after those before it, but at once where all of
/// those have failed.
fn from(key: &Key, held: &Obligation, person: u16, before: &[&Way]) -> Time {
    let woken = held.woken.get(usize::from(person)).map_or(held.since, |woken| woken.at);
    if !asks(key.to.role, held.kind) {
        return woken;
    }
    let places = u32::try_from(before.len()).unwrap_or(u32::MAX);
    let usual = later(woken, held.policy.next_way.saturating_mul(places));
    let failed = before.iter().map(|way| {
        let tried = held.tried(person, way.channel);
        let all = tried.iter().all(|one| one.outcome == Outcome::Failed);
        tried.first().filter(|_| all).map(|one| one.at)
    });
    let failed: Option<Vec<_>> = failed.collect();
    failed.and_then(|all| all.into_iter().max()).map_or(usual, |at| usual.min(at))
}

/// The next message by a channel, whose addresses stand at these places among the ways.
fn next(
    held: &Obligation,
    person: u16,
    channel: Channel,
    places: &[usize],
    from: impl Fn(usize) -> Time,
) -> Option<(u16, Time)> {
    let tried = held.tried(person, channel);
    let Some(last) = tried.iter().max_by_key(|one| (one.number, one.at)) else {
        return Some((0, from(*places.first()?)));
    };
    let failed = tried.iter().rev().take_while(|one| one.outcome == Outcome::Failed);
    let wait = match failed.count() {
        1..=RETRIES => held.policy.retry,
        _ => held.policy.again,
    };
    let (number, again) = (last.number.saturating_add(1), later(last.at, wait));
    // An address that was never tried does not wait for the first one's turn.
    let fresh = places.get(usize::from(number)).map(|place| from(*place).max(last.at));
    Some((number, fresh.map_or(again, |fresh| fresh.min(again))))
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
/// compares with its own time. `others` are the journals of the same mode: which steps are left to
/// another region depends on whether it has heard.
#[must_use]
pub fn clocks(
    shared: &Shared,
    own: &JournalId,
    others: &[(&JournalId, &SharedState)],
) -> Vec<Clock> {
    let mut all = Vec::new();
    for (key, held) in shared.obligations.iter().filter(|(_, held)| held.closed.is_none()) {
        let steps = steps_left(key, held, (own, others)).into_iter();
        let steps = steps.map(|(step, at)| (ClockOf::Step(step), at));
        // What another region's role owes is delivered in that region's journal.
        let mine = Shared::wakes(own, &key.to);
        let rest = owed(key.to.role, held.kind).iter();
        let rest = rest.filter(|one| mine && !held.delivered.contains_key(*one)).map(|one| {
            let after = match one {
                Owed::Report => held.policy.report,
                Owed::Pledge => held.policy.pledge,
                Owed::Stock => held.policy.stock,
            };
            (ClockOf::Owed(*one), later(held.since, after))
        });
        all.extend(steps.chain(rest).map(|(what, at)| Clock { key: key.clone(), what, at }));
    }
    all.sort_by(|a, b| (a.at, &a.key, a.what).cmp(&(b.at, &b.key, b.what)));
    all
}

/// An alarm with what it updates and what updates it, the newest first. A recall is no update: what
/// was promised is still to be released one by one.
#[must_use]
pub fn updates(shared: &Shared, of: &AlarmId) -> Vec<AlarmId> {
    let issued = &shared.issued;
    let update = |id: &AlarmId| issued.get(id).is_some_and(|one| one.alarm.kind != Kind::Recall);
    let after = |id: &AlarmId| issued.get(id)?.replaced.clone().filter(update);
    // An alarm replaces one that was there before it, and once: the walk ends.
    let newest = std::iter::successors(Some(of.clone()), after).last();
    let before = |id: &AlarmId| issued.get(id)?.alarm.replaces.clone();
    std::iter::successors(newest, before).collect()
}
