//! Both languages say the same things.

use super::{Findings, Source};
use std::collections::BTreeSet;

const FOLDER: &str = "web/messages/";

/// Compares the keys, attributes included, of the two message catalogues: of each language the
/// file by its name and those in the folder by its name.
pub fn check(sources: &[Source]) -> Findings {
    let mut findings = Findings::default();
    let swedish = keys("sv", sources, &mut findings);
    let english = keys("en", sources, &mut findings);
    if swedish.is_empty() && english.is_empty() {
        findings.notes.push("there are no message catalogues".into());
    }
    for key in swedish.difference(&english) {
        findings.faults.push(format!("{FOLDER}en: {key} is missing"));
    }
    for key in english.difference(&swedish) {
        findings.faults.push(format!("{FOLDER}sv: {key} is missing"));
    }
    findings
}

fn keys(language: &str, sources: &[Source], findings: &mut Findings) -> BTreeSet<String> {
    let of_language = |source: &&Source| {
        let rest = source.path.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix(language));
        rest.is_some_and(|rest| rest.starts_with('/') || rest == ".ftl")
    };
    let mut all = BTreeSet::new();
    for source in sources.iter().filter(of_language) {
        for key in keys_of(source) {
            if !all.insert(key.clone()) {
                findings.faults.push(format!("{}: {key} is there twice", source.path));
            }
        }
    }
    all
}

fn keys_of(source: &Source) -> Vec<String> {
    let mut keys = Vec::new();
    let mut message = "";
    for line in source.text.lines() {
        let Some((name, _)) = line.split_once('=') else {
            continue;
        };
        keys.push(match name.trim().strip_prefix('.') {
            Some(attribute) if name.starts_with(' ') => format!("{message}.{attribute}"),
            _ if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') => {
                message = name.trim();
                message.to_owned()
            }
            _ => continue,
        });
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
                path: "web/messages/sv.ftl".into(),
                text: "# a = b\nhej = Hej\n    .title = Hälsning = x\nbara-här = nej\n".into(),
            },
            Source {
                path: "web/messages/en.ftl".into(),
                text: "hej = Hello\n    and more\n    .title = Greeting\nhej = Hi\n".into(),
            },
        ];
        let faults = check(&sources).faults;
        assert_eq!(
            faults,
            ["web/messages/en.ftl: hej is there twice", "web/messages/en: bara-här is missing"]
        );
        assert_eq!(
            check(&sources[..1]).faults.len(),
            3,
            "a language that is missing lacks every key"
        );
    }
}
