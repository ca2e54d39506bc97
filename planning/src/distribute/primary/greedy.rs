//! Plans laid unit by unit: by plain rules, or led by prices.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::prices::Market;
use super::table::{Car, Table};
use super::yard::{Laid, Rider, Trip, Yard};
use crate::distribute::rules::Choice as Rule;

/// Whoever can be taken along on a trip, one after the other.
struct Filled {
    riders: Vec<Rider>,
    score: i64,
}

/// What leads whoever lays a plan.
#[derive(Clone, Copy)]
pub(super) struct Guide<'a> {
    /// The market of the first level: whatever still counts there is decided by it.
    pub(super) lead: Option<&'a Market<'a>>,
    /// The market that decides the rest.
    pub(super) market: &'a Market<'a>,
}

/// Small numbers in a fixed order, so that plans are tried that prices alone would not give.
pub(super) struct Chance {
    state: u64,
    /// How much chance may add to what a trip brings.
    pub(super) most: i64,
}

impl Chance {
    pub(super) const fn new() -> Self {
        Self { state: 0x5341_4D42_414E_4400, most: 0 }
    }

    /// SplitMix64.
    pub(super) fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn add(&mut self) -> i64 {
        if self.most > 0 { (self.draw() % self.most as u64) as i64 } else { 0 }
    }
}

/// The unit that is free first goes where it brings most at these prices, what it brings later
/// counted in. What the yard holds already stays as it is; the units named are sent.
pub(super) fn guided(
    mut yard: Yard,
    guide: &Guide,
    cars: impl Iterator<Item = usize>,
    chance: &mut Chance,
) -> Vec<Trip> {
    let table = yard.table;
    let mut free: BinaryHeap<_> = cars.map(|at| Reverse((table.cars[at].ready, at))).collect();
    let (mut trips, mut most) = (Vec::new(), Vec::new());
    let mut rest: i64 = yard.left.iter().sum();
    while let Some(Reverse((now, at))) = free.pop() {
        if rest == 0 || now >= table.horizon {
            break;
        }
        let car = table.cars[at];
        let mut best = |first| best(&mut yard, guide, first, (&car, now), &mut most, chance);
        let first = guide.lead.and_then(|_| best(true));
        match first.or_else(|| best(false)) {
            Some((spot, filled)) => {
                rest -= filled.riders.len() as i64;
                for rider in &filled.riders {
                    yard.take(spot, &table.spots[spot].choices[rider.choice], rider.start);
                }
                let minutes = table.minutes(car.lane, spot).unwrap_or(0);
                let arrives = now + table.load + minutes;
                let riders = filled.riders;
                trips.push(Trip { car: at, spot, leaves: now, arrives, riders });
                free.push(Reverse((now + table.cycle(minutes), at)));
            }
            None => {
                if let Some(later) = later(&yard, &car, now) {
                    free.push(Reverse((later, at)));
                }
            }
        }
    }
    trips
}

/// When more casualties come free whom this unit carries.
fn later(yard: &Yard, car: &Car, now: usize) -> Option<usize> {
    let carries = &yard.table.lanes[car.lane].carries;
    let groups = yard.table.groups.iter().zip(&yard.left);
    let waiting =
        groups.filter(|((class, _, from), left)| carries[*class] && **left > 0 && *from > now);
    waiting.map(|((_, _, from), _)| *from).min()
}

fn best(
    yard: &mut Yard,
    guide: &Guide,
    first: bool,
    (car, now): (&Car, usize),
    most: &mut Vec<i64>,
    chance: &mut Chance,
) -> Option<(usize, Filled)> {
    let table = yard.table;
    let lead = guide.lead.filter(|_| first).unwrap_or(guide.market);
    let ahead = &lead.ahead[car.lane];
    let after = |minutes| ahead.get(now + table.cycle(minutes)).copied().unwrap_or(0);
    // Chance draws for every hospital; without it, those that cannot be better are passed over.
    let sure = chance.most == 0 && table.lanes[car.lane].seats == 1;
    most.clear();
    if sure {
        most.extend(at_most(table, lead, car, now));
    }
    let mut best: Option<(i64, usize, usize)> = None;
    let likely = (0..most.len()).max_by_key(|at| (most[*at], Reverse(*at)));
    let ways = &table.ways[car.lane];
    for at in likely.into_iter().chain(0..ways.len()) {
        let (spot, minutes) = ways[at];
        let arrives = now + table.load + minutes;
        if arrives >= table.horizon {
            continue;
        }
        if let (Some(most), Some((known, known_at, _))) = (most.get(at), best)
            && (*most, Reverse(at)) <= (known, Reverse(known_at))
        {
            continue;
        }
        let score = if table.lanes[car.lane].seats == 1 {
            seat(yard, guide, (first, first), car, spot, (now, arrives)).map(|(wish, _)| wish)
        } else {
            fill(yard, guide, first, car, spot, (now, arrives)).map(|filled| filled.score)
        };
        if let Some(most) = most.get_mut(at) {
            *most = i64::MIN;
        }
        let Some(score) = score else { continue };
        let score = score + after(minutes) + chance.add();
        // The first of those that are as good.
        if best.is_none_or(|(known, place, _)| (score, Reverse(at)) > (known, Reverse(place))) {
            best = Some((score, at, arrives));
        }
    }
    let (_, at, arrives) = best?;
    let spot = ways[at].0;
    Some((spot, fill(yard, guide, first, car, spot, (now, arrives))?))
}

/// By way: no trip there that leaves now brings more; nothing where it would be too late.
fn at_most<'a>(
    table: &'a Table,
    lead: &'a Market,
    car: &'a Car,
    now: usize,
) -> impl Iterator<Item = i64> + use<'a> {
    let ahead = &lead.ahead[car.lane];
    let one = move |(spot, minutes): &(usize, usize)| {
        let arrives = now + table.load + minutes;
        if arrives >= table.horizon {
            return i64::MIN;
        }
        let after = ahead.get(now + table.cycle(*minutes)).copied().unwrap_or(0);
        lead.at_most(car.lane, *spot, arrives) + after
    };
    table.ways[car.lane].iter().map(one)
}

/// Who brings most in the next seat. `first`: whether the first level leads, and whether only
/// whoever counts there may sit.
fn seat(
    yard: &Yard,
    guide: &Guide,
    (first, must_count): (bool, bool),
    car: &Car,
    spot: usize,
    (now, arrives): (usize, usize),
) -> Option<(i64, Rider)> {
    let table = yard.table;
    let lane = &table.lanes[car.lane];
    let lead = guide.lead.filter(|_| first).unwrap_or(guide.market);
    let mut best: Option<(i64, Rider)> = None;
    for (at, choice) in table.spots[spot].choices.iter().enumerate() {
        let (class, _, from) = table.groups[choice.group];
        if yard.left[choice.group] == 0 || !lane.carries[class] || from > now {
            continue;
        }
        let Ok(start) = yard.start(spot, choice, arrives) else { continue };
        let counts = !first || table.worth(0, choice.row, start) > 0;
        let wish = match (counts, must_count) {
            (true, _) => lead.wish(spot, choice, start),
            (false, true) => continue,
            (false, false) => guide.market.wish(spot, choice, start).min(0),
        };
        if best.is_none_or(|(known, _)| wish > known) {
            best = Some((wish, Rider { choice: at, start }));
        }
    }
    best
}

/// Seat by seat the casualty who brings most.
fn fill(
    yard: &mut Yard,
    guide: &Guide,
    first: bool,
    car: &Car,
    spot: usize,
    times: (usize, usize),
) -> Option<Filled> {
    let table = yard.table;
    let seats = table.lanes[car.lane].seats;
    let mut filled = Filled { riders: Vec::new(), score: 0 };
    for place in 0..seats {
        // Once whoever counts on the first level sits, the other seats are filled by the rest.
        let must_count = first && place == 0;
        let Some((wish, rider)) = seat(yard, guide, (first, must_count), car, spot, times) else {
            break;
        };
        filled.score += wish;
        filled.riders.push(rider);
        if seats > 1 {
            yard.take(spot, &table.spots[spot].choices[rider.choice], rider.start);
        }
    }
    if seats > 1 {
        for rider in &filled.riders {
            yard.give_back(spot, &table.spots[spot].choices[rider.choice], rider.start);
        }
    }
    if filled.riders.is_empty() { None } else { Some(filled) }
}

/// Class by class in an order, each casualty takes the unit that is free first, and with it those
/// who come next and can go to the same place.
pub(super) fn by_rule(table: &Table, order: &[usize], rule: Rule, names: &[&str]) -> Laid {
    let mut yard = Yard::new(table);
    let mut free: Vec<usize> = table.cars.iter().map(|car| car.ready).collect();
    let mut trips = Vec::new();
    for class in order {
        for group in (0..table.groups.len()).filter(|group| table.groups[*group].0 == *class) {
            while yard.left[group] > 0 {
                let carry = |car: &usize| table.lanes[table.cars[*car].lane].carries[*class];
                let cars = (0..free.len()).filter(carry);
                let Some(car) = cars.min_by_key(|car| (free[*car], *car)) else { break };
                let now = free[car].max(table.groups[group].2);
                let lane = table.cars[car].lane;
                let Some((spot, arrives)) = choose(&yard, group, (lane, now), rule, names) else {
                    break;
                };
                let riders = seated(&mut yard, group, lane, spot, arrives);
                trips.push(Trip { car, spot, leaves: now, arrives, riders });
                free[car] = now + table.cycle(table.minutes(lane, spot).unwrap_or(0));
            }
        }
    }
    Laid::of(table, trips)
}

/// The hospital of a rule; one for the special need comes before others.
fn choose(
    yard: &Yard,
    group: usize,
    (lane, now): (usize, usize),
    rule: Rule,
    names: &[&str],
) -> Option<(usize, usize)> {
    let table = yard.table;
    let mut best = None;
    for spot in 0..table.spots.len() {
        let Some(minutes) = table.minutes(lane, spot) else { continue };
        let arrives = now + table.load + minutes;
        for choice in table.spots[spot].choices.iter().filter(|choice| choice.group == group) {
            if let Ok(start) = yard.start(spot, choice, arrives) {
                let start = if rule == Rule::Nearest { 0 } else { start };
                let key = (!choice.fits, start, minutes, names[spot]);
                if best.is_none_or(|(known, _, _)| key < known) {
                    best = Some((key, spot, arrives));
                }
            }
        }
    }
    best.map(|(_, spot, arrives)| (spot, arrives))
}

fn seated(yard: &mut Yard, group: usize, lane: usize, spot: usize, arrives: usize) -> Vec<Rider> {
    let table = yard.table;
    let mut riders = Vec::new();
    while yard.left[group] > 0 && (riders.len() as i64) < table.lanes[lane].seats {
        let mut seat: Option<((bool, usize), Rider)> = None;
        for (at, choice) in table.spots[spot].choices.iter().enumerate() {
            if choice.group != group {
                continue;
            }
            if let Ok(start) = yard.start(spot, choice, arrives) {
                let key = (!choice.fits, start);
                if seat.is_none_or(|(known, _)| key < known) {
                    seat = Some((key, Rider { choice: at, start }));
                }
            }
        }
        let Some((_, rider)) = seat else { break };
        yard.take(spot, &table.spots[spot].choices[rider.choice], rider.start);
        riders.push(rider);
    }
    riders
}
