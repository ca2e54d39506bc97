//! A region that receives donors: rules as Skåne's and Halland's, donors with numbers that hold.

use std::collections::BTreeMap;

use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command;
use samband_domain::donors::model::{
    Answer, Checks, Declaration, Earlier, Eligibility, Identity, Question, Terms, Verdict,
};
use samband_domain::donors::view;
use samband_domain::rulesets::{Age, Rule, Value, key};
use samband_domain::words::Day;
use samband_domain::{DonorId, Known, PersonNumber, Time};

use crate::common::stock::{adopt, bare, site};
use crate::common::{Desk, SECRET};

/// The day on which most of it happens.
pub const TODAY: &str = "2026-06-15";

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Ten in the morning, or so, of a day.
pub fn morning(text: &str) -> Time {
    day(text).starts().plus_seconds(10 * 3_600)
}

fn rule(key: samband_domain::rulesets::Key, value: Value) -> Rule {
    Rule { key, value: Known::Value(value), source: "prov".into(), note: None }
}

/// blood.md §5.2 as the two regions state it, with intervals that a test needs.
pub fn rules(nat: bool) -> Vec<Rule> {
    let list = |codes: &[&str]| Value::List(codes.iter().map(|c| (*c).to_owned()).collect());
    let within = |years| Value::Age(Age { years, inclusive: true });
    let mut rules = vec![
        rule(key::NAT_IN_USE, Value::Flag(nat)),
        rule(key::DONOR_IDENTITY, list(&["personal_number", "valid_id", "understands_swedish"])),
        rule(key::DONOR_AGE_MINIMUM, Value::Years(18)),
        rule(key::DONOR_AGE_FIRST_WITHOUT_PHYSICIAN, within(60)),
        rule(key::DONOR_AGE_RETURNING_NEEDS_PHYSICIAN, Value::Flag(false)),
        rule(key::DONOR_AGE_WITHOUT_ANNUAL_PERMISSION, within(65)),
        rule(key::DONOR_WEIGHT_MINIMUM, Value::Kilograms(50)),
        rule(key::DONOR_HB_FEMALE, Value::GramsPerLitre(125)),
        rule(key::DONOR_HB_MALE, Value::GramsPerLitre(135)),
        rule(key::DONOR_HB_LOWER_AFTER_DONATION, Value::GramsPerLitre(10)),
        rule(key::DONOR_PLATELETS_MINIMUM, Value::Count(150)),
        rule(key::DONOR_PROTEIN_MINIMUM, Value::GramsPerLitre(60)),
        rule(key::DONOR_WHOLE_BLOOD_PER_YEAR, Value::Count(4)),
        rule(key::DONOR_WHOLE_BLOOD_INTERVAL_FEMALE_DAYS, Value::Days(91)),
        rule(key::DONOR_WHOLE_BLOOD_INTERVAL_MALE_DAYS, Value::Days(61)),
        rule(key::DONOR_PLATELETS_INTERVAL_DAYS, Value::Days(14)),
        rule(key::DONOR_PREGNANCY_MONTHS_AFTER, Value::Months(6)),
        rule(key::DONOR_ABORTION_WEEKS_MINIMUM, Value::Count(12)),
        rule(key::DONOR_TATTOO_MONTHS, Value::Months(if nat { 4 } else { 6 })),
        rule(key::DONOR_MSM_SEPARATE_RULE, Value::Flag(!nat)),
        rule(key::DONOR_TRAVEL_DAYS, Value::Days(28)),
        rule(key::DONOR_ZIKA_DAYS, Value::Days(28)),
        rule(key::DONOR_PERMANENT_EXCLUSION, list(&["hiv", "htlv", "hcv"])),
        rule(key::DONOR_CALL_INTERVAL_DAYS, Value::Days(30)),
    ];
    rules.push(if nat {
        rule(key::DONOR_NEW_PARTNER_MONTHS, Value::Months(4))
    } else {
        rule(key::DONOR_SEXUAL_RISK_MONTHS, Value::Months(6))
    });
    rules
}

/// A region with two blood centres and rules, on the morning of [`TODAY`].
pub fn region(name: &str, nat: bool) -> Desk {
    let mut desk = bare(name);
    adopt(&mut desk, rules(nat));
    desk.now = morning(TODAY);
    desk
}

/// A number with its check digit: an odd serial is a man's.
pub fn number(born: &str, serial: u16) -> PersonNumber {
    let text = format!("{born}{serial:03}");
    let sum: u32 = text[2..]
        .bytes()
        .enumerate()
        .map(|(at, byte)| u32::from(byte - b'0') * if at % 2 == 0 { 2 } else { 1 })
        .map(|value| value / 10 + value % 10)
        .sum();
    format!("{text}{}", (10 - sum % 10) % 10).parse().unwrap()
}

pub fn identity(number: PersonNumber) -> Identity {
    Identity {
        name: format!("Påhittad {SECRET}"),
        number,
        phone: Some(format!("070 {SECRET}")),
        email: None,
    }
}

pub fn terms(kinds: &[DonationKind]) -> Terms {
    Terms { site: Some(site("one")), kinds: kinds.to_vec(), may_call: true }
}

pub const MAN: u16 = 1;
pub const WOMAN: u16 = 2;

/// Registers a donor of whole blood.
pub fn donor(desk: &mut Desk, born: &str, serial: u16, earlier: Known<Vec<Earlier>>) -> DonorId {
    let number = number(born, serial);
    let (identity, terms) = (identity(number.clone()), terms(DonationKind::ALL));
    desk.must("a-1", Command::Register { identity, terms, earlier });
    desk.region.own.donors.by_number[&number].clone()
}

/// Somebody who never gave.
pub fn new_donor(desk: &mut Desk, born: &str, serial: u16) -> DonorId {
    donor(desk, born, serial, Known::Value(Vec::new()))
}

pub fn gave(days: &[&str]) -> Known<Vec<Earlier>> {
    let one = |text: &&str| Earlier { day: day(text), kind: DonationKind::WholeBlood };
    Known::Value(days.iter().map(one).collect())
}

/// Everything answered so that nothing hinders, everything measured well.
pub fn fine() -> Declaration {
    let yes = [Question::ValidId, Question::UnderstandsSwedish, Question::Well];
    let answer = |question: &Question| {
        (*question, if yes.contains(question) { Answer::Yes } else { Answer::No })
    };
    let answers: BTreeMap<_, _> = Question::ALL.iter().map(answer).collect();
    let known = Known::Value;
    let checks = Checks {
        weight: known(70),
        hb: known(150),
        hb_after: false,
        platelets: known(250),
        protein: known(70),
    };
    Declaration { answers, checks }
}

pub fn but(question: Question, answer: Answer) -> Declaration {
    let mut declaration = fine();
    declaration.answers.insert(question, answer);
    declaration
}

pub fn declare(desk: &mut Desk, donor: &DonorId, declaration: Declaration) {
    let (donor, site) = (donor.clone(), site("one"));
    desk.must("a-1", Command::Declare { donor, site, declaration });
}

pub fn admit(donor: &DonorId) -> Command {
    Command::Admit { donor: donor.clone(), kind: DonationKind::WholeBlood }
}

pub fn asked(desk: &Desk, donor: &DonorId, kind: DonationKind) -> Eligibility {
    view::eligibility(&desk.region, donor, kind, desk.now, &desk.journal)
}

/// The verdict in a few words, with what it rests on: `deferred 2026-07-15: tattoo`.
pub fn said(answer: &Eligibility) -> String {
    let until = match answer.verdict {
        Verdict::Deferred { until: Known::Value(until) } => format!(" {}", Day::of(until)),
        Verdict::Deferred { until: Known::Unknown } => " ?".to_owned(),
        _ => String::new(),
    };
    let grounds: Vec<_> = answer.reasons.iter().map(|reason| reason.ground.as_str()).collect();
    let verdict = answer.verdict.as_str();
    if grounds.is_empty() {
        return verdict.to_owned();
    }
    format!("{verdict}{until}: {}", grounds.join(" "))
}
