//! What the prose points at is there.

use super::{Findings, Source};
use crate::shell;
use std::path::Path;

/// Checks the links of every Markdown file, and in the two that describe the house also every
/// path written as code.
pub fn check(sources: &[Source]) -> Findings {
    let mut findings = Findings::default();
    for source in sources.iter().filter(|source| source.ends_in(&[".md"])) {
        let folder = Path::new(&source.path).parent().unwrap_or(Path::new(""));
        let describes_the_house = ["README.md", "ARCHITECTURE.md"].contains(&source.path.as_str());
        for (number, line) in source.text.lines().enumerate() {
            let mut missing: Vec<String> = links(line)
                .into_iter()
                .filter(|link| !shell::root().join(folder).join(link).exists())
                .collect();
            if describes_the_house {
                let is_missing = |path: &String| !shell::root().join(path).exists();
                missing.extend(code_paths(line).into_iter().filter(is_missing));
            }
            let place = format!("{}:{}", source.path, number + 1);
            let faults = missing.into_iter().map(|path| format!("{place}: {path} does not exist"));
            findings.faults.extend(faults);
        }
    }
    findings
}

/// The targets of links to files, without their anchors.
fn links(line: &str) -> Vec<String> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    targets
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .filter_map(|target| target.split('#').next())
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Words between back-ticks that look like a path from the root: they hold a slash, do not begin
/// with one (those are the product's addresses), and begin with a room or end as a folder.
fn code_paths(line: &str) -> Vec<String> {
    let spans = line.split('`').skip(1).step_by(2);
    let is_path_character =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '{' | '}' | ',');
    spans
        .filter(|span| span.chars().all(is_path_character))
        .filter(|span| span.contains('/') && !span.starts_with(['/', '.']))
        .filter(|span| {
            let first = span.split('/').next().unwrap_or_default();
            first != "target" && (span.ends_with('/') || shell::root().join(first).exists())
        })
        .flat_map(alternatives)
        .collect()
}

/// `messages/{sv,en}.ftl` means two paths.
fn alternatives(span: &str) -> Vec<String> {
    let parts = span.split_once('{').and_then(|(start, rest)| {
        let (middle, end) = rest.split_once('}')?;
        Some((start, middle, end))
    });
    match parts {
        Some((start, middle, end)) => {
            middle.split(',').map(|one| format!("{start}{one}{end}")).collect()
        }
        None => vec![span.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_paths_are_seen_and_addresses_are_not() {
        let line = "[a](docs/run.md#tls) [b](https://example.org/x) [c](#here) `/api/v1` `and/or`";
        assert_eq!(links(line), ["docs/run.md"]);
        assert!(code_paths(line).is_empty());
        let line = "`xtask/src/{main,count}.rs`, `cellar/`, `target/debug`, `cargo xtask tidy`";
        assert_eq!(code_paths(line), ["xtask/src/main.rs", "xtask/src/count.rs", "cellar/"]);
    }

    #[test]
    fn a_path_that_does_not_exist_is_named_with_its_line() {
        let text = "`xtask/src/main.rs`\n`xtask/src/no.rs`\n".to_owned();
        let findings = check(&[Source { path: "ARCHITECTURE.md".into(), text }]);
        assert_eq!(findings.faults, ["ARCHITECTURE.md:2: xtask/src/no.rs does not exist"]);
    }
}
