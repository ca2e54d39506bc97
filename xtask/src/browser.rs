//! The browser suite: fresh demo servers, and Chromium in front of them.

use crate::build::Built;
use crate::count::Count;
use crate::shell;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

const START_LIMIT: Duration = Duration::from_secs(120);
const SUITE_LIMIT: Duration = Duration::from_secs(30 * 60);

/// One world that is looked at, and two that the journeys change meanwhile.
const WORLDS: usize = 3;

/// A demo server on a free port; dropping it ends it.
struct DemoServer {
    process: Child,
    address: String,
}

impl DemoServer {
    fn start(built: &Built, name: &str) -> Result<Self> {
        let binary = built.samband.as_ref().context("the build made no binary samband")?;
        let mut command = shell::companion("KILL", None);
        command.arg(binary).args(["serve", "--demo", "--listen", "127.0.0.1:0"]);
        let (process, lines) = shell::start(&mut command)?;
        let mut server = Self { process, address: String::new() };
        let mut log = shell::log_file(name)?;
        let deadline = Instant::now() + START_LIMIT;
        while server.address.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = lines.recv_timeout(left) else {
                bail!("the demo server told no address; see target/verify/{name}.log");
            };
            writeln!(log, "{line}")?;
            server.address = address_in(&line).unwrap_or_default();
        }
        thread::spawn(move || lines.into_iter().try_for_each(|line| writeln!(log, "{line}")));
        Ok(server)
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs the suite in `proof/browser`.
pub fn run(built: &Built) -> Result<Count> {
    let start = |n| DemoServer::start(built, &format!("demo-server-{n}"));
    let servers = (1..=WORLDS).map(start).collect::<Result<Vec<_>>>()?;
    let mut node = shell::command("node");
    // The exercise is held in a server that its test starts itself.
    node.env("SAMBAND_BIN", built.samband.as_ref().context("the build made no binary samband")?);
    node.arg("proof/browser/run.mjs").args(servers.iter().map(|server| &server.address));
    shell::suite("browser", &mut node, SUITE_LIMIT)
}

/// The first `http://127.0.0.1:PORT` in a line.
fn address_in(line: &str) -> Option<String> {
    const START: &str = "http://127.0.0.1:";
    let rest = &line[line.find(START)? + START.len()..];
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!port.is_empty()).then(|| format!("{START}{port}"))
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn the_address_is_found_in_a_line() {
        let line = "Samband lyssnar: \u{1b}[1mhttp://127.0.0.1:40123/picture\u{1b}[0m";
        assert_eq!(address_in(line).as_deref(), Some("http://127.0.0.1:40123"));
        assert_eq!(address_in("http://127.0.0.1:/"), None);
        assert_eq!(address_in("listening"), None);
    }
}
