//! What commands about the stock, about rule sets and to the kernel ask.

use samband_domain::kernel::{Access, Capacity};
use samband_domain::{ActorId, Region, blood, kernel, rulesets};

use super::Action;

pub(super) const fn blood_action(command: &blood::Command) -> Action {
    use blood::Command as C;
    match command {
        C::LoadCodes { .. } => Action::LoadCodes,
        C::TakeOver { .. } => Action::TakeOverStock,
        C::ReportExternal { .. } => Action::ReportExternalStock,
        C::StateDemand { .. } => Action::StateDemand,
        C::StateDuty { .. } => Action::StateDuty,
        C::Count { .. } => Action::CountStock,
        C::Correct { .. } => Action::CorrectUnit,
        C::Quarantine { .. } => Action::QuarantineUnits,
        C::Release { .. } => Action::ReleaseUnits,
        C::RecordTests { .. } => Action::RecordTests,
        C::Discard { .. } => Action::DiscardUnits,
        C::Reserve { .. } | C::ReserveOldest { .. } | C::Unreserve { .. } => Action::ReserveUnits,
        C::Dispatch { .. } => Action::DispatchUnits,
        C::Receive { .. } => Action::ReceiveUnits,
        C::CallOff { .. } | C::StateLost { .. } => Action::EndShipment,
        C::Call { .. } | C::WithdrawCall { .. } => Action::CallForUnits,
        C::Answer { .. } => Action::AnswerCall,
        C::StateLeg { .. } | C::EndLeg { .. } => Action::StateLegs,
        C::Settle { .. }
        | C::NoteCallingOff { .. }
        | C::TakeBack { .. }
        | C::Lapse { .. }
        | C::Outdate { .. }
        | C::NoteShortage { .. }
        | C::NoteShortageEnd { .. } => Action::KeepStock,
    }
}

pub(super) fn rule_set_action(command: &rulesets::Command, region: &Region) -> Action {
    use rulesets::Command as C;
    match command {
        C::Draft { .. } => Action::DraftRuleSet,
        C::Review { .. } => Action::ReviewRuleSet,
        C::Adopt { .. } => Action::AdoptRuleSet,
        C::Withdraw { rule_set, .. } => {
            let held = region.shared.rulesets.held.get(rule_set);
            // An unknown set is refused by the domain; until then the stricter rule holds.
            match held {
                Some(held) if held.adoptions.is_empty() => Action::DraftRuleSet,
                _ => Action::WithdrawRuleSet,
            }
        }
    }
}

pub(super) fn kernel_action(
    command: &kernel::Command,
    region: &Region,
    actor: Option<&ActorId>,
) -> Action {
    use kernel::Command as C;
    match command {
        C::OpenJournal { .. } => Action::OpenJournal,
        C::RotateKey { .. } => Action::RotateKey,
        C::Annotate { .. } => Action::Annotate,
        C::JoinBody { .. } | C::LeaveBody { .. } => Action::ChangeBodies,
        C::OpenSite { .. } => Action::OpenSite,
        C::CorrectSite { .. } => Action::CorrectSite,
        C::CloseSite { .. } => Action::CloseSite,
        C::RegisterActor { .. } => Action::RegisterActor,
        C::CorrectActor { .. } => Action::CorrectActor,
        C::EraseActor { .. } => Action::EraseActor,
        C::GrantMandate { holder, .. } if Some(holder) == actor => Action::GrantToOneself,
        C::GrantMandate { capacity, .. } => granting(capacity),
        C::EndMandate { mandate, .. } => {
            let held = region.shared.kernel.mandates.get(mandate);
            // An unknown mandate is refused by the domain; until then the strictest rule holds.
            held.map_or(Action::EndLegalRole, |held| ending(&held.capacity))
        }
        C::RecordApproval { mandate, .. } => {
            let held = region.shared.kernel.mandates.get(mandate);
            match held {
                Some(held) if Some(&held.holder) == actor => Action::GrantToOneself,
                _ => Action::RecordApproval,
            }
        }
        C::NoteRead { .. } | C::NoteReadOf { .. } | C::NoteReadOfList { .. } => Action::NoteRead,
        C::BreakGlass { .. } => Action::BreakGlass,
        C::ReviewGlass { .. } => Action::ReviewGlass,
        C::NoteAccount { person, .. } if Some(person) == actor => Action::NoteOwnAccount,
        C::NoteAccount { .. } => Action::NoteAccount,
    }
}

const fn granting(capacity: &Capacity) -> Action {
    match capacity {
        Capacity::Role(_) => Action::GrantRole,
        Capacity::Legal(_) => Action::GrantLegalRole,
        Capacity::Competence { .. } => Action::GrantCompetence,
        Capacity::Delegation { .. } => Action::GrantDelegation,
        Capacity::Assignment { .. } => Action::GrantAssignment,
        Capacity::Access(Access::Audit) => Action::GrantAudit,
        Capacity::Access(Access::Emergency) => Action::GrantEmergency,
    }
}

const fn ending(capacity: &Capacity) -> Action {
    match capacity {
        Capacity::Role(_) => Action::EndRole,
        Capacity::Legal(_) => Action::EndLegalRole,
        Capacity::Competence { .. } => Action::EndCompetence,
        Capacity::Delegation { .. } => Action::EndDelegation,
        Capacity::Assignment { .. } => Action::EndAssignment,
        Capacity::Access(_) => Action::EndAccess,
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
