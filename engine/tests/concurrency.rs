//! Many at once: everything acknowledged is there once, and nobody sees what is not durable.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::{Base, figure, journal, on_both, person, request};
use samband_domain::{Event, figures};
use samband_engine::{Engine, Receipt};

const TASKS: usize = 64;
const EACH: usize = 12;

/// Takes worlds while others write: what they show must be in the store, and they never go back.
fn watch(engine: &Engine, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<usize> {
    let (engine, stop) = (engine.clone(), Arc::clone(stop));
    tokio::spawn(async move {
        let (mut seen, mut serial, mut heads) = (0, 0, Vec::new());
        while !stop.load(Ordering::SeqCst) {
            let world = engine.world();
            assert!(world.serial >= serial);
            serial = world.serial;
            let now: Vec<_> = world.journals.values().filter_map(|j| j.head()).collect();
            for head in &now {
                let record = engine.store().record(&head.journal, head.epoch, head.seq).await;
                assert_eq!(record.unwrap().map(|record| record.at()).as_ref(), Some(head));
            }
            for figure in world.journals.values().flat_map(|j| j.shared().figures.figures.values())
            {
                let at = &figure.provenance.at;
                let head = now.iter().find(|head| head.journal == at.journal).unwrap();
                assert!((at.epoch, at.seq) <= (head.epoch, head.seq));
            }
            if now != heads {
                seen += 1;
                heads = now;
            }
            tokio::task::yield_now().await;
        }
        seen
    })
}

async fn what_is_acknowledged_is_there_exactly_once(base: Base) {
    let house = base.house("one").await;
    for region in ["skane", "halland"] {
        house.settle(region).await;
    }
    let mut news = house.engine.subscribe();
    let stop = Arc::new(AtomicBool::new(false));
    let watcher = watch(&house.engine, &stop);
    let writers: Vec<_> = (0..TASKS)
        .map(|task| {
            let engine = house.engine.clone();
            tokio::spawn(async move {
                let region = ["skane", "halland"][task % 2];
                let mut receipts = Vec::new();
                for n in 0..EACH {
                    let who = person(region, "coordinator");
                    let year = 1950 + i16::try_from(n).unwrap();
                    let value = (task * EACH + n) as u64;
                    let asked = request(&who, region, &format!("t{task}-{n}"), figure(year, value));
                    receipts.push(engine.submit(asked).await.unwrap());
                }
                receipts
            })
        })
        .collect();
    let mut receipts: Vec<Receipt> = Vec::new();
    for writer in writers {
        let own = writer.await.unwrap();
        // Decided in the order in which they were given.
        assert!(own.windows(2).all(|two| two[0].first < two[1].first));
        receipts.extend(own);
    }
    stop.store(true, Ordering::SeqCst);
    assert!(watcher.await.unwrap() > 0);

    let places: BTreeSet<_> = receipts.iter().filter_map(|r| r.first.clone()).collect();
    assert_eq!(places.len(), TASKS * EACH);
    assert!(receipts.iter().all(|receipt| receipt.count == 1 && !receipt.repeated));
    for region in ["skane", "halland"] {
        let report = house.engine.verify(&journal(region)).await.unwrap();
        assert_eq!(report.records, (7 + TASKS * EACH / 2) as u64);
    }
    let mut stored = BTreeSet::new();
    for receipt in &receipts {
        let at = receipt.first.as_ref().unwrap();
        let record = house.engine.store().record(&at.journal, at.epoch, at.seq).await.unwrap();
        let record = record.unwrap();
        assert_eq!(record.at(), *at);
        let Event::Figures(figures::Event::FiguresReported(said, _)) = &receipt.events[0] else {
            panic!("a report leads to a report")
        };
        let value = said.rows[0].value.value().unwrap();
        let text = record.body.text().unwrap();
        assert!(text.contains(&format!("\"value\":{value}}}")), "{text}");
        assert!(stored.insert(value));
    }
    // Whoever follows is told at least that both journals changed, in rising order.
    let (mut last, mut told) = (0, BTreeSet::new());
    while let Ok(one) = news.try_recv() {
        assert!(one.serial > last);
        last = one.serial;
        told.extend(one.topics.into_keys());
    }
    assert_eq!(told, BTreeSet::from([journal("skane"), journal("halland")]));
}

/// Sixty-four ask for the same thing with the same key: it happens once, and all are told so.
async fn the_same_key_at_once_happens_once(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    let asked = request(&person("skane", "coordinator"), "skane", "same", figure(2024, 5));
    let waits: Vec<_> = (0..TASKS)
        .map(|_| {
            let (engine, asked) = (house.engine.clone(), asked.clone());
            tokio::spawn(async move { engine.submit(asked).await.unwrap() })
        })
        .collect();
    let mut first = 0;
    let mut places = BTreeSet::new();
    for wait in waits {
        let receipt = wait.await.unwrap();
        first += usize::from(!receipt.repeated);
        places.insert(receipt.first);
    }
    assert_eq!((first, places.len()), (1, 1));
    assert_eq!(house.engine.verify(&journal("skane")).await.unwrap().records, 8);
}

/// Two may each be allowed, but not both: the second decision sees the first.
async fn the_second_decision_sees_the_first(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    let waits: Vec<_> = (0..TASKS)
        .map(|task| {
            let engine = house.engine.clone();
            let machine = samband_access::Principal::Machine;
            let register = crate::common::register("a-1", &format!("Xsecret {task}"));
            let asked = request(&machine, "skane", &format!("k{task}"), register);
            tokio::spawn(async move { engine.submit(asked).await.is_ok() })
        })
        .collect();
    let mut done = 0;
    for wait in waits {
        done += usize::from(wait.await.unwrap());
    }
    assert_eq!(done, 1);
    house.engine.verify(&journal("skane")).await.unwrap();
}

on_both! {
    what_is_acknowledged_is_there_exactly_once;
    the_same_key_at_once_happens_once;
    the_second_decision_sees_the_first;
}
