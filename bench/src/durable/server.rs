//! A private PostgreSQL for the run, by the maker's command that the tests use too.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::str::FromStr as _;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use crate::scratch;

/// A server that stands already is found here.
pub(crate) const VARIABLE: &str = "SAMBAND_TEST_POSTGRES";

/// Prints the address, and lives until its input ends: when we are killed, it ends too.
const HOLD: &str = "echo \"url=$SAMBAND_TEST_POSTGRES\"; read end";

/// A running server.
pub(crate) struct Server {
    url: String,
    holder: Option<Child>,
    admin: PgPool,
}

/// A database of its own for one measurement.
pub(crate) struct Database {
    pub(crate) url: String,
    name: String,
}

impl Server {
    /// The server named in the environment, or one that lives as long as this value.
    pub(crate) async fn start() -> Result<Self> {
        let (url, holder) = match std::env::var(VARIABLE) {
            Ok(url) => (url, None),
            Err(_) => hold().map(|(url, child)| (url, Some(child)))?,
        };
        let options = PgConnectOptions::from_str(&url)?.disable_statement_logging();
        let admin = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
        if holder.is_some() {
            // A checkpoint in the middle would be the server's bad luck, not its speed.
            for sql in ["ALTER SYSTEM SET max_wal_size = '4GB'", "SELECT pg_reload_conf()"] {
                sqlx::query(sql).execute(&admin).await?;
            }
        }
        Ok(Self { url, holder, admin })
    }

    /// What it is and how it is set, in a sentence.
    pub(crate) async fn description(&self) -> Result<String> {
        let mut set = Vec::new();
        for name in ["server_version", "data_directory", "fsync", "synchronous_commit"] {
            let sql = AssertSqlSafe(format!("SHOW {name}"));
            let (value,): (String,) = sqlx::query_as(sql).fetch_one(&self.admin).await?;
            set.push(format!("`{name}` {value}"));
        }
        for name in ["shared_buffers", "max_wal_size", "commit_delay"] {
            let sql = AssertSqlSafe(format!("SHOW {name}"));
            let (value,): (String,) = sqlx::query_as(sql).fetch_one(&self.admin).await?;
            set.push(format!("`{name}` {value}"));
        }
        Ok(format!("The server: {}.", set.join(", ")))
    }

    /// A new database.
    pub(crate) async fn database(&self) -> Result<Database> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bench_{}_{number}", std::process::id());
        let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(sql).execute(&self.admin).await?;
        sqlx::query("CHECKPOINT").execute(&self.admin).await?;
        let (host, _) = self.url.rsplit_once('/').context("an address without a database")?;
        Ok(Database { url: format!("{host}/{name}"), name })
    }

    /// Drops it.
    pub(crate) async fn drop(&self, database: Database) -> Result<()> {
        let sql = AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", database.name));
        sqlx::query(sql).execute(&self.admin).await?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut holder) = self.holder.take() {
            drop(holder.stdin.take());
            let _ = holder.wait();
        }
    }
}

fn hold() -> Result<(String, Child)> {
    let mut cargo = scratch::cargo();
    cargo.args(["xtask", "postgres", "sh", "-c", HOLD]);
    let mut holder = cargo
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo xtask postgres does not start")?;
    let output = holder.stdout.take().context("no output")?;
    for line in BufReader::new(output).lines() {
        if let Some(url) = line?.strip_prefix("url=") {
            return Ok((url.to_owned(), holder));
        }
    }
    holder.wait()?;
    anyhow::bail!("cargo xtask postgres started no server; try cargo xtask setup")
}
