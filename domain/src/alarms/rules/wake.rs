//! Whom a step wakes.

use super::super::event::{Event, Person, Stepped, Woken};
use super::super::model::{By, DutyRole, Key, Recipient, Step, Turn};
use super::TOKEN;
use crate::Region;
use crate::words::{ActorId, Context, Digest, NONE, Private, Refusal, Time};

/// The events of a step: those who are woken, or that nobody could be.
pub(super) fn wake(region: &Region, key: &Key, step: Step, ctx: &Context<'_>) -> Vec<Event> {
    let turns = match step {
        Step::First | Step::Deputy => following(region, key, ctx.now),
        Step::Switchboard => {
            let (party, role) = (key.to.party.clone(), DutyRole::Switchboard);
            on_duty(region, &Recipient { party, role }, ctx.now)
        }
        Step::ByHand => Vec::new(),
    };
    if turns.is_empty() {
        return vec![Event::Stepped(Stepped { key: key.clone(), step }, NONE)];
    }
    turns.into_iter().map(|turn| woken(key, step, turn, ctx)).collect()
}

/// Somebody cannot: whoever comes next, at once; if nobody does, a person has to telephone.
pub(super) fn next(region: &Region, key: &Key, ctx: &Context<'_>) -> Vec<Event> {
    let held = region.shared.alarms.obligations.get(key);
    let told = held.is_some_and(|held| held.steps.contains(&Step::ByHand));
    match following(region, key, ctx.now).is_empty() {
        // Whoever has to telephone was told before: nothing more follows.
        true if told => Vec::new(),
        true => wake(region, key, Step::ByHand, ctx),
        false => wake(region, key, Step::Deputy, ctx),
    }
}

fn on_duty<'a>(region: &'a Region, of: &Recipient, now: Time) -> Vec<&'a Turn> {
    let turns = region.own.alarms.rosters.get(of).map_or(&[][..], Vec::as_slice);
    turns.iter().filter(|turn| turn.window.contains(now)).collect()
}

/// Everybody of the lowest rank above those who were woken.
fn following<'a>(region: &'a Region, key: &Key, now: Time) -> Vec<&'a Turn> {
    let held = region.shared.alarms.obligations.get(key);
    let above = |turn: &&&Turn| {
        held.is_none_or(|held| held.woken.iter().all(|woken| woken.rank < turn.rank))
    };
    let turns = on_duty(region, &key.to, now);
    let rank = turns.iter().filter(above).map(|turn| turn.rank).min();
    turns.into_iter().filter(|turn| Some(turn.rank) == rank).collect()
}

fn woken(key: &Key, step: Step, turn: &Turn, ctx: &Context<'_>) -> Event {
    let channels = turn.ways.iter().map(|way| way.channel).collect();
    let token = ctx.fresh("kv");
    let person = Person {
        actor: turn.actor.clone(),
        name: turn.name.clone(),
        ways: turn.ways.clone(),
        pin: pin(&token),
        token,
    };
    let woken = Woken { key: key.clone(), step, rank: turn.rank, channels };
    Event::Woken(woken, Private::Here(person))
}

/// Four digits that follow from the token, for a telephone's keys.
fn pin(token: &str) -> String {
    let digest = Digest::of(token.as_bytes());
    let number = u32::from_be_bytes([digest.0[0], digest.0[1], digest.0[2], digest.0[3]]);
    format!("{:04}", number % 10_000)
}

/// Whose link or code it is.
pub(super) fn by_token(region: &Region, key: &Key, token: &str, by: By) -> Result<u16, Refusal> {
    let people = region.own.alarms.people.get(key);
    let fits = |person: &Person| match by {
        // A person presses or writes four digits; a gateway that knows which message it is about
        // has the token.
        By::Keys | By::Reply => person.pin == token || person.token == token,
        _ => person.token == token,
    };
    people
        .and_then(|people| people.iter().position(|one| one.as_ref().is_some_and(fits)))
        .and_then(|person| u16::try_from(person).ok())
        .ok_or_else(|| TOKEN.because([("alarm", key.alarm.to_string())]))
}

/// The name of somebody who was woken.
pub(super) fn name(region: &Region, key: &Key, person: u16) -> String {
    let people = region.own.alarms.people.get(key);
    let person = people.and_then(|people| people.get(usize::from(person)));
    person.and_then(Option::as_ref).map_or_else(String::new, |person| person.name.clone())
}

/// Somebody who was woken, as one of the region's people.
pub(super) fn actor(region: &Region, key: &Key, person: u16) -> Option<ActorId> {
    let people = region.own.alarms.people.get(key)?;
    people.get(usize::from(person))?.as_ref()?.actor.clone()
}

/// Whoever is signed in: as the one who was woken, if that is so, else by name.
pub(super) fn oneself(region: &Region, key: &Key, ctx: &Context<'_>) -> (Option<u16>, String) {
    let people = region.own.alarms.people.get(key);
    let mine = |one: &Option<Person>| {
        one.as_ref().is_some_and(|person| person.actor.as_ref() == Some(ctx.actor))
    };
    let person = people.and_then(|people| people.iter().position(mine));
    match person.and_then(|person| u16::try_from(person).ok()) {
        Some(person) => (Some(person), name(region, key, person)),
        None => (None, ctx.actor.to_string()),
    }
}
