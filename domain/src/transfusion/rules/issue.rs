//! Handing units out: the gate is asked again, whatever it said when they were set aside.

use super::super::command::Handing;
use super::super::event::{Event, GivenOut, Passed, Requested};
use super::super::gate::{Held, Route, Verdict};
use super::super::model::{Bag, ExceptionRule, Open, Request};
use super::super::state::opened;
use super::super::view::{gate_of, known_antibodies};
use super::aside::{asked_for, enough};
use super::ask::{checked, fresh};
use super::refusals::{PATIENT_NEEDED, kept_back};
use super::{in_force, open, stock};
use crate::Region;
use crate::blood::model::UnitId;
use crate::blood::rules::give;
use crate::kernel::text;
use crate::words::{Context, Nothing, Private, Refusal, RequestId};

pub(super) fn issue(
    region: &Region,
    handing: &Handing,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, &handing.request)?;
    enough(region, &handing.request, held, &handing.units)?;
    hand_out(region, (&handing.request, held), &handing.units, &handing.fetched_by, ctx)
}

pub(super) fn emergency(
    region: &Region,
    request: &Request,
    units: &[UnitId],
    fetched_by: &str,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    if !request.urgency.is_emergency() {
        return Err(PATIENT_NEEDED.because([("urgency", request.urgency.to_string())]));
    }
    let request = checked(region, request, ctx)?;
    let asked = Requested { id: fresh(ctx), request, course: None };
    let held = opened(&asked, ctx.now, ctx.actor);
    let mut events = vec![Event::Requested(Nothing, Private::Here(asked.clone())).into()];
    events.extend(hand_out(region, (&asked.id, &held), units, fetched_by, ctx)?);
    Ok(events)
}

fn hand_out(
    region: &Region,
    (id, held): (&RequestId, &Open),
    units: &[UnitId],
    fetched_by: &str,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let rules = in_force(region, ctx)?;
    let mut passed = Vec::with_capacity(units.len());
    for unit in units {
        let found = stock(region).unit(unit)?;
        asked_for(held, unit, found)?;
        let verdict = gate_of((region, ctx.others), rules, (id, held), (*unit, found), ctx.now);
        let Some(route) = verdict.route else {
            return Err(kept_back(unit, &verdict.blocks[0]));
        };
        passed.push(Passed {
            unit: *unit,
            bag: Bag::from(found),
            route,
            not_awaited: not_awaited(&verdict),
            excepted: verdict.excepted,
        });
    }
    let stock_event = give::hand_out(&stock(region), units, id, ctx)?;
    let without_tests = |one: &Passed| {
        one.route == Route::Emergency || one.excepted.contains(&ExceptionRule::MissingTests)
    };
    let given = GivenOut {
        id: id.clone(),
        patient: held.request.patient.clone(),
        ward: held.request.ward.clone(),
        fetched_by: text("fetched_by", fetched_by)?,
        to_reconcile: held.request.patient.is_none() || passed.iter().any(without_tests),
        units: passed,
        antibodies: known_antibodies(region, held, ctx.now),
        rule_set: rules.digest,
    };
    Ok(vec![stock_event.into(), Event::Issued(Nothing, Private::Here(given)).into()])
}

/// The rules that were not asked because a life was at stake.
fn not_awaited(verdict: &Verdict) -> Vec<String> {
    let skipped = verdict.checks.iter().filter(|check| {
        let emergency = |(name, why): &(&str, String)| *name == "why" && why == "emergency";
        check.held == Held::NotAsked && check.facts.iter().any(emergency)
    });
    skipped.map(|check| check.rule.to_string()).collect()
}
