//! The one function: mandates in force, emergency access, sites, trust, and what a refusal says.

use std::collections::BTreeSet;

use crate::common::{
    NOW, actor, at_site, break_glass, give, journal, key, mandate, mandate_id, region,
};
use samband_access::{Action, Because, Denied, Grant, Principal, Standing, authorise, standings};
use samband_domain::bonds::Peer;
use samband_domain::kernel::{Access, Approval, Capacity, LegalRole, Role};
use samband_domain::{Mode, Region, Time, Window};

fn person(who: &str, of: &str) -> Principal {
    Principal::Person { actor: actor(who), region: journal(of) }
}

fn ask(region: &Region, who: &Principal, action: Action, target: &str) -> Result<Grant, Denied> {
    authorise(region, who, action, &journal(target), NOW)
}

fn because(region: &Region, who: &Principal, action: Action, target: &str) -> Because {
    ask(region, who, action, target).unwrap_err().because
}

#[test]
fn a_role_in_force_grants_and_names_its_mandate() {
    let mut skane = region("skane");
    give(&mut skane, mandate("m-1", "eva", Capacity::Role(Role::Coordinator)));
    let eva = person("eva", "skane");
    let grant = ask(&skane, &eva, Action::ReportFigures, "skane").unwrap();
    assert_eq!(grant.mandate, Some(mandate_id("m-1")));
    assert_eq!(grant.standing, Standing::Role(Role::Coordinator));
    assert!(ask(&skane, &eva, Action::SeePicture, "halland").is_ok());
    let own = ask(&skane, &eva, Action::ChangeOwnPassword, "skane").unwrap();
    assert_eq!(own.mandate, Some(mandate_id("m-1")));
}

#[test]
fn a_refusal_says_what_was_asked_held_and_who_may() {
    let mut skane = region("skane");
    give(&mut skane, mandate("m-1", "eva", Capacity::Role(Role::Scientist)));
    let eva = person("eva", "skane");
    let denied = ask(&skane, &eva, Action::SignAgreement, "skane").unwrap_err();
    assert_eq!(denied.who_may, [Standing::Role(Role::Director)]);
    let refusal = denied.refusal();
    assert_eq!(refusal.kind.code, "access.denied");
    assert_eq!(refusal.facts["action"], "sign_agreement");
    assert_eq!(refusal.facts["relation"], "own");
    assert_eq!(refusal.facts["held"], "scientist, signed_in");
    assert_eq!(refusal.facts["because"], "binding");
    assert_eq!(refusal.facts["who_may"], "director");
    assert!(denied.to_string().contains("its director signs"), "{denied}");

    let denied = ask(&skane, &Principal::Nobody, Action::SignAgreement, "skane").unwrap_err();
    assert_eq!(denied.refusal().kind.code, "access.not_signed_in");
    assert_eq!(denied.who_may, [Standing::Role(Role::Director)]);
}

#[test]
fn nothing_is_written_to_another_region_and_the_refusal_says_so() {
    let mut skane = region("skane");
    give(&mut skane, mandate("m-1", "eva", Capacity::Role(Role::Coordinator)));
    let eva = person("eva", "skane");
    let denied = ask(&skane, &eva, Action::ReportFigures, "halland").unwrap_err();
    assert_eq!(denied.because, Because::OwnRegion);
    assert_eq!(denied.refusal().kind.code, "access.other_region");
    assert!(denied.who_may.contains(&Standing::Role(Role::Coordinator)));
    assert_eq!(because(&skane, &eva, Action::SeePerson, "halland"), Because::OwnRegion);
    assert_eq!(because(&skane, &eva, Action::SeeAccounts, "halland"), Because::Administration);
}

#[test]
fn mandates_count_only_while_they_are_in_force() {
    let eva = person("eva", "skane");
    let role = Capacity::Role(Role::Coordinator);
    let with = |change: &dyn Fn(&mut samband_domain::kernel::Mandate)| {
        let mut skane = region("skane");
        let mut held = mandate("m-1", "eva", role.clone());
        change(&mut held);
        give(&mut skane, held);
        ask(&skane, &eva, Action::SeePicture, "skane").map_err(|denied| denied.because)
    };
    let window = |from, until| Window::new(Time(from), Some(Time(until))).unwrap();
    assert!(with(&|_| {}).is_ok());
    let ended = with(&|held| held.window = window(0, 1_000_000));
    assert_eq!(ended, Err(Because::NoMandate));
    assert!(with(&|held| held.window = window(0, 1_000_001)).is_ok());
    let future = with(&|held| held.window = window(1_000_001, 2_000_000));
    assert_eq!(future, Err(Because::NoMandate));
    let waiting = with(&|held| {
        held.approval =
            Approval::Pending { authority: "IVO".into(), asked: samband_domain::Known::Unknown };
    });
    assert_eq!(waiting, Err(Because::NoMandate));
    assert_eq!(with(&|held| held.holder = actor("nils")), Err(Because::NoMandate));
}

#[test]
fn a_new_person_may_only_look_after_the_own_account() {
    let skane = region("skane");
    let eva = person("eva", "skane");
    let own = ask(&skane, &eva, Action::ChangeOwnPassword, "skane").unwrap();
    assert_eq!((own.mandate, own.standing), (None, Standing::SignedIn));
    for action in Action::ALL {
        let allowed = ask(&skane, &eva, *action, "skane").is_ok();
        assert_eq!(
            allowed,
            samband_access::rule(Standing::SignedIn, *action, samband_access::Relation::Own,).allow
        );
    }
    assert_eq!(because(&skane, &eva, Action::BreakGlass, "skane"), Because::NoMandate);
}

#[test]
fn other_capacities_are_no_roles() {
    let mut skane = region("skane");
    let legal = Capacity::Legal(LegalRole::ResponsiblePerson);
    give(&mut skane, mandate("m-1", "eva", legal));
    let emergency = Capacity::Access(Access::Emergency);
    give(&mut skane, mandate("m-2", "eva", emergency));
    let eva = person("eva", "skane");
    assert_eq!(because(&skane, &eva, Action::SeePicture, "skane"), Because::NoMandate);
    give(&mut skane, mandate("m-3", "eva", Capacity::Access(Access::Audit)));
    let grant = ask(&skane, &eva, Action::SeeReads, "skane").unwrap();
    assert_eq!(grant.standing, Standing::Audit);
    assert_eq!(grant.mandate, Some(mandate_id("m-3")));
    assert!(ask(&skane, &eva, Action::ReportFigures, "skane").is_err());
}

#[test]
fn a_mandate_for_one_site_reads_and_does_not_write_for_the_region() {
    let mut skane = region("skane");
    let held = mandate("m-1", "eva", Capacity::Role(Role::Coordinator));
    give(&mut skane, at_site(held.clone()));
    let eva = person("eva", "skane");
    assert!(ask(&skane, &eva, Action::SeePicture, "halland").is_ok());
    assert!(ask(&skane, &eva, Action::BreakGlass, "skane").is_ok());
    assert_eq!(because(&skane, &eva, Action::ReportFigures, "skane"), Because::WholeRegion);
    let mut whole = held;
    whole.id = mandate_id("m-2");
    give(&mut skane, whole);
    let grant = ask(&skane, &eva, Action::ReportFigures, "skane").unwrap();
    assert_eq!(grant.mandate, Some(mandate_id("m-2")));
}

#[test]
fn emergency_access_lasts_its_window_and_acts_by_its_own_mandate() {
    let mut skane = region("skane");
    give(&mut skane, mandate("m-1", "eva", Capacity::Role(Role::Tib)));
    let eva = person("eva", "skane");
    assert!(ask(&skane, &eva, Action::ReportFigures, "skane").is_err());
    break_glass(&mut skane, "g-0", "eva", 0, NOW.0);
    break_glass(&mut skane, "g-1", "nils", 0, NOW.0 + 1);
    assert!(ask(&skane, &eva, Action::ReportFigures, "skane").is_err());
    break_glass(&mut skane, "g-2", "eva", NOW.0, NOW.0 + 1);
    let grant = ask(&skane, &eva, Action::ReportFigures, "skane").unwrap();
    assert_eq!(grant.mandate, Some(mandate_id("g-2")));
    assert_eq!(grant.standing, Standing::Emergency);
    let by_role = ask(&skane, &eva, Action::SeePicture, "skane").unwrap();
    assert_eq!(by_role.standing, Standing::Role(Role::Tib), "the ordinary ground comes first");
    assert!(ask(&skane, &eva, Action::ReportFigures, "halland").is_err());
    assert!(ask(&skane, &eva, Action::SignAgreement, "skane").is_err());
}

#[test]
fn another_regions_state_never_answers_for_a_person() {
    let mut halland = region("halland");
    give(&mut halland, mandate("m-1", "eva", Capacity::Role(Role::Director)));
    break_glass(&mut halland, "g-1", "eva", 0, NOW.0 + 1);
    let eva = person("eva", "skane");
    assert_eq!(standings(&halland, &eva, NOW).len(), 1);
    assert!(ask(&halland, &eva, Action::SeePicture, "halland").is_err());
    assert!(ask(&Region::default(), &eva, Action::SeePicture, "skane").is_err());
    let stranger = person("okand", "halland");
    give(&mut halland, mandate("m-2", "okand", Capacity::Role(Role::Director)));
    assert!(ask(&halland, &stranger, Action::SeePicture, "halland").is_err());
}

#[test]
fn only_a_trusted_installation_pulls() {
    let mut skane = region("skane");
    let peer =
        Principal::Peer { journals: BTreeSet::from([journal("halland"), journal("kronoberg")]) };
    let denied = ask(&skane, &peer, Action::PullShared, "skane").unwrap_err();
    assert_eq!(denied.because, Because::Untrusted);
    assert_eq!(denied.held, [Standing::Nobody]);
    let trusted = Peer { journal: journal("kronoberg"), key: key(), mode: Mode::Real };
    skane.shared.bonds.peers.insert(journal("kronoberg"), trusted);
    let grant = ask(&skane, &peer, Action::PullShared, "skane").unwrap();
    assert_eq!((grant.mandate, grant.standing), (None, Standing::Peer));
    assert_eq!(because(&skane, &peer, Action::SeePicture, "skane"), Because::SharedPicture);
    let eva = person("eva", "skane");
    assert!(ask(&skane, &eva, Action::PullShared, "halland").is_err());
}

#[test]
fn machine_and_engine_act_without_a_mandate_and_each_only_as_the_table_says() {
    let empty = Region::default();
    let machine = ask(&empty, &Principal::Machine, Action::OpenJournal, "skane").unwrap();
    assert_eq!((machine.mandate, machine.standing), (None, Standing::Machine));
    let engine = ask(&empty, &Principal::Engine, Action::NoteSilence, "skane").unwrap();
    assert_eq!(engine.standing, Standing::Engine);
    let denied = because(&empty, &Principal::Engine, Action::OpenJournal, "skane");
    assert_eq!(denied, Because::Machine);
    let denied = because(&empty, &Principal::Machine, Action::Notice, "skane");
    assert_eq!(denied, Because::Engine);
    assert!(ask(&empty, &Principal::Nobody, Action::SignIn, "skane").is_ok());
}
