//! Results of a donation's tests, and what they mean for every unit that something of it is in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::made::{Facts, facts_of_donation, together};
use super::refusals::{ENTRY_STATE, NOTHING_SAID, SAME_PERSON, TEST_TWICE};
use crate::blood::event::{Note, Quarantined, Tests};
use crate::blood::model::{Din, QuarantineReason, Status, Tested, UnitId};
use crate::blood::rules::House;
use crate::donations::command::Command;
use crate::donations::event::{Event, ResultsEntered, ResultsRejected, ResultsVerified};
use crate::donations::judge::{Held, Stop};
use crate::donations::model::{Capture, Entry, File, Results, Weight};
use crate::donors::said_of_donor;
use crate::kernel::{not_found, optional_text, text};
use crate::rulesets::{InForce, Scope, key};
use crate::words::{Code, Context, NONE, Nothing, Private, Refusal};
use crate::{Region, blood, donations};

pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    match command {
        Command::RecordResults { din, results, capture } => {
            record(region, din, (results, capture), ctx)
        }
        Command::VerifyResults { din, entry, agrees, note } => {
            let held = entry_of(region, din, *entry, Weight::Waiting)?;
            if held.by == *ctx.actor {
                let facts = [("donation", din.to_string()), ("entry", entry.to_string())];
                return Err(SAME_PERSON.because(facts));
            }
            let note = optional_text("note", note.as_ref())?;
            let verified = ResultsVerified { din: *din, entry: *entry, agrees: *agrees, note };
            let weight = if *agrees { Weight::Counts } else { Weight::Rejected };
            let event = Event::ResultsVerified(Nothing, Private::Here(verified));
            let file = weighed(region, din, *entry, weight);
            Ok(with_consequences(region, din, (event, false), &file, ctx))
        }
        Command::RejectResults { din, entry, reason } => {
            entry_of(region, din, *entry, Weight::Counts)?;
            let reason = text("reason", reason)?;
            let rejected = ResultsRejected { din: *din, entry: *entry, reason };
            let event = Event::ResultsRejected(Nothing, Private::Here(rejected));
            let file = weighed(region, din, *entry, Weight::Rejected);
            Ok(with_consequences(region, din, (event, true), &file, ctx))
        }
        _ => unreachable!("routed by decide"),
    }
}

fn record(
    region: &Region,
    din: &Din,
    (results, capture): (&Results, &Capture),
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let file = region.own.donations.files.get(din);
    let file = file.ok_or_else(|| not_found("donation", din))?;
    let results = clean(din, results)?;
    let capture = match capture {
        Capture::Interface { system } => Capture::Interface { system: text("system", system)? },
        Capture::Hand => Capture::Hand,
    };
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    // A rule that nobody stated does not spare the second person.
    let two = rules.is_none_or(|rules| rules.flag(key::TESTS_TYPED_BY_TWO) != Ok(false));
    let counts = matches!(capture, Capture::Interface { .. }) || !two;
    let number = u32::try_from(file.entries.len()).unwrap_or(u32::MAX).saturating_add(1);
    let mut after = file.clone();
    after.entries.push(Entry {
        number,
        results: Arc::new(results.clone()),
        capture: Arc::new(capture.clone()),
        by: ctx.actor.clone(),
        at: ctx.happened,
        weight: if counts { Weight::Counts } else { Weight::Waiting },
        second: None,
    });
    let entered = ResultsEntered { din: *din, entry: number, results, capture, counts };
    let event = Event::ResultsEntered(Nothing, Private::Here(entered));
    Ok(with_consequences(region, din, (event, false), &after, ctx))
}

/// Results in one order, each test named once.
fn clean(din: &Din, results: &Results) -> Result<Results, Refusal> {
    if results.is_empty() {
        return Err(NOTHING_SAID.because([("donation", din.to_string())]));
    }
    let mut clean = results.clone();
    clean.markers.sort();
    let twice = clean.markers.windows(2).find(|pair| pair[0].0 == pair[1].0);
    if let Some(pair) = twice {
        let facts = [("donation", din.to_string()), ("test", pair[0].0.to_string())];
        return Err(TEST_TWICE.because(facts));
    }
    clean.hla.sort();
    clean.hla.dedup();
    clean.hpa.sort();
    clean.hpa.dedup();
    Ok(clean)
}

fn entry_of<'a>(
    region: &'a Region,
    din: &Din,
    number: u32,
    weight: Weight,
) -> Result<&'a Entry, Refusal> {
    let file = region.own.donations.files.get(din).ok_or_else(|| not_found("donation", din))?;
    let entry = file.entries.iter().find(|entry| entry.number == number);
    let entry = entry.ok_or_else(|| not_found("results", format!("{din} {number}")))?;
    if entry.weight == weight {
        return Ok(entry);
    }
    let facts = [
        ("donation", din.to_string()),
        ("entry", number.to_string()),
        ("state", entry.weight.to_string()),
    ];
    Err(ENTRY_STATE.because(facts))
}

fn weighed(region: &Region, din: &Din, number: u32, weight: Weight) -> File {
    let mut file = region.own.donations.files[din].clone();
    for entry in file.entries.iter_mut().filter(|entry| entry.number == number) {
        entry.weight = weight;
    }
    file
}

/// The event, and what it means for the units: their tests, their group, and quarantine. What is
/// taken back leaves a gap, and nothing stays free to use over a gap.
fn with_consequences(
    region: &Region,
    din: &Din,
    (event, taken_back): (Event, bool),
    file: &File,
    ctx: &Context<'_>,
) -> Vec<crate::Event> {
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    let before: BTreeSet<Code> =
        House::of(region).donations.said(din, false).markers.into_keys().collect();
    let mut own: donations::Own = region.own.donations.clone();
    own.files.insert(*din, file.clone());
    let house = House::of(region);
    let donations = Held { own: &own, ..house.donations };
    let house = House { donations, ..house };
    // A determination counts for the donor: other donations' groups may be confirmed by it.
    let concerned = house.donations.of_same_donor(din);
    let units: BTreeSet<UnitId> =
        concerned.iter().flat_map(|din| house.shared.units_with(din)).collect();
    let mut said: BTreeMap<Facts, Vec<UnitId>> = BTreeMap::new();
    for id in &units {
        if let Some(facts) = changed(&house, rules, id, (din, &before)) {
            said.entry(facts).or_default().push(*id);
        }
    }
    let tests = said.into_iter().map(|(facts, units)| {
        let Facts { tested, group, phenotype } = facts;
        blood::Event::DonationTested(Tests { units, tested, group, phenotype }, NONE).into()
    });
    let mut events = vec![event.into()];
    events.extend(tests);
    events.extend(of_donor(region, din, file));
    events.extend(stopped(&house, (rules, taken_back), &units));
    events
}

/// What the results say of the donor, who is found by it in a rare search.
fn of_donor(region: &Region, din: &Din, after: &File) -> Vec<crate::Event> {
    let (own, donors) = (&region.own.donations, &region.own.donors);
    let donor = after.giver.donor.as_ref();
    let Some((donor, held)) = donor.and_then(|donor| donors.donors.get_key_value(donor)) else {
        return Vec::new();
    };
    let all = House::of(region).donations.of_same_donor(din);
    let others = all.iter().filter(|other| *other != din).filter_map(|other| own.files.get(other));
    let others: Vec<&File> = others.collect();
    let before = own.files.get(din).unwrap_or(after);
    said_of_donor(donor, Some(&held.types), (before, after), &others)
}

/// What is known of a unit now; none if it was known before.
fn changed(
    house: &House<'_>,
    rules: Option<&InForce>,
    id: &UnitId,
    (din, before): (&Din, &BTreeSet<Code>),
) -> Option<Facts> {
    let unit = house.shared.units.get(id)?;
    let parts = house.shared.donations_in(id);
    let is_here = |din: &Din| house.donations.own.files.contains_key(din);
    if !parts.iter().all(is_here) {
        return None;
    }
    let of = |din: &Din| facts_of_donation(house, rules, din);
    let mut facts = together(parts.iter().map(of).collect());
    // What was tested on the unit itself, such as bacteria, stays beside its donation's tests.
    let held = unit.tested.as_deref();
    let mut results = facts.tested.take().map(|tested| tested.results).unwrap_or_default();
    for (code, result) in held.map(|held| held.results.as_slice()).unwrap_or_default() {
        let told = results.iter().any(|(one, _)| one == code);
        let taken_back = parts.contains(din) && before.contains(code);
        if !told && !taken_back {
            results.push((code.clone(), *result));
        }
    }
    results.sort();
    let rule_set = rules.map(|rules| rules.digest);
    let versions = held.and_then(|held| held.rules.clone());
    let any = !results.is_empty();
    facts.tested = any.then_some(Tested { results, rule_set, rules: versions });
    let told = |facts: &Facts| facts.tested.as_ref().map(|tested| tested.results.clone());
    let same = told(&facts) == held.map(|held| held.results.clone())
        && (facts.group == unit.group || facts.group == crate::Known::Unknown)
        && facts.phenotype == unit.phenotype;
    (!same).then_some(facts)
}

/// Units that must not be used any more: those on the shelf are put in quarantine. What is on its
/// way or in a ward's hand is not, since nobody here can stop it by a record alone.
fn stopped(
    house: &House<'_>,
    (rules, taken_back): (Option<&InForce>, bool),
    units: &BTreeSet<UnitId>,
) -> Vec<crate::Event> {
    let mut held: BTreeMap<QuarantineReason, Vec<UnitId>> = BTreeMap::new();
    for id in units {
        let Some(unit) = house.shared.units.get(id) else { continue };
        let on_shelf = matches!(
            unit.status,
            Status::Available
                | Status::Reserved { .. }
                | Status::Quarantined(QuarantineReason::NotReleased)
        );
        let parts = house.shared.donations_in(id);
        let stop = parts.iter().filter_map(|din| house.donations.stops(din)).max();
        let has_gap =
            |din: &Din| rules.is_none_or(|rules| !house.donations.lacks(rules, din).is_empty());
        let free = matches!(unit.status, Status::Available | Status::Reserved { .. });
        let gap = taken_back && free && parts.iter().any(has_gap);
        let gap = gap.then_some(QuarantineReason::Discrepancy);
        let reason = stop.filter(|_| on_shelf).map(|stop| match stop {
            Stop::Test => QuarantineReason::Test,
            Stop::Group => QuarantineReason::Discrepancy,
        });
        let reason = reason.or(gap);
        if let Some(reason) = reason {
            held.entry(reason).or_default().push(*id);
        }
    }
    let quarantined = |(reason, units)| {
        let note = Private::Here(Note { note: None });
        blood::Event::Quarantined(Quarantined { units, reason }, note).into()
    };
    held.into_iter().map(quarantined).collect()
}
