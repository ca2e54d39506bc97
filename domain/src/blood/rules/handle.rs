//! Handling units at a site: counts, corrections, quarantine, release, discards, reservations.

use std::collections::BTreeSet;

use super::super::command::{Command, Correction};
use super::super::event::{
    Because, Corrected, Counted, Discarded, Event, Note, Purpose, Quarantined, Released, Reserved,
    TestsRecorded, Units,
};
use super::super::model::identity::UnitId;
use super::super::model::product::Component;
use super::super::model::stock::Oldest;
use super::super::model::unit::{QuarantineReason, Status, TestResult, Tested, Unit};
use super::refusals::{EXPIRED, SAME, STATUS};
use super::take_over::{ROWS_MAX, within_shelf_life};
use super::{House, give, listed, tests};
use crate::kernel::{optional_text, text};
use crate::rulesets::{InForce, key};
use crate::words::{Code, Context, Digest, NONE, Private, Refusal, SiteId};

pub(super) fn decide(
    house: &House<'_>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::Count { site, component, found } => {
            house.kept_site(site)?;
            count(house, site, *component, found)?
        }
        Command::Correct { unit, correction, reason } => {
            correct(house, unit, *correction, reason, ctx)?
        }
        Command::Quarantine { units, reason, note } => {
            // What is missing is found by a count, and what is outdated is not used anyway.
            let fits = |status: Status| {
                matches!(
                    status,
                    Status::Available | Status::Reserved { .. } | Status::Quarantined(_)
                )
            };
            all(house, units, fits)?;
            let note = Note { note: optional_text("note", note.as_ref())? };
            let held = Quarantined { units: units.clone(), reason: *reason };
            Event::Quarantined(held, Private::Here(note))
        }
        Command::Release { units } => release(house, units, ctx)?,
        Command::RecordTests { unit, results } => return record_tests(house, unit, results, ctx),
        Command::Discard { units, reason, note } => {
            all(house, units, |status| !status.is_on_its_way() && status != Status::Issued)?;
            let note = Note { note: optional_text("note", note.as_ref())? };
            let gone = Discarded { units: units.clone(), reason: *reason };
            Event::Discarded(gone, Private::Here(note))
        }
        Command::Reserve { units, purpose } => reserve(house, units, (purpose, None), ctx)?,
        Command::ReserveOldest { oldest, purpose } => {
            let units = next_to_expire(house, oldest, ctx)?;
            reserve(house, &units, (purpose, Some(oldest)), ctx)?
        }
        Command::Unreserve { units, reason } => {
            all(house, units, |status| matches!(status, Status::Reserved { .. }))?;
            let because = Because { reason: text("reason", reason)? };
            Event::Unreserved(Units { units: units.clone() }, Private::Here(because))
        }
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn status_refused(id: &UnitId, unit: &Unit) -> Refusal {
    STATUS.because([("unit", id.to_string()), ("status", unit.status.as_str().into())])
}

/// Whether every unit is known and in a status that allows what is asked.
fn all(house: &House<'_>, ids: &[UnitId], fits: impl Fn(Status) -> bool) -> Result<(), Refusal> {
    listed(ids)?;
    for id in ids {
        let unit = house.unit(id)?;
        if !fits(unit.status) {
            return Err(status_refused(id, unit));
        }
    }
    Ok(())
}

fn count(
    house: &House<'_>,
    site: &SiteId,
    component: Option<Component>,
    found: &[UnitId],
) -> Result<Event, Refusal> {
    // An empty shelf is an honest count.
    if !found.is_empty() {
        listed(found)?;
    }
    let here: BTreeSet<_> = found.iter().copied().collect();
    let counted = |unit: &Unit| component.is_none_or(|one| unit.component() == one);
    let on_shelf = |unit: &Unit| {
        unit.site == *site
            && !unit.status.is_on_its_way()
            && !matches!(unit.status, Status::Missing | Status::Issued)
    };
    let mut event = Counted {
        site: site.clone(),
        component,
        agreed: 0,
        missing: Vec::new(),
        found_again: Vec::new(),
        moved: Vec::new(),
        unknown: Vec::new(),
    };
    for (id, unit) in house.shared.units.iter().filter(|(_, unit)| counted(unit)) {
        if on_shelf(unit) && !here.contains(id) {
            event.missing.push(*id);
        }
    }
    for id in here {
        match house.shared.units.get(&id) {
            Some(unit) if on_shelf(unit) => event.agreed += 1,
            Some(unit) if matches!(unit.status, Status::Missing | Status::Issued) => {
                event.found_again.push(id);
            }
            // What the sender still calls on its way needs a receipt, not a count.
            Some(unit) if unit.status.is_on_its_way() => event.unknown.push(id),
            Some(_) => event.moved.push(id),
            None => event.unknown.push(id),
        }
    }
    Ok(Event::Counted(event, NONE))
}

fn correct(
    house: &House<'_>,
    id: &UnitId,
    correction: Correction,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let unit = house.unit(id)?;
    // What is not in anybody's hand cannot be looked at again.
    let away = matches!(unit.status, Status::Missing | Status::Issued);
    if away || unit.status.is_on_its_way() {
        return Err(status_refused(id, unit));
    }
    let because = Because { reason: text("reason", reason)? };
    let mut event = Corrected { unit: *id, group: None, expiry: None, phenotype: None };
    let same = match correction {
        Correction::Group(group) => {
            event.group = Some(group);
            unit.group == group
        }
        Correction::Expiry(expiry) => {
            let rules = house.rules.in_force(crate::rulesets::Scope::Blood, ctx.now);
            within_shelf_life(rules, (id, unit.product), expiry, ctx.now)?;
            event.expiry = Some(expiry);
            unit.expiry == expiry
        }
        Correction::Phenotype(phenotype) => {
            event.phenotype = Some(phenotype);
            unit.phenotype == phenotype
        }
    };
    if same {
        return Err(SAME.because([("unit", id.to_string())]));
    }
    Ok(Event::Corrected(event, Private::Here(because)))
}

fn release(house: &House<'_>, ids: &[UnitId], ctx: &Context<'_>) -> Result<Event, Refusal> {
    all(house, ids, |status| matches!(status, Status::Quarantined(_)))?;
    let rules = house.in_force(ctx)?;
    for id in ids {
        releasable(house, rules, id, ctx)?;
    }
    Ok(Event::Released(Released { units: ids.to_vec(), rule_set: rules.digest }, NONE))
}

/// Everything that the rules ask for must be there, and a second person must have looked at what
/// was put right. The refusal names what weighs most, and the codes of what else is lacking.
fn releasable(
    house: &House<'_>,
    rules: &InForce,
    id: &UnitId,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let mut lacks = tests::of_unit(house, rules, id, (ctx.now, Some(ctx.actor))).into_iter();
    let Some(mut first) = lacks.next() else { return Ok(()) };
    first.facts.entry("unit").or_insert_with(|| id.to_string());
    let also: BTreeSet<_> = lacks.map(|lack| lack.kind.code).collect();
    if !also.is_empty() {
        first.facts.insert("also", also.into_iter().collect::<Vec<_>>().join(", "));
    }
    Err(first)
}

fn record_tests(
    house: &House<'_>,
    id: &UnitId,
    results: &[(Code, TestResult)],
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    tests::once(id, results)?;
    let unit = house.unit(id)?;
    let rules = house.rules.in_force(crate::rulesets::Scope::Blood, ctx.now);
    let mut all = unit.tested.as_deref().map(|held| held.results.clone()).unwrap_or_default();
    all.retain(|(code, _)| !results.iter().any(|(new, _)| new == code));
    all.extend(results.iter().cloned());
    all.sort();
    if results.is_empty() || unit.tested.as_deref().is_some_and(|held| held.results == all) {
        return Err(SAME.because([("unit", id.to_string())]));
    }
    let rule_set: Option<Digest> = rules.map(|rules| rules.digest);
    let versions = unit.tested.as_deref().and_then(|held| held.rules.clone());
    let bad = tests::not_negative(&all).is_some();
    let tested = Tested { results: all, rule_set, rules: versions };
    let mut events = vec![Event::TestsRecorded(TestsRecorded { unit: *id, tested }, NONE)];
    // A result is a report and never refused for what it says; what it says stops the unit.
    if bad && matches!(unit.status, Status::Available | Status::Reserved { .. }) {
        let held = Quarantined { units: vec![*id], reason: QuarantineReason::Test };
        events.push(Event::Quarantined(held, Private::Here(Note { note: None })));
    }
    Ok(events)
}

fn reserve(
    house: &House<'_>,
    ids: &[UnitId],
    (purpose, oldest): (&str, Option<&Oldest>),
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    all(house, ids, |status| status == Status::Available)?;
    let rules = house.in_force(ctx)?;
    let hours = rules.hours(key::RESERVATION_LAPSE_HOURS)?;
    let mut until = ctx.now.plus_seconds(i64::from(hours) * 3_600);
    for id in ids {
        let unit = house.unit(id)?;
        let fact = ("unit", id.to_string());
        if unit.expiry <= ctx.now {
            return Err(EXPIRED.because([fact, ("expiry", unit.expiry.to_string())]));
        }
        house.kept_site(&unit.site)?;
        house.not_withdrawn(id)?;
        until = until.min(unit.expiry);
    }
    let oldest = oldest.cloned();
    let purpose = Purpose { purpose: text("purpose", purpose)?, request: None, oldest };
    let reserved = Reserved { units: ids.to_vec(), until, rule_set: rules.digest };
    Ok(Event::Reserved(reserved, Private::Here(purpose)))
}

/// The units that are free and expire next. What was called back is passed over: it waits for
/// whoever takes it off the shelf.
fn next_to_expire(
    house: &House<'_>,
    oldest: &Oldest,
    ctx: &Context<'_>,
) -> Result<Vec<UnitId>, Refusal> {
    let Oldest { site, component, group, .. } = oldest;
    house.own_site(site, ctx)?;
    give::how_many((oldest.count, oldest.at_least), ROWS_MAX)?;
    let shelf = house.shared.shelves.sites.get(site);
    let slots = shelf.into_iter().flat_map(|shelf| shelf.from(*component, *group, ctx.now));
    let free = slots.map(|slot| slot.id).filter(|id| house.not_withdrawn(id).is_ok());
    let units: Vec<_> = free.take(oldest.count.into()).collect();
    give::as_many((oldest.count, oldest.at_least), units.len(), (*component, site))?;
    Ok(units)
}
