//! Every statement that both databases run, once.

use std::sync::LazyLock;

/// Head of every journal.
pub const HEADS: &str = "SELECT journal, epoch, seq, hash, recorded, local FROM heads";

/// Last record of every epoch of a journal.
pub const EPOCHS: &str = "\
    SELECT journal, epoch, seq, hash, recorded, local FROM epoch_ends WHERE journal = $1 \
    UNION ALL \
    SELECT journal, epoch, seq, hash, recorded, local FROM heads WHERE journal = $1 \
    ORDER BY epoch";

/// A new writer takes over.
pub const TAKE_WRITER: &str = "UPDATE writer SET term = term + 1 WHERE id = 1 RETURNING term";

/// Changes one row if the term still stands, and keeps others from taking it until the commit.
pub const HOLD_WRITER: &str = "UPDATE writer SET term = term WHERE id = 1 AND term = $1";

/// Writes what stands there, to learn whether anything can be written; nothing else is appended
/// until the commit.
pub const PROBE: &str = "UPDATE writer SET term = term WHERE id = 1";

/// The head before an epoch becomes the end of the epoch before.
pub const END_EPOCH: &str = "\
    INSERT INTO epoch_ends (journal, epoch, seq, hash, recorded, local) \
    SELECT journal, epoch, seq, hash, recorded, local FROM heads \
    WHERE journal = $1 AND epoch < $2";

/// An epoch that ends within a batch.
pub const ADD_EPOCH_END: &str = "\
    INSERT INTO epoch_ends (journal, epoch, seq, hash, recorded, local) \
    VALUES ($1, $2, $3, $4, $5, $6)";

/// The first head of a journal or epoch.
pub const FIRST_HEAD: &str = "\
    INSERT INTO heads (journal, epoch, seq, hash, recorded, local) \
    VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (journal) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, \
        hash = excluded.hash, recorded = excluded.recorded, local = excluded.local \
    WHERE heads.epoch < excluded.epoch";

/// Moves a head that stands where it is thought to stand.
pub const MOVE_HEAD: &str = "\
    UPDATE heads SET epoch = $2, seq = $3, hash = $4, recorded = $5, local = $6 \
    WHERE journal = $1 AND epoch = $7 AND seq = $8 AND hash = $9";

/// Removes a private part and its salt.
pub const ERASE: &str = "\
    UPDATE records SET salt = NULL, private = NULL \
    WHERE journal = $1 AND epoch = $2 AND seq = $3";

/// Notes how far the journal reaches at an erasure.
pub const NOTE_ERASURE: &str = "\
    INSERT INTO erasures (journal, epoch, seq) \
    SELECT journal, epoch, seq FROM heads WHERE journal = $1 \
    ON CONFLICT (journal) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq";

/// A command that was carried out.
pub const COMMAND: &str = "\
    SELECT digest, journal, epoch, seq, hash, count FROM commands \
    WHERE actor = $1 AND key = $2";

/// Records after one, as one text: fields end with unit separators, records with record
/// separators. JSON holds neither. One row costs less than thousands. The order is made sure of by
/// whoever reads it: asked for here, it doubles the time.
pub const CHUNK: &str = "\
    SELECT string_agg(concat(seq, '\u{1f}', recorded, '\u{1f}', hash, '\u{1f}', content, '\u{1f}', \
        salt, '\u{1f}', private), '\u{1e}') \
    FROM (SELECT seq, recorded, hash, content, salt, private FROM records \
        WHERE journal = $1 AND epoch = $2 AND seq > $3 ORDER BY seq LIMIT $4) AS part";

/// Records after one, in order, a row each, for who reads rows without a detour.
pub const CHUNK_ROWS: &str = "\
    SELECT seq, recorded, hash, content, salt, private FROM records \
    WHERE journal = $1 AND epoch = $2 AND seq > $3 ORDER BY seq LIMIT $4";

/// Which records a chunk would hold.
pub const CHUNK_SEQS: &str = "\
    SELECT seq FROM records WHERE journal = $1 AND epoch = $2 AND seq > $3 \
    ORDER BY seq LIMIT $4";

/// One record.
pub const RECORD: &str = "\
    SELECT journal, epoch, seq, recorded, hash, content, salt, private FROM records \
    WHERE journal = $1 AND epoch = $2 AND seq = $3";

/// Records about a subject, newest first.
pub const ABOUT: &str = "\
    SELECT r.journal, r.epoch, r.seq, r.recorded, r.hash, r.content, r.salt, r.private \
    FROM subjects s JOIN records r \
        ON r.journal = s.journal AND r.epoch = s.epoch AND r.seq = s.seq \
    WHERE s.subject = $1 AND s.journal = $2 AND (s.epoch, s.seq) < ($3, $4) \
    ORDER BY s.epoch DESC, s.seq DESC LIMIT $5";

/// Records of a journal, newest first.
pub const RECENT: &str = "\
    SELECT journal, epoch, seq, recorded, hash, content, salt, private FROM records \
    WHERE journal = $1 AND (epoch, seq) < ($2, $3) \
    ORDER BY epoch DESC, seq DESC LIMIT $4";

/// Adds a snapshot unless something was erased after its record.
pub const ADD_SNAPSHOT: &str = "\
    INSERT INTO snapshots (journal, epoch, seq, hash, recorded, format, len, checksum) \
    SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), \
        CAST($5 AS BIGINT), CAST($6 AS TEXT), CAST($7 AS BIGINT), CAST($8 AS TEXT) \
    WHERE NOT EXISTS (\
        SELECT 1 FROM erasures \
        WHERE erasures.journal = $1 AND (erasures.epoch, erasures.seq) > ($2, $3))";

/// Whether something was erased after a record.
pub const ERASED_AFTER: &str = "\
    SELECT epoch, seq FROM erasures WHERE journal = $1 AND (epoch, seq) > ($2, $3)";

/// Adds a part of a snapshot.
pub const ADD_SNAPSHOT_PART: &str = "\
    INSERT INTO snapshot_parts (journal, epoch, seq, part, bytes) VALUES ($1, $2, $3, $4, $5)";

/// Snapshots of a journal, newest first.
pub const SNAPSHOTS: &str = "\
    SELECT journal, epoch, seq, hash, recorded, format, len, checksum FROM snapshots \
    WHERE journal = $1 ORDER BY epoch DESC, seq DESC";

/// A part of a snapshot.
pub const SNAPSHOT_PART: &str = "\
    SELECT bytes FROM snapshot_parts \
    WHERE journal = $1 AND epoch = $2 AND seq = $3 AND part = $4";

/// Drops a snapshot.
pub const DROP_SNAPSHOT: &str = "\
    DELETE FROM snapshots WHERE journal = $1 AND epoch = $2 AND seq = $3";

/// Drops a snapshot's parts.
pub const DROP_SNAPSHOT_PARTS: &str = "\
    DELETE FROM snapshot_parts WHERE journal = $1 AND epoch = $2 AND seq = $3";

/// Drops all snapshots of a journal.
pub const DROP_SNAPSHOTS: &str = "DELETE FROM snapshots WHERE journal = $1";

/// Drops the parts of all snapshots of a journal.
pub const DROP_ALL_SNAPSHOT_PARTS: &str = "DELETE FROM snapshot_parts WHERE journal = $1";

/// A document on the shelf.
pub const SHELF_GET: &str = "SELECT value FROM shelf WHERE kind = $1 AND key = $2";

/// Puts a document on the shelf.
pub const SHELF_PUT: &str = "\
    INSERT INTO shelf (kind, key, value) VALUES ($1, $2, $3) \
    ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value";

/// Puts a document on the shelf if its place is free.
pub const SHELF_ADD: &str = "\
    INSERT INTO shelf (kind, key, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

/// Puts a document on the shelf in place of one that must stand there.
pub const SHELF_SWAP: &str =
    "UPDATE shelf SET value = $4 WHERE kind = $1 AND key = $2 AND value = $3";

/// Takes a document off the shelf.
pub const SHELF_REMOVE: &str = "DELETE FROM shelf WHERE kind = $1 AND key = $2";

/// All documents of a kind.
pub const SHELF_LIST: &str = "SELECT key, value FROM shelf WHERE kind = $1 ORDER BY key";

/// The version of the tables.
pub const SCHEMA_VERSION: &str = "SELECT version FROM samband_schema";

/// Sets the version of new tables.
pub const SET_SCHEMA_VERSION: &str = "INSERT INTO samband_schema (version) VALUES ($1)";

/// Answers if the database does.
pub const PING: &str = "SELECT term FROM writer WHERE id = 1";

/// Every constant above, for a test that prepares them on both databases.
pub const ALL: &[&str] = &[
    HEADS,
    EPOCHS,
    TAKE_WRITER,
    HOLD_WRITER,
    END_EPOCH,
    ADD_EPOCH_END,
    FIRST_HEAD,
    MOVE_HEAD,
    ERASE,
    NOTE_ERASURE,
    COMMAND,
    CHUNK,
    CHUNK_ROWS,
    CHUNK_SEQS,
    RECORD,
    ABOUT,
    RECENT,
    ADD_SNAPSHOT,
    ERASED_AFTER,
    ADD_SNAPSHOT_PART,
    SNAPSHOTS,
    SNAPSHOT_PART,
    DROP_SNAPSHOT,
    DROP_SNAPSHOT_PARTS,
    DROP_SNAPSHOTS,
    DROP_ALL_SNAPSHOT_PARTS,
    SHELF_GET,
    SHELF_PUT,
    SHELF_ADD,
    SHELF_SWAP,
    SHELF_REMOVE,
    SHELF_LIST,
    SCHEMA_VERSION,
    SET_SCHEMA_VERSION,
    PING,
    PROBE,
];

/// A table as it is filled: several rows with one statement.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, those of the key first.
    pub columns: &'static [&'static str],
    /// How many columns the key has.
    pub key: usize,
    /// Which columns hold whole numbers; the others hold text.
    pub numbers: &'static [&'static str],
    /// What follows the values.
    pub ending: &'static str,
}

/// How many rows one statement adds, largest first.
pub const ROWS: [usize; 3] = [64, 8, 1];

impl Table {
    /// The statement that adds that many rows.
    #[must_use]
    pub fn insert(&self, rows: usize) -> Insert {
        Insert {
            numbered: self.insert_with(rows, |n| format!("${n}")),
            plain: self.insert_with(rows, |_| "?".into()),
        }
    }

    fn insert_with(&self, rows: usize, place: impl Fn(usize) -> String) -> String {
        let width = self.columns.len();
        let row = |row: usize| {
            let values: Vec<_> = (1..=width).map(|i| place(row * width + i)).collect();
            format!("({})", values.join(","))
        };
        let values: Vec<_> = (0..rows).map(row).collect();
        let columns = self.columns.join(", ");
        let Self { name, ending, .. } = self;
        format!("INSERT INTO {name} ({columns}) VALUES {}{ending}", values.join(","))
    }
}

/// Statements that add 64, 8 and 1 rows to a table.
pub type Inserts = [Insert; 3];

/// One statement, with the places of its values written in both ways.
pub struct Insert {
    /// `$1`, `$2`, …, for PostgreSQL.
    pub numbered: String,
    /// `?` every time, for SQLite: it keeps a list of all names of a statement and walks through
    /// it for every value, which is felt with hundreds of them.
    pub plain: String,
}

/// How many rows of a table a copy reads at once.
pub const PAGE: usize = 512;

/// The statements that copy a table.
pub struct Copying {
    /// The table.
    pub table: &'static Table,
    /// Reads the first rows by key.
    pub first: String,
    /// Reads the rows after a key.
    pub next: String,
    /// Adds rows.
    pub inserts: Inserts,
}

fn inserts(table: &Table) -> Inserts {
    ROWS.map(|rows| table.insert(rows))
}

fn copying(table: &'static Table) -> Copying {
    let key = table.columns[..table.key].join(", ");
    let place: Vec<_> = (1..=table.key).map(|i| format!("${i}")).collect();
    let from = format!("SELECT {} FROM {}", table.columns.join(", "), table.name);
    Copying {
        table,
        first: format!("{from} ORDER BY {key} LIMIT {PAGE}"),
        next: format!("{from} WHERE ({key}) > ({}) ORDER BY {key} LIMIT {PAGE}", place.join(", ")),
        inserts: inserts(table),
    }
}

const NUMBERS: &[&str] = &["epoch", "seq", "recorded", "local", "count"];

const fn table(
    name: &'static str,
    key: usize,
    columns: &'static [&'static str],
    ending: &'static str,
) -> Table {
    Table { name, columns, key, numbers: NUMBERS, ending }
}

/// Records.
pub static RECORDS: Table = table(
    "records",
    3,
    &["journal", "epoch", "seq", "recorded", "hash", "content", "salt", "private"],
    "",
);

/// What records are about. The same word twice about one record says nothing more.
pub static SUBJECTS: Table =
    table("subjects", 4, &["subject", "journal", "epoch", "seq"], " ON CONFLICT DO NOTHING");

/// Commands that were carried out.
pub static COMMANDS: Table = table(
    "commands",
    2,
    &["actor", "key", "digest", "journal", "epoch", "seq", "hash", "count"],
    "",
);

static HEADS_TABLE: Table =
    table("heads", 1, &["journal", "epoch", "seq", "hash", "recorded", "local"], "");
static EPOCH_ENDS: Table =
    table("epoch_ends", 2, &["journal", "epoch", "seq", "hash", "recorded", "local"], "");
static ERASURES: Table = table("erasures", 1, &["journal", "epoch", "seq"], "");
static SHELF: Table = table("shelf", 2, &["kind", "key", "value"], "");

/// Adds records.
pub static ADD_RECORDS: LazyLock<Inserts> = LazyLock::new(|| inserts(&RECORDS));
/// Adds subjects.
pub static ADD_SUBJECTS: LazyLock<Inserts> = LazyLock::new(|| inserts(&SUBJECTS));
/// Adds commands.
pub static ADD_COMMANDS: LazyLock<Inserts> = LazyLock::new(|| inserts(&COMMANDS));

/// What a copy takes along: everything but the writer's term, and snapshots, which can be made
/// again.
pub static COPIED: LazyLock<Vec<Copying>> = LazyLock::new(|| {
    [&HEADS_TABLE, &EPOCH_ENDS, &RECORDS, &SUBJECTS, &COMMANDS, &ERASURES, &SHELF]
        .map(copying)
        .into()
});
