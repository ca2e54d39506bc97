//! The kernel: a region's journal and key, its places in a tree, who acts, and who may.

pub mod command;
pub mod event;
pub mod model;
mod rules;
mod state;
pub mod view;

pub use command::Command;
pub use event::Event;
pub use model::{
    Access, Approval, Capacity, GlassBreak, HeldKey, Identity, JournalFacts, LegalRole, Mandate,
    Membership, Owner, OwnerKind, Profession, ReadOf, RecordKeeper, Role, Site, SiteKind,
};
pub use rules::{FORMAT, NOT_OPEN, REFUSALS, TEXT_MAX, decide, due, needs, text};
pub(crate) use rules::{not_found, optional_text, refusals};
pub use state::{Own, Person, Shared, apply};
