//! The expected value after a day's issuing, for every stock and every order at once.
//!
//! Stock stands in age classes. Demand empties them in a fixed order, so a stock in which class j
//! is being emptied differs from its neighbour by one unit, and so do the sums over demand: with
//! S units up to and including the class at hand, the sum over all demands that empty further
//! classes depends on S alone. Walking from the class emptied last to the one emptied first, each
//! (stock, order) costs three multiplications, whatever the number of demands.
//!
//! A row holds the value of the orders side by side ("lanes"); one multiply-add serves all.

/// The values of L orders.
pub type Row<const L: usize> = [f64; L];

/// What the walk goes over. Classes are named from the one emptied last to the one emptied first;
/// the very first one to be emptied, which leaves with the day, has no class here: `oldest` is the
/// most it can hold (0 if demand meets it last: newest first).
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a, const L: usize> {
    /// How much a class can hold.
    pub top: usize,
    /// How much the class can hold that leaves at the end of the day.
    pub oldest: usize,
    /// Probability of exactly d units, d up to all classes full.
    pub exactly: &'a [f64],
    /// Probability of at most d units.
    pub at_most: &'a [f64],
    /// For each class, how far apart the rows of n and n + 1 units are.
    pub row_stride: &'a [usize],
    /// For each class, how far apart the answers of n and n + 1 units are.
    pub answer_stride: &'a [usize],
    /// The values that follow, by what is left of the classes.
    pub rows: &'a [Row<L>],
}

/// One answer: expected value by order, for one stock.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// Place of the classes' digits; the oldest class is not in it.
    pub place: usize,
    /// Units in the classes, without the oldest.
    pub units: usize,
    /// Units in the oldest class.
    pub oldest: usize,
}

/// Room to work in, kept between walks.
#[derive(Debug, Default)]
pub struct Room<const L: usize>(Vec<Vec<Row<L>>>);

#[inline(always)]
fn add<const L: usize>(sum: &mut Row<L>, weight: f64, row: &Row<L>) {
    for (sum, value) in sum.iter_mut().zip(row) {
        *sum += weight * value;
    }
}

#[inline(always)]
fn plus<const L: usize>(sum: &Row<L>, weight: f64, row: &Row<L>) -> Row<L> {
    let mut all = *sum;
    add(&mut all, weight, row);
    all
}

impl<const L: usize> Walk<'_, L> {
    /// Number of values of S that a base must answer for.
    #[must_use]
    pub fn reach(&self) -> usize {
        self.top * self.row_stride.len() + self.oldest + 1
    }

    /// Walks. `base[s]` is what remains to be expected when all of s units are gone and more was
    /// asked for, weighted with its probability.
    pub fn run(&self, base: &[Row<L>], room: &mut Room<L>, mut each: impl FnMut(At, &Row<L>)) {
        let classes = self.row_stride.len();
        if classes == 0 {
            for (oldest, rest) in base.iter().enumerate().take(self.oldest + 1) {
                let all = plus(rest, self.at_most[oldest], &self.rows[0]);
                each(At { place: 0, units: 0, oldest }, &all);
            }
            return;
        }
        room.0.resize_with(classes, Vec::new);
        room.0[0].clear();
        room.0[0].extend_from_slice(&base[..self.reach()]);
        let Room(tables) = room;
        self.descend(0, 0, At { place: 0, units: 0, oldest: 0 }, tables, &mut each);
    }

    fn descend(
        &self,
        class: usize,
        row: usize,
        at: At,
        tables: &mut [Vec<Row<L>>],
        each: &mut impl FnMut(At, &Row<L>),
    ) {
        let Some((table, deeper)) = tables.split_first_mut() else { return };
        if deeper.is_empty() {
            return self.deepest(class, row, at, table, each);
        }
        let needed = table.len() - self.top;
        for units in 0..=self.top {
            let here = row + units * self.row_stride[class];
            deeper[0].clear();
            deeper[0].extend_from_slice(&table[units..units + needed]);
            let place = at.place + units * self.answer_stride[class];
            let next = At { place, units: at.units + units, oldest: 0 };
            self.descend(class + 1, here, next, deeper, each);
            let value = &self.rows[here];
            for (sum, weight) in table[units + 1..].iter_mut().zip(&self.exactly[1..]) {
                add(sum, *weight, value);
            }
        }
    }

    /// The class emptied first, and beside it the oldest.
    fn deepest(
        &self,
        class: usize,
        row: usize,
        at: At,
        table: &[Row<L>],
        each: &mut impl FnMut(At, &Row<L>),
    ) {
        let (row_stride, answer_stride) = (self.row_stride[class], self.answer_stride[class]);
        for (all, start) in table.iter().enumerate().take(self.top + self.oldest + 1) {
            let mut sum = *start;
            for units in 0..=self.top.min(all) {
                let value = &self.rows[row + units * row_stride];
                let oldest = all - units;
                if oldest <= self.oldest {
                    let expected = plus(&sum, self.at_most[oldest], value);
                    let place = at.place + units * answer_stride;
                    each(At { place, units: at.units + units, oldest }, &expected);
                }
                add(&mut sum, self.exactly[oldest], value);
            }
        }
    }
}

/// What stands in lanes that belong to no order: never the best, and no infinity.
pub const NEVER: f64 = -1e300;

/// Which width wastes least on so many orders; the wider one where equal.
#[must_use]
pub fn lanes(orders: usize) -> usize {
    let padded = |lanes: &usize| (orders.div_ceil(*lanes) * lanes, 16 - lanes);
    [8, 12, 16].into_iter().min_by_key(padded).unwrap_or(16)
}

/// The highest of a row, by halves so that the comparisons run side by side.
#[inline(always)]
#[must_use]
pub fn best<const L: usize>(row: &Row<L>) -> f64 {
    let mut four = [row[0], row[1], row[2], row[3]];
    for chunk in row[4..].chunks_exact(4) {
        for (best, value) in four.iter_mut().zip(chunk) {
            *best = if *value > *best { *value } else { *best };
        }
    }
    let larger = |a: f64, b: f64| if a > b { a } else { b };
    larger(larger(four[0], four[2]), larger(four[1], four[3]))
}

/// Takes the first order of a row that is better than what was found before.
pub fn take_better(found: &mut (f64, u16), reward: f64, first: usize, row: &[f64]) {
    for (lane, value) in row.iter().enumerate() {
        if reward + value > found.0 {
            *found = (reward + value, (first + lane) as u16);
        }
    }
}
