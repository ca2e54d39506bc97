//! The table itself. What is not written here is not allowed.

use samband_domain::kernel::Role;

use super::standing::{Because, Relation, Standing, Who};
use crate::action::Action;

/// What the table says about one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who may in the own region.
    pub own: Who,
    /// Who may towards another region.
    pub other: Who,
    /// Why.
    pub because: Because,
}

/// What the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is allowed.
    pub allow: bool,
    /// Why, or why not.
    pub because: Because,
}

const COORDINATOR: Standing = Standing::Role(Role::Coordinator);
const SCIENTIST: Standing = Standing::Role(Role::Scientist);
const PHYSICIAN: Standing = Standing::Role(Role::Physician);
const NURSE: Standing = Standing::Role(Role::Nurse);
const PHLEBOTOMIST: Standing = Standing::Role(Role::Phlebotomist);
const TIB: Standing = Standing::Role(Role::Tib);
const COMMANDER: Standing = Standing::Role(Role::Commander);
const DIRECTOR: Standing = Standing::Role(Role::Director);
const MANAGER: Standing = Standing::Role(Role::Manager);
const SECRETARY: Standing = Standing::Role(Role::Secretary);
const SAFETY: Standing = Standing::Role(Role::Safety);
const ADMINISTRATOR: Standing = Standing::Role(Role::Administrator);
const EMERGENCY: Standing = Standing::Emergency;
const AUDIT: Standing = Standing::Audit;
const ENGINE: Standing = Standing::Engine;
const MACHINE: Standing = Standing::Machine;

const NONE: Who = Who::of(&[]);
const ANYBODY: Who = Who::of(Standing::ALL);
/// Everybody at work: the twelve roles, and whoever opened emergency access.
const AT_WORK: Who = Who::of(&[
    COORDINATOR,
    SCIENTIST,
    PHYSICIAN,
    NURSE,
    PHLEBOTOMIST,
    TIB,
    COMMANDER,
    DIRECTOR,
    MANAGER,
    SECRETARY,
    SAFETY,
    ADMINISTRATOR,
    EMERGENCY,
]);
const PERSONS: Who = AT_WORK.and(&[AUDIT, Standing::SignedIn]);
const READERS: Who = AT_WORK.and(&[AUDIT, MACHINE]);
/// Whoever holds a personal link: everybody but another installation, which only pulls.
const BY_LINK: Who = PERSONS.and(&[Standing::Nobody, ENGINE, MACHINE]);
const ADMINISTRATION: Who = Who::of(&[ADMINISTRATOR, MACHINE]);
const SUPERVISORS: Who = Who::of(&[DIRECTOR, SAFETY, ADMINISTRATOR, AUDIT]);

/// What the table says about an action.
#[must_use]
pub const fn row(action: Action) -> Row {
    use Action as A;
    use Because as B;
    match action {
        A::SignIn | A::SeePublic => both(ANYBODY, B::Public),

        A::SeeOneself
        | A::SeeOwnAccount
        | A::ChangeOwnPassword
        | A::IssueOwnCodes
        | A::EndOwnSessions
        | A::NoteOwnAccount => own(PERSONS, B::Oneself),
        A::NoteRead => own(PERSONS.and(&[ENGINE]), B::Recorded),
        A::BreakGlass => own(AT_WORK, B::Emergency),

        A::SeePicture
        | A::SeeStock
        | A::SeeRegion
        | A::SeeSource
        | A::SeeRoles
        | A::SeeAgreements
        | A::SeeRuleSets
        | A::SeePeers
        | A::Follow
        | A::ExportTables => both(READERS, B::SharedPicture),
        A::SeeMetrics => own(READERS, B::SharedPicture),
        // Answers are for everybody; the line of long computations is for those who prepare what
        // is decided, and for those who decide.
        A::RunSimulation => {
            own(Who::of(&[COORDINATOR, PHYSICIAN, DIRECTOR, MANAGER, SECRETARY]), B::Simulation)
        }
        A::SeePerson => own(
            Who::of(&[
                COORDINATOR,
                PHYSICIAN,
                TIB,
                COMMANDER,
                DIRECTOR,
                MANAGER,
                SAFETY,
                ADMINISTRATOR,
                EMERGENCY,
            ]),
            B::Contact,
        ),
        A::SeeReads => own(Who::of(&[SAFETY, AUDIT]), B::Supervision),
        A::SeeGlass => own(Who::of(&[DIRECTOR, SAFETY, AUDIT]), B::Supervision),
        A::SeeJournal => both(SUPERVISORS, B::Supervision),
        A::VerifyJournal => both(SUPERVISORS.and(&[MACHINE]), B::Supervision),
        A::ExportJournal => own(Who::of(&[SAFETY, ADMINISTRATOR, AUDIT, MACHINE]), B::Supervision),
        A::PullShared => Row { own: NONE, other: Who::of(&[Standing::Peer]), because: B::Peer },

        A::ReportFigures => own(Who::of(&[COORDINATOR, EMERGENCY, MACHINE]), B::Figures),
        A::CorrectFigures => own(Who::of(&[COORDINATOR, EMERGENCY]), B::Figures),
        A::ProposeAgreement
        | A::SignAgreement
        | A::DeclineAgreement
        | A::WithdrawAgreement
        | A::EndAgreement => own(Who::of(&[DIRECTOR]), B::Binding),
        A::DraftRuleSet => {
            own(Who::of(&[COORDINATOR, SCIENTIST, PHYSICIAN, MACHINE]), B::RuleDraft)
        }
        A::ReviewRuleSet => own(Who::of(&[SCIENTIST, PHYSICIAN, SAFETY]), B::RuleReview),
        A::AdoptRuleSet | A::WithdrawRuleSet => {
            own(Who::of(&[PHYSICIAN, DIRECTOR]), B::RuleAdoption)
        }
        A::Annotate => {
            own(Who::of(&[COORDINATOR, PHYSICIAN, DIRECTOR, MANAGER, SAFETY]), B::Marking)
        }

        A::ChangeBodies | A::GrantLegalRole | A::EndLegalRole | A::RecordApproval => {
            own(Who::of(&[DIRECTOR, MACHINE]), B::Leadership)
        }
        A::GrantAudit | A::EndAccess => own(Who::of(&[DIRECTOR, MACHINE]), B::Supervision),
        A::GrantCompetence | A::EndCompetence | A::GrantDelegation | A::EndDelegation => {
            own(Who::of(&[PHYSICIAN, MANAGER, MACHINE]), B::Profession)
        }
        A::GrantAssignment | A::EndAssignment => {
            own(Who::of(&[PHYSICIAN, DIRECTOR, MANAGER, MACHINE]), B::Profession)
        }
        A::GrantToOneself | A::GrantEmergency => own(Who::of(&[MACHINE]), B::FourEyes),
        A::ReviewGlass => own(Who::of(&[DIRECTOR, SAFETY]), B::Supervision),
        A::EraseActor => own(Who::of(&[DIRECTOR, SAFETY]), B::Erasure),

        A::OpenSite
        | A::CorrectSite
        | A::CloseSite
        | A::RegisterActor
        | A::CorrectActor
        | A::GrantRole
        | A::EndRole
        | A::TrustPeer
        | A::DropPeer
        | A::RotateKey
        | A::SeeAccounts
        | A::CreateAccount
        | A::DisableAccount
        | A::EnableAccount
        | A::ResetPassword
        | A::IssueCodes
        | A::SeeSessions
        | A::EndSessions
        | A::Backup => own(ADMINISTRATION, B::Administration),
        A::NoteAccount => own(ADMINISTRATION.and(&[ENGINE]), B::Administration),
        A::SettleFork => own(Who::of(&[SAFETY, ADMINISTRATOR]), B::Administration),

        A::LoadCodes => own(ADMINISTRATION, B::Codes),
        A::TakeOverStock => own(Who::of(&[SCIENTIST, MACHINE]), B::Bench),
        A::ReportExternalStock => {
            own(Who::of(&[COORDINATOR, SCIENTIST, ADMINISTRATOR, MACHINE]), B::External)
        }
        A::StateDemand => own(Who::of(&[COORDINATOR, MACHINE]), B::Figures),
        A::ReportUse => own(Who::of(&[COORDINATOR, SCIENTIST, MACHINE]), B::Figures),
        A::StateHomes => own(Who::of(&[COORDINATOR, MANAGER, MACHINE]), B::Figures),
        A::KeepCampaigns => {
            own(Who::of(&[COORDINATOR, PHLEBOTOMIST, MANAGER, MACHINE]), B::Figures)
        }
        A::SetTargets => own(Who::of(&[COORDINATOR, PHYSICIAN]), B::Duty),
        A::DecideMoves => own(Who::of(&[COORDINATOR, SCIENTIST, EMERGENCY]), B::Bench),
        A::AdoptCallUps => own(Who::of(&[COORDINATOR, PHYSICIAN]), B::Duty),
        A::StateLegs => own(Who::of(&[COORDINATOR, SCIENTIST, ADMINISTRATOR, MACHINE]), B::Duty),
        A::CallForUnits => own(Who::of(&[COORDINATOR, SCIENTIST, PHYSICIAN, EMERGENCY]), B::Bench),
        A::AskRare => own(Who::of(&[COORDINATOR, SCIENTIST, PHYSICIAN, EMERGENCY]), B::Bench),
        A::StateDuty => own(Who::of(&[COORDINATOR, SCIENTIST, ADMINISTRATOR, MACHINE]), B::Duty),
        // An emergency moves and stops bags; what makes one usable is for those who do it daily.
        A::QuarantineUnits => own(Who::of(&[SCIENTIST, PHYSICIAN, EMERGENCY]), B::Bench),
        A::ReserveUnits | A::DispatchUnits | A::ReceiveUnits | A::EndShipment | A::AnswerCall => {
            own(Who::of(&[SCIENTIST, EMERGENCY]), B::Bench)
        }
        A::CountStock | A::CorrectUnit | A::ReleaseUnits | A::RecordTests | A::DiscardUnits => {
            own(Who::of(&[SCIENTIST]), B::Bench)
        }

        // Who gives and who receives is read where there is work to do with it, and recorded.
        A::SeeDonors => own(Who::of(&[PHLEBOTOMIST, SCIENTIST, PHYSICIAN, EMERGENCY]), B::Donors),
        A::KeepDonors | A::CallDonors => own(Who::of(&[PHLEBOTOMIST, PHYSICIAN]), B::Donors),
        A::JudgeDonors => own(Who::of(&[PHYSICIAN]), B::Profession),
        A::TypeDonors => own(Who::of(&[SCIENTIST, PHYSICIAN]), B::Bench),
        // Whoever hears of it stops it at once; stopping too much harms nobody for long.
        A::CallBack => {
            own(Who::of(&[PHLEBOTOMIST, SCIENTIST, PHYSICIAN, EMERGENCY]), B::Withdrawals)
        }
        A::FollowWithdrawal => own(Who::of(&[SCIENTIST, PHYSICIAN, EMERGENCY]), B::Withdrawals),
        A::CloseWithdrawal => own(Who::of(&[SCIENTIST, PHYSICIAN]), B::Withdrawals),
        A::ShipPlasma => own(Who::of(&[SCIENTIST]), B::Bench),
        A::TellAuthority => own(Who::of(&[PHYSICIAN, SAFETY]), B::Vigilance),
        A::LendBus | A::TakeLoan => own(Who::of(&[PHLEBOTOMIST]), B::Donors),
        A::Collect => own(Who::of(&[PHLEBOTOMIST, SCIENTIST]), B::Donors),
        A::AssignNumbers => own(Who::of(&[SCIENTIST, ADMINISTRATOR, MACHINE]), B::Bench),
        A::ClearDonation => own(Who::of(&[PHYSICIAN]), B::Donors),
        A::PrepareComponents | A::EnterResults => own(Who::of(&[SCIENTIST]), B::Bench),
        A::ReportResults => own(ADMINISTRATION, B::Bench),
        A::VerifyResults => own(Who::of(&[SCIENTIST, PHYSICIAN]), B::Bench),
        A::SeePatients => own(Who::of(&[NURSE, SCIENTIST, PHYSICIAN, EMERGENCY]), B::Patients),
        A::AdmitPatients => own(Who::of(&[NURSE, SCIENTIST, PHYSICIAN, EMERGENCY]), B::Patients),
        A::KeepPatients | A::AskDisclosure => {
            own(Who::of(&[SCIENTIST, PHYSICIAN, EMERGENCY]), B::Patients)
        }
        A::AnswerDisclosure => own(Who::of(&[SCIENTIST, PHYSICIAN]), B::Patients),
        A::JudgePatients | A::BreakBlock => own(Who::of(&[PHYSICIAN]), B::Judged),
        A::RequestBlood | A::Transfuse | A::NoteTreatingDecision => {
            own(Who::of(&[NURSE, SCIENTIST, PHYSICIAN, EMERGENCY]), B::Patients)
        }
        A::IssueBlood => own(Who::of(&[SCIENTIST, EMERGENCY]), B::Bench),
        A::DecideException | A::AssessReaction => own(Who::of(&[PHYSICIAN]), B::Judged),

        A::SeeAlarms => both(READERS, B::SharedPicture),
        A::ConfirmIncident => own(Who::of(&[TIB]), B::Alarm),
        A::OpenIncident | A::AssessIncident | A::IssueAlarm | A::CloseObligation => {
            own(Who::of(&[TIB, COMMANDER]), B::Alarm)
        }
        A::AlarmBlood => {
            own(Who::of(&[TIB, COMMANDER, COORDINATOR, SCIENTIST, PHYSICIAN]), B::Alarm)
        }
        A::TestReach => {
            own(Who::of(&[TIB, COMMANDER, ADMINISTRATOR, ENGINE, MACHINE]), B::Preparedness)
        }
        A::KeepRosters => {
            own(Who::of(&[TIB, COMMANDER, COORDINATOR, ADMINISTRATOR, MACHINE]), B::Preparedness)
        }
        A::LeadExercise => own(Who::of(&[TIB, COMMANDER, ADMINISTRATOR, MACHINE]), B::Preparedness),
        // Whoever takes part may say that it is real: nobody is asked first.
        A::StopExercise => own(AT_WORK, B::Answer),
        // Whoever holds the personal link or the telephone's code answers: no session, no role.
        A::AnswerByLink => own(BY_LINK, B::Answer),
        A::AnswerAlarm => own(AT_WORK, B::Answer),
        A::ReportSituation => own(
            Who::of(&[
                COORDINATOR,
                SCIENTIST,
                PHYSICIAN,
                NURSE,
                TIB,
                COMMANDER,
                MANAGER,
                EMERGENCY,
            ]),
            B::Preparedness,
        ),
        A::ReportCapacity => own(
            Who::of(&[PHYSICIAN, NURSE, TIB, COMMANDER, MANAGER, MACHINE, EMERGENCY]),
            B::Preparedness,
        ),
        A::PledgeTransport | A::LendMaterial => {
            own(Who::of(&[TIB, COMMANDER, MANAGER]), B::Preparedness)
        }
        A::SetCareMode => own(Who::of(&[TIB, COMMANDER, MANAGER]), B::Command),
        A::ResolveMeasure => own(Who::of(&[PHYSICIAN, COMMANDER]), B::Command),
        A::LeadIncident => own(Who::of(&[COMMANDER]), B::Command),
        A::ReportStock => own(
            Who::of(&[SCIENTIST, COORDINATOR, PHYSICIAN, TIB, COMMANDER, ENGINE, EMERGENCY]),
            B::Preparedness,
        ),
        A::ReportDuty => {
            own(Who::of(&[COMMANDER, TIB, DIRECTOR, MANAGER, COORDINATOR, SAFETY]), B::Preparedness)
        }

        A::KeepAlarms
        | A::Notice
        | A::NoticeEpoch
        | A::ReportFork
        | A::NoteSilence
        | A::NoteHeard
        | A::KeepStock
        | A::HeedWithdrawal
        | A::NoteRevocation => own(Who::of(&[ENGINE]), B::Engine),
        A::OpenJournal | A::Restore => own(Who::of(&[MACHINE]), B::Machine),
    }
}

const fn own(who: Who, because: Because) -> Row {
    Row { own: who, other: NONE, because }
}

const fn both(who: Who, because: Because) -> Row {
    Row { own: who, other: who, because }
}

/// The rule: whether an action is allowed by a standing and relation, and why.
#[must_use]
pub const fn rule(standing: Standing, action: Action, relation: Relation) -> Verdict {
    let row = row(action);
    let allow = match relation {
        Relation::Own => row.own.has(standing),
        Relation::Other => row.other.has(standing),
    };
    let because = match (allow, standing, relation) {
        (true, ..) => row.because,
        (false, Standing::Nobody, _) => Because::SignIn,
        (false, _, Relation::Other) if row.own.has(standing) => Because::OwnRegion,
        (false, Standing::SignedIn, _) => Because::NoMandate,
        (false, ..) => row.because,
    };
    Verdict { allow, because }
}
