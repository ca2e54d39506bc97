//! A donation is a report: it happened. What is wrong with it holds its units until somebody has
//! looked into it.

use super::prepare::{Asked, checked, make};
use super::refusals::{AHEAD, NOT_FLAGGED, NUMBER_USED, RANGE, RANGE_TAKEN};
use crate::Region;
use crate::blood::model::{Din, Process};
use crate::blood::rules::House;
use crate::donations::command::Command;
use crate::donations::event::{Because, Collected, Event, FlagCleared, NumbersAssigned};
use crate::donations::model::{Bag, Donation, Flag, Giver, Output, Range};
use crate::donors;
use crate::donors::model::Verdict;
use crate::kernel::{not_found, text};
use crate::rulesets::{InForce, Scope, key};
use crate::words::{Context, DonorId, NONE, Private, Refusal, SiteId, Time};

pub(super) fn collect(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let Command::Collect { din, donor, kind, site, .. } = command else {
        unreachable!("routed by decide");
    };
    let Command::Collect { millilitres, minutes, abandoned, bags, materials, .. } = command else {
        unreachable!("routed by decide");
    };
    let house = House::of(region);
    if is_used(region, din) {
        return Err(NUMBER_USED.because([("donation", din.to_string())]));
    }
    if ctx.happened > ctx.now {
        return Err(AHEAD.because([("collected", ctx.happened.to_string())]));
    }
    house.kept_site(site)?;
    let mut donation = Donation {
        kind: *kind,
        site: site.clone(),
        collected: ctx.happened,
        millilitres: *millilitres,
        minutes: *minutes,
        abandoned: *abandoned,
        materials: checked(materials)?.into(),
        flags: Vec::new(),
        unlabelled: true,
    };
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    donation.flags = flags(region, rules, (din, &donation), donor.as_ref(), ctx);
    let labelled = label(&house, rules, (din, &donation), bags, ctx);
    donation.unlabelled = labelled.is_none();
    let previous = donor.as_ref().and_then(|donor| previous(region, donor, ctx));
    let giver = Giver { donor: donor.clone(), previous };
    let collected = Event::Collected(Collected { din: *din, donation }, Private::Here(giver));
    Ok(std::iter::once(collected.into()).chain(labelled).collect())
}

/// A donation that a bus reports, judged by what is known here; none if its number was used. Its
/// bag waits for its label.
pub(crate) fn adopted(
    region: &Region,
    (din, mut donation): (Din, Donation),
    donor: Option<&DonorId>,
    ctx: &Context<'_>,
) -> Option<crate::Event> {
    if is_used(region, &din) {
        return None;
    }
    donation.unlabelled = true;
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    for flag in flags(region, rules, (&din, &donation), donor, ctx) {
        if !donation.flags.contains(&flag) {
            donation.flags.push(flag);
        }
    }
    let previous = donor.and_then(|donor| previous(region, donor, ctx));
    let giver = Giver { donor: donor.cloned(), previous };
    Some(Event::Collected(Collected { din, donation }, Private::Here(giver)).into())
}

fn is_used(region: &Region, din: &Din) -> bool {
    region.shared.donations.donations.contains_key(din)
        || region.shared.blood.pools.contains_key(din)
        || region.shared.blood.units_of(din).next().is_some()
}

/// The first units, if the labels and the rules allow to say what they are and how long they keep;
/// else the donation waits for its label.
fn label(
    house: &House<'_>,
    rules: Option<&InForce>,
    (din, donation): (&Din, &Donation),
    bags: &[Bag],
    ctx: &Context<'_>,
) -> Option<crate::Event> {
    let of = |bag: &Bag| Output { product: bag.product, din: None, millilitres: bag.millilitres };
    let outputs: Vec<_> = bags.iter().map(of).collect();
    let asked = Asked {
        site: &donation.site,
        process: Process::Label,
        donation: Some((*din, donation)),
        inputs: Vec::new(),
        outputs: &outputs,
        materials: donation.materials.to_vec(),
    };
    let rules = rules?;
    Some(make(house, rules, &asked, ctx).ok()?.event(rules).into())
}

/// When the donor gave before this donation: here, under a record that was merged with this one,
/// or before this record by what was told at registration. What a guest gave elsewhere does not
/// count: it was tested by another region's rules.
fn previous(region: &Region, donor: &DonorId, ctx: &Context<'_>) -> Option<Time> {
    let own = &region.own.donations;
    let records = donors::view::records(&region.own.donors, donor);
    let is_guest = records.iter().any(|(_, record)| record.guest.is_some());
    let ids = records.into_iter().map(|(id, _)| id).chain([donor]);
    let here = ids.filter_map(|id| own.by_donor.get(id)).flatten();
    let here = here.filter(|past| !past.abandoned).map(|past| past.collected);
    let (told, _) = donors::view::given(region, donor);
    let told = told.into_iter().map(|given| given.day.starts()).filter(|_| !is_guest);
    here.chain(told).filter(|at| *at < ctx.happened).max()
}

fn flags(
    region: &Region,
    rules: Option<&InForce>,
    (din, donation): (&Din, &Donation),
    donor: Option<&DonorId>,
    ctx: &Context<'_>,
) -> Vec<Flag> {
    let most = rules.and_then(|rules| rules.millilitres(key::DONOR_VOLUME_MAXIMUM).ok());
    let too_much = donation.millilitres.value().zip(most);
    let given = region.shared.donations.ranges.get(&donation.site);
    let outside = given.is_some_and(|all| !all.iter().any(|range| range.has(din)));
    let found = [
        (outside, Flag::OutsideRange),
        (too_much.is_some_and(|(ml, most)| u32::from(ml) > most), Flag::TooMuch),
        (donation.abandoned, Flag::Abandoned),
    ];
    let found = found.into_iter().filter(|(is, _)| *is).map(|(_, flag)| flag);
    eligible(region, donation, donor, ctx).into_iter().chain(found).collect()
}

fn eligible(
    region: &Region,
    donation: &Donation,
    donor: Option<&DonorId>,
    ctx: &Context<'_>,
) -> Option<Flag> {
    let known = donor.filter(|donor| region.own.donors.donors.contains_key(*donor));
    let Some(donor) = known else { return Some(Flag::DonorUnknown) };
    let (kind, at) = (donation.kind, ctx.happened);
    match donors::view::eligibility(region, donor, kind, at, ctx.region).verdict {
        Verdict::Eligible => None,
        Verdict::Unknown => Some(Flag::EligibilityUnknown),
        Verdict::Deferred { .. } | Verdict::Permanent | Verdict::NeedsPhysician => {
            Some(Flag::DonorDeferred)
        }
    }
}

pub(super) fn assign_numbers(
    region: &Region,
    site: &SiteId,
    range: Range,
) -> Result<Vec<crate::Event>, Refusal> {
    if !region.shared.kernel.sites.contains_key(site) {
        return Err(not_found("site", site));
    }
    let facts = || [("from", range.from.to_string()), ("to", range.to.to_string())];
    let (from, to) = (range.from, range.to);
    if from > to || from.facility() != to.facility() || from.year() != to.year() {
        return Err(RANGE.because(facts()));
    }
    for (other, ranges) in &region.shared.donations.ranges {
        if ranges.iter().any(|held| held.from <= to && from <= held.to) {
            let [from, to] = facts();
            return Err(RANGE_TAKEN.because([from, to, ("site", other.to_string())]));
        }
    }
    let given = NumbersAssigned { site: site.clone(), range };
    Ok(vec![Event::NumbersAssigned(given, NONE).into()])
}

pub(super) fn clear_flag(
    region: &Region,
    (din, flag): (&Din, Flag),
    reason: &str,
) -> Result<Vec<crate::Event>, Refusal> {
    let donation = region.shared.donations.donations.get(din);
    let donation = donation.ok_or_else(|| not_found("donation", din))?;
    if !donation.flags.contains(&flag) {
        let facts = [("donation", din.to_string()), ("flag", flag.to_string())];
        return Err(NOT_FLAGGED.because(facts));
    }
    let because = Because { reason: text("reason", reason)? };
    let cleared = FlagCleared { din: *din, flag };
    Ok(vec![Event::FlagCleared(cleared, Private::Here(because)).into()])
}
