//! What can be asked about what is told to the authority.

use serde::{Deserialize, Serialize};

use crate::blood::model::UnitId;
use crate::donations::model::vigilance::{Category, Imputability, Notice, Yearly};
use crate::words::{Code, Digest, Time};

/// A command about reports to the authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", deny_unknown_fields)]
pub enum Command {
    /// Report that the authority was notified of a serious reaction or event.
    Notify {
        /// What sort of thing.
        notice: Notice,
        /// What it was.
        category: Category,
        /// When it happened.
        occurred: Time,
        /// The unit, if one is concerned.
        unit: Option<UnitId>,
        /// In words; it may speak of a person and stays in the region.
        note: Option<String>,
    },
    /// Report that the authority was notified of a case that somebody's judgement opened.
    NotifyOpened {
        /// The case.
        case: Code,
        /// In words; it may speak of a person and stays in the region.
        note: Option<String>,
    },
    /// Report that the authority was told what came of it.
    Confirm {
        /// The case.
        case: Code,
        /// How sure it is that the blood was the cause.
        imputability: Imputability,
        /// In words; it may speak of a person and stays in the region.
        note: Option<String>,
    },
    /// Report that a yearly report was handed in.
    File {
        /// Which.
        report: Yearly,
        /// Of which year.
        year: u16,
        /// The file, by its SHA-256.
        digest: Digest,
        /// The authority's number for it.
        reference: Option<String>,
    },
}
