//! Today's transfer plan, from what the regions' records say.
//!
//! Nothing is made up in silence: whatever the plan had to assume stands beside it, and a place
//! whose stock or use nobody knows is left out by name rather than planned for as zero.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group, Status};
use samband_domain::blood::view::moving::moving;
use samband_domain::blood::view::picture::Part;
use samband_domain::kernel::{RecordKeeper, SiteKind};
use samband_domain::plans;
use samband_domain::plans::model::{Arc, Place, Proposal, Why};
use samband_domain::words::Day;
use samband_domain::{Digest, JournalId, Known, SiteId, Time};
use samband_engine::World;
use samband_planning::transfer::{
    Batch, Binding, Closed, Costs, Moment, NamedLeg, Plan, PlanError, Planner, Question, Reason,
    Site,
};

use crate::app::stock::parts;

/// Days that a plan looks ahead, if nobody says: from 3 to 7.
pub const DAYS: usize = 5;
/// What a box costs on the road, in kronor, if nobody says. An assumption.
pub const BOX_PRICE: i64 = 350;
/// Units in a box. An assumption.
pub const BOX_UNITS: i64 = 20;
/// Most units of a component on one departure. An assumption.
const CAPACITY: i64 = 80;
/// Units that expire within so many days after the horizon are used up first.
const SOON_DAYS: i64 = 7;
/// What the regions would have to agree on, in öre for one unit: these are assumptions.
pub const COSTS: Costs = Costs {
    shortage: 1_500_000,
    expiry: 140_000,
    below_minimum: 60_000,
    substitution: 4_000,
    holding: 50,
};
/// From so many known days on, use that was recorded is a better guide than a stated figure.
const DAYS_KNOWN: usize = 28;
/// Days that are looked back upon.
const DAYS_BACK: u32 = 56;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of what.
    pub component: Component,
    /// Days ahead.
    pub days: usize,
    /// Kronor for a box.
    pub box_price: i64,
}

/// Where a place's daily need comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// What was used there lately.
    Used,
    /// A figure stated for the place.
    Stated,
    /// A figure stated for the region, shared out over its places by what lies there.
    Shared,
}

/// One place of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where.
    pub place: Place,
    /// Whether another system keeps its record.
    pub external: bool,
    /// Units there now.
    pub units: i64,
    /// Units needed a day, in thousandths, all groups together.
    pub milli: u64,
    /// Where that comes from.
    pub need: Need,
    /// As of when its region's record is known here.
    pub as_of: Known<Time>,
}

/// A plan with what it rests on.
#[derive(Clone, Debug)]
pub struct Found {
    /// The plan; none if there are not two places to send between.
    pub plan: Option<Plan>,
    /// The proposals as they are accepted, in the plan's order.
    pub proposals: Vec<Proposal>,
    /// The places it covers.
    pub rows: Vec<Row>,
    /// Places left out, as nobody knows their stock or their use.
    pub unknown: Vec<Place>,
    /// Departures within the horizon.
    pub departures: usize,
    /// When it was made.
    pub made: Time,
}

struct Gathered<'a> {
    part: Part<'a>,
    plans: &'a plans::Shared,
    site: &'a SiteId,
    external: bool,
    /// Units by group and last day.
    there: BTreeMap<(Group, Day), i64>,
    /// Thousandths a day by group.
    milli: BTreeMap<Group, u64>,
    need: Need,
}

/// Makes today's plan.
///
/// # Errors
/// [`PlanError`] if the figures are beyond what can be solved safely.
pub fn plan(world: &World, asked: Asked, now: Time) -> Result<Found, PlanError> {
    let today = Day::of(now);
    let regions = parts(world, now);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for part in &regions {
        let Some(journal) = world.journal(part.journal) else { continue };
        let plans = &journal.shared().plans;
        gather(*part, plans, asked.component, now, (&mut known, &mut unknown));
    }
    let rows: Vec<Row> = known.iter().map(row).collect();
    let mut question = question(&known, asked, today);
    let index = |region: &JournalId, site: &SiteId| {
        known.iter().position(|one| one.part.journal == region && one.site == site)
    };
    legs(&mut question, &known, asked, now, index);
    arriving(&mut question, &regions, asked.component, now, index);
    let all: Vec<_> = known.iter().map(|one| (one.part.journal, one.plans)).collect();
    close(&mut question, &all, asked.component, today);
    let departures = question.legs.len();
    let basis = Digest::of(format!("{question:?}").as_bytes());
    let mut found =
        Found { plan: None, proposals: Vec::new(), rows, unknown, departures, made: now };
    if question.sites.len() < 2 || question.legs.is_empty() {
        return Ok(found);
    }
    let moments: BTreeMap<String, (Time, Time)> = departures_of(&known, asked.days, now);
    let plan = Planner::new(question)?.plan()?;
    found.proposals = plan
        .proposals
        .iter()
        .filter_map(|one| proposal(&plan, one, &moments, (now, basis)))
        .collect();
    found.plan = Some(plan);
    Ok(found)
}

fn row(one: &Gathered<'_>) -> Row {
    let region = one.part.journal.clone();
    Row {
        place: Place { region, site: one.site.clone() },
        external: one.external,
        units: one.there.values().sum(),
        milli: one.milli.values().sum(),
        need: one.need,
        as_of: one.part.as_of,
    }
}

/// A region's places that hold the component, with what is known of them.
fn gather<'a>(
    part: Part<'a>,
    plans: &'a plans::Shared,
    component: Component,
    now: Time,
    (known, unknown): (&mut Vec<Gathered<'a>>, &mut Vec<Place>),
) {
    // A depot and a bus are filled by their own site, never planned for.
    let planned = |kind: SiteKind| !matches!(kind, SiteKind::Depot | SiteKind::MobileUnit);
    let sites = part.kernel.sites.values();
    let sites = sites.filter(|site| site.window.contains(now) && planned(site.kind));
    let mut found = Vec::new();
    for site in sites {
        let external = site.record != RecordKeeper::Samband;
        let place = || Place { region: part.journal.clone(), site: site.id.clone() };
        let there = match external {
            true => reported(&part, &site.id, component, now),
            false => Some(own(&part, &site.id, component, now)),
        };
        match there {
            Some(there) if there.is_empty() => {}
            Some(there) => found.push((&site.id, external, there)),
            None => unknown.push(place()),
        }
    }
    let whole: i64 = found.iter().flat_map(|(_, _, there)| there.values()).sum();
    for (site, external, there) in found {
        let share = (there.values().sum::<i64>(), whole);
        match needed(&part, plans, (site, component), share, Day::of(now)) {
            Some((milli, need)) => {
                known.push(Gathered { part, plans, site, external, there, milli, need });
            }
            None => unknown.push(Place { region: part.journal.clone(), site: site.clone() }),
        }
    }
}

/// Free units of a place whose record is kept in its region's journal.
fn own(
    part: &Part<'_>,
    site: &SiteId,
    component: Component,
    now: Time,
) -> BTreeMap<(Group, Day), i64> {
    let mut all = BTreeMap::new();
    for unit in part.stock.units.values() {
        let here = unit.site == *site && unit.component() == component;
        if !here || unit.status != Status::Available || unit.expiry <= now {
            continue;
        }
        if let Known::Value(group) = unit.group {
            *all.entry((group, Day::of(unit.expiry))).or_insert(0) += 1;
        }
    }
    all
}

/// Units as another system counts them: it says what expires within a week, and nothing of the
/// rest's age. None if it has told nothing of the component by group.
fn reported(
    part: &Part<'_>,
    site: &SiteId,
    component: Component,
    now: Time,
) -> Option<BTreeMap<(Group, Day), i64>> {
    let told = part.stock.external.get(site)?;
    let mut all = BTreeMap::new();
    let mut said = false;
    for row in told.value.rows.iter().filter(|row| row.component == component) {
        let (Known::Value(group), Known::Value(units)) = (row.group, row.available) else {
            continue;
        };
        said = true;
        let soon = row.expiring.value().unwrap_or(0).min(units);
        let today = Day::of(now);
        let mut add = |days: u32, units: u32| {
            if units > 0 {
                *all.entry((group, today.plus_days(days))).or_insert(0) += i64::from(units);
            }
        };
        add(6, soon);
        add(60, units - soon);
    }
    said.then_some(all)
}

/// What a place needs in a day by group, from the best source there is.
fn needed(
    part: &Part<'_>,
    plans: &plans::Shared,
    (site, component): (&SiteId, Component),
    (mine, whole): (i64, i64),
    today: Day,
) -> Option<(BTreeMap<Group, u64>, Need)> {
    let line = |group| Line { component, group: Some(group) };
    let from = Day::new(today.date().saturating_sub(i64::from(DAYS_BACK).days()))?;
    let used = |group| {
        let all = plans::view::used((plans, part.stock), site, line(group), (from, today));
        let days: Vec<u64> = all.into_iter().filter_map(Known::value).map(u64::from).collect();
        let enough = days.len() >= DAYS_KNOWN;
        enough.then(|| days.iter().sum::<u64>() * 1_000 / days.len() as u64)
    };
    let all = |of: &dyn Fn(Group) -> Option<u64>| -> Option<BTreeMap<Group, u64>> {
        let known: BTreeMap<_, _> =
            Group::ALL.into_iter().filter_map(|group| Some((group, of(group)?))).collect();
        (!known.is_empty()).then_some(known)
    };
    let stated = |site: Option<&SiteId>, group| {
        part.stock.demand(site, line(group))?.value.milli_per_day.value()
    };
    let share = |group| {
        let whole = u64::try_from(whole).ok().filter(|whole| *whole > 0)?;
        Some(stated(None, group)? * u64::try_from(mine).ok()? / whole)
    };
    all(&used)
        .map(|found| (found, Need::Used))
        .or_else(|| all(&|group| stated(Some(site), group)).map(|found| (found, Need::Stated)))
        .or_else(|| all(&share).map(|found| (found, Need::Shared)))
}

fn question(known: &[Gathered<'_>], asked: Asked, today: Day) -> Question {
    let mut question = Question {
        component: asked.component,
        first: today,
        days: asked.days,
        soon_days: SOON_DAYS,
        costs: COSTS,
        sites: Vec::new(),
        batches: Vec::new(),
        demand: Vec::new(),
        minimum: Vec::new(),
        legs: Vec::new(),
        closed: Vec::new(),
    };
    for (n, one) in known.iter().enumerate() {
        question.sites.push(Site {
            id: one.site.clone(),
            region: one.part.journal.clone(),
            external: one.external,
            shortage: None,
        });
        for ((group, expires), units) in &one.there {
            let (group, expires) = (*group, *expires);
            question.batches.push(Batch { site: n, group, units: *units, expires, day: today });
        }
        for (group, milli) in &one.milli {
            question.demand.push((n, *group, whole_units(*milli, asked.days)));
            let line = Line { component: asked.component, group: Some(*group) };
            if let Some(held) = one.plans.targets.get(&(one.site.clone(), line)) {
                question.minimum.push((n, *group, i64::from(held.target.amber_from)));
            }
        }
    }
    question
}

/// Whole units day by day whose sum never strays a unit from the stated rate.
fn whole_units(milli: u64, days: usize) -> Vec<i64> {
    let upto = |day: usize| (milli * day as u64 + 500) / 1_000;
    (0..days).map(|day| i64::try_from(upto(day + 1) - upto(day)).unwrap_or(0)).collect()
}

fn clock(at: Time) -> Moment {
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    let stamp = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let time = stamp.to_zoned(zone).time();
    Moment { day: Day::of(at), clock: format!("{:02}:{:02}", time.hour(), time.minute()) }
}

fn name(part: &Part<'_>, code: &str, leaves: Time) -> String {
    format!("{}/{code}@{}", part.journal, Day::of(leaves))
}

fn runs<'a>(
    known: &[Gathered<'a>],
    days: usize,
    now: Time,
) -> Vec<(Part<'a>, &'a samband_domain::blood::model::supply::Leg, (Time, Time))> {
    let until = Day::of(now).plus_days(u32::try_from(days).unwrap_or(7)).starts();
    let mut regions: Vec<Part<'a>> = Vec::new();
    for one in known {
        if regions.iter().all(|part| part.journal != one.part.journal) {
            regions.push(one.part);
        }
    }
    let mut all = Vec::new();
    for part in regions {
        for leg in part.stock.supply.legs.values() {
            let departures = leg.value.runs(now, until).into_iter();
            all.extend(departures.map(|run| (part, &leg.value, (run.leaves, run.arrives))));
        }
    }
    all
}

fn departures_of(known: &[Gathered<'_>], days: usize, now: Time) -> BTreeMap<String, (Time, Time)> {
    let all = runs(known, days, now).into_iter();
    all.map(|(part, leg, (leaves, arrives))| {
        (name(&part, leg.code.as_str(), leaves), (leaves, arrives))
    })
    .collect()
}

fn legs(
    question: &mut Question,
    known: &[Gathered<'_>],
    asked: Asked,
    now: Time,
    index: impl Fn(&JournalId, &SiteId) -> Option<usize>,
) {
    for (part, leg, (leaves, arrives)) in runs(known, asked.days, now) {
        let from = index(part.journal, &leg.from);
        let to = index(&leg.to_region, &leg.to_site);
        let (Some(from), Some(to)) = (from, to) else { continue };
        question.legs.push(NamedLeg {
            id: name(&part, leg.code.as_str(), leaves),
            from,
            to,
            departs: clock(leaves),
            arrives: clock(arrives),
            unit_price: 0,
            box_price: asked.box_price * 100,
            box_units: BOX_UNITS,
            capacity: CAPACITY,
        });
    }
}

/// What is on its way and has not been found missing arrives on its day.
fn arriving(
    question: &mut Question,
    regions: &[Part<'_>],
    component: Component,
    now: Time,
    index: impl Fn(&JournalId, &SiteId) -> Option<usize>,
) {
    for one in moving(regions, now) {
        let Known::Value(eta) = one.eta() else { continue };
        let to = index(&one.way.to_region, &one.way.to_site);
        let sender = regions.iter().find(|part| *part.journal == one.from_region);
        let (Some(site), Some(sender), false) = (to, sender, one.late) else { continue };
        for id in &one.open {
            let Some(unit) = sender.stock.units.get(id) else { continue };
            let Known::Value(group) = unit.group else { continue };
            if unit.component() != component || one.missing.contains(id) {
                continue;
            }
            let (expires, day) = (Day::of(unit.expiry), Day::of(eta.max(now)));
            if day.days_since(question.first) < i64::try_from(question.days).unwrap_or(0) {
                question.batches.push(Batch { site, group, units: 1, expires, day });
            }
        }
    }
}

/// What a region closed stays closed in everybody's plan.
fn close(
    question: &mut Question,
    all: &[(&JournalId, &plans::Shared)],
    component: Component,
    today: Day,
) {
    let mut closed: Vec<Closed> = Vec::new();
    for (region, shared) in all {
        for (arc, one) in &shared.closed {
            let ends = [&arc.from.region, &arc.to.region].contains(region);
            if arc.component != component || one.until < today || !ends {
                continue;
            }
            let (from, to) = (arc.from.site.clone(), arc.to.site.clone());
            let known = |site: &SiteId| question.sites.iter().any(|held| held.id == *site);
            let because = Some(one.reason.clone());
            let one = Closed { from, to, group: arc.group, leg: None, because };
            if known(&one.from) && known(&one.to) && !closed.contains(&one) {
                closed.push(one);
            }
        }
    }
    question.closed = closed;
}

/// A proposal of the plan as it is accepted.
fn proposal(
    plan: &Plan,
    one: &samband_planning::transfer::Proposal,
    moments: &BTreeMap<String, (Time, Time)>,
    (made, basis): (Time, Digest),
) -> Option<Proposal> {
    let (leaves, arrives) = *moments.get(&one.leg)?;
    let (_, code) = one.leg.split_once('/')?;
    let (code, _) = code.rsplit_once('@')?;
    Some(Proposal {
        arc: Arc {
            from: Place { region: one.from_region.clone(), site: one.from.clone() },
            to: Place { region: one.to_region.clone(), site: one.to.clone() },
            component: plan.component,
            group: Some(one.group),
        },
        units: u32::try_from(one.count).ok()?,
        leg: code.parse().ok(),
        leaves,
        arrives,
        why: reasons(one),
        saves_ore: one.why.saves,
        made,
        basis,
    })
}

fn reasons(one: &samband_planning::transfer::Proposal) -> Vec<Why> {
    let units = |units: i64| u32::try_from(units).unwrap_or(0);
    let avoided = one.why.avoids.iter().filter_map(|reason| match reason {
        Reason::Shortage { day, units: n, .. } => {
            Some(Why::WouldMiss { units: units(*n), on: *day })
        }
        Reason::ExpiresUnused { day: Some(day), units: n, .. } => {
            Some(Why::WouldExpire { units: units(*n), on: *day })
        }
        Reason::BelowMinimum { day, units: n, .. } => {
            Some(Why::BelowMinimum { missing: units(*n), on: *day })
        }
        _ => None,
    });
    let bound = one.why.binding.iter().map(|binding| match binding {
        Binding::LegFull { .. } => Why::CourierFull,
        Binding::SenderMinimum { day, .. } => Why::SendersMinimum { on: *day },
    });
    avoided.chain(bound).collect()
}
