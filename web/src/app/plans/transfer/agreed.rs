//! Proposals that somebody has said yes to and that are not on their way yet: the plan reckons
//! with them, so that nobody is asked for the same bag twice.

use samband_domain::blood::view::picture::Part;
use samband_domain::blood::view::supply::{Standing, Talk, talks};
use samband_domain::plans;
use samband_domain::plans::Accepted;
use samband_domain::plans::model::{Outcome, Proposal};
use samband_domain::{JournalId, Time};

use super::Asked;

/// A proposal with the units that are still to be sent of it.
#[derive(Clone, Copy)]
pub(super) struct Agreed<'a> {
    pub(super) proposal: &'a Proposal,
    pub(super) units: u32,
}

/// Every one of a component. Two regions may have said yes to the same: it counts once.
pub(super) fn agreed<'a>(
    regions: &[(Part<'a>, &'a plans::Shared)],
    asked: Asked,
    now: Time,
) -> Vec<Agreed<'a>> {
    let parts: Vec<_> = regions.iter().map(|(part, _)| *part).collect();
    let talks = talks(&parts, now);
    let mut all: Vec<Agreed<'a>> = Vec::new();
    for (part, plans) in regions {
        let of = |one: &&Accepted| one.proposal.arc.component == asked.component;
        for held in plans.accepted.values().filter(of) {
            let units = left(&parts, &talks, (part.journal, held), now);
            let same = |one: &&mut Agreed<'a>| {
                one.proposal.arc == held.proposal.arc && one.proposal.leaves == held.proposal.leaves
            };
            match all.iter_mut().find(same) {
                Some(one) => one.units = one.units.max(units),
                None => all.push(Agreed { proposal: &held.proposal, units }),
            }
        }
    }
    all.retain(|one| one.units > 0);
    all
}

/// How many of it nobody has sent, declined or taken back.
fn left(
    parts: &[Part<'_>],
    talks: &[Talk<'_>],
    (by, held): (&JournalId, &Accepted),
    now: Time,
) -> u32 {
    if held.outcome == Outcome::Telephone {
        // Nobody writes down here when another system's units leave: its next count tells.
        let place = &held.proposal.arc.from;
        let part = parts.iter().find(|part| *part.journal == place.region);
        let told = part.and_then(|part| part.stock.external.get(&place.site));
        let counted = told.is_some_and(|told| told.value.as_of >= held.proposal.leaves);
        return if counted || held.proposal.arrives <= now { 0 } else { held.units };
    }
    match call_of(talks, by, held) {
        Some(talk) if talk.standing == Standing::Waiting => held.units,
        Some(talk) if talk.standing == Standing::Promised => talk.left(),
        _ => 0,
    }
}

/// The call that a region's yes led to. It was made in the same decision: it is the record after
/// the yes.
#[must_use]
pub fn call_of<'t, 'a>(
    talks: &'t [Talk<'a>],
    by: &JournalId,
    held: &Accepted,
) -> Option<&'t Talk<'a>> {
    let made = |talk: &&Talk<'_>| {
        let at = &talk.call.at;
        talk.from_region == by && (at.epoch, at.seq) == (held.at.epoch, held.at.seq + 1)
    };
    talks.iter().find(made).filter(|_| held.outcome != Outcome::Telephone)
}
