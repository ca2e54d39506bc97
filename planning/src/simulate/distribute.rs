//! Within a region: what is soon to expire goes back to the centre, and the places are filled up.

use super::model::{GROUPS, Region, World};
use super::state::{At, State, Watch};

impl State {
    /// The morning's van.
    pub(super) fn distribute(&mut self, world: &World, watch: &mut impl Watch) {
        for (region, spec) in world.regions.iter().enumerate() {
            if spec.end - spec.first < 2 {
                continue;
            }
            for component in 0..3 {
                self.bring_back(world, (region, component), watch);
                for group in 0..GROUPS {
                    self.fill(world, spec, (region, component, group), watch);
                }
            }
        }
    }

    /// To the centre, where more of it is used.
    fn bring_back(
        &mut self,
        world: &World,
        (region, component): (usize, usize),
        watch: &mut impl Watch,
    ) {
        let spec = &world.regions[region];
        let product = &world.products[component];
        let (hub, bucket) = (self.hubs[region], self.bucket(world, component));
        for site in (spec.first..spec.end).filter(|site| *site != hub) {
            for group in 0..GROUPS {
                let from = At { site, component, group };
                let first = self.shelf_of(from).first(bucket);
                if first.is_none_or(|ahead| ahead > product.soon) {
                    continue;
                }
                let count = self.shelf_of(from).expiring(bucket, product.soon);
                self.carry_over(from, (hub, count, None), bucket, watch);
            }
        }
    }

    /// Up to the target; if the region has less than all its targets, everybody gets a part.
    fn fill(
        &mut self,
        world: &World,
        spec: &Region,
        (region, component, group): (usize, usize, usize),
        watch: &mut impl Watch,
    ) {
        let hub = self.hubs[region];
        let at = |site| At { site, component, group };
        if self.shelf_of(at(hub)).total() == 0 {
            return;
        }
        let held = self.held[region][component][group];
        let target = |site: usize| u32::from(world.sites[site].target[component][group]);
        let all: u32 = (spec.first..spec.end).map(target).sum();
        let part = |site: usize| match held < all {
            true => (target(site) * held).div_ceil(all),
            false => target(site),
        };
        let bucket = self.bucket(world, component);
        for site in (spec.first..spec.end).filter(|site| *site != hub) {
            if self.refuge[site] != site {
                continue;
            }
            let missing = part(site).saturating_sub(self.shelf_of(at(site)).total());
            if missing > 0 {
                let soon = world.products[component].soon;
                self.carry_over(at(hub), (site, missing, Some(soon)), bucket, watch);
            }
        }
    }

    /// From one place of a region to another, for use the same day: the oldest, or the freshest of
    /// those with more than so many buckets ahead.
    fn carry_over(
        &mut self,
        from: At,
        (to, count, beyond): (usize, u32, Option<u32>),
        bucket: u32,
        watch: &mut impl Watch,
    ) {
        let today = self.today;
        let mut load = [(0_u32, 0_u16); super::shelf::RING];
        let mut loads = 0;
        let tell = |last, count| {
            watch.moved(today, from, to, last, count, 0);
            load[loads] = (last, count);
            loads += 1;
        };
        let took = match beyond {
            Some(beyond) => self.shelf(from).take_freshest(bucket, beyond, count, tell),
            None => self.shelf(from).take_oldest(bucket, count, tell),
        };
        for &(last, count) in &load[..loads] {
            self.shelf(At { site: to, ..from }).add(last, count);
        }
        self.tally.moved_within += u64::from(took) * u64::from(self.counting);
    }
}
