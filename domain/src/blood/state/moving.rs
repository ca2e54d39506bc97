//! What is on its way: dispatch locks a unit, and only the receiver's word releases it.

use std::collections::{BTreeMap, BTreeSet};

use super::Shared;
use crate::blood::event::supply::{Back, CalledOff, CallingOffNoted, LostStated, TakenBack};
use crate::blood::event::{Dispatched, Event, Received, Settled};
use crate::blood::model::identity::UnitId;
use crate::blood::model::stock::{Arrival, Consigned, Receipt, Search, Shipment, Taken};
use crate::blood::model::supply;
use crate::blood::model::unit::{QuarantineReason, Status};
use crate::blood::rules::{BOX_DAMAGED, TOO_WARM_OR_COLD};
use crate::words::{Digest, Known, Meta, RecordRef};

pub(super) fn apply(shared: &mut Shared, event: &Event, meta: &Meta) {
    match event {
        Event::Dispatched(sent, _) => dispatched(shared, sent, meta),
        Event::Received(said, _) => received(shared, said, meta),
        Event::Settled(said, _) => settled(shared, said),
        Event::CalledOff(said, _) => called_off(shared, said, meta),
        Event::CallingOffNoted(said, _) => noted(shared, said, meta),
        Event::TakenBack(said, _) => taken_back(shared, said, meta),
        Event::LostStated(said, _) => lost(shared, said, meta),
        _ => {}
    }
}

fn dispatched(shared: &mut Shared, sent: &Dispatched, meta: &Meta) {
    let units: Vec<_> = sent.load.units.iter().map(|entry| entry.id).collect();
    shared.change_all(&units, meta, Status::InTransit);
    let count = u32::try_from(units.len()).unwrap_or(u32::MAX);
    shared.supply.sent(&sent.parcel, count);
    let shipment = Shipment {
        at: meta.at.clone(),
        way: sent.way.clone(),
        units,
        sent: count,
        missing: Vec::new(),
        settled: Vec::new(),
        parcel: sent.parcel.clone(),
        called_off: None,
        searched: None,
    };
    if sent.way.to_region != meta.at.journal {
        shared.consigned.insert(meta.at.hash, consigned(sent, meta));
    }
    shared.shipments.insert(meta.at.hash, shipment);
}

fn consigned(sent: &Dispatched, meta: &Meta) -> Consigned {
    let boxes = u32::try_from(sent.parcel.boxes.len()).ok().filter(|boxes| *boxes > 0);
    let units = sent.load.units.iter().map(|entry| (entry.id, entry.product.component()));
    Consigned {
        at: meta.at.clone(),
        way: sent.way.clone(),
        leg: sent.parcel.leg.clone(),
        boxes: boxes.map_or(Known::Unknown, Known::Value),
        units: units.collect(),
    }
}

/// Only the receiver's word releases a unit for the sender; within one region both are one.
fn received(shared: &mut Shared, received: &Received, meta: &Meta) {
    let internal = received.dispatch.journal == meta.at.journal;
    let entered: BTreeSet<_> = received.load.units.iter().map(|entry| entry.id).collect();
    for (unit, outcome) in &received.outcomes {
        if *outcome == Arrival::Missing {
            continue;
        }
        // What comes back has evidently arrived where it was sent before, whatever was told.
        come_back(shared, &received.dispatch.hash, unit);
        // Delivered to a place whose record is another system's, it leaves this one.
        if !entered.contains(unit) {
            shared.take(unit);
        }
    }
    let outcomes: BTreeMap<_, _> = received.outcomes.iter().copied().collect();
    let held: BTreeMap<_, _> =
        received.held.iter().map(|(unit, why)| (*unit, why.as_str())).collect();
    let status = |n: usize| {
        let id = received.load.units.get(n).map(|entry| entry.id);
        let why = id.and_then(|id| held.get(&id).copied());
        match (why, id.and_then(|id| outcomes.get(&id))) {
            (Some(TOO_WARM_OR_COLD), _) => Status::Quarantined(QuarantineReason::Temperature),
            (Some(BOX_DAMAGED), _) => Status::Quarantined(QuarantineReason::Damage),
            (Some(_), _) => Status::Quarantined(QuarantineReason::ReceiverRules),
            (None, Some(Arrival::Accepted)) => Status::Available,
            _ => Status::Quarantined(QuarantineReason::Discrepancy),
        }
    };
    shared.enter(&received.site, &received.load, meta, status);
    let receipt = receipt(shared, &received.dispatch, meta);
    receipt.at.push(meta.at.clone());
    if !internal {
        receipt.taken.extend(taken(received, meta));
    }
    for (unit, outcome) in &received.outcomes {
        receipt.outcomes.retain(|(before, _)| before != unit);
        receipt.outcomes.push((*unit, *outcome));
    }
    for one in &received.boxes {
        receipt.boxes.retain(|before| before.number != one.number);
        receipt.boxes.push(*one);
    }
    if internal {
        close(shared, &received.dispatch.hash, &received.outcomes);
    }
}

/// What was there, and of what it is; none if nothing was.
fn taken(received: &Received, meta: &Meta) -> Option<Taken> {
    let products: BTreeMap<_, _> =
        received.load.units.iter().map(|entry| (entry.id, entry.product.component())).collect();
    let there = received.outcomes.iter().filter(|(_, outcome)| *outcome != Arrival::Missing);
    let of = |unit| products.get(&unit).copied().map_or(Known::Unknown, Known::Value);
    let units: Vec<_> = there.map(|(unit, _)| (*unit, of(*unit))).collect();
    (!units.is_empty()).then(|| Taken {
        at: meta.at.clone(),
        happened: meta.happened,
        recorded: meta.recorded,
        site: received.site.clone(),
        units,
    })
}

fn receipt<'a>(shared: &'a mut Shared, dispatch: &RecordRef, meta: &Meta) -> &'a mut Receipt {
    shared.receipts.entry(dispatch.hash).or_insert_with(|| Receipt {
        dispatch: dispatch.clone(),
        at: Vec::new(),
        received: meta.happened,
        outcomes: Vec::new(),
        boxes: Vec::new(),
        noted: None,
        taken: Vec::new(),
    })
}

/// Takes a unit off every other shipment that it is still on.
fn come_back(shared: &mut Shared, dispatch: &Digest, unit: &UnitId) {
    let others = shared
        .shipments
        .iter()
        .filter(|(hash, shipment)| *hash != dispatch && shipment.units.contains(unit));
    let others: Vec<_> = others.map(|(hash, _)| *hash).collect();
    for hash in others {
        close(shared, &hash, &[(*unit, Arrival::Accepted)]);
    }
}

fn settled(shared: &mut Shared, settled: &Settled) {
    let arrived = settled.arrived.iter().map(|unit| (*unit, Arrival::Accepted));
    let missing = settled.missing.iter().map(|unit| (*unit, Arrival::Missing));
    let outcomes: Vec<_> = arrived.chain(missing).collect();
    for unit in &settled.arrived {
        shared.take(unit);
    }
    if let Some(shipment) = shared.shipments.get_mut(&settled.dispatch.hash) {
        shipment.settled.push(settled.receipt.hash);
    }
    close(shared, &settled.dispatch.hash, &outcomes);
}

/// Takes off a shipment what was said to have arrived; it stays open for what was not.
fn close(shared: &mut Shared, dispatch: &Digest, outcomes: &[(UnitId, Arrival)]) {
    let Some(shipment) = shared.shipments.get_mut(dispatch) else { return };
    for (unit, outcome) in outcomes {
        shipment.missing.retain(|one| one != unit);
        if *outcome == Arrival::Missing {
            shipment.missing.push(*unit);
        } else {
            shipment.units.retain(|one| one != unit);
        }
    }
    if shipment.units.is_empty() {
        shared.shipments.remove(dispatch);
    }
}

fn called_off(shared: &mut Shared, said: &CalledOff, meta: &Meta) {
    if let Some(shipment) = shared.shipments.get_mut(&said.dispatch.hash) {
        let (at, left, reason) = (meta.at.clone(), said.left, said.reason.clone());
        shipment.called_off = Some(supply::CalledOff { at, left, reason });
    }
    give_back(shared, &said.dispatch.hash, &said.back, meta);
}

/// From here on this region takes nothing of the dispatch in any more.
fn noted(shared: &mut Shared, said: &CallingOffNoted, meta: &Meta) {
    receipt(shared, &said.dispatch, meta).noted = Some(meta.at.clone());
}

fn taken_back(shared: &mut Shared, said: &TakenBack, meta: &Meta) {
    if let Some(shipment) = shared.shipments.get_mut(&said.dispatch.hash) {
        shipment.settled.push(said.noted.hash);
    }
    give_back(shared, &said.dispatch.hash, &said.back, meta);
}

fn give_back(shared: &mut Shared, dispatch: &Digest, back: &Back, meta: &Meta) {
    shared.change_all(&back.free, meta, Status::Available);
    for (unit, why) in &back.held {
        shared.change(unit, meta, |unit| unit.status = Status::Quarantined(*why));
    }
    shared.change_all(&back.missing, meta, Status::Missing);
    let there: Vec<_> = back.all().map(|unit| (*unit, Arrival::Accepted)).collect();
    close(shared, dispatch, &there);
}

/// A lost unit stays on its shipment: whoever finds it, it is the receiver's word or the calling
/// off that ends the way.
fn lost(shared: &mut Shared, said: &LostStated, meta: &Meta) {
    shared.change_all(&said.units, meta, Status::Lost);
    if let Some(shipment) = shared.shipments.get_mut(&said.dispatch.hash) {
        shipment.searched = Some(Search { at: meta.recorded, what: said.search.clone() });
    }
}
