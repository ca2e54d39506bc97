//! Canonical JSON: keys sorted, no white space, integers only.
//!
//! Two installations must arrive at the same bytes from the same content, now and in thirty years,
//! so the form is a small subset of RFC 8785: no floating point at all, UTF-8, minimal escapes.

mod writer;

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use writer::Writer;

/// Why a value has no canonical form.
#[derive(Debug, Error)]
pub enum Canonical {
    /// A fractional number was found; the record holds integers with units.
    #[error("a fractional number has no canonical form: {0}")]
    Fraction(String),
    /// The value cannot be written as JSON (a map key that is not text).
    #[error("not representable as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The text is JSON but not in canonical form.
    #[error("the text is not in canonical form")]
    NotCanonical,
}

/// Writes a value in canonical form.
///
/// # Errors
/// [`Canonical::Fraction`] if a float occurs, [`Canonical::Json`] if it cannot be JSON.
pub fn to_text<T: Serialize>(value: &T) -> Result<String, Canonical> {
    let mut writer = Writer { out: Vec::with_capacity(256) };
    value.serialize(&mut writer)?;
    String::from_utf8(writer.out).map_err(|error| Canonical::Json(serde::ser::Error::custom(error)))
}

/// Checks that a text is JSON in canonical form.
///
/// # Errors
/// [`Canonical::NotCanonical`] if writing it again gives other bytes.
pub fn check(text: &str) -> Result<(), Canonical> {
    let value: Value = serde_json::from_str(text)?;
    if to_text(&value)? == text { Ok(()) } else { Err(Canonical::NotCanonical) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    /// The same by way of a tree: `serde_json::Map` is a `BTreeMap` here (feature `preserve_order`
    /// is off), so its keys come sorted.
    fn by_tree<T: Serialize>(value: &T) -> String {
        serde_json::to_value(value).unwrap().to_string()
    }

    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Shape {
        Unit,
        Newtype(u8),
        Tuple(i64, char),
        Struct { zone: Option<bool>, area: () },
    }

    #[derive(Serialize)]
    struct Id(String);

    #[derive(Serialize)]
    struct Inner {
        b: Vec<Shape>,
        a: (u64, i128),
        #[serde(skip_serializing_if = "Option::is_none")]
        none: Option<u8>,
    }

    #[derive(Serialize)]
    struct Outer {
        z: BTreeMap<i32, Inner>,
        names: BTreeMap<String, Id>,
        #[serde(flatten)]
        flat: Inner,
        text: String,
        nan: f64,
    }

    fn inner(n: u64, text: &str) -> Inner {
        let tuple = Shape::Tuple(-3, text.chars().next().unwrap_or('å'));
        let shape = Shape::Struct { zone: Some(true), area: () };
        Inner {
            b: vec![Shape::Unit, Shape::Newtype(7), tuple, shape],
            a: (n, -i128::from(n >> 1)),
            none: n.is_multiple_of(2).then_some(1),
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_a_fixed_point(value in any_json()) {
            let text = to_text(&value).unwrap();
            prop_assert!(check(&text).is_ok());
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
            let control = text.chars().any(|c| c < ' ');
            prop_assert!(!control, "control characters are escaped");
        }

        #[test]
        fn what_is_written_directly_is_what_a_tree_would_give(
            value in any_json(),
            numbers in prop::collection::btree_map(any::<i32>(), any::<u64>(), 0..5),
            names in prop::collection::btree_map(".*", ".*", 0..5),
            text in ".*",
        ) {
            prop_assert_eq!(to_text(&value).unwrap(), by_tree(&value));
            let outer = Outer {
                z: numbers.iter().map(|(key, n)| (*key, inner(*n, &text))).collect(),
                names: names.into_iter().map(|(key, name)| (key, Id(name))).collect(),
                flat: inner(text.len() as u64, &text),
                text,
                nan: f64::NAN,
            };
            prop_assert_eq!(to_text(&outer).unwrap(), by_tree(&outer));
        }
    }

    #[test]
    fn white_space_order_and_fractions_are_not_canonical() {
        assert!(check(r#"{"a":1,"b":2}"#).is_ok());
        assert!(matches!(check(r#"{"b":2,"a":1}"#), Err(Canonical::NotCanonical)));
        assert!(matches!(check(r#"{"a": 1}"#), Err(Canonical::NotCanonical)));
        assert!(matches!(check(r#"{"a":1.5}"#), Err(Canonical::Fraction(_))));
    }
}
