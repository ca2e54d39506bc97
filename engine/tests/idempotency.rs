//! The same key with the same body does nothing twice; with another body it is a conflict.

use crate::common::{
    Base, House, donations, figure, grant, journal, on_both, person, register, request,
};
use samband_access::Principal;
use samband_domain::Known;
use samband_domain::kernel::Role;
use samband_engine::{Failure, Receipt, Request};

fn seq(house: &House, region: &str) -> u64 {
    house.engine.world().journal(&journal(region)).unwrap().head().unwrap().seq
}

fn report(region: &str, key: &str, year: i16, value: u64) -> Request {
    request(&person(region, "coordinator"), region, key, figure(year, value))
}

async fn give(house: &House, request: &Request) -> Result<Receipt, Failure> {
    house.engine.submit(request.clone()).await
}

fn is_repetition(repeated: &Receipt, first: &Receipt) {
    assert!(repeated.repeated && !first.repeated);
    assert_eq!((&repeated.first, repeated.count), (&first.first, first.count));
    assert_eq!(repeated.events, first.events, "what came into being is told again");
}

async fn a_key_gives_the_same_answer_again_also_after_a_restart(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    let asked = report("skane", "k1", 2024, 7);
    let first = give(&house, &asked).await.unwrap();
    is_repetition(&give(&house, &asked).await.unwrap(), &first);
    let other = report("skane", "k1", 2024, 8);
    assert!(matches!(give(&house, &other).await, Err(Failure::KeyConflict)));

    house.restart().await;
    let end = seq(&house, "skane");
    is_repetition(&give(&house, &asked).await.unwrap(), &first);
    assert!(matches!(give(&house, &other).await, Err(Failure::KeyConflict)));
    assert_eq!((seq(&house, "skane"), end), (end, end));
    assert_eq!(donations(&house.engine, "skane", 2024), Some((Known::Value(7), 0)));
}

/// What was done before is the reason why it would be refused now: the answer is still "done".
async fn a_repetition_that_would_be_refused_now_is_answered_as_it_was(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    let machine = Principal::Machine;
    let asked = request(&machine, "skane", "k1", register("a-7", "Xsecret seven"));
    let first = give(&house, &asked).await.unwrap();
    house.restart().await;
    is_repetition(&give(&house, &asked).await.unwrap(), &first);
    let other = request(&machine, "skane", "k1", register("a-7", "Xsecret other"));
    assert!(matches!(give(&house, &other).await, Err(Failure::KeyConflict)));
    let new = request(&machine, "skane", "k2", register("a-7", "Xsecret seven"));
    assert!(matches!(give(&house, &new).await, Err(Failure::Refused(_))));
}

/// A batch in which some commands are new and some were carried out before the restart.
async fn new_and_known_commands_may_come_at_once(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    let asked: Vec<_> =
        (0..40).map(|n| report("skane", &format!("k{n}"), 1980 + n, 100 + n as u64)).collect();
    let mut firsts = Vec::new();
    for request in asked.iter().step_by(3) {
        firsts.push(give(&house, request).await.unwrap());
    }
    house.restart().await;
    let before = seq(&house, "skane");
    let waits: Vec<_> = asked
        .iter()
        .map(|request| {
            let (engine, request) = (house.engine.clone(), request.clone());
            tokio::spawn(async move { engine.submit(request).await })
        })
        .collect();
    for (n, wait) in waits.into_iter().enumerate() {
        let receipt = wait.await.unwrap().unwrap();
        assert_eq!(receipt.repeated, n % 3 == 0, "command {n}");
        if n % 3 == 0 {
            is_repetition(&receipt, &firsts[n / 3]);
        }
    }
    assert_eq!(seq(&house, "skane"), before + 40 - firsts.len() as u64);
    for n in 0..40 {
        let value = Known::Value(100 + n as u64);
        assert_eq!(donations(&house.engine, "skane", 1980 + n), Some((value, 0)));
    }
    house.engine.verify(&journal("skane")).await.unwrap();
}

async fn a_refusal_is_not_remembered(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    let asked = request(
        &person("skane", "administrator"),
        "skane",
        "k1",
        grant("a-9", Role::Tib, house.engine.now()),
    );
    assert!(matches!(give(&house, &asked).await, Err(Failure::Refused(_))));
    house.give(&Principal::Machine, "skane", register("a-9", "Xsecret nine")).await.unwrap();
    assert!(!give(&house, &asked).await.unwrap().repeated);
}

async fn keys_are_checked_and_belong_to_whoever_uses_them(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.settle("halland").await;
    let long = "x".repeat(101);
    for key in ["", "two words", "ny\u{e5}", "a\nb", long.as_str()] {
        let asked = report("skane", key, 2024, 1);
        assert!(matches!(give(&house, &asked).await, Err(Failure::BadKey)), "{key:?}");
    }
    // Both coordinators are called `coordinator` in their own journals.
    assert!(!give(&house, &report("skane", "k", 2024, 1)).await.unwrap().repeated);
    assert!(!give(&house, &report("halland", "k", 2024, 2)).await.unwrap().repeated);
}

async fn a_group_happens_whole_or_not_at_all(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    house.settle("halland").await;
    let before = (seq(&house, "skane"), seq(&house, "halland"));
    let group = [report("skane", "g1", 2024, 1), report("halland", "g2", 2024, 2)];
    let bad = [group[0].clone(), group[1].clone(), report("halland", "g3", 2030, 3)];
    let (at, failure) = house.engine.submit_all(bad.to_vec()).await.unwrap_err();
    assert_eq!(at, 2);
    assert!(matches!(failure, Failure::Refused(_)));
    assert_eq!((seq(&house, "skane"), seq(&house, "halland")), before);
    assert_eq!(donations(&house.engine, "skane", 2024), None);

    // Nothing of it is left: the same keys are free for another body.
    let other = report("skane", "g1", 2023, 9);
    assert!(!give(&house, &other).await.unwrap().repeated);
    let (at, failure) = house.engine.submit_all(group.to_vec()).await.unwrap_err();
    assert!(at == 0 || at == 1);
    assert!(matches!(failure, Failure::KeyConflict));

    let group = [report("skane", "h1", 2024, 1), report("halland", "h2", 2024, 2)];
    let first = house.engine.submit_all(group.to_vec()).await.unwrap();
    for restart in [false, true] {
        if restart {
            house.restart().await;
        }
        let again = house.engine.submit_all(group.to_vec()).await.unwrap();
        again.iter().zip(&first).for_each(|(again, first)| is_repetition(again, first));
        // Part of a group under the same keys is another group.
        let part = [group[0].clone(), report("halland", "h3", 2023, 2)];
        let (_, failure) = house.engine.submit_all(part.to_vec()).await.unwrap_err();
        assert!(matches!(failure, Failure::KeyConflict), "{failure:?}");
    }
    let end = (before.0 + 2, before.1 + 1);
    assert_eq!((seq(&house, "skane"), seq(&house, "halland")), end);
    for region in ["skane", "halland"] {
        house.engine.verify(&journal(region)).await.unwrap();
    }
}

on_both! {
    a_key_gives_the_same_answer_again_also_after_a_restart;
    a_repetition_that_would_be_refused_now_is_answered_as_it_was;
    new_and_known_commands_may_come_at_once;
    a_refusal_is_not_remembered;
    keys_are_checked_and_belong_to_whoever_uses_them;
    a_group_happens_whole_or_not_at_all;
}
