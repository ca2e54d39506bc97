//! What can be asked about alarms.

use serde::{Deserialize, Serialize};

use super::model::{
    Between, By, Channel, Key, Kind, Outcome, Owed, Place, Recipient, Says, Step, Turn,
};
use crate::words::{AlarmId, IncidentId, Known, RecordRef, Time};

/// What an alarm says, before it is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The incident; none for a test of reach.
    pub incident: Option<IncidentId>,
    /// What for.
    pub kind: Kind,
    /// One line.
    pub headline: String,
    /// What is known.
    pub text: String,
    /// Where.
    pub place: Known<Place>,
    /// Injured.
    pub injured: Known<Between>,
    /// Who is alarmed.
    pub to: Vec<Recipient>,
    /// The alarm that this one updates or takes back.
    pub replaces: Option<AlarmId>,
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever holds the personal link, or knows what the telephone asks for.
    Token(String),
    /// Whoever is signed in.
    Oneself,
    /// Somebody on the telephone, as written down by whoever is signed in.
    Told {
        /// Who it was.
        name: String,
    },
}

/// The personal link of somebody who was woken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// For which obligation.
    pub key: Key,
    /// The link.
    pub token: String,
}

/// A command about alarms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Set who is on duty in a role, or who answers for a role outside the region.
    SetRoster {
        /// The role.
        of: Recipient,
        /// Who, when, by which ways.
        turns: Vec<Turn>,
    },
    /// Alarm.
    Issue {
        /// What is said.
        alarm: Box<Draft>,
    },
    /// Another region's alarm is here: wake whom it addresses.
    Hear {
        /// Its record.
        alarm: RecordRef,
    },
    /// Nobody answered in time: the next step.
    Step {
        /// The obligation.
        key: Key,
        /// The step.
        step: Step,
    },
    /// A message was sent, or could not be.
    Attempted {
        /// The obligation.
        key: Key,
        /// To whom of those who were woken, from 0.
        person: u16,
        /// By which channel.
        channel: Channel,
        /// The how manieth by this channel, from 0.
        number: u16,
        /// What became of it.
        outcome: Outcome,
        /// In the channel's words; they stay in the region.
        detail: Option<String>,
    },
    /// The personal page was opened. Not an answer.
    Read {
        /// The obligation.
        key: Key,
        /// Whose page.
        token: String,
    },
    /// A person answers.
    Answer {
        /// The obligation.
        key: Key,
        /// Who.
        who: Who,
        /// By which way.
        by: By,
        /// What.
        says: Says,
        /// More; it stays in the region.
        note: Option<String>,
    },
    /// What the recipient owed beside the answer is there.
    Deliver {
        /// The obligation.
        key: Key,
        /// What.
        owed: Owed,
    },
    /// A person closes an obligation that nobody will meet.
    Close {
        /// The obligation.
        key: Key,
        /// Why.
        why: String,
    },
    /// State the exercise: without that, an exercise's journal alarms nobody.
    SetExercise {
        /// What it is called.
        title: String,
        /// Who leads it.
        leader: String,
        /// When it ends by itself.
        until: Time,
        /// Telephone numbers and addresses that it may reach, and no others.
        allowed: Vec<String>,
    },
    /// The real thing has happened (skarpt läge): every drill stops.
    StopExercise {
        /// The personal link, from whoever is not signed in.
        link: Option<Link>,
        /// One line.
        headline: String,
        /// What is known.
        text: String,
    },
    /// The other region's record answers the own alarm.
    Note {
        /// That record.
        answer: RecordRef,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub const fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Hear { alarm } => Some(alarm),
            Self::Note { answer } => Some(answer),
            _ => None,
        }
    }
}
