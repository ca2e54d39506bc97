//! What is done from an alarm's page, each thing one signature.

use axum::Form as Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use samband_domain::alarms::Command;
use samband_domain::alarms::command::{Draft as Alarm, Who};
use samband_domain::alarms::model::{By, Key, Kind, Says};
use samband_domain::words::AlarmId;
use samband_domain::{Command as Any, JournalId};

use super::alarm_href;
use super::form::{read_injured, read_place};
use super::one::{Asked, found, shown, to_of};
use crate::app::alarm::{
    Seen, again, choices, framed, made, mode_of, recall as recalled, template,
};
use crate::app::{App, Problem, Visitor};
use crate::pages::frame::{Back, done, send};
use crate::pages::typed::{Errors, Reader, Typed};

pub(super) const ANSWER: &str = "answer-alarm";
pub(super) const TOLD: &str = "told-alarm";
pub(super) const CLOSE: &str = "close-obligation";
pub(super) const RECALL: &str = "recall-alarm";
pub(super) const UPDATE: &str = "update-alarm";
pub(super) const BLOOD: &str = "alarm-blood";
pub(super) const NATIONAL: &str = "alarm-national";

const ACTS: [&str; 7] = [ANSWER, TOLD, CLOSE, RECALL, UPDATE, BLOOD, NATIONAL];

pub(super) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Path<(String, String)>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let key = (JournalId::new(&issuer)?, AlarmId::new(&id)?);
    let typed = Typed::new(pairs);
    let act = ACTS.iter().find(|act| **act == typed.act());
    let act = *act.ok_or_else(|| Problem::malformed(typed.act()))?;
    let world = app.engine.world();
    let seen = found(&world, &visitor, &key)?;
    let command = match act {
        ANSWER => answer(&visitor, &typed, &seen)?,
        TOLD | CLOSE => by_person(&visitor, &typed, &seen)?,
        RECALL => recall(&app, &visitor, &typed, &seen),
        UPDATE => update(&app, &visitor, &typed, &seen),
        _ => further(&app, &visitor, act, &seen),
    };
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(receipt) => {
            // What was issued has a page of its own.
            let made = made(std::slice::from_ref(&receipt)).alarm;
            let path = made
                .map_or_else(|| alarm_href(&key.0, &key.1), |id| alarm_href(&visitor.region, &id));
            Ok(done(&path, act))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            let page = shown(&app, &visitor, &key, &Asked::default(), &draft)?;
            Ok((status, page).into_response())
        }
    }
}

fn obligation(typed: &Typed, seen: &Seen<'_>) -> Result<Key, Problem> {
    let to = to_of(seen, typed.get("to")).ok_or_else(|| Problem::malformed("to"))?;
    Ok(Key { issuer: seen.issuer.clone(), alarm: seen.alarm.id.clone(), to })
}

/// Whoever is signed in answers for a role of the own region.
fn answer(
    visitor: &Visitor,
    typed: &Typed,
    seen: &Seen<'_>,
) -> Result<Result<Any, Errors>, Problem> {
    let key = obligation(typed, seen)?;
    let name = format!("note-{}", typed.get("to"));
    let mut reader = Reader::new(visitor.words, typed);
    let (says, note) = (reader.value::<Says>("says"), reader.optional(&name));
    Ok(reader
        .done(says)
        .map(|says| Command::Answer { key, who: Who::Oneself, by: By::Page, says, note }.into()))
}

/// An answer by telephone, or the end of what nobody will meet.
fn by_person(
    visitor: &Visitor,
    typed: &Typed,
    seen: &Seen<'_>,
) -> Result<Result<Any, Errors>, Problem> {
    let key = obligation(typed, seen)?;
    let mut reader = Reader::new(visitor.words, typed);
    if typed.act() == CLOSE {
        let why = reader.text("why");
        return Ok(reader.done(Some(Command::Close { key, why }.into())));
    }
    let (name, says) = (reader.text("name"), reader.value::<Says>("says"));
    let note = reader.optional("note");
    Ok(reader.done(says).map(|says| {
        Command::Answer { key, who: Who::Told { name }, by: By::Told, says, note }.into()
    }))
}

fn issue(alarm: Alarm) -> Any {
    Command::Issue { alarm: Box::new(alarm) }.into()
}

fn recall(app: &App, visitor: &Visitor, typed: &Typed, seen: &Seen<'_>) -> Result<Any, Errors> {
    let mode = mode_of(&app.engine.world(), &visitor.region);
    Ok(issue(recalled(visitor.words, seen.alarm, Some(typed.get("reason")), mode)))
}

fn update(app: &App, visitor: &Visitor, typed: &Typed, seen: &Seen<'_>) -> Result<Any, Errors> {
    let (w, mode) = (visitor.words, mode_of(&app.engine.world(), &visitor.region));
    let mut reader = Reader::new(w, typed);
    let (headline, words) = (reader.text("headline"), reader.text("words"));
    let place = read_place(w, &mut reader, typed);
    let injured = read_injured(w, &mut reader, typed);
    let (place, injured) = reader.done(place.zip(injured))?;
    let (headline, text) = (framed(w, &headline, mode), framed(w, &words, mode));
    Ok(issue(Alarm { headline, text, place, injured, ..again(seen.alarm, seen.alarm.kind) }))
}

/// Another alarm of the same incident: the blood centres, or the national level.
fn further(app: &App, visitor: &Visitor, act: &str, seen: &Seen<'_>) -> Result<Any, Errors> {
    let kind = if act == BLOOD { Kind::Blood } else { Kind::National };
    let (w, world) = (visitor.words, app.engine.world());
    let mode = mode_of(&world, &visitor.region);
    let report = seen.alarm.incident.as_ref().and_then(|id| {
        let own = world.local(&visitor.region)?;
        own.shared.incidents.incidents.get(id).map(|held| held.report.clone())
    });
    let (title, said) = match &report {
        Some(report) => (report.title.as_str(), report.text.as_str()),
        None => (seen.alarm.headline.as_str(), seen.alarm.text.as_str()),
    };
    let (headline, text) = template(w, kind, title, said, mode);
    let to = choices(&world, &visitor.region, kind, app.engine.now());
    let to = to.into_iter().map(|one| one.to).collect();
    let before = again(seen.alarm, kind);
    Ok(issue(Alarm { headline, text, to, replaces: None, ..before }))
}
