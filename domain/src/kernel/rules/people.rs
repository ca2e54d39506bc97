//! Rules for people: who is registered, erased, read about, and who broke the glass.

use super::{
    ERASURE_IN_FORCE, GLASS_OWN_REVIEW, GLASS_REVIEWED, GLASS_TOO_LONG, ID_TAKEN, PERSON_ERASED,
    TRACEABILITY, TRACEABILITY_DAYS, not_found, optional_text, person_read, text,
};
use crate::kernel::command::Command;
use crate::kernel::event::{
    AccountNoted, ActorCorrected, ActorErased, ActorRegistered, Event, GlassBroken, GlassReviewed,
    ListRead, SubjectRead,
};
use crate::kernel::model::{Approval, Capacity, Identity};
use crate::kernel::state::{Own, Shared};
use crate::words::{
    Absence, ActorId, Context, MandateId, NONE, Nothing, Private, Refusal, Time, Window,
};

/// Longest emergency access, in minutes: a working shift.
const GLASS_MINUTES_MAX: u16 = 12 * 60;

pub(super) fn decide(
    shared: &Shared,
    own: &Own,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::RegisterActor { id, profession, title, identity } => {
            let actor = match id {
                Some(id) if shared.actors.contains_key(id) => {
                    let facts = [("what", "actor".into()), ("id", id.to_string())];
                    return Err(ID_TAKEN.because(facts));
                }
                Some(id) => id.clone(),
                None => ctx.named::<ActorId>("a"),
            };
            let (profession, title) = (*profession, text("title", title)?);
            let shared = ActorRegistered { actor, profession, title };
            Event::ActorRegistered(shared, Private::Here(clean(identity)?))
        }
        Command::CorrectActor { actor, title, identity, reason } => {
            present(shared, own, actor)?;
            let (title, reason) = (text("title", title)?, text("reason", reason)?);
            let right = ActorCorrected { actor: actor.clone(), title, reason };
            Event::ActorCorrected(right, Private::Here(clean(identity)?))
        }
        Command::EraseActor { actor, ground } => erase(shared, own, actor, ground, ctx)?,
        Command::NoteRead { person, purpose } => {
            known(shared, person)?;
            person_read(person, text("purpose", purpose)?)
        }
        Command::NoteReadOf { of, purpose } => {
            let read = SubjectRead { of: of.clone(), purpose: text("purpose", purpose)? };
            Event::SubjectRead(Nothing, Private::Here(read))
        }
        Command::NoteReadOfList { of, purpose } => {
            let mut of = of.clone();
            of.sort_unstable();
            of.dedup();
            if of.is_empty() {
                return Err(not_found("reading", "0"));
            }
            let read = ListRead { of, purpose: text("purpose", purpose)? };
            Event::ListRead(Nothing, Private::Here(read))
        }
        Command::NoteAccount { person, act } => {
            known(shared, person)?;
            let noted = AccountNoted { person: person.clone(), act: text("act", act)? };
            Event::AccountNoted(Nothing, Private::Here(noted))
        }
        Command::BreakGlass { reason, minutes } => break_glass(shared, reason, *minutes, ctx)?,
        Command::ReviewGlass { mandate, finding } => review(own, mandate, finding, ctx)?,
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn known(shared: &Shared, actor: &ActorId) -> Result<(), Refusal> {
    if shared.actors.contains_key(actor) { Ok(()) } else { Err(not_found("actor", actor)) }
}

fn present(shared: &Shared, own: &Own, actor: &ActorId) -> Result<(), Refusal> {
    known(shared, actor)?;
    if own.persons.get(actor) == Some(&Private::Absent(Absence::Erased)) {
        return Err(PERSON_ERASED.because([("person", actor.to_string())]));
    }
    Ok(())
}

fn clean(identity: &Identity) -> Result<Identity, Refusal> {
    Ok(Identity {
        name: text("name", &identity.name)?,
        hsa_id: optional_text("hsa_id", identity.hsa_id.as_ref())?,
        phone: optional_text("phone", identity.phone.as_ref())?,
        email: optional_text("email", identity.email.as_ref())?,
    })
}

/// An identity is erased unless the law still asks who somebody was: while a mandate is in force
/// or still to come, and thirty years after the last act under a legal role or a signature.
fn erase(
    shared: &Shared,
    own: &Own,
    actor: &ActorId,
    ground: &str,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    present(shared, own, actor)?;
    // A mandate still to come would otherwise come into force for nobody.
    let running = shared.mandates.values().find(|held| {
        let over = held.window.until().is_some_and(|until| until <= ctx.now);
        held.holder == *actor && !over && !matches!(held.approval, Approval::Rejected { .. })
    });
    if let Some(held) = running {
        let facts = [
            ("person", actor.to_string()),
            ("mandate", held.id.to_string()),
            ("capacity", held.capacity.kind().into()),
        ];
        return Err(ERASURE_IN_FORCE.because(facts));
    }
    if let Some((until, why)) = traceable_until(shared, actor, ctx)
        && ctx.now < until
    {
        let facts = [("person", actor.to_string()), ("until", until.to_string()), ("why", why)];
        return Err(TRACEABILITY.because(facts));
    }
    let ground = text("ground", ground)?;
    Ok(Event::ActorErased(ActorErased { actor: actor.clone(), ground }, NONE))
}

fn traceable_until(shared: &Shared, actor: &ActorId, ctx: &Context<'_>) -> Option<(Time, String)> {
    let legal = shared.mandates.values().filter_map(|held| match held.capacity {
        Capacity::Legal(role) if held.holder == *actor => {
            Some((held.window.until().unwrap_or(ctx.now), format!("legal role {role}")))
        }
        _ => None,
    });
    let signed = ctx.history.iter().filter_map(|past| match &past.event {
        crate::Event::Agreements(event) if past.meta.actor == *actor => event
            .signs()
            .map(|document| (past.meta.recorded, format!("signed agreement {}", document.short()))),
        _ => None,
    });
    let last = legal.chain(signed).max_by_key(|(at, _)| *at);
    last.map(|(at, why)| (at.plus_days(TRACEABILITY_DAYS), why))
}

fn break_glass(
    shared: &Shared,
    reason: &str,
    minutes: u16,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    known(shared, ctx.actor)?;
    if minutes == 0 || minutes > GLASS_MINUTES_MAX {
        let facts = [("minutes", minutes.to_string()), ("max", GLASS_MINUTES_MAX.to_string())];
        return Err(GLASS_TOO_LONG.because(facts));
    }
    let until = ctx.now.plus_seconds(i64::from(minutes) * 60);
    let opened = GlassBroken {
        mandate: ctx.named::<MandateId>("m"),
        actor: ctx.actor.clone(),
        window: Window::new(ctx.now, Some(until)).expect("at least a minute long"),
        reason: text("reason", reason)?,
    };
    Ok(Event::GlassBroken(Nothing, Private::Here(opened)))
}

fn review(
    own: &Own,
    mandate: &MandateId,
    finding: &str,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let glass = own.glass.iter().find(|glass| glass.mandate == *mandate);
    let glass = glass.ok_or_else(|| not_found("emergency_access", mandate))?;
    if glass.actor == *ctx.actor {
        return Err(GLASS_OWN_REVIEW.because([("person", ctx.actor.to_string())]));
    }
    if glass.review.is_some() {
        return Err(GLASS_REVIEWED.because([("mandate", mandate.to_string())]));
    }
    let finding = text("finding", finding)?;
    let reviewed = GlassReviewed { mandate: mandate.clone(), finding };
    Ok(Event::GlassReviewed(Nothing, Private::Here(reviewed)))
}
