//! The time-expanded network of a transfer question.
//!
//! Node 0 is the ground: what is not there comes from it, what is left over ends in it. Every
//! other node is a class of units at a site on a day, or a demand. Arcs are kept, demand by
//! demand and day by day, in the order of their tails.

use super::problem::{Problem, Refused, UNLIMITED};
use super::shape::{Figures, GROUPS, MOST_DAYS, Shape};
use super::simplex::Simplex;

/// No arc.
pub(super) const NONE: u32 = u32::MAX;

/// Most units of one question; equal plans are told apart safely up to here.
const MOST_UNITS: i64 = 1 << 17;

/// Arcs that one unit passes at most, generously, in powers of two.
const PASSES: u32 = 5;

/// What an arc stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Units of a class used for a group at a site on a day.
    Use { site: u32, group: u8, class: u8, day: u8, by: u8 },
    /// Units sent by a leg.
    Send { leg: u32, group: u8, class: u8 },
    /// Units kept to the next day, or to the end; `reserve` within the minimum.
    Keep { site: u32, group: u8, class: u8, day: u8, reserve: bool },
    /// Units that expire; in the class after the horizon, that are expected to.
    Expire { site: u32, group: u8, class: u8 },
    /// Units wanted and not there.
    Lack { site: u32, group: u8, day: u8 },
}

/// The network, and where everything is in it.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) shape: Shape,
    pub(super) meaning: Vec<Meaning>,
    pub(super) problem: Problem,
    /// First tree: everybody keeps what they have and lacks what they want.
    pub(super) start: Vec<u32>,
    /// Money is shifted left by so many bits; below it stand preferences among equal plans.
    pub(super) shift: u32,
    /// Node of each [`Shape::stock`].
    pub(super) stock: Vec<u32>,
    /// Node of each [`Shape::need`].
    pub(super) need: Vec<u32>,
    /// Arc of the reserve of each [`Shape::need`] place (site, group, day).
    pub(super) reserve: Vec<u32>,
    /// Arc of what is used soon after the horizon of each [`Shape::shelf`].
    pub(super) soon: Vec<u32>,
    /// First arc of each leg and of none after the last.
    pub(super) sends: Vec<Vec<u32>>,
}

impl Grid {
    /// Lays the network.
    ///
    /// # Errors
    /// [`Refused`] if the prices cannot be summed, or a leg names no site or day.
    pub(super) fn new(shape: Shape) -> Result<Self, Refused> {
        if shape.days == 0 || shape.days > MOST_DAYS {
            return Err(Refused::Quantity(shape.days as i64));
        }
        let cells = shape.sites * GROUPS * shape.days;
        let mut grid = Self {
            meaning: Vec::new(),
            problem: Problem::default(),
            start: Vec::new(),
            shift: 0,
            stock: vec![NONE; cells * shape.classes()],
            need: vec![NONE; cells],
            reserve: vec![NONE; cells],
            soon: vec![NONE; shape.sites * GROUPS],
            sends: vec![Vec::new(); shape.legs.len()],
            shape,
        };
        grid.nodes();
        let mut leaving = vec![Vec::new(); grid.shape.sites * grid.shape.days];
        for (at, leg) in grid.shape.legs.iter().enumerate() {
            let (from, to) = (leg.from as usize, leg.to as usize);
            if from >= grid.shape.sites || to >= grid.shape.sites || from == to {
                return Err(Refused::NoSuchNode(at));
            }
            let (departs, arrives) = (usize::from(leg.departs), usize::from(leg.arrives));
            // What arrives after the horizon serves nobody in it.
            if departs <= arrives && arrives < grid.shape.days {
                leaving[from * grid.shape.days + departs].push(at);
            }
        }
        for site in 0..grid.shape.sites {
            for group in 0..GROUPS {
                for day in 0..grid.shape.days {
                    let legs = &leaving[site * grid.shape.days + day];
                    grid.day(site, group, day, legs);
                }
            }
        }
        grid.lacks();
        if grid.shape.stable {
            grid.tell_apart();
        }
        Ok(grid)
    }

    fn nodes(&mut self) {
        self.problem.node(0);
        self.start.push(NONE);
        let shape = self.shape.clone();
        for site in 0..shape.sites {
            for group in 0..GROUPS {
                for day in 0..shape.days {
                    for class in day..shape.classes() {
                        let node = self.problem.node(0);
                        self.stock[shape.stock(site, group, class, day)] = node;
                    }
                    self.need[shape.need(site, group, day)] = self.problem.node(0);
                }
            }
        }
        self.start.resize(self.problem.supply.len(), NONE);
    }

    fn arc(&mut self, tail: u32, head: u32, upper: i64, cost: i64, meaning: Meaning) -> u32 {
        self.meaning.push(meaning);
        self.problem.arc(tail, head, upper, cost) as u32
    }

    /// All arcs that leave one site's and group's units on one day.
    fn day(&mut self, site: usize, group: usize, day: usize, legs: &[usize]) {
        for class in day..self.shape.classes() {
            let node = self.stock[self.shape.stock(site, group, class, day)];
            self.keep(node, (site, group, class, day));
            for by in 0..GROUPS {
                let Some(place) = self.shape.fits.0[group][by] else { continue };
                let need = self.need[self.shape.need(site, by, day)];
                let cost = i64::from(place) * self.shape.costs.substitution;
                let meaning = Meaning::Use {
                    site: site as u32,
                    group: group as u8,
                    class: class as u8,
                    day: day as u8,
                    by: by as u8,
                };
                self.arc(node, need, UNLIMITED, cost, meaning);
            }
            for leg in legs {
                self.send(node, *leg, group, class);
            }
        }
    }

    fn send(&mut self, node: u32, at: usize, group: usize, class: usize) {
        let leg = self.shape.legs[at];
        let day = usize::from(leg.arrives);
        if !self.shape.lives(class, day) {
            return;
        }
        let there = self.stock[self.shape.stock(leg.to as usize, group, class, day)];
        let meaning = Meaning::Send { leg: at as u32, group: group as u8, class: class as u8 };
        let arc = self.arc(node, there, leg.capacity, leg.price, meaning);
        self.sends[at].push(arc);
    }

    /// The night after a day: kept, or expired, or at the horizon's end.
    fn keep(&mut self, node: u32, (site, group, class, day): (usize, usize, usize, usize)) {
        let shape = &self.shape;
        let costs = shape.costs;
        let (last, later, soon) = (day + 1 == shape.days, shape.later(), shape.soon());
        let (cell, shelf) = (shape.need(site, group, day), shape.shelf(site, group));
        let to = if last || class == day {
            0
        } else {
            self.stock[shape.stock(site, group, class, day + 1)]
        };
        let names = (site as u32, group as u8, class as u8, day as u8);
        let keep = |reserve| Meaning::Keep {
            site: names.0,
            group: names.1,
            class: names.2,
            day: names.3,
            reserve,
        };
        let expire = Meaning::Expire { site: names.0, group: names.1, class: names.2 };
        if class == later {
            // The minimum's part first: it earns what its absence would cost.
            let within = costs.holding - costs.below_minimum;
            self.reserve[cell] = self.arc(node, to, 0, within, keep(true));
        }
        let arc = if class == day {
            self.arc(node, 0, UNLIMITED, costs.expiry, expire)
        } else if class == soon && last {
            self.soon[shelf] = self.arc(node, 0, 0, costs.holding, keep(false));
            self.arc(node, 0, UNLIMITED, costs.holding + costs.expiry, expire)
        } else {
            self.arc(node, to, UNLIMITED, costs.holding, keep(false))
        };
        self.start[node as usize] = arc;
    }

    fn lacks(&mut self) {
        for site in 0..self.shape.sites {
            for group in 0..GROUPS {
                for day in 0..self.shape.days {
                    let node = self.need[self.shape.need(site, group, day)];
                    let meaning =
                        Meaning::Lack { site: site as u32, group: group as u8, day: day as u8 };
                    let cost = self.shape.shortage_at(site);
                    self.start[node as usize] = self.arc(0, node, UNLIMITED, cost, meaning);
                }
            }
        }
    }

    /// Leaves room under the money for preferences that no sum can carry over into it: fewer
    /// moves, and among those the same ones every time.
    fn tell_apart(&mut self) {
        let longest = self.problem.longest(0);
        let free = 59_u32.saturating_sub(128 - longest.max(1).leading_zeros());
        let units = MOST_UNITS.ilog2();
        if free <= units + PASSES {
            return;
        }
        let bits = (free - units - PASSES).min(16);
        self.shift = bits + units + PASSES;
        for (arc, meaning) in self.problem.arcs.iter_mut().zip(&self.meaning) {
            let likes = match *meaning {
                Meaning::Use { site, group, class, day, by } => {
                    mixed([site, group.into(), class.into(), day.into(), by.into()]) >> 1
                }
                Meaning::Send { leg, group, class } => {
                    let leg = &self.shape.legs[leg as usize];
                    let place = leg.from << 16 | leg.to;
                    let time = u32::from(leg.departs) << 8 | u32::from(leg.arrives);
                    mixed([place, time, group.into(), class.into(), 1 << 20]) >> 1 | 1 << 31
                }
                _ => 0,
            };
            arc.cost = (arc.cost << self.shift) + i64::from(likes >> (32 - bits));
        }
    }

    /// Sums of money in a sum of the network's.
    pub(super) fn money(&self, sum: i128) -> i64 {
        i64::try_from(sum >> self.shift).unwrap_or(i64::MAX)
    }

    /// What a price in the network is in money, to the nearest öre.
    pub(super) fn per_unit(&self, price: i64) -> i64 {
        if self.shift == 0 { price } else { (price + (1 << (self.shift - 1))) >> self.shift }
    }

    /// The problem with these figures in it, minimum stocks as a wish only.
    ///
    /// # Errors
    /// [`Refused`] if there are more units than can be told apart safely, or fewer than none.
    pub(super) fn with(&self, figures: &Figures) -> Result<Problem, Refused> {
        check(figures)?;
        let mut problem = self.problem.clone();
        let mut left = 0;
        for (node, has) in self.stock.iter().zip(&figures.has) {
            if *node != NONE {
                problem.supply[*node as usize] = *has;
                left -= has;
            }
        }
        for (node, wants) in self.need.iter().zip(&figures.wants) {
            problem.supply[*node as usize] = -wants;
            left += wants;
        }
        problem.supply[0] = left;
        for (cell, arc) in self.reserve.iter().enumerate() {
            problem.arcs[*arc as usize].upper = figures.minimum[cell / self.shape.days];
        }
        for (shelf, arc) in self.soon.iter().enumerate() {
            problem.arcs[*arc as usize].upper = figures.soon_use[shelf];
        }
        Ok(problem)
    }

    /// Puts other figures into a problem taken up before.
    ///
    /// # Errors
    /// As [`Grid::with`].
    pub(super) fn fill(
        &self,
        simplex: &mut Simplex,
        was: &Figures,
        now: &Figures,
    ) -> Result<(), Refused> {
        check(now)?;
        let mut left = 0;
        for ((node, has), had) in self.stock.iter().zip(&now.has).zip(&was.has) {
            if *node != NONE && has != had {
                simplex.add_supply(*node, has - had)?;
                left -= has - had;
            }
        }
        for ((node, wants), wanted) in self.need.iter().zip(&now.wants).zip(&was.wants) {
            if wants != wanted {
                simplex.add_supply(*node, wanted - wants)?;
                left += wants - wanted;
            }
        }
        simplex.add_supply(0, left)?;
        for (cell, arc) in self.reserve.iter().enumerate() {
            simplex.set_bounds(*arc as usize, 0, now.minimum[cell / self.shape.days])?;
        }
        for (shelf, arc) in self.soon.iter().enumerate() {
            simplex.set_bounds(*arc as usize, 0, now.soon_use[shelf])?;
        }
        Ok(())
    }
}

fn check(figures: &Figures) -> Result<(), Refused> {
    let Figures { has, wants, minimum, soon_use } = figures;
    let mut sum = 0_i64;
    for value in has.iter().chain(wants).chain(minimum).chain(soon_use) {
        if !(0..=MOST_UNITS).contains(value) {
            return Err(Refused::Quantity(*value));
        }
    }
    for value in has.iter().chain(wants) {
        sum += value;
    }
    if sum > MOST_UNITS { Err(Refused::Quantity(sum)) } else { Ok(()) }
}

/// Five small numbers stirred into one that looks like any other.
fn mixed(parts: [u32; 5]) -> u32 {
    let mut sum = 0x9e37_79b9_7f4a_7c15_u64;
    for part in parts {
        sum = (sum ^ u64::from(part)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        sum ^= sum >> 29;
    }
    (sum >> 32) as u32
}
