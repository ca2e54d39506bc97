//! The hand that reaches past the program into its database.

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

/// An embedded database, opened as its owner could.
pub struct Sqlite;

impl Sqlite {
    /// Runs statements on a database file, with the guards against it taken away.
    ///
    /// # Panics
    /// If a statement fails.
    pub fn alter(path: &Path, statements: &[&str]) {
        let guards = ["DROP TRIGGER records_never_change", "DROP TRIGGER records_never_go"];
        let all: Vec<_> = guards.iter().chain(statements).copied().collect();
        Self::run(path, &all);
    }

    /// Holds a database file so that nobody else writes to it, for so long. What was read and
    /// not yet written has to wait, or give up.
    ///
    /// # Panics
    /// If it cannot be held.
    pub fn hold(path: &Path, time: Duration) {
        let url = format!("sqlite://{}", path.display());
        let options = SqliteConnectOptions::from_str(&url).expect("a path");
        block_on(async {
            let mut connection = SqliteConnection::connect_with(&options).await.expect("opened");
            let hold = "PRAGMA busy_timeout = 60000; BEGIN IMMEDIATE";
            sqlx::raw_sql(hold).execute(&mut connection).await.expect("held");
            tokio::time::sleep(time).await;
            sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.expect("let go");
            connection.close().await.expect("closed");
        });
    }

    /// Runs statements on a database file.
    ///
    /// # Panics
    /// If a statement fails.
    pub fn run(path: &Path, statements: &[&str]) {
        let url = format!("sqlite://{}", path.display());
        let options = SqliteConnectOptions::from_str(&url).expect("a path");
        block_on(async {
            let mut connection = SqliteConnection::connect_with(&options).await.expect("opened");
            for statement in statements {
                let statement = AssertSqlSafe((*statement).to_owned());
                let ran = sqlx::raw_sql(statement).execute(&mut connection).await;
                ran.expect("a statement");
            }
            connection.close().await.expect("closed");
        });
    }
}

/// Changes some bytes of a file where they are found, the length staying the same. Gives how
/// often they were found.
///
/// # Panics
/// If the file cannot be read or written, or the lengths differ.
pub fn change(path: &Path, from: &[u8], to: &[u8]) -> usize {
    assert_eq!(from.len(), to.len());
    let mut bytes = std::fs::read(path).expect("read");
    let mut found = 0;
    let mut at = 0;
    while let Some(n) = bytes[at..].windows(from.len()).position(|part| part == from) {
        bytes[at + n..at + n + to.len()].copy_from_slice(to);
        (found, at) = (found + 1, at + n + to.len());
    }
    std::fs::write(path, bytes).expect("written");
    found
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}
