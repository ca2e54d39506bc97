//! From level to level: bounds by prices, plans led by them, the best kept and mended.

use super::greedy::{Chance, Guide, by_rule, guided};
use super::model::STEPS;
use super::polish::polish;
use super::prices::{Market, PART, Prices};
use super::table::{Level, Table};
use super::yard::{Laid, Yard, add, less};
use crate::distribute::rules::Choice as Rule;
use crate::progress::{Progress, Stopped};

/// Work on the prices of the first level, and of each other: minutes times hospitals times ways.
/// Small questions have more rounds of prices.
const PRICING: [usize; 2] = [6_500_000, 4_000_000];
/// Fewest and most rounds.
const ROUNDS: [usize; 2] = [20, 300];
/// Work on mending after each level: casualties times hospitals.
const MENDING: usize = 900_000;
/// Fewest and most times that a part of the plan is laid anew.
const MENDINGS: [usize; 2] = [20, 600];
/// Units that are sent anew each time.
const TOGETHER: usize = 6;

/// What was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) best: Laid,
    /// By level: no plan that does as well on the levels before is worth more.
    pub(super) bounds: Vec<i64>,
    /// Plans of the plain rules: order reversed or not, rule, plan.
    pub(super) rules: Vec<(bool, Rule, Laid)>,
}

struct Search<'a> {
    table: &'a Table,
    progress: &'a Progress,
    best: Laid,
    /// Prices that led to the best plan.
    led: Prices,
    chance: Chance,
}

pub(super) fn search(
    table: &Table,
    names: &[&str],
    classes: usize,
    progress: &Progress,
) -> Result<Found, Stopped> {
    let mut rules = Vec::new();
    for swapped in [false, true] {
        let mut order: Vec<usize> = (0..classes).collect();
        if swapped && classes > 1 {
            order.swap(0, 1);
        }
        for rule in [Rule::Nearest, Rule::Earliest] {
            rules.push((swapped, rule, by_rule(table, &order, rule, names)));
        }
    }
    let mut search = Search {
        table,
        progress,
        best: Laid::of(table, Vec::new()),
        led: Prices::zero(table),
        chance: Chance::new(),
    };
    for (_, _, laid) in &rules {
        search.offer(laid);
    }
    // At most: levels that are met at once, or soon, take fewer.
    let steps = (0..table.levels.len()).map(|level| rounds(table, level) + mendings(table));
    progress.expect(steps.sum::<usize>() as u64);
    let mut prices = Prices::zero(table);
    let (mut bounds, mut lead) = (Vec::new(), None);
    for level in 0..table.levels.len() {
        let most = table.most(level);
        if most == search.best.value[level] {
            bounds.push(most);
            continue;
        }
        bounds.push(search.climb(level, lead.as_ref(), &mut prices)?.min(most));
        let held = search.best.value;
        let market = Market::open(table, &search.led, level, &held);
        let lead_or_none = lead.take();
        let guide = Guide { lead: lead_or_none.as_ref(), market: &market };
        search.mend(&guide, table.levels[level])?;
        lead = lead_or_none.or(Some(market));
    }
    Ok(Found { best: search.best, bounds, rules })
}

impl Search<'_> {
    fn offer(&mut self, other: &Laid) -> bool {
        let better = other.value > self.best.value;
        if better {
            self.best.clone_from(other);
        }
        better
    }

    /// Moves prices on one level until bound and plan meet, or long enough.
    fn climb(
        &mut self,
        level: usize,
        lead: Option<&Market>,
        prices: &mut Prices,
    ) -> Result<i64, Stopped> {
        let table = self.table;
        self.led = prices.clone();
        let mut kept = prices.clone();
        let mut direction = Prices::zero(table);
        // Where units are plenty, places alone are the bound.
        let mut bound = match level {
            0 => Market::open(table, &by_places(table), 0, &[]).bound,
            _ => i64::MAX,
        };
        let (mut lowest, mut pace, mut stale) = (i64::MAX, 1.0_f64, 0);
        for round in 0..rounds(table, level) {
            self.progress.step()?;
            // When more is held than before, bounds of before hold all the more.
            let held = self.best.value;
            let market = Market::open(table, prices, level, &held);
            bound = bound.min(market.bound);
            if market.bound < lowest {
                (lowest, stale) = (market.bound, 0);
                kept.clone_from(prices);
            } else {
                stale += 1;
            }
            if round % 3 == 0 {
                let guide = Guide { lead: lead.filter(|_| round % 2 == 0), market: &market };
                let cars = 0..table.cars.len();
                let trips = guided(Yard::new(table), &guide, cars, &mut self.chance);
                let laid = Laid::of(table, trips);
                if self.offer(&laid) {
                    self.led.clone_from(prices);
                }
            }
            if bound - self.best.value[level] * PART < PART {
                break;
            }
            if stale >= 3 {
                (pace, stale) = (pace * 0.75, 0);
            }
            direction.blend(0.7, &market.excess);
            let square = direction.square(prices);
            if square == 0.0 {
                break;
            }
            let here = (market.bound - self.best.value[level] * PART) as f64;
            prices.walk(pace * here / square, &direction);
        }
        *prices = kept;
        if level + 1 < table.levels.len() {
            // What this level is worth to the next, to begin with.
            let next = if table.levels[level + 1] == Level::Minutes { 100.0 } else { 1.0 };
            prices.levels[level] = PART as f64 * next;
        }
        Ok(bound.div_euclid(PART))
    }

    /// Sends a few units anew, with a little chance, again and again.
    fn mend(&mut self, guide: &Guide, level: Level) -> Result<(), Stopped> {
        let table = self.table;
        let cars = table.cars.len();
        let mut full = Yard::with(table, &self.best.trips);
        for round in 0..mendings(table) {
            self.progress.step()?;
            self.chance.most = if level == Level::Minutes { PART * 32 } else { PART / 8 };
            let mut anew = vec![false; cars];
            for _ in 0..TOGETHER {
                anew[(self.chance.draw() % cars as u64) as usize] = true;
            }
            if round % 2 == 0 {
                self.chance.most = 0;
            }
            let (mut yard, mut value) = (full.clone(), self.best.value);
            for trip in self.best.trips.iter().filter(|trip| anew[trip.car]) {
                yard.leave(trip);
                less(&mut value, table.value(trip.spot, &trip.riders));
            }
            let these = (0..cars).filter(|car| anew[*car]);
            let guide = Guide { lead: guide.lead.filter(|_| round % 4 < 2), ..*guide };
            let trips = guided(yard, &guide, these, &mut self.chance);
            for trip in &trips {
                add(&mut value, table.value(trip.spot, &trip.riders));
            }
            if value > self.best.value {
                self.best.trips.retain(|trip| !anew[trip.car]);
                self.best.trips.extend(trips);
                self.best.value = value;
                full = Yard::with(table, &self.best.trips);
            }
        }
        self.chance.most = 0;
        if level == Level::Minutes {
            let polished = polish(table, &self.best);
            self.offer(&polished);
        }
        Ok(())
    }
}

fn rounds(table: &Table, level: usize) -> usize {
    let choices: usize = table.spots.iter().map(|spot| spot.choices.len()).sum();
    let ways = table.spots.len() * table.lanes.len() + choices;
    let size = table.horizon * ways.max(1);
    (PRICING[level.min(1)] / size).clamp(ROUNDS[0], ROUNDS[1])
}

fn mendings(table: &Table) -> usize {
    let casualties: i64 = table.groups.iter().map(|group| group.1).sum();
    let size = casualties.max(1) as usize * table.spots.len().max(1);
    (MENDING / size).clamp(MENDINGS[0], MENDINGS[1])
}

/// Prices as if units were without end: one for every casualty, or for every place that counts for
/// them, whichever are fewer.
fn by_places(table: &Table) -> Prices {
    let mut prices = Prices::zero(table);
    let one = (0..table.groups.len()).map(|group| table.best(0, group)).max().unwrap_or(0);
    let one = (one * PART) as f64;
    let counts = |row: usize, minute: i64| {
        minute < table.horizon as i64 && table.worth(0, row, minute as usize) > 0
    };
    for group in 0..table.groups.len() {
        let choices = table.spots.iter().flat_map(|spot| &spot.choices);
        let choices = choices.filter(|choice| choice.group == group);
        // The last step of capacity that begins while it still counts.
        let places = choices.filter_map(|choice| {
            let last = (0..4).rev().find(|at| counts(choice.row, STEPS[*at]))?;
            Some((choice.pool, last))
        });
        let places: Vec<(usize, usize)> = places.collect();
        let all: i64 = places.iter().map(|(pool, at)| table.pools[*pool][*at]).sum();
        if all < table.groups[group].1 {
            for (pool, at) in places {
                prices.pools[4 * pool + at] = one;
            }
        } else {
            prices.groups[group] = one;
        }
    }
    prices
}
