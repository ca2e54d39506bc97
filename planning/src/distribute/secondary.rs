//! S: who is moved where in the secondary phase, with least minutes on the road.

use serde::Serialize;

use super::fields::{DistributeError, Fields, Node, fault, once};
use crate::transfer::{Failure, Problem, Simplex};

/// Patients of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRow {
    /// Class.
    pub class: String,
    /// How many are to be moved.
    pub count: i64,
    /// The class whose places they take, if they have none of their own.
    pub needs: Option<String>,
    /// The only region they go to: their home.
    pub home: Option<String>,
}

/// A receiving hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// Its code.
    pub id: String,
    /// Its region, which fetches with its own units.
    pub region: String,
    /// Minutes to it, loaded.
    pub minutes: i64,
    /// Places by class, in the order of the classes; none: not known, so not used.
    pub places: Vec<Option<i64>>,
}

/// The instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secondary {
    /// Where they are.
    pub from: String,
    /// Patients by class.
    pub patients: Vec<ClassRow>,
    /// Hospitals.
    pub hospitals: Vec<Receiver>,
    /// Most units of each region, one patient each.
    pub caps: Vec<(String, i64)>,
}

/// Patients of a class to a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Class.
    pub class: String,
    /// Where to.
    pub hospital: String,
    /// Its region.
    pub region: String,
    /// How many.
    pub patients: i64,
    /// Minutes for one.
    pub minutes: i64,
    /// Fewest in any plan that is as good.
    pub fewest: i64,
    /// Most in any plan that is as good.
    pub most: i64,
}

/// Minutes of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClassMinutes {
    /// Class.
    pub class: String,
    /// Moved.
    pub moved: i64,
    /// No place or unit for them.
    pub unplaced: i64,
    /// Loaded minutes.
    pub minutes: i64,
}

/// Units of a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegionUnits {
    /// Region.
    pub region: String,
    /// Used.
    pub units: i64,
    /// Most.
    pub most: i64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecondaryAnswer {
    /// Least loaded minutes of any plan that moves as many.
    pub total_minutes: i64,
    /// The plan; the first hospital of the file gets as many as any best plan gives it, then the
    /// second, and so on, class by class.
    pub moved: Vec<Moved>,
    /// By class.
    pub classes: Vec<ClassMinutes>,
    /// By region.
    pub regions: Vec<RegionUnits>,
    /// Whether no other plan is as good.
    pub unique: bool,
    /// Places that are not known, so not used: hospital and class.
    pub left_out: Vec<String>,
}

/// A cell of the plan.
struct Cell {
    class: usize,
    hospital: usize,
    arc: usize,
}

/// Most patients of a class, places, units.
const MOST: i64 = 100_000;

impl Secondary {
    pub(super) fn read(fields: &Fields) -> Result<Self, DistributeError> {
        let mut asked = Self {
            from: fields.need("from")?.name()?,
            patients: Vec::new(),
            hospitals: Vec::new(),
            caps: Vec::new(),
        };
        for row in fields.rows("patients", 20)? {
            let fields = row.fields(&["class", "count", "needs", "home"])?;
            let class = fields.need("class")?.name()?;
            let there: Vec<_> = asked.patients.iter().map(|one| one.class.clone()).collect();
            once(&there, &class, &row.path, "class")?;
            let count = fields.need("count")?.whole(0, MOST)?;
            let name = |name| fields.may(name).map(|node| node.name()).transpose();
            asked.patients.push(ClassRow {
                class,
                count,
                needs: name("needs")?,
                home: name("home")?,
            });
        }
        asked.needs(fields)?;
        for row in fields.rows("hospitals", 200)? {
            let receiver = asked.receiver(&row)?;
            asked.hospitals.push(receiver);
        }
        asked.caps(fields)?;
        Ok(asked)
    }

    /// Whoever takes another class's places names one that has its own.
    fn needs(&self, fields: &Fields) -> Result<(), DistributeError> {
        for row in &self.patients {
            let Some(needs) = &row.needs else { continue };
            let there = self.patients.iter().any(|one| one.class == *needs && one.needs.is_none());
            if !there {
                let what =
                    format!("“{}” needs “{needs}”, which is no class with places", row.class);
                return Err(fault(fields.below("patients"), what));
            }
        }
        Ok(())
    }

    /// The class whose places a class takes.
    fn pool(&self, class: usize) -> usize {
        let named = |needs: &String| self.patients.iter().position(|one| one.class == *needs);
        self.patients[class].needs.as_ref().and_then(named).unwrap_or(class)
    }

    /// Whether others take the places of a class as well.
    fn shared(&self, class: usize) -> bool {
        let name = &self.patients[class].class;
        self.patients.iter().any(|one| one.needs.as_ref() == Some(name))
    }

    fn receiver(&self, row: &Node) -> Result<Receiver, DistributeError> {
        let fields = row.fields(&["id", "region", "minutes", "places"])?;
        let id = fields.need("id")?.name()?;
        let there: Vec<_> = self.hospitals.iter().map(|one| one.id.clone()).collect();
        once(&there, &id, &row.path, "id")?;
        if id == self.from {
            return Err(fault(fields.below("id"), "is where they are; write other hospitals"));
        }
        let own = self.patients.iter().filter(|one| one.needs.is_none());
        let classes: Vec<&str> = own.map(|one| one.class.as_str()).collect();
        let places = fields.need("places")?.fields(&classes)?;
        let place = |class: usize| places.need(&self.patients[self.pool(class)].class)?.known(MOST);
        Ok(Receiver {
            id,
            region: fields.need("region")?.name()?,
            minutes: fields.need("minutes")?.whole(0, 100_000)?,
            places: (0..self.patients.len()).map(place).collect::<Result<_, _>>()?,
        })
    }

    /// One number for every region, or one for each.
    fn caps(&mut self, fields: &Fields) -> Result<(), DistributeError> {
        let mut regions: Vec<String> = Vec::new();
        for one in &self.hospitals {
            if !regions.contains(&one.region) {
                regions.push(one.region.clone());
            }
        }
        let node = fields.need("units_per_region")?;
        let Ok(entries) = node.entries() else {
            let cap = node.whole(0, MOST)?;
            self.caps = regions.into_iter().map(|region| (region, cap)).collect();
            return Ok(());
        };
        if let Some((name, node)) =
            entries.iter().find(|(name, _)| !regions.iter().any(|r| r == name))
        {
            return Err(fault(node.path.clone(), format!("no hospital is in a region “{name}”")));
        }
        for region in regions {
            let Some((_, node)) = entries.iter().find(|(name, _)| *name == region) else {
                let what = format!("“{region}” is missing; write its most units");
                return Err(fault(node.path.clone(), what));
            };
            self.caps.push((region, node.whole(0, MOST)?));
        }
        Ok(())
    }

    /// The exact optimum: as many as can be moved, in the fewest loaded minutes.
    ///
    /// # Errors
    /// [`Failure`] if numbers are beyond what can be summed.
    pub fn solve(&self) -> Result<SecondaryAnswer, Failure> {
        let (mut simplex, cells, stay) = self.lay()?;
        simplex.solve()?;
        let best = simplex.objective();
        let mut moved = Vec::new();
        let mut ranges = Vec::new();
        for cell in &cells {
            ranges.push(range(&mut simplex, cell.arc, best)?);
        }
        for (cell, (fewest, most)) in cells.iter().zip(ranges) {
            // As many as may be here, after what was settled for those before.
            let (_, count) = range(&mut simplex, cell.arc, best)?;
            simplex.set_bounds(cell.arc, count, count)?;
            if most > 0 {
                let one = &self.hospitals[cell.hospital];
                moved.push(Moved {
                    class: self.patients[cell.class].class.clone(),
                    hospital: one.id.clone(),
                    region: one.region.clone(),
                    patients: count,
                    minutes: one.minutes,
                    fewest,
                    most,
                });
            }
        }
        simplex.solve()?;
        let stays: Vec<i64> = stay.iter().map(|arc| simplex.flow(*arc)).collect();
        Ok(self.answer(moved, &stays))
    }

    /// Patients to hospitals, hospitals to their region's units; whoever cannot be moved stays at
    /// more than any journey.
    fn lay(&self) -> Result<(Simplex, Vec<Cell>, Vec<usize>), Failure> {
        let all: i64 = self.patients.iter().map(|row| row.count).sum();
        let mut problem = Problem::default();
        let sink = problem.node(-all);
        let dear = self.hospitals.iter().map(|one| one.minutes).max().unwrap_or(0);
        let shared = self.patients.iter().filter(|row| row.needs.is_some()).count() as i64;
        let dear = (dear + 1) * (2 * self.hospitals.len() as i64 * (shared + 1) + 2);
        let mut nodes = Vec::new();
        for (region, cap) in &self.caps {
            let node = problem.node(0);
            problem.arc(node, sink, *cap, 0);
            nodes.push((region.as_str(), node));
        }
        // Places that several classes take have a node of their own, so that none is given twice.
        let mut pools = Vec::new();
        for class in (0..self.patients.len()).filter(|class| self.shared(*class)) {
            for (hospital, one) in self.hospitals.iter().enumerate() {
                let region = nodes.iter().find(|(region, _)| *region == one.region);
                if let (Some(places), Some((_, node))) = (one.places[class], region) {
                    let pool = problem.node(0);
                    problem.arc(pool, *node, places, 0);
                    pools.push(((class, hospital), pool));
                }
            }
        }
        let (mut cells, mut stay) = (Vec::new(), Vec::new());
        for (class, row) in self.patients.iter().enumerate() {
            let from = problem.node(row.count);
            let goes = |one: &Receiver| row.home.as_ref().is_none_or(|home| *home == one.region);
            for (hospital, one) in self.hospitals.iter().enumerate().filter(|(_, one)| goes(one)) {
                let region = nodes.iter().find(|(region, _)| *region == one.region);
                if let (Some(places), Some((_, node))) = (one.places[class], region) {
                    let pool = pools.iter().find(|(of, _)| *of == (self.pool(class), hospital));
                    let to = pool.map_or(*node, |(_, pool)| *pool);
                    let arc = problem.arc(from, to, places, one.minutes);
                    cells.push(Cell { class, hospital, arc });
                }
            }
            stay.push(problem.arc(from, sink, all, dear));
        }
        Ok((Simplex::new(&problem, sink, &[])?, cells, stay))
    }

    fn answer(&self, moved: Vec<Moved>, stays: &[i64]) -> SecondaryAnswer {
        let class = |(row, stays): (&ClassRow, &i64)| {
            let of = |f: fn(&Moved) -> i64| {
                moved.iter().filter(|one| one.class == row.class).map(f).sum::<i64>()
            };
            ClassMinutes {
                class: row.class.clone(),
                moved: of(|one| one.patients),
                unplaced: *stays,
                minutes: of(|one| one.patients * one.minutes),
            }
        };
        let region = |(region, most): &(String, i64)| RegionUnits {
            region: region.clone(),
            units: moved.iter().filter(|one| one.region == *region).map(|one| one.patients).sum(),
            most: *most,
        };
        let unknown = self.hospitals.iter().flat_map(|one| {
            let classes = self.patients.iter().zip(&one.places);
            let unknown = classes.filter(|(row, places)| places.is_none() && row.needs.is_none());
            unknown.map(|(row, _)| format!("{}: {}", one.id, row.class))
        });
        SecondaryAnswer {
            total_minutes: moved.iter().map(|one| one.patients * one.minutes).sum(),
            classes: self.patients.iter().zip(stays).map(class).collect(),
            regions: self.caps.iter().map(region).collect(),
            unique: moved.iter().all(|one| one.fewest == one.most),
            left_out: unknown.collect(),
            moved: moved.into_iter().filter(|one| one.patients > 0 || one.most > 0).collect(),
        }
    }
}

/// Fewest and most on an arc over all plans of the same price.
fn range(simplex: &mut Simplex, arc: usize, best: i128) -> Result<(i64, i64), Failure> {
    simplex.solve()?;
    let kept = simplex.bounds(arc);
    let now = simplex.flow(arc);
    let mut ends = [now, now];
    for (end, limit) in ends.iter_mut().zip([kept.0, kept.1.min(now + MOST)]) {
        // The range is an interval: halve what is not known of it.
        let mut limit = limit;
        while *end != limit {
            let up = limit > *end;
            let middle =
                if up { (*end + limit + 1).div_euclid(2) } else { (*end + limit).div_euclid(2) };
            let bounds = if up { (middle, kept.1) } else { (kept.0, middle) };
            simplex.set_bounds(arc, bounds.0, bounds.1)?;
            let same = match simplex.solve() {
                Ok(()) => simplex.objective() == best,
                Err(Failure::Infeasible(_)) => false,
                Err(other) => return Err(other),
            };
            match (same, up) {
                (true, _) => *end = simplex.flow(arc),
                (false, true) => limit = middle - 1,
                (false, false) => limit = middle + 1,
            }
        }
        simplex.set_bounds(arc, kept.0, kept.1)?;
    }
    simplex.solve()?;
    Ok((ends[0], ends[1]))
}
