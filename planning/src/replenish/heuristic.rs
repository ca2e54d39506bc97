//! Simple rules to order by, to hold against the optimum.

use super::model::{Model, Product, Single, split};

/// Raise what is on hand and in transit to a level.
#[must_use]
pub fn base_stock(level: usize, units: usize) -> usize {
    level.saturating_sub(units)
}

/// The same, and replace today what of the oldest class an average day will leave to expire
/// (Hendrix and others 2019).
#[must_use]
pub fn waste_conscious(level: usize, units: usize, oldest: usize, mean: usize) -> usize {
    if units < level { level - units + oldest.saturating_sub(mean) } else { 0 }
}

/// The orders that a rule makes in every state of a model; family B2: one rule for each product.
/// A rule is asked with all units of a product, and those in its oldest class.
#[must_use]
pub fn orders(model: &Model, rules: &[&dyn Fn(usize, usize) -> usize]) -> Vec<Vec<u16>> {
    let digits = model.digits();
    let of = |range: std::ops::Range<usize>, most: usize, rule: &dyn Fn(usize, usize) -> usize| {
        let order = |state| {
            let parts = split(state, &digits);
            let own = &parts[range.clone()];
            let oldest = own.last().copied().unwrap_or(0);
            rule(own.iter().sum(), oldest).min(most) as u16
        };
        (0..digits.iter().product()).map(order).collect()
    };
    let all = digits.len();
    match (model, rules) {
        (
            Model::A(Single { most_order, .. }) | Model::B1(Single { most_order, .. }),
            [rule, ..],
        ) => {
            vec![of(0..all, *most_order, rule)]
        }
        (Model::B2(pair), [a, b]) => {
            let most = |product: &Product| product.most_order;
            let [a_most, b_most] = [most(&pair.products[0]), most(&pair.products[1])];
            vec![of(0..pair.life, a_most, a), of(pair.life..all, b_most, b)]
        }
        (Model::C(weekly), [rule, ..]) => vec![of(1..all, weekly.most_order, rule)],
        _ => Vec::new(),
    }
}
