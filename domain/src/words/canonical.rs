//! Canonical JSON: keys sorted, no white space, integers only.
//!
//! Two installations must arrive at the same bytes from the same content, now and in thirty years,
//! so the form is a small subset of RFC 8785: no floating point at all, UTF-8, minimal escapes.

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

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
    let value = serde_json::to_value(value)?;
    no_fractions(&value)?;
    // `serde_json::Map` is a BTreeMap here (feature `preserve_order` is off), so keys come sorted.
    Ok(serde_json::to_string(&value)?)
}

/// Checks that a text is JSON in canonical form.
///
/// # Errors
/// [`Canonical::NotCanonical`] if writing it again gives other bytes.
pub fn check(text: &str) -> Result<(), Canonical> {
    let value: Value = serde_json::from_str(text)?;
    if to_text(&value)? == text { Ok(()) } else { Err(Canonical::NotCanonical) }
}

fn no_fractions(value: &Value) -> Result<(), Canonical> {
    match value {
        Value::Number(n) if n.is_f64() => Err(Canonical::Fraction(n.to_string())),
        Value::Array(items) => items.iter().try_for_each(no_fractions),
        Value::Object(map) => map.values().try_for_each(no_fractions),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
    }

    #[test]
    fn white_space_order_and_fractions_are_not_canonical() {
        assert!(check(r#"{"a":1,"b":2}"#).is_ok());
        assert!(matches!(check(r#"{"b":2,"a":1}"#), Err(Canonical::NotCanonical)));
        assert!(matches!(check(r#"{"a": 1}"#), Err(Canonical::NotCanonical)));
        assert!(matches!(check(r#"{"a":1.5}"#), Err(Canonical::Fraction(_))));
    }
}
