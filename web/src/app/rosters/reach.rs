//! Tests of reach: who was reached, and how fast. The result follows from the obligations that
//! every region shares, so that it is public among them.

use samband_domain::alarms::command::Draft;
use samband_domain::alarms::model::{By, Key, Kind, Recipient};
use samband_domain::alarms::{How, Shared};
use samband_domain::words::AlarmId;
use samband_domain::{JournalId, Known, Time};

use crate::text::Words;

/// After how many days a test of reach is too old (preparedness.md §6.5 (11): weekly).
pub const EVERY_DAYS: i64 = 7;

/// One role in a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Which role.
    pub to: Recipient,
    /// How long until a person answered, in microseconds; none if nobody has.
    pub after: Option<i64>,
    /// The rank of whoever answered, if that person was woken.
    pub rank: Option<u8>,
    /// By which way the answer came.
    pub by: Option<By>,
    /// How many people were woken.
    pub woken: usize,
    /// How it ended without an answer.
    pub ended: Option<How>,
}

/// A test of reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Its alarm.
    pub alarm: AlarmId,
    /// When it was sent.
    pub at: Time,
    /// Role by role.
    pub rows: Vec<Reached>,
}

impl Reach {
    /// How many roles were asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.rows.len()
    }

    /// How many of them answered.
    #[must_use]
    pub fn reached(&self) -> usize {
        self.rows.iter().filter(|row| row.after.is_some()).count()
    }

    /// How long the slowest answer took, in microseconds; none if nobody answered.
    #[must_use]
    pub fn slowest(&self) -> Option<i64> {
        self.rows.iter().filter_map(|row| row.after).max()
    }

    /// Whether somebody may still answer.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.rows.iter().any(|row| row.after.is_none() && row.ended.is_none())
    }

    /// Whether it is so old that the next one is due.
    #[must_use]
    pub fn is_old(&self, now: Time) -> bool {
        self.at.plus_days(EVERY_DAYS) < now
    }
}

/// The tests of a region, the latest first.
#[must_use]
pub fn reaches(shared: &Shared, region: &JournalId) -> Vec<Reach> {
    let tests = shared.issued.values().filter(|issued| issued.alarm.kind == Kind::Reach);
    let mut all: Vec<_> = tests
        .map(|issued| {
            let rows = issued.alarm.to.iter().map(|to| {
                let (issuer, alarm, to) = (region.clone(), issued.alarm.id.clone(), to.clone());
                row(shared, Key { issuer, alarm, to })
            });
            Reach { alarm: issued.alarm.id.clone(), at: issued.said, rows: rows.collect() }
        })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    all
}

/// The latest test of a region; none if there was none.
#[must_use]
pub fn last_reach(shared: &Shared, region: &JournalId) -> Option<Reach> {
    reaches(shared, region).into_iter().next()
}

fn row(shared: &Shared, key: Key) -> Reached {
    let held = shared.obligations.get(&key);
    let answer = held.and_then(|held| held.answer.as_ref());
    let ended = held.and_then(|held| held.closed.as_ref()).map(|closed| closed.how.clone());
    Reached {
        after: held.zip(answer).map(|(held, answer)| answer.at.since(held.since).max(0)),
        rank: answer.and_then(|answer| answer.rank),
        by: answer.map(|answer| answer.by),
        woken: held.map_or(0, |held| held.woken.len()),
        ended: ended.filter(|_| answer.is_none()),
        to: key.to,
    }
}

/// What a test says: that it is one, and what to do.
#[must_use]
pub fn draft(w: Words, to: Vec<Recipient>) -> Draft {
    Draft {
        incident: None,
        kind: Kind::Reach,
        headline: w.t("roster-reach-headline"),
        text: w.t("roster-reach-text"),
        place: Known::Unknown,
        injured: Known::Unknown,
        to,
        replaces: None,
    }
}
