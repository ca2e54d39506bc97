//! Calling a dispatch off, and saying that something of it is lost. A dispatch to another region
//! ends by two records: the sender calls it off, the receiver notes that it takes no more of it
//! in; whatever the receiver had before that is the receiver's.

use super::super::command::Command;
use super::super::event::Event;
use super::super::event::supply::{Back, CalledOff, CallingOffNoted, LostStated, TakenBack};
use super::super::model::identity::UnitId;
use super::super::model::stock::{Arrival, Shipment};
use super::super::model::unit::{QuarantineReason, Status};
use super::refusals::{
    CALLED_OFF_ALREADY, DISPATCH_UNKNOWN, NOT_LATE, NOT_RECEIVER, NOT_SENT, STATUS,
};
use super::send::referred;
use super::{House, listed, tests};
use crate::kernel::text;
use crate::words::{Context, Known, NONE, RecordRef, Refusal};

pub(super) fn decide(
    house: &House<'_>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::CallOff { dispatch, reason } => call_off(house, dispatch, reason, ctx),
        Command::NoteCallingOff { called_off } => note(house, called_off, ctx),
        Command::TakeBack { noted } => take_back(house, noted, ctx),
        Command::StateLost { dispatch, units, search } => {
            lost(house, dispatch, (units, search), ctx)
        }
        _ => unreachable!("routed by decide"),
    }
}

fn open<'a>(house: &House<'a>, dispatch: &RecordRef) -> Result<&'a Shipment, Refusal> {
    let held = house.shared.shipments.get(&dispatch.hash).filter(|held| held.at == *dispatch);
    held.ok_or_else(|| DISPATCH_UNKNOWN.because([("journal", dispatch.journal.to_string())]))
}

fn call_off(
    house: &House<'_>,
    dispatch: &RecordRef,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let shipment = open(house, dispatch)?;
    if let Some(before) = &shipment.called_off {
        return Err(CALLED_OFF_ALREADY.because([("reason", before.reason.clone())]));
    }
    let left = shipment.parcel.leaves.is_none_or(|leaves| leaves <= ctx.now);
    // Within one region there is nobody else to ask.
    let own = shipment.way.to_region == *ctx.region;
    let back = if own { back(house, (&shipment.units, left), ctx) } else { Back::default() };
    let said = CalledOff {
        dispatch: dispatch.clone(),
        to_region: shipment.way.to_region.clone(),
        units: shipment.units.clone(),
        left,
        reason: text("reason", reason)?,
        back,
    };
    Ok(vec![Event::CalledOff(said, NONE)])
}

/// In which standing the sender has its units again.
fn back(house: &House<'_>, (units, left): (&[UnitId], bool), ctx: &Context<'_>) -> Back {
    let mut back = Back::default();
    for id in units {
        let Ok(unit) = house.unit(id) else { continue };
        if unit.status == Status::Lost {
            back.missing.push(*id);
            continue;
        }
        if house.not_withdrawn(id).is_err() {
            back.held.push((*id, QuarantineReason::Recall));
            continue;
        }
        if left {
            back.held.push((*id, QuarantineReason::Temperature));
            continue;
        }
        let (group, expiry, tested) = (unit.group, unit.expiry, unit.tested.as_deref());
        let facts = tests::Facts { id: *id, group, expiry, tested };
        match house.in_force(ctx).and_then(|rules| tests::meets(rules, &facts, ctx.now)) {
            Ok(()) => back.free.push(*id),
            Err(_) => back.held.push((*id, QuarantineReason::NotReleased)),
        }
    }
    back
}

/// The receiver's part; saying it again changes nothing.
fn note(
    house: &House<'_>,
    called_off: &RecordRef,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Event::CalledOff(said, _) = referred(called_off, ctx)? else {
        return Err(DISPATCH_UNKNOWN.because([("journal", called_off.journal.to_string())]));
    };
    if said.to_region != *ctx.region || said.dispatch.journal != called_off.journal {
        return Err(NOT_RECEIVER.because([("to", said.to_region.to_string())]));
    }
    let receipt = house.shared.receipts.get(&said.dispatch.hash);
    if receipt.is_some_and(|receipt| receipt.noted.is_some()) {
        return Ok(Vec::new());
    }
    let arrived = |unit: &UnitId| {
        let outcomes = receipt.iter().flat_map(|receipt| &receipt.outcomes);
        outcomes.into_iter().any(|(one, outcome)| one == unit && *outcome != Arrival::Missing)
    };
    let units = said.units.iter().copied().filter(|unit| !arrived(unit)).collect();
    let (dispatch, called_off) = (said.dispatch.clone(), called_off.clone());
    Ok(vec![Event::CallingOffNoted(CallingOffNoted { dispatch, called_off, units }, NONE)])
}

/// The sender's part after it; saying it again changes nothing.
fn take_back(
    house: &House<'_>,
    noted: &RecordRef,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Event::CallingOffNoted(said, _) = referred(noted, ctx)? else {
        return Err(DISPATCH_UNKNOWN.because([("journal", noted.journal.to_string())]));
    };
    let Some(shipment) = house.shared.shipments.get(&said.dispatch.hash) else {
        return Ok(Vec::new());
    };
    if shipment.settled.contains(&noted.hash) {
        return Ok(Vec::new());
    }
    let called_off = shipment.called_off.as_ref().filter(|mine| mine.at == said.called_off);
    let (Some(called_off), true) = (called_off, shipment.way.to_region == noted.journal) else {
        return Err(NOT_RECEIVER.because([("to", shipment.way.to_region.to_string())]));
    };
    let open = said.units.iter().copied().filter(|unit| shipment.units.contains(unit));
    let open: Vec<_> = open.collect();
    let back = back(house, (&open, called_off.left), ctx);
    let taken = TakenBack { dispatch: said.dispatch.clone(), noted: noted.clone(), back };
    Ok(vec![Event::TakenBack(taken, NONE)])
}

fn lost(
    house: &House<'_>,
    dispatch: &RecordRef,
    (units, search): (&[UnitId], &str),
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let shipment = open(house, dispatch)?;
    listed(units)?;
    let late = match shipment.way.eta {
        Known::Value(eta) => eta <= ctx.now,
        Known::Unknown => true,
    };
    for id in units {
        if !shipment.units.contains(id) {
            return Err(NOT_SENT.because([("unit", id.to_string())]));
        }
        let status = house.unit(id)?.status;
        if status != Status::InTransit {
            let status = ("status", status.as_str().to_owned());
            return Err(STATUS.because([("unit", id.to_string()), status]));
        }
        if !late && !shipment.missing.contains(id) {
            let eta = shipment.way.eta.value().unwrap_or(ctx.now);
            return Err(NOT_LATE.because([("unit", id.to_string()), ("eta", eta.to_string())]));
        }
    }
    let said = LostStated {
        dispatch: dispatch.clone(),
        units: units.to_vec(),
        search: text("search", search)?,
    };
    Ok(vec![Event::LostStated(said, NONE)])
}
