//! An exact network simplex for min-cost flow, which goes on from where it stood.
//!
//! Primal simplex over spanning trees. Entering arcs are sought block by block; the leaving arc is
//! the last that blocks in the cycle's own direction, which keeps trees strongly feasible (from
//! every node something can still flow to the root), so that it ends whatever the ties (Cunningham
//! 1976). After a change of prices, bounds or supplies the old tree is kept: flows are laid anew
//! from the leaves up, and wherever the tree cannot carry them its arc is set to its bound and the
//! rest goes to the root at a penalty, from which the simplex then finds its way back. All sums
//! are whole numbers, guarded at the door ([`Problem::check`]).

use super::problem::{Failure, Problem, Refused, UNLIMITED, bounds, longest, penalty, quantity};
use super::tree::{ARTIFICIAL, Tree};

/// At its least.
pub(super) const LOW: i8 = 1;
/// At its most.
pub(super) const HIGH: i8 = -1;
/// In the tree, or without any room: nothing to price.
pub(super) const STILL: i8 = 0;

/// A problem and the tree on which its last optimum rests.
#[derive(Clone, Debug)]
pub struct Simplex {
    pub(super) tail: Vec<u32>,
    pub(super) head: Vec<u32>,
    pub(super) cost: Vec<i64>,
    pub(super) state: Vec<i8>,
    pub(super) lower: Vec<i64>,
    /// Room above the least.
    pub(super) room: Vec<i64>,
    /// Supplies less what the least of every arc carries away.
    pub(super) supply: Vec<i64>,
    pub(super) tree: Tree,
    /// Scratch: what a subtree still has.
    pub(super) rest: Vec<i64>,
    pub(super) penalty: i64,
    /// The node at which money is counted from: its potential is zero.
    pub(super) hub: usize,
    cursor: usize,
    block: usize,
    stale: bool,
    pivots: u64,
}

/// The end of a search for the leaving arc.
struct Leaving {
    /// Node whose arc to its parent leaves; none if the entering arc goes from bound to bound.
    out: Option<usize>,
    /// Whether it lies on the side of the cycle that leads down to the entering arc.
    down: bool,
    delta: i64,
    join: usize,
}

impl Simplex {
    /// Takes a problem up. `start` may name for each node an arc to its parent in a first tree
    /// (anything else there means the root); the better it fits, the fewer steps. `hub` is the
    /// node whose potential is zero.
    ///
    /// # Errors
    /// [`Refused`] if the problem is not in order.
    pub fn new(problem: &Problem, hub: u32, start: &[u32]) -> Result<Self, Refused> {
        problem.check()?;
        let nodes = problem.supply.len();
        let column = |f: fn(&super::problem::Arc) -> i64| problem.arcs.iter().map(f).collect();
        let mut simplex = Self {
            tail: problem.arcs.iter().map(|arc| arc.tail).collect(),
            head: problem.arcs.iter().map(|arc| arc.head).collect(),
            cost: column(|arc| arc.cost),
            state: problem.arcs.iter().map(|arc| resting(arc.upper - arc.lower)).collect(),
            lower: column(|arc| arc.lower),
            room: column(|arc| arc.upper - arc.lower),
            supply: problem.supply.clone(),
            tree: Tree::star(nodes),
            rest: vec![0; nodes + 1],
            penalty: penalty(problem.longest(hub))?,
            hub: hub as usize,
            cursor: 0,
            block: block(problem.arcs.len()),
            stale: true,
            pivots: 0,
        };
        for arc in problem.arcs.iter().filter(|arc| arc.lower != 0) {
            simplex.supply[arc.tail as usize] -= arc.lower;
            simplex.supply[arc.head as usize] += arc.lower;
        }
        simplex.plant(start);
        Ok(simplex)
    }

    /// Starts from a tree of the caller's.
    fn plant(&mut self, start: &[u32]) {
        for (node, arc) in start.iter().enumerate().take(self.supply.len()) {
            let at = *arc as usize;
            if at >= self.tail.len() || self.state[at] == STILL {
                continue;
            }
            let (tail, head) = (self.tail[at] as usize, self.head[at] as usize);
            if tail == head || (tail != node && head != node) {
                continue;
            }
            self.state[at] = STILL;
            let place = &mut self.tree.places[node];
            (place.up, place.arc, place.cap) = (tail == node, *arc, self.room[at]);
            place.parent = if tail == node { head } else { tail } as u32;
        }
        let planted: Vec<_> = self.tree.places.iter().map(|place| place.arc).collect();
        self.tree.reconnect();
        for (place, arc) in self.tree.places.iter().zip(planted) {
            if place.arc == ARTIFICIAL && arc != ARTIFICIAL {
                self.state[arc as usize] = resting(self.room[arc as usize]);
            }
        }
    }

    /// How many nodes.
    #[must_use]
    pub const fn nodes(&self) -> usize {
        self.supply.len()
    }

    /// How many arcs.
    #[must_use]
    pub const fn arcs(&self) -> usize {
        self.cost.len()
    }

    /// Steps since it was taken up.
    #[must_use]
    pub const fn pivots(&self) -> u64 {
        self.pivots
    }

    /// The node under an arc of the tree.
    fn under(&self, arc: usize) -> Option<usize> {
        let ends = [self.tail[arc] as usize, self.head[arc] as usize];
        ends.into_iter().find(|node| self.tree.places[*node].arc as usize == arc)
    }

    /// What an arc carries in the last optimum.
    #[must_use]
    pub fn flow(&self, arc: usize) -> i64 {
        let above = match self.state[arc] {
            LOW => 0,
            HIGH => self.room[arc],
            _ => self.under(arc).map_or(0, |node| self.tree.places[node].flow),
        };
        self.lower[arc] + above
    }

    /// Price of one more unit at a node in the last optimum, seen from the hub: what it would
    /// cost to take one unit from the hub to this node.
    #[must_use]
    pub fn potential(&self, node: u32) -> i64 {
        self.tree.potential[node as usize] - self.tree.potential[self.hub]
    }

    /// Price of carrying one more by this arc in the last optimum, all consequences counted.
    #[must_use]
    pub fn reduced_cost(&self, arc: usize) -> i64 {
        self.cost[arc] + self.tree.potential[self.tail[arc] as usize]
            - self.tree.potential[self.head[arc] as usize]
    }

    /// Price of everything that flows in the last optimum.
    #[must_use]
    pub fn objective(&self) -> i128 {
        let mut sum = 0;
        for arc in 0..self.cost.len() {
            match (self.state[arc], self.lower[arc]) {
                (LOW, 0) => {}
                (LOW, lower) => sum += i128::from(lower) * i128::from(self.cost[arc]),
                (HIGH, lower) => {
                    sum += i128::from(lower + self.room[arc]) * i128::from(self.cost[arc]);
                }
                (_, lower) => sum += i128::from(lower) * i128::from(self.cost[arc]),
            }
        }
        for place in &self.tree.places[..self.supply.len()] {
            if place.arc != ARTIFICIAL {
                sum += i128::from(place.flow) * i128::from(self.cost[place.arc as usize]);
            }
        }
        sum
    }

    /// Changes a price.
    ///
    /// # Errors
    /// [`Refused::Price`] if it cannot be summed safely.
    pub fn set_cost(&mut self, arc: usize, cost: i64) -> Result<(), Refused> {
        if self.cost[arc] != cost {
            let old = std::mem::replace(&mut self.cost[arc], cost);
            self.stale = true;
            // Good enough until many changes have summed up: then it is found anew.
            let more = 2 * (i128::from(cost).abs() - i128::from(old).abs()).max(0);
            self.penalty = match penalty(i128::from(self.penalty) + more) {
                Ok(penalty) => penalty,
                Err(_) => self.dearest()?,
            };
        }
        Ok(())
    }

    fn dearest(&self) -> Result<i64, Refused> {
        let ends = self.tail.iter().zip(&self.head).zip(&self.cost);
        let prices = ends.map(|((tail, head), cost)| (*tail, *head, *cost));
        penalty(longest(self.supply.len(), self.hub as u32, prices))
    }

    /// Changes what an arc must and can carry.
    ///
    /// # Errors
    /// [`Refused`] if the bounds are not in order.
    pub fn set_bounds(&mut self, arc: usize, lower: i64, upper: i64) -> Result<(), Refused> {
        let room = upper.saturating_sub(lower);
        if self.lower[arc] == lower && self.room[arc] == room {
            return Ok(());
        }
        bounds(arc, lower, upper)?;
        let more = lower - self.lower[arc];
        self.supply[self.tail[arc] as usize] -= more;
        self.supply[self.head[arc] as usize] += more;
        (self.lower[arc], self.room[arc]) = (lower, room);
        match self.under(arc) {
            Some(node) => self.tree.places[node].cap = room,
            None if self.state[arc] == HIGH && room > 0 => {}
            None => self.state[arc] = resting(room),
        }
        self.stale = true;
        Ok(())
    }

    /// Lets nothing flow through an arc.
    ///
    /// # Errors
    /// [`Refused`] if there is no such arc's bounds; never for an arc of the problem.
    pub fn close(&mut self, arc: usize) -> Result<(), Refused> {
        self.set_bounds(arc, 0, 0)
    }

    /// What an arc must and can carry.
    #[must_use]
    pub fn bounds(&self, arc: usize) -> (i64, i64) {
        (self.lower[arc], self.lower[arc] + self.room[arc])
    }

    /// Changes what a node has or needs by so much.
    ///
    /// # Errors
    /// [`Refused::Quantity`] if it cannot be summed safely.
    pub fn add_supply(&mut self, node: u32, more: i64) -> Result<(), Refused> {
        if more != 0 {
            quantity(more)?;
            self.supply[node as usize] += more;
            self.stale = true;
        }
        Ok(())
    }

    /// Finds the optimum, from the last tree.
    ///
    /// # Errors
    /// [`Failure::Infeasible`] with a cut that proves it; [`Failure::Unbounded`]; or
    /// [`Refused::Unbalanced`].
    pub fn solve(&mut self) -> Result<(), Failure> {
        if self.stale {
            self.lay()?;
            self.stale = false;
        }
        while let Some(arc) = self.entering() {
            self.pivot(arc)?;
        }
        let short = |node: &usize| {
            let place = &self.tree.places[*node];
            place.arc == ARTIFICIAL && place.flow > 0 && *node != self.hub
        };
        if (0..self.supply.len()).any(|node| short(&node)) {
            return Err(Failure::Infeasible(self.cut()));
        }
        Ok(())
    }

    /// The best arc of the first block that has a good one, from where the last search ended.
    fn entering(&mut self) -> Option<usize> {
        let arcs = self.cost.len();
        let potential = &self.tree.potential[..];
        let (mut start, mut looked) = (self.cursor, 0);
        while looked < arcs {
            let end = (start + self.block).min(arcs);
            let columns = self.state[start..end]
                .iter()
                .zip(&self.cost[start..end])
                .zip(self.tail[start..end].iter().zip(&self.head[start..end]));
            let (mut best, mut found) = (0, None);
            for (at, ((state, cost), (tail, head))) in columns.enumerate() {
                let gain = i64::from(*state)
                    * (cost + potential[*tail as usize] - potential[*head as usize]);
                if gain < best {
                    (best, found) = (gain, Some(at));
                }
            }
            looked += end - start;
            let from = start;
            start = if end == arcs { 0 } else { end };
            if let Some(at) = found {
                self.cursor = start;
                return Some(from + at);
            }
        }
        None
    }

    fn pivot(&mut self, arc: usize) -> Result<(), Failure> {
        self.pivots += 1;
        let (tail, head) = (self.tail[arc] as usize, self.head[arc] as usize);
        let forward = self.state[arc] == LOW;
        let (first, second) = if forward { (tail, head) } else { (head, tail) };
        let leaving = self.leaving(first, second, self.room[arc]);
        let delta = leaving.delta;
        if delta >= UNLIMITED / 2 {
            return Err(Failure::Unbounded(arc));
        }
        if delta > 0 {
            self.push(first, second, leaving.join, delta);
        }
        let Some(out) = leaving.out else {
            self.state[arc] = -self.state[arc];
            return Ok(());
        };
        let flow = if forward { delta } else { self.room[arc] - delta };
        let reduced = self.reduced_cost(arc);
        let gone = self.tree.places[out];
        if gone.arc != ARTIFICIAL {
            self.state[gone.arc as usize] = match (gone.flow, gone.cap) {
                (_, 0) => STILL,
                (0, _) => LOW,
                _ => HIGH,
            };
        }
        self.state[arc] = STILL;
        let (inner, outer) = if leaving.down { (first, second) } else { (second, first) };
        let up = inner == tail;
        let shift = if up { -reduced } else { reduced };
        self.tree.rehang(out, inner, outer, (arc as u32, up, flow, self.room[arc]), shift);
        Ok(())
    }

    /// Follows the cycle that an entering arc closes: up from both ends to where they meet.
    fn leaving(&self, first: usize, second: usize, room: i64) -> Leaving {
        let places = &self.tree.places[..];
        let (mut a, mut b) = (first, second);
        // On the way down to the entering arc the last to block is the lowest; after it, the
        // highest. The entering arc itself lies between.
        let (mut low, mut low_at, mut high, mut high_at) = (i64::MAX, None, i64::MAX, None);
        while a != b {
            if places[a].depth >= places[b].depth {
                let place = &places[a];
                let left = if place.up { place.flow } else { place.cap - place.flow };
                if left < low {
                    (low, low_at) = (left, Some(a));
                }
                a = place.parent as usize;
            } else {
                let place = &places[b];
                let left = if place.up { place.cap - place.flow } else { place.flow };
                if left <= high {
                    (high, high_at) = (left, Some(b));
                }
                b = place.parent as usize;
            }
        }
        let join = a;
        if high <= room && high <= low {
            return Leaving { out: high_at, down: false, delta: high, join };
        }
        if low < room {
            return Leaving { out: low_at, down: true, delta: low, join };
        }
        Leaving { out: None, down: false, delta: room, join }
    }

    fn push(&mut self, first: usize, second: usize, join: usize, delta: i64) {
        let places = &mut self.tree.places[..];
        let mut at = first;
        while at != join {
            let place = &mut places[at];
            place.flow += if place.up { -delta } else { delta };
            at = place.parent as usize;
        }
        at = second;
        while at != join {
            let place = &mut places[at];
            place.flow += if place.up { delta } else { -delta };
            at = place.parent as usize;
        }
    }
}

const fn resting(room: i64) -> i8 {
    if room == 0 { STILL } else { LOW }
}

/// Arcs looked at before the best of them is taken: about the root of their number, and enough to
/// be worth a start.
fn block(arcs: usize) -> usize {
    arcs.isqrt().max(32)
}
