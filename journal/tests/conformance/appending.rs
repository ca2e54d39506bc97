//! Appending: all or nothing, one writer, one past.

use samband_domain::{Digest, RecordRef};
use samband_journal::store::{Batch, StoreError, sql};
use sqlx::{Connection as _, Executor as _, PgConnection, SqlSafeStr as _, SqliteConnection};

use crate::common::{Pen, Place, command, person, verify, written};

crate::on_both! {
    a_new_store_is_empty,
    every_statement_is_understood,
    opening_again_keeps_everything,
    large_batches_come_back_whole,
    an_older_term_is_fenced,
    a_head_that_moved_fences,
    a_command_is_carried_out_once,
    a_command_may_lead_to_nothing,
    epochs_follow_each_other,
    several_epochs_in_one_batch,
    a_second_first_record_is_fenced,
    what_does_not_fit_is_refused,
    records_are_append_only,
    a_newer_schema_is_refused,
    another_programs_tables_are_refused,
}

async fn a_new_store_is_empty(place: Place) {
    let store = &place.store;
    store.ping().await.unwrap();
    store.check().await.unwrap();
    assert_eq!(store.heads().await.unwrap(), []);
    let journal = "skane".parse().unwrap();
    assert_eq!(store.epochs(&journal).await.unwrap(), []);
    assert_eq!(store.read(&journal, 1, 0, 10).await.unwrap(), []);
    assert_eq!(store.recent(&journal, None, 10).await.unwrap(), []);
    assert_eq!(store.record(&journal, 1, 1).await.unwrap(), None);
    let expected = if place.url.starts_with("postgres") { "postgresql" } else { "sqlite" };
    assert_eq!(store.backend(), expected);
}

async fn every_statement_is_understood(place: Place) {
    let mut statements: Vec<&'static str> = sql::ALL.to_vec();
    let server = place.url.starts_with("postgres");
    let text = |insert: &'static sql::Insert| -> &'static str {
        if server { &insert.numbered } else { &insert.plain }
    };
    for inserts in [&*sql::ADD_RECORDS, &*sql::ADD_SUBJECTS, &*sql::ADD_COMMANDS] {
        statements.extend(inserts.iter().map(text));
    }
    for copying in sql::COPIED.iter() {
        statements.extend([copying.first.as_str(), copying.next.as_str()]);
        statements.extend(copying.inserts.iter().map(text));
    }
    assert!(statements.len() > 60);
    for statement in statements {
        let prepared = if place.url.starts_with("postgres") {
            let mut connection = PgConnection::connect(&place.url).await.unwrap();
            (&mut connection).prepare(statement.into_sql_str()).await.map(|_| ())
        } else {
            let mut connection = SqliteConnection::connect(&place.url).await.unwrap();
            (&mut connection).prepare(statement.into_sql_str()).await.map(|_| ())
        };
        prepared.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

async fn opening_again_keeps_everything(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 10).await;
    let before = place.store.read(&pen.journal, 1, 0, 100).await.unwrap();
    let heads = place.store.heads().await.unwrap();
    place.store.clone().close().await;
    assert!(matches!(place.store.ping().await, Err(StoreError::Unavailable(_))));
    let store = place.again().await;
    assert_eq!(store.read(&pen.journal, 1, 0, 100).await.unwrap(), before);
    assert_eq!(store.heads().await.unwrap(), heads);
    // The term is the store's, not the connection's.
    store.append(term, &pen.write(1)).await.unwrap();
    assert!(store.take_writer().await.unwrap() > term);
}

async fn large_batches_come_back_whole(place: Place) {
    let (term, mut pen) = written(&place.store, "halland", 1).await;
    let mut sizes = 1;
    for size in [1024, 64, 63, 9, 8, 7] {
        place.store.append(term, &pen.write(size)).await.unwrap();
        sizes += size as u64;
    }
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(sizes));
}

async fn an_older_term_is_fenced(place: Place) {
    let (old, mut pen) = written(&place.store, "skane", 3).await;
    let other = place.again().await;
    let new = other.take_writer().await.unwrap();
    let mut theirs = pen.clone();
    other.append(new, &theirs.write(2)).await.unwrap();
    let refused = place.store.append(old, &pen.write(2)).await;
    assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
    let nothing = place.store.append(old, &Batch::default()).await;
    assert!(matches!(nothing, Err(StoreError::Fenced)), "{nothing:?}");
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(5));
}

async fn a_head_that_moved_fences(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 3).await;
    let mut stale = pen.clone();
    place.store.append(term, &pen.write(1)).await.unwrap();
    let refused = place.store.append(term, &stale.write(2)).await;
    assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(4));
}

async fn a_command_is_carried_out_once(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 1).await;
    let mut batch = pen.write(2);
    let first = batch.records[0].at();
    batch.commands = vec![command("k-1", Some(first.clone()), 2), command("k-2", None, 0)];
    place.store.append(term, &batch).await.unwrap();
    let found = place.store.command(&batch.commands[0].actor, "k-1").await.unwrap();
    assert_eq!(found.as_ref(), Some(&batch.commands[0]));

    let mut again = pen.write(3);
    again.commands = vec![command("k-3", None, 0), command("k-1", Some(first), 3)];
    again.subjects = vec![(person("p-1"), again.records[0].at())];
    let refused = place.store.append(term, &again).await;
    assert!(matches!(refused, Err(StoreError::Duplicate)), "{refused:?}");
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(3));
    assert_eq!(place.store.command(&again.commands[0].actor, "k-3").await.unwrap(), None);
    let about = place.store.about(&pen.journal, &person("p-1"), None, 9).await.unwrap();
    assert_eq!(about, []);
    // The same key from somebody else is another command.
    assert_eq!(place.store.command(&crate::common::actor("a-2"), "k-1").await.unwrap(), None);
}

async fn a_command_may_lead_to_nothing(place: Place) {
    let term = place.store.take_writer().await.unwrap();
    let commands = vec![command("only’s \"key\"", None, 0)];
    let batch = Batch { commands: commands.clone(), ..Batch::default() };
    place.store.append(term, &batch).await.unwrap();
    let found = place.store.command(&commands[0].actor, &commands[0].key).await.unwrap();
    assert_eq!(found.as_ref(), Some(&commands[0]));
    assert_eq!(place.store.command(&commands[0].actor, "nul\0").await.unwrap(), None);
}

async fn epochs_follow_each_other(place: Place) {
    let (term, mut pen) = written(&place.store, "skane", 5).await;
    let mut ends: Vec<RecordRef> = Vec::new();
    for told_the_head in [true, false] {
        ends.push(pen.head.clone().unwrap().0);
        pen.next_epoch();
        let mut batch = pen.write(4);
        if !told_the_head {
            batch.heads[0].from = None;
        }
        place.store.append(term, &batch).await.unwrap();
    }
    ends.push(pen.head.clone().unwrap().0);
    let epochs = place.store.epochs(&pen.journal).await.unwrap();
    assert_eq!(epochs.iter().map(|end| end.at.clone()).collect::<Vec<_>>(), ends);
    assert_eq!(place.store.heads().await.unwrap(), epochs[2..]);
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(13));
}

async fn several_epochs_in_one_batch(place: Place) {
    let term = place.store.take_writer().await.unwrap();
    let mut pen = Pen::new("blekinge");
    pen.local = false;
    let mut records = Vec::new();
    for _ in 0..3 {
        records.extend((0..3).map(|_| pen.record(Some("{}"), None)));
        pen.next_epoch();
    }
    place.store.append(term, &pen.batch(records)).await.unwrap();
    let epochs = place.store.epochs(&pen.journal).await.unwrap();
    let places: Vec<_> = epochs.iter().map(|end| (end.at.epoch, end.at.seq, end.local)).collect();
    assert_eq!(places, [(1, 3, false), (2, 3, false), (3, 3, false)]);
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(9));
}

async fn a_second_first_record_is_fenced(place: Place) {
    let (term, pen) = written(&place.store, "skane", 2).await;
    let refused = place.store.append(term, &Pen::new("skane").write(1)).await;
    assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(2));
}

async fn what_does_not_fit_is_refused(place: Place) {
    let (term, pen) = written(&place.store, "skane", 2).await;
    let change: [fn(&mut Batch); 8] = [
        |batch| batch.records[1].seq += 1,
        |batch| drop(batch.records.pop()),
        |batch| batch.heads.clear(),
        |batch| batch.heads.push(batch.heads[0].clone()),
        |batch| {
            let text = "{\"a\":\"\0\"}".to_owned();
            batch.records[0].body = samband_journal::Body::Text(text);
        },
        |batch| {
            let text = "\"a\u{1f}b\"".to_owned();
            batch.records[0].private = samband_journal::PrivatePart::Here { salt: [1; 32], text };
        },
        |batch| batch.commands.push(command("nul\0", None, 0)),
        |batch| batch.erasures.push(("skane".parse().unwrap(), 1, 99)),
    ];
    for (number, change) in change.iter().enumerate() {
        let mut batch = pen.clone().write(3);
        change(&mut batch);
        let refused = place.store.append(term, &batch).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{number}: {refused:?}");
        assert_eq!(verify(&place.store, &pen.journal).await, Ok(2), "{number}");
    }
}

async fn records_are_append_only(place: Place) {
    let (_, pen) = written(&place.store, "skane", 3).await;
    let digest = Digest::ZERO;
    for sql in [
        "DELETE FROM records",
        "DELETE FROM records WHERE seq = 3",
        "UPDATE records SET content = '{}' WHERE seq = 2",
        "UPDATE records SET recorded = recorded + 1 WHERE seq = 2",
        "UPDATE records SET seq = 9 WHERE seq = 3",
        "UPDATE records SET epoch = 2 WHERE seq = 3",
        "UPDATE records SET journal = 'halland' WHERE seq = 3",
        "UPDATE records SET private = '{}' WHERE seq = 2",
        "UPDATE records SET salt = '00' WHERE seq = 2",
        &format!("UPDATE records SET hash = '{digest}' WHERE seq = 2"),
    ] {
        let refused = place.behind(sql).await.expect_err(sql).to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    if place.url.starts_with("postgres") {
        let refused = place.behind("TRUNCATE records").await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    assert_eq!(verify(&place.store, &pen.journal).await, Ok(3));
}

async fn a_newer_schema_is_refused(place: Place) {
    place.behind("UPDATE samband_schema SET version = 7").await.unwrap();
    let refused = if place.url.starts_with("postgres") {
        samband_journal::Store::open_postgres(&place.url).await
    } else {
        samband_journal::Store::open_sqlite(place.url.as_ref()).await
    };
    assert!(matches!(refused, Err(StoreError::TooNew { found: 7, known: 1 })), "{refused:?}");
}

async fn another_programs_tables_are_refused(place: Place) {
    place.behind("DROP TABLE samband_schema").await.unwrap();
    let refused = place.store.reconnect().await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
}
