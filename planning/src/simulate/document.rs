//! A scenario as people write it: TOML in which every number says where it comes from.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::marks::{Marked, Row, rows};

/// A scenario document.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name.
    pub title: String,
    /// What is said of it, shown with every report.
    #[serde(default)]
    pub about: String,
    /// The sources' keys, explained.
    pub sources: BTreeMap<String, String>,
    /// How it is run.
    pub run: Run,
    /// Donors: what is alike in all regions.
    pub donors: Donors,
    /// Patients: what is alike in all regions.
    pub demand: Demand,
    /// The components.
    pub components: Components,
    /// Transport.
    pub transport: Transport,
    /// The regions.
    pub region: Vec<Region>,
    /// The roads between their centres.
    #[serde(default)]
    pub leg: Vec<Leg>,
    /// Changes that can be laid over it.
    #[serde(default)]
    pub variant: Vec<Variant>,
}

/// How a scenario is run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Days before anything is counted.
    pub warmup_days: Marked<u32>,
}

/// Donors.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Donors {
    /// Donors on the register for each active one.
    pub registered_per_active: Marked<f64>,
    /// Shares of the eight groups, O+ O− A+ A− B+ B− AB+ AB−.
    pub group_shares: Marked<[f64; 8]>,
    /// Share of women.
    pub share_women: Marked<f64>,
    /// Days between donations, men.
    pub interval_days_men: Marked<u32>,
    /// Days between donations, women.
    pub interval_days_women: Marked<u32>,
    /// Share of those called who come.
    pub attendance: Marked<f64>,
    /// Share of those who come who are deferred.
    pub deferral: Marked<f64>,
    /// Share of donations that become usable units.
    pub usable: Marked<f64>,
    /// Days until somebody who did not come is called again.
    pub again_days: Marked<u32>,
    /// Days until somebody who was deferred is called again.
    pub deferral_days: Marked<u32>,
    /// Share of the register that leaves in a year.
    pub leaving_per_year: Marked<f64>,
    /// Shares of the weekdays, Monday first.
    pub weekday_shares: Marked<[f64; 7]>,
    /// Part of the gap between target and stock that one week's calls close.
    pub correction_per_week: Marked<f64>,
    /// Visits that a bus has room for in a week.
    pub bus_visits_per_week: Marked<u32>,
}

/// Patients.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Shares of the patients' eight groups.
    pub group_shares: Marked<[f64; 8]>,
    /// Share of red cells that are asked for before the group is known.
    pub share_unknown: Marked<f64>,
    /// Factors of the weekdays, Monday first; their mean is brought to one.
    pub weekday_factors: Marked<[f64; 7]>,
    /// Variance of a day's use for each unit of its mean.
    pub variance_to_mean: Marked<f64>,
    /// Growth in a year, of all use.
    pub growth_per_year: Marked<f64>,
    /// A factor on all use.
    pub factor: Marked<f64>,
}

/// The components.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Components {
    /// Red cells.
    pub red_cells: Component,
    /// Platelets.
    pub platelets: Component,
    /// Plasma.
    pub plasma: Component,
}

impl Components {
    /// All three, in the order of the model.
    #[must_use]
    pub const fn all(&self) -> [&Component; 3] {
        [&self.red_cells, &self.platelets, &self.plasma]
    }
}

/// A component.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Days from donation until it must no longer be used.
    pub life_days: Marked<u32>,
    /// Days in which ages are told apart.
    pub age_step_days: Marked<u32>,
    /// Days from donation to the shelf.
    pub preparation_days: Marked<u32>,
    /// Days before expiry at which it goes back to the region's centre.
    pub back_to_centre_days: Marked<u32>,
    /// Groups that are held; the others' need is planned on the first of these that fits.
    pub held_groups: Marked<Vec<String>>,
    /// Cost of a unit that could not be given.
    pub shortage_cost: Marked<f64>,
    /// Cost of a unit that expires.
    pub outdate_cost: Marked<f64>,
    /// Days that a stock must last until new units come, for the evening's transfers.
    pub horizon_days: Marked<f64>,
    /// Days of use that a hospital is filled up to.
    pub site_days: Marked<f64>,
    /// Least units of a held group with a use at a hospital.
    pub site_least: Marked<u32>,
    /// Days of use that a region gives nothing away from.
    pub floor_days: Marked<f64>,
    /// Standard deviations above the mean use that are made (platelets).
    #[serde(default)]
    pub safety: Option<Marked<f64>>,
}

/// Transport between regions.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transport {
    /// Price of a unit over 100 km where a policy says "priced".
    pub price: Marked<f64>,
    /// The gain below which nobody moves a unit even for nothing.
    pub least_gain: Marked<f64>,
}

/// A region.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Short name.
    pub id: String,
    /// Name.
    pub name: String,
    /// Donors with a donation in the last twelve months.
    pub active_donors: Marked<u32>,
    /// Whole-blood donations in a year.
    pub donations_per_year: Marked<u32>,
    /// Visits that its sessions have room for in a week, without buses.
    pub visits_per_week: Marked<u32>,
    /// Buses.
    pub buses: Marked<u32>,
    /// Days of red cells it wants to hold.
    pub red_cell_days: Marked<f64>,
    /// Which platelets, by ABO: a choice of the blood area's rule `platelets.abo`.
    pub platelets_abo: Marked<String>,
    /// Red cells for an unknown group: a choice of `emergency.red_cells.unknown`.
    pub unknown_red_cells: Marked<String>,
    /// What follows an RhD-positive recipient's own group: a choice of `preference.rhd_pos`.
    pub rhd_pos_order: Marked<String>,
    /// Its places; the first is its blood centre.
    pub site: Vec<Site>,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Whether its use counts as the university hospital's.
    #[serde(default)]
    pub university: bool,
    /// Mean use in a day of red cells, platelets and plasma.
    pub use_per_day: Marked<[f64; 3]>,
}

/// A road, both ways.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// The two regions.
    pub between: [String; 2],
    /// Length.
    pub km: Marked<f64>,
    /// Days until what is sent can be used.
    pub days: Marked<u32>,
    /// On which weekdays something goes, Monday first.
    pub weekdays: Marked<[bool; 7]>,
    /// Whether a unit can be had the same day when a patient waits.
    pub urgent: Marked<bool>,
}

/// A change laid over a scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Short name.
    pub id: String,
    /// Name.
    pub title: String,
    /// What is meant.
    #[serde(default)]
    pub about: String,
    /// A factor on all use.
    #[serde(default)]
    pub demand_factor: Option<Marked<f64>>,
    /// Growth of use in a year.
    #[serde(default)]
    pub demand_growth_per_year: Option<Marked<f64>>,
    /// Factors on the donors and donations of regions, by short name.
    #[serde(default)]
    pub donors_factor: Option<Marked<f64>>,
    /// A place lost.
    #[serde(default)]
    pub lost_site: Option<LostSite>,
    /// A road closed.
    #[serde(default)]
    pub closed_road: Option<ClosedRoad>,
    /// Many casualties.
    #[serde(default)]
    pub casualties: Option<Casualties>,
}

/// A place is lost for some days of each year.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostSite {
    /// Which.
    pub site: String,
    /// Which of the same region takes its patients.
    pub instead: String,
    /// First day of the year, from 1.
    pub day: Marked<u32>,
    /// How many days.
    pub days: Marked<u32>,
}

/// No road between two regions for some days of each year.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedRoad {
    /// The two regions; none closes every road.
    #[serde(default)]
    pub between: Option<[String; 2]>,
    /// First day of the year, from 1.
    pub day: Marked<u32>,
    /// How many days.
    pub days: Marked<u32>,
}

/// Many casualties on one day of each year.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Casualties {
    /// Where.
    pub site: String,
    /// Day of the year, from 1.
    pub day: Marked<u32>,
    /// Red cells, platelets, plasma.
    pub units: Marked<[u32; 3]>,
    /// Share of the red cells asked for before the group is known.
    pub unknown: Marked<f64>,
}

/// Why a scenario cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// Not the document that is meant; says line and field.
    #[error(
        "{0}\nEvery number is written {{ value = …, mark = \"report|literature|assumed\", \
         source = \"KEY\" }}."
    )]
    Text(String),
    /// A source without words.
    #[error("{place}: the source “{source_key}” is not explained under [sources]: add it there")]
    Source {
        /// Where.
        place: String,
        /// Which key.
        source_key: String,
    },
    /// A value that cannot be.
    #[error("{place}: {what}")]
    Value {
        /// Where.
        place: String,
        /// What is wrong, and what would be right.
        what: String,
    },
}

/// Shorthand of [`ScenarioError::Value`].
pub(super) fn wrong(place: impl Into<String>, what: impl Into<String>) -> ScenarioError {
    ScenarioError::Value { place: place.into(), what: what.into() }
}

impl Scenario {
    /// Reads a document, and the table of its marks.
    ///
    /// # Errors
    /// [`ScenarioError`] with line or place, and what to do.
    pub fn read(text: &str) -> Result<(Self, Vec<Row>), ScenarioError> {
        let scenario: Self =
            toml::from_str(text).map_err(|error| ScenarioError::Text(error.to_string()))?;
        let table: toml::Table =
            toml::from_str(text).map_err(|error| ScenarioError::Text(error.to_string()))?;
        let found = rows(&table, &scenario.sources);
        let rows =
            found.map_err(|(place, source_key)| ScenarioError::Source { place, source_key })?;
        Ok((scenario, rows))
    }

    /// The scenario with a change laid over it, except what [`super::build`] makes of events.
    ///
    /// # Errors
    /// If there is no such change.
    pub fn with(&self, variant: &str) -> Result<(Self, &Variant), ScenarioError> {
        let found = self.variant.iter().find(|one| one.id == variant);
        let found = found.ok_or_else(|| {
            let all: Vec<&str> = self.variant.iter().map(|one| one.id.as_str()).collect();
            wrong("variant", format!("“{variant}” is not one of: {}", all.join(", ")))
        })?;
        let mut out = self.clone();
        if let Some(factor) = &found.demand_factor {
            out.demand.factor = factor.clone();
        }
        if let Some(growth) = &found.demand_growth_per_year {
            out.demand.growth_per_year = growth.clone();
        }
        if let Some(factor) = &found.donors_factor {
            for region in &mut out.region {
                let active = f64::from(region.active_donors.value) * factor.value;
                region.active_donors.value = active.round() as u32;
            }
        }
        Ok((out, found))
    }
}
