//! What the engine wrote, in the order in which it did.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use rusqlite::{Connection, OpenFlags, Row};

/// A record's row.
pub(super) struct RecordRow {
    pub(super) journal: String,
    pub(super) epoch: i64,
    pub(super) seq: i64,
    pub(super) recorded: i64,
    pub(super) hash: String,
    pub(super) content: String,
    pub(super) salt: Option<String>,
    pub(super) private: Option<String>,
    /// The subjects that stand beside it.
    pub(super) subjects: Vec<String>,
    /// The command that led to it.
    pub(super) command: CommandRow,
}

/// A command's row; its reference is to its record.
pub(super) struct CommandRow {
    pub(super) actor: String,
    pub(super) key: String,
    pub(super) digest: String,
    pub(super) count: i64,
}

/// What a run added, and where the journals stood before.
pub(super) struct Rows {
    pub(super) records: Vec<RecordRow>,
    /// What stood there already.
    pub(super) first: Vec<RecordRow>,
    pub(super) before: HashMap<String, i64>,
}

/// Opens a database to look into it.
pub(super) fn open(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    Connection::open_with_flags(file, flags).with_context(|| file.display().to_string())
}

/// Reads what was added after these heads.
pub(super) fn read(file: &Path, before: &[(String, u64)]) -> Result<Rows> {
    let database = open(file)?;
    let before: HashMap<_, _> =
        before.iter().map(|(journal, seq)| (journal.clone(), *seq as i64)).collect();
    let mut commands = by_place(
        &database,
        "SELECT journal, seq, actor, key, digest, count FROM commands",
        |row| {
            let (actor, key) = (row.get(2)?, row.get(3)?);
            Ok(CommandRow { actor, key, digest: row.get(4)?, count: row.get(5)? })
        },
    )?;
    let subjects = "SELECT journal, seq, subject FROM subjects";
    let mut subjects = by_place(&database, subjects, |row| row.get::<_, String>(2))?;
    // Times never go back within a journal, so this is the order in which they were decided.
    let mut statement = database.prepare(
        "SELECT journal, epoch, seq, recorded, hash, content, salt, private FROM records \
         ORDER BY recorded, journal, epoch, seq",
    )?;
    let mut found = statement.query([])?;
    let (mut first, mut records) = (Vec::new(), Vec::new());
    while let Some(row) = found.next()? {
        let (journal, seq): (String, i64) = (row.get(0)?, row.get(2)?);
        let is_first = before.get(&journal).is_some_and(|last| seq <= *last);
        let place = (journal.clone(), seq);
        let command = commands.remove(&place).and_then(|mut all| all.pop());
        let to = if is_first { &mut first } else { &mut records };
        to.push(RecordRow {
            journal,
            epoch: row.get(1)?,
            seq,
            recorded: row.get(3)?,
            hash: row.get(4)?,
            content: row.get(5)?,
            salt: row.get(6)?,
            private: row.get(7)?,
            subjects: subjects.remove(&place).unwrap_or_default(),
            command: command.context("a record without a command")?,
        });
    }
    Ok(Rows { records, first, before })
}

type ByPlace<T> = HashMap<(String, i64), Vec<T>>;

fn by_place<T>(
    database: &Connection,
    sql: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<ByPlace<T>> {
    let mut statement = database.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut all: ByPlace<T> = HashMap::new();
    while let Some(row) = rows.next()? {
        all.entry((row.get(0)?, row.get(1)?)).or_default().push(read(row)?);
    }
    Ok(all)
}
