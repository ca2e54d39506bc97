//! Base stocks of red cells, one for each group, fitted together: a group's stock also serves those
//! whose own group has run out, down the ladder of the blood area's rules.

use std::collections::VecDeque;

use samband_domain::Known;
use samband_domain::blood::model::{AgeKnown, Component, Group, Recipient, Rhd, Sex};
use samband_domain::blood::rules::compatible::{Policies, Urgency, ladder};

use super::{Bands, Risk, Trial};
use crate::progress::{Progress, Stopped};
use crate::random::Seed;
use crate::replenish::demand::Demand;
use crate::replenish::rollout::{Draw, Estimate, estimate};

/// Number of groups.
const GROUPS: usize = Group::ALL.len();

/// What is asked; groups as in [`Group::ALL`].
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// A day's demand of each group: one for all days, or seven from Monday on.
    pub demand: [Vec<Demand>; GROUPS],
    /// For each recipient's group, which groups to take from, the best first.
    pub ladders: [Vec<Group>; GROUPS],
    /// Days a unit can be issued, counted from its arrival (42 for red cells in SAGM).
    pub life_days: usize,
    /// Days from an order until its units can be issued, at least 1.
    pub lead_days: usize,
    /// Costs per unit.
    pub cost: CellCost,
    /// What makes a colour.
    pub risk: Risk,
}

/// Costs of red cells, per unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellCost {
    /// Asked for, and neither the group nor a substitute was there.
    pub shortage: f64,
    /// Another group than the recipient's was given.
    pub substitution: f64,
    /// Expired.
    pub wastage: f64,
    /// Held for a day.
    pub holding: f64,
}

/// A group's target.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct GroupTarget {
    /// Which.
    pub group: Group,
    /// Level and colours.
    pub bands: Bands,
    /// Share of units asked for by this group's recipients that were issued, per cent.
    pub service_percent: Estimate,
    /// Share of them that were of another group, per cent.
    pub substituted_percent: Estimate,
    /// Units of the group that expire of those that arrive, per cent.
    pub wastage_percent: Estimate,
}

/// The ladders for red cells by the blood area's rules, for planning: a grown man in routine.
/// D-positive to D-negative is never a substitution, whatever a rule allows in need.
#[must_use]
pub fn ladders(policies: &Policies) -> [Vec<Group>; GROUPS] {
    Group::ALL.map(|group| {
        let mut recipient = Recipient::of_group(Known::Value(group));
        recipient.sex = Known::Value(Sex::Male);
        recipient.age = AgeKnown::years(60);
        let steps = ladder(policies, Component::RedCells, &recipient, Urgency::Routine);
        let fits = |donor: &Group| group.rhd == Rhd::Positive || donor.rhd == Rhd::Negative;
        steps.into_iter().map(|step| step.group).filter(fits).collect()
    })
}

/// What one run came to.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    cost: f64,
    asked: [f64; GROUPS],
    short: [f64; GROUPS],
    substituted: [f64; GROUPS],
    expired: [f64; GROUPS],
    arrived: [f64; GROUPS],
}

/// Finds the base stocks of least cost together: newsvendor levels of each group alone, then up or
/// down one group at a time while that helps, on the same drawn days.
///
/// # Errors
/// If asked to stop.
pub fn targets(
    asked: &Asked,
    trial: &Trial,
    progress: &Progress,
) -> Result<Vec<GroupTarget>, Stopped> {
    let drawn = draw(asked, trial);
    let cost = |levels: &[usize; GROUPS]| -> Result<f64, Stopped> {
        progress.step()?;
        Ok(drawn.iter().map(|days| run(asked, trial, levels, days).cost).sum())
    };
    let mut levels = std::array::from_fn(|group| start(asked, group));
    let mut least = cost(&levels)?;
    let mut step = levels.iter().max().map_or(1, |most| (most / 8).max(1));
    loop {
        let mut better = false;
        for group in 0..GROUPS {
            let now = levels[group];
            for other in [now.saturating_sub(step), now + step] {
                let mut tried = levels;
                tried[group] = other;
                let found = cost(&tried)?;
                if found < least {
                    (least, levels, better) = (found, tried, true);
                }
            }
        }
        match (better, step) {
            (true, _) => {}
            (false, 1) => break,
            (false, _) => step /= 2,
        }
    }
    let runs: Vec<_> = drawn.iter().map(|days| run(asked, trial, &levels, days)).collect();
    Ok(Group::ALL.into_iter().map(|group| of_group(asked, &runs, group, levels)).collect())
}

fn of_group(asked: &Asked, runs: &[Outcome], group: Group, levels: [usize; GROUPS]) -> GroupTarget {
    let at = group.index();
    let percent = |part: f64, whole: f64| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    let service = |run: &Outcome| 100.0 - percent(run.short[at], run.asked[at]);
    let substituted = |run: &Outcome| percent(run.substituted[at], run.asked[at]);
    let wastage = |run: &Outcome| percent(run.expired[at], run.arrived[at]);
    GroupTarget {
        group,
        bands: Bands::new(levels[at], &asked.demand[at], asked.lead_days, asked.risk),
        service_percent: estimate(runs.iter().map(service)),
        substituted_percent: estimate(runs.iter().map(substituted)),
        wastage_percent: estimate(runs.iter().map(wastage)),
    }
}

/// The newsvendor's level of one group alone, over lead time and one day.
fn start(asked: &Asked, group: usize) -> usize {
    let demand = &asked.demand[group];
    let mut of = (0..=asked.lead_days).map(|day| &demand[day % demand.len()]);
    let Some(first) = of.next().cloned() else { return 0 };
    let all = of.fold(first, |all, one| all.plus(one));
    let CellCost { shortage, holding, .. } = asked.cost;
    all.quantile(shortage / (shortage + holding).max(1e-9))
}

fn draw(asked: &Asked, trial: &Trial) -> Vec<Vec<[usize; GROUPS]>> {
    let of_group = |week: &Vec<Demand>| week.iter().map(Draw::of).collect::<Vec<_>>();
    let draws: Vec<_> = asked.demand.iter().map(of_group).collect();
    let run = |replication: u32| {
        let stream = |group: Group| {
            let name = format!("target red cells {}", group.as_str());
            Seed(trial.seed).stream(&name, u64::from(replication))
        };
        let mut streams = Group::ALL.map(stream);
        let mut day = |at: usize| -> [usize; GROUPS] {
            std::array::from_fn(|group| {
                let week = &draws[group];
                week[at % week.len()].next(&mut streams[group])
            })
        };
        let days = (trial.warm_up_days + trial.days) as usize;
        (0..days).map(&mut day).collect()
    };
    (0..trial.replications).map(run).collect()
}

/// A group's units: on hand by last day of use, the oldest first; on their way by day of arrival.
#[derive(Clone, Debug, Default)]
struct Shelf {
    on_hand: VecDeque<(usize, usize)>,
    coming: VecDeque<(usize, usize)>,
    units: usize,
    position: usize,
}

impl Shelf {
    fn receive(&mut self, today: usize, life: usize) -> usize {
        let before = self.units;
        while let Some((day, units)) = self.coming.front().copied().filter(|(day, _)| *day <= today)
        {
            self.coming.pop_front();
            self.on_hand.push_back((day + life - 1, units));
            self.units += units;
        }
        self.units - before
    }

    /// Takes up to so many units, the oldest first; how many there were.
    fn take(&mut self, wanted: usize) -> usize {
        let mut left = wanted;
        while left > 0 {
            let Some((_, units)) = self.on_hand.front_mut() else { break };
            let taken = left.min(*units);
            *units -= taken;
            left -= taken;
            if *units == 0 {
                self.on_hand.pop_front();
            }
        }
        let taken = wanted - left;
        self.units -= taken;
        self.position -= taken;
        taken
    }

    fn expire(&mut self, today: usize) -> usize {
        let mut gone = 0;
        while let Some((_, units)) = self.on_hand.front().copied().filter(|(day, _)| *day <= today)
        {
            self.on_hand.pop_front();
            gone += units;
        }
        self.units -= gone;
        self.position -= gone;
        gone
    }

    fn fill_up(&mut self, today: usize, lead: usize, level: usize) {
        let order = level.saturating_sub(self.position);
        if order > 0 {
            self.coming.push_back((today + lead, order));
            self.position += order;
        }
    }
}

fn run(
    asked: &Asked,
    trial: &Trial,
    levels: &[usize; GROUPS],
    days: &[[usize; GROUPS]],
) -> Outcome {
    let mut shelves: [Shelf; GROUPS] = std::array::from_fn(|_| Shelf::default());
    let mut all = Outcome::default();
    for (today, demand) in days.iter().enumerate() {
        let counts = today >= trial.warm_up_days as usize;
        let mut day = Outcome::default();
        for (group, shelf) in shelves.iter_mut().enumerate() {
            day.arrived[group] = shelf.receive(today, asked.life_days) as f64;
            shelf.fill_up(today, asked.lead_days, levels[group]);
        }
        serve(asked, &mut shelves, demand, &mut day);
        for (group, shelf) in shelves.iter_mut().enumerate() {
            day.expired[group] = shelf.expire(today) as f64;
            day.cost += asked.cost.wastage * day.expired[group];
            day.cost += asked.cost.holding * shelf.units as f64;
        }
        if counts {
            all.cost += day.cost;
            for group in 0..GROUPS {
                all.asked[group] += demand[group] as f64;
                all.short[group] += day.short[group];
                all.substituted[group] += day.substituted[group];
                all.expired[group] += day.expired[group];
                all.arrived[group] += day.arrived[group];
            }
        }
    }
    all.cost /= f64::from(trial.days.max(1));
    all
}

/// Everybody from their own group first; then who is short, down the ladder.
fn serve(
    asked: &Asked,
    shelves: &mut [Shelf; GROUPS],
    demand: &[usize; GROUPS],
    day: &mut Outcome,
) {
    let short: [usize; GROUPS] =
        std::array::from_fn(|at| demand[at] - shelves[at].take(demand[at]));
    for (group, mut short) in short.into_iter().enumerate() {
        for other in &asked.ladders[group] {
            if short == 0 || other.index() == group {
                continue;
            }
            let taken = shelves[other.index()].take(short);
            short -= taken;
            day.substituted[group] += taken as f64;
            day.cost += asked.cost.substitution * taken as f64;
        }
        day.short[group] = short as f64;
        day.cost += asked.cost.shortage * short as f64;
    }
}
