//! The product itself, as a user starts it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::http;
use crate::scratch;

/// How long it may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running demo.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Builds and starts it; its log goes into the folder.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        Self::start_with(folder, &[])
    }

    /// The same with more options.
    pub(crate) fn start_with(folder: &Path, options: &[String]) -> Result<Self> {
        // As we were built ourselves.
        let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
        let built = if cfg!(debug_assertions) { "debug" } else { "release" };
        let mut build = scratch::cargo();
        build.args(["build", "--quiet", "-p", "samband", "--profile", profile]);
        ensure!(build.status()?.success(), "samband does not build");
        let mut child = Command::new(scratch::target().join(built).join("samband"))
            .args(["serve", "--demo", "--listen", "127.0.0.1:0"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join("samband.log"))?)
            .spawn()
            .context("samband does not start")?;
        let said = child.stdout.take().context("no output")?;
        let address = address(BufReader::new(said));
        let server = Self { child, address: address? };
        server.wait()?;
        Ok(server)
    }

    fn wait(&self) -> Result<()> {
        let started = Instant::now();
        while let Err(error) = http::get(&self.address, "/healthz", &[]) {
            if started.elapsed() > START_LIMIT {
                return Err(error.context("samband does not answer"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// A token for the header `Authorization`.
    pub(crate) fn sign_in(&self, user: &str, password: &str) -> Result<String> {
        let asked = serde_json::json!({ "user": user, "password": password }).to_string();
        let answer = http::post(&self.address, "/api/v1/sign-in", &asked)?;
        let said: serde_json::Value = serde_json::from_slice(&answer.body)?;
        said["token"].as_str().map(ToOwned::to_owned).context("no token")
    }
}

/// The address that the server prints. The rest of what it says is read too, so that it never
/// waits for us.
fn address(mut said: impl std::io::BufRead + Send + 'static) -> Result<String> {
    let mut line = String::new();
    while said.read_line(&mut line)? > 0 {
        if let Some((_, address)) = line.trim().split_once("http://") {
            let address = address.trim_end_matches('/').to_owned();
            std::thread::spawn(move || said.lines().count());
            return Ok(address);
        }
        line.clear();
    }
    bail!("samband ended before it said its address")
}

impl Drop for Server {
    fn drop(&mut self) {
        // It tidies its demo up when it is asked to end.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let deadline = Instant::now() + Duration::from_secs(10);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
