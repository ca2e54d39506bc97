//! Who patients are, and who is whose.

use super::refusals::{
    BLOCK, BORN, LINKED, MOTHER_STATED, NAME, NOT_LINKED, NOT_RESERVE, NUMBER_KIND, OWN_MOTHER,
    REGISTERED, SAME, SEX,
};
use super::{family, inside, patient, person};
use crate::blood::model::recipient::Sex;
use crate::kernel::{optional_text, text};
use crate::patients::command::Command;
use crate::patients::event::{
    Blocked, Event, IdentityCorrected, MotherStated, Registered, ReserveLinked, ReserveUnlinked,
};
use crate::patients::model::Identity;
use crate::patients::state::Own;
use crate::words::{Context, Day, Known, PatientId, Refusal};

pub(super) fn decide(own: &Own, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    match command {
        Command::Register { identity } => register(own, identity, ctx),
        Command::CorrectIdentity { patient, identity, reason } => {
            correct(own, patient, identity, reason)
        }
        Command::StateMother { patient, mother, reason } => {
            state_mother(own, patient, mother, reason.as_ref())
        }
        Command::Link { reserve, to, check } => link(own, reserve, to, check),
        Command::Unlink { reserve, reason } => {
            let linked = patient(own, reserve)?.linked.as_ref();
            let linked =
                linked.ok_or_else(|| NOT_LINKED.because([("patient", reserve.to_string())]))?;
            let (reserve, from) = (reserve.clone(), linked.to.clone());
            let parted = ReserveUnlinked { reserve, from, reason: text("reason", reason)? };
            Ok(inside(Event::ReserveUnlinked, parted))
        }
        Command::Block { patient: id, note } => {
            if person(own, id)?.blocked(ctx.now) {
                return Err(BLOCK.because([("patient", id.to_string()), ("is", "blocked".into())]));
            }
            let note = optional_text("note", note.as_ref())?;
            Ok(inside(Event::Blocked, Blocked { patient: id.clone(), note }))
        }
        Command::LiftBlock { patient: id, reason } => {
            // A block under a reserve number is the patient's as well, and lifted under it.
            if !patient(own, id)?.blocked(ctx.now) {
                return Err(BLOCK.because([("patient", id.to_string()), ("is", "open".into())]));
            }
            let note = Some(text("reason", reason)?);
            Ok(inside(Event::BlockLifted, Blocked { patient: id.clone(), note }))
        }
        _ => unreachable!("routed by decide"),
    }
}

fn taken(own: &Own, identity: &Identity) -> Result<(), Refusal> {
    match own.by_number.get(&identity.number) {
        Some(patient) => Err(REGISTERED.because([("patient", patient.to_string())])),
        None => Ok(()),
    }
}

fn register(own: &Own, identity: &Identity, ctx: &Context<'_>) -> Result<Event, Refusal> {
    taken(own, identity)?;
    let identity = clean(identity)?;
    let patient = ctx.named::<PatientId>("p");
    Ok(inside(Event::Registered, Registered { patient, identity }))
}

fn correct(own: &Own, id: &PatientId, identity: &Identity, reason: &str) -> Result<Event, Refusal> {
    let held = patient(own, id)?;
    let identity = clean(identity)?;
    if identity == held.identity {
        return Err(SAME.because([("patient", id.to_string())]));
    }
    if identity.number != held.identity.number {
        taken(own, &identity)?;
    }
    if identity.number.identifies() != held.identity.number.identifies() {
        let (was, is) = (held.identity.number.kind(), identity.number.kind());
        return Err(NUMBER_KIND.because([("was", was.into()), ("is", is.into())]));
    }
    let reason = text("reason", reason)?;
    Ok(inside(
        Event::IdentityCorrected,
        IdentityCorrected { patient: id.clone(), identity, reason },
    ))
}

/// The identity with what its number says of birth and sex; what contradicts the number is refused.
fn clean(identity: &Identity) -> Result<Identity, Refusal> {
    let name = match &identity.name {
        Known::Value(name) => Known::Value(text("name", name)?),
        Known::Unknown => Known::Unknown,
    };
    if name == Known::Unknown && identity.number.identifies() {
        return Err(NAME.because([("number", identity.number.kind().into())]));
    }
    let (number, mut born, mut sex) = (identity.number.clone(), identity.born, identity.sex);
    if let Some(said) = number.born().and_then(Day::new) {
        if let Known::Value(other) = born.value().filter(|born| *born != said).into() {
            let facts = [("number", said.to_string()), ("said", Day::to_string(&other))];
            return Err(BORN.because(facts));
        }
        born = Known::Value(said);
    }
    if let Some(female) = number.is_female() {
        let said = if female { Sex::Female } else { Sex::Male };
        if sex.value().is_some_and(|sex| sex != said) {
            return Err(SEX.because([("number", said.to_string())]));
        }
        sex = Known::Value(said);
    }
    Ok(Identity { number, name, born, sex })
}

fn state_mother(
    own: &Own,
    child: &PatientId,
    mother: &PatientId,
    reason: Option<&String>,
) -> Result<Event, Refusal> {
    let held = family(own, child)?;
    let mother_family = family(own, mother)?;
    if held.members.iter().any(|(id, _)| mother_family.members.iter().any(|(one, _)| one == id)) {
        return Err(OWN_MOTHER.because([("patient", child.to_string())]));
    }
    let reason = optional_text("reason", reason)?;
    let standing = held.mothers().find(|one| one.corrected.is_none());
    match standing {
        Some(standing) if standing.patient == *mother => {
            return Err(SAME.because([("patient", child.to_string())]));
        }
        Some(standing) if reason.is_none() => {
            return Err(MOTHER_STATED.because([("mother", standing.patient.to_string())]));
        }
        _ => {}
    }
    let stated = MotherStated { patient: child.clone(), mother: mother.clone(), reason };
    Ok(inside(Event::MotherStated, stated))
}

fn link(own: &Own, reserve: &PatientId, to: &PatientId, check: &str) -> Result<Event, Refusal> {
    let held = patient(own, reserve)?;
    if held.identity.number.identifies() {
        return Err(NOT_RESERVE.because([("patient", reserve.to_string())]));
    }
    if let Some(linked) = &held.linked {
        let facts = [("patient", reserve.to_string()), ("person", linked.to.to_string())];
        return Err(LINKED.because(facts));
    }
    let target = patient(own, to)?;
    if !target.identity.number.identifies() {
        return Err(NOT_RESERVE.because([("patient", to.to_string())]));
    }
    let (reserve, to) = (reserve.clone(), to.clone());
    let linked = ReserveLinked { reserve, to, check: text("check", check)? };
    Ok(inside(Event::ReserveLinked, linked))
}
