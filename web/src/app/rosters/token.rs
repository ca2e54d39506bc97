//! Whose personal link or code it is, and what it opens.

use samband_domain::alarms::model::{Alarm, DutyRole, Key, Party, Recipient, Turn};
use samband_domain::alarms::{Obligation, Shared};
use samband_domain::words::AlarmId;
use samband_domain::{Digest, JournalId, Time};
use samband_engine::World;

use super::{on_duty, turns};

/// Fewest letters of an alarm's id that name it.
const TAIL_MIN: usize = 4;

/// A personal link that somebody here was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The region that woke the person.
    pub region: JournalId,
    /// The obligation.
    pub key: Key,
    /// Which of those who were woken, from 0.
    pub person: usize,
    /// The person's name.
    pub name: String,
    /// The link's secret.
    pub token: String,
}

/// The link with this secret. The comparison is of digests, so that how long it takes says
/// nothing about how much of a guess was right.
#[must_use]
pub fn by_link(world: &World, token: &str) -> Option<Opened> {
    let asked = Digest::of(token.as_bytes());
    let mut found = links(world).filter(|one| Digest::of(one.token.as_bytes()) == asked);
    found.next()
}

/// Those whom a code opens for an alarm, which its id or the end of it names.
#[must_use]
pub fn by_code(world: &World, alarm: &str, pin: &str) -> Vec<Opened> {
    let typed = alarm.trim().to_lowercase();
    if typed.len() < TAIL_MIN {
        return Vec::new();
    }
    let mut all = Vec::new();
    for journal in world.locals() {
        let Some(region) = journal.local() else { continue };
        for (key, people) in &region.own.alarms.people {
            if !names(&typed, &key.alarm) {
                continue;
            }
            for (n, person) in people.iter().enumerate() {
                if let Some(person) = person.as_ref().filter(|one| one.pin == pin.trim()) {
                    all.push(Opened {
                        region: journal.id.clone(),
                        key: key.clone(),
                        person: n,
                        name: person.name.clone(),
                        token: person.token.clone(),
                    });
                }
            }
        }
    }
    all
}

fn names(typed: &str, alarm: &AlarmId) -> bool {
    alarm.as_str() == typed || alarm.as_str().ends_with(typed)
}

fn links(world: &World) -> impl Iterator<Item = Opened> + '_ {
    let locals = world.locals().filter_map(|one| Some((one.id.clone(), one.local()?)));
    locals.flat_map(|(id, region)| {
        region.own.alarms.people.iter().flat_map(move |(key, people)| {
            let id = id.clone();
            people.iter().enumerate().filter_map(move |(n, person)| {
                let person = person.as_ref()?;
                Some(Opened {
                    region: id.clone(),
                    key: key.clone(),
                    person: n,
                    name: person.name.clone(),
                    token: person.token.clone(),
                })
            })
        })
    })
}

/// The alarm of an obligation, as the region that woke knows it.
#[must_use]
pub fn alarm<'a>(shared: &'a Shared, region: &JournalId, key: &Key) -> Option<&'a Alarm> {
    if key.issuer == *region {
        return shared.issued.get(&key.alarm).map(|issued| &issued.alarm);
    }
    let heard = shared.heard.get(&(key.issuer.clone(), key.alarm.clone()));
    heard.map(|heard| heard.alarm.as_ref())
}

/// The alarm that replaced another one or took it back, as far as the region knows.
#[must_use]
pub fn successor<'a>(shared: &'a Shared, region: &JournalId, key: &Key) -> Option<&'a Alarm> {
    let replaces = |alarm: &&Alarm| alarm.replaces.as_ref() == Some(&key.alarm);
    if key.issuer == *region {
        return shared.issued.values().map(|issued| &issued.alarm).find(replaces);
    }
    let heard = shared.heard.iter().filter(|((issuer, _), _)| *issuer == key.issuer);
    heard.map(|(_, heard)| heard.alarm.as_ref()).find(replaces)
}

/// The same person's link of the alarm that took this one's place, if there is one.
#[must_use]
pub fn next_link(world: &World, opened: &Opened) -> Option<String> {
    let region = world.local(&opened.region)?;
    let shared = &region.shared.alarms;
    let next = successor(shared, &opened.region, &opened.key)?;
    let key = Key { alarm: next.id.clone(), ..opened.key.clone() };
    let people = region.own.alarms.people.get(&key)?;
    let mine = people.iter().flatten().find(|person| person.name == opened.name);
    mine.map(|person| person.token.clone())
}

/// How the obligation of a link stands.
#[must_use]
pub fn obligation<'a>(world: &'a World, opened: &Opened) -> Option<&'a Obligation> {
    world.local(&opened.region)?.shared.alarms.obligations.get(&opened.key)
}

/// Whom to telephone about an alarm: the issuer's duty officer and switchboard as far as this
/// region keeps their numbers, and its own switchboard.
#[must_use]
pub fn to_call(world: &World, region: &JournalId, issuer: &JournalId, now: Time) -> Vec<Turn> {
    let of = |id: &JournalId, role| Recipient { party: Party::Region(id.clone()), role };
    let asked = [
        of(issuer, DutyRole::Tib),
        of(issuer, DutyRole::Switchboard),
        of(region, DutyRole::Switchboard),
    ];
    let mut all: Vec<Turn> = Vec::new();
    for one in asked {
        for turn in on_duty(turns(world, region, &one), now) {
            if !all.iter().any(|held| held.ways == turn.ways) {
                all.push(turn.clone());
            }
        }
    }
    all
}
