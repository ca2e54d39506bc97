//! ISBT 128: published vectors, properties over random texts, scans, code tables, labels.

mod codes;
mod label;
mod properties;
mod scans;
mod vectors;

use samband_exchange::isbt128::{Message, Refused, Structure, read};

/// The one structure that a text holds.
fn one(text: &str) -> Structure {
    match read(text) {
        Ok(Message::One(structure)) => structure,
        other => panic!("{text}: {other:?}"),
    }
}

/// The reason for which a text is refused.
fn refused(text: &str) -> Refused {
    match read(text) {
        Err(refused) => refused,
        Ok(message) => panic!("{text} was read: {message:?}"),
    }
}
