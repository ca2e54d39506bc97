//! Prices on everything that is scarce, and the bound that they prove.
//!
//! With a price on every casualty, place, hour and limit, each unit finds its best round of trips
//! by itself: the sum of what they find, and of what is scarce at its price, is more than any plan
//! is worth (Lagrange). Prices are moved along the subgradient, and all sums are whole numbers, so
//! the bound holds whatever the prices are.

use super::model::Way;
use super::table::{Choice, Lane, Level, Table, step};

/// Prices are in parts of this size.
pub(super) const PART: i64 = 1 << 16;
/// Minutes of arrival that are reckoned as one for units with several seats.
const BLOCK: usize = 6;
/// Most minutes that are planned together.
const BLOCKS: usize = 64;
/// Nothing goes this way.
const NEVER: i64 = i64::MIN / 4;

/// Prices.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    pub(super) groups: Vec<f64>,
    pub(super) pools: Vec<f64>,
    pub(super) hours: Vec<f64>,
    pub(super) caps: Vec<f64>,
    /// What a unit of an earlier level is worth.
    pub(super) levels: Vec<f64>,
}

/// What a full unit's arrival at a hospital is worth, by minute.
struct Face {
    seats: i64,
    carries: Vec<bool>,
    /// Only where casualties come free later does it matter how long the way is.
    way: Option<Way>,
    gain: Vec<Vec<i64>>,
    /// By hospital: from this minute on nothing is brought there.
    until: Vec<usize>,
}

/// One casualty's place and time, and what it brings at these prices.
#[derive(Clone, Copy, Debug)]
struct Offer {
    net: i64,
    choice: Choice,
    start: usize,
}

/// Prices in whole numbers, and what follows from them.
pub(super) struct Market<'a> {
    table: &'a Table,
    groups: Vec<i64>,
    /// By pool and step, the steps after it added.
    pools: Vec<i64>,
    hours: Vec<i64>,
    spots: Vec<i64>,
    /// By row and minute.
    worth: Vec<i64>,
    /// The levels after this one, each so small that it never outweighs it.
    after: &'a [i64],
    /// The same: the most from a minute on.
    most_after: &'a [i64],
    /// By row and hour: the most that a start in it is worth.
    hour_worth: Vec<i64>,
    faces: Vec<Face>,
    of_lane: Vec<usize>,
    /// By lane: what a unit that is free at a minute still brings, and where it goes.
    pub(super) ahead: Vec<Vec<i64>>,
    next: Vec<Vec<i16>>,
    /// No plan is worth more, in parts.
    pub(super) bound: i64,
    /// Use less supply of whatever is priced.
    pub(super) excess: Prices,
}

impl Prices {
    pub(super) fn zero(table: &Table) -> Self {
        Self {
            groups: vec![0.0; table.groups.len()],
            pools: vec![0.0; 4 * table.pools.len()],
            hours: vec![0.0; table.spots.len() * table.hours],
            caps: vec![0.0; table.caps.len()],
            levels: vec![0.0; table.levels.len()],
        }
    }

    fn parts(&self) -> [&Vec<f64>; 5] {
        [&self.groups, &self.pools, &self.hours, &self.caps, &self.levels]
    }

    fn parts_mut(&mut self) -> [&mut Vec<f64>; 5] {
        [&mut self.groups, &mut self.pools, &mut self.hours, &mut self.caps, &mut self.levels]
    }

    /// Mixes a direction into this one.
    pub(super) fn blend(&mut self, keep: f64, other: &Self) {
        for (mine, theirs) in self.parts_mut().into_iter().zip(other.parts()) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = *mine * keep + theirs;
            }
        }
    }

    /// A step along a direction; no price falls below nothing.
    pub(super) fn walk(&mut self, length: f64, direction: &Self) {
        for (mine, theirs) in self.parts_mut().into_iter().zip(direction.parts()) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = (*mine + length * theirs).max(0.0);
            }
        }
    }

    /// Sum of squares; a component that would push a price below nothing does not count.
    pub(super) fn square(&self, at: &Self) -> f64 {
        let mut sum = 0.0;
        for (mine, prices) in self.parts().into_iter().zip(at.parts()) {
            for (mine, price) in mine.iter().zip(prices) {
                if *mine > 0.0 || *price > 0.0 {
                    sum += mine * mine;
                }
            }
        }
        sum
    }
}

fn whole(price: f64) -> i64 {
    price.round() as i64
}

impl<'a> Market<'a> {
    /// Opens a market on a level, where earlier levels must reach what is `held`.
    pub(super) fn open(table: &'a Table, prices: &Prices, level: usize, held: &[i64]) -> Self {
        let mut pools: Vec<i64> = prices.pools.iter().map(|price| whole(*price)).collect();
        for pool in pools.chunks_mut(4) {
            for at in (0..3).rev() {
                pool[at] += pool[at + 1];
            }
        }
        let caps: Vec<i64> = prices.caps.iter().map(|price| whole(*price)).collect();
        let sum = |caps_of: &[usize]| caps_of.iter().map(|cap| caps[*cap]).sum();
        let mut market = Self {
            table,
            groups: prices.groups.iter().map(|price| whole(*price)).collect(),
            pools,
            hours: prices.hours.iter().map(|price| whole(*price)).collect(),
            spots: table.spots.iter().map(|spot| sum(&spot.caps)).collect(),
            worth: worths(table, prices, level),
            after: &table.after[level],
            most_after: &table.most_after[level],
            hour_worth: Vec::new(),
            faces: Vec::new(),
            of_lane: Vec::new(),
            ahead: Vec::new(),
            next: Vec::new(),
            bound: 0,
            excess: Prices::zero(table),
        };
        market.hour_worth = market
            .worth
            .chunks(table.horizon.max(1))
            .flat_map(|row| row.chunks(60).map(|hour| hour.iter().copied().max().unwrap_or(NEVER)))
            .collect();
        market.show();
        for lane in 0..table.lanes.len() {
            market.plan(lane);
        }
        market.settle(&caps, prices, level, held);
        market
    }

    /// What a casualty brings, less what its place costs, if treatment begins at a minute.
    pub(super) fn net(&self, spot: usize, choice: &Choice, start: usize) -> i64 {
        let table = self.table;
        let hour = if choice.rated { self.hours[spot * table.hours + start / 60] } else { 0 };
        self.worth[choice.row * table.horizon + start]
            - self.groups[choice.group]
            - self.pools[4 * choice.pool + step(start)]
            - self.spots[spot]
            - hour
    }

    /// The same for whoever lays a plan: later levels decide where this one does not.
    pub(super) fn wish(&self, spot: usize, choice: &Choice, start: usize) -> i64 {
        self.net(spot, choice, start) + self.after[choice.row * self.table.horizon + start]
    }

    /// A trip of a unit with one seat that arrives then brings no more, for whoever lays a plan.
    pub(super) fn at_most(&self, lane: usize, spot: usize, arrives: usize) -> i64 {
        self.faces[self.of_lane[lane]].gain[spot][arrives].max(0) + self.most_after[arrives]
    }

    fn show(&mut self) {
        let table = self.table;
        let later = table.groups.iter().any(|group| group.2 > 0);
        for lane in &table.lanes {
            let way = later.then_some(lane.way);
            let (seats, carries) = (lane.seats, &lane.carries);
            let same =
                |face: &Face| face.seats == seats && face.carries == *carries && face.way == way;
            let at = self.faces.iter().position(same).unwrap_or_else(|| {
                let gain = |spot| match seats {
                    1 => self.gain(spot, carries, way),
                    _ => self.gain_of_many(spot, lane, way),
                };
                let gain: Vec<Vec<i64>> = (0..table.spots.len()).map(gain).collect();
                let last = |gain: &Vec<i64>| gain.iter().rposition(|gain| *gain > 0);
                let until = gain.iter().map(|gain| last(gain).map_or(0, |at| at + 1)).collect();
                self.faces.push(Face { seats, carries: carries.clone(), way, gain, until });
                self.faces.len() - 1
            });
            self.of_lane.push(at);
        }
    }

    /// What an arrival is worth at each minute: treatment begins at once, or with a later hour.
    fn gain(&self, spot: usize, carries: &[bool], way: Option<Way>) -> Vec<i64> {
        let table = self.table;
        let mut gain = vec![NEVER; table.horizon];
        for choice in &table.spots[spot].choices {
            let (class, _, from) = table.groups[choice.group];
            if !carries[class] {
                continue;
            }
            let first = match way.map(|way| table.spots[spot].minutes[way as usize]) {
                Some(Some(minutes)) => from + table.load + minutes,
                Some(None) => continue,
                None => 0,
            };
            let mut wait = NEVER;
            for hour in (0..table.hours).rev() {
                let (begin, end) = (hour * 60, table.horizon.min(hour * 60 + 60));
                let at_begin = self.net(spot, choice, begin);
                let row = choice.row * table.horizon;
                let cost = self.worth[row + begin] - at_begin;
                let begins = begin.max(first).min(end);
                let most = self.hour_worth[choice.row * table.hours + hour] - cost;
                // What brings nothing is never chosen: it need not be told exactly.
                if most > wait && most > 0 {
                    let worth = &self.worth[row + begins..row + end];
                    for (gain, worth) in gain[begins..end].iter_mut().zip(worth) {
                        *gain = (*gain).max((worth - cost).max(wait));
                    }
                } else if wait > 0 {
                    gain[begins..end].iter_mut().for_each(|gain| *gain = (*gain).max(wait));
                }
                wait = wait.max(at_begin);
            }
        }
        gain
    }

    /// The same for a unit with several seats: no more go to a place than it holds.
    fn gain_of_many(&self, spot: usize, lane: &Lane, way: Option<Way>) -> Vec<i64> {
        let table = self.table;
        let mut gain = vec![NEVER; table.horizon];
        let Some(minutes) = table.spots[spot].minutes[lane.way as usize] else { return gain };
        let out = table.load + minutes;
        let (mut offers, mut filled) = (Vec::new(), Vec::new());
        for hour in 0..table.hours {
            self.waiting(spot, lane, hour, &mut offers);
            let waiting = offers.len();
            let end = table.horizon.min(hour * 60 + 60);
            for begin in (hour * 60..end).step_by(BLOCK) {
                // Within an hour an earlier arrival is worth no less: the first minute of a block
                // speaks for all of it, and the last says who has come free.
                let last = end.min(begin + BLOCK) - 1;
                let now = if way.is_none() { Some(usize::MAX) } else { last.checked_sub(out) };
                let Some(now) = now else { continue };
                self.fill(spot, lane, (now, begin), &mut offers, &mut filled);
                let sum = filled.iter().map(|(offer, count)| offer.net * count).sum();
                gain[begin..=last].fill(sum);
                offers.truncate(waiting);
            }
        }
        gain
    }

    /// The best start in every step of capacity after an hour, for whoever waits.
    fn waiting(&self, spot: usize, lane: &Lane, hour: usize, offers: &mut Vec<Offer>) {
        let table = self.table;
        offers.clear();
        for choice in &table.spots[spot].choices {
            if !lane.carries[table.groups[choice.group].0] {
                continue;
            }
            let mut best: [Option<Offer>; 4] = [None; 4];
            for start in (hour + 1..table.hours).map(|hour| hour * 60) {
                let net = self.net(spot, choice, start);
                let best = &mut best[step(start)];
                if net > 0 && best.is_none_or(|known| net > known.net) {
                    *best = Some(Offer { net, choice: *choice, start });
                }
            }
            offers.extend(best.into_iter().flatten());
        }
    }

    /// Who is best taken in several seats on one trip; offers of those who wait are there already.
    fn fill(
        &self,
        spot: usize,
        lane: &Lane,
        (now, arrives): (usize, usize),
        offers: &mut Vec<Offer>,
        filled: &mut Vec<(Offer, i64)>,
    ) {
        let table = self.table;
        filled.clear();
        let waiting = offers.len();
        for choice in &table.spots[spot].choices {
            if lane.carries[table.groups[choice.group].0] {
                let net = self.net(spot, choice, arrives);
                if net > 0 {
                    offers.push(Offer { net, choice: *choice, start: arrives });
                }
            }
        }
        // Within a step of capacity the best start would serve everybody; a second is never better.
        let mut seats = lane.seats;
        let mut used = 0_u64;
        debug_assert!(waiting <= offers.len() && offers.len() <= 64);
        while seats > 0 {
            // The first of those that bring most; all of them bring something.
            let (mut most, mut best) = (0, None);
            for (at, offer) in offers.iter().enumerate().take(64) {
                let open = used & (1 << at) == 0 && now >= table.groups[offer.choice.group].2;
                if open && offer.net > most {
                    (most, best) = (offer.net, Some(at));
                }
            }
            let Some(at) = best else { break };
            used |= 1 << at;
            let offer = offers[at];
            let mut room = table.pools[offer.choice.pool];
            for (one, count) in filled.iter() {
                if one.choice.pool == offer.choice.pool {
                    room[step(one.start)..].iter_mut().for_each(|room| *room -= count);
                }
            }
            let count = room[step(offer.start)..].iter().copied().min().unwrap_or(0).min(seats);
            if count > 0 {
                seats -= count;
                filled.push((offer, count));
            }
        }
    }

    /// The best round of trips from every minute on.
    fn plan(&mut self, lane: usize) {
        let table = self.table;
        let face = &self.faces[self.of_lane[lane]];
        let mut next = vec![-1_i16; table.horizon + 1];
        let ways: Vec<_> = table.ways[lane]
            .iter()
            .map(|(spot, minutes)| {
                let (out, gain) = (table.load + minutes, &face.gain[*spot]);
                let last = face.until[*spot].saturating_sub(out);
                (*spot, out, table.cycle(*minutes), last, gain)
            })
            .collect();
        // Beyond the horizon nothing is brought: no look ahead has to ask where it ends.
        let longest = ways.iter().map(|(_, _, cycle, ..)| *cycle).max().unwrap_or(0);
        let mut ahead = vec![0_i64; table.horizon + longest + 1];
        // No unit is back within the shortest round: so many minutes do not wait for each other.
        let block = ways.iter().map(|(_, _, cycle, ..)| *cycle).min().unwrap_or(1).clamp(1, BLOCKS);
        let mut end = table.horizon;
        while end > 0 {
            let begin = end.saturating_sub(block);
            let mut best = [(0_i64, -1_i16); BLOCKS];
            for (spot, out, cycle, last, gain) in &ways {
                let last = end.min(*last);
                if last <= begin {
                    continue;
                }
                // What brings nothing is never more than what comes after it anyhow.
                let (gains, after) = (&gain[begin + out..last + out], &ahead[begin + cycle..]);
                for ((best, gain), after) in best.iter_mut().zip(gains).zip(after) {
                    if gain + after > best.0 {
                        *best = (gain + after, *spot as i16);
                    }
                }
            }
            for now in (begin..end).rev() {
                let stays = ahead[now + 1];
                let (value, to) = best[now - begin];
                (ahead[now], next[now]) = if value > stays { (value, to) } else { (stays, -1) };
            }
            end = begin;
        }
        self.ahead.push(ahead);
        self.next.push(next);
    }

    /// Lets every unit do its best, counts what it used, and adds up the bound.
    fn settle(&mut self, caps: &[i64], prices: &Prices, level: usize, held: &[i64]) {
        let table = self.table;
        let mut bound = 0;
        let mut at = 0;
        while at < table.cars.len() {
            let car = table.cars[at];
            let alike = table.cars[at..].iter().take_while(|one| **one == car).count();
            at += alike;
            if car.ready < table.horizon {
                bound += self.ahead[car.lane][car.ready] * alike as i64;
                self.drive(car.lane, car.ready, alike as i64, level);
            }
        }
        let excess = &mut self.excess;
        for (group, price) in self.groups.iter().enumerate() {
            bound += price * table.groups[group].1;
            excess.groups[group] -= table.groups[group].1 as f64;
        }
        for (pool, steps) in table.pools.iter().enumerate() {
            for at in 0..4 {
                bound += whole(prices.pools[4 * pool + at]) * steps[at];
                excess.pools[4 * pool + at] -= steps[at] as f64;
            }
        }
        for (spot, one) in table.spots.iter().enumerate() {
            for hour in spot * table.hours..(spot + 1) * table.hours {
                let room = one.per_hour.unwrap_or(0);
                bound += self.hours[hour] * room;
                excess.hours[hour] -= room as f64;
            }
        }
        for (cap, most) in table.caps.iter().enumerate() {
            bound += caps[cap] * most;
            excess.caps[cap] -= *most as f64;
        }
        for (at, held) in held.iter().enumerate().take(level) {
            bound -= whole(prices.levels[at]) * held;
            excess.levels[at] += *held as f64;
        }
        self.bound = bound;
    }

    fn drive(&mut self, lane: usize, ready: usize, alike: i64, level: usize) {
        let table = self.table;
        let mut now = ready;
        while now < table.horizon {
            let Ok(spot) = usize::try_from(self.next[lane][now]) else {
                now += 1;
                continue;
            };
            let minutes = table.minutes(lane, spot).unwrap_or(0);
            let arrives = now + table.load + minutes;
            if table.lanes[lane].seats == 1 {
                if let Some(offer) = self.best(lane, spot, now, arrives) {
                    self.use_up(spot, &offer, alike, level);
                }
            } else {
                let (mut offers, mut filled) = (Vec::new(), Vec::new());
                let lane = &table.lanes[lane];
                self.waiting(spot, lane, arrives / 60, &mut offers);
                self.fill(spot, lane, (now, arrives), &mut offers, &mut filled);
                for (offer, count) in filled {
                    self.use_up(spot, &offer, count * alike, level);
                }
            }
            now += table.cycle(minutes);
        }
    }

    fn use_up(&mut self, spot: usize, offer: &Offer, many: i64, level: usize) {
        let (table, excess) = (self.table, &mut self.excess);
        let Offer { choice, start, .. } = offer;
        let many = many as f64;
        excess.groups[choice.group] += many;
        for at in step(*start)..4 {
            excess.pools[4 * choice.pool + at] += many;
        }
        if choice.rated {
            excess.hours[spot * table.hours + start / 60] += many;
        }
        for cap in &table.spots[spot].caps {
            excess.caps[*cap] += many;
        }
        for at in 0..level {
            excess.levels[at] -= table.worth(at, choice.row, *start) as f64 * many;
        }
    }

    /// Who is best taken on a trip that leaves now.
    fn best(&self, lane: usize, spot: usize, now: usize, arrives: usize) -> Option<Offer> {
        let table = self.table;
        let mut best: Option<Offer> = None;
        for choice in &table.spots[spot].choices {
            let (class, _, from) = table.groups[choice.group];
            if !table.lanes[lane].carries[class] || now < from {
                continue;
            }
            let hours = (arrives / 60 + 1..table.hours).map(|hour| hour * 60);
            for start in std::iter::once(arrives).chain(hours) {
                let net = self.net(spot, choice, start);
                if best.is_none_or(|known| net > known.net) {
                    best = Some(Offer { net, choice: *choice, start });
                }
            }
        }
        best
    }
}

/// What a start is worth, in parts: the level at hand, and earlier ones at their price.
fn worths(table: &Table, prices: &Prices, level: usize) -> Vec<i64> {
    let mut sum: Vec<i64> = table.worth[level].iter().map(|worth| worth * PART).collect();
    for at in 0..level {
        let price = whole(prices.levels[at]);
        if price != 0 {
            for (sum, worth) in sum.iter_mut().zip(&table.worth[at]) {
                *sum += worth * price;
            }
        }
    }
    sum
}

/// Later levels, in parts: all of them together less than a quarter of one.
pub(super) fn afters(table: &Table, level: usize) -> Vec<i64> {
    let mut sum = vec![0; table.worth[level].len()];
    for at in level + 1..table.levels.len() {
        let weight = match table.levels[at] {
            Level::Placed => PART / 8,
            Level::Special => PART / 32,
            _ => 2,
        };
        for (sum, worth) in sum.iter_mut().zip(&table.worth[at]) {
            *sum += worth * weight;
        }
    }
    sum
}
