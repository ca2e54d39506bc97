//! Damage to a SQLite file is found, and the damaged record is named.

use std::path::Path;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use samband_journal::store::StoreError;
use samband_journal::{Record, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _};

use crate::common::{Pen, Place, block_on, sqlite, verify, written};

const RECORDS: u64 = 30;

/// One change to one record.
#[derive(Clone, Debug)]
enum Change {
    /// One byte of a text column.
    Byte(&'static str, prop::sample::Index, u8),
    /// One bit of a number column.
    Bit(&'static str, u32),
    /// Another value.
    Set(&'static str),
    /// The row is gone.
    Delete,
    /// It changes places with another one.
    Swap(u64),
    /// It changes everything but its place with another one.
    SwapParts(u64),
}

fn change() -> impl Strategy<Value = Change> {
    let text = prop::sample::select(&["content", "private", "hash", "salt", "journal"][..]);
    let number = prop::sample::select(&["recorded", "epoch"][..]);
    let set = prop::sample::select(
        &["salt = NULL", "private = NULL", "content = ''", "hash = ''", "private = ''"][..],
    );
    prop_oneof![
        4 => (text, any::<prop::sample::Index>(), 1..=255_u8)
            .prop_map(|(column, index, mask)| Change::Byte(column, index, mask)),
        2 => (number, 0..63_u32).prop_map(|(column, bit)| Change::Bit(column, bit)),
        // Lower bits would make it a number that is taken.
        1 => (5..63_u32).prop_map(|bit| Change::Bit("seq", bit)),
        1 => set.prop_map(Change::Set),
        1 => Just(Change::Delete),
        1 => (1..RECORDS).prop_map(Change::Swap),
        1 => (1..RECORDS).prop_map(Change::SwapParts),
    ]
}

async fn run(connection: &mut SqliteConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// Changes the bytes as somebody who owns the file can: without asking the store.
async fn tamper(connection: &mut SqliteConnection, seq: u64, change: &Change) {
    let at = |seq: u64| format!("journal = 'skane' AND epoch = 1 AND seq = {seq}");
    let other = |distance: u64| (seq - 1 + distance) % RECORDS + 1;
    let one = match change {
        Change::Byte(column, index, mask) => {
            let read = format!("SELECT CAST({column} AS BLOB) FROM records WHERE {}", at(seq));
            let row: (Vec<u8>,) =
                sqlx::query_as(AssertSqlSafe(read)).fetch_one(&mut *connection).await.unwrap();
            let mut bytes = row.0;
            let place = index.index(bytes.len());
            bytes[place] ^= mask;
            let write = format!("UPDATE records SET {column} = CAST($1 AS TEXT) WHERE {}", at(seq));
            let query = sqlx::query(AssertSqlSafe(write)).bind(bytes);
            query.execute(connection).await.unwrap();
            return;
        }
        Change::Bit(column, bit) => {
            let bit = 1_i64 << bit;
            format!("{column} = ({column} | {bit}) - ({column} & {bit})")
        }
        Change::Set(set) => (*set).to_owned(),
        Change::Delete => {
            return run(connection, format!("DELETE FROM records WHERE {}", at(seq))).await;
        }
        Change::Swap(distance) => {
            let other = other(*distance);
            for (from, to) in [(seq, 1000), (other, seq), (1000, other)] {
                let sql = format!("UPDATE records SET seq = {to} WHERE {}", at(from));
                run(connection, sql).await;
            }
            return;
        }
        Change::SwapParts(distance) => {
            let sql = swapped_parts(&at(seq), &at(other(*distance)));
            return run(connection, sql).await;
        }
    };
    run(connection, format!("UPDATE records SET {one} WHERE {}", at(seq))).await;
}

/// Two records exchange everything but their places.
fn swapped_parts(a: &str, b: &str) -> String {
    let columns = "recorded, hash, content, salt, private";
    let from = |place: &str| format!("(SELECT {columns} FROM kept WHERE {place})");
    format!(
        "CREATE TEMP TABLE kept AS SELECT * FROM records; \
         UPDATE records SET ({columns}) = {} WHERE {a}; \
         UPDATE records SET ({columns}) = {} WHERE {b}; \
         DROP TABLE kept",
        from(b),
        from(a)
    )
}

/// The record that has to be named: the first one that is no longer what it was.
fn first_changed(seq: u64, change: &Change) -> u64 {
    match change {
        Change::Swap(distance) | Change::SwapParts(distance) => {
            seq.min((seq - 1 + distance) % RECORDS + 1)
        }
        _ => seq,
    }
}

async fn damaged_copy(original: &[u8], path: &Path) -> SqliteConnection {
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    std::fs::write(path, original).unwrap();
    // A commit that need not survive a power cut is enough here.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .pragma("synchronous", "OFF")
        .pragma("ignore_check_constraints", "ON");
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let rules = "DROP TRIGGER records_never_change; DROP TRIGGER records_never_go";
    run(&mut connection, rules.into()).await;
    connection
}

/// A store with `RECORDS` records that all have a private part, as bytes.
async fn original() -> Vec<u8> {
    let place = sqlite().await;
    let term = place.store.take_writer().await.unwrap();
    let mut pen = Pen::new("skane");
    let records = (0..RECORDS)
        .map(|n| {
            let private = format!(r#"{{"who":"person {n}"}}"#);
            pen.record(Some(r#"{"name":"Åre"}"#), Some(&private))
        })
        .collect();
    place.store.append(term, &pen.batch(records)).await.unwrap();
    let path = place.path("copy.db");
    place.store.copy_to_sqlite(&path).await.unwrap();
    std::fs::read(path).unwrap()
}

#[test]
fn any_change_to_any_record_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.db");
    let original = block_on(original());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { failure_persistence: None, ..Config::default() };
    let cases = (1..=RECORDS, change());
    TestRunner::new(config)
        .run(&cases, |(seq, change)| {
            runtime.block_on(async {
                let mut connection = damaged_copy(&original, &path).await;
                let journal = "skane".parse().unwrap();
                tamper(&mut connection, seq, &change).await;
                connection.close().await.unwrap();
                let store = Store::open_sqlite(&path).await.unwrap();
                let found = verify(&store, &journal).await.expect_err("the damage is not found");
                store.close().await;
                let name = format!("record {}", first_changed(seq, &change));
                let named = found.split(|c: char| ":,;".contains(c)).any(|words| {
                    let words = words.trim();
                    words == name
                        || words == format!("{name} is missing before it")
                        || words == format!("the journal ends before {name}")
                });
                prop_assert!(named, "{name} is not named: {found}");
                Ok(())
            })
        })
        .unwrap();
}

#[test]
fn what_stands_before_the_damage_is_handed_over_once() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("damaged.db");
        let mut connection = damaged_copy(&original().await, &path).await;
        tamper(&mut connection, 20, &Change::Set("hash = ''")).await;
        connection.close().await.unwrap();
        let store = Store::open_sqlite(&path).await.unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        let each = move |(): &mut (), record: Record| -> Result<(), StoreError> {
            noted.lock().unwrap().push(record.seq);
            Ok(())
        };
        let found = store.read_into((&"skane".parse().unwrap(), 1, 0), 100, (), each).await;
        let Err(StoreError::Corrupt(why)) = found else { panic!("{found:?}") };
        assert!(why.contains("record 20:"), "{why}");
        assert_eq!(*seen.lock().unwrap(), (1..20).collect::<Vec<_>>());
    });
}

#[test]
fn without_damage_nothing_is_found() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("whole.db");
        damaged_copy(&original().await, &path).await.close().await.unwrap();
        let store = Store::open_sqlite(&path).await.unwrap();
        assert_eq!(verify(&store, &"skane".parse().unwrap()).await, Ok(RECORDS));
    });
}

/// The file's bytes when nobody has it open.
async fn closed(place: &Place) -> Vec<u8> {
    place.store.clone().close().await;
    assert!(!Path::new(&format!("{}-wal", place.url)).exists());
    std::fs::read(&place.url).unwrap()
}

#[test]
fn a_flipped_byte_in_the_file_is_found_where_it_is() {
    block_on(async {
        let place = sqlite().await;
        let (term, mut pen) = written(&place.store, "skane", 50).await;
        let record = pen.record(Some(r#"{"name":"NEEDLE"}"#), Some(r#""STRAW""#));
        place.store.append(term, &pen.batch(vec![record])).await.unwrap();
        place.store.append(term, &pen.write(50)).await.unwrap();
        let bytes = closed(&place).await;
        for word in ["NEEDLE", "STRAW"] {
            let offset = bytes.windows(word.len()).position(|w| w == word.as_bytes()).unwrap();
            for mask in [0x01, 0x20, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[offset] ^= mask;
                std::fs::write(&place.url, &damaged).unwrap();
                let store = place.again().await;
                let found = verify(&store, &pen.journal).await.unwrap_err();
                assert!(found.contains("record 51:"), "{word} {mask}: {found}");
                store.close().await;
            }
        }
    });
}

#[test]
fn a_truncated_file_is_refused_or_found_damaged() {
    block_on(async {
        let place = sqlite().await;
        let (_, pen) = written(&place.store, "skane", 1024).await;
        let bytes = closed(&place).await;
        for len in [50, 100, 4096, 3 * 4096, bytes.len() / 2, bytes.len() - 4096] {
            std::fs::write(&place.url, &bytes[..len]).unwrap();
            let found = match Store::open_sqlite(place.url.as_ref()).await {
                Ok(store) => {
                    let found = store.check().await;
                    store.close().await;
                    found
                }
                Err(error) => Err(error),
            };
            assert!(matches!(found, Err(StoreError::Corrupt(_))), "{len} bytes: {found:?}");
        }
        // Whole again, nothing was made worse by looking.
        std::fs::write(&place.url, &bytes).unwrap();
        let store = place.again().await;
        store.check().await.unwrap();
        assert_eq!(verify(&store, &pen.journal).await, Ok(1024));
    });
}

#[test]
fn what_is_no_database_is_refused_and_left_alone() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter.txt");
        let letter = "Dear colleague, ".repeat(400);
        std::fs::write(&path, &letter).unwrap();
        let refused = Store::open_sqlite(&path).await;
        assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), letter);
        let refused = Store::open_sqlite(folder.path()).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
        let refused = Store::open_sqlite(&folder.path().join("no/folder/x.db")).await;
        let Err(StoreError::Unavailable(text)) = refused else { panic!("{refused:?}") };
        assert!(text.contains("there is no folder"), "{text}");
    });
}
