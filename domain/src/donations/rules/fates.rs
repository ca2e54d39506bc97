//! What the record says became of a donation's units: read from the far past, unit by unit.

use std::collections::{BTreeMap, BTreeSet};

use crate::blood::Event as Blood;
use crate::blood::Shared as Stock;
use crate::blood::model::stock::Arrival;
use crate::blood::model::unit::{Fate, Status, Unit};
use crate::blood::model::{Din, UnitId};
use crate::donations::Event as Own;
use crate::donations::model::withdrawal::Found;
use crate::words::{JournalId, Past, Private, RequestId};

/// Where a unit of the live stock is.
pub(super) fn live(unit: &Unit) -> Found {
    match unit.status {
        Status::Missing | Status::Lost => Found::Missing,
        Status::InTransit => Found::InTransit,
        Status::Issued => Found::Issued,
        Status::Available | Status::Reserved { .. } | Status::Quarantined(_) | Status::Outdated => {
            Found::Held { site: unit.site.clone() }
        }
    }
}

/// What became of the units of some donations.
#[derive(Default)]
pub(super) struct Fates {
    /// Unit by unit.
    pub found: BTreeMap<UnitId, Found>,
    /// For which request each was handed out last, of those that did not come back.
    pub requests: BTreeMap<UnitId, RequestId>,
}

/// Reads the past of donations; what is in the live stock is where the stock says.
pub(super) fn fates(dins: &BTreeSet<Din>, stock: &Stock, history: &[Past]) -> Fates {
    let mut lines: Vec<_> = history.iter().collect();
    lines.sort_by_key(|past| (past.meta.at.epoch, past.meta.at.seq));
    let mut fates = Fates::default();
    for past in lines {
        match &past.event {
            crate::Event::Blood(event) => fates.tell(dins, event),
            crate::Event::Donations(Own::PlasmaLot(made, _)) => {
                for unit in made.units.iter().filter(|unit| dins.contains(&unit.din)) {
                    fates.found.insert(*unit, Found::Industry { lot: made.lot.clone() });
                }
            }
            _ => {}
        }
    }
    for din in dins {
        for (id, unit) in stock.units_of(din) {
            fates.found.insert(*id, live(unit));
        }
    }
    let out = |found: &Found| {
        matches!(found, Found::Issued | Found::Transfused | Found::PresumedTransfused)
    };
    fates.requests.retain(|unit, _| fates.found.get(unit).is_some_and(out));
    fates
}

impl Fates {
    fn tell(&mut self, dins: &BTreeSet<Din>, event: &Blood) {
        let mut put = |unit: &UnitId, found: Found| {
            if dins.contains(&unit.din) {
                self.found.insert(*unit, found);
            }
        };
        match event {
            Blood::TakenOver(taken, _) => {
                taken.load.units.iter().for_each(|entry| put(&entry.id, Found::Lost));
            }
            Blood::Produced(made, _) => {
                made.load.units.iter().for_each(|entry| put(&entry.id, Found::Lost));
                made.consumed.iter().for_each(|unit| put(unit, Found::UsedUp));
            }
            Blood::Received(received, _) => {
                let here: BTreeSet<_> = received.load.units.iter().map(|entry| entry.id).collect();
                for (unit, outcome) in &received.outcomes {
                    match outcome {
                        Arrival::Missing => {}
                        _ if here.contains(unit) => put(unit, Found::Lost),
                        _ => put(unit, Found::HandedOver { site: received.site.clone() }),
                    }
                }
            }
            Blood::Settled(settled, _) => {
                let to: &JournalId = &settled.receipt.journal;
                settled.arrived.iter().for_each(|unit| put(unit, Found::SentOn { to: to.clone() }));
            }
            Blood::Discarded(gone, _) => {
                gone.units.iter().for_each(|unit| put(unit, Found::Discarded));
            }
            Blood::Used(used, _) => {
                let found = match used.fate {
                    Fate::Transfused => Found::Transfused,
                    Fate::Wasted => Found::Wasted,
                    Fate::PresumedTransfused => Found::PresumedTransfused,
                    // Which lot is said beside it.
                    Fate::Industry => return,
                };
                used.units.iter().for_each(|unit| put(unit, found.clone()));
            }
            Blood::Issued(given, Private::Here(to)) => {
                for unit in given.units.iter().filter(|unit| dins.contains(&unit.din)) {
                    self.requests.insert(*unit, to.request.clone());
                }
            }
            Blood::Returned(back, _) => {
                back.units.iter().for_each(|unit| drop(self.requests.remove(unit)));
            }
            _ => {}
        }
    }
}
