//! What is on its way: the sender's dispatch joined with what the receiver has said about it.

use serde::Serialize;

use super::super::model::group::Group;
use super::super::model::identity::UnitId;
use super::super::model::product::Component;
use super::super::model::stock::{Arrival, Search, Shipment, Way};
use super::super::model::supply::{BoxArrival, CalledOff, Parcel};
use super::super::model::unit::Status;
use super::picture::Part;
use crate::words::{JournalId, Known, RecordRef, Time};

/// A shipment that has not wholly arrived, as both journals tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moving {
    /// Who sent it.
    pub from_region: JournalId,
    /// The dispatch.
    pub dispatch: RecordRef,
    /// Its way.
    pub way: Way,
    /// How many units were sent.
    pub sent: u32,
    /// Units that nobody has said to have arrived.
    pub open: Vec<UnitId>,
    /// Those of them that were not in the box.
    pub missing: Vec<UnitId>,
    /// Open units by component and group.
    pub lines: Vec<(Component, Option<Group>, u32)>,
    /// Whether it should have been there by now.
    pub late: bool,
    /// Whether only the sender has spoken of it.
    pub one_sided: bool,
    /// Whether the receiver's journal is known here at all.
    pub receiver_known: bool,
    /// How it is packed and goes.
    pub parcel: Parcel,
    /// Open units that were searched for and not found.
    pub lost: Vec<UnitId>,
    /// What was done to find them.
    pub searched: Option<Search>,
    /// Called off by the sender, and why.
    pub called_off: Option<CalledOff>,
    /// What the receiver said of boxes.
    pub boxes: Vec<BoxArrival>,
}

impl Moving {
    /// When something of it should be here; nobody knows of bags that were not in their box.
    #[must_use]
    pub fn eta(&self) -> Known<Time> {
        let nowhere = |unit: &UnitId| self.missing.contains(unit) || self.lost.contains(unit);
        if self.open.iter().all(nowhere) { Known::Unknown } else { self.way.eta }
    }
}

/// Everything on its way, earliest expected first; what nobody can say comes last.
#[must_use]
pub fn moving(parts: &[Part<'_>], now: Time) -> Vec<Moving> {
    let mut all: Vec<_> = parts
        .iter()
        .flat_map(|part| part.stock.shipments.values().map(move |shipment| (part, shipment)))
        .filter_map(|(part, shipment)| one(part, shipment, parts, now))
        .collect();
    let order = |one: &Moving| (one.way.eta.value().unwrap_or(Time(i64::MAX)), one.way.sent);
    all.sort_by_key(order);
    all
}

fn one(part: &Part<'_>, shipment: &Shipment, parts: &[Part<'_>], now: Time) -> Option<Moving> {
    let receiver = parts.iter().find(|other| *other.journal == shipment.way.to_region);
    let receipt = receiver.and_then(|other| other.stock.receipts.get(&shipment.at.hash));
    let said = |unit: &UnitId| {
        let outcomes = receipt.iter().flat_map(|receipt| &receipt.outcomes);
        outcomes.filter(|(one, _)| one == unit).map(|(_, outcome)| *outcome).next_back()
    };
    let there = |unit: &UnitId| said(unit).is_some_and(|outcome| outcome != Arrival::Missing);
    let open: Vec<_> = shipment.units.iter().copied().filter(|unit| !there(unit)).collect();
    if open.is_empty() {
        return None;
    }
    let missing = |unit: &UnitId| said(unit) == Some(Arrival::Missing);
    let missing: Vec<_> = open.iter().copied().filter(missing).collect();
    // What was called off is awaited by nobody.
    let awaited = shipment.called_off.is_none();
    let late = awaited && matches!(shipment.way.eta, Known::Value(eta) if eta < now);
    let is_lost =
        |unit: &UnitId| part.stock.units.get(unit).is_some_and(|unit| unit.status == Status::Lost);
    let lost: Vec<_> = open.iter().copied().filter(is_lost).collect();
    Some(Moving {
        from_region: part.journal.clone(),
        dispatch: shipment.at.clone(),
        way: shipment.way.clone(),
        sent: shipment.sent,
        lines: lines(part, &open),
        missing,
        open,
        late,
        one_sided: receipt.is_none(),
        receiver_known: receiver.is_some(),
        parcel: shipment.parcel.clone(),
        lost,
        searched: shipment.searched.clone(),
        called_off: shipment.called_off.clone(),
        boxes: receipt.map(|receipt| receipt.boxes.clone()).unwrap_or_default(),
    })
}

fn lines(part: &Part<'_>, open: &[UnitId]) -> Vec<(Component, Option<Group>, u32)> {
    let mut lines: Vec<(Component, Option<Group>, u32)> = Vec::new();
    for unit in open.iter().filter_map(|id| part.stock.units.get(id)) {
        let key = (unit.component(), unit.group.value());
        match lines.iter_mut().find(|(component, group, _)| (*component, *group) == key) {
            Some((.., count)) => *count += 1,
            None => lines.push((key.0, key.1, 1)),
        }
    }
    lines.sort_unstable();
    lines
}
