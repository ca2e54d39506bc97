//! The two things that are done by the thousand in a SQLite file, without a detour: appending a
//! batch in one go, and reading records by the chunk.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{CachedStatement, Connection, OpenFlags, Row, Statement, types::ValueRef};
use samband_domain::{Digest, JournalId, Time};

use super::error::{Fault, StoreError};
use super::link::Value;
use super::plan::{self, Step};
use super::read::parts_of;
use super::write_back::PAGES_MAX;
use super::{Batch, Term, int, sql};
use crate::record::Record;

/// Statements that a connection keeps ready.
const STATEMENTS: usize = 32;

/// How a SQLite file is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Where it is.
    pub path: PathBuf,
    /// How long another process may hold it.
    pub patience: Duration,
    /// The most pages it may have; for tests of a full disk.
    pub max_pages: Option<u32>,
    /// Kibibytes of pages that the writer keeps at hand.
    pub cache: u32,
}

impl Opening {
    fn open(&self, flags: OpenFlags) -> Result<Connection, Fault> {
        let connection =
            Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(self.patience)?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    /// A connection that writes.
    pub fn writer(&self) -> Result<Connection, Fault> {
        let connection = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "cache_size", -i64::from(self.cache))?;
        connection.pragma_update_and_check(None, "wal_autocheckpoint", PAGES_MAX, |_| Ok(()))?;
        if let Some(pages) = self.max_pages {
            connection.pragma_update(None, "max_page_count", pages)?;
        }
        Ok(connection)
    }
}

/// The one connection that appends. Whoever holds it has the turn to write.
pub struct Writer {
    opening: Opening,
    connection: Option<Connection>,
}

impl Writer {
    /// Opens nothing yet.
    pub fn new(opening: Opening) -> Self {
        Self { opening, connection: None }
    }

    /// Closes the connection.
    pub fn close(&mut self) {
        self.connection = None;
    }

    /// Appends a batch: everything or nothing.
    pub fn append(&mut self, term: Term, batch: &Batch) -> Result<(), StoreError> {
        // Kept only if nothing is left open in it.
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.opening.writer().map_err(|fault| fault.error)?,
        };
        let appended = carry_out(&connection, &plan::of(term, batch));
        if connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok() {
            self.connection = Some(connection);
        }
        appended
    }
}

fn carry_out(connection: &Connection, steps: &[Step<'_>]) -> Result<(), StoreError> {
    let run = |sql| connection.prepare_cached(sql)?.raw_execute().map_err(Fault::from);
    // Taken at once, the lock cannot be lost half-way through to a reader turned writer.
    run("BEGIN IMMEDIATE").map_err(|fault| fault.error)?;
    for step in steps {
        match step {
            Step::Change { sql, values, missed, taken } => {
                let changed = change(connection, sql, values);
                missed.judge(changed.map_err(|fault| taken.judge(fault))?)?;
            }
            Step::Rows { inserts, width, values, taken } => {
                add(connection, inserts, *width, values).map_err(|fault| taken.judge(fault))?;
            }
        }
    }
    run("COMMIT").map(|_| ()).map_err(|fault| fault.error)
}

/// SQLite counts the places of `$1` and its like in the order in which they are met, and those of
/// `?1` by their number.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn change(connection: &Connection, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
    let mut statement = connection.prepare_cached(&numbered(sql))?;
    bind(&mut statement, values)?;
    Ok(statement.raw_execute()? as u64)
}

/// One row at a time: here a statement costs less than the list of places of a longer one.
fn add(
    connection: &Connection,
    inserts: &sql::Inserts,
    width: usize,
    values: &[Value<'_>],
) -> Result<(), Fault> {
    let [.., one] = inserts;
    if values.is_empty() {
        return Ok(());
    }
    let mut statement: CachedStatement<'_> = connection.prepare_cached(&one.plain)?;
    for row in values.chunks_exact(width) {
        bind(&mut statement, row)?;
        statement.raw_execute()?;
    }
    Ok(())
}

fn bind(statement: &mut Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<()> {
    for (place, value) in (1..).zip(values) {
        match *value {
            Value::Text(text) => statement.raw_bind_parameter(place, text),
            Value::MaybeText(text) => statement.raw_bind_parameter(place, text),
            Value::Int(number) => statement.raw_bind_parameter(place, number),
            Value::MaybeInt(number) => statement.raw_bind_parameter(place, number),
            Value::Bytes(bytes) => statement.raw_bind_parameter(place, bytes),
            Value::Digest(digest) => statement.raw_bind_parameter(place, digest.hex().as_str()),
            Value::MaybeDigest(digest) => {
                let text = digest.map(|digest| digest.hex());
                statement.raw_bind_parameter(place, text.as_ref().map(|text| text.as_str()))
            }
            Value::Withheld(digest) => statement.raw_bind_parameter(place, format!("#{digest}")),
        }?;
    }
    Ok(())
}

/// Connections that read records, made when they are needed.
#[derive(Clone)]
pub struct Readers {
    opening: Arc<Opening>,
    /// Those that nobody uses; none once it is closed.
    idle: Arc<Mutex<Option<Vec<Connection>>>>,
}

impl Readers {
    /// Opens nothing yet.
    pub fn new(opening: Opening) -> Self {
        Self { opening: Arc::new(opening), idle: Arc::new(Mutex::new(Some(Vec::new()))) }
    }

    /// Closes the connections; those in use follow when they are done.
    pub fn close(&self) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Hands over records after a sequence number, in order, each as soon as it is read. Tells
    /// whether all of them were what was written; the first that is not ends the reading.
    pub fn read<E: From<StoreError>>(
        &self,
        place: (&JournalId, u32, u64),
        limit: u32,
        each: impl FnMut(Record) -> Result<(), E>,
    ) -> Result<bool, E> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let held = idle().as_mut().map(Vec::pop);
        let closed = || StoreError::Unavailable("the store is closed".into());
        let connection = match held.ok_or_else(closed)? {
            Some(connection) => connection,
            None => {
                let opened = self.opening.open(OpenFlags::SQLITE_OPEN_READ_ONLY);
                opened.map_err(|fault| fault.error)?
            }
        };
        let read = read(&connection, place, limit, each);
        if read.is_ok()
            && let Some(idle) = idle().as_mut()
        {
            idle.push(connection);
        }
        match read.map_err(|fault| fault.error) {
            Ok(handed_over) => handed_over,
            Err(StoreError::Corrupt(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

fn read<E>(
    connection: &Connection,
    (journal, epoch, after): (&JournalId, u32, u64),
    limit: u32,
    mut each: impl FnMut(Record) -> Result<(), E>,
) -> Result<Result<bool, E>, Fault> {
    let mut statement = connection.prepare_cached(&numbered(sql::CHUNK_ROWS))?;
    let place = (journal.as_str(), epoch, int(after), limit);
    let mut rows = statement.query(place)?;
    while let Some(row) = rows.next()? {
        let Some(record) = record_of(row, journal, epoch) else {
            return Ok(Ok(false));
        };
        if let Err(error) = each(record) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(true))
}

fn record_of(row: &Row<'_>, journal: &JournalId, epoch: u32) -> Option<Record> {
    let text = |column| match row.get_ref(column).ok()? {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    };
    let part = |column| match row.get_ref(column).ok()? {
        ValueRef::Null => Some(None),
        _ => text(column).map(Some),
    };
    let number = |column| match row.get_ref(column).ok()? {
        ValueRef::Integer(number) => Some(number),
        _ => None,
    };
    let (seq, recorded) = (u64::try_from(number(0)?).ok()?, Time(number(1)?));
    let hash: Digest = text(2)?.parse().ok()?;
    let private = part(5)?.map(str::to_owned);
    let (hash, body, private) = parts_of(hash, text(3)?.to_owned(), part(4)?, private).ok()?;
    Some(Record { journal: journal.clone(), epoch, seq, recorded, body, private, hash })
}
