//! What to expect day by day without comparing models: quick enough for whoever plans anew each
//! time a page is read.

use std::collections::BTreeMap;

use super::backtest::rows;
use super::models::{Model, forecast};
use super::pool::{Past, Pooled};
use super::series::{Key, Table};

/// Expected units of every series on the days after the table: its shrunk share of what weekday,
/// holidays and season say of all groups of its site. A series of which nothing can be said is not
/// there.
#[must_use]
pub fn means(table: &Table, horizon: usize) -> BTreeMap<Key, Vec<f64>> {
    let rows = rows(table, horizon);
    let past = Past { table, rows: &rows, origin: table.days };
    let pooled = Pooled::of(&past);
    let known = |units: &[Option<u32>]| units.iter().any(Option::is_some);
    let mut all = BTreeMap::new();
    for (key, _) in table.series.iter().filter(|(_, units)| known(units)) {
        let ahead = forecast(Model::FIRST, &past, &pooled, key, horizon);
        if let Some(ahead) = ahead.filter(|ahead| ahead.len() == horizon) {
            let means: Vec<_> = ahead.iter().map(super::Spread::mean).collect();
            all.insert(key.clone(), means);
        }
    }
    all
}
