//! Other programs: run, watched, counted, and stopped when we stop.

use crate::count::Count;
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}

/// Where builds, logs and the private database go.
pub fn target_dir() -> PathBuf {
    let configured = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root().join(configured.unwrap_or_else(|| "target".into()))
}

/// A command in the repository's root, without what `cargo run` told us about ourselves: build
/// scripts that watch those variables would otherwise rerun, and their crates be rebuilt.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// The same, but the kernel stops it with `signal` should we be killed ourselves.
pub fn companion(signal: &str, user: Option<&str>) -> Command {
    let mut command = command("setpriv");
    command.arg(format!("--pdeathsig={signal}"));
    if let Some(user) = user {
        command.arg(format!("--reuid={user}"));
        command.arg(format!("--regid={user}"));
        command.arg("--init-groups");
    }
    command.arg("--");
    command
}

/// Whether we run as root.
pub fn is_root() -> bool {
    output(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Whether we may mount a disk: root may, except in some containers.
pub fn may_mount() -> bool {
    let at = target_dir().join("verify").join("mount");
    let run = |program: &str, arguments: &[&str]| {
        output(command(program).args(arguments).arg(&at)).is_ok()
    };
    is_root()
        && fs::create_dir_all(&at).is_ok()
        && run("mount", &["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        && run("umount", &[])
}

/// The full path of a program, if it is installed.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Runs a command with its output on ours.
pub fn succeeds(command: &mut Command) -> Result<bool> {
    let name = name_of(command);
    println!("$ {name}");
    let status = command.status().with_context(|| format!("cannot run {name}"))?;
    Ok(status.success())
}

/// Runs a command that must succeed, and gives back what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command.output().with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a suite: shows its output without the lines of passed tests, keeps all of it in
/// `target/verify/NAME.log`, counts, and ends it when it takes longer than `limit`.
pub fn suite(name: &str, command: &mut Command, limit: Duration) -> Result<Count> {
    let mut log = log_file(name)?;
    let (mut child, lines) = start(command)?;
    let deadline = Instant::now() + limit;
    let mut count = Count::default();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                writeln!(log, "{line}")?;
                count.read_line(&line);
                if !is_routine(&line) {
                    println!("{line}");
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                println!("{name}: ended after {} s", limit.as_secs());
                child.kill()?;
                child.wait()?;
                count.failed += 1;
                return Ok(count);
            }
        }
    }
    // A suite that fell before it could count its tests has failed all the same.
    if !child.wait()?.success() && count.failed == 0 {
        println!("{name}: ended with an error");
        count.failed = 1;
    }
    Ok(count)
}

/// Starts a command; its lines, from both streams, arrive in the channel.
pub fn start(command: &mut Command) -> Result<(Child, Receiver<String>)> {
    let name = name_of(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot run {name}"))?;
    let (sender, receiver) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as _),
        child.stderr.take().map(|stream| Box::new(stream) as _),
    ];
    for stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(|line| line.ok()) {
                // When nobody listens any more we still read, so that the child never blocks.
                let _ = sender.send(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
        });
    }
    Ok((child, receiver))
}

/// A log beside the build, for what is not shown.
pub fn log_file(name: &str) -> Result<File> {
    let folder = target_dir().join("verify");
    fs::create_dir_all(&folder)?;
    let name = name.replace([' ', ':', '/'], "-");
    Ok(File::create(folder.join(format!("{name}.log")))?)
}

fn is_routine(line: &str) -> bool {
    line.is_empty()
        || line.starts_with("running ")
        || line.starts_with("test result: ok. 0 passed")
        || (line.starts_with("test ") && line.ends_with(" ... ok"))
}

fn name_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
