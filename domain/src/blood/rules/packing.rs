//! How a dispatch is packed, how its boxes came, and what the receiver's rules will say of it.

use std::collections::BTreeSet;

use super::super::model::identity::UnitId;
use super::super::model::product::Product;
use super::super::model::stock::{Arrival, Way};
use super::super::model::supply::{BoxArrival, BoxState, Parcel};
use super::super::model::unit::Unit;
use super::super::state::Shared;
use super::refusals::{BOX_MISSING, BOX_UNKNOWN, LEAVES, LEG_UNKNOWN, PACKING};
use super::{House, tests};
use crate::kernel::optional_text;
use crate::rulesets::{self, InForce, Key, Scope};
use crate::words::{Context, JournalId, Known, Refusal, Time};

/// Why a unit waits in quarantine whose box was too warm or too cold when it came.
pub const TOO_WARM_OR_COLD: &str = "shipment.temperature";

/// Why a unit waits whose box was open, wet or crushed.
pub const BOX_DAMAGED: &str = "shipment.box_damaged";

/// A courier may be told to come this many days ahead.
const AHEAD_DAYS: i64 = 7;

/// Whether every unit lies in one box, boxes are numbered from one without a gap, and the times
/// can be.
pub(super) fn checked(
    house: &House<'_>,
    (way, units): (&Way, &[UnitId]),
    parcel: &Parcel,
    ctx: &Context<'_>,
) -> Result<Parcel, Refusal> {
    let mut parcel = parcel.clone();
    numbered(&mut parcel, units)?;
    parcel.consignment = optional_text("consignment", parcel.consignment.as_ref())?;
    if let Some(number) = &parcel.consignment {
        // Facility, two digits of the year, five of the consignment.
        let fits = |(at, c): (usize, char)| {
            if at < 5 { c.is_ascii_uppercase() || c.is_ascii_digit() } else { c.is_ascii_digit() }
        };
        if number.len() != 12 || !number.chars().enumerate().all(fits) {
            return Err(PACKING.because([("consignment", number.chars().take(40).collect())]));
        }
    }
    for one in &mut parcel.boxes {
        one.logger = optional_text("logger", one.logger.as_ref())?;
    }
    if let Some(leaves) = parcel.leaves {
        let ahead = ctx.now <= leaves && leaves <= ctx.now.plus_days(AHEAD_DAYS);
        if !ahead || way.eta.value().is_some_and(|eta| eta < leaves) {
            return Err(LEAVES.because([("leaves", leaves.to_string())]));
        }
    }
    if let Some(code) = &parcel.leg {
        let leg = house.shared.supply.legs.get(code).map(|held| &held.value);
        let goes = leg.is_some_and(|leg| {
            (&leg.from, &leg.to_region, &leg.to_site) == (&way.from, &way.to_region, &way.to_site)
        });
        if !goes {
            return Err(LEG_UNKNOWN.because([("leg", code.to_string())]));
        }
    }
    Ok(parcel)
}

fn numbered(parcel: &mut Parcel, units: &[UnitId]) -> Result<(), Refusal> {
    if parcel.boxes.is_empty() {
        return Ok(());
    }
    parcel.boxes.sort_by_key(|one| one.number);
    for (n, one) in parcel.boxes.iter().enumerate() {
        if usize::from(one.number) != n + 1 || one.number > 99 || one.units.is_empty() {
            return Err(PACKING.because([("box", one.number.to_string())]));
        }
    }
    let mut packed = BTreeSet::new();
    for unit in parcel.boxes.iter().flat_map(|one| &one.units) {
        if !packed.insert(*unit) || !units.contains(unit) {
            return Err(PACKING.because([("unit", unit.to_string())]));
        }
    }
    match units.iter().find(|unit| !packed.contains(unit)) {
        Some(unit) => Err(PACKING.because([("unit", unit.to_string())])),
        None => Ok(()),
    }
}

/// Whether what is said of boxes agrees with what was sent and with what is said of units.
pub(super) fn boxes_agree(
    parcel: &Parcel,
    outcomes: &[(UnitId, Arrival)],
    boxes: &[BoxArrival],
) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for said in boxes {
        let number = || ("box", said.number.to_string());
        let sent = parcel.boxes.iter().find(|one| one.number == said.number);
        let sent = sent.filter(|_| seen.insert(said.number));
        let sent = sent.ok_or_else(|| BOX_UNKNOWN.because([number()]))?;
        let came = outcomes.iter().filter(|(_, outcome)| *outcome != Arrival::Missing);
        let mut came = came.filter(|(unit, _)| sent.units.contains(unit));
        if said.state == BoxState::Missing
            && let Some((unit, _)) = came.next()
        {
            return Err(BOX_MISSING.because([number(), ("unit", unit.to_string())]));
        }
    }
    Ok(())
}

/// Why a unit that was accepted waits nevertheless, by how its box came: it was damaged, or its
/// temperature is outside what this region's rules let the product be stored at. A temperature
/// that no rule can judge does not let it through.
pub(super) fn by_box(
    rules: Result<&InForce, Refusal>,
    (parcel, boxes): (&Parcel, &[BoxArrival]),
    (unit, product): (&UnitId, Product),
) -> Option<String> {
    let number = parcel.box_of(unit)?.number;
    let said = boxes.iter().find(|said| said.number == number)?;
    if said.state == BoxState::Damaged {
        return Some(BOX_DAMAGED.into());
    }
    let tenths = said.tenths.value()?;
    let range = rules.and_then(|rules| rules.temperature(storage(product)));
    match range {
        Ok((lowest, highest)) => {
            let fits = lowest.is_none_or(|lowest| lowest <= tenths) && tenths <= highest;
            (!fits).then(|| TOO_WARM_OR_COLD.to_owned())
        }
        Err(refusal) => Some(refusal.kind.code.to_owned()),
    }
}

fn storage(product: Product) -> Key {
    Key::find(&format!("storage.{product}")).expect("every product has its key")
}

/// What a receiving region's published rules say of units before they are sent: for each that
/// would wait in quarantine there, why. A region that has published no rules lets nothing through.
#[must_use]
pub fn receiver_says<'a>(
    (region, rules): (&JournalId, &rulesets::Shared),
    units: impl Iterator<Item = (&'a UnitId, &'a Unit)>,
    now: Time,
) -> Vec<(UnitId, Refusal)> {
    let says = |(id, unit): (&'a UnitId, &'a Unit)| {
        let (group, expiry, tested) = (unit.group, unit.expiry, unit.tested.as_deref());
        let facts = tests::Facts { id: *id, group, expiry, tested };
        let rules = rules.required(Scope::Blood, now, region);
        rules.and_then(|rules| tests::meets(rules, &facts, now)).err().map(|why| (*id, why))
    };
    units.filter_map(says).collect()
}

/// The same for units of one region's stock, by their numbers; what is not known is left out.
#[must_use]
pub fn receiver_says_of(
    receiver: (&JournalId, &rulesets::Shared),
    (stock, units): (&Shared, &[UnitId]),
    now: Time,
) -> Vec<(UnitId, Refusal)> {
    let known = units.iter().filter_map(|id| Some((id, stock.units.get(id)?)));
    receiver_says(receiver, known, now)
}

/// Whether nothing is known that would make a box's temperature doubtful.
#[must_use]
pub fn in_range(rules: &InForce, product: Product, tenths: i16) -> Known<bool> {
    let range = rules.temperature(storage(product)).ok();
    let fits = |(lowest, highest): (Option<i16>, i16)| {
        lowest.is_none_or(|lowest| lowest <= tenths) && tenths <= highest
    };
    range.map(fits).into()
}
