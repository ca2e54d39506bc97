//! What can have happened to donors. Who somebody is and what is known of them stays in the
//! region; others may read when donors are received, and passes that name nobody.

use serde::{Deserialize, Serialize};

use super::model::{
    AppointmentState, Declaration, DeferralReason, Donor, Earlier, Filter, Ground, Identity,
    Imputability, Outcome, Presented, Question, ReactionKind, SessionFacts, Severity, Terms, Types,
    Until,
};
use crate::blood::model::{Din, Group};
use crate::donations::model::DonationKind;
use crate::words::{
    AppointmentId, CallUpId, Day, DecodeError, DeferralId, Digest, DonorId, JournalId, Known,
    Nothing, Private, ReactionId, RecordRef, SessionId, SiteId, Subject, Time, events,
};

macro_rules! parts {
    ($($(#[$doc:meta])* $Name:ident { $($(#[$fdoc:meta])* $field:ident: $Type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $Name { $($(#[$fdoc])* pub $field: $Type),* }
    )*};
}

parts! {
    /// Somebody was registered.
    Registered {
        /// The donor.
        donor: DonorId,
        /// Who it is.
        identity: Identity,
        /// What they can be asked for.
        terms: Terms,
        /// What they gave before.
        earlier: Known<Vec<Earlier>>,
    }
    /// A donor of another region was registered, or came with a new pass.
    GuestRegistered {
        /// The donor.
        donor: DonorId,
        /// Who it is; none if registered before.
        identity: Option<Identity>,
        /// Where they give.
        site: Option<SiteId>,
        /// What they gave before.
        earlier: Known<Vec<Earlier>>,
        /// The home region.
        home: JournalId,
        /// The home region's record.
        pass: RecordRef,
        /// What may be given by the home region's rules.
        kinds: Vec<DonationKind>,
        /// Up to and including which day.
        until: Day,
        /// The home region's rules.
        rule_set: Digest,
        /// Whether the home region uses NAT.
        nat: Known<bool>,
    }
    /// Who it is was put right.
    Corrected {
        /// The donor.
        donor: DonorId,
        /// Who it is.
        identity: Identity,
        /// Why.
        reason: String,
    }
    /// What the donor can be asked for.
    Agreed {
        /// The donor.
        donor: DonorId,
        /// What.
        terms: Terms,
    }
    /// What was given before or elsewhere.
    EarlierTold {
        /// The donor.
        donor: DonorId,
        /// What.
        earlier: Vec<Earlier>,
    }
    /// What the laboratory found.
    Typed {
        /// The donor.
        donor: DonorId,
        /// The group.
        group: Known<Group>,
        /// Types.
        types: Types,
    }
    /// Types were taken back: the results that they came from were wrong.
    TypesRetracted {
        /// The donor.
        donor: DonorId,
        /// Which.
        types: Types,
    }
    /// Two records were joined.
    Merged {
        /// The record that stands.
        keep: DonorId,
        /// The record that became part of it.
        merged: DonorId,
        /// How it was established.
        reason: String,
    }
    /// A merge was taken back.
    Unmerged {
        /// The record that stood.
        keep: DonorId,
        /// The record that is its own again.
        donor: DonorId,
        /// Why.
        reason: String,
    }
    /// What a donor declared and what was measured.
    Declared {
        /// The donor.
        donor: DonorId,
        /// Where.
        site: SiteId,
        /// What.
        declaration: Declaration,
    }
    /// A donor was let through.
    Admitted {
        /// The donor.
        donor: DonorId,
        /// To give what.
        kind: DonationKind,
        /// By which rules.
        rule_set: Digest,
    }
    /// A donor was deferred.
    Deferred {
        /// The donor.
        donor: DonorId,
        /// The deferral.
        deferral: DeferralId,
        /// Why.
        reason: DeferralReason,
        /// For how long.
        until: Until,
        /// In words.
        note: Option<String>,
    }
    /// A deferral was ended before its time.
    DeferralLifted {
        /// The donor.
        donor: DonorId,
        /// Which.
        deferral: DeferralId,
        /// Why.
        reason: String,
    }
    /// A physician decided that something does not hinder.
    Assessed {
        /// The donor.
        donor: DonorId,
        /// What.
        ground: Ground,
        /// Up to and including which day.
        until: Day,
        /// Why.
        reason: String,
        /// By which rules.
        rule_set: Digest,
    }
    /// A wrong answer was taken back.
    Retracted {
        /// The donor.
        donor: DonorId,
        /// To which question.
        question: Question,
        /// How it is known.
        reason: String,
    }
    /// Something happened to a donor at or after a donation.
    Reacted {
        /// The donor.
        donor: DonorId,
        /// What it is known by.
        reaction: ReactionId,
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
    }
    /// A time in which donors are received.
    SessionOpened {
        /// The session.
        session: SessionId,
        /// What it offers.
        facts: SessionFacts,
    }
    /// A session was called off.
    SessionClosed {
        /// Which.
        session: SessionId,
        /// Why.
        reason: String,
    }
    /// An appointment was booked or moved.
    Booked {
        /// The appointment.
        appointment: AppointmentId,
        /// Whose.
        donor: DonorId,
        /// In which session.
        session: SessionId,
        /// At what time.
        at: Time,
        /// To give what.
        kind: DonationKind,
    }
    /// What became of an appointment.
    Settled {
        /// Which.
        appointment: AppointmentId,
        /// Whose.
        donor: DonorId,
        /// What.
        state: AppointmentState,
    }
    /// A list of donors to call.
    ListMade {
        /// The list.
        list: CallUpId,
        /// What it is for.
        name: String,
        /// Whom it was made of.
        filter: Filter,
        /// Who is on it.
        donors: Vec<DonorId>,
        /// By which rules.
        rule_set: Digest,
    }
    /// What came of calling a donor.
    Noted {
        /// The donor.
        donor: DonorId,
        /// For which list.
        list: Option<CallUpId>,
        /// What.
        outcome: Outcome,
    }
    /// A list was closed.
    ListClosed {
        /// Which.
        list: CallUpId,
    }
    /// A pass as any region may read it.
    PassIssued {
        /// The digest of the code on the donor's paper.
        pass: Digest,
        /// What may be given.
        kinds: Vec<DonationKind>,
        /// Up to and including which day.
        until: Day,
        /// The home region's rules.
        rule_set: Digest,
        /// Whether the home region uses NAT.
        nat: Known<bool>,
    }
    /// Whose pass it is.
    PassGiven {
        /// The donor.
        donor: DonorId,
        /// The code on the donor's paper.
        code: String,
    }
    /// A pass was taken back.
    PassRevoked {
        /// Which.
        pass: Digest,
    }
    /// Why a pass was taken back.
    PassEnded {
        /// The donor.
        donor: DonorId,
        /// Why.
        reason: String,
    }
    /// The home region took a guest's pass back.
    RevocationNoted {
        /// The guest.
        donor: DonorId,
        /// The home region's record of the pass.
        pass: RecordRef,
    }
    /// A bus was lent a donor's record by its region.
    LentHere {
        /// The donor.
        donor: DonorId,
        /// What the region knows.
        record: Box<Donor>,
    }
    /// A donor without more.
    Whom {
        /// The donor.
        donor: DonorId,
    }
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of donors.
    upcast upcast;
    /// Registered.
    "donor.registered" v 1 Registered(Nothing, Registered);
    /// Lent by the home region.
    "donor.lent" v 1 Lent(Nothing, LentHere);
    /// A guest registered.
    "donor.guest_registered" v 1 GuestRegistered(Nothing, GuestRegistered);
    /// Put right.
    "donor.corrected" v 1 Corrected(Nothing, Corrected);
    /// What can be asked for.
    "donor.agreed" v 1 Agreed(Nothing, Agreed);
    /// Earlier donations told.
    "donor.earlier_told" v 1 EarlierTold(Nothing, EarlierTold);
    /// Typed.
    "donor.typed" v 1 Typed(Nothing, Typed);
    /// Types taken back.
    "donor.types_retracted" v 1 TypesRetracted(Nothing, TypesRetracted);
    /// Two records joined.
    "donor.merged" v 1 Merged(Nothing, Merged);
    /// And parted again.
    "donor.unmerged" v 1 Unmerged(Nothing, Unmerged);
    /// Declared.
    "donor.declared" v 1 Declared(Nothing, Declared);
    /// Let through.
    "donor.admitted" v 1 Admitted(Nothing, Admitted);
    /// Deferred.
    "donor.deferred" v 1 Deferred(Nothing, Deferred);
    /// A deferral ended.
    "donor.deferral_lifted" v 1 DeferralLifted(Nothing, DeferralLifted);
    /// A physician's decision.
    "donor.assessed" v 1 Assessed(Nothing, Assessed);
    /// An answer taken back.
    "donor.answer_retracted" v 1 Retracted(Nothing, Retracted);
    /// A reaction.
    "donor.reacted" v 1 Reacted(Nothing, Reacted);
    /// A session.
    "donor.session_opened" v 1 SessionOpened(SessionOpened, Nothing);
    /// A session called off.
    "donor.session_closed" v 1 SessionClosed(SessionClosed, Nothing);
    /// An appointment.
    "donor.booked" v 1 Booked(Nothing, Booked);
    /// What became of it.
    "donor.appointment_settled" v 1 Settled(Nothing, Settled);
    /// A list to call.
    "donor.list_made" v 1 ListMade(Nothing, ListMade);
    /// A contact.
    "donor.contacted" v 1 Noted(Nothing, Noted);
    /// A list closed.
    "donor.list_closed" v 1 ListClosed(Nothing, ListClosed);
    /// A pass.
    "donor.pass_issued" v 1 PassIssued(PassIssued, PassGiven);
    /// A pass taken back.
    "donor.pass_revoked" v 1 PassRevoked(PassRevoked, PassEnded);
    /// Somebody was let through with a pass.
    "donor.pass_presented" v 1 PassPresented(Presented, Whom);
    /// A guest's pass was taken back at home.
    "donor.revocation_noted" v 1 RevocationNoted(Nothing, RevocationNoted);
}

impl Event {
    /// That a bus holds a donor's record now.
    pub(crate) fn lent(donor: &DonorId, record: &Donor) -> Self {
        let lent = LentHere { donor: donor.clone(), record: Box::new(record.clone()) };
        Self::Lent(Nothing, Private::Here(lent))
    }

    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        fn of<T>(part: &Private<T>, donor: impl Fn(&T) -> &DonorId) -> Vec<Subject> {
            part.here().map(|part| Subject::donor(donor(part))).into_iter().collect()
        }
        match self {
            Self::Registered(_, part) => of(part, |it| &it.donor),
            Self::Lent(_, part) => of(part, |it| &it.donor),
            Self::GuestRegistered(_, part) => of(part, |it| &it.donor),
            Self::Corrected(_, part) => of(part, |it| &it.donor),
            Self::Agreed(_, part) => of(part, |it| &it.donor),
            Self::EarlierTold(_, part) => of(part, |it| &it.donor),
            Self::Typed(_, part) => of(part, |it| &it.donor),
            Self::TypesRetracted(_, part) => of(part, |it| &it.donor),
            Self::Merged(_, part) => [of(part, |it| &it.keep), of(part, |it| &it.merged)].concat(),
            Self::Unmerged(_, part) => [of(part, |it| &it.keep), of(part, |it| &it.donor)].concat(),
            Self::Declared(_, part) => of(part, |it| &it.donor),
            Self::Admitted(_, part) => of(part, |it| &it.donor),
            Self::Deferred(_, part) => of(part, |it| &it.donor),
            Self::DeferralLifted(_, part) => of(part, |it| &it.donor),
            Self::Assessed(_, part) => of(part, |it| &it.donor),
            Self::Retracted(_, part) => of(part, |it| &it.donor),
            Self::Reacted(_, part) => {
                let din = part.here().and_then(|it| it.din);
                let mut all = of(part, |it| &it.donor);
                all.extend(din.as_ref().map(Subject::donation));
                all
            }
            Self::Booked(_, part) => of(part, |it| &it.donor),
            Self::Settled(_, part) => of(part, |it| &it.donor),
            Self::ListMade(_, part) => {
                let donors = part.here().map(|it| it.donors.as_slice()).unwrap_or_default();
                donors.iter().map(Subject::donor).collect()
            }
            Self::Noted(_, part) => of(part, |it| &it.donor),
            Self::PassIssued(_, part) => of(part, |it| &it.donor),
            Self::PassRevoked(_, part) => of(part, |it| &it.donor),
            Self::PassPresented(_, part) => of(part, |it| &it.donor),
            Self::RevocationNoted(_, part) => of(part, |it| &it.donor),
            Self::SessionOpened(event, _) => vec![Subject::site(&event.facts.site)],
            Self::SessionClosed(..) | Self::ListClosed(..) => Vec::new(),
        }
    }
}
