//! Two signatures over the same content bind; nothing less does, and nobody undoes it alone.

use crate::common::{Desk, START, actor, hours, id};
use proptest::prelude::*;
use samband_domain::agreements::alarm_terms::between;
use samband_domain::agreements::event::{Proposed, Signed};
use samband_domain::agreements::terms::{Carriage, CostKeys, SupplyTerms, UnitPrice, UnknownHome};
use samband_domain::agreements::view::{Agreement, Answer, Standing, agreements};
use samband_domain::agreements::{
    Agreed, AgreementKind, AlarmTerms, Circle, Command, Event, SignedStatement, Statement,
};
use samband_domain::blood::model::Component;
use samband_domain::words::canonical;
use samband_domain::{Digest, Foreign, Mode, Refusal, SharedState, Time, Window};

fn proposal(parties: &[&str], window: Window) -> Command {
    Command::Propose {
        title: "Konsultavtal transfusionsmedicin".into(),
        kind: AgreementKind::Consultancy,
        parties: parties.iter().map(|party| id(party)).collect(),
        clauses: vec!["Skåne ger råd dygnet runt.".into(), "Halland betalar per timme.".into()],
        window,
        reference: Some("RS 2025/17".into()),
        terms: None,
    }
}

/// Proposes; the document's digest and what the others get to see.
fn propose(desk: &mut Desk, parties: &[&str], window: Window) -> (Digest, Foreign) {
    desk.must("a-1", proposal(parties, window));
    let seen = desk.last_seen_from_outside();
    (document(&seen), seen)
}

fn document(seen: &Foreign) -> Digest {
    match &seen.event {
        samband_domain::Event::Agreements(event) => event.document(),
        other => panic!("{other:?}"),
    }
}

fn sign(desk: &mut Desk, document: Digest, seen: &Foreign) -> Result<(), Refusal> {
    let command = Command::Sign { document, proposal: seen.at.clone() };
    desk.act_upon("a-2", command, Some(seen)).map(drop)
}

fn decline(desk: &mut Desk, document: Digest, seen: &Foreign) -> Result<(), Refusal> {
    let command = Command::Decline { document, proposal: seen.at.clone(), reason: "nej".into() };
    desk.act_upon("a-2", command, Some(seen)).map(drop)
}

fn withdraw(desk: &mut Desk, document: Digest) -> Result<(), Refusal> {
    desk.act("a-1", Command::Withdraw { document, reason: "ångrat".into() }).map(drop)
}

fn end(desk: &mut Desk, document: Digest, at: Time) -> Result<(), Refusal> {
    desk.act("a-1", Command::End { document, at, reason: "uppsagt".into() }).map(drop)
}

fn code(result: Result<(), Refusal>) -> &'static str {
    result.expect_err("refused").kind.code
}

fn join_at(desks: &[&Desk], now: Time) -> Vec<Agreement> {
    let states: Vec<_> = desks.iter().map(|d| (d.journal.clone(), d.seen_from_outside())).collect();
    let parties: Vec<_> = states
        .iter()
        .map(|(id, state): &(_, SharedState)| (id.clone(), &state.kernel, &state.agreements))
        .collect();
    agreements(&parties, now)
}

/// The one agreement that the desks hold.
fn one(desks: &[&Desk], now: Time) -> Agreement {
    let mut all = join_at(desks, now);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn standing(desks: &[&Desk], now: Time) -> Standing {
    one(desks, now).standing
}

fn at(hour: i64) -> Time {
    START.plus_seconds(hour * 3_600)
}

const BOTH: [&str; 2] = ["skane", "halland"];

#[test]
fn a_document_binds_when_every_party_has_signed_it_and_not_before() {
    let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
    let (digest, seen) = propose(&mut skane, &BOTH, hours(10, 100));
    let proposed = one(&[&skane, &halland], at(20));
    assert_eq!((proposed.standing, proposed.bound_since), (Standing::OneSided, None));
    assert_eq!(proposed.document.parties, [id("halland"), id("skane")], "in one order for all");
    assert_eq!(proposed.answers[0].1, Answer::Silent);
    halland.pass_hours(2);
    sign(&mut halland, digest, &seen).unwrap();
    let bound = one(&[&skane, &halland], at(20));
    assert_eq!((bound.standing, bound.bound_since), (Standing::Binding, Some(at(2))));
    assert_eq!(bound.digest, digest);
    assert_eq!(Digest::of(bound.text.as_bytes()), digest);
    for (party, answer) in &bound.answers {
        let Answer::Signed { statement, .. } = answer else { panic!("{answer:?}") };
        assert_eq!((&statement.region, statement.document), (party, digest));
        assert!(!statement.name.is_empty() && !statement.title.is_empty());
    }
    assert_eq!(standing(&[&skane, &halland], at(5)), Standing::Agreed);
    assert_eq!(standing(&[&skane, &halland], at(100)), Standing::Ended);
}

#[test]
fn each_region_holds_the_whole_text_by_itself() {
    let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
    let (digest, seen) = propose(&mut skane, &BOTH, hours(0, None));
    sign(&mut halland, digest, &seen).unwrap();
    let alone = one(&[&halland], at(1));
    assert_eq!(alone.text, one(&[&skane], at(1)).text);
    assert_eq!(alone.answers[1], (id("skane"), Answer::Unknown), "not known is not signed");
    assert_eq!(alone.standing, Standing::OneSided);
    assert_eq!(alone.proposal, seen.at);
}

#[test]
fn three_parties_need_three_signatures() {
    let parties = ["halland", "kronoberg", "skane"];
    let [mut halland, mut kronoberg, mut skane] = parties.map(Desk::open);
    let (digest, seen) = propose(&mut skane, &parties, hours(0, None));
    sign(&mut halland, digest, &seen).unwrap();
    assert_eq!(standing(&[&halland, &kronoberg, &skane], at(1)), Standing::OneSided);
    sign(&mut kronoberg, digest, &seen).unwrap();
    assert_eq!(standing(&[&halland, &kronoberg, &skane], at(1)), Standing::Binding);
}

/// What a dishonest region might write into its journal instead of its own signature.
fn forgeries(honest: &Signed, signer: &Desk) -> Vec<Signed> {
    use samband_domain::words::Sign;
    let with = |signed: SignedStatement| Signed { signed, ..honest.clone() };
    let resigned = |change: &dyn Fn(&mut Statement), key: &dyn Sign| {
        let mut statement: Statement = honest.signed.claimed().unwrap();
        change(&mut statement);
        let text = canonical::to_text(&statement).unwrap();
        let signature = key.sign(text.as_bytes());
        with(SignedStatement { text, key: key.key_id(), signature })
    };
    let mut flipped = honest.signed.clone();
    flipped.signature.0[3] ^= 1;
    let reworded =
        SignedStatement { text: honest.signed.text.replace("a-2", "a-1"), ..honest.signed.clone() };
    assert_ne!(reworded.text, honest.signed.text);
    let foreign_key = crate::common::Key::new(99);
    vec![
        with(flipped),
        with(reworded),
        resigned(&|_| {}, &foreign_key),
        resigned(&|statement| statement.document = Digest::of(b"other"), &signer.key),
        resigned(&|statement| statement.region = id("blekinge"), &signer.key),
    ]
}

#[test]
fn a_signature_that_is_not_the_regions_over_this_document_does_not_bind() {
    let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
    let (digest, seen) = propose(&mut skane, &BOTH, hours(0, None));
    sign(&mut halland, digest, &seen).unwrap();
    let samband_domain::Event::Agreements(Event::Signed(honest, _)) =
        halland.lines.last().unwrap().event.clone()
    else {
        panic!("signed");
    };
    for forged in forgeries(&honest, &halland) {
        let mut forger = Desk::open("halland");
        forger.record(&actor("a-2"), &Event::Signed(forged, crate::common::NOTHING).into());
        let agreement = one(&[&skane, &forger], at(1));
        assert!(matches!(agreement.answers[0].1, Answer::BadSignature { .. }), "{agreement:?}");
        assert_eq!(agreement.standing, Standing::OneSided);
        assert_eq!(agreement.bound_since, None);
    }
    let mut altered = Desk::open("halland");
    let text = honest.text.replace("per timme", "per dag");
    let other = Signed { text, ..honest };
    altered.record(&actor("a-2"), &Event::Signed(other, crate::common::NOTHING).into());
    let all = join_at(&[&skane, &altered], at(1));
    assert_eq!(all.len(), 2, "another text is another document");
    assert!(all.iter().all(|agreement| agreement.standing == Standing::OneSided));
}

#[test]
fn a_signature_holds_after_the_key_was_changed() {
    use samband_domain::kernel::Command::RotateKey;
    use samband_domain::words::Sign;
    let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
    let (digest, seen) = propose(&mut skane, &BOTH, hours(0, None));
    sign(&mut halland, digest, &seen).unwrap();
    let next = crate::common::Key::new(42);
    let stranger = RotateKey { new: next.public(), vouched: next.sign(&next.public().0) };
    assert_eq!(halland.refused("machine", stranger), "journal.key_unvouched");
    let vouched = halland.key.sign(&next.public().0);
    halland.must("machine", RotateKey { new: next.public(), vouched });
    halland.key = next;
    assert_eq!(standing(&[&skane, &halland], at(1)), Standing::Binding);
    let (_, seen) = propose(&mut halland, &BOTH, hours(0, None));
    let second = document(&seen);
    sign(&mut skane, second, &seen).unwrap();
    let all = join_at(&[&skane, &halland], at(1));
    assert!(all.iter().all(|agreement| agreement.standing == Standing::Binding), "{all:?}");
}

#[test]
fn only_what_was_read_there_can_be_answered() {
    let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
    let (digest, seen) = propose(&mut skane, &BOTH, hours(0, 10));
    let other = Digest::of(b"something else");
    assert_eq!(code(sign(&mut halland, other, &seen)), "agreement.other_content");
    let command = Command::Sign { document: digest, proposal: seen.at.clone() };
    assert_eq!(halland.refused("a-2", command), "agreement.proposal_unknown");
    let elsewhere = Foreign { at: halland.head(), ..seen.clone() };
    let command = Command::Sign { document: digest, proposal: seen.at.clone() };
    let refused = halland.act_upon("a-2", command, Some(&elsewhere)).map(drop);
    assert_eq!(code(refused), "agreement.proposal_unknown");
    let no_proposal = Foreign { event: skane.lines[0].event.clone(), ..seen.clone() };
    assert_eq!(code(sign(&mut halland, digest, &no_proposal)), "agreement.proposal_unknown");
    let mut kronoberg = Desk::open("kronoberg");
    assert_eq!(code(sign(&mut kronoberg, digest, &seen)), "agreement.not_party");
    assert_eq!(code(decline(&mut kronoberg, digest, &seen)), "agreement.not_party");
    halland.pass_hours(10);
    assert_eq!(code(sign(&mut halland, digest, &seen)), "agreement.window_past");
}

#[test]
fn nothing_is_agreed_between_an_exercise_and_the_real_world() {
    let (mut real, mut exercise) =
        (Desk::open_in("skane", Mode::Real), Desk::open_in("halland", Mode::Exercise));
    let (digest, seen) = propose(&mut real, &BOTH, hours(0, None));
    assert_eq!(code(sign(&mut exercise, digest, &seen)), "reference.across_modes");
    let disguised = Foreign { mode: Mode::Exercise, ..seen };
    assert_eq!(code(sign(&mut exercise, digest, &disguised)), "reference.across_modes");
    assert_eq!(code(decline(&mut exercise, digest, &disguised)), "reference.across_modes");
}

#[test]
fn an_answer_is_given_once() {
    let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
    let (digest, seen) = propose(&mut skane, &BOTH, hours(0, None));
    decline(&mut halland, digest, &seen).unwrap();
    let declined = one(&[&skane, &halland], at(1));
    assert_eq!(declined.standing, Standing::Declined);
    assert_eq!(declined.end, Some((id("halland"), None, "nej".into())));
    assert!(matches!(declined.answers[0].1, Answer::Declined { .. }));
    assert_eq!(code(sign(&mut halland, digest, &seen)), "agreement.answered");
    assert_eq!(code(decline(&mut halland, digest, &seen)), "agreement.answered");
    assert_eq!(code(withdraw(&mut halland, digest)), "agreement.answered");
    assert_eq!(code(end(&mut halland, digest, at(5))), "agreement.answered");
    assert_eq!(code(end(&mut halland, Digest::of(b"?"), at(5))), "form.not_found");
    let again = proposal(&BOTH, hours(0, None));
    assert_eq!(skane.refused("a-1", again), "agreement.answered", "the same moment and words");
}

#[test]
fn a_proposal_is_taken_back_by_its_drafter_and_only_before_it_binds() {
    let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
    let (digest, seen) = propose(&mut skane, &BOTH, hours(0, None));
    withdraw(&mut skane, digest).unwrap();
    let withdrawn = one(&[&skane, &halland], at(1));
    assert_eq!(withdrawn.standing, Standing::Withdrawn);
    assert_eq!(withdrawn.end, Some((id("skane"), None, "ångrat".into())));
    // Halland had not heard of it and signs: all have signed the same words, so they bind.
    sign(&mut halland, digest, &seen).unwrap();
    assert_eq!(code(withdraw(&mut halland, digest)), "agreement.not_drafter");
    let bound = one(&[&skane, &halland], at(1));
    assert_eq!((bound.standing, bound.end), (Standing::Binding, None));
    // And each of them can end them, the one that took them back too late included.
    for ending in 0..2 {
        let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
        let (digest, seen) = propose(&mut skane, &BOTH, hours(0, None));
        withdraw(&mut skane, digest).unwrap();
        sign(&mut halland, digest, &seen).unwrap();
        let ending = if ending == 0 { &mut skane } else { &mut halland };
        end(ending, digest, at(5)).unwrap();
        let by = ending.journal.clone();
        assert_eq!(standing(&[&skane, &halland], at(4)), Standing::Binding);
        let ended = one(&[&skane, &halland], at(5));
        assert_eq!(ended.standing, Standing::Ended);
        assert_eq!(ended.end, Some((by, Some(at(5)), "uppsagt".into())));
    }
}

#[test]
fn the_earliest_end_counts_and_lies_ahead_within_the_window() {
    let (mut skane, mut halland) = (Desk::open("skane"), Desk::open("halland"));
    let (digest, seen) = propose(&mut skane, &BOTH, hours(0, 100));
    sign(&mut halland, digest, &seen).unwrap();
    for desk in [&mut skane, &mut halland] {
        desk.pass_hours(10);
        assert_eq!(code(end(desk, digest, at(9))), "agreement.window_past");
        assert_eq!(code(end(desk, digest, at(100))), "agreement.window_past");
    }
    end(&mut skane, digest, at(50)).unwrap();
    end(&mut halland, digest, at(30)).unwrap();
    assert_eq!(standing(&[&skane, &halland], at(29)), Standing::Binding);
    let ended = one(&[&skane, &halland], at(30));
    assert_eq!(ended.standing, Standing::Ended);
    assert_eq!(ended.end.map(|(who, at, _)| (who, at)), Some((id("halland"), Some(at(30)))));
    assert_eq!(code(end(&mut skane, digest, at(40))), "agreement.answered");
}

#[test]
fn a_document_names_its_parties_once_and_its_signer_by_name() {
    let mut skane = Desk::open("skane");
    for parties in [&["skane"][..], &["halland", "kronoberg"], &["skane", "halland", "halland"]] {
        let refused = skane.refused("a-1", proposal(parties, hours(0, None)));
        assert_eq!(refused, "agreement.parties");
    }
    let nobody = skane.refused("a-9", proposal(&BOTH, hours(0, None)));
    assert_eq!(nobody, "agreement.signer_unnamed");
    assert_eq!(skane.refused("a-1", proposal(&BOTH, hours(-5, 0))), "agreement.window_past");
    let Command::Propose { title, kind, parties, window, .. } = proposal(&BOTH, hours(0, None))
    else {
        unreachable!("a proposal");
    };
    let (clauses, reference, terms) = (Vec::new(), None, None);
    let empty = Command::Propose { title, kind, parties, clauses, window, reference, terms };
    assert_eq!(skane.refused("a-1", empty), "agreement.clauses");
}

#[test]
fn a_text_that_is_no_document_leaves_every_page_standing() {
    let mut stranger = Desk::open("halland");
    let (_, seen) = propose(&mut Desk::open("skane"), &BOTH, hours(0, None));
    let samband_domain::Event::Agreements(Event::Proposed(honest, _)) = seen.event else {
        panic!("proposed");
    };
    for text in ["", "null", "{}", "{\"title\":1}", "åäö"] {
        let odd = Proposed { text: text.into(), ..honest.clone() };
        stranger.record(&actor("a-1"), &Event::Proposed(odd, crate::common::NOTHING).into());
    }
    assert_eq!(join_at(&[&stranger], at(0)), []);
}

/// What the parties do, in any order that each of them could have done it in.
#[derive(Clone, Copy, Debug)]
enum Act {
    Sign,
    Decline,
    Withdraw,
    End(i64),
    Wait,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::Sign),
        1 => Just(Act::Decline),
        1 => Just(Act::Withdraw),
        1 => (1..30_i64).prop_map(Act::End),
        1 => Just(Act::Wait),
    ]
}

const THREE: [&str; 3] = ["halland", "kronoberg", "skane"];

fn play(acts: &[Vec<Act>], turns: &[usize]) -> Vec<Desk> {
    let mut desks: Vec<_> = THREE.map(Desk::open).into();
    let (digest, seen) = propose(&mut desks[2], &THREE, hours(0, None));
    let mut next = [0; 3];
    for turn in turns {
        let Some(act) = acts[*turn].get(next[*turn]) else {
            continue;
        };
        next[*turn] += 1;
        let desk = &mut desks[*turn];
        // A refusal changes nothing, so every order leads somewhere.
        let _ = match act {
            Act::Sign => sign(desk, digest, &seen),
            Act::Decline => decline(desk, digest, &seen),
            Act::Withdraw => withdraw(desk, digest),
            Act::End(hour) => end(desk, digest, at(*hour)),
            Act::Wait => {
                desk.pass_hours(1);
                Ok(())
            }
        };
    }
    desks
}

fn turns() -> impl Strategy<Value = Vec<usize>> {
    Just([0, 1, 2].repeat(4)).prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The parties do not wait for each other, and journals are pulled in any order: what each of
    /// them said is all that counts.
    #[test]
    fn the_order_between_the_parties_does_not_matter(
        acts in prop::collection::vec(prop::collection::vec(act(), 0..4), 3),
        first in turns(),
        second in turns(),
        pulled in Just(vec![0, 1, 2]).prop_shuffle(),
    ) {
        let (one, other) = (play(&acts, &first), play(&acts, &second));
        for hour in [0, 3, 15, 40] {
            let here = join_at(&one.iter().collect::<Vec<_>>(), at(hour));
            let there = join_at(&pulled.iter().map(|i| &other[*i]).collect::<Vec<_>>(), at(hour));
            prop_assert_eq!(&here, &there);
            let agreement = &here[0];
            let signed = agreement.answers.iter();
            let all = signed.clone().all(|(_, answer)| matches!(answer, Answer::Signed { .. }));
            let binds = matches!(agreement.standing, Standing::Agreed | Standing::Binding);
            prop_assert!(!binds || all, "binding without a signature: {:?}", agreement);
            prop_assert_eq!(agreement.bound_since.is_some(), all);
        }
    }
}

fn priced(keys: (u8, u8, u8), prices: &[u64]) -> Command {
    let Command::Propose { title, parties, clauses, window, reference, .. } =
        proposal(&BOTH, hours(0, None))
    else {
        unreachable!()
    };
    let (population, r#use, equal) = keys;
    let price = |ore: &u64| UnitPrice { component: Component::RedCells, ore: *ore };
    let terms = SupplyTerms {
        keys: CostKeys { population, r#use, equal },
        prices: prices.iter().map(price).collect(),
        box_ore: Some(35_000),
        legs: Vec::new(),
        carriage: Carriage::Sender,
        unknown_home: UnknownHome::Treated,
        joint: Vec::new(),
    };
    let (kind, terms) = (AgreementKind::Supply, Some(Box::new(terms)));
    Command::Propose { title, kind, parties, clauses, window, reference, terms }
}

#[test]
fn prices_and_keys_are_signed_with_the_text_and_are_a_kind_of_their_own() {
    let mut skane = Desk::open("skane");
    let mut halland = Desk::open("halland");
    for bad in [priced((40, 40, 19), &[1]), priced((100, 0, 0), &[]), priced((100, 0, 0), &[1, 2])]
    {
        assert_eq!(code(skane.act("a-1", bad).map(drop)), "agreement.terms");
    }
    let Command::Propose { title, parties, clauses, window, reference, terms, .. } =
        priced((40, 40, 20), &[140_000])
    else {
        unreachable!()
    };
    let kind = AgreementKind::Consultancy;
    let other = Command::Propose { title, kind, parties, clauses, window, reference, terms };
    assert_eq!(code(skane.act("a-1", other).map(drop)), "agreement.terms");

    skane.must("a-1", priced((40, 40, 20), &[140_000]));
    let seen = skane.last_seen_from_outside();
    assert_eq!(seen.event.encode().unwrap().kind, "agreement.terms_proposed");
    let digest = document(&seen);
    sign(&mut halland, digest, &seen).unwrap();
    let answered = halland.last_seen_from_outside();
    assert_eq!(answered.event.encode().unwrap().kind, "agreement.terms_signed");
    let both = one(&[&skane, &halland], skane.now);
    assert_eq!(both.standing, Standing::Binding);
    let agreed = both.document.terms.expect("the terms are part of what was signed");
    assert_eq!(agreed.price(Component::RedCells), Some(140_000));
    assert_eq!(agreed.price(Component::Plasma), None, "what is not agreed is not settled");
}

fn alarm_terms(alarm: AlarmTerms) -> Command {
    Command::ProposeAlarm {
        title: "Regionalt larm".into(),
        parties: BOTH.iter().map(|party| id(party)).collect(),
        clauses: vec!["Varje region ställer upp.".into()],
        window: hours(0, None),
        reference: None,
        alarm,
    }
}

#[test]
fn what_an_alarm_asks_for_stands_in_the_agreement_and_nothing_that_is_not_held() {
    let mut skane = Desk::open("skane");
    let mut halland = Desk::open("halland");
    let usual = AlarmTerms::DEFAULT;
    let bad = [
        AlarmTerms { transports: 51, ..usual },
        AlarmTerms { stock: Circle::Command, ..usual },
        AlarmTerms { contacts: Circle::Collaboration, ..usual },
    ];
    for bad in bad {
        assert_eq!(code(skane.act("a-1", alarm_terms(bad)).map(drop)), "agreement.alarm_terms");
    }
    let agreed = AlarmTerms { transports: 7, capacity: Circle::Command, ..usual };
    skane.must("a-1", alarm_terms(agreed));
    let seen = skane.last_seen_from_outside();
    assert_eq!(seen.event.encode().unwrap().kind, "agreement.terms_proposed");
    let pair = (&id("skane"), &id("halland"));
    let holds = |desks: [&Desk; 2]| {
        let [one, other] = desks.map(|desk| &desk.region.shared);
        let parties = [
            (id("skane"), &one.kernel, &one.agreements),
            (id("halland"), &other.kernel, &other.agreements),
        ];
        between(&parties, pair, START)
    };
    let before = holds([&skane, &halland]);
    assert_eq!(before, Agreed { terms: usual, by: None }, "one-sided: nothing is agreed");
    let digest = document(&seen);
    sign(&mut halland, digest, &seen).unwrap();
    let after = holds([&skane, &halland]);
    assert_eq!((after.terms, after.by.map(|(by, _)| by)), (agreed, Some(digest)));
    let others = between(&[], (&id("skane"), &id("blekinge")), START);
    assert_eq!(others.terms, usual, "whoever is no party has agreed to nothing");
}
