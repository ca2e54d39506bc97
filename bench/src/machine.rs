//! What the figures were measured on.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::scratch;
use crate::stopwatch::{ms, percentiles};

/// The machine, line by line: name and what it says.
///
/// # Errors
/// If the disk cannot be written.
pub fn facts() -> Result<Vec<(&'static str, String)>> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_default();
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kilobytes: u64 = memory.trim_end_matches(" kB").parse().unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let folder = scratch::folder()?;
    let flush = flush_time(folder.path())?;
    Ok(vec![
        ("Date", said("date", &["-u", "+%F %H:%M UTC"])),
        ("Commit", commit()),
        ("Processor", format!("{processor}, {cores} cores")),
        ("Memory", format!("{:.1} GiB", kilobytes as f64 / 1_048_576.0)),
        ("Kernel", format!("Linux {}", kernel.trim())),
        ("Disk", format!("{}; 4 KiB written and flushed in {}", disk(folder.path()), ms(flush))),
        ("Load before", load()),
        ("Rust", said("rustc", &["--version"])),
        ("SQLite", rusqlite::version().to_owned()),
    ])
}

/// How busy the machine was with other things, over a minute.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

fn commit() -> String {
    let root = scratch::root().display().to_string();
    let commit = said("git", &["-C", &root, "rev-parse", "--short", "HEAD"]);
    let changed = said("git", &["-C", &root, "status", "--porcelain", "--untracked-files=no"]);
    if changed.is_empty() { commit } else { format!("{commit} with changes") }
}

/// Device and file system of a folder.
fn disk(folder: &Path) -> String {
    let folder = folder.display().to_string();
    let said = said("df", &["--output=source,fstype,size", "-h", &folder]);
    let line = said.lines().last().unwrap_or_default();
    line.split_whitespace().collect::<Vec<_>>().join(", ")
}

/// How long the disk takes to make a small write durable: the limit of every single commit.
fn flush_time(folder: &Path) -> Result<Duration> {
    let mut file = fs::File::create(folder.join("flush"))?;
    let mut times = Vec::new();
    for _ in 0..200 {
        let started = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(started.elapsed());
    }
    Ok(percentiles(times).0)
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}
