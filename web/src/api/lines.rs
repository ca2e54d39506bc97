//! JSON laid out as a table: a row for each thing, a column for each field, in the order in which
//! they are said.

use std::fmt;

use samband_exchange::export::{Cell, Column, Table};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::text::Words;

/// JSON whose fields keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Null.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A fraction.
    Fraction(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Fields.
    Map(Vec<(String, Value)>),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, said: bool) -> Result<Value, E> {
        Ok(Value::Bool(said))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or_else(|_| Value::Text(number.to_string()), Value::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Fraction(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            all.push(one);
        }
        Ok(Value::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = map.next_entry()? {
            all.push(one);
        }
        Ok(Value::Map(all))
    }
}

/// The rows as a table. A field within a field is a column `outer.inner`; a list is one cell, its
/// parts told apart by semicolons; null is an empty cell.
#[must_use]
pub fn lines(name: &str, words: Words, rows: &[Value]) -> Table {
    let mut keys: Vec<String> = Vec::new();
    let mut read = Vec::new();
    for row in rows {
        let mut cells = Vec::new();
        flat("", row, &mut cells);
        for (at, (key, _)) in cells.iter().enumerate() {
            if !keys.contains(key) {
                // Beside the field before it, so that a field which only some rows have stands
                // where those have it.
                let before = cells[..at]
                    .iter()
                    .rev()
                    .find_map(|(before, _)| keys.iter().position(|known| known == before));
                keys.insert(before.map_or(0, |before| before + 1), key.clone());
            }
        }
        read.push(cells);
    }
    // A field that is null in some rows and has fields of its own in others is told by those.
    let parts: Vec<_> = keys.iter().map(|key| format!("{key}.")).collect();
    let whole: Vec<_> = keys
        .iter()
        .zip(&parts)
        .filter(|(_, inner)| !keys.iter().any(|other| other.starts_with(*inner)))
        .map(|(key, _)| key.clone())
        .collect();
    let row = |cells: &Vec<(String, &Value)>| {
        let cell = |key: &String| {
            let found = cells.iter().find(|(name, _)| name == key);
            found.map_or_else(|| "".into(), |(_, value)| cell(words, value))
        };
        whole.iter().map(cell).collect()
    };
    let rows = read.iter().map(row).collect();
    let columns = whole.iter().map(|key| column(words, key)).collect();
    Table { name: name.to_owned(), columns, rows }
}

fn column(words: Words, key: &str) -> Column {
    let said = words.find(&format!("column-{}", key.replace('.', "_")), &[]);
    let heading = said.unwrap_or_else(|| key.replace(['_', '.'], " "));
    Column { key: key.to_owned().into(), heading }
}

fn flat<'a>(prefix: &str, value: &'a Value, into: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Map(fields) => {
            for (name, value) in fields {
                let dot = if prefix.is_empty() { "" } else { "." };
                flat(&format!("{prefix}{dot}{name}"), value, into);
            }
        }
        other => into.push((if prefix.is_empty() { "value" } else { prefix }.to_owned(), other)),
    }
}

fn cell(words: Words, value: &Value) -> Cell {
    match value {
        Value::Int(number) => Cell::Int(*number),
        Value::Bool(said) => {
            let code = if *said { "yes" } else { "no" };
            Cell::coded(code, words.t(code))
        }
        other => Cell::Text(text(other)),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(said) => if *said { "yes" } else { "no" }.to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Fraction(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(all) => all.iter().map(text).collect::<Vec<_>>().join("; "),
        Value::Map(fields) => {
            let fields = fields.iter().filter(|(_, value)| *value != Value::Null);
            let said = fields.map(|(name, value)| format!("{name}={}", text(value)));
            said.collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use samband_exchange::export::{Csv, to_csv};

    use super::*;

    #[test]
    fn fields_keep_their_order_and_nothing_that_is_said_is_lost() {
        let json = r#"[
            {"z": "b", "a": 1, "at": null, "late": true, "lines": [{"g": "o_neg", "n": 3, "x": null}, {"g": "a_pos", "n": 1}]},
            {"z": "=c", "a": null, "at": {"epoch": 1, "seq": 9}, "extra": 0.5, "late": false, "lines": []}
        ]"#;
        let rows: Vec<Value> = serde_json::from_str(json).unwrap();
        let csv = to_csv(&lines("x", Words::en(), &rows), Csv::FOR_PROGRAMS);
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "z,a,at.epoch,at.seq,extra,late,lines\r\n\
             b,1,,,,yes,\"g=o_neg, n=3; g=a_pos, n=1\"\r\n\
             '=c,,1,9,0.5,no,\r\n"
        );
        let plain: Vec<Value> = serde_json::from_str(r#"["a", "b"]"#).unwrap();
        let csv = to_csv(&lines("x", Words::en(), &plain), Csv::FOR_PROGRAMS);
        assert_eq!(String::from_utf8(csv).unwrap(), "value\r\na\r\nb\r\n");
    }
}
