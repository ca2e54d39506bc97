//! One build for everything that runs afterwards.
//!
//! Cargo resolves features per selection of packages: building the tests with `--workspace` and
//! the binary with `-p samband` would compile large dependencies twice. So there is one build of
//! everything, and the suites run what it made.

use crate::shell;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The module, wherever it stands, of tests that only root can run.
const NEEDS_ROOT: &str = "needs_root::";

/// What the build made.
#[derive(Default)]
pub struct Built {
    /// Every test program, in the order of the workspace's names.
    pub tests: Vec<TestProgram>,
    /// The product's binary.
    pub samband: Option<PathBuf>,
}

/// One test program.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestProgram {
    /// The package it tests.
    pub package: String,
    /// The target's name: the library, the binary or the file in `tests/`.
    pub target: String,
    file: PathBuf,
    folder: PathBuf,
}

impl TestProgram {
    /// The command that runs all its tests, those that need PostgreSQL included; those that need
    /// root only as root.
    pub fn command(&self, root: bool) -> Command {
        let mut command = self.plain();
        command.arg("--include-ignored");
        if !root {
            command.args(["--skip", NEEDS_ROOT]);
        }
        command
    }

    /// The names of the tests that need root.
    pub fn needing_root(&self) -> Result<Vec<String>> {
        let listed = shell::output(self.plain().args(["--list", "--format", "terse", NEEDS_ROOT]))?;
        Ok(listed.lines().filter_map(|line| line.strip_suffix(": test")).map(Into::into).collect())
    }

    fn plain(&self) -> Command {
        let mut command = shell::command(&self.file);
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }
}

/// Builds every target of every package in the development profile.
pub fn workspace() -> Result<Built> {
    let mut cargo = shell::command("cargo");
    cargo.args(["build", "--workspace", "--all-targets"]);
    cargo.arg("--message-format=json-render-diagnostics");
    println!("$ cargo build --workspace --all-targets");
    let mut child = cargo.stdout(Stdio::piped()).spawn().context("cannot run cargo")?;
    let stream = child.stdout.take().context("cargo has no output")?;
    let mut built = Built::default();
    for line in BufReader::new(stream).lines() {
        let message: Value = serde_json::from_str(&line?).context("cargo's output")?;
        built.add(&message);
    }
    if !child.wait()?.success() {
        bail!("the build failed");
    }
    built.tests.sort();
    built.tests.dedup();
    Ok(built)
}

impl Built {
    fn add(&mut self, message: &Value) {
        let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
        let (Some(file), Some(target)) = (text("/executable"), text("/target/name")) else {
            return;
        };
        let kind = text("/target/kind/0").unwrap_or_default();
        let is_test = message.pointer("/profile/test") == Some(&Value::Bool(true));
        let folder = text("/manifest_path").map(Path::new).and_then(Path::parent);
        if is_test && kind != "bench" {
            self.tests.push(TestProgram {
                package: folder
                    .and_then(Path::file_name)
                    .map_or_else(|| target.to_owned(), |name| name.to_string_lossy().into_owned()),
                target: target.to_owned(),
                file: file.into(),
                folder: folder.unwrap_or(shell::root()).to_owned(),
            });
        } else if kind == "bin" && target == "samband" {
            self.samband = Some(file.into());
        }
    }
}
