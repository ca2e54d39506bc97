//! Two products, the second replaceable by the first: family B2 (Hendrix 2019).
//!
//! As long as some B is left, A and B are asked for independently of each other; only when B runs
//! out do customers turn to A, and how many depends on the stock of B alone. So the sums over A's
//! issues are made once for each stock of A, and the sums over B's by [`Walk`].

use super::iterate::Operator;
use super::kernel::{NEVER, Room, Row, Walk, best, lanes, take_better};
use super::model::{Pair, split};

/// The operator of two products' model.
#[derive(Debug)]
pub struct PairOperator<'a> {
    model: &'a Pair,
    /// Sizes: orders of A and B, stocks of A and B, stocks without the class that leaves.
    orders: [usize; 2],
    stocks: [usize; 2],
    rests: [usize; 2],
    /// `joint[b][z]`: z units of A are asked for, substitution included, and at least b of B.
    joint: Vec<Vec<f64>>,
    exactly: [Vec<f64>; 2],
    at_most: Vec<f64>,
    /// What an order costs, by lane.
    paid: Vec<f64>,
}

/// What can be left of a stock of A: which remainder, and with what probability for each amount
/// in the class that leaves.
struct Remainder {
    rest: usize,
    /// Issues of the classes other than the oldest.
    issued: usize,
}

impl<'a> PairOperator<'a> {
    /// Prepares the sums over demand.
    #[must_use]
    pub fn new(model: &'a Pair) -> Self {
        let power =
            |product: usize, by: usize| (model.products[product].most_order + 1).pow(by as u32);
        let orders = [power(0, 1), power(1, 1)];
        let reach = |product: usize| model.products[product].most_order * model.life + 1;
        let exactly = [0, 1].map(|side| model.products[side].demand.padded(reach(side)));
        let cost = |order: usize| {
            let (a, b) = (order / orders[1], order % orders[1]);
            model.products[0].order * a as f64 + model.products[1].order * b as f64
        };
        Self {
            model,
            orders,
            stocks: [power(0, model.life), power(1, model.life)],
            rests: [power(0, model.life - 1), power(1, model.life - 1)],
            joint: joint(model),
            exactly,
            at_most: model.products[1].demand.summed(reach(1)),
            paid: (0..orders[0] * orders[1]).map(cost).collect(),
        }
    }

    /// Expected revenue of a day by units of A and B: where value iteration starts.
    fn revenue_of(&self, a: usize, b: usize) -> f64 {
        let [one, other] = &self.model.products;
        let sold = |n: usize, at: &dyn Fn(usize) -> f64, more: f64| {
            (0..n).map(|k| at(k) * k as f64).sum::<f64>() + more * n as f64
        };
        let b_left = 1.0 - other.demand.at_least(b);
        let b_alone = sold(b, &|k| other.demand.exactly(k), 0.0);
        let a_alone = sold(a, &|k| one.demand.exactly(k), one.demand.at_least(a));
        let asked = &self.joint[b];
        let more: f64 = asked[a.min(asked.len())..].iter().sum();
        let a_joint = sold(a, &|k| asked.get(k).copied().unwrap_or(0.0), more);
        let gone: f64 = asked.iter().sum();
        one.price * (b_left * a_alone + a_joint) + other.price * (b_alone + gone * b as f64)
    }

    /// Expected revenue of one day in each state.
    #[must_use]
    pub fn revenue(&self) -> Vec<f64> {
        let digits = self.model.digits();
        let [a, b] = [0, 1].map(|side| self.model.products[side].most_order * self.model.life + 1);
        let table: Vec<f64> =
            (0..a).flat_map(|a| (0..b).map(move |b| self.revenue_of(a, b))).collect();
        let of = |state| {
            let parts = split(state, &digits);
            let (one, other) = parts.split_at(self.model.life);
            table[one.iter().sum::<usize>() * b + other.iter().sum::<usize>()]
        };
        (0..self.states()).map(of).collect()
    }

    /// The best orders of A and B in each state, given the values that follow.
    #[must_use]
    pub fn decide(&self, values: &[f64]) -> [Vec<u16>; 2] {
        let mut found = vec![(NEVER, 0_u16); self.states()];
        match lanes(self.paid.len()) {
            8 => self.decide_by::<8>(values, &mut found),
            12 => self.decide_by::<12>(values, &mut found),
            _ => self.decide_by::<16>(values, &mut found),
        }
        let wide = self.orders[1] as u16;
        [
            found.iter().map(|(_, order)| order / wide).collect(),
            found.iter().map(|(_, order)| order % wide).collect(),
        ]
    }

    fn decide_by<const L: usize>(&self, values: &[f64], found: &mut [(f64, u16)]) {
        self.sweep::<L>(values, |state, first, row| {
            take_better(&mut found[state], 0.0, first, row);
        });
    }

    fn apply_by<const L: usize>(&self, values: &[f64], out: &mut [f64]) {
        out.fill(NEVER);
        self.sweep::<L>(values, |state, _, row| out[state] = out[state].max(best(row)));
        let reward = |a: usize, b: usize| self.revenue_of(a, b);
        self.add_reward(out, reward);
    }

    fn add_reward(&self, out: &mut [f64], reward: impl Fn(usize, usize) -> f64) {
        let [tops_a, tops_b] = [0, 1].map(|side| self.model.products[side].most_order);
        let wide = tops_b * self.model.life + 1;
        let table: Vec<f64> = (0..=tops_a * self.model.life)
            .flat_map(|a| (0..wide).map(move |b| (a, b)))
            .map(|(a, b)| reward(a, b))
            .collect();
        let [units_a, units_b] = [0, 1].map(|side| self.units(side));
        for (out, a) in out.chunks_exact_mut(self.stocks[1]).zip(units_a) {
            for (out, b) in out.iter_mut().zip(&units_b) {
                *out += table[a * wide + b];
            }
        }
    }

    /// Units on hand in each stock of one product.
    fn units(&self, side: usize) -> Vec<usize> {
        let digits = vec![self.orders[side]; self.model.life];
        (0..self.stocks[side]).map(|stock| split(stock, &digits).iter().sum()).collect()
    }

    /// What can be left of A's classes other than the oldest, oldest of them issued first.
    fn remainders(&self, rest: usize) -> Vec<Remainder> {
        let digits = vec![self.orders[0]; self.model.life - 1];
        let mut left = split(rest, &digits);
        let mut all = vec![Remainder { rest, issued: 0 }];
        let mut number = rest;
        for class in (0..left.len()).rev() {
            let weight = self.orders[0].pow((left.len() - 1 - class) as u32);
            while left[class] > 0 {
                left[class] -= 1;
                number -= weight;
                all.push(Remainder { rest: number, issued: all.len() });
            }
        }
        all
    }

    /// Probability of each remainder if A's demand is `exactly` (and `beyond` from there on).
    fn chances(
        &self,
        left: &[Remainder],
        oldest: usize,
        at: &dyn Fn(usize) -> f64,
        beyond: &dyn Fn(usize) -> f64,
    ) -> Vec<f64> {
        let last = left.len() - 1;
        let chance = |remainder: &Remainder| {
            let issued = remainder.issued;
            let asked = oldest + issued;
            match (issued, issued == last) {
                (0, true) => beyond(0),
                (0, false) => (0..=oldest).map(at).sum(),
                (_, true) => beyond(asked),
                (_, false) => at(asked),
            }
        };
        left.iter().map(chance).collect()
    }

    /// Calls `each` with every state, the first order of a row and the row, revenue left out.
    fn sweep<const L: usize>(&self, values: &[f64], mut each: impl FnMut(usize, usize, &Row<L>)) {
        let mut room = Room::default();
        let mut alone = vec![0.0; self.orders[0] * self.stocks[1]];
        let mut both = vec![0.0; self.joint.len() * self.paid.len()];
        for rest in 0..self.rests[0] {
            let left = self.remainders(rest);
            let ends = self.ends(values, &left);
            for oldest in 0..self.orders[0] {
                self.expect_alone(values, &left, oldest, &mut alone);
                self.expect_both(&ends, &left, oldest, &mut both);
                let start = (rest * self.orders[0] + oldest) * self.stocks[1];
                self.walk_b::<L>(&alone, &both, &mut room, |place, first, row| {
                    each(start + place, first, row);
                });
            }
        }
    }

    /// Values of the states without B, for each remainder of A: orders side by side.
    fn ends(&self, values: &[f64], left: &[Remainder]) -> Vec<f64> {
        let mut ends = Vec::with_capacity(left.len() * self.paid.len());
        for Remainder { rest, .. } in left {
            for a in 0..self.orders[0] {
                let from = (a * self.rests[0] + rest) * self.stocks[1];
                let of_b = values[from..from + self.stocks[1]].iter().step_by(self.rests[1]);
                ends.extend(of_b);
            }
        }
        ends
    }

    /// Expected over A's issues when B does not run out: by order of A and the next stock of B.
    fn expect_alone(&self, values: &[f64], left: &[Remainder], oldest: usize, out: &mut [f64]) {
        let demand = &self.model.products[0].demand;
        let chances = self.chances(left, oldest, &|n| self.exactly[0][n], &|n| demand.at_least(n));
        for (a, out) in out.chunks_exact_mut(self.stocks[1]).enumerate() {
            out.fill(0.0);
            for (chance, remainder) in chances.iter().zip(left) {
                let from = (a * self.rests[0] + remainder.rest) * self.stocks[1];
                axpy(out, *chance, &values[from..from + self.stocks[1]]);
            }
        }
    }

    /// Expected over A's issues when B runs out: by stock of B, orders side by side.
    fn expect_both(&self, ends: &[f64], left: &[Remainder], oldest: usize, out: &mut [f64]) {
        let orders = self.paid.len();
        for (asked, out) in self.joint.iter().zip(out.chunks_exact_mut(orders)) {
            out.fill(0.0);
            let at = |n: usize| asked.get(n).copied().unwrap_or(0.0);
            let beyond = |n: usize| asked[n.min(asked.len())..].iter().sum();
            let chances = self.chances(left, oldest, &at, &beyond);
            for (chance, end) in chances.iter().zip(ends.chunks_exact(orders)) {
                axpy(out, *chance, end);
            }
        }
    }

    /// The walk over B's stocks.
    fn walk_b<const L: usize>(
        &self,
        alone: &[f64],
        both: &[f64],
        room: &mut Room<L>,
        mut each: impl FnMut(usize, usize, &Row<L>),
    ) {
        let (wide, classes) = (self.orders[1], self.model.life as u32 - 1);
        let row_stride: Vec<usize> =
            (0..classes).map(|class| wide.pow(classes - 1 - class)).collect();
        let answer_stride: Vec<usize> = row_stride.iter().map(|stride| stride * wide).collect();
        let mut rows = vec![[0.0; L]; self.rests[1]];
        for first in (0..self.paid.len()).step_by(L) {
            let used = L.min(self.paid.len() - first);
            for lane in 0..used {
                let (a, b) = ((first + lane) / wide, (first + lane) % wide);
                let from = a * self.stocks[1] + b * self.rests[1];
                for (row, value) in rows.iter_mut().zip(&alone[from..]) {
                    row[lane] = *value;
                }
            }
            let mut paid = [-NEVER; L];
            paid[..used].copy_from_slice(&self.paid[first..first + used]);
            // The walk weights "exactly all of B" with the value of an empty stock; here it
            // belongs to those states where B runs out.
            let base: Vec<Row<L>> = (0..self.joint.len())
                .map(|b| {
                    let mut row = [0.0; L];
                    row[..used].copy_from_slice(&both[b * self.paid.len() + first..][..used]);
                    let exactly = self.exactly[1][b];
                    std::array::from_fn(|lane| row[lane] - exactly * rows[0][lane])
                })
                .collect();
            let walk = Walk {
                top: wide - 1,
                oldest: wide - 1,
                exactly: &self.exactly[1],
                at_most: &self.at_most,
                row_stride: &row_stride,
                answer_stride: &answer_stride,
                rows: &rows,
            };
            walk.run(&base, room, |at, row| {
                let row: Row<L> = std::array::from_fn(|lane| row[lane] - paid[lane]);
                each(at.place + at.oldest, first, &row);
            });
        }
    }
}

impl Operator for PairOperator<'_> {
    fn states(&self) -> usize {
        self.stocks[0] * self.stocks[1]
    }

    fn discount(&self) -> f64 {
        1.0
    }

    fn apply(&mut self, values: &[f64], out: &mut [f64]) {
        match lanes(self.paid.len()) {
            8 => self.apply_by::<8>(values, out),
            12 => self.apply_by::<12>(values, out),
            _ => self.apply_by::<16>(values, out),
        }
    }
}

fn axpy(out: &mut [f64], weight: f64, from: &[f64]) {
    for (out, value) in out.iter_mut().zip(from) {
        *out += weight * value;
    }
}

/// `joint[b][z]`: probability that at least b of B are asked for, and z of A by those who want A
/// and those who found no B. Demand beyond `most_demand` is left out, as the literature does.
fn joint(model: &Pair) -> Vec<Vec<f64>> {
    let [one, other] = &model.products;
    let most = model.most_demand;
    let take = model.substitution;
    (0..=other.most_order * model.life)
        .map(|b| {
            let mut turned = vec![0.0; most + 1];
            for missed in 0..most.saturating_sub(b) {
                let chance = other.demand.exactly(b + missed);
                for (more, part) in binomial(missed, take).into_iter().enumerate() {
                    turned[more] += chance * part;
                }
            }
            let sum = |z: usize| (0..=z).map(|own| one.demand.exactly(own) * turned[z - own]).sum();
            (0..=most).map(sum).collect()
        })
        .collect()
}

/// Probabilities of 0 … `trials` successes.
fn binomial(trials: usize, chance: f64) -> Vec<f64> {
    let mut all = vec![1.0];
    for _ in 0..trials {
        let mut next = vec![0.0; all.len() + 1];
        for (k, p) in all.iter().enumerate() {
            next[k] += p * (1.0 - chance);
            next[k + 1] += p * chance;
        }
        all = next;
    }
    all
}
