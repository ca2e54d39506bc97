//! Patients: who asks, and what is given to them.

use rand_xoshiro::rand_core::Rng as _;

use super::model::{CLASSES, Event, GROUPS, Policy, RED_CELLS, Transfers, UNKNOWN, World};
use super::state::{At, State, Watch};

/// What an urgent trip costs, in planned ones.
const URGENT: f64 = 3.0;

impl State {
    /// Everybody who asks today, place by place.
    pub(super) fn demand(&mut self, world: &World, policy: &Policy, watch: &mut impl Watch) {
        for site in 0..world.sites.len() {
            for component in 0..3 {
                let stream = &mut self.demand[site];
                let count = world.demand_of(self.today, site, component).draw(stream);
                if count == 0 {
                    continue;
                }
                let pick = &world.sites[site].classes[component];
                let mut by_class = [0_u32; CLASSES];
                let mut left = count;
                while left >= 2 {
                    let bits = stream.next_u64();
                    by_class[pick.of(bits as u32)] += 1;
                    by_class[pick.of((bits >> 32) as u32)] += 1;
                    left -= 2;
                }
                if left == 1 {
                    by_class[pick.of(stream.next_u64() as u32)] += 1;
                }
                self.give(world, policy, (site, component), &by_class, watch);
            }
        }
        if !world.events.is_empty() {
            self.casualties(world, policy, watch);
        }
    }

    fn casualties(&mut self, world: &World, policy: &Policy, watch: &mut impl Watch) {
        for event in &world.events {
            let Event::Casualties { day, site, units, unknown } = event else { continue };
            if self.today % 365 != *day {
                continue;
            }
            for (component, &count) in units.iter().enumerate() {
                let mut by_class = [0_u32; CLASSES];
                let first = if component == RED_CELLS {
                    (f64::from(count) * unknown).round() as u32
                } else {
                    0
                };
                by_class[UNKNOWN] = first;
                let pick = &world.sites[*site].classes[component];
                for _ in first..count {
                    by_class[pick.of(self.besides.next_u64() as u32)] += 1;
                }
                self.give(world, policy, (*site, component), &by_class, watch);
            }
        }
    }

    fn give(
        &mut self,
        world: &World,
        policy: &Policy,
        (asked_at, component): (usize, usize),
        by_class: &[u32; CLASSES],
        watch: &mut impl Watch,
    ) {
        let site = self.refuge[asked_at];
        for (class, &count) in by_class.iter().enumerate() {
            if count == 0 {
                continue;
            }
            let at = At { site, component, group: class };
            watch.asked(self.today, at, count);
            let left = self.give_class(world, policy, at, count, watch);
            if left > 0 {
                watch.short(self.today, at, left);
            }
            if !self.counting {
                continue;
            }
            let tally = &mut self.tally.regions[world.sites[site].region];
            tally.asked[component] += u64::from(count);
            tally.short[component] += u64::from(left);
            if world.sites[asked_at].university {
                self.tally.university_asked[component] += u64::from(count);
                self.tally.university_short[component] += u64::from(left);
            }
        }
    }

    /// Down the ladder at the place itself, then at the region's others, then abroad.
    fn give_class(
        &mut self,
        world: &World,
        policy: &Policy,
        for_: At,
        count: u32,
        watch: &mut impl Watch,
    ) -> u32 {
        let region = world.sites[for_.site].region;
        let spec = &world.regions[region];
        let ladder = spec.ladders[for_.component][for_.group];
        let mut left = count;
        for &group in ladder.steps() {
            let at = At { group: usize::from(group), ..for_ };
            left -= self.issue(world, at, left, for_, watch);
            if left == 0 {
                return 0;
            }
        }
        for site in (spec.first..spec.end).filter(|site| *site != for_.site) {
            for &group in ladder.steps() {
                let at = At { site, group: usize::from(group), component: for_.component };
                let took = self.issue(world, at, left, for_, watch);
                self.tally.moved_within += u64::from(took) * u64::from(self.counting);
                left -= took;
                if left == 0 {
                    return 0;
                }
            }
        }
        if policy.transfers == Transfers::Closed {
            return left;
        }
        self.fetch(world, policy, for_, left, watch)
    }

    /// From the centres of the other regions, above their floors, the nearest first.
    fn fetch(
        &mut self,
        world: &World,
        policy: &Policy,
        for_: At,
        count: u32,
        watch: &mut impl Watch,
    ) -> u32 {
        let region = world.sites[for_.site].region;
        let ladder = world.regions[region].ladders[for_.component][for_.group];
        let mut lenders: Vec<(f64, usize)> = (0..world.regions.len())
            .filter_map(|from| {
                let leg = world.leg(from, region).filter(|leg| leg.urgent)?;
                let price = self.price(world, policy, (from, region))?;
                let worth = world.products[for_.component].shortage_cost;
                (price * URGENT < worth).then_some((leg.km, from))
            })
            .collect();
        lenders.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut left = count;
        for (_, from) in lenders {
            for &group in ladder.steps() {
                let group = usize::from(group);
                let at = At { site: self.hubs[from], component: for_.component, group };
                let floor = world.regions[from].floor[for_.component][group];
                let spare = self.held[from][for_.component][group].saturating_sub(floor);
                let took = self.issue(world, at, left.min(spare), for_, watch);
                if took > 0 {
                    self.pay(world, policy, (from, region), (took, URGENT));
                    if self.counting {
                        self.tally.urgent += u64::from(took);
                        self.tally.regions[from].sent[for_.component] += u64::from(took);
                        self.tally.regions[region].received[for_.component] += u64::from(took);
                    }
                }
                left -= took;
                if left == 0 {
                    return 0;
                }
            }
        }
        left
    }

    /// The oldest units of a shelf to somebody who asks.
    #[inline]
    fn issue(
        &mut self,
        world: &World,
        at: At,
        wanted: u32,
        for_: At,
        watch: &mut impl Watch,
    ) -> u32 {
        if wanted == 0 || self.shelf_of(at).total() == 0 {
            return 0;
        }
        let (today, bucket) = (self.today, self.bucket(world, at.component));
        let tell = |last, count| watch.issued(today, at, last, count, for_);
        let took = self.shelf(at).take_oldest(bucket, wanted, tell);
        self.gone(world, at, took);
        if self.counting {
            let tally = &mut self.tally.regions[world.sites[for_.site].region];
            tally.issued[at.component] += u64::from(took);
            if at.group != for_.group && for_.group < GROUPS {
                tally.substituted[at.component] += u64::from(took);
            }
        }
        took
    }
}
