//! The two databases behind one seam: pools, transactions and values with two arms each.

use std::sync::Arc;

use samband_domain::Digest;
use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{Arguments as _, FromRow, Postgres, Row as _, Sqlite, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::error::StoreError;
use super::file::{Readers, Writer};
use super::plan::Step;
use super::write_back::WriteBack;

/// What a statement is given.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// Text or NULL.
    MaybeText(Option<&'a str>),
    /// A whole number.
    Int(i64),
    /// A whole number or NULL.
    MaybeInt(Option<i64>),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A digest, as text.
    Digest(Digest),
    /// A digest, as text, or NULL.
    MaybeDigest(Option<Digest>),
    /// The digest of a withheld text, in the text's place.
    Withheld(Digest),
}

/// A row that either database may answer with.
pub trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

impl<T: Send + Unpin> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

/// A row of a table whose columns hold text and whole numbers.
pub struct Cells(pub Vec<Cell>);

/// A value of such a row.
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
}

macro_rules! cells {
    ($Row:ty) => {
        impl FromRow<'_, $Row> for Cells {
            fn from_row(row: &$Row) -> sqlx::Result<Self> {
                let cell = |column| match row.try_get::<Option<i64>, _>(column) {
                    Ok(Some(number)) => Ok(Cell::Int(number)),
                    Ok(None) => Ok(Cell::Null),
                    Err(_) => row.try_get(column).map(Cell::Text),
                };
                (0..row.len()).map(cell).collect::<sqlx::Result<_>>().map(Self)
            }
        }
    };
}

cells!(SqliteRow);
cells!(PgRow);

macro_rules! arguments {
    ($Arguments:ty, $values:expr) => {{
        let mut arguments = <$Arguments>::default();
        for value in $values {
            match *value {
                Value::Text(text) => arguments.add(text),
                Value::MaybeText(text) => arguments.add(text),
                Value::Int(number) => arguments.add(number),
                Value::MaybeInt(number) => arguments.add(number),
                Value::Bytes(bytes) => arguments.add(bytes),
                Value::Digest(digest) => arguments.add(digest.to_string()),
                Value::MaybeDigest(digest) => arguments.add(digest.map(|it| it.to_string())),
                Value::Withheld(digest) => arguments.add(format!("#{digest}")),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        arguments
    }};
}

/// Connections: some that read, and those that write.
#[derive(Clone)]
pub enum Pools {
    /// SQLite: one connection at a time writes.
    Sqlite {
        /// Appends. Whoever holds it has the turn to write.
        writer: Arc<Mutex<Writer>>,
        /// Reads records by the chunk.
        readers: Readers,
        /// Writes the log back into the file.
        write_back: WriteBack,
        /// Writes everything else.
        write: SqlitePool,
        /// Reads.
        read: SqlitePool,
    },
    /// PostgreSQL.
    Postgres {
        /// Writes.
        write: PgPool,
        /// Reads.
        read: PgPool,
    },
}

impl Pools {
    /// Begins a transaction that writes.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        match self {
            // Taken at once, the lock cannot be lost half-way through to a reader turned writer.
            Self::Sqlite { writer, write, .. } => {
                let turn = Arc::clone(writer).lock_owned().await;
                write.begin_with("BEGIN IMMEDIATE").await.map(|tx| Tx::Sqlite(tx, Some(turn)))
            }
            Self::Postgres { write, .. } => write.begin().await.map(Tx::Postgres),
        }
    }

    /// Rows that a statement reads.
    pub async fn rows<T: Row>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> sqlx::Result<Vec<T>> {
        match self {
            Self::Sqlite { read, .. } => {
                let arguments = arguments!(SqliteArguments, values);
                sqlx::query_as_with(sql, arguments).fetch_all(read).await
            }
            Self::Postgres { read, .. } => {
                let arguments = arguments!(PgArguments, values);
                sqlx::query_as_with(sql, arguments).fetch_all(read).await
            }
        }
    }

    /// The one row that a statement reads, if there is one.
    pub async fn row<T: Row>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> sqlx::Result<Option<T>> {
        Ok(self.rows(sql, values).await?.pop())
    }

    /// Closes all connections, those that read first: the last one tidies a SQLite file up.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, write_back, write, read } => {
                readers.close();
                read.close().await;
                write_back.close().await;
                writer.lock().await.close();
                write.close().await;
            }
            Self::Postgres { write, read } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

/// A transaction; dropped without [`Tx::commit`] it leaves nothing behind.
pub enum Tx {
    /// SQLite, with the turn to write where it writes.
    Sqlite(
        Transaction<'static, Sqlite>,
        #[expect(dead_code, reason = "held until the end, never read")]
        Option<OwnedMutexGuard<Writer>>,
    ),
    /// PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Runs a statement and tells how many rows it changed.
    pub async fn run(&mut self, sql: &'static str, values: &[Value<'_>]) -> sqlx::Result<u64> {
        Ok(match self {
            Self::Sqlite(tx, _) => {
                let arguments = arguments!(SqliteArguments, values);
                sqlx::query_with(sql, arguments).execute(&mut **tx).await?.rows_affected()
            }
            Self::Postgres(tx) => {
                let arguments = arguments!(PgArguments, values);
                sqlx::query_with(sql, arguments).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Rows that a statement reads.
    pub async fn rows<T: Row>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> sqlx::Result<Vec<T>> {
        match self {
            Self::Sqlite(tx, _) => {
                let arguments = arguments!(SqliteArguments, values);
                sqlx::query_as_with(sql, arguments).fetch_all(&mut **tx).await
            }
            Self::Postgres(tx) => {
                let arguments = arguments!(PgArguments, values);
                sqlx::query_as_with(sql, arguments).fetch_all(&mut **tx).await
            }
        }
    }

    /// Goes through the steps of an append.
    pub async fn carry_out(&mut self, steps: &[Step<'_>]) -> Result<(), StoreError> {
        for step in steps {
            match step {
                Step::Change { sql, values, missed, taken } => {
                    let changed = self.run(sql, values).await;
                    missed.judge(changed.map_err(|error| taken.judge(error.into()))?)?;
                }
                Step::Rows { inserts, width, values, taken } => {
                    let added = self.add(inserts, *width, values).await;
                    added.map_err(|error| taken.judge(error.into()))?;
                }
            }
        }
        Ok(())
    }

    /// Adds rows with as few statements as possible.
    pub async fn add(
        &mut self,
        inserts: &'static super::sql::Inserts,
        width: usize,
        values: &[Value<'_>],
    ) -> sqlx::Result<()> {
        let mut rest = values;
        for (rows, insert) in super::sql::ROWS.into_iter().zip(inserts) {
            let sql = match self {
                Self::Sqlite(..) => &insert.plain,
                Self::Postgres(_) => &insert.numbered,
            };
            while rest.len() >= rows * width {
                let (now, later) = rest.split_at(rows * width);
                self.run(sql, now).await?;
                rest = later;
            }
        }
        Ok(())
    }

    /// Makes everything durable.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx, _) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}
