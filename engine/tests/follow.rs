//! Followers: a second process on the same database that reads everything, writes nothing, and
//! takes commands to the one that does.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use crate::common::follow::{Couriers, announced, caught_up, picture};
use crate::common::pull::{key_of, pull};
use crate::common::{
    Base, Database, House, actor, donations, figure, journal, person, register, request,
};
use samband_access::{Carrier, Principal, UserName};
use samband_domain::kernel::{Command as Kernel, Role};
use samband_domain::{Command, Event, Known};
use samband_engine::{
    AccountError, Engine, Failure, NewAccount, Options, RotateError, SignInError, StartError,
};
use sqlx::Connection as _;

const PASSWORD: &str = "samband-demo";

macro_rules! on_postgresql {
    ($($body:ident;)*) => {$(
        mod $body {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs PostgreSQL: run cargo xtask verify"]
            async fn postgresql() {
                super::$body(crate::common::Base::postgres().await).await;
            }
        }
    )*};
}

/// A writer with two regions, a follower of it, and the way between them.
async fn two(base: &Base) -> (House, Engine, Couriers) {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.settle("halland").await;
    let couriers = Couriers::default();
    let follower = house.follower(&couriers).await;
    (house, follower, couriers)
}

fn coordinator() -> Principal {
    person("skane", "coordinator")
}

async fn give(
    engine: &Engine,
    key: &str,
    command: impl Into<Command>,
) -> Result<samband_engine::Receipt, Failure> {
    engine.submit(request(&coordinator(), "skane", key, command)).await
}

/// What the writer records is shown, in order, with the same topics and as of the same record.
async fn what_is_recorded_is_shown(base: Base) {
    let (house, follower, _) = two(&base).await;
    assert!(follower.follows() && !house.engine.follows());
    assert_eq!(picture(&follower), picture(&house.engine), "as it started");
    assert!(house.engine.followed().is_none());
    let mut news = follower.subscribe();
    house.report("skane", 2024, 41_000).await.unwrap();
    caught_up(&follower, &house.engine).await;
    let told = news.recv().await.unwrap();
    let figures = BTreeSet::from(["figures".to_owned()]);
    assert_eq!(told.topics, [(journal("skane"), figures)].into());
    assert_eq!(donations(&follower, "skane", 2024), Some((Known::Value(41_000), 0)));
    for n in 0..40 {
        house.report("skane", 1990 + n % 7, 100).await.unwrap();
    }
    house.open("kronoberg").await;
    caught_up(&follower, &house.engine).await;
    assert_eq!(picture(&follower), picture(&house.engine));
    follower.verify(&journal("skane")).await.unwrap();
    let followed = follower.followed().unwrap();
    let head = house.engine.world().journal(&journal("skane")).unwrap().head().unwrap();
    let skane = followed.iter().find(|one| one.journal == journal("skane")).unwrap();
    assert_eq!((skane.epoch, skane.seq, skane.behind), (head.epoch, head.seq, 0));
    assert!(!house.engine.health().stopped, "nothing was taken over");
    assert_eq!(house.engine.health().trouble, None);
    follower.stop().await;
    house.report("skane", 2020, 1).await.unwrap();
}

/// A command through the follower: answered as the writer answers, and seen by who gave it.
async fn a_command_is_taken_to_the_writer(base: Base) {
    let (house, follower, _) = two(&base).await;
    for n in 0..30 {
        let receipt = give(&follower, &format!("k-{n}"), figure(2000, n)).await.unwrap();
        assert_eq!((receipt.count, receipt.repeated, receipt.events.len()), (1, false, 1));
        assert!(matches!(receipt.events[0], Event::Figures(_)));
        let shown = donations(&follower, "skane", 2000).map(|(value, _)| value);
        assert_eq!(shown, Some(Known::Value(n)), "who wrote it sees it");
        assert_eq!(picture(&follower), picture(&house.engine));
    }
    let again = give(&follower, "k-7", figure(2000, 7)).await.unwrap();
    let there = give(&house.engine, "k-7", figure(2000, 7)).await.unwrap();
    assert!(again.repeated && again == there);
    let other = give(&follower, "k-7", figure(2000, 8)).await;
    assert!(matches!(other, Err(Failure::KeyConflict)), "{other:?}");
    assert!(matches!(give(&follower, "", figure(2000, 8)).await, Err(Failure::BadKey)));
    let twice = register("coordinator", "Xsecret");
    let administrator = person("skane", "administrator");
    for (principal, region) in [(&administrator, "skane"), (&coordinator(), "skane")] {
        let ask = async |engine: &Engine| {
            engine.submit(request(principal, region, "same", twice.clone())).await.unwrap_err()
        };
        let (here, there) = (ask(&follower).await, ask(&house.engine).await);
        assert_eq!((here.code(), here.to_string()), (there.code(), there.to_string()));
    }
    let nowhere = follower.submit(request(&coordinator(), "gotland", "n", figure(2000, 1))).await;
    let told = house.engine.submit(request(&coordinator(), "gotland", "n", figure(2000, 1))).await;
    assert_eq!(nowhere.unwrap_err().to_string(), told.unwrap_err().to_string());
    // Together or not at all, through the follower too.
    let good = request(&coordinator(), "skane", "g-1", figure(2001, 1));
    let bad = request(&coordinator(), "skane", "g-2", twice.clone());
    let (n, _) = follower.submit_all(vec![good.clone(), bad]).await.unwrap_err();
    assert_eq!((n, donations(&follower, "skane", 2001)), (1, None));
    let second = request(&coordinator(), "skane", "g-3", figure(2002, 2));
    assert_eq!(follower.submit_all(vec![good, second]).await.unwrap().len(), 2);
    assert!(donations(&follower, "skane", 2002).is_some());
    assert_eq!(picture(&follower), picture(&house.engine));
    let rotated = follower.rotate_key(&Principal::Machine, &journal("skane"), "r".into()).await;
    assert!(matches!(rotated, Err(RotateError::Failed(Failure::NoWriter(_)))), "{rotated:?}");
    follower.stop().await;
}

/// Without a writer nothing is recorded, everything is read; the next writer is found.
async fn without_a_writer_reading_goes_on(base: Base) {
    let (mut house, follower, couriers) = two(&base).await;
    give(&follower, "before", figure(2000, 1)).await.unwrap();
    couriers.lose("first");
    house.engine.stop().await;
    let outcome = give(&follower, "meanwhile", figure(2000, 2)).await;
    let Err(Failure::NoWriter(why)) = outcome else { panic!("{outcome:?}") };
    assert!(why.contains("first"), "{why}");
    assert_eq!(donations(&follower, "skane", 2000), Some((Known::Value(1), 0)));
    assert_eq!(follower.health().trouble, None, "it reads as before");
    house.engine = house.place.start().await.unwrap();
    let outcome = give(&follower, "meanwhile", figure(2000, 2)).await;
    assert!(matches!(outcome, Err(Failure::NoWriter(_))), "it has not said where: {outcome:?}");
    couriers.announce(&house.engine, "second").await;
    give(&follower, "meanwhile", figure(2000, 2)).await.unwrap();
    // Another one takes over while the second still answers.
    let third = house.place.start().await.unwrap();
    couriers.announce(&third, "third").await;
    give(&follower, "after", figure(2000, 3)).await.unwrap();
    assert!(house.engine.health().stopped);
    let late = house.engine.announce(&announced("second")).await;
    assert!(late.is_err(), "who was taken over announces nothing");
    give(&follower, "later", figure(2000, 4)).await.unwrap();
    assert_eq!(picture(&follower), picture(&third));
    // Promoted: the follower stops, its place is started as the writer.
    follower.stop().await;
    let promoted = house.place.start().await.unwrap();
    give(&promoted, "promoted", figure(2000, 5)).await.unwrap();
    let outcome = give(&third, "fenced", figure(2000, 6)).await;
    assert!(matches!(outcome, Err(Failure::SteppedDown)), "{outcome:?}");
    promoted.stop().await;
}

/// Commands from both sides at once: both show the same in the end, and every one was kept.
async fn both_sides_at_once(base: Base) {
    let (house, follower, couriers) = two(&base).await;
    let second = house.place.follow(&couriers).await;
    let mut running = Vec::new();
    for (side, engine) in [&house.engine, &follower, &second].into_iter().enumerate() {
        for lane in 0..4_i16 {
            let engine = engine.clone();
            running.push(tokio::spawn(async move {
                for n in 0..25_u64 {
                    let year = 1990 + lane + 10 * i16::try_from(side).unwrap();
                    give(&engine, &format!("s{side}-{lane}-{n}"), figure(year, n)).await.unwrap();
                    let shown = donations(&engine, "skane", year).map(|(value, _)| value);
                    assert_eq!(shown, Some(Known::Value(n)));
                }
            }));
        }
    }
    for task in running {
        task.await.unwrap();
    }
    for follower in [follower, second] {
        caught_up(&follower, &house.engine).await;
        assert_eq!(picture(&follower), picture(&house.engine));
        follower.stop().await;
    }
    assert_eq!(house.engine.verify(&journal("skane")).await.unwrap().records, 7 + 300);
}

/// Copies of neighbours are followed too, with when they were last heard of, and a neighbour's new
/// epoch that takes some of its past back.
async fn copies_are_followed(base: Base) {
    let mut north = base.house("north").await;
    north.settle("kronoberg").await;
    let (house, follower, _) = two(&base).await;
    house.trust("skane", "kronoberg", key_of(&north.engine, "kronoberg")).await;
    north.report("kronoberg", 2020, 1).await.unwrap();
    pull(&north.engine, &house.engine, "kronoberg", 3).await.unwrap();
    caught_up(&follower, &house.engine).await;
    assert_eq!(picture(&follower), picture(&house.engine));
    let copy = |engine: &Engine| engine.world().journal(&journal("kronoberg")).cloned().unwrap();
    assert!(!copy(&follower).is_local());
    // A word without news.
    for house in [&north, &house] {
        house.pass(30);
    }
    pull(&north.engine, &house.engine, "kronoberg", 3).await.unwrap();
    house.engine.tick().await;
    let heard = copy(&house.engine).heard();
    for _ in 0..3_000 {
        if copy(&follower).heard() == heard {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(copy(&follower).heard(), heard);
    // Kronoberg restores a backup, and reports what was lost otherwise.
    let backup = base.folder.path().join("backup");
    let manifest = north.engine.backup(&backup).await.unwrap();
    north.report("kronoberg", 2021, 2).await.unwrap();
    pull(&north.engine, &house.engine, "kronoberg", 3).await.unwrap();
    caught_up(&follower, &house.engine).await;
    north.engine.stop().await;
    north.place.folder = base.folder.path().join("restored");
    std::fs::create_dir_all(&north.place.folder).unwrap();
    north.place.database = Database::Sqlite;
    let store = north.place.store().await;
    samband_engine::restore_into(&backup, &store, &north.place.keys()).await.unwrap();
    store.close().await;
    north.engine = north.place.start().await.unwrap();
    let heads: Vec<_> = manifest
        .heads
        .iter()
        .map(|head| head.verified(&key_of(&north.engine, "kronoberg")).unwrap().head)
        .collect();
    north.engine.open_restored_epochs("disk failed", &heads).await.unwrap();
    north.report("kronoberg", 2022, 3).await.unwrap();
    pull(&north.engine, &house.engine, "kronoberg", 3).await.unwrap();
    caught_up(&follower, &house.engine).await;
    assert_eq!(copy(&follower).chain.epoch, 2);
    assert_eq!(picture(&follower), picture(&house.engine));
    assert_eq!(donations(&follower, "kronoberg", 2021), None, "taken back");
    follower.stop().await;
    north.engine.stop().await;
}

fn new(name: &str, role: Role) -> NewAccount {
    NewAccount {
        user: UserName::new(name).unwrap(),
        password: PASSWORD.into(),
        person: None,
        actor: Some(actor(role.as_str())),
        roles: Vec::new(),
        must_change: false,
    }
}

async fn enter(engine: &Engine, name: &str, secret: &str) -> Result<String, SignInError> {
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
    let (token, _) = engine.sign_in(name, secret, address, Carrier::Bearer).await?;
    Ok(token.reveal().to_owned())
}

async fn inside(engine: &Engine, token: &str) -> bool {
    engine.session(token, Carrier::Bearer).await.is_some()
}

/// One door with two sides: who comes in at one is in at both, and who is put out is out at once.
async fn the_door_is_one(base: Base) {
    let (house, follower, couriers) = two(&base).await;
    let machine = Principal::Machine;
    let name = UserName::new("tib@skane").unwrap();
    follower.create_account(&machine, new("tib@skane", Role::Coordinator)).await.unwrap();
    let taken = house.engine.create_account(&machine, new("tib@skane", Role::Director)).await;
    assert!(matches!(taken, Err(AccountError::Refused(_))), "{taken:?}");
    let here = enter(&follower, "tib@skane", PASSWORD).await.unwrap();
    let there = enter(&house.engine, "tib@skane", PASSWORD).await.unwrap();
    for engine in [&follower, &house.engine] {
        assert!(inside(engine, &here).await && inside(engine, &there).await);
    }
    house.engine.sign_out(&here).await;
    assert!(!inside(&follower, &here).await, "at once");
    follower.enable_account(&machine, &name, false).await.unwrap();
    assert!(!inside(&house.engine, &there).await, "at once");
    assert!(enter(&house.engine, "tib@skane", PASSWORD).await.is_err());
    house.engine.enable_account(&machine, &name, true).await.unwrap();
    // Neither side undoes what the other changed.
    follower.set_language(&name, "en").await.unwrap();
    house.engine.set_password(&machine, &name, "another-long-word").await.unwrap();
    let account = house.engine.account(&name).unwrap();
    assert_eq!((account.language.as_deref(), account.disabled), (Some("en"), None));
    assert!(enter(&follower, "tib@skane", PASSWORD).await.is_err());
    // A code opens once, whichever side is asked.
    let codes = follower.issue_codes(&machine, &name).await.unwrap();
    let code = codes[0].to_string();
    let (a, b) = tokio::join!(
        enter(&house.engine, "tib@skane", &code),
        enter(&follower, "tib@skane", &code)
    );
    assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1, "{a:?} {b:?}");
    // Without a writer people still come in, and what is done to accounts waits.
    couriers.lose("first");
    let token = enter(&follower, "tib@skane", "another-long-word").await.unwrap();
    assert!(inside(&follower, &token).await);
    let outcome = follower.create_account(&machine, new("more@skane", Role::Director)).await;
    let known = UserName::new("more@skane").unwrap();
    assert!(outcome.is_err() || follower.account(&known).is_some());
    follower.stop().await;
}

/// A record that was tampered with is not shown: the follower says so and stays where it was.
async fn a_broken_record_is_not_followed(base: Base) {
    let (house, follower, _) = two(&base).await;
    let Database::Postgres(url) = &house.place.database else { panic!("a server") };
    let before = picture(&follower);
    let mut other = sqlx::PgConnection::connect(url).await.unwrap();
    let guard = "DROP TRIGGER records_never_change ON records; \
                 CREATE FUNCTION bend() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 NEW.content := replace(NEW.content, '41000', '42000'); RETURN NEW; END $$; \
                 CREATE TRIGGER bend BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION bend()";
    sqlx::raw_sql(guard).execute(&mut other).await.unwrap();
    house.report("skane", 2024, 41_000).await.unwrap();
    let trouble = loop {
        if let Some(trouble) = follower.health().trouble {
            break trouble;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(trouble.contains("skane") && trouble.contains("record 8"), "{trouble}");
    assert_eq!(picture(&follower), before);
    let followed = follower.followed().unwrap();
    assert_eq!(followed.iter().map(|one| one.behind).sum::<u64>(), 1);
    sqlx::raw_sql("UPDATE records SET content = replace(content, '42000', '41000')")
        .execute(&mut other)
        .await
        .unwrap();
    caught_up(&follower, &house.engine).await;
    assert_eq!(picture(&follower), picture(&house.engine), "mended, it goes on");
    other.close().await.unwrap();
    follower.stop().await;
}

/// Who was erased at the writer is nowhere to be seen at the follower.
async fn an_erased_person_is_gone_there_too(base: Base) {
    let (house, follower, _) = two(&base).await;
    let machine = Principal::Machine;
    house.give(&machine, "skane", register("a-1", "Xsecret of old")).await.unwrap();
    house.employ("skane", Role::Safety).await;
    caught_up(&follower, &house.engine).await;
    let named =
        |engine: &Engine| format!("{:?}", engine.world().journals).contains("Xsecret of old");
    assert!(named(&follower));
    let erase = Kernel::EraseActor { actor: actor("a-1"), ground: "asked for".into() };
    let request = request(&person("skane", "safety"), "skane", "erase", erase);
    follower.submit(request).await.unwrap();
    assert!(!named(&follower) && !named(&house.engine));
    assert_eq!(picture(&follower), picture(&house.engine));
    follower.verify(&journal("skane")).await.unwrap();
    follower.stop().await;
}

on_postgresql! {
    what_is_recorded_is_shown;
    a_command_is_taken_to_the_writer;
    without_a_writer_reading_goes_on;
    both_sides_at_once;
    copies_are_followed;
    the_door_is_one;
    a_broken_record_is_not_followed;
    an_erased_person_is_gone_there_too;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_not_followed() {
    let base = Base::sqlite();
    let house = base.house("one").await;
    let (store, clock) = (house.place.store().await, house.place.clock.clone());
    let options = Options { store, keys: house.place.keys(), clock };
    let outcome = Engine::follow(options, Arc::new(Couriers::default())).await;
    let Err(error) = outcome else { panic!("it was") };
    assert!(
        matches!(error, StartError::NothingToFollow) && error.to_string().contains("database =")
    );
    house.report("skane", 2020, 1).await.unwrap_err();
    assert!(!house.engine.health().stopped, "and nothing was taken over");
}
