//! Which units come into question for a request, in what order, and why.

use super::super::gate::Verdict;
use super::super::model::{Kind, Open};
use super::gate_of;
use crate::Region;
use crate::blood::model::{Component, Recipient};
use crate::blood::rules::compatible::{Place, Policies};
use crate::blood::view::select::{Choice, Wanted, best};
use crate::patients::view::serology;
use crate::rulesets::{InForce, Key, Span, key};
use crate::words::{Day, Known, RequestId, SiteId, Time};

/// How old a unit is, where the recipient needs a fresh one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// Within the region's limit.
    Fresh,
    /// The region states no limit, or the age is not known: the freshest first.
    NotKnown,
    /// Older than the limit.
    Old,
}

/// A unit that comes into question.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Which, where, and its group's place in the order.
    pub choice: Choice,
    /// How old, where it matters.
    pub freshness: Option<Freshness>,
    /// Whether it lies where the request went.
    pub here: bool,
    /// What the gate says.
    pub gate: Verdict,
}

impl Candidate {
    /// Why its group has its place.
    #[must_use]
    pub const fn reason(&self) -> Place {
        self.choice.step.reason
    }
}

/// How many units are looked at before freshness and the gate have their say.
const LOOKED_AT: usize = 60;

/// The units for a request, best first: by the order of groups, the request's own site first,
/// then the next to expire; for newborns and exchange transfusions the freshest first.
#[must_use]
pub fn candidates(
    region: &Region,
    rules: &InForce,
    (id, held): (&RequestId, &Open),
    component: Component,
    now: Time,
    n: usize,
) -> Vec<Candidate> {
    let request = &held.request;
    let patient = request.patient.as_ref();
    let known = patient.and_then(|one| serology(&region.own.patients, Some(rules), one, now));
    let emergency = request.urgency.is_emergency();
    let certain = known.as_ref().is_some_and(|one| !one.conflict && !one.provisional);
    let base = known.as_ref().map_or(request.estimate.recipient(), |one| one.recipient);
    let mut recipient = Recipient { requirements: request.requires(base.requirements), ..base };
    if emergency && !certain {
        recipient.group = Known::Unknown;
    }
    let fresh = wants_fresh(rules, &recipient, request.kind) && component == Component::RedCells;
    let policies = Policies::of(Some(rules));
    let look = |sites: &[SiteId], count: usize| {
        let urgency = request.urgency.compatible();
        let wanted = Wanted { component, recipient: &recipient, urgency, sites };
        best(&region.shared.blood, &policies, now, &wanted, count)
    };
    let mut all = look(std::slice::from_ref(&request.site), LOOKED_AT);
    let elsewhere = look(&[], LOOKED_AT);
    all.extend(elsewhere.into_iter().filter(|choice| choice.site != request.site));
    let judged = all.into_iter().filter_map(|choice| {
        let unit = region.shared.blood.units.get(&choice.id)?;
        let here = choice.site == request.site;
        let freshness = fresh.then(|| freshness(rules, unit, now));
        let gate = gate_of(region, rules, (id, held), (choice.id, unit), now);
        Some(Candidate { choice, freshness, here, gate })
    });
    let mut judged: Vec<_> = judged.collect();
    judged.sort_by_key(|one| {
        let expiry = one.choice.expiry.0;
        let by_date = if fresh { -expiry } else { expiry };
        let set_aside = one.gate.may_be_set_aside();
        (!set_aside, one.freshness, one.choice.step.place, !one.here, by_date, one.choice.id)
    });
    judged.truncate(n);
    judged
}

/// Whether fresh units are wanted: for exchange transfusions, before birth, and for infants.
fn wants_fresh(rules: &InForce, recipient: &Recipient, kind: Kind) -> bool {
    let limit = rules.months(key::INFANT_MONTHS);
    let infant = limit.is_ok_and(|months| recipient.age.under_months(months) == Known::Value(true));
    infant || matches!(kind, Kind::Exchange | Kind::Intrauterine)
}

fn freshness(rules: &InForce, unit: &crate::blood::model::Unit, now: Time) -> Freshness {
    let Ok(limit) = rules.days(key::INFANT_RED_CELLS_FRESH_DAYS) else {
        return Freshness::NotKnown;
    };
    // The label says when it expires; by the region's own shelf life that says when it was made.
    let shelf = Key::find(&format!("shelf_life.{}", unit.product));
    let Some(Ok(Span::Days(life))) = shelf.map(|key| rules.span(key)) else {
        return Freshness::NotKnown;
    };
    let oldest = Day::of(now).plus_days(life).starts();
    let age_left = oldest.since(unit.expiry) / 86_400_000_000;
    if age_left <= i64::from(limit) { Freshness::Fresh } else { Freshness::Old }
}
