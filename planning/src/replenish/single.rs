//! One product with a fixed life on arrival: families A (De Moor 2022) and B1 (Hendrix 2019).
//!
//! A state is what is in transit (latest order first) and what is on hand (freshest first), each
//! 0 … the largest order. The next state is the order, then the state without its last digit, less
//! what was issued: so the values of all orders for one remainder stand in one row.

use super::iterate::Operator;
use super::kernel::{NEVER, Room, Row, Walk, best, lanes, take_better};
use super::model::{Issuing, Single, split};

/// The operator of one product's model.
#[derive(Debug)]
pub struct SingleOperator<'a> {
    model: &'a Single,
    exactly: Vec<f64>,
    at_most: Vec<f64>,
    /// Expected reward of a day by (oldest, other units); the order's cost is not in it.
    reward: Vec<f64>,
}

impl<'a> SingleOperator<'a> {
    /// Prepares the sums over demand.
    #[must_use]
    pub fn new(model: &'a Single) -> Self {
        let most = model.most_order * model.life + 1;
        let others = model.most_order * (model.life - 1);
        let reward = (0..=model.most_order)
            .flat_map(|oldest| (0..=others).map(move |units| model.day(oldest, units)))
            .collect();
        let (exactly, at_most) = (model.demand.padded(most), model.demand.summed(most));
        Self { model, exactly, at_most, reward }
    }

    /// Expected revenue of one day in each state: where value iteration starts if it sells.
    #[must_use]
    pub fn revenue(&self) -> Vec<f64> {
        let digits = self.model.digits();
        let on_hand = digits.len() - self.model.life;
        let demand = &self.model.demand;
        let revenue = |state| {
            let units: usize = split(state, &digits)[on_hand..].iter().sum();
            self.model.cost.price * (demand.mean() - demand.short_of(units))
        };
        (0..self.states()).map(revenue).collect()
    }

    /// The best order in each state, given the values that follow.
    #[must_use]
    pub fn decide(&self, values: &[f64]) -> Vec<u16> {
        match lanes(self.model.most_order + 1) {
            8 => self.decide_by::<8>(values),
            12 => self.decide_by::<12>(values),
            _ => self.decide_by::<16>(values),
        }
    }

    fn decide_by<const L: usize>(&self, values: &[f64]) -> Vec<u16> {
        let mut found = vec![(NEVER, 0_u16); self.states()];
        for first in (0..=self.model.most_order).step_by(L) {
            self.sweep::<L>(first, values, |state, reward, row| {
                take_better(&mut found[state], reward, first, row);
            });
        }
        found.into_iter().map(|(_, order)| order).collect()
    }

    fn apply_by<const L: usize>(&self, values: &[f64], out: &mut [f64]) {
        for first in (0..=self.model.most_order).step_by(L) {
            if first == 0 {
                self.sweep::<L>(first, values, |state, reward, row| {
                    out[state] = reward + best(row)
                });
            } else {
                self.sweep::<L>(first, values, |state, reward, row| {
                    out[state] = out[state].max(reward + best(row));
                });
            }
        }
    }

    /// The values of L orders from `first` on, by remainder, discounted and the order paid for.
    fn rows<const L: usize>(&self, first: usize, values: &[f64]) -> Vec<Row<L>> {
        let rests = self.states() / (self.model.most_order + 1);
        let mut rows = vec![[NEVER; L]; rests];
        for lane in 0..L.min(self.model.most_order + 1 - first) {
            let order = first + lane;
            let paid = self.model.cost.order * order as f64;
            for (row, value) in rows.iter_mut().zip(&values[order * rests..]) {
                row[lane] = self.model.discount * value - paid;
            }
        }
        rows
    }

    /// Calls `each` with every state, its day's reward and the values of L orders from `first` on.
    fn sweep<const L: usize>(
        &self,
        first: usize,
        values: &[f64],
        mut each: impl FnMut(usize, f64, &Row<L>),
    ) {
        let Single { life, most_order: top, issuing, .. } = *self.model;
        let rows = self.rows::<L>(first, values);
        let wide = top + 1;
        let newest_first = issuing == Issuing::Lifo;
        let strides = |last: u32| -> Vec<usize> {
            let all = (0..life as u32 - 1).map(|class| wide.pow(life as u32 - last - class));
            if newest_first { all.rev().collect() } else { all.collect() }
        };
        let (row_stride, answer_stride) = (strides(2), strides(1));
        let (rests, states) = (wide.pow(life as u32 - 1), wide.pow(life as u32));
        let reaches = top * (life - 1) + 1;
        let mut room = Room::default();
        for (transit, rows) in rows.chunks_exact(rests).enumerate() {
            let walk = Walk {
                top,
                oldest: if newest_first { 0 } else { top },
                exactly: &self.exactly,
                at_most: &self.at_most,
                row_stride: &row_stride,
                answer_stride: &answer_stride,
                rows,
            };
            let gone = |units| rows[0].map(|value| value * self.model.demand.at_least(units + 1));
            let base: Vec<_> = (0..walk.reach()).map(gone).collect();
            let start = transit * states;
            walk.run(&base, &mut room, |at, row| {
                let range = if newest_first { 0..=top } else { at.oldest..=at.oldest };
                for oldest in range {
                    let reward = self.reward[oldest * reaches + at.units];
                    each(start + at.place + oldest, reward, row);
                }
            });
        }
    }
}

impl Operator for SingleOperator<'_> {
    fn states(&self) -> usize {
        self.model.digits().iter().product()
    }

    fn discount(&self) -> f64 {
        self.model.discount
    }

    fn apply(&mut self, values: &[f64], out: &mut [f64]) {
        match lanes(self.model.most_order + 1) {
            8 => self.apply_by::<8>(values, out),
            12 => self.apply_by::<12>(values, out),
            _ => self.apply_by::<16>(values, out),
        }
    }
}
