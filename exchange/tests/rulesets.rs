//! Rule sets as files: what is written is read back, and what is wrong is told by line and reason.

#[path = "../../domain/tests/common/rule_values.rs"]
mod rule_values;

use proptest::prelude::*;
use rule_values::value_of;
use samband_domain::rulesets::{Document, Key, Rule, RuleSet, Scope, Value, key};
use samband_domain::{Digest, Known};
use samband_exchange::rulesets::{Preview, preview, to_csv, to_toml};

fn read(text: &str) -> Preview {
    preview(text.as_bytes(), "regler").unwrap()
}

/// Line, column, code and value of everything wrong.
fn bad(preview: &Preview) -> Vec<(u32, &str, &str, &str)> {
    let bad = preview.bad.iter();
    bad.map(|bad| (bad.line, bad.column.as_deref().unwrap_or(""), bad.code, bad.value.as_str()))
        .collect()
}

#[test]
fn a_toml_file_in_every_style_is_read() {
    let text = "# Regler\ntitle = \"Blod\"\nversion = \"2026-1\"\nscope = \"blood\"\n\n[rules]\n\
        shelf_life.red_cells = { value = 42, unit = \"d\", source = \"KRON-K\" }\n\
        \"nat.in_use\" = { value = true, source = \"NAT-SK\", note = \"sedan 2025-12-01\" }\n\
        tests.new_donor = { value = [\"anti-hbc\", \"htlv\"], source = \"LT-KOMP\" }\n\
        expiring.days = {}\n\
        reservation.lapse_hours = { value = \"okänt\" }\n\
        [rules.storage.red_cells]\nvalue = \"2..6\"\nunit = \"°C\"\nsource = \"EU33\"\n";
    let preview = read(text);
    assert_eq!(bad(&preview), []);
    assert_eq!(preview.title.as_deref(), Some("Blod"));
    assert_eq!(preview.version.as_deref(), Some("2026-1"));
    let value = |key: Key| preview.rules.iter().find(|rule| rule.key == key).unwrap().value.clone();
    assert_eq!(value(key::SHELF_LIFE_RED_CELLS), Known::Value(Value::Days(42)));
    assert_eq!(value(key::NAT_IN_USE), Known::Value(Value::Flag(true)));
    assert_eq!(value(key::EXPIRING_DAYS), Known::Unknown);
    assert_eq!(value(key::RESERVATION_LAPSE_HOURS), Known::Unknown);
    assert_eq!(
        value(key::STORAGE_RED_CELLS),
        Known::Value(Value::Temperature { min_tenths: Some(20), max_tenths: 60 })
    );
    assert_eq!(preview.rules.len(), 6);
}

#[test]
fn a_table_with_swedish_headings_and_semicolons_is_read() {
    let text = "sep=;\nNyckel;Värde;Enhet;Källa;Anmärkning\ntitle;Blod;;;\n\
        nat.in_use;ja;;NAT-SK;\nmtp.ratio.plasma;4;units;HALL;Varberg\n\
        mtp.interval_minutes;;;;\n";
    let preview = read(text);
    assert_eq!(bad(&preview), []);
    assert_eq!(preview.title.as_deref(), Some("Blod"));
    assert_eq!(preview.rules.len(), 3);
    assert_eq!(preview.rules[1].note.as_deref(), Some("Varberg"));
    assert_eq!(preview.rules[2].value, Known::Unknown);
}

#[test]
fn everything_wrong_in_a_table_is_told_by_line() {
    let text = "key,value,unit,source,note\n\
        shelf_life.red_cell,42,d,KRON-K,\n\
        expiring.days,7,d,HALL,\n\
        expiring.days,8,d,HALL,\n\
        nat.in_use,kanske,,HALL,\n\
        platelets.abo,same,,KRON,\n\
        donor.weight.minimum,50,g,SOS28,\n\
        infant.plasma,ab,d,RJL,\n\
        mtp.ratio.plasma,4,units,,\n\
        bas.validity_days,5,d\n\
        scope,fire,,,\n";
    let preview = read(text);
    assert_eq!(
        bad(&preview),
        [
            (2, "key", "rules-bad-key", "shelf_life.red_cell"),
            (4, "key", "rules-bad-twice", "expiring.days"),
            (5, "value", "rules-bad-value", "kanske"),
            (6, "value", "rules-bad-choice", "same"),
            (7, "unit", "rules-bad-unit", "g"),
            (8, "unit", "rules-bad-no-unit", "d"),
            (9, "source", "rules-bad-no-source", "mtp.ratio.plasma"),
            (10, "", "rules-bad-cells", "bas.validity_days | 5 | d"),
            (11, "scope", "rules-bad-scope", "fire"),
        ]
    );
    assert_eq!(preview.bad[0].args, [("near", "shelf_life.red_cells".to_owned())]);
    assert_eq!(preview.bad[1].args, [("first", "3".to_owned())]);
    assert!(!preview.ready());
}

#[test]
fn everything_wrong_in_toml_is_told_by_line() {
    let text = "title = \"Blod\"\ncolour = \"red\"\n[rules]\n\
        expiring.days = { value = 7, unit = \"d\", sauce = \"HALL\" }\n\
        nat.in_use = true\n\
        moon.phase = { value = 1 }\n\
        expiring.days = { value = 8, unit = \"d\", source = \"HALL\" }\n";
    let preview = read(text);
    let lines: Vec<_> = preview.bad.iter().map(|bad| (bad.line, bad.code)).collect();
    for wanted in [
        (2, "rules-bad-field"),
        (4, "rules-bad-field"),
        (4, "rules-bad-no-source"),
        (5, "rules-bad-field"),
        (6, "rules-bad-key"),
        (7, "rules-bad-syntax"),
    ] {
        assert!(lines.contains(&wanted), "{wanted:?} in {lines:?}");
    }
    let broken = read("title = \"Blod\n[rules]\n");
    assert_eq!(broken.bad[0].line, 1);
    assert_eq!(broken.bad[0].code, "rules-bad-syntax");
}

#[test]
fn a_file_without_rules_or_headings_says_so() {
    assert_eq!(bad(&read("title = \"Blod\"\n"))[0].2, "rules-bad-empty");
    assert_eq!(bad(&read("key,value\n"))[0].2, "rules-bad-empty");
    assert_eq!(bad(&read("shelf_life.red_cells,42\n"))[0].2, "rules-bad-no-heading");
    assert_eq!(bad(&read("key,value,key,colour\n"))[0].2, "rules-bad-column-twice");
    assert!(preview(b"", "tom").is_err());
    assert!(preview(&[0, 1, 2, 3], "bild").is_err());
}

/// A text as people write it: quotes, separators, formulas and lines of its own included.
fn words() -> impl Strategy<Value = String> {
    "[a-zåäöA-Z0-9=+@#-][a-zåäö0-9 ,;\"'\\\\.\n=-]{0,20}[a-z0-9.]"
}

fn set() -> impl Strategy<Value = RuleSet> {
    let keys: Vec<_> = Key::all().collect();
    let keys = prop::sample::subsequence(keys, 1..20);
    let rule =
        |key: Key| {
            let value = prop::option::weighted(0.8, value_of(key.shape()));
            (value, words(), prop::option::of(words())).prop_map(move |(value, source, note)| {
                Rule { key, value: value.into(), source, note }
            })
        };
    let rules = keys.prop_flat_map(move |keys| keys.into_iter().map(rule).collect::<Vec<_>>());
    (words(), words(), rules).prop_map(|(title, version, rules)| {
        RuleSet::from(Document::of(Scope::Blood, title, version, &rules))
    })
}

/// The digest of what a file says.
fn digest(preview: Preview) -> Digest {
    let (title, version) = (preview.title.unwrap(), preview.version.unwrap());
    let text = Document::of(preview.scope, title, version, &preview.rules).text();
    Digest::of(text.as_bytes())
}

proptest! {
    #[test]
    fn a_set_goes_to_a_file_and_comes_back_the_same(set in set()) {
        let wanted = Digest::of(Document::from(set.clone()).text().as_bytes());
        for bytes in [to_toml(&set).into_bytes(), to_csv(&set)] {
            let preview = preview(&bytes, "regler").unwrap();
            let text = String::from_utf8_lossy(&bytes);
            prop_assert!(preview.ready(), "{:?}\n{text}", preview.bad);
            prop_assert_eq!(digest(preview), wanted, "{}", text);
        }
    }

    #[test]
    fn no_file_makes_the_reader_panic_or_invent(text in "[a-z.=,;{}\\[\\]\"'#\n 0-9_]{0,200}") {
        for start in ["", "[rules]\n", "key,value,unit,source,note\n"] {
            if let Ok(preview) = preview(format!("{start}{text}").as_bytes(), "regler") {
                let last = u32::try_from(start.len() + text.len() + 2).unwrap();
                for bad in &preview.bad {
                    prop_assert!((1..=last).contains(&bad.line));
                    prop_assert!(samband_exchange::rulesets::BAD_CODES.contains(&bad.code));
                }
                prop_assert!(preview.ready() || !preview.bad.is_empty());
            }
        }
    }
}
