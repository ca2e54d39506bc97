//! What regions ask of and offer to each other, as both journals tell it, and which couriers can
//! still be reached.

use serde::Serialize;

use super::super::model::stock::Duty;
use super::super::model::supply::{Answer, Call, Departure, Leg, Verdict};
use super::picture::Part;
use crate::words::{JournalId, SiteId, Time};

/// How a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has answered, and there is time.
    Waiting,
    /// Nobody has answered, and the time is over.
    Unanswered,
    /// Something was promised and not all of it is sent.
    Promised,
    /// What was promised was sent.
    Sent,
    /// Nothing was promised.
    Declined,
    /// Taken back.
    Withdrawn,
}

impl Standing {
    /// As message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Unanswered => "unanswered",
            Self::Promised => "promised",
            Self::Sent => "sent",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A call with what was said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Talk<'a> {
    /// Who called.
    pub from_region: &'a JournalId,
    /// The call.
    pub call: &'a Call,
    /// What the other side said.
    pub answer: Option<&'a Answer>,
    /// How many units were sent on it so far.
    pub sent: u32,
    /// How it stands.
    pub standing: Standing,
}

impl Talk<'_> {
    /// How many units are promised and not sent.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.answer.map_or(0, |answer| answer.units).saturating_sub(self.sent)
    }
}

/// Every call that is known, those that somebody waits for first, then by time.
#[must_use]
pub fn talks<'a>(parts: &[Part<'a>], now: Time) -> Vec<Talk<'a>> {
    let calls = parts
        .iter()
        .flat_map(|part| part.stock.supply.calls.values().map(move |call| (part.journal, call)));
    let mut all: Vec<_> = calls.map(|(from, call)| one(parts, (from, call), now)).collect();
    all.sort_by_key(|talk| (talk.standing, talk.call.by, talk.call.said));
    all
}

fn one<'a>(parts: &[Part<'a>], (from, call): (&'a JournalId, &'a Call), now: Time) -> Talk<'a> {
    let asked = parts.iter().find(|part| *part.journal == call.to_region);
    let answer = asked.and_then(|part| part.stock.supply.answers.get(&call.at.hash));
    let sent = call.sent.max(answer.map_or(0, |answer| answer.sent));
    let standing = match answer {
        _ if call.withdrawn.is_some() => Standing::Withdrawn,
        None if call.by <= now => Standing::Unanswered,
        None => Standing::Waiting,
        Some(answer) if answer.verdict == Verdict::Decline => Standing::Declined,
        Some(answer) if sent >= answer.units => Standing::Sent,
        Some(_) => Standing::Promised,
    };
    Talk { from_region: from, call, answer, sent, standing }
}

/// A line of the timetable with its next run that can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach<'a> {
    /// Whose.
    pub region: &'a JournalId,
    /// The line.
    pub leg: &'a Leg,
    /// Its next run.
    pub run: Departure,
}

/// The runs that boxes can still be taken to, the first to arrive first.
#[must_use]
pub fn reachable<'a>(parts: &[Part<'a>], now: Time) -> Vec<Reach<'a>> {
    let legs = parts.iter().flat_map(|part| {
        part.stock.supply.legs.values().map(move |held| (part.journal, &held.value))
    });
    let run = |(region, leg): (&'a JournalId, &'a Leg)| {
        leg.next(now).map(|run| Reach { region, leg, run })
    };
    let mut all: Vec<_> = legs.filter_map(run).collect();
    all.sort_by_key(|reach| (reach.run.arrives, reach.run.cutoff));
    all
}

/// Whom to telephone at a region about units, the called place's own numbers first.
#[must_use]
pub fn numbers<'a>(part: &Part<'a>, place: Option<&SiteId>) -> Vec<(&'a SiteId, &'a Duty)> {
    let lines = part.stock.duty.iter();
    let mut all: Vec<_> =
        lines.flat_map(|(site, lines)| lines.iter().map(move |line| (site, &line.value))).collect();
    all.sort_by_key(|(site, _)| place.is_none_or(|place| place != *site));
    all
}
