//! The plan's question from what was gathered: places, units, need, departures, closings.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::supply::Leg;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::moving::moving;
use samband_domain::blood::view::picture::Part;
use samband_domain::plans;
use samband_domain::words::Day;
use samband_domain::{JournalId, Known, SiteId, Time};
use samband_planning::transfer::{Batch, Closed, Moment, NamedLeg, Question, Site};

use super::agreed::Agreed;
use super::need::whole_units;
use super::{Asked, BOX_UNITS, COSTS, Gathered};

/// Most units of a component on one departure. An assumption.
const CAPACITY: i64 = 80;
/// Units that expire within so many days after the horizon are used up first.
const SOON_DAYS: i64 = 7;

/// One departure within the horizon, named as the plan names it.
pub(super) struct Run<'a> {
    pub(super) region: &'a JournalId,
    pub(super) leg: &'a Leg,
    pub(super) leaves: Time,
    pub(super) arrives: Time,
}

impl Run<'_> {
    pub(super) fn id(&self) -> String {
        format!("{}/{}@{}", self.region, self.leg.code, Day::of(self.leaves))
    }
}

/// What was counted beside what lies there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Units that arrive within the horizon.
    pub coming: u32,
    /// Units that should have arrived by now: nobody knows when they will, so they do not count.
    pub late: u32,
    /// Units that somebody has said yes to, and that have not left yet.
    pub agreed: u32,
}

/// Every departure whose boxes can still be taken and that leaves within the horizon.
pub(super) fn runs<'a>(regions: &[Part<'a>], days: usize, now: Time) -> Vec<Run<'a>> {
    let today = Day::of(now);
    let until = today.plus_days(u32::try_from(days).unwrap_or(7));
    let mut all = Vec::new();
    for part in regions {
        for leg in part.stock.supply.legs.values().map(|held| &held.value) {
            let departures = leg.runs(now, until.starts()).into_iter();
            let within = departures.filter(|run| Day::of(run.leaves) < until);
            all.extend(within.map(|run| Run {
                region: part.journal,
                leg,
                leaves: run.leaves,
                arrives: run.arrives,
            }));
        }
    }
    all
}

/// The question without departures.
pub(super) fn question(known: &[Gathered<'_>], asked: Asked, today: Day) -> Question {
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
    for (site, one) in known.iter().enumerate() {
        question.sites.push(Site {
            id: one.site.clone(),
            region: one.part.journal.clone(),
            external: one.external,
            shortage: None,
        });
        for (group, line) in &one.lines {
            for (expires, units) in line.days.iter().filter(|(expires, _)| **expires >= today) {
                let (group, expires, units) = (*group, *expires, *units);
                question.batches.push(Batch { site, group, units, expires, day: today });
            }
            question.demand.push((site, *group, whole_units(&line.need.milli)));
            let line = Line { component: asked.component, group: Some(*group) };
            if let Some(held) = one.plans.targets.get(&(one.site.clone(), line)) {
                question.minimum.push((site, *group, i64::from(held.target.amber_from)));
            }
        }
    }
    question
}

fn index(known: &[Gathered<'_>], region: &JournalId, site: &SiteId) -> Option<usize> {
    known.iter().position(|one| one.part.journal == region && one.site == site)
}

fn clock(at: Time) -> Moment {
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    let stamp = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let time = stamp.to_zoned(zone).time();
    Moment { day: Day::of(at), clock: format!("{:02}:{:02}", time.hour(), time.minute()) }
}

/// Adds the departures between two places of the plan. What nobody knows the stock or the need of
/// at either end is not sent by them.
pub(super) fn legs(
    question: &mut Question,
    known: &[Gathered<'_>],
    runs: &[Run<'_>],
    asked: Asked,
) {
    let mut pairs = Vec::new();
    for run in runs {
        let from = index(known, run.region, &run.leg.from);
        let to = index(known, &run.leg.to_region, &run.leg.to_site);
        let (Some(from), Some(to)) = (from, to) else { continue };
        question.legs.push(NamedLeg {
            id: run.id(),
            from,
            to,
            departs: clock(run.leaves),
            arrives: clock(run.arrives),
            unit_price: 0,
            box_price: asked.box_price * 100,
            box_units: BOX_UNITS,
            capacity: CAPACITY,
        });
        if !pairs.contains(&(from, to)) {
            pairs.push((from, to));
        }
    }
    for (from, to) in pairs {
        let (from, to) = (&known[from], &known[to]);
        let both = |group: &Group| from.lines.contains_key(group) && to.lines.contains_key(group);
        for group in Group::ALL.into_iter().filter(|group| !both(group)) {
            let (from, to) = (from.site.clone(), to.site.clone());
            question.closed.push(Closed { from, to, group: Some(group), leg: None, because: None });
        }
    }
}

/// What is on its way and has not been found missing arrives on its day.
pub(super) fn arriving(
    question: &mut Question,
    known: &[Gathered<'_>],
    regions: &[Part<'_>],
    (component, now): (Component, Time),
) -> Beside {
    let mut beside = Beside::default();
    for one in moving(regions, now) {
        let to = index(known, &one.way.to_region, &one.way.to_site);
        let sender = regions.iter().find(|part| *part.journal == one.from_region);
        let (Some(site), Some(sender)) = (to, sender) else { continue };
        let nowhere = |id| one.missing.contains(id) || one.lost.contains(id);
        for id in one.open.iter().filter(|id| !nowhere(id)) {
            let Some(unit) = sender.stock.units.get(id) else { continue };
            let Known::Value(group) = unit.group else { continue };
            if unit.component() != component || !known[site].lines.contains_key(&group) {
                continue;
            }
            let Known::Value(eta) = one.eta() else {
                beside.late += 1;
                continue;
            };
            let (expires, day) = (Day::of(unit.expiry), Day::of(eta.max(now)));
            if one.late {
                beside.late += 1;
            } else if day.days_since(question.first) < question.days as i64 && expires >= day {
                beside.coming += 1;
                question.batches.push(Batch { site, group, units: 1, expires, day });
            }
        }
    }
    beside
}

/// What somebody has said yes to leaves the sender's shelf, the oldest that keep until then first,
/// and lies at the receiver from its day on; it is not proposed once more.
pub(super) fn agreed(question: &mut Question, known: &[Gathered<'_>], all: &[Agreed<'_>]) -> u32 {
    let mut moved = 0;
    for one in all {
        let arc = &one.proposal.arc;
        let from = index(known, &arc.from.region, &arc.from.site);
        let to = index(known, &arc.to.region, &arc.to.site);
        let (Some(from), Some(to), Some(group)) = (from, to, arc.group) else { continue };
        let arrives = Day::of(one.proposal.arrives);
        let kept = |batch: &Batch| {
            (batch.site, batch.group, batch.day) == (from, group, question.first)
                && batch.expires >= arrives
        };
        let mut held: Vec<usize> =
            (0..question.batches.len()).filter(|at| kept(&question.batches[*at])).collect();
        held.sort_by_key(|at| question.batches[*at].expires);
        let mut left = i64::from(one.units);
        for at in held {
            let batch = question.batches[at];
            let units = batch.units.min(left);
            left -= units;
            moved += u32::try_from(units).unwrap_or(0);
            question.batches[at].units -= units;
            let within = arrives.days_since(question.first) < question.days as i64;
            if within && units > 0 && known[to].lines.contains_key(&group) {
                question.batches.push(Batch { site: to, units, day: arrives, ..batch });
            }
        }
        let taken = |leg: &&NamedLeg| {
            (leg.from, leg.to) == (from, to) && leg.departs == clock(one.proposal.leaves)
        };
        let legs: Vec<_> = question.legs.iter().filter(taken).map(|leg| leg.id.clone()).collect();
        for leg in legs {
            let (from, to) = (arc.from.site.clone(), arc.to.site.clone());
            let group = Some(group);
            question.closed.push(Closed { from, to, group, leg: Some(leg), because: None });
        }
    }
    question.batches.retain(|batch| batch.units > 0);
    moved
}

/// What a region closed stays closed in everybody's plan.
pub(super) fn close(
    question: &mut Question,
    all: &BTreeMap<&JournalId, &plans::Shared>,
    component: Component,
    today: Day,
) {
    for (region, shared) in all {
        for (arc, one) in &shared.closed {
            let ends = [&arc.from.region, &arc.to.region].contains(region);
            if arc.component != component || one.until < today || !ends {
                continue;
            }
            let (from, to) = (arc.from.site.clone(), arc.to.site.clone());
            let because = Some(one.reason.clone());
            let one = Closed { from, to, group: arc.group, leg: None, because };
            let known = question.site(&one.from).is_some() && question.site(&one.to).is_some();
            if known && !question.closed.contains(&one) {
                question.closed.push(one);
            }
        }
    }
}
