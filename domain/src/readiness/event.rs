//! What can have happened to readiness. All of it is shared: counts and functions, nobody's name.

use serde::{Deserialize, Serialize};

use super::model::{Capacity, Helicopter, Material, Shortfall, Statement, Unit, UnitStage};
use crate::words::{
    AlarmId, DecodeError, IncidentId, JournalId, Known, Nothing, RecordRef, Subject, Time, events,
};

/// A situation report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// Whose incident.
    pub of: JournalId,
    /// Which.
    pub incident: IncidentId,
    /// The how manieth of this region, from 1.
    pub version: u32,
    /// What is said.
    pub statements: Vec<Statement>,
    /// When the next comes.
    pub next: Known<Time>,
}

/// Transports were promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pledge {
    /// Whose alarm.
    pub of: JournalId,
    /// Which.
    pub alarm: AlarmId,
    /// Transports.
    pub units: Vec<Unit>,
    /// How many were agreed.
    pub quota: u16,
    /// Why they are fewer.
    pub shortfall: Option<Shortfall>,
}

/// A transport came further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Whose alarm.
    pub of: JournalId,
    /// Which.
    pub alarm: AlarmId,
    /// The transport's place among those promised.
    pub unit: u16,
    /// Where it is.
    pub to: UnitStage,
}

/// Something that another region's record led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answering {
    /// That record.
    pub record: RecordRef,
    /// What it is about, as that record says.
    pub material: Material,
    /// More.
    pub note: Option<String>,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of readiness.
    upcast upcast;
    /// A hospital's capacity was reported.
    "readiness.capacity_reported" v 1 CapacityReported(Capacity, Nothing);
    /// A situation was reported.
    "readiness.situation_reported" v 1 SituationReported(Reported, Nothing);
    /// Transports were promised.
    "readiness.pledged" v 1 Pledged(Pledge, Nothing);
    /// A transport came further.
    "readiness.moved" v 1 Moved(Moved, Nothing);
    /// A helicopter's state was reported.
    "readiness.helicopter_reported" v 1 HelicopterReported(Helicopter, Nothing);
    /// Something is needed.
    "readiness.needed" v 1 Needed(Material, Nothing);
    /// Something was offered.
    "readiness.offered" v 1 Offered(Material, Nothing);
    /// An offer was accepted.
    "readiness.accepted" v 1 Accepted(Answering, Nothing);
    /// It was lent.
    "readiness.lent" v 1 Lent(Answering, Nothing);
    /// It went back.
    "readiness.returned" v 1 Returned(Answering, Nothing);
}

impl Event {
    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::CapacityReported(capacity, _) => vec![Subject::site(&capacity.site)],
            Self::SituationReported(reported, _) => vec![Subject::incident(&reported.incident)],
            Self::Pledged(Pledge { alarm, .. }, _) | Self::Moved(Moved { alarm, .. }, _) => {
                vec![Subject::alarm(alarm)]
            }
            _ => Vec::new(),
        }
    }
}
