//! What an alert says in one language: the event, what to do, where, and files.

use super::alert::Many;
use super::base64::Base64;
use super::moment::Moment;
use super::place::{Circle, Height, Polygon};
use super::text::{Language, MimeType, Sha1, Text};
use super::uri::{AbsoluteUri, Uri};
use super::words::{Category, Certainty, ResponseType, Severity, Urgency};

/// What an alert says, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// In which language.
    pub language: Language,
    /// What it is about.
    pub categories: Many<Category>,
    /// The event, in a few words.
    pub event: Text,
    /// What recipients should do.
    pub responses: Vec<ResponseType>,
    /// How soon.
    pub urgency: Urgency,
    /// How hard.
    pub severity: Severity,
    /// How sure.
    pub certainty: Certainty,
    /// For whom.
    pub audience: Option<Text>,
    /// Codes for the event.
    pub event_codes: Vec<Named>,
    /// When the information takes effect; if not stated, when it was sent.
    pub effective: Option<Moment>,
    /// When the event is expected to begin.
    pub onset: Option<Moment>,
    /// When the information ends.
    pub expires: Option<Moment>,
    /// Who sends it, in words.
    pub sender_name: Option<Text>,
    /// The short of it.
    pub headline: Option<Text>,
    /// The long of it.
    pub description: Option<Text>,
    /// What to do.
    pub instruction: Option<Text>,
    /// A page that says more.
    pub web: Option<AbsoluteUri>,
    /// Whom to ask.
    pub contact: Option<Text>,
    /// What the sender's system adds.
    pub parameters: Vec<Named>,
    /// Files.
    pub resources: Vec<Resource>,
    /// Where.
    pub areas: Vec<Area>,
}

impl Info {
    /// The least that can be said, in Swedish.
    #[must_use]
    pub fn swedish(
        category: Category,
        event: Text,
        (urgency, severity, certainty): (Urgency, Severity, Certainty),
    ) -> Self {
        Self {
            language: Language::swedish(),
            categories: Many::one(category),
            event,
            responses: Vec::new(),
            urgency,
            severity,
            certainty,
            audience: None,
            event_codes: Vec::new(),
            effective: None,
            onset: None,
            expires: None,
            sender_name: None,
            headline: None,
            description: None,
            instruction: None,
            web: None,
            contact: None,
            parameters: Vec::new(),
            resources: Vec::new(),
            areas: Vec::new(),
        }
    }
}

/// A value with its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    /// The name, often that of a code system.
    pub name: Text,
    /// The value, if there is one.
    pub value: Option<Text>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What it shows, in words.
    pub description: Text,
    /// What kind of file.
    pub mime_type: MimeType,
    /// How many bytes it has.
    pub size: Option<u64>,
    /// Where its bytes are.
    pub content: Content,
    /// The digest of its bytes.
    pub digest: Option<Sha1>,
}

/// Where a file's bytes are. A relative address names only what the alert itself carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Not said.
    Unstated,
    /// At an address.
    At(AbsoluteUri),
    /// Within the alert.
    Within {
        /// Its name, or where it can be had as well.
        uri: Option<Uri>,
        /// Its bytes.
        bytes: Base64,
    },
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// In words.
    pub description: Text,
    /// Round it.
    pub polygons: Vec<Polygon>,
    /// About a point.
    pub circles: Vec<Circle>,
    /// Codes for it, such as a county's.
    pub geocodes: Vec<Named>,
    /// How high it lies.
    pub height: Option<Height>,
}
