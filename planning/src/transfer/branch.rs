//! Full departures, proved: branch and bound over what single groups and ages send.
//!
//! Where prices on room leave a gap between the best plan found and the bound, some group of some
//! age is sent in one amount just above the price and in another just below it. The question is
//! then split in two, no more than the lesser and at least one more, each with its own prices; a
//! half whose bound is no better than the best plan is done with.

use super::planner::Planner;
use super::problem::{Failure, Refused};

/// Most halves that are looked at before the gap is left as it is, and told.
const BRANCHES: usize = 300;

/// A part of all plans: what some arcs may send.
struct Part {
    bounds: Vec<(usize, i64, i64)>,
    bound: i128,
}

/// An arc, the least it may send, an amount to split at, and the most.
type Split = (usize, i64, i64, i64);

/// The cheapest plan so far: its price, and what every arc of every departure sends.
struct Best {
    price: i128,
    sends: Vec<Vec<i64>>,
}

impl Planner {
    /// Goes on from a plan that fits and a bound until they meet. `worth` is what room is worth;
    /// it stays known for the reasons.
    pub(super) fn prove(&mut self, bound: i128, worth: &[i64]) -> Result<i128, Failure> {
        let sends = (0..self.worth.len()).map(|leg| self.flows(leg)).collect();
        let mut best = Best { price: self.simplex.objective(), sends };
        let mut parts = vec![Part { bounds: Vec::new(), bound }];
        // Parts that no arc could split.
        let mut stuck = i128::MAX;
        for (leg, worth) in worth.iter().enumerate() {
            self.set_worth(leg, *worth)?;
        }
        for _ in 0..BRANCHES {
            parts.retain(|part| !self.done(part.bound, best.price));
            let Some(at) = (0..parts.len()).min_by_key(|at| (parts[*at].bound, *at)) else { break };
            let part = parts.swap_remove(at);
            let Some((bound, on)) = self.look_at(&part, &mut best)? else { continue };
            let bound = bound.max(part.bound);
            if self.done(bound, best.price) {
                continue;
            }
            let Some((arc, least, split, most)) = on else {
                stuck = stuck.min(bound);
                continue;
            };
            for (lower, upper) in [(least, split), (split + 1, most)] {
                let mut bounds = part.bounds.clone();
                bounds.push((arc, lower, upper));
                parts.push(Part { bounds, bound });
            }
        }
        let open = parts.iter().map(|part| part.bound).min().unwrap_or(i128::MAX);
        self.settle_on(&best)?;
        self.worth.copy_from_slice(worth);
        Ok(open.min(stuck).min(best.price))
    }

    /// Whether nothing cheaper, by an öre or more, can lie above a bound.
    fn done(&self, bound: i128, price: i128) -> bool {
        self.grid.money(bound) >= self.grid.money(price)
    }

    /// Lays the plan itself, at the plain prices.
    fn settle_on(&mut self, best: &Best) -> Result<(), Failure> {
        self.reopen()?;
        for (leg, sends) in best.sends.iter().enumerate() {
            for (at, most) in sends.iter().enumerate() {
                let arc = self.grid.sends[leg][at] as usize;
                self.simplex.set_bounds(arc, 0, *most)?;
            }
        }
        self.simplex.solve()
    }

    /// Bounds a part, keeps a plan of it that fits if it is the best so far, and says on which arc
    /// to split it: its bounds and the amount in between. None if nothing in it fits.
    fn look_at(
        &mut self,
        part: &Part,
        best: &mut Best,
    ) -> Result<Option<(i128, Option<Split>)>, Failure> {
        if !self.bind(part)? {
            return Ok(None);
        }
        match self.simplex.solve() {
            Ok(()) => {}
            Err(Failure::Infeasible(_)) => return Ok(None),
            Err(other) => return Err(other),
        }
        let bound = self.price_room()?;
        let under: Vec<_> = (0..self.worth.len()).map(|leg| self.flows(leg)).collect();
        if self.overfull().is_empty() {
            let loads = under.iter().map(|flows| i128::from(flows.iter().sum::<i64>()));
            let paid: i128 =
                self.worth.iter().zip(loads).map(|(worth, load)| i128::from(*worth) * load).sum();
            let price = self.simplex.objective() - paid;
            if price < best.price {
                *best = Best { price, sends: under.clone() };
            }
        }
        let on = self.where_to_split(&under)?;
        Ok(Some((bound, on)))
    }

    /// The arc whose amounts just above and just below the price are widest apart; if they are
    /// the same on all, the widest arc of a departure that has a price.
    fn where_to_split(&mut self, under: &[Vec<i64>]) -> Result<Option<Split>, Failure> {
        let (mut on, mut widest) = (None, (0, 0));
        for (leg, over) in self.just_over()? {
            for (at, (over, under)) in over.iter().zip(&under[leg]).enumerate() {
                let arc = self.grid.sends[leg][at] as usize;
                let (least, most) = self.simplex.bounds(arc);
                let wide = ((over - under).abs(), most - least);
                if wide > widest {
                    let lesser = *over.min(under);
                    widest = wide;
                    on = Some((arc, least, lesser.min(most - 1), most));
                }
            }
        }
        Ok(on)
    }

    /// Sets a part's bounds; says whether departures can hold what it demands.
    fn bind(&mut self, part: &Part) -> Result<bool, Refused> {
        self.unbind()?;
        for (arc, lower, upper) in &part.bounds {
            self.simplex.set_bounds(*arc, *lower, *upper)?;
        }
        let demanded = |arcs: &[u32]| -> i64 {
            arcs.iter().map(|arc| self.simplex.bounds(*arc as usize).0).sum()
        };
        let legs = self.grid.sends.iter().zip(&self.grid.shape.legs);
        Ok(legs.into_iter().all(|(arcs, leg)| demanded(arcs) <= leg.capacity))
    }
}
