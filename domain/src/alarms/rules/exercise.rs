//! Exercises: what makes one, whom it may reach, and how anybody stops it.

use std::collections::BTreeSet;

use super::super::command::Link;
use super::super::event::{Allowed, Event};
use super::super::model::{
    Alarm, By, Channel, Drill, DutyRole, Kind, Party, Recipient, Turn, prefix,
};
use super::super::state::Shared;
use super::{ALLOWED, EXERCISE, STOPPED, WINDOW, issue, wake};
use crate::kernel::{model::OwnerKind, text};
use crate::words::{Context, Known, Mode, NONE, Private, Refusal, Time, Window};
use crate::{Region, SharedState};

/// An exercise lasts at most so long; then it ends by itself.
const DAYS_MAX: i64 = 31;

/// Most addresses that an exercise may reach.
const ALLOWED_MAX: usize = 2_000;

/// States the exercise: what it is called, who leads it, until when, and whom it may reach.
pub(super) fn state(
    (title, leader): (&str, &str),
    until: Time,
    allowed: &[String],
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    in_exercise(ctx.mode)?;
    let last = ctx.now.plus_days(DAYS_MAX);
    let window = Window::new(ctx.now, Some(until)).ok().filter(|_| until <= last);
    let window = window.ok_or_else(|| {
        WINDOW.because([("until", until.to_string()), ("last", last.to_string())])
    })?;
    if allowed.len() > ALLOWED_MAX {
        return Err(ALLOWED.because([("address", allowed.len().to_string())]));
    }
    let addresses: BTreeSet<_> = allowed.iter().map(|one| one.trim().to_owned()).collect();
    let drill = Drill { id: ctx.fresh("ovn"), title: text("title", title)?, window };
    let (leader, addresses) = (text("leader", leader)?, addresses.into_iter().collect());
    Ok(Event::ExerciseSet(drill, Private::Here(Allowed { leader, addresses })))
}

fn in_exercise(mode: Mode) -> Result<(), Refusal> {
    if mode == Mode::Exercise {
        return Ok(());
    }
    Err(EXERCISE.because([("mode", mode.as_str().to_owned())]))
}

/// Whether something may be issued: outside exercises always; in one, while it runs.
pub(super) fn may_issue(region: &Region, kind: Kind, ctx: &Context<'_>) -> Result<(), Refusal> {
    // Whoever issues it also decides who hears it: it is never an ordinary alarm.
    if kind == Kind::RealSituation {
        return Err(EXERCISE.because([("mode", ctx.mode.as_str().to_owned())]));
    }
    let shared = &region.shared.alarms;
    if ctx.mode != Mode::Exercise || kind == Kind::Recall {
        return Ok(());
    }
    if let Some(stopped) = &shared.stopped {
        return Err(STOPPED.because([("at", stopped.at.to_string())]));
    }
    let Some(drill) = &shared.exercise else {
        return Err(EXERCISE.because([("mode", ctx.mode.as_str().to_owned())]));
    };
    if drill.window.contains(ctx.now) {
        return Ok(());
    }
    let until = drill.window.until().map_or_else(String::new, |until| until.to_string());
    Err(WINDOW.because([("until", until), ("last", String::new())]))
}

/// Who is on duty in an exercise is reached by allowed addresses alone. Nothing stated allows none.
pub(super) fn allowed(region: &Region, turns: &[Turn], mode: Mode) -> Result<(), Refusal> {
    if mode != Mode::Exercise {
        return Ok(());
    }
    let may = |address: &str| region.own.alarms.allowed.contains(address);
    let mut ways = turns.iter().flat_map(|turn| &turn.ways);
    let stranger = ways.find(|way| way.channel != Channel::Web && !may(&way.address));
    match stranger {
        Some(way) => Err(ALLOWED.because([("address", way.address.clone())])),
        None => Ok(()),
    }
}

/// The real thing: every drill stops here, and everybody who takes part owes an answer to that.
pub(super) fn stop(
    region: &Region,
    link: Option<&Link>,
    (headline, words): (&str, &str),
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    in_exercise(ctx.mode)?;
    if let Some(Link { key, token }) = link {
        wake::by_token(region, key, token, By::Link)?;
    }
    if region.shared.alarms.stopped.is_some() {
        return Ok(Vec::new());
    }
    let alarm = Alarm {
        id: ctx.named(prefix(ctx.mode, "larm")),
        mode: ctx.mode,
        incident: None,
        kind: Kind::RealSituation,
        headline: text("headline", headline)?,
        text: text("text", words)?,
        place: Known::Unknown,
        injured: Known::Unknown,
        to: everybody(&region.shared.alarms, ctx),
        replaces: None,
        policy: issue::policy(region, ctx.now),
    };
    let woken = issue::first(region, ctx.region, &alarm, &alarm.to, ctx);
    Ok(std::iter::once(Event::Issued(alarm, NONE)).chain(woken).collect())
}

/// Every role that any alarm known here names, and every region's duty officer.
fn everybody(shared: &Shared, ctx: &Context<'_>) -> Vec<Recipient> {
    let tib = |party| Recipient { party, role: DutyRole::Tib };
    let region = |state: &SharedState| {
        let facts = state.kernel.journal.as_ref();
        facts.is_some_and(|facts| facts.mode == ctx.mode && facts.owner.kind == OwnerKind::Region)
    };
    let others = ctx.others.iter().filter(|(_, state)| region(state));
    let others = others.map(|(id, _)| tib(Party::Region((*id).clone())));
    let issued = shared.issued.values().flat_map(|one| one.alarm.to.iter().cloned());
    let heard = shared.heard.values().flat_map(|one| one.alarm.to.iter().cloned());
    let own = std::iter::once(tib(Party::Region(ctx.region.clone())));
    let all: BTreeSet<_> = own.chain(others).chain(issued).chain(heard).collect();
    all.into_iter().collect()
}
