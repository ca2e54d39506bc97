//! The TOML form: `title`, `version` and `scope`, then a table `rules` with one entry per rule,
//! `shelf_life.red_cells = { value = 42, unit = "d", source = "KRON-K", note = "…" }`.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::read::Fields;
use super::{FIELD, Findings, SYNTAX};

/// The fields of a rule.
const FIELDS: [&str; 4] = ["value", "unit", "source", "note"];

/// Deeper than any rule's name has parts.
const DEPTH_MAX: usize = 8;

pub(super) fn read(text: &str, findings: &mut Findings) {
    let lines = Lines::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let line = error.span().map_or(1, |span| lines.at(span.start));
        let reason = error.message().replace('\n', " ");
        findings.bad((line, None), SYNTAX, lines.text(line), [("reason", reason)]);
    }
    for (name, value) in in_order(table.get_ref()) {
        let line = lines.at(name.span().start);
        let name: &str = name.get_ref();
        match value.get_ref() {
            DeValue::Table(rules) if name == "rules" => {
                walk(rules, &mut Vec::new(), &lines, findings);
            }
            value => {
                let text = plain(value);
                let known = "title, version, scope, rules".to_owned();
                match text {
                    Some(text) if findings.about(line, name, &text) => {}
                    _ => findings.bad((line, Some(name)), FIELD, name, [("known", known)]),
                }
            }
        }
    }
}

type Entry<'a, 'i> = (&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>);

/// The entries as they stand in the file; the reader sorts them by name.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn walk<'a>(
    table: &'a DeTable<'_>,
    path: &mut Vec<&'a str>,
    lines: &Lines<'_>,
    findings: &mut Findings,
) {
    for (name, value) in in_order(table) {
        let line = lines.at(name.span().start);
        path.push(name.get_ref());
        let key = path.join(".");
        match value.get_ref() {
            DeValue::Table(inner) if !is_rule(inner) && path.len() < DEPTH_MAX => {
                walk(inner, path, lines, findings);
            }
            DeValue::Table(inner) => rule(line, key, inner, lines, findings),
            _ => {
                let known = FIELDS.join(", ");
                findings.bad((line, Some(&key)), FIELD, lines.text(line), [("known", known)]);
            }
        }
        path.pop();
    }
}

/// Whether a table states a rule rather than rules whose names begin alike.
fn is_rule(table: &DeTable<'_>) -> bool {
    let field = |(name, value): Entry<'_, '_>| {
        FIELDS.contains(&name.get_ref().as_ref()) && !matches!(value.get_ref(), DeValue::Table(_))
    };
    table.is_empty() || table.iter().any(field)
}

fn rule(line: u32, key: String, table: &DeTable<'_>, lines: &Lines<'_>, findings: &mut Findings) {
    let mut fields = Fields { line, key, ..Fields::default() };
    for (name, value) in in_order(table) {
        let text = plain(value.get_ref());
        let field = match name.get_ref().as_ref() {
            "value" => Some(&mut fields.value),
            "unit" => Some(&mut fields.unit),
            "source" => Some(&mut fields.source),
            "note" => Some(&mut fields.note),
            _ => None,
        };
        match (field, text) {
            (Some(field), Some(text)) => *field = text,
            _ => {
                let (at, known) = (lines.at(name.span().start), FIELDS.join(", "));
                let name: &str = name.get_ref();
                findings.bad((at, Some(name)), FIELD, name, [("known", known)]);
            }
        }
    }
    findings.rule(&fields);
}

/// A value as the table form would write it.
fn plain(value: &DeValue<'_>) -> Option<String> {
    Some(match value {
        DeValue::String(text) => text.trim().to_owned(),
        DeValue::Integer(number) => number.as_str().replace('_', ""),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(true) => "yes".into(),
        DeValue::Boolean(false) => "no".into(),
        DeValue::Array(items) if items.is_empty() => "none".into(),
        DeValue::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| plain(item.get_ref())).collect();
            items?.join(" ")
        }
        DeValue::Datetime(_) | DeValue::Table(_) => return None,
    })
}

/// Where the lines begin.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The line of a byte, from 1.
    fn at(&self, byte: usize) -> u32 {
        let before = self.starts.partition_point(|start| *start <= byte);
        u32::try_from(before.max(1)).unwrap_or(u32::MAX)
    }

    /// What stands in a line.
    fn text(&self, line: u32) -> &'a str {
        let place = usize::try_from(line).unwrap_or(1).saturating_sub(1);
        self.text.lines().nth(place).unwrap_or_default().trim()
    }
}
