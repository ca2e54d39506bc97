//! What expected donations are worth: which donation serves whom, in the same week or kept, by
//! the group itself or another, so that the weighed sum is least. Exact, in thousandths of a unit
//! and of a cost.

use super::flow::Network;
use super::matching::{Serves, serves};
use super::model::Instance;

/// Thousandths.
const UNIT: f64 = 1000.0;
/// A cost's grain.
const COST: f64 = 1e6;
/// More than any flow here.
const PLENTY: i64 = i64::MAX / 8;

/// Expected donations of a pool: by week and group.
pub type Supply = Vec<[f64; 8]>;

/// What becomes of a pool's donations, in units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Use {
    /// Demand not met, by week and group.
    pub short: Vec<[f64; 8]>,
    /// Donations that serve nobody, by week and group.
    pub surplus: Vec<[f64; 8]>,
    /// Units given to another group.
    pub substituted: f64,
    /// Units times weeks kept.
    pub kept: f64,
    /// The weighed sum of all four.
    pub cost: f64,
}

fn thousandths(units: f64) -> i64 {
    (units * UNIT).round() as i64
}

/// The best use of a pool's donations.
#[must_use]
pub fn best_use(instance: &Instance, pool: usize, supply: &[[f64; 8]]) -> Use {
    let weeks = instance.weeks;
    let weights = &instance.weights;
    let top = weights.shortage.iter().fold(0.0_f64, |top, weight| top.max(*weight));
    let (source, sink) = (16 * weeks, 16 * weeks + 1);
    let mut network = Network::new(16 * weeks + 2);
    let cost = |value: f64| (value * COST).round() as i64;
    let (mut short, mut surplus) = (Vec::new(), Vec::new());
    for week in 0..weeks {
        let wanted = instance.wanted(pool, week);
        for group in 0..8 {
            let node = week * 8 + group;
            network.arc(source, node, thousandths(supply[week][group]), 0);
            surplus.push(network.arc(node, sink, PLENTY, cost(top + weights.surplus)));
            let want = thousandths(wanted[group]);
            let saves = cost(top - weights.shortage[group]);
            short.push((want, network.arc(8 * weeks + node, sink, want, saves)));
        }
    }
    let ways = serves();
    let mut between = Vec::new();
    for week in 0..weeks {
        for (group, ways) in ways.iter().enumerate() {
            for Serves { donor, steps } in ways {
                for kept in 0..=instance.keeps_weeks.min(week) {
                    let price =
                        weights.substitution * f64::from(*steps) + weights.holding * kept as f64;
                    let (from, to) = ((week - kept) * 8 + donor, (weeks + week) * 8 + group);
                    let arc = network.arc(from, to, PLENTY, cost(price));
                    between.push((arc, *steps, kept));
                }
            }
        }
    }
    network.fill(source, sink);
    let mut found = Use::default();
    let units = |flow: i64| flow as f64 / UNIT;
    let tables = |values: Vec<f64>| -> Vec<[f64; 8]> {
        values.chunks_exact(8).map(|row| std::array::from_fn(|at| row[at])).collect()
    };
    found.surplus = tables(surplus.iter().map(|arc| units(network.through(*arc))).collect());
    let unmet = |(want, arc): &(i64, usize)| units(want - network.through(*arc));
    found.short = tables(short.iter().map(unmet).collect());
    let mut steps_down = 0.0;
    for (arc, steps, kept) in between {
        let flow = units(network.through(arc));
        steps_down += flow * f64::from(steps);
        found.substituted += if steps > 0 { flow } else { 0.0 };
        found.kept += flow * kept as f64;
    }
    found.cost = found.surplus.iter().flatten().sum::<f64>() * weights.surplus
        + steps_down * weights.substitution
        + found.kept * weights.holding;
    for row in &found.short {
        found.cost += row.iter().zip(weights.shortage).map(|(s, weight)| s * weight).sum::<f64>();
    }
    found
}
