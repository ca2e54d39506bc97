//! What commands about people, donations and transfusions ask.

use samband_domain::donations::model::Capture;
use samband_domain::{donations, donors, patients, transfusion};

use super::Action;

pub(super) const fn donor_action(command: &donors::Command) -> Action {
    use donors::Command as C;
    match command {
        C::Register { .. }
        | C::RegisterGuest { .. }
        | C::RenewGuest { .. }
        | C::Correct { .. }
        | C::Agree { .. }
        | C::TellEarlier { .. }
        | C::Merge { .. }
        | C::Unmerge { .. }
        | C::Declare { .. }
        | C::Admit { .. }
        | C::Defer { .. }
        | C::React { .. }
        | C::IssuePass { .. }
        | C::RevokePass { .. } => Action::KeepDonors,
        C::Lift { .. } | C::Assess { .. } | C::Retract { .. } => Action::JudgeDonors,
        C::Type { .. } => Action::TypeDonors,
        C::OpenSession { .. }
        | C::CloseSession { .. }
        | C::Book { .. }
        | C::Move { .. }
        | C::Settle { .. }
        | C::MakeList { .. }
        | C::Note { .. }
        | C::CloseList { .. } => Action::CallDonors,
        C::NoteRevoked { .. } => Action::NoteRevocation,
    }
}

pub(super) const fn donation_action(command: &donations::Command) -> Action {
    match command {
        donations::Command::Collect { .. } => Action::Collect,
        donations::Command::Withdrawal(command) => withdrawal_action(command),
        donations::Command::Plasma(_) => Action::ShipPlasma,
        donations::Command::Vigilance(_) => Action::TellAuthority,
        donations::Command::AssignNumbers { .. } => Action::AssignNumbers,
        donations::Command::ClearFlag { .. } => Action::ClearDonation,
        donations::Command::Prepare { .. } => Action::PrepareComponents,
        // Who says that an analyser told it must be one who connects analysers.
        donations::Command::RecordResults { capture: Capture::Interface { .. }, .. } => {
            Action::ReportResults
        }
        donations::Command::RecordResults { .. } => Action::EnterResults,
        donations::Command::VerifyResults { .. } | donations::Command::RejectResults { .. } => {
            Action::VerifyResults
        }
    }
}

const fn withdrawal_action(command: &donations::command::withdrawal::Command) -> Action {
    use donations::command::withdrawal::Command as C;
    match command {
        C::CallBack { .. } => Action::CallBack,
        C::Tell { .. } | C::Follow { .. } => Action::FollowWithdrawal,
        C::Conclude { .. } => Action::CloseWithdrawal,
        C::Heed { .. } | C::NoteAnswer { .. } | C::NoteLift { .. } => Action::HeedWithdrawal,
    }
}

pub(super) const fn patient_action(command: &patients::Command) -> Action {
    use patients::Command as C;
    match command {
        C::Register { .. }
        | C::TakeSample { .. }
        | C::StateMother { .. }
        | C::Block { .. }
        | C::LiftBlock { .. } => Action::AdmitPatients,
        C::CorrectIdentity { .. }
        | C::Determine { .. }
        | C::RecordScreen { .. }
        | C::Verify { .. }
        | C::FindAntibody { .. }
        | C::NotSeen { .. }
        | C::Link { .. }
        | C::Unlink { .. } => Action::KeepPatients,
        C::Resolve { .. } | C::Require { .. } | C::EndRequirement { .. } | C::Turn { .. } => {
            Action::JudgePatients
        }
        C::Ask { .. } | C::WithdrawAsk { .. } | C::TakeIn { .. } => Action::AskDisclosure,
        C::Answer { break_block: Some(_), .. } => Action::BreakBlock,
        C::Answer { .. } | C::Decline { .. } => Action::AnswerDisclosure,
    }
}

pub(super) const fn transfusion_action(command: &transfusion::Command) -> Action {
    use transfusion::Command as C;
    use transfusion::model::Capacity;
    match command {
        C::Request { .. } | C::Cancel { .. } | C::StartPackages { .. } | C::StopPackages { .. } => {
            Action::RequestBlood
        }
        C::Reserve { .. }
        | C::ReserveBest { .. }
        | C::Crossmatch { .. }
        | C::ConfirmCrossmatch { .. }
        | C::Issue { .. }
        | C::EmergencyIssue { .. }
        | C::Reconcile { .. }
        | C::SettleDiscrepancies { .. }
        | C::SettleLoose { .. }
        | C::EnterPaper { .. } => Action::IssueBlood,
        C::Decide { decision, .. } => match decision.capacity {
            Capacity::Transfusion => Action::DecideException,
            Capacity::Treating => Action::NoteTreatingDecision,
        },
        C::CheckBedside { .. }
        | C::Transfuse { .. }
        | C::Return { .. }
        | C::Waste { .. }
        | C::React { .. } => Action::Transfuse,
        C::Presume { .. } => Action::KeepStock,
        C::Assess { .. } => Action::AssessReaction,
    }
}
