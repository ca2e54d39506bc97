//! The stock picture: what every region has, how long it lasts, and from when that is known.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::blood::view::picture::{
    Cell, DemandShown, Picture, RegionRow, SiteRow, picture,
};
use samband_engine::World;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Form, Format};
use super::input::Query;
use super::problem::ProblemDocument;
use crate::app::stock::{Asked, parts, site_name};
use crate::app::{App, Problem, Visitor};
use crate::tables;

/// What is looked for, and in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StockAsked {
    /// Region; all otherwise.
    pub region: Option<String>,
    /// Site; then the rows are of sites.
    pub site: Option<String>,
    /// `red_cells`, `whole_blood`, `platelets`, `plasma`, `granulocytes` or `cryoprecipitate`.
    pub component: Option<String>,
    /// Group, e.g. `o_neg`; also `O-` or `O RhD neg`.
    pub group: Option<String>,
    /// Rows of `region` (default) or `site`. A sum over both would count everything twice.
    pub by: Option<String>,
    /// `json` (default), `csv` or `xlsx`.
    pub format: Option<String>,
    /// Headings of a file: `keys` (default) or `words`.
    pub headings: Option<String>,
}

impl StockAsked {
    fn form(&self) -> Form {
        Form { format: self.format.clone(), headings: self.headings.clone() }
    }

    fn filters(&self) -> Asked<'_> {
        Asked {
            region: self.region.as_deref(),
            site: self.site.as_deref(),
            component: self.component.as_deref(),
            group: self.group.as_deref(),
        }
    }

    /// Whether rows of sites are wanted.
    fn by_site(&self) -> Result<bool, Problem> {
        let sited = self.site.as_deref().is_some_and(|site| !site.trim().is_empty());
        match self.by.as_deref().unwrap_or_default() {
            "" => Ok(sited),
            "region" => Ok(false),
            "site" => Ok(true),
            other => Err(Problem::malformed(format!("by: {other} (region, site)"))),
        }
    }
}

/// What is used in a day, as it was stated.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StatedDemand {
    /// Units in 24 hours; null is unknown.
    pub per_day: Option<f64>,
    /// What the figure covers.
    pub period: String,
    /// Where it comes from.
    pub source: String,
    /// When it was recorded.
    pub recorded: String,
}

impl From<&DemandShown> for StatedDemand {
    fn from(demand: &DemandShown) -> Self {
        Self {
            per_day: demand.milli_per_day.value().map(thousandths),
            period: demand.period.to_string(),
            source: demand.source.clone(),
            recorded: demand.recorded.to_string(),
        }
    }
}

/// A line of the stock; null is unknown, never zero.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StockRow {
    /// Region.
    pub region: String,
    /// Site; null for the whole region.
    pub site: Option<String>,
    /// The site's name.
    pub site_name: Option<String>,
    /// Which record rules at the site: `samband` or `external`; null for a region.
    pub record: Option<String>,
    /// Component; null where nobody has said what there is.
    pub component: Option<String>,
    /// Group; null for all groups together, or at a site for units of unknown group.
    pub group: Option<String>,
    /// Free to use now.
    pub available: Option<u32>,
    /// How many somebody has counted; at least so many are there where `available` is null.
    pub at_least: u32,
    /// Set aside.
    pub reserved: Option<u32>,
    /// In quarantine.
    pub quarantined: Option<u32>,
    /// On its way here; counted in no region's days.
    pub in_transit: u32,
    /// When the next of it should be here.
    pub next_eta: Option<String>,
    /// Of those available, how many expire soon.
    pub expiring: Option<u32>,
    /// Past their expiry or not found at a count, and still in the record; null where another
    /// system keeps the stock, since none tells of it.
    pub unusable: Option<u32>,
    /// What is used in a day.
    pub demand: Option<StatedDemand>,
    /// Days of supply.
    pub days: Option<f64>,
    /// The region's own floor; null if its rules set none.
    pub minimum: Option<u32>,
    /// Since when it is below it.
    pub below_since: Option<String>,
    /// As of when the oldest part of this is known.
    pub as_of: Option<String>,
    /// How old that is.
    pub age_seconds: Option<i64>,
    /// Who says so: `samband`, the other systems, or both (`samband, ProSang`); `unknown` where
    /// nobody has said anything.
    pub source: String,
    /// The other systems that told of it.
    pub systems: Vec<String>,
    /// Whether a part of it is too old or missing.
    pub stale: bool,
}

#[allow(clippy::cast_precision_loss)]
fn thousandths(milli: u64) -> f64 {
    milli as f64 / 1_000.0
}

impl StockRow {
    fn of(
        cell: &Cell,
        region: String,
        component: Option<String>,
        group: Option<String>,
        now: Time,
    ) -> Self {
        let as_of = cell.as_of.value();
        Self {
            region,
            site: None,
            site_name: None,
            record: None,
            component,
            group,
            available: cell.available.value(),
            at_least: cell.at_least,
            reserved: cell.reserved.value(),
            quarantined: cell.quarantined.value(),
            in_transit: cell.in_transit,
            next_eta: cell.next_eta.map(|at| at.to_string()),
            expiring: cell.expiring.value(),
            unusable: cell.unusable.value(),
            demand: cell.demand.as_ref().map(StatedDemand::from),
            days: cell.days_milli.value().map(thousandths),
            minimum: cell.minimum,
            below_since: cell.below_since.map(|at| at.to_string()),
            as_of: as_of.map(|at| at.to_string()),
            age_seconds: as_of.map(|at| now.since(at).max(0) / 1_000_000),
            source: cell.source(),
            systems: cell.systems.clone(),
            stale: cell.stale,
        }
    }

    fn of_region(row: &RegionRow, now: Time) -> Self {
        let group = row.group.map(|group| group.as_str().to_owned());
        let component = row.component.map(|one| one.to_string());
        Self::of(&row.cell, row.region.to_string(), component, group, now)
    }

    fn of_site(world: &World, row: &SiteRow, now: Time) -> Self {
        let group = row.group.map(|group| group.as_str().to_owned());
        let component = row.component.map(|one| one.to_string());
        Self {
            site: Some(row.site.to_string()),
            site_name: Some(site_name(world, &row.region, &row.site)),
            record: Some(row.record.to_string()),
            ..Self::of(&row.cell, row.region.to_string(), component, group, now)
        }
    }
}

/// The rows of a picture.
fn rows(world: &World, picture: &Picture, by_site: bool, now: Time) -> Vec<StockRow> {
    if by_site {
        picture.sites.iter().map(|row| StockRow::of_site(world, row, now)).collect()
    } else {
        picture.regions.iter().map(|row| StockRow::of_region(row, now)).collect()
    }
}

/// The stock of regions or sites, by component and group.
#[utoipa::path(
    get, path = "/stock", tag = "stock", params(StockAsked),
    responses((status = 200, body = Vec<StockRow>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<StockAsked>,
) -> Result<Response, Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let filter = asked.filters().filter(&world)?;
    let by_site = asked.by_site()?;
    if asked.form().format()? != Format::Json {
        visitor.permit(&app, Action::ExportTables, &visitor.region)?;
    }
    let picture = picture(&parts(&world, now), &filter, now);
    let table = || tables::stock(visitor.words, &world, &picture, by_site);
    let file = asked.form().file("stock", visitor.words, now, table)?;
    let json = || Json(rows(&world, &picture, by_site, now)).into_response();
    Ok(file.unwrap_or_else(json))
}
