//! Copies: one moment of a store that goes on, and the way back into either database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use samband_journal::Store;
use samband_journal::store::StoreError;

use crate::common::{Place, block_on, command, person, postgres, sqlite, verify, written};

crate::on_both! {
    a_copy_holds_everything,
    a_copy_made_while_writing_is_one_moment,
    a_copy_never_overwrites,
    a_copy_fills_only_an_empty_store,
    what_is_no_store_cannot_be_copied_back,
}

/// Something of everything that a copy takes along.
async fn filled(store: &Store) -> crate::common::Pen {
    let (term, mut pen) = written(store, "skane", 1200).await;
    pen.next_epoch();
    let mut batch = pen.write(3);
    batch.subjects.push((person("p-1"), batch.records[1].at()));
    batch.commands.push(command("k-1", Some(batch.records[0].at()), 3));
    batch.commands.push(command("k-2", None, 0));
    batch.erasures.push((pen.journal.clone(), 1, 5));
    store.append(term, &batch).await.unwrap();
    store.shelf_put("account", "å", "{}").await.unwrap();
    pen
}

async fn assert_same(a: &Store, b: &Store, pen: &crate::common::Pen) {
    assert_eq!(a.heads().await.unwrap(), b.heads().await.unwrap());
    let journal = &pen.journal;
    assert_eq!(a.epochs(journal).await.unwrap(), b.epochs(journal).await.unwrap());
    for epoch in 1..=2 {
        let read = a.read(journal, epoch, 0, 5000).await.unwrap();
        assert!(!read.is_empty());
        assert!(read == b.read(journal, epoch, 0, 5000).await.unwrap());
    }
    let about = b.about(journal, &person("p-1"), None, 9).await.unwrap();
    assert_eq!((about.len(), about[0].epoch, about[0].seq), (1, 2, 2));
    let actor = crate::common::actor("a-1");
    for key in ["k-1", "k-2"] {
        let found = b.command(&actor, key).await.unwrap();
        assert!(found.is_some());
        assert_eq!(a.command(&actor, key).await.unwrap(), found);
    }
    assert_eq!(b.shelf_list("account").await.unwrap(), [("å".into(), "{}".into())]);
    assert_eq!(verify(b, journal).await, Ok(1203));
}

async fn a_copy_holds_everything(place: Place) {
    let pen = filled(&place.store).await;
    let path = place.path("copy.db");
    place.store.copy_to_sqlite(&path).await.unwrap();
    let names = || std::fs::read_dir(place.folder.path()).unwrap().map(|e| e.unwrap().file_name());
    assert!(!names().any(|name| name.to_str().unwrap().contains("copy.db.part")));
    assert!(!names().any(|name| name.to_str().unwrap().contains("copy.db-")));
    let bytes = std::fs::read(&path).unwrap();

    let back = sqlite().await;
    back.store.copy_from_sqlite(&path).await.unwrap();
    assert_same(&place.store, &back.store, &pen).await;
    assert!(bytes == std::fs::read(&path).unwrap(), "the copy is left as it was");
    // What came back can be written on, and still refuses what the first one refuses.
    let term = back.store.take_writer().await.unwrap();
    back.store.append(term, &pen.clone().write(2)).await.unwrap();
    assert!(back.behind("DELETE FROM records").await.is_err());

    let copy = Store::open_sqlite(&path).await.unwrap();
    copy.check().await.unwrap();
    assert_same(&place.store, &copy, &pen).await;
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn a_copy_goes_from_either_database_into_postgresql() {
    block_on(async {
        for place in [sqlite().await, postgres().await] {
            let pen = filled(&place.store).await;
            let path = place.path("copy.db");
            place.store.copy_to_sqlite(&path).await.unwrap();
            let back = postgres().await;
            back.store.copy_from_sqlite(&path).await.unwrap();
            assert_same(&place.store, &back.store, &pen).await;
        }
    });
}

async fn a_copy_made_while_writing_is_one_moment(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 3000).await;
    let start = pen.head.clone().unwrap().0;
    let ended = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (store, ended) = (place.store.clone(), ended.clone());
        async move {
            let mut batches = 0;
            while !ended.load(Ordering::Relaxed) || batches < 3 {
                let mut batch = pen.write(10);
                for record in &batch.records {
                    batch.subjects.push((person("p-1"), record.at()));
                }
                store.append(term, &batch).await.unwrap();
                batches += 1;
            }
            pen
        }
    });
    let mut ends = Vec::new();
    for number in 0..4 {
        let path = place.path(&format!("copy-{number}.db"));
        place.store.copy_to_sqlite(&path).await.unwrap();
        let copy = Store::open_sqlite(&path).await.unwrap();
        let head = copy.heads().await.unwrap().remove(0).at;
        assert_eq!(verify(&copy, &head.journal).await, Ok(head.seq));
        let about = copy.about(&head.journal, &person("p-1"), None, u32::MAX).await.unwrap();
        assert_eq!(about.len() as u64, head.seq - 3000, "index and records are of one moment");
        ends.push(head);
    }
    ended.store(true, Ordering::Relaxed);
    let pen = writer.await.unwrap();
    assert!(ends.is_sorted() && ends[0].seq >= start.seq);
    let end = pen.head.unwrap().0;
    assert_eq!(verify(&place.store, &end.journal).await, Ok(end.seq));
    let same = place.store.record(&end.journal, 1, ends[3].seq).await.unwrap().unwrap();
    assert_eq!(same.at(), ends[3], "the copy is a beginning of what stands here");
}

async fn a_copy_never_overwrites(place: Place) {
    let path = place.path("there");
    std::fs::write(&path, "something").unwrap();
    let refused = place.store.copy_to_sqlite(&path).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
    assert_eq!(std::fs::read(&path).unwrap(), b"something");
    let refused = place.store.copy_to_sqlite(&place.path("no/such/folder/copy.db")).await;
    assert!(refused.is_err());
}

async fn a_copy_fills_only_an_empty_store(place: Place) {
    let pen = filled(&place.store).await;
    let path = place.path("copy.db");
    place.store.copy_to_sqlite(&path).await.unwrap();
    let refused = place.store.copy_from_sqlite(&path).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(1203));
}

async fn what_is_no_store_cannot_be_copied_back(place: Place) {
    let path = place.path("not-there.db");
    let refused = place.store.copy_from_sqlite(&path).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
    std::fs::write(&path, "no database at all").unwrap();
    let refused = place.store.copy_from_sqlite(&path).await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");

    let (_, pen) = written(&sqlite().await.store, "skane", 2).await;
    let other = sqlite().await;
    written(&other.store, "skane", 2000).await;
    let copy = place.path("copy.db");
    other.store.copy_to_sqlite(&copy).await.unwrap();
    let whole = std::fs::read(&copy).unwrap();
    std::fs::write(&copy, &whole[..whole.len() / 2]).unwrap();
    let refused = place.store.copy_from_sqlite(&copy).await;
    assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    assert_eq!(place.store.read(&pen.journal, 1, 0, 9).await.unwrap(), [], "nothing came over");
}
