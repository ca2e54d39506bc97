//! The same question asked day after day: nothing is allocated between two answers.

use super::grid::{Grid, Meaning};
use super::problem::{Failure, Problem, Refused};
use super::shape::{Figures, Shape};
use super::simplex::Simplex;

/// Units of one class sent by one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// Which leg of [`Shape::legs`].
    pub leg: u32,
    /// Place of the group in [`Group::ALL`].
    ///
    /// [`Group::ALL`]: samband_domain::blood::model::Group::ALL
    pub group: u8,
    /// Class of [`Shape`].
    pub class: u8,
    /// How many.
    pub units: i64,
}

/// A network that is laid once and asked many times. A leg's capacity holds for each group and age
/// by itself here; only [`Planner`](super::Planner) shares it among them.
///
/// ```
/// use samband_planning::transfer::{Costs, Daily, Fits, Leg, Shape};
/// use samband_domain::blood::model::Component;
///
/// let costs = Costs {
///     shortage: 500_000, expiry: 150_000, below_minimum: 40_000, substitution: 2_000, holding: 50,
/// };
/// let leg = Leg { from: 0, to: 1, departs: 0, arrives: 0, price: 3_000, capacity: 40 };
/// let fits = Fits::of(Component::RedCells);
/// let shape = Shape {
///     sites: 2, days: 3, fits, legs: vec![leg], costs, shortage: vec![], stable: false,
/// };
/// let (has, wants) = (shape.stock(0, 0, shape.later(), 0), shape.need(1, 0, 0));
/// let mut daily = Daily::new(shape)?;
/// daily.figures().has[has] = 10;
/// daily.figures().wants[wants] = 3;
/// let moves = daily.plan()?;
/// assert_eq!((moves.len(), moves[0].units), (1, 3));
/// # Ok::<(), samband_planning::transfer::Failure>(())
/// ```
#[derive(Clone, Debug)]
pub struct Daily {
    grid: Grid,
    simplex: Simplex,
    now: Figures,
    then: Figures,
    shifts: Vec<Shift>,
    least: Vec<i64>,
    alone: bool,
}

impl Daily {
    /// Lays the network.
    ///
    /// # Errors
    /// [`Refused`] if prices cannot be summed, or a leg names no site or no day.
    pub fn new(shape: Shape) -> Result<Self, Refused> {
        let now = shape.nothing();
        let grid = Grid::new(shape)?;
        let simplex = Simplex::new(&grid.with(&now)?, 0, &grid.start)?;
        let least = vec![0; grid.reserve.len()];
        Ok(Self { grid, simplex, then: now.clone(), now, shifts: Vec::new(), least, alone: true })
    }

    /// What does not change.
    #[must_use]
    pub const fn shape(&self) -> &Shape {
        &self.grid.shape
    }

    /// What to fill in before [`Daily::plan`]; it keeps what was there.
    pub const fn figures(&mut self) -> &mut Figures {
        &mut self.now
    }

    /// Whether sites keep their minimum against each other (they do at first). If they do, nothing
    /// that others need takes a site's stock below its minimum, or below what its own patients
    /// leave of it; that takes two searches for each plan.
    pub const fn keep_minimum(&mut self, keep: bool) {
        self.alone = keep;
    }

    /// The best plan for the figures as they stand, in the order of legs.
    ///
    /// # Errors
    /// [`Failure`] if figures are not in order; something is always possible.
    pub fn plan(&mut self) -> Result<&[Shift], Failure> {
        let Self { grid, simplex, now, then, least, .. } = self;
        if self.alone {
            for arc in grid.sends.iter().flatten() {
                simplex.set_bounds(*arc as usize, 0, 0)?;
            }
        }
        grid.fill(simplex, then, now)?;
        then.clone_from(now);
        if self.alone {
            simplex.solve()?;
            for (cell, arc) in grid.reserve.iter().enumerate() {
                least[cell] = simplex.flow(*arc as usize);
            }
            for (cell, arc) in grid.reserve.iter().enumerate() {
                let minimum = now.minimum[cell / grid.shape.days];
                simplex.set_bounds(*arc as usize, least[cell], minimum)?;
            }
            for (leg, arcs) in grid.shape.legs.iter().zip(&grid.sends) {
                for arc in arcs {
                    simplex.set_bounds(*arc as usize, 0, leg.capacity)?;
                }
            }
        }
        simplex.solve()?;
        self.shifts.clear();
        for arc in self.grid.sends.iter().flatten() {
            let units = self.simplex.flow(*arc as usize);
            if units > 0
                && let Meaning::Send { leg, group, class } = self.grid.meaning[*arc as usize]
            {
                self.shifts.push(Shift { leg, group, class, units });
            }
        }
        Ok(&self.shifts)
    }

    /// Forgets the last plan: the next answer does not depend on what was asked before, even where
    /// two plans cost the same. For replications that must not know of each other.
    ///
    /// # Errors
    /// [`Refused`] never, for a network that was laid.
    pub fn forget(&mut self) -> Result<(), Refused> {
        let nothing = self.grid.shape.nothing();
        self.simplex = Simplex::new(&self.grid.with(&nothing)?, 0, &self.grid.start)?;
        self.then = nothing;
        Ok(())
    }

    /// Öre that the last plan costs, weights and transport together.
    #[must_use]
    pub fn cost(&self) -> i64 {
        self.grid.money(self.simplex.objective())
    }

    /// Steps of the search so far, for those who measure.
    #[must_use]
    pub const fn pivots(&self) -> u64 {
        self.simplex.pivots()
    }

    /// The network itself, for those who solve it by other means.
    ///
    /// # Errors
    /// [`Refused`] if figures are not in order.
    pub fn problem(&self) -> Result<(Problem, Vec<u32>), Refused> {
        let mut problem = self.grid.with(&self.now)?;
        if self.alone {
            for (arc, least) in self.grid.reserve.iter().zip(&self.least) {
                problem.arcs[*arc as usize].lower = *least;
            }
        }
        Ok((problem, self.grid.start.clone()))
    }
}
