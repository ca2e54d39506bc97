//! Alarms, rosters, and how every obligation stands.

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use super::event::{self, Event};
use super::model::{
    Alarm, By, Channel, Cover, Drill, Key, Kind, Outcome, Owed, Party, Policy, Recipient, Says,
    Step, Turn, asks, owed,
};
use crate::words::{ActorId, AlarmId, JournalId, Meta, Private, RecordRef, Time};

/// A roster, and the record that set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Its record.
    pub at: RecordRef,
    /// When it was set.
    pub said: Time,
    /// What others may know of it.
    pub cover: Vec<Cover>,
}

/// An alarm of the own region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Its record.
    pub at: RecordRef,
    /// When.
    pub said: Time,
    /// The alarm.
    pub alarm: Alarm,
    /// The alarm that took its place or took it back.
    pub replaced: Option<AlarmId>,
}

/// Somebody who was woken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Woken {
    /// In which step.
    pub step: Step,
    /// The person's rank.
    pub rank: u8,
    /// When.
    pub at: Time,
    /// Kinds of channel, in the order in which they are tried.
    pub channels: Vec<Channel>,
    /// Said that it cannot be, or is the wrong one: is left in peace.
    pub gone: Option<(Says, Time)>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// To whom of those who were woken, from 0.
    pub person: u16,
    /// By which channel.
    pub channel: Channel,
    /// The how manieth by this channel, from 0.
    pub number: u16,
    /// What became of it.
    pub outcome: Outcome,
    /// When.
    pub at: Time,
}

/// An answer that takes it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its record.
    pub record: RecordRef,
    /// The rank of whoever answered, if that person was woken.
    pub rank: Option<u8>,
    /// By which way.
    pub by: By,
    /// When.
    pub at: Time,
}

/// How an obligation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Everything owed is there.
    Met,
    /// Told, where nothing was asked.
    Told,
    /// The alarm was updated; what is owed now is owed for the update.
    Replaced,
    /// The alarm was taken back.
    Recalled,
    /// A person closed it, and why.
    ByHand(String),
}

/// The end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// How.
    pub how: How,
    /// When.
    pub at: Time,
}

/// One obligation, in the journal of whoever wakes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// What kind of alarm.
    pub kind: Kind,
    /// Since when, by the clock of whoever wakes.
    pub since: Time,
    /// The clock, as it was when it began.
    pub policy: Policy,
    /// Steps taken.
    pub steps: OrdSet<Step>,
    /// Who was woken, in order.
    pub woken: Vector<Woken>,
    /// What was tried.
    pub attempts: Vector<Attempt>,
    /// When somebody first opened the personal page.
    pub read: Option<Time>,
    /// The answer that takes it on.
    pub answer: Option<Answered>,
    /// What was owed beside it, and is there.
    pub delivered: OrdMap<Owed, Time>,
    /// The end, if it has one. Nothing follows it.
    pub closed: Option<Closed>,
}

/// What other regions may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Who is on duty, without names.
    pub rosters: OrdMap<Recipient, Roster>,
    /// Own alarms.
    pub issued: OrdMap<AlarmId, Issued>,
    /// Others' alarms that were heard.
    pub heard: OrdMap<(JournalId, AlarmId), event::Heard>,
    /// Obligations that this region wakes for.
    pub obligations: OrdMap<Key, Obligation>,
    /// The exercise, in an exercise's journal.
    #[serde(default)]
    pub exercise: Option<Drill>,
    /// What stopped every drill, if anything has. Nothing undoes it.
    #[serde(default)]
    pub stopped: Option<Stopped>,
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Who is on duty.
    pub rosters: OrdMap<Recipient, Vec<Turn>>,
    /// Who was woken for what, in the obligation's order; none where it was erased.
    pub people: OrdMap<Key, Vector<Option<event::Person>>>,
    /// What people answered, in the order in which it was recorded.
    #[serde(default)]
    pub answers: OrdMap<Key, Vector<Told>>,
    /// What a channel said last of its message to somebody, from 0.
    #[serde(default)]
    pub said: OrdMap<(Key, u16, Channel), String>,
    /// Who leads the exercise.
    #[serde(default)]
    pub leader: Option<String>,
    /// Addresses that the exercise may reach.
    #[serde(default)]
    pub allowed: OrdSet<String>,
}

/// What somebody answered, as the own region knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What.
    pub says: Says,
    /// By which way.
    pub by: By,
    /// When.
    pub at: Time,
    /// Who that was, and what else was said; none where it was erased.
    pub who: Option<event::AnsweredBy>,
}

/// The real thing, in an exercise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// Whose alarm said so.
    pub issuer: JournalId,
    /// Which.
    pub alarm: AlarmId,
    /// When it was known here.
    pub at: Time,
}

impl Obligation {
    fn new(kind: Kind, policy: Policy, since: Time) -> Self {
        Self {
            kind,
            since,
            policy,
            steps: OrdSet::new(),
            woken: Vector::new(),
            attempts: Vector::new(),
            read: None,
            answer: None,
            delivered: OrdMap::new(),
            closed: None,
        }
    }

    /// Whether nobody has to be woken any more.
    #[must_use]
    pub const fn quiet(&self) -> bool {
        self.answer.is_some() || self.closed.is_some()
    }

    /// Attempts by a channel to somebody.
    #[must_use]
    pub fn tried(&self, person: u16, channel: Channel) -> Vec<&Attempt> {
        let same = |one: &&Attempt| one.person == person && one.channel == channel;
        self.attempts.iter().filter(same).collect()
    }

    fn close(&mut self, how: How, at: Time) {
        // Nothing leaves the end state.
        if self.closed.is_none() {
            self.closed = Some(Closed { how, at });
        }
    }

    /// Another region's role has met its part here when it has answered: what else it owes is
    /// delivered in its own journal.
    fn settle(&mut self, to: &Recipient, own: &JournalId, at: Time) {
        let there = !Shared::wakes(own, to)
            || owed(to.role, self.kind).iter().all(|one| self.delivered.contains_key(one));
        if asks(to.role, self.kind) && self.answer.is_some() && there {
            self.close(How::Met, at);
        }
    }
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    match event {
        Event::RosterSet(set, people) => {
            let (at, said, cover) = (meta.at.clone(), meta.recorded, set.cover.clone());
            shared.rosters.insert(set.of.clone(), Roster { at, said, cover });
            if let Some(own) = own {
                let turns = people.here().map_or_else(Vec::new, |people| people.turns.clone());
                own.rosters.insert(set.of.clone(), turns);
            }
        }
        Event::Issued(alarm, _) => issued(shared, alarm, meta),
        Event::ExerciseSet(drill, private) => {
            shared.exercise = Some(drill.clone());
            if let (Some(own), Some(said)) = (own, private.here()) {
                own.leader = Some(said.leader.clone());
                own.allowed = said.addresses.iter().cloned().collect();
            }
        }
        Event::Heard(heard, _) => was_heard(shared, heard, meta),
        Event::Noted(noted, _) => {
            if let Some(held) = shared.obligations.get_mut(&noted.answer.key) {
                answered(held, &noted.answer, &noted.record, meta);
            }
        }
        _ => {
            if let Some((key, held)) = event.key().and_then(|key| {
                let held = shared.obligations.get_mut(key)?;
                Some((key, held))
            }) {
                step(key, held, event, meta);
            }
            let Some(own) = own else { return };
            if let Event::Attempted(one, Private::Here(detail)) = event {
                let at = (one.key.clone(), one.person, one.channel);
                match &detail.text {
                    Some(text) => drop(own.said.insert(at, text.clone())),
                    None => drop(own.said.remove(&at)),
                }
            }
            if let Event::Answered(answer, who) = event {
                let (says, by, at) = (answer.says, answer.by, meta.recorded);
                let told = Told { says, by, at, who: who.here().cloned() };
                own.answers.entry(answer.key.clone()).or_default().push_back(told);
            }
            if let Event::Woken(woken, person) = event {
                let people = own.people.entry(woken.key.clone()).or_default();
                people.push_back(match person {
                    Private::Here(person) => Some(person.clone()),
                    Private::Absent(_) => None,
                });
            }
        }
    }
}

/// Somebody's identity was erased: who was woken and who answered is no more than that somebody
/// did. No roster names such a person; an erasure is refused until then.
pub(crate) fn forget(own: &mut Own, gone: &ActorId) {
    let woken = |one: &Option<event::Person>| {
        one.as_ref().is_some_and(|person| person.actor.as_ref() == Some(gone))
    };
    let keys = own.people.iter().filter(|(_, all)| all.iter().any(woken));
    for key in keys.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
        let all = own.people.entry(key).or_default();
        all.iter_mut().filter(|one| woken(one)).for_each(|one| *one = None);
    }
    let said = |one: &Told| one.who.as_ref().is_some_and(|who| who.actor.as_ref() == Some(gone));
    let keys = own.answers.iter().filter(|(_, all)| all.iter().any(said));
    for key in keys.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
        let all = own.answers.entry(key).or_default();
        all.iter_mut().filter(|one| said(one)).for_each(|one| one.who = None);
    }
}

fn issued(shared: &mut Shared, alarm: &Alarm, meta: &Meta) {
    let said = meta.recorded;
    if let Some(before) = &alarm.replaces {
        if let Some(held) = shared.issued.get_mut(before) {
            held.replaced = Some(alarm.id.clone());
        }
        replace(shared, (&meta.at.journal, before), alarm.kind, said);
    }
    if alarm.kind == Kind::RealSituation {
        stop(shared, &meta.at.journal, &alarm.id, said);
    }
    for to in &alarm.to {
        let key = Key { issuer: meta.at.journal.clone(), alarm: alarm.id.clone(), to: to.clone() };
        shared.obligations.insert(key, Obligation::new(alarm.kind, alarm.policy, said));
    }
    let at = meta.at.clone();
    shared
        .issued
        .insert(alarm.id.clone(), Issued { at, said, alarm: alarm.clone(), replaced: None });
}

fn was_heard(shared: &mut Shared, heard: &event::Heard, meta: &Meta) {
    let (issuer, alarm) = (&heard.record.journal, &heard.alarm);
    if let Some(before) = &alarm.replaces {
        replace(shared, (issuer, before), alarm.kind, meta.recorded);
    }
    if alarm.kind == Kind::RealSituation {
        stop(shared, issuer, &alarm.id, meta.recorded);
    }
    for to in &heard.to {
        let key = Key { issuer: issuer.clone(), alarm: alarm.id.clone(), to: to.clone() };
        let mut new = Obligation::new(alarm.kind, heard.policy, meta.recorded);
        if shared.stopped.is_some() && alarm.kind != Kind::RealSituation {
            new.close(How::Recalled, meta.recorded);
        }
        shared.obligations.insert(key, new);
    }
    shared.heard.insert((issuer.clone(), alarm.id.clone()), heard.clone());
}

/// The real thing: whatever a drill still asks of anybody is asked no more.
fn stop(shared: &mut Shared, issuer: &JournalId, alarm: &AlarmId, at: Time) {
    let (issuer, alarm) = (issuer.clone(), alarm.clone());
    shared.stopped.get_or_insert(Stopped { issuer, alarm, at });
    let drills = shared.obligations.iter().filter(|(_, held)| held.kind != Kind::RealSituation);
    let keys: Vec<_> = drills.map(|(key, _)| key.clone()).collect();
    for key in keys {
        if let Some(held) = shared.obligations.get_mut(&key) {
            held.close(How::Recalled, at);
        }
    }
}

/// What was owed for an alarm that another one replaces is owed no more.
fn replace(shared: &mut Shared, (issuer, before): (&JournalId, &AlarmId), by: Kind, at: Time) {
    let how = if by == Kind::Recall { How::Recalled } else { How::Replaced };
    let of = |key: &&Key| key.issuer == *issuer && key.alarm == *before;
    let keys: Vec<_> = shared.obligations.keys().filter(of).cloned().collect();
    for key in keys {
        if let Some(held) = shared.obligations.get_mut(&key) {
            held.close(how.clone(), at);
        }
    }
}

fn step(key: &Key, held: &mut Obligation, event: &Event, meta: &Meta) {
    let at = meta.recorded;
    match event {
        Event::Woken(woken, _) => {
            held.steps.insert(woken.step);
            let (step, rank, channels) = (woken.step, woken.rank, woken.channels.clone());
            held.woken.push_back(Woken { step, rank, at, channels, gone: None });
        }
        Event::Stepped(stepped, _) => drop(held.steps.insert(stepped.step)),
        Event::Attempted(one, _) => {
            let event::Attempted { person, channel, number, outcome, .. } = one.clone();
            let told = !asks(key.to.role, held.kind) && outcome != Outcome::Failed;
            held.attempts.push_back(Attempt { person, channel, number, outcome, at });
            if told {
                held.close(How::Told, at);
            }
        }
        Event::WasRead(..) => held.read = held.read.or(Some(at)),
        Event::Answered(answer, _) => answered(held, answer, &meta.at, meta),
        Event::Delivered(one, _) => {
            held.delivered.entry(one.owed).or_insert(at);
        }
        Event::ClosedByHand(closed, _) => held.close(How::ByHand(closed.why.clone()), at),
        Event::RosterSet(..)
        | Event::Issued(..)
        | Event::Heard(..)
        | Event::Noted(..)
        | Event::ExerciseSet(..) => {}
    }
    held.settle(&key.to, &meta.at.journal, at);
}

fn answered(held: &mut Obligation, answer: &event::Answered, record: &RecordRef, meta: &Meta) {
    let at = meta.recorded;
    let person = answer.person.map(usize::from);
    if answer.says == Says::TakesOn {
        let rank = person.and_then(|person| held.woken.get(person)).map(|woken| woken.rank);
        let (record, by) = (record.clone(), answer.by);
        // The first one holds; a later one is in the record, and changes nothing.
        held.answer.get_or_insert(Answered { record, rank, by, at });
    } else if let Some(woken) = person.and_then(|person| held.woken.get_mut(person)) {
        woken.gone.get_or_insert((answer.says, at));
    }
    held.settle(&answer.key.to, &meta.at.journal, at);
}

impl Shared {
    /// Whether a recipient is a role of this region itself or of somebody outside: then this region
    /// wakes. Another region's roles are woken by that region.
    #[must_use]
    pub fn wakes(own: &JournalId, to: &Recipient) -> bool {
        match &to.party {
            Party::Region(region) => region == own,
            Party::Outside(_) => true,
        }
    }
}
