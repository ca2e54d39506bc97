//! Why a proposal is made: the same question once more without it, and what then is different.

use samband_domain::blood::model::Group;

use super::grid::Meaning;
use super::planner::{PlanError, Planner};
use super::problem::{Failure, Refused};
use super::report::{Binding, Reason, Why, Without};
use super::shape::GROUPS;
use super::tally::Tally;

/// A small change to the network, made to see what it is worth.
#[derive(Clone, Copy)]
enum Change {
    /// One unit fewer at a node.
    Fewer(u32),
    /// One unit fewer in a minimum.
    Minimum(usize),
    /// Room for one more on an arc.
    Room(usize),
}

impl Planner {
    /// What the last unit is worth at both ends, and what binds.
    pub(super) fn worths(
        &mut self,
        at: usize,
        group: usize,
        arcs: &[usize],
    ) -> Result<Why, PlanError> {
        let leg = self.grid.shape.legs[at];
        let most = arcs.iter().copied().max_by_key(|arc| (self.simplex.flow(*arc), *arc));
        let Some((most, Meaning::Send { class, .. })) =
            most.map(|arc| (arc, self.grid.meaning[arc]))
        else {
            return Ok(Why::default());
        };
        let place = |site: u32, day: u8| {
            let shape = &self.grid.shape;
            self.grid.stock[shape.stock(site as usize, group, class.into(), day.into())]
        };
        let ends = [place(leg.from, leg.departs), place(leg.to, leg.arrives)];
        let mut binding = Vec::new();
        let mut room = self.grid.per_unit(self.worth[at]);
        if room == 0 && self.simplex.flow(most) == leg.capacity {
            room = -self.worth_of(Change::Room(most))?;
        }
        if room > 0 {
            binding.push(Binding::LegFull { leg: self.question.legs[at].id.clone(), worth: room });
        }
        for day in usize::from(leg.departs)..self.grid.shape.days {
            let cell = self.grid.shape.need(leg.from as usize, group, day);
            let arc = self.grid.reserve[cell] as usize;
            let (kept, _) = self.simplex.bounds(arc);
            if kept > 0 && self.simplex.flow(arc) == kept {
                let worth = -self.worth_of(Change::Minimum(arc))?;
                if worth > 0 {
                    binding.push(Binding::SenderMinimum { day: self.day(day), worth });
                }
            }
        }
        let worth_here = self.worth_of(Change::Fewer(ends[0]))?;
        let worth_there = self.worth_of(Change::Fewer(ends[1]))?;
        Ok(Why { worth_here, worth_there, binding, ..Why::default() })
    }

    /// What a change costs, in öre; it is taken back.
    fn worth_of(&mut self, change: Change) -> Result<i64, Failure> {
        let before = self.grid.money(self.simplex.objective());
        self.change(change, 1)?;
        let after = match self.simplex.solve() {
            Ok(()) => self.grid.money(self.simplex.objective()),
            // Nothing fits any more: there is no price for it.
            Err(Failure::Infeasible(_)) => before,
            Err(other) => return Err(other),
        };
        self.change(change, -1)?;
        self.simplex.solve()?;
        Ok(after - before)
    }

    fn change(&mut self, change: Change, by: i64) -> Result<(), Refused> {
        match change {
            Change::Fewer(node) => {
                self.simplex.add_supply(node, -by)?;
                self.simplex.add_supply(0, by)
            }
            Change::Minimum(arc) => {
                let (kept, most) = self.simplex.bounds(arc);
                self.simplex.set_bounds(arc, kept - by, most)
            }
            Change::Room(arc) => {
                let (least, most) = self.simplex.bounds(arc);
                self.simplex.set_bounds(arc, least, most + by)
            }
        }
    }

    /// Plans without these arcs, says what then is different, and opens them again.
    pub(super) fn compare(&mut self, best: &Tally, arcs: &[usize]) -> Result<Without, PlanError> {
        let was: Vec<bool> = arcs.iter().map(|arc| self.open[*arc]).collect();
        for arc in arcs {
            self.open[*arc] = false;
        }
        self.fit()?;
        let other = Tally::of(&self.grid, &self.simplex, &self.figures);
        for (arc, open) in arcs.iter().zip(was) {
            self.open[*arc] = open;
        }
        // Departures that were full before may be filled less well without this one.
        let without = Without {
            cost: other.cost(),
            saves: other.cost() - best.cost(),
            avoids: self.reasons(&other, best),
            price: self.reasons(best, &other),
        };
        self.reopen()?;
        Ok(without)
    }

    /// Everything of which there is more in one plan than in another, the dearest first.
    fn reasons(&self, more: &Tally, less: &Tally) -> Vec<Reason> {
        let (shape, costs) = (&self.grid.shape, self.grid.shape.costs);
        let mut reasons = Vec::new();
        for site in 0..shape.sites {
            let id = &self.question.sites[site].id;
            for at in 0..GROUPS {
                let group = Group::ALL[at];
                for day in 0..shape.days {
                    let cell = shape.need(site, at, day);
                    let units = more.lacks[cell] - less.lacks[cell];
                    if units > 0 {
                        let cost = units * shape.shortage_at(site);
                        let (site, day) = (id.clone(), self.day(day));
                        reasons.push(Reason::Shortage { site, group, day, units, cost });
                    }
                    let units = more.below[cell] - less.below[cell];
                    if units > 0 {
                        let cost = units * costs.below_minimum;
                        let (site, day) = (id.clone(), self.day(day));
                        reasons.push(Reason::BelowMinimum { site, group, day, units, cost });
                    }
                }
                for class in 0..=shape.days {
                    let place = shape.shelf(site, at) * (shape.days + 1) + class;
                    let units = more.expires[place] - less.expires[place];
                    if units > 0 {
                        let day = (class < shape.days).then(|| self.day(class));
                        let (site, cost) = (id.clone(), units * costs.expiry);
                        reasons.push(Reason::ExpiresUnused { site, group, day, units, cost });
                    }
                }
            }
        }
        let places = more.places - less.places;
        if places > 0 {
            reasons.push(Reason::Substitution { places, cost: places * costs.substitution });
        }
        let cost = more.transport - less.transport;
        if cost > 0 {
            reasons.push(Reason::Transport { units: more.sent - less.sent, cost });
        }
        let units = more.nights - less.nights;
        if units > 0 {
            reasons.push(Reason::Holding { units, cost: units * costs.holding });
        }
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.cost()));
        reasons
    }
}
