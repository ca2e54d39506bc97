//! What we build on: not too much of it, and under licences that fit ours.

use super::Findings;
use crate::shell;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;

/// Crates in the default build, ours included. A first build must stay a matter of minutes.
const CRATES_MAX: usize = 330;

/// Licences that a work under the EUPL 1.2 may depend on without further thought.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "EUPL-1.2",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "MPL-2.0+",
    "OpenSSL",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Counts the crates of the default build.
pub fn check_count() -> Result<Findings> {
    let mut cargo = shell::command("cargo");
    cargo.args(["tree", "-p", "samband", "-e", "normal", "--prefix", "none"]);
    let tree = shell::output(&mut cargo)?;
    let crates: BTreeSet<&str> =
        tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|l| !l.is_empty()).collect();
    let mut findings = Findings::default();
    let what = format!("{} crates in the default build", crates.len());
    if crates.len() > CRATES_MAX {
        findings.faults.push(format!("{what}, more than {CRATES_MAX}"));
    } else {
        findings.notes.push(what);
    }
    Ok(findings)
}

/// Looks at the licence of every crate that this platform's builds and tests use.
pub fn check_licences() -> Result<Findings> {
    let version = shell::output(shell::command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let mut cargo = shell::command("cargo");
    cargo.args(["metadata", "--format-version=1", "--filter-platform"]);
    cargo.arg(host.context("rustc names no host")?);
    let metadata: Value = serde_json::from_str(&shell::output(&mut cargo)?)?;
    let used: BTreeSet<&str> = metadata["resolve"]["nodes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|node| node["id"].as_str())
        .collect();
    let mut findings = Findings::default();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        if !package["id"].as_str().is_some_and(|id| used.contains(id)) {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or_default();
        if !is_allowed(licence) {
            let name = package["name"].as_str().unwrap_or_default();
            findings.faults.push(format!("{name}: licence \"{licence}\" is not in the list"));
        }
    }
    Ok(findings)
}

/// Whether an SPDX expression can be fulfilled with the licences in the list.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let result = any(&words, &mut at);
    result && at == words.len()
}

fn any(words: &[&str], at: &mut usize) -> bool {
    let mut result = all(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        let next = all(words, at);
        result = result || next;
    }
    result
}

fn all(words: &[&str], at: &mut usize) -> bool {
    let mut result = single(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        let next = single(words, at);
        result = result && next;
    }
    result
}

fn single(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else {
        return false;
    };
    *at += 1;
    if *word == "(" {
        let result = any(words, at);
        *at += 1;
        return result && words.get(*at - 1) == Some(&")");
    }
    let mut name = (*word).to_owned();
    if let (Some(&"WITH"), Some(exception)) = (words.get(*at), words.get(*at + 1)) {
        name = format!("{name} WITH {exception}");
        *at += 2;
    }
    LICENCES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        for allowed in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
        ] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "Apache-2.0 WITH Something",
            "(MIT",
            "MIT )",
        ] {
            assert!(!is_allowed(refused), "{refused}");
        }
    }
}
