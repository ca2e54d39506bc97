//! Patients: groups count by occasion, antibodies only grow, unknown never becomes none, and what
//! regions tell each other is asked for, answered by somebody and logged.

mod clinic;
mod decisions;
mod disclosure;
mod histories;
mod occasions;
mod people;

use clinic::*;
use samband_domain::Known;
use samband_domain::blood::model::Antigen;
use samband_domain::blood::model::recipient::Antibodies;
use samband_domain::patients::command::Again;
use samband_domain::patients::model::{Capture, Sample, ScreenResult, Target};
use samband_domain::patients::{Command, Event};
use samband_domain::rulesets::key;
use samband_domain::{Event as Any, Private};

#[test]
fn nobody_looked_is_unknown_and_never_none() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let of = seen(&desk, &anna);
    assert_eq!((of.recipient.group, of.recipient.antibodies), (Known::Unknown, Known::Unknown));
    assert!(!of.captured && !of.provisional && of.current.is_none() && of.screen.is_none());
    let now = desk.now;
    take(&mut desk, &anna, sample(1, now));
    for (result, known) in [
        (ScreenResult::Indeterminate, Known::Unknown),
        (ScreenResult::Negative, Known::Value(Antibodies::NONE)),
        (ScreenResult::Positive, Known::Unknown),
        // Seen once in this sample, antibodies were seen.
        (ScreenResult::Negative, Known::Unknown),
    ] {
        desk.must("a-1", screen(&anna, 1, now, result));
        assert_eq!(seen(&desk, &anna).recipient.antibodies, known, "{result:?}");
    }
}

#[test]
fn a_screen_says_none_only_as_long_as_it_holds_and_was_made_in_time() {
    let late = |hours| {
        let mut desk = clinic(rules());
        let anna = admit(&mut desk, ANNA);
        let taken = desk.now;
        take(&mut desk, &anna, sample(1, taken));
        desk.pass_hours(hours);
        let now = desk.now;
        desk.must("a-1", screen(&anna, 1, now, ScreenResult::Negative));
        (desk, anna)
    };
    let none = Known::Value(Antibodies::NONE);
    // The sampling day is the first of three, and of five: START is midnight.
    let (mut desk, anna) = late(71);
    assert_eq!(seen(&desk, &anna).recipient.antibodies, none);
    desk.pass_hours(48);
    assert_eq!(seen(&desk, &anna).recipient.antibodies, none, "the last hour of the fifth day");
    desk.pass_hours(1);
    assert_eq!(seen(&desk, &anna).recipient.antibodies, Known::Unknown);
    assert!(seen(&desk, &anna).current.is_none());
    let (desk, anna) = late(72);
    assert_eq!(seen(&desk, &anna).recipient.antibodies, Known::Unknown, "tested on the fourth day");
}

#[test]
fn a_rule_that_nobody_stated_permits_nothing() {
    for key in [key::BAS_VALIDITY_DAYS, key::BAS_SAMPLE_AGE_DAYS, key::GROUP_SAMPLE_AGE_DAYS] {
        let mut desk = clinic(rules_without(key));
        let anna = admit(&mut desk, ANNA);
        for n in 1..=2 {
            grouped(&mut desk, &anna, n, A_POS);
            desk.pass_hours(1);
        }
        let now = desk.now;
        desk.must("a-1", screen(&anna, 2, now, ScreenResult::Negative));
        let of = seen(&desk, &anna);
        assert!(of.unstated.contains(&key), "{key}");
        match key {
            key::GROUP_SAMPLE_AGE_DAYS => assert_eq!(of.occasions, 0),
            _ => assert_eq!(of.recipient.antibodies, Known::Unknown, "{key}"),
        }
        if key == key::BAS_VALIDITY_DAYS {
            assert!(of.current.is_none());
        }
    }
}

#[test]
fn a_sample_without_a_signed_identity_check_is_not_analysed() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let now = desk.now;
    take(&mut desk, &anna, Sample { identity_signed: false, ..sample(1, now) });
    let unsigned = "patient.sample_unsigned";
    assert_eq!(refused(&mut desk, "a-1", determine(&anna, 1, now, A_POS)), unsigned);
    let screened = screen(&anna, 1, now, ScreenResult::Negative);
    assert_eq!(refused(&mut desk, "a-1", screened), unsigned);
    let other = determine(&anna, 2, now, A_POS);
    assert_eq!(refused(&mut desk, "a-1", other), "patient.sample_unknown");
    let again = Command::TakeSample { patient: anna.clone(), sample: sample(1, now) };
    assert_eq!(refused(&mut desk, "a-1", again), "patient.sample_known");
    let ahead = Command::TakeSample { patient: anna.clone(), sample: sample(3, hour(2)) };
    assert_eq!(refused(&mut desk, "a-1", ahead), "patient.in_future");
    take(&mut desk, &anna, sample(4, now));
    let before = determine(&anna, 4, hour(-1), A_POS);
    assert_eq!(refused(&mut desk, "a-1", before), "patient.before_sample");
}

#[test]
fn a_typed_result_is_read_off_again_by_somebody_else() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let now = desk.now;
    take(&mut desk, &anna, sample(1, now));
    let Command::Determine { patient, sample, determined, group, phenotype, emergency, .. } =
        determine(&anna, 1, now, A_POS)
    else {
        unreachable!()
    };
    let typed = Command::Determine {
        patient,
        sample,
        determined,
        group,
        phenotype,
        emergency,
        capture: Capture::Typed,
    };
    let Any::Patients(Event::Determined(_, Private::Here(event))) = desk.must("a-1", typed) else {
        panic!("a determination");
    };
    let result = event.determination.id;
    let verify = |again| Command::Verify { patient: anna.clone(), result: result.clone(), again };
    let right = || verify(Again::Group(Known::Value(A_POS)));
    assert!(!seen(&desk, &anna).captured);
    assert_eq!(refused(&mut desk, "a-1", right()), "patient.second_person");
    let wrong = verify(Again::Group(Known::Value(O_NEG)));
    assert_eq!(refused(&mut desk, "a-2", wrong), "patient.reads_differ");
    let screen = verify(Again::Screen(ScreenResult::Negative));
    assert_eq!(refused(&mut desk, "a-2", screen), "patient.nothing_to_verify");
    desk.must("a-2", right());
    assert!(seen(&desk, &anna).captured);
    assert_eq!(refused(&mut desk, "a-2", right()), "patient.nothing_to_verify");
}

#[test]
fn an_antibody_fades_and_stays() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let now = desk.now;
    let found = desk.must("a-1", antibody(&anna, Antigen::Jka, hour(-9_000)));
    let Any::Patients(Event::AntibodyFound(_, Private::Here(found))) = found else { panic!() };
    let finding = found.finding.id;
    desk.must("a-1", Command::NotSeen { patient: anna.clone(), finding, at: now });
    take(&mut desk, &anna, sample(1, now));
    desk.must("a-1", screen(&anna, 1, now, ScreenResult::Negative));
    let of = seen(&desk, &anna);
    let known = of.recipient.antibodies.value().expect("known");
    assert!(known.significant().has(Antigen::Jka) && of.ever_antibody);
    let strange =
        Command::NotSeen { patient: anna.clone(), finding: "ab-0".parse().unwrap(), at: now };
    assert_eq!(refused(&mut desk, "a-1", strange), "form.not_found");
}

#[test]
fn an_antibody_that_nobody_named_is_not_none() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let now = desk.now;
    let Command::FindAntibody { patient, significance, method, found, place, .. } =
        antibody(&anna, Antigen::D, now)
    else {
        unreachable!()
    };
    let against = Target::Other("ospecifik".into());
    desk.must(
        "a-1",
        Command::FindAntibody { patient, against, significance, method, found, place },
    );
    take(&mut desk, &anna, sample(1, now));
    desk.must("a-1", screen(&anna, 1, now, ScreenResult::Negative));
    let of = seen(&desk, &anna);
    assert!(of.ever_antibody);
    assert_eq!(of.recipient.antibodies, Known::Unknown);
}

#[test]
fn every_refusal_is_provoked_here() {
    let tests = [
        include_str!("mod.rs"),
        include_str!("decisions.rs"),
        include_str!("disclosure.rs"),
        include_str!("occasions.rs"),
        include_str!("people.rs"),
    ]
    .concat();
    for kind in samband_domain::patients::REFUSALS {
        assert!(tests.contains(&format!("\"{}\"", kind.code)), "nobody provokes {}", kind.code);
    }
}
