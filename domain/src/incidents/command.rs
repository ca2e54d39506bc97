//! What can be asked about major incidents.

use serde::{Deserialize, Serialize};

use super::model::{Assessment, CareMode, Duty, Report, Resolution};
use crate::alarms::command::Draft;
use crate::words::{IncidentId, RecordRef, SiteId, Time};

/// A command about major incidents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Write down what was reported.
    Open {
        /// What is known.
        report: Box<Report>,
        /// Whether it is a report already, or still a draft.
        suspected: bool,
        /// The early word to the neighbours, with the same signature; which incident it belongs to
        /// follows. None: nobody is told yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tell: Option<Box<Draft>>,
    },
    /// The draft is a report.
    Suspect {
        /// Which.
        incident: IncidentId,
    },
    /// Confirm it.
    Confirm {
        /// Which.
        incident: IncidentId,
        /// On what grounds.
        basis: String,
        /// The region's mode from now on.
        mode: CareMode,
    },
    /// Assess whether it is one of mass casualties.
    Assess {
        /// Which.
        incident: IncidentId,
        /// The two findings.
        assessment: Assessment,
    },
    /// Confirm, assess and alarm with one signature.
    Raise {
        /// Which; none if it begins with this.
        incident: Option<IncidentId>,
        /// What is known.
        report: Box<Report>,
        /// On what grounds it is confirmed.
        basis: String,
        /// The region's mode from now on.
        mode: CareMode,
        /// The two findings.
        assessment: Assessment,
        /// The alarm; which incident it belongs to follows.
        alarm: Box<Draft>,
    },
    /// The first answer is there.
    Respond {
        /// Which.
        incident: IncidentId,
    },
    /// The national level has answered.
    NationalAnswered {
        /// Which.
        incident: IncidentId,
    },
    /// The region's or a hospital's mode.
    SetMode {
        /// Of which hospital; none for the region.
        site: Option<SiteId>,
        /// The mode.
        mode: CareMode,
        /// On what grounds.
        basis: String,
    },
    /// Write down what became known.
    Note {
        /// Of which incident.
        incident: IncidentId,
        /// What.
        text: String,
        /// From whom.
        source: String,
    },
    /// Decide on a measure. The first of those who have to, or the only one.
    Resolve {
        /// In which incident.
        incident: IncidentId,
        /// What.
        resolution: Box<Resolution>,
    },
    /// Sign what another has decided.
    Second {
        /// In which incident.
        incident: IncidentId,
        /// Which decision, by its place.
        resolution: u16,
    },
    /// Let a measure go on.
    Extend {
        /// In which incident.
        incident: IncidentId,
        /// Which decision, by its place.
        resolution: u16,
        /// When it is looked at again.
        review: Time,
        /// On what grounds.
        basis: String,
    },
    /// End a measure.
    Lift {
        /// In which incident.
        incident: IncidentId,
        /// Which decision, by its place.
        resolution: u16,
        /// On what grounds.
        basis: String,
    },
    /// It is over: what was promised is released.
    StandDown {
        /// Which.
        incident: IncidentId,
        /// On what grounds.
        basis: String,
    },
    /// End it.
    Close {
        /// Which.
        incident: IncidentId,
        /// What is said of it at the end.
        text: String,
    },
    /// Say what a region does afterwards.
    AssignDuty {
        /// After which incident.
        incident: IncidentId,
        /// What.
        duty: Duty,
    },
    /// A duty was no good idea, or was written down wrongly.
    DropDuty {
        /// After which incident.
        incident: IncidentId,
        /// Which, by its place.
        duty: u16,
        /// Why.
        why: String,
    },
    /// Say how far a duty of this region has come.
    ReportDuty {
        /// The record that assigned it.
        duty: RecordRef,
        /// Whether it is done.
        done: bool,
        /// What shows it.
        proof: String,
    },
}

impl Command {
    /// The record, of this or another journal, that the command refers to.
    #[must_use]
    pub const fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::ReportDuty { duty, .. } => Some(duty),
            _ => None,
        }
    }
}
