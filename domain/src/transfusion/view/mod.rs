//! What may be seen of requests: only in their own region.

mod choose;
mod work;

pub use super::model::Freshness;
pub use super::rules::{Fitness, bedside, fitness};
pub(super) use choose::best_here;
pub use choose::{Candidate, candidates};
pub use work::{LAPSING_HOURS, Lists, UNRETURNED_HOURS, Unreturned, Waiting, lists};

use super::gate::{Case, Verdict, cells_harm, gate};
use super::model::{ExceptionRule, Open, Request};
use super::state::Own;
use crate::Region;
use crate::blood::model::{Antibodies, Component, Din, Group, Requirements, Unit, UnitId};
use crate::blood::rules::give;
use crate::donations::elsewhere::Elsewhere;
use crate::patients::view::{Serology, serology};
use crate::rulesets::{InForce, Scope};
use crate::words::{Known, Others, PatientId, RequestId, Time};

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

/// Whether a donation in a unit is withdrawn, here or by what is held here of other regions.
#[must_use]
pub fn withdrawn(region: &Region, elsewhere: &Elsewhere<'_>, unit: &UnitId) -> bool {
    let Region { shared, .. } = region;
    let named = |din: &Din| shared.donations.withdrawn.contains_key(din);
    let inside = || shared.blood.donations_in(unit).iter().any(named);
    named(&unit.din) || inside() || elsewhere.stops(unit).is_some()
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

/// A request with what does not depend on the unit, gathered once for as many as are looked at.
pub(super) struct Asking<'a> {
    pub(super) region: &'a Region,
    elsewhere: Elsewhere<'a>,
    pub(super) rules: &'a InForce,
    pub(super) id: &'a RequestId,
    pub(super) held: &'a Open,
    pub(super) known: Option<Serology>,
    exceptions: Vec<ExceptionRule>,
    unreconciled: bool,
    pub(super) now: Time,
}

impl<'a> Asking<'a> {
    pub(super) fn of(
        (region, others): (&'a Region, Others<'a>),
        rules: &'a InForce,
        (id, held): (&'a RequestId, &'a Open),
        now: Time,
    ) -> Self {
        let patient = held.request.patient.as_ref();
        let known = patient.and_then(|one| serology(&region.own.patients, Some(rules), one, now));
        let family = patient.map(|one| region.own.patients.family(one)).unwrap_or_default();
        let unreconciled = family.iter().any(|one| region.own.transfusion.unreconciled(one));
        let exceptions = held.excepted(now);
        let elsewhere = Elsewhere::of(&region.shared, others);
        Self { region, elsewhere, rules, id, held, known, exceptions, unreconciled, now }
    }

    /// What the gate says of one unit.
    pub(super) fn gate(&self, unit_id: UnitId, unit: &Unit) -> Verdict {
        let Self { region, held, .. } = self;
        let lacking = give::lacking(self.rules, &unit_id, unit, self.now);
        let aside = region.own.blood.request_of.get(&unit_id) == Some(self.id);
        let allocated = held.allocated.get(&unit_id).filter(|_| aside);
        let crossmatch = held.crossmatches.get(&unit_id);
        let then = allocated.map(|one| match crossmatch {
            Some(read) if read.at >= one.at => read.antibodies,
            _ => one.antibodies,
        });
        gate(&Case {
            patient: self.known.as_ref(),
            estimate: held.request.estimate,
            requirements: held.request.requires(Requirements::NONE),
            urgency: held.request.urgency,
            id: unit_id,
            unit,
            lacking: lacking.as_deref(),
            withdrawn: withdrawn(region, &self.elsewhere, &unit_id),
            crossmatch,
            known_then: then,
            unreconciled: self.unreconciled,
            exceptions: &self.exceptions,
            rules: self.rules,
            now: self.now,
        })
    }
}

/// The gate for one unit of a request, as it stands at a moment, by the own record and by what is
/// held here of others.
#[must_use]
pub fn gate_of(
    here: (&Region, Others<'_>),
    rules: &InForce,
    asked: (&RequestId, &Open),
    (unit_id, unit): (UnitId, &Unit),
    now: Time,
) -> Verdict {
    Asking::of(here, rules, asked, now).gate(unit_id, unit)
}
