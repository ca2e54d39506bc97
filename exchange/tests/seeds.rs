//! The demo's rule sets and the manual: every file is whole and sourced, and the manual's list of
//! what is unknown is the one that the files give.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use samband_domain::rulesets::sources::{ASSUMED, cited, find};
use samband_domain::rulesets::view::{Likeness, compare};
use samband_domain::rulesets::{Key, Rule, Scope, Value, key};
use samband_domain::{JournalId, Known};
use samband_exchange::rulesets::preview;

const SEEDS: [(&str, &str, &str); 4] = [
    ("blekinge", "Blekinge", include_str!("../../server/src/demo/rules/blekinge.toml")),
    ("halland", "Halland", include_str!("../../server/src/demo/rules/halland.toml")),
    ("kronoberg", "Kronoberg", include_str!("../../server/src/demo/rules/kronoberg.toml")),
    ("skane", "Skåne", include_str!("../../server/src/demo/rules/skane.toml")),
];

const MANUAL: &str = include_str!("../../docs/rules.md");

type Rules = BTreeMap<Key, Rule>;

fn seeds() -> Vec<(&'static str, &'static str, Rules)> {
    let read = |(id, name, text): (&'static str, &'static str, &str)| {
        let found = preview(text.as_bytes(), id).unwrap();
        assert!(found.ready(), "{id}: {:?}", found.bad);
        let rules = found.rules.into_iter().map(|rule| (rule.key, rule)).collect();
        (id, name, rules)
    };
    SEEDS.map(read).into()
}

#[test]
fn every_seed_states_every_rule_or_says_that_it_is_unknown() {
    for (id, _, rules) in seeds() {
        for key in Key::all() {
            assert!(rules.contains_key(&key), "{id}: {key}");
        }
    }
}

#[test]
fn every_value_cites_a_source_that_the_legend_explains() {
    for (id, _, rules) in seeds() {
        for rule in rules.values().filter(|rule| rule.value != Known::Unknown) {
            for source in cited(&rule.source) {
                let known = source == ASSUMED || find(source).is_some();
                assert!(known, "{id}: {}: {source}", rule.key);
            }
            if rule.source == ASSUMED {
                let note = rule.note.as_deref().unwrap_or_default();
                assert!(note.contains("antaget"), "{id}: {}", rule.key);
            }
        }
    }
}

/// Regions' own numbers and habits.
const OWN: &[Key] = &[
    key::EXPIRING_DAYS,
    key::RESERVATION_LAPSE_HOURS,
    key::DONOR_CALL_INTERVAL_DAYS,
    key::MG_SECOND_PERSON,
    key::WITHDRAWAL_TWO_PERSONS,
];

/// Without these the demo's chain from donor to transfusion would stop at its first step. Each says
/// in its note where a published value stands, or that none was found.
const WALKED: &[Key] = &[
    key::SHELF_LIFE_RED_CELLS,
    key::BAS_SAMPLE_AGE_DAYS,
    key::GROUP_SAMPLE_AGE_DAYS,
    key::DONOR_WHOLE_BLOOD_INTERVAL_FEMALE_DAYS,
    key::DONOR_WHOLE_BLOOD_INTERVAL_MALE_DAYS,
    key::DONOR_PLATELETS_INTERVAL_DAYS,
    key::DONOR_PLASMA_INTERVAL_DAYS,
];

/// What no source could say is assumed only where it is a region's own number, or where the demo
/// could not be walked without it.
#[test]
fn little_that_is_clinical_is_assumed() {
    for (id, _, rules) in seeds() {
        for rule in rules.values().filter(|rule| rule.source == ASSUMED) {
            let own = rule.key.text().starts_with("minimum_stock.") || OWN.contains(&rule.key);
            assert!(own || WALKED.contains(&rule.key), "{id}: {}", rule.key);
        }
    }
}

#[test]
fn nat_splits_the_donor_rules_between_regions() {
    for (id, _, rules) in seeds() {
        let skane = id == "skane";
        assert_eq!(rules[&key::NAT_IN_USE].value, Known::Value(Value::Flag(skane)), "{id}");
        let months = if skane { 4 } else { 6 };
        let tattoo = &rules[&key::DONOR_TATTOO_MONTHS].value;
        assert_eq!(*tattoo, Known::Value(Value::Months(months)), "{id}");
    }
    // The same law holds in all four.
    for key in [key::DONOR_HB_FEMALE, key::DONOR_AGE_MINIMUM, key::BAS_VALIDITY_DAYS] {
        let values: Vec<_> = seeds().into_iter().map(|(.., rules)| rules[&key].clone()).collect();
        assert!(values.windows(2).all(|pair| pair[0].value == pair[1].value), "{key}");
    }
}

/// The manual's list, made from the files.
fn unknown_table() -> String {
    let seeds = seeds();
    let mut out = String::from("| Rule |");
    for (_, name, _) in &seeds {
        let _ = write!(out, " {name} |");
    }
    out.push_str("\n|---|---|---|---|---|\n");
    for key in Key::all() {
        let unknown = |rules: &Rules| rules[&key].value == Known::Unknown;
        if !seeds.iter().any(|(.., rules)| unknown(rules)) {
            continue;
        }
        let _ = write!(out, "| `{key}` |");
        for (.., rules) in &seeds {
            out.push_str(if unknown(rules) { " unknown |" } else { " |" });
        }
        out.push('\n');
    }
    out
}

/// The manual's list of every rule with its shape, made from the catalogue.
fn catalogue_table() -> String {
    let mut out = String::from("| Rule | Means | Value | Unit |\n|---|---|---|---|\n");
    for key in Key::all() {
        let shape = key.shape();
        let choices = shape.choices().iter().map(|code| format!("`{code}`"));
        let choices: Vec<_> = choices.collect();
        let value = match shape.as_str() {
            "choice" => choices.join(", "),
            "list" => format!("some of {}", choices.join(", ")),
            "age" => "`<50` or `<=50`".into(),
            "temperature" => "`2..6` or `..-25`".into(),
            "flag" => "`yes` or `no`".into(),
            _ => "whole number".into(),
        };
        let units = shape.units().iter().map(|unit| format!("`{unit}`"));
        let units: Vec<_> = units.collect();
        let doc = key.doc();
        let _ = writeln!(out, "| `{key}` | {doc} | {value} | {} |", units.join(", "));
    }
    out
}

fn sources_table() -> String {
    let used: std::collections::BTreeSet<String> = seeds()
        .into_iter()
        .flat_map(|(.., rules)| rules.into_values())
        .flat_map(|rule| cited(&rule.source).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut out = String::from("| Key | Source |\n|---|---|\n");
    for key in used.iter().filter(|key| key.as_str() != ASSUMED) {
        let source = find(key).expect("the legend explains every source");
        let _ = match source.address {
            Some(address) => writeln!(out, "| {key} | [{}]({address}) |", source.title),
            None => writeln!(out, "| {key} | {} |", source.title),
        };
    }
    out
}

/// What stands between two marks in the manual.
fn between(mark: &str) -> &'static str {
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- end of {mark} -->"));
    let (_, rest) = MANUAL.split_once(begin.as_str()).expect("the mark stands in docs/rules.md");
    rest.split_once(end.as_str()).expect("its end stands in docs/rules.md").0
}

/// Set `SAMBAND_WRITE_MANUAL` to write the lists instead of comparing them.
#[test]
fn the_manuals_lists_are_what_files_and_catalogue_say() {
    let lists = [
        ("what is unknown", unknown_table()),
        ("every rule", catalogue_table()),
        ("sources", sources_table()),
    ];
    if std::env::var_os("SAMBAND_WRITE_MANUAL").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rules.md");
        let mut manual = MANUAL.to_owned();
        for (mark, list) in &lists {
            let fresh = format!("<!-- {mark} -->\n{list}<!-- end of {mark} -->");
            let stale = format!("<!-- {mark} -->\n{}<!-- end of {mark} -->", between(mark));
            manual = manual.replace(&stale, &fresh);
        }
        std::fs::write(path, manual).unwrap();
        return;
    }
    for (mark, list) in lists {
        assert_eq!(
            between(mark),
            list,
            "docs/rules.md, {mark}: run the test with \
             SAMBAND_WRITE_MANUAL=1 and review what it writes"
        );
    }
}

/// The regions do differ where the sources do, so that the comparison shows something.
#[test]
fn the_regions_compare_as_their_sources_do() {
    use samband_domain::rulesets::{Document, InForce, RuleSet, Shared};
    let shared: Vec<(JournalId, Shared)> = seeds()
        .into_iter()
        .map(|(id, _, rules)| {
            let rules: Vec<Rule> = rules.into_values().collect();
            let document = Document::of(Scope::Blood, "R".into(), "1".into(), &rules);
            let text = document.text();
            let region = JournalId::new(id).unwrap();
            let from = samband_domain::Time(0);
            let set = InForce {
                region: region.clone(),
                digest: samband_domain::Digest::of(text.as_bytes()),
                from,
                set: RuleSet::from(document).into(),
            };
            let mut shared = Shared::default();
            shared.timeline.insert((Scope::Blood, from), set);
            (region, shared)
        })
        .collect();
    let regions: Vec<_> = shared.iter().map(|(id, shared)| (id.clone(), shared)).collect();
    let compared = compare(&regions, Scope::Blood, samband_domain::Time(1));
    let likeness = |key: Key| compared.rows.iter().find(|row| row.key == key).unwrap().likeness;
    assert_eq!(likeness(key::DONOR_HB_MALE), Likeness::Same);
    assert_eq!(likeness(key::NAT_IN_USE), Likeness::Differs);
    assert_eq!(likeness(key::PLATELETS_ABO), Likeness::Missing);
    for one in Likeness::ALL {
        assert!(compared.count(*one) > 5, "{one:?}");
    }
}
