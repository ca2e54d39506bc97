//! Between sites and regions: dispatch locks a unit for the sender for good; only the receiver's
//! outcome releases it.

use super::super::command::Command;
use super::super::event::{Dispatched, Event, Received, Settled};
use super::super::model::identity::UnitId;
use super::super::model::stock::{Arrival, Load, Way};
use super::super::model::supply::{BoxArrival, Parcel};
use super::super::model::unit::{Entry, Status, Tested, Unit};
use super::calls::agreed;
use super::packing::{boxes_agree, by_box, checked};
use super::refusals::{
    AHEAD, CALLED_OFF, DISPATCH_UNKNOWN, EXPIRED, MODES, NOT_RECEIVER, NOT_SENT, NOTHING_SAID,
    OTHER_SITE, STATUS, UNIT_KNOWN, WAY,
};
use super::{House, listed, tests};
use crate::kernel::model::RecordKeeper;
use crate::kernel::optional_text;
use crate::words::{Context, Foreign, NONE, RecordRef, Refusal};

pub(super) fn decide(
    house: &House<'_>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::Dispatch { way, units, parcel } => dispatch(house, (way, parcel), units, ctx)?,
        Command::Receive { .. } => receive(house, command, ctx)?,
        Command::Settle { receipt } => return settle(house, receipt, ctx),
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn dispatch(
    house: &House<'_>,
    (way, parcel): (&Way, &Parcel),
    ids: &[UnitId],
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    house.kept_site(&way.from)?;
    listed(ids)?;
    if way.to_region == *ctx.region {
        if way.to_site == way.from {
            return Err(WAY.because([("site", way.from.to_string())]));
        }
        house.open_site(&way.to_site, ctx)?;
    }
    if way.sent > ctx.now {
        return Err(AHEAD.because([("sent", way.sent.to_string())]));
    }
    if way.eta.value().is_some_and(|eta| eta < way.sent) {
        return Err(WAY.because([("sent", way.sent.to_string())]));
    }
    let parcel = checked(house, (way, ids), parcel, ctx)?;
    let mut load = Load { tested: Vec::new(), units: Vec::with_capacity(ids.len()) };
    let mut named = Vec::with_capacity(ids.len());
    for id in ids {
        let unit = house.unit(id)?;
        named.push((id, unit));
        let fact = ("unit", id.to_string());
        if unit.site != way.from {
            return Err(OTHER_SITE.because([fact, ("site", unit.site.to_string())]));
        }
        // What is set aside for somebody stays for that person; quarantine goes nowhere.
        if unit.status != Status::Available {
            return Err(STATUS.because([fact, ("status", unit.status.as_str().into())]));
        }
        if unit.expiry <= ctx.now {
            return Err(EXPIRED.because([fact, ("expiry", unit.expiry.to_string())]));
        }
        load.units.push(entry(id, unit, &mut load.tested));
    }
    if let Some(cited) = &parcel.cites {
        agreed(house, (cited, way), &named, ctx)?;
    }
    let way = Way { carrier: optional_text("carrier", way.carrier.as_ref())?, ..way.clone() };
    Ok(Event::Dispatched(Dispatched { way, load, parcel }, NONE))
}

fn entry(id: &UnitId, unit: &Unit, profiles: &mut Vec<Tested>) -> Entry {
    let tested = unit.tested.as_deref().and_then(|tested| {
        let place = profiles.iter().position(|held| held == tested).unwrap_or_else(|| {
            profiles.push(tested.clone());
            profiles.len() - 1
        });
        u16::try_from(place).ok()
    });
    Entry {
        id: *id,
        group: unit.group,
        product: unit.product,
        attributes: unit.attributes,
        phenotype: unit.phenotype,
        expiry: unit.expiry,
        tested,
    }
}

/// What another journal, or the own one, said that a command refers to.
pub(super) fn referred<'a>(
    at: &RecordRef,
    ctx: &Context<'a>,
) -> Result<&'a crate::blood::Event, Refusal> {
    let unknown = || DISPATCH_UNKNOWN.because([("journal", at.journal.to_string())]);
    let Foreign { mode, at: found, event } = ctx.foreign.ok_or_else(unknown)?;
    if found != at {
        return Err(unknown());
    }
    if *mode != ctx.mode {
        let facts = [("own", ctx.mode.as_str().into()), ("other", mode.as_str().into())];
        return Err(MODES.because(facts));
    }
    match event {
        crate::Event::Blood(event) => Ok(event),
        _ => Err(unknown()),
    }
}

fn receive(house: &House<'_>, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let Command::Receive { dispatch, site, outcomes, boxes, note } = command else {
        unreachable!("routed by decide");
    };
    let Event::Dispatched(sent, _) = referred(dispatch, ctx)? else {
        return Err(DISPATCH_UNKNOWN.because([("journal", dispatch.journal.to_string())]));
    };
    if sent.way.to_region != *ctx.region {
        return Err(NOT_RECEIVER.because([("to", sent.way.to_region.to_string())]));
    }
    // A box can end up elsewhere than it was sent to, or the sender misnamed the place.
    let site = site.as_ref().unwrap_or(&sent.way.to_site);
    let place = house.open_site(site, ctx)?;
    if outcomes.is_empty() {
        return Err(NOTHING_SAID.because([("journal", dispatch.journal.to_string())]));
    }
    let ids: Vec<_> = outcomes.iter().map(|(unit, _)| *unit).collect();
    listed(&ids)?;
    boxes_agree(&sent.parcel, outcomes, boxes)?;
    let mut arrived = Vec::new();
    for (id, outcome) in outcomes {
        let internal = dispatch.journal == *ctx.region;
        let entry = expected(house, dispatch, sent, (id, *outcome, internal))?;
        if *outcome != Arrival::Missing {
            arrived.push((entry, *outcome));
        }
    }
    // At a place whose record is another system's the unit is that system's from now on.
    if place.record != RecordKeeper::Samband {
        arrived.clear();
    }
    let held = held(house, (dispatch, sent), (boxes, &arrived), ctx);
    let units = arrived.into_iter().map(|(entry, _)| entry.clone()).collect();
    let received = Received {
        dispatch: dispatch.clone(),
        site: site.clone(),
        outcomes: outcomes.clone(),
        load: Load { tested: sent.load.tested.clone(), units },
        held,
        boxes: boxes.clone(),
        note: optional_text("note", note.as_ref())?,
    };
    Ok(Event::Received(received, NONE))
}

/// The unit as it was sent, if something can still be said about it.
fn expected<'a>(
    house: &House<'_>,
    dispatch: &RecordRef,
    sent: &'a Dispatched,
    (id, outcome, internal): (&UnitId, Arrival, bool),
) -> Result<&'a Entry, Refusal> {
    let not_sent = || NOT_SENT.because([("unit", id.to_string())]);
    let entry = sent.load.units.iter().find(|entry| entry.id == *id).ok_or_else(not_sent)?;
    let before = house.shared.receipts.get(&dispatch.hash);
    // Once noted, the sender may have it on the shelf again.
    if before.is_some_and(|receipt| receipt.noted.is_some()) {
        return Err(CALLED_OFF.because([("unit", id.to_string())]));
    }
    let said = before.and_then(|receipt| receipt.outcomes.iter().find(|(unit, _)| unit == id));
    // Within one region the one record knows what is still on its way.
    let open = house.shared.shipments.get(&dispatch.hash);
    if internal && !open.is_some_and(|shipment| shipment.units.contains(id)) {
        return Err(not_sent());
    }
    // A lost unit may be found; what has arrived does not arrive again.
    if said.is_some_and(|(_, said)| *said != Arrival::Missing || outcome == *said) {
        return Err(not_sent());
    }
    // Two bags of one identity: the one that lies here has to be looked into first.
    let here = house.shared.units.get(id);
    let lies_here = here.is_some_and(|unit| !unit.status.is_on_its_way());
    if outcome != Arrival::Missing && lies_here {
        return Err(UNIT_KNOWN.because([("unit", id.to_string())]));
    }
    Ok(entry)
}

/// What came from another region and does not meet this region's rules, or came in a box that was
/// too warm or damaged: it waits in quarantine. A missing rule does not let it through.
fn held(
    house: &House<'_>,
    (dispatch, sent): (&RecordRef, &Dispatched),
    (boxes, arrived): (&[BoxArrival], &[(&Entry, Arrival)]),
    ctx: &Context<'_>,
) -> Vec<(UnitId, String)> {
    let foreign = dispatch.journal != *ctx.region;
    let profiles: &[Tested] = &sent.load.tested;
    let meets = |entry: &Entry| -> Result<(), Refusal> {
        let tested = entry.tested.and_then(|at| profiles.get(usize::from(at)));
        let (id, group, expiry) = (entry.id, entry.group, entry.expiry);
        tests::meets(house.in_force(ctx)?, &tests::Facts { id, group, expiry, tested }, ctx.now)
    };
    let accepted = arrived.iter().filter(|(_, outcome)| *outcome == Arrival::Accepted);
    let why = accepted.filter_map(|(entry, _)| {
        let packed = (&sent.parcel, boxes);
        let by_box = by_box(house.in_force(ctx), packed, (&entry.id, entry.product));
        let by_rule = || {
            let refusal = foreign.then(|| meets(entry).err()).flatten()?;
            Some(refusal.kind.code.to_owned())
        };
        // What was called back is stopped wherever it turns up, also between the own sites.
        let withdrawn = house.not_withdrawn(&entry.id).err();
        let withdrawn = withdrawn.map(|refusal| refusal.kind.code.to_owned());
        withdrawn.or(by_box).or_else(by_rule).map(|why| (entry.id, why))
    });
    why.collect()
}

/// Takes note of what the receiver said; saying it again changes nothing.
fn settle(
    house: &House<'_>,
    receipt: &RecordRef,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Event::Received(received, _) = referred(receipt, ctx)? else {
        return Err(DISPATCH_UNKNOWN.because([("journal", receipt.journal.to_string())]));
    };
    let Some(shipment) = house.shared.shipments.get(&received.dispatch.hash) else {
        return Ok(Vec::new());
    };
    if shipment.settled.contains(&receipt.hash) {
        return Ok(Vec::new());
    }
    if shipment.at != received.dispatch || shipment.way.to_region != receipt.journal {
        return Err(NOT_RECEIVER.because([("to", shipment.way.to_region.to_string())]));
    }
    let of = |missing: bool| -> Vec<UnitId> {
        let said = received.outcomes.iter();
        let open = said.filter(|(unit, _)| shipment.units.contains(unit));
        let wanted = open.filter(|(_, outcome)| (*outcome == Arrival::Missing) == missing);
        wanted.map(|(unit, _)| *unit).collect()
    };
    let arrived = of(false);
    let missing: Vec<_> =
        of(true).into_iter().filter(|unit| !shipment.missing.contains(unit)).collect();
    let dispatch = received.dispatch.clone();
    let settled = Settled { dispatch, receipt: receipt.clone(), arrived, missing };
    Ok(vec![Event::Settled(settled, NONE)])
}
