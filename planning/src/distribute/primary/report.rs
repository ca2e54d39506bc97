//! The plan of the primary phase, as it is told.

use serde::Serialize;

use super::model::{Approval, Objective, Unknown, Way};
use crate::distribute::rules::Choice;
use crate::distribute::survival::ClassOrder;

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PrimaryAnswer {
    /// What was sought.
    pub objective: Objective,
    /// By whose parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Approval>,
    /// What the plan reaches and what no plan can exceed, first what ranks first.
    pub levels: Vec<LevelReport>,
    /// Whether the plan is proved best on every level.
    pub proven: bool,
    /// By class and need.
    pub casualties: Vec<CasualtyReport>,
    /// By hospital; first those that the file names first.
    pub hospitals: Vec<HospitalReport>,
    /// What every unit does, by departure.
    pub trips: Vec<TripReport>,
    /// What plain rules would reach.
    pub rules: Vec<RuleReport>,
    /// What nobody knows, and what was reckoned with instead.
    pub unknown: Vec<Unknown>,
    /// Hospitals that nothing is known of, so not used.
    pub left_out: Vec<String>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Expected survivors by the approved parameters.
    ExpectedSurvivors,
    /// Casualties whose treatment begins within their target.
    WithinTarget,
    /// Casualties at a place that can take them before the horizon.
    Placed,
    /// Of those with a special need, at a place for it.
    AtSpecialPlace,
    /// Minutes until treatment begins, by weight of the class.
    WeightedMinutes,
}

/// A number of casualties or minutes, or of expected survivors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Amount {
    /// Whole.
    Whole(i64),
    /// With six decimals.
    Expected(f64),
}

/// One measure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LevelReport {
    /// Which.
    pub measure: Measure,
    /// What the plan reaches.
    pub value: Amount,
    /// No plan that does as well on the measures before does better than this.
    pub bound: Amount,
    /// How far they are apart.
    pub gap: Amount,
    /// The same in per cent of the bound; for minutes, of the plan.
    pub gap_percent: f64,
}

/// Casualties of a class and need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CasualtyReport {
    /// Class.
    pub class: String,
    /// Special need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special: Option<String>,
    /// How many.
    pub count: i64,
    /// Within their target.
    pub within_target: i64,
    /// At a place before the horizon.
    pub placed: i64,
    /// No place or no unit before the horizon.
    pub unplaced: i64,
    /// Minute at which the last of them is treated.
    pub last_start: Option<usize>,
}

/// A hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HospitalReport {
    /// Its code.
    pub id: String,
    /// Its region.
    pub region: String,
    /// Whom it gets.
    pub receives: Vec<Received>,
    /// Minute of the first arrival.
    pub first_arrival: usize,
    /// Minute at which the last treatment begins.
    pub last_start: usize,
}

/// Casualties of a class and need at a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Received {
    /// Class.
    pub class: String,
    /// Special need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special: Option<String>,
    /// How many.
    pub count: i64,
}

/// One trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TripReport {
    /// Row of the unit.
    pub unit: String,
    /// Which of that row, from 1.
    pub number: usize,
    /// Its home region.
    pub region: String,
    /// Road or air.
    pub way: Way,
    /// Where to.
    pub hospital: String,
    /// Minute of departure; loading comes after it.
    pub leaves: usize,
    /// Minute of arrival.
    pub arrives: usize,
    /// Minute at which it is back at the scene and free.
    pub back: usize,
    /// Who.
    pub takes: Vec<Taken>,
    /// Why.
    pub why: Why,
}

/// Casualties on a trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Class.
    pub class: String,
    /// Special need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special: Option<String>,
    /// Whether the place is for that need; none if they have no special need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special_place: Option<bool>,
    /// How many.
    pub count: i64,
    /// Minute at which their treatment can begin.
    pub start: usize,
    /// Whether that is within their target.
    pub within_target: bool,
}

/// The reasons for a trip.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Why not to the hospitals that are nearer, the nearest first, three at most.
    pub nearer: Vec<Nearer>,
    /// What is used up by the plan where this trip goes.
    pub binding: Vec<Binding>,
    /// The best other hospital for this trip if the rest of the plan stays, and what it costs.
    pub next_best: Option<NextBest>,
}

/// A nearer hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nearer {
    /// Which.
    pub hospital: String,
    /// Minutes to it.
    pub minutes: usize,
    /// Why not there.
    pub because: Because,
    /// When treatment there could begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
}

/// Why not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// It has no known places for this class.
    NoKnownPlaces,
    /// Its places for this class are taken by others of the plan.
    PlacesTaken,
    /// Every hour until the horizon is full.
    HoursFull,
    /// The hospital's or its region's limit is reached.
    LimitReached,
    /// Treatment would begin later there.
    BeginsLater,
    /// It could be taken there; see what that would cost under `next_best`.
    CostsElsewhere,
}

/// What is used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "binding", rename_all = "snake_case")]
pub enum Binding {
    /// The places for a class from a minute on.
    Places {
        /// Class and need.
        class: String,
        /// Minute from which that capacity holds.
        from: i64,
        /// How many there are.
        places: i64,
    },
    /// An hour of the hospital.
    Hour {
        /// Its first minute.
        from: usize,
        /// How many can begin in it.
        most: i64,
    },
    /// The hospital's or its region's limit in all.
    Limit {
        /// How many.
        most: i64,
    },
}

/// The best other hospital for a trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextBest {
    /// Which.
    pub hospital: String,
    /// When the first of them would be treated there.
    pub start: usize,
    /// By how much each measure would be worse (below 0: better); the unit's later trips counted
    /// in. Millionths for survivors.
    pub worse: Vec<Worse>,
}

/// A measure that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Worse {
    /// Which.
    pub measure: Measure,
    /// By how much.
    pub by: i64,
}

/// What a plain rule reaches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleReport {
    /// The first class first, or the second before the first.
    pub order: ClassOrder,
    /// How the hospital is chosen.
    pub choice: Choice,
    /// What it reaches.
    pub levels: Vec<RuleLevel>,
}

/// A measure of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RuleLevel {
    /// Which.
    pub measure: Measure,
    /// What it reaches.
    pub value: Amount,
}
