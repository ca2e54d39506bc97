//! Capacity, statements, promises and loans as they stand.

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::model::{
    Capacity, Field, Helicopter, Material, Shortfall, Source, Statement, Unit, UnitStage,
};
use crate::words::{AlarmId, Digest, IncidentId, JournalId, Known, Meta, RecordRef, SiteId, Time};

/// What was said, and when it was known here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said<T> {
    /// What.
    pub what: T,
    /// Its record.
    pub at: RecordRef,
    /// When.
    pub said: Time,
}

/// What a region promised by one alarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pledged {
    /// Transports, with where each is and since when.
    pub units: Vector<(Unit, UnitStage, Time)>,
    /// How many were agreed.
    pub quota: u16,
    /// Why they are fewer.
    pub shortfall: Option<Shortfall>,
    /// When it was said.
    pub said: Time,
}

/// A need, an offer, an acceptance or a loan of this region's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Its record.
    pub at: RecordRef,
    /// What kind of event made it.
    pub kind: String,
    /// What it is about.
    pub material: Material,
    /// The other region's record that it answers.
    pub answers: Option<RecordRef>,
    /// When.
    pub said: Time,
}

/// A region's statements about one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    /// How many reports there are.
    pub version: u32,
    /// When the next comes.
    pub next: Option<Known<Time>>,
    /// The last statement of each function about each field.
    pub said: OrdMap<(Field, Source), Said<Statement>>,
}

/// What other regions may hold: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The last report of each hospital.
    pub capacity: OrdMap<SiteId, Said<Capacity>>,
    /// What is said of incidents, by whose they are.
    pub situations: OrdMap<(JournalId, IncidentId), Situation>,
    /// What is promised, by alarm.
    pub pledged: OrdMap<(JournalId, AlarmId), Pledged>,
    /// Helicopters, by base.
    pub helicopters: OrdMap<String, Said<Helicopter>>,
    /// Needs, offers, acceptances, loans and returns, by their records' hashes.
    pub lots: OrdMap<Digest, Lot>,
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, event: &Event, meta: &Meta) {
    let said = meta.recorded;
    match event {
        Event::CapacityReported(capacity, _) => {
            let newer = shared.capacity.get(&capacity.site);
            if newer.is_none_or(|held| held.what.valid <= capacity.valid) {
                shared.capacity.insert(capacity.site.clone(), noted(capacity, meta));
            }
        }
        Event::SituationReported(reported, _) => {
            let key = (reported.of.clone(), reported.incident.clone());
            let held = shared.situations.entry(key).or_default();
            held.version = reported.version;
            held.next = Some(reported.next);
            for one in &reported.statements {
                let key = (one.field, one.source);
                // What was so later holds, in whichever order it became known.
                if held.said.get(&key).is_none_or(|held| held.what.valid <= one.valid) {
                    held.said.insert(key, noted(one, meta));
                }
            }
        }
        Event::Pledged(pledge, _) => {
            let units = pledge.units.iter().map(|unit| (unit.clone(), UnitStage::Pledged, said));
            let pledged = Pledged {
                units: units.collect(),
                quota: pledge.quota,
                shortfall: pledge.shortfall.clone(),
                said,
            };
            shared.pledged.insert((pledge.of.clone(), pledge.alarm.clone()), pledged);
        }
        Event::Moved(moved, _) => {
            let key = (moved.of.clone(), moved.alarm.clone());
            let unit = shared.pledged.get_mut(&key);
            if let Some(unit) = unit.and_then(|held| held.units.get_mut(usize::from(moved.unit))) {
                (unit.1, unit.2) = (moved.to, said);
            }
        }
        Event::HelicopterReported(helicopter, _) => {
            let newer = shared.helicopters.get(&helicopter.base);
            if newer.is_none_or(|held| held.what.valid <= helicopter.valid) {
                shared.helicopters.insert(helicopter.base.clone(), noted(helicopter, meta));
            }
        }
        Event::Needed(material, _) | Event::Offered(material, _) => {
            lot(shared, event, material, material.answers.as_ref(), meta);
        }
        Event::Accepted(one, _) | Event::Lent(one, _) | Event::Returned(one, _) => {
            lot(shared, event, &one.material, Some(&one.record), meta);
        }
    }
}

fn noted<T: Clone>(what: &T, meta: &Meta) -> Said<T> {
    Said { what: what.clone(), at: meta.at.clone(), said: meta.recorded }
}

fn lot(
    shared: &mut Shared,
    event: &Event,
    material: &Material,
    answers: Option<&RecordRef>,
    meta: &Meta,
) {
    let kind = event.encode().kind.to_owned();
    let (material, answers) = (material.clone(), answers.cloned());
    let (at, said) = (meta.at.clone(), meta.recorded);
    shared.lots.insert(meta.at.hash, Lot { at, kind, material, answers, said });
}

impl Shared {
    /// Whether a record of another region was answered by an event of a kind.
    #[must_use]
    pub fn answered(&self, record: &RecordRef, kind: &str) -> bool {
        self.lots.values().any(|lot| lot.kind == kind && lot.answers.as_ref() == Some(record))
    }
}
