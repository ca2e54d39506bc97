//! Reading: what was written comes back, in order, by chunk, subject and page.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use samband_domain::Digest;
use samband_journal::store::{Batch, StoreError};
use samband_journal::{Body, PrivatePart, Record, Wire};

use crate::common::{Pen, Place, person, verify, written};

crate::on_both! {
    any_text_comes_back_as_it_was,
    reading_is_in_order_and_bounded,
    records_are_handed_over_until_somebody_objects,
    withheld_content_comes_back_withheld,
    pages_are_newest_first,
    subjects_find_their_records,
    journals_do_not_mix,
}

/// Text and private part of some records; every kind of character may stand in them.
fn parts() -> impl Strategy<Value = Vec<(Option<String>, Option<String>)>> {
    let text = || {
        prop_oneof![
            any::<String>(),
            "[\"'\\\\$;{}#%\u{1e}\u{1f}\n\0]{0,12}",
            "[åäöÅÄÖ€😀\u{200d}\u{feff}\u{7f}\u{85}]{0,12}",
            "[a-z]{0,3000}",
        ]
        .prop_map(|text| serde_json::json!({ "t": text }).to_string())
    };
    let part = (proptest::option::of(text()), proptest::option::of(text()));
    proptest::collection::vec(part, 1..12)
}

async fn any_text_comes_back_as_it_was(place: Place) {
    let term = place.store.take_writer().await.unwrap();
    let handle = tokio::runtime::Handle::current();
    let number = std::cell::Cell::new(0);
    // The runner is not asynchronous; it runs beside the runtime's threads.
    let run = move || {
        let config = Config { failure_persistence: None, ..Config::default() };
        TestRunner::new(config).run(&parts(), |parts| {
            number.set(number.get() + 1);
            let mut pen = Pen::new(&format!("j{}", number.get()));
            let records: Vec<_> =
                parts.iter().map(|(a, b)| pen.record(a.as_deref(), b.as_deref())).collect();
            let batch = pen.batch(records);
            handle.block_on(async {
                place.store.append(term, &batch).await.unwrap();
                let read = place.store.read(&pen.journal, 1, 0, 100).await.unwrap();
                prop_assert_eq!(&read, &batch.records);
                for record in &batch.records {
                    let one = place.store.record(&pen.journal, 1, record.seq).await.unwrap();
                    prop_assert_eq!(one.as_ref(), Some(record));
                    prop_assert_eq!(&Wire::read(&Wire::line(record.clone())).unwrap(), record);
                }
                let verified = verify(&place.store, &pen.journal).await;
                prop_assert_eq!(verified, Ok(batch.records.len() as u64));
                Ok(())
            })
        })
    };
    tokio::task::spawn_blocking(run).await.unwrap().unwrap();
}

async fn reading_is_in_order_and_bounded(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 1024).await;
    place.store.append(term, &pen.write(1024)).await.unwrap();
    place.store.append(term, &pen.write(500)).await.unwrap();
    for (after, limit, first, number) in [
        (0, 0, 0, 0),
        (0, 1, 1, 1),
        (0, 1024, 1, 1024),
        (0, 1025, 1, 1025),
        (0, u32::MAX, 1, 2548),
        (1000, 2048, 1001, 1548),
        (2547, 9, 2548, 1),
        (2548, 9, 0, 0),
        (u64::MAX, 9, 0, 0),
    ] {
        let read = place.store.read(&pen.journal, 1, after, limit).await.unwrap();
        let seqs: Vec<u64> = read.iter().map(|record| record.seq).collect();
        let expected: Vec<u64> = (first..first + number).collect();
        assert_eq!(seqs, expected, "after {after}, at most {limit}");
    }
    assert_eq!(place.store.read(&pen.journal, 2, 0, 9).await.unwrap(), []);
}

/// Why a walk along records ended.
#[derive(Debug)]
enum Ended {
    /// Enough was seen.
    Enough(u64),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn records_are_handed_over_until_somebody_objects(place: Place) {
    let (_, pen) = written(&place.store, "skane", 1500).await;
    let sum = |sum: &mut u64, record: Record| match record.seq {
        1200 => Err(Ended::Enough(*sum)),
        seq => {
            *sum += seq;
            Ok(())
        }
    };
    let all = place.store.read_into((&pen.journal, 1, 10), 1000, 5, sum).await;
    assert_eq!(all.unwrap(), 5 + (11..=1010).sum::<u64>());
    let until = place.store.read_into((&pen.journal, 1, 1100), 1000, 0, sum).await;
    let Err(Ended::Enough(seen)) = until else { panic!("{until:?}") };
    assert_eq!(seen, (1101..1200).sum::<u64>());
    place.store.clone().close().await;
    let closed = place.store.read_into((&pen.journal, 1, 0), 9, 0, sum).await;
    assert!(matches!(closed, Err(Ended::Store(StoreError::Unavailable(_)))), "{closed:?}");
}

async fn withheld_content_comes_back_withheld(place: Place) {
    let term = place.store.take_writer().await.unwrap();
    let mut pen = Pen::new("halland");
    let parts =
        [(Some("{}"), None), (None, Some("\"secret\"")), (Some("{}"), Some("\"s\"")), (None, None)];
    let records: Vec<_> = parts.iter().map(|(a, b)| pen.record(*a, *b).for_others()).collect();
    assert!(matches!(records[1].body, Body::Withheld(_)));
    assert!(records.iter().all(|record| record.private == PrivatePart::Absent));
    place.store.append(term, &pen.batch(records.clone())).await.unwrap();
    assert_eq!(place.store.read(&pen.journal, 1, 0, 9).await.unwrap(), records);
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(4));
}

async fn pages_are_newest_first(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 7).await;
    pen.next_epoch();
    place.store.append(term, &pen.write(5)).await.unwrap();
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = place.store.recent(&pen.journal, before, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.epoch, last.seq));
        seen.extend(page.iter().map(|record| (record.epoch, record.seq)));
    }
    let mut expected: Vec<_> = (1..=7).map(|seq| (1, seq)).collect();
    expected.extend((1..=5).map(|seq| (2, seq)));
    expected.reverse();
    assert_eq!(seen, expected);
}

async fn subjects_find_their_records(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 1).await;
    for epoch in 1..=2 {
        let mut batch = pen.write(40);
        for record in &batch.records {
            let who = person(&format!("p-{}", record.seq % 5));
            batch.subjects.extend([(who.clone(), record.at()), (who, record.at())]);
            batch.subjects.push((person("everybody"), record.at()));
        }
        place.store.append(term, &batch).await.unwrap();
        if epoch == 1 {
            pen.next_epoch();
        }
    }
    let about = |who: &str, before, limit| {
        let (journal, who, store) = (pen.journal.clone(), person(who), place.store.clone());
        async move { store.about(&journal, &who, before, limit).await.unwrap() }
    };
    let all = about("p-3", None, 100).await;
    assert_eq!(all.len(), 16);
    assert!(all.is_sorted_by(|a, b| (a.epoch, a.seq) > (b.epoch, b.seq)));
    assert!(all.iter().all(|record| record.seq % 5 == 3));
    let page = about("p-3", Some((all[3].epoch, all[3].seq)), 6).await;
    assert_eq!(page, all[4..10]);
    assert_eq!(about("everybody", None, 1000).await.len(), 80);
    assert_eq!(about("nobody", None, 9).await, []);
    let elsewhere = "halland".parse().unwrap();
    assert_eq!(place.store.about(&elsewhere, &person("p-3"), None, 9).await.unwrap(), []);
}

async fn journals_do_not_mix(place: Place) {
    let term = place.store.take_writer().await.unwrap();
    let mut pens = ["skane", "halland", "a", "z-1"].map(Pen::new);
    pens[1].local = false;
    for round in 1..=3 {
        let mut together = Batch::default();
        for (number, pen) in pens.iter_mut().enumerate() {
            let batch = pen.write(number + round);
            together.heads.extend(batch.heads);
            together.records.extend(batch.records);
        }
        // Within a journal order matters; between journals it does not.
        together
            .records
            .sort_by_key(|record| (record.seq, Digest::of(record.journal.as_str().as_bytes())));
        place.store.append(term, &together).await.unwrap();
    }
    for (number, pen) in pens.iter().enumerate() {
        assert_eq!(verify(&place.store, &pen.journal).await, Ok(6 + 3 * number as u64));
    }
    let heads = place.store.heads().await.unwrap();
    let found: Vec<_> = heads.iter().map(|head| (head.at.journal.as_str(), head.local)).collect();
    assert_eq!(found, [("a", true), ("halland", false), ("skane", true), ("z-1", true)]);
}
