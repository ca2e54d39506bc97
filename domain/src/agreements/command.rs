//! What can be asked about agreements.

use serde::{Deserialize, Serialize};

use super::alarm_terms::AlarmTerms;
use super::model::AgreementKind;
use super::terms::SupplyTerms;
use crate::words::{Digest, JournalId, RecordRef, Time, Window};

/// A command about agreements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Draft a document and sign it for the own region.
    Propose {
        /// Title.
        title: String,
        /// What about.
        kind: AgreementKind,
        /// Who it binds.
        parties: Vec<JournalId>,
        /// Its clauses.
        clauses: Vec<String>,
        /// When it applies.
        window: Window,
        /// Reference number.
        reference: Option<String>,
        /// Prices and keys of a joint supply.
        #[serde(default)]
        terms: Option<Box<SupplyTerms>>,
    },
    /// Draft a document about preparedness that states its terms, and sign it for the own region.
    ProposeAlarm {
        /// Title.
        title: String,
        /// Who it binds.
        parties: Vec<JournalId>,
        /// Its clauses.
        clauses: Vec<String>,
        /// When it applies.
        window: Window,
        /// Reference number.
        reference: Option<String>,
        /// How many transports, and who sees what.
        alarm: AlarmTerms,
    },
    /// Sign what another region proposed.
    Sign {
        /// Which document was read; it must be the one proposed there.
        document: Digest,
        /// Where it was proposed.
        proposal: RecordRef,
    },
    /// Decline it.
    Decline {
        /// Which document.
        document: Digest,
        /// Where it was proposed.
        proposal: RecordRef,
        /// Why.
        reason: String,
    },
    /// Take the own proposal back.
    Withdraw {
        /// Which document.
        document: Digest,
        /// Why.
        reason: String,
    },
    /// End an agreement the own region has signed.
    End {
        /// Which document.
        document: Digest,
        /// From when.
        at: Time,
        /// Why.
        reason: String,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Sign { proposal, .. } | Self::Decline { proposal, .. } => Some(proposal),
            _ => None,
        }
    }
}
