//! One rule from the texts of its fields, whichever form they came in.

use samband_domain::Known;
use samband_domain::kernel::{self, TEXT_MAX};
use samband_domain::rulesets::{Key, Rule, Scope, Shape, ValueError};

use super::{CHOICE, Findings, KEY, NO_SOURCE, NO_UNIT, SCOPE, TEXT, TWICE, UNIT, VALUE};
use crate::fold::fold;

/// What a file says about one rule, with the name of each field's column in the file.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) line: u32,
    pub(super) key: String,
    pub(super) value: String,
    pub(super) unit: String,
    pub(super) source: String,
    pub(super) note: String,
}

impl Findings {
    /// Adds a rule, or everything that is wrong with it.
    pub(super) fn rule(&mut self, fields: &Fields) {
        let line = fields.line;
        let Some(key) = Key::find(&fields.key) else {
            let near =
                nearest(&fields.key).map_or_else(|| "none".to_owned(), |key| key.to_string());
            return self.bad((line, Some("key")), KEY, &fields.key, [("near", near)]);
        };
        if let Some((first, _)) = self.rules.iter().find(|(_, rule)| rule.key == key) {
            let first = first.to_string();
            return self.bad((line, Some("key")), TWICE, key.text(), [("first", first)]);
        }
        let value = self.value(fields, key);
        let source = self.text(line, "source", &fields.source).unwrap_or_default();
        let note = self.text(line, "note", &fields.note);
        if source.is_empty() && matches!(value, Some(Known::Value(_))) {
            self.bad((line, Some("source")), NO_SOURCE, key.text(), []);
        }
        // A rule that is wrong is kept for now, so that a second one of its name is found.
        let value = value.unwrap_or(Known::Unknown);
        self.rules.push((line, Rule { key, value, source, note }));
    }

    fn value(
        &mut self,
        fields: &Fields,
        key: Key,
    ) -> Option<Known<samband_domain::rulesets::Value>> {
        let shape = key.shape();
        let text = match (shape, fields.value.as_str()) {
            (_, "" | "unknown" | "okänt" | "Okänt" | "Unknown") => return Some(Known::Unknown),
            (Shape::Flag, text) => match fold(text).as_str() {
                "ja" | "yes" | "true" => "yes",
                "nej" | "no" | "false" => "no",
                _ => text,
            },
            (_, text) => text,
        };
        let at = |column| (fields.line, Some(column));
        match shape.read(text, &fields.unit) {
            Ok(value) => return Some(Known::Value(value)),
            Err(ValueError::Form { text, .. }) => {
                self.bad(at("value"), VALUE, &text, [("shape", shape.as_str().into())]);
            }
            Err(ValueError::Choice { text, choices }) => {
                self.bad(at("value"), CHOICE, &text, [("choices", choices)]);
            }
            Err(ValueError::Unit { text, .. }) if shape.units().is_empty() => {
                self.bad(at("unit"), NO_UNIT, &text, []);
            }
            Err(ValueError::Unit { text, units }) => {
                self.bad(at("unit"), UNIT, &text, [("units", units)]);
            }
        }
        None
    }

    /// A text of the form, if there is one that can be recorded.
    pub(super) fn text(&mut self, line: u32, column: &str, text: &str) -> Option<String> {
        if text.trim().is_empty() {
            return None;
        }
        match kernel::text("note", text) {
            Ok(text) => Some(text),
            Err(_) => {
                self.bad((line, Some(column)), TEXT, text, [("max", TEXT_MAX.to_string())]);
                None
            }
        }
    }

    /// Title, version or scope; whether the name is one of them.
    pub(super) fn about(&mut self, line: u32, name: &str, text: &str) -> bool {
        match name {
            "title" => self.title = self.text(line, name, text),
            "version" => self.version = self.text(line, name, text),
            "scope" => match text.parse::<Scope>() {
                Ok(scope) => self.scope = Some(scope),
                Err(_) => {
                    let known: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
                    self.bad((line, Some(name)), SCOPE, text, [("known", known.join(" | "))]);
                }
            },
            _ => return false,
        }
        true
    }
}

/// The key that looks most like a text, if any does.
fn nearest(text: &str) -> Option<Key> {
    let text: String = text.chars().take(80).collect();
    let far = text.chars().count() / 3 + 1;
    Key::all()
        .map(|key| (distance(&text, key.text()), key))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= far)
        .map(|(_, key)| key)
}

/// How many characters must be changed, added or removed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
