//! Small improvements to a laid plan: one trip elsewhere, or two trips that change casualties.

use super::table::{LEVELS, Table, Value};
use super::yard::{Laid, Rider, Trip, Yard, add, less};

/// Other hospitals that are reckoned through for a trip.
const TRIED: usize = 3;
/// Times that the whole plan is gone through.
const PASSES: usize = 3;

/// A plan by units, and everything it has taken.
pub(super) struct Routes<'a> {
    table: &'a Table,
    trips: Vec<Trip>,
    /// Trips by unit, in order.
    routes: Vec<Vec<usize>>,
    pub(super) yard: Yard<'a>,
}

/// Another hospital for a trip: which, and where and when its riders begin there.
pub(super) struct Other {
    pub(super) spot: usize,
    pub(super) riders: Vec<Rider>,
    own: Value,
}

/// A trip elsewhere, its unit's later trips moved with it, and by how much every level changes.
pub(super) struct Instead {
    pub(super) change: Value,
    trips: Vec<(usize, Trip)>,
}

impl<'a> Routes<'a> {
    pub(super) fn new(table: &'a Table, laid: &Laid) -> Self {
        let mut yard = Yard::new(table);
        let mut routes = vec![Vec::new(); table.cars.len()];
        for (at, trip) in laid.trips.iter().enumerate() {
            routes[trip.car].push(at);
            yard.board(trip);
        }
        for route in &mut routes {
            route.sort_by_key(|at| laid.trips[*at].leaves);
        }
        Self { table, trips: laid.trips.clone(), routes, yard }
    }

    pub(super) fn trip(&self, at: usize) -> &Trip {
        &self.trips[at]
    }

    fn groups(&self, trip: &Trip) -> Vec<usize> {
        let choices = &self.table.spots[trip.spot].choices;
        trip.riders.iter().map(|rider| choices[rider.choice].group).collect()
    }

    /// Where else all of a trip's casualties could go, the best for them first. The trip's own
    /// places must be free meanwhile.
    pub(super) fn others(&mut self, at: usize) -> Vec<Other> {
        let table = self.table;
        let trip = &self.trips[at];
        let (lane, here, leaves) = (table.cars[trip.car].lane, trip.spot, trip.leaves);
        let groups = self.groups(trip);
        let mut others: Vec<Other> = Vec::with_capacity(TRIED + 1);
        for spot in (0..table.spots.len()).filter(|spot| *spot != here) {
            let Some(minutes) = table.minutes(lane, spot) else { continue };
            let arrives = leaves + table.load + minutes;
            let Some(most) = most(table, spot, &groups, arrives) else { continue };
            // Of those that are as good, the first are named.
            if others.get(TRIED - 1).is_some_and(|last| last.own >= most) {
                continue;
            }
            if let Some(riders) = self.yard.seat(spot, groups.iter().copied(), arrives) {
                let own = table.value(spot, &riders);
                let at = others.partition_point(|other| other.own >= own);
                others.insert(at, Other { spot, riders, own });
                others.truncate(TRIED);
            }
        }
        others
    }

    /// What changes on each level if a trip goes elsewhere and its unit is back at another time.
    /// The trip's own places must be free meanwhile.
    pub(super) fn instead(&mut self, at: usize, other: &Other) -> Instead {
        let table = self.table;
        let trip = &self.trips[at];
        let lane = table.cars[trip.car].lane;
        let route = &self.routes[trip.car];
        let place = route.iter().position(|one| *one == at).unwrap_or(0);
        let later: Vec<usize> = route[place + 1..].to_vec();
        let mut change = other.own;
        less(&mut change, table.value(trip.spot, &trip.riders));
        for one in &later {
            let one = &self.trips[*one];
            self.yard.leave(one);
            less(&mut change, table.value(one.spot, &one.riders));
        }
        let minutes = table.minutes(lane, other.spot).unwrap_or(0);
        let arrives = trip.leaves + table.load + minutes;
        let (spot, riders) = (other.spot, other.riders.clone());
        let mut trips = vec![(at, Trip { spot, arrives, riders, ..trip.clone() })];
        self.yard.board(&trips[0].1);
        let mut now = trip.leaves + table.cycle(minutes);
        for one in &later {
            let moved = self.moved(*one, now);
            let minutes = table.minutes(lane, moved.spot).unwrap_or(0);
            now = moved.leaves + table.cycle(minutes);
            add(&mut change, table.value(moved.spot, &moved.riders));
            self.yard.board(&moved);
            trips.push((*one, moved));
        }
        for (_, trip) in &trips {
            self.yard.leave(trip);
        }
        for one in &later {
            self.yard.board(&self.trips[*one]);
        }
        Instead { change, trips }
    }

    /// A trip at another time; whoever finds no place any more stays behind.
    fn moved(&mut self, at: usize, now: usize) -> Trip {
        let table = self.table;
        let trip = self.trips[at].clone();
        let groups = self.groups(&trip);
        let from = groups.iter().map(|group| table.groups[*group].2).max().unwrap_or(0);
        let leaves = now.max(from);
        let minutes = table.minutes(table.cars[trip.car].lane, trip.spot).unwrap_or(0);
        let arrives = leaves + table.load + minutes;
        let mut moved = Trip { leaves, arrives, riders: Vec::new(), ..trip };
        for group in groups {
            let seated = self.yard.seat(moved.spot, std::iter::once(group), arrives);
            for rider in seated.into_iter().flatten() {
                let choice = &table.spots[moved.spot].choices[rider.choice];
                self.yard.take(moved.spot, choice, rider.start);
                moved.riders.push(rider);
            }
        }
        for rider in &moved.riders {
            let choice = &table.spots[moved.spot].choices[rider.choice];
            self.yard.give_back(moved.spot, choice, rider.start);
        }
        moved
    }

    /// Sends trips elsewhere as long as that is better on the first level that changes.
    fn relocate(&mut self) -> bool {
        let mut better = false;
        for at in 0..self.trips.len() {
            if self.trips[at].riders.is_empty() {
                continue;
            }
            let trip = self.trips[at].clone();
            self.yard.leave(&trip);
            let others = self.others(at);
            let mut best: Option<Instead> = None;
            for other in &others {
                let instead = self.instead(at, other);
                let least = best.as_ref().map(|best| &best.change);
                if is_gain(&instead.change) && least.is_none_or(|least| instead.change > *least) {
                    best = Some(instead);
                }
            }
            self.yard.board(&trip);
            if let Some(instead) = best {
                for (at, _) in &instead.trips {
                    self.yard.leave(&self.trips[*at]);
                }
                for (at, trip) in instead.trips {
                    self.yard.board(&trip);
                    self.trips[at] = trip;
                }
                better = true;
            }
        }
        better
    }

    /// Lets two trips with one casualty each change them, as long as that is better.
    fn exchange(&mut self) -> bool {
        let mut better = false;
        let alone: Vec<usize> =
            (0..self.trips.len()).filter(|at| self.trips[*at].riders.len() == 1).collect();
        let mut offers: Vec<Offer> = alone.iter().map(|at| self.offer(&self.trips[*at])).collect();
        for (place, a) in alone.iter().enumerate() {
            for (other, b) in alone.iter().enumerate().skip(place + 1) {
                if !offers[place].may_be_better(&offers[other]) {
                    continue;
                }
                let (one, two) = (&self.trips[*a], &self.trips[*b]);
                let (first, second) = (self.first(one), self.first(two));
                let (one, two) = (one.clone(), two.clone());
                self.yard.leave(&one);
                self.yard.leave(&two);
                let changed = self.changed(&one, second, &two, first);
                let [left, right] = changed.unwrap_or([one, two]);
                self.yard.board(&left);
                self.yard.board(&right);
                if left != self.trips[*a] {
                    better = true;
                    (offers[place], offers[other]) = (self.offer(&left), self.offer(&right));
                }
                (self.trips[*a], self.trips[*b]) = (left, right);
            }
        }
        better
    }

    /// What a trip with one casualty is worth, and at most would be with somebody of each group.
    fn offer(&self, trip: &Trip) -> Offer {
        let table = self.table;
        let most = |group| {
            let may = self.may(trip, group);
            may.then(|| table.top(trip.spot, group, trip.arrives)).flatten()
        };
        Offer {
            group: self.first(trip),
            value: table.value(trip.spot, &trip.riders),
            most: (0..table.groups.len()).map(most).collect(),
        }
    }

    fn first(&self, trip: &Trip) -> usize {
        self.table.spots[trip.spot].choices[trip.riders[0].choice].group
    }

    /// Whether a trip could carry somebody of a group.
    fn may(&self, trip: &Trip, group: usize) -> bool {
        let (class, _, from) = self.table.groups[group];
        let lane = self.table.cars[trip.car].lane;
        trip.leaves >= from && self.table.lanes[lane].carries[class]
    }

    /// Both trips with the other's casualty, if that is better.
    fn changed(
        &mut self,
        one: &Trip,
        second: usize,
        two: &Trip,
        first: usize,
    ) -> Option<[Trip; 2]> {
        let table = self.table;
        let mut left = one.clone();
        left.riders = self.yard.seat(one.spot, std::iter::once(second), one.arrives)?;
        self.yard.board(&left);
        let riders = self.yard.seat(two.spot, std::iter::once(first), two.arrives);
        self.yard.leave(&left);
        let mut right = two.clone();
        right.riders = riders?;
        let mut change = table.value(left.spot, &left.riders);
        add(&mut change, table.value(right.spot, &right.riders));
        less(&mut change, table.value(one.spot, &one.riders));
        less(&mut change, table.value(two.spot, &two.riders));
        is_gain(&change).then_some([left, right])
    }
}

/// One casualty's trip, as those see it who might change with it.
struct Offer {
    group: usize,
    value: Value,
    /// By group: at most so much with somebody of it; none if it cannot take them.
    most: Vec<Option<Value>>,
}

impl Offer {
    /// Whether anything could be gained if both changed their casualties.
    fn may_be_better(&self, other: &Self) -> bool {
        if self.group == other.group {
            return false;
        }
        let (Some(mut most), Some(theirs)) = (self.most[other.group], other.most[self.group])
        else {
            return false;
        };
        add(&mut most, theirs);
        less(&mut most, self.value);
        less(&mut most, other.value);
        is_gain(&most)
    }
}

/// At most so much are these at a hospital, who arrive then; none if one of them finds no place.
fn most(table: &Table, spot: usize, groups: &[usize], arrives: usize) -> Option<Value> {
    let mut most = [0; LEVELS];
    for group in groups {
        add(&mut most, table.top(spot, *group, arrives)?);
    }
    Some(most)
}

/// Whether the first level that changes is better.
fn is_gain(change: &Value) -> bool {
    *change > [0; LEVELS]
}

/// Improves a plan until nothing small is better, or long enough.
pub(super) fn polish(table: &Table, laid: &Laid) -> Laid {
    let mut routes = Routes::new(table, laid);
    for _ in 0..PASSES {
        let relocated = routes.relocate();
        if !routes.exchange() && !relocated {
            break;
        }
    }
    let trips = routes.trips.into_iter().filter(|trip| !trip.riders.is_empty()).collect();
    Laid::of(table, trips)
}
