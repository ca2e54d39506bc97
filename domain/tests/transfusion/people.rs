//! About a hundred invented patients, made by code (blood.md §2.4): sixty eligible for electronic
//! issue, ten with an antibody history, ten with an antibody now, ten without two groups, ten
//! emergencies. And the region whose rules they are held against.

use std::sync::Arc;

use samband_domain::blood::model::unit::Tested;
use samband_domain::blood::model::{
    AgeKnown, Antibodies, Antigen, Attributes, Group, Phenotype, Product, Recipient, Sex, Status,
    TestResult, Unit,
};
use samband_domain::patients::view::{CurrentSample, ScreenNow, Serology};
use samband_domain::rulesets::{Age, InForce, Rule, RuleSet, Scope, Value, key};
use samband_domain::{Digest, Known, Time};

use crate::common::id;
use crate::common::stock::{at, code, rules, site};

/// When everything is asked.
pub const NOW: Time = Time(crate::common::START.0 + 3_600_000_000);

/// What a case is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Eligible,
    History,
    Antibody,
    OneGroup,
    Emergency,
}

fn rule(key: samband_domain::rulesets::Key, value: Value) -> Rule {
    Rule { key, value: Known::Value(value), source: "prov".into(), note: None }
}

/// The stock's rules and those of patients.
pub fn all_rules() -> Vec<Rule> {
    let listed = |codes: &[&str]| Value::List(codes.iter().map(|one| (*one).to_owned()).collect());
    let mut all = rules(false);
    all.extend([
        rule(key::BAS_NOT_REQUIRED_FOR, listed(&["platelets", "plasma"])),
        rule(key::BAS_VALIDITY_DAYS, Value::Days(5)),
        rule(key::BAS_COUNTS_SAMPLING_DAY, Value::Flag(true)),
        rule(key::BAS_SAMPLE_AGE_DAYS, Value::Days(3)),
        rule(key::MG_VALIDITY_DAYS, Value::Days(3)),
        rule(key::MG_SECOND_PERSON, Value::Flag(false)),
        rule(key::MG_RESERVED_DAYS, Value::Days(2)),
        rule(key::GROUP_SAMPLE_OCCASIONS, Value::Count(2)),
        rule(key::GROUP_SAMPLE_AGE_DAYS, Value::Days(5)),
        rule(key::GROUP_SAMPLE_SAME_OCCASION, Value::Choice("emergency_documented".into())),
        rule(key::REGROUP_OTHER_REGION, Value::Flag(true)),
        rule(key::D_POS_RED_CELLS_TO_D_NEG, Value::Choice("physician".into())),
        rule(key::PLATELETS_ABO, Value::Choice("as_red_cells".into())),
        rule(key::EMERGENCY_RED_CELLS_UNKNOWN, Value::Choice("o_neg".into())),
        rule(key::EMERGENCY_PLASMA, Value::Choice("ab".into())),
        rule(key::EMERGENCY_PLATELETS, Value::Choice("o".into())),
        rule(key::K_NEG_FEMALE_AGE, Value::Age(Age { years: 50, inclusive: false })),
        rule(key::INFANT_MONTHS, Value::Months(4)),
        rule(key::INFANT_RED_CELLS, Value::Choice("o_neg".into())),
        rule(key::INFANT_PLASMA, Value::Choice("ab".into())),
        rule(key::INFANT_RED_CELLS_FRESH_DAYS, Value::Days(5)),
        rule(key::RETURN_RED_CELLS_UNCOOLED_MINUTES, Value::Minutes(30)),
        rule(key::RETURN_RED_CELLS_COOLED_MINUTES, Value::Minutes(120)),
        rule(key::RETURN_PACKAGE_HOURS, Value::Hours(10)),
        rule(key::TRANSFUSE_WITHIN_HOURS, Value::Hours(4)),
        rule(key::MTP_RATIO_RED_CELLS, Value::Count(4)),
        rule(key::MTP_RATIO_PLASMA, Value::Count(4)),
        rule(key::MTP_RATIO_PLATELETS, Value::Count(1)),
        rule(key::MTP_INTERVAL_MINUTES, Value::Minutes(20)),
    ]);
    all
}

/// The rules as if they were in force.
pub fn in_force(rules: &[Rule]) -> InForce {
    let document =
        samband_domain::rulesets::Document::of(Scope::Blood, "Regler".into(), "1".into(), rules);
    let text = document.text();
    InForce {
        region: id("skane"),
        digest: Digest::of(text.as_bytes()),
        from: at(-1),
        set: Arc::new(RuleSet::read(&text).unwrap()),
    }
}

/// Somebody for whom everything holds: twice the same group, once on the current sample; a valid
/// screen without antibodies; all of it captured.
pub fn eligible(group: Group) -> Serology {
    let current = CurrentSample {
        sample: "P-1001".parse().unwrap(),
        taken: at(-20),
        valid_until: at(48),
        group: Known::Value(group),
        group_agrees: true,
    };
    let screen = ScreenNow {
        taken: at(-20),
        valid_until: Known::Value(at(48)),
        positive: Known::Value(false),
    };
    let recipient = Recipient {
        group: Known::Value(group),
        sex: Known::Value(Sex::Male),
        age: AgeKnown::years(60),
        antibodies: Known::Value(Antibodies::NONE),
        ..Recipient::UNKNOWN
    };
    Serology {
        recipient,
        occasions: 2,
        provisional: false,
        conflict: false,
        current: Some(current),
        screen: Some(screen),
        captured: true,
        transplant_unsettled: false,
        maternal_antibodies: false,
        ever_antibody: false,
        unstated: Vec::new(),
    }
}

/// The fixture: every patient with what it is for. None is somebody nobody can name.
pub fn patients() -> Vec<(Sort, Option<Serology>)> {
    let mut all = Vec::new();
    let group = |n: usize| Group::ALL[n % Group::ALL.len()];
    for n in 0..60 {
        let mut one = eligible(group(n));
        one.recipient.age = AgeKnown::years(18 + u8::try_from(n).unwrap());
        one.occasions = 2 + u8::try_from(n % 3).unwrap();
        all.push((Sort::Eligible, Some(one)));
    }
    for n in 0..10 {
        let mut one = eligible(group(n));
        one.ever_antibody = true;
        one.recipient.antibodies =
            Known::Value(Antibodies::NONE.with(Antigen::Jka, Known::Unknown));
        all.push((Sort::History, Some(one)));
    }
    for n in 0..10 {
        let mut one = eligible(group(n));
        one.ever_antibody = true;
        let found = Antibodies::NONE.with(Antigen::SmallC, Known::Unknown);
        one.recipient.antibodies = Known::Value(found.with(Antigen::Jka, Known::Unknown));
        one.screen.as_mut().unwrap().positive = Known::Value(true);
        all.push((Sort::Antibody, Some(one)));
    }
    for n in 0..10 {
        let mut one = eligible(group(n));
        one.occasions = 1;
        all.push((Sort::OneGroup, Some(one)));
    }
    for n in 0..10 {
        let mut one = eligible(group(n));
        one.provisional = true;
        (one.occasions, one.current, one.screen) = (1, None, None);
        one.recipient.antibodies = Known::Unknown;
        all.push((Sort::Emergency, Some(one).filter(|_| n % 2 == 0)));
    }
    all
}

/// A unit of red cells, tested and typed without c and Jka.
pub fn red_cells(group: Group) -> Unit {
    let typed = [Antigen::SmallC, Antigen::Jka, Antigen::BigK];
    let phenotype = typed.iter().fold(Phenotype::UNTESTED, |all, one| all.with(*one, false));
    let results = ["hbsag", "syphilis"].map(|test| (code(test), TestResult::Negative)).to_vec();
    Unit {
        site: site("one"),
        expiry: at(24 * 30),
        since: at(-1),
        tested: Some(Arc::new(Tested { results, rule_set: None, rules: None })),
        phenotype,
        seq: 1,
        epoch: 1,
        attributes: Attributes::NONE,
        group: Known::Value(group),
        product: Product::RedCells,
        status: Status::Available,
    }
}
