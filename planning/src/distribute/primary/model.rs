//! The primary phase as people write it down.

use serde::Serialize;

use crate::distribute::survival::Survival;

/// What is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Most casualties at a place that can take them, within their target; then least time.
    CapacityAndTime,
    /// Most expected survivors, by an approved set of parameters.
    Survivors,
}

/// Who approved the parameters, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// Name and version of the set.
    pub name: String,
    /// Medical role that approved it.
    pub approved_by: String,
    /// When.
    pub approved: String,
}

/// A triage class; the file lists the most urgent first.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Minute by which treatment should have begun.
    pub target: i64,
    /// How much one counts among those within their target.
    pub counts: i64,
    /// How much one minute weighs.
    pub weight: i64,
    /// Whether it counts in a hospital's `per_hour`.
    pub in_rate: bool,
    /// Survival, in an approved set.
    pub survival: Option<Survival>,
}

/// Casualties of one class and need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Place of the class.
    pub class: usize,
    /// A special need: burns, children.
    pub special: Option<String>,
    /// How many.
    pub count: i64,
    /// Minute from which they can leave the scene.
    pub from: i64,
}

/// On the road or in the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Ambulance, bus.
    Road,
    /// Helicopter.
    Air,
}

/// Transport units of one kind that are ready at the same minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// What they are called.
    pub id: String,
    /// Home region.
    pub region: String,
    /// How they go.
    pub way: Way,
    /// Minute from which they are ready at the scene.
    pub ready: i64,
    /// How many.
    pub count: usize,
    /// Casualties that one carries at a time.
    pub seats: i64,
    /// Which classes it carries, by place.
    pub carries: Vec<bool>,
}

/// Staffed places of a hospital for a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Place of the class.
    pub class: usize,
    /// For this special need only.
    pub special: Option<String>,
    /// How many casualties it can have taken now, at +2 h, at +6 h and at +24 h.
    pub steps: [i64; 4],
}

/// A hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its code.
    pub id: String,
    /// Its region.
    pub region: String,
    /// Minutes by road, by air; none: cannot be reached so.
    pub minutes: [Option<i64>; 2],
    /// Staffed places.
    pub pools: Vec<Pool>,
    /// Most that it can begin to treat in an hour; none: no such limit is stated.
    pub per_hour: Option<i64>,
    /// Most that it takes in all; none: no such limit is stated.
    pub most: Option<i64>,
}

/// A number that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// Hospital.
    pub hospital: String,
    /// What is not known: class, special need, time.
    pub what: String,
    /// What was reckoned with in its place, if the caller allowed that; otherwise nothing beyond
    /// what is known.
    pub assumed: Option<i64>,
}

/// The whole question. Minutes count from now.
#[derive(Clone, Debug, PartialEq)]
pub struct Primary {
    /// What is sought.
    pub objective: Objective,
    /// The approved set of parameters, if survivors are asked for.
    pub parameters: Option<Approval>,
    /// Minutes to load.
    pub load: i64,
    /// Minutes to unload.
    pub unload: i64,
    /// Minute before which treatment must begin for it to count at all.
    pub horizon: i64,
    /// Classes, the most urgent first.
    pub classes: Vec<Class>,
    /// Casualties.
    pub groups: Vec<Group>,
    /// Transport.
    pub units: Vec<UnitRow>,
    /// Hospitals.
    pub hospitals: Vec<Place>,
    /// Most casualties that a region's hospitals take together.
    pub region_caps: Vec<(String, i64)>,
    /// What is not known.
    pub unknown: Vec<Unknown>,
}

impl Primary {
    /// A class and need by name: `P1`, or `P1 burns`.
    #[must_use]
    pub fn label(&self, class: usize, special: Option<&str>) -> String {
        let name = &self.classes[class].name;
        special.map_or_else(|| name.clone(), |special| format!("{name} {special}"))
    }
}

/// Minutes at which the four capacities begin to hold.
pub(super) const STEPS: [i64; 4] = [0, 120, 360, 1440];
