//! What stands in SQLite's log is written back into the file beside whoever appends, not between
//! two appends: that takes as long as many appends, and nothing waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::Connection;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Batch;
use super::error::Fault;
use super::file::Opening;

/// Rows after which it is time. A row changes about a page; the more of them there are, the more
/// rows share one that is written back only once.
const ROWS: usize = 4_096;

/// Pages in the log after which an append writes back itself what is left, so that the log can
/// begin again: it cannot while somebody goes on adding to it. 64 MiB.
pub const PAGES_MAX: u32 = 16_384;

/// Writes back when enough was appended.
#[derive(Clone)]
pub struct WriteBack {
    rows: Arc<AtomicUsize>,
    /// Whoever holds it writes back, or keeps others from it.
    hand: Arc<Mutex<Hand>>,
}

/// The connection, made when it is first needed.
pub struct Hand {
    opening: Opening,
    connection: Option<Connection>,
}

impl WriteBack {
    /// Opens nothing yet.
    pub fn new(opening: Opening) -> Self {
        let hand = Hand { opening, connection: None };
        Self { rows: Arc::default(), hand: Arc::new(Mutex::new(hand)) }
    }

    /// A batch stands in the log. Nobody waits for what follows from it, and if it fails nothing
    /// is lost: the log is as durable as the file.
    pub fn appended(&self, batch: &Batch) {
        let rows = batch.records.len() + batch.subjects.len() + batch.commands.len();
        if self.rows.fetch_add(rows, Ordering::Relaxed) + rows < ROWS {
            return;
        }
        let Ok(mut hand) = Arc::clone(&self.hand).try_lock_owned() else {
            return;
        };
        self.rows.store(0, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            if let Err(fault) = hand.write_back() {
                tracing::debug!(error = %fault.error, "the log was not written back");
            }
        });
    }

    /// Waits until nobody writes back, and keeps it so.
    pub async fn rest(&self) -> OwnedMutexGuard<Hand> {
        Arc::clone(&self.hand).lock_owned().await
    }

    /// Closes the connection.
    pub async fn close(&self) {
        self.rest().await.connection = None;
    }
}

impl Hand {
    fn write_back(&mut self) -> Result<(), Fault> {
        // Kept only if nothing went wrong with it.
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.opening.writer()?,
        };
        // As far as it can without making anybody wait.
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        self.connection = Some(connection);
        Ok(())
    }
}
