//! An order-up-to level for one component with a short life.

use super::{Bands, Risk, Trial};
use crate::progress::{Progress, Stopped};
use crate::random::Seed;
use crate::replenish::demand::Demand;
use crate::replenish::iterate::Failed;
use crate::replenish::model::{Cost, Issuing, Model, Single};
use crate::replenish::rollout::{Draw, Estimate, estimate};
use crate::replenish::solve::{Rule, Settings, solve};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// A day's demand: one for all days, or seven from Monday on.
    pub demand: Vec<Demand>,
    /// Days a unit can be issued, counted from its arrival.
    pub life_days: usize,
    /// Days from an order until its units can be issued, at least 1.
    pub lead_days: usize,
    /// Which unit leaves first.
    pub issuing: Issuing,
    /// Costs; fixed order costs are not reckoned with.
    pub cost: Cost,
    /// What makes a colour.
    pub risk: Risk,
}

/// A target and what it leads to.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Target {
    /// Level and colours.
    pub bands: Bands,
    /// Share of units asked for that are issued, per cent.
    pub service_percent: Estimate,
    /// Units that expire of those ordered, per cent.
    pub wastage_percent: Estimate,
    /// Cost a day.
    pub daily_cost: Estimate,
    /// The least cost a day that any rule can reach, where it can be computed exactly.
    pub least_daily_cost: Option<f64>,
}

/// Exact optima are computed up to so many states.
const MOST_STATES: usize = 400_000;

/// Finds the level of least cost.
///
/// # Errors
/// If asked to stop, or (never for sensible costs) if the exact solution does not converge.
pub fn target(asked: &Asked, trial: &Trial, progress: &Progress) -> Result<Target, Failed> {
    let drawn = draw(asked, trial);
    let cost = |level: usize| -> Result<f64, Stopped> {
        progress.step()?;
        let days: Vec<_> = drawn.iter().map(|days| run(asked, trial, level, days)).collect();
        Ok(days.iter().map(|kept| kept[0]).sum())
    };
    let mut level = start(asked);
    let mut least = cost(level)?;
    let mut step = (level / 8).max(1);
    loop {
        let mut better = None;
        for other in [level.saturating_sub(step), level + step] {
            let found = cost(other)?;
            if found < least {
                (least, better) = (found, Some(other));
            }
        }
        match better {
            Some(other) => level = other,
            None if step == 1 => break,
            None => step = (step / 2).max(1),
        }
    }
    let kept: Vec<_> = drawn.iter().map(|days| run(asked, trial, level, days)).collect();
    let of = |index: usize| estimate(kept.iter().map(|kept| kept[index]));
    Ok(Target {
        bands: Bands::new(level, &asked.demand, asked.lead_days, asked.risk),
        daily_cost: of(0),
        service_percent: of(1),
        wastage_percent: of(2),
        least_daily_cost: exact(asked, level, progress)?,
    })
}

/// Where the search begins: the newsvendor's level over lead time and one day.
fn start(asked: &Asked) -> usize {
    let days = asked.lead_days + 1;
    let mut of = (0..days).map(|day| &asked.demand[day % asked.demand.len()]);
    let Some(first) = of.next() else { return 0 };
    let all = of.fold(first.clone(), |all, one| all.plus(one));
    let Cost { shortage, holding, wastage, .. } = asked.cost;
    let over = holding + wastage / asked.life_days as f64;
    all.quantile(shortage / (shortage + over).max(1e-9))
}

fn draw(asked: &Asked, trial: &Trial) -> Vec<Vec<usize>> {
    let draws: Vec<_> = asked.demand.iter().map(Draw::of).collect();
    let run = |replication: u32| {
        let mut stream = Seed(trial.seed).stream("target perishable", u64::from(replication));
        let days = (trial.warm_up_days + trial.days) as usize;
        (0..days).map(|day| draws[day % draws.len()].next(&mut stream)).collect()
    };
    (0..trial.replications).map(run).collect()
}

/// One run at a level: cost a day, service and wastage in per cent.
fn run(asked: &Asked, trial: &Trial, level: usize, demand: &[usize]) -> [f64; 3] {
    let mut stock = vec![0; asked.lead_days - 1 + asked.life_days];
    let (mut cost, mut total, mut short, mut expired, mut ordered) = (0.0, 0, 0, 0, 0);
    for (day, units) in demand.iter().enumerate() {
        let order = level.saturating_sub(stock.iter().sum());
        let on_hand = &mut stock[asked.lead_days - 1..];
        let missing = match asked.issuing {
            Issuing::Fifo => issue(on_hand.iter_mut().rev(), *units),
            Issuing::Lifo => issue(on_hand.iter_mut(), *units),
        };
        let lost = on_hand.last().copied().unwrap_or(0);
        let held = on_hand.iter().sum::<usize>() - lost;
        stock.rotate_right(1);
        stock[0] = order;
        if day < trial.warm_up_days as usize {
            continue;
        }
        let Cost { order: each, shortage, wastage, holding, .. } = asked.cost;
        cost += each * order as f64 + shortage * missing as f64;
        cost += wastage * lost as f64 + holding * held as f64;
        (total, short) = (total + units, short + missing);
        (expired, ordered) = (expired + lost, ordered + order);
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    [cost / f64::from(trial.days.max(1)), 100.0 - percent(short, total), percent(expired, ordered)]
}

/// Takes units from classes in the order given; what was not there.
fn issue<'a>(classes: impl Iterator<Item = &'a mut usize>, mut units: usize) -> usize {
    for class in classes {
        let taken = units.min(*class);
        *class -= taken;
        units -= taken;
    }
    units
}

/// The least cost a day of any rule, if every day is alike and the states are few enough.
fn exact(asked: &Asked, level: usize, progress: &Progress) -> Result<Option<f64>, Failed> {
    let [demand] = asked.demand.as_slice() else { return Ok(None) };
    let most_order = level + 1;
    let digits = (asked.life_days + asked.lead_days - 1) as u32;
    let few = (most_order + 1).checked_pow(digits).is_some_and(|states| states <= MOST_STATES);
    if !few || asked.cost.price != 0.0 || asked.cost.fixed_order != 0.0 {
        return Ok(None);
    }
    let model = Model::A(Single {
        life: asked.life_days,
        lead: asked.lead_days,
        most_order,
        issuing: asked.issuing,
        demand: demand.clone(),
        cost: asked.cost,
        discount: 1.0,
    });
    let settings = Settings { tolerance: 1e-4, ..Settings::of(&model, Rule::Certified) };
    Ok(solve(&model, &settings, progress)?.gain.map(|gain| -gain))
}
