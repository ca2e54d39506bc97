//! A region's live stock: a fold over its events. Units that were used, discarded or handed over
//! leave the state; the subject index finds them in the record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use super::command::Standing;
use super::event::{Corrected, Counted, Dispatched, Event, Received, Settled, TestsRecorded};
use super::model::codes::CodeTable;
use super::model::identity::UnitId;
use super::model::stock::{
    Arrival, Demand, Duty, ExternalStock, Line, Load, Receipt, Shipment, Shortage,
};
use super::model::unit::{Entry, QuarantineReason, Status, TestResult, Tested, Unit};
use super::shelf::Shelves;
use crate::words::{ActorId, Code, Digest, Known, Meta, Private, RecordRef, SiteId, Time};

/// A figure with where and when it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated<T> {
    /// What was stated.
    pub value: T,
    /// When it was recorded.
    pub recorded: Time,
    /// The record.
    pub at: RecordRef,
}

/// What other regions may hold: units and counts, never whom they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Recorded")]
pub struct Shared {
    /// Live units.
    pub units: OrdMap<UnitId, Unit>,
    /// The code table in force.
    pub codes: Option<Arc<CodeTable>>,
    /// What other systems count, by site.
    pub external: OrdMap<SiteId, Stated<ExternalStock>>,
    /// What is used in a day, for a site or the whole region.
    pub demand: OrdMap<(Option<SiteId>, Line), Stated<Demand>>,
    /// Whom to telephone, by site.
    pub duty: OrdMap<SiteId, Vector<Stated<Duty>>>,
    /// Sent, and not all said to have arrived, by the dispatch's hash.
    pub shipments: OrdMap<Digest, Shipment>,
    /// What this region said about what was sent to it, by the dispatch's hash.
    pub receipts: OrdMap<Digest, Receipt>,
    /// Stocks below their minimum.
    pub shortages: OrdMap<Line, Shortage>,
    /// Counts so far: the latest of each site.
    pub counts: OrdMap<SiteId, Stated<Counted>>,
    /// Units that were here once, in eight bytes each: none of them is taken over again.
    pub gone: OrdSet<u64>,
    /// Units by site, made from `units`.
    #[serde(skip)]
    pub shelves: Shelves,
}

/// [`Shared`] as it is kept, without what follows from it.
#[derive(Deserialize)]
struct Recorded {
    units: OrdMap<UnitId, Unit>,
    codes: Option<Arc<CodeTable>>,
    external: OrdMap<SiteId, Stated<ExternalStock>>,
    demand: OrdMap<(Option<SiteId>, Line), Stated<Demand>>,
    duty: OrdMap<SiteId, Vector<Stated<Duty>>>,
    shipments: OrdMap<Digest, Shipment>,
    receipts: OrdMap<Digest, Receipt>,
    shortages: OrdMap<Line, Shortage>,
    counts: OrdMap<SiteId, Stated<Counted>>,
    gone: OrdSet<u64>,
}

impl From<Recorded> for Shared {
    fn from(kept: Recorded) -> Self {
        let units = shared_parts(kept.units);
        let shelves = units.iter().collect();
        Self {
            units,
            codes: kept.codes,
            external: kept.external,
            demand: kept.demand,
            duty: kept.duty,
            shipments: kept.shipments,
            receipts: kept.receipts,
            shortages: kept.shortages,
            counts: kept.counts,
            gone: kept.gone,
            shelves,
        }
    }
}

/// Lets units hold their site's name and their test profile in common again, as they did before
/// they were written down: a hundred thousand units have a handful of each.
fn shared_parts(units: OrdMap<UnitId, Unit>) -> OrdMap<UnitId, Unit> {
    let mut sites: BTreeSet<SiteId> = BTreeSet::new();
    let mut profiles: BTreeSet<Arc<Tested>> = BTreeSet::new();
    let one = |(id, mut unit): (UnitId, Unit)| {
        if let Some(site) = sites.get(&unit.site) {
            unit.site = site.clone();
        } else {
            sites.insert(unit.site.clone());
        }
        if let Some(tested) = &mut unit.tested {
            if let Some(held) = profiles.get(tested) {
                *tested = Arc::clone(held);
            } else {
                profiles.insert(Arc::clone(tested));
            }
        }
        (id, unit)
    };
    units.into_iter().map(one).collect()
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// For what or whom units are set aside.
    pub purposes: OrdMap<UnitId, String>,
    /// Who put a unit's facts right since it was last released; somebody else releases it.
    pub corrected_by: OrdMap<UnitId, OrdSet<ActorId>>,
}

impl Shared {
    /// Puts a unit in, or changes it, and keeps the shelves in step.
    fn put(&mut self, id: UnitId, unit: Unit) {
        if let Some(before) = self.units.get(&id) {
            self.shelves.take(&id, before);
        }
        self.shelves.put(&id, &unit);
        self.units.insert(id, unit);
    }

    fn take(&mut self, id: &UnitId) {
        if let Some(unit) = self.units.remove(id) {
            self.shelves.take(id, &unit);
            self.gone.insert(trace(id));
        }
    }

    /// Whether the unit was here once and is not any more.
    #[must_use]
    pub fn is_gone(&self, id: &UnitId) -> bool {
        self.gone.contains(&trace(id))
    }

    fn change(&mut self, id: &UnitId, meta: &Meta, change: impl FnOnce(&mut Unit)) {
        let Some(before) = self.units.get(id) else { return };
        let mut unit = before.clone();
        change(&mut unit);
        if unit.status != before.status {
            unit.since = meta.happened;
        }
        (unit.epoch, unit.seq) = (meta.at.epoch, meta.at.seq);
        self.put(*id, unit);
    }

    fn change_all(&mut self, ids: &[UnitId], meta: &Meta, status: Status) {
        for id in ids {
            self.change(id, meta, |unit| unit.status = status);
        }
    }

    fn enter(&mut self, site: &SiteId, load: &Load, meta: &Meta, status: impl Fn(usize) -> Status) {
        let tested: Vec<_> = load.tested.iter().cloned().map(Arc::new).collect();
        for (n, entry) in load.units.iter().enumerate() {
            let profile = entry.tested.and_then(|at| tested.get(usize::from(at)).cloned());
            let profile = profile.map(|profile| self.in_common(&entry.id, profile));
            self.put(entry.id, unit(entry, site, profile, status(n), meta));
            self.gone.remove(&trace(&entry.id));
        }
    }
}

impl Shared {
    /// The neighbour's test profile if it says the same: units that come one by one need not hold
    /// one each.
    fn in_common(&self, id: &UnitId, profile: Arc<Tested>) -> Arc<Tested> {
        let before = self.units.get_prev(id).and_then(|(_, unit)| unit.tested.as_ref());
        before.filter(|held| **held == profile).map_or(profile, Arc::clone)
    }
}

/// Eight bytes that stand for a unit that is gone: decades of them must fit in memory. Two units
/// with one trace would mean a refusal that a person looks into, never a unit used twice.
fn trace(id: &UnitId) -> u64 {
    let digest = Digest::of(id.to_string().as_bytes());
    u64::from_be_bytes(digest.0[..8].try_into().expect("a digest has 32 bytes"))
}

fn unit(
    entry: &Entry,
    site: &SiteId,
    tested: Option<Arc<Tested>>,
    status: Status,
    meta: &Meta,
) -> Unit {
    Unit {
        site: site.clone(),
        expiry: entry.expiry,
        since: meta.happened,
        tested,
        phenotype: entry.phenotype,
        seq: meta.at.seq,
        epoch: meta.at.epoch,
        attributes: entry.attributes,
        group: entry.group,
        product: entry.product,
        status,
    }
}

/// Folds one event in. Without `own` the journal is another region's.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    let overwritten = matches!(event, Event::TestsRecorded(said, _) if overwrites(shared, said));
    apply_shared(shared, event, meta);
    if let Some(own) = own {
        if overwritten || matches!(event, Event::Corrected(..)) {
            let by = own.corrected_by.entry(event.units()[0]).or_default();
            by.insert(meta.actor.clone());
        }
        apply_own(own, shared, event);
    }
}

/// Whether a test gets another result than it had: that puts a fact right.
fn overwrites(shared: &Shared, said: &TestsRecorded) -> bool {
    let unit = shared.units.get(&said.unit);
    let held = unit.and_then(|unit| unit.tested.as_deref());
    let kept =
        |(code, result): &(Code, TestResult)| said.tested.result(code) == Known::Value(*result);
    !held.is_none_or(|held| held.results.iter().all(kept))
}

fn apply_shared(shared: &mut Shared, event: &Event, meta: &Meta) {
    match event {
        Event::CodesLoaded(table, _) => shared.codes = Some(Arc::new(table.clone())),
        Event::ExternalReported(report, _) => {
            shared.external.insert(report.site.clone(), stated(report.stock.clone(), meta));
        }
        Event::DemandStated(said, _) => {
            let key = (said.site.clone(), said.line);
            shared.demand.insert(key, stated(said.demand.clone(), meta));
        }
        Event::DutyStated(said, _) => {
            let lines = shared.duty.entry(said.site.clone()).or_default();
            lines.retain(|line| line.value.function != said.duty.function);
            lines.push_back(stated(said.duty.clone(), meta));
        }
        Event::ShortageNoted(noted, _) => {
            shared.shortages.insert(noted.line, noted.shortage.clone());
        }
        Event::ShortageEnded(ended, _) => {
            shared.shortages.remove(&ended.line);
        }
        Event::Dispatched(sent, _) => apply_dispatched(shared, sent, meta),
        Event::Received(received, _) => apply_received(shared, received, meta),
        Event::Settled(settled, _) => apply_settled(shared, settled),
        _ => apply_units(shared, event, meta),
    }
}

fn apply_units(shared: &mut Shared, event: &Event, meta: &Meta) {
    match event {
        Event::TakenOver(taken, _) => {
            let status = |n: usize| match taken.standings.get(n) {
                Some(Standing::Available) => Status::Available,
                Some(Standing::Reserved { until }) => Status::Reserved { until: *until },
                Some(Standing::Quarantined) | None => {
                    Status::Quarantined(QuarantineReason::NotReleased)
                }
            };
            shared.enter(&taken.site, &taken.load, meta, status);
        }
        Event::Counted(count, _) => apply_count(shared, count, meta),
        Event::Corrected(right, _) => apply_correction(shared, right, meta),
        Event::Quarantined(held, _) => {
            shared.change_all(&held.units, meta, Status::Quarantined(held.reason));
        }
        Event::Released(released, _) => {
            shared.change_all(&released.units, meta, Status::Available);
        }
        Event::TestsRecorded(said, _) => {
            let tested = Some(Arc::new(said.tested.clone()));
            shared.change(&said.unit, meta, |unit| unit.tested = tested);
        }
        Event::Discarded(gone, _) => {
            for id in &gone.units {
                shared.take(id);
            }
        }
        Event::Reserved(reserved, _) => {
            let status = Status::Reserved { until: reserved.until };
            shared.change_all(&reserved.units, meta, status);
        }
        Event::Unreserved(free, _) => shared.change_all(&free.units, meta, Status::Available),
        Event::Lapsed(free, _) => shared.change_all(&free.units, meta, Status::Available),
        Event::Outdated(old, _) => shared.change_all(&old.units, meta, Status::Outdated),
        _ => {}
    }
}

/// What stays in the region is kept as long as the shared state has a use for it: a purpose while
/// the unit is set aside, the names of those who put facts right until somebody else released it.
fn apply_own(own: &mut Own, shared: &Shared, event: &Event) {
    if let Event::Reserved(reserved, Private::Here(purpose)) = event {
        for id in &reserved.units {
            own.purposes.insert(*id, purpose.purpose.clone());
        }
    }
    for id in event.units() {
        let unit = shared.units.get(&id);
        if !matches!(unit.map(|unit| unit.status), Some(Status::Reserved { .. })) {
            own.purposes.remove(&id);
        }
        if unit.is_none() || matches!(event, Event::Released(..)) {
            own.corrected_by.remove(&id);
        }
    }
}

fn stated<T>(value: T, meta: &Meta) -> Stated<T> {
    Stated { value, recorded: meta.recorded, at: meta.at.clone() }
}

fn apply_count(shared: &mut Shared, count: &Counted, meta: &Meta) {
    shared.change_all(&count.missing, meta, Status::Missing);
    // What was lost sight of is not simply free again: somebody must look at how it was stored.
    let found = Status::Quarantined(QuarantineReason::Discrepancy);
    for id in count.found_again.iter().chain(&count.moved) {
        shared.change(id, meta, |unit| {
            unit.site = count.site.clone();
            unit.status = found;
        });
    }
    shared.counts.insert(count.site.clone(), stated(count.clone(), meta));
}

fn apply_correction(shared: &mut Shared, right: &Corrected, meta: &Meta) {
    shared.change(&right.unit, meta, |unit| {
        unit.group = right.group.unwrap_or(unit.group);
        unit.expiry = right.expiry.unwrap_or(unit.expiry);
        unit.phenotype = right.phenotype.unwrap_or(unit.phenotype);
        unit.status = Status::Quarantined(QuarantineReason::Corrected);
    });
}

fn apply_dispatched(shared: &mut Shared, sent: &Dispatched, meta: &Meta) {
    let units: Vec<_> = sent.load.units.iter().map(|entry| entry.id).collect();
    shared.change_all(&units, meta, Status::InTransit);
    let count = u32::try_from(units.len()).unwrap_or(u32::MAX);
    let shipment = Shipment {
        at: meta.at.clone(),
        way: sent.way.clone(),
        units,
        sent: count,
        missing: Vec::new(),
        settled: Vec::new(),
    };
    shared.shipments.insert(meta.at.hash, shipment);
}

/// Only the receiver's word releases a unit for the sender; within one region both are one.
fn apply_received(shared: &mut Shared, received: &Received, meta: &Meta) {
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
    let held: BTreeSet<_> = received.held.iter().map(|(unit, _)| *unit).collect();
    let status = |n: usize| {
        let id = received.load.units.get(n).map(|entry| entry.id);
        match id.and_then(|id| outcomes.get(&id)) {
            _ if id.is_some_and(|id| held.contains(&id)) => {
                Status::Quarantined(QuarantineReason::ReceiverRules)
            }
            Some(Arrival::Accepted) => Status::Available,
            _ => Status::Quarantined(QuarantineReason::Discrepancy),
        }
    };
    shared.enter(&received.site, &received.load, meta, status);
    let receipt = shared.receipts.entry(received.dispatch.hash).or_insert_with(|| Receipt {
        dispatch: received.dispatch.clone(),
        at: Vec::new(),
        received: meta.happened,
        outcomes: Vec::new(),
    });
    receipt.at.push(meta.at.clone());
    for (unit, outcome) in &received.outcomes {
        receipt.outcomes.retain(|(before, _)| before != unit);
        receipt.outcomes.push((*unit, *outcome));
    }
    if internal {
        close(shared, &received.dispatch.hash, &received.outcomes);
    }
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

fn apply_settled(shared: &mut Shared, settled: &Settled) {
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

impl Shared {
    /// What was last stated to be used in a day: of the group itself, as far as it is known.
    #[must_use]
    pub fn demand(&self, site: Option<&SiteId>, line: Line) -> Option<&Stated<Demand>> {
        self.demand.get(&(site.cloned(), line))
    }

    /// Whether the region has said anything about its own shelves: before that, nothing there is
    /// unknown rather than zero.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        !(self.units.is_empty() && self.gone.is_empty() && self.counts.is_empty())
    }
}
