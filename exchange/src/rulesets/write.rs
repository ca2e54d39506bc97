//! Rule sets back into files, and the regions side by side as a table.

use std::fmt::Write;

use samband_domain::Known;
use samband_domain::rulesets::view::Comparison;
use samband_domain::rulesets::{Heading, Key, Rule, RuleSet};

use crate::export::{Cell, Column, Csv, Table};
use crate::fold::fold;

/// A rule set as TOML, in the catalogue's order. Reading it gives the same document.
#[must_use]
pub fn to_toml(set: &RuleSet) -> String {
    let mut out = String::new();
    for (name, text) in about(set) {
        let _ = writeln!(out, "{name} = {}", quoted(text));
    }
    let _ = writeln!(out, "\n[rules]");
    let mut under: Option<Heading> = None;
    for rule in set.rules.values() {
        let heading = rule.key.heading();
        if under.replace(heading) != Some(heading) {
            let _ = writeln!(out, "\n# {heading}");
        }
        let _ = writeln!(out, "{} = {{ {} }}", rule.key, fields(rule));
    }
    out
}

fn about(set: &RuleSet) -> [(&'static str, &str); 3] {
    [("title", &set.title), ("version", &set.version), ("scope", set.scope.as_str())]
}

fn fields(rule: &Rule) -> String {
    let mut fields = Vec::new();
    let unit = match &rule.value {
        Known::Unknown => {
            fields.push("value = \"unknown\"".to_owned());
            ""
        }
        Known::Value(value) => {
            let text = value.text();
            let plain = text.bytes().all(|byte| byte.is_ascii_digit());
            let text = if plain { text } else { quoted(&text) };
            fields.push(format!("value = {text}"));
            value.unit(rule.key.shape())
        }
    };
    let note = rule.note.as_deref().unwrap_or_default();
    for (name, text) in [("unit", unit), ("source", &rule.source), ("note", note)] {
        if !text.is_empty() {
            fields.push(format!("{name} = {}", quoted(text)));
        }
    }
    fields.join(", ")
}

/// A text as TOML writes it on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A rule set as a table of `key,value,unit,source,note`. Reading it gives the same document.
#[must_use]
pub fn to_csv(set: &RuleSet) -> Vec<u8> {
    let column = |key: &'static str| Column { key: key.into(), heading: key.to_owned() };
    let about = about(set).map(|(name, text)| [name, text, "", "", ""].map(Cell::from).to_vec());
    let rule = |rule: &Rule| {
        let value = rule.value.as_ref().value();
        let unit = value.map_or("", |value| value.unit(rule.key.shape()));
        let value = value.map_or_else(|| "unknown".to_owned(), ToString::to_string);
        let note = rule.note.clone().unwrap_or_default();
        vec![
            rule.key.text().into(),
            value.into(),
            unit.into(),
            rule.source.clone().into(),
            note.into(),
        ]
    };
    let table = Table {
        name: "rules".into(),
        columns: ["key", "value", "unit", "source", "note"].map(column).to_vec(),
        rows: about.into_iter().chain(set.rules.values().map(rule)).collect(),
    };
    crate::export::to_csv(&table, Csv::FOR_PROGRAMS)
}

/// The words that the table of regions side by side is written with.
pub struct Words<'a> {
    /// The table's name.
    pub name: String,
    /// Heading, rule, key and likeness: the first columns.
    pub columns: [String; 4],
    /// What a rule is called.
    pub rule: &'a dyn Fn(Key) -> String,
    /// What a heading is called.
    pub heading: &'a dyn Fn(Heading) -> String,
    /// A value in words.
    pub value: &'a dyn Fn(&Rule) -> String,
    /// What is said of a cell without a value and of a likeness, by message key.
    pub said: &'a dyn Fn(&str) -> String,
    /// A region's name.
    pub region: &'a dyn Fn(&samband_domain::JournalId) -> String,
}

/// The regions side by side as a table to be written.
#[must_use]
pub fn comparison(comparison: &Comparison<'_>, words: &Words<'_>) -> Table {
    let keys = ["heading", "rule", "key", "likeness"];
    let mut columns: Vec<Column> = keys
        .iter()
        .zip(&words.columns)
        .map(|(key, heading)| Column { key: (*key).into(), heading: heading.clone() })
        .collect();
    for (region, _) in &comparison.regions {
        let heading = (words.region)(region);
        columns.push(Column { key: "region".into(), heading: heading.clone() });
        columns.push(Column {
            key: "source".into(),
            heading: format!("{heading}: {}", (words.said)("source")),
        });
    }
    let rows = comparison.rows.iter().map(|row| {
        let mut cells: Vec<Cell> = vec![
            (words.heading)(row.heading()).into(),
            (words.rule)(row.key).into(),
            row.key.text().into(),
            (words.said)(row.likeness.as_str()).into(),
        ];
        for cell in &row.cells {
            cells.push(match cell.rule() {
                Some(rule) if cell.value().is_some() => (words.value)(rule).into(),
                Some(_) => Cell::Unknown,
                None => (words.said)(cell.kind()).into(),
            });
            cells.push(cell.rule().map_or_else(String::new, |rule| rule.source.clone()).into());
        }
        cells
    });
    let rows = rows.collect();
    Table { name: words.name.clone(), columns, rows }
}

/// A file's name for a rule set: its title and version in plain letters.
#[must_use]
pub fn file_stem(set: &RuleSet) -> String {
    format!("{}-{}", fold(&set.title), fold(&set.version))
}
