//! `samband cap`: judges alerts in CAP 1.2, without any installation.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use samband_exchange::cap::{Level, MOST_BYTES, Report, validate};

/// `cap`
#[derive(Debug, Subcommand)]
pub enum CapCommand {
    /// List every problem of an alert: where, what is wrong, what to do. Exit code 0 if it is valid
    /// (there may be warnings), 1 if not.
    Validate(Validate),
}

/// `cap validate`
#[derive(Debug, Args)]
pub struct Validate {
    /// The document; - for standard input.
    file: PathBuf,
    /// As JSON (docs/cap.md).
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
pub fn run(command: &CapCommand) -> Result<()> {
    let CapCommand::Validate(Validate { file, json }) = command;
    let bytes = bytes_of(file).with_context(|| format!("cannot read {}", file.display()))?;
    let report = validate(&bytes);
    let (name, counted) = (file.display(), counted(&report));
    let mut said = String::new();
    if *json {
        said = format!("{:#}\n", report.json());
    } else {
        for problem in &report.problems {
            said.push_str(&format!("{name}:{problem}\n"));
        }
        if report.is_valid() {
            said.push_str(&format!("{name}: valid CAP 1.2, {counted}\n"));
        }
    }
    io::stdout().write_all(said.as_bytes())?;
    if report.is_valid() { Ok(()) } else { bail!("{name} is not valid CAP 1.2: {counted}") }
}

/// No more than is judged, and one byte by which it is seen that there is more.
fn bytes_of(file: &Path) -> io::Result<Vec<u8>> {
    let source: Box<dyn Read> =
        if file == Path::new("-") { Box::new(io::stdin()) } else { Box::new(File::open(file)?) };
    let mut bytes = Vec::new();
    source.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn counted(report: &Report) -> String {
    let count = |level: Level| {
        let count = report.count(level);
        format!("{count} {}{}", level.text(), if count == 1 { "" } else { "s" })
    };
    format!("{}, {}", count(Level::Error), count(Level::Warning))
}
