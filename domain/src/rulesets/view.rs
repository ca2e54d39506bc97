//! Rule sets as they are shown: where each stands, and the regions side by side.

use serde::Serialize;

use super::catalogue::{Heading, Key};
use super::command::Verdict;
use super::model::{Rule, Scope};
use super::state::{Held, InForce, Shared};
use super::value::Value;
use crate::words::{Digest, JournalId, Time};

/// Where a rule set stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In force.
    InForce,
    /// Adopted from a moment to come.
    Scheduled,
    /// Approved by a reviewer; nobody has adopted it.
    Reviewed,
    /// A reviewer objects.
    Objected,
    /// Nobody has reviewed it.
    Drafted,
    /// Was in force until another followed.
    Superseded,
    /// Taken back.
    Withdrawn,
}

impl Standing {
    /// Every standing, what concerns most first.
    pub const ALL: &'static [Self] = &[
        Self::InForce,
        Self::Scheduled,
        Self::Reviewed,
        Self::Objected,
        Self::Drafted,
        Self::Superseded,
        Self::Withdrawn,
    ];

    /// The standing as message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Scheduled => "scheduled",
            Self::Reviewed => "reviewed",
            Self::Objected => "objected",
            Self::Drafted => "drafted",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether it waits for somebody to review or to adopt it.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Reviewed | Self::Objected | Self::Drafted)
    }
}

/// A stretch of time in which a set applied, applies or will apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<'a> {
    /// The set.
    pub set: &'a InForce,
    /// Until when; none until further notice.
    pub until: Option<Time>,
}

impl Shared {
    /// Where a rule set stands at a moment.
    #[must_use]
    pub fn standing(&self, digest: Digest, held: &Held, now: Time) -> Standing {
        let is_it = |set: &InForce| set.digest == digest;
        let to_come = |((_, from), set): (&(Scope, Time), &InForce)| *from > now && is_it(set);
        if held.withdrawn.is_some() {
            Standing::Withdrawn
        } else if self.in_force(held.set.scope, now).is_some_and(is_it) {
            Standing::InForce
        } else if self.timeline.iter().any(to_come) {
            Standing::Scheduled
        } else if !held.adoptions.is_empty() {
            Standing::Superseded
        } else if held.standing().any(|review| review.verdict == Verdict::Object) {
            Standing::Objected
        } else if held.reviews.is_empty() {
            Standing::Drafted
        } else {
            Standing::Reviewed
        }
    }

    /// Which set applies when, oldest first.
    #[must_use]
    pub fn stretches(&self, scope: Scope) -> Vec<Stretch<'_>> {
        let sets: Vec<&InForce> =
            self.timeline.values().filter(|set| set.set.scope == scope).collect();
        let ends = sets.iter().skip(1).map(|set| Some(set.from)).chain([None]);
        sets.iter().zip(ends).map(|(set, until)| Stretch { set, until }).collect()
    }
}

/// What one region's rule set in force says about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A value.
    Value(&'a Rule),
    /// The set says that it is unknown.
    Unknown(&'a Rule),
    /// The set does not mention it.
    Absent,
    /// No set is in force.
    NoSet,
}

impl<'a> Cell<'a> {
    /// The cell of a region's set.
    #[must_use]
    pub fn of(set: Option<&'a InForce>, key: Key) -> Self {
        match set.map(|set| set.set.rules.get(&key)) {
            None => Self::NoSet,
            Some(None) => Self::Absent,
            Some(Some(rule)) if rule.value.as_ref().value().is_some() => Self::Value(rule),
            Some(Some(rule)) => Self::Unknown(rule),
        }
    }

    /// The rule, known or not.
    #[must_use]
    pub const fn rule(self) -> Option<&'a Rule> {
        match self {
            Self::Value(rule) | Self::Unknown(rule) => Some(rule),
            Self::Absent | Self::NoSet => None,
        }
    }

    /// The value, if it is known.
    #[must_use]
    pub fn value(self) -> Option<&'a Value> {
        self.rule().and_then(|rule| rule.value.as_ref().value())
    }

    /// The cell as message key.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Value(_) => "value",
            Self::Unknown(_) => "unknown",
            Self::Absent => "absent",
            Self::NoSet => "no_set",
        }
    }
}

/// How regions compare on a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// Every region states the same value.
    Same,
    /// Two regions state different values.
    Differs,
    /// Some region states no value, and those that do agree.
    Missing,
}

impl Likeness {
    /// Every likeness.
    pub const ALL: &'static [Self] = &[Self::Same, Self::Differs, Self::Missing];

    /// The likeness as message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::Missing => "missing",
        }
    }
}

/// A rule over all regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Which rule.
    pub key: Key,
    /// What each region says, in the order in which the regions were given.
    pub cells: Vec<Cell<'a>>,
    /// How they compare.
    pub likeness: Likeness,
}

impl Row<'_> {
    /// What it is about.
    #[must_use]
    pub fn heading(&self) -> Heading {
        self.key.heading()
    }
}

/// The regions side by side: the matrix of what is harmonised and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// Each region with its set in force, if it has one.
    pub regions: Vec<(JournalId, Option<&'a InForce>)>,
    /// Every rule of the catalogue, in its order.
    pub rows: Vec<Row<'a>>,
}

impl Comparison<'_> {
    /// How many rows compare so.
    #[must_use]
    pub fn count(&self, likeness: Likeness) -> usize {
        self.rows.iter().filter(|row| row.likeness == likeness).count()
    }
}

/// Compares the rule sets in force at a moment.
#[must_use]
pub fn compare<'a>(regions: &[(JournalId, &'a Shared)], scope: Scope, at: Time) -> Comparison<'a> {
    let regions: Vec<_> =
        regions.iter().map(|(id, shared)| (id.clone(), shared.in_force(scope, at))).collect();
    let row = |key: Key| {
        let cells: Vec<_> = regions.iter().map(|(_, set)| Cell::of(*set, key)).collect();
        let likeness = likeness(&cells);
        Row { key, cells, likeness }
    };
    let rows = Key::all().map(row).collect();
    Comparison { regions, rows }
}

fn likeness(cells: &[Cell<'_>]) -> Likeness {
    let known: Vec<_> = cells.iter().filter_map(|cell| cell.value()).collect();
    if known.windows(2).any(|pair| pair[0] != pair[1]) {
        Likeness::Differs
    } else if known.len() == cells.len() && !known.is_empty() {
        Likeness::Same
    } else {
        Likeness::Missing
    }
}
