//! Material and people between regions: needed, offered, accepted, lent, returned. Each step is
//! its own region's, and names the other's record.

use super::super::command::Command;
use super::super::event::{Answering, Event};
use super::super::model::Material;
use super::{ANSWERED, COUNT, NOT_OURS};
use crate::Region;
use crate::kernel::text;
use crate::words::{Context, NONE, RecordRef, Refusal};

/// Most of anything.
const COUNT_MAX: u32 = 10_000;

/// Decides a step.
pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    Ok(match command {
        Command::Need { material } => {
            let material = Material { answers: None, ..checked(material)? };
            Event::Needed(material, NONE)
        }
        Command::Offer { material } => {
            let material = checked(material)?;
            if material.answers.is_some() {
                let (_, needed) = theirs(ctx)?;
                if !matches!(needed, Event::Needed(..)) {
                    return Err(not_ours(ctx));
                }
            }
            Event::Offered(material, NONE)
        }
        Command::Accept { .. } => {
            let (record, offer) = theirs(ctx)?;
            let Event::Offered(material, _) = offer else { return Err(not_ours(ctx)) };
            once(region, &record, "readiness.accepted")?;
            let material = material.clone();
            Event::Accepted(Answering { record, material, note: None }, NONE)
        }
        Command::Lend { .. } => {
            let (record, accepted) = theirs(ctx)?;
            let Event::Accepted(Answering { record: offer, material, .. }, _) = accepted else {
                return Err(not_ours(ctx));
            };
            if offer.journal != *ctx.region {
                return Err(not_ours(ctx));
            }
            once(region, &record, "readiness.lent")?;
            let material = material.clone();
            Event::Lent(Answering { record, material, note: None }, NONE)
        }
        Command::Return { note, .. } => {
            let (record, lent) = theirs(ctx)?;
            let Event::Lent(Answering { record: acceptance, material, .. }, _) = lent else {
                return Err(not_ours(ctx));
            };
            if acceptance.journal != *ctx.region {
                return Err(not_ours(ctx));
            }
            once(region, &record, "readiness.returned")?;
            let (material, note) = (material.clone(), Some(text("note", note)?));
            Event::Returned(Answering { record, material, note }, NONE)
        }
        _ => unreachable!("routed by decide"),
    })
}

fn not_ours(ctx: &Context<'_>) -> Refusal {
    NOT_OURS.because([("region", ctx.region.to_string())])
}

/// The other region's event, of the same mode.
fn theirs<'a>(ctx: &Context<'a>) -> Result<(RecordRef, &'a Event), Refusal> {
    let foreign = ctx.foreign.ok_or_else(|| not_ours(ctx))?;
    match &foreign.event {
        crate::Event::Readiness(event)
            if foreign.mode == ctx.mode && foreign.at.journal != *ctx.region =>
        {
            Ok((foreign.at.clone(), event))
        }
        _ => Err(not_ours(ctx)),
    }
}

fn once(region: &Region, record: &RecordRef, kind: &str) -> Result<(), Refusal> {
    if region.shared.readiness.answered(record, kind) {
        return Err(ANSWERED.because([("record", record.hash.to_string())]));
    }
    Ok(())
}

fn checked(material: &Material) -> Result<Material, Refusal> {
    if material.count == 0 || material.count > COUNT_MAX {
        return Err(COUNT.because([("units", material.count.to_string())]));
    }
    Ok(Material { what: text("what", &material.what)?, ..material.clone() })
}
