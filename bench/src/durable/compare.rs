//! Two databases hold the same, row by row.

use std::path::Path;

use anyhow::{Result, ensure};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Rows};
use samband_domain::Digest;
use samband_domain::words::Hasher;

use super::rows::open;

const TABLES: [(&str, &str); 4] = [
    ("records", "journal, epoch, seq"),
    ("commands", "actor, key"),
    ("subjects", "subject, journal, epoch, seq"),
    ("heads", "journal"),
];

/// Checks that every table that a command touches holds the same rows in both.
pub(super) fn same(one: &Path, other: &Path) -> Result<()> {
    let (one, other) = (open(one)?, open(other)?);
    for (table, key) in TABLES {
        let (a, b) = (digest(&one, table, key)?, digest(&other, table, key)?);
        ensure!(a == b, "{table}: {} rows here, {} there, or other values", a.0, b.0);
        ensure!(a.0 > 0, "{table} is empty");
    }
    Ok(())
}

/// How many rows a table has, and a digest over all its values.
fn digest(database: &Connection, table: &str, key: &str) -> Result<(u64, Digest)> {
    let mut statement = database.prepare(&format!("SELECT * FROM {table} ORDER BY {key}"))?;
    let columns = statement.column_count();
    let mut rows: Rows<'_> = statement.query([])?;
    let (mut hasher, mut count) = (Hasher::new(), 0);
    while let Some(row) = rows.next()? {
        count += 1;
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Null => hasher.update(b"\0n"),
                ValueRef::Integer(number) => hasher.update(&number.to_be_bytes()),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                    hasher.update(&bytes.len().to_be_bytes());
                    hasher.update(bytes);
                }
                ValueRef::Real(_) => anyhow::bail!("{table} holds a fraction"),
            }
        }
    }
    Ok((count, hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(folder: &Path, name: &str, hash: &str) -> std::path::PathBuf {
        let file = folder.join(name);
        let database = Connection::open(&file).unwrap();
        let made = database.execute_batch(&format!(
            "CREATE TABLE records (journal TEXT, epoch INTEGER, seq INTEGER, hash TEXT);
             CREATE TABLE commands (actor TEXT, key TEXT);
             CREATE TABLE subjects (subject TEXT, journal TEXT, epoch INTEGER, seq INTEGER);
             CREATE TABLE heads (journal TEXT);
             INSERT INTO records VALUES ('a', 1, 1, 'x'), ('a', 1, 2, '{hash}');
             INSERT INTO commands VALUES ('a', 'k');
             INSERT INTO subjects VALUES ('s', 'a', 1, 1);
             INSERT INTO heads VALUES ('a');"
        ));
        made.unwrap();
        file
    }

    #[test]
    fn one_other_value_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let one = database(folder.path(), "one", "y");
        same(&one, &database(folder.path(), "same", "y")).unwrap();
        let error = same(&one, &database(folder.path(), "other", "z")).unwrap_err();
        assert!(error.to_string().starts_with("records"), "{error}");
    }
}
