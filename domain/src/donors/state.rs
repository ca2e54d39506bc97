//! The donors of a region: a fold over its events.

mod calls;
mod kept;
mod person;

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::model::{Appointment, CallUp, Donor, IssuedPass, PassHolder, Presented, Session};
use super::typed::Typed;
use crate::words::{
    AppointmentId, CallUpId, Digest, DonorId, Meta, PersonNumber, Private, RecordRef, SessionId,
    Time,
};

/// What other regions may hold: when donors are received, and passes that name nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Sessions.
    pub sessions: OrdMap<SessionId, Session>,
    /// Passes issued here, by the digest of their code.
    pub passes: OrdMap<Digest, IssuedPass>,
    /// Passes of other regions' donors with which somebody was let through here.
    pub presented: Vector<Presented>,
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "kept::Kept")]
pub struct Own {
    /// Donors.
    pub donors: OrdMap<DonorId, Donor>,
    /// Donors by the number they are found by.
    pub by_number: OrdMap<PersonNumber, DonorId>,
    /// Appointments.
    pub appointments: OrdMap<AppointmentId, Appointment>,
    /// Lists of donors to call.
    pub lists: OrdMap<CallUpId, CallUp>,
    /// Whose passes are out.
    pub holders: OrdMap<Digest, PassHolder>,
    /// Guests by the home region's record of their pass.
    pub guests: OrdMap<RecordRef, DonorId>,
    /// Typed donors by what they were typed for, made from `donors`.
    #[serde(skip)]
    pub typed: Typed,
}

/// How long what is over stays at hand, in days: sessions, appointments, closed lists, passes.
const KEPT_DAYS: i64 = 60;

/// From which moment on things are kept.
fn kept_from(meta: &Meta) -> Time {
    meta.recorded.plus_days(-KEPT_DAYS)
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    match event {
        Event::SessionOpened(opened, _) => calls::open_session(shared, own, opened, meta),
        Event::SessionClosed(closed, _) => {
            if let Some(session) = shared.sessions.get_mut(&closed.session) {
                session.closed = Some(meta.recorded);
            }
        }
        Event::PassIssued(issued, holder) => {
            let kept = kept_from(meta);
            let over = shared.passes.iter().filter(|(_, pass)| pass.until.starts() < kept);
            let over: Vec<Digest> = over.map(|(id, _)| *id).collect();
            over.iter().for_each(|id| drop(shared.passes.remove(id)));
            let pass = IssuedPass {
                kinds: issued.kinds.clone(),
                until: issued.until,
                rule_set: issued.rule_set,
                nat: issued.nat,
                at: meta.at.clone(),
                revoked: None,
            };
            shared.passes.insert(issued.pass, pass);
            if let (Some(own), Private::Here(given)) = (own, holder) {
                let holder = PassHolder { donor: given.donor.clone(), code: given.code.clone() };
                over.iter().for_each(|id| drop(own.holders.remove(id)));
                own.holders.insert(issued.pass, holder);
            }
        }
        Event::PassRevoked(revoked, _) => {
            if let Some(pass) = shared.passes.get_mut(&revoked.pass) {
                pass.revoked = Some(meta.recorded);
            }
        }
        Event::PassPresented(presented, _) => {
            let kept = kept_from(meta);
            while shared.presented.front().is_some_and(|first| first.at < kept) {
                shared.presented.pop_front();
            }
            shared.presented.push_back(presented.clone());
        }
        _ => {
            if let Some(own) = own {
                calls::apply(own, event, meta);
                person::apply(own, event, meta);
                own.typed.follow(&own.donors, event);
            }
        }
    }
}
