//! What commands about incidents, alarms and readiness ask.

use samband_domain::alarms::command::{Draft, Who};
use samband_domain::alarms::model::{Kind, Owed};
use samband_domain::{Region, alarms, incidents, readiness};

use super::Action;

pub(super) const fn incident_action(command: &incidents::Command) -> Action {
    use incidents::Command as C;
    match command {
        C::Open { .. } | C::Suspect { .. } | C::Note { .. } => Action::OpenIncident,
        // Both need a duty officer's confirmation (preparedness.md §1.1 S4).
        C::Confirm { .. } | C::Raise { .. } => Action::ConfirmIncident,
        C::Assess { .. } => Action::AssessIncident,
        C::SetMode { .. } => Action::SetCareMode,
        C::Resolve { .. } | C::Second { .. } | C::Extend { .. } | C::Lift { .. } => {
            Action::ResolveMeasure
        }
        C::StandDown { .. } | C::Close { .. } | C::AssignDuty { .. } | C::DropDuty { .. } => {
            Action::LeadIncident
        }
        C::ReportDuty { .. } => Action::ReportDuty,
        C::Respond { .. } | C::NationalAnswered { .. } => Action::KeepAlarms,
    }
}

pub(super) fn alarm_action(command: &alarms::Command, region: &Region) -> Action {
    use alarms::Command as C;
    match command {
        C::SetRoster { .. } => Action::KeepRosters,
        C::SetExercise { .. } => Action::LeadExercise,
        C::StopExercise { link: Some(_), .. } => Action::AnswerByLink,
        C::StopExercise { link: None, .. } => Action::StopExercise,
        C::Issue { alarm } => issuing(alarm, region),
        C::Read { .. } | C::Answer { who: Who::Token(_), .. } => Action::AnswerByLink,
        C::Answer { .. } => Action::AnswerAlarm,
        C::Close { .. } => Action::CloseObligation,
        C::Deliver { owed: Owed::Stock, .. } => Action::ReportStock,
        C::Hear { .. }
        | C::Step { .. }
        | C::Attempted { .. }
        | C::Deliver { .. }
        | C::Note { .. } => Action::KeepAlarms,
    }
}

/// An alarm is taken back by whoever may issue one of its kind.
fn issuing(draft: &Draft, region: &Region) -> Action {
    let before = draft.replaces.as_ref().and_then(|id| region.shared.alarms.issued.get(id));
    let kind = match (draft.kind, before) {
        (Kind::Recall, Some(before)) => before.alarm.kind,
        (kind, _) => kind,
    };
    match kind {
        Kind::Blood => Action::AlarmBlood,
        Kind::Reach => Action::TestReach,
        Kind::PreAlert | Kind::Regional | Kind::National | Kind::Recall | Kind::RealSituation => {
            Action::IssueAlarm
        }
    }
}

pub(super) const fn readiness_action(command: &readiness::Command) -> Action {
    use readiness::Command as C;
    match command {
        C::ReportCapacity { .. } => Action::ReportCapacity,
        C::ReportSituation { .. } => Action::ReportSituation,
        C::Pledge { .. } | C::Move { .. } | C::ReportHelicopter { .. } => Action::PledgeTransport,
        C::Need { .. } | C::Offer { .. } | C::Accept { .. } | C::Lend { .. } | C::Return { .. } => {
            Action::LendMaterial
        }
    }
}
