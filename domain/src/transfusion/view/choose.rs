//! Which units come into question for a request, in what order, and why.

use std::ops::ControlFlow;

use super::super::gate::Verdict;
use super::super::model::{Freshness, Kind, Open};
use super::Asking;
use crate::Region;
use crate::blood::model::{Component, Recipient, Unit};
use crate::blood::rules::compatible::{Place, Policies};
use crate::blood::view::select::{Age, Choice, Search, Wanted, seek};
use crate::rulesets::{InForce, Key, Span, key};
use crate::words::{Day, Known, Others, RequestId, SiteId, Time};

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

/// So many that may not be chosen are looked at before the search says that none may: what keeps
/// them back is then the patient's, not the unit's.
const LOOKED_AT: usize = 120;

/// Where fresh units are wanted, so many of each place in the order are compared by age.
const COMPARED: usize = 120;

/// The units for a request, best first: by the order of groups, the request's own site first,
/// then the next to expire; for newborns and exchange transfusions the freshest first. What may
/// be set aside comes before what may not; what expires before it is needed is not among them.
#[must_use]
pub fn candidates(
    here: (&Region, Others<'_>),
    rules: &InForce,
    asked: (&RequestId, &Open),
    component: Component,
    now: Time,
    n: usize,
) -> Vec<Candidate> {
    let asking = Asking::of(here, rules, asked, now);
    let (mut may, mut may_not) = (Vec::new(), Vec::new());
    asking.seek(component, &[], |candidate| {
        let found = if candidate.gate.may_be_set_aside() { &mut may } else { &mut may_not };
        found.push(candidate);
        enough(may.len() >= n || may_not.len() >= LOOKED_AT)
    });
    may.extend(may_not);
    may.truncate(n);
    may
}

fn enough(is_so: bool) -> ControlFlow<()> {
    if is_so { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// The best units at the request's own site.
pub(in crate::transfusion) struct Best {
    /// Those that may be set aside, best first.
    pub(in crate::transfusion) units: Vec<Candidate>,
    /// The best of those that may not.
    pub(in crate::transfusion) kept_back: Option<Candidate>,
}

/// The best `n` units for a request among those that lie where it went.
pub(in crate::transfusion) fn best_here(
    asking: &Asking<'_>,
    component: Component,
    n: usize,
) -> Best {
    let (mut units, mut kept_back, mut looked) = (Vec::new(), None, 0);
    let here = std::slice::from_ref(&asking.held.request.site);
    asking.seek(component, here, |candidate| {
        if candidate.gate.may_be_set_aside() {
            units.push(candidate);
        } else {
            looked += 1;
            kept_back.get_or_insert(candidate);
        }
        enough(units.len() >= n || looked >= LOOKED_AT)
    });
    Best { units, kept_back }
}

impl Asking<'_> {
    /// Who is looked for: what is known of the patient, or can be seen of somebody nobody named.
    fn recipient(&self) -> Recipient {
        let (request, known) = (&self.held.request, self.known.as_ref());
        let certain = known.is_some_and(|one| !one.conflict && !one.provisional);
        let base = known.map_or(request.estimate.recipient(), |one| one.recipient);
        let requirements = request.requires(base.requirements);
        let mut recipient = Recipient { requirements, ..base };
        if request.urgency.is_emergency() && !certain {
            recipient.group = Known::Unknown;
        }
        recipient
    }

    /// Shows the units that come into question at some sites, or at all, in the order in which
    /// they are to be chosen.
    fn seek(
        &self,
        component: Component,
        sites: &[SiteId],
        mut visit: impl FnMut(Candidate) -> ControlFlow<()>,
    ) {
        let Self { region, rules, held, now, .. } = *self;
        let (request, recipient) = (&held.request, self.recipient());
        let policies = Policies::of(Some(rules));
        let urgency = request.urgency.compatible();
        let wanted = Wanted { component, recipient: &recipient, urgency, sites };
        let units = &region.shared.blood.units;
        let mut show = |choice: Choice, freshness| {
            let Some(unit) = units.get(&choice.id) else { return ControlFlow::Continue(()) };
            let (here, gate) = (choice.site == request.site, self.gate(choice.id, unit));
            visit(Candidate { choice, freshness, here, gate })
        };
        // What expires before it is needed helps nobody.
        let lasting = now.max(request.needed);
        let search = Search { age: Age::OldestFirst, near: Some(&request.site), lasting };
        let fresh = wants_fresh(rules, &recipient, request.kind);
        if !fresh || component != Component::RedCells {
            seek(&region.shared.blood, &policies, &wanted, &search, |one| show(one, None));
            return;
        }
        let search = Search { age: Age::FreshestFirst(COMPARED), ..search };
        let mut compared = Vec::new();
        seek(&region.shared.blood, &policies, &wanted, &search, |choice| {
            let age = units.get(&choice.id).map(|unit| freshness(rules, unit, now));
            compared.push((choice, age));
            ControlFlow::Continue(())
        });
        compared.sort_by_key(|(_, age)| *age);
        let _ = compared.into_iter().try_for_each(|(choice, age)| show(choice, age));
    }
}

/// Whether fresh units are wanted: for exchange transfusions, before birth, and for infants.
fn wants_fresh(rules: &InForce, recipient: &Recipient, kind: Kind) -> bool {
    let limit = rules.months(key::INFANT_MONTHS);
    let infant = limit.is_ok_and(|months| recipient.age.under_months(months) == Known::Value(true));
    infant || matches!(kind, Kind::Exchange | Kind::Intrauterine)
}

fn freshness(rules: &InForce, unit: &Unit, now: Time) -> Freshness {
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
