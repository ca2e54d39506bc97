//! Hospital platelets: family C (Mirjalili 2022, chapter 6). Orders arrive at once, with ages that
//! vary; demand follows the weekday.
//!
//! The expected value over the ages of q units is q times the expected value over the age of one:
//! each class is cut at its most by itself, and cuts compose. So an order costs as many passes of a
//! small stencil as it has units, in place of every split of it. A week is one operator: today's
//! values follow from tomorrow's, seven times.

use super::iterate::Operator;
use super::kernel::{Room, Row, Walk};
use super::model::Weekly;

/// Lanes of the freshest class in the walk.
const L: usize = 8;

/// The operator of a whole week, on Monday's values.
#[derive(Debug)]
pub struct WeeklyOperator<'a> {
    model: &'a Weekly,
    /// Values of an order's units on hand, before demand: freshest class slowest.
    field: Vec<f64>,
    /// The same as it was before any unit arrived, if orders of different size age differently.
    before: Vec<f64>,
    /// Values of each weekday, Monday to Sunday, as last computed.
    days: Vec<Vec<f64>>,
    exactly: Vec<Vec<f64>>,
    at_most: Vec<Vec<f64>>,
    /// Units on hand in each stock.
    units: Vec<usize>,
}

impl<'a> WeeklyOperator<'a> {
    /// Prepares the sums over demand.
    #[must_use]
    pub fn new(model: &'a Weekly) -> Self {
        let wide = model.most_order + 1;
        let stocks = wide.pow(model.life as u32 - 1);
        let most = model.most_order * (model.life + 1) + 1;
        let digits = vec![wide; model.life - 1];
        let units = (0..stocks).map(|stock| super::model::split(stock, &digits).iter().sum());
        let field = vec![0.0; stocks * wide];
        Self {
            model,
            before: if model.is_exogenous() { Vec::new() } else { field.clone() },
            field,
            days: vec![vec![0.0; stocks]; 7],
            exactly: model.demand.iter().map(|demand| demand.padded(most)).collect(),
            at_most: model.demand.iter().map(|demand| demand.summed(most)).collect(),
            units: units.collect(),
        }
    }

    /// Values of all weekdays, Monday first, one after the other.
    #[must_use]
    pub fn all_days(&self) -> Vec<f64> {
        self.days.concat()
    }

    /// One day: the best value in each state of `weekday` if `next` follows, and the order.
    pub fn day(
        &mut self,
        weekday: usize,
        next: &[f64],
        out: &mut [f64],
        orders: Option<&mut [u16]>,
    ) {
        let most = self.model.most_order;
        self.demand(weekday, next);
        let stocks = self.units.len();
        out.copy_from_slice(&self.field[..stocks]);
        let mut best = orders;
        if let Some(best) = best.as_deref_mut() {
            best.fill(0);
        }
        if !self.model.is_exogenous() {
            self.before.copy_from_slice(&self.field);
        }
        let mut shares = self.model.shares(0);
        for order in 1..=most {
            if self.model.is_exogenous() {
                stencil(&mut self.field, most + 1, self.model.life, &shares, most - order);
            } else {
                shares = self.model.shares(order);
                let used = (order + 1) * stocks;
                self.field[..used].copy_from_slice(&self.before[..used]);
                for unit in 1..=order {
                    stencil(&mut self.field, most + 1, self.model.life, &shares, order - unit);
                }
            }
            let paid = self.model.cost.fixed_order + self.model.cost.order * order as f64;
            self.take(order, paid, out, best.as_deref_mut());
        }
    }

    /// Takes an order wherever it is allowed and better.
    fn take(&self, order: usize, paid: f64, out: &mut [f64], best: Option<&mut [u16]>) {
        let most = self.model.order_up_to.map_or(usize::MAX, |level| level.saturating_sub(order));
        let after = self.field.iter().zip(&self.units).zip(out);
        match best {
            None => {
                for ((value, units), out) in after {
                    let better = *units <= most && value - paid > *out;
                    *out = if better { value - paid } else { *out };
                }
            }
            Some(best) => {
                for (((value, units), out), best) in after.zip(best) {
                    if *units <= most && value - paid > *out {
                        (*out, *best) = (value - paid, order as u16);
                    }
                }
            }
        }
    }

    /// Fills the field: expected value of every stock after arrival.
    fn demand(&mut self, weekday: usize, next: &[f64]) {
        let (model, wide) = (self.model, self.model.most_order + 1);
        let (exactly, at_most) = (&self.exactly[weekday], &self.at_most[weekday]);
        let demand = &model.demand[weekday];
        let classes = model.life as u32 - 2;
        let rests = wide.pow(classes);
        let stocks = self.units.len();
        let row_stride: Vec<usize> =
            (0..classes).map(|class| wide.pow(classes - 1 - class)).collect();
        let answer_stride: Vec<usize> = row_stride.iter().map(|stride| stride * wide).collect();
        let cost = &model.cost;
        let whole: Vec<f64> = (0..=model.most_order * model.life)
            .map(|n| -cost.shortage * demand.short_of(n) - cost.holding * demand.left_of(n))
            .collect();
        let lost: Vec<f64> = (0..wide).map(|n| -cost.wastage * demand.left_of(n)).collect();
        let mut room = Room::default();
        for first in (0..wide).step_by(L) {
            let used = L.min(wide - first);
            let mut rows: Vec<Row<L>> = vec![[0.0; L]; rests];
            for lane in 0..used {
                let from = &next[(first + lane) * rests..];
                for (row, value) in rows.iter_mut().zip(from) {
                    row[lane] = model.discount * value;
                }
            }
            let left = |fresh: usize| model.discount * next[fresh * rests];
            let base: Vec<Row<L>> = (0..model.most_order * (model.life - 1) + 1)
                .map(|gone| {
                    std::array::from_fn(|lane| {
                        let fresh = first + lane;
                        if lane >= used {
                            return 0.0;
                        }
                        let some = (0..fresh).map(|j| exactly[gone + fresh - j] * left(j));
                        some.sum::<f64>() + demand.at_least(gone + fresh + 1) * left(0)
                    })
                })
                .collect();
            let walk = Walk {
                top: model.most_order,
                oldest: model.most_order,
                exactly,
                at_most,
                row_stride: &row_stride,
                answer_stride: &answer_stride,
                rows: &rows,
            };
            let field = &mut self.field;
            walk.run(&base, &mut room, |at, row| {
                let (place, units) = (at.place + at.oldest, at.units + at.oldest + first);
                for (lane, value) in row.iter().enumerate().take(used) {
                    field[(first + lane) * stocks + place] =
                        value + whole[units + lane] + lost[at.oldest];
                }
            });
        }
    }

    /// The values and the best orders of all weekdays once Monday's values stand.
    pub fn decide(&mut self, monday: &[f64]) -> (Vec<f64>, Vec<u16>) {
        let stocks = self.units.len();
        let mut orders = vec![0; 7 * stocks];
        let mut values = vec![0.0; 7 * stocks];
        let mut next = monday.to_vec();
        for weekday in (0..7).rev() {
            let here = weekday * stocks..(weekday + 1) * stocks;
            self.day(weekday, &next, &mut values[here.clone()], Some(&mut orders[here.clone()]));
            next.copy_from_slice(&values[here]);
        }
        (values, orders)
    }

    /// One application to all seven weekdays at once: tomorrow's old values, as the literature
    /// iterates.
    pub fn each_day(&mut self, values: &[f64], out: &mut [f64], mut orders: Option<&mut [u16]>) {
        let stocks = self.units.len();
        for weekday in 0..7 {
            let next = (weekday + 1) % 7 * stocks;
            let here = weekday * stocks..(weekday + 1) * stocks;
            let orders = orders.as_deref_mut().map(|orders| &mut orders[here.clone()]);
            self.day(weekday, &values[next..next + stocks], &mut out[here.clone()], orders);
        }
    }
}

impl Operator for WeeklyOperator<'_> {
    fn states(&self) -> usize {
        self.units.len()
    }

    fn discount(&self) -> f64 {
        self.model.discount.powi(7)
    }

    fn apply(&mut self, values: &[f64], out: &mut [f64]) {
        let mut days = std::mem::take(&mut self.days);
        for weekday in (0..7).rev() {
            let (here, after) = days.split_at_mut(weekday + 1);
            let next = after.first().map_or(values, Vec::as_slice);
            self.day(weekday, next, &mut here[weekday], None);
        }
        out.copy_from_slice(&days[0]);
        self.days = days;
    }
}

/// One unit arrives, of an age that varies: in place, for 0 … `fresh` units in the freshest class.
/// What a full class gets is refused. Every sum looks at larger stocks only, so upwards in place.
fn stencil(field: &mut [f64], wide: usize, life: usize, shares: &[f64], fresh: usize) {
    let stocks = wide.pow(life as u32 - 1);
    if wide == 21 {
        passes(field, 21, life, shares, fresh, stocks);
    } else {
        passes(field, wide, life, shares, fresh, stocks);
    }
}

#[inline(always)]
fn passes(
    field: &mut [f64],
    wide: usize,
    life: usize,
    shares: &[f64],
    fresh: usize,
    stocks: usize,
) {
    let outer: Vec<usize> =
        (1..life as u32 - 1).map(|class| wide.pow(life as u32 - 1 - class)).collect();
    let last = shares[life - 1];
    let lines = stocks / wide;
    let mut sum = vec![0.0; wide];
    for unit in 0..=fresh {
        let mut digits = vec![0_usize; outer.len()];
        for line in 0..lines {
            let at = unit * stocks + line * wide;
            let own = &field[at..at + wide];
            for i in 0..wide - 1 {
                sum[i] = last * own[i + 1];
            }
            sum[wide - 1] = last * own[wide - 1];
            let from = at + if unit + 1 < wide { stocks } else { 0 };
            add(&mut sum, shares[0], &field[from..from + wide]);
            for ((digit, stride), share) in digits.iter().zip(&outer).zip(&shares[1..]) {
                let from = if digit + 1 < wide { at + stride } else { at };
                add(&mut sum, *share, &field[from..from + wide]);
            }
            field[at..at + wide].copy_from_slice(&sum);
            for digit in digits.iter_mut().rev() {
                *digit += 1;
                if *digit < wide {
                    break;
                }
                *digit = 0;
            }
        }
    }
}

#[inline(always)]
fn add(sum: &mut [f64], weight: f64, from: &[f64]) {
    for (sum, value) in sum.iter_mut().zip(from) {
        *sum += weight * value;
    }
}
