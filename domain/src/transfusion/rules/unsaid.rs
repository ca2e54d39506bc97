//! Units that nobody said anything more about, and reports that belong to no request.

use super::super::command::Command;
use super::super::event::{CameToEnd, Event, LooseSettled, Presumed};
use super::super::model::{Ended, Given, Open};
use super::refusals::NOTHING_WAITS;
use crate::Region;
use crate::blood::model::{Fate, Status, UnitId};
use crate::blood::rules::give;
use crate::kernel::text;
use crate::rulesets::{Scope, key};
use crate::words::{Context, Nothing, PatientId, Private, Refusal, RequestId, Time};

/// How long a ward has to report after a unit could last be given by the rules: the product's own
/// choice, which the page names.
pub const PRESUMED_AFTER_HOURS: i64 = 24;

/// From when on nobody waits any longer for a unit that was handed out; none if the region does
/// not state how long a unit may be out before it is given.
fn presumed_from(region: &Region, given: &Given, now: Time) -> Option<Time> {
    let rules = region.shared.rulesets.in_force(Scope::Blood, now)?;
    let hours = rules.hours(key::TRANSFUSE_WITHIN_HOURS).ok()?;
    Some(given.at.plus_seconds((i64::from(hours) + PRESUMED_AFTER_HOURS) * 3_600))
}

fn overdue(region: &Region, id: &RequestId, unit: &UnitId, now: Time) -> bool {
    let own = &region.own.transfusion;
    let held = own.requests.get(id).filter(|_| own.with_wards.get(unit) == Some(id));
    let given = held.and_then(|held| held.issued.get(unit));
    let from = given.and_then(|given| presumed_from(region, given, now));
    from.is_some_and(|from| from <= now)
}

/// What the clock makes due: units of which nobody said what became of them count as given, and
/// somebody finds out.
#[must_use]
pub fn due(region: &Region, now: Time) -> Vec<Command> {
    let mut all: Vec<(RequestId, Vec<UnitId>)> = Vec::new();
    for (unit, id) in &region.own.transfusion.with_wards {
        if !overdue(region, id, unit, now) {
            continue;
        }
        match all.iter_mut().find(|(one, _)| one == id) {
            Some((_, units)) => units.push(*unit),
            None => all.push((id.clone(), vec![*unit])),
        }
    }
    all.into_iter().map(|(request, units)| Command::Presume { request, units }).collect()
}

/// Safe to repeat: what was reported meanwhile is left as it is.
pub(super) fn presume(
    region: &Region,
    id: &RequestId,
    units: &[UnitId],
    ctx: &Context<'_>,
) -> Vec<crate::Event> {
    let late = |unit: &&UnitId| overdue(region, id, unit, ctx.now);
    let mut units: Vec<UnitId> = units.iter().filter(late).copied().collect();
    units.sort_unstable();
    units.dedup();
    let Some(held) = region.own.transfusion.requests.get(id).filter(|_| !units.is_empty()) else {
        return Vec::new();
    };
    let live = |unit: &&UnitId| {
        let unit = region.shared.blood.units.get(*unit);
        unit.is_some_and(|unit| unit.status == Status::Issued)
    };
    let out: Vec<_> = units.iter().filter(live).copied().collect();
    let patient = held.request.patient.clone();
    let said = Presumed { id: id.clone(), patient, units };
    let stock = (!out.is_empty()).then(|| give::at_end(out, Fate::PresumedTransfused).into());
    let said = Event::Presumed(Nothing, Private::Here(said)).into();
    stock.into_iter().chain([said]).collect()
}

/// The request under which a unit counts as given because nobody said otherwise.
pub(super) fn presumed<'r>(region: &'r Region, unit: &UnitId) -> Option<(&'r RequestId, &'r Open)> {
    let own = &region.own.transfusion;
    let id = own.presumed.get(unit)?;
    Some((id, own.requests.get(id)?))
}

/// A late word about a unit that counted as given: it stands instead, and the stock, which the
/// unit has left already, is not told again.
pub(super) fn told_late(
    id: &RequestId,
    patient: Option<&PatientId>,
    unit: UnitId,
    (ended, reason): (Ended, Option<String>),
) -> CameToEnd {
    CameToEnd {
        id: Some(id.clone()),
        patient: patient.cloned(),
        units: vec![unit],
        ended,
        began: None,
        back: None,
        reason,
        found: Vec::new(),
    }
}

pub(super) fn settle_loose(
    region: &Region,
    unit: &UnitId,
    found: Time,
    reason: &str,
) -> Result<Vec<crate::Event>, Refusal> {
    let loose = &region.own.transfusion.loose;
    if !loose.iter().any(|(at, one)| one.unit == *unit && *at == found) {
        return Err(NOTHING_WAITS.because([("request", unit.to_string())]));
    }
    let settled = LooseSettled { unit: *unit, found, reason: text("reason", reason)? };
    Ok(vec![Event::LooseSettled(Nothing, Private::Here(settled)).into()])
}
