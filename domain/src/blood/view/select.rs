//! The best units for a recipient: down the ladder of groups, oldest first, over the shelves'
//! order, so that a million units need not be looked at for ten.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

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

/// In which order the units of one place of the ladder are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// The next to expire first: nothing is wasted that could have been used.
    OldestFirst,
    /// The last to expire first, and of each place so many at most.
    FreshestFirst(usize),
}

/// What is looked through, beside for whom.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Oldest or freshest first.
    pub age: Age,
    /// Within each place of the ladder, what lies here comes before everything else.
    pub near: Option<&'a SiteId>,
    /// Units that expire by then are of no use.
    pub lasting: Time,
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
    let mut found = Vec::new();
    if n == 0 {
        return found;
    }
    let search = Search { age: Age::OldestFirst, near: None, lasting: now };
    seek(shared, policies, wanted, &search, |choice| {
        found.push(choice);
        if found.len() == n { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found
}

/// Shows the units that may be chosen, one after the other and best first, until it is enough.
pub fn seek(
    shared: &Shared,
    policies: &Policies,
    wanted: &Wanted<'_>,
    search: &Search<'_>,
    mut visit: impl FnMut(Choice) -> ControlFlow<()>,
) {
    let Wanted { component, recipient, urgency, .. } = *wanted;
    let steps = ladder(policies, component, recipient, urgency);
    let needs = Needs::of(component, recipient);
    let (near, far): (Vec<_>, Vec<_>) =
        shelves(shared, wanted.sites).into_iter().partition(|(site, _)| search.near == Some(*site));
    let judged = |(slot, site, step): (&Slot, &SiteId, &Step)| {
        let unit = shared.units.get(&slot.id)?;
        let verdict = judge_by(policies, component, recipient, &Candidate::from(unit), urgency);
        if !verdict.is_candidate() {
            return None;
        }
        let (site, step) = (site.clone(), step.clone());
        Some(Choice { id: slot.id, site, expiry: slot.expiry, step, verdict })
    };
    for place in steps.chunk_by(|a, b| a.place == b.place) {
        for shelves in [&near, &far] {
            let slots = rows(shelves, (component, needs), place, search.lasting);
            let shown = match search.age {
                Age::OldestFirst => {
                    let key = |slot: &Slot| (slot.expiry.0, slot.id);
                    merged(slots, key).filter_map(judged).try_for_each(&mut visit)
                }
                Age::FreshestFirst(most) => {
                    let slots = slots.into_iter().map(|(at, step, row)| (at, step, row.rev()));
                    let key = |slot: &Slot| (-slot.expiry.0, slot.id);
                    let all = merged(slots.collect(), key).filter_map(judged);
                    all.take(most).try_for_each(&mut visit)
                }
            };
            if shown.is_break() {
                return;
            }
        }
    }
}

fn shelves<'s>(shared: &'s Shared, sites: &[SiteId]) -> Vec<(&'s SiteId, &'s Shelf)> {
    let all = &shared.shelves.sites;
    if sites.is_empty() {
        return all.iter().collect();
    }
    sites.iter().filter_map(|site| all.get_key_value(site)).collect()
}

/// A row of one shelf and one group, in the order of expiry.
type Row<'s, I> = (&'s SiteId, &'s Step, I);

/// The rows of one place of the ladder over all shelves that could be meant.
fn rows<'s>(
    shelves: &[(&'s SiteId, &'s Shelf)],
    (component, needs): (Component, Needs),
    place: &'s [Step],
    after: Time,
) -> Vec<Row<'s, impl DoubleEndedIterator<Item = &'s Slot> + use<'s>>> {
    let rows = shelves
        .iter()
        .flat_map(|(site, shelf)| place.iter().map(move |step| (*site, *shelf, step)));
    let row = |(site, shelf, step): (&'s SiteId, &'s Shelf, &'s Step)| {
        let slots = shelf.from(component, step.group, after);
        (site, step, slots.filter(move |slot| needs.could_be_met_by(slot)))
    };
    rows.map(row).collect()
}

/// The slots of several rows, each in order, as one row in order.
fn merged<'s, K: Ord>(
    mut rows: Vec<Row<'s, impl Iterator<Item = &'s Slot>>>,
    key: impl Fn(&Slot) -> K,
) -> impl Iterator<Item = (&'s Slot, &'s SiteId, &'s Step)> {
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
