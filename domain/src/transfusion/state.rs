//! Requests that are not closed: a fold over a region's events.

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use super::event::{CameToEnd, Decided, Event, GivenOut, PaperEntered, Presumed, Requested};
use super::model::{
    Allocation, Capacity, Decision, Discrepancy, DiscrepancyKind, Ended, Exception, Given, Open,
    PaperKind, Reaction, ReactionId,
};
use crate::blood::model::UnitId;
use crate::words::{ActorId, Known, Meta, PatientId, Private, RequestId, Time};

/// What other regions may hold: nothing of single people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Requests that are not closed.
    pub requests: OrdMap<RequestId, Open>,
    /// Open requests by patient.
    pub by_patient: OrdMap<PatientId, OrdSet<RequestId>>,
    /// Units that are with a ward, by the request that they were handed out for.
    pub with_wards: OrdMap<UnitId, RequestId>,
    /// Units that count as given because nobody said otherwise, as long as their request is open.
    pub presumed: OrdMap<UnitId, RequestId>,
    /// Reactions that nobody has judged, and those judged since.
    pub reactions: OrdMap<ReactionId, Reaction>,
    /// Numbers of paper lines that were entered.
    pub papers: OrdSet<String>,
    /// What did not agree beside no request.
    pub loose: Vector<(Time, Discrepancy)>,
}

/// So many requests and reactions that are done stay at hand; the record has them all.
const REACTIONS_KEPT: usize = 500;

impl Own {
    /// Everything of a patient that waits to be gone through.
    #[must_use]
    pub fn unreconciled(&self, patient: &PatientId) -> bool {
        let requests = self.by_patient.get(patient).into_iter().flatten();
        requests.filter_map(|id| self.requests.get(id)).any(Open::waits)
    }

    fn open(&mut self, id: &RequestId) -> Option<&mut Open> {
        self.requests.get_mut(id)
    }

    fn link(&mut self, patient: Option<&PatientId>, id: &RequestId) {
        if let Some(patient) = patient {
            self.by_patient.entry(patient.clone()).or_default().insert(id.clone());
        }
    }

    fn close(&mut self, id: &RequestId) {
        let Some(open) = self.requests.remove(id) else { return };
        for unit in open.ended.keys() {
            self.presumed.remove(unit);
        }
        let Some(patient) = &open.request.patient else { return };
        if let Some(requests) = self.by_patient.get_mut(patient) {
            requests.remove(id);
            if requests.is_empty() {
                self.by_patient.remove(patient);
            }
        }
    }

    /// A request that was filled and has nothing outstanding leaves the state.
    fn close_if_done(&mut self, id: &RequestId) {
        let Some(open) = self.requests.get(id) else { return };
        let running = open.course.as_ref().is_some_and(|course| course.stopped.is_none());
        let filled = open.course.is_some() || open.handed_out() >= open.request.units.into();
        if filled && !running && !open.waits() && open.issued.is_empty() {
            self.close(id);
        }
    }
}

/// Folds one event in.
pub fn apply(_shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    let Some(own) = own else { return };
    match event {
        Event::Requested(_, Private::Here(asked)) => requested(own, asked, meta),
        Event::Cancelled(_, Private::Here(closed)) => {
            let outstanding = own
                .requests
                .get(&closed.id)
                .is_some_and(|open| !open.issued.is_empty() || open.unreconciled.is_some());
            if outstanding {
                // What is with the ward is still to come back: nothing more is asked for.
                if let Some(open) = own.open(&closed.id) {
                    open.request.units = u16::try_from(open.handed_out()).unwrap_or(u16::MAX);
                    stop(open, meta.happened);
                }
            } else {
                own.close(&closed.id);
            }
        }
        Event::Allocated(_, Private::Here(aside)) => {
            let allocation = Allocation {
                at: meta.happened,
                by: meta.actor.clone(),
                antibodies: aside.antibodies,
            };
            if let Some(open) = own.open(&aside.id) {
                for unit in &aside.units {
                    open.allocated.insert(*unit, allocation.clone());
                }
            }
        }
        Event::Crossmatched(_, Private::Here(read)) => {
            if let Some(open) = own.open(&read.id) {
                open.crossmatches.insert(read.unit, read.crossmatch.clone());
            }
        }
        Event::Decided(_, Private::Here(decided)) => decide(own, decided, meta),
        Event::Issued(_, Private::Here(given)) => issued(own, given, meta),
        Event::PackagesStopped(_, Private::Here(closed)) => {
            if let Some(open) = own.open(&closed.id) {
                stop(open, meta.happened);
            }
            own.close_if_done(&closed.id);
        }
        _ => apply_after(own, event, meta),
    }
}

fn apply_after(own: &mut Own, event: &Event, meta: &Meta) {
    match event {
        Event::Reconciled(_, Private::Here(gone)) => {
            own.link(Some(&gone.patient), &gone.id);
            if let Some(open) = own.open(&gone.id) {
                open.request.patient = Some(gone.patient.clone());
                open.unreconciled = None;
                open.discrepancies.extend(gone.found.iter().cloned());
            }
            own.close_if_done(&gone.id);
        }
        Event::Settled(_, Private::Here(closed)) => {
            if let Some(open) = own.open(&closed.id) {
                open.discrepancies.clear();
            }
            own.close_if_done(&closed.id);
        }
        Event::Checked(_, Private::Here(checked)) => {
            let given = checked.id.as_ref().and_then(|id| own.requests.get_mut(id));
            if let Some(given) = given.and_then(|open| open.issued.get_mut(&checked.unit)) {
                given.checked = Some((meta.happened, checked.said));
            }
        }
        Event::Ended(_, Private::Here(ended)) => came_to_end(own, ended),
        Event::Presumed(_, Private::Here(presumed)) => presume(own, presumed, meta),
        Event::LooseSettled(_, Private::Here(settled)) => {
            own.loose.retain(|(at, one)| one.unit != settled.unit || *at != settled.found);
        }
        Event::Reacted(_, Private::Here(reacted)) => {
            own.reactions.insert(reacted.id.clone(), reacted.reaction.clone());
            if own.reactions.len() > REACTIONS_KEPT {
                let judged = own.reactions.iter().find(|(_, one)| one.assessed_by.is_some());
                if let Some(id) = judged.map(|(id, _)| id.clone()) {
                    own.reactions.remove(&id);
                }
            }
        }
        Event::Assessed(_, Private::Here(assessed)) => {
            if let Some(reaction) = own.reactions.get_mut(&assessed.id) {
                reaction.category = assessed.category;
                reaction.imputability = assessed.imputability;
                reaction.assessed_by = Some(meta.actor.clone());
            }
        }
        Event::PaperEntered(_, Private::Here(entered)) => paper(own, entered, meta),
        _ => {}
    }
}

fn stop(open: &mut Open, at: Time) {
    if let Some(course) = &mut open.course {
        course.stopped = Some(course.stopped.unwrap_or(at));
    }
}

/// A request as it begins.
pub(super) fn opened(asked: &Requested, at: Time, by: &ActorId) -> Open {
    Open {
        request: asked.request.clone(),
        asked: at,
        by: by.clone(),
        allocated: OrdMap::new(),
        crossmatches: OrdMap::new(),
        exceptions: Vector::new(),
        bags: OrdMap::new(),
        issued: OrdMap::new(),
        ended: OrdMap::new(),
        course: asked.course.clone(),
        unreconciled: None,
        discrepancies: Vector::new(),
    }
}

fn requested(own: &mut Own, asked: &Requested, meta: &Meta) {
    own.link(asked.request.patient.as_ref(), &asked.id);
    own.requests.insert(asked.id.clone(), opened(asked, meta.happened, &meta.actor));
}

fn decide(own: &mut Own, decided: &Decided, meta: &Meta) {
    let Some(open) = own.open(&decided.id) else { return };
    let said = &decided.decision;
    let decision = Decision {
        physician: said.physician.clone(),
        recorded_by: meta.actor.clone(),
        at: meta.happened,
        reason: said.reason.clone(),
        until: said.until,
    };
    let place = open.exceptions.iter().position(|one| one.rule == said.rule);
    let place = place.unwrap_or_else(|| {
        let (transfusion, treating) = (None, None);
        open.exceptions.push_back(Exception { rule: said.rule, transfusion, treating });
        open.exceptions.len() - 1
    });
    if let Some(exception) = open.exceptions.get_mut(place) {
        match said.capacity {
            Capacity::Transfusion => exception.transfusion = Some(decision),
            Capacity::Treating => exception.treating = Some(decision),
        }
    }
}

fn issued(own: &mut Own, given: &GivenOut, meta: &Meta) {
    let Some(open) = own.requests.get_mut(&given.id) else { return };
    for passed in &given.units {
        open.allocated.remove(&passed.unit);
        open.ended.remove(&passed.unit);
        let one = Given {
            at: meta.happened,
            by: meta.actor.clone(),
            fetched_by: given.fetched_by.clone(),
            route: passed.route,
            antibodies: given.antibodies,
            checked: None,
        };
        open.bags.insert(passed.unit, passed.bag);
        open.issued.insert(passed.unit, one);
        own.with_wards.insert(passed.unit, given.id.clone());
    }
    if given.to_reconcile {
        open.unreconciled = Some(open.unreconciled.unwrap_or(meta.happened));
    }
    if let Some(course) = &mut open.course {
        course.packages = course.packages.saturating_add(1);
        course.last = Some(meta.happened);
    }
}

/// Nobody said what became of them: they count as given, and wait for somebody to find out.
fn presume(own: &mut Own, presumed: &Presumed, meta: &Meta) {
    for unit in &presumed.units {
        own.with_wards.remove(unit);
        let Some(open) = own.requests.get_mut(&presumed.id) else { continue };
        open.issued.remove(unit);
        open.ended.insert(*unit, Ended::Presumed { at: meta.happened });
        open.discrepancies.push_back(Discrepancy {
            unit: *unit,
            kind: DiscrepancyKind::NotReported,
            rule: "transfuse.within_hours".into(),
            found: meta.happened,
        });
        own.presumed.insert(*unit, presumed.id.clone());
    }
}

fn came_to_end(own: &mut Own, ended: &CameToEnd) {
    for unit in &ended.units {
        let presumed = own.presumed.remove(unit);
        let Some(id) = own.with_wards.remove(unit).or(presumed) else { continue };
        if let Some(open) = own.requests.get_mut(&id) {
            open.issued.remove(unit);
            let unsaid = DiscrepancyKind::NotReported;
            open.discrepancies.retain(|one| one.unit != *unit || one.kind != unsaid);
            open.ended.insert(*unit, ended.ended.clone());
        }
    }
    match ended.id.as_ref().and_then(|id| own.requests.get_mut(id)) {
        Some(open) => open.discrepancies.extend(ended.found.iter().cloned()),
        None => own.loose.extend(ended.found.iter().map(|found| (found.found, found.clone()))),
    }
    if let Some(id) = &ended.id {
        own.close_if_done(id);
    }
}

fn paper(own: &mut Own, entered: &PaperEntered, meta: &Meta) {
    own.papers.insert(entered.paper.number.clone());
    let asked =
        Requested { id: entered.id.clone(), request: entered.request.clone(), course: None };
    let mut open = opened(&asked, meta.happened, &meta.actor);
    open.bags.extend(entered.bag.map(|bag| (entered.paper.unit, bag)));
    let known = !entered.found.iter().any(|found| found.kind.keeps_out_of_stock());
    if entered.paper.kind == PaperKind::Transfused {
        open.ended.insert(entered.paper.unit, Ended::Transfused { at: entered.paper.at });
    } else if known {
        let given = Given {
            at: entered.paper.at,
            by: meta.actor.clone(),
            fetched_by: entered.paper.signed.clone(),
            route: super::gate::Route::Paper,
            antibodies: Known::Unknown,
            checked: None,
        };
        open.issued.insert(entered.paper.unit, given);
        own.with_wards.insert(entered.paper.unit, entered.id.clone());
    }
    open.discrepancies.extend(entered.found.iter().cloned());
    open.unreconciled = entered.paper.patient.is_none().then_some(meta.happened);
    own.link(entered.paper.patient.as_ref(), &entered.id);
    own.requests.insert(entered.id.clone(), open);
    own.close_if_done(&entered.id);
}
