//! CAP 1.2, the Common Alerting Protocol of OASIS: the envelope of an alarm.
//!
//! [`Alert`] is an alert in types that cannot hold a wrong one, [`write()`] makes XML of it, [`read`]
//! makes an alert of XML, and [`validate`] lists every problem of a document: where, what is wrong,
//! what to do (`docs/cap.md`). Signatures are seen and not verified.

mod alert;
mod base64;
mod check;
mod info;
mod moment;
mod number;
mod place;
mod problem;
mod text;
mod tree;
mod uri;
mod words;
mod write;

pub use alert::{Alert, Many, Message, Parts, Reference, Scope, SelfReference, Status};
pub use base64::Base64;
pub use check::{Read, read, validate};
pub use info::{Area, Content, Info, Named, Resource};
pub use moment::{Moment, NotMoment};
pub use number::{Decimal, NotNumber};
pub use place::{Circle, Height, NotPlace, Point, Polygon};
pub use problem::{Code, Level, MOST_PROBLEMS, Problem, Report, Version};
pub use text::{Item, Language, MimeType, NotText, Sha1, Text, Token};
pub use tree::{MOST_BYTES, MOST_DEEP, MOST_ELEMENTS};
pub use uri::{AbsoluteUri, Uri};
pub use words::{
    Category, Certainty, MessageWord, ResponseType, ScopeWord, Severity, StatusWord, Urgency, Word,
};
pub use write::write;

/// The namespace of CAP 1.2.
pub const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";
