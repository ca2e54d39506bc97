//! What was sampled and found.

use imbl::Vector;

use super::refusals::{
    BEFORE_SAMPLE, DIFFERS, NO_VERIFY, SAMPLE_KNOWN, SAMPLE_UNKNOWN, SECOND_PERSON, UNSIGNED,
};
use super::{family, fresh, happened, inside, patient};
use crate::kernel::{not_found, optional_text, text};
use crate::patients::command::{Again, Command};
use crate::patients::event::{
    AntibodyFound, AntibodyNotSeen, Determined, Event, ResultVerified, SampleTaken, Screened,
};
use crate::patients::model::{
    Capture, Determination, Finding, Sample, SampleNumber, Screen, SharedOccasion, Target, Verified,
};
use crate::patients::state::Own;
use crate::words::{ActorId, Code, Context, PatientId, Refusal, Time};

pub(super) fn decide(own: &Own, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    match command {
        Command::TakeSample { patient: id, sample } => {
            patient(own, id)?;
            take(own, id, sample, ctx)
        }
        Command::Determine {
            patient,
            sample,
            determined,
            group,
            phenotype,
            emergency,
            capture,
        } => {
            analysed(own, patient, sample, *determined, ctx)?;
            let determination = Determination {
                id: fresh(ctx, "g"),
                sample: sample.clone(),
                determined: *determined,
                group: *group,
                phenotype: *phenotype,
                emergency: *emergency,
                capture: clean(capture)?,
                by: ctx.actor.clone(),
                verified: None,
                set_aside: None,
            };
            let event = Determined { patient: patient.clone(), determination };
            Ok(inside(Event::Determined, event))
        }
        Command::RecordScreen { patient, sample, performed, result, capture } => {
            analysed(own, patient, sample, *performed, ctx)?;
            let screen = Screen {
                id: fresh(ctx, "s"),
                sample: sample.clone(),
                performed: *performed,
                result: *result,
                capture: clean(capture)?,
                by: ctx.actor.clone(),
                verified: None,
            };
            Ok(inside(Event::Screened, Screened { patient: patient.clone(), screen }))
        }
        Command::Verify { patient, result, again } => verify(own, patient, result, *again, ctx),
        Command::FindAntibody { patient: id, against, significance, method, found, place } => {
            patient(own, id)?;
            happened(*found, ctx)?;
            let against = match against {
                Target::Other(words) => Target::Other(text("against", words)?),
                named => named.clone(),
            };
            let finding = Finding {
                id: fresh(ctx, "ab"),
                against,
                significance: *significance,
                method: optional_text("method", method.as_ref())?,
                found: *found,
                place: text("place", place)?,
                told_by: None,
                not_seen: Vector::new(),
            };
            Ok(inside(Event::AntibodyFound, AntibodyFound { patient: id.clone(), finding }))
        }
        Command::NotSeen { patient, finding, at } => {
            happened(*at, ctx)?;
            not_seen(own, patient, finding, *at)
        }
        _ => unreachable!("routed by decide"),
    }
}

fn take(own: &Own, id: &PatientId, sample: &Sample, ctx: &Context<'_>) -> Result<Event, Refusal> {
    happened(sample.taken, ctx)?;
    if own.by_sample.contains_key(&sample.number) {
        return Err(SAMPLE_KNOWN.because([("sample", sample.number.to_string())]));
    }
    let shared = |shared: &SharedOccasion| {
        Ok(SharedOccasion {
            reason: text("reason", &shared.reason)?,
            physician: optional_text("physician", shared.physician.as_ref())?,
        })
    };
    let sample = Sample {
        place: text("place", &sample.place)?,
        taken_by: text("taken_by", &sample.taken_by)?,
        shared_occasion: sample.shared_occasion.as_ref().map(shared).transpose()?,
        ..sample.clone()
    };
    Ok(inside(Event::SampleTaken, SampleTaken { patient: id.clone(), sample }))
}

fn clean(capture: &Capture) -> Result<Capture, Refusal> {
    Ok(match capture {
        Capture::Interface { instrument } => {
            Capture::Interface { instrument: text("instrument", instrument)? }
        }
        Capture::Typed => Capture::Typed,
    })
}

/// A sample may be analysed if it is this person's, taken before, and signed for.
fn analysed(
    own: &Own,
    id: &PatientId,
    number: &SampleNumber,
    at: Time,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    patient(own, id)?;
    happened(at, ctx)?;
    let sample = family(own, id)?.sample(number);
    let sample = sample.ok_or_else(|| SAMPLE_UNKNOWN.because([("sample", number.to_string())]))?;
    if !sample.identity_signed {
        return Err(UNSIGNED
            .because([("sample", number.to_string()), ("taken_by", sample.taken_by.clone())]));
    }
    if at < sample.taken {
        return Err(BEFORE_SAMPLE.because([
            ("sample", number.to_string()),
            ("taken", sample.taken.to_string()),
            ("at", at.to_string()),
        ]));
    }
    Ok(())
}

fn verify(
    own: &Own,
    id: &PatientId,
    result: &Code,
    again: Again,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let held = family(own, id)?;
    let typed = |capture: &Capture, verified: &Option<Verified>| {
        *capture == Capture::Typed && verified.is_none()
    };
    let nothing = || NO_VERIFY.because([("result", result.to_string())]);
    let group = held.determinations().find(|one| one.id == *result);
    let screen = held.screens().find(|one| one.id == *result);
    let (open, by, same): (bool, &ActorId, bool) = match (group, screen, again) {
        (Some(one), _, Again::Group(read)) => {
            (typed(&one.capture, &one.verified), &one.by, one.group == read)
        }
        (_, Some(one), Again::Screen(read)) => {
            (typed(&one.capture, &one.verified), &one.by, one.result == read)
        }
        _ => return Err(nothing()),
    };
    if !open {
        return Err(nothing());
    }
    if by == ctx.actor {
        return Err(SECOND_PERSON.because([("actor", by.to_string())]));
    }
    if !same {
        return Err(DIFFERS.because([("result", result.to_string())]));
    }
    // The result may stand under a reserve number of the same person.
    let holds = |patient: &crate::patients::model::Patient| {
        patient.determinations.iter().any(|one| one.id == *result)
            || patient.screens.iter().any(|one| one.id == *result)
    };
    let holder = held.members.iter().find(|(_, patient)| holds(patient));
    let patient = holder.map_or_else(|| id.clone(), |(id, _)| id.clone());
    Ok(inside(Event::ResultVerified, ResultVerified { patient, result: result.clone() }))
}

fn not_seen(own: &Own, id: &PatientId, finding: &Code, at: Time) -> Result<Event, Refusal> {
    let held = family(own, id)?;
    let holds = |patient: &crate::patients::model::Patient| {
        patient.findings.iter().chain(&patient.carried).any(|one| one.id == *finding)
    };
    let holder = held.members.iter().find(|(_, patient)| holds(patient));
    let (patient, _) = holder.ok_or_else(|| not_found("antibody", finding))?;
    let event = AntibodyNotSeen { patient: patient.clone(), finding: finding.clone(), at };
    Ok(inside(Event::AntibodyNotSeen, event))
}
