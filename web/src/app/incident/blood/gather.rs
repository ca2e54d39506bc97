//! What lies in each region, what is used there, and how long that lasts.

use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::moving::{Moving, moving};
use samband_domain::blood::view::picture::{Cell, Filter, Part, Picture, picture};
use samband_domain::rulesets::Scope;
use samband_domain::{Known, Time};
use samband_engine::World;
use samband_planning::casualty_blood::{
    Arrival, Blood, Cover, Curve, Estimate, HOURS, Parameter, Parameters, Ranged, Stock, cover,
};

use super::{Line, LineCover, RegionCover, Why, substitution};
use crate::app::incident::Found;
use crate::app::stock::parts;

/// What is needed, and when.
pub(super) struct Need<'a> {
    pub(super) estimate: Option<&'a Estimate>,
    pub(super) curve: Curve,
    pub(super) elapsed: f64,
}

/// Every region of the incident's mode, the struck one first.
pub(super) fn regions(
    world: &World,
    found: &Found<'_>,
    need: &Need<'_>,
    now: Time,
) -> Vec<RegionCover> {
    let mode = found.journal.mode();
    let mut parts = parts(world, now);
    parts.retain(|part| world.journal(part.journal).and_then(|one| one.mode()) == mode);
    let filter = |component| Filter { component: Some(component), ..Filter::default() };
    let pictures = [Component::RedCells, Component::Plasma, Component::Platelets]
        .map(|component| picture(&parts, &filter(component), now));
    let coming = moving(&parts, now);
    let mut all: Vec<_> = parts
        .iter()
        .map(|part| {
            let struck = *part.journal == found.journal.id;
            region(part, struck, (&pictures, &coming), need, now)
        })
        .collect();
    all.sort_by_key(|one| !one.struck);
    all
}

fn region(
    part: &Part<'_>,
    struck: bool,
    (pictures, coming): (&[Picture; 3], &[Moving]),
    need: &Need<'_>,
    now: Time,
) -> RegionCover {
    let rules = part.rules.in_force(Scope::Blood, now);
    let (emergency, substitution) = substitution(rules);
    let line = |line: Line| {
        let mut told = told(part, line, pictures);
        (told.arrivals, told.late) = arriving(part, line, coming, now);
        told.cover = if struck {
            struck_cover(&told, need, (&emergency, &substitution))
        } else {
            own_cover(&told, need, (&emergency, &substitution))
        };
        told
    };
    let lines = Line::ALL.map(line).into();
    RegionCover { region: part.journal.clone(), struck, emergency, substitution, lines }
}

/// What is known of a line, without how long it lasts.
fn told(part: &Part<'_>, line: Line, pictures: &[Picture; 3]) -> LineCover {
    let cells: Vec<Option<&Cell>> = line
        .of()
        .into_iter()
        .map(|(component, group)| {
            let rows = pictures.iter().flat_map(|picture| &picture.regions);
            let mut rows = rows.filter(|row| row.region == *part.journal);
            let row = rows.find(|row| row.component == Some(component) && row.group == group);
            row.map(|row| &row.cell)
        })
        .collect();
    let sum = |of: fn(&Cell) -> Known<u64>| {
        cells.iter().fold(Known::Value(0), |sum: Known<u64>, cell| {
            sum.with(cell.map_or(Known::Unknown, of), u64::saturating_add)
        })
    };
    let there: Vec<&Cell> = cells.iter().flatten().copied().collect();
    let as_of: Option<Vec<Time>> = there.iter().map(|cell| cell.as_of.value()).collect();
    LineCover {
        line,
        usable: sum(|cell| cell.available.map(u64::from))
            .map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        as_of: as_of.and_then(|all| all.into_iter().min()).into(),
        own: there.iter().any(|cell| cell.by_own_record()),
        systems: there.iter().flat_map(|cell| cell.systems.clone()).collect(),
        stale: there.is_empty() || there.iter().any(|cell| cell.stale),
        ordinary: sum(|cell| {
            cell.demand.as_ref().map_or(Known::Unknown, |demand| demand.milli_per_day)
        }),
        demand: there.iter().find_map(|cell| cell.demand.clone()),
        arrivals: Vec::new(),
        late: 0,
        cover: Err(Vec::new()),
    }
}

/// Units that arrive within the day, hour by hour, and those that are late.
fn arriving(part: &Part<'_>, line: Line, coming: &[Moving], now: Time) -> (Vec<Arrival>, u32) {
    let of = line.of();
    let counts = |component: Component, group: Option<Group>| {
        of.iter().any(|(wanted, of)| *wanted == component && (of.is_none() || *of == group))
    };
    let (mut arrivals, mut late) = (Vec::new(), 0);
    for one in coming.iter().filter(|one| one.way.to_region == *part.journal) {
        let units: u32 =
            one.lines.iter().filter(|(c, g, _)| counts(*c, *g)).map(|(.., units)| units).sum();
        match one.eta() {
            Known::Value(eta) if eta > now => {
                let hours = (now.since(eta).unsigned_abs()).div_ceil(3_600_000_000);
                let hour = u32::try_from(hours).unwrap_or(u32::MAX);
                if units > 0 && hour <= HOURS {
                    arrivals.push(Arrival { hour, units });
                }
            }
            _ => late += units,
        }
    }
    arrivals.sort_by_key(|one| one.hour);
    (arrivals, late)
}

/// Whether the region's rules say enough to tell the two apart, or to count them together. O RhD
/// negative may always stand in for positive; the other way round is the rules' to say.
fn allowed(
    line: Line,
    emergency: &Known<String>,
    substitution: &Known<String>,
) -> Result<(), Vec<Why>> {
    match (line, emergency, substitution) {
        (Line::ONegative | Line::OPositive, Known::Unknown, _)
        | (Line::OTogether, _, Known::Unknown) => Err(vec![Why::Rule]),
        (Line::OTogether, _, Known::Value(rule)) if rule == "never" => Err(vec![Why::NotAllowed]),
        _ => Ok(()),
    }
}

/// The part of the incident's need that falls on a line.
fn share(line: Line, estimate: &Estimate, emergency: &Known<String>) -> Ranged {
    let permille = |parameter| f64::from(estimate.parameters.get(parameter).value) / 1_000.0;
    let o = estimate.of(Blood::RedCells).map(|units| units * permille(Parameter::GroupO));
    let by_age = emergency.as_ref().value().is_some_and(|rule| rule != "o_neg");
    let negative = if by_age { permille(Parameter::NegativeByAge) } else { 1.0 };
    match line {
        Line::RedCells => estimate.of(Blood::RedCells),
        Line::Plasma => estimate.of(Blood::Plasma),
        Line::Platelets => estimate.of(Blood::Platelets),
        Line::OTogether => o,
        Line::ONegative => o.map(|units| units * negative),
        Line::OPositive => o.map(|units| units * (1.0 - negative)),
    }
}

fn struck_cover(
    told: &LineCover,
    need: &Need<'_>,
    (emergency, substitution): (&Known<String>, &Known<String>),
) -> Result<Cover, Vec<Why>> {
    let rules = allowed(told.line, emergency, substitution);
    let mut why = rules.err().unwrap_or_default();
    let Some(estimate) = need.estimate else {
        why.push(Why::Casualties);
        why.extend(unknown(told));
        return Err(why);
    };
    if !why.is_empty() {
        why.extend(unknown(told));
        return Err(why);
    }
    let units = share(told.line, estimate, emergency);
    lasting(told, units, (&estimate.parameters, need.curve), need.elapsed)
}

/// Of its own use alone: what a region that was not struck can spare stands in another table.
fn own_cover(
    told: &LineCover,
    need: &Need<'_>,
    (emergency, substitution): (&Known<String>, &Known<String>),
) -> Result<Cover, Vec<Why>> {
    if let Err(mut why) = allowed(told.line, emergency, substitution) {
        why.extend(unknown(told));
        return Err(why);
    }
    lasting(told, Ranged::default(), (&Parameters::default(), need.curve), 0.0)
}

fn unknown(told: &LineCover) -> Vec<Why> {
    let stock = (told.usable == Known::Unknown).then_some(Why::Stock);
    let demand = (told.ordinary == Known::Unknown).then_some(Why::Demand);
    stock.into_iter().chain(demand).collect()
}

fn lasting(
    told: &LineCover,
    units: Ranged,
    reckoned: (&Parameters, Curve),
    elapsed: f64,
) -> Result<Cover, Vec<Why>> {
    let (Known::Value(usable), Known::Value(milli_per_day)) = (told.usable, told.ordinary) else {
        return Err(unknown(told));
    };
    let stock = Stock { usable, arrivals: told.arrivals.clone(), milli_per_day };
    Ok(cover(&stock, units, reckoned, elapsed))
}
