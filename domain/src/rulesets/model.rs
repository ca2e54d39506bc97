//! What a rule set is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::catalogue::Key;
use super::value::Value;
use crate::kernel::model::plain_enum;
use crate::words::{Digest, Known, canonical};

plain_enum! {
    /// What a rule set governs. One set per scope is in force at a time.
    Scope {
        /// Blood: donors, components, testing, compatibility, stock.
        Blood = "blood",
    }
}

/// One rule as somebody states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which rule.
    pub key: Key,
    /// What it says; `unknown` if no source states it.
    pub value: Known<Value>,
    /// Where it comes from; needed for every value, may be blank for an unknown one.
    pub source: String,
    /// What is worth knowing about it.
    pub note: Option<String>,
}

/// One rule as it stands in the document: in words, so that it is readable without this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The value as a file writes it.
    pub value: Known<String>,
    /// Its unit; blank if it has none.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// What is worth knowing about it.
    pub note: Option<String>,
}

/// The text that is drafted, reviewed and adopted: canonical, free of dates and of people, so that
/// two regions with the same rules have the same document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it governs.
    pub scope: Scope,
    /// Title.
    pub title: String,
    /// Version as the region numbers it.
    pub version: String,
    /// The rules by key.
    pub rules: BTreeMap<String, Written>,
}

impl Document {
    /// The exact text that is hashed, reviewed and adopted.
    #[must_use]
    pub fn text(&self) -> String {
        canonical::to_text(self).expect("a document consists of text")
    }

    /// A document of rules.
    #[must_use]
    pub fn of(scope: Scope, title: String, version: String, rules: &[Rule]) -> Self {
        let written = |rule: &Rule| {
            let shape = rule.key.shape();
            let unit = match &rule.value {
                Known::Value(value) => value.unit(shape),
                Known::Unknown => "",
            };
            Written {
                value: rule.value.as_ref().map(Value::text),
                unit: unit.to_owned(),
                source: rule.source.clone(),
                note: rule.note.clone(),
            }
        };
        let rules = rules.iter().map(|rule| (rule.key.text().to_owned(), written(rule)));
        Self { scope, title, version, rules: rules.collect() }
    }
}

/// A document that was read: its rules by key, typed. A snapshot holds it as the document, so that
/// a version that knows more keys reads more of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Document", into = "Document")]
pub struct RuleSet {
    /// What it governs.
    pub scope: Scope,
    /// Title.
    pub title: String,
    /// Version as the region numbers it.
    pub version: String,
    /// The rules by key.
    pub rules: BTreeMap<Key, Rule>,
    /// What a later version of this program wrote and this one cannot use; kept to be shown.
    pub unread: BTreeMap<String, Written>,
}

impl RuleSet {
    /// Reads a document's text.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// A rule's value, unless it is absent or unknown.
    #[must_use]
    pub fn value(&self, key: Key) -> Option<&Value> {
        self.rules.get(&key).and_then(|rule| rule.value.as_ref().value())
    }
}

impl From<Document> for RuleSet {
    /// A rule that this version does not know, or whose value it cannot read, is kept unread:
    /// whoever asks for it is refused.
    fn from(Document { scope, title, version, rules }: Document) -> Self {
        let (mut known, mut unread) = (BTreeMap::new(), BTreeMap::new());
        for (name, written) in rules {
            match typed(&name, &written) {
                Some(rule) => {
                    known.insert(rule.key, rule);
                }
                None => {
                    unread.insert(name, written);
                }
            }
        }
        Self { scope, title, version, rules: known, unread }
    }
}

impl From<RuleSet> for Document {
    fn from(set: RuleSet) -> Self {
        let rules: Vec<Rule> = set.rules.into_values().collect();
        let mut document = Self::of(set.scope, set.title, set.version, &rules);
        document.rules.extend(set.unread);
        document
    }
}

fn typed(name: &str, written: &Written) -> Option<Rule> {
    let key = Key::find(name)?;
    let value = match &written.value {
        Known::Unknown => Known::Unknown,
        Known::Value(text) => Known::Value(key.shape().read(text, &written.unit).ok()?),
    };
    Some(Rule { key, value, source: written.source.clone(), note: written.note.clone() })
}

/// The rule that a decision rests on: which set, which rule, whose words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// SHA-256 of the rule set's text.
    pub rule_set: Digest,
    /// Which rule.
    pub key: Key,
    /// Where the rule comes from.
    pub source: String,
}
