//! What holds of every exercise (preparedness.md §6.5), by the number it has there. Those about
//! rendering and sending are in `web/tests/door/exercise.rs` and `proof/tests/exercise.rs`.

use proptest::prelude::*;
use samband_domain::alarms::command::{Draft, Link};
use samband_domain::alarms::model::{DutyRole, Key, Kind, Outcome, Party, Recipient, Says};
use samband_domain::alarms::view::outbox;
use samband_domain::alarms::{Command, Event, How};
use samband_domain::incidents;
use samband_domain::readiness::{self, model::Material};
use samband_domain::{Command as Any, Foreign, Mode, SharedState, due};

use crate::alarms::net::{Net, REGIONS, draft, exercise, of, raise, turn};
use crate::common::{Desk, START, id};

/// A drill: an alarm from somewhere to some, sent, partly answered, some time later.
#[derive(Clone, Debug)]
struct Played {
    from: usize,
    to: Vec<(usize, bool)>,
    answers: Vec<(usize, Says)>,
    wait: i64,
}

fn played() -> impl Strategy<Value = Played> {
    let says = prop_oneof![Just(Says::TakesOn), Just(Says::Cannot), Just(Says::WrongRecipient)];
    let to = prop::collection::vec((0..REGIONS.len(), any::<bool>()), 1..6);
    let answers = prop::collection::vec((0..REGIONS.len(), says), 0..6);
    (0..REGIONS.len(), to, answers, 0..900_i64).prop_map(|(from, to, answers, wait)| Played {
        from,
        to,
        answers,
        wait,
    })
}

fn recipients(to: &[(usize, bool)]) -> Vec<Recipient> {
    let role = |blood: &bool| if *blood { DutyRole::BloodCentre } else { DutyRole::Tib };
    to.iter().map(|(region, blood)| of(REGIONS[*region], role(blood))).collect()
}

fn play(net: &mut Net, drill: &Played) {
    net.alarm(drill.from, recipients(&drill.to));
    for n in 0..net.desks.len() {
        net.send(n, Outcome::Sent);
    }
    net.wait(drill.wait);
    for (at, says) in &drill.answers {
        let people = &net.desks[*at].region.own.alarms.people;
        let open = people.iter().next().map(|(key, _)| key.clone());
        if let Some(key) = open {
            // An obligation that has ended refuses; nothing else does.
            drop(net.answer(*at, &key, 0, *says));
        }
    }
    net.wait(60);
}

/// The records of a desk as another mode's journal would be handed them.
fn records(desk: &Desk) -> Vec<Foreign> {
    let seen = desk.lines.iter().map(|line| {
        let (at, event) = (line.meta.at.clone(), line.event.clone());
        Foreign { mode: desk.mode, at, event }
    });
    seen.collect()
}

/// Everything that can be asked of another journal's record.
fn referring(foreign: &Foreign) -> Vec<Any> {
    let at = || foreign.at.clone();
    let material =
        Material { what: "respiratorer".into(), count: 1, at: START, answers: Some(at()) };
    vec![
        Command::Hear { alarm: at() }.into(),
        Command::Note { answer: at() }.into(),
        incidents::Command::ReportDuty { duty: at(), done: true, proof: "klart".into() }.into(),
        readiness::Command::Offer { material }.into(),
        readiness::Command::Accept { offer: at() }.into(),
        readiness::Command::Lend { acceptance: at() }.into(),
        readiness::Command::Return { loan: at(), note: "hel".into() }.into(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn invariant_1_the_mode_is_fixed_and_stands_in_ids_and_in_what_is_signed(drill in played()) {
        for (mode, prefix) in
            [(Mode::Exercise, "ovn-"), (Mode::Real, "larm-"), (Mode::Demo, "demo-")]
        {
            let mut net = Net::in_mode(mode);
            play(&mut net, &drill);
            for desk in &mut net.desks {
                prop_assert_eq!(desk.refused("machine", desk.genesis()), "journal.already_open");
                let facts = desk.region.shared.kernel.journal.as_ref().unwrap();
                prop_assert_eq!(facts.mode, mode);
                for line in &desk.lines {
                    let samband_domain::Event::Alarms(Event::Issued(alarm, _)) = &line.event else {
                        continue;
                    };
                    prop_assert_eq!(alarm.mode, mode);
                    prop_assert!(alarm.id.as_str().starts_with(prefix), "{}", alarm.id);
                    let signed = line.encoded.shared.as_ref().unwrap();
                    let said = format!("\"mode\":\"{}\"", mode.as_str());
                    prop_assert!(signed.contains(&said), "{signed}");
                }
            }
        }
    }

    #[test]
    fn invariant_2_no_record_of_one_mode_means_anything_in_another(drill in played()) {
        for (mode, other) in [(Mode::Exercise, Mode::Real), (Mode::Real, Mode::Exercise)] {
            let mut net = Net::in_mode(mode);
            play(&mut net, &drill);
            let material = Material {
                what: "bårar".into(),
                count: 2,
                at: START,
                answers: None,
            };
            net.desks[drill.from].must("a-1", readiness::Command::Need { material: material.clone() });
            net.desks[drill.from].must("a-1", readiness::Command::Offer { material });
            // The same regions in the other mode; one of them is handed every record.
            let mut strangers = Net::in_mode(other);
            let at = (drill.from + 1) % REGIONS.len();
            for foreign in records(&net.desks[drill.from]) {
                for command in referring(&foreign) {
                    let desk = &mut strangers.desks[at];
                    let before = desk.lines.len();
                    let said = desk.act_upon("machine", command.clone(), Some(&foreign));
                    prop_assert!(said.is_err(), "{command:?} took {foreign:?}");
                    prop_assert_eq!(desk.lines.len(), before);
                }
            }
        }
    }

    #[test]
    fn invariant_5_no_drill_says_that_it_is_none(
        before in "[a-zåäö .]{0,40}",
        after in "[a-zåäö .]{0,40}",
        which in 0..4_usize,
        upper in any::<bool>(),
        in_headline in any::<bool>(),
    ) {
        let denial = ["ingen övning", "inte en övning", "this is not a drill",
            "this is not an exercise"][which];
        let denial = if upper { denial.to_uppercase() } else { denial.to_owned() };
        let said = format!("x{before}{denial}{after}");
        let mut draft = draft(Kind::Reach, vec![of(REGIONS[0], DutyRole::Tib)]);
        if in_headline { draft.headline = said } else { draft.text = said }
        let issue = || Command::Issue { alarm: Box::new(draft.clone()) };
        let mut drill = Net::in_mode(Mode::Exercise).desks.remove(0);
        prop_assert_eq!(drill.refused("a-1", issue()), "alarm.words");
        // The real thing may say so.
        let mut real = Net::new().desks.remove(0);
        prop_assert!(real.act("a-1", issue()).is_ok());
    }

    #[test]
    fn invariant_6_nobody_is_reached_who_is_not_on_the_list(
        drill in played(),
        struck in prop::collection::vec(0..3_usize, 0..3),
    ) {
        let mut net = Net::in_mode(Mode::Exercise);
        let Command::SetExercise { title, leader, until, allowed } = exercise(2) else {
            unreachable!("that is what it makes");
        };
        // The list is narrowed when the alarm has gone: what is left to send follows it.
        net.alarm(drill.from, recipients(&drill.to));
        net.wait(240);
        let left: Vec<_> =
            allowed.iter().enumerate().filter(|(n, _)| !struck.contains(n)).collect();
        let left: Vec<String> = left.into_iter().map(|(_, one)| one.clone()).collect();
        for (n, region) in REGIONS.iter().enumerate() {
            let (title, leader) = (title.clone(), leader.clone());
            let narrowed =
                Command::SetExercise { title, leader, until, allowed: left.clone() };
            net.desks[n].must("a-1", narrowed);
            for message in net.outbox(n) {
                prop_assert!(left.contains(&message.way.address), "{message:?}");
            }
            let set = Command::SetRoster {
                of: of(region, DutyRole::Tib),
                turns: vec![turn("jour", 0), turn("bakjour", 1)],
            };
            if left.len() < allowed.len() {
                prop_assert_eq!(net.desks[n].refused("a-1", set), "alarm.not_allowed");
            } else {
                prop_assert!(net.desks[n].act("a-1", set).is_ok());
            }
        }
        // Nothing stated allows nobody.
        let mut bare = Desk::open_in("dalarna", Mode::Exercise);
        let turns = vec![turn("jour", 0)];
        let set = Command::SetRoster { of: of("dalarna", DutyRole::Tib), turns };
        prop_assert_eq!(bare.refused("a-1", set), "alarm.not_allowed");
    }

    #[test]
    fn invariant_7_a_drill_makes_nothing_due_in_any_real_journal(drill in played()) {
        let mut exercised = Net::in_mode(Mode::Exercise);
        play(&mut exercised, &drill);
        let real = Net::new();
        let there: Vec<SharedState> =
            exercised.desks.iter().map(Desk::seen_from_outside).collect();
        let ids: Vec<_> = REGIONS.iter().map(|name| id(name)).collect();
        for desk in &real.desks {
            let others: Vec<_> =
                ids.iter().zip(&there).filter(|(id, _)| **id != desk.journal).collect();
            let later = desk.now.plus_days(2);
            let (with, without) = (
                due(&desk.region, &desk.journal, &[], &others, later),
                due(&desk.region, &desk.journal, &[], &[], later),
            );
            prop_assert_eq!(with, without);
        }
    }

    #[test]
    fn invariant_8_anybody_stops_every_drill_and_everybody_answers_for_it(
        drill in played(),
        at in 0..REGIONS.len(),
        by_link in any::<bool>(),
    ) {
        let mut net = Net::in_mode(Mode::Exercise);
        play(&mut net, &drill);
        let people = net.desks[at].region.own.alarms.people.iter().next();
        let link = people.and_then(|(key, woken)| {
            let token = woken[0].as_ref()?.token.clone();
            Some(Link { key: key.clone(), token })
        });
        let link = link.filter(|_| by_link);
        let others: Vec<_> = (0..REGIONS.len()).filter(|n| *n != at).collect();
        net.desks[at].others =
            others.iter().map(|n| (id(REGIONS[*n]), net.desks[*n].seen_from_outside())).collect();
        let wrong = Link { key: any_key(at), token: "kv-nobody".into() };
        prop_assert_eq!(net.desks[at].refused("a-2", stop(Some(wrong))), "alarm.token");
        net.desks[at].must("a-2", stop(link));
        prop_assert!(net.desks[at].act("a-2", stop(None)).unwrap().is_empty(), "said twice");
        net.wait(60);
        for (n, region) in REGIONS.iter().enumerate() {
            let alarms = net.desks[n].region.shared.alarms.clone();
            let stopped = alarms.stopped.as_ref();
            prop_assert_eq!(stopped.map(|one| &one.issuer), Some(&id(REGIONS[at])));
            for (key, held) in &alarms.obligations {
                let real = held.kind == Kind::RealSituation;
                prop_assert!(real || held.closed.is_some(), "{key:?} goes on");
            }
            for message in net.outbox(n) {
                prop_assert_eq!(Some(&message.key.alarm), stopped.map(|one| &one.alarm));
            }
            let mine = Key {
                issuer: id(REGIONS[at]),
                alarm: stopped.unwrap().alarm.clone(),
                to: of(region, DutyRole::Tib),
            };
            prop_assert!(!alarms.obligations[&mine].quiet(), "somebody owes an answer");
            net.answer(n, &mine, 0, Says::TakesOn).unwrap();
            let again = raise(vec![of(region, DutyRole::Tib)]);
            prop_assert_eq!(net.desks[n].refused("a-1", again), "alarm.exercise_stopped");
        }
        net.wait(30);
        let alarms = &net.desks[at].region.shared.alarms;
        let open = alarms.obligations.iter().filter(|(key, held)| {
            key.to.role == DutyRole::Tib && held.closed.is_none()
        });
        prop_assert_eq!(open.count(), 0, "acknowledged as an alarm is");
        for desk in &net.desks {
            prop_assert_eq!(&desk.replayed(), &desk.region);
        }
    }

    #[test]
    fn invariant_9_a_drill_needs_its_statement_and_ends_by_itself(
        hours in 1..48_i64,
        after in 1..10_000_i64,
        days in 32..400_i64,
    ) {
        let mut desk = Desk::open_in("dalarna", Mode::Exercise);
        let reach = || {
            let draft = draft(Kind::Reach, vec![of("dalarna", DutyRole::Tib)]);
            Command::Issue { alarm: Box::new(draft) }
        };
        prop_assert_eq!(desk.refused("a-1", reach()), "alarm.exercise");
        prop_assert_eq!(desk.refused("a-1", exercise(days * 24)), "alarm.exercise_window");
        prop_assert_eq!(desk.refused("a-1", exercise(-hours)), "alarm.exercise_window");
        desk.must("a-1", exercise(hours));
        let turns = vec![turn("jour", 0), turn("bakjour", 1)];
        desk.must("a-1", Command::SetRoster { of: of("dalarna", DutyRole::Tib), turns });
        let Some(samband_domain::Event::Alarms(Event::Issued(issued, _))) =
            desk.act("a-1", reach()).unwrap().into_iter().next()
        else {
            panic!("an alarm");
        };
        let due = |desk: &Desk| {
            outbox(&desk.region.shared.alarms, &desk.region.own.alarms, desk.now).len()
        };
        prop_assert!(due(&desk) > 0);
        desk.now = START.plus_seconds(hours * 3_600 + after);
        prop_assert_eq!(due(&desk), 0, "nothing leaves once it is over");
        prop_assert_eq!(desk.refused("a-1", reach()), "alarm.exercise_window");
        // What it said is taken back all the same, and that reaches whom it reached.
        let recall = Draft { replaces: Some(issued.id), ..draft(Kind::Recall, Vec::new()) };
        desk.must("a-1", Command::Issue { alarm: Box::new(recall) });
        prop_assert!(due(&desk) > 0);
        let mut real = Desk::open_in("dalarna", Mode::Real);
        for command in [exercise(2), stop(None)] {
            prop_assert_eq!(real.refused("a-1", command), "alarm.exercise");
        }
    }

    #[test]
    fn invariant_11_what_a_test_of_reach_found_is_seen_from_every_region(
        answers in prop::collection::vec(any::<bool>(), REGIONS.len()),
    ) {
        let mut net = Net::new();
        let to: Vec<_> = REGIONS.iter().map(|name| of(name, DutyRole::Tib)).collect();
        let issue = Command::Issue { alarm: Box::new(draft(Kind::Reach, to.clone())) };
        let samband_domain::Event::Alarms(Event::Issued(alarm, _)) =
            net.desks[0].must("a-1", issue)
        else {
            panic!("an alarm");
        };
        prop_assert_eq!(alarm.incident.as_ref(), None, "a test says nothing of an incident");
        net.wait(30);
        for (n, reached) in answers.iter().enumerate().filter(|(_, reached)| **reached) {
            prop_assert!(*reached);
            let key = Net::key(0, &alarm.id, to[n].clone());
            net.answer(n, &key, 0, Says::TakesOn).unwrap();
        }
        net.wait(30);
        let seen = net.desks[0].seen_from_outside();
        let met = seen.alarms.obligations.iter().filter(|(key, held)| {
            key.alarm == alarm.id && matches!(&held.closed, Some(one) if one.how == How::Met)
        });
        prop_assert_eq!(met.count(), answers.iter().filter(|reached| **reached).count());
    }
}

fn stop(link: Option<Link>) -> Command {
    let (headline, text) = ("SKARPT LÄGE".into(), "Övningen avbryts".into());
    Command::StopExercise { link, headline, text }
}

fn any_key(at: usize) -> Key {
    Key {
        issuer: id(REGIONS[at]),
        alarm: "ovn-nothing".parse().unwrap(),
        to: Recipient { party: Party::Region(id(REGIONS[at])), role: DutyRole::Tib },
    }
}

#[test]
fn an_exercise_never_becomes_real_by_an_ordinary_alarm() {
    let mut desk = Net::in_mode(Mode::Exercise).desks.remove(0);
    let draft = draft(Kind::RealSituation, vec![of(REGIONS[0], DutyRole::Tib)]);
    let issue = Command::Issue { alarm: Box::new(draft) };
    assert_eq!(desk.refused("a-1", issue), "alarm.exercise");
    assert_eq!(desk.region.shared.incidents, incidents::Shared::default());
}
