//! A sum laid out in whole öre by weights.

use super::model::{Key, Keys, Region};

/// Largest sum, in öre: ten thousand million kronor.
pub(super) const MOST_AMOUNT: i64 = 1_000_000_000_000;
/// Most inhabitants, or units used, of one region.
pub(super) const MOST_WEIGHT: u64 = 1 << 30;
/// Most parties.
pub(super) const MOST_REGIONS: usize = 64;

/// Parts of a sum in proportion to weights: each within one öre of its exact part, together the
/// sum (largest remainder; where remainders are equal, the first part is rounded up). All parts
/// are zero if no weight is more than zero.
#[must_use]
pub fn shares(amount: i64, weights: &[u128]) -> Vec<i64> {
    let whole: u128 = weights.iter().sum();
    let size = u128::from(amount.unsigned_abs());
    if whole == 0 {
        return vec![0; weights.len()];
    }
    // An amount has forty bits, weights together at most eighty-six.
    let exact = |weight: &u128| (size * weight / whole, size * weight % whole);
    let (mut parts, rests): (Vec<_>, Vec<_>) = weights.iter().map(exact).unzip();
    let left = size - parts.iter().sum::<u128>();
    let mut order: Vec<_> = (0..weights.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(rests[*at]));
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        parts[at] += 1;
    }
    let sign = amount.signum();
    parts.into_iter().map(|part| sign * i64::try_from(part).unwrap_or(i64::MAX)).collect()
}

/// The weight of each region under a mix of keys, or under one of them: whole numbers in exact
/// proportion.
pub(super) fn weights(keys: Keys, only: Option<Key>, regions: &[Region]) -> Vec<u128> {
    let keys = match only {
        None => keys,
        Some(Key::Population) => Keys { population: 100, r#use: 0, equal: 0 },
        Some(Key::Use) => Keys { population: 0, r#use: 100, equal: 0 },
        Some(Key::Equal) => Keys { population: 0, r#use: 0, equal: 100 },
    };
    let people: u128 = regions.iter().map(|region| u128::from(region.population)).sum();
    let used: u128 = regions.iter().map(|region| u128::from(region.used)).sum();
    // A key that counts for nothing need not have anything to count.
    let (people, used) = (people.max(1), used.max(1));
    let count = (regions.len() as u128).max(1);
    let weight = |region: &Region| {
        u128::from(keys.population) * u128::from(region.population) * used * count
            + u128::from(keys.r#use) * u128::from(region.used) * people * count
            + u128::from(keys.equal) * people * used
    };
    regions.iter().map(weight).collect()
}
