//! What could be reached if every ambulance drove once: a relaxation of the rules, solved exactly.
//!
//! Ambulances flow to hospitals, hour by hour of arrival; one side condition says how many of them
//! carry Immediate. A price on Immediate makes it a plain flow, whose optimum bounds every plan;
//! whatever flow it gives, its trips are then shared out between the classes as in closed form.
//! Should plan and bound not meet, a flow is split in two and both halves are solved.

use serde::Serialize;

use super::rules::{Load, RuleSimulation};
use super::survival::{ClassOrder, rounded};
use crate::transfer::{Failure, Problem, Simplex};

/// One survivor.
const ONE: f64 = 1e10;
/// Most halves.
const MOST_PARTS: usize = 2_000;

/// The best that single trips can do.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Relaxation {
    /// Expected survivors of the best plan found.
    pub expected_survivors: f64,
    /// No plan of single trips has more.
    pub bound: f64,
    /// Whether the two are the same, to within what is printed.
    pub proven: bool,
    /// Casualties by hospital in that plan.
    pub loads: Vec<Load>,
    /// One trip each, nearest hospital with room in the hour of arrival: Immediate first.
    pub nearest_immediate_first: f64,
    /// The same, Delayed first.
    pub nearest_delayed_first: f64,
}

/// A way that ambulances can go.
struct Way {
    hospital: usize,
    arrives: i64,
    /// Arcs that carry Immediate and Delayed.
    arcs: [usize; 2],
    /// What either is worth.
    worth: [i64; 2],
}

struct Net {
    simplex: Simplex,
    ways: Vec<Way>,
    /// Immediate and Delayed that stay.
    stay: [usize; 2],
    immediate: i64,
    price: i64,
}

/// Trips by way and class.
type Trips = Vec<[i64; 2]>;

impl Relaxation {
    pub(super) fn of(asked: &RuleSimulation) -> Self {
        let nearest = |order| rounded(nearest(asked, order));
        let mut answer = Self {
            nearest_immediate_first: nearest(ClassOrder::ImmediateFirst),
            nearest_delayed_first: nearest(ClassOrder::DelayedFirst),
            ..Self::default()
        };
        // A network of this form always has a flow: everybody may stay.
        if let Ok((value, bound, trips, ways)) = best(asked) {
            answer.expected_survivors = rounded(value as f64 / ONE);
            answer.bound = rounded(bound as f64 / ONE);
            answer.proven = bound - value <= (ONE * 5e-7) as i64;
            for (at, hospital) in asked.hospitals.iter().enumerate() {
                let here = ways.iter().zip(&trips).filter(|(way, _)| way.hospital == at);
                let casualties: i64 = here.map(|(_, trips)| trips[0] + trips[1]).sum();
                if casualties > 0 {
                    let (hospital, casualties) = (hospital.id.clone(), casualties as usize);
                    answer.loads.push(Load { hospital, casualties });
                }
            }
        }
        answer
    }
}

/// Each in turn takes the next ambulance, to the nearest hospital with room when it arrives.
fn nearest(asked: &RuleSimulation, order: ClassOrder) -> f64 {
    let mut ready: Vec<i64> =
        asked.units.iter().flat_map(|row| std::iter::repeat_n(row.ready, row.count)).collect();
    ready.sort_unstable();
    let mut near: Vec<_> = asked.hospitals.iter().collect();
    near.sort_by_key(|one| (one.minutes, one.id.as_str()));
    let mut begun = std::collections::BTreeMap::new();
    let mut survivors = 0.0;
    for (casualty, ready) in asked.queue(order).zip(ready) {
        for hospital in &near {
            let arrives = ready + asked.load + hospital.minutes;
            let count = begun.entry((hospital.id.as_str(), arrives / 60)).or_insert(0);
            if *count < hospital.per_hour {
                *count += 1;
                survivors += casualty.survival.at(arrives);
                break;
            }
        }
    }
    survivors
}

fn best(asked: &RuleSimulation) -> Result<(i64, i64, Trips, Vec<Way>), Failure> {
    let mut net = Net::lay(asked)?;
    let mut best: Option<(i64, Trips)> = None;
    let (mut open, mut bound) = (vec![Vec::new()], i64::MIN);
    let mut parts = 0;
    while let Some(limits) = open.pop() {
        net.limit(&limits)?;
        let (below, split) = net.part(&mut best)?;
        net.unlimit(&limits)?;
        parts += 1;
        let value = best.as_ref().map_or(i64::MIN, |(value, _)| *value);
        let Some((way, at)) = split.filter(|_| below > value + net.slack() && parts < MOST_PARTS)
        else {
            bound = bound.max(below);
            continue;
        };
        for half in [(way, 0, at), (way, at + 1, i64::MAX)] {
            let mut limits = limits.clone();
            limits.push(half);
            open.push(limits);
        }
    }
    let (value, trips) = best.unwrap_or_default();
    Ok((value, bound.max(value), trips, net.ways))
}

impl Net {
    fn lay(asked: &RuleSimulation) -> Result<Self, Failure> {
        let all = asked.immediate.count + asked.delayed.count;
        let mut problem = Problem::default();
        let source = problem.node(all as i64);
        let sink = problem.node(-(all as i64));
        let worth = |minute: i64| {
            let classes = [&asked.immediate, &asked.delayed];
            classes.map(|class| (class.survival.at(minute) * ONE).round() as i64)
        };
        let mut ways = Vec::new();
        let mut hours = std::collections::BTreeMap::new();
        for row in &asked.units {
            let unit = problem.node(0);
            problem.arc(source, unit, row.count as i64, 0);
            for (hospital, one) in asked.hospitals.iter().enumerate() {
                let arrives = row.ready + asked.load + one.minutes;
                let hour = *hours.entry((hospital, arrives / 60)).or_insert_with(|| {
                    let node = problem.node(0);
                    problem.arc(node, sink, one.per_hour, 0);
                    node
                });
                let worth = worth(arrives);
                let arcs = worth.map(|worth| problem.arc(unit, hour, row.count as i64, -worth));
                ways.push(Way { hospital, arrives, arcs, worth });
            }
        }
        let stay = [0, 1].map(|_| problem.arc(source, sink, all as i64, 0));
        let simplex = Simplex::new(&problem, source, &[])?;
        let immediate = asked.immediate.count as i64;
        Ok(Self { simplex, ways, stay, immediate, price: 0 })
    }

    /// What the rounding of prices may be worth in all.
    fn slack(&self) -> i64 {
        self.ways.len() as i64 * 2
    }

    fn limit(&mut self, limits: &[(usize, i64, i64)]) -> Result<(), Failure> {
        for (way, least, most) in limits {
            let arc = self.ways[*way].arcs[0];
            let (lower, upper) = self.simplex.bounds(arc);
            self.simplex.set_bounds(arc, lower.max(*least), upper.min(*most))?;
        }
        Ok(())
    }

    fn unlimit(&mut self, limits: &[(usize, i64, i64)]) -> Result<(), Failure> {
        for (way, _, _) in limits {
            let [arc, other] = self.ways[*way].arcs;
            let (_, upper) = self.simplex.bounds(other);
            self.simplex.set_bounds(arc, 0, upper)?;
        }
        Ok(())
    }

    /// The flow at a price on Immediate, and how many Immediate it then has.
    fn at(&mut self, price: i64) -> Result<(Trips, i64, i64), Failure> {
        for way in &self.ways {
            self.simplex.set_cost(way.arcs[0], price - way.worth[0])?;
        }
        self.simplex.set_cost(self.stay[0], price)?;
        self.price = price;
        self.simplex.solve()?;
        let trips: Trips =
            self.ways.iter().map(|way| way.arcs.map(|arc| self.simplex.flow(arc))).collect();
        let immediate =
            trips.iter().map(|trips| trips[0]).sum::<i64>() + self.simplex.flow(self.stay[0]);
        let objective = -i64::try_from(self.simplex.objective()).unwrap_or(i64::MAX);
        Ok((trips, immediate, objective + price * self.immediate))
    }

    /// The least bound over all prices, and where to split if it is not met: a way, and how many
    /// Immediate one half may have on it.
    fn part(
        &mut self,
        best: &mut Option<(i64, Trips)>,
    ) -> Result<(i64, Option<(usize, i64)>), Failure> {
        let (mut low, mut high) = (-2 * ONE as i64, 2 * ONE as i64);
        let mut ends: [Option<Trips>; 2] = [None, None];
        let mut bound = i64::MAX;
        while high - low > 1 {
            let price = i64::midpoint(low, high);
            let (trips, immediate, here) = match self.at(price) {
                Ok(found) => found,
                // This half has no plan at all.
                Err(Failure::Infeasible(_)) => return Ok((i64::MIN, None)),
                Err(other) => return Err(other),
            };
            bound = bound.min(here);
            self.offer(&trips, best);
            match immediate.cmp(&self.immediate) {
                std::cmp::Ordering::Equal => return Ok((here, None)),
                std::cmp::Ordering::Greater => (low, ends[0]) = (price, Some(trips)),
                std::cmp::Ordering::Less => (high, ends[1]) = (price, Some(trips)),
            }
        }
        // Too many Immediate, or too few, at any price: this half has no plan.
        let [Some(more), Some(less)] = ends else { return Ok((i64::MIN, None)) };
        let differs = (0..self.ways.len()).find(|way| more[*way][0] != less[*way][0]);
        Ok((bound, differs.map(|way| (way, more[way][0].min(less[way][0])))))
    }

    /// A plan from a flow: its trips stay, and the classes are shared out anew.
    fn offer(&self, trips: &Trips, best: &mut Option<(i64, Trips)>) {
        let stay: i64 = self.stay.iter().map(|arc| self.simplex.flow(*arc)).sum();
        let mut plan: Trips = trips.iter().map(|trips| [0, trips[0] + trips[1]]).collect();
        let mut order: Vec<usize> = (0..self.ways.len()).collect();
        let more = |way: &Way| way.worth[0] - way.worth[1];
        order.sort_by_key(|at| (-more(&self.ways[*at]), self.ways[*at].arrives, *at));
        let mut left = self.immediate;
        // Delayed who stay are no reason to leave a place to them; those who stay come between.
        let mut staying = stay;
        for at in order {
            if more(&self.ways[at]) < 0 {
                let stays = left.min(staying);
                (left, staying) = (left - stays, staying - stays);
            }
            let here = left.min(plan[at][1]);
            plan[at] = [here, plan[at][1] - here];
            left -= here;
        }
        if left > staying {
            return;
        }
        let one =
            |(way, trips): (&Way, &[i64; 2])| way.worth[0] * trips[0] + way.worth[1] * trips[1];
        let value = self.ways.iter().zip(&plan).map(one).sum();
        if best.as_ref().is_none_or(|(known, _)| value > *known) {
            *best = Some((value, plan));
        }
    }
}
