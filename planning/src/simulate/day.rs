//! A day, and all days of a replication.

use super::model::{GROUPS, Policy, World};
use super::state::{ARRIVALS, At, State, Watch};
use super::tally::Tally;
use crate::random::Seed;

impl State {
    /// One day: the old expires, what was sent and made arrives, donors come, the van goes round,
    /// patients ask, and in the evening regions send to each other.
    pub fn step(&mut self, world: &World, policy: &Policy, watch: &mut impl Watch) {
        self.counting = self.today >= world.warmup_days;
        self.outdate(world, watch);
        self.map(world, watch);
        self.arrive(world, watch);
        self.supply(world, policy);
        self.distribute(world, watch);
        self.demand(world, policy, watch);
        self.exchange(world, policy, watch);
        self.end(world, watch);
        self.today += 1;
    }

    fn outdate(&mut self, world: &World, watch: &mut impl Watch) {
        let today = self.today;
        for component in 0..3 {
            let product = &world.products[component];
            if !today.is_multiple_of(product.bucket_days) || today == 0 {
                continue;
            }
            let last = self.bucket(world, component) - 1;
            for site in 0..world.sites.len() {
                for group in 0..GROUPS {
                    let at = At { site, component, group };
                    let count = self.shelf(at).expire(last);
                    if count == 0 {
                        continue;
                    }
                    watch.outdated(today, at, last, count);
                    self.gone(world, at, u32::from(count));
                    if self.counting {
                        let region = world.sites[site].region;
                        self.tally.regions[region].outdated[component] += u64::from(count);
                    }
                }
            }
        }
    }

    fn arrive(&mut self, world: &World, watch: &mut impl Watch) {
        let slot = self.today as usize % ARRIVALS;
        let mut all = std::mem::take(&mut self.arrivals[slot]);
        for mut coming in all.drain(..) {
            // A place that is lost meanwhile is stood in for.
            let region = world.sites[coming.at.site].region;
            if self.refuge[coming.at.site] != coming.at.site {
                coming.at.site = self.hubs[region];
            }
            let At { component, group, .. } = coming.at;
            self.coming[region][component][group] -= u32::from(coming.count);
            self.put(world, coming.at, coming.last, coming.count);
            if coming.from_other {
                watch.arrived(self.today, coming.at, coming.last, coming.count);
            } else {
                watch.made(self.today, coming.at, coming.last, coming.count);
                if self.counting {
                    self.tally.regions[region].made[component] += u64::from(coming.count);
                }
            }
        }
        // The emptied list keeps its room.
        self.arrivals[slot] = all;
    }

    fn end(&mut self, world: &World, watch: &mut impl Watch) {
        watch.ended(self.today, self);
        self.trip.fill(false);
        if self.counting {
            self.tally.days += 1;
            for (tally, held) in self.tally.regions.iter_mut().zip(&self.held) {
                for (sum, groups) in tally.held.iter_mut().zip(held) {
                    *sum += u64::from(groups.iter().sum::<u32>());
                }
            }
        }
        let next = self.today + 1;
        let counted = next.checked_sub(world.warmup_days);
        if counted.is_some_and(|days| days.is_multiple_of(365)) {
            let year = counted.is_some_and(|days| days > 0);
            let tally = &mut self.tally;
            self.register.end_year(next, |region, active, gave, uncalled| {
                if !year {
                    return;
                }
                let tally = &mut tally.regions[region];
                tally.active += u64::from(active);
                tally.uncalled += u64::from(uncalled);
                let most = tally.gave.len() - 1;
                tally.gave[usize::from(gave).min(most)] += 1;
            });
        }
    }
}

/// Days of a run of so many years, the warm-up among them.
#[must_use]
pub const fn days_of(world: &World, years: u32) -> u32 {
    world.warmup_days + 365 * years
}

/// One replication from its first morning to its last evening.
#[must_use]
pub fn replicate(
    world: &World,
    policy: &Policy,
    seed: Seed,
    replication: u64,
    days: u32,
    watch: &mut impl Watch,
) -> Tally {
    let mut state = State::new(world, seed, replication);
    for _ in 0..days {
        state.step(world, policy, watch);
    }
    state.tally
}
