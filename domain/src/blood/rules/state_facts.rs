//! Code tables, what other systems count, demand, and whom to telephone.

use super::super::command::Command;
use super::super::event::{DemandStated, DutyStated, Event, ExternalReported};
use super::super::model::codes::CodeTable;
use super::super::model::stock::{Demand, Duty, ExternalCount, ExternalStock};
use super::House;
use super::refusals::{
    AHEAD, CODE_REASSIGNED, CODES_OUTDATED, DEMAND, OLDER, PHONE, RECORD_HERE, ROWS,
};
use crate::kernel::model::RecordKeeper;
use crate::kernel::text;
use crate::words::{Context, Known, NONE, Refusal};

/// A thousand units a day of one component: more than any Swedish region uses.
const DEMAND_MAX_MILLI: u64 = 1_000_000;

/// More units of one kind than any site could hold.
const COUNT_MAX: u32 = 100_000;

pub(super) fn decide(
    house: &House<'_>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::LoadCodes { table } => {
            codes(house, table, ctx)?;
            Event::CodesLoaded((**table).clone(), NONE)
        }
        Command::ReportExternal { site, stock } => {
            let held = house.open_site(site, ctx)?;
            if held.record != RecordKeeper::External {
                return Err(RECORD_HERE.because([("site", site.to_string())]));
            }
            let known = house.shared.external.get(site).map(|stated| stated.value.as_of);
            let stock = external(stock, known, ctx)?;
            Event::ExternalReported(ExternalReported { site: site.clone(), stock }, NONE)
        }
        Command::StateDemand { site, line, demand } => {
            if let Some(site) = site {
                house.open_site(site, ctx)?;
            }
            let demand = checked(demand)?;
            Event::DemandStated(DemandStated { site: site.clone(), line: *line, demand }, NONE)
        }
        Command::StateDuty { site, duty } => {
            house.open_site(site, ctx)?;
            Event::DutyStated(DutyStated { site: site.clone(), duty: phone(duty)? }, NONE)
        }
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn codes(house: &House<'_>, table: &CodeTable, ctx: &Context<'_>) -> Result<(), Refusal> {
    let named = [("table", table.title().to_owned()), ("version", table.version().to_owned())];
    let held = house.shared.codes.as_deref();
    if !table.valid().contains(ctx.now) || held == Some(table) {
        return Err(CODES_OUTDATED.because(named));
    }
    match held.map(|held| table.reassigned(held)).unwrap_or_default().first() {
        None => Ok(()),
        Some(code) => {
            let [title, version] = named;
            Err(CODE_REASSIGNED.because([title, version, ("code", code.to_string())]))
        }
    }
}

fn external(
    stock: &ExternalStock,
    known: Option<crate::words::Time>,
    ctx: &Context<'_>,
) -> Result<ExternalStock, Refusal> {
    if stock.as_of > ctx.now {
        return Err(AHEAD.because([("as_of", stock.as_of.to_string())]));
    }
    if let Some(known) = known.filter(|known| *known > stock.as_of) {
        let (known, told) = (known.to_string(), stock.as_of.to_string());
        return Err(OLDER.because([("known", known), ("as_of", told)]));
    }
    let mut rows = stock.rows.clone();
    rows.sort_by_key(|row| (row.component, row.group));
    let wrong = |row: &ExternalCount| {
        ROWS.because([
            ("component", row.component.to_string()),
            ("group", row.group.value().map_or_else(|| "unknown".into(), |g| g.to_string())),
        ])
    };
    let mut pairs = rows.windows(2);
    if let Some(pair) =
        pairs.find(|pair| (pair[0].component, pair[0].group) == (pair[1].component, pair[1].group))
    {
        return Err(wrong(&pair[1]));
    }
    if let Some(row) = rows.iter().find(|row| !possible(row)) {
        return Err(wrong(row));
    }
    let file = match &stock.file {
        Some((name, digest)) => Some((text("file", name)?, *digest)),
        None => None,
    };
    Ok(ExternalStock { system: text("system", &stock.system)?, as_of: stock.as_of, file, rows })
}

fn possible(row: &ExternalCount) -> bool {
    let counts = [row.available, row.reserved, row.quarantined, row.expiring];
    let part = row.expiring.with(row.available, |part, whole| part <= whole);
    counts.iter().all(|count| count.value().is_none_or(|count| count <= COUNT_MAX))
        && part.value() != Some(false)
}

fn checked(demand: &Demand) -> Result<Demand, Refusal> {
    if let Known::Value(milli) = demand.milli_per_day
        && milli > DEMAND_MAX_MILLI
    {
        return Err(DEMAND.because([("milli_per_day", milli.to_string())]));
    }
    Ok(Demand { source: text("source", &demand.source)?, ..demand.clone() })
}

fn phone(duty: &Duty) -> Result<Duty, Refusal> {
    let fits = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')');
    let digits = duty.phone.chars().filter(char::is_ascii_digit).count();
    if !duty.phone.chars().all(fits) || !(3..=15).contains(&digits) {
        return Err(PHONE.because([("phone", duty.phone.chars().take(40).collect())]));
    }
    Ok(Duty { hours: text("hours", &duty.hours)?, ..duty.clone() })
}
