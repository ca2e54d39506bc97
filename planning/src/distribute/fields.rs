//! Reading JSON field by field, so that every fault says where it stands and what to do.

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What is wrong with a distribution file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DistributeError {
    /// It is not JSON.
    #[error("not a distribution file: {0}")]
    Form(String),
    /// A value cannot be.
    #[error("{path}: {what}")]
    Value {
        /// Where it stands.
        path: String,
        /// What is wrong with it and what to do.
        what: String,
    },
}

/// A fault at a place.
pub(super) fn fault(path: impl Into<String>, what: impl Into<String>) -> DistributeError {
    DistributeError::Value { path: path.into(), what: what.into() }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    value: &'a Value,
    pub(super) path: String,
}

/// An object of which only known fields are there.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    pub(super) path: String,
}

/// Longest name.
const NAME: usize = 80;

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    fn wrong<T>(&self, what: impl Into<String>) -> Result<T, DistributeError> {
        let path = if self.path.is_empty() { "the file".into() } else { self.path.clone() };
        Err(fault(path, what))
    }

    /// An object with no other fields than these.
    pub(super) fn fields(&self, known: &[&str]) -> Result<Fields<'a>, DistributeError> {
        let Value::Object(map) = self.value else {
            return self.wrong("write an object { … }");
        };
        let fields = Fields { map, path: self.path.clone() };
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => {
                let what = format!("is not a field here; the fields are {}", known.join(", "));
                Err(fault(fields.below(key), what))
            }
            None => Ok(fields),
        }
    }

    /// Every name and value of an object whose names are the caller's.
    pub(super) fn entries(&self) -> Result<Vec<(&'a str, Self)>, DistributeError> {
        let Value::Object(map) = self.value else {
            return self.wrong("write an object { … }");
        };
        let entry = |(key, value): (&'a String, &'a Value)| {
            (key.as_str(), Self { value, path: joined(&self.path, key) })
        };
        Ok(map.iter().map(entry).collect())
    }

    pub(super) fn list(&self) -> Result<Vec<Self>, DistributeError> {
        let Value::Array(rows) = self.value else {
            return self.wrong("write a list [ … ]");
        };
        let row = |(at, value)| Self { value, path: format!("{}[{at}]", self.path) };
        Ok(rows.iter().enumerate().map(row).collect())
    }

    pub(super) fn whole(&self, least: i64, most: i64) -> Result<i64, DistributeError> {
        match self.value.as_i64() {
            Some(value) if (least..=most).contains(&value) => Ok(value),
            _ => self.wrong(format!("{}: write a whole number {least} to {most}", self.value)),
        }
    }

    pub(super) fn count(&self, least: usize, most: usize) -> Result<usize, DistributeError> {
        self.whole(least as i64, most as i64).map(|value| value as usize)
    }

    /// A whole number, or none where it says "unknown".
    pub(super) fn known(&self, most: i64) -> Result<Option<i64>, DistributeError> {
        match self.value.as_str() {
            Some("unknown") => Ok(None),
            _ => match self.value.as_i64() {
                Some(value) if (0..=most).contains(&value) => Ok(Some(value)),
                _ => self.wrong(format!(
                    "{}: write a whole number 0 to {most}, or \"unknown\"",
                    self.value
                )),
            },
        }
    }

    /// A number above (or at) a least and at most a most.
    pub(super) fn number(&self, least: f64, most: f64) -> Result<f64, DistributeError> {
        match self.value.as_f64() {
            Some(value) if value >= least && value <= most => Ok(value),
            _ => self.wrong(format!("{}: write a number {least} to {most}", self.value)),
        }
    }

    pub(super) fn text(&self) -> Result<&'a str, DistributeError> {
        match self.value.as_str() {
            Some(text) => Ok(text),
            None => self.wrong(format!("{}: write a text in \"…\"", self.value)),
        }
    }

    /// A name: neither empty nor long, nothing that cannot be printed.
    pub(super) fn name(&self) -> Result<String, DistributeError> {
        let text = self.text()?;
        let fits = !text.trim().is_empty()
            && text.chars().count() <= NAME
            && !text.chars().any(char::is_control);
        if fits {
            Ok(text.to_owned())
        } else {
            self.wrong(format!("write a name of 1 to {NAME} characters"))
        }
    }

    pub(super) fn flag(&self) -> Result<bool, DistributeError> {
        match self.value.as_bool() {
            Some(flag) => Ok(flag),
            None => self.wrong(format!("{}: write true or false", self.value)),
        }
    }

    /// The place of a word among those that may stand here.
    pub(super) fn word(&self, words: &[&str]) -> Result<usize, DistributeError> {
        let text = self.text()?;
        match words.iter().position(|word| *word == text) {
            Some(at) => Ok(at),
            None => self.wrong(format!("“{text}”: write one of {}", words.join(", "))),
        }
    }
}

impl<'a> Fields<'a> {
    /// The path of a field.
    pub(super) fn below(&self, name: &str) -> String {
        joined(&self.path, name)
    }

    /// A field that may be left out.
    pub(super) fn may(&self, name: &str) -> Option<Node<'a>> {
        self.map.get(name).map(|value| Node { value, path: self.below(name) })
    }

    /// A field that must be there.
    pub(super) fn need(&self, name: &str) -> Result<Node<'a>, DistributeError> {
        self.may(name).ok_or_else(|| fault(self.below(name), "is missing; write it"))
    }

    /// A list that must be there and have a row.
    pub(super) fn rows(&self, name: &str, most: usize) -> Result<Vec<Node<'a>>, DistributeError> {
        let rows = self.need(name)?.list()?;
        if (1..=most).contains(&rows.len()) {
            Ok(rows)
        } else {
            Err(fault(self.below(name), format!("{} rows: write 1 to {most}", rows.len())))
        }
    }

    /// What the file says about itself.
    pub(super) fn about(&self) -> Result<(), DistributeError> {
        self.may("about").map_or(Ok(()), |node| node.text().map(|_| ()))
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Refuses a name that is there already.
pub(super) fn once(
    names: &[String],
    name: &str,
    path: &str,
    field: &str,
) -> Result<(), DistributeError> {
    if names.iter().any(|one| one == name) {
        let what = format!("“{name}” is there twice; every row has its own");
        return Err(fault(format!("{path}.{field}"), what));
    }
    Ok(())
}

/// JSON in which no object has a field twice.
pub(super) struct Strict(pub(super) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(value)) = rows.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("“{key}” is there twice: remove one")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}
