//! What is allowed with reports, promises and loans. Reports are refused for form alone.

mod lend;

use super::command::Command;
use super::event::{Event, Moved, Pledge, Reported};
use super::model::{Capacity, Fact, Helicopter, Shortfall, Stated, Statement, Unit, UnitStage};
use crate::agreements::AlarmTerms;
use crate::agreements::alarm_terms::between;
use crate::alarms;
use crate::alarms::model::{DutyRole, Key, Owed, Party, Recipient};
use crate::kernel::{not_found, refusals, text};
use crate::words::{AlarmId, Context, IncidentId, JournalId, NONE, Refusal, Time};
use crate::{Event as Any, Region};

refusals! {
    /// A line twice, or none.
    ROWS = "readiness.rows", "design §5: unknown is not zero; a row says one thing once";
    /// It was so only later than now.
    AHEAD = "readiness.ahead", "preparedness.md §6.6: every value has the time when it was so";
    /// The value has not the field's shape, or its ends are out of order.
    SHAPE = "readiness.shape", "preparedness.md §6.6: each field has its shape";
    /// Fewer transports than agreed, and no reason; or a reason without need.
    SHORTFALL = "readiness.shortfall", "preparedness.md S8: a shortfall states its reason";
    /// Transports are promised already.
    PLEDGED = "readiness.pledged_already", "preparedness.md §6.3: one promise per region and alarm";
    /// The transport cannot be there after where it was.
    STAGE = "readiness.stage", "preparedness.md §6.3: the way of a transport";
    /// The other region's record is not what this answers.
    NOT_OURS = "readiness.not_ours", "design §2: two signatures over the same content bind";
    /// It was answered before.
    ANSWERED = "readiness.answered_already", "design §2: two signatures over the same content bind";
    /// Nothing, or more than anybody has.
    COUNT = "readiness.count", "preparedness.md §6.6: whole units";
}

/// Transports that every region promises where no agreement says how many (preparedness.md S8).
pub const QUOTA: u16 = AlarmTerms::DEFAULT.transports;

/// Most lines of a report, and most transports of a promise.
const MOST: usize = 200;

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(region: &Region, command: &Command, ctx: &Context<'_>) -> Result<Vec<Any>, Refusal> {
    let event = match command {
        Command::ReportCapacity { capacity } => {
            Event::CapacityReported(capacity_of(region, capacity, ctx)?, NONE)
        }
        Command::ReportSituation { .. } => return situation(region, command, ctx),
        Command::Pledge { of, alarm, units, shortfall } => {
            return pledge(region, (of, alarm), units, shortfall.as_ref(), ctx);
        }
        Command::Move { of, alarm, unit, to } => moved(region, (of, alarm), *unit, *to)?,
        Command::ReportHelicopter { helicopter } => {
            past(helicopter.valid, ctx)?;
            let base = text("base", &helicopter.base)?;
            Event::HelicopterReported(Helicopter { base, ..helicopter.clone() }, NONE)
        }
        Command::Need { .. }
        | Command::Offer { .. }
        | Command::Accept { .. }
        | Command::Lend { .. }
        | Command::Return { .. } => lend::decide(region, command, ctx)?,
    };
    Ok(vec![event.into()])
}

fn past(valid: Time, ctx: &Context<'_>) -> Result<(), Refusal> {
    if valid > ctx.now {
        return Err(AHEAD.because([("valid", valid.to_string()), ("now", ctx.now.to_string())]));
    }
    Ok(())
}

fn capacity_of(
    region: &Region,
    capacity: &Capacity,
    ctx: &Context<'_>,
) -> Result<Capacity, Refusal> {
    if !region.shared.kernel.sites.contains_key(&capacity.site) {
        return Err(not_found("site", &capacity.site));
    }
    past(capacity.valid, ctx)?;
    let mut rows = capacity.rows.clone();
    rows.sort_by_key(|row| (row.kind, row.horizon));
    let twice =
        rows.windows(2).any(|two| (two[0].kind, two[0].horizon) == (two[1].kind, two[1].horizon));
    if rows.is_empty() || rows.len() > MOST || twice {
        return Err(ROWS.because([("rows", rows.len().to_string())]));
    }
    Ok(Capacity { rows, source: text("source", &capacity.source)?, ..capacity.clone() })
}

fn fits(one: &Statement) -> bool {
    match &one.stated {
        Stated::Unknown | Stated::NotApplicable => true,
        Stated::Value(fact) => {
            let ordered = match fact {
                Fact::Range(range) => range.least <= range.most,
                _ => true,
            };
            ordered && fact.shape() == one.field.shape()
        }
    }
}

fn situation(region: &Region, command: &Command, ctx: &Context<'_>) -> Result<Vec<Any>, Refusal> {
    let Command::ReportSituation { of, incident, alarm, statements, next } = command else {
        unreachable!("routed by decide");
    };
    let mut said = statements.clone();
    said.sort_by_key(|one| (one.field, one.source));
    let twice =
        said.windows(2).any(|two| (two[0].field, two[0].source) == (two[1].field, two[1].source));
    if said.is_empty() || said.len() > MOST || twice {
        return Err(ROWS.because([("rows", said.len().to_string())]));
    }
    for one in &mut said {
        past(one.valid, ctx)?;
        if !fits(one) {
            return Err(SHAPE.because([("field", one.field.to_string())]));
        }
        if let Stated::Value(Fact::Text(words)) = &mut one.stated {
            *words = text("text", words)?;
        }
    }
    let key: (JournalId, IncidentId) = (of.clone(), incident.clone());
    let version = region.shared.readiness.situations.get(&key).map_or(0, |held| held.version) + 1;
    let (of, incident) = key;
    let reported = Reported { of: of.clone(), incident, version, statements: said, next: *next };
    let mut events = vec![Event::SituationReported(reported, NONE).into()];
    if let Some(alarm) = alarm {
        events.extend(delivered(region, (&of, alarm), DutyRole::Tib, Owed::Report, ctx));
    }
    Ok(events)
}

/// What is owed by an alarm is there, where it is owed and was not before.
fn delivered(
    region: &Region,
    (of, alarm): (&JournalId, &AlarmId),
    role: DutyRole,
    owed: Owed,
    ctx: &Context<'_>,
) -> Vec<Any> {
    let party = Party::Region(ctx.region.clone());
    let (issuer, alarm, to) = (of.clone(), alarm.clone(), Recipient { party, role });
    let command = alarms::Command::Deliver { key: Key { issuer, alarm, to }, owed };
    // Whoever reports without owing it has reported all the same.
    alarms::decide(region, &command, ctx).unwrap_or_default()
}

/// How many the region has agreed with the one that alarms to promise.
fn quota(region: &Region, of: &JournalId, ctx: &Context<'_>) -> u16 {
    let own = (ctx.region.clone(), &region.shared.kernel, &region.shared.agreements);
    let others = ctx.others.iter().filter(|(id, _)| *id != ctx.region);
    let others = others.map(|(id, state)| ((*id).clone(), &state.kernel, &state.agreements));
    let all: Vec<_> = std::iter::once(own).chain(others).collect();
    between(&all, (ctx.region, of), ctx.now).terms.transports
}

fn pledge(
    region: &Region,
    (of, alarm): (&JournalId, &AlarmId),
    units: &[Unit],
    shortfall: Option<&Shortfall>,
    ctx: &Context<'_>,
) -> Result<Vec<Any>, Refusal> {
    let quota = quota(region, of, ctx);
    let known =
        region.shared.alarms.obligations.iter().find(|(key, _)| {
            key.issuer == *of && key.alarm == *alarm && key.to.role == DutyRole::Tib
        });
    let Some((key, held)) = known else { return Err(not_found("alarm", alarm)) };
    if region.shared.readiness.pledged.contains_key(&(of.clone(), alarm.clone())) {
        return Err(PLEDGED.because([("alarm", alarm.to_string())]));
    }
    if units.len() > MOST {
        return Err(COUNT.because([("units", units.len().to_string())]));
    }
    let short = units.len() < usize::from(quota);
    if short != shortfall.is_some() {
        let facts = [("units", units.len().to_string()), ("agreed", quota.to_string())];
        return Err(SHORTFALL.because(facts));
    }
    let named = |unit: &Unit| Ok(Unit { name: text("name", &unit.name)?, ..unit.clone() });
    let why = |short: &Shortfall| {
        Ok(Shortfall { text: text("text", &short.text)?, reason: short.reason })
    };
    let pledge = Pledge {
        of: of.clone(),
        alarm: alarm.clone(),
        units: units.iter().map(named).collect::<Result<_, Refusal>>()?,
        quota,
        shortfall: shortfall.map(why).transpose()?,
    };
    let mut events = vec![Any::from(Event::Pledged(pledge, NONE))];
    if held.closed.is_none() && !held.delivered.contains_key(&Owed::Pledge) {
        let delivered = alarms::event::Delivered { key: key.clone(), owed: Owed::Pledge };
        events.push(alarms::Event::Delivered(delivered, NONE).into());
    }
    Ok(events)
}

fn moved(
    region: &Region,
    (of, alarm): (&JournalId, &AlarmId),
    unit: u16,
    to: UnitStage,
) -> Result<Event, Refusal> {
    let held = region.shared.readiness.pledged.get(&(of.clone(), alarm.clone()));
    let found = held.and_then(|held| held.units.get(usize::from(unit)));
    let (_, from, _) = found.ok_or_else(|| not_found("transport", unit))?;
    if !from.may_become(to) {
        return Err(STAGE.because([("from", from.to_string()), ("to", to.to_string())]));
    }
    Ok(Event::Moved(Moved { of: of.clone(), alarm: alarm.clone(), unit, to }, NONE))
}
