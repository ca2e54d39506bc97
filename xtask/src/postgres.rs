//! A private PostgreSQL: its own cluster, port and socket folder, gone when we are.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Tests find the server's address in this variable.
pub const VARIABLE: &str = "SAMBAND_TEST_POSTGRES";

const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// A running cluster; dropping it stops the server and removes the files.
pub struct Cluster {
    server: Child,
    port: u16,
    folder: PathBuf,
    socket_folder: PathBuf,
}

impl Cluster {
    /// Makes and starts a cluster. Durable writes stay on: tests prove durability with it.
    pub fn start() -> Result<Self> {
        let binaries = binaries()?;
        let user = shell::is_root().then_some("postgres");
        let folder = data_folder(user)?;
        let socket_folder = std::env::temp_dir().join(format!("samband-{}", std::process::id()));
        new_folder(&socket_folder, user)?;

        let mut initdb = shell::companion("KILL", user);
        initdb.arg(binaries.join("initdb")).arg("-D").arg(&folder).current_dir("/");
        initdb.args(["-N", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        shell::output(&mut initdb)?;

        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        let mut server = shell::companion("INT", user);
        server.arg(binaries.join("postgres")).arg("-D").arg(&folder).current_dir("/");
        server.args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]);
        server.arg("-c").arg(format!("port={port}"));
        server.arg("-c").arg(format!("unix_socket_directories={}", socket_folder.display()));
        let log = shell::log_file("postgresql")?;
        server.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let server = server.spawn().context("cannot start PostgreSQL")?;
        let mut cluster = Self { server, port, folder, socket_folder };
        cluster.wait_until_ready(&binaries)?;
        Ok(cluster)
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, binaries: &Path) -> Result<()> {
        let started = Instant::now();
        let mut is_ready = shell::command(binaries.join("pg_isready"));
        is_ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        while !is_ready.status()?.success() {
            let log = shell::target_dir().join("verify/postgresql.log");
            if let Some(status) = self.server.try_wait()? {
                bail!("PostgreSQL ended at once ({status}); see {}", log.display());
            }
            if started.elapsed() > START_LIMIT {
                bail!("PostgreSQL does not answer; see {}", log.display());
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let pid = self.server.id().to_string();
        let _ = shell::command("kill").args(["-INT", &pid]).status();
        let started = Instant::now();
        while matches!(self.server.try_wait(), Ok(None)) && started.elapsed() < STOP_LIMIT {
            sleep(Duration::from_millis(20));
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_dir_all(&self.socket_folder);
    }
}

/// Runs a command with a private PostgreSQL; `Ok(false)` if the command failed.
pub fn run_with(words: &[&str]) -> Result<bool> {
    let cluster = Cluster::start()?;
    let mut command = shell::command(words[0]);
    command.args(&words[1..]).env(VARIABLE, cluster.url());
    shell::succeeds(&mut command)
}

/// The folder with the newest installed server's programs.
pub fn binaries() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed")?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| entry.ok())
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .map(|(version, folder)| (version, folder.join("bin")))
        .filter(|(_, folder)| folder.join("postgres").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder).context("PostgreSQL's server is not installed")
}

/// `target/pg/PID`; below the temporary folder if the server's user cannot get there.
fn data_folder(user: Option<&str>) -> Result<PathBuf> {
    let name = std::process::id().to_string();
    let beside_the_build = shell::target_dir().join("pg");
    fs::create_dir_all(&beside_the_build)?;
    remove_orphans(&beside_the_build)?;
    let folder = beside_the_build.join(&name);
    new_folder(&folder, user)?;
    let mut enters = shell::companion("KILL", user);
    enters.args(["test", "-w"]).arg(&folder).current_dir("/");
    if enters.status()?.success() {
        return Ok(folder);
    }
    fs::remove_dir_all(&folder)?;
    let folder = std::env::temp_dir().join(format!("samband-pg-{name}"));
    new_folder(&folder, user)?;
    Ok(folder)
}

/// Removes what runs left that were killed: folders named after a process that is no more.
fn remove_orphans(parent: &Path) -> Result<()> {
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        if !Path::new("/proc").join(entry.file_name()).exists() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

fn new_folder(folder: &Path, owner: Option<&str>) -> Result<()> {
    if folder.exists() {
        // Left by an earlier run that had our process number and was killed.
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    if let Some(user) = owner {
        shell::output(shell::command("chown").arg(format!("{user}:")).arg(folder))?;
    }
    Ok(())
}
