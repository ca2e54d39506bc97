//! What is allowed with alarms, and what the clock makes due. Nothing here refuses an alarm for a
//! reason that a tired duty officer could not have foreseen: what is unknown is said to be so.

mod due;
mod exercise;
mod issue;
mod roster;
mod wake;

use super::command::{Command, Who};
use super::event::{
    Answered, AnsweredBy, Attempted, ClosedByHand, Delivered, Detail, Event, Noted, Person, WasRead,
};
use super::model::{By, Key, Owed, Says, Step, Turn, later, owed};
use super::state::Obligation;
use crate::Region;
use crate::kernel::{not_found, optional_text, refusals, text};
use crate::words::{ActorId, Context, NONE, Private, Refusal};

pub use due::due;
pub(crate) use due::steps_left;
pub(crate) use issue::issue;

refusals! {
    /// Nobody is alarmed.
    NOBODY = "alarm.nobody", "preparedness.md §6.2: an alarm has recipients";
    /// The alarm belongs to an incident, or must not.
    INCIDENT = "alarm.incident", "preparedness.md §6.2: särskild händelse is never skipped";
    /// The earlier alarm is not the own region's, or was replaced before.
    REPLACES = "alarm.replaces", "preparedness.md §6.2: an issued alarm is never edited";
    /// An update leaves out somebody who was alarmed.
    LEFT_OUT = "alarm.left_out", "preparedness.md §6.2: same recipients, same channels";
    /// The words of an exercise deny that it is one.
    WORDS = "alarm.words", "preparedness.md §6.5 (5)";
    /// At least more than at most.
    RANGE = "alarm.range", "preparedness.md §6.6: a range states its ends in order";
    /// A turn has no way, or a way leads nowhere.
    WAY = "alarm.way", "preparedness.md §5: two independent channels per person";
    /// Too many turns.
    TURNS = "alarm.turns", "preparedness.md §6.1: a roster is short enough to be read";
    /// The obligation has ended.
    ENDED = "alarm.ended", "preparedness.md §6.3: nothing leaves the end state";
    /// The link or code is nobody's.
    TOKEN = "alarm.token", "preparedness.md §6.3: a person answers";
    /// The role does not owe this.
    NOT_OWED = "alarm.not_owed", "preparedness.md §6.3: each role owes its own";
    /// The journal is no exercise's, or no exercise is stated in it.
    EXERCISE = "alarm.exercise", "preparedness.md §6.5 (9): exercise id, leader and window";
    /// The exercise is over, or lasts too long.
    WINDOW = "alarm.exercise_window", "preparedness.md §6.5 (9): a drill expires by itself";
    /// An exercise may not reach that address.
    ALLOWED = "alarm.not_allowed", "preparedness.md §6.5 (6): an unknown recipient fails closed";
    /// The real thing has stopped every drill.
    STOPPED = "alarm.exercise_stopped", "preparedness.md §6.5 (8): SKARPT LÄGE stops all drills";
    /// Somebody on duty, or woken by an alarm that runs, cannot be forgotten.
    ON_DUTY = "alarm.on_duty", "preparedness.md §6.1: whoever is alarmed has a name and a number";
    /// The record is no alarm to this region, or no answer to its alarm.
    NOT_OURS = "alarm.not_ours", "design §2: two signatures over the same content bind";
}

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let events = match command {
        Command::SetRoster { of, turns } => {
            exercise::allowed(region, turns, ctx.mode)?;
            vec![roster::set(region, of, turns)?]
        }
        Command::SetExercise { title, leader, until, allowed } => {
            vec![exercise::state((title, leader), *until, allowed, ctx)?]
        }
        Command::StopExercise { link, headline, text } => {
            exercise::stop(region, link.as_ref(), (headline, text), ctx)?
        }
        Command::Issue { alarm } => return issue(region, alarm, None, ctx),
        Command::Hear { .. } => issue::hear(region, ctx)?,
        Command::Note { .. } => note(region, ctx)?,
        Command::Step { key, step } => ladder(region, key, *step, ctx)?,
        Command::Attempted { .. } => attempted(region, command)?,
        Command::Read { key, token } => read(region, key, token)?,
        Command::Answer { .. } => answer(region, command, ctx)?,
        Command::Deliver { key, owed } => deliver(region, key, *owed)?,
        Command::Close { key, why } => {
            open(region, key)?;
            let (key, why) = (key.clone(), text("why", why)?);
            vec![Event::ClosedByHand(ClosedByHand { key, why }, NONE)]
        }
    };
    Ok(events.into_iter().map(Into::into).collect())
}

fn held<'a>(region: &'a Region, key: &Key) -> Result<&'a Obligation, Refusal> {
    let alarms = &region.shared.alarms;
    alarms.obligations.get(key).ok_or_else(|| not_found("alarm", &key.alarm))
}

fn open<'a>(region: &'a Region, key: &Key) -> Result<&'a Obligation, Refusal> {
    let held = held(region, key)?;
    match &held.closed {
        Some(closed) => Err(ENDED.because([("at", closed.at.to_string())])),
        None => Ok(held),
    }
}

/// A step whose time has come; said twice, it is taken once.
fn ladder(
    region: &Region,
    key: &Key,
    step: Step,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let held = held(region, key)?;
    let early = ctx.now < later(held.since, held.policy.after(step));
    if held.quiet() || held.steps.contains(&step) || early {
        return Ok(Vec::new());
    }
    Ok(wake::wake(region, key, step, ctx))
}

/// A report: what is said of somebody who was never woken is a mistake of form.
fn attempted(region: &Region, command: &Command) -> Result<Vec<Event>, Refusal> {
    let Command::Attempted { key, person, channel, number, outcome, detail } = command else {
        unreachable!("routed by decide");
    };
    let held = held(region, key)?;
    if usize::from(*person) >= held.woken.len() {
        return Err(not_found("person", person));
    }
    let same = |one: &&super::state::Attempt| one.number == *number && one.outcome == *outcome;
    if held.tried(*person, *channel).iter().any(same) {
        return Ok(Vec::new());
    }
    let (key, person, channel) = (key.clone(), *person, *channel);
    let (number, outcome, text) = (*number, *outcome, optional_text("detail", detail.as_ref())?);
    let attempted = Attempted { key, person, channel, number, outcome };
    Ok(vec![Event::Attempted(attempted, Private::Here(Detail { text }))])
}

fn read(region: &Region, key: &Key, token: &str) -> Result<Vec<Event>, Refusal> {
    let held = held(region, key)?;
    let person = wake::by_token(region, key, token, By::Link)?;
    if held.read.is_some() || held.closed.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::WasRead(WasRead { key: key.clone(), person }, NONE)])
}

fn answer(region: &Region, command: &Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Answer { key, who, by, says, note } = command else {
        unreachable!("routed by decide");
    };
    let held = open(region, key)?;
    let (person, name) = match who {
        Who::Token(token) => {
            let person = wake::by_token(region, key, token, *by)?;
            (Some(person), wake::name(region, key, person))
        }
        Who::Oneself => wake::oneself(region, key, ctx),
        Who::Told { name } => (None, text("name", name)?),
    };
    let actor = match who {
        Who::Oneself => Some(ctx.actor.clone()),
        _ => person.and_then(|person| wake::actor(region, key, person)),
    };
    let gone = person.and_then(|person| held.woken.get(usize::from(person)));
    let again = match says {
        Says::TakesOn => held.answer.is_some() && person.is_some(),
        Says::Cannot | Says::WrongRecipient => gone.is_some_and(|woken| woken.gone.is_some()),
    };
    // Somebody who presses twice, or after another has taken it on, has done nothing wrong.
    if again {
        return Ok(Vec::new());
    }
    let note = optional_text("note", note.as_ref())?;
    let (by, says, said) = (*by, *says, ctx.happened);
    let shared = Answered { key: key.clone(), person, by, says, said };
    let mut events = vec![Event::Answered(shared, Private::Here(AnsweredBy { name, note, actor }))];
    if says != Says::TakesOn && held.answer.is_none() {
        events.extend(wake::next(region, key, ctx));
    }
    Ok(events)
}

/// Whether a person's identity may be erased as far as alarms go: not while a roster names the
/// person, and not while an alarm that runs has woken the person.
pub(crate) fn may_forget(region: &Region, actor: &ActorId) -> Result<(), Refusal> {
    let alarms = &region.own.alarms;
    let on_it = |turns: &Vec<Turn>| turns.iter().any(|turn| turn.actor.as_ref() == Some(actor));
    let roster = alarms.rosters.iter().find(|(_, turns)| on_it(turns));
    let is = |person: &Option<Person>| {
        person.as_ref().is_some_and(|person| person.actor.as_ref() == Some(actor))
    };
    let runs = |key: &Key| {
        let held = region.shared.alarms.obligations.get(key);
        held.is_some_and(|held| held.closed.is_none())
    };
    let woken = || alarms.people.iter().find(|(key, all)| runs(key) && all.iter().any(is));
    let role = roster.map(|(of, _)| of.role).or_else(|| woken().map(|(key, _)| key.to.role));
    match role {
        Some(role) => {
            Err(ON_DUTY.because([("person", actor.to_string()), ("role", role.to_string())]))
        }
        None => Ok(()),
    }
}

fn deliver(region: &Region, key: &Key, what: Owed) -> Result<Vec<Event>, Refusal> {
    let held = open(region, key)?;
    if !owed(key.to.role, held.kind).contains(&what) {
        return Err(NOT_OWED.because([("role", key.to.role.to_string())]));
    }
    if held.delivered.contains_key(&what) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Delivered(Delivered { key: key.clone(), owed: what }, NONE)])
}

/// Another region's answer to the own alarm, by its record.
fn note(region: &Region, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let refused = || NOT_OURS.because([("region", ctx.region.to_string())]);
    let foreign = ctx.foreign.ok_or_else(refused)?;
    let crate::Event::Alarms(Event::Answered(answer, _)) = &foreign.event else {
        return Err(refused());
    };
    let key = &answer.key;
    let theirs = key.to.party == super::model::Party::Region(foreign.at.journal.clone());
    if foreign.mode != ctx.mode || key.issuer != *ctx.region || !theirs {
        return Err(refused());
    }
    if held(region, key)?.quiet() || answer.says != Says::TakesOn {
        return Ok(Vec::new());
    }
    let (record, from) = (foreign.at.clone(), foreign.at.journal.clone());
    let noted = Noted { record, from, alarm: key.alarm.clone(), answer: answer.clone() };
    Ok(vec![Event::Noted(noted, NONE)])
}
