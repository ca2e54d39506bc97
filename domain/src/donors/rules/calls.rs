//! When donors are received, who comes, and whom to call.

use super::super::command::Command;
use super::super::eligible::{self, Depth};
use super::super::event::{
    Booked, Event, ListClosed, ListMade, Noted, SessionClosed, SessionOpened, Settled,
};
use super::super::model::{Appointment, AppointmentState, Filter, Session, SessionFacts, Verdict};
use super::super::view;
use super::refusals::{
    BOOKED, KIND_NOT_OFFERED, LIST_SIZE, NOBODY, OUTSIDE_SESSION, SESSION_CLOSED, SESSION_FORM,
    SESSION_FULL, SETTLED,
};
use super::{not_eligible, private, registered, standing};
use crate::Region;
use crate::kernel::{not_found, text};
use crate::rulesets::{Scope, key};
use crate::words::{AppointmentId, CallUpId, Context, Digest, DonorId, NONE, Refusal, SessionId};

/// Most donors on a list.
pub(crate) const LIST_MOST: u16 = 500;

/// Longest session, in hours.
const SESSION_HOURS: i64 = 24;

pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let own = &region.own.donors;
    Ok(match command {
        Command::OpenSession { facts } => {
            let facts = offered(region, facts, ctx)?;
            let session = ctx.named::<SessionId>("se");
            Event::SessionOpened(SessionOpened { session, facts }, NONE)
        }
        Command::CloseSession { session, reason } => {
            open_session(region, session, ctx)?;
            let closed =
                SessionClosed { session: session.clone(), reason: text("reason", reason)? };
            Event::SessionClosed(closed, NONE)
        }
        Command::Book { donor, session, at, kind } => {
            standing(own, donor)?;
            let appointment = ctx.named::<AppointmentId>("ap");
            free(region, (donor, &appointment), ctx)?;
            let booked = Booked {
                appointment,
                donor: donor.clone(),
                session: session.clone(),
                at: *at,
                kind: *kind,
            };
            book(region, booked, ctx)?
        }
        Command::Move { appointment, session, at } => {
            let held = to_come(region, appointment)?;
            let booked = Booked {
                appointment: appointment.clone(),
                donor: held.donor.clone(),
                session: session.clone(),
                at: *at,
                kind: held.kind,
            };
            book(region, booked, ctx)?
        }
        Command::Settle { appointment, state } => {
            let held = to_come(region, appointment)?;
            if *state == AppointmentState::Booked {
                return Err(SETTLED.because([("appointment", appointment.to_string())]));
            }
            let (appointment, donor) = (appointment.clone(), held.donor.clone());
            private(Event::Settled, Settled { appointment, donor, state: *state })
        }
        Command::MakeList { name, filter } => make_list(region, (name, filter), ctx)?,
        Command::Note { donor, list, outcome } => {
            registered(own, donor)?;
            if let Some(list) = list
                && !own.lists.get(list).is_some_and(|held| held.donors.contains_key(donor))
            {
                return Err(not_found("list", list));
            }
            let (donor, list) = (donor.clone(), list.clone());
            private(Event::Noted, Noted { donor, list, outcome: *outcome })
        }
        Command::CloseList { list } => {
            let held = own.lists.get(list).filter(|held| held.closed.is_none());
            held.ok_or_else(|| not_found("list", list))?;
            private(Event::ListClosed, ListClosed { list: list.clone() })
        }
        _ => unreachable!("routed by decide"),
    })
}

fn offered(
    region: &Region,
    facts: &SessionFacts,
    ctx: &Context<'_>,
) -> Result<SessionFacts, Refusal> {
    let site = region.shared.kernel.sites.get(&facts.site);
    let site = site.ok_or_else(|| not_found("site", &facts.site))?;
    let until = facts.window.until();
    let in_time = until.is_some_and(|until| {
        until > ctx.now && until <= facts.window.from().plus_seconds(SESSION_HOURS * 3_600)
    });
    if !in_time
        || facts.capacity == 0
        || facts.kinds.is_empty()
        || !site.window.covers(&facts.window)
    {
        let facts = [
            ("capacity", facts.capacity.to_string()),
            ("until", until.map(|until| until.to_string()).unwrap_or_default()),
            ("kinds", facts.kinds.len().to_string()),
        ];
        return Err(SESSION_FORM.because(facts));
    }
    let mut facts = facts.clone();
    facts.kinds.sort_unstable();
    facts.kinds.dedup();
    Ok(facts)
}

fn open_session<'a>(
    region: &'a Region,
    session: &SessionId,
    ctx: &Context<'_>,
) -> Result<&'a Session, Refusal> {
    let held = region.shared.donors.sessions.get(session);
    let held = held.ok_or_else(|| not_found("session", session))?;
    let over = held.facts.window.until().is_some_and(|until| until <= ctx.now);
    if held.closed.is_some() || over {
        return Err(SESSION_CLOSED.because([("session", session.to_string())]));
    }
    Ok(held)
}

/// A donor has one appointment to come.
fn free(
    region: &Region,
    (donor, appointment): (&DonorId, &AppointmentId),
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let mut others = region.own.donors.appointments.iter().filter(|(id, one)| {
        *id != appointment
            && one.donor == *donor
            && one.state == AppointmentState::Booked
            && one.at >= ctx.now
    });
    match others.next() {
        Some((_, one)) => Err(BOOKED.because([("at", one.at.to_string())])),
        None => Ok(()),
    }
}

fn to_come<'a>(
    region: &'a Region,
    appointment: &AppointmentId,
) -> Result<&'a Appointment, Refusal> {
    let held = region.own.donors.appointments.get(appointment);
    let held = held.ok_or_else(|| not_found("appointment", appointment))?;
    if held.state != AppointmentState::Booked {
        let facts = [("appointment", appointment.to_string()), ("state", held.state.to_string())];
        return Err(SETTLED.because(facts));
    }
    Ok(held)
}

fn book(region: &Region, booked: Booked, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let session = open_session(region, &booked.session, ctx)?;
    let facts = &session.facts;
    if !facts.window.contains(booked.at) || booked.at < ctx.now {
        return Err(OUTSIDE_SESSION.because([("at", booked.at.to_string())]));
    }
    if !facts.kinds.contains(&booked.kind) {
        return Err(KIND_NOT_OFFERED.because([("kind", booked.kind.to_string())]));
    }
    let others = region.own.donors.appointments.iter().filter(|(id, one)| {
        **id != booked.appointment && one.session == booked.session && taken(one.state)
    });
    let others = others.count();
    if others >= usize::from(facts.capacity) {
        let facts = [("capacity", facts.capacity.to_string()), ("booked", others.to_string())];
        return Err(SESSION_FULL.because(facts));
    }
    // What is unknown or a physician's is settled at the visit; what is certain is said now.
    let asked = (&booked.donor, booked.kind);
    let answer = eligible::eligibility(region, asked, booked.at, ctx.region, Depth::Call);
    if matches!(answer.verdict, Verdict::Deferred { .. } | Verdict::Permanent) {
        return Err(not_eligible(&answer));
    }
    Ok(private(Event::Booked, booked))
}

/// Whether an appointment takes a place.
pub(in crate::donors) const fn taken(state: AppointmentState) -> bool {
    matches!(state, AppointmentState::Booked | AppointmentState::Attended)
}

fn make_list(
    region: &Region,
    (name, filter): (&str, &Filter),
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    if filter.most == 0 || filter.most > LIST_MOST {
        let facts = [("most", LIST_MOST.to_string()), ("asked", filter.most.to_string())];
        return Err(LIST_SIZE.because(facts));
    }
    super::ahead(filter.on, 366, ctx)?;
    let name = text("name", name)?;
    let rules = region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)?;
    let quiet = rules.days(key::DONOR_CALL_INTERVAL_DAYS)?;
    let found = view::candidates(region, filter, (ctx.now, quiet), ctx.region);
    let donors: Vec<DonorId> =
        found.into_iter().take(usize::from(filter.most)).map(|one| one.donor.clone()).collect();
    if donors.is_empty() {
        return Err(NOBODY.because([("quiet_days", quiet.to_string())]));
    }
    Ok(listed(ctx, (name, filter.clone(), &donors), rules.digest).1)
}

/// A new list of these donors.
pub(crate) fn listed(
    ctx: &Context<'_>,
    (name, filter, donors): (String, Filter, &[DonorId]),
    rule_set: Digest,
) -> (CallUpId, Event) {
    let list = ctx.named::<CallUpId>("cl");
    let (id, donors) = (list.clone(), donors.to_vec());
    (id, private(Event::ListMade, ListMade { list, name, filter, donors, rule_set }))
}
