//! Tests: which of them the rules ask for, and what a unit lacks to be released.

use std::collections::BTreeSet;

use super::super::model::identity::UnitId;
use super::super::model::unit::{TestResult, Tested};
use super::House;
use super::refusals::{
    EXPIRED, GROUP_UNKNOWN, INTERMEDIATE, SECOND_PERSON, TEST_MISSING, TEST_NOT_NEGATIVE,
    TEST_TWICE,
};
use crate::Region;
use crate::blood::model::Group;
use crate::donations::rules::refusals::GROUP_CONFLICT;
use crate::rulesets::{InForce, key};
use crate::words::{ActorId, Code, Known, Refusal, Time};

/// What a release rests on, whether the unit is in the state already or comes with a shipment.
pub(super) struct Facts<'a> {
    pub(super) id: UnitId,
    pub(super) group: Known<Group>,
    pub(super) expiry: Time,
    pub(super) tested: Option<&'a Tested>,
}

/// Whether the rules let a unit be used: not expired, of known group, every test that the rules
/// ask for there, and none that was made speaking against it. A missing rule refuses.
pub(super) fn meets(rules: &InForce, unit: &Facts<'_>, now: Time) -> Result<(), Refusal> {
    let fact = ("unit", unit.id.to_string());
    if unit.expiry <= now {
        return Err(EXPIRED.because([fact, ("expiry", unit.expiry.to_string())]));
    }
    if unit.group == Known::Unknown {
        return Err(GROUP_UNKNOWN.because([fact]));
    }
    let named = |test: &Code| {
        let digest = ("rule_set", rules.digest.short());
        [fact.clone(), ("test", test.to_string()), digest]
    };
    let required = required(rules)?;
    if let Some(test) = unit.tested.and_then(|tested| not_negative(&tested.results)) {
        return Err(TEST_NOT_NEGATIVE.because(named(test)));
    }
    let told =
        |test: &Code| unit.tested.is_some_and(|tested| tested.result(test) != Known::Unknown);
    match required.iter().find(|test| !told(test)) {
        Some(test) => Err(TEST_MISSING.because(named(test))),
        None => Ok(()),
    }
}

/// Everything that a unit lacks to be released, each with its rule: the one rule behind release,
/// whether the unit comes from a donation made here or from elsewhere.
#[must_use]
pub fn lacks(
    region: &Region,
    rules: &InForce,
    id: &UnitId,
    by: (Time, Option<&ActorId>),
) -> Vec<Refusal> {
    of_unit(&House::of(region), rules, id, by)
}

pub(super) fn of_unit(
    house: &House<'_>,
    rules: &InForce,
    id: &UnitId,
    (now, actor): (Time, Option<&ActorId>),
) -> Vec<Refusal> {
    let unit = match house.unit(id) {
        Ok(unit) => unit,
        Err(refusal) => return vec![refusal],
    };
    let fact = ("unit", id.to_string());
    let mut lacks = Vec::new();
    if unit.product.is_intermediate() {
        lacks.push(INTERMEDIATE.because([fact.clone(), ("product", unit.product.to_string())]));
    }
    let corrected = house.own.corrected_by.get(id);
    if corrected.is_some_and(|by| actor.is_some_and(|actor| by.contains(actor))) {
        lacks.push(SECOND_PERSON.because([fact]));
    }
    let parts = house.shared.donations_in(id);
    if !parts.contains(&id.din) {
        lacks.extend(house.not_withdrawn(id).err());
    }
    for din in &parts {
        lacks.extend(house.donations.lacks(rules, din));
    }
    // A group put right by hand against what the donation's tests say stays where it is.
    let confirmed = house.donations.group_of(rules, &parts);
    let pair = confirmed.zip(unit.group.value());
    if pair.is_some_and(|(confirmed, held)| confirmed != held) {
        lacks.push(GROUP_CONFLICT.because([("donation", id.din.to_string())]));
    }
    // What the donation lacks is named there; what the label or another system says is held
    // against the same rules.
    let told = |lack: &Refusal| {
        let follows = [&GROUP_UNKNOWN, &TEST_MISSING].contains(&lack.kind);
        lacks.iter().any(|held| held.kind == lack.kind)
            || follows && lacks.iter().any(|held| held.facts.contains_key("donation"))
    };
    let (group, expiry, tested) = (unit.group, unit.expiry, unit.tested.as_deref());
    let own = meets(rules, &Facts { id: *id, group, expiry, tested }, now).err();
    let own = own.filter(|lack| !told(lack));
    lacks.extend(own);
    lacks
}

/// The tests that each donation needs, NAT among them where it is in use.
pub(crate) fn required(rules: &InForce) -> Result<BTreeSet<Code>, Refusal> {
    let nat = rules.flag(key::NAT_IN_USE)?.then_some("nat");
    let listed = rules.list(key::TESTS_EACH_DONATION)?;
    let all = listed.iter().map(String::as_str).chain(nat);
    // A list admits only the catalogue's choices, and those of tests are codes; were one not, its
    // test could not be recorded, and nothing may pass for lack of a name.
    Ok(all.map(|test| Code::new(test).expect("the catalogue names tests by codes")).collect())
}

/// Results that keep no blood from being used: most adults have had the virus, and who must be
/// spared it is given units by their own rule (`requirement.cmv`).
const NO_BAR: &[&str] = &["anti-cmv", "cmv"];

/// Whether a result speaks against using the blood. The rules say which tests must be there; one
/// that was made and was not negative counts whoever asked for it, and whatever it is called.
pub(crate) fn bars(test: &Code, result: TestResult) -> bool {
    result != TestResult::Negative && !NO_BAR.contains(&test.as_str())
}

/// The first test that speaks against using a unit.
pub(super) fn not_negative(results: &[(Code, TestResult)]) -> Option<&Code> {
    results.iter().find(|(test, result)| bars(test, *result)).map(|(test, _)| test)
}

/// Whether each test is named once: two results of one test would leave it to chance which counts.
pub(super) fn once(id: &UnitId, results: &[(Code, TestResult)]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    match results.iter().find(|(test, _)| !seen.insert(test)) {
        Some((test, _)) => {
            Err(TEST_TWICE.because([("unit", id.to_string()), ("test", test.to_string())]))
        }
        None => Ok(()),
    }
}
