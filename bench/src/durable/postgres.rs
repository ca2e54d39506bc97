//! PostgreSQL with one transaction for each command.

use std::collections::BTreeSet;
use std::str::FromStr as _;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use samband_domain::Digest;
use samband_journal::{Chain, Store};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use super::rows::{RecordRow, Rows};
use super::server::Database;
use super::{Timing, crowd};

const READ_HEAD: &str =
    "SELECT epoch, seq, hash, recorded FROM heads WHERE journal = $1 FOR UPDATE";
const ADD_COMMAND: &str = "INSERT INTO commands (actor, key, digest, journal, epoch, seq, hash, \
    count) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const ADD_RECORD: &str = "INSERT INTO records (journal, epoch, seq, recorded, hash, content, \
    salt, private) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const ADD_SUBJECT: &str = "INSERT INTO subjects (subject, journal, epoch, seq) \
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const MOVE_HEAD: &str = "UPDATE heads SET seq = $2, hash = $3, recorded = $4 \
    WHERE journal = $1 AND epoch = $5 AND seq = $6 AND hash = $7";
const FIRST_HEAD: &str = "INSERT INTO heads (journal, epoch, seq, hash, recorded, local) \
    VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (journal) DO UPDATE SET seq = excluded.seq, \
    hash = excluded.hash, recorded = excluded.recorded";
const ONE_STATEMENT: &str = "\
    WITH moved AS (\
        UPDATE heads SET seq = heads.seq + 1, recorded = greatest(heads.recorded, $2), \
            hash = encode(sha256(convert_to('samband-record/1 ' || heads.journal || ' ' \
                || heads.epoch || ' ' || (heads.seq + 1) || ' ' || greatest(heads.recorded, $2) \
                || ' ' || heads.hash || ' ' || $3, 'UTF8')), 'hex') \
        WHERE heads.journal = $1 RETURNING journal, epoch, seq, recorded, hash\
    ), kept AS (\
        INSERT INTO records (journal, epoch, seq, recorded, hash, content) \
        SELECT journal, epoch, seq, recorded, hash, $4 FROM moved\
    ), about AS (\
        INSERT INTO subjects (subject, journal, epoch, seq) \
        SELECT $5, journal, epoch, seq FROM moved ON CONFLICT DO NOTHING\
    ) \
    INSERT INTO commands (actor, key, digest, journal, epoch, seq, hash, count) \
    SELECT $6, $7, $8, journal, epoch, seq, hash, $9 FROM moved";

/// How a transaction is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Statement by statement.
    Usual,
    /// All in one.
    OneStatement,
}

impl Way {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::OneStatement => "one statement",
        }
    }
}

/// Carries the first `count` commands out again, each in a transaction, and compares.
pub(super) async fn run(
    database: &Database,
    rows: &Rows,
    count: usize,
    (in_flight, pool): (usize, u32),
    way: Way,
) -> Result<Timing> {
    // The engine's own tables.
    Store::open_postgres(&database.url).await?.close().await;
    let options = PgConnectOptions::from_str(&database.url)?.disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(pool)
        .min_connections(pool)
        .test_before_acquire(false)
        .acquire_timeout(std::time::Duration::from_secs(60))
        .connect_with(options)
        .await?;
    begin(&pool, &rows.first).await?;
    let todo: Arc<Vec<_>> = Arc::new(rows.records[..count].iter().map(Todo::of).collect());
    let work = {
        let (pool, todo) = (pool.clone(), Arc::clone(&todo));
        move |n: u64| {
            let (pool, todo) = (pool.clone(), Arc::clone(&todo));
            async move {
                let todo = &todo[n as usize];
                match way {
                    Way::Usual => usual(&pool, todo).await,
                    Way::OneStatement => one_statement(&pool, todo).await,
                }
            }
        }
    };
    let timing = crowd::run(in_flight, count as u64, work).await?;
    pool.close().await;
    compare(database, rows, &todo).await.context("PostgreSQL holds something else")?;
    Ok(timing)
}

/// One command's content, without a place.
struct Todo {
    journal: String,
    recorded: i64,
    content: String,
    subject: String,
    actor: String,
    key: String,
    digest: String,
    count: i64,
}

impl Todo {
    fn of(row: &RecordRow) -> Self {
        Self {
            journal: row.journal.clone(),
            recorded: row.recorded,
            content: row.content.clone(),
            subject: row.subjects.first().cloned().unwrap_or_default(),
            actor: row.command.actor.clone(),
            key: row.command.key.clone(),
            digest: row.command.digest.clone(),
            count: row.command.count,
        }
    }
}

/// What stood in the journals before the run.
async fn begin(pool: &PgPool, first: &[RecordRow]) -> Result<()> {
    for row in first {
        add_record(pool, row).await?;
        let head = sqlx::query(FIRST_HEAD).bind(&row.journal).bind(row.epoch).bind(row.seq);
        head.bind(&row.hash).bind(row.recorded).execute(pool).await?;
    }
    Ok(())
}

async fn add_record(pool: &PgPool, row: &RecordRow) -> Result<()> {
    let query = sqlx::query(ADD_RECORD).bind(&row.journal).bind(row.epoch).bind(row.seq);
    let query = query.bind(row.recorded).bind(&row.hash).bind(&row.content);
    query.bind(&row.salt).bind(&row.private).execute(pool).await?;
    Ok(())
}

async fn usual(pool: &PgPool, todo: &Todo) -> Result<()> {
    let mut tx = pool.begin().await?;
    let head = sqlx::query_as(READ_HEAD).bind(&todo.journal).fetch_one(&mut *tx).await?;
    let (epoch, seq, hash, recorded): (i64, i64, String, i64) = head;
    let recorded_now = recorded.max(todo.recorded);
    let content = Digest::of(todo.content.as_bytes());
    let link = format!(
        "samband-record/1 {} {epoch} {} {recorded_now} {hash} {content}",
        todo.journal,
        seq + 1
    );
    let next = Digest::of(link.as_bytes()).to_string();
    let query = sqlx::query(ADD_COMMAND).bind(&todo.actor).bind(&todo.key).bind(&todo.digest);
    let query = query.bind(&todo.journal).bind(epoch).bind(seq + 1).bind(&next);
    query.bind(todo.count).execute(&mut *tx).await?;
    let query = sqlx::query(ADD_RECORD).bind(&todo.journal).bind(epoch).bind(seq + 1);
    let query = query.bind(recorded_now).bind(&next).bind(&todo.content);
    query.bind(None::<&str>).bind(None::<&str>).execute(&mut *tx).await?;
    let query = sqlx::query(ADD_SUBJECT).bind(&todo.subject).bind(&todo.journal);
    query.bind(epoch).bind(seq + 1).execute(&mut *tx).await?;
    let query = sqlx::query(MOVE_HEAD).bind(&todo.journal).bind(seq + 1).bind(&next);
    let query = query.bind(recorded_now).bind(epoch).bind(seq).bind(&hash);
    let moved = query.execute(&mut *tx).await?.rows_affected();
    ensure!(moved == 1, "the head of {} moved", todo.journal);
    tx.commit().await?;
    Ok(())
}

async fn one_statement(pool: &PgPool, todo: &Todo) -> Result<()> {
    let content = Digest::of(todo.content.as_bytes()).to_string();
    let query = sqlx::query(ONE_STATEMENT).bind(&todo.journal).bind(todo.recorded).bind(content);
    let query = query.bind(&todo.content).bind(&todo.subject).bind(&todo.actor);
    let query = query.bind(&todo.key).bind(&todo.digest).bind(todo.count);
    let added = query.execute(pool).await?.rows_affected();
    ensure!(added == 1, "the command was not added");
    Ok(())
}

/// Every command is there once with its content, and every chain verifies up to its head.
async fn compare(database: &Database, rows: &Rows, todo: &[Todo]) -> Result<()> {
    let store = Store::open_postgres(&database.url).await?;
    let mut found = BTreeSet::new();
    for head in store.heads().await? {
        let mut chain = Chain::before(head.at.journal.clone());
        while chain.seq < head.at.seq {
            let records = store.read(&chain.journal, chain.epoch, chain.seq, 1_024).await?;
            ensure!(!records.is_empty(), "{} ends at {}", chain.journal, chain.seq);
            for record in &records {
                chain.extend(record)?;
                ensure!(found.insert((head.at.journal.to_string(), record.body.digest())));
            }
        }
        ensure!(chain.head().as_ref() == Some(&head.at), "the head of {} is wrong", chain.journal);
    }
    store.close().await;
    let contents = rows.first.iter().map(|row| (&row.journal, &row.content));
    let contents = contents.chain(todo.iter().map(|todo| (&todo.journal, &todo.content)));
    let digest = |content: &String| Digest::of(content.as_bytes());
    let expected: BTreeSet<_> =
        contents.map(|(journal, content)| (journal.clone(), digest(content))).collect();
    ensure!(found == expected, "{} contents, expected {}", found.len(), expected.len());
    let pool = PgPool::connect(&database.url).await?;
    let counts: (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM commands \
            JOIN records USING (journal, epoch, seq, hash)), \
            (SELECT count(*) FROM subjects s JOIN records r USING (journal, epoch, seq))",
    )
    .fetch_one(&pool)
    .await?;
    pool.close().await;
    let wanted = todo.len() as i64;
    ensure!(counts == (wanted, wanted), "{counts:?} commands and subjects of {wanted}");
    Ok(())
}
