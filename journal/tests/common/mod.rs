//! Stores to test with, and a pen that writes journals into them.
#![allow(dead_code, reason = "each test program uses its part")]

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use samband_domain::{ActorId, Digest, Encoded, JournalId, RecordRef, Subject, Time};
use samband_journal::store::{Batch, HeadMove, StoreError, StoredCommand, Term};
use samband_journal::{Author, Chain, Record, Store};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

/// Where the tests find a PostgreSQL server.
const VARIABLE: &str = "SAMBAND_TEST_POSTGRES";

/// Runs the same tests on both databases.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $test() {
                $crate::common::on_sqlite(super::$test);
            })*
        }
        mod postgresql {
            $(#[test]
            #[ignore = "needs PostgreSQL: run cargo xtask verify"]
            fn $test() {
                $crate::common::on_postgres(super::$test);
            })*
        }
    };
}

/// A store for one test, and where it is.
pub struct Place {
    /// The store.
    pub store: Store,
    /// A folder of its own.
    pub folder: TempDir,
    /// SQLite's path or PostgreSQL's address.
    pub url: String,
}

impl Place {
    /// Opens the same database once more, as another program would.
    pub async fn again(&self) -> Store {
        open(&self.url).await
    }

    /// A path in the test's folder.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a statement behind the store's back.
    pub async fn behind(&self, sql: &str) -> Result<u64, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        if self.url.starts_with("postgres:") {
            let mut connection = PgConnection::connect(&self.url).await?;
            Ok(sqlx::raw_sql(sql).execute(&mut connection).await?.rows_affected())
        } else {
            let mut connection = SqliteConnection::connect(&self.url).await?;
            Ok(sqlx::raw_sql(sql).execute(&mut connection).await?.rows_affected())
        }
    }
}

async fn open(url: &str) -> Store {
    if url.starts_with("postgres:") {
        Store::open_postgres(url).await.unwrap()
    } else {
        Store::open_sqlite(url.as_ref()).await.unwrap()
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

async fn place(url: String, folder: TempDir) -> Place {
    Place { store: open(&url).await, folder, url }
}

pub async fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("samband.db").to_str().unwrap().to_owned();
    place(url, folder).await
}

/// A database of its own on the test server.
pub async fn postgres() -> Place {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var(VARIABLE)
        .unwrap_or_else(|_| panic!("{VARIABLE} is not set: run cargo xtask verify"));
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("samband_test_{}_{number}", std::process::id());
    let mut admin = PgConnection::connect(&server).await.unwrap();
    for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
    }
    let (server, _) = server.rsplit_once('/').unwrap();
    place(format!("{server}/{name}"), tempfile::tempdir().unwrap()).await
}

pub fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Place) -> F) {
    block_on(async { test(sqlite().await).await });
}

pub fn on_postgres<F: Future<Output = ()>>(test: impl FnOnce(Place) -> F) {
    block_on(async { test(postgres().await).await });
}

/// Writes one journal.
#[derive(Clone)]
pub struct Pen {
    pub journal: JournalId,
    pub epoch: u32,
    pub head: Option<(RecordRef, Time)>,
    pub local: bool,
    fresh_epoch: bool,
    batch_from: Option<RecordRef>,
}

impl Pen {
    pub fn new(journal: &str) -> Self {
        let journal = journal.parse().unwrap();
        Self { journal, epoch: 1, head: None, local: true, fresh_epoch: true, batch_from: None }
    }

    /// The next record is the first of the next epoch.
    pub fn next_epoch(&mut self) {
        self.epoch += 1;
        self.fresh_epoch = true;
    }

    /// Writes a record with these parts.
    pub fn record(&mut self, shared: Option<&str>, private: Option<&str>) -> Record {
        let seq = match &self.head {
            Some((at, _)) if !self.fresh_epoch => at.seq + 1,
            _ => 1,
        };
        let before = self.head.as_ref().map_or(Digest::ZERO, |(at, _)| at.hash);
        let recorded = self.head.as_ref().map_or(Time(1_000), |(_, time)| Time(time.0 + 7));
        let event = Encoded {
            kind: if seq == 1 { "journal.opened" } else { "site.changed" },
            version: 1,
            shared: shared.map(str::to_owned),
            private: private.map(str::to_owned),
        };
        let actor = actor("a-1");
        let author = Author { happened: recorded, actor: &actor, mandate: None, cause: &[] };
        let salt = Digest::of(&seq.to_le_bytes()).0;
        let place = (&self.journal, self.epoch, seq);
        let record = Record::next(place, &before, recorded, event, author, salt);
        self.fresh_epoch = false;
        self.head = Some((record.at(), recorded));
        record
    }

    /// Everything written since the last batch, as a batch.
    pub fn batch(&mut self, records: Vec<Record>) -> Batch {
        let (to, recorded) = self.head.clone().unwrap();
        let from = self.batch_from.replace(to.clone());
        let journal = self.journal.clone();
        let head = HeadMove { journal, from, to, recorded, local: self.local };
        Batch { heads: vec![head], records, ..Batch::default() }
    }

    /// Writes so many ordinary records as one batch.
    pub fn write(&mut self, number: usize) -> Batch {
        let records = (0..number)
            .map(|n| {
                let shared = format!(r#"{{"n":{n},"name":"Åre”\"'"}}"#);
                let private = (n % 3 == 1).then(|| format!(r#"{{"who":"person {n}"}}"#));
                self.record(Some(&shared), private.as_deref())
            })
            .collect();
        self.batch(records)
    }
}

pub fn actor(id: &str) -> ActorId {
    id.parse().unwrap()
}

pub fn person(id: &str) -> Subject {
    Subject::person(&actor(id))
}

pub fn command(key: &str, first: Option<RecordRef>, count: u32) -> StoredCommand {
    let digest = Digest::of(key.as_bytes());
    StoredCommand { actor: actor("a-1"), key: key.into(), digest, first, count }
}

/// A journal with so many records, written by one writer.
pub async fn written(store: &Store, journal: &str, records: usize) -> (Term, Pen) {
    let term = store.take_writer().await.unwrap();
    let mut pen = Pen::new(journal);
    store.append(term, &pen.write(records)).await.unwrap();
    (term, pen)
}

/// Verifies all epochs of a journal up to the stored head; tells how many records there are, or
/// what is wrong.
pub async fn verify(store: &Store, journal: &JournalId) -> Result<u64, String> {
    let text = |error: StoreError| error.to_string();
    let mut chain = Chain::before(journal.clone());
    let mut total = 0;
    let ends = store.epochs(journal).await.map_err(text)?;
    for (number, end) in ends.iter().enumerate() {
        if number > 0 {
            chain = chain.next_epoch();
        }
        loop {
            let records = store.read(journal, chain.epoch, chain.seq, 100).await.map_err(text)?;
            for record in &records {
                chain.extend(record).map_err(|broken| broken.to_string())?;
                total += 1;
            }
            if records.len() < 100 {
                break;
            }
        }
        if chain.head().as_ref() != Some(&end.at) {
            return Err(format!("the journal ends before record {}", chain.seq + 1));
        }
    }
    Ok(total)
}
