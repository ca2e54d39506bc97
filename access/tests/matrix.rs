//! The whole policy as one reviewed file, and what must hold for every line of it.

use std::fmt::Write as _;

use samband_access::{Action, Because, Kind, Relation, Standing, policy, rule};
use samband_domain::kernel::Role;

fn standings() -> Vec<Standing> {
    Standing::ALL.to_vec()
}

fn persons() -> impl Iterator<Item = Standing> {
    let outside = [Standing::Peer, Standing::Engine, Standing::Machine];
    standings().into_iter().filter(move |one| !outside.contains(one))
}

fn allowed(standing: Standing, action: Action, relation: Relation) -> bool {
    rule(standing, action, relation).allow
}

#[test]
fn the_matrix_is_the_reviewed_one() {
    let mut text = String::from("✔ allowed, ✘ not. Columns from the left:\n");
    for (n, standing) in standings().iter().enumerate() {
        writeln!(text, "{:>4}  {standing}", n + 1).unwrap();
    }
    for relation in Relation::ALL {
        let head = match relation {
            Relation::Own => "IN THE OWN REGION",
            Relation::Other => "TOWARDS ANOTHER REGION",
        };
        write!(text, "\n{head:<22}").unwrap();
        for n in 1..=standings().len() {
            write!(text, "{n:>3}").unwrap();
        }
        text.push_str("  why\n");
        for action in Action::ALL {
            write!(text, "{:<22}", action.as_str()).unwrap();
            for standing in standings() {
                let mark = if allowed(standing, *action, *relation) { "✔" } else { "✘" };
                write!(text, "  {mark}").unwrap();
            }
            let why = match relation {
                Relation::Own => policy::row(*action).because,
                Relation::Other
                    if standings().iter().any(|one| allowed(*one, *action, *relation)) =>
                {
                    policy::row(*action).because
                }
                Relation::Other => Because::OwnRegion,
            };
            writeln!(text, "  {}", why.words()).unwrap();
        }
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("matrix", text);
    });
}

#[test]
fn nobody_may_do_anything_but_what_is_public() {
    for action in Action::ALL {
        for relation in Relation::ALL {
            let verdict = rule(Standing::Nobody, *action, *relation);
            let by_link = *action == Action::AnswerByLink && *relation == Relation::Own;
            assert_eq!(verdict.allow, action.kind() == Kind::Public || by_link, "{action}");
            if !verdict.allow {
                assert_eq!(verdict.because, Because::SignIn);
            }
        }
    }
}

#[test]
fn nothing_is_written_to_another_region_by_anybody() {
    for action in Action::ALL.iter().filter(|action| action.writes()) {
        for standing in standings() {
            assert!(!allowed(standing, *action, Relation::Other), "{standing} {action}");
        }
    }
}

#[test]
fn every_action_is_allowed_to_somebody() {
    for action in Action::ALL {
        let anybody = standings().into_iter().any(|standing| {
            Relation::ALL.iter().any(|relation| allowed(standing, *action, *relation))
        });
        assert!(anybody, "{action}");
    }
}

#[test]
fn without_a_mandate_one_may_only_look_after_oneself() {
    for action in Action::ALL {
        let own = allowed(Standing::SignedIn, *action, Relation::Own);
        let personal = action.kind() == Kind::Personal && *action != Action::BreakGlass;
        let by_link = *action == Action::AnswerByLink;
        assert_eq!(own, personal || by_link || action.kind() == Kind::Public, "{action}");
        let other = allowed(Standing::SignedIn, *action, Relation::Other);
        assert_eq!(other, action.kind() == Kind::Public, "{action}");
    }
}

#[test]
fn whoever_may_read_about_a_person_may_record_the_reading() {
    for standing in standings() {
        if allowed(standing, Action::SeePerson, Relation::Own) {
            assert!(allowed(standing, Action::NoteRead, Relation::Own), "{standing}");
        }
        assert!(!allowed(standing, Action::SeePerson, Relation::Other), "{standing}");
    }
}

#[test]
fn everybody_in_a_role_may_break_the_glass_and_see_the_picture_of_all_regions() {
    for role in Role::ALL {
        let role = Standing::Role(*role);
        assert!(allowed(role, Action::BreakGlass, Relation::Own));
        for relation in Relation::ALL {
            assert!(allowed(role, Action::SeePicture, *relation));
        }
    }
}

#[test]
fn duties_are_separated() {
    let own = |standing, action| allowed(standing, action, Relation::Own);
    let administrator = Standing::Role(Role::Administrator);
    for action in [
        Action::SignAgreement,
        Action::ProposeAgreement,
        Action::CorrectFigures,
        Action::GrantLegalRole,
        Action::EraseActor,
        Action::ReviewGlass,
        Action::DraftRuleSet,
        Action::AdoptRuleSet,
    ] {
        assert!(!own(administrator, action), "{action}");
    }
    // Emergency access serves patients: it appoints nobody, binds nobody and opens no accounts.
    let emergency: Vec<_> = Action::ALL
        .iter()
        .filter(|action| action.writes() && own(Standing::Emergency, **action))
        .filter(|action| action.kind() != Kind::Personal)
        .collect();
    let patients = [
        Action::ReportFigures,
        Action::CorrectFigures,
        Action::QuarantineUnits,
        Action::ReserveUnits,
        Action::DispatchUnits,
        Action::ReceiveUnits,
        Action::EndShipment,
        Action::CallForUnits,
        Action::AnswerCall,
        Action::DecideMoves,
        Action::AskRare,
        Action::CallBack,
        Action::FollowWithdrawal,
        Action::AdmitPatients,
        Action::KeepPatients,
        Action::AskDisclosure,
        Action::RequestBlood,
        Action::IssueBlood,
        Action::NoteTreatingDecision,
        Action::Transfuse,
        // Nor does it stand in the way of an alarm.
        Action::StopExercise,
        Action::AnswerByLink,
        Action::AnswerAlarm,
        Action::ReportSituation,
        Action::ReportCapacity,
        Action::ReportStock,
    ];
    assert_eq!(emergency, patients.iter().collect::<Vec<_>>());
    // What makes a bag usable is for the bench, in an emergency as well, and for no machine.
    for action in [Action::ReleaseUnits, Action::CorrectUnit, Action::RecordTests] {
        let allowed = Standing::ALL.iter().filter(|standing| own(**standing, action));
        assert_eq!(allowed.collect::<Vec<_>>(), [&Standing::Role(Role::Scientist)], "{action}");
    }
    for person in persons() {
        assert!(!own(person, Action::GrantToOneself), "{person}");
        assert!(!own(person, Action::GrantEmergency), "{person}");
        assert!(!own(person, Action::OpenJournal), "{person}");
        assert!(!own(person, Action::Notice), "{person}");
    }
    // What a person signs for, no machine does.
    for action in [
        Action::SignAgreement,
        Action::BreakGlass,
        Action::ReviewGlass,
        Action::ReviewRuleSet,
        Action::AdoptRuleSet,
    ] {
        assert!(!own(Standing::Machine, action) && !own(Standing::Engine, action), "{action}");
    }
}

#[test]
fn an_installation_pulls_shared_records_and_nothing_else() {
    for action in Action::ALL.iter().filter(|action| action.kind() != Kind::Public) {
        let pulls = *action == Action::PullShared;
        assert_eq!(allowed(Standing::Peer, *action, Relation::Other), pulls, "{action}");
        assert!(!allowed(Standing::Peer, *action, Relation::Own), "{action}");
    }
}

#[test]
fn a_refusal_names_the_most_telling_reason() {
    let because = |standing, action, relation| rule(standing, action, relation).because;
    let coordinator = Standing::Role(Role::Coordinator);
    let report = Action::ReportFigures;
    assert_eq!(because(coordinator, report, Relation::Own), Because::Figures);
    assert_eq!(because(coordinator, report, Relation::Other), Because::OwnRegion);
    assert_eq!(because(Standing::SignedIn, report, Relation::Own), Because::NoMandate);
    assert_eq!(because(Standing::SignedIn, report, Relation::Other), Because::NoMandate);
    let tib = Standing::Role(Role::Tib);
    assert_eq!(because(tib, report, Relation::Other), Because::Figures);
}

#[test]
fn codes_and_names_are_each_used_once() {
    fn each_once(mut texts: Vec<&str>) {
        let count = texts.len();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), count);
    }
    each_once(Action::ALL.iter().map(|one| one.as_str()).collect());
    each_once(Because::ALL.iter().map(|one| one.as_str()).collect());
    each_once(Standing::ALL.iter().map(|one| one.as_str()).collect());
    each_once(samband_access::REFUSALS.iter().map(|one| one.code).collect());
    assert_eq!(Standing::ALL.len(), 7 + Role::ALL.len());
    let all = policy::Who::of(Standing::ALL);
    assert_eq!(all.iter().count(), Standing::ALL.len(), "every standing has its own place");
    for standing in Standing::ALL {
        let one = policy::Who::of(&[*standing]);
        assert_eq!(one.iter().collect::<Vec<_>>(), [*standing]);
    }
}
