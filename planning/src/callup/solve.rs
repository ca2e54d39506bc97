//! Makes a plan: prices first, then the buses' stops, then whole people.

use super::alone;
use super::check::{Outcome, outcome};
use super::climb::Climb;
use super::fair;
use super::fill::fill;
use super::model::{Instance, Place, PlaceKind, Plan};
use super::prices::Layout;
use super::round::{top_up, whole};
use super::smooth::Dual;
use super::stops::visits;
use crate::progress::{Progress, Stopped};

/// A plan, and how far it can be from the best one.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// The plan.
    pub plan: Plan,
    /// What it leads to.
    pub outcome: Outcome,
    /// No plan costs less than this.
    pub bound: f64,
    /// What it costs to invite nobody: the most that a plan can save is this less the bound.
    pub idle: f64,
    /// What one more donor received would save: by place and week.
    pub seats: Vec<Vec<f64>>,
    /// What one more donation would save: by pool, week and group.
    pub units: Vec<Vec<[f64; 8]>>,
    /// Times that the prices were worked out.
    pub looks: usize,
}

impl Solved {
    /// What the plan saves beside inviting nobody, as a part of what the best plan can save at
    /// most: at least this near the optimum.
    #[must_use]
    pub fn share(&self) -> f64 {
        let most = self.idle - self.bound;
        if most > 0.0 { ((self.idle - self.outcome.cost) / most).clamp(0.0, 1.0) } else { 1.0 }
    }
}

/// Edges of the rounded dual, as parts of the highest shortage weight, and steps for each.
const STAGES: [(f64, usize); 5] = [(0.2, 40), (0.06, 60), (0.02, 80), (0.007, 80), (0.003, 80)];
/// Where to go on once the stops stand.
const AGAIN: usize = 2;
/// Rounds of more steps while the bound says that the plan may be further from the best.
const ROUNDS: usize = 2;
/// How near is near enough.
const NEAR: f64 = 0.99;

/// Makes a plan.
///
/// # Errors
/// [`Stopped`] if the run was asked to.
pub fn solve(instance: &Instance, progress: &Progress) -> Result<Solved, Stopped> {
    let steps = ROUNDS * STAGES.iter().map(|(_, steps)| steps).sum::<usize>() * 2;
    let parts = alone::parts(instance);
    let count = parts.as_ref().map_or(1, Vec::len);
    progress.expect(u64::try_from(steps * count).unwrap_or(u64::MAX));
    let Some(parts) = parts else { return joined(instance, progress) };
    let solved: Result<Vec<_>, _> =
        parts.iter().map(|part| joined(&part.instance, progress)).collect();
    Ok(alone::whole(instance, &parts, solved?))
}

/// A plan for all at once.
fn joined(instance: &Instance, progress: &Progress) -> Result<Solved, Stopped> {
    let top = instance.weights.shortage.iter().fold(0.0_f64, |top, one| top.max(*one));
    let mut dual = Dual::new(instance);
    let mut climb = Climb::new(start(instance, &dual.layout, top), dual.layout.scales(instance));
    let mut best: Option<Solved> = None;
    for round in 0..ROUNDS {
        let stages = if round == 0 { &STAGES[..] } else { &STAGES[AGAIN..] };
        for (part, steps) in stages {
            climb.ascend(&dual, part * top, *steps << round, progress)?;
            climb.look(&dual);
        }
        let solved = plan(instance, &mut dual, &mut climb, top, progress)?;
        let idle = climb.bound;
        let better = best.as_ref().is_none_or(|best| solved.outcome.cost < best.outcome.cost);
        let mut kept = match best.take() {
            Some(best) if !better => best,
            _ => solved,
        };
        kept.bound = idle;
        kept.looks = climb.looks;
        let near = kept.share() >= NEAR;
        best = Some(kept);
        if near {
            break;
        }
    }
    best.ok_or(Stopped)
}

/// A donation is worth half a shortage, to begin with; everything else is free.
fn start(instance: &Instance, layout: &Layout, top: f64) -> Vec<f64> {
    let mut prices = vec![0.0; layout.len];
    for pool in 0..instance.pools() {
        for group in 0..8 {
            let row = layout.unit(pool, group);
            prices[row..row + instance.weeks].fill(0.5 * top);
        }
    }
    prices
}

/// What the seats of every place and week are worth together at the prices.
fn seats_worth(instance: &Instance, layout: &Layout, prices: &[f64]) -> Vec<Vec<f64>> {
    let of = |(at, place): (usize, &Place)| {
        let row = layout.place(at);
        place.capacity.iter().enumerate().map(|(week, seats)| prices[row + week] * seats).collect()
    };
    instance.places.iter().enumerate().map(of).collect()
}

/// From prices to a plan. With buses the prices go on with the stops standing, on a copy: the
/// bound is that of all timetables.
fn plan(
    instance: &Instance,
    dual: &mut Dual<'_>,
    climb: &mut Climb,
    top: f64,
    progress: &Progress,
) -> Result<Solved, Stopped> {
    let edge = STAGES[STAGES.len() - 1].0 * top;
    let mut wish = climb.wish(dual, edge);
    let open = visits(instance, &wish.visits, &seats_worth(instance, &dual.layout, &climb.prices));
    let mut prices = climb.prices.clone();
    if instance.places.iter().any(|place| place.kind != PlaceKind::Fixed) {
        dual.fix(&open);
        let mut after = Climb::new(prices, dual.layout.scales(instance));
        for (part, steps) in &STAGES[AGAIN..] {
            after.ascend(dual, part * top, *steps, progress)?;
        }
        wish = after.wish(dual, edge);
        climb.looks += after.looks;
        prices = after.prices;
        dual.free();
    }
    let layout = &dual.layout;
    let rows = |row: usize| prices[row..row + instance.weeks].to_vec();
    let seats = (0..instance.places.len()).map(|place| rows(layout.place(place))).collect();
    let unit = |pool, group, week| prices[layout.unit(pool, group) + week];
    let week_of = |pool, week| std::array::from_fn(|group| unit(pool, group, week));
    let units = (0..instance.pools())
        .map(|pool| (0..instance.weeks).map(|week| week_of(pool, week)).collect())
        .collect();
    let plan = people(instance, &wish.invitations, open, |stratum, week| {
        let facts = &instance.strata[stratum];
        unit(instance.pool(instance.region_of(facts)), facts.group.index(), week)
    });
    let nobody = Plan {
        invitations: vec![vec![0; instance.weeks]; instance.strata.len()],
        open: plan.open.clone(),
    };
    Ok(Solved {
        outcome: outcome(instance, &plan),
        idle: outcome(instance, &nobody).cost,
        plan,
        bound: f64::NEG_INFINITY,
        seats,
        units,
        looks: 0,
    })
}

/// Whole people near the wish: rounded, then more where a group is short, then seats that are left
/// over, and the band last. `worth` prices a donation by stratum and week.
fn people(
    instance: &Instance,
    wish: &[Vec<f64>],
    open: Vec<Vec<bool>>,
    worth: impl Fn(usize, usize) -> f64,
) -> Plan {
    let mut plan = whole(instance, wish, open);
    let first = outcome(instance, &plan);
    top_up(instance, &mut plan, &first);
    let mut judged = outcome(instance, &plan);
    let mut filled = plan.clone();
    fill(instance, &mut filled, &judged, &worth);
    let better = outcome(instance, &filled);
    if better.cost < judged.cost {
        (plan, judged) = (filled, better);
    }
    fair::keep(instance, &mut plan, &judged.per_donor, worth);
    plan
}
