//! Alarms in the running engine: what cannot wait is done at once, without anybody's tick, and
//! whoever holds a personal link answers without a session.

use std::time::{Duration, Instant};

use crate::common::pull::{key_of, pull};
use crate::common::{Base, House, actor, figure, journal, person};
use samband_access::Principal;
use samband_domain::alarms::command::{Draft, Who};
use samband_domain::alarms::model::{
    By, Channel, DutyRole, Key, Kind, Party, Recipient, Says, Step, Turn, Way,
};
use samband_domain::alarms::{Command as Alarms, Event, Obligation};
use samband_domain::kernel::Role;
use samband_domain::{Command, Event as Any, Known, Window};
use samband_engine::{Engine, Failure, News};
use tokio::task::JoinHandle;

/// Longest that anything here is waited for; nothing is expected to take a part of it.
const PATIENCE: Duration = Duration::from_secs(30);

fn tib(region: &str) -> Recipient {
    Recipient { party: Party::Region(journal(region)), role: DutyRole::Tib }
}

/// Opens regions with a duty officer and a deputy on the roster.
async fn settled(house: &House, regions: &[&str]) {
    for region in regions {
        house.settle(region).await;
        house.employ(region, Role::Tib).await;
        let turns = ["jour", "reserv"].iter().zip(0..).map(|(name, rank)| Turn {
            actor: None,
            name: (*name).into(),
            rank,
            window: Window::open(house.engine.now().plus_days(-1)),
            ways: vec![
                Way { channel: Channel::Email, address: format!("{name}@exempel.test") },
                Way { channel: Channel::Sms, address: format!("+4670174069{rank}") },
            ],
        });
        let roster = Alarms::SetRoster { of: tib(region), turns: turns.collect() };
        house.give(&person(region, "tib"), region, roster).await.unwrap();
    }
}

/// A test of reach, which needs no incident. Returns the obligation of the one region's duty
/// officer.
async fn alarm(house: &House, from: &str, to: &str) -> Key {
    let draft = Draft {
        incident: None,
        kind: Kind::Reach,
        headline: "Prov".into(),
        text: "Svara att du nås".into(),
        place: Known::Unknown,
        injured: Known::Unknown,
        to: vec![tib(to)],
        replaces: None,
    };
    let issue = Alarms::Issue { alarm: Box::new(draft) };
    let receipt = house.give(&person(from, "tib"), from, issue).await.unwrap();
    let issued = receipt.events.iter().find_map(|event| match event {
        Any::Alarms(Event::Issued(alarm, _)) => Some(alarm.id.clone()),
        _ => None,
    });
    Key { issuer: journal(from), alarm: issued.expect("an alarm"), to: tib(to) }
}

fn held(engine: &Engine, region: &str, key: &Key) -> Option<Obligation> {
    let world = engine.world();
    world.journal(&journal(region))?.shared().alarms.obligations.get(key).cloned()
}

fn token(engine: &Engine, region: &str, key: &Key, person: usize) -> Option<String> {
    let world = engine.world();
    let people = world.local(&journal(region))?.own.alarms.people.get(key)?;
    Some(people.get(person)?.as_ref()?.token.clone())
}

fn answer(key: &Key, token: String) -> Alarms {
    let (key, who) = (key.clone(), Who::Token(token));
    Alarms::Answer { key, who, by: By::Link, says: Says::TakesOn, note: None }
}

async fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn attending(house: &House) -> JoinHandle<()> {
    let engine = house.engine.clone();
    tokio::spawn(async move { engine.attend().await })
}

fn kinds(house: &House) -> usize {
    let world = house.engine.world();
    world.locals().map(|journal| usize::try_from(journal.chain.seq).unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_is_heard_and_its_answer_noted_without_a_tick() {
    let base = Base::sqlite();
    let house = base.house("net").await;
    settled(&house, &["skane", "halland"]).await;
    assert_eq!(house.engine.attended(), Known::Unknown);
    let attending = attending(&house);
    let key = alarm(&house, "skane", "halland").await;
    until("Halland wakes its duty officer", || {
        held(&house.engine, "halland", &key).filter(|held| held.woken.len() == 1)
    })
    .await;
    assert!(held(&house.engine, "skane", &key).unwrap().woken.is_empty(), "Halland's own affair");

    let link = token(&house.engine, "halland", &key, 0).unwrap();
    house.give(&Principal::Nobody, "halland", answer(&key, link)).await.unwrap();
    let there = held(&house.engine, "halland", &key).unwrap().answer.unwrap();
    let noted = until("Skåne notes the answer", || held(&house.engine, "skane", &key)?.answer);
    assert_eq!(noted.await.record, there.record, "named by its record");
    assert_eq!(house.engine.attended(), Known::Value(house.engine.now()));

    // Nothing more follows: what was done is not done again.
    let before = kinds(&house);
    for _ in 0..3 {
        house.engine.do_at_once().await.unwrap();
        house.engine.tick().await;
    }
    assert_eq!(kinds(&house), before);
    attending.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_is_taken_when_its_clock_rings() {
    let base = Base::sqlite();
    let house = base.house("ladder").await;
    settled(&house, &["skane"]).await;
    let attending = attending(&house);
    let key = alarm(&house, "skane", "skane").await;
    let steps = |house: &House| held(&house.engine, "skane", &key).unwrap().steps;
    assert_eq!(steps(&house).iter().copied().collect::<Vec<_>>(), [Step::First]);
    house.pass(179);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(steps(&house).len(), 1, "not before its time");
    house.pass(1);
    until("the deputy is woken", || steps(&house).contains(&Step::Deputy).then_some(())).await;
    // The machine's clock jumps far ahead: every step that was passed over is taken, once.
    house.pass(3_600);
    until("all steps are taken", || (steps(&house).len() == Step::ALL.len()).then_some(())).await;
    let woken = held(&house.engine, "skane", &key).unwrap().woken;
    assert_eq!(woken.iter().map(|one| one.rank).collect::<Vec<_>>(), [0, 1]);
    // It jumps back: nothing is taken again.
    house.pass(-7_200);
    let before = kinds(&house);
    house.engine.do_at_once().await.unwrap();
    assert_eq!(kinds(&house), before);
    attending.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_the_link_answers_and_does_nothing_else() {
    let base = Base::sqlite();
    let house = base.house("link").await;
    settled(&house, &["skane"]).await;
    let key = alarm(&house, "skane", "skane").await;
    let nobody = Principal::Nobody;
    let wrong = house.give(&nobody, "skane", answer(&key, "kv-gissat".into())).await;
    assert_eq!(wrong.unwrap_err().code(), "alarm.token");

    let own = Alarms::Answer {
        key: key.clone(),
        who: Who::Oneself,
        by: By::Page,
        says: Says::TakesOn,
        note: None,
    };
    let close = Alarms::Close { key: key.clone(), why: "nej".into() };
    let step = Alarms::Step { key: key.clone(), step: Step::Deputy };
    let roster = Alarms::SetRoster { of: tib("skane"), turns: Vec::new() };
    for refused in [own, close, step, roster] {
        let outcome = house.give(&nobody, "skane", refused.clone()).await;
        assert!(matches!(outcome, Err(Failure::Denied(_))), "{refused:?}: {outcome:?}");
    }
    for refused in [Command::from(figure(2024, 1)), crate::common::register("x", "X").into()] {
        let outcome = house.give(&nobody, "skane", refused).await;
        assert!(matches!(outcome, Err(Failure::Denied(_))), "{outcome:?}");
    }

    let link = token(&house.engine, "skane", &key, 0).unwrap();
    let read = Alarms::Read { key: key.clone(), token: link.clone() };
    house.give(&nobody, "skane", read).await.unwrap();
    assert!(held(&house.engine, "skane", &key).unwrap().answer.is_none(), "reading is no answer");
    let receipt = house.give(&nobody, "skane", answer(&key, link.clone())).await.unwrap();
    let record = house.engine.read_as(&journal("skane"), &receipt.first.unwrap()).await.unwrap();
    assert_eq!(record.unwrap().1.actor, actor("link"), "as what it was asked");
    let again = house.give(&nobody, "skane", answer(&key, link)).await.unwrap_err();
    assert_eq!(again.code(), "alarm.ended", "a test of reach asks for nothing more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_in_between_loses_nothing_and_doubles_nothing() {
    let base = Base::sqlite();
    let mut house = base.house("stop").await;
    settled(&house, &["skane", "halland"]).await;
    let key = alarm(&house, "skane", "halland").await;
    house.restart().await;
    let attending_now = attending(&house);
    until("it is heard after the start", || held(&house.engine, "halland", &key)).await;
    let link = token(&house.engine, "halland", &key, 0).unwrap();
    attending_now.abort();
    house.give(&Principal::Nobody, "halland", answer(&key, link)).await.unwrap();
    house.restart().await;
    let attending_now = attending(&house);
    until("it is noted after the start", || held(&house.engine, "skane", &key)?.closed).await;
    attending_now.abort();
    house.restart().await;
    let count = |kind: &str, region: &str| {
        let (kind, region) = (kind.to_owned(), journal(region));
        let store = house.engine.store().clone();
        async move {
            let all = store.read(&region, 1, 0, 1_000).await.unwrap();
            let of = |text: &str| text.contains(&format!("\"kind\":\"{kind}\""));
            all.iter().filter(|record| record.body.text().is_some_and(of)).count()
        }
    };
    for (kind, region) in
        [("alarm.issued", "skane"), ("alarm.heard", "halland"), ("alarm.woken", "halland")]
    {
        assert_eq!(count(kind, region).await, 1, "{kind}");
    }
    assert_eq!(count("alarm.answered", "halland").await, 1);
    assert_eq!(count("alarm.noted", "skane").await, 1);
}

/// Two houses: what came with another's page is acted on at once, and pages say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_installation_brings_is_acted_on_at_once() {
    let base = Base::sqlite();
    let (here, there) = (base.house("here").await, base.house("there").await);
    settled(&here, &["skane"]).await;
    settled(&there, &["halland"]).await;
    let (s, h) = (key_of(&here.engine, "skane"), key_of(&there.engine, "halland"));
    here.trust("skane", "halland", h).await;
    there.trust("halland", "skane", s).await;
    pull(&here.engine, &there.engine, "skane", 100).await.unwrap();
    pull(&there.engine, &here.engine, "halland", 100).await.unwrap();
    let all = [attending(&here), attending(&there)];

    // What is not urgent is held back; what is ends the wait.
    let (id, forever) = (journal("skane"), Duration::from_secs(600));
    let place = |engine: &Engine| {
        let head = engine.world().journal(&journal("skane")).unwrap().head().unwrap();
        Some((head.epoch, head.seq))
    };
    here.report("skane", 2024, 7).await.unwrap();
    let little = Duration::from_millis(40);
    let begun = Instant::now();
    here.engine.wait_for_urgent(&id, place(&there.engine), little).await;
    assert!(begun.elapsed() >= little, "a figure can wait");
    let (engine, from) = (here.engine.clone(), place(&there.engine));
    let waiting = tokio::spawn(async move {
        engine.wait_for_urgent(&journal("skane"), from, forever).await;
    });
    let mut news = there.engine.subscribe();
    let key = alarm(&here, "skane", "halland").await;
    tokio::time::timeout(PATIENCE, waiting).await.expect("an alarm cannot").unwrap();

    pull(&here.engine, &there.engine, "skane", 100).await.unwrap();
    until("it is heard there", || held(&there.engine, "halland", &key)).await;
    let said: Vec<News> = std::iter::from_fn(|| news.try_recv().ok()).collect();
    for region in ["skane", "halland"] {
        let told = said.iter().filter_map(|news| news.topics.get(&journal(region)));
        assert!(told.flatten().any(|topic| topic == "alarm"), "{region}: {said:?}");
    }
    let link = token(&there.engine, "halland", &key, 0).unwrap();
    there.give(&Principal::Nobody, "halland", answer(&key, link)).await.unwrap();
    pull(&there.engine, &here.engine, "halland", 100).await.unwrap();
    until("the answer is noted here", || held(&here.engine, "skane", &key)?.answer).await;
    all.iter().for_each(JoinHandle::abort);
}

/// A neighbour that has fallen silent: what it would have done is done from here, and its silence
/// stands in the record. When it is back, nothing is done twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_neighbour_is_named_and_its_people_are_woken_from_here() {
    let base = Base::sqlite();
    let (here, there) = (base.house("here").await, base.house("there").await);
    settled(&here, &["skane"]).await;
    settled(&there, &["halland"]).await;
    let (s, h) = (key_of(&here.engine, "skane"), key_of(&there.engine, "halland"));
    here.trust("skane", "halland", h).await;
    there.trust("halland", "skane", s).await;
    pull(&there.engine, &here.engine, "halland", 100).await.unwrap();
    // The own list of the other region's functions.
    let of = tib("halland");
    let ways = vec![Way { channel: Channel::Voice, address: "+46701740690".into() }];
    let window = Window::open(here.engine.now().plus_days(-1));
    let turns = vec![Turn { actor: None, name: "TiB Halland".into(), rank: 0, window, ways }];
    let list = Alarms::SetRoster { of, turns };
    here.give(&person("skane", "tib"), "skane", list).await.unwrap();
    here.engine.tick().await;

    let key = alarm(&here, "skane", "halland").await;
    let woken = || held(&here.engine, "skane", &key).unwrap().woken.len();
    let silent = || {
        let world = here.engine.world();
        let bonds = &world.local(&journal("skane")).unwrap().shared.bonds;
        bonds.silent.contains_key(&journal("halland"))
    };
    here.engine.tick().await;
    assert_eq!((woken(), silent()), (0, false), "it may still hear");
    here.pass(60);
    here.engine.tick().await;
    assert_eq!((woken(), silent()), (1, false), "its people are called from here");
    here.pass(540);
    // One step after the other, even where the time of several has passed.
    for _ in Step::ALL {
        here.engine.tick().await;
    }
    let steps = held(&here.engine, "skane", &key).unwrap().steps;
    assert!(steps.contains(&Step::ByHand) && silent(), "somebody telephones: {steps:?}");

    // It was cut off, and is back: it hears, and its answer is the answer.
    there.place.clock.set(here.engine.now());
    pull(&here.engine, &there.engine, "skane", 100).await.unwrap();
    there.engine.tick().await;
    let link = token(&there.engine, "halland", &key, 0).expect("woken there");
    there.give(&Principal::Nobody, "halland", answer(&key, link)).await.unwrap();
    pull(&there.engine, &here.engine, "halland", 100).await.unwrap();
    let before = woken();
    here.engine.tick().await;
    here.engine.tick().await;
    let noted = held(&here.engine, "skane", &key).unwrap();
    assert!(noted.answer.is_some() && noted.closed.is_some());
    assert_eq!((noted.woken.len(), silent()), (before, false));
}
