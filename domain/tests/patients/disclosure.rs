//! What regions ask each other about one patient.

use samband_domain::blood::model::Antigen;
use samband_domain::patients::model::{Decline, Ground, ScreenResult, Urgency};
use samband_domain::patients::view::{incoming, outgoing};
use samband_domain::patients::{ANSWER_EMERGENCY_MINUTES, Command, Event};
use samband_domain::rulesets::{Value, key};
use samband_domain::{Event as Any, Foreign, Known, PatientId, RecordRef};

use crate::common::stock::rule;
use crate::common::{Desk, SECRET, id};
use crate::patients::clinic::*;

fn ask(patient: &PatientId, urgency: Urgency) -> Command {
    Command::Ask {
        patient: patient.clone(),
        to: id("halland"),
        ground: Ground::Consent,
        urgency,
        reason: format!("operation {SECRET}"),
        phone: "046-0".into(),
    }
}

/// The last record, as the region that it is addressed to reads it.
fn addressed(desk: &Desk) -> Foreign {
    let line = desk.lines.last().unwrap();
    Foreign { mode: desk.mode, at: line.meta.at.clone(), event: line.event.clone() }
}

fn answer(ask: &RecordRef, patient: Option<&PatientId>, break_block: Option<&str>) -> Command {
    Command::Answer {
        ask: ask.clone(),
        patient: patient.cloned(),
        break_block: break_block.map(str::to_owned),
        note: None,
    }
}

/// Skåne with Anna, who has sampled nothing; Halland with Anna, who has anti-K.
fn two() -> (Desk, PatientId, Desk, PatientId) {
    let mut skane = clinic(rules());
    let mut halland = clinic_in("halland", rules());
    let here = admit(&mut skane, ANNA);
    let there = admit(&mut halland, ANNA);
    let now = halland.now;
    halland.must("a-1", antibody(&there, Antigen::BigK, now));
    for n in 0..2 {
        grouped(&mut halland, &there, n, A_POS);
        halland.pass_hours(1);
    }
    let now = halland.now;
    halland.must("a-1", screen(&there, 1, now, ScreenResult::Negative));
    skane.now = halland.now;
    (skane, here, halland, there)
}

fn code(result: Result<Vec<Any>, samband_domain::Refusal>) -> &'static str {
    let refusal = result.expect_err("refused");
    assert!(!refusal.facts.is_empty(), "{}", refusal.kind.code);
    refusal.kind.code
}

#[test]
fn a_question_is_asked_answered_and_taken_in() {
    let (mut skane, here, mut halland, there) = two();
    skane.must("a-1", ask(&here, Urgency::Routine));
    assert_eq!(
        refused(&mut skane, "a-1", ask(&here, Urgency::Routine)),
        "disclosure.asked_already"
    );
    let question = addressed(&skane);
    assert_eq!(question.event.addressee(), Some(&id("halland")));
    assert_eq!(seen(&skane, &here).recipient.antibodies, Known::Unknown, "no answer is unknown");
    let reply = answer(&question.at, Some(&there), None);
    halland.act_upon("a-1", reply.clone(), Some(&question)).expect("answered");
    assert_eq!(code(halland.act_upon("a-1", reply, Some(&question))), "disclosure.replied");
    let told = addressed(&halland);
    assert_eq!(told.event.addressee(), Some(&id("skane")));
    let take = Command::TakeIn { answer: told.at.clone() };
    skane.act_upon("a-1", take.clone(), Some(&told)).expect("taken in");
    assert_eq!(code(skane.act_upon("a-1", take, Some(&told))), "disclosure.replied");
    let of = seen(&skane, &here);
    let known = of.recipient.antibodies.value().expect("known");
    assert!(known.significant().has(Antigen::BigK) && of.ever_antibody);
    assert_eq!(of.recipient.group, Known::Unknown, "the region determines groups again");
    assert_eq!(of.occasions, 0);
    // A third region is told it, and who found it.
    let finding = &skane.region.own.patients.patients[&here].findings[0];
    assert_eq!(finding.told_by, Some(id("halland")));
    // Nothing of it is in what everybody may hold.
    for desk in [&skane, &halland] {
        let shared = desk.shared_bytes();
        for word in [SECRET, ANNA, "Testsson", "BigK", "anti-K", "a_pos"] {
            assert!(!shared.contains(word), "{word}");
        }
        assert_eq!(desk.seen_from_outside(), desk.region.shared);
    }
}

#[test]
fn another_regions_group_counts_only_where_the_rule_says_it_is_not_determined_again() {
    let trusting = rule(key::REGROUP_OTHER_REGION, Value::Flag(false));
    let cases = [
        (rules_with(trusting), Known::Value(A_POS), 1),
        (rules(), Known::Unknown, 0),
        (rules_without(key::REGROUP_OTHER_REGION), Known::Unknown, 0),
    ];
    for (ruled, group, occasions) in cases {
        let (_, _, mut halland, there) = two();
        let mut skane = clinic(ruled);
        skane.now = halland.now;
        let here = admit(&mut skane, ANNA);
        skane.must("a-1", ask(&here, Urgency::Routine));
        let question = addressed(&skane);
        let reply = answer(&question.at, Some(&there), None);
        halland.act_upon("a-1", reply, Some(&question)).expect("answered");
        let told = addressed(&halland);
        let take = Command::TakeIn { answer: told.at.clone() };
        skane.act_upon("a-1", take, Some(&told)).expect("taken in");
        let of = seen(&skane, &here);
        assert_eq!((of.recipient.group, of.occasions), (group, occasions));
        // What contradicts it blocks, whatever the rule says.
        grouped(&mut skane, &here, 1, O_NEG);
        assert!(seen(&skane, &here).conflict);
    }
}

#[test]
fn the_clock_runs_by_the_rule_or_by_the_products_own() {
    let minutes = rule(key::DISCLOSURE_EMERGENCY_MINUTES, Value::Minutes(10));
    let own = i64::from(ANSWER_EMERGENCY_MINUTES);
    for (ruled, expected, by_rule) in [(rules_with(minutes), 10, true), (rules(), own, false)] {
        let mut skane = clinic(ruled);
        let here = admit(&mut skane, ANNA);
        let asked = skane.must("a-1", ask(&here, Urgency::Emergency));
        let Any::Patients(Event::Asked(asked, _)) = asked else { panic!("a question") };
        assert_eq!(asked.due, skane.now.plus_seconds(expected * 60));
        assert_eq!(asked.rule_set.is_some(), by_rule);
        let halland = Desk::open("halland");
        let (from, to) = (&skane.region.shared.patients, &halland.region.shared.patients);
        let (skane_id, here_id) = (id("skane"), id("halland"));
        let before = asked.due.plus_seconds(-1);
        for (now, late) in [(before, false), (asked.due.plus_seconds(1), true)] {
            let all = incoming(&here_id, to, &[(&skane_id, from)], now);
            assert_eq!((all.len(), all[0].late), (1, late));
            let own = &skane.region.own.patients;
            let all = outgoing(from, own, &[(&here_id, to)], now);
            assert_eq!((all.len(), all[0].late, all[0].reply), (1, late, None));
        }
    }
}

#[test]
fn what_is_asked_is_refused_where_it_can_have_no_answer() {
    let mut skane = clinic(rules());
    let (reserve, here) = (admit(&mut skane, UNKNOWN), admit(&mut skane, ANNA));
    let number = ask(&reserve, Urgency::Emergency);
    assert_eq!(refused(&mut skane, "a-1", number), "disclosure.reserve_number");
    let Command::Ask { patient, ground, urgency, reason, phone, .. } = ask(&here, Urgency::Routine)
    else {
        unreachable!()
    };
    let own = Command::Ask { patient, to: id("skane"), ground, urgency, reason, phone };
    assert_eq!(refused(&mut skane, "a-1", own), "disclosure.own_region");
}

#[test]
fn an_answer_is_about_the_person_who_was_asked_about_and_nobody_else() {
    let (mut skane, here, mut halland, there) = two();
    let bo = admit(&mut halland, BO);
    skane.must("a-1", ask(&here, Urgency::Routine));
    let question = addressed(&skane);
    let withheld = skane.last_seen_from_outside();
    let reply = |patient| answer(&question.at, patient, None);
    let mut tried = |command, foreign| code(halland.act_upon("a-1", command, foreign));
    assert_eq!(tried(reply(Some(&there)), None), "disclosure.not_asked");
    assert_eq!(tried(reply(Some(&there)), Some(&withheld)), "disclosure.identity_unread");
    assert_eq!(tried(reply(Some(&bo)), Some(&question)), "disclosure.other_person");
    assert_eq!(tried(reply(None), Some(&question)), "disclosure.person_known");
    let mut kronoberg = clinic_in("kronoberg", rules());
    assert_eq!(
        code(kronoberg.act_upon("a-1", reply(None), Some(&question))),
        "disclosure.not_asked"
    );
    let mut empty = clinic_in("halland", rules());
    empty.act_upon("a-1", reply(None), Some(&question)).expect("nobody of that number");
    // That nothing is known there says nothing of antibodies here.
    let told = addressed(&empty);
    let take = Command::TakeIn { answer: told.at.clone() };
    skane.act_upon("a-1", take, Some(&told)).expect("taken in");
    assert_eq!(seen(&skane, &here).recipient.antibodies, Known::Unknown);
}

#[test]
fn a_block_holds_but_for_an_emergency_and_a_reason() {
    for urgency in [Urgency::Routine, Urgency::Emergency] {
        let (mut skane, here, mut halland, there) = two();
        halland.must("a-1", Command::Block { patient: there.clone(), note: None });
        skane.must("a-1", ask(&here, urgency));
        let question = addressed(&skane);
        let plain = answer(&question.at, Some(&there), None);
        let blocked = code(halland.act_upon("a-1", plain, Some(&question)));
        assert_eq!(blocked, "disclosure.blocked");
        let breaking = answer(&question.at, Some(&there), Some("fara för livet"));
        let broken = halland.act_upon("a-2", breaking, Some(&question));
        if urgency == Urgency::Emergency {
            let events = broken.expect("broken");
            let Any::Patients(Event::Answered(_, told)) = &events[0] else { panic!() };
            assert_eq!(told.here().unwrap().block_broken.as_deref(), Some("fara för livet"));
        } else {
            assert_eq!(code(broken), "disclosure.block_break");
            let declined =
                Command::Decline { ask: question.at.clone(), reason: Decline::Blocked, note: None };
            halland.act_upon("a-1", declined, Some(&question)).expect("declined");
            let told = addressed(&halland);
            let take = Command::TakeIn { answer: told.at.clone() };
            assert_eq!(code(skane.act_upon("a-1", take, Some(&told))), "disclosure.no_answer");
        }
    }
}

#[test]
fn a_question_is_taken_back_once_and_waits_no_more() {
    let mut skane = clinic(rules());
    let here = admit(&mut skane, ANNA);
    skane.must("a-1", ask(&here, Urgency::Routine));
    let name = skane.region.shared.patients.questions.keys().next().unwrap().clone();
    let back = |reason: &str| Command::WithdrawAsk { ask: name.clone(), reason: reason.into() };
    assert_eq!(refused(&mut skane, "a-1", back(" ")), "form.text_needed");
    skane.must("a-1", back(SECRET));
    assert_eq!(refused(&mut skane, "a-1", back("igen")), "disclosure.withdrawn");
    let unknown = Command::WithdrawAsk { ask: "ask-9".parse().unwrap(), reason: "x".into() };
    assert_eq!(refused(&mut skane, "a-1", unknown), "form.not_found");

    let outside = skane.seen_from_outside();
    let late = skane.now.plus_days(9);
    let (halland, skane_id) = (id("halland"), id("skane"));
    let others = [(&skane_id, &outside.patients)];
    let none = samband_domain::patients::Shared::default();
    let seen = incoming(&halland, &none, &others, late);
    assert!(seen[0].question.withdrawn.is_some() && !seen[0].late, "the other region sees it");
    // Nobody waits for it: the same question can be asked anew.
    skane.must("a-1", ask(&here, Urgency::Routine));
}

#[test]
fn what_was_taken_back_is_neither_answered_nor_declined() {
    let (mut skane, here, mut halland, there) = two();
    skane.must("a-1", ask(&here, Urgency::Routine));
    let question = addressed(&skane);
    let name = skane.region.shared.patients.questions.keys().next().unwrap().clone();
    skane.must("a-1", Command::WithdrawAsk { ask: name, reason: "flyttad".into() });
    halland.others = vec![(id("skane"), skane.seen_from_outside())];
    let at = question.at.clone();
    let decline = Command::Decline { ask: at.clone(), reason: Decline::Blocked, note: None };
    for command in [answer(&at, Some(&there), None), decline] {
        let refused = halland.act_upon("a-1", command, Some(&question));
        assert_eq!(code(refused), "disclosure.withdrawn");
    }
    // Where the withdrawal is not known yet, nothing stops the answer.
    halland.others = Vec::new();
    halland.act_upon("a-1", answer(&at, Some(&there), None), Some(&question)).expect("answered");
}
