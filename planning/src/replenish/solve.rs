//! From a model to its optimal policy.

use super::iterate::{Failed, Found, Stop, iterate};
use super::model::{Model, Weekly};
use super::pair::PairOperator;
use super::single::SingleOperator;
use super::weekly::WeeklyOperator;
use crate::progress::Progress;

/// When an iteration stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// When certified bounds on the optimum meet to within the tolerance.
    Certified,
    /// By the rule of the paper that the family comes from. A: no value changes by more than the
    /// tolerance. B: the bounds on the gain meet. C: what a week adds, with discounting taken out,
    /// is the same everywhere to within the tolerance, relative.
    Published,
}

/// How to solve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// When to stop.
    pub rule: Rule,
    /// To within what, in the model's unit of money.
    pub tolerance: f64,
    /// After so many iterations there is no answer.
    pub most_iterations: u32,
}

impl Settings {
    /// What is usual for a family.
    #[must_use]
    pub fn of(model: &Model, rule: Rule) -> Self {
        let tolerance = match (model, rule) {
            (Model::B1(_) | Model::B2(_), _) | (Model::A(_), Rule::Published) => 1e-4,
            (Model::C(_), Rule::Published) => 2e-4,
            (Model::A(_) | Model::C(_), Rule::Certified) => 1e-6,
        };
        Self { rule, tolerance, most_iterations: 10_000 }
    }
}

/// An optimal policy and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// How many values each digit of a state's number takes, most significant first.
    pub digits: Vec<usize>,
    /// The value of each state.
    pub values: Vec<f64>,
    /// The best order in each state; of family B2, first those of A, then those of B.
    pub orders: Vec<Vec<u16>>,
    /// Reward a day in the long run, if undiscounted.
    pub gain: Option<f64>,
    /// How far the optimum (undiscounted: the gain) can lie below and above what is given here;
    /// none where the published rule gives no bound.
    pub bounds: Option<(f64, f64)>,
    /// How often the operator was applied; of family C and certified, to a whole week.
    pub iterations: u32,
}

/// Finds the optimal policy.
///
/// # Errors
/// If asked to stop, or if the iteration does not converge.
pub fn solve(model: &Model, settings: &Settings, progress: &Progress) -> Result<Solution, Failed> {
    let (most, tolerance) = (settings.most_iterations, settings.tolerance);
    let stop = match (model, settings.rule) {
        (Model::A(_), Rule::Published) => Stop::Change(tolerance),
        _ => Stop::Certified(tolerance),
    };
    let digits = model.digits();
    match model {
        Model::A(single) | Model::B1(single) => {
            let mut operator = SingleOperator::new(single);
            let start = operator.revenue();
            let found = iterate(&mut operator, start, stop, most, progress)?;
            let orders = vec![operator.decide(&found.values)];
            Ok(solution(digits, found, orders))
        }
        Model::B2(pair) => {
            let mut operator = PairOperator::new(pair);
            let start = operator.revenue();
            let found = iterate(&mut operator, start, stop, most, progress)?;
            let orders = operator.decide(&found.values).into();
            Ok(solution(digits, found, orders))
        }
        Model::C(weekly) if settings.rule == Rule::Published => {
            periodic(weekly, digits, settings, progress)
        }
        Model::C(weekly) => {
            let mut operator = WeeklyOperator::new(weekly);
            let start = vec![0.0; digits[1..].iter().product()];
            let found = iterate(&mut operator, start, stop, most, progress)?;
            let (values, orders) = operator.decide(&found.values);
            Ok(solution(digits, Found { values, ..found }, vec![orders]))
        }
    }
}

fn solution(digits: Vec<usize>, found: Found, orders: Vec<Vec<u16>>) -> Solution {
    let Found { values, below, above, gain, iterations } = found;
    Solution { digits, values, orders, gain, bounds: Some((below, above)), iterations }
}

/// Family C as published: all weekdays from nothing, until a week adds the same everywhere.
fn periodic(
    model: &Weekly,
    digits: Vec<usize>,
    settings: &Settings,
    progress: &Progress,
) -> Result<Solution, Failed> {
    let mut operator = WeeklyOperator::new(model);
    let count: usize = digits.iter().product();
    let mut values = vec![0.0; count];
    // The last seven days' changes, discounting taken out, in a ring; and their sum.
    let mut changes = vec![vec![0.0; count]; 7];
    let mut apart = f64::INFINITY;
    for iterations in 1..=settings.most_iterations {
        progress.step()?;
        let mut next = vec![0.0; count];
        operator.each_day(&values, &mut next, None);
        let scale = model.discount.powi(iterations as i32 - 1);
        let change = &mut changes[iterations as usize % 7];
        for ((change, new), old) in change.iter_mut().zip(&next).zip(&values) {
            *change = (new - old) / scale;
        }
        values = next;
        if iterations < 7 {
            continue;
        }
        let week = |state: usize| changes.iter().map(|change| change[state]).sum::<f64>();
        let ends =
            (0..count).map(week).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), all| {
                (low.min(all), high.max(all))
            });
        apart = ends.1 - ends.0;
        if apart <= settings.tolerance * ends.0.abs().min(ends.1.abs()) {
            let mut orders = vec![0; count];
            let mut after = vec![0.0; count];
            operator.each_day(&values, &mut after, Some(&mut orders));
            return Ok(Solution {
                digits,
                values,
                orders: vec![orders],
                gain: None,
                bounds: None,
                iterations,
            });
        }
    }
    Err(Failed::NotConverged { iterations: settings.most_iterations, apart })
}
