//! Both languages say the same things.

use super::{Findings, Source};
use std::collections::BTreeSet;

const SWEDISH: &str = "web/messages/sv.ftl";
const ENGLISH: &str = "web/messages/en.ftl";

/// Compares the keys, attributes included, of the two message catalogues.
pub fn check(sources: &[Source]) -> Findings {
    let mut findings = Findings::default();
    let find = |path| sources.iter().find(|source| source.path == path);
    let (swedish, english) = match (find(SWEDISH), find(ENGLISH)) {
        (Some(swedish), Some(english)) => (swedish, english),
        (None, None) => {
            findings.notes.push("there are no message catalogues".into());
            return findings;
        }
        (Some(_), None) | (None, Some(_)) => {
            findings.faults.push(format!("{SWEDISH} and {ENGLISH} belong together"));
            return findings;
        }
    };
    let swedish_keys = keys(swedish, &mut findings);
    let english_keys = keys(english, &mut findings);
    for key in swedish_keys.difference(&english_keys) {
        findings.faults.push(format!("{ENGLISH}: {key} is missing"));
    }
    for key in english_keys.difference(&swedish_keys) {
        findings.faults.push(format!("{SWEDISH}: {key} is missing"));
    }
    findings
}

fn keys(source: &Source, findings: &mut Findings) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut message = "";
    for line in source.text.lines() {
        let Some((name, _)) = line.split_once('=') else {
            continue;
        };
        let key = match name.trim().strip_prefix('.') {
            Some(attribute) if name.starts_with(' ') => format!("{message}.{attribute}"),
            _ if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') => {
                message = name.trim();
                message.to_owned()
            }
            _ => continue,
        };
        if !keys.insert(key.clone()) {
            findings.faults.push(format!("{}: {key} is there twice", source.path));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_and_a_double_one_are_named() {
        let sources = [
            Source {
                path: SWEDISH.into(),
                text: "# a = b\nhej = Hej\n    .title = Hälsning = x\nbara-här = nej\n".into(),
            },
            Source {
                path: ENGLISH.into(),
                text: "hej = Hello\n    and more\n    .title = Greeting\nhej = Hi\n".into(),
            },
        ];
        let faults = check(&sources).faults;
        assert_eq!(
            faults,
            ["web/messages/en.ftl: hej is there twice", "web/messages/en.ftl: bara-här is missing"]
        );
        assert_eq!(check(&sources[..1]).faults.len(), 1);
    }
}
