//! The two catalogues and the sources agree: no text is absent, left over or half translated.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_bundle::FluentResource;

use super::{DYNAMIC_PREFIXES, Lang, Words, bundle};

/// Every message of a catalogue with the variables it names.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let key = line.split([' ', '=']).next().unwrap_or_default().to_owned();
            assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            current = Some(key);
        }
        let Some(variables) = current.as_ref().and_then(|key| found.get_mut(key)) else {
            continue;
        };
        for part in line.split('$').skip(1) {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
            variables.insert(part[..end.unwrap_or(part.len())].to_owned());
        }
    }
    found
}

/// All Rust sources of the room, tests of this module left out.
fn sources() -> String {
    fn walk(folder: &Path, text: &mut String) {
        let entries = std::fs::read_dir(folder).expect("the source folder is readable");
        for path in entries.map(|entry| entry.expect("a readable entry").path()) {
            if path.is_dir() {
                walk(&path, text);
            } else if path.extension().is_some_and(|e| e == "rs")
                && path.file_name().is_some_and(|name| name != "catalogue_test.rs")
            {
                text.push_str(&std::fs::read_to_string(&path).expect("a readable source"));
            }
        }
    }
    let mut text = String::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    text
}

/// The literal first argument of every `.t("…")`, `.t_args("…"` and `.find("…"` call.
fn keys_asked_for(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for call in [".t(", ".t_args("] {
        for (start, _) in source.match_indices(call) {
            let rest = source[start + call.len()..].trim_start();
            if let Some(literal) = rest.strip_prefix('"') {
                keys.insert(literal.split('"').next().unwrap_or_default().to_owned());
            }
        }
    }
    keys
}

#[test]
fn every_line_of_both_catalogues_parses() {
    for (lang, source) in [(Lang::Sv, bundle::SV), (Lang::En, bundle::EN)] {
        if let Err((_, problems)) = FluentResource::try_new(source.to_owned()) {
            panic!("{}.ftl: {problems:?}", lang.code());
        }
    }
}

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    let (sv, en) = (messages(bundle::SV), messages(bundle::EN));
    let only = |a: &BTreeMap<_, _>, b: &BTreeMap<String, _>| -> Vec<String> {
        a.keys().filter(|key| !b.contains_key(*key)).cloned().collect()
    };
    assert_eq!(only(&sv, &en), Vec::<String>::new(), "only in sv.ftl");
    assert_eq!(only(&en, &sv), Vec::<String>::new(), "only in en.ftl");
    for (key, variables) in &sv {
        assert_eq!(Some(variables), en.get(key), "variables of {key}");
    }
}

#[test]
fn every_key_asked_for_exists() {
    let known = messages(bundle::SV);
    let absent: Vec<_> =
        keys_asked_for(&sources()).into_iter().filter(|key| !known.contains_key(key)).collect();
    assert_eq!(absent, Vec::<String>::new(), "used in web/src, absent from sv.ftl");
}

#[test]
fn no_key_is_left_over() {
    let source = sources();
    let unused: Vec<_> = messages(bundle::SV)
        .into_keys()
        .filter(|key| !DYNAMIC_PREFIXES.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| !source.contains(&format!("\"{key}\"")))
        .collect();
    assert_eq!(unused, Vec::<String>::new(), "in sv.ftl, never used in web/src");
}

#[test]
fn counts_choose_the_plural_and_are_grouped() {
    let text = |words: Words, n: i64| words.t_args("import-rows-refused", &[("n", n.into())]);
    assert_eq!(text(Words::sv(), 1), "1 rad avvisad");
    assert_eq!(text(Words::sv(), 1234), "1\u{a0}234 rader avvisade");
    assert_eq!(text(Words::en(), 1234), "1,234 rows refused");
}

#[test]
fn languages_are_read_from_codes_and_headers() {
    assert_eq!(Lang::parse("sv-SE"), Some(Lang::Sv));
    assert_eq!(Lang::parse(" EN;q=0.8"), Some(Lang::En));
    assert_eq!(Lang::parse("eng"), None);
    assert_eq!(Lang::from_accept_language("de, en-GB;q=0.7, sv;q=0.5"), Lang::En);
    assert_eq!(Lang::from_accept_language("fi"), Lang::Sv);
}

#[test]
fn an_absent_key_shows_itself_and_data_shows_its_name() {
    assert_eq!(Words::sv().t("no-such-key-by-intention"), "no-such-key-by-intention");
    assert_eq!(Words::sv().dynamic("role-", "no-such-role"), "no-such-role");
}
