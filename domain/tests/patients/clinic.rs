//! A laboratory's desk for tests: patients, samples and results in one line each.

use samband_domain::blood::model::recipient::Significance;
use samband_domain::blood::model::{Abo, Antigen, Group, Phenotype, Rhd};
use samband_domain::patients::model::{
    Capture, Identity, Purpose, Sample, SampleNumber, ScreenResult, SharedOccasion, Target,
};
use samband_domain::patients::view::{Serology, serology};
use samband_domain::patients::{Command, Event};
use samband_domain::rulesets::{Rule, Scope, Value, key};
use samband_domain::{Known, PatientId, Private, Refusal, Time};

use crate::common::stock::{adopt, bare, rule};
use crate::common::{Desk, START};

pub const A_POS: Group = Group::new(Abo::A, Rhd::Positive);
pub const O_NEG: Group = Group::O_NEG;

pub fn hour(n: i64) -> Time {
    START.plus_seconds(n * 3_600)
}

/// What blood.md knows: two occasions, five days, BAS five days from samples of at most three.
pub fn rules() -> Vec<Rule> {
    let same = Value::Choice("emergency_documented".into());
    vec![
        rule(key::GROUP_SAMPLE_OCCASIONS, Value::Count(2)),
        rule(key::GROUP_SAMPLE_AGE_DAYS, Value::Days(5)),
        rule(key::GROUP_SAMPLE_SAME_OCCASION, same),
        rule(key::REGROUP_OTHER_REGION, Value::Flag(true)),
        rule(key::BAS_VALIDITY_DAYS, Value::Days(5)),
        rule(key::BAS_COUNTS_SAMPLING_DAY, Value::Flag(true)),
        rule(key::BAS_SAMPLE_AGE_DAYS, Value::Days(3)),
        rule(key::IRRADIATION_ALLOGENEIC_HSCT_MONTHS, Value::Months(12)),
    ]
}

/// The rules with one of them another.
pub fn rules_with(one: Rule) -> Vec<Rule> {
    rules_without(one.key).into_iter().chain([one]).collect()
}

/// The rules without one of them.
pub fn rules_without(key: samband_domain::rulesets::Key) -> Vec<Rule> {
    rules().into_iter().filter(|rule| rule.key != key).collect()
}

pub fn clinic(rules: Vec<Rule>) -> Desk {
    clinic_in("skane", rules)
}

pub fn clinic_in(region: &str, rules: Vec<Rule>) -> Desk {
    let mut desk = bare(region);
    adopt(&mut desk, rules);
    desk
}

pub fn identity(number: &str) -> Identity {
    let number: samband_domain::words::PersonNumber = number.parse().expect("a number");
    let name =
        if number.identifies() { Known::Value("Test Testsson".into()) } else { Known::Unknown };
    Identity { number, name, born: Known::Unknown, sex: Known::Unknown }
}

pub const ANNA: &str = "196408233234";
pub const BO: &str = "191212121212";
pub const UNKNOWN: &str = "SKR260001";

pub fn admit(desk: &mut Desk, number: &str) -> PatientId {
    match desk.must("a-1", Command::Register { identity: identity(number) }) {
        samband_domain::Event::Patients(Event::Registered(_, Private::Here(event))) => {
            event.patient
        }
        other => panic!("{other:?}"),
    }
}

pub fn tube(n: u32) -> SampleNumber {
    format!("S{n:05}").parse().unwrap()
}

pub fn sample(n: u32, taken: Time) -> Sample {
    Sample {
        number: tube(n),
        purpose: Purpose::Compatibility,
        taken,
        place: "Akuten".into(),
        taken_by: "K. Karlsson".into(),
        identity_signed: true,
        shared_occasion: None,
    }
}

pub fn shared(n: u32, taken: Time, physician: Option<&str>) -> Sample {
    let shared_occasion =
        Some(SharedOccasion { reason: "blöder".into(), physician: physician.map(str::to_owned) });
    Sample { shared_occasion, ..sample(n, taken) }
}

pub fn take(desk: &mut Desk, patient: &PatientId, sample: Sample) {
    desk.must("a-1", Command::TakeSample { patient: patient.clone(), sample });
}

pub fn determine(patient: &PatientId, n: u32, determined: Time, group: Group) -> Command {
    Command::Determine {
        patient: patient.clone(),
        sample: tube(n),
        determined,
        group: Known::Value(group),
        phenotype: Phenotype::UNTESTED,
        emergency: false,
        capture: Capture::Interface { instrument: "påhittat".into() },
    }
}

/// A sample of now and its group, by interface.
pub fn grouped(desk: &mut Desk, patient: &PatientId, n: u32, group: Group) {
    let now = desk.now;
    take(desk, patient, sample(n, now));
    desk.must("a-1", determine(patient, n, now, group));
}

pub fn screen(patient: &PatientId, n: u32, performed: Time, result: ScreenResult) -> Command {
    Command::RecordScreen {
        patient: patient.clone(),
        sample: tube(n),
        performed,
        result,
        capture: Capture::Interface { instrument: "påhittat".into() },
    }
}

pub fn antibody(patient: &PatientId, antigen: Antigen, found: Time) -> Command {
    Command::FindAntibody {
        patient: patient.clone(),
        against: Target::RedCell(antigen),
        significance: Known::Value(Significance::Significant),
        method: None,
        found,
        place: "Lund".into(),
    }
}

/// What selection and issue are told now.
pub fn seen(desk: &Desk, patient: &PatientId) -> Serology {
    let rules = desk.region.shared.rulesets.in_force(Scope::Blood, desk.now);
    serology(&desk.region.own.patients, rules, patient, desk.now).expect("a patient")
}

pub fn refused(desk: &mut Desk, who: &str, command: Command) -> &'static str {
    let refusal: Refusal = desk.act(who, command).expect_err("refused");
    assert!(!refusal.facts.is_empty(), "{} names no facts", refusal.kind.code);
    refusal.kind.code
}

pub fn number(text: &str) -> samband_domain::words::PersonNumber {
    text.parse().expect("a number")
}
