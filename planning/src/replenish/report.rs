//! The answers as they are printed.

use std::fmt::Write as _;

use serde::Serialize;

use super::document::Document;
use super::model::Model;
use super::rollout::{Estimate, Performance};
use super::solve::{Rule, Solution};

/// The answer of `replenish solve`.
#[derive(Clone, Debug, Serialize)]
pub struct Solved {
    /// Which family: a, b1, b2 or c.
    pub family: &'static str,
    /// Number of states.
    pub states: usize,
    /// When the iteration stopped.
    pub rule: Rule,
    /// Value of an empty system (family C: on a Monday).
    pub value_empty: f64,
    /// Mean over all states.
    pub value_mean: f64,
    /// Reward a day in the long run; only if undiscounted.
    pub gain: Option<f64>,
    /// Between what the optimum lies: the value of an empty system, undiscounted the gain.
    pub bounds: Option<[f64; 2]>,
    /// How often values were improved; family C and certified: by a whole week each.
    pub iterations: u32,
    /// Time taken, if the caller measured it.
    pub seconds: Option<f64>,
    /// Sum of the best orders over all states.
    pub policy_sum: u64,
    /// The same for each product.
    pub policy_sums: Vec<u64>,
    /// The policy.
    pub policy: Grid,
}

/// A policy: the best order in each state.
#[derive(Clone, Debug, Serialize)]
pub struct Grid {
    /// The digits of a state, first the one that changes slowest.
    pub axes: Vec<Axis>,
    /// By product: the orders, in the order of the axes, the last running fastest.
    pub orders: Vec<Vec<u16>>,
}

/// One digit of a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Axis {
    /// What it counts.
    pub name: String,
    /// It runs from 0 to one less than this.
    pub size: usize,
}

/// The answer of `replenish simulate`.
#[derive(Clone, Debug, Serialize)]
pub struct Simulated {
    /// Which family: a, b1, b2 or c.
    pub family: &'static str,
    /// Independent runs.
    pub replications: u32,
    /// Days of each that count.
    pub days: u32,
    /// Days of each before those.
    pub warm_up_days: u32,
    /// What all was drawn from.
    pub seed: u64,
    /// What the policy did.
    #[serde(flatten)]
    pub performance: Performance,
    /// Time taken, if the caller measured it.
    pub seconds: Option<f64>,
}

fn axes(model: &Model) -> Vec<Axis> {
    let digits = model.digits();
    let left = |days: usize| format!("days_left_{days}");
    let names: Vec<String> = match model {
        Model::A(single) | Model::B1(single) => {
            let transit = (1..single.lead).rev().map(|days| format!("arrives_in_{days}"));
            transit.chain((1..=single.life).rev().map(left)).collect()
        }
        Model::B2(pair) => ["a", "b"]
            .into_iter()
            .flat_map(|side| (1..=pair.life).rev().map(move |d| format!("{side}_days_left_{d}")))
            .collect(),
        Model::C(weekly) => std::iter::once("weekday_from_monday".to_owned())
            .chain((1..weekly.life).rev().map(left))
            .collect(),
    };
    names.into_iter().zip(digits).map(|(name, size)| Axis { name, size }).collect()
}

impl Solved {
    /// Puts an answer together.
    #[must_use]
    pub fn new(document: &Document, solution: Solution, seconds: Option<f64>) -> Self {
        let sum = |orders: &Vec<u16>| orders.iter().map(|order| u64::from(*order)).sum();
        let policy_sums: Vec<u64> = solution.orders.iter().map(sum).collect();
        let value_empty = solution.values.first().copied().unwrap_or(0.0);
        let value_mean = solution.values.iter().sum::<f64>() / solution.values.len() as f64;
        let about = solution.gain.unwrap_or(value_empty);
        Self {
            family: document.model.family(),
            states: solution.values.len(),
            rule: document.settings.rule,
            value_empty,
            value_mean,
            gain: solution.gain,
            bounds: solution.bounds.map(|(below, above)| [about - below, about + above]),
            iterations: solution.iterations,
            seconds,
            policy_sum: policy_sums.iter().sum(),
            policy_sums,
            policy: Grid { axes: axes(&document.model), orders: solution.orders },
        }
    }

    /// For people: figures, and the orders by the last two digits of the state where the others
    /// are 0.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "family            {}", self.family);
        let _ = writeln!(out, "states            {}", self.states);
        let _ = writeln!(out, "value when empty  {:.6}", self.value_empty);
        if let Some(gain) = self.gain {
            let _ = writeln!(out, "gain a day        {gain:.6}");
        }
        if let Some([low, high]) = self.bounds {
            let _ = writeln!(out, "optimum between   {low:.9} and {high:.9}");
        }
        let _ = writeln!(out, "iterations        {}", self.iterations);
        if let Some(seconds) = self.seconds {
            let _ = writeln!(out, "seconds           {seconds:.3}");
        }
        let _ = writeln!(out, "sum of orders     {}", self.policy_sum);
        for (product, orders) in self.policy.orders.iter().enumerate() {
            let name =
                if self.policy.orders.len() == 1 { "" } else { [" of A", " of B"][product % 2] };
            self.corner(name, orders, &mut out);
        }
        out
    }

    fn corner(&self, name: &str, orders: &[u16], out: &mut String) {
        let [.., across] = self.policy.axes.as_slice() else { return };
        let down = self.policy.axes.len().checked_sub(2).map(|place| &self.policy.axes[place]);
        let rows = down.map_or(1, |axis| axis.size);
        let _ = writeln!(out, "\norders{name}, everything else 0; across: {}", across.name);
        if let Some(down) = down {
            let _ = writeln!(out, "down: {}", down.name);
        }
        for row in orders.chunks_exact(across.size).take(rows) {
            let line: Vec<String> = row.iter().map(|order| format!("{order:>3}")).collect();
            let _ = writeln!(out, "{}", line.concat());
        }
    }
}

impl Simulated {
    /// Puts an answer together.
    #[must_use]
    pub fn new(document: &Document, performance: Performance, seconds: Option<f64>) -> Self {
        let runs = document.runs;
        Self {
            family: document.model.family(),
            replications: runs.replications,
            days: runs.days,
            warm_up_days: runs.warm_up_days,
            seed: runs.seed,
            performance,
            seconds,
        }
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!(
            "{} runs of {} days after {} days from an empty stock, seed {}; ± 95 %\n",
            self.replications, self.days, self.warm_up_days, self.seed
        );
        let mut line = |name: &str, value: Estimate| {
            let _ = writeln!(out, "{name:<28} {:>12.4} ± {:.4}", value.mean, value.half_width);
        };
        line("reward a day", self.performance.daily_reward);
        line("discounted return", self.performance.discounted_return);
        let several = self.performance.products.len() > 1;
        for (product, figures) in self.performance.products.iter().enumerate() {
            let of = if several { [" of A", " of B"][product % 2] } else { "" };
            line(&format!("service{of}, %"), figures.service_percent);
            if let Some(all) = figures.service_with_substitution_percent {
                line(&format!("service{of} with A, %"), all);
            }
            line(&format!("wastage{of}, %"), figures.wastage_percent);
            line(&format!("units held{of}"), figures.holding_units);
        }
        out
    }
}
