//! Opening, closing and opening again.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::Mutex;

use super::error::StoreError;
use super::file::{Opening, Readers, Writer};
use super::link::Pools;
use super::write_back::{PAGES_MAX, WriteBack};
use super::{Inner, Store, schema, sql};

/// How long another process may hold the file before we give up.
const BUSY: Duration = Duration::from_secs(2);
/// How long to wait for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
const READERS: u32 = 4;
/// Kibibytes of a SQLite file that its writer keeps at hand.
const CACHE: u32 = 64_000;
const POSTGRES_WRITERS: u32 = 2;
const POSTGRES_READERS: u32 = 8;

/// Where the records are.
pub enum Place {
    /// A file.
    Sqlite(SqliteFile),
    /// A server's database.
    Postgres(Box<PgConnectOptions>),
}

/// A SQLite file.
pub struct SqliteFile {
    /// Its path.
    pub path: PathBuf,
    /// The most pages it may have; for tests of a full disk.
    pub max_pages: Option<u32>,
    /// What the path stood for when it was opened.
    pub identity: RwLock<Option<(u64, u64)>>,
}

impl SqliteFile {
    fn found(&self) -> Option<(u64, u64)> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            std::fs::metadata(&self.path).ok().map(|meta| (meta.dev(), meta.ino()))
        }
        #[cfg(not(unix))]
        {
            std::fs::metadata(&self.path).ok().map(|_| (0, 0))
        }
    }

    /// Refuses to go on writing to a file that no longer stands at its path: what is written
    /// there would be lost.
    pub fn check_identity(&self) -> Result<(), StoreError> {
        let opened = *self.identity.read().unwrap_or_else(PoisonError::into_inner);
        if self.found() == opened && opened.is_some() {
            return Ok(());
        }
        let path = self.path.display();
        Err(StoreError::Unavailable(format!("{path} was moved or replaced while it was open")))
    }

    fn options(&self) -> SqliteConnectOptions {
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .busy_timeout(BUSY)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        match self.max_pages {
            Some(pages) => options.pragma("max_page_count", pages.to_string()),
            None => options,
        }
    }

    fn opening(&self) -> Opening {
        let (path, max_pages) = (self.path.clone(), self.max_pages);
        Opening { path, patience: BUSY, max_pages, cache: CACHE }
    }

    async fn connect(&self) -> Result<Pools, StoreError> {
        let pool = |most| {
            SqlitePoolOptions::new()
                .max_connections(most)
                .acquire_timeout(PATIENCE)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        // Larger pages hold more records each; more memory keeps the index of subjects at hand.
        let writes = self
            .options()
            .create_if_missing(true)
            .page_size(4096)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("cache_size", format!("-{CACHE}"))
            .pragma("wal_autocheckpoint", PAGES_MAX.to_string());
        make_private(&self.path);
        let write = pool(1).connect_with(writes).await.map_err(|error| self.explain(error))?;
        let read = pool(READERS).connect_lazy_with(self.options().read_only(true));
        *self.identity.write().unwrap_or_else(PoisonError::into_inner) = self.found();
        let writer = Arc::new(Mutex::new(Writer::new(self.opening())));
        let readers = Readers::new(self.opening());
        let write_back = WriteBack::new(self.opening());
        Ok(Pools::Sqlite { writer, readers, write_back, write, read })
    }

    /// SQLite says only that it cannot open a file; its folder tells why.
    fn explain(&self, error: sqlx::Error) -> StoreError {
        let path = self.path.display();
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        if self.path.is_dir() {
            return StoreError::Invalid(format!("{path} is a folder"));
        }
        match StoreError::from(error) {
            StoreError::Unavailable(_) if !folder.is_dir() => {
                StoreError::Unavailable(format!("there is no folder {}", folder.display()))
            }
            StoreError::Unavailable(text) if text.contains("(code: 14)") => {
                StoreError::ReadOnly(format!("{path} cannot be opened or made: {text}"))
            }
            StoreError::Unavailable(text) => StoreError::Unavailable(format!("{path}: {text}")),
            StoreError::ReadOnly(text) => StoreError::ReadOnly(format!("{path}: {text}")),
            StoreError::Corrupt(text) => StoreError::Corrupt(format!("{path}: {text}")),
            StoreError::Full(text) => StoreError::Full(format!("{path}: {text}")),
            other => other,
        }
    }
}

/// Makes a file that only its owner may read, where there is none. A failure is not lost: SQLite
/// meets it next.
pub(super) fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let _ = options.open(path);
}

impl Place {
    async fn connect(&self) -> Result<Pools, StoreError> {
        let options = match self {
            Self::Sqlite(file) => return file.connect().await,
            Self::Postgres(options) => options,
        };
        let pool = |most| PgPoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
        let write = pool(POSTGRES_WRITERS).connect_with((**options).clone()).await?;
        let read = pool(POSTGRES_READERS).connect_lazy_with((**options).clone());
        Ok(Pools::Postgres { write, read })
    }
}

impl Store {
    /// Opens a SQLite file and makes it if it is not there.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be opened, written or understood.
    pub async fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        Self::open_sqlite_limited(path, None).await
    }

    /// Opens a SQLite file that cannot grow beyond a number of pages: a full disk for tests.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be opened, written or understood.
    #[doc(hidden)]
    pub async fn open_sqlite_limited(
        path: &Path,
        max_pages: Option<u32>,
    ) -> Result<Self, StoreError> {
        let identity = RwLock::new(None);
        Self::open(Place::Sqlite(SqliteFile { path: path.to_owned(), max_pages, identity })).await
    }

    /// Opens a database of a PostgreSQL server, `postgres://user:password@host:port/database`.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be reached, written or understood.
    pub async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Invalid("the address is not a PostgreSQL address".into()))?
            .application_name("samband")
            // A writer that fell silent in the middle must not keep others out for ever. Time
            // only frees the lock; the term alone decides who may append.
            .options([
                ("synchronous_commit", "on"),
                ("default_transaction_isolation", "read committed"),
                ("idle_in_transaction_session_timeout", "60s"),
            ])
            .disable_statement_logging();
        Self::open(Place::Postgres(Box::new(options))).await
    }

    async fn open(place: Place) -> Result<Self, StoreError> {
        let pools = place.connect().await?;
        if let Err(error) = prepare(&place, &pools).await {
            pools.close().await;
            return Err(error);
        }
        let scrub = AtomicBool::new(false);
        Ok(Self(Arc::new(Inner { place, pools: RwLock::new(pools), scrub })))
    }

    /// Drops all connections and makes new ones; after a doubt about the last transaction.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be reached.
    pub async fn reconnect(&self) -> Result<(), StoreError> {
        self.pools().close().await;
        // Another file, or a new one, is not what was doubted.
        if let Place::Sqlite(file) = &self.0.place {
            file.check_identity()?;
        }
        let pools = self.0.place.connect().await?;
        prepare(&self.0.place, &pools).await?;
        *self.0.pools.write().unwrap_or_else(PoisonError::into_inner) = pools;
        Ok(())
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// [`StoreError`] if none comes.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let answer: Option<(i64,)> = self.pools().row(sql::PING, &[]).await?;
        answer.map(|_| ()).ok_or_else(|| StoreError::Corrupt("the writer's row is missing".into()))
    }

    /// Looks the whole database through for damage that the database itself can see.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with what was found.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.ping().await?;
        let Pools::Sqlite { read, .. } = self.pools() else {
            return Ok(());
        };
        check_sqlite(&read, "PRAGMA quick_check(10)").await
    }

    /// How large the database file is, in bytes; none where that is another program's affair.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        match &self.0.place {
            Place::Sqlite(file) => std::fs::metadata(&file.path).ok().map(|file| file.len()),
            Place::Postgres { .. } => None,
        }
    }

    /// Closes all connections.
    pub async fn close(self) {
        self.pools().close().await;
    }
}

async fn prepare(place: &Place, pools: &Pools) -> Result<(), StoreError> {
    let prepared = match pools.begin().await {
        Ok(tx) => schema::prepare(tx).await,
        Err(error) => Err(error.into()),
    };
    match (prepared, place) {
        (Err(StoreError::Corrupt(text)), Place::Sqlite(file)) => {
            Err(StoreError::Corrupt(format!("{}: {text}", file.path.display())))
        }
        (Err(StoreError::ReadOnly(text)), Place::Sqlite(file)) => {
            Err(StoreError::ReadOnly(format!("{}: {text}", file.path.display())))
        }
        (prepared, _) => prepared,
    }
}

/// Runs one of SQLite's checks.
pub async fn check_sqlite(pool: &sqlx::SqlitePool, check: &'static str) -> Result<(), StoreError> {
    let found: Vec<(String,)> = sqlx::query_as(check).fetch_all(pool).await?;
    match found.as_slice() {
        [(answer,)] if answer == "ok" => Ok(()),
        _ => {
            let lines: Vec<_> = found.iter().map(|(line,)| line.as_str()).collect();
            Err(StoreError::Corrupt(lines.join("; ")))
        }
    }
}
