//! Between regions: the evening's transfers. A unit goes where it is worth more than its transport
//! costs: worth is the chance that somebody will lack it, and the chance that it expires unused.
//! One unit after the other, the best gain first; a region never goes below its own floor.

use super::model::{GROUPS, Policy, Transfers, World};
use super::state::{At, Coming, State, Watch};

/// One unit's move.
#[derive(Clone, Copy, Debug)]
struct Move {
    gain: f64,
    road: (usize, usize),
    /// Whether the oldest goes, because it would expire; or the freshest.
    oldest: bool,
}

impl State {
    /// What leaves for other regions tonight.
    pub(super) fn exchange(&mut self, world: &World, policy: &Policy, watch: &mut impl Watch) {
        if policy.transfers == Transfers::Closed || world.regions.len() < 2 {
            return;
        }
        let roads = self.roads(world, policy);
        if roads.is_empty() {
            return;
        }
        for component in 0..3 {
            for group in 0..GROUPS {
                self.exchange_line(world, policy, (component, group), &roads, watch);
            }
        }
    }

    /// Roads on which something goes tonight, with the price of a unit.
    fn roads(&self, world: &World, policy: &Policy) -> Vec<(usize, usize, f64)> {
        let weekday = 1_u8 << (self.today % 7);
        let regions = world.regions.len();
        let all = (0..regions).flat_map(|from| (0..regions).map(move |to| (from, to)));
        all.filter_map(|(from, to)| {
            let leg = world.leg(from, to)?;
            let price = self.price(world, policy, (from, to))?;
            (leg.weekdays & weekday != 0).then_some((from, to, price))
        })
        .collect()
    }

    fn exchange_line(
        &mut self,
        world: &World,
        policy: &Policy,
        (component, group): (usize, usize),
        roads: &[(usize, usize, f64)],
        watch: &mut impl Watch,
    ) {
        // A region whose last units are wanted nowhere more than at home is looked at once a day.
        while let Some(best) = self.best_move(world, (component, group), roads) {
            let at = At { site: self.hubs[best.road.0], component, group };
            if !self.move_one(world, at, best, watch) {
                return;
            }
            self.pay(world, policy, best.road, (1, 1.0));
        }
    }

    fn best_move(
        &self,
        world: &World,
        (component, group): (usize, usize),
        roads: &[(usize, usize, f64)],
    ) -> Option<Move> {
        let product = &world.products[component];
        let bucket = self.bucket(world, component);
        let mut best: Option<Move> = None;
        for &(from, to, price) in roads {
            let stock = |region: usize| {
                self.held[region][component][group] + self.coming[region][component][group]
            };
            let shelf = self.shelf_of(At { site: self.hubs[from], component, group });
            let spec = &world.regions[from];
            if shelf.total() == 0
                || self.held[from][component][group] <= spec.floor[component][group]
            {
                continue;
            }
            let (here, there) = (stock(from), stock(to));
            let days = world.leg(from, to).map_or(1, |leg| leg.days);
            // On its way a unit serves nobody: that part of the time it must last is lost.
            let useful = (1.0 - f64::from(days) / product.horizon_days).max(0.0);
            let short = world.values.short(to, component, group, there) * useful
                - world.values.short(from, component, group, here - 1);
            let mut gain = short * product.shortage_cost - price;
            let mut oldest = false;
            let first = shelf.first(bucket).unwrap_or(u32::MAX);
            let travel = days.div_ceil(product.bucket_days);
            if first > travel && (first as usize) < super::values::WINDOW {
                let soon = shelf.expiring(bucket, first);
                let other = self.shelf_of(At { site: self.hubs[to], component, group });
                let ahead = other.expiring(bucket, first);
                let rest = first - travel;
                let waste = world.values.waste((from, component, group), first, soon)
                    - world.values.waste((to, component, group), rest, ahead + 1);
                gain += waste * product.outdate_cost;
                oldest = waste > 0.0;
            }
            if gain > world.least_gain && best.is_none_or(|best| gain > best.gain) {
                best = Some(Move { gain, road: (from, to), oldest });
            }
        }
        best
    }

    fn move_one(&mut self, world: &World, at: At, best: Move, watch: &mut impl Watch) -> bool {
        let (today, bucket) = (self.today, self.bucket(world, at.component));
        let (from, to) = best.road;
        let Some(leg) = world.leg(from, to) else { return false };
        let days = leg.days.max(1);
        let travel = days.div_ceil(world.products[at.component].bucket_days);
        let mut taken = None;
        let tell = |last, count| taken = Some((last, count));
        let took = match best.oldest {
            true => self.shelf(at).take_oldest(bucket, 1, tell),
            false => self.shelf(at).take_freshest(bucket, travel, 1, tell),
        };
        let (1, Some((last, count))) = (took, taken) else { return false };
        let site = self.hubs[to];
        watch.moved(today, at, site, last, count, days);
        self.gone(world, at, 1);
        let coming = Coming { at: At { site, ..at }, last, count, from_other: true };
        self.send(world, coming, days);
        if self.counting {
            self.tally.planned += 1;
            self.tally.regions[from].sent[at.component] += 1;
            self.tally.regions[to].received[at.component] += 1;
        }
        true
    }
}
