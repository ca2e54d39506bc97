//! Erasing: the private part is gone, the past still verifies.

use samband_domain::Time;
use samband_journal::PrivatePart;
use samband_journal::store::{Batch, StoreError};

use crate::common::{Pen, Place, block_on, sqlite, verify, written};

crate::on_both! {
    an_erased_record_still_verifies,
    erasing_drops_snapshots_that_may_hold_it,
    erasing_what_is_not_there_writes_nothing,
}

fn erasing(pen: &mut Pen, seqs: &[u64]) -> Batch {
    let mut batch = pen.write(1);
    batch.erasures = seqs.iter().map(|seq| (pen.journal.clone(), 1, *seq)).collect();
    batch
}

async fn an_erased_record_still_verifies(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 9).await;
    let before = place.store.read(&pen.journal, 1, 0, 9).await.unwrap();
    assert!(matches!(before[4].private, PrivatePart::Here { .. }));
    // Twice is as good as once; a record without a private part has nothing to lose.
    for seqs in [&[2, 5][..], &[5], &[1]] {
        place.store.append(term, &erasing(&mut pen, seqs)).await.unwrap();
    }
    let after = place.store.read(&pen.journal, 1, 0, 9).await.unwrap();
    for (before, after) in before.iter().zip(&after) {
        let erased = [2, 5].contains(&after.seq);
        let expected = if erased { &PrivatePart::Absent } else { &before.private };
        assert_eq!(&after.private, expected);
        assert_eq!((&after.hash, &after.body), (&before.hash, &before.body));
    }
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(12));
}

async fn erasing_drops_snapshots_that_may_hold_it(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 9).await;
    let (_, other) = written(&place.store, "halland", 9).await;
    let term = place.store.take_writer().await.unwrap().max(term);
    let (old, other) = (pen.head.clone().unwrap().0, other.head.unwrap().0);
    for at in [&old, &other] {
        assert!(place.store.put_snapshot(at, Time(1), "f", b"state").await.unwrap());
    }
    place.store.append(term, &erasing(&mut pen, &[2])).await.unwrap();
    assert_eq!(place.store.snapshots(&pen.journal).await.unwrap(), []);
    assert_eq!(place.store.snapshots(&other.journal).await.unwrap().len(), 1);
    // One that was being made meanwhile comes too late.
    assert!(!place.store.put_snapshot(&old, Time(1), "f", b"state").await.unwrap());
    assert_eq!(place.store.snapshots(&pen.journal).await.unwrap(), []);
    let new = pen.head.clone().unwrap().0;
    assert!(place.store.put_snapshot(&new, Time(1), "f", b"state").await.unwrap());
    assert_eq!(place.store.snapshots(&pen.journal).await.unwrap().len(), 1);
}

async fn erasing_what_is_not_there_writes_nothing(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 3).await;
    let refused = place.store.append(term, &erasing(&mut pen, &[2, 77])).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
    let record = place.store.record(&pen.journal, 1, 2).await.unwrap().unwrap();
    assert!(matches!(record.private, PrivatePart::Here { .. }));
}

/// How many files of the folder hold the bytes.
fn files_with(folder: &std::path::Path, bytes: &[u8]) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|file| {
            let held = std::fs::read(file).unwrap();
            held.windows(bytes.len()).any(|window| window == bytes)
        })
        .count()
}

#[test]
fn no_byte_of_it_is_left_in_sqlites_files() {
    block_on(async {
        let place = sqlite().await;
        let (term, mut pen) = written(&place.store, "skane", 200).await;
        // Short ones, and ones that fill pages of their own; some long settled, some just written.
        let secret = |n: usize| format!("SECRET-{n}-{}", "hemlig".repeat(n * n));
        let write = |pen: &mut Pen, range: std::ops::Range<usize>| {
            let records: Vec<_> = range
                .map(|n| pen.record(Some("{}"), Some(&format!("\"{}\"", secret(n)))))
                .collect();
            pen.batch(records)
        };
        place.store.append(term, &write(&mut pen, 0..40)).await.unwrap();
        place.store.append(term, &pen.write(3000)).await.unwrap();
        place.store.append(term, &write(&mut pen, 40..60)).await.unwrap();
        let folder = place.folder.path();
        assert!(files_with(folder, b"SECRET-") > 0);
        let seqs: Vec<u64> = (201..=240).chain(3241..=3260).collect();
        place.store.append(term, &erasing(&mut pen, &seqs)).await.unwrap();
        assert_eq!(files_with(folder, b"SECRET-"), 0);
        assert_eq!(files_with(folder, "hemlig".repeat(3).as_bytes()), 0);
        assert_eq!(verify(&place.store, &pen.journal).await, Ok(3261));
    });
}

#[test]
fn a_reader_delays_the_scrubbing_but_does_not_prevent_it() {
    block_on(async {
        let place = sqlite().await;
        let (term, mut pen) = written(&place.store, "skane", 3).await;
        let record = pen.record(Some("{}"), Some("\"SECRET-1\""));
        place.store.append(term, &pen.batch(vec![record])).await.unwrap();
        let reader = sqlx::SqlitePool::connect(&place.url).await.unwrap();
        let mut reading = reader.begin().await.unwrap();
        sqlx::query("SELECT * FROM records").fetch_all(&mut *reading).await.unwrap();
        place.store.append(term, &erasing(&mut pen, &[4])).await.unwrap();
        assert!(files_with(place.folder.path(), b"SECRET-1") > 0, "the reader still sees it");
        reading.rollback().await.unwrap();
        place.store.append(term, &pen.write(1)).await.unwrap();
        assert_eq!(files_with(place.folder.path(), b"SECRET-1"), 0);
    });
}
