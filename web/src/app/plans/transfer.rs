//! Today's transfer plan, from what the regions' records say.
//!
//! Nothing is made up in silence: only groups whose stock and need are both known at a place are
//! planned there. The others are left out by name, with the reason, and never counted as zero;
//! whatever the plan had to assume stands beside it.

mod agreed;
mod found;
mod need;
mod net;
mod question;
mod stock;

use std::collections::BTreeMap;

use samband_domain::blood::model::Group;
use samband_domain::blood::view::picture::{Part, STALE_HOURS};
use samband_domain::kernel::RecordKeeper;
use samband_domain::plans;
use samband_domain::plans::model::{Arc, Place, Proposal};
use samband_domain::words::{Code, Day};
use samband_domain::{Digest, Known, SiteId, Time};
use samband_engine::World;
use samband_planning::transfer::{Costs, Plan, PlanError, Planner};

use self::need::{Daily, History};
use self::stock::Stock;
use crate::app::stock::parts;

pub use self::agreed::call_of;
pub use self::found::{Asked, Found, GroupRow, Left, Move, Row, Together, Unknown, asked};
pub use self::need::Need;
pub use self::net::{Net, Shifted};
pub use self::question::Beside;

/// Days that a plan looks ahead, if nobody says: from 3 to 7.
pub const DAYS: usize = 5;
/// What a box costs on the road, in kronor, if nobody says. An assumption.
pub const BOX_PRICE: i64 = 350;
/// Units in a box. An assumption.
pub const BOX_UNITS: i64 = 20;
/// What the regions would have to agree on, in öre for one unit: these are assumptions.
pub const COSTS: Costs = Costs {
    shortage: 1_500_000,
    expiry: 140_000,
    below_minimum: 60_000,
    substitution: 4_000,
    holding: 50,
};

/// A group at a place: what lies there and what it needs.
struct Held {
    days: BTreeMap<Day, i64>,
    need: Daily,
}

/// A place with what the plan may reckon with.
struct Gathered<'a> {
    part: Part<'a>,
    plans: &'a plans::Shared,
    site: &'a SiteId,
    external: bool,
    told: Option<(String, Time)>,
    lines: BTreeMap<Group, Held>,
}

type Region<'a> = (Part<'a>, &'a plans::Shared);

/// Makes today's plan.
///
/// # Errors
/// [`PlanError`] if the figures are beyond what can be solved safely.
pub fn plan(world: &World, asked: Asked, now: Time) -> Result<Found, PlanError> {
    let today = Day::of(now);
    let of = |part: Part<'_>| Some(world.journal(part.journal)?.shared());
    let regions: Vec<Region<'_>> =
        parts(world, now).into_iter().filter_map(|part| Some((part, &of(part)?.plans))).collect();
    let (known, left) = gather(&regions, asked, now);
    let rows = known.iter().map(|one| row(one, now)).collect();
    let parts: Vec<_> = regions.iter().map(|(part, _)| *part).collect();
    let runs = question::runs(&parts, asked.days, now);
    let mut question = question::question(&known, asked, today);
    question::legs(&mut question, &known, &runs, asked);
    let mut beside = question::arriving(&mut question, &known, &parts, (asked.component, now));
    let agreed = agreed::agreed(&regions, asked, now);
    beside.agreed = question::agreed(&mut question, &known, &agreed);
    let all = regions.iter().map(|(part, plans)| (part.journal, *plans)).collect();
    question::close(&mut question, &all, asked.component, today);
    let mut found = Found {
        asked,
        plan: None,
        moves: Vec::new(),
        groups: Vec::new(),
        rows,
        left,
        beside,
        departures: question.legs.len(),
        made: now,
    };
    if question.sites.len() < 2 || question.legs.is_empty() {
        return Ok(found);
    }
    let basis = Digest::of(format!("{question:?}").as_bytes());
    let by_id: BTreeMap<String, Run<'_>> =
        runs.iter().map(|run| (run.id(), (&run.leg.code, run.leaves, run.arrives))).collect();
    let plan = Planner::new(question)?.plan()?;
    let moves = plan.proposals.iter();
    found.moves =
        moves.filter_map(|one| proposed(&plan, one, &by_id, &found.rows, (now, basis))).collect();
    let groups = plan.groups.iter().map(|one| {
        let net = Net::of(one.without.saves, &one.without.avoids, &one.without.price);
        Together { group: one.group, units: one.units, net }
    });
    found.groups = groups.collect();
    found.groups.sort_by_key(|one| (one.net.urgency(), std::cmp::Reverse(one.net.saves_ore)));
    found.plan = Some(plan);
    Ok(found)
}

/// Whether another system keeps a place's record, so that somebody telephones about its units.
#[must_use]
pub fn by_telephone(world: &World, place: &Place) -> bool {
    let journal = world.journal(&place.region);
    let site = journal.and_then(|journal| journal.shared().kernel.sites.get(&place.site));
    site.is_some_and(|site| site.record != RecordKeeper::Samband)
}

/// A departure's code, when it leaves, and when it should be there.
type Run<'a> = (&'a Code, Time, Time);

fn row(one: &Gathered<'_>, now: Time) -> Row {
    let as_of = one.told.as_ref().map_or(one.part.as_of, |(_, as_of)| Known::Value(*as_of));
    let groups = one.lines.iter().map(|(group, held)| GroupRow {
        group: *group,
        units: held.days.values().sum(),
        milli: held.need.milli.iter().sum::<u64>() / held.need.milli.len().max(1) as u64,
        need: held.need.from,
    });
    let old = |then: Time| then.plus_seconds(STALE_HOURS * 3_600) < now;
    Row {
        place: Place { region: one.part.journal.clone(), site: one.site.clone() },
        external: one.external,
        system: one.told.as_ref().map(|(system, _)| system.clone()),
        groups: groups.collect(),
        as_of,
        stale: as_of.value().is_none_or(old),
    }
}

/// Every region's places, group by group: what can be planned, and what nobody knows enough of.
fn gather<'a>(regions: &[Region<'a>], asked: Asked, now: Time) -> (Vec<Gathered<'a>>, Vec<Left>) {
    let mut history = History::before(Day::of(now));
    let mut all = Vec::new();
    for (part, plans) in regions {
        let sites = stock::places(part, plans, asked.component, now).into_iter();
        let found: Vec<_> =
            sites.map(|site| (site, stock::of(part, site, asked.component, now))).collect();
        for (site, _) in &found {
            if let Some(history) = &mut history {
                history.take_up((part, plans), &site.id, asked.component);
            }
        }
        all.push((*part, *plans, found));
    }
    if let Some(history) = &mut history {
        history.look_ahead(asked.days);
    }
    let (mut known, mut left) = (Vec::new(), Vec::new());
    for (part, plans, found) in all {
        let whole = found.iter().try_fold(0, |sum, (_, stock)| Some(sum + stock.whole.value()?));
        for (site, stock) in found {
            let (mine, told) = (stock.whole, stock.told.clone());
            let need = |group| {
                let what = (&site.id, asked.component, group);
                let share = (mine, Known::from(whole));
                need::of(&part, history.as_ref(), what, share, asked.days)
            };
            let (lines, unknown) = sorted(stock, need);
            let place = || Place { region: part.journal.clone(), site: site.id.clone() };
            left.extend(unknown.into_iter().map(|(unknown, groups)| {
                let place = place();
                Left { place, unknown, groups }
            }));
            if !lines.is_empty() {
                let external = site.record != RecordKeeper::Samband;
                known.push(Gathered { part, plans, site: &site.id, external, told, lines });
            }
        }
    }
    (known, left)
}

/// A place's groups: those of which both is known, and what nobody knows of the others.
fn sorted(
    mut stock: Stock,
    need: impl Fn(Group) -> Option<Daily>,
) -> (BTreeMap<Group, Held>, BTreeMap<Unknown, Vec<Group>>) {
    let (mut lines, mut unknown) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
    for group in Group::ALL {
        match (stock.shelf.remove(&group), need(group)) {
            (None, _) => unknown.entry(Unknown::Stock).or_default().push(group),
            (_, None) => unknown.entry(Unknown::Need).or_default().push(group),
            (Some(days), Some(need)) => drop(lines.insert(group, Held { days, need })),
        }
    }
    (lines, unknown)
}

/// A proposal of the plan as it is accepted.
fn proposed(
    plan: &Plan,
    one: &samband_planning::transfer::Proposal,
    runs: &BTreeMap<String, Run<'_>>,
    rows: &[Row],
    (made, basis): (Time, Digest),
) -> Option<Move> {
    let (code, leaves, arrives) = *runs.get(&one.leg)?;
    let alone = Net::of(one.why.saves, &one.why.avoids, &one.why.price);
    let from = Place { region: one.from_region.clone(), site: one.from.clone() };
    let to = Place { region: one.to_region.clone(), site: one.to.clone() };
    let by_telephone = rows.iter().any(|row| row.place == from && row.external);
    let proposal = Proposal {
        arc: Arc { from, to, component: plan.component, group: Some(one.group) },
        units: u32::try_from(one.count).ok()?,
        leg: Some(code.clone()),
        leaves,
        arrives,
        why: net::recorded(&alone, one),
        saves_ore: one.why.saves,
        made,
        basis,
    };
    Some(Move { proposal, by_telephone, alone })
}
