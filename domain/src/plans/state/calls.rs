//! Weeks of a call-up plan that were adopted, and what donors were told of.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::super::event::{AdoptedWeek, Event, StrataTold};
use super::super::model::{DrawnLine, Lists};
use super::Shared;
use crate::words::{Day, Digest, Meta, Private, RecordRef, Time};

/// Weeks are kept so many days in the state after they began; the record keeps them.
const KEPT_DAYS: i64 = 182;

/// A week of a call-up plan that was adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptedCalls {
    /// Its record.
    pub at: RecordRef,
    /// When.
    pub said: Time,
    /// The week.
    pub week: AdoptedWeek,
}

/// What was told of donors, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellingOfStrata {
    /// Its record.
    pub at: RecordRef,
    /// When.
    pub said: Time,
    /// What.
    pub told: StrataTold,
}

/// Who was drawn for a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// By stratum.
    pub lines: Vec<DrawnLine>,
    /// The lists they were put on.
    pub lists: Lists,
    /// When.
    pub made: Time,
    /// By which rules.
    pub rule_set: Digest,
    /// In words.
    pub note: Option<String>,
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Who was drawn for adopted weeks, by their Mondays.
    pub drawn: OrdMap<Day, Drawn>,
}

pub(super) fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    let (at, said) = (meta.at.clone(), meta.recorded);
    match event {
        Event::CallUpAdopted(week, private) => {
            let today = Day::of(said);
            let monday = week.week;
            drop_old(&mut shared.call_ups, today);
            shared.call_ups.insert(monday, AdoptedCalls { at, said, week: week.clone() });
            let (Some(own), Private::Here(drawn)) = (own, private) else { return };
            drop_old(&mut own.drawn, today);
            let drawn = Drawn {
                lines: drawn.lines.clone(),
                lists: drawn.lists.clone(),
                made: said,
                rule_set: drawn.rule_set,
                note: drawn.note.clone(),
            };
            own.drawn.insert(monday, drawn);
        }
        Event::CallUpWithdrawn(gone, _) => {
            shared.call_ups.remove(&gone.week);
            if let Some(own) = own {
                own.drawn.remove(&gone.week);
            }
        }
        Event::StrataTold(told, _) => {
            shared.strata = Some(TellingOfStrata { at, said, told: told.clone() });
        }
        _ => {}
    }
}

fn drop_old<T: Clone>(weeks: &mut OrdMap<Day, T>, today: Day) {
    while let Some((day, _)) = weeks.get_min().filter(|(day, _)| today.days_since(*day) > KEPT_DAYS)
    {
        let day = *day;
        weeks.remove(&day);
    }
}
