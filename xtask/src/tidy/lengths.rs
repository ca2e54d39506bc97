//! No file longer than one can hold in the head.

use super::{Findings, Source};

const LINES_MAX: usize = 600;
const LINES_NOTED: usize = 400;
const ENDINGS: &[&str] = &[".rs", ".mjs", ".js", ".css", ".sql", ".sh"];

/// Counts the lines of every file of code.
pub fn check(sources: &[Source]) -> Findings {
    let mut findings = Findings::default();
    for source in sources.iter().filter(|source| source.ends_in(ENDINGS)) {
        let lines = source.text.lines().count();
        let what = format!("{}: {lines} lines", source.path);
        if lines > LINES_MAX {
            findings.faults.push(format!("{what}, more than {LINES_MAX}: split it by noun"));
        } else if lines > LINES_NOTED {
            findings.notes.push(what);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_noted_and_too_long_ones_refused() {
        let file = |path: &str, lines| Source { path: path.into(), text: "x\n".repeat(lines) };
        let sources =
            [file("a.rs", 400), file("b.rs", 401), file("c.css", 601), file("d.csv", 9_000)];
        let findings = check(&sources);
        assert_eq!(findings.notes, ["b.rs: 401 lines"]);
        assert_eq!(findings.faults.len(), 1);
    }
}
