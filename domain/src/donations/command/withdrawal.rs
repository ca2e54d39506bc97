//! What can be asked about withdrawals.

use serde::{Deserialize, Serialize};

use crate::blood::model::{Din, UnitId};
use crate::donations::model::withdrawal::{CallReason, FollowUp, Found, LotNamed, Outcome, Target};
use crate::words::{JournalId, RecordRef, Subject};

/// A command about a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", deny_unknown_fields)]
pub enum Command {
    /// Call something back.
    CallBack {
        /// What.
        target: Target,
        /// Why.
        reason: CallReason,
        /// In words; it may speak of a person and stays in the region.
        note: Option<String>,
        /// The regions that must answer.
        asked: Vec<JournalId>,
    },
    /// What another region's record, or the own one, makes due: look for what was called back and
    /// stop it.
    Heed {
        /// The withdrawal.
        withdrawal: RecordRef,
        /// Every donation that is known to belong to it.
        dins: Vec<Din>,
        /// The lot of bags or solutions it is about.
        #[serde(default)]
        lot: Option<LotNamed>,
    },
    /// What another region's record makes due: take note of its answer.
    NoteAnswer {
        /// The withdrawal.
        withdrawal: RecordRef,
        /// The answer.
        answer: RecordRef,
    },
    /// What another region's record makes due: take note that a withdrawal was lifted.
    NoteLift {
        /// The record that lifted it.
        lifted: RecordRef,
    },
    /// Report what a region told by telephone.
    Tell {
        /// The own withdrawal.
        withdrawal: RecordRef,
        /// Which region.
        from: JournalId,
        /// What it found.
        fates: Vec<(UnitId, Found)>,
        /// Who said so, and how.
        note: String,
    },
    /// Report what was done about a unit that had left the shelf.
    Follow {
        /// The withdrawal.
        withdrawal: RecordRef,
        /// The unit.
        unit: UnitId,
        /// What was done.
        done: FollowUp,
        /// In words; it may speak of a person and stays in the region.
        note: Option<String>,
    },
    /// Say what a case comes to, or confirm what somebody else said.
    Conclude {
        /// The withdrawal.
        withdrawal: RecordRef,
        /// To what it comes.
        outcome: Outcome,
        /// On what grounds.
        note: String,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub const fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Heed { withdrawal, .. } => Some(withdrawal),
            Self::NoteAnswer { answer, .. } => Some(answer),
            Self::NoteLift { lifted } => Some(lifted),
            _ => None,
        }
    }

    /// What of the far past it needs: everything of the donations concerned.
    #[must_use]
    pub fn needs(&self) -> Vec<Subject> {
        match self {
            Self::CallBack { target, .. } => match target {
                Target::Donor(donor) => vec![Subject::donor(donor)],
                Target::Donations(dins) => dins.iter().map(Subject::donation).collect(),
                Target::Unit(unit) => vec![Subject::donation(&unit.din)],
                Target::Lot(named) => vec![Subject::lot(named.kind.as_str(), &named.lot)],
            },
            Self::Heed { dins, lot, .. } => {
                let lot = lot.iter().map(|named| Subject::lot(named.kind.as_str(), &named.lot));
                dins.iter().map(Subject::donation).chain(lot).collect()
            }
            _ => Vec::new(),
        }
    }
}
