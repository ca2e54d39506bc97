//! A folder for databases, on the disk that the build stands on, gone when we are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

/// The repository's root.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("bench lies in the repository")
}

/// Where builds go.
#[must_use]
pub fn target() -> PathBuf {
    let configured = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root().join(configured.unwrap_or_else(|| "target".into()))
}

/// A new folder below `target/bench`.
///
/// # Errors
/// If it cannot be made.
pub fn folder() -> Result<TempDir> {
    let parent = target().join("bench");
    std::fs::create_dir_all(&parent)?;
    tempfile::tempdir_in(&parent).with_context(|| format!("no folder in {}", parent.display()))
}

/// Cargo in the repository's root, without what `cargo run` told us about ourselves: build scripts
/// that watch those variables would run again.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Drops a file from the system's cache, so that the next read comes from the disk. Tells whether
/// that was possible.
#[must_use]
pub fn forget(file: &Path) -> bool {
    let mut dd = Command::new("dd");
    dd.arg(format!("if={}", file.display())).args(["iflag=nocache", "count=0", "status=none"]);
    let _ = Command::new("sync").arg(file).status();
    dd.status().is_ok_and(|status| status.success())
}
