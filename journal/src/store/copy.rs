//! Copies of a whole store while it is written: into a SQLite file for backup, and back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sqlx::ConnectOptions as _;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::error::StoreError;
use super::link::{Cell, Cells, Pools, Tx, Value};
use super::open::{check_sqlite, make_private};
use super::{Store, schema, sql};

impl Store {
    /// Copies the store as it stands at one moment into a new SQLite file, while others go on
    /// reading and writing. The file is checked and durable when this returns.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] if the file is there already; otherwise as the databases answer.
    pub async fn copy_to_sqlite(&self, path: &Path) -> Result<(), StoreError> {
        if path.exists() {
            return Err(StoreError::Invalid(format!("{} is there already", path.display())));
        }
        // Nobody takes half a copy for a whole one.
        let part = beside(path, ".part");
        for leftover in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(beside(&part, leftover));
        }
        let copied = match self.pools() {
            Pools::Sqlite { read, .. } => vacuum_into(&read, &part).await,
            Pools::Postgres { read, .. } => copy_server(&read, &part).await,
        };
        let finished = match copied {
            Ok(()) => finish(&part, path).await,
            Err(error) => Err(error),
        };
        if finished.is_err() {
            let _ = fs::remove_file(&part);
        }
        finished
    }

    /// Fills this store, which must be empty, from a copy; the file stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] if something stands here already or the file is no store,
    /// [`StoreError::Corrupt`] if it is damaged.
    pub async fn copy_from_sqlite(&self, path: &Path) -> Result<(), StoreError> {
        let source = open_source(path).await?;
        let copied = self.fill(&source).await;
        source.close().await;
        copied
    }

    async fn fill(&self, source: &SqlitePool) -> Result<(), StoreError> {
        check_sqlite(source, "PRAGMA integrity_check(10)").await?;
        let mut source = Tx::Sqlite(source.begin().await?, None);
        match schema::version(&mut source).await? {
            Some(schema::VERSION) => {}
            Some(found) => {
                return Err(StoreError::TooNew { found, known: schema::VERSION });
            }
            None => return Err(StoreError::Invalid("the file holds no store".into())),
        }
        let mut target = self.pools().begin().await?;
        // Nobody else writes here from now on.
        target.run(sql::TAKE_WRITER, &[]).await?;
        for copying in sql::COPIED.iter() {
            if !target.rows::<Cells>(&copying.first, &[]).await?.is_empty() {
                let message = format!("the store is not empty: it has {}", copying.table.name);
                return Err(StoreError::Invalid(message));
            }
        }
        copy_tables(&mut source, &mut target).await?;
        Ok(target.commit().await?)
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

async fn vacuum_into(read: &SqlitePool, part: &Path) -> Result<(), StoreError> {
    let name = part
        .to_str()
        .ok_or_else(|| StoreError::Invalid("the path of the copy is not Unicode".into()))?;
    make_private(part);
    sqlx::query("VACUUM INTO $1").bind(name).execute(read).await?;
    Ok(())
}

async fn copy_server(read: &sqlx::PgPool, part: &Path) -> Result<(), StoreError> {
    let one_moment = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    let mut source = Tx::Postgres(read.begin_with(one_moment).await?);
    let target = Store::open_sqlite(part).await?;
    let mut tx = target.pools().begin().await?;
    copy_tables(&mut source, &mut tx).await?;
    tx.commit().await?;
    target.close().await;
    Ok(())
}

async fn copy_tables(source: &mut Tx, target: &mut Tx) -> Result<(), StoreError> {
    for copying in sql::COPIED.iter() {
        let mut page: Vec<Cells> = source.rows(&copying.first, &[]).await?;
        while let Some(Cells(last)) = page.last() {
            let width = copying.table.columns.len();
            let values: Vec<_> =
                page.iter().flat_map(|Cells(row)| values(copying.table, row)).collect();
            target.add(&copying.inserts, width, &values).await?;
            if page.len() < sql::PAGE {
                break;
            }
            let key: Vec<_> = self::values(copying.table, last).take(copying.table.key).collect();
            page = source.rows(&copying.next, &key).await?;
        }
    }
    Ok(())
}

fn values<'a>(table: &'static sql::Table, row: &'a [Cell]) -> impl Iterator<Item = Value<'a>> + 'a {
    row.iter().zip(table.columns).map(|(cell, column)| match cell {
        Cell::Int(number) => Value::Int(*number),
        Cell::Text(text) => Value::Text(text),
        Cell::Null if table.numbers.contains(column) => Value::MaybeInt(None),
        Cell::Null => Value::MaybeText(None),
    })
}

/// Checks a copy, makes it durable and gives it its name.
async fn finish(part: &Path, path: &Path) -> Result<(), StoreError> {
    let pool = open_source(part).await?;
    let checked = check_sqlite(&pool, "PRAGMA integrity_check(10)").await;
    pool.close().await;
    checked?;
    let named = || {
        File::open(part)?.sync_all()?;
        fs::rename(part, path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    };
    named().map_err(|error: std::io::Error| {
        StoreError::Unavailable(format!("{}: {error}", path.display()))
    })
}

/// Opens a file only to read it. Without a log beside it nothing is written beside it either.
async fn open_source(path: &Path) -> Result<SqlitePool, StoreError> {
    if !path.is_file() {
        return Err(StoreError::Invalid(format!("there is no file {}", path.display())));
    }
    let log = fs::metadata(beside(path, "-wal")).map_or(0, |log| log.len());
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(log == 0)
        .disable_statement_logging();
    Ok(SqlitePoolOptions::new().max_connections(1).connect_with(options).await?)
}
