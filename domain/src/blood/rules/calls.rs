//! What regions ask of and offer to each other, and the timetable. Another region's call acts here
//! only through an answer of this region's own that names it by hash.

use super::super::command::Command;
use super::super::event::supply::{Answered, CallWithdrawn, Called, LegEnded, LegStated};
use super::super::event::{Event, Note};
use super::super::model::identity::UnitId;
use super::super::model::stock::Way;
use super::super::model::supply::{Cited, Goods, Leg, Side, Verdict};
use super::super::model::unit::Unit;
use super::refusals::{
    ANSWER, CALL_OVER, CALL_UNKNOWN, GOODS, LEG, LEG_UNKNOWN, NOT_AGREED, NOT_ASKED, TOO_MANY,
};
use super::send::referred;
use super::{House, ROWS_MAX};
use crate::kernel::{optional_text, text};
use crate::words::{Context, Digest, JournalId, Known, NONE, Private, RecordRef, Refusal, SiteId};

/// A leg is under way for less than two days.
const UNDER_WAY_MAX: u16 = 48 * 60;

pub(super) fn decide(
    house: &House<'_>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::Call { .. } => call(house, command, ctx)?,
        Command::Answer { call, site, verdict, units, reason } => {
            let said = (*verdict, *units, reason.as_ref());
            Event::Answered(answer(house, (call, site), said, ctx)?, NONE)
        }
        Command::WithdrawCall { call, reason } => {
            let held = house.shared.supply.calls.get(&call.hash).filter(|held| held.at == *call);
            let held = held.ok_or_else(|| unknown(call))?;
            if held.withdrawn.is_some() {
                return Err(CALL_OVER.because([("by", held.by.to_string())]));
            }
            let said = CallWithdrawn { call: call.clone(), reason: text("reason", reason)? };
            Event::CallWithdrawn(said, NONE)
        }
        Command::StateLeg { leg } => {
            Event::LegStated(LegStated { leg: line(house, leg, ctx)? }, NONE)
        }
        Command::EndLeg { code } => {
            if !house.shared.supply.legs.contains_key(code) {
                return Err(LEG_UNKNOWN.because([("leg", code.to_string())]));
            }
            Event::LegEnded(LegEnded { code: code.clone() }, NONE)
        }
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn unknown(call: &RecordRef) -> Refusal {
    CALL_UNKNOWN.because([("journal", call.journal.to_string()), ("hash", call.hash.short())])
}

fn call(house: &House<'_>, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let Command::Call { side, site, to_region, to_site, goods, by, note } = command else {
        unreachable!("routed by decide");
    };
    house.open_site(site, ctx)?;
    if to_region == ctx.region {
        let to = to_site.as_ref().filter(|to| *to != site);
        let to = to.ok_or_else(|| GOODS.because([("field", "to_site".into())]))?;
        house.open_site(to, ctx)?;
    }
    possible(goods)?;
    if *by <= ctx.now {
        return Err(CALL_OVER.because([("by", by.to_string())]));
    }
    let called = Called {
        site: site.clone(),
        to_region: to_region.clone(),
        to_site: to_site.clone(),
        goods: goods.clone(),
        by: *by,
    };
    let note = Private::Here(Note { note: optional_text("note", note.as_ref())? });
    Ok(match side {
        Side::Ask => Event::Asked(called, note),
        Side::Offer => Event::Offered(called, note),
    })
}

fn possible(goods: &Goods) -> Result<(), Refusal> {
    let most = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
    if goods.units == 0 || goods.units > most {
        let facts = [("field", "units".into()), ("units", goods.units.to_string())];
        return Err(GOODS.because(facts));
    }
    Ok(())
}

fn answer(
    house: &House<'_>,
    (call, site): (&RecordRef, &SiteId),
    (verdict, units, reason): (Verdict, u32, Option<&String>),
    ctx: &Context<'_>,
) -> Result<Answered, Refusal> {
    let (side, called) = match referred(call, ctx)? {
        Event::Asked(called, _) => (Side::Ask, called),
        Event::Offered(called, _) => (Side::Offer, called),
        _ => return Err(unknown(call)),
    };
    if called.to_region != *ctx.region {
        return Err(NOT_ASKED.because([("to", called.to_region.to_string())]));
    }
    // Who gives what is in this record; a place of another system's may ask and may receive.
    match side {
        Side::Ask if verdict != Verdict::Decline => house.own_site(site, ctx)?,
        _ => house.open_site(site, ctx).map(|_| ())?,
    }
    if called.by <= ctx.now {
        return Err(CALL_OVER.because([("by", called.by.to_string())]));
    }
    let asked = called.goods.units;
    let fits = match verdict {
        Verdict::Accept => units == asked,
        Verdict::Partly => (1..asked).contains(&units),
        Verdict::Decline => units == 0,
    };
    let sent = house.shared.supply.answers.get(&call.hash).map_or(0, |before| before.sent);
    if !fits || (side == Side::Ask && units < sent) {
        return Err(ANSWER.because([
            ("verdict", verdict.to_string()),
            ("units", units.to_string()),
            ("asked", asked.to_string()),
            ("sent", sent.to_string()),
        ]));
    }
    let reason = match verdict {
        Verdict::Accept => optional_text("reason", reason)?,
        Verdict::Partly | Verdict::Decline => {
            Some(text("reason", reason.map_or("", String::as_str))?)
        }
    };
    Ok(Answered {
        call: call.clone(),
        side,
        site: site.clone(),
        caller: called.site.clone(),
        verdict,
        units,
        goods: called.goods.clone(),
        by: called.by,
        reason,
    })
}

fn line(house: &House<'_>, leg: &Leg, ctx: &Context<'_>) -> Result<Leg, Refusal> {
    house.open_site(&leg.from, ctx)?;
    let wrong = |field: &'static str| Err(LEG.because([("field", field.into())]));
    if leg.to_region == *ctx.region && leg.to_site == leg.from {
        return wrong("to_site");
    }
    let mut days = leg.days.clone();
    days.sort_unstable();
    days.dedup();
    if days.is_empty() || days.iter().any(|day| !(1..=7).contains(day)) {
        return wrong("days");
    }
    if leg.departs >= 24 * 60 {
        return wrong("departs");
    }
    if leg.cutoff > 24 * 60 {
        return wrong("cutoff");
    }
    if leg.under_way == 0 || leg.under_way > UNDER_WAY_MAX {
        return wrong("under_way");
    }
    Ok(Leg { days, carrier: text("carrier", &leg.carrier)?, ..leg.clone() })
}

/// Whether a dispatch that cites a call is what was agreed.
pub(super) fn agreed(
    house: &House<'_>,
    (cited, way): (&Cited, &Way),
    units: &[(&UnitId, &Unit)],
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let Agreed { goods, to, most } = agreement(house, cited, ctx)?;
    if (&way.to_region, &way.to_site) != (to.0, &to.1) {
        let facts = [("to", to.0.to_string()), ("site", to.1.to_string())];
        return Err(NOT_AGREED.because(facts));
    }
    if units.len() > usize::try_from(most).unwrap_or(usize::MAX) {
        return Err(
            TOO_MANY.because([("units", units.len().to_string()), ("left", most.to_string())])
        );
    }
    match units.iter().find(|(_, unit)| !fits(goods, unit)) {
        Some((id, _)) => Err(NOT_AGREED.because([("unit", id.to_string())])),
        None => Ok(()),
    }
}

/// Whether a unit is what was called for; what is not known of it does not fit.
#[must_use]
pub fn fits(goods: &Goods, unit: &Unit) -> bool {
    unit.component() == goods.component
        && goods.group.is_none_or(|group| unit.group == Known::Value(group))
        && goods.negative.without(unit.phenotype.absent()).is_empty()
        && unit.attributes.has_all(goods.attributes)
}

struct Agreed<'a> {
    goods: &'a Goods,
    to: (&'a JournalId, SiteId),
    most: u32,
}

fn agreement<'a>(
    house: &House<'a>,
    cited: &'a Cited,
    ctx: &Context<'a>,
) -> Result<Agreed<'a>, Refusal> {
    let supply = &house.shared.supply;
    let hash: &Digest = &cited.call.hash;
    let Some(answer) = &cited.answer else {
        let Event::Asked(..) = referred(&cited.call, ctx)? else {
            return Err(unknown(&cited.call));
        };
        let held = supply.answers.get(hash).ok_or_else(|| unknown(&cited.call))?;
        let to = (&cited.call.journal, held.caller.clone());
        let most = held.units.saturating_sub(held.sent);
        return Ok(Agreed { goods: &held.goods, to, most });
    };
    let Event::Answered(said, _) = referred(answer, ctx)? else { return Err(unknown(answer)) };
    let held = supply.calls.get(hash).filter(|held| held.side == Side::Offer);
    let held = held.filter(|held| said.call == held.at && answer.journal == held.to_region);
    let held = held.ok_or_else(|| unknown(&cited.call))?;
    let most = said.units.saturating_sub(held.sent);
    Ok(Agreed { goods: &held.goods, to: (&held.to_region, said.site.clone()), most })
}
