//! Sessions, appointments and lists.

use super::super::event::{Event, SessionOpened};
use super::super::model::{Appointment, AppointmentState, CallUp, Contact, Session};
use super::{Own, Shared, kept_from};
use crate::words::{Meta, Private, SessionId};

/// Opening a session is when those that are long over leave, with their appointments.
pub(super) fn open_session(
    shared: &mut Shared,
    own: Option<&mut Own>,
    opened: &SessionOpened,
    meta: &Meta,
) {
    let kept = kept_from(meta);
    let long_over =
        |session: &Session| session.facts.window.until().is_some_and(|until| until < kept);
    let over = shared.sessions.iter().filter(|(_, session)| long_over(session));
    let over: Vec<SessionId> = over.map(|(id, _)| id.clone()).collect();
    for id in &over {
        shared.sessions.remove(id);
    }
    if let Some(own) = own.filter(|_| !over.is_empty()) {
        let gone = own.appointments.iter().filter(|(_, one)| over.contains(&one.session));
        let gone: Vec<_> = gone.map(|(id, _)| id.clone()).collect();
        for id in &gone {
            own.appointments.remove(id);
        }
    }
    let session = Session { facts: opened.facts.clone(), closed: None };
    shared.sessions.insert(opened.session.clone(), session);
}

pub(super) fn apply(own: &mut Own, event: &Event, meta: &Meta) {
    match event {
        Event::Booked(_, Private::Here(booked)) => {
            let appointment = Appointment {
                donor: booked.donor.clone(),
                session: booked.session.clone(),
                at: booked.at,
                kind: booked.kind,
                state: AppointmentState::Booked,
            };
            own.appointments.insert(booked.appointment.clone(), appointment);
        }
        Event::Settled(_, Private::Here(settled)) => {
            if let Some(appointment) = own.appointments.get_mut(&settled.appointment) {
                appointment.state = settled.state;
            }
        }
        Event::ListMade(_, Private::Here(made)) => {
            let kept = kept_from(meta);
            let over = |list: &CallUp| list.closed.is_some_and(|closed| closed < kept);
            let gone: Vec<_> =
                own.lists.iter().filter(|(_, l)| over(l)).map(|(id, _)| id.clone()).collect();
            for id in &gone {
                own.lists.remove(id);
            }
            let list = CallUp {
                name: made.name.clone(),
                filter: made.filter.clone(),
                made: meta.recorded,
                rule_set: made.rule_set,
                donors: made.donors.iter().map(|donor| (donor.clone(), None)).collect(),
                closed: None,
            };
            own.lists.insert(made.list.clone(), list);
        }
        Event::Noted(_, Private::Here(noted)) => {
            let list = noted.list.as_ref().and_then(|list| own.lists.get_mut(list));
            if let Some(outcome) = list.and_then(|list| list.donors.get_mut(&noted.donor)) {
                *outcome = Some(noted.outcome);
            }
            if let Some(donor) = own.donors.get_mut(&noted.donor) {
                let (at, outcome, list) = (meta.happened, noted.outcome, noted.list.clone());
                donor.contact = Some(Contact { at, outcome, list });
            }
        }
        Event::ListClosed(_, Private::Here(closed)) => {
            if let Some(list) = own.lists.get_mut(&closed.list) {
                list.closed = Some(meta.recorded);
            }
        }
        _ => {}
    }
}
