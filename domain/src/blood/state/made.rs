//! Units that come into being, what they are made of, and what their donations' tests say of them.

use std::sync::Arc;

use imbl::Vector;

use super::Shared;
use crate::blood::command::Standing;
use crate::blood::event::{Produced, Tests};
use crate::blood::model::identity::{Din, ProductCode, UnitId};
use crate::blood::model::produce::Source;
use crate::blood::model::unit::{QuarantineReason, Status, Unit};
use crate::words::{Known, Meta};

pub(super) fn apply_produced(shared: &mut Shared, made: &Produced, meta: &Meta) {
    let status = |n: usize| match made.standings.get(n) {
        Some(Standing::Available) => Status::Available,
        Some(Standing::Reserved { until }) => Status::Reserved { until: *until },
        Some(Standing::Quarantined) | None => Status::Quarantined(QuarantineReason::NotReleased),
    };
    shared.enter(&made.site, &made.load, meta, status);
    super::used::begin(shared, &made.site, meta);
    for (entry, volume) in made.load.units.iter().zip(&made.millilitres) {
        if let Known::Value(volume) = volume {
            shared.volumes.insert(entry.id, *volume);
        }
        // A unit with a number of its own is made of several donations.
        if let Source::Units { donations, .. } = &made.from
            && (donations.len() > 1 || donations.first() != Some(&entry.id.din))
        {
            shared.join(entry.id.din, donations);
        }
    }
    for id in &made.consumed {
        shared.take(id);
    }
}

pub(super) fn apply_tests(shared: &mut Shared, said: &Tests, meta: &Meta) {
    let tested = said.tested.clone().map(Arc::new);
    for id in &said.units {
        shared.change(id, meta, |unit| {
            unit.tested.clone_from(&tested);
            unit.group = said.group.value().map_or(unit.group, Known::Value);
            unit.phenotype = said.phenotype;
        });
    }
}

impl Shared {
    fn join(&mut self, pool: Din, donations: &[Din]) {
        self.pools.insert(pool, donations.iter().copied().collect());
        for din in donations {
            let into = self.pooled.entry(*din).or_default();
            if !into.contains(&pool) {
                into.push_back(pool);
            }
        }
    }

    /// The live units that carry a number.
    pub fn units_of(&self, din: &Din) -> impl Iterator<Item = (&UnitId, &Unit)> {
        let first = UnitId { din: *din, product: ProductCode::FIRST };
        let last = UnitId { din: *din, product: ProductCode::LAST };
        self.units.range(first..=last)
    }

    /// The live units that something of a donation is in: its own, and those of the pools that it
    /// went into.
    #[must_use]
    pub fn units_with(&self, din: &Din) -> Vec<UnitId> {
        let pools = self.pooled.get(din).into_iter().flatten();
        let all = std::iter::once(din).chain(pools);
        all.flat_map(|din| self.units_of(din).map(|(id, _)| *id)).collect()
    }

    /// The donations that a unit is made of.
    #[must_use]
    pub fn donations_in(&self, id: &UnitId) -> Vector<Din> {
        self.pools.get(&id.din).cloned().unwrap_or_else(|| Vector::unit(id.din))
    }
}
