//! A person's identity goes for good; the chain and the state stay whole.

use crate::common::{Base, House, actor, identity, journal, on_both, person, register};
use samband_access::Principal;
use samband_domain::kernel::{Approval, Capacity, Command as Kernel, LegalRole, Profession, Role};
use samband_domain::{Absence, Known, Private, Time, Window};
use samband_engine::{Failure, Receipt};

const MARKS: [&str; 3] = ["Xmark Maria", "Xmark corrected", "xmark@example.invalid"];

async fn erase(house: &House, who: &str) -> Result<Receipt, Failure> {
    let command = Kernel::EraseActor { actor: actor(who), ground: "left; asked for it".into() };
    house.give(&person("skane", "director"), "skane", command).await
}

fn code(outcome: Result<Receipt, Failure>) -> &'static str {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.kind.code,
        other => panic!("{other:?}"),
    }
}

/// Whether a text stands anywhere in the database: in the files of SQLite, in the rows and
/// snapshots of PostgreSQL.
async fn stands(house: &House, text: &str) -> bool {
    let id = journal("skane");
    let store = house.engine.store();
    let mut bytes = Vec::new();
    for record in store.read(&id, 1, 0, 10_000).await.unwrap() {
        bytes.extend(samband_journal::Wire::line(record).into_bytes());
    }
    for info in store.snapshots(&id).await.unwrap() {
        bytes.extend(store.snapshot(&info).await.unwrap());
    }
    for name in ["samband.db", "samband.db-wal"] {
        bytes.extend(std::fs::read(house.place.folder.join(name)).unwrap_or_default());
    }
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

async fn marked(house: &House) {
    let mut who = identity(MARKS[0]);
    who.email = Some(MARKS[2].into());
    let new = Kernel::RegisterActor {
        id: Some(actor("maria")),
        profession: Profession::Nurse,
        title: "Nurse".into(),
        identity: who,
    };
    house.give(&Principal::Machine, "skane", new).await.unwrap();
    let right = Kernel::CorrectActor {
        actor: actor("maria"),
        title: "Head nurse".into(),
        identity: identity(MARKS[1]),
        reason: "wrong name".into(),
    };
    house.give(&Principal::Machine, "skane", right).await.unwrap();
}

async fn what_says_who_somebody_is_goes_and_the_chain_stays(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    marked(&house).await;
    // More about the person than is looked up at once.
    for n in 0..1_100 {
        let read = Kernel::NoteRead { person: actor("maria"), purpose: format!("page {n}") };
        let engine = house.engine.clone();
        let asked = crate::common::request(&Principal::Engine, "skane", &format!("read-{n}"), read);
        if n % 100 == 99 {
            engine.submit(asked).await.unwrap();
        } else {
            tokio::spawn(async move { engine.submit(asked).await.unwrap() });
        }
    }
    house.engine.snapshot(&journal("skane")).await;
    for mark in MARKS {
        assert!(stands(&house, mark).await, "{mark} is there before");
    }
    erase(&house, "maria").await.unwrap();
    // Another append, so that a log that was being read is emptied too.
    house.report("skane", 2024, 1).await.unwrap();
    for mark in MARKS {
        assert!(!stands(&house, mark).await, "{mark}");
    }
    let gone = Private::Absent(Absence::Erased);
    for restart in [false, true] {
        if restart {
            house.restart().await;
        }
        house.engine.verify(&journal("skane")).await.unwrap();
        let region = house.engine.world().local(&journal("skane")).cloned().unwrap();
        assert_eq!(region.own.kernel.persons.get(&actor("maria")), Some(&gone));
        assert_eq!(region.shared.kernel.actors[&actor("maria")].title, "Head nurse");
        assert!(region.own.kernel.persons[&actor("director")].here().is_some());
    }
    assert_eq!(code(erase(&house, "maria").await), "person.erased");
}

/// A snapshot that was begun before the erasure must not bring back what is gone.
async fn a_late_snapshot_is_not_kept(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    marked(&house).await;
    let engine = house.engine.clone();
    let late = tokio::spawn(async move { engine.snapshot(&journal("skane")).await });
    erase(&house, "maria").await.unwrap();
    late.await.unwrap();
    house.report("skane", 2024, 1).await.unwrap();
    assert!(!stands(&house, MARKS[1]).await);
}

async fn registered_and_erased_in_one_group_leaves_no_name(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    let machine = Principal::Machine;
    let erase = Kernel::EraseActor { actor: actor("maria"), ground: "a mistake".into() };
    let group = vec![
        crate::common::request(&machine, "skane", "g1", register("maria", MARKS[0])),
        crate::common::request(&person("skane", "director"), "skane", "g2", erase),
    ];
    house.engine.submit_all(group).await.unwrap();
    house.report("skane", 2024, 1).await.unwrap();
    assert!(!stands(&house, MARKS[0]).await);
    house.engine.verify(&journal("skane")).await.unwrap();
}

async fn erasure_is_refused_while_the_law_asks_who_it_was(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    marked(&house).await;
    let now = house.engine.now();
    let window = |days| Window::new(now, Some(now.plus_days(days))).unwrap();
    let machine = Principal::Machine;
    let legal = Kernel::GrantMandate {
        holder: actor("maria"),
        capacity: Capacity::Legal(LegalRole::ProductionManager),
        site: None,
        window: window(30),
        deputy_for: None,
        delegated_from: None,
        review_at: None,
        share_permille: Known::Unknown,
        approval: Approval::NotRequired,
        basis: None,
    };
    house.give(&machine, "skane", legal).await.unwrap();
    house.give(&machine, "skane", crate::common::grant("maria", Role::Tib, now)).await.unwrap();
    let before = house.engine.store().heads().await.unwrap();
    assert_eq!(code(erase(&house, "maria").await), "erasure.mandate_in_force");
    let mandates: Vec<_> = {
        let world = house.engine.world();
        let all = &world.local(&journal("skane")).unwrap().shared.kernel.mandates;
        all.values().filter(|held| held.holder == actor("maria")).cloned().collect()
    };
    let role = mandates.iter().find(|held| held.window.until().is_none()).unwrap();
    let end = Kernel::EndMandate {
        mandate: role.id.clone(),
        at: now.plus_days(1),
        reason: "left".into(),
    };
    assert_eq!(house.engine.store().heads().await.unwrap(), before);
    house.give(&machine, "skane", end).await.unwrap();
    let years = |n: i64| Time(now.0).plus_days(30 + n * 365);
    for at in [now.plus_days(31), years(29), years(30)] {
        house.place.clock.set(at);
        let refused = erase(&house, "maria").await.unwrap_err();
        let Failure::Refused(refusal) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal.kind.code, "erasure.traceability");
        assert_eq!(refusal.facts["person"], "maria");
        assert!(refusal.facts.contains_key("until") && refusal.facts.contains_key("why"));
    }
    assert!(stands(&house, MARKS[1]).await);
    house.place.clock.set(years(30).plus_days(9));
    erase(&house, "maria").await.unwrap();
    house.report("skane", 2024, 1).await.unwrap();
    assert!(!stands(&house, MARKS[1]).await);
}

on_both! {
    what_says_who_somebody_is_goes_and_the_chain_stays;
    a_late_snapshot_is_not_kept;
    registered_and_erased_in_one_group_leaves_no_name;
    erasure_is_refused_while_the_law_asks_who_it_was;
}
