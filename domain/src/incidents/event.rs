//! What can have happened to major incidents. All of it is shared: it holds counts and decisions,
//! never a patient.

use serde::{Deserialize, Serialize};

use super::model::{Assessment, CareMode, Duty, Report, Resolution, Stage};
use crate::words::{
    ActorId, AlarmId, DecodeError, IncidentId, JournalId, Nothing, RecordRef, SiteId, Subject,
    Time, events,
};

/// It was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its id; its first letters say whether it is real.
    pub incident: IncidentId,
    /// What was known.
    pub report: Report,
}

/// It came further.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Which.
    pub incident: IncidentId,
    /// How far.
    pub stage: Stage,
    /// On what grounds; none for what follows from others' answers.
    pub basis: Option<String>,
    /// By which alarm, if by one.
    pub alarm: Option<AlarmId>,
}

/// It was assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// Which.
    pub incident: IncidentId,
    /// The two findings.
    pub assessment: Assessment,
}

/// A mode was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeSet {
    /// Of which hospital; none for the region.
    pub site: Option<SiteId>,
    /// The mode.
    pub mode: CareMode,
    /// On what grounds.
    pub basis: String,
}

/// Something became known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// In which incident.
    pub incident: IncidentId,
    /// What.
    pub text: String,
    /// From whom.
    pub source: String,
}

/// A measure was decided on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// In which incident.
    pub incident: IncidentId,
    /// What.
    pub resolution: Resolution,
    /// How many have to sign it before it holds.
    pub deciders: u8,
}

/// Another signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seconded {
    /// In which incident.
    pub incident: IncidentId,
    /// Which decision, by its place.
    pub resolution: u16,
    /// Who.
    pub by: ActorId,
}

/// A measure goes on, or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// In which incident.
    pub incident: IncidentId,
    /// Which decision, by its place.
    pub resolution: u16,
    /// When it is looked at again; none if it ended.
    pub review: Option<Time>,
    /// On what grounds.
    pub basis: String,
}

/// A region got a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyAssigned {
    /// After which incident.
    pub incident: IncidentId,
    /// What, whose, by when.
    pub duty: Duty,
}

/// A duty was dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyDropped {
    /// After which incident.
    pub incident: IncidentId,
    /// Which, by its place.
    pub duty: u16,
    /// Why.
    pub why: String,
}

/// How far a duty of the own region has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyReported {
    /// The record that assigned it.
    pub record: RecordRef,
    /// Whose incident.
    pub of: JournalId,
    /// After which incident.
    pub of_incident: IncidentId,
    /// Whether it is done.
    pub done: bool,
    /// What shows it.
    pub proof: String,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of major incidents.
    upcast upcast;
    /// It was written down.
    "incident.opened" v 1 Opened(Opened, Nothing);
    /// It came further.
    "incident.reached" v 1 Reached(Reached, Nothing);
    /// It was assessed.
    "incident.assessed" v 1 Assessed(Assessed, Nothing);
    /// A mode was set.
    "incident.mode_set" v 1 ModeSet(ModeSet, Nothing);
    /// Something became known.
    "incident.noted" v 1 Noted(Noted, Nothing);
    /// A measure was decided on.
    "incident.resolved" v 1 Resolved(Box<Resolved>, Nothing);
    /// Another signed it.
    "incident.seconded" v 1 Seconded(Seconded, Nothing);
    /// A measure goes on, or ended.
    "incident.reviewed" v 1 Reviewed(Reviewed, Nothing);
    /// A region got a duty.
    "incident.duty_assigned" v 1 DutyAssigned(DutyAssigned, Nothing);
    /// A duty was dropped.
    "incident.duty_dropped" v 1 DutyDropped(DutyDropped, Nothing);
    /// How far a duty has come.
    "incident.duty_reported" v 1 DutyReported(DutyReported, Nothing);
}

impl Event {
    /// The own incident it is about; none for a mode, and for a report of a duty, which may follow
    /// from another region's.
    #[must_use]
    pub const fn incident(&self) -> Option<&IncidentId> {
        match self {
            Self::Opened(Opened { incident, .. }, _)
            | Self::Reached(Reached { incident, .. }, _)
            | Self::Assessed(Assessed { incident, .. }, _)
            | Self::Noted(Noted { incident, .. }, _)
            | Self::Seconded(Seconded { incident, .. }, _)
            | Self::Reviewed(Reviewed { incident, .. }, _)
            | Self::DutyAssigned(DutyAssigned { incident, .. }, _)
            | Self::DutyDropped(DutyDropped { incident, .. }, _) => Some(incident),
            Self::Resolved(resolved, _) => Some(&resolved.incident),
            Self::ModeSet(..) | Self::DutyReported(..) => None,
        }
    }

    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::ModeSet(set, _) => set.site.iter().map(Subject::site).collect(),
            Self::DutyReported(said, _) => vec![Subject::incident(&said.of_incident)],
            _ => self.incident().into_iter().map(Subject::incident).collect(),
        }
    }
}
