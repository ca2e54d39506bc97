//! The truth table of eligibility: the same donor on the same day under two regions' rules.

use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command;
use samband_domain::donors::model::{
    Answer, Declaration, DeferralReason, Earlier, Ground, Question, Until,
};
use samband_domain::donors::view;
use samband_domain::{DonorId, Known};

use crate::common::stock::bare;
use crate::donors::desk::*;

const WHOLE: DonationKind = DonationKind::WholeBlood;

/// Who stands at the desk.
struct Who {
    born: &'static str,
    serial: u16,
    earlier: Known<Vec<Earlier>>,
}

fn man() -> Who {
    Who { born: "19900101", serial: MAN, earlier: Known::Value(Vec::new()) }
}

fn woman() -> Who {
    Who { serial: WOMAN, ..man() }
}

fn born(born: &'static str) -> Who {
    Who { born, ..man() }
}

fn returning(mut of: Who, days: &[&str]) -> Who {
    of.earlier = gave(days);
    of
}

/// What both regions say, each in a few words.
fn answers(who: &Who, declaration: &Declaration, kind: DonationKind) -> [String; 2] {
    [true, false].map(|nat| {
        let mut desk = region(if nat { "skane" } else { "halland" }, nat);
        let id = donor(&mut desk, who.born, who.serial, who.earlier.clone());
        declare(&mut desk, &id, declaration.clone());
        said(&asked(&desk, &id, kind))
    })
}

fn hb(value: u16, after: bool) -> Declaration {
    let mut declaration = fine();
    declaration.checks.hb = Known::Value(value);
    declaration.checks.hb_after = after;
    declaration
}

fn on(question: Question, text: &str) -> Declaration {
    but(question, Answer::On(day(text)))
}

fn ended(text: &str, weeks: u8) -> Declaration {
    but(Question::Abortion, Answer::Ended { day: day(text), weeks })
}

#[test]
fn the_nat_split_and_everything_beside_it() {
    use Question as Q;
    let yes = "eligible";
    let rows: Vec<(Who, Declaration, &str, &str)> = vec![
        (man(), fine(), yes, yes),
        // Five months after a tattoo: four months where NAT is in use, six elsewhere.
        (man(), on(Q::Tattoo, "2026-01-15"), yes, "deferred 2026-07-15: tattoo"),
        (man(), on(Q::Tattoo, "2026-02-15"), yes, "deferred 2026-08-15: tattoo"),
        (
            man(),
            on(Q::Tattoo, "2026-02-16"),
            "deferred 2026-06-16: tattoo",
            "deferred 2026-08-16: tattoo",
        ),
        (man(), on(Q::Tattoo, "2025-12-15"), yes, yes),
        (man(), but(Q::Tattoo, Answer::Yes), "unknown: tattoo", "unknown: tattoo"),
        // A rule that a region has not stated is not borrowed from the other.
        (man(), on(Q::NewPartner, "2026-01-15"), yes, "unknown: new_partner"),
        (
            man(),
            on(Q::SexualRisk, "2026-01-15"),
            "unknown: sexual_risk",
            "deferred 2026-07-15: sexual_risk",
        ),
        (man(), on(Q::MenWithMen, "2026-01-15"), yes, "deferred 2026-07-15: men_with_men"),
        (man(), on(Q::Malaria, "2016-01-15"), "unknown: malaria", "unknown: malaria"),
        (
            man(),
            on(Q::Travel, "2026-05-19"),
            "deferred 2026-06-16: travel",
            "deferred 2026-06-16: travel",
        ),
        (man(), on(Q::Travel, "2026-05-18"), yes, yes),
        (
            woman(),
            on(Q::Delivery, "2025-12-16"),
            "deferred 2026-06-16: delivery",
            "deferred 2026-06-16: delivery",
        ),
        (woman(), on(Q::Delivery, "2025-12-15"), yes, yes),
        (
            woman(),
            ended("2026-04-01", 8),
            "deferred 2026-06-24: abortion",
            "deferred 2026-06-24: abortion",
        ),
        (
            woman(),
            ended("2026-02-01", 20),
            "deferred 2026-06-21: abortion",
            "deferred 2026-06-21: abortion",
        ),
        (woman(), on(Q::Abortion, "2026-01-01"), "unknown: abortion", "unknown: abortion"),
        (woman(), but(Q::Pregnant, Answer::Yes), "deferred ?: pregnancy", "deferred ?: pregnancy"),
        (man(), but(Q::Hiv, Answer::Yes), "permanent: infection", "permanent: infection"),
        // Not on the list of the rule: a physician says what it means.
        (
            man(),
            but(Q::Hbv, Answer::Yes),
            "needs_physician: infection",
            "needs_physician: infection",
        ),
        (man(), but(Q::Well, Answer::No), "deferred ?: unwell", "deferred ?: unwell"),
        (man(), but(Q::ValidId, Answer::No), "deferred ?: identity", "deferred ?: identity"),
    ];
    for (who, declaration, skane, halland) in rows {
        let said = answers(&who, &declaration, WHOLE);
        assert_eq!(said, [skane, halland], "{declaration:?}");
    }
}

#[test]
fn age_weight_and_measurements() {
    let yes = "eligible";
    let light = |kilograms| {
        let mut declaration = fine();
        declaration.checks.weight = Known::Value(kilograms);
        declaration
    };
    let unmeasured = |what: &str| {
        let mut declaration = fine();
        match what {
            "hb" => declaration.checks.hb = Known::Unknown,
            _ => declaration.checks.weight = Known::Unknown,
        }
        declaration
    };
    let long_ago = |who| returning(who, &["2020-01-01"]);
    let nobody_asked = Who { earlier: Known::Unknown, ..man() };
    let rows: Vec<(Who, Declaration, &str)> = vec![
        (born("20080616"), fine(), "deferred 2026-06-16: age"),
        (born("20080615"), fine(), yes),
        (born("19650616"), fine(), yes),
        (born("19650615"), fine(), "needs_physician: first_age"),
        (long_ago(born("19650615")), fine(), yes),
        (long_ago(born("19600616")), fine(), yes),
        (long_ago(born("19600615")), fine(), "needs_physician: annual_permission"),
        (born("19600615"), fine(), "needs_physician: first_age annual_permission"),
        (man(), light(50), yes),
        (man(), light(49), "deferred ?: weight"),
        (man(), unmeasured("weight"), "unknown: weight"),
        (man(), hb(135, false), yes),
        (man(), hb(134, false), "deferred ?: haemoglobin"),
        (man(), hb(125, true), yes),
        (man(), hb(124, true), "deferred ?: haemoglobin"),
        (woman(), hb(125, false), yes),
        (woman(), hb(124, false), "deferred ?: haemoglobin"),
        (woman(), hb(115, true), yes),
        (man(), unmeasured("hb"), "unknown: haemoglobin"),
        (nobody_asked, fine(), "unknown: interval"),
        (man(), Declaration::default(), "unknown: weight haemoglobin declaration"),
    ];
    for (who, declaration, expected) in rows {
        assert_eq!(answers(&who, &declaration, WHOLE), [expected, expected], "{declaration:?}");
    }
}

#[test]
fn intervals_by_kind_and_sex_and_the_year() {
    let rows: Vec<(Who, DonationKind, &str)> = vec![
        (returning(man(), &["2026-04-15"]), WHOLE, "eligible"),
        (returning(man(), &["2026-04-16"]), WHOLE, "deferred 2026-06-16: interval"),
        (returning(woman(), &["2026-03-16"]), WHOLE, "eligible"),
        (returning(woman(), &["2026-04-15"]), WHOLE, "deferred 2026-07-15: interval"),
        // The interval for plasma is stated by nobody.
        (returning(man(), &["2026-04-15"]), DonationKind::Plasmapheresis, "unknown: interval"),
        (man(), DonationKind::Plasmapheresis, "eligible"),
        (
            returning(man(), &["2026-06-02"]),
            DonationKind::Plateletpheresis,
            "deferred 2026-06-16: interval",
        ),
        (returning(man(), &["2026-06-01"]), DonationKind::Plateletpheresis, "eligible"),
        // Four within twelve months, however they lie; the oldest leaves on its day.
        (
            returning(man(), &["2025-06-16", "2025-09-01", "2025-12-01", "2026-03-01"]),
            WHOLE,
            "deferred 2026-06-16: per_year",
        ),
        (
            returning(man(), &["2025-06-15", "2025-09-01", "2025-12-01", "2026-03-01"]),
            WHOLE,
            "eligible",
        ),
    ];
    for (who, kind, expected) in rows {
        assert_eq!(answers(&who, &fine(), kind), [expected, expected], "{:?}", who.earlier);
    }
}

/// Every reason is said, not the first.
#[test]
fn a_refusal_names_every_reason() {
    let mut desk = region("halland", false);
    let id = donor(&mut desk, "20090101", MAN, gave(&["2026-06-01"]));
    let mut declaration = on(Question::Tattoo, "2026-03-01");
    declaration.checks.hb = Known::Value(120);
    declaration.checks.weight = Known::Value(45);
    declare(&mut desk, &id, declaration);
    let answer = asked(&desk, &id, WHOLE);
    let grounds: Vec<_> = answer.reasons.iter().map(|one| one.ground).collect();
    use Ground as G;
    assert_eq!(grounds, [G::Age, G::Weight, G::Haemoglobin, G::Tattoo, G::Interval]);
    for reason in &answer.reasons {
        assert!(reason.key.is_some() && reason.source == "prov", "{reason:?}");
        assert!(!reason.facts.is_empty(), "{reason:?}");
    }
    let refusal = desk.act("a-1", admit(&id)).unwrap_err();
    assert_eq!(refusal.kind.code, "donor.not_eligible");
    assert_eq!(refusal.facts["reasons"], "age, weight, haemoglobin, tattoo, interval");
    assert_eq!(refusal.facts["verdict"], "deferred");
}

#[test]
fn without_rules_or_number_nobody_is_eligible() {
    let mut desk = bare("skane");
    desk.now = morning(TODAY);
    let id = new_donor(&mut desk, "19900101", MAN);
    declare(&mut desk, &id, fine());
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "unknown: rule_set");
    assert_eq!(desk.refused("a-1", admit(&id)), "rule.no_set_in_force");

    let mut desk = region("skane", true);
    let reserve = identity("SKR260001".parse().unwrap());
    let (terms, earlier) = (terms(&[WHOLE]), Known::Value(Vec::new()));
    desk.must("a-1", Command::Register { identity: reserve, terms, earlier });
    let id = desk.region.own.donors.donors.keys().next().unwrap().clone();
    declare(&mut desk, &id, fine());
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "deferred ?: identity age haemoglobin");
    let nobody = DonorId::new("d-0").unwrap();
    assert_eq!(said(&asked(&desk, &nobody, WHOLE)), "unknown: identity");
}

#[test]
fn a_rule_set_that_says_nothing_lets_nobody_through() {
    let silent = crate::common::stock::rules(true);
    let mut desk = bare("skane");
    crate::common::stock::adopt(&mut desk, silent);
    desk.now = morning(TODAY);
    let id = new_donor(&mut desk, "19900101", MAN);
    declare(&mut desk, &id, fine());
    let answer = asked(&desk, &id, WHOLE);
    assert_eq!(answer.verdict.as_str(), "unknown");
    assert!(answer.reasons.iter().all(|one| one.facts["missing"] == "rule"), "{answer:?}");
    // One rule taken away from a full set is enough.
    for gone in rules(true) {
        let used = [
            "donor.identity",
            "donor.age.minimum",
            "donor.age.first_without_physician",
            "donor.age.without_annual_permission",
            "donor.weight.minimum",
            "donor.hb.male",
            "donor.whole_blood.per_year",
            "donor.permanent_exclusion",
        ];
        if !used.contains(&gone.key.text()) {
            continue;
        }
        let mut desk = bare("skane");
        let rest = rules(true).into_iter().filter(|rule| rule.key != gone.key).collect();
        crate::common::stock::adopt(&mut desk, rest);
        desk.now = morning(TODAY);
        let id = new_donor(&mut desk, "19900101", MAN);
        declare(&mut desk, &id, fine());
        let answer = asked(&desk, &id, WHOLE);
        assert_eq!(answer.verdict.as_str(), "unknown", "{}", gone.key);
        assert_eq!(answer.reasons[0].key, Some(gone.key));
    }
}

#[test]
fn questions_follow_from_the_rules() {
    let asked_of = |nat: bool, serial: u16| {
        let desk = region("skane", nat);
        let rules = view::rules_on(&desk.region, desk.now).unwrap();
        view::questions(rules, identity(number("19900101", serial)).sex())
    };
    use Question as Q;
    let (nat_man, old_man) = (asked_of(true, MAN), asked_of(false, MAN));
    assert!(nat_man.contains(&Q::NewPartner) && !nat_man.contains(&Q::SexualRisk));
    assert!(!nat_man.contains(&Q::MenWithMen), "the same for all where NAT is in use");
    assert!(old_man.contains(&Q::SexualRisk) && old_man.contains(&Q::MenWithMen));
    assert!(!old_man.contains(&Q::NewPartner) && !old_man.contains(&Q::Pregnant));
    let woman = asked_of(false, WOMAN);
    assert!(woman.contains(&Q::Pregnant) && !woman.contains(&Q::MenWithMen));
}

/// What was stated once is not forgotten at the next visit.
#[test]
fn a_later_no_does_not_undo_an_earlier_yes() {
    let mut desk = region("skane", true);
    let id = new_donor(&mut desk, "19900101", MAN);
    declare(&mut desk, &id, on(Question::Tattoo, "2026-06-01"));
    declare(&mut desk, &id, fine());
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "deferred 2026-10-01: tattoo");
    let retract = Command::Retract {
        donor: id.clone(),
        question: Question::Tattoo,
        reason: "förväxlad".into(),
    };
    desk.must("a-2", retract);
    declare(&mut desk, &id, fine());
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "eligible");
}

#[test]
fn yesterdays_declaration_is_not_todays() {
    let mut desk = region("skane", true);
    let id = new_donor(&mut desk, "19900101", MAN);
    declare(&mut desk, &id, fine());
    desk.now = morning("2026-06-16");
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "unknown: declaration");
    let prospect = view::prospect(&desk.region, &id, WHOLE, desk.now, &desk.journal);
    assert_eq!(said(&prospect), "eligible", "nothing known speaks against calling");
}

#[test]
fn deferrals_hold_until_they_end_or_are_lifted() {
    let mut desk = region("skane", true);
    let id = new_donor(&mut desk, "19900101", MAN);
    declare(&mut desk, &id, fine());
    let defer = |until| Command::Defer {
        donor: id.clone(),
        reason: DeferralReason::LowHb,
        until,
        note: None,
    };
    desk.must("a-1", defer(Until::Day(day("2026-07-01"))));
    desk.must("a-1", defer(Until::Permanent));
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "permanent: deferral deferral");
    let held = &desk.region.own.donors.donors[&id].deferrals;
    let permanent = held.iter().find(|(_, one)| one.until == Until::Permanent).unwrap().0.clone();
    let reason = "fel person".to_owned();
    desk.must("a-2", Command::Lift { donor: id.clone(), deferral: permanent, reason });
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "deferred 2026-07-01: deferral");
    desk.now = morning("2026-07-01");
    declare(&mut desk, &id, fine());
    desk.must("a-1", admit(&id));
}
