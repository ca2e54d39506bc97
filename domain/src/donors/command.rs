//! What can be asked about donors.

use serde::{Deserialize, Serialize};

use super::model::{
    AppointmentState, Declaration, DeferralReason, Earlier, Filter, Ground, Identity, Imputability,
    Outcome, Question, ReactionKind, SessionFacts, Severity, Terms, Types, Until,
};
use crate::blood::model::{Din, Group};
use crate::donations::model::DonationKind;
use crate::words::{
    AppointmentId, CallUpId, Day, DeferralId, Digest, DonorId, Known, RecordRef, SessionId, SiteId,
    Time,
};

/// A command about donors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Register somebody who wants to give.
    Register {
        /// Who it is.
        identity: Identity,
        /// What they can be asked for.
        terms: Terms,
        /// What they gave before; none for somebody who never gave, unknown if nobody asked.
        earlier: Known<Vec<Earlier>>,
    },
    /// Register a donor of another region, who comes with its pass.
    RegisterGuest {
        /// The home region's record.
        pass: RecordRef,
        /// The code on the donor's paper.
        code: String,
        /// Who it is.
        identity: Identity,
        /// Where they give.
        site: Option<SiteId>,
        /// What they gave before.
        earlier: Known<Vec<Earlier>>,
    },
    /// Let a guest registered before give with a new pass.
    RenewGuest {
        /// The guest.
        donor: DonorId,
        /// The home region's record.
        pass: RecordRef,
        /// The code on the donor's paper.
        code: String,
    },
    /// Put right who it is.
    Correct {
        /// The donor.
        donor: DonorId,
        /// Who it is.
        identity: Identity,
        /// Why.
        reason: String,
    },
    /// Say what the donor can be asked for.
    Agree {
        /// The donor.
        donor: DonorId,
        /// What.
        terms: Terms,
    },
    /// Report what was given before or elsewhere.
    TellEarlier {
        /// The donor.
        donor: DonorId,
        /// What; none for somebody who never gave.
        earlier: Vec<Earlier>,
    },
    /// Report what the laboratory found.
    Type {
        /// The donor.
        donor: DonorId,
        /// The group; unknown leaves what is known.
        group: Known<Group>,
        /// Types, added to those that are known.
        types: Types,
    },
    /// Join two records of one person.
    Merge {
        /// The record that stands.
        keep: DonorId,
        /// The record that becomes part of it.
        merge: DonorId,
        /// How it was established that it is one person.
        reason: String,
    },
    /// Take a merge back.
    Unmerge {
        /// The record that becomes its own again.
        donor: DonorId,
        /// Why.
        reason: String,
    },
    /// Report what a donor declared and what was measured.
    Declare {
        /// The donor.
        donor: DonorId,
        /// Where.
        site: SiteId,
        /// What.
        declaration: Declaration,
    },
    /// Ask to let a donor through to the donation.
    Admit {
        /// The donor.
        donor: DonorId,
        /// To give what.
        kind: DonationKind,
    },
    /// Defer a donor.
    Defer {
        /// The donor.
        donor: DonorId,
        /// Why.
        reason: DeferralReason,
        /// For how long.
        until: Until,
        /// In words.
        note: Option<String>,
    },
    /// End a deferral before its time.
    Lift {
        /// The donor.
        donor: DonorId,
        /// Which.
        deferral: DeferralId,
        /// Why.
        reason: String,
    },
    /// Decide as a physician that something does not hinder.
    Assess {
        /// The donor.
        donor: DonorId,
        /// What.
        ground: Ground,
        /// Up to and including which day.
        until: Day,
        /// Why.
        reason: String,
    },
    /// Take back an answer that was wrong.
    Retract {
        /// The donor.
        donor: DonorId,
        /// To which question.
        question: Question,
        /// How it is known.
        reason: String,
    },
    /// Report what happened to a donor at or after a donation.
    React {
        /// The donor.
        donor: DonorId,
        /// At which donation.
        din: Option<Din>,
        /// What.
        kind: ReactionKind,
        /// How bad.
        severity: Severity,
        /// How likely from the donation.
        imputability: Known<Imputability>,
        /// In words.
        note: Option<String>,
    },
    /// Open a time in which donors are received.
    OpenSession {
        /// What it offers.
        facts: SessionFacts,
    },
    /// Call a session off.
    CloseSession {
        /// Which.
        session: SessionId,
        /// Why.
        reason: String,
    },
    /// Book an appointment.
    Book {
        /// Whose.
        donor: DonorId,
        /// In which session.
        session: SessionId,
        /// At what time.
        at: Time,
        /// To give what.
        kind: DonationKind,
    },
    /// Move an appointment.
    Move {
        /// Which.
        appointment: AppointmentId,
        /// To which session.
        session: SessionId,
        /// To what time.
        at: Time,
    },
    /// Say what became of an appointment.
    Settle {
        /// Which.
        appointment: AppointmentId,
        /// What.
        state: AppointmentState,
    },
    /// Make a list of donors to call.
    MakeList {
        /// What it is for.
        name: String,
        /// Whom to put on it.
        filter: Filter,
    },
    /// Report what came of calling a donor.
    Note {
        /// The donor.
        donor: DonorId,
        /// For which list.
        list: Option<CallUpId>,
        /// What.
        outcome: Outcome,
    },
    /// Close a list.
    CloseList {
        /// Which.
        list: CallUpId,
    },
    /// Give a donor a pass to give in another region.
    IssuePass {
        /// The donor.
        donor: DonorId,
        /// What may be given.
        kinds: Vec<DonationKind>,
        /// Up to and including which day.
        until: Day,
    },
    /// Take a pass back.
    RevokePass {
        /// Which.
        pass: Digest,
        /// Why.
        reason: String,
    },
    /// Take note that a guest's home region took the pass back.
    NoteRevoked {
        /// Which.
        pass: RecordRef,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::RegisterGuest { pass, .. } | Self::RenewGuest { pass, .. } => Some(pass),
            _ => None,
        }
    }
}
