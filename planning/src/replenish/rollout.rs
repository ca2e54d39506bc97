//! What a policy does day by day: replications of a model under the orders of a solution.

use rand_xoshiro::rand_core::Rng as _;

use super::model::{Issuing, Model, Pair, Single, Weekly};
use super::solve::Solution;
use crate::progress::{Progress, Stopped};
use crate::random::{Seed, Stream};

/// How to simulate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Runs {
    /// How many independent runs, at least 2.
    pub replications: u32,
    /// Days of each that count.
    pub days: u32,
    /// Days of each before those, from an empty stock.
    pub warm_up_days: u32,
    /// What all is drawn from.
    pub seed: u64,
}

impl Default for Runs {
    fn default() -> Self {
        Self { replications: 10_000, days: 365, warm_up_days: 100, seed: 78 }
    }
}

/// A mean over replications, and half the width of its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Half the width.
    pub half_width: f64,
}

/// What happened to one product.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Figures {
    /// Share of units asked for that were issued, per cent.
    pub service_percent: Estimate,
    /// Only where another product steps in: the same, its units counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_with_substitution_percent: Option<Estimate>,
    /// Units expired of those ordered, per cent.
    pub wastage_percent: Estimate,
    /// Units held overnight, mean; of families A and B without those that expired.
    pub holding_units: Estimate,
}

/// What a policy did.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Performance {
    /// Reward a day, undiscounted, mean.
    pub daily_reward: Estimate,
    /// Reward of the days that count, each discounted to the first of them.
    pub discounted_return: Estimate,
    /// By product; of family B2 A, then B.
    pub products: Vec<Figures>,
}

/// One day of one product.
#[derive(Clone, Copy, Debug, Default)]
struct Day {
    asked: f64,
    short: f64,
    /// Short even after another product stepped in.
    short_after: f64,
    ordered: f64,
    expired: f64,
    held: f64,
}

/// The draw of a demand: cumulated probabilities.
pub(crate) struct Draw(Vec<f64>);

impl Draw {
    pub(crate) fn of(demand: &super::demand::Demand) -> Self {
        Self((0..demand.most()).map(|n| demand.at_most(n)).collect())
    }

    pub(crate) fn next(&self, stream: &mut Stream) -> usize {
        let at = uniform(stream);
        self.0.partition_point(|sum| *sum <= at)
    }
}

/// Evenly from 0 up to, not including, 1.
fn uniform(stream: &mut Stream) -> f64 {
    (stream.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A model in motion: stock, and a day's step under an order.
trait World {
    /// The number of the state.
    fn state(&self) -> usize;
    /// One day; the reward.
    fn step(&mut self, state: usize, stream: &mut Stream, days: &mut [Day; 2]) -> f64;
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

fn number(digits: &[usize], wide: usize, start: usize) -> usize {
    digits.iter().fold(start, |number, digit| number * wide + digit)
}

struct OneProduct<'a> {
    model: &'a Single,
    orders: &'a [u16],
    draw: &'a Draw,
    /// In transit, then on hand, latest first.
    stock: Vec<usize>,
}

impl World for OneProduct<'_> {
    fn state(&self) -> usize {
        number(&self.stock, self.model.most_order + 1, 0)
    }

    fn step(&mut self, state: usize, stream: &mut Stream, days: &mut [Day; 2]) -> f64 {
        let order = usize::from(self.orders[state]);
        let asked = self.draw.next(stream);
        let on_hand = &mut self.stock[self.model.lead - 1..];
        let short = match self.model.issuing {
            Issuing::Fifo => issue(on_hand.iter_mut().rev(), asked),
            Issuing::Lifo => issue(on_hand.iter_mut(), asked),
        };
        let held: usize = on_hand[..on_hand.len() - 1].iter().sum();
        let expired = on_hand[on_hand.len() - 1];
        self.stock.rotate_right(1);
        self.stock[0] = order;
        let cost = &self.model.cost;
        days[0] = day(asked, short, short, order, expired, held);
        cost.price * (asked - short) as f64
            - cost.order * order as f64
            - cost.shortage * short as f64
            - cost.wastage * expired as f64
            - cost.holding * held as f64
    }
}

fn day(
    asked: usize,
    short: usize,
    short_after: usize,
    ordered: usize,
    expired: usize,
    held: usize,
) -> Day {
    let [asked, short, short_after, ordered, expired, held] =
        [asked, short, short_after, ordered, expired, held].map(|units| units as f64);
    Day { asked, short, short_after, ordered, expired, held }
}

struct TwoProducts<'a> {
    model: &'a Pair,
    orders: &'a [Vec<u16>],
    draws: &'a [Draw],
    stock: [Vec<usize>; 2],
}

impl World for TwoProducts<'_> {
    fn state(&self) -> usize {
        let [a, b] = [0, 1].map(|side| self.model.products[side].most_order + 1);
        number(&self.stock[1], b, number(&self.stock[0], a, 0))
    }

    fn step(&mut self, state: usize, stream: &mut Stream, days: &mut [Day; 2]) -> f64 {
        let orders = [0, 1].map(|side| usize::from(self.orders[side][state]));
        let asked = [0, 1].map(|side| self.draws[side].next(stream));
        let had_a: usize = self.stock[0].iter().sum();
        let short_b = issue(self.stock[1].iter_mut().rev(), asked[1]);
        let turn = (0..short_b).filter(|_| uniform(stream) < self.model.substitution).count();
        let wanted = asked[0] + turn;
        let unmet = issue(self.stock[0].iter_mut().rev(), wanted);
        let issued = [wanted - unmet, asked[1] - short_b];
        let stepped_in = issued[0].saturating_sub(asked[0]);
        let short_a = asked[0].saturating_sub(had_a);
        let short = [(short_a, short_a), (short_b, short_b - stepped_in)];
        let mut reward = 0.0;
        for side in 0..2 {
            let stock = &mut self.stock[side];
            let expired = stock[stock.len() - 1];
            let held = stock[..stock.len() - 1].iter().sum();
            stock.rotate_right(1);
            stock[0] = orders[side];
            days[side] =
                day(asked[side], short[side].0, short[side].1, orders[side], expired, held);
            let product = &self.model.products[side];
            reward += product.price * issued[side] as f64 - product.order * orders[side] as f64;
        }
        reward
    }
}

struct Week<'a> {
    model: &'a Weekly,
    orders: &'a [u16],
    draws: &'a [Draw],
    /// For each order, shares by days left, most first.
    shares: &'a [Vec<f64>],
    weekday: usize,
    stock: Vec<usize>,
}

impl World for Week<'_> {
    fn state(&self) -> usize {
        number(&self.stock, self.model.most_order + 1, self.weekday)
    }

    fn step(&mut self, state: usize, stream: &mut Stream, days: &mut [Day; 2]) -> f64 {
        let order = usize::from(self.orders[state]);
        self.stock.insert(0, 0);
        for _ in 0..order {
            let mut at = uniform(stream);
            let class = self.shares[order].iter().position(|share| {
                at -= share;
                at < 0.0
            });
            let class = class.unwrap_or(self.stock.len() - 1);
            self.stock[class] = (self.stock[class] + 1).min(self.model.most_order);
        }
        let asked = self.draws[self.weekday].next(stream);
        let short = issue(self.stock.iter_mut().rev(), asked);
        let held: usize = self.stock.iter().sum();
        let expired = self.stock.pop().unwrap_or(0);
        self.weekday = (self.weekday + 1) % 7;
        let cost = &self.model.cost;
        days[0] = day(asked, short, short, order, expired, held);
        let fixed = if order > 0 { cost.fixed_order } else { 0.0 };
        -fixed
            - cost.order * order as f64
            - cost.shortage * short as f64
            - cost.wastage * expired as f64
            - cost.holding * held as f64
    }
}

/// What is kept of one replication: daily reward, discounted return, then by product service,
/// service with substitution, wastage, holding.
const KEPT: usize = 10;

fn one_run(world: &mut impl World, runs: &Runs, discount: f64, stream: &mut Stream) -> [f64; KEPT] {
    let mut sums = [Day::default(); 2];
    let (mut reward, mut discounted, mut weight) = (0.0, 0.0, 1.0);
    let mut days = [Day::default(); 2];
    for today in 0..runs.warm_up_days + runs.days {
        let state = world.state();
        let gained = world.step(state, stream, &mut days);
        if today < runs.warm_up_days {
            continue;
        }
        reward += gained;
        discounted += weight * gained;
        weight *= discount;
        for (sum, day) in sums.iter_mut().zip(&days) {
            sum.asked += day.asked;
            sum.short += day.short;
            sum.short_after += day.short_after;
            sum.ordered += day.ordered;
            sum.expired += day.expired;
            sum.held += day.held;
        }
    }
    let all = f64::from(runs.days);
    let mut kept = [0.0; KEPT];
    (kept[0], kept[1]) = (reward / all, discounted);
    let percent = |part: f64, whole: f64, empty: f64| {
        if whole > 0.0 { 100.0 * part / whole } else { empty }
    };
    for (kept, sum) in kept[2..].chunks_exact_mut(4).zip(&sums) {
        kept[0] = percent(sum.asked - sum.short, sum.asked, 100.0);
        kept[1] = percent(sum.asked - sum.short_after, sum.asked, 100.0);
        kept[2] = percent(sum.expired, sum.ordered, 0.0);
        kept[3] = sum.held / all;
    }
    kept
}

/// Runs a model under a solution's orders.
///
/// # Errors
/// If asked to stop.
pub fn simulate(
    model: &Model,
    solution: &Solution,
    runs: &Runs,
    progress: &Progress,
) -> Result<Performance, Stopped> {
    progress.expect(u64::from(runs.replications));
    let orders = &solution.orders;
    match model {
        Model::A(single) | Model::B1(single) => {
            let draw = Draw::of(&single.demand);
            let stock = vec![0; solution.digits.len()];
            let world = || OneProduct {
                model: single,
                orders: &orders[0],
                draw: &draw,
                stock: stock.clone(),
            };
            replicate(world, runs, single.discount, 1, progress)
        }
        Model::B2(pair) => {
            let draws: Vec<_> = pair.products.iter().map(|one| Draw::of(&one.demand)).collect();
            let empty = vec![0; pair.life];
            let stock = [empty.clone(), empty];
            let world = || TwoProducts { model: pair, orders, draws: &draws, stock: stock.clone() };
            replicate(world, runs, 1.0, 2, progress)
        }
        Model::C(weekly) => {
            let draws: Vec<_> = weekly.demand.iter().map(Draw::of).collect();
            let shares: Vec<_> =
                (0..=weekly.most_order).map(|order| weekly.shares(order)).collect();
            let stock = vec![0; weekly.life - 1];
            let world = || Week {
                model: weekly,
                orders: &orders[0],
                draws: &draws,
                shares: &shares,
                weekday: 0,
                stock: stock.clone(),
            };
            replicate(world, runs, weekly.discount, 1, progress)
        }
    }
}

fn replicate<W: World>(
    world: impl Fn() -> W,
    runs: &Runs,
    discount: f64,
    products: usize,
    progress: &Progress,
) -> Result<Performance, Stopped> {
    let mut all = Vec::with_capacity(runs.replications as usize);
    for replication in 0..runs.replications {
        progress.step()?;
        let mut stream = Seed(runs.seed).stream("replenish", u64::from(replication));
        all.push(one_run(&mut world(), runs, discount, &mut stream));
    }
    let of = |index: usize| estimate(all.iter().map(|kept| kept[index]));
    let figures = |product: usize| {
        let first = 2 + 4 * product;
        Figures {
            service_percent: of(first),
            service_with_substitution_percent: (product == 1).then(|| of(first + 1)),
            wastage_percent: of(first + 2),
            holding_units: of(first + 3),
        }
    };
    Ok(Performance {
        daily_reward: of(0),
        discounted_return: of(1),
        products: (0..products).map(figures).collect(),
    })
}

pub(crate) fn estimate(values: impl Iterator<Item = f64> + Clone) -> Estimate {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    let squares: f64 = values.map(|value| (value - mean) * (value - mean)).sum();
    Estimate { mean, half_width: 1.959_964 * (squares / (count - 1.0) / count).sqrt() }
}
