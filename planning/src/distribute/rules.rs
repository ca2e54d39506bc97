//! B: plain rules for the primary phase, played out minute by minute.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use serde::Serialize;

use super::fields::{DistributeError, Fields, Node, fault, once};
use super::relax::Relaxation;
use super::survival::{Casualties, ClassOrder, rounded};

/// Ambulances that are ready at the same minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetRow {
    /// Whose, or what.
    pub name: String,
    /// Minute from which they are ready at the scene.
    pub ready: i64,
    /// How many.
    pub count: usize,
    /// Whether another region has pledged them.
    pub pledged: bool,
}

/// A hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hospital {
    /// Its code.
    pub id: String,
    /// Minutes from the scene.
    pub minutes: i64,
    /// How many it can begin to treat in one hour of the clock.
    pub per_hour: i64,
}

/// The instance.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSimulation {
    /// Class Immediate.
    pub immediate: Casualties,
    /// Class Delayed.
    pub delayed: Casualties,
    /// Minutes to load.
    pub load: i64,
    /// Minutes to unload.
    pub unload: i64,
    /// Ambulances.
    pub units: Vec<FleetRow>,
    /// Hospitals whose capacity is known.
    pub hospitals: Vec<Hospital>,
    /// Hospitals whose capacity is not: left out.
    pub left_out: Vec<String>,
}

/// Which ambulances drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fleet {
    /// The own region's.
    Own,
    /// Those and the pledged.
    All,
}

/// How a hospital is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Least minutes away; then least code.
    Nearest,
    /// Least (start of treatment, minutes away, code).
    Earliest,
}

/// What a rule leads to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleOutcome {
    /// Which ambulances.
    pub fleet: Fleet,
    /// Which class first.
    pub order: ClassOrder,
    /// Which hospital.
    pub choice: Choice,
    /// Expected survivors.
    pub expected_survivors: f64,
    /// Minute at which the last treatment begins.
    pub last_start: i64,
    /// Casualties by hospital, in the order of the file; those without any are left out.
    pub loads: Vec<Load>,
}

/// Casualties at a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Load {
    /// Hospital.
    pub hospital: String,
    /// How many.
    pub casualties: usize,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleAnswer {
    /// Every rule with either fleet.
    pub rules: Vec<RuleOutcome>,
    /// What could be reached if every ambulance drove once only.
    pub single_trip: Relaxation,
    /// Hospitals left out because their capacity is not known.
    pub left_out: Vec<String>,
}

/// Most minutes of anything in such a file.
const MOST_MINUTES: i64 = 2880;

impl RuleSimulation {
    pub(super) fn read(fields: &Fields) -> Result<Self, DistributeError> {
        let mut asked = Self {
            immediate: Casualties::read(&fields.need("immediate")?)?,
            delayed: Casualties::read(&fields.need("delayed")?)?,
            load: fields.need("load")?.whole(0, MOST_MINUTES)?,
            unload: fields.need("unload")?.whole(0, MOST_MINUTES)?,
            units: Vec::new(),
            hospitals: Vec::new(),
            left_out: Vec::new(),
        };
        for row in fields.rows("units", 1000)? {
            asked.units.push(FleetRow::read(&row)?);
        }
        if asked.units.iter().all(|row| row.pledged || row.count == 0) {
            let what = "no ambulance of the own region: mark at least one row \"pledged\": false";
            return Err(fault(fields.below("units"), what));
        }
        for row in fields.rows("hospitals", 1000)? {
            asked.hospital(&row)?;
        }
        if asked.hospitals.iter().all(|one| one.per_hour == 0) {
            let what = "none is known to take anybody: write a per_hour above 0 for one at least";
            return Err(fault(fields.below("hospitals"), what));
        }
        Ok(asked)
    }

    fn hospital(&mut self, row: &Node) -> Result<(), DistributeError> {
        let fields = row.fields(&["id", "minutes", "per_hour"])?;
        let id = fields.need("id")?.name()?;
        let minutes = fields.need("minutes")?.whole(0, MOST_MINUTES)?;
        let there: Vec<_> = self.hospitals.iter().map(|one| one.id.clone()).collect();
        once(&there, &id, &row.path, "id")?;
        once(&self.left_out, &id, &row.path, "id")?;
        match fields.need("per_hour")?.known(10_000)? {
            Some(per_hour) => self.hospitals.push(Hospital { id, minutes, per_hour }),
            None => self.left_out.push(id),
        }
        Ok(())
    }

    /// Every rule, and the single-trip optimum.
    #[must_use]
    pub fn solve(&self) -> RuleAnswer {
        let mut rules = Vec::new();
        let fleets: &[Fleet] = if self.units.iter().any(|row| row.pledged) {
            &[Fleet::Own, Fleet::All]
        } else {
            &[Fleet::Own]
        };
        for fleet in fleets {
            for order in ClassOrder::BOTH {
                for choice in [Choice::Nearest, Choice::Earliest] {
                    rules.push(self.play(*fleet, order, choice));
                }
            }
        }
        let left_out = self.left_out.clone();
        RuleAnswer { rules, single_trip: Relaxation::of(self), left_out }
    }

    /// The classes in their order.
    pub(super) fn queue(&self, order: ClassOrder) -> impl Iterator<Item = &Casualties> {
        let (first, second) = match order {
            ClassOrder::ImmediateFirst => (&self.immediate, &self.delayed),
            ClassOrder::DelayedFirst => (&self.delayed, &self.immediate),
        };
        std::iter::repeat_n(first, first.count).chain(std::iter::repeat_n(second, second.count))
    }

    /// Each in turn takes the ambulance that is free first (then the one named first).
    fn play(&self, fleet: Fleet, order: ClassOrder, choice: Choice) -> RuleOutcome {
        let mut free = BinaryHeap::new();
        for row in self.units.iter().filter(|row| fleet == Fleet::All || !row.pledged) {
            for _ in 0..row.count {
                free.push(Reverse((row.ready, free.len())));
            }
        }
        let mut begun: BTreeMap<(usize, i64), i64> = BTreeMap::new();
        let mut loads = vec![0; self.hospitals.len()];
        let (mut survivors, mut last) = (0.0, 0);
        for casualty in self.queue(order) {
            let Some(Reverse((now, unit))) = free.pop() else { break };
            let starts = |at: usize| {
                let one = &self.hospitals[at];
                let arrival = now + self.load + one.minutes;
                let mut start = arrival;
                while begun.get(&(at, start / 60)).copied().unwrap_or(0) >= one.per_hour {
                    start = (start / 60 + 1) * 60;
                }
                start
            };
            let open = (0..loads.len()).filter(|at| self.hospitals[*at].per_hour > 0);
            let best = open.min_by_key(|at| {
                let one = &self.hospitals[*at];
                let first = if choice == Choice::Nearest { 0 } else { starts(*at) };
                (first, one.minutes, one.id.as_str())
            });
            let Some(at) = best else { break };
            let start = starts(at);
            *begun.entry((at, start / 60)).or_default() += 1;
            loads[at] += 1;
            survivors += casualty.survival.at(start);
            last = last.max(start);
            let away = self.load + self.unload + 2 * self.hospitals[at].minutes;
            free.push(Reverse((now + away, unit)));
        }
        let named = self.hospitals.iter().zip(loads).filter(|(_, casualties)| *casualties > 0);
        RuleOutcome {
            fleet,
            order,
            choice,
            expected_survivors: rounded(survivors),
            last_start: last,
            loads: named
                .map(|(one, casualties)| Load { hospital: one.id.clone(), casualties })
                .collect(),
        }
    }
}

impl FleetRow {
    fn read(row: &Node) -> Result<Self, DistributeError> {
        let fields = row.fields(&["name", "ready", "count", "pledged"])?;
        Ok(Self {
            name: fields.need("name")?.name()?,
            ready: fields.need("ready")?.whole(0, MOST_MINUTES)?,
            count: fields.need("count")?.count(0, 1000)?,
            pledged: fields.may("pledged").map_or(Ok(false), |node| node.flag())?,
        })
    }
}
