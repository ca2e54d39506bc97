//! Words that must not be in the repository, and codes that must not be real.

use super::functions::blank;
use super::{Findings, Source};

/// Marks of unfinished work. Written in two halves, so that this file may hold them.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("todo", "!"),
    concat!("unimpl", "emented!"),
];

/// Package registries: where a package comes from is the installation's matter, not ours.
const REGISTRIES: &[&str] = &[
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("py", "pi.org"),
    concat!("python", "hosted.org"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("deb.", "debian.org"),
];

/// Written by others, or lists that tools write.
const NOT_OURS: &[&str] = &["LICENSE", "Cargo.lock", ".csv", ".svg", ".snap"];

/// Looks through every text file line by line.
pub fn check(sources: &[Source]) -> Findings {
    let mut findings = Findings::default();
    for source in sources {
        let is_ours = !source.ends_in(NOT_OURS);
        for (number, line) in source.text.lines().enumerate() {
            let mut found = Vec::new();
            if is_ours {
                found.extend(unfinished(line));
            }
            found.extend(registry(line));
            found.extend(facility(line));
            let place = format!("{}:{}", source.path, number + 1);
            findings.faults.extend(found.into_iter().map(|what| format!("{place}: {what}")));
        }
        if source.ends_in(&[".rs"]) {
            findings.faults.extend(ignored_without_reason(source));
        }
    }
    findings
}

fn unfinished(line: &str) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    UNFINISHED.iter().find_map(|word| {
        let at = line.find(word)?;
        let is_word =
            !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part);
        is_word.then(|| format!("{word} marks unfinished work: file it or finish it"))
    })
}

fn registry(line: &str) -> Option<String> {
    let host = REGISTRIES.iter().find(|host| line.contains(*host))?;
    Some(format!("names the registry host {host}"))
}

/// Numbers that were published to show what their check characters are.
const PUBLISHED: &[&str] = &["G123417654321", "W000009123456", "G123498654321", "G123489654321"];

/// ISBT 128 facility codes belong to real blood establishments, except A9990 to A9999. Seen here:
/// a code of the A series by itself, and any donation number (code, year, serial, check digits).
fn facility(line: &str) -> Option<String> {
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(|word| {
        let digits = word.strip_prefix(|c: char| c.is_ascii_uppercase())?;
        let is_number =
            matches!(digits.len(), 12 | 14) && digits.bytes().all(|b| b.is_ascii_digit());
        let is_code = word.starts_with('A')
            && digits.len() == 4
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        // No facility's code begins with the letter O.
        let is_none = word.starts_with("A999") || word.starts_with('O') || is_published(word);
        let is_real = (is_number || is_code) && !is_none;
        is_real.then(|| format!("{word}: only facility codes A9990 to A9999 are for tests"))
    })
}

/// Whether the word is a published number, alone or with a flag.
fn is_published(word: &str) -> bool {
    PUBLISHED.iter().any(|number| word.starts_with(number))
}

/// A test may be ignored only with words that tell how to run it.
fn ignored_without_reason(source: &Source) -> Vec<String> {
    let code = blank(&source.text);
    let mut faults = Vec::new();
    for (number, (line, text)) in code.lines().zip(source.text.lines()).enumerate() {
        let bare = line.contains("#[ignore]") || line.contains(", ignore)");
        let unread = text.trim_start().starts_with("//") && text.contains(concat!("``", "`ignore"));
        if bare || unread {
            let place = format!("{}:{}", source.path, number + 1);
            faults.push(format!("{place}: ignored without a reason"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> usize {
        check(&[Source { path: path.into(), text: text.into() }]).faults.len()
    }

    #[test]
    fn unfinished_work_is_found_as_a_word() {
        let word = UNFINISHED[0];
        assert_eq!(faults("a.md", &format!("// {word}: later")), 1);
        assert_eq!(faults("a.md", &format!("MAS{word}NTE och {word}LIST")), 0);
        assert_eq!(faults("LICENSE", word), 0);
    }

    #[test]
    fn registry_hosts_are_found_everywhere() {
        let text = format!("\"resolved\": \"https://{}/axe-core\"", REGISTRIES[0]);
        assert_eq!(faults("package-lock.json", &text), 1);
    }

    #[test]
    fn real_facility_codes_are_refused() {
        let (ours, real) = ("A9991", format!("A{}", 1235));
        assert_eq!(faults("a.rs", &format!("site {ours}, {ours}26123456, E0382V00, aA12")), 0);
        assert_eq!(faults("a.csv", &format!("site {real}")), 1);
        assert_eq!(faults("a.rs", &format!("={}26123456", real.replace('A', "W"))), 1);
        assert_eq!(faults("a.rs", &format!("={}00, {}", PUBLISHED[0], ours.replace('A', "O"))), 0);
    }

    #[test]
    fn an_ignored_test_tells_why() {
        assert_eq!(faults("a.rs", "#[ignore = \"needs PostgreSQL: run verify\"]"), 0);
        assert_eq!(faults("a.rs", "let text = \"#[ignore]\";"), 0);
        assert_eq!(faults("a.rs", "#[ignore]\nfn f() {}"), 1);
    }
}
