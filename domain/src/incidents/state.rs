//! Incidents as they stand, and when each thing became known.

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::event::{self, Event};
use super::model::{Assessment, CareMode, Duty, Report, Resolution, Stage};
use crate::words::{ActorId, AlarmId, Digest, IncidentId, Meta, RecordRef, SiteId, Time};

/// Closed incidents are kept so long in the state; the record keeps them.
const CLOSED_DAYS: i64 = 400;

/// Something that was said about an incident, when it was known here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its record.
    pub at: RecordRef,
    /// When it happened, by whoever said so.
    pub happened: Time,
    /// When it was known here.
    pub known: Time,
}

/// A measure that was decided on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// What.
    pub resolution: Resolution,
    /// How many have to sign it.
    pub deciders: u8,
    /// Who has.
    pub signed: Vec<(ActorId, Time)>,
    /// When it is looked at again; none once it ended.
    pub review: Option<Time>,
    /// When it ended.
    pub ended: Option<Time>,
}

impl Taken {
    /// Since when it holds: since the last of those who have to has signed.
    #[must_use]
    pub fn since(&self) -> Option<Time> {
        let last = usize::from(self.deciders.max(1)) - 1;
        self.signed.get(last).map(|(_, at)| *at)
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.ended.is_none() && self.since().is_some()
    }
}

/// A duty that a region was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Its record: the region that has it names it by this.
    pub at: RecordRef,
    /// What, whose, by when.
    pub duty: Duty,
    /// When it was said.
    pub said: Time,
    /// When it was dropped, and why.
    pub dropped: Option<(Time, String)>,
}

/// The last that was said of a duty of the own region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutySaid {
    /// What.
    pub what: event::DutyReported,
    /// Its record.
    pub at: RecordRef,
    /// When.
    pub said: Time,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// How far it has come.
    pub stage: Stage,
    /// What was known at first, or when it was raised.
    pub report: Report,
    /// When each stage was reached.
    pub reached: OrdMap<Stage, Time>,
    /// The last assessment.
    pub assessment: Option<(Assessment, Time)>,
    /// Its alarms, in order.
    pub alarms: Vector<AlarmId>,
    /// Measures, in order.
    pub taken: Vector<Taken>,
    /// Everything said about it, in the order in which it was known.
    pub entries: Vector<Entry>,
    /// What regions do afterwards, in order.
    #[serde(default)]
    pub duties: Vector<Assigned>,
}

/// What other regions may hold: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Incidents.
    pub incidents: OrdMap<IncidentId, Incident>,
    /// Modes, with when they were set: of the region (none) and of hospitals.
    pub modes: OrdMap<Option<SiteId>, (CareMode, Time)>,
    /// What was last said of this region's own duties, by the hash of the record that gave each.
    #[serde(default)]
    pub duties: OrdMap<Digest, DutySaid>,
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, event: &Event, meta: &Meta) {
    let known = meta.recorded;
    match event {
        Event::Opened(opened, _) => {
            forget(shared, known);
            let incident = Incident {
                stage: Stage::Draft,
                report: opened.report.clone(),
                reached: OrdMap::unit(Stage::Draft, known),
                assessment: None,
                alarms: Vector::new(),
                taken: Vector::new(),
                entries: Vector::new(),
                duties: Vector::new(),
            };
            shared.incidents.insert(opened.incident.clone(), incident);
        }
        Event::ModeSet(set, _) => drop(shared.modes.insert(set.site.clone(), (set.mode, known))),
        Event::DutyReported(said, _) => {
            let (key, at) = (said.record.hash, meta.at.clone());
            shared.duties.insert(key, DutySaid { what: said.clone(), at, said: known });
        }
        _ => {}
    }
    let Some(held) = event.incident().and_then(|id| shared.incidents.get_mut(id)) else { return };
    held.entries.push_back(Entry { at: meta.at.clone(), happened: meta.happened, known });
    match event {
        Event::Reached(reached, _) => {
            held.stage = reached.stage;
            held.reached.entry(reached.stage).or_insert(known);
            held.alarms.extend(reached.alarm.iter().cloned());
        }
        Event::Assessed(assessed, _) => {
            held.assessment = Some((assessed.assessment.clone(), known));
        }
        Event::Resolved(resolved, _) => held.taken.push_back(Taken {
            resolution: resolved.resolution.clone(),
            deciders: resolved.deciders,
            signed: vec![(meta.actor.clone(), known)],
            review: Some(resolved.resolution.review),
            ended: None,
        }),
        Event::Seconded(second, _) => {
            if let Some(taken) = held.taken.get_mut(usize::from(second.resolution)) {
                taken.signed.push((second.by.clone(), known));
            }
        }
        Event::Reviewed(reviewed, _) => {
            if let Some(taken) = held.taken.get_mut(usize::from(reviewed.resolution)) {
                taken.review = reviewed.review;
                taken.ended = reviewed.review.is_none().then_some(known);
            }
        }
        Event::DutyAssigned(assigned, _) => held.duties.push_back(Assigned {
            at: meta.at.clone(),
            duty: assigned.duty.clone(),
            said: known,
            dropped: None,
        }),
        Event::DutyDropped(gone, _) => {
            if let Some(duty) = held.duties.get_mut(usize::from(gone.duty)) {
                duty.dropped = Some((known, gone.why.clone()));
            }
        }
        Event::Opened(..) | Event::Noted(..) | Event::ModeSet(..) | Event::DutyReported(..) => {}
    }
}

fn forget(shared: &mut Shared, now: Time) {
    let old = |held: &Incident| {
        held.reached.get(&Stage::Closed).is_some_and(|at| at.plus_days(CLOSED_DAYS) < now)
    };
    let over = shared.incidents.iter().filter(|(_, held)| old(held)).map(|(id, _)| id.clone());
    for id in over.collect::<Vec<_>>() {
        shared.incidents.remove(&id);
    }
}
