//! From donors to the shelf: the weekly call-up, collection, what is made of it.

use rand_xoshiro::rand_core::Rng as _;

use super::model::{
    CallUp, Donors, GROUPS, Ordered, PLASMA, PLATELETS, Policy, RED_CELLS, Supply, WEEK, World,
};
use super::state::{At, Coming, State};

/// Donations for a pool of platelets (blood.md §3: four buffy coats).
pub const COATS: u32 = 4;

impl State {
    /// New units of the day, and the week's calls on its first day.
    pub(super) fn supply(&mut self, world: &World, policy: &Policy) {
        match &world.supply {
            Supply::Donors(donors) => {
                self.register.turn(self.today);
                if (self.today as usize).is_multiple_of(WEEK) {
                    self.call_up(world, policy, donors);
                }
                for region in 0..world.regions.len() {
                    self.collect(world, region);
                }
            }
            Supply::Fixed(fixed) => {
                for (region, fixed) in fixed.iter().enumerate() {
                    let stream = &mut self.supply[region];
                    let count = fixed.units[self.today as usize % WEEK].draw(stream);
                    let mut usable = [0; GROUPS];
                    for _ in 0..count {
                        usable[fixed.groups.of((stream.next_u64() >> 32) as u32)] += 1;
                    }
                    for (group, count) in usable.into_iter().enumerate() {
                        self.make(world, (region, RED_CELLS, group), count);
                    }
                }
            }
            Supply::Ordered(ordered) => self.order(world, ordered),
        }
    }

    /// Monday: whom to call. What is wanted of a group is a week's use and a part of the gap
    /// between what is wanted in stock and what is there or in preparation.
    fn call_up(&mut self, world: &World, policy: &Policy, all: &[Donors]) {
        for (region, donors) in all.iter().enumerate() {
            self.register.recruit(region, donors);
        }
        let regions = all.len();
        let mut calls = vec![0.0; regions * GROUPS];
        for group in 0..GROUPS {
            let wanted: Vec<f64> = (0..regions)
                .map(|region| self.wanted(world, region, group, all[region].correction))
                .collect();
            match policy.callup {
                CallUp::Local => {
                    for region in 0..regions {
                        calls[region * GROUPS + group] = wanted[region].max(0.0);
                    }
                }
                CallUp::Pooled | CallUp::Today => {
                    let whole = wanted.iter().sum::<f64>().max(0.0);
                    self.share_out(policy.callup, all, (group, whole), &mut calls);
                }
            }
        }
        let room = rooms(policy.callup, all, &calls);
        for (region, donors) in all.iter().enumerate() {
            let part = &calls[region * GROUPS..(region + 1) * GROUPS];
            self.call(region, donors, part, room[region]);
        }
    }

    /// Usable donations of a group that a region wants this week; below zero it has too many.
    fn wanted(&self, world: &World, region: usize, group: usize, correction: f64) -> f64 {
        let spec = &world.regions[region];
        let there = self.held[region][RED_CELLS][group] + self.coming[region][RED_CELLS][group];
        let gap = f64::from(spec.target[RED_CELLS][group]) - f64::from(there);
        spec.use_per_day[RED_CELLS][group] * WEEK as f64 + gap * correction
    }

    /// What all regions want together, divided between them; what one has no donors for goes to
    /// those that have.
    fn share_out(
        &self,
        how: CallUp,
        all: &[Donors],
        (group, whole): (usize, f64),
        calls: &mut [f64],
    ) {
        let weight = |region: usize| match how {
            CallUp::Today => all[region].share_today,
            _ => f64::from(self.register.registered[region * GROUPS + group]),
        };
        let room = |region: usize| {
            f64::from(self.register.ready(region, group)) * all[region].yield_of_call
        };
        let mut left = whole;
        for _ in 0..all.len() {
            let has_room = |region: &usize| room(*region) > calls[region * GROUPS + group] + 0.5;
            let open: Vec<usize> = (0..all.len()).filter(has_room).collect();
            let sum: f64 = open.iter().map(|region| weight(*region)).sum();
            if left < 0.5 || sum <= 0.0 {
                return;
            }
            let now = left;
            for region in open {
                let held = &mut calls[region * GROUPS + group];
                let more = (now * weight(region) / sum).min(room(region) - *held);
                *held += more;
                left -= more;
            }
        }
    }

    fn call(&mut self, region: usize, donors: &Donors, wanted: &[f64], room: f64) {
        let visits: f64 = wanted.iter().sum::<f64>() / donors.yield_of_call.max(1e-9);
        let part = if visits > room { room / visits } else { 1.0 };
        for (group, wanted) in wanted.iter().enumerate() {
            let carry = &mut self.carry[region * GROUPS + group];
            *carry += wanted * part / donors.yield_of_call.max(1e-9);
            let count = carry.floor();
            *carry -= count;
            let line = (region, group);
            let called = self.register.call(line, count as u32, donors, self.today);
            if self.counting {
                let tally = &mut self.tally.regions[region];
                tally.calls += u64::from(called.calls);
                tally.deferred += u64::from(called.deferred);
            }
        }
    }

    /// What a region's donors gave today goes into preparation: red cells of every usable
    /// donation, platelets as many as are wanted and four donations of an ABO group allow, plasma
    /// as much as hospitals want; the rest of the plasma is sold.
    fn collect(&mut self, world: &World, region: usize) {
        let (given, usable) = self.register.collect(region, self.today);
        if self.counting {
            self.tally.regions[region].donations += u64::from(given);
        }
        if usable == [0; GROUPS] {
            return;
        }
        let spec = &world.regions[region];
        for (group, &count) in usable.iter().enumerate() {
            self.make(world, (region, RED_CELLS, group), count);
            let there = self.held[region][PLASMA][group] + self.coming[region][PLASMA][group];
            let kept = count.min(spec.target[PLASMA][group].saturating_sub(there));
            self.make(world, (region, PLASMA, group), kept);
            self.tally.sold += u64::from(count - kept) * u64::from(self.counting);
        }
        let targets = &spec.platelet_target[self.today as usize % WEEK];
        for abo in 0..4 {
            let mut pools = (usable[abo * 2] + usable[abo * 2 + 1]) / COATS;
            // RhD neg of RhD neg alone, and first; the others take whatever is left.
            for (group, most) in [(abo * 2 + 1, usable[abo * 2 + 1] / COATS), (abo * 2, pools)] {
                let there =
                    self.held[region][PLATELETS][group] + self.coming[region][PLATELETS][group];
                let made = targets[group].saturating_sub(there).min(most).min(pools);
                pools -= made;
                self.make(world, (region, PLATELETS, group), made);
            }
        }
    }

    /// Into preparation at the region's centre.
    fn make(&mut self, world: &World, line: (usize, usize, usize), count: u32) {
        if count == 0 {
            return;
        }
        let (region, component, group) = line;
        let product = &world.products[component];
        let last = self.bucket(world, component) + product.life - 1;
        let at = At { site: self.hubs[region], component, group };
        let count = count as u16;
        let coming = Coming { at, last, count, from_other: false };
        self.send(world, coming, product.preparation_days);
    }

    /// One place orders by its table; what it orders stands fresh on the shelf tomorrow.
    fn order(&mut self, world: &World, ordered: &Ordered) {
        let (site, component) = (world.regions[0].hub, ordered.component);
        let life = world.products[component].life;
        let mut counts = vec![0_u32; life as usize];
        for group in 0..GROUPS {
            let shelf = self.shelf_of(At { site, component, group });
            for (ahead, count) in shelf.ages(self.today) {
                counts[ahead as usize] += u32::from(count);
            }
        }
        let most = ordered.base - 1;
        let place = counts.iter().rev().fold(0, |at, n| at * ordered.base + (*n).min(most));
        let count = ordered.orders.get(place as usize).copied().unwrap_or(0) as u16;
        let coming = Coming {
            at: At { site, component, group: 0 },
            last: self.today + life,
            count,
            from_other: false,
        };
        if count > 0 {
            self.send(world, coming, 1);
        }
    }
}

/// Calls that each region has room for. Buses stand at home, unless donors are called for all:
/// then they go where sessions are too few, and the rest of them stays at home.
fn rooms(how: CallUp, all: &[Donors], wanted: &[f64]) -> Vec<f64> {
    let own = |one: &Donors| f64::from(one.capacity - one.bus_capacity.min(one.capacity));
    if how != CallUp::Pooled {
        return all.iter().map(|one| f64::from(one.capacity)).collect();
    }
    let missing: Vec<f64> = all
        .iter()
        .enumerate()
        .map(|(region, one)| {
            let part = &wanted[region * GROUPS..(region + 1) * GROUPS];
            let calls = part.iter().sum::<f64>() / one.yield_of_call.max(1e-9);
            (calls - own(one)).max(0.0)
        })
        .collect();
    let buses: f64 = all.iter().map(|one| f64::from(one.bus_capacity)).sum();
    let sum: f64 = missing.iter().sum();
    let part = if sum > buses { buses / sum } else { 1.0 };
    all.iter().zip(missing).map(|(one, missing)| own(one) + missing * part).collect()
}
