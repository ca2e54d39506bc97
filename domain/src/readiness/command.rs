//! What can be asked about readiness.

use serde::{Deserialize, Serialize};

use super::model::{Capacity, Helicopter, Material, Shortfall, Statement, Unit, UnitStage};
use crate::words::{AlarmId, IncidentId, JournalId, Known, RecordRef, Time};

/// A command about readiness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Report what a hospital can do.
    ReportCapacity {
        /// The report.
        capacity: Capacity,
    },
    /// Report what is known of an incident here.
    ReportSituation {
        /// Whose incident.
        of: JournalId,
        /// Which.
        incident: IncidentId,
        /// The alarm by which it is owed, if by one.
        alarm: Option<AlarmId>,
        /// What is said.
        statements: Vec<Statement>,
        /// When the next report comes.
        next: Known<Time>,
    },
    /// Promise transports.
    Pledge {
        /// Whose alarm.
        of: JournalId,
        /// Which.
        alarm: AlarmId,
        /// Transports.
        units: Vec<Unit>,
        /// Why they are fewer than agreed, if they are.
        shortfall: Option<Shortfall>,
    },
    /// A transport came further.
    Move {
        /// Whose alarm.
        of: JournalId,
        /// Which.
        alarm: AlarmId,
        /// The transport's place among those promised.
        unit: u16,
        /// Where it is now.
        to: UnitStage,
    },
    /// A helicopter's state.
    ReportHelicopter {
        /// The state.
        helicopter: Helicopter,
    },
    /// Say what is needed.
    Need {
        /// What.
        material: Material,
    },
    /// Offer what another region needs.
    Offer {
        /// What.
        material: Material,
    },
    /// Accept another region's offer.
    Accept {
        /// The offer.
        offer: RecordRef,
    },
    /// What another region accepted has left.
    Lend {
        /// The acceptance.
        acceptance: RecordRef,
    },
    /// What was borrowed has gone back.
    Return {
        /// The loan.
        loan: RecordRef,
        /// In which state.
        note: String,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub const fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Offer { material } => material.answers.as_ref(),
            Self::Accept { offer } => Some(offer),
            Self::Lend { acceptance } => Some(acceptance),
            Self::Return { loan, .. } => Some(loan),
            _ => None,
        }
    }
}
