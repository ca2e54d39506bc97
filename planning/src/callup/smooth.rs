//! The dual of the plan: at given prices every stratum, every unit of demand and every stop
//! decides for itself. With edges rounded by `tau` the sum is smooth, and its slope is what the
//! prices still have wrong; with none it is a bound that no plan can beat.

use super::matching::{Serves, serves};
use super::model::{Instance, PlaceKind, WEEKS_MAX};
use super::prices::Layout;

/// Strata worked on side by side.
pub(super) const LANES: usize = 8;
/// Longest wait that matters: beyond the plan all are equal.
const ROWS: usize = 2 * WEEKS_MAX + 2;
/// What it costs to come to a place that is closed.
const CLOSED: f64 = 1e6;

/// max(z, 0), with its edge rounded over ±tau.
#[inline(always)]
fn rise(z: f64, tau: f64) -> (f64, f64) {
    if tau > 0.0 {
        let inside = z.clamp(-tau, tau);
        let share = (inside + tau) / (2.0 * tau);
        (share * (inside + tau) * 0.5 + (z - inside).max(0.0), share)
    } else {
        (z.max(0.0), if z > 0.0 { 1.0 } else { 0.0 })
    }
}

/// Strata of the same waits, side by side. Lanes without a stratum have no donors.
struct Block {
    interval: usize,
    quiet: usize,
    stratum: [usize; LANES],
    unit: [usize; LANES],
    place: [usize; LANES],
    region: [usize; LANES],
    comes: [f64; LANES],
    gives: [f64; LANES],
    frees: Vec<[f64; LANES]>,
}

/// What everybody would do at the prices.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    /// Invitations by stratum and week.
    pub(super) invitations: Vec<Vec<f64>>,
    /// How much of a visit, by place and week.
    pub(super) visits: Vec<Vec<f64>>,
}

/// The dual of one instance.
pub(super) struct Dual<'a> {
    instance: &'a Instance,
    pub(super) layout: Layout,
    blocks: Vec<Block>,
    ways: [Vec<Serves>; 8],
    wanted: Vec<Vec<[f64; 8]>>,
    closed: Vec<Vec<f64>>,
    fixed: bool,
    most: f64,
    donors: f64,
    middle: f64,
}

impl<'a> Dual<'a> {
    pub(super) fn new(instance: &'a Instance) -> Self {
        let layout = Layout::of(instance);
        let wanted = |pool| (0..instance.weeks).map(|week| instance.wanted(pool, week)).collect();
        let wanted: Vec<Vec<[f64; 8]>> = (0..instance.pools()).map(wanted).collect();
        let donors: f64 = instance.regions.iter().map(|region| f64::from(region.donors)).sum();
        let total: f64 = wanted.iter().flatten().flatten().sum();
        let often = instance.strata.iter().map(|s| instance.weeks / s.interval_weeks + 1).max();
        Self {
            instance,
            blocks: blocks(instance, &layout),
            layout,
            ways: serves(),
            wanted,
            closed: closed(instance),
            fixed: false,
            most: often.unwrap_or(1) as f64,
            donors: donors.max(1.0),
            middle: total / donors.max(1.0),
        }
    }

    /// From now on the buses stop where the table says.
    pub(super) fn fix(&mut self, open: &[Vec<bool>]) {
        for ((closed, open), place) in self.closed.iter_mut().zip(open).zip(&self.instance.places) {
            for (week, closed) in closed.iter_mut().enumerate() {
                let shut = !open[week] || place.capacity[week] <= 0.0;
                *closed = if shut { CLOSED } else { 0.0 };
            }
        }
        self.fixed = true;
    }

    /// From now on the stops are open questions again.
    pub(super) fn free(&mut self) {
        self.closed = closed(self.instance);
        self.fixed = false;
    }

    /// The dual at some prices; `slope` gets its gradient, `wish` what everybody would do.
    pub(super) fn at(
        &self,
        prices: &[f64],
        tau: f64,
        slope: &mut [f64],
        mut wish: Option<&mut Wish>,
    ) -> f64 {
        slope.fill(0.0);
        if let Some(wish) = wish.as_deref_mut() {
            wish.invitations = vec![vec![0.0; self.instance.weeks]; self.instance.strata.len()];
            wish.visits = vec![vec![0.0; self.instance.weeks]; self.instance.places.len()];
        }
        let mut value = self.demand(prices, tau, slope);
        for block in &self.blocks {
            value -= self.donate(block, prices, tau, slope, wish.as_deref_mut());
        }
        value += self.receive(prices, tau, slope, wish);
        if self.instance.shares_fairly() {
            value += self.share(prices, tau, slope);
        }
        value
    }

    /// Every unit of demand takes the cheapest way to be met, or stays unmet.
    fn demand(&self, prices: &[f64], tau: f64, slope: &mut [f64]) -> f64 {
        let weights = &self.instance.weights;
        let mut sum = 0.0;
        let mut taken: Vec<(usize, f64)> = Vec::with_capacity(64);
        for (pool, weeks) in self.wanted.iter().enumerate() {
            for (week, wanted) in weeks.iter().enumerate() {
                for (group, wanted) in wanted.iter().enumerate().filter(|(_, w)| **w > 0.0) {
                    let mut best = weights.shortage[group];
                    taken.clear();
                    for Serves { donor, steps } in &self.ways[group] {
                        let row = self.layout.unit(pool, *donor);
                        let more = weights.substitution * f64::from(*steps);
                        for kept in 0..=self.instance.keeps_weeks.min(week) {
                            let at = row + week - kept;
                            let offer = prices[at] + more + weights.holding * kept as f64;
                            let (saved, share) = rise(best - offer, tau);
                            if share > 0.0 {
                                best -= saved;
                                taken.push((at, share));
                            }
                        }
                    }
                    sum += wanted * best;
                    let mut left = *wanted;
                    for (at, share) in taken.iter().rev() {
                        slope[*at] += left * share;
                        left *= 1.0 - share;
                    }
                }
            }
        }
        sum
    }

    /// Every donor of eight strata is invited when it is worth most, or not. What it is worth.
    fn donate(
        &self,
        block: &Block,
        prices: &[f64],
        tau: f64,
        slope: &mut [f64],
        wish: Option<&mut Wish>,
    ) -> f64 {
        let weeks = self.instance.weeks;
        let mut worth = [[0.0; LANES]; ROWS];
        let mut share = [[0.0; LANES]; WEEKS_MAX];
        let invitation = self.instance.weights.invitation;
        let fair: [f64; LANES] = std::array::from_fn(|lane| {
            let region = block.region[lane];
            prices[self.layout.above(region)] - prices[self.layout.below(region)]
        });
        for week in (0..weeks).rev() {
            let gain: [f64; LANES] = std::array::from_fn(|lane| {
                let unit = prices[block.unit[lane] + week] - fair[lane];
                let place = block.place[lane];
                let seat = prices[self.layout.place(place) + week] + self.closed[place][week];
                unit * block.gives[lane] - seat * block.comes[lane] - invitation
            });
            let (next, after, again) =
                (worth[week + 1], worth[week + block.interval], worth[week + block.quiet]);
            for lane in 0..LANES {
                let comes = block.comes[lane];
                let then = comes * after[lane] + (1.0 - comes) * again[lane];
                let (more, part) = rise(gain[lane] + then - next[lane], tau);
                worth[week][lane] = next[lane] + more;
                share[week][lane] = part;
            }
        }
        let mut total = [0.0; LANES];
        for (frees, worth) in block.frees.iter().zip(&worth) {
            for lane in 0..LANES {
                total[lane] += frees[lane] * worth[lane];
            }
        }
        self.invite(block, &share, slope, wish);
        total.iter().sum()
    }

    /// Follows the donors of a block forward through their decisions.
    fn invite(
        &self,
        block: &Block,
        share: &[[f64; LANES]; WEEKS_MAX],
        slope: &mut [f64],
        mut wish: Option<&mut Wish>,
    ) {
        let mut waiting = [[0.0; LANES]; ROWS];
        let mut given = [0.0; LANES];
        for (week, frees) in block.frees.iter().enumerate() {
            let mut invited = [0.0; LANES];
            for lane in 0..LANES {
                let here = waiting[week][lane] + frees[lane];
                invited[lane] = here * share[week][lane];
                waiting[week + 1][lane] += here - invited[lane];
            }
            for lane in 0..LANES {
                let come = invited[lane] * block.comes[lane];
                waiting[week + block.interval][lane] += come;
                waiting[week + block.quiet][lane] += invited[lane] - come;
                let units = invited[lane] * block.gives[lane];
                given[lane] += units;
                slope[block.unit[lane] + week] -= units;
                slope[self.layout.place(block.place[lane]) + week] += come;
            }
            if let Some(wish) = wish.as_deref_mut() {
                for (lane, stratum) in block.stratum.iter().enumerate() {
                    if *stratum != usize::MAX {
                        wish.invitations[*stratum][week] = invited[lane];
                    }
                }
            }
        }
        for (region, given) in block.region.iter().zip(given) {
            slope[self.layout.above(*region)] += given;
            slope[self.layout.below(*region)] -= given;
        }
    }

    /// Places receive as many as they can; stops, if the bus comes.
    fn receive(
        &self,
        prices: &[f64],
        tau: f64,
        slope: &mut [f64],
        mut wish: Option<&mut Wish>,
    ) -> f64 {
        let weeks = self.instance.weeks;
        let places = self.instance.places.len();
        let mut value = 0.0;
        for (place, facts) in self.instance.places.iter().enumerate() {
            let row = self.layout.place(place);
            let PlaceKind::Stop { bus, hours, every_weeks } = facts.kind else {
                for week in 0..weeks {
                    value -= prices[row + week] * facts.capacity[week];
                    slope[row + week] -= facts.capacity[week];
                }
                continue;
            };
            if self.fixed {
                for week in (0..weeks).filter(|week| self.closed[place][*week] <= 0.0) {
                    value -= prices[row + week] * facts.capacity[week];
                    slope[row + week] -= facts.capacity[week];
                }
                continue;
            }
            let (hour, near) = (self.layout.hour(places, bus), self.layout.near(place));
            for week in 0..weeks {
                let seats = facts.capacity[week];
                let until = if every_weeks > 1 { (week + every_weeks).min(weeks) } else { week };
                let crowd: f64 = prices[near + week..near + until].iter().sum();
                let gain = prices[row + week] * seats - prices[hour + week] * hours - crowd;
                let (worth, visit) = rise(gain, tau * (1.0 + seats));
                value -= worth;
                slope[row + week] -= visit * seats;
                slope[hour + week] += visit * hours;
                slope[near + week..near + until].iter_mut().for_each(|sum| *sum += visit);
                if let Some(wish) = wish.as_deref_mut() {
                    wish.visits[place][week] = visit;
                }
                if every_weeks > 1 {
                    value -= prices[near + week];
                    slope[near + week] -= 1.0;
                }
            }
        }
        if !self.fixed {
            for (bus, crew) in self.instance.buses.iter().enumerate() {
                let row = self.layout.hour(places, bus);
                for week in 0..weeks {
                    value -= prices[row + week] * crew.hours[week];
                    slope[row + week] -= crew.hours[week];
                }
            }
        }
        value
    }

    /// Moves the prices of fairness, as little as it takes, to where no distance between regions
    /// pays for itself: any prices bound, these bound well.
    pub(super) fn settle(&self, prices: &mut [f64]) {
        if !self.instance.shares_fairly() {
            return;
        }
        let weigh = self.instance.weights.unevenness * self.donors;
        let ratio = self.instance.band.unwrap_or(0.0);
        let regions = || self.instance.regions.iter().enumerate();
        let sum = |prices: &[f64], row: fn(&Layout, usize) -> usize| -> f64 {
            regions()
                .map(|(at, facts)| prices[row(&self.layout, at)] * f64::from(facts.donors))
                .sum()
        };
        let (above, below) = (sum(prices, Layout::above), sum(prices, Layout::below));
        let down = weigh.max(below);
        if below > 0.0 {
            regions().for_each(|(at, _)| prices[self.layout.below(at)] *= down / below);
        } else {
            regions().for_each(|(at, _)| prices[self.layout.below(at)] = weigh / self.donors);
        }
        let band =
            if ratio > 0.0 { ((above - weigh) / ratio).clamp(0.0, down - weigh) } else { 0.0 };
        prices[self.layout.band()] = band;
        let up = above.min(weigh + ratio * band);
        if above > 0.0 {
            regions().for_each(|(at, _)| prices[self.layout.above(at)] *= up / above);
        }
    }

    /// How far the least and the most used region lie apart.
    fn share(&self, prices: &[f64], tau: f64, slope: &mut [f64]) -> f64 {
        let weigh = self.instance.weights.unevenness * self.donors;
        let ratio = self.instance.band.unwrap_or(0.0);
        let band = prices[self.layout.band()];
        let (mut high, mut low) = (weigh + band * ratio, -weigh - band);
        for (at, region) in self.instance.regions.iter().enumerate() {
            high -= prices[self.layout.above(at)] * f64::from(region.donors);
            low += prices[self.layout.below(at)] * f64::from(region.donors);
        }
        let bend = tau * self.donors * 2.0;
        let choose = |cost: f64| {
            if bend > 0.0 {
                let at = (self.middle - cost / bend).clamp(0.0, self.most);
                (at, cost * at + bend * 0.5 * (at - self.middle).powi(2))
            } else if cost < 0.0 {
                (self.most, cost * self.most)
            } else {
                (0.0, 0.0)
            }
        };
        let ((most, high), (least, low)) = (choose(high), choose(low));
        for (at, region) in self.instance.regions.iter().enumerate() {
            slope[self.layout.above(at)] -= f64::from(region.donors) * most;
            slope[self.layout.below(at)] += f64::from(region.donors) * least;
        }
        slope[self.layout.band()] += ratio * most - least;
        high + low
    }
}

/// What it costs to come where nobody is received.
fn closed(instance: &Instance) -> Vec<Vec<f64>> {
    let shut = |capacity: &f64| if *capacity > 0.0 { 0.0 } else { CLOSED };
    instance.places.iter().map(|place| place.capacity.iter().map(shut).collect()).collect()
}

fn blocks(instance: &Instance, layout: &Layout) -> Vec<Block> {
    let weeks = instance.weeks;
    let wait = |stratum: usize| {
        let facts = &instance.strata[stratum];
        (facts.interval_weeks.min(weeks), facts.quiet_weeks.min(weeks))
    };
    let mut order: Vec<usize> = (0..instance.strata.len()).collect();
    order.sort_by_key(|stratum| (wait(*stratum), *stratum));
    let mut blocks = Vec::new();
    for same in order.chunk_by(|a, b| wait(*a) == wait(*b)) {
        for lanes in same.chunks(LANES) {
            let (interval, quiet) = wait(lanes[0]);
            let facts = |lane: usize| &instance.strata[*lanes.get(lane).unwrap_or(&lanes[0])];
            let region = |lane| instance.region_of(facts(lane));
            let frees = |week| {
                let of = |lane| lanes.get(lane).map(|at: &usize| instance.strata[*at].frees[week]);
                std::array::from_fn(|lane| f64::from(of(lane).unwrap_or(0)))
            };
            blocks.push(Block {
                interval,
                quiet,
                stratum: std::array::from_fn(|lane| *lanes.get(lane).unwrap_or(&usize::MAX)),
                unit: std::array::from_fn(|lane| {
                    layout.unit(instance.pool(region(lane)), facts(lane).group.index())
                }),
                place: std::array::from_fn(|lane| facts(lane).place),
                region: std::array::from_fn(region),
                comes: std::array::from_fn(|lane| facts(lane).attendance),
                gives: std::array::from_fn(|lane| facts(lane).success()),
                frees: (0..weeks).map(frees).collect(),
            });
        }
    }
    blocks
}
