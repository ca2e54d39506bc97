//! An alert, in types in which a wrong one cannot be written down.

use std::fmt;
use std::ops::Deref;

use thiserror::Error;

use super::info::Info;
use super::moment::Moment;
use super::text::{Item, NotText, Text, Token};
use super::words::{MessageWord, ScopeWord, StatusWord};

/// At least one of something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Many<T>(Vec<T>);

impl<T> Many<T> {
    /// All of them; `None` if there are none.
    #[must_use]
    pub fn new(all: Vec<T>) -> Option<Self> {
        if all.is_empty() { None } else { Some(Self(all)) }
    }

    /// One.
    #[must_use]
    pub fn one(one: T) -> Self {
        Self(vec![one])
    }
}

impl<T> Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

/// How an alert is to be handled, with its note. An exercise names itself in the note.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Act on it.
    Actual {
        /// What it is for.
        note: Option<Text>,
    },
    /// For the participants of an exercise only.
    Exercise {
        /// Holds the identifier of the exercise.
        note: Text,
    },
    /// Between systems.
    System {
        /// What it is for.
        note: Option<Text>,
    },
    /// A test; to be disregarded.
    Test {
        /// What it is for.
        note: Option<Text>,
    },
    /// Not to be acted on in this form.
    Draft {
        /// What it is for.
        note: Option<Text>,
    },
}

impl Status {
    /// An exercise by its identifier, with words after it.
    ///
    /// # Errors
    /// If XML cannot carry the words.
    pub fn exercise(exercise: &Token, words: &str) -> Result<Self, NotText> {
        Ok(Self::Exercise { note: Text::new(&format!("{exercise} {words}"))? })
    }

    /// The word of the standard.
    #[must_use]
    pub fn word(&self) -> StatusWord {
        match self {
            Self::Actual { .. } => StatusWord::Actual,
            Self::Exercise { .. } => StatusWord::Exercise,
            Self::System { .. } => StatusWord::System,
            Self::Test { .. } => StatusWord::Test,
            Self::Draft { .. } => StatusWord::Draft,
        }
    }

    /// The note.
    #[must_use]
    pub fn note(&self) -> Option<&Text> {
        match self {
            Self::Exercise { note } => Some(note),
            Self::Actual { note }
            | Self::System { note }
            | Self::Test { note }
            | Self::Draft { note } => note.as_ref(),
        }
    }
}

/// Names an earlier alert.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Who sent it.
    pub sender: Token,
    /// How the sender named it.
    pub identifier: Token,
    /// When it was sent.
    pub sent: Moment,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.sender, self.identifier, self.sent)
    }
}

/// What kind of message it is. All but the first kind refer to earlier alerts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// First information.
    Alert {
        /// Earlier alerts that have to do with it.
        references: Vec<Reference>,
    },
    /// Updates and replaces these.
    Update(Many<Reference>),
    /// Takes these back.
    Cancel(Many<Reference>),
    /// These were received and accepted.
    Ack(Many<Reference>),
    /// These were rejected; the note should say why.
    Error(Many<Reference>),
}

impl Message {
    /// The word of the standard.
    #[must_use]
    pub fn word(&self) -> MessageWord {
        match self {
            Self::Alert { .. } => MessageWord::Alert,
            Self::Update(_) => MessageWord::Update,
            Self::Cancel(_) => MessageWord::Cancel,
            Self::Ack(_) => MessageWord::Ack,
            Self::Error(_) => MessageWord::Error,
        }
    }

    /// The earlier alerts.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        match self {
            Self::Alert { references } => references,
            Self::Update(many) | Self::Cancel(many) | Self::Ack(many) | Self::Error(many) => many,
        }
    }
}

/// For whom it is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Anybody.
    Public {
        /// Recipients that are named nevertheless.
        addresses: Vec<Item>,
    },
    /// Those who meet a condition.
    Restricted {
        /// The condition.
        restriction: Text,
        /// Recipients that are named as well.
        addresses: Vec<Item>,
    },
    /// These recipients alone.
    Private {
        /// They.
        addresses: Many<Item>,
    },
}

impl Scope {
    /// The word of the standard.
    #[must_use]
    pub fn word(&self) -> ScopeWord {
        match self {
            Self::Public { .. } => ScopeWord::Public,
            Self::Restricted { .. } => ScopeWord::Restricted,
            Self::Private { .. } => ScopeWord::Private,
        }
    }

    /// The recipients that are named.
    #[must_use]
    pub fn addresses(&self) -> &[Item] {
        match self {
            Self::Public { addresses } | Self::Restricted { addresses, .. } => addresses,
            Self::Private { addresses } => addresses,
        }
    }

    /// The condition for reading it.
    #[must_use]
    pub fn restriction(&self) -> Option<&Text> {
        match self {
            Self::Restricted { restriction, .. } => Some(restriction),
            _ => None,
        }
    }
}

/// What an alert consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// How the sender names it; unique for the sender.
    pub identifier: Token,
    /// Who sends it; unique in the world.
    pub sender: Token,
    /// When.
    pub sent: Moment,
    /// How it is to be handled, with its note.
    pub status: Status,
    /// What kind of message it is, with what it refers to.
    pub message: Message,
    /// Where it comes from, such as an operator or a device.
    pub source: Option<Text>,
    /// For whom.
    pub scope: Scope,
    /// Codes for special handling.
    pub codes: Vec<Text>,
    /// The incidents it belongs to.
    pub incidents: Vec<Item>,
    /// What it says, in one language each.
    pub infos: Vec<Info>,
}

/// An alert that may be sent: its parts, none of which refers to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert(Parts);

/// An alert cannot refer to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the alert refers to itself")]
pub struct SelfReference;

impl Alert {
    /// An alert of these parts.
    ///
    /// # Errors
    /// If it refers to itself.
    pub fn new(parts: Parts) -> Result<Self, SelfReference> {
        let own = |reference: &Reference| {
            reference.identifier == parts.identifier && reference.sender == parts.sender
        };
        if parts.message.references().iter().any(own) {
            return Err(SelfReference);
        }
        Ok(Self(parts))
    }

    /// How a later alert names this one.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference {
            sender: self.sender.clone(),
            identifier: self.identifier.clone(),
            sent: self.sent,
        }
    }

    /// The parts, to make another alert of them.
    #[must_use]
    pub fn into_parts(self) -> Parts {
        self.0
    }
}

impl Deref for Alert {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
