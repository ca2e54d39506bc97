//! Tests: which of them the rules ask for, and what a unit lacks to be released.

use std::collections::BTreeSet;

use super::super::model::identity::UnitId;
use super::super::model::unit::{TestResult, Tested};
use super::House;
use super::refusals::{EXPIRED, GROUP_UNKNOWN, TEST_MISSING, TEST_NOT_NEGATIVE, TEST_TWICE};
use crate::blood::model::Group;
use crate::rulesets::{InForce, key};
use crate::words::{Code, Context, Known, Refusal, Time};

/// What a release rests on, whether the unit is in the state already or comes with a shipment.
pub(super) struct Facts<'a> {
    pub(super) id: UnitId,
    pub(super) group: Known<Group>,
    pub(super) expiry: Time,
    pub(super) tested: Option<&'a Tested>,
}

/// Whether the rules let a unit be used: not expired, of known group, and every test that the
/// rules ask for there and negative. A missing rule refuses.
pub(super) fn meets(rules: &InForce, unit: &Facts<'_>, ctx: &Context<'_>) -> Result<(), Refusal> {
    let fact = ("unit", unit.id.to_string());
    if unit.expiry <= ctx.now {
        return Err(EXPIRED.because([fact, ("expiry", unit.expiry.to_string())]));
    }
    if unit.group == Known::Unknown {
        return Err(GROUP_UNKNOWN.because([fact]));
    }
    let digest = ("rule_set", rules.digest.short());
    for test in required(rules)? {
        let held = unit.tested.map_or(Known::Unknown, |tested| tested.result(&test));
        let named = [fact.clone(), ("test", test.to_string()), digest.clone()];
        match held {
            Known::Value(TestResult::Negative) => {}
            Known::Value(_) => return Err(TEST_NOT_NEGATIVE.because(named)),
            Known::Unknown => return Err(TEST_MISSING.because(named)),
        }
    }
    Ok(())
}

/// The tests that each donation needs, NAT among them where it is in use.
fn required(rules: &InForce) -> Result<BTreeSet<Code>, Refusal> {
    let nat = rules.flag(key::NAT_IN_USE)?.then_some("nat");
    let listed = rules.list(key::TESTS_EACH_DONATION)?;
    let all = listed.iter().map(String::as_str).chain(nat);
    // A list admits only the catalogue's choices, and those of tests are codes; were one not, its
    // test could not be recorded, and nothing may pass for lack of a name.
    Ok(all.map(|test| Code::new(test).expect("the catalogue names tests by codes")).collect())
}

/// The first test that is not negative among those that decide: the ones that the rules ask for,
/// and any test at all where no rule says which.
pub(super) fn not_negative<'a>(
    house: &House<'_>,
    results: &'a [(Code, TestResult)],
    ctx: &Context<'_>,
) -> Option<&'a Code> {
    let rules = house.rules.in_force(crate::rulesets::Scope::Blood, ctx.now);
    decisive(rules, results)
}

/// As [`not_negative`], by a rule set at hand.
pub(super) fn decisive<'a>(
    rules: Option<&InForce>,
    results: &'a [(Code, TestResult)],
) -> Option<&'a Code> {
    let asked = rules.and_then(|rules| required(rules).ok());
    let decides = |test: &Code| asked.as_ref().is_none_or(|asked| asked.contains(test));
    let bad =
        results.iter().find(|(test, result)| *result != TestResult::Negative && decides(test));
    bad.map(|(test, _)| test)
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
