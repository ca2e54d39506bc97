//! What the clock and the neighbours' receipts make due. Pure and safe to repeat.

use super::super::command::Command;
use super::super::event::{Event, ShortageEnded, ShortageNoted, Units};
use super::super::model::identity::UnitId;
use super::super::model::stock::{Line, Shipment, Shortage};
use super::super::model::unit::Status;
use super::super::state::Shared;
use super::super::view::usable::{Usable, minimum, minimum_lines, usable};
use super::refusals::NOT_DUE;
use super::{House, listed};
use crate::words::{Context, JournalId, NONE, Refusal, Time};
use crate::{kernel, rulesets};

/// Most units in one due command; the rest follows at the next look.
const AT_A_TIME: usize = 500;

pub(super) fn decide(
    house: &House<'_>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::Lapse { units } => {
            listed(units)?;
            for id in units {
                let status = house.unit(id)?.status;
                if !matches!(status, Status::Reserved { until } if until <= ctx.now) {
                    return Err(NOT_DUE.because([("unit", id.to_string())]));
                }
            }
            Event::Lapsed(Units { units: units.clone() }, NONE)
        }
        Command::Outdate { units } => {
            listed(units)?;
            for id in units {
                let unit = house.unit(id)?;
                if !unit.status.outdates() || unit.expiry > ctx.now {
                    return Err(NOT_DUE.because([("unit", id.to_string())]));
                }
            }
            Event::Outdated(Units { units: units.clone() }, NONE)
        }
        Command::NoteShortage { line } => note_shortage(house, *line, ctx)?,
        Command::NoteShortageEnd { line } => {
            let held = house.shared.shortages.get(line);
            let facts = [("component", line.component.to_string())];
            let held = held.ok_or_else(|| NOT_DUE.because(facts.clone()))?;
            let least = minimum(house.in_force(ctx)?, *line);
            let left = usable(house.shared, house.kernel, *line, ctx.now);
            if least.is_some_and(|least| !left.reaches(least)) {
                return Err(NOT_DUE.because(facts));
            }
            Event::ShortageEnded(ShortageEnded { line: *line, since: held.since }, NONE)
        }
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn note_shortage(house: &House<'_>, line: Line, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let rules = house.in_force(ctx)?;
    let least = minimum(rules, line)
        .ok_or_else(|| NOT_DUE.because([("component", line.component.to_string())]))?;
    let left = usable(house.shared, house.kernel, line, ctx.now);
    if !left.below(least) || house.shared.shortages.contains_key(&line) {
        return Err(NOT_DUE.because([
            ("component", line.component.to_string()),
            ("usable", left.known.to_string()),
            ("minimum", least.to_string()),
        ]));
    }
    let shortage =
        Shortage { since: ctx.now, minimum: least, usable: left.known, rule_set: rules.digest };
    Ok(Event::ShortageNoted(ShortageNoted { line, shortage }, NONE))
}

/// What is due in a region: units past their expiry, reservations that lapsed, stocks that fell
/// below their minimum or rose above it, and receipts of what was sent.
///
/// `others` are the states of every journal known here, the own one among them.
#[must_use]
pub fn due(
    journal: &JournalId,
    (shared, kernel, rules): (&Shared, &kernel::Shared, &rulesets::Shared),
    others: &[(&JournalId, &Shared)],
    now: Time,
) -> Vec<Command> {
    let mut all = by_the_clock(shared, now);
    if all.is_empty() {
        // What lapses comes back to the shelf: a shortage is judged when that has happened.
        all.extend(shortages((shared, kernel, rules), now));
    }
    for (digest, shipment) in &shared.shipments {
        let receiver = others.iter().find(|(journal, _)| **journal == shipment.way.to_region);
        let receipt = receiver.and_then(|(_, state)| state.receipts.get(digest));
        // One at a time: what one receipt closes, the next need not.
        let unsettled = receipt.iter().flat_map(|receipt| &receipt.at).find(|at| {
            // Within one region a receipt acts by itself.
            at.journal != shipment.at.journal && !shipment.settled.contains(&at.hash)
        });
        let noted = receipt.and_then(|receipt| receipt.noted.as_ref());
        let noted = noted.filter(|at| !shipment.settled.contains(&at.hash));
        let settle = unsettled.map(|at| Command::Settle { receipt: at.clone() });
        all.extend(settle.or_else(|| noted.map(|at| Command::TakeBack { noted: at.clone() })));
    }
    all.extend(called_off(journal, shared, others));
    all
}

/// Dispatches to this region that their senders called off.
fn called_off(
    journal: &JournalId,
    shared: &Shared,
    others: &[(&JournalId, &Shared)],
) -> Vec<Command> {
    let theirs = others.iter().filter(|(other, _)| *other != journal);
    let shipments = theirs.flat_map(|(_, state)| state.shipments.values());
    let to_here = shipments.filter(|shipment| shipment.way.to_region == *journal);
    let noted = |shipment: &Shipment| {
        let receipt = shared.receipts.get(&shipment.at.hash);
        receipt.is_some_and(|receipt| receipt.noted.is_some())
    };
    let open = to_here.filter(|shipment| !noted(shipment));
    let records = open.filter_map(|shipment| shipment.called_off.as_ref());
    records.map(|record| Command::NoteCallingOff { called_off: record.at.clone() }).collect()
}

fn by_the_clock(shared: &Shared, now: Time) -> Vec<Command> {
    let due = shared.shelves.clock.range(..=(now, UnitId::MAX)).take(AT_A_TIME);
    let (mut lapsed, mut outdated) = (Vec::new(), Vec::new());
    for (_, id) in due {
        match shared.units.get(id) {
            Some(unit) if unit.expiry <= now => outdated.push(*id),
            Some(_) => lapsed.push(*id),
            None => {}
        }
    }
    let lapsed = (!lapsed.is_empty()).then_some(Command::Lapse { units: lapsed });
    let outdated = (!outdated.is_empty()).then_some(Command::Outdate { units: outdated });
    lapsed.into_iter().chain(outdated).collect()
}

fn shortages(
    (shared, kernel, rules): (&Shared, &kernel::Shared, &rulesets::Shared),
    now: Time,
) -> Vec<Command> {
    let Some(rules) = rules.in_force(rulesets::Scope::Blood, now) else {
        // Without rules nobody can say that a shortage ended, nor that one began.
        return Vec::new();
    };
    // Until a region has a stock at all, an empty shelf is unknown rather than a shortage.
    if !shared.has_begun() && shared.external.is_empty() {
        return Vec::new();
    }
    let judge = |line: Line| {
        let held = shared.shortages.contains_key(&line);
        let Some(least) = minimum(rules, line) else {
            return held.then_some(Command::NoteShortageEnd { line });
        };
        let left: Usable = usable(shared, kernel, line, now);
        match held {
            false if left.below(least) => Some(Command::NoteShortage { line }),
            true if left.reaches(least) => Some(Command::NoteShortageEnd { line }),
            _ => None,
        }
    };
    minimum_lines().filter_map(judge).collect()
}
