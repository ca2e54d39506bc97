//! Unknown is a value: never zero, never "no".

use serde::{Deserialize, Serialize};

/// A value that somebody stated, or the honest absence of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// Stated by a source.
    Value(T),
    /// Not stated by any source; shown as "okänt".
    Unknown,
}

impl<T> Known<T> {
    /// The value, if it is known.
    #[must_use]
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// Borrows the value.
    #[must_use]
    pub fn as_ref(&self) -> Known<&T> {
        match self {
            Self::Value(value) => Known::Value(value),
            Self::Unknown => Known::Unknown,
        }
    }

    /// Computes from a known value; unknown stays unknown.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Value(value) => Known::Value(f(value)),
            Self::Unknown => Known::Unknown,
        }
    }

    /// Computes from two known values; unknown if either is.
    #[must_use]
    pub fn with<U, V>(self, other: Known<U>, f: impl FnOnce(T, U) -> V) -> Known<V> {
        match (self, other) {
            (Self::Value(a), Known::Value(b)) => Known::Value(f(a, b)),
            _ => Known::Unknown,
        }
    }
}

impl<T> From<Option<T>> for Known<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Value)
    }
}
