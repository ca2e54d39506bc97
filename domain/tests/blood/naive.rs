//! The picture again, by looking at every unit and every row: slow and plain.

use samband_domain::blood::model::stock::{Arrival, ExternalCount};
use samband_domain::blood::model::{Component, Group, Status};
use samband_domain::kernel::{RecordKeeper, SiteKind};
use samband_domain::{JournalId, Known, SharedState, Time};

/// Available, reserved, quarantined, on its way here.
#[derive(Debug, PartialEq, Eq)]
pub struct Numbers {
    pub available: Known<u32>,
    pub reserved: Known<u32>,
    pub quarantined: Known<u32>,
    pub in_transit: u32,
}

/// A region's line of a component, of one group or of all.
pub fn numbers(
    all: &[(&JournalId, &SharedState)],
    region: &JournalId,
    component: Component,
    group: Option<Group>,
    now: Time,
) -> Numbers {
    let state = all.iter().find(|(id, _)| *id == region).unwrap().1;
    let (kernel, stock) = (&state.kernel, &state.blood);
    let mut sums = [Known::Value(0), Known::Value(0), Known::Value(0)];
    let mut add = |place: usize, more: Known<u32>| {
        sums[place] = sums[place].with(more, |a, b| a + b);
    };
    let own = |site: &samband_domain::SiteId| kernel.sites[site].record == RecordKeeper::Samband;
    let of_line = |held: Known<Group>| group.is_none_or(|one| held == Known::Value(one));
    for unit in stock.units.values().filter(|unit| own(&unit.site)) {
        if unit.component() != component || !of_line(unit.group) {
            continue;
        }
        match unit.status {
            Status::Available if unit.expiry > now => add(0, Known::Value(1)),
            Status::Reserved { .. } => add(1, Known::Value(1)),
            Status::Quarantined(_) => add(2, Known::Value(1)),
            _ => {}
        }
    }
    for site in kernel.sites.values().filter(|site| site.record == RecordKeeper::External) {
        let told = stock.external.get(&site.id);
        let holds = site.kind == SiteKind::BloodCentre || told.is_some();
        if !site.window.contains(now) || !holds {
            continue;
        }
        let rows: Vec<&ExternalCount> = told
            .iter()
            .flat_map(|told| &told.value.rows)
            .filter(|row| row.component == component)
            .collect();
        let has = |group: Known<Group>| rows.iter().any(|row| row.group == group);
        let complete = match group {
            Some(group) => has(Known::Value(group)),
            None => has(Known::Unknown) || Group::ALL.iter().all(|one| has(Known::Value(*one))),
        };
        for row in rows.iter().filter(|row| of_line(row.group)) {
            add(0, row.available);
            add(1, row.reserved);
            add(2, row.quarantined);
        }
        if !complete {
            (0..3).for_each(|place| add(place, Known::Unknown));
        }
    }
    let said = |unit, dispatch| {
        let receipts = all.iter().filter_map(|(_, state)| state.blood.receipts.get(dispatch));
        let outcomes = receipts.flat_map(|receipt| &receipt.outcomes);
        outcomes.filter(|(one, _)| one == unit).map(|(_, outcome)| *outcome).next_back()
    };
    let mut in_transit = 0;
    for (_, sender) in all {
        for shipment in sender.blood.shipments.values() {
            if shipment.way.to_region != *region {
                continue;
            }
            for id in &shipment.units {
                let unit = &sender.blood.units[id];
                let there = said(id, &shipment.at.hash);
                let open = there.is_none_or(|outcome| outcome == Arrival::Missing);
                if open && unit.component() == component && of_line(unit.group) {
                    in_transit += 1;
                }
            }
        }
    }
    let [available, reserved, quarantined] = sums;
    Numbers { available, reserved, quarantined, in_transit }
}
