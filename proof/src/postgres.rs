//! PostgreSQL: a database of one's own in the cluster that `cargo xtask verify` starts, and a
//! private cluster that may be pulled down.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

use crate::database::block_on;
use crate::{free_address, wait_for};

/// The variable that names the server for tests.
const VARIABLE: &str = "SAMBAND_TEST_POSTGRES";

/// A database that is gone with this value.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes one.
    ///
    /// # Panics
    /// If there is no server.
    #[must_use]
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let server = std::env::var(VARIABLE)
            .unwrap_or_else(|_| panic!("{VARIABLE} is not set: run `cargo xtask verify`"));
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("samband_proof_{}_{n}", std::process::id());
        let made = Self { server, name };
        block_on(made.run(&format!("CREATE DATABASE {}", made.name))).expect("a database");
        made
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("an address with a database");
        format!("{server}/{}", self.name)
    }

    /// Holds the record so that nobody else writes to it, for so long.
    ///
    /// # Panics
    /// If it cannot be held.
    pub fn hold(&self, time: Duration) {
        block_on(async {
            let mut connection = PgConnection::connect(&self.url()).await.expect("opened");
            let hold = "BEGIN; LOCK TABLE records IN SHARE MODE";
            sqlx::raw_sql(hold).execute(&mut connection).await.expect("held");
            tokio::time::sleep(time).await;
            sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.expect("let go");
            connection.close().await.expect("closed");
        });
    }

    async fn run(&self, statement: &str) -> sqlx::Result<()> {
        let mut connection = PgConnection::connect(&self.server).await?;
        let statement = AssertSqlSafe(statement.to_owned());
        sqlx::raw_sql(statement).execute(&mut connection).await?;
        connection.close().await
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        if let Err(error) = block_on(self.run(&statement)) {
            eprintln!("{}: {error}", self.name);
        }
    }
}

/// A cluster of one's own.
pub struct Cluster {
    around: TempDir,
    address: String,
    server: Option<Child>,
}

impl Cluster {
    /// Makes and starts one.
    ///
    /// # Panics
    /// If PostgreSQL is not installed.
    #[must_use]
    pub fn start() -> Self {
        let around = tempfile::Builder::new().prefix("samband-pg-").tempdir().expect("made");
        let user = as_postgres(Path::new("true")).status();
        assert!(user.is_ok_and(|status| status.success()), "PostgreSQL refuses to run as root");
        if is_root() {
            let chown = Command::new("chown").arg("postgres:").arg(around.path()).status();
            assert!(chown.is_ok_and(|status| status.success()));
        }
        let mut made = Self { around, address: free_address(), server: None };
        let mut initdb = as_postgres(&binaries().join("initdb"));
        initdb.args(["-N", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-D"]);
        let output = initdb.arg(made.data()).output().expect("initdb runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        made.up();
        made
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@{}/postgres", self.address)
    }

    fn data(&self) -> PathBuf {
        self.around.path().join("data")
    }

    /// Starts it again.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn up(&mut self) {
        let (_, port) = self.address.rsplit_once(':').expect("a port");
        let mut server = as_postgres(&binaries().join("postgres"));
        server.arg("-D").arg(self.data()).args(["-c", "listen_addresses=127.0.0.1"]);
        server.args(["-p", port, "-k"]).arg(self.around.path());
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.server = Some(server.spawn().expect("postgres runs"));
        let url = self.url();
        wait_for("PostgreSQL answers", || block_on(PgConnection::connect(&url)).ok());
    }

    /// Stops it as `pg_ctl -m immediate` does: nothing is finished, the log is replayed later.
    ///
    /// # Panics
    /// If it does not stop.
    pub fn down(&mut self) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        let id = server.id().to_string();
        let sent = Command::new("kill").args(["-s", "QUIT", &id]).status();
        assert!(sent.is_ok_and(|status| status.success()));
        server.wait().expect("an end");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.down();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// A command as the user `postgres`, whom the kernel stops when we are.
fn as_postgres(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.arg("--pdeathsig=QUIT");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.arg("--").arg(program).current_dir("/");
    command
}

fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("postgres").exists()).max().expect("a server")
}
