//! A PostgreSQL server that goes away, and writers that meet on it.

use samband_journal::Store;
use samband_journal::store::StoreError;
use sqlx::{Connection as _, PgConnection};

use crate::common::{Place, block_on, on_postgres, verify, written};

/// Ends the server's side of every connection that waits for a lock in this database.
async fn cut_those_that_wait(admin: &mut PgConnection) {
    loop {
        let cut: Vec<(bool,)> = sqlx::query_as(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_all(&mut *admin)
        .await
        .unwrap();
        if !cut.is_empty() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn a_connection_cut_in_the_middle_leaves_nothing_half_done() {
    on_postgres(|place: Place| async move {
        let (term, mut pen) = written(&place.store, "skane", 5).await;
        let mut holder = PgConnection::connect(&place.url).await.unwrap();
        let mut admin = PgConnection::connect(&place.url).await.unwrap();
        // The append stops in the middle, at the head that somebody else holds.
        let mut holding = holder.begin().await.unwrap();
        sqlx::query("SELECT * FROM heads FOR UPDATE").fetch_all(&mut *holding).await.unwrap();
        let batch = pen.clone().write(3);
        let append = {
            let store = place.store.clone();
            tokio::spawn(async move { store.append(term, &batch).await })
        };
        cut_those_that_wait(&mut admin).await;
        let lost = append.await.unwrap();
        assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
        holding.rollback().await.unwrap();

        place.store.reconnect().await.unwrap();
        assert_eq!(verify(&place.store, &pen.journal).await, Ok(5));
        place.store.append(term, &pen.write(3)).await.unwrap();
        assert_eq!(verify(&place.store, &pen.journal).await, Ok(8));
    });
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn connections_cut_at_rest_are_made_again() {
    on_postgres(|place: Place| async move {
        let (term, mut pen) = written(&place.store, "skane", 5).await;
        let mut admin = PgConnection::connect(&place.url).await.unwrap();
        sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_all(&mut admin)
        .await
        .unwrap();
        // Either it is noticed at once, or it is told; never is something half done.
        if let Err(error) = place.store.append(term, &pen.clone().write(2)).await {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            place.store.reconnect().await.unwrap();
            assert_eq!(verify(&place.store, &pen.journal).await, Ok(5));
            place.store.append(term, &pen.clone().write(2)).await.unwrap();
        }
        pen.write(2);
        assert_eq!(verify(&place.store, &pen.journal).await, Ok(7));
    });
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn whoever_takes_over_waits_for_the_append_under_way_and_fences_the_next() {
    on_postgres(|place: Place| async move {
        let (old, mut pen) = written(&place.store, "skane", 5).await;
        let mut holder = PgConnection::connect(&place.url).await.unwrap();
        let mut holding = holder.begin().await.unwrap();
        sqlx::query("SELECT * FROM heads FOR UPDATE").fetch_all(&mut *holding).await.unwrap();
        let batch = pen.write(1);
        let append = {
            let store = place.store.clone();
            tokio::spawn(async move { store.append(old, &batch).await })
        };
        let other = place.again().await;
        let mut admin = PgConnection::connect(&place.url).await.unwrap();
        waiting(&mut admin, 1).await;
        let takes = tokio::spawn(async move { (other.take_writer().await.unwrap(), other) });
        waiting(&mut admin, 2).await;
        holding.commit().await.unwrap();
        append.await.unwrap().unwrap();
        let (new, other) = takes.await.unwrap();
        let refused = place.store.append(old, &pen.clone().write(1)).await;
        assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
        other.append(new, &pen.write(1)).await.unwrap();
        assert_eq!(verify(&other, &pen.journal).await, Ok(7));
    });
}

/// Returns when so many connections wait for a lock in this database.
async fn waiting(admin: &mut PgConnection, number: i64) {
    loop {
        let (found,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(&mut *admin)
        .await
        .unwrap();
        if found >= number {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    block_on(async {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let url = format!("postgres://samband:hemligt@127.0.0.1:{port}/samband");
        let refused = Store::open_postgres(&url).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
        let refused = Store::open_postgres("postgres://samband:hemligt@[x/y").await.unwrap_err();
        assert!(!refused.to_string().contains("hemligt"), "{refused}");
    });
}
