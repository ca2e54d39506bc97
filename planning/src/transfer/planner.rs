//! From a named question to a plan, and on to the next when something is closed.

use samband_domain::words::Day;

use super::document::TransferError;
use super::grid::{Grid, Meaning};
use super::model::{Closed, Question};
use super::problem::Failure;
use super::report::{Ages, Life, Means, OfGroup, Plan, Proposal, Why, Without};
use super::shape::{Figures, Fits, Leg, Shape};
use super::simplex::Simplex;
use super::tally::Tally;

/// A question with its network, which goes on from its last plan.
#[derive(Clone, Debug)]
pub struct Planner {
    pub(super) question: Question,
    pub(super) grid: Grid,
    pub(super) simplex: Simplex,
    pub(super) figures: Figures,
    /// What room on each leg is worth, in the network's money; zero where it is not full.
    pub(super) worth: Vec<i64>,
    /// Whether an arc may send anything.
    pub(super) open: Vec<bool>,
    alone: Tally,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The question is not in order.
    #[error(transparent)]
    Question(#[from] TransferError),
    /// The figures are beyond what can be solved safely.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<super::problem::Refused> for PlanError {
    fn from(refused: super::problem::Refused) -> Self {
        Self::Failure(refused.into())
    }
}

impl Planner {
    /// Takes a question up: reckons what every site does alone, and holds nobody's minimum lower
    /// than that leaves it.
    ///
    /// # Errors
    /// [`PlanError`] if its figures are too large.
    pub fn new(question: Question) -> Result<Self, PlanError> {
        let shape = shape(&question);
        let figures = figures(&question, &shape);
        let grid = Grid::new(shape)?;
        let mut problem = grid.with(&figures)?;
        for arc in grid.sends.iter().flatten() {
            problem.arcs[*arc as usize].upper = 0;
        }
        let mut simplex = Simplex::new(&problem, 0, &grid.start)?;
        simplex.solve()?;
        let alone = Tally::of(&grid, &simplex, &figures);
        for (cell, arc) in grid.reserve.iter().enumerate() {
            let arc = *arc as usize;
            let (kept, most) = (simplex.flow(arc), figures.minimum[cell / grid.shape.days]);
            simplex.set_bounds(arc, kept, most)?;
        }
        let open = vec![true; simplex.arcs()];
        let worth = vec![0; grid.sends.len()];
        let mut planner = Self { question, grid, simplex, figures, worth, open, alone };
        for closed in planner.question.closed.clone() {
            planner.shut(&closed);
        }
        planner.reopen()?;
        Ok(planner)
    }

    /// The question as it stands, with everything closed since.
    #[must_use]
    pub const fn question(&self) -> &Question {
        &self.question
    }

    /// Closes what was refused and plans anew.
    ///
    /// # Errors
    /// [`PlanError::Question`] if it names a site or departure that is not there.
    pub fn close(&mut self, closed: Closed) -> Result<Plan, PlanError> {
        self.question.check_closed(&closed, "closed")?;
        self.shut(&closed);
        self.question.closed.push(closed);
        self.plan()
    }

    fn shut(&mut self, closed: &Closed) {
        for (leg, arcs) in self.question.legs.iter().zip(&self.grid.sends) {
            let sites = &self.question.sites;
            let meant = sites[leg.from].id == closed.from
                && sites[leg.to].id == closed.to
                && closed.leg.as_ref().is_none_or(|id| *id == leg.id);
            for arc in arcs.iter().map(|arc| *arc as usize).filter(|_| meant) {
                let group = match self.grid.meaning[arc] {
                    Meaning::Send { group, .. } => usize::from(group),
                    _ => continue,
                };
                if closed.group.is_none_or(|one| one.index() == group) {
                    self.open[arc] = false;
                }
            }
        }
    }

    /// Finds the best plan and the reasons for it.
    ///
    /// # Errors
    /// [`PlanError`] never, for a question that was taken up.
    pub fn plan(&mut self) -> Result<Plan, PlanError> {
        let bound = self.fit()?;
        let tally = Tally::of(&self.grid, &self.simplex, &self.figures);
        let constant = tally.cost() - self.grid.money(self.simplex.objective());
        let mut proposals = Vec::new();
        let mut arcs_of = Vec::new();
        for (leg, arcs) in self.grid.sends.iter().enumerate() {
            for group in 0..super::shape::GROUPS {
                let of_group: Vec<_> = arcs
                    .iter()
                    .map(|arc| *arc as usize)
                    .filter(|arc| self.group_of(*arc) == Some(group))
                    .collect();
                if of_group.iter().any(|arc| self.simplex.flow(*arc) > 0) {
                    proposals.push(self.proposal(leg, group, &of_group));
                    arcs_of.push((leg, group, of_group));
                }
            }
        }
        for (proposal, (leg, group, arcs)) in proposals.iter_mut().zip(&arcs_of) {
            proposal.why = self.worths(*leg, *group, arcs)?;
        }
        for (proposal, (_, _, arcs)) in proposals.iter_mut().zip(&arcs_of) {
            let Without { cost, saves, avoids, price } = self.compare(&tally, arcs)?;
            proposal.why = Why { next_best: cost, saves, avoids, price, ..proposal.why.clone() };
        }
        let groups = self.groups(&tally, &proposals)?;
        let order = |one: &Proposal| (one.departs, one.departs_at.clone(), one.leg.clone());
        proposals.sort_by_key(|one| (order(one), one.group.index()));
        let beyond = |leg: &&super::model::NamedLeg| {
            leg.arrives.day.days_since(self.question.first) >= self.question.days as i64
        };
        Ok(Plan {
            component: self.question.component,
            first_day: self.question.first,
            days: self.question.days,
            cost: tally.cost(),
            cost_alone: self.alone.cost(),
            bound: (self.grid.money(bound) + constant).min(tally.cost()),
            outcome: tally.outcome(&self.grid),
            alone: self.alone.outcome(&self.grid),
            proposals,
            groups,
            beyond: self.question.legs.iter().filter(beyond).map(|leg| leg.id.clone()).collect(),
            closed: self.question.closed.clone(),
        })
    }

    /// What the moves of each group do together: many a departure can be exchanged for another,
    /// and says little alone.
    fn groups(&mut self, best: &Tally, all: &[Proposal]) -> Result<Vec<OfGroup>, PlanError> {
        let mut groups = Vec::new();
        for group in samband_domain::blood::model::Group::ALL {
            let sent = all.iter().filter(|one| one.group == group);
            let units: i64 = sent.map(|one| one.count).sum();
            if units == 0 {
                continue;
            }
            let arcs = self.grid.sends.iter().flatten().map(|arc| *arc as usize);
            let arcs: Vec<_> =
                arcs.filter(|arc| self.group_of(*arc) == Some(group.index())).collect();
            groups.push(OfGroup { group, units, without: self.compare(best, &arcs)? });
        }
        Ok(groups)
    }

    fn group_of(&self, arc: usize) -> Option<usize> {
        match self.grid.meaning[arc] {
            Meaning::Send { group, .. } => Some(usize::from(group)),
            _ => None,
        }
    }

    fn proposal(&self, at: usize, group: usize, arcs: &[usize]) -> Proposal {
        let leg = &self.question.legs[at];
        let (from, to) = (&self.question.sites[leg.from], &self.question.sites[leg.to]);
        let mut units = Vec::new();
        for arc in arcs {
            if let Meaning::Send { class, .. } = self.grid.meaning[*arc] {
                let ages = Ages { units: self.simplex.flow(*arc), life: self.life(class.into()) };
                units.push(ages);
            }
        }
        units.retain(|ages| ages.units > 0);
        let count = units.iter().map(|ages| ages.units).sum();
        let telephone = from.external || to.external;
        Proposal {
            leg: leg.id.clone(),
            from_region: from.region.clone(),
            from: from.id.clone(),
            to_region: to.region.clone(),
            to: to.id.clone(),
            departs: leg.departs.day,
            departs_at: leg.departs.clock.clone(),
            arrives: leg.arrives.day,
            arrives_at: leg.arrives.clock.clone(),
            group: samband_domain::blood::model::Group::ALL[group],
            units,
            count,
            means: if telephone { Means::Telephone } else { Means::Shipment },
            transport: count * leg.price(),
            why: Why::default(),
        }
    }

    fn life(&self, class: usize) -> Life {
        if class == self.grid.shape.soon() {
            Life::Soon
        } else if class == self.grid.shape.later() {
            Life::Long
        } else {
            Life::Until(self.day(class))
        }
    }

    /// A day of the horizon.
    pub(super) fn day(&self, day: usize) -> Day {
        self.question.first.plus_days(u32::try_from(day).unwrap_or(u32::MAX))
    }
}

/// The question in plain numbers.
fn shape(question: &Question) -> Shape {
    let day = |day: Day| {
        let days = day.days_since(question.first).clamp(0, i64::from(u8::MAX));
        u8::try_from(days).unwrap_or(u8::MAX)
    };
    let leg = |leg: &super::model::NamedLeg| Leg {
        from: leg.from as u32,
        to: leg.to as u32,
        departs: day(leg.departs.day),
        arrives: day(leg.arrives.day),
        price: leg.price(),
        capacity: leg.capacity,
    };
    let shortage = |site: &super::model::Site| site.shortage.unwrap_or(question.costs.shortage);
    Shape {
        sites: question.sites.len(),
        days: question.days,
        fits: Fits::of(question.component),
        legs: question.legs.iter().map(leg).collect(),
        costs: question.costs,
        shortage: question.sites.iter().map(shortage).collect(),
        stable: true,
    }
}

fn figures(question: &Question, shape: &Shape) -> Figures {
    let mut figures = shape.nothing();
    for batch in &question.batches {
        let left = batch.expires.days_since(question.first);
        let class = match usize::try_from(left) {
            Ok(class) if class < shape.days => class,
            _ if left < shape.days as i64 + question.soon_days => shape.soon(),
            _ => shape.later(),
        };
        let day = usize::try_from(batch.day.days_since(question.first)).unwrap_or(0);
        figures.has[shape.stock(batch.site, batch.group.index(), class, day)] += batch.units;
    }
    for (site, group, units) in &question.demand {
        for (day, units) in units.iter().enumerate() {
            figures.wants[shape.need(*site, group.index(), day)] += units;
        }
        let whole: i64 = units.iter().sum();
        let soon = whole * question.soon_days / shape.days as i64;
        figures.soon_use[shape.shelf(*site, group.index())] += soon;
    }
    for (site, group, units) in &question.minimum {
        figures.minimum[shape.shelf(*site, group.index())] = *units;
    }
    figures
}
