//! The blood of an incident, as programs read it.

use samband_domain::Known;
use samband_planning::casualty_blood::{Cover, Curve, Estimate, Lasts};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::Problem;
use crate::app::incident::blood::{Asked, LineCover, RegionCover, Room};

/// By which curve blood is used.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CurveAsked {
    /// `blast`, `middle` or `multi_site`.
    pub curve: Option<String>,
}

impl CurveAsked {
    pub(super) fn asked(&self) -> Result<Asked, Problem> {
        let curve = match &self.curve {
            None => Curve::default(),
            Some(text) => Curve::find(text).ok_or_else(|| Problem::malformed("curve"))?,
        };
        Ok(Asked { curve })
    }
}

/// Whole hours that are covered.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoursCovered {
    /// If most is needed.
    pub least: u32,
    /// By the plan.
    pub plan: u32,
    /// If least is needed.
    pub most: u32,
    /// Whether it lasts through the day even if most is needed.
    pub through: bool,
}

impl From<&Cover> for HoursCovered {
    fn from(cover: &Cover) -> Self {
        Self {
            least: cover.least.hours(),
            plan: cover.plan.hours(),
            most: cover.most.hours(),
            through: cover.least == Lasts::Through,
        }
    }
}

/// One line of a region.
#[derive(Debug, Serialize, ToSchema)]
pub struct BloodLine {
    /// `red_cells`, `o_negative`, `o_positive`, `o_together`, `plasma` or `platelets`.
    pub line: String,
    /// Units that can be used now; null is unknown.
    pub usable: Option<u32>,
    /// As of when; null is unknown.
    pub as_of: Option<String>,
    /// Units that arrive within the day.
    pub arriving: u32,
    /// Ordinary use in a day, in thousandths of a unit; null is unknown.
    pub ordinary_milli: Option<u64>,
    /// Hours of cover; null is unknown.
    pub hours: Option<HoursCovered>,
    /// Why nobody can tell: `stock`, `demand`, `casualties`, `rule` or `not_allowed`.
    pub why: Vec<String>,
}

impl From<&LineCover> for BloodLine {
    fn from(one: &LineCover) -> Self {
        let why = one.cover.as_ref().err().into_iter().flatten();
        Self {
            line: one.line.as_str().to_owned(),
            usable: one.usable.value(),
            as_of: one.as_of.value().map(|at| at.to_string()),
            arriving: one.arrivals.iter().map(|arrival| arrival.units).sum(),
            ordinary_milli: one.ordinary.value(),
            hours: one.cover.as_ref().ok().map(HoursCovered::from),
            why: why.map(|why| why.as_str().to_owned()).collect(),
        }
    }
}

/// One region.
#[derive(Debug, Serialize, ToSchema)]
pub struct BloodRegion {
    /// Which.
    pub region: String,
    /// Whether its hospitals bear the incident's need.
    pub struck: bool,
    /// Line by line.
    pub lines: Vec<BloodLine>,
}

impl From<&RegionCover> for BloodRegion {
    fn from(one: &RegionCover) -> Self {
        Self {
            region: one.region.to_string(),
            struck: one.struck,
            lines: one.lines.iter().map(BloodLine::from).collect(),
        }
    }
}

/// The blood of an incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentBlood {
    /// By which curve.
    pub curve: String,
    /// What is expected to be used, as `samband blood need --json` prints it; null while nobody has
    /// said how many are hurt.
    #[schema(value_type = Option<Object>)]
    pub estimate: Option<Estimate>,
    /// Region by region, the struck one first.
    pub regions: Vec<BloodRegion>,
    /// Donors of plasma in the reader's own region who could give whole blood now, counted in its
    /// own register at this moment; null is unknown.
    pub plasma_donors_who_can_switch: Option<usize>,
}

impl IncidentBlood {
    /// All of it, and who can switch.
    #[must_use]
    pub fn of(room: &Room, switchers: Known<usize>) -> Self {
        Self {
            plasma_donors_who_can_switch: switchers.value(),
            curve: room.curve.as_str().to_owned(),
            estimate: room.estimate.clone(),
            regions: room.regions.iter().map(BloodRegion::from).collect(),
        }
    }
}
