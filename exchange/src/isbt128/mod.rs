//! ISBT 128: what the symbols on a bag of blood say, and how to write them.
//!
//! Read strictly: what is invalid, unknown, retired or not for blood is refused with a reason and
//! never guessed. The algorithms and structures are here; what a product code means stands in a
//! licensed table that the installation loads (`docs/isbt128.md`).

pub mod antigens;
pub mod catalogue;
pub mod codes;
pub mod facts;
pub mod flag;
pub mod group;
pub mod item;
pub mod label;
pub mod markers;
pub mod message;
pub mod moment;
pub mod platelets;
pub mod refused;
pub mod scan;
pub mod structure;

pub use codes::{CodesRefused, read_codes};
pub use flag::{Flag, PrintFlag};
pub use group::{GroupCode, GroupMessage, Intended, RhKell, Special};
pub use message::{Compound, Message, read};
pub use moment::{At, Occasion, Stamp};
pub use refused::{Field, Refused};
pub use scan::{Scan, Scanned, UnitLabel, classify};
pub use structure::Structure;

/// Every message key of this part.
pub const CODES: &[&[&str]] =
    &[refused::CODES, codes::CODES, label::CODES, &samband_domain::blood::model::NoMeaning::CODES];
