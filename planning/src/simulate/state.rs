//! The state of one replication, and what may be done to it.

use super::draw::Pick;
use super::model::{
    Event, GROUPS, PLATELETS, PerLine, Policy, RED_CELLS, Supply, Transfers, World,
};
use super::register::Register;
use super::shelf::Shelf;
use super::tally::Tally;
use crate::random::{Seed, Stream};

/// Days ahead in which something may arrive.
pub const ARRIVALS: usize = 16;

/// One line at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The place.
    pub site: usize,
    /// The component.
    pub component: usize,
    /// The group of the units.
    pub group: usize,
}

/// Hears of everything that happens to units: for tests, and for whoever plays the same days
/// elsewhere. A bucket stands for the last bucket of days in which a unit may be used.
pub trait Watch {
    /// New units on a shelf.
    fn made(&mut self, _day: u32, _at: At, _last: u32, _count: u16) {}
    /// Units asked for by a class.
    fn asked(&mut self, _day: u32, _at: At, _count: u32) {}
    /// Units given to a class that asked at a place; the units stood at `at`.
    fn issued(&mut self, _day: u32, _at: At, _last: u32, _count: u16, _for: At) {}
    /// Units asked for that nobody could give.
    fn short(&mut self, _day: u32, _at: At, _count: u32) {}
    /// Units that expired.
    fn outdated(&mut self, _day: u32, _at: At, _last: u32, _count: u16) {}
    /// Units that left a place for another, where they arrive after some days.
    fn moved(&mut self, _day: u32, _at: At, _to: usize, _last: u32, _count: u16, _days: u32) {}
    /// Units that arrived from another region.
    fn arrived(&mut self, _day: u32, _at: At, _last: u32, _count: u16) {}
    /// Units lost with a place.
    fn lost(&mut self, _day: u32, _at: At, _last: u32, _count: u16) {}
    /// A day is over.
    fn ended(&mut self, _day: u32, _state: &State) {}
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Watch for Nobody {}

/// Units on their way to a shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Where they will stand.
    pub at: At,
    /// The last bucket in which they may be used.
    pub last: u32,
    /// How many.
    pub count: u16,
    /// Whether from another region, or new.
    pub from_other: bool,
}

/// One replication under way.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) today: u32,
    /// Whether the warm-up is over.
    pub(super) counting: bool,
    pub(super) shelves: Vec<Shelf>,
    /// Units on the shelves of a region.
    pub(super) held: Vec<PerLine<u32>>,
    /// Units on their way to a region's shelves.
    pub(super) coming: Vec<PerLine<u32>>,
    pub(super) arrivals: [Vec<Coming>; ARRIVALS],
    pub(super) register: Register,
    /// Calls that rounding left over, by region and group.
    pub(super) carry: Vec<f64>,
    /// The centre of each region today.
    pub(super) hubs: Vec<usize>,
    /// Where the patients of each place go today.
    pub(super) refuge: Vec<usize>,
    /// Whether a road is open today.
    pub(super) open: Vec<bool>,
    pub(super) demand: Vec<Stream>,
    pub(super) supply: Vec<Stream>,
    pub(super) besides: Stream,
    /// Trips of today already paid, by road.
    pub(super) trip: Vec<bool>,
    /// What was counted.
    pub tally: Tally,
}

impl State {
    /// The first morning of a replication.
    #[must_use]
    pub fn new(world: &World, seed: Seed, replication: u64) -> Self {
        let regions = world.regions.len();
        let stream = |name: &str, id: &str| seed.stream(&format!("{name} {id}"), replication);
        let by_region = |name: &str| -> Vec<Stream> {
            world.regions.iter().map(|region| stream(name, &region.id)).collect()
        };
        let register = match &world.supply {
            Supply::Donors(donors) => Register::new(donors, by_region("donors")),
            Supply::Fixed(_) | Supply::Ordered(_) => Register::new(&[], Vec::new()),
        };
        let mut state = Self {
            today: 0,
            counting: world.warmup_days == 0,
            shelves: vec![Shelf::default(); world.sites.len() * 3 * GROUPS],
            held: vec![PerLine::default(); regions],
            coming: vec![PerLine::default(); regions],
            arrivals: std::array::from_fn(|_| Vec::new()),
            register,
            carry: vec![0.0; regions * GROUPS],
            hubs: world.regions.iter().map(|region| region.hub).collect(),
            refuge: (0..world.sites.len()).collect(),
            open: vec![true; regions * regions],
            demand: world.sites.iter().map(|site| stream("demand", &site.name)).collect(),
            supply: by_region("supply"),
            besides: stream("events", ""),
            trip: vec![false; regions * regions],
            tally: Tally::new(regions),
        };
        state.stock(world);
        state
    }

    /// The stock on the first morning: at target, evenly over the ages.
    fn stock(&mut self, world: &World) {
        match &world.supply {
            Supply::Ordered(_) => {}
            Supply::Fixed(fixed) => {
                for (region, fixed) in fixed.iter().enumerate() {
                    self.stock_fixed(world, region, fixed.initial, &fixed.groups);
                }
            }
            Supply::Donors(_) => {
                for (n, site) in world.sites.iter().enumerate() {
                    for component in 0..3 {
                        for group in 0..GROUPS {
                            let count = u32::from(site.target[component][group]);
                            let at = At { site: n, component, group };
                            self.spread(world, at, count);
                        }
                    }
                }
                for (region, spec) in world.regions.iter().enumerate() {
                    for component in [RED_CELLS, PLATELETS] {
                        for group in 0..GROUPS {
                            let held = self.held[region][component][group];
                            let more = spec.target[component][group].saturating_sub(held);
                            self.spread(world, At { site: spec.hub, component, group }, more);
                        }
                    }
                }
            }
        }
    }

    fn stock_fixed(&mut self, world: &World, region: usize, count: u32, groups: &Pick<GROUPS>) {
        let mut before = 0_u64;
        for group in 0..GROUPS {
            let below = u64::from(groups.below[group]) + u64::from(group + 1 == GROUPS);
            let part = (u64::from(count) * (below - before)) >> 32;
            before = below;
            let at = At { site: world.regions[region].hub, component: RED_CELLS, group };
            self.spread(world, at, part as u32);
        }
    }

    fn spread(&mut self, world: &World, at: At, count: u32) {
        let product = &world.products[at.component];
        let fresh = product.preparation_days / product.bucket_days;
        let life = product.life.saturating_sub(fresh).max(1);
        let first = life / 8;
        for n in 0..count {
            self.put(world, at, first + n * (life - first) / count, 1);
        }
    }

    #[inline]
    pub(super) fn shelf(&mut self, at: At) -> &mut Shelf {
        &mut self.shelves[(at.site * 3 + at.component) * GROUPS + at.group]
    }

    /// A shelf as it stands.
    #[inline]
    #[must_use]
    pub fn shelf_of(&self, at: At) -> &Shelf {
        &self.shelves[(at.site * 3 + at.component) * GROUPS + at.group]
    }

    /// The bucket that this day belongs to.
    #[inline]
    #[must_use]
    pub fn bucket(&self, world: &World, component: usize) -> u32 {
        self.today / world.products[component].bucket_days
    }

    /// Today, from 0.
    #[must_use]
    pub const fn day(&self) -> u32 {
        self.today
    }

    /// Units on their way or in preparation.
    pub fn on_the_way(&self) -> impl Iterator<Item = &Coming> {
        self.arrivals.iter().flatten()
    }

    #[inline]
    pub(super) fn put(&mut self, world: &World, at: At, last: u32, count: u16) {
        self.shelf(at).add(last, count);
        let region = world.sites[at.site].region;
        self.held[region][at.component][at.group] += u32::from(count);
    }

    /// What nobody has any more.
    #[inline]
    pub(super) fn gone(&mut self, world: &World, at: At, count: u32) {
        let region = world.sites[at.site].region;
        self.held[region][at.component][at.group] -= count;
    }

    /// Units that will stand on a shelf after some days.
    pub(super) fn send(&mut self, world: &World, coming: Coming, days: u32) {
        let region = world.sites[coming.at.site].region;
        self.coming[region][coming.at.component][coming.at.group] += u32::from(coming.count);
        self.arrivals[(self.today + days) as usize % ARRIVALS].push(coming);
    }

    /// The price of a unit on a road today; none if nothing goes.
    pub(super) fn price(
        &self,
        world: &World,
        policy: &Policy,
        road: (usize, usize),
    ) -> Option<f64> {
        let Transfers::Priced(price) = policy.transfers else { return None };
        let leg = world.leg(road.0, road.1)?;
        let open = self.open[road.0 * world.regions.len() + road.1];
        open.then(|| price * leg.km / 100.0)
    }

    /// A trip on a road is counted once a day; its units each.
    pub(super) fn pay(
        &mut self,
        world: &World,
        policy: &Policy,
        road: (usize, usize),
        (units, times): (u32, f64),
    ) {
        if !self.counting {
            return;
        }
        let at = road.0 * world.regions.len() + road.1;
        let Some(leg) = world.legs[at] else { return };
        if !std::mem::replace(&mut self.trip[at], true) {
            self.tally.trips += 1;
            self.tally.tenths_km += (leg.km * 10.0) as u64;
        }
        let price = self.price(world, policy, road).unwrap_or(0.0) * times;
        let paid = (price * 1_000.0) as u64 * u64::from(units);
        self.tally.transport_millis += paid;
        self.tally.regions[road.1].transport_millis += paid;
    }

    /// What happens besides, as far as it changes the day's map.
    pub(super) fn map(&mut self, world: &World, watch: &mut impl Watch) {
        if world.events.is_empty() {
            return;
        }
        let day = self.today % 365;
        for (hub, region) in self.hubs.iter_mut().zip(&world.regions) {
            *hub = region.hub;
        }
        (0..self.refuge.len()).for_each(|site| self.refuge[site] = site);
        self.open.fill(true);
        for event in &world.events {
            match *event {
                Event::LostSite { day: first, days, site, instead }
                    if (first..first + days).contains(&day) =>
                {
                    self.refuge[site] = instead;
                    for hub in self.hubs.iter_mut().filter(|hub| **hub == site) {
                        *hub = instead;
                    }
                    self.lose(world, site, watch);
                }
                Event::ClosedRoad { day: first, days, between: [a, b] }
                    if (first..first + days).contains(&day) =>
                {
                    let regions = world.regions.len();
                    self.open[a * regions + b] = false;
                    self.open[b * regions + a] = false;
                }
                _ => {}
            }
        }
    }

    fn lose(&mut self, world: &World, site: usize, watch: &mut impl Watch) {
        let today = self.today;
        for component in 0..3 {
            let bucket = self.bucket(world, component);
            for group in 0..GROUPS {
                let at = At { site, component, group };
                let all = self.shelf(at).total();
                let tell = |last, count| watch.lost(today, at, last, count);
                self.shelf(at).take_oldest(bucket, all, tell);
                self.gone(world, at, all);
                self.tally.lost += u64::from(all) * u64::from(self.counting);
            }
        }
    }
}
