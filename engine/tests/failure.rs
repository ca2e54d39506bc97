//! The database fails: whoever waits is told, nothing acknowledged is lost or doubled, and work
//! goes on by itself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::common::{Base, Database, House, figure, journal, on_both, person, request};
use samband_engine::{Engine, Failure, Options, Receipt, Request};
use samband_journal::Store;
use sqlx::Connection as _;

fn asked(region: &str, key: &str, year: i16, value: u64) -> Request {
    request(&person(region, "coordinator"), region, key, figure(year, value))
}

/// Sends the same command again until it is certain; whether that was needed.
async fn insist(engine: &Engine, request: &Request) -> (Receipt, bool) {
    let mut again = false;
    loop {
        match engine.submit(request.clone()).await {
            Ok(receipt) => return (receipt, again),
            Err(Failure::Unavailable(_) | Failure::Busy) => again = true,
            Err(other) => panic!("{other}"),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Many write and insist while something is done to the database.
struct Load {
    tasks: Vec<tokio::task::JoinHandle<Vec<Receipt>>>,
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    again: Arc<AtomicUsize>,
}

impl Load {
    fn start(engine: &Engine) -> Self {
        let (stop, done, again) =
            <(Arc<AtomicBool>, Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let task = |n: usize| {
            let engine = engine.clone();
            let (stop, done, again) = (stop.clone(), done.clone(), again.clone());
            tokio::spawn(async move {
                let mut receipts = Vec::new();
                for k in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let year = 1950 + i16::try_from(k % 70).unwrap();
                    let command = asked("skane", &format!("t{n}-{k}"), year, k);
                    let (receipt, repeated) = insist(&engine, &command).await;
                    again.fetch_add(usize::from(repeated), Ordering::SeqCst);
                    done.fetch_add(1, Ordering::SeqCst);
                    receipts.push(receipt);
                }
                receipts
            })
        };
        let tasks = (0..16).map(task).collect();
        Self { tasks, stop, done, again }
    }

    /// Waits until some more commands are through.
    async fn more(&self, count: usize) {
        let until = self.done.load(Ordering::SeqCst) + count;
        while self.done.load(Ordering::SeqCst) < until {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Waits until somebody was told to try again.
    async fn told(&self, engine: &Engine) {
        while engine.health().trouble.is_none() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Stops; every acknowledged command stands in the journal, once.
    async fn end(self, house: &mut House, before: u64) {
        self.stop.store(true, Ordering::SeqCst);
        let mut receipts = Vec::new();
        for task in self.tasks {
            receipts.extend(task.await.unwrap());
        }
        let places: BTreeSet<_> = receipts.iter().filter_map(|r| r.first.clone()).collect();
        assert_eq!(places.len(), receipts.len());
        assert!(self.again.load(Ordering::SeqCst) > 0, "somebody had to try again");
        let id = journal("skane");
        for restart in [false, true] {
            if restart {
                house.restart().await;
            }
            let report = house.engine.verify(&id).await.unwrap();
            assert_eq!(report.records, before + receipts.len() as u64);
        }
        for at in places {
            let record = house.engine.store().record(&id, at.epoch, at.seq).await.unwrap();
            assert_eq!(record.unwrap().at(), at);
        }
        let health = house.engine.health();
        assert!(health.trouble.is_none() && !health.stopped);
    }
}

async fn ready(base: &Base) -> House {
    let house = base.house("one").await;
    house.settle("skane").await;
    house
}

/// Another program holds the SQLite file for longer than we wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_file_is_waited_out_on_sqlite() {
    let base = Base::sqlite();
    let mut house = ready(&base).await;
    let load = Load::start(&house.engine);
    load.more(50).await;
    let address = format!("sqlite://{}", house.place.file().display());
    let mut other = sqlx::SqliteConnection::connect(&address).await.unwrap();
    sqlx::raw_sql("PRAGMA busy_timeout = 60000; BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    load.told(&house.engine).await;
    let outcome = house.engine.submit(asked("skane", "meanwhile", 2020, 1)).await;
    assert!(matches!(outcome, Err(Failure::Unavailable(_))), "{outcome:?}");
    // Reading goes on.
    assert!(house.engine.world().local(&journal("skane")).is_some());
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    load.more(50).await;
    load.end(&mut house, 7).await;
}

/// The file is moved away and put back: nothing is written anywhere else meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_moved_is_missed_until_it_is_back_on_sqlite() {
    let base = Base::sqlite();
    let mut house = ready(&base).await;
    let load = Load::start(&house.engine);
    load.more(50).await;
    let (file, away) = (house.place.file(), house.place.folder.join("away.db"));
    std::fs::rename(&file, &away).unwrap();
    load.told(&house.engine).await;
    let outcome = house.engine.submit(asked("skane", "meanwhile", 2020, 1)).await;
    assert!(matches!(outcome, Err(Failure::Unavailable(_))), "{outcome:?}");
    assert!(!file.exists(), "no new database is made in its place");
    std::fs::rename(&away, &file).unwrap();
    load.more(50).await;
    load.end(&mut house, 7).await;
}

/// No space left: refused with the reason, and what was acknowledged stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_keeps_what_there_is_on_sqlite() {
    let base = Base::sqlite();
    let mut house = ready(&base).await;
    house.engine.stop().await;
    let limited = async |house: &House, pages| {
        let store = Store::open_sqlite_limited(&house.place.file(), pages).await.unwrap();
        let (keys, clock) = (house.place.keys(), house.place.clock.clone());
        Engine::start(Options { store, keys, clock }).await.unwrap()
    };
    house.engine = limited(&house, Some(80)).await;
    let mut done = 0;
    let refused = loop {
        match house.engine.submit(asked("skane", &format!("k{done}"), 2020, done)).await {
            Ok(_) => done += 1,
            Err(failure) => break failure,
        }
        assert!(done < 10_000, "the disk fills up");
    };
    let Failure::Unavailable(why) = &refused else { panic!("{refused:?}") };
    assert!(why.contains("space"), "{why}");
    assert!(house.engine.health().trouble.unwrap().contains("space"));
    assert!(!house.engine.health().stopped);
    house.engine.verify(&journal("skane")).await.unwrap();
    house.engine.stop().await;
    house.engine = limited(&house, None).await;
    assert_eq!(house.engine.verify(&journal("skane")).await.unwrap().records, 7 + done);
    // The key that was refused is free; the last one that was not is taken.
    let free = asked("skane", &format!("k{done}"), 2020, done);
    assert!(!house.engine.submit(free).await.unwrap().repeated);
    let taken = asked("skane", &format!("k{}", done - 1), 2020, done - 1);
    assert!(house.engine.submit(taken).await.unwrap().repeated);
}

/// The server ends our connections in the middle of whatever they do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
async fn ended_connections_are_made_again_on_postgresql() {
    let base = Base::postgres().await;
    let mut house = ready(&base).await;
    let load = Load::start(&house.engine);
    load.more(50).await;
    let Database::Postgres(url) = &house.place.database else { panic!("a server") };
    let mut other = sqlx::PgConnection::connect(url).await.unwrap();
    for _ in 0..25 {
        sqlx::raw_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .execute(&mut other)
        .await
        .unwrap();
        load.more(20).await;
    }
    other.close().await.unwrap();
    load.end(&mut house, 7).await;
}

/// The database takes no more connections for a while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
async fn a_database_that_lets_nobody_in_is_waited_for_on_postgresql() {
    let base = Base::postgres().await;
    let mut house = ready(&base).await;
    let load = Load::start(&house.engine);
    load.more(50).await;
    let Database::Postgres(url) = &house.place.database else { panic!("a server") };
    let (_, name) = url.rsplit_once('/').unwrap();
    let server = std::env::var(crate::common::POSTGRES).unwrap();
    let mut other = sqlx::PgConnection::connect(&server).await.unwrap();
    let run = async |other: &mut sqlx::PgConnection, sql: String| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(other).await.unwrap();
    };
    run(&mut other, format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity";
    run(&mut other, format!("{end} WHERE datname = '{name}'")).await;
    load.told(&house.engine).await;
    let outcome = house.engine.submit(asked("skane", "meanwhile", 2020, 1)).await;
    assert!(matches!(outcome, Err(Failure::Unavailable(_))), "{outcome:?}");
    run(&mut other, format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
    load.more(50).await;
    load.end(&mut house, 7).await;
}

/// Whoever comes later takes over; whoever was there before writes nothing more and says so.
async fn the_second_engine_fences_the_first(base: Base) {
    let mut house = ready(&base).await;
    house.report("skane", 2020, 1).await.unwrap();
    let second = house.place.start().await.unwrap();
    let waits: Vec<_> = (0..20)
        .map(|n| {
            let engine = house.engine.clone();
            let command = asked("skane", &format!("old-{n}"), 2021, n);
            tokio::spawn(async move { engine.submit(command).await })
        })
        .collect();
    for wait in waits {
        let outcome = wait.await.unwrap();
        assert!(matches!(outcome, Err(Failure::SteppedDown)), "{outcome:?}");
    }
    assert!(house.engine.health().stopped && !second.health().stopped);
    let outcome = house.engine.submit(asked("skane", "late", 2021, 1)).await;
    assert!(matches!(outcome, Err(Failure::SteppedDown)));
    second.submit(asked("skane", "new", 2022, 1)).await.unwrap();
    assert_eq!(second.verify(&journal("skane")).await.unwrap().records, 9);
    second.stop().await;
    house.restart().await;
    assert_eq!(house.engine.verify(&journal("skane")).await.unwrap().records, 9);
    assert!(crate::common::donations(&house.engine, "skane", 2021).is_none());
}

/// Stopping answers everybody who was there before.
async fn stopping_leaves_nobody_without_an_answer(base: Base) {
    let mut house = ready(&base).await;
    let waits: Vec<_> = (0..200)
        .map(|n| {
            let engine = house.engine.clone();
            let command = asked("skane", &format!("k{n}"), 2021, n);
            tokio::spawn(async move { engine.submit(command).await })
        })
        .collect();
    tokio::task::yield_now().await;
    house.restart().await;
    let mut done = 0;
    for (n, wait) in waits.into_iter().enumerate() {
        let outcome = wait.await.unwrap();
        let acknowledged = outcome.is_ok();
        assert!(acknowledged || matches!(outcome, Err(Failure::Unavailable(_))), "{outcome:?}");
        let again = house.engine.submit(asked("skane", &format!("k{n}"), 2021, n as u64)).await;
        assert!(again.unwrap().repeated || !acknowledged);
        done += 1;
    }
    assert_eq!(house.engine.verify(&journal("skane")).await.unwrap().records, 7 + done);
    house.engine.stop().await;
    let outcome = house.engine.submit(asked("skane", "late", 2021, 1)).await;
    assert!(matches!(outcome, Err(Failure::Unavailable(_))));
    assert!(house.engine.health().stopped);
}

/// Altered records are named at the start, and nothing is written on top of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_altered_record_is_named_at_the_start_on_sqlite() {
    let base = Base::sqlite();
    let house = ready(&base).await;
    for n in 0..5 {
        house.report("skane", 2020, 1_000 + n).await.unwrap();
    }
    house.engine.stop().await;
    let address = format!("sqlite://{}", house.place.file().display());
    let mut other = sqlx::SqliteConnection::connect(&address).await.unwrap();
    sqlx::raw_sql(
        "DROP TRIGGER records_never_change; \
         UPDATE records SET content = replace(content, '1002', '9002') WHERE seq = 10",
    )
    .execute(&mut other)
    .await
    .unwrap();
    other.close().await.unwrap();
    let error = house.place.start().await.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("skane") && error.contains("record 10"), "{error}");
}

on_both! {
    the_second_engine_fences_the_first;
    stopping_leaves_nobody_without_an_answer;
}
