//! Departures that would be overfull: a price on their room.
//!
//! All groups and ages share a departure's room, which no network can say. So the network is first
//! asked without it. If no departure is overfull, its optimum is the optimum. Otherwise room on
//! the overfull ones gets the least price at which they are not (Lagrange); the price gives a
//! bound below which no plan can come. A plan that fills the room is laid from what is sent just
//! above and just below that price, and bettered by exchanges for as long as one pays. Where plan
//! and bound do not meet, they are brought together by branching (`branch`).

use super::planner::Planner;
use super::problem::{Failure, Refused};

/// How often all overfull departures are priced anew before the rest is cut by hand.
const ROUNDS: usize = 12;

/// How many priced departures are tried in pairs.
const PAIRED: usize = 6;

/// How often all departures are looked over for exchanges that pay.
const EXCHANGES: usize = 40;

/// How many exchanges on one departure are tried each time.
const TRIES: usize = 60;

impl Planner {
    /// Puts prices and bounds back to what the timetable and the closings say.
    pub(super) fn reopen(&mut self) -> Result<(), Refused> {
        self.unprice()?;
        self.unbind()
    }

    fn unprice(&mut self) -> Result<(), Refused> {
        (0..self.grid.sends.len()).try_for_each(|leg| self.set_worth(leg, 0))
    }

    /// Puts bounds back to what the timetable and the closings say.
    pub(super) fn unbind(&mut self) -> Result<(), Refused> {
        for (arcs, leg) in self.grid.sends.iter().zip(&self.grid.shape.legs) {
            for arc in arcs {
                let arc = *arc as usize;
                let upper = if self.open[arc] { leg.capacity } else { 0 };
                self.simplex.set_bounds(arc, 0, upper)?;
            }
        }
        Ok(())
    }

    /// Finds the best plan that overfills no departure. Gives a bound below which none can come.
    pub(super) fn fit(&mut self) -> Result<i128, Failure> {
        self.reopen()?;
        self.simplex.solve()?;
        if self.overfull().is_empty() {
            return Ok(self.simplex.objective());
        }
        let bound = self.price_room()?;
        let priced: Vec<_> = (0..self.worth.len()).map(|leg| self.flows(leg)).collect();
        let just_over = self.just_over()?;
        let worth = self.worth.clone();
        self.unprice()?;
        for (leg, over) in just_over {
            self.limit(leg, &priced[leg], &over)?;
        }
        self.simplex.solve()?;
        // What one departure no longer takes may overfill another that had room before. Each is
        // limited once, so this ends.
        while let Some(leg) = self.overfull().first().copied() {
            let over = self.flows(leg);
            self.limit(leg, &priced[leg], &over)?;
            self.simplex.solve()?;
        }
        self.exchange()?;
        self.prove(bound, &worth)
    }

    /// Prices room on departures until nothing moves: one by one, then two by two and all together,
    /// for what one no longer takes the next one would, öre by öre. Gives the best bound met.
    pub(super) fn price_room(&mut self) -> Result<i128, Failure> {
        let mut bound = self.priced();
        for _ in 0..ROUNDS {
            let before = self.worth.clone();
            for leg in 0..self.worth.len() {
                if self.worth[leg] > 0 || self.excess(&[leg]) > 0 {
                    self.reprice(&[leg])?;
                    bound = bound.max(self.priced());
                }
            }
            let dear: Vec<_> = (0..self.worth.len()).filter(|leg| self.worth[*leg] > 0).collect();
            for (at, one) in dear.iter().enumerate().take(PAIRED) {
                for other in dear[at + 1..].iter().take(PAIRED) {
                    self.reprice(&[*one, *other])?;
                    bound = bound.max(self.priced());
                }
            }
            self.reprice(&dear)?;
            bound = bound.max(self.priced());
            if self.worth == before {
                break;
            }
        }
        Ok(bound)
    }

    /// What each arc of a departure carries.
    pub(super) fn flows(&self, leg: usize) -> Vec<i64> {
        self.grid.sends[leg].iter().map(|arc| self.simplex.flow(*arc as usize)).collect()
    }

    pub(super) fn load(&self, leg: usize) -> i64 {
        self.grid.sends[leg].iter().map(|arc| self.simplex.flow(*arc as usize)).sum()
    }

    pub(super) fn overfull(&self) -> Vec<usize> {
        let over = |leg: &usize| self.load(*leg) > self.grid.shape.legs[*leg].capacity;
        (0..self.grid.sends.len()).filter(over).collect()
    }

    /// The network's price less what is paid for room: no plan can cost less.
    fn priced(&self) -> i128 {
        let room = self.worth.iter().zip(&self.grid.shape.legs);
        let paid: i128 =
            room.map(|(worth, leg)| i128::from(*worth) * i128::from(leg.capacity)).sum();
        self.simplex.objective() - paid
    }

    pub(super) fn set_worth(&mut self, leg: usize, worth: i64) -> Result<(), Refused> {
        for arc in &self.grid.sends[leg] {
            let arc = *arc as usize;
            self.simplex.set_cost(arc, self.grid.problem.arcs[arc].cost + worth)?;
        }
        self.worth[leg] = worth;
        Ok(())
    }

    /// Shifts the prices of some departures together to the least at which they are not overfull
    /// in sum, others' prices as they are; it is sought around what they have. Along such a line
    /// the bound is highest there.
    fn reprice(&mut self, legs: &[usize]) -> Result<(), Failure> {
        let from: Vec<_> = legs.iter().map(|leg| self.worth[*leg]).collect();
        let Some(floor) = from.iter().min().map(|least| -least) else { return Ok(()) };
        let mut step = 1 << self.grid.shift;
        // Too little, and enough: where no unit is worth the price, nothing is sent.
        let (mut low, mut high) = (0, 0);
        if self.overfull_at(legs, &from, 0)? {
            while self.overfull_at(legs, &from, high)? {
                (low, high, step) = (high, high + step, step * 2);
            }
        } else {
            loop {
                if high == floor {
                    low = floor;
                    break;
                }
                low = (high - step).max(floor);
                if self.overfull_at(legs, &from, low)? {
                    break;
                }
                (high, step) = (low, step * 2);
            }
        }
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if self.overfull_at(legs, &from, middle)? {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.overfull_at(legs, &from, high).map(|_| ())
    }

    fn overfull_at(&mut self, legs: &[usize], from: &[i64], by: i64) -> Result<bool, Failure> {
        for (leg, from) in legs.iter().zip(from) {
            self.set_worth(*leg, from + by)?;
        }
        self.simplex.solve()?;
        Ok(self.excess(legs) > 0)
    }

    /// By how much departures are overfull in sum.
    fn excess(&self, legs: &[usize]) -> i64 {
        legs.iter().map(|leg| self.load(*leg) - self.grid.shape.legs[*leg].capacity).sum()
    }

    /// What each priced departure would carry if its room cost a trifle less.
    pub(super) fn just_over(&mut self) -> Result<Vec<(usize, Vec<i64>)>, Failure> {
        let mut all = Vec::new();
        for leg in 0..self.worth.len() {
            let worth = self.worth[leg];
            if worth > 0 {
                self.set_worth(leg, worth - 1)?;
                self.simplex.solve()?;
                all.push((leg, self.flows(leg)));
                self.set_worth(leg, worth)?;
            }
        }
        Ok(all)
    }

    /// Gives room from one group and age to another for as long as that pays.
    fn exchange(&mut self) -> Result<(), Failure> {
        for _ in 0..EXCHANGES {
            let mut better = false;
            for leg in 0..self.worth.len() {
                better |= self.exchange_on(leg)?;
            }
            if !better {
                break;
            }
        }
        Ok(())
    }

    /// Tries the exchanges that prices speak for, the likeliest first.
    fn exchange_on(&mut self, leg: usize) -> Result<bool, Failure> {
        let base = self.simplex.objective();
        let room = self.grid.shape.legs[leg].capacity - self.load(leg);
        let arcs = || self.grid.sends[leg].iter().map(|arc| *arc as usize);
        // What one more on this arc would save at most, and one fewer cost at least.
        let worth = |arc: &usize| (-self.simplex.reduced_cost(*arc)).max(0);
        let mut wants: Vec<_> = arcs()
            .filter(|arc| self.open[*arc] && self.simplex.flow(*arc) == self.simplex.bounds(*arc).1)
            .map(|arc| (worth(&arc), arc))
            .filter(|(worth, _)| *worth > 0)
            .collect();
        let mut gives: Vec<_> = arcs()
            .filter(|arc| self.simplex.flow(*arc) > 0)
            .map(|arc| (worth(&arc), self.simplex.flow(arc), arc))
            .collect();
        wants.sort_by_key(|(worth, arc)| (std::cmp::Reverse(*worth), *arc));
        gives.sort_by_key(|(worth, _, arc)| (*worth, *arc));
        let free = [(0, 0, usize::MAX)];
        let gives = if room > 0 { &free[..] } else { &gives[..] };
        let pairs = wants.iter().flat_map(|want| gives.iter().map(move |give| (want, give)));
        let likely = pairs.filter(|(want, give)| want.1 != give.2 && want.0 > give.0);
        for ((_, want), (_, flow, give)) in likely.take(TRIES) {
            let (_, wanted) = self.simplex.bounds(*want);
            let given = (*flow > 0).then(|| self.simplex.bounds(*give).1);
            self.simplex.set_bounds(*want, 0, wanted + 1)?;
            if given.is_some() {
                self.simplex.set_bounds(*give, 0, flow - 1)?;
            }
            self.simplex.solve()?;
            if self.simplex.objective() < base && self.overfull().is_empty() {
                return Ok(true);
            }
            self.simplex.set_bounds(*want, 0, wanted)?;
            if let Some(given) = given {
                self.simplex.set_bounds(*give, 0, given)?;
            }
        }
        self.simplex.solve()?;
        Ok(false)
    }

    /// Lets a departure carry what it carries when room is paid for, and fills it from what it
    /// carries when room is not.
    fn limit(&mut self, leg: usize, paid: &[i64], unpaid: &[i64]) -> Result<(), Refused> {
        let mut room = self.grid.shape.legs[leg].capacity;
        let mut limits: Vec<_> = paid.iter().map(|flow| take(&mut room, *flow)).collect();
        for (limit, flow) in limits.iter_mut().zip(unpaid) {
            *limit += take(&mut room, (flow - *limit).max(0));
        }
        for (arc, limit) in self.grid.sends[leg].iter().zip(limits) {
            self.simplex.set_bounds(*arc as usize, 0, limit)?;
        }
        Ok(())
    }
}

/// So much of what is wanted as there is.
fn take(room: &mut i64, wanted: i64) -> i64 {
    let taken = wanted.min(*room);
    *room -= taken;
    taken
}

#[cfg(test)]
mod tests;
