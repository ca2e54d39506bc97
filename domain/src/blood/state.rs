//! A region's live stock: a fold over its events. Units that were used, discarded or handed over
//! leave the state; the subject index finds them in the record.

mod made;
mod moving;
mod supply;
mod used;

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use super::command::Standing;
use super::event::{Corrected, Counted, Event, TestsRecorded};
use super::model::codes::CodeTable;
use super::model::identity::{Din, UnitId};
use super::model::stock::{
    Consigned, Demand, Duty, ExternalStock, Line, Load, Receipt, Shipment, Shortage,
};
use super::model::unit::{Entry, QuarantineReason, Status, TestResult, Tested, Unit};
use super::shelf::Shelves;
use crate::words::{
    ActorId, Code, Digest, Known, Meta, Private, RecordRef, RequestId, SiteId, Time,
};

pub use supply::Supply;
pub use used::UsedThere;

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
    /// What is asked, offered and answered, and when couriers go.
    pub supply: Supply,
    /// Stocks below their minimum.
    pub shortages: OrdMap<Line, Shortage>,
    /// Counts so far: the latest of each site.
    pub counts: OrdMap<SiteId, Stated<Counted>>,
    /// Units that were here once, in eight bytes each: none of them is taken over again.
    pub gone: OrdSet<u64>,
    /// The donations that a number of several donations stands for.
    pub pools: OrdMap<Din, Vector<Din>>,
    /// The numbers that a donation went into.
    pub pooled: OrdMap<Din, Vector<Din>>,
    /// How much units hold, in millilitres, as far as it is known.
    pub volumes: OrdMap<UnitId, u16>,
    /// What was transfused day by day, by the site that the units lay at.
    pub used: OrdMap<SiteId, UsedThere>,
    /// What went to other regions, by the dispatch's hash; kept when it has arrived.
    #[serde(default)]
    pub consigned: OrdMap<Digest, Consigned>,
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
    supply: Supply,
    shortages: OrdMap<Line, Shortage>,
    counts: OrdMap<SiteId, Stated<Counted>>,
    gone: OrdSet<u64>,
    pools: OrdMap<Din, Vector<Din>>,
    pooled: OrdMap<Din, Vector<Din>>,
    volumes: OrdMap<UnitId, u16>,
    used: OrdMap<SiteId, UsedThere>,
    #[serde(default)]
    consigned: OrdMap<Digest, Consigned>,
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
            supply: kept.supply,
            shortages: kept.shortages,
            counts: kept.counts,
            gone: kept.gone,
            pools: kept.pools,
            pooled: kept.pooled,
            volumes: kept.volumes,
            used: kept.used,
            consigned: kept.consigned,
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
    /// The units that a request holds: set aside, or in the ward's hand.
    pub by_request: OrdMap<RequestId, OrdSet<UnitId>>,
    /// Which request holds a unit.
    pub request_of: OrdMap<UnitId, RequestId>,
    /// Who put a unit's facts right since it was last released; somebody else releases it.
    pub corrected_by: OrdMap<UnitId, OrdSet<ActorId>>,
}

impl Own {
    fn hold(&mut self, request: &RequestId, id: &UnitId) {
        self.let_go(id);
        self.request_of.insert(*id, request.clone());
        self.by_request.entry(request.clone()).or_default().insert(*id);
    }

    fn let_go(&mut self, id: &UnitId) {
        let Some(request) = self.request_of.remove(id) else { return };
        if let Some(units) = self.by_request.get_mut(&request) {
            units.remove(id);
            if units.is_empty() {
                self.by_request.remove(&request);
            }
        }
    }
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
            self.volumes.remove(id);
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
        Event::Dispatched(..)
        | Event::Received(..)
        | Event::Settled(..)
        | Event::CalledOff(..)
        | Event::CallingOffNoted(..)
        | Event::TakenBack(..)
        | Event::LostStated(..) => moving::apply(shared, event, meta),
        Event::Asked(..)
        | Event::Offered(..)
        | Event::Answered(..)
        | Event::CallWithdrawn(..)
        | Event::LegStated(..)
        | Event::LegEnded(..) => shared.supply.apply(event, meta),
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
            used::begin(shared, &taken.site, meta);
        }
        Event::Produced(made, _) => made::apply_produced(shared, made, meta),
        Event::DonationTested(said, _) => made::apply_tests(shared, said, meta),
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
        Event::Issued(given, _) => shared.change_all(&given.units, meta, Status::Issued),
        Event::Returned(back, _) => {
            let status = back.held.map_or(Status::Available, Status::Quarantined);
            for id in &back.units {
                shared.change(id, meta, |unit| {
                    unit.site = back.site.clone();
                    unit.status = status;
                });
            }
        }
        Event::Used(used, _) => {
            used::count(shared, used, meta);
            for id in &used.units {
                shared.take(id);
            }
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
            if let Some(request) = &purpose.request {
                own.hold(request, id);
            }
        }
    }
    if let Event::Issued(given, Private::Here(to)) = event {
        for id in &given.units {
            own.hold(&to.request, id);
        }
    }
    for id in event.units() {
        let unit = shared.units.get(&id);
        if !matches!(unit.map(|unit| unit.status), Some(Status::Reserved { .. })) {
            own.purposes.remove(&id);
        }
        let held = |status| matches!(status, Status::Reserved { .. } | Status::Issued);
        if !unit.is_some_and(|unit| held(unit.status)) {
            own.let_go(&id);
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

    /// Whether a site's own record has begun: its stock was taken over or counted, or it made units
    /// itself. A delivery alone says nothing of what else lies there.
    #[must_use]
    pub fn has_begun_at(&self, site: &SiteId) -> bool {
        self.used.contains_key(site) || self.counts.contains_key(site)
    }
}
