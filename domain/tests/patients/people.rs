//! Who patients are: numbers, names, links, mothers, blocks.

use samband_domain::blood::model::Antigen;
use samband_domain::blood::model::recipient::{AgeKnown, Sex};
use samband_domain::patients::Command;
use samband_domain::patients::model::{Identity, ScreenResult};
use samband_domain::words::Day;
use samband_domain::{Known, PatientId};

use crate::patients::clinic::*;

fn correct(patient: &PatientId, identity: Identity) -> Command {
    Command::CorrectIdentity { patient: patient.clone(), identity, reason: "felskrivet".into() }
}

#[test]
fn the_number_says_birth_and_sex_and_is_not_contradicted() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let is = desk.region.own.patients.patients[&anna].identity.clone();
    assert_eq!(is.born, Known::Value("1964-08-23".parse::<Day>().unwrap()));
    assert_eq!(is.sex, Known::Value(Sex::Male), "the ninth digit after the century is odd");
    let of = |change: fn(&mut Identity)| {
        let mut identity = identity(BO);
        change(&mut identity);
        Command::Register { identity }
    };
    let other_day = of(|one| one.born = Known::Value("1912-12-13".parse::<Day>().unwrap()));
    assert_eq!(refused(&mut desk, "a-1", other_day), "patient.born_differs");
    let other_sex = of(|one| one.sex = Known::Value(Sex::Female));
    assert_eq!(refused(&mut desk, "a-1", other_sex), "patient.sex_differs");
    let nameless = of(|one| one.name = Known::Unknown);
    assert_eq!(refused(&mut desk, "a-1", nameless), "patient.name_needed");
    let again = Command::Register { identity: identity(ANNA) };
    assert_eq!(refused(&mut desk, "a-1", again), "patient.registered");
}

#[test]
fn a_reserve_number_has_no_age_and_is_never_overwritten() {
    let mut desk = clinic(rules());
    let reserve = admit(&mut desk, UNKNOWN);
    assert_eq!(seen(&desk, &reserve).recipient.age, AgeKnown::Unknown);
    let over = correct(&reserve, identity(ANNA));
    assert_eq!(refused(&mut desk, "a-1", over), "patient.number_kind");
    let same = correct(&reserve, identity(UNKNOWN));
    assert_eq!(refused(&mut desk, "a-1", same), "patient.nothing_changes");
}

#[test]
fn another_number_finds_the_person_and_the_groups_wait_for_a_new_sample() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    for n in 0..2 {
        grouped(&mut desk, &anna, n, A_POS);
        desk.pass_hours(1);
    }
    assert_eq!(seen(&desk, &anna).occasions, 2);
    desk.must("a-1", correct(&anna, identity(BO)));
    let own = &desk.region.own.patients;
    assert_eq!(own.by_number.get(&number(BO)), Some(&anna));
    assert_eq!(own.by_number.get(&number(ANNA)), None);
    assert_eq!(seen(&desk, &anna).occasions, 1);
}

#[test]
fn only_a_reserve_number_is_linked_and_only_once() {
    let mut desk = clinic(rules());
    let (reserve, anna, bo) =
        (admit(&mut desk, UNKNOWN), admit(&mut desk, ANNA), admit(&mut desk, BO));
    let other = admit(&mut desk, "SKR260002");
    let link = |reserve: &PatientId, to: &PatientId| Command::Link {
        reserve: reserve.clone(),
        to: to.clone(),
        check: "pass".into(),
    };
    assert_eq!(refused(&mut desk, "a-1", link(&anna, &bo)), "patient.not_reserve");
    assert_eq!(refused(&mut desk, "a-1", link(&reserve, &other)), "patient.not_reserve");
    let part = Command::Unlink { reserve: reserve.clone(), reason: "fel person".into() };
    assert_eq!(refused(&mut desk, "a-1", part.clone()), "patient.not_linked");
    desk.must("a-1", link(&reserve, &anna));
    assert_eq!(refused(&mut desk, "a-1", link(&reserve, &bo)), "patient.linked");
    let block = Command::Block { patient: reserve.clone(), note: None };
    assert_eq!(refused(&mut desk, "a-1", block), "patient.linked");
    desk.must("a-1", part);
    desk.must("a-1", link(&reserve, &bo));
}

#[test]
fn antibodies_of_both_stay_with_both_when_a_link_is_taken_back() {
    let mut desk = clinic(rules());
    let (reserve, anna) = (admit(&mut desk, UNKNOWN), admit(&mut desk, ANNA));
    let now = desk.now;
    desk.must("a-1", antibody(&reserve, Antigen::BigK, now));
    desk.must("a-1", antibody(&anna, Antigen::Jka, now));
    desk.must(
        "a-1",
        Command::Link { reserve: reserve.clone(), to: anna.clone(), check: "pass".into() },
    );
    desk.must("a-1", Command::Unlink { reserve: reserve.clone(), reason: "fel".into() });
    for one in [&reserve, &anna] {
        let known = seen(&desk, one).recipient.antibodies.value().expect("known");
        assert!(known.significant().has(Antigen::BigK) && known.significant().has(Antigen::Jka));
    }
}

#[test]
fn a_mothers_antibodies_count_for_her_child_even_when_she_was_the_wrong_one() {
    let mut desk = clinic(rules());
    let (child, wrong, mother) =
        (admit(&mut desk, UNKNOWN), admit(&mut desk, ANNA), admit(&mut desk, BO));
    let now = desk.now;
    desk.must("a-1", antibody(&wrong, Antigen::D, now));
    let state = |mother: &PatientId, reason: Option<&str>| Command::StateMother {
        patient: child.clone(),
        mother: mother.clone(),
        reason: reason.map(str::to_owned),
    };
    assert_eq!(seen(&desk, &child).recipient.mother, Known::Unknown);
    assert_eq!(refused(&mut desk, "a-1", state(&child, None)), "patient.own_mother");
    desk.must("a-1", state(&wrong, None));
    assert_eq!(refused(&mut desk, "a-1", state(&wrong, None)), "patient.nothing_changes");
    assert!(seen(&desk, &child).maternal_antibodies);
    assert_eq!(refused(&mut desk, "a-1", state(&mother, None)), "patient.mother_stated");
    desk.must("a-1", state(&mother, Some("förväxlade")));
    take(&mut desk, &mother, sample(1, now));
    desk.must("a-1", screen(&mother, 1, now, ScreenResult::Negative));
    let of = seen(&desk, &child);
    assert!(of.maternal_antibodies, "an antibody too many costs another unit");
    assert!(of.recipient.mother.value().expect("known").anti_d());
}

#[test]
fn a_block_is_set_and_lifted_once() {
    let mut desk = clinic(rules());
    let anna = admit(&mut desk, ANNA);
    let lift = || Command::LiftBlock { patient: anna.clone(), reason: "ville".into() };
    let block = || Command::Block { patient: anna.clone(), note: None };
    assert_eq!(refused(&mut desk, "a-1", lift()), "patient.block");
    desk.must("a-1", block());
    assert_eq!(refused(&mut desk, "a-1", block()), "patient.block");
    desk.must("a-1", lift());
    desk.must("a-1", block());
}
