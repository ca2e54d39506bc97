//! What can have happened to alarms. That a role was woken and what it answered is shared; who the
//! person was, and by which number, stays in the region.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::model::{
    Alarm, By, Channel, Cover, Drill, Key, Outcome, Owed, Policy, Recipient, Says, Step, Turn, Way,
};
use crate::words::{
    ActorId, AlarmId, DecodeError, JournalId, Nothing, Private, RecordRef, Subject, Time, events,
};

/// Who is on duty was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterSet {
    /// The role.
    pub of: Recipient,
    /// What others may know of it.
    pub cover: Vec<Cover>,
}

/// Who that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Turns, in the order of the cover.
    pub turns: Vec<Turn>,
}

/// Another region's alarm was heard, and its recipients' obligations began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Its record.
    pub record: RecordRef,
    /// Which alarm.
    pub alarm: Box<Alarm>,
    /// Which of the own roles it addresses.
    pub to: Vec<Recipient>,
    /// The own clock: the own rules', where they say one.
    pub policy: Policy,
}

/// Somebody was woken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Woken {
    /// The obligation.
    pub key: Key,
    /// In which step.
    pub step: Step,
    /// The person's rank.
    pub rank: u8,
    /// Kinds of channel, in the order in which they are tried.
    pub channels: Vec<Channel>,
}

/// Who was woken, and what lets that person answer without a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub actor: Option<ActorId>,
    /// Name.
    pub name: String,
    /// Ways.
    pub ways: Vec<Way>,
    /// Of the personal link.
    pub token: String,
    /// Of the telephone call.
    pub pin: String,
}

/// A step was taken in which nobody could be woken: a person has to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    /// The obligation.
    pub key: Key,
    /// The step.
    pub step: Step,
}

/// A message was sent, or could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempted {
    /// The obligation.
    pub key: Key,
    /// To whom of those who were woken, from 0.
    pub person: u16,
    /// By which channel.
    pub channel: Channel,
    /// The how manieth by this channel, from 0.
    pub number: u16,
    /// What became of it.
    pub outcome: Outcome,
}

/// What the channel said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// In its words.
    pub text: Option<String>,
}

/// Somebody opened the personal page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WasRead {
    /// The obligation.
    pub key: Key,
    /// Whose page, from 0.
    pub person: u16,
}

/// A person answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The obligation.
    pub key: Key,
    /// Which of those who were woken, from 0; none if it was somebody else.
    pub person: Option<u16>,
    /// By which way.
    pub by: By,
    /// What.
    pub says: Says,
    /// When the person said so.
    pub said: Time,
}

/// Who that was, and what else was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredBy {
    /// Name.
    pub name: String,
    /// More.
    pub note: Option<String>,
    /// Who that was in the own region's list of people, if it was one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<ActorId>,
}

/// What was owed beside the answer is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// The obligation.
    pub key: Key,
    /// What.
    pub owed: Owed,
}

/// A person closed an obligation that nobody met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedByHand {
    /// The obligation.
    pub key: Key,
    /// Why.
    pub why: String,
}

/// The issuer has noted another region's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The answer's record.
    pub record: RecordRef,
    /// Whose.
    pub from: JournalId,
    /// To which of the own alarms.
    pub alarm: AlarmId,
    /// The answer.
    pub answer: Answered,
}

/// Who leads an exercise, and whom it may reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// Who leads it.
    pub leader: String,
    /// Telephone numbers and addresses, in order.
    pub addresses: Vec<String>,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of alarms.
    upcast upcast;
    /// Who is on duty was set.
    "alarm.roster_set" v 1 RosterSet(RosterSet, People);
    /// An alarm was issued.
    "alarm.issued" v 1 Issued(Alarm, Nothing);
    /// Another region's alarm was heard.
    "alarm.heard" v 1 Heard(Heard, Nothing);
    /// Somebody was woken.
    "alarm.woken" v 1 Woken(Woken, Person);
    /// A step was taken in which nobody could be woken.
    "alarm.stepped" v 1 Stepped(Stepped, Nothing);
    /// A message was sent, or could not be.
    "alarm.attempted" v 1 Attempted(Attempted, Detail);
    /// The personal page was opened.
    "alarm.read" v 1 WasRead(WasRead, Nothing);
    /// A person answered.
    "alarm.answered" v 1 Answered(Answered, AnsweredBy);
    /// What was owed is there.
    "alarm.delivered" v 1 Delivered(Delivered, Nothing);
    /// A person closed what nobody met.
    "alarm.closed" v 1 ClosedByHand(ClosedByHand, Nothing);
    /// Another region's answer was noted.
    "alarm.noted" v 1 Noted(Noted, Nothing);
    /// An exercise was stated.
    "alarm.exercise_set" v 1 ExerciseSet(Drill, Allowed);
}

impl Event {
    /// The obligation it is about.
    #[must_use]
    pub const fn key(&self) -> Option<&Key> {
        match self {
            Self::Woken(Woken { key, .. }, _)
            | Self::Stepped(Stepped { key, .. }, _)
            | Self::Attempted(Attempted { key, .. }, _)
            | Self::WasRead(WasRead { key, .. }, _)
            | Self::Answered(Answered { key, .. }, _)
            | Self::Delivered(Delivered { key, .. }, _)
            | Self::ClosedByHand(ClosedByHand { key, .. }, _) => Some(key),
            Self::RosterSet(..)
            | Self::Issued(..)
            | Self::Heard(..)
            | Self::Noted(..)
            | Self::ExerciseSet(..) => None,
        }
    }

    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let alarm = match self {
            Self::Issued(alarm, _) => &alarm.id,
            Self::Heard(heard, _) => &heard.alarm.id,
            Self::Noted(noted, _) => &noted.alarm,
            _ => match self.key() {
                Some(key) => &key.alarm,
                None => return self.people().into_iter().map(Subject::person).collect(),
            },
        };
        let people = self.people().into_iter().map(Subject::person);
        std::iter::once(Subject::alarm(alarm)).chain(people).collect()
    }

    /// Of whom the private part says who they are: an erasure takes it.
    #[must_use]
    pub fn people(&self) -> BTreeSet<&ActorId> {
        match self {
            Self::RosterSet(_, Private::Here(people)) => {
                people.turns.iter().filter_map(|turn| turn.actor.as_ref()).collect()
            }
            Self::Woken(_, Private::Here(person)) => person.actor.iter().collect(),
            Self::Answered(_, Private::Here(by)) => by.actor.iter().collect(),
            _ => BTreeSet::new(),
        }
    }
}
