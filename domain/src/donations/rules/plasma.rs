//! Plasma for industry: what may go into a lot, and what may leave.

use std::collections::BTreeSet;

use crate::Region;
use crate::blood::Event as Blood;
use crate::blood::event::Used;
use crate::blood::model::unit::{Fate, Status};
use crate::blood::model::{Component, UnitId};
use crate::donations::Event;
use crate::donations::command::plasma::Command;
use crate::donations::event::plasma as said;
use crate::donations::event::withdrawal::Said;
use crate::donations::model::plasma::{Document, Lot, Sold};
use crate::kernel::{not_found, refusals, text};
use crate::words::{Code, Context, NONE, Private, Refusal, SiteId, Time};

refusals! {
    /// Only released plasma of the site goes to industry.
    NOT_PLASMA = "plasma.not_for_industry",
        "blood.md §5.7: plasma that was released and is not needed in care";
    /// A unit of a withdrawn donation is in the lot.
    WITHDRAWN = "plasma.withdrawn", "blood.md §5.6: nothing leaves of a withdrawn donation";
    /// The lot has left, or has nothing in it.
    LOT_CLOSED = "plasma.lot_closed", "blood.md §5.7: a lot leaves once, and whole";
    /// Nothing leaves without its documents.
    NO_DOCUMENT = "plasma.no_document", "EU-GMP annex 14: plasma goes with its documents";
    /// It left later than now.
    AHEAD = "plasma.ahead_of_time", "design §2: a report speaks of what was";
    /// The unit is not in that lot.
    NOT_IN_LOT = "plasma.not_in_lot", "blood.md §5.7: a lot is what was put into it";
}

/// Decides a command about plasma for industry.
pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    match command {
        Command::MakeLot { site, units } => make(region, site, units, ctx),
        Command::TakeOut { lot: name, units, note } => {
            let lot = lot(region, name)?;
            let units = once(units);
            if units.is_empty() {
                return Err(NOT_IN_LOT.because([("lot", name.to_string())]));
            }
            for unit in &units {
                if lot.consignment.is_some() || !lot.inside().any(|one| one == unit) {
                    let facts = [("lot", name.to_string()), ("unit", unit.to_string())];
                    return Err(NOT_IN_LOT.because(facts));
                }
            }
            let note = Some(text("note", note)?);
            let taken = said::PlasmaTakenOut { lot: name.clone(), units };
            Ok(vec![Event::PlasmaTakenOut(taken, Private::Here(Said { note })).into()])
        }
        Command::Consign { lots, buyer, documents, sent } => {
            consign(region, lots, (buyer, documents), *sent, ctx)
        }
    }
}

fn once(units: &[UnitId]) -> Vec<UnitId> {
    units.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

fn lot<'a>(region: &'a Region, name: &Code) -> Result<&'a Lot, Refusal> {
    let held = region.shared.donations.plasma.lots.get(name);
    held.ok_or_else(|| not_found("plasma_lot", name))
}

fn make(
    region: &Region,
    site: &SiteId,
    units: &[UnitId],
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let units = once(units);
    if units.is_empty() {
        return Err(NOT_PLASMA.because([("units", "0".into())]));
    }
    for id in &units {
        let fact = ("unit", id.to_string());
        if region.shared.donations.withdrawn.contains_key(&id.din) {
            return Err(WITHDRAWN.because([fact]));
        }
        let Some(unit) = region.shared.blood.units.get(id) else {
            return Err(not_found("unit", id));
        };
        let fits = unit.status == Status::Available
            && unit.component() == Component::Plasma
            && unit.site == *site
            && unit.expiry > ctx.now;
        if !fits {
            return Err(NOT_PLASMA.because([
                fact,
                ("status", unit.status.as_str().into()),
                ("component", unit.component().to_string()),
                ("site", unit.site.to_string()),
            ]));
        }
    }
    let name = ctx.named::<Code>("pl");
    let made = said::PlasmaLot { lot: name, site: site.clone(), units: units.clone() };
    Ok(vec![
        Blood::Used(Used { units, fate: Fate::Industry }, NONE).into(),
        Event::PlasmaLot(made, NONE).into(),
    ])
}

fn consign(
    region: &Region,
    lots: &[Code],
    (buyer, documents): (&str, &[Document]),
    sent: Time,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let lots: Vec<_> = lots.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    if lots.is_empty() {
        return Err(LOT_CLOSED.because([("lots", "0".into())]));
    }
    for name in &lots {
        let held = lot(region, name)?;
        if held.consignment.is_some() || held.inside().next().is_none() {
            return Err(LOT_CLOSED.because([("lot", name.to_string())]));
        }
        let stopped = |unit: &&UnitId| region.shared.donations.withdrawn.contains_key(&unit.din);
        if let Some(unit) = held.inside().find(stopped) {
            let facts = [("lot", name.to_string()), ("unit", unit.to_string())];
            return Err(WITHDRAWN.because(facts));
        }
    }
    if documents.is_empty() {
        return Err(NO_DOCUMENT.because([("lots", lots.len().to_string())]));
    }
    if sent > ctx.now {
        return Err(AHEAD.because([("sent", sent.to_string())]));
    }
    let document = |one: &Document| {
        let title = text("document", &one.title)?;
        Ok(Document { title, digest: one.digest })
    };
    let documents = documents.iter().map(document).collect::<Result<_, Refusal>>()?;
    let sold = Sold { buyer: text("buyer", buyer)?, documents };
    let consignment = ctx.named::<Code>("pc");
    let gone = said::PlasmaConsigned { consignment, lots, sent };
    Ok(vec![Event::PlasmaConsigned(gone, Private::Here(sold)).into()])
}
