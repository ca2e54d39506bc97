//! What can have happened about rare blood. Questions and answers are shared; nobody is named.

use serde::{Deserialize, Serialize};

use super::model::{Band, Wanted};
use crate::blood::model::stock::Duty;
use crate::words::{DecodeError, Nothing, RecordRef, SiteId, Subject, events};

/// Every other region was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What is looked for.
    pub wanted: Wanted,
}

/// For what; it may speak of a patient and stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// In words.
    pub note: Option<String>,
}

/// Another region's question was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The question.
    pub ask: RecordRef,
    /// About how many typed donors fit.
    pub band: Band,
    /// Whom to telephone about them, and where: every number of the first function that the
    /// region has stated; none if it has stated none.
    pub phones: Vec<(SiteId, Duty)>,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of rare blood.
    upcast upcast;
    /// Asked.
    "rare.asked" v 1 Asked(Asked, Note);
    /// Answered.
    "rare.answered" v 1 Answered(Answered, Nothing);
}

impl Event {
    /// What the event is about: nobody and no place.
    #[must_use]
    pub const fn subjects(&self) -> Vec<Subject> {
        Vec::new()
    }
}
