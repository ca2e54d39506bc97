//! Rule sets: drafted, reviewed and adopted by different people; in force by date; side by side.

#[path = "common/rule_values.rs"]
mod rule_values;

use crate::common::{Desk, START, id};
use proptest::prelude::*;
use rule_values::value_of;
use samband_domain::rulesets::view::{Cell, Likeness, Standing, compare};
use samband_domain::rulesets::{
    Age, Command, Document, Key, Rule, RuleSet, Scope, Span, Value, Verdict, key,
};
use samband_domain::{Digest, Known, Time};

fn rule(key: Key, value: Value) -> Rule {
    Rule { key, value: Known::Value(value), source: "SOS28".into(), note: None }
}

fn unknown(key: Key) -> Rule {
    Rule { key, value: Known::Unknown, source: String::new(), note: None }
}

fn draft(version: &str, rules: Vec<Rule>) -> (Digest, Command) {
    let (scope, title) = (Scope::Blood, "Regler".to_owned());
    let text = Document::of(scope, title.clone(), version.into(), &rules).text();
    let version = version.into();
    (Digest::of(text.as_bytes()), Command::Draft { scope, title, version, rules, file: None })
}

fn review(rule_set: Digest, verdict: Verdict) -> Command {
    let comment = (verdict == Verdict::Object).then(|| "fel ålder".into());
    Command::Review { rule_set, verdict, comment }
}

/// `a-1` drafts, `a-2` reviews and adopts.
fn adopt(desk: &mut Desk, version: &str, rules: Vec<Rule>, from: Time) -> Digest {
    let (digest, command) = draft(version, rules);
    desk.must("a-1", command);
    desk.must("a-2", review(digest, Verdict::Approve));
    desk.must("a-2", Command::Adopt { rule_set: digest, from: Some(from) });
    digest
}

fn days(n: u32) -> Vec<Rule> {
    vec![rule(key::SHELF_LIFE_RED_CELLS, Value::Days(n)), unknown(key::EXPIRING_DAYS)]
}

#[test]
fn a_set_applies_from_its_moment_until_the_next_one() {
    let mut desk = Desk::open("skane");
    let hour = |n: i64| START.plus_seconds(n * 3_600);
    let first = adopt(&mut desk, "1", days(42), hour(10));
    let third = adopt(&mut desk, "3", days(35), hour(30));
    let second = adopt(&mut desk, "2", days(49), hour(20));
    let shared = &desk.region.shared.rulesets;
    let at = |hours: i64| shared.in_force(Scope::Blood, hour(hours)).map(|set| set.digest);
    assert_eq!([at(9), at(10), at(19)], [None, Some(first), Some(first)]);
    assert_eq!([at(20), at(29), at(30)], [Some(second), Some(second), Some(third)]);
    let next = |hours: i64| shared.next(Scope::Blood, hour(hours)).map(|set| set.digest);
    assert_eq!([next(9), next(10), next(30)], [Some(first), Some(second), None]);
    let ends: Vec<_> = shared.stretches(Scope::Blood).iter().map(|one| one.until).collect();
    assert_eq!(ends, [Some(hour(20)), Some(hour(30)), None]);
    assert_eq!(desk.replayed(), desk.region);
}

#[test]
fn a_missing_rule_refuses_and_names_key_region_and_set() {
    let mut desk = Desk::open("skane");
    let digest = adopt(&mut desk, "1", days(42), START);
    let shared = &desk.region.shared.rulesets;
    let before = shared.required(Scope::Blood, Time(START.0 - 1), &id("skane")).unwrap_err();
    assert_eq!(before.kind.code, "rule.no_set_in_force");
    assert_eq!(before.facts["region"], "skane");
    let set = shared.required(Scope::Blood, START, &id("skane")).unwrap();
    assert_eq!(set.days(key::SHELF_LIFE_RED_CELLS), Ok(42));
    assert_eq!(set.span(key::SHELF_LIFE_RED_CELLS), Ok(Span::Days(42)));
    assert_eq!(set.cited(key::SHELF_LIFE_RED_CELLS).source, "SOS28");
    // Unknown, absent and of another kind: none of them permits anything.
    let refusals = [
        set.days(key::EXPIRING_DAYS).unwrap_err(),
        set.hours(key::RESERVATION_LAPSE_HOURS).unwrap_err(),
        set.hours(key::SHELF_LIFE_RED_CELLS).unwrap_err(),
        set.flag(key::NAT_IN_USE).unwrap_err(),
    ];
    for refusal in refusals {
        assert_eq!(refusal.kind.code, "rule.missing");
        assert_eq!(refusal.facts["region"], "skane");
        assert_eq!(refusal.facts["rule_set"], digest.short());
        assert!(Key::find(&refusal.facts["key"]).is_some(), "{refusal}");
    }
}

#[test]
fn the_latest_review_of_each_reviewer_stands() {
    let mut desk = Desk::open("skane");
    desk.must("machine", crate::common::register("a-3"));
    let (digest, command) = draft("1", days(42));
    desk.must("a-1", command);
    let standing = |desk: &Desk| {
        let shared = &desk.region.shared.rulesets;
        shared.standing(digest, &shared.held[&digest], desk.now)
    };
    assert_eq!(standing(&desk), Standing::Drafted);
    desk.must("a-2", review(digest, Verdict::Object));
    desk.must("a-3", review(digest, Verdict::Approve));
    assert_eq!(standing(&desk), Standing::Objected);
    let adoption = Command::Adopt { rule_set: digest, from: Some(START.plus_days(1)) };
    assert_eq!(desk.refused("a-3", adoption.clone()), "rule_set.objection");
    desk.must("a-2", review(digest, Verdict::Approve));
    assert_eq!(standing(&desk), Standing::Reviewed);
    assert_eq!(desk.refused("a-1", adoption.clone()), "rule_set.own_draft_adopt");
    desk.must("a-3", adoption);
    assert_eq!(standing(&desk), Standing::Scheduled);
    desk.pass_hours(24);
    assert_eq!(standing(&desk), Standing::InForce);
    adopt(&mut desk, "2", days(35), START.plus_days(1));
    assert_eq!(standing(&desk), Standing::Superseded);
}

#[test]
fn what_never_came_into_force_can_be_taken_back_and_what_did_can_return() {
    let mut desk = Desk::open("skane");
    let first = adopt(&mut desk, "1", days(42), START);
    let second = adopt(&mut desk, "2", days(35), START.plus_days(2));
    let withdraw = |rule_set| Command::Withdraw { rule_set, reason: "fel".into() };
    assert_eq!(desk.refused("a-2", withdraw(first)), "rule_set.in_force");
    desk.must("a-1", withdraw(second));
    assert_eq!(desk.region.shared.rulesets.next(Scope::Blood, desk.now), None);
    let again = Command::Adopt { rule_set: second, from: Some(START.plus_days(3)) };
    assert_eq!(desk.refused("a-2", again), "rule_set.withdrawn");
    let third = adopt(&mut desk, "3", days(49), START.plus_days(1));
    desk.pass_hours(48);
    let shared = |desk: &Desk| desk.region.shared.rulesets.clone();
    assert_eq!(shared(&desk).in_force(Scope::Blood, desk.now).unwrap().digest, third);
    desk.must("a-2", Command::Adopt { rule_set: first, from: None });
    let now = desk.now;
    assert_eq!(shared(&desk).in_force(Scope::Blood, now).unwrap().digest, first);
    let yesterday = Time(now.0 - 1);
    assert_eq!(shared(&desk).in_force(Scope::Blood, yesterday).unwrap().digest, third);
    // Withdrawing what has been in force leaves the past as it was.
    desk.must("a-1", withdraw(third));
    assert_eq!(shared(&desk).in_force(Scope::Blood, yesterday).unwrap().digest, third);
    assert_eq!(desk.replayed(), desk.region);
}

#[test]
fn regions_side_by_side_are_the_same_differ_or_miss() {
    let three = |a: Option<u32>, b: Option<u32>| {
        let desk = |name: &str, n: Option<u32>| {
            let mut desk = Desk::open(name);
            let expiring = match n {
                Some(n) => rule(key::EXPIRING_DAYS, Value::Days(n)),
                None => unknown(key::EXPIRING_DAYS),
            };
            adopt(&mut desk, "1", vec![expiring], START);
            desk
        };
        let (a, b) = (desk("halland", a), desk("skane", b));
        let regions =
            [(id("halland"), &a.region.shared.rulesets), (id("skane"), &b.region.shared.rulesets)];
        let comparison = compare(&regions, Scope::Blood, START);
        assert_eq!(comparison.rows.len(), Key::all().len());
        let row = comparison.rows.iter().find(|row| row.key == key::EXPIRING_DAYS).unwrap();
        let other = comparison.rows.iter().find(|row| row.key == key::NAT_IN_USE).unwrap();
        assert_eq!(other.cells, [Cell::Absent, Cell::Absent]);
        assert_eq!(other.likeness, Likeness::Missing);
        row.likeness
    };
    assert_eq!(three(Some(7), Some(7)), Likeness::Same);
    assert_eq!(three(Some(7), Some(10)), Likeness::Differs);
    assert_eq!(three(Some(7), None), Likeness::Missing);
    assert_eq!(three(None, None), Likeness::Missing);
    let nobody = Desk::open("halland");
    let comparison =
        compare(&[(id("halland"), &nobody.region.shared.rulesets)], Scope::Blood, START);
    assert!(comparison.rows.iter().all(|row| row.cells == [Cell::NoSet]));
    assert_eq!(comparison.count(Likeness::Missing), Key::all().len());
}

#[test]
fn the_same_rules_have_the_same_document_in_two_regions() {
    let mut two = vec![rule(key::NAT_IN_USE, Value::Flag(false))];
    two.extend(days(42));
    let one: Vec<_> = two.iter().rev().cloned().collect();
    let digest = |rules: &[Rule]| {
        let document = Document::of(Scope::Blood, "R".into(), "1".into(), rules);
        Digest::of(document.text().as_bytes())
    };
    assert_eq!(digest(&one), digest(&two));
}

#[test]
fn a_rule_of_a_later_program_is_kept_and_never_used() {
    let mut document = Document::of(Scope::Blood, "R".into(), "1".into(), &days(42));
    let later = document.rules["shelf_life.red_cells"].clone();
    document.rules.insert("moon.phase".into(), later);
    document.rules.get_mut("shelf_life.red_cells").unwrap().unit = "fortnights".into();
    let set = RuleSet::read(&document.text()).unwrap();
    assert_eq!(set.value(key::SHELF_LIFE_RED_CELLS), None);
    assert_eq!(set.unread.keys().collect::<Vec<_>>(), ["moon.phase", "shelf_life.red_cells"]);
    assert_eq!(Document::from(set).text(), document.text(), "nothing is lost on the way");
}

#[test]
fn the_catalogue_names_each_rule_once_and_in_its_own_shape() {
    let texts: std::collections::BTreeSet<_> = Key::all().map(Key::text).collect();
    assert_eq!(texts.len(), Key::all().len());
    for key in Key::all() {
        assert_eq!(Key::find(key.text()), Some(key));
        assert!(key.doc().ends_with('.'), "{key}");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c);
        assert!(key.text().chars().all(plain), "{key}");
        for code in key.shape().choices() {
            let plain = |c: char| c.is_ascii_lowercase() || "_-".contains(c);
            assert!(code.chars().all(plain), "{code}");
        }
    }
    // Test results are recorded by code, so every test that a rule can ask for must be one.
    for code in key::TESTS_EACH_DONATION.shape().choices() {
        assert!(samband_domain::words::Code::new(code).is_ok(), "{code}");
    }
    assert_eq!(key::SHELF_LIFE_RED_CELLS.text(), "shelf_life.red_cells");
    assert_eq!(key::EXPIRING_DAYS.text(), "expiring.days");
}

#[test]
fn an_age_limit_knows_whether_it_includes_itself() {
    let up_to = Age { years: 50, inclusive: true };
    let under = Age { years: 50, inclusive: false };
    assert!(up_to.holds(50) && !up_to.holds(51) && under.holds(49) && !under.holds(50));
}

#[test]
fn what_fits_no_shape_is_refused_with_what_to_write() {
    let read = |key: Key, text: &str, unit: &str| key.shape().read(text, unit);
    for (key, text, unit) in [
        (key::EXPIRING_DAYS, "-1", "d"),
        (key::EXPIRING_DAYS, "1.5", "d"),
        (key::EXPIRING_DAYS, "", "d"),
        (key::EXPIRING_DAYS, "7", ""),
        (key::EXPIRING_DAYS, "7", "h"),
        (key::EXPIRING_DAYS, "1000001", "d"),
        (key::K_NEG_FEMALE_AGE, "50", "years"),
        (key::K_NEG_FEMALE_AGE, "<=121", "years"),
        (key::STORAGE_RED_CELLS, "6..2", "°C"),
        (key::STORAGE_RED_CELLS, "2-6", "°C"),
        (key::STORAGE_RED_CELLS, "2..6.25", "°C"),
        (key::NAT_IN_USE, "ja", ""),
        (key::NAT_IN_USE, "yes", "d"),
        (key::PLATELETS_ABO, "same", ""),
        (key::TESTS_NEW_DONOR, "htlv htlv", ""),
        (key::TESTS_NEW_DONOR, "", ""),
        (key::MTP_RATIO_PLASMA, "4", "L"),
    ] {
        let error = read(key, text, unit).unwrap_err();
        assert!(error.to_string().len() > 20, "{key} {text} {unit}: {error}");
    }
    assert_eq!(
        read(key::STORAGE_PLASMA_FROZEN, "..-25,5", "°C"),
        Ok(Value::Temperature { min_tenths: None, max_tenths: -255 })
    );
    assert_eq!(
        read(key::K_NEG_FEMALE_AGE, "≤50", "years"),
        Ok(Value::Age(Age { years: 50, inclusive: true }))
    );
    assert_eq!(read(key::TESTS_NEW_DONOR, "none", ""), Ok(Value::List(vec![])));
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let keys: Vec<_> = Key::all().collect();
    prop::sample::select(keys).prop_flat_map(|key| {
        let value = prop::option::weighted(0.8, value_of(key.shape()));
        (value, ".{0,20}", prop::option::of(".{1,20}"))
            .prop_map(move |(value, source, note)| Rule { key, value: value.into(), source, note })
    })
}

proptest! {
    #[test]
    fn every_value_is_written_and_read_back(rule in any_rule()) {
        if let Known::Value(value) = &rule.value {
            let shape = rule.key.shape();
            let read = shape.read(&value.text(), value.unit(shape));
            prop_assert_eq!(read.as_ref(), Ok(value));
            prop_assert!(shape.admits(value));
        }
        let document =
            Document::of(Scope::Blood, "R".into(), "1".into(), std::slice::from_ref(&rule));
        let set = RuleSet::read(&document.text()).unwrap();
        prop_assert_eq!(&set.rules[&rule.key], &rule);
        prop_assert_eq!(Document::from(set).text(), document.text());
    }

    #[test]
    fn reading_a_value_never_panics_and_never_invents(text in "\\PC{0,12}", unit in "\\PC{0,4}") {
        for key in Key::all() {
            if let Ok(value) = key.shape().read(&text, &unit) {
                prop_assert!(key.shape().admits(&value), "{} {:?}", key, value);
            }
        }
    }
}
