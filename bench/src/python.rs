//! Peers that come as Python packages: an environment of their own, made once below `target/`.

use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::scratch::{root, target};

/// The interpreter of the environment of `bench/peers/requirements-NAME.txt`; made if it is not
/// there or was made of other requirements.
///
/// # Errors
/// If Python or a package is not to be had.
pub fn environment(name: &str) -> Result<PathBuf> {
    let wanted = root().join(format!("bench/peers/requirements-{name}.txt"));
    let text = std::fs::read_to_string(&wanted)
        .with_context(|| format!("cannot read {}", wanted.display()))?;
    let place = target().join("bench").join(format!("python-{name}"));
    let python = place.join("bin/python");
    let stamp = place.join("requirements.txt");
    if python.exists() && std::fs::read_to_string(&stamp).is_ok_and(|made| made == text) {
        return Ok(python);
    }
    finish(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&place))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    finish(Command::new(&python).args(pip).arg(&wanted))?;
    std::fs::write(&stamp, text)?;
    Ok(python)
}

fn finish(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}

/// Runs `bench/peers/SCRIPT` with what it is to read, and reads the JSON of its last line.
///
/// # Errors
/// If it fails or does not answer.
pub fn ask(python: &Path, script: &str, arguments: &[&str], input: &str) -> Result<Value> {
    let answer = ask_within(python, script, arguments, input, Duration::MAX)?;
    answer.with_context(|| format!("{script} gave up"))
}

/// The same; none if it is not done within so much time. It is ended then.
///
/// # Errors
/// If it fails or does not answer.
pub fn ask_within(
    python: &Path,
    script: &str,
    arguments: &[&str],
    input: &str,
    most: Duration,
) -> Result<Option<Value>> {
    let script = root().join("bench/peers").join(script);
    let mut child = Command::new(python)
        .arg(&script)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", script.display()))?;
    child.stdin.take().context("no input")?.write_all(input.as_bytes())?;
    let said = child.stdout.take().map(reading).context("no output")?;
    let complained = child.stderr.take().map(reading).context("no errors")?;
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > most {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let (text, complaint) = (said.join(), complained.join());
    let (text, complaint) = (text.unwrap_or_default(), complaint.unwrap_or_default());
    ensure!(status.success(), "{}: {status}\n{complaint}", script.display());
    let last = text.lines().last().with_context(|| format!("{} says nothing", script.display()))?;
    serde_json::from_str(last).with_context(|| format!("{} says {last}", script.display()))
}

/// Reads all there is, beside whoever waits for the end.
fn reading(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = from.read_to_end(&mut bytes);
        read.map(|_| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    })
}
