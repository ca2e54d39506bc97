//! The best units for a recipient: down the ladder of groups, oldest first, over the shelves'
//! order, so that a million units need not be looked at for ten.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::blood::model::{
    Antigen, Antigens, Attribute, Attributes, Candidate, Component, Recipient, Requirement, UnitId,
};
use crate::blood::rules::compatible::{Policies, Step, Urgency, Verdict, judge_by, ladder};
use crate::blood::shelf::{Shelf, Slot};
use crate::blood::state::Shared;
use crate::words::{Known, SiteId, Time};

/// For whom a unit is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Which component.
    pub component: Component,
    /// For whom.
    pub recipient: &'a Recipient,
    /// Whether a life is at stake.
    pub urgency: Urgency,
    /// Where: all sites if none are named.
    pub sites: &'a [SiteId],
}

/// A unit that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Which.
    pub id: UnitId,
    /// Where it is.
    pub site: SiteId,
    /// When it must no longer be used.
    pub expiry: Time,
    /// Its group's place in the order, and why.
    pub step: Step,
    /// Why it may be chosen, and what is still to be done.
    pub verdict: Verdict,
}

/// The first `n` units that may be chosen, best first: by the ladder's place, then by expiry, then
/// by number. Every one of them was judged by itself; what is not known to fit is not among them.
#[must_use]
pub fn best(
    shared: &Shared,
    policies: &Policies,
    now: Time,
    wanted: &Wanted<'_>,
    n: usize,
) -> Vec<Choice> {
    let Wanted { component, recipient, urgency, .. } = *wanted;
    let steps = ladder(policies, component, recipient, urgency);
    let needs = Needs::of(component, recipient);
    let shelves = shelves(shared, wanted.sites);
    let mut found = Vec::new();
    for place in steps.chunk_by(|a, b| a.place == b.place) {
        for (slot, site, step) in oldest_first(&shelves, (component, needs), place, now) {
            if found.len() == n {
                return found;
            }
            let Some(unit) = shared.units.get(&slot.id) else { continue };
            let verdict = judge_by(policies, component, recipient, &Candidate::from(unit), urgency);
            if verdict.is_candidate() {
                let (site, step) = (site.clone(), step.clone());
                found.push(Choice { id: slot.id, site, expiry: slot.expiry, step, verdict });
            }
        }
    }
    found
}

fn shelves<'s>(shared: &'s Shared, sites: &[SiteId]) -> Vec<(&'s SiteId, &'s Shelf)> {
    let all = &shared.shelves.sites;
    if sites.is_empty() {
        return all.iter().collect();
    }
    sites.iter().filter_map(|site| all.get_key_value(site)).collect()
}

/// The slots of one place of the ladder over all shelves that could be meant, the next to expire
/// first.
fn oldest_first<'s>(
    shelves: &[(&'s SiteId, &'s Shelf)],
    (component, needs): (Component, Needs),
    place: &'s [Step],
    now: Time,
) -> impl Iterator<Item = (&'s Slot, &'s SiteId, &'s Step)> {
    let mut rows: Vec<_> = shelves
        .iter()
        .flat_map(|(site, shelf)| place.iter().map(move |step| (*site, *shelf, step)))
        .map(|(site, shelf, step)| {
            (
                site,
                step,
                shelf
                    .from(component, step.group, now)
                    .filter(move |slot| needs.could_be_met_by(slot)),
            )
        })
        .collect();
    let key = |slot: &Slot| (slot.expiry, slot.id);
    let mut heads: BinaryHeap<_> = BinaryHeap::with_capacity(rows.len());
    let mut first: Vec<Option<&'s Slot>> = Vec::with_capacity(rows.len());
    for (row, (_, _, slots)) in rows.iter_mut().enumerate() {
        let slot = slots.next();
        heads.extend(slot.map(|slot| Reverse((key(slot), row))));
        first.push(slot);
    }
    std::iter::from_fn(move || {
        let Reverse((_, row)) = heads.pop()?;
        let (site, step, slots) = &mut rows[row];
        let next = slots.next();
        heads.extend(next.map(|slot| Reverse((key(slot), row))));
        std::mem::replace(&mut first[row], next).map(|slot| (slot, *site, *step))
    })
}

/// What every unit must have, as bits: rules out before anything is written down about a unit.
/// The judge alone says yes.
#[derive(Clone, Copy, Debug)]
struct Needs {
    absent: Antigens,
    attributes: Attributes,
}

impl Needs {
    fn of(component: Component, recipient: &Recipient) -> Self {
        let cells = matches!(
            component,
            Component::RedCells | Component::WholeBlood | Component::Granulocytes
        );
        let known = if cells { recipient.antibodies } else { Known::Unknown };
        let absent = known.value().map_or(Antigens::NONE, |found| found.significant());
        let living = !matches!(component, Component::Plasma | Component::Cryoprecipitate);
        let mut attributes = Attributes::NONE;
        if living && recipient.requirements.has(Requirement::Irradiated) {
            attributes = attributes.with(Attribute::Irradiated);
        }
        Self { absent: absent.without(Antigens::of(Antigen::D)), attributes }
    }

    fn could_be_met_by(self, slot: &Slot) -> bool {
        self.absent.without(slot.absent).is_empty() && slot.attributes.has_all(self.attributes)
    }
}
