//! What did happen: the durable, hash-chained record.
//!
//! [`Record`] is the unit: an exact content text, chained by hash, with a private part that can be
//! erased without breaking the chain. [`Chain`] verifies, [`SigningKey`] and [`SignedHead`] let
//! regions hold each other to their past, [`Store`] keeps records in SQLite or PostgreSQL.

mod chain;
mod content;
mod head;
mod key;
mod record;
pub mod store;
mod wire;

pub use chain::{Broken, BrokenKind, Chain};
pub use content::{Content, ContentError, write_content};
pub use head::{SignedHead, StatedHead};
pub use key::{KeyError, SigningKey};
pub use record::{Author, Body, PrivatePart, Record, Salt, link_hash};
pub use store::Store;
pub use wire::{Wire, WireError};
