//! `cargo xtask tidy`: the rules of the house that a machine can check.

mod arrows;
mod crates;
mod functions;
mod lengths;
mod messages;
mod paths;
mod schemas;
mod words;

use crate::count::Count;
use crate::shell;
use anyhow::{Context, Result};
use std::fs;

/// What one check found.
#[derive(Debug, Default)]
pub struct Findings {
    /// What breaks a rule.
    pub faults: Vec<String>,
    /// What is worth seeing but breaks none.
    pub notes: Vec<String>,
}

/// A text file of the repository.
pub struct Source {
    /// Its path from the root, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    /// Whether its name ends in one of these.
    pub fn ends_in(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

type Check = fn(&[Source]) -> Result<Findings>;

const CHECKS: &[(&str, Check)] = &[
    ("arrows between rooms", |_| arrows::check()),
    ("length of files", |sources| Ok(lengths::check(sources))),
    ("length of functions", |sources| Ok(functions::check(sources))),
    ("message keys", |sources| Ok(messages::check(sources))),
    ("crate count", |_| crates::check_count()),
    ("licences", |_| crates::check_licences()),
    ("schema names", |sources| Ok(schemas::check(sources))),
    ("words", |sources| Ok(words::check(sources))),
    ("paths in the prose", |sources| Ok(paths::check(sources))),
];

/// Runs every check, prints what they found, and counts.
pub fn run() -> Result<Count> {
    let sources = sources()?;
    let mut count = Count::default();
    for (name, check) in CHECKS {
        let findings = check(&sources).with_context(|| format!("tidy: {name}"))?;
        let passed = findings.faults.is_empty();
        println!("{} {name}", if passed { "ok  " } else { "FAIL" });
        findings.notes.iter().for_each(|note| println!("       note: {note}"));
        findings.faults.iter().for_each(|fault| println!("       {fault}"));
        count += Count::one(passed);
    }
    println!("tidy: {count}");
    Ok(count)
}

/// Every text file that git tracks or would track.
fn sources() -> Result<Vec<Source>> {
    let mut git = shell::command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = shell::output(&mut git)?;
    let mut sources = Vec::new();
    for path in listed.split_terminator('\0') {
        // Deleted but still in the index, or not text: nothing to read.
        let Ok(bytes) = fs::read(shell::root().join(path)) else {
            continue;
        };
        if let Ok(text) = String::from_utf8(bytes) {
            sources.push(Source { path: path.to_owned(), text });
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        let count = super::run().expect("tidy runs");
        assert_eq!(count.failed, 0, "see the findings above");
    }
}
