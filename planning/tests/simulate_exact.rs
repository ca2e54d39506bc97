//! What the simulator's evening transfers, chosen one unit after the other, lose against the exact
//! optimum of the same evening: the same stocks, the same worth of a unit more or less, the same
//! prices, solved as a network flow.

#![allow(clippy::needless_range_loop)]

use samband_planning::random::Seed;
use samband_planning::simulate::build::build;
use samband_planning::simulate::document::Scenario;
use samband_planning::simulate::model::*;
use samband_planning::simulate::state::{At, State, Watch};
use samband_planning::transfer::{Problem, Simplex, UNLIMITED};

const SODRA: &str = include_str!("../scenarios/sodra.toml");

/// Every so many evenings one is looked at.
const SAMPLED: u32 = 9;

/// Gains of the evenings looked at, in öre: chosen unit by unit, and at best.
struct Evenings<'a> {
    world: &'a World,
    price: f64,
    /// From, to, group of what left tonight.
    tonight: Vec<(usize, usize, usize)>,
    chosen: i128,
    best: i128,
    moved: usize,
}

impl Watch for Evenings<'_> {
    fn moved(&mut self, _day: u32, at: At, to: usize, _last: u32, _count: u16, days: u32) {
        if days > 0 && at.component == RED_CELLS {
            let region = |site: usize| self.world.sites[site].region;
            self.tonight.push((region(at.site), region(to), at.group));
        }
    }

    fn ended(&mut self, day: u32, state: &State) {
        let tonight = std::mem::take(&mut self.tonight);
        if day >= 200 && day.is_multiple_of(SAMPLED) {
            (0..GROUPS).for_each(|group| self.look(state, group, &tonight));
        }
    }
}

impl Evenings<'_> {
    /// What the `n`th unit of a group is worth to a region, in öre.
    fn worth(&self, region: usize, group: usize, n: i64) -> i64 {
        let short = self.world.values.short(region, RED_CELLS, group, (n - 1) as u32);
        (short * self.world.products[RED_CELLS].shortage_cost * 100.0).round() as i64
    }

    fn road(&self, from: usize, to: usize) -> Option<i64> {
        let leg = self.world.leg(from, to)?;
        Some((self.price * leg.km).round() as i64)
    }

    fn look(&mut self, state: &State, group: usize, tonight: &[(usize, usize, usize)]) {
        let regions = self.world.regions.len();
        let mine = || tonight.iter().filter(|sent| sent.2 == group);
        let units = |region: usize| -> i64 {
            let spec = &self.world.regions[region];
            let lying = (spec.first..spec.end).map(|site| {
                let at = At { site, component: RED_CELLS, group };
                i64::from(state.shelf_of(at).total())
            });
            let coming = state.on_the_way().filter(|one| {
                let there = self.world.sites[one.at.site].region == region;
                there && one.at.component == RED_CELLS && one.at.group == group
            });
            lying.sum::<i64>() + coming.map(|one| i64::from(one.count)).sum::<i64>()
        };
        let after: Vec<i64> = (0..regions).map(units).collect();
        let mut before = after.clone();
        let mut hub: Vec<i64> = (0..regions)
            .map(|region| {
                let site = self.world.regions[region].hub;
                i64::from(state.shelf_of(At { site, component: RED_CELLS, group }).total())
            })
            .collect();
        let mut paid = 0;
        for &(from, to, _) in mine() {
            before[from] += 1;
            before[to] -= 1;
            hub[from] += 1;
            paid += i128::from(self.road(from, to).expect("a road"));
        }
        let value = |stocks: &[i64]| -> i128 {
            let of = |(region, units): (usize, &i64)| {
                (1..=*units).map(|n| i128::from(self.worth(region, group, n))).sum::<i128>()
            };
            stocks.iter().enumerate().map(of).sum()
        };
        let (start, chosen) = (value(&before), value(&after) - paid);
        let best = self.exact(group, &before, &hub);
        assert!(best >= chosen, "nothing is better than the best: {chosen} of {best}");
        self.chosen += chosen - start;
        self.best += best - start;
        self.moved += mine().count();
    }

    /// The most that stocks can be worth after the best transfers, which are paid for.
    fn exact(&self, group: usize, before: &[i64], hub: &[i64]) -> i128 {
        let mut problem = Problem::default();
        let all: i64 = before.iter().sum();
        let end = problem.node(-all);
        let evening: Vec<u32> = before.iter().map(|units| problem.node(*units)).collect();
        let vans: Vec<u32> = before.iter().map(|_| problem.node(0)).collect();
        let morning: Vec<u32> = before.iter().map(|_| problem.node(0)).collect();
        for region in 0..before.len() {
            problem.arc(evening[region], morning[region], UNLIMITED, 0);
            problem.arc(evening[region], vans[region], hub[region], 0);
            for other in 0..before.len() {
                if let Some(price) = self.road(region, other) {
                    problem.arc(vans[region], morning[other], UNLIMITED, price);
                }
            }
            for n in 1..=all {
                let worth = self.worth(region, group, n);
                let room = if worth == 0 { UNLIMITED } else { 1 };
                problem.arc(morning[region], end, room, -worth);
                if worth == 0 {
                    break;
                }
            }
        }
        let mut simplex = Simplex::new(&problem, end, &[]).expect("a network in order");
        simplex.solve().expect("a plan");
        -simplex.objective()
    }
}

#[test]
fn evening_transfers_come_close_to_the_exact_optimum() {
    let (scenario, _) = Scenario::read(SODRA).unwrap_or_else(|error| panic!("{error}"));
    let mut world = build(&scenario, None, 2).unwrap_or_else(|error| panic!("{error}"));
    world.warmup_days = 0;
    world.least_gain = 0.0;
    // What the exact plan does not know of is left out of both: floors, time on the road, expiry.
    for region in &mut world.regions {
        region.floor = PerLine::default();
    }
    let cells = &mut world.products[RED_CELLS];
    (cells.horizon_days, cells.outdate_cost) = (1e12, 0.0);
    for price in [0.0, 100.0, 900.0] {
        let mut evenings =
            Evenings { world: &world, price, tonight: vec![], chosen: 0, best: 0, moved: 0 };
        let mut state = State::new(&world, Seed(4), 0);
        for _ in 0..560 {
            state.step(&world, &Policy::priced(price), &mut evenings);
        }
        let share = evenings.chosen as f64 / evenings.best as f64;
        println!("price {price}: {share:.5} of the best gain, {} units", evenings.moved);
        assert!(evenings.moved > 50, "too few transfers to say: {}", evenings.moved);
        assert!(share > 0.97, "price {price}: {share} of the best gain");
    }
}
