//! Questions and answers of the last weeks.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::model::{Band, Wanted};
use crate::blood::model::stock::Duty;
use crate::words::{Digest, Meta, RecordRef, SiteId, Time};

/// How many days a question holds; the record keeps it.
pub(super) const KEPT_DAYS: i64 = 14;

/// A question of this region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Its record.
    pub at: RecordRef,
    /// What is looked for.
    pub wanted: Wanted,
    /// When it was asked.
    pub said: Time,
}

/// This region's answer to another's question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Its record.
    pub at: RecordRef,
    /// About how many typed donors fit.
    pub band: Band,
    /// Whom to telephone about them, and where.
    pub phones: Vec<(SiteId, Duty)>,
    /// When it was answered.
    pub said: Time,
}

/// What other regions may hold: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Own questions, by their records' hashes.
    pub asks: OrdMap<Digest, Ask>,
    /// Own answers, by the questions' hashes.
    pub answers: OrdMap<Digest, Answer>,
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, event: &Event, meta: &Meta) {
    let over = |said: Time| said.plus_days(KEPT_DAYS) < meta.recorded;
    let asks: Vec<_> =
        shared.asks.iter().filter(|(_, one)| over(one.said)).map(|(id, _)| *id).collect();
    // An answer is kept longer than its question can be known to anybody, lest it be given twice.
    let old = |said: Time| said.plus_days(2 * KEPT_DAYS) < meta.recorded;
    let answers: Vec<_> =
        shared.answers.iter().filter(|(_, one)| old(one.said)).map(|(id, _)| *id).collect();
    asks.iter().for_each(|id| drop(shared.asks.remove(id)));
    answers.iter().for_each(|id| drop(shared.answers.remove(id)));
    match event {
        Event::Asked(asked, _) => {
            let (at, wanted) = (meta.at.clone(), asked.wanted.clone());
            shared.asks.insert(meta.at.hash, Ask { at, wanted, said: meta.recorded });
        }
        Event::Answered(said, _) => {
            let answer = Answer {
                at: meta.at.clone(),
                band: said.band,
                phones: said.phones.clone(),
                said: meta.recorded,
            };
            shared.answers.insert(said.ask.hash, answer);
        }
    }
}
