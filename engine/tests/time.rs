//! Clocks go wrong and neighbours fall silent: the record stays in order, and people are told.

use crate::common::pull::{key_of, pull, shared};
use crate::common::{Base, House, journal, on_both};
use samband_domain::bonds::SILENCE_SECONDS;
use samband_domain::{Known, Time};

async fn recorded(house: &House) -> Vec<Time> {
    let id = journal("skane");
    let records = house.engine.store().read(&id, 1, 0, 1_000).await.unwrap();
    records.iter().map(|record| record.recorded).collect()
}

async fn a_clock_set_back_leaves_the_record_in_order(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    house.pass(7_200);
    house.report("skane", 2019, 1).await.unwrap();
    let before = house.engine.now();
    assert_eq!(house.engine.health().clock_went_back, None);
    house.pass(-90);
    house.report("skane", 2020, 1).await.unwrap();
    assert_eq!(house.engine.health().clock_went_back, Some(90_000_000));
    assert_eq!(recorded(&house).await.last(), Some(&before));
    house.pass(30);
    house.report("skane", 2021, 1).await.unwrap();
    house.pass(61);
    house.report("skane", 2022, 1).await.unwrap();
    let times = recorded(&house).await;
    assert!(times.is_sorted());
    assert_eq!(times[times.len() - 2..], [before, before.plus_seconds(1)]);
    // What happened keeps the writer's own word.
    let head = house.engine.world().journal(&journal("skane")).unwrap().head().unwrap();
    let record = house.engine.store().record(&head.journal, 1, head.seq - 1).await.unwrap();
    let happened = format!("\"happened\":{}", before.plus_seconds(-60).0);
    assert!(record.unwrap().body.text().unwrap().contains(&happened));
    // A machine that starts with its clock before the record is told so too.
    house.pass(-3600);
    house.restart().await;
    house.report("skane", 2023, 1).await.unwrap();
    assert_eq!(house.engine.health().clock_went_back, Some(3_600_000_000));
    house.engine.verify(&journal("skane")).await.unwrap();
}

fn silent(house: &House) -> Option<Known<Time>> {
    shared(&house.engine, "halland").bonds.silent.get(&journal("skane")).copied()
}

fn end(house: &House) -> u64 {
    house.engine.world().journal(&journal("halland")).unwrap().head().unwrap().seq
}

async fn silence_is_reported_once_and_ends(base: Base) {
    let (skane, mut halland) = (base.house("skane").await, base.house("halland").await);
    skane.settle("skane").await;
    halland.settle("halland").await;
    halland.trust("halland", "skane", key_of(&skane.engine, "skane")).await;
    pull(&skane.engine, &halland.engine, "skane", 100).await.unwrap();
    let heard = skane.engine.now();
    halland.pass(SILENCE_SECONDS);
    halland.engine.tick().await;
    assert_eq!(silent(&halland), None);
    halland.pass(1);
    let before = end(&halland);
    for restart in [false, false, true, false] {
        if restart {
            halland.restart().await;
        }
        halland.engine.tick().await;
        assert_eq!(silent(&halland), Some(Known::Value(heard)));
        assert_eq!(end(&halland), before + 1);
    }
    // A head without records is a sign of life too.
    skane.place.clock.set(halland.engine.now());
    pull(&skane.engine, &halland.engine, "skane", 100).await.unwrap();
    for _ in 0..2 {
        halland.engine.tick().await;
        assert_eq!((silent(&halland), end(&halland)), (None, before + 2));
    }
    // Yesterday's word heard again is none.
    let late = crate::common::pull::page(&skane.engine, &journal("skane"), Some((1, 5)), 100).await;
    halland.pass(SILENCE_SECONDS + 1);
    halland.engine.take_page(&journal("skane"), late).await.unwrap();
    halland.engine.tick().await;
    assert!(silent(&halland).is_some());
}

/// Trust that leads to nothing is silence as well.
async fn whoever_was_never_heard_is_silent_too(base: Base) {
    let (skane, halland) = (base.house("skane").await, base.house("halland").await);
    skane.settle("skane").await;
    halland.settle("halland").await;
    halland.engine.tick().await;
    halland.pass(SILENCE_SECONDS * 10);
    halland.trust("halland", "skane", key_of(&skane.engine, "skane")).await;
    halland.engine.tick().await;
    assert_eq!(silent(&halland), None, "not before it could have answered");
    let since = halland.engine.now();
    halland.pass(SILENCE_SECONDS + 1);
    halland.engine.tick().await;
    assert_eq!(silent(&halland), Some(Known::Value(since)));
}

/// Two regions in one house do not watch each other: whoever writes one writes the other.
async fn regions_of_one_house_are_not_watched(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.settle("halland").await;
    house.trust("halland", "skane", key_of(&house.engine, "skane")).await;
    for _ in 0..3 {
        house.pass(SILENCE_SECONDS + 1);
        house.engine.tick().await;
        assert_eq!(silent(&house), None);
    }
}

on_both! {
    a_clock_set_back_leaves_the_record_in_order;
    silence_is_reported_once_and_ends;
    whoever_was_never_heard_is_silent_too;
    regions_of_one_house_are_not_watched;
}
