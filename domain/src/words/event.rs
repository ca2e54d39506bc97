//! The two parts of an event, and the one macro that declares an area's events.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::canonical;

/// Why a private part is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// Another region's: it never left that region.
    Withheld,
    /// Erased; the chain still verifies.
    Erased,
}

/// The part of an event that never leaves its region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Private<T> {
    /// Present.
    Here(T),
    /// Not here, and why.
    Absent(Absence),
}

/// A part that does not exist for this kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing;

/// No private part.
pub const NONE: Private<Nothing> = Private::Here(Nothing);

/// An event in the form in which it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// Kind, e.g. `site.opened`.
    pub kind: &'static str,
    /// Version of the kind's form.
    pub version: u16,
    /// Canonical text of the shared part; none if no part of it may leave the region.
    pub shared: Option<String>,
    /// Canonical text of the private part.
    pub private: Option<String>,
}

/// What is at hand of a record's private part when it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lot<'a> {
    /// The kind has none.
    None,
    /// Here it is.
    Text(&'a str),
    /// Absent, and why.
    Absent(Absence),
}

/// Why a record's content could not be read as an event of its kind.
#[derive(Debug, Error)]
#[error("{kind} version {version}: {reason}")]
pub struct DecodeError {
    /// Kind.
    pub kind: String,
    /// Version as recorded.
    pub version: u16,
    /// What was wrong.
    pub reason: String,
}

impl DecodeError {
    // By value, as `map_err` hands it over.
    #[allow(clippy::needless_pass_by_value)]
    pub(crate) fn new(kind: &str, version: u16, reason: impl ToString) -> Self {
        Self { kind: kind.into(), version, reason: reason.to_string() }
    }
}

/// Writes one part; `Nothing` is no part.
pub(crate) fn part<T: Serialize>(value: &T) -> Option<String> {
    // Every event type consists of text, integers and lists of them, so this cannot fail; a type
    // that broke it would fail its round-trip test.
    let text = canonical::to_text(value).expect("event types have a canonical form");
    (text != "null").then_some(text)
}

pub(crate) fn private_part<T: Serialize>(value: &Private<T>) -> Option<String> {
    value.here().and_then(part)
}

pub(crate) fn read<T: DeserializeOwned>(text: Option<&str>) -> Result<T, serde_json::Error> {
    serde_json::from_str(text.unwrap_or("null"))
}

pub(crate) fn read_private<T: DeserializeOwned>(
    lot: Lot<'_>,
) -> Result<Private<T>, serde_json::Error> {
    Ok(match lot {
        Lot::None => Private::Here(read(None)?),
        Lot::Text(text) => Private::Here(read(Some(text))?),
        Lot::Absent(absence) => Private::Absent(absence),
    })
}

/// Declares the events of an area: kind, current version, shared part, private part.
///
/// The type of the event thus decides which field may leave the region. Older versions go through
/// the area's `upcast`, a function from a recorded version's shared text to the current one.
macro_rules! events {
    ($(#[$meta:meta])* upcast $upcast:path;
     $($(#[$vmeta:meta])* $kind:literal v $version:literal
       $Variant:ident($Shared:ty, $Private:ty);)*) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event {
            $($(#[$vmeta])* $Variant($Shared, $crate::words::Private<$Private>),)*
        }

        impl Event {
            /// Every kind of this area with its current version.
            pub const KINDS: &'static [(&'static str, u16)] = &[$(($kind, $version)),*];

            /// The event in the form in which it is recorded.
            #[must_use]
            pub fn encode(&self) -> $crate::words::Encoded {
                match self {$(
                    Self::$Variant(shared, private) => $crate::words::Encoded {
                        kind: $kind,
                        version: $version,
                        shared: $crate::words::event::part(shared),
                        private: $crate::words::event::private_part(private),
                    },
                )*}
            }

            /// Reads an event; `None` if the kind is not of this area or from a later version.
            ///
            /// # Errors
            /// [`DecodeError`](crate::words::DecodeError) if the text does not fit the kind.
            pub fn decode(
                kind: &str,
                version: u16,
                shared: Option<&str>,
                private: $crate::words::Lot<'_>,
            ) -> Option<Result<Self, $crate::words::DecodeError>> {
                use $crate::words::event::{read, read_private};
                let current = match kind {
                    $($kind => $version,)*
                    _ => return None,
                };
                let lifted = match version.cmp(&current) {
                    std::cmp::Ordering::Greater => return None,
                    std::cmp::Ordering::Equal => None,
                    std::cmp::Ordering::Less => match $upcast(kind, version, shared) {
                        Ok(text) => text,
                        Err(error) => return Some(Err(error)),
                    },
                };
                let shared = lifted.as_deref().or(shared);
                let event = (|| -> Result<Self, serde_json::Error> {
                    Ok(match kind {
                        $($kind => Self::$Variant(read(shared)?, read_private(private)?),)*
                        _ => unreachable!("the kind was matched above"),
                    })
                })();
                Some(event.map_err(|error| {
                    $crate::words::DecodeError::new(kind, version, error)
                }))
            }
        }
    };
}
pub(crate) use events;
