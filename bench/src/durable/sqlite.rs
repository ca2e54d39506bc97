//! Raw SQLite: the same rows into the same tables, and nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rusqlite::{CachedStatement, Connection, params};
use samband_journal::store::sql::HOLD_WRITER;

use super::rows::{RecordRow, Rows};
use crate::stopwatch::{processor_each, processor_time};

const ADD_COMMAND: &str = "INSERT INTO commands VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const ADD_RECORD: &str = "INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const ADD_SUBJECT: &str = "INSERT INTO subjects VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
const MOVE_HEAD: &str = "UPDATE heads SET seq = ?2, hash = ?3, recorded = ?4 \
    WHERE journal = ?1 AND epoch = ?5 AND seq = ?6";

/// Makes the engine's database again in another file, in as many transactions as the engine used;
/// tells how long the rows took that the run added, and the processor time of each in microseconds.
pub(super) fn replay(
    ours: &Path,
    theirs: &Path,
    rows: &Rows,
    transactions: u64,
) -> Result<(Duration, f64)> {
    let database = Connection::open(theirs)?;
    // The engine's own settings, but the log is written back as SQLite does by itself.
    database.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON; PRAGMA cache_size = -64000;",
    )?;
    database.set_prepared_statement_cache_capacity(16);
    let term = copy_beginning(&database, ours, rows)?;
    let mut reached = rows.before.clone();
    let total = rows.records.len() as u64;
    let edge = |n: u64| (n * total / transactions.max(1)) as usize;
    let processor = processor_time();
    let started = Instant::now();
    for n in 0..transactions {
        let batch = &rows.records[edge(n)..edge(n + 1)];
        database.execute_batch("BEGIN IMMEDIATE")?;
        add(&database, term, batch, &mut reached)?;
        database.execute_batch("COMMIT")?;
    }
    Ok((started.elapsed(), processor_each(processor, total)))
}

/// The tables with their rules, and what stood in them before the run.
fn copy_beginning(database: &Connection, ours: &Path, rows: &Rows) -> Result<i64> {
    database.execute("ATTACH ?1 AS ours", [ours.display().to_string()])?;
    let mut made = database.prepare(
        "SELECT sql FROM ours.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
         ORDER BY rowid",
    )?;
    let scripts: Vec<String> = made.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    database.execute_batch(&scripts.join(";\n"))?;
    database.execute_batch("DELETE FROM writer; INSERT INTO writer SELECT * FROM ours.writer")?;
    for (journal, seq) in &rows.before {
        for table in ["records", "subjects", "commands"] {
            let copy = format!(
                "INSERT INTO {table} SELECT * FROM ours.{table} WHERE journal = ?1 AND seq <= ?2"
            );
            database.execute(&copy, params![journal, seq])?;
        }
        database.execute(
            "INSERT INTO heads SELECT journal, epoch, seq, hash, recorded, 1 FROM ours.records \
             WHERE journal = ?1 AND seq = ?2",
            params![journal, seq],
        )?;
    }
    let term = database.query_row("SELECT term FROM writer", [], |row| row.get(0))?;
    drop(made);
    database.execute_batch("DETACH ours; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(term)
}

/// The statements of one transaction; preparing them again costs nothing.
struct Statements<'c> {
    command: CachedStatement<'c>,
    record: CachedStatement<'c>,
    subject: CachedStatement<'c>,
    head: CachedStatement<'c>,
}

fn add(
    database: &Connection,
    term: i64,
    batch: &[RecordRow],
    reached: &mut std::collections::HashMap<String, i64>,
) -> Result<()> {
    let held = database.prepare_cached(HOLD_WRITER)?.execute([term])?;
    ensure!(held == 1, "somebody else writes");
    let mut run = Statements {
        command: database.prepare_cached(ADD_COMMAND)?,
        record: database.prepare_cached(ADD_RECORD)?,
        subject: database.prepare_cached(ADD_SUBJECT)?,
        head: database.prepare_cached(MOVE_HEAD)?,
    };
    for row in batch {
        let it = &row.command;
        let RecordRow { journal, epoch, seq, hash, .. } = row;
        let values = params![it.actor, it.key, it.digest, journal, epoch, seq, hash, it.count];
        run.command.execute(values)?;
    }
    let last: BTreeMap<_, _> = batch.iter().map(|row| (row.journal.as_str(), row)).collect();
    for (journal, row) in last {
        let from = reached.get(journal).copied().unwrap_or_default();
        let values = params![journal, row.seq, row.hash, row.recorded, row.epoch, from];
        ensure!(run.head.execute(values)? == 1, "the head of {journal} stood elsewhere");
        reached.insert(journal.to_owned(), row.seq);
    }
    for row in batch {
        let RecordRow { journal, epoch, seq, recorded, hash, content, salt, private, .. } = row;
        let values = params![journal, epoch, seq, recorded, hash, content, salt, private];
        run.record.execute(values)?;
    }
    for row in batch {
        for subject in &row.subjects {
            run.subject.execute(params![subject, row.journal, row.epoch, row.seq])?;
        }
    }
    Ok(())
}
