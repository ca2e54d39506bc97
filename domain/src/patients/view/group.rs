//! Which group somebody has: the evidence, how much of it counts, and what it depends on.

use std::collections::BTreeSet;

use super::Family;
use crate::blood::model::group::Group;
use crate::patients::model::{Determination, Sample, Turn, TurnKind};
use crate::rulesets::{InForce, Key, key};
use crate::words::{Day, Known, Time};

/// Samples taken closer than this to each other are one occasion, unless an emergency is
/// documented; in microseconds. It is this product's own reading of "two separate occasions"; no source states a
/// time (docs/blood.md).
pub const OCCASION_APART: i64 = 15 * 60 * 1_000_000;

/// Where the history of somebody's group stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// Nothing ever changed it.
    Born,
    /// Something may have changed it, and nobody settled what it is.
    Unsettled,
    /// It is settled since this moment.
    Settled {
        /// Since when.
        since: Time,
        /// The group.
        group: Group,
    },
}

impl Era {
    /// Since when a sample speaks of the group that holds now; none while nothing is settled.
    #[must_use]
    pub const fn since(self) -> Option<Time> {
        match self {
            Self::Born => Some(Time(i64::MIN)),
            Self::Unsettled => None,
            Self::Settled { since, .. } => Some(since),
        }
    }
}

/// The era at a moment, as it was known at another.
///
/// What may have changed the group and was heard of after a settlement opens the question again,
/// whenever it happened: the settlement was decided without it.
#[must_use]
pub fn era<'a>(turns: impl Iterator<Item = &'a Turn>, valid: Time, known: Time) -> Era {
    let held = |turn: &&Turn| turn.recorded <= known && turn.valid_from <= valid;
    let mut turns: Vec<&Turn> = turns.filter(held).collect();
    turns.sort_by_key(|turn| (turn.valid_from, turn.recorded));
    let settled = |turn: &&&Turn| matches!(turn.kind, TurnKind::Settled { .. });
    let opened = turns.iter().filter(|turn| !settled(turn)).map(|turn| turn.recorded).max();
    match turns.last() {
        None => Era::Born,
        Some(Turn { kind: TurnKind::Settled { group }, valid_from, recorded, .. })
            if opened.is_none_or(|opened| opened <= *recorded) =>
        {
            Era::Settled { since: *valid_from, group: *group }
        }
        Some(_) => Era::Unsettled,
    }
}

/// One determination with its sample.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What was found.
    pub found: &'a Determination,
    /// In which sample.
    pub sample: &'a Sample,
}

/// Why a determination is no occasion of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Uncounted {
    /// A decision set it aside.
    SetAside,
    /// The group was not clear.
    Unclear,
    /// An emergency determination.
    Emergency,
    /// The identity check was not signed.
    Unsigned,
    /// From before the group may have changed.
    OtherEra,
    /// The sample was too old.
    TooOld,
    /// The region does not say how old a sample may be.
    AgeUnstated,
    /// Taken on the same occasion as another.
    SameOccasion,
    /// From before results were joined or parted, and not confirmed since.
    Unconfirmed,
}

impl Uncounted {
    /// The reason as message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetAside => "set_aside",
            Self::Unclear => "unclear",
            Self::Emergency => "emergency",
            Self::Unsigned => "unsigned",
            Self::OtherEra => "other_era",
            Self::TooOld => "too_old",
            Self::AgeUnstated => "age_unstated",
            Self::SameOccasion => "same_occasion",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

/// How many separate occasions there are, and what became of each determination.
#[derive(Clone, Debug, Default)]
pub struct Counted<'a> {
    /// Separate occasions that determined the group.
    pub occasions: u8,
    /// Every determination, newest sample first, with why it is no occasion of its own.
    pub each: Vec<(Evidence<'a>, Option<Uncounted>)>,
    /// Rules that the region does not state.
    pub unstated: Vec<Key>,
}

/// Counts separate occasions for one group.
#[must_use]
pub fn count<'a>(
    family: &Family<'a>,
    group: Option<Group>,
    era: Era,
    rules: Option<&InForce>,
) -> Counted<'a> {
    let mut all = family.evidence();
    all.sort_by_key(|one| (one.sample.taken, one.found.determined));
    let mut counted = Counted::default();
    let age = rules.and_then(|rules| rules.days(key::GROUP_SAMPLE_AGE_DAYS).ok());
    if age.is_none() {
        counted.unstated.push(key::GROUP_SAMPLE_AGE_DAYS);
    }
    let same = rules.and_then(|rules| rules.choice(key::GROUP_SAMPLE_SAME_OCCASION).ok());
    let why = |one: &Evidence<'_>| alone(one, era, age).or_else(|| other_group(one, group));
    let fits: Vec<&Evidence<'_>> = all.iter().filter(|one| why(one).is_none()).collect();
    let mixed = family.mixed();
    let confirmed = mixed.is_none_or(|at| fits.iter().any(|one| one.sample.taken >= at));
    let (mut last, mut before) = (None::<Time>, false);
    let mut samples = BTreeSet::new();
    for one in &all {
        let taken = one.sample.taken;
        let verdict = why(one).or_else(|| {
            let close = last.is_some_and(|last| taken.since(last) < OCCASION_APART);
            let old = mixed.is_some_and(|at| taken < at);
            let again = samples.contains(&one.sample.number);
            if again || (close && !documented(one.sample, same)) {
                return Some(Uncounted::SameOccasion);
            }
            if old && !confirmed && before {
                return Some(Uncounted::Unconfirmed);
            }
            (last, before) = (Some(taken), before || old);
            samples.insert(&one.sample.number);
            None
        });
        counted.occasions = counted.occasions.saturating_add(u8::from(verdict.is_none()));
        counted.each.push((*one, verdict));
    }
    counted.each.reverse();
    counted
}

fn other_group(one: &Evidence<'_>, group: Option<Group>) -> Option<Uncounted> {
    (one.found.group.value() != group).then_some(Uncounted::Unclear)
}

/// Why a determination counts for nothing, whatever else there is.
fn alone(one: &Evidence<'_>, era: Era, age: Option<u32>) -> Option<Uncounted> {
    let Evidence { found, sample } = one;
    if found.set_aside.is_some() {
        Some(Uncounted::SetAside)
    } else if found.group == Known::Unknown {
        Some(Uncounted::Unclear)
    } else if found.emergency {
        Some(Uncounted::Emergency)
    } else if !sample.identity_signed {
        Some(Uncounted::Unsigned)
    } else if era.since().is_none_or(|since| sample.taken < since) {
        Some(Uncounted::OtherEra)
    } else {
        match age {
            None => Some(Uncounted::AgeUnstated),
            Some(most) if age_in_days(sample, found.determined) > i64::from(most) => {
                Some(Uncounted::TooOld)
            }
            Some(_) => None,
        }
    }
}

/// How many calendar days after it was taken a sample was looked at.
pub(super) fn age_in_days(sample: &Sample, at: Time) -> i64 {
    Day::of(at).days_since(Day::of(sample.taken))
}

/// Whether two samples of one occasion may count as two, as the emergency is documented.
fn documented(sample: &Sample, rule: Option<&str>) -> bool {
    match (&sample.shared_occasion, rule) {
        (Some(_), Some("emergency_documented")) => true,
        (Some(shared), Some("emergency_approved_by_physician")) => shared.physician.is_some(),
        _ => false,
    }
}

/// What the evidence says of the group, before anybody counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The one group that everything speaks of.
    pub group: Option<Group>,
    /// Whether two different groups were found and nobody decided.
    pub conflict: bool,
    /// Whether there is nothing but an emergency determination.
    pub provisional: bool,
    /// Whether the own laboratory found it, or a decision here settled it.
    pub own: bool,
}

/// What the determinations of an era say, those of other regions included: a group that another
/// region found contradicts as loudly as one's own.
#[must_use]
pub fn said(family: &Family<'_>, era: Era) -> Said {
    let none = Said { group: None, conflict: false, provisional: false, own: false };
    let Some(since) = era.since() else { return none };
    let evidence = family.evidence();
    let own = evidence.iter().filter(|one| {
        one.found.set_aside.is_none() && one.sample.taken >= since && one.sample.identity_signed
    });
    let own: Vec<(Group, bool)> = own
        .filter_map(|one| one.found.group.value().map(|group| (group, one.found.emergency)))
        .collect();
    let newer = |newest: Known<Time>| newest.value().is_none_or(|newest| newest >= since);
    let told = family.elsewhere().filter(|one| one.set_aside.is_none() && newer(one.said.newest));
    let told: Vec<Group> = told.map(|one| one.said.group).collect();
    let settled = match era {
        Era::Settled { group, .. } => Some(group),
        _ => None,
    };
    let mut groups: Vec<Group> = own.iter().map(|(group, _)| *group).chain(told).collect();
    groups.extend(settled);
    let first = groups.first().copied();
    let conflict = groups.iter().any(|group| Some(*group) != first);
    let full = own.iter().any(|(_, emergency)| !emergency) || settled.is_some();
    Said {
        group: first.filter(|_| !conflict),
        conflict,
        provisional: !full && own.iter().any(|(_, emergency)| *emergency),
        own: !own.is_empty() || settled.is_some(),
    }
}
