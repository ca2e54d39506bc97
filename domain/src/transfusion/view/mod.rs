//! What may be seen of requests: only in their own region.

mod choose;
mod work;

pub use super::rules::{Fitness, bedside, fitness};
pub use choose::{Candidate, Freshness, candidates};
pub use work::{LAPSING_HOURS, Lists, UNRETURNED_HOURS, Unreturned, Waiting, lists};

use super::gate::{Case, Verdict, cells_harm, gate};
use super::model::{Open, Request};
use super::state::Own;
use crate::Region;
use crate::blood::model::{Antibodies, Component, Group, Requirements, Unit, UnitId};
use crate::blood::rules::give;
use crate::patients::view::{Serology, serology};
use crate::rulesets::{InForce, Scope};
use crate::words::{Known, PatientId, RequestId, Time};

/// Requests that are not closed, the most urgent first, then by when they are needed.
#[must_use]
pub fn open(own: &Own) -> Vec<(&RequestId, &Open)> {
    let mut all: Vec<_> = own.requests.iter().collect();
    let order = |request: &Request| (std::cmp::Reverse(request.urgency), request.needed);
    all.sort_by_key(|(id, open)| (order(&open.request), (*id).clone()));
    all
}

/// Whether two names mean one person: a reserve number may turn out to be somebody.
#[must_use]
pub fn same_person(region: &Region, one: &PatientId, other: &PatientId) -> bool {
    one == other || region.own.patients.family(one).contains(other)
}

/// What is known of a patient's blood.
#[must_use]
pub fn serology_of(region: &Region, patient: &PatientId, now: Time) -> Option<Serology> {
    let rules = region.shared.rulesets.in_force(Scope::Blood, now);
    serology(&region.own.patients, rules, patient, now)
}

/// Whether a unit's donation is withdrawn.
#[must_use]
pub fn withdrawn(region: &Region, unit: &UnitId) -> bool {
    region.shared.donations.withdrawn.contains_key(&unit.din)
}

/// Whether by what is known now a unit's cells are of an ABO group that harms the patient.
pub(super) fn cells_harm_now(known: &Serology, component: Component, unit: Known<Group>) -> bool {
    let cells =
        matches!(component, Component::RedCells | Component::WholeBlood | Component::Granulocytes);
    let groups = known.recipient.group.with(unit, |patient, unit| (patient.abo, unit.abo));
    cells && groups.value().is_some_and(|(patient, unit)| cells_harm(patient, unit))
}

/// The antibodies known of whom a request is for.
pub(super) fn known_antibodies(region: &Region, held: &Open, now: Time) -> Known<Antibodies> {
    let patient = held.request.patient.as_ref();
    let known = patient.and_then(|patient| serology_of(region, patient, now));
    known.map_or(Known::Unknown, |known| known.recipient.antibodies)
}

/// The gate for one unit of a request, as it stands at a moment.
#[must_use]
pub fn gate_of(
    region: &Region,
    rules: &InForce,
    (id, held): (&RequestId, &Open),
    (unit_id, unit): (UnitId, &Unit),
    now: Time,
) -> Verdict {
    let request = &held.request;
    let patient = request.patient.as_ref();
    let known = patient.and_then(|one| serology(&region.own.patients, Some(rules), one, now));
    let lacking = give::lacking(rules, &unit_id, unit, now);
    let exceptions = held.excepted(now);
    let aside = region.own.blood.request_of.get(&unit_id) == Some(id);
    let allocated = held.allocated.get(&unit_id).filter(|_| aside);
    let crossmatch = held.crossmatches.get(&unit_id);
    let then = allocated.map(|one| match crossmatch {
        Some(read) if read.at >= one.at => read.antibodies,
        _ => one.antibodies,
    });
    let family = patient.map(|one| region.own.patients.family(one)).unwrap_or_default();
    let unreconciled = family.iter().any(|one| region.own.transfusion.unreconciled(one));
    let case = Case {
        patient: known.as_ref(),
        estimate: request.estimate,
        requirements: request.requires(Requirements::NONE),
        urgency: request.urgency,
        id: unit_id,
        unit,
        lacking: lacking.as_deref(),
        withdrawn: withdrawn(region, &unit_id),
        crossmatch,
        known_then: then,
        unreconciled,
        exceptions: &exceptions,
        rules,
        now,
    };
    gate(&case)
}
