//! What one region asks another about one patient: by request, with a ground and a clock, answered
//! by a person, logged on both sides. No answer is "unknown", never "no antibodies".

use super::refusals::{
    ASK_RESERVE, ASK_SELF, ASKED, BLOCK_BREAK, BLOCKED, NO_ANSWER, NOT_ASKED, OTHER_PERSON,
    PERSON_KNOWN, REPLIED, UNREADABLE, WITHDRAWN,
};
use super::{family, fresh, inside, person};
use crate::Region;
use crate::kernel::{not_found, optional_text, text};
use crate::patients::command::Command;
use crate::patients::event::{
    AnswerTo, AskWithdrawn, AskedOf, Declined, Event, TakenIn, WithdrawnBecause,
};
use crate::patients::model::{
    Answer, Asked, ElsewhereGroup, Finding, History, Identity, Outcome, Urgency,
};
use crate::patients::view::history;
use crate::rulesets::{InForce, Scope, key};
use crate::words::{
    Code, Context, Digest, JournalId, Known, PatientId, Private, RecordRef, Refusal, Time,
};

/// The clock of a question where the region states no rule, in hours. No source states one: there
/// is no such exchange in Sweden yet (INERA); the product's own proposal.
pub const ANSWER_ROUTINE_HOURS: u32 = 24;

/// The clock of an emergency question where the region states no rule, in minutes; as above.
pub const ANSWER_EMERGENCY_MINUTES: u32 = 30;

pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    match command {
        Command::Ask { .. } => ask(region, command, ctx),
        Command::WithdrawAsk { ask, reason } => withdraw(region, ask, reason),
        Command::Answer { ask, patient, break_block, note } => {
            let question = question(region, ask, ctx)?;
            let note = optional_text("note", note.as_ref())?;
            let answer = answer(region, &question, patient.as_ref(), break_block.as_ref(), ctx)?;
            Ok(Event::Answered(question.reply(), Private::Here(Answer { note, ..answer })))
        }
        Command::Decline { ask, reason, note } => {
            let question = question(region, ask, ctx)?;
            let note = optional_text("note", note.as_ref())?;
            let declined = Declined { reason: *reason, note };
            Ok(Event::Declined(question.reply(), Private::Here(declined)))
        }
        Command::TakeIn { answer } => take_in(region, answer, ctx),
        _ => unreachable!("routed by decide"),
    }
}

/// When an answer should be there, and the rule set that says so.
fn due(rules: Option<&InForce>, urgency: Urgency, now: Time) -> (Time, Option<Digest>) {
    let hours = |n: u32| now.plus_seconds(i64::from(n) * 3_600);
    let minutes = |n: u32| now.plus_seconds(i64::from(n) * 60);
    let stated = rules.and_then(|rules| {
        let at = match urgency {
            Urgency::Routine => hours(rules.hours(key::DISCLOSURE_ANSWER_HOURS).ok()?),
            Urgency::Emergency => minutes(rules.minutes(key::DISCLOSURE_EMERGENCY_MINUTES).ok()?),
        };
        Some((at, Some(rules.digest)))
    });
    stated.unwrap_or_else(|| match urgency {
        Urgency::Routine => (hours(ANSWER_ROUTINE_HOURS), None),
        Urgency::Emergency => (minutes(ANSWER_EMERGENCY_MINUTES), None),
    })
}

fn ask(region: &Region, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let Command::Ask { patient, to, ground, urgency, reason, phone } = command else {
        unreachable!("routed by decide");
    };
    let held = person(&region.own.patients, patient)?;
    if to == ctx.region {
        return Err(ASK_SELF.because([("region", to.to_string())]));
    }
    if !held.identity.number.identifies() {
        return Err(ASK_RESERVE.because([("patient", patient.to_string())]));
    }
    // A more urgent question is a new one; so is one after the clock ran out.
    let open = region.own.patients.questions.iter().find(|(name, own)| {
        let question = region.shared.patients.questions.get(*name);
        own.patient == *patient
            && own.taken_in.is_none()
            && question
                .filter(|one| one.withdrawn.is_none())
                .is_some_and(|one| one.to == *to && one.due > ctx.now && one.urgency >= *urgency)
    });
    if let Some((name, _)) = open {
        return Err(ASKED.because([("ask", name.to_string()), ("to", to.to_string())]));
    }
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    let (due, rule_set) = due(rules, *urgency, ctx.now);
    let shared = AskedOf {
        ask: fresh(ctx, "ask"),
        to: to.clone(),
        ground: *ground,
        urgency: *urgency,
        due,
        rule_set,
    };
    let about = Asked {
        patient: patient.clone(),
        identity: held.identity.clone(),
        reason: text("reason", reason)?,
        phone: text("phone", phone)?,
    };
    Ok(Event::Asked(shared, Private::Here(about)))
}

/// What was answered already is there all the same; what has not been needs no answer any more.
fn withdraw(region: &Region, ask: &Code, reason: &str) -> Result<Event, Refusal> {
    let missing = || not_found("ask", ask.as_str());
    let asked = region.shared.patients.questions.get(ask).ok_or_else(missing)?;
    let own = region.own.patients.questions.get(ask).ok_or_else(missing)?;
    if asked.withdrawn.is_some() {
        return Err(WITHDRAWN.because([("ask", ask.to_string())]));
    }
    if own.taken_in.is_some() {
        return Err(REPLIED.because([("ask", ask.to_string())]));
    }
    let (patient, reason) = (own.patient.clone(), text("reason", reason)?);
    let because = WithdrawnBecause { patient, reason };
    Ok(Event::AskWithdrawn(AskWithdrawn { ask: ask.clone() }, Private::Here(because)))
}

/// Another region's question as it stands in its record.
struct Question<'a> {
    asked: &'a AskedOf,
    record: &'a RecordRef,
    identity: &'a Identity,
}

impl Question<'_> {
    fn reply(&self) -> AnswerTo {
        let (ask, record) = (self.asked.ask.clone(), self.record.clone());
        AnswerTo { ask, to: record.journal.clone(), record }
    }
}

fn question<'a>(
    region: &Region,
    at: &'a RecordRef,
    ctx: &Context<'a>,
) -> Result<Question<'a>, Refusal> {
    let not_asked = || NOT_ASKED.because([("journal", at.journal.to_string())]);
    let found = ctx.foreign.filter(|found| found.at == *at && found.mode == ctx.mode);
    let event = found.map(|found| &found.event).ok_or_else(not_asked)?;
    let crate::Event::Patients(Event::Asked(asked, about)) = event else {
        return Err(not_asked());
    };
    if asked.to != *ctx.region || at.journal == *ctx.region {
        return Err(not_asked());
    }
    // What nobody needs any more is not told, as far as it is known here.
    let theirs = ctx.others.iter().find(|(id, _)| **id == at.journal).map(|(_, state)| state);
    let held = theirs.and_then(|state| state.patients.questions.get(&asked.ask));
    if held.is_some_and(|held| held.at == *at && held.withdrawn.is_some()) {
        return Err(WITHDRAWN.because([("ask", asked.ask.to_string())]));
    }
    let replied = region.shared.patients.replies.get(&asked.ask);
    if replied.is_some_and(|reply| reply.to == at.journal) {
        return Err(REPLIED.because([("ask", asked.ask.to_string())]));
    }
    let about = about.here();
    let about = about.ok_or_else(|| UNREADABLE.because([("ask", asked.ask.to_string())]))?;
    Ok(Question { asked, record: at, identity: &about.identity })
}

fn answer(
    region: &Region,
    question: &Question<'_>,
    patient: Option<&PatientId>,
    break_block: Option<&String>,
    ctx: &Context<'_>,
) -> Result<Answer, Refusal> {
    let own = &region.own.patients;
    let number = &question.identity.number;
    let Some(patient) = patient else {
        if let Some(known) = own.by_number.get(number) {
            return Err(PERSON_KNOWN.because([("patient", known.to_string())]));
        }
        let outcome = Outcome::NoRecord;
        return Ok(Answer { patient: None, outcome, block_broken: None, note: None });
    };
    let held = family(own, patient)?;
    // One and the same number, or it may be one and the same name.
    if !held.members.iter().any(|(_, one)| one.identity.number == *number) {
        return Err(OTHER_PERSON.because([("patient", patient.to_string())]));
    }
    let block_broken = match (held.blocked(ctx.now), break_block) {
        (false, _) => None,
        (true, None) => return Err(BLOCKED.because([("patient", patient.to_string())])),
        (true, Some(_)) if question.asked.urgency != Urgency::Emergency => {
            let urgency = question.asked.urgency.to_string();
            return Err(BLOCK_BREAK.because([("urgency", urgency)]));
        }
        (true, Some(reason)) => Some(text("break_block", reason)?),
    };
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    let told = history(own, rules, patient, ctx.now);
    let outcome = told.map_or(Outcome::NoRecord, |told| Outcome::History(Box::new(told)));
    Ok(Answer { patient: Some(patient.clone()), outcome, block_broken, note: None })
}

/// What was told becomes part of the patient's own history; it stays, whatever comes later.
fn take_in(region: &Region, at: &RecordRef, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let no_answer = || NO_ANSWER.because([("journal", at.journal.to_string())]);
    let found = ctx.foreign.filter(|found| found.at == *at && found.mode == ctx.mode);
    let event = found.map(|found| &found.event).ok_or_else(no_answer)?;
    let crate::Event::Patients(Event::Answered(to, answer)) = event else {
        return Err(no_answer());
    };
    let asked = region.shared.patients.questions.get(&to.ask);
    let own = region.own.patients.questions.get(&to.ask);
    let (Some(asked), Some(own)) = (asked, own) else { return Err(no_answer()) };
    if to.to != *ctx.region || asked.to != at.journal || to.record != asked.at {
        return Err(no_answer());
    }
    if own.taken_in.is_some() {
        return Err(REPLIED.because([("ask", to.ask.to_string())]));
    }
    let unreadable = || UNREADABLE.because([("ask", to.ask.to_string())]);
    let answer = answer.here().ok_or_else(unreadable)?;
    let (group, findings) = match &answer.outcome {
        Outcome::NoRecord => (None, Vec::new()),
        Outcome::History(told) => (group_of(told, at, ctx), findings(told, &at.journal, ctx)),
    };
    let (patient, ask, answer) = (own.patient.clone(), to.ask.clone(), at.clone());
    Ok(inside(Event::TakenIn, TakenIn { patient, ask, answer, group, findings }))
}

fn group_of(told: &History, at: &RecordRef, ctx: &Context<'_>) -> Option<ElsewhereGroup> {
    // Where the other region has two groups itself, it has told of none.
    let Known::Value(said) = &told.group else { return None };
    Some(ElsewhereGroup {
        id: fresh(ctx, "e"),
        region: at.journal.clone(),
        answer: at.clone(),
        said: said.clone(),
        set_aside: None,
    })
}

fn findings(told: &History, from: &JournalId, ctx: &Context<'_>) -> Vec<Finding> {
    let one = |finding: &Finding| {
        let id: Code = fresh(ctx, "ab");
        // What a third region found stays that region's finding.
        let told_by = finding.told_by.clone().or_else(|| Some(from.clone()));
        Finding { id, told_by, ..finding.clone() }
    };
    told.antibodies.iter().map(one).collect()
}
