//! A day's question for so many sites: eight groups by the donors' mix, a timetable, a morning's
//! stock of all ages, five days' demand.

use samband_domain::blood::model::Component;
use samband_planning::transfer::{Costs, Figures, Fits, GROUPS, Leg, Problem, Shape, UNLIMITED};

/// Donors' mix in thousandths, in the order of the groups.
const MIX: [u64; GROUPS] = [320, 60, 370, 70, 100, 20, 50, 10];

/// Numbers that look like chance and are the same for ever.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another.
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }

    /// About so many hundredths, as a whole number: a sum of coins, so that it spreads as counts
    /// do.
    fn about(&mut self, hundredths: u64) -> i64 {
        let tries = 2 + hundredths / 25;
        let hits = (0..tries).filter(|_| self.below(100 * tries) < hundredths).count();
        hits as i64
    }
}

/// Sites in a plane, each bound to its nearest ones by so many legs a day.
pub(super) fn shape(sites: usize, days: usize, neighbours: usize, seed: u64) -> Shape {
    let mut dice = Dice::new(seed);
    let at: Vec<_> = (0..sites).map(|_| (dice.below(400) as i64, dice.below(400) as i64)).collect();
    let mut legs = Vec::new();
    for from in 0..sites {
        let far = |to: &usize| (at[from].0 - at[*to].0).abs() + (at[from].1 - at[*to].1).abs();
        let mut others: Vec<_> = (0..sites).filter(|to| *to != from).collect();
        others.sort_by_key(|to| (far(to), *to));
        for to in others.into_iter().take(neighbours) {
            let far = far(&to);
            for day in 0..days as u8 {
                // Beyond a few hours' drive it arrives on the next day.
                let arrives = day + u8::from(far > 250);
                let price = 800 + 12 * far + dice.below(200) as i64;
                let ends = (from as u32, to as u32);
                legs.push(Leg {
                    from: ends.0,
                    to: ends.1,
                    departs: day,
                    arrives,
                    price,
                    capacity: 60,
                });
            }
        }
    }
    let costs = Costs {
        shortage: 500_000,
        expiry: 140_000,
        below_minimum: 30_000,
        substitution: 3_000,
        holding: 40,
    };
    let fits = Fits::of(Component::RedCells);
    Shape { sites, days, fits, legs, costs, shortage: Vec::new(), stable: false }
}

/// A morning: some sites have too much and some too little.
pub(super) fn figures(shape: &Shape, seed: u64) -> Figures {
    let mut dice = Dice::new(seed);
    let mut figures = shape.nothing();
    for site in 0..shape.sites {
        // Hundredths of units used a day: a few large sites, many small ones.
        let use_a_day = 300 + 4_000 / (1 + site as u64 % 10);
        let plenty = 40 + dice.below(120);
        for (group, share) in MIX.into_iter().enumerate() {
            let mean = use_a_day * share / 1000;
            for day in 0..shape.days {
                figures.wants[shape.need(site, group, day)] = dice.about(mean);
                let made = dice.about(mean * plenty / 100);
                figures.has[shape.stock(site, group, shape.later(), day)] = made;
            }
            for class in 0..shape.classes() {
                let days = if class < shape.days { 12 } else { 250 };
                let has = dice.about(mean * days / 100 * plenty / 100);
                figures.has[shape.stock(site, group, class, 0)] += has;
            }
            figures.minimum[shape.shelf(site, group)] = (mean * 2 / 100) as i64;
            figures.soon_use[shape.shelf(site, group)] = (mean * 5 / 100) as i64;
        }
    }
    figures
}

/// One day only and everything at once: every stock by site, group and age may serve every demand
/// it fits at its nearest sites, expire, or be missed. Node 0 is where what is left over goes.
pub(super) fn one_day(sites: usize, ages: usize, neighbours: usize, seed: u64) -> Problem {
    let mut dice = Dice::new(seed);
    let fits = Fits::of(Component::RedCells);
    let at: Vec<_> = (0..sites).map(|_| (dice.below(400) as i64, dice.below(400) as i64)).collect();
    let mut problem = Problem::default();
    problem.node(0);
    let mut needs = Vec::new();
    for cell in 0..sites * GROUPS {
        let most = 2 + MIX[cell % GROUPS] * ages as u64 / 60;
        needs.push(problem.node(-(dice.below(most) as i64)));
    }
    for need in &needs {
        problem.arc(0, *need, UNLIMITED, 50_000);
    }
    for from in 0..sites {
        let far = |to: &usize| (at[from].0 - at[*to].0).abs() + (at[from].1 - at[*to].1).abs();
        let mut near: Vec<_> = (0..sites).collect();
        near.sort_by_key(|to| (far(to), *to));
        near.truncate(neighbours);
        for group in 0..GROUPS {
            for age in 0..ages {
                let stock = problem.node(dice.below(2 + MIX[group] / 60) as i64);
                problem.arc(stock, 0, UNLIMITED, 9_000 >> (2 * age));
                for to in &near {
                    let carried = if *to == from { 0 } else { 200 + 10 * far(to) };
                    for (need, place) in needs[to * GROUPS..].iter().zip(fits.0[group]) {
                        if let Some(place) = place {
                            let price = carried + 300 * i64::from(place);
                            problem.arc(stock, *need, UNLIMITED, price);
                        }
                    }
                }
            }
        }
    }
    problem.supply[0] = -problem.supply.iter().sum::<i64>();
    problem
}
