//! Every measurement on an amount that says nothing about speed: what must be equal is equal.

use bench::{Amount, durable, replay, reserve, start, trace};

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_and_raw_sqlite_leave_the_same_rows() {
    let section = durable::run(Amount::Tiny).await.unwrap();
    for name in ["ratio_sqlite_64", "ratio_sqlite_1024"] {
        assert!(section.figure_of(name).is_some_and(|ratio| ratio > 0.0), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
async fn postgresql_holds_the_same_contents_in_unbroken_chains() {
    let section = durable::run(Amount::Tiny).await.unwrap();
    for name in ["ratio_postgres_64", "ratio_postgres_1024", "engine_on_postgres_64_per_s"] {
        assert!(section.figure_of(name).is_some_and(|ratio| ratio > 0.0), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_past_replays_to_the_state_in_use() {
    let section = replay::run(Amount::Tiny).await.unwrap();
    assert!(section.figure_of("events_per_s").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_from_snapshots_gives_the_state_of_the_records() {
    let section = start::run(Amount::Tiny).await.unwrap();
    assert!(section.figure_of("from snapshots").is_some());
}

/// The engine's choice, SQLite's and a plain look at every unit are the same ten.
#[test]
fn selecting_finds_the_same_units() {
    let section = bench::select::run(Amount::Tiny).unwrap();
    assert!(section.figure_of("bytes_per_unit").is_some());
}

/// Every ask got a unit, none went to two, and the next to expire went.
#[tokio::test(flavor = "multi_thread")]
async fn no_unit_is_set_aside_twice() {
    let section = reserve::run(Amount::Tiny).await.unwrap();
    assert!(section.figure_of("engine_1024_per_s").is_some());
}

/// What is folded in is held, in both states the same.
#[test]
fn every_finished_donation_is_held() {
    let section = bench::kept::run(Amount::Tiny).unwrap();
    assert!(section.figure_of("the own region bytes").is_some());
}

/// Every life that is asked for is whole and in order.
#[tokio::test(flavor = "multi_thread")]
async fn a_trace_is_a_whole_life() {
    let section = trace::run(Amount::Tiny).await.unwrap();
    assert!(section.figure_of("open p99_ms").is_some());
}

/// The plan of the day is the same every time, and within its bounds.
#[test]
fn a_plan_of_the_day_is_within_its_bounds() {
    let section = bench::distribute::run(Amount::Tiny).unwrap();
    assert!(section.figure_of("50 over 6, 51 units cpu_s").is_some());
}
