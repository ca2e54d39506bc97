//! What was told to the authority. Who was harmed stays in the region.

use serde::{Deserialize, Serialize};

use crate::blood::model::UnitId;
use crate::donations::model::vigilance::{Category, Imputability, Notice, ToTell, Yearly};
use crate::words::{Code, Digest, Time};

/// Somebody judged a reaction so that the authority is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The case, by the name of the reaction.
    pub case: Code,
    /// What is to be told.
    pub what: ToTell,
}

/// It was judged otherwise before the authority was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dismissed {
    /// The case.
    pub case: Code,
}

/// The first step: the authority was notified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notified {
    /// The case.
    pub case: Code,
    /// What sort of thing.
    pub notice: Notice,
    /// What it was.
    pub category: Category,
    /// When it happened.
    pub occurred: Time,
    /// The unit, if one is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}

/// The second step: what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// The case.
    pub case: Code,
    /// How sure it is that the blood was the cause.
    pub imputability: Imputability,
}

/// A yearly report was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportFiled {
    /// Which.
    pub report: Yearly,
    /// Of which year.
    pub year: u16,
    /// The file, by its SHA-256.
    pub digest: Digest,
    /// The authority's number for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}
