//! Snapshots and the shelf.

use samband_domain::{RecordRef, Time};
use samband_journal::store::StoreError;

use crate::common::{Place, written};

crate::on_both! {
    snapshots_come_back_newest_first,
    a_snapshot_may_be_large_or_empty,
    a_flipped_bit_in_a_snapshot_is_found,
    the_shelf_keeps_documents,
    only_what_still_stands_is_swapped,
    a_writer_taken_over_puts_nothing,
}

async fn snapshots_come_back_newest_first(place: Place) {
    let (_, pen) = written(&place.store, "skane", 9).await;
    let at = |epoch, seq| RecordRef { epoch, seq, ..pen.head.clone().unwrap().0 };
    let store = &place.store;
    for (epoch, seq) in [(1, 5), (1, 9), (2, 3), (1, 9)] {
        let bytes = format!("state {epoch} {seq}");
        let kept = store.put_snapshot(&at(epoch, seq), Time(-5), "form-1", bytes.as_bytes()).await;
        assert!(kept.unwrap());
    }
    let found = store.snapshots(&pen.journal).await.unwrap();
    assert_eq!(found.iter().map(|info| info.at.clone()).collect::<Vec<_>>(), [at(2, 3), at(1, 9)]);
    assert_eq!(store.snapshot(&found[0]).await.unwrap(), b"state 2 3");
    assert_eq!(store.snapshot(&found[1]).await.unwrap(), b"state 1 9");
    assert_eq!((found[0].recorded, found[0].format.as_str()), (Time(-5), "form-1"));
    store.drop_snapshots(&pen.journal).await.unwrap();
    assert_eq!(store.snapshots(&pen.journal).await.unwrap(), []);
    assert!(matches!(store.snapshot(&found[0]).await, Err(StoreError::Corrupt(_))));
}

async fn a_snapshot_may_be_large_or_empty(place: Place) {
    let (_, pen) = written(&place.store, "skane", 1).await;
    let at = pen.head.unwrap().0;
    for len in [0, 1, 8 << 20, (16 << 20) + 1] {
        let bytes: Vec<u8> = (0..len).map(|n: usize| (n % 251) as u8).collect();
        place.store.put_snapshot(&at, Time(0), "f", &bytes).await.unwrap();
        let found = place.store.snapshots(&at.journal).await.unwrap();
        assert_eq!((found.len(), found[0].len), (1, len as u64));
        assert!(place.store.snapshot(&found[0]).await.unwrap() == bytes, "{len} bytes");
    }
}

async fn a_flipped_bit_in_a_snapshot_is_found(place: Place) {
    let (_, pen) = written(&place.store, "skane", 1).await;
    let at = pen.head.unwrap().0;
    let (good, bad) = match place.store.backend() {
        "sqlite" => ("x'00010203'", "x'00010202'"),
        _ => ("'\\x00010203'", "'\\x00010202'"),
    };
    place.store.put_snapshot(&at, Time(0), "f", &[0, 1, 2, 3]).await.unwrap();
    let info = place.store.snapshots(&at.journal).await.unwrap().remove(0);
    for (change, holds) in [
        (format!("UPDATE snapshot_parts SET bytes = {bad}"), false),
        (format!("UPDATE snapshot_parts SET bytes = {good}"), true),
        ("UPDATE snapshot_parts SET part = 1".into(), false),
        ("DELETE FROM snapshot_parts".into(), false),
    ] {
        place.behind(&change).await.unwrap();
        match place.store.snapshot(&info).await {
            Ok(bytes) => assert!(holds && bytes == [0, 1, 2, 3], "{change}"),
            Err(error) => assert!(!holds && matches!(error, StoreError::Corrupt(_)), "{error}"),
        }
    }
}

async fn the_shelf_keeps_documents(place: Place) {
    let store = &place.store;
    assert_eq!(store.shelf_get("account", "å").await.unwrap(), None);
    store.shelf_put("account", "å", "{\"n\":1}").await.unwrap();
    store.shelf_put("account", "å", "{\"n\":\"’😀\"}").await.unwrap();
    assert!(!store.shelf_add("account", "å", "{}").await.unwrap());
    for key in ["b", "a", "Z", "ä"] {
        assert!(store.shelf_add("account", key, key).await.unwrap());
    }
    assert!(store.shelf_add("session", "å", "{}").await.unwrap());
    let found = store.shelf_get("account", "å").await.unwrap();
    assert_eq!(found.as_deref(), Some("{\"n\":\"’😀\"}"));
    let list = store.shelf_list("account").await.unwrap();
    let keys: Vec<_> = list.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["Z", "a", "b", "ä", "å"], "ordered by bytes on both");
    assert!(store.shelf_remove("account", "å").await.unwrap());
    assert!(!store.shelf_remove("account", "å").await.unwrap());
    assert_eq!(store.shelf_list("session").await.unwrap().len(), 1);
    let refused = store.shelf_put("account", "nul", "\0").await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
}

async fn only_what_still_stands_is_swapped(place: Place) {
    let store = &place.store;
    assert!(!store.shelf_swap("account", "a", "", "1").await.unwrap(), "nothing stands there");
    store.shelf_put("account", "a", "1").await.unwrap();
    assert!(store.shelf_swap("account", "a", "1", "2").await.unwrap());
    assert!(!store.shelf_swap("account", "a", "1", "3").await.unwrap(), "somebody was faster");
    assert_eq!(store.shelf_get("account", "a").await.unwrap().as_deref(), Some("2"));
}

async fn a_writer_taken_over_puts_nothing(place: Place) {
    let store = &place.store;
    let first = store.take_writer().await.unwrap();
    store.shelf_put_as(first, "writer", "forward", "first").await.unwrap();
    let second = store.take_writer().await.unwrap();
    let late = store.shelf_put_as(first, "writer", "forward", "late").await;
    assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
    assert_eq!(store.shelf_get("writer", "forward").await.unwrap().as_deref(), Some("first"));
    store.shelf_put_as(second, "writer", "forward", "second").await.unwrap();
    assert_eq!(store.shelf_get("writer", "forward").await.unwrap().as_deref(), Some("second"));
}
