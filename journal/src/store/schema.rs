//! The tables: made in an empty database, recognised in an old one, refused in a newer one.

use sqlx::{AssertSqlSafe, raw_sql};

use super::error::StoreError;
use super::link::{Tx, Value};
use super::sql;

/// The newest version of the tables that this program knows.
pub const VERSION: i64 = 1;

const TABLES: &str = include_str!("schema/tables.sql");
const SQLITE: &str = include_str!("schema/sqlite.sql");
const POSTGRES: &str = include_str!("schema/postgres.sql");

/// The words that differ, SQLite's and PostgreSQL's. Text is ordered by bytes in both.
const WORDS: &[(&str, &str, &str)] = &[
    ("{int}", "INTEGER", "BIGINT"),
    ("{text}", "TEXT", "TEXT COLLATE \"C\""),
    ("{bytes}", "BLOB", "BYTEA"),
    ("{keyed}", " STRICT, WITHOUT ROWID", ""),
    ("{rows}", " STRICT", ""),
];

const VERSION_TABLE: &str = "CREATE TABLE samband_schema (version {int} NOT NULL){rows}";

fn is_there(tx: &Tx) -> &'static str {
    match tx {
        Tx::Sqlite(..) => {
            "SELECT name, name = 'samband_schema' FROM sqlite_master \
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        Tx::Postgres(_) => {
            "SELECT CAST(table_name AS TEXT), table_name = 'samband_schema' \
             FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    }
}

async fn run_script(tx: &mut Tx, script: &str) -> Result<(), StoreError> {
    let mut text = script.to_owned();
    let is_sqlite = matches!(tx, Tx::Sqlite(..));
    for (word, sqlite, postgres) in WORDS {
        text = text.replace(word, if is_sqlite { sqlite } else { postgres });
    }
    match tx {
        Tx::Sqlite(tx, _) => raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await.map(|_| ())?,
        Tx::Postgres(tx) => raw_sql(AssertSqlSafe(text)).execute(&mut **tx).await.map(|_| ())?,
    }
    Ok(())
}

/// Brings the tables to this program's version.
pub async fn prepare(mut tx: Tx) -> Result<(), StoreError> {
    if let Tx::Postgres(tx) = &mut tx {
        // Two programs that start at once take turns. The number means nothing else.
        let turn = raw_sql("SELECT pg_advisory_xact_lock(5711021961)");
        turn.execute(&mut **tx).await?;
    }
    if let Some(found) = version(&mut tx).await? {
        if found > VERSION {
            return Err(StoreError::TooNew { found, known: VERSION });
        }
        if matches!(tx, Tx::Sqlite(..)) {
            // SQLite opens what it may not write without a word.
            tx.run(sql::PROBE, &[]).await?;
        }
        return Ok(tx.commit().await?);
    }
    run_script(&mut tx, TABLES).await?;
    let rules = if matches!(tx, Tx::Sqlite(..)) { SQLITE } else { POSTGRES };
    run_script(&mut tx, rules).await?;
    run_script(&mut tx, VERSION_TABLE).await?;
    tx.run(sql::SET_SCHEMA_VERSION, &[Value::Int(VERSION)]).await?;
    Ok(tx.commit().await?)
}

/// The version of the tables; none in an empty database.
pub async fn version(tx: &mut Tx) -> Result<Option<i64>, StoreError> {
    let tables: Vec<(String, bool)> = tx.rows(is_there(tx), &[]).await?;
    if tables.is_empty() {
        return Ok(None);
    }
    if !tables.iter().any(|(_, ours)| *ours) {
        let message = format!("it belongs to another program (table {})", tables[0].0);
        return Err(StoreError::Invalid(message));
    }
    let versions: Vec<(i64,)> = tx.rows(sql::SCHEMA_VERSION, &[]).await?;
    match versions.as_slice() {
        [(version,)] => Ok(Some(*version)),
        _ => Err(StoreError::Corrupt("the schema has no one version".into())),
    }
}
