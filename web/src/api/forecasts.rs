//! Joint supply: forecast against actual, and targets with what is proposed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::Known;
use samband_domain::words::Day;
use samband_planning::forecast::{LEAST_KNOWN, LIMITS, NotShown, Shown};
use samband_planning::targets::Bands;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::Query;
use super::problem::ProblemDocument;
use crate::app::plans::forecast::{beside, found, table};
use crate::app::plans::targets::{Nothing, Proposals, Row, propose, rows};
use crate::app::{App, Problem, Visitor};
use crate::pages::plans::{forecast::ForecastForm, targets::TargetsForm};

/// Which series, and how far ahead.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Series {
    /// The region; the own one, if nobody says.
    pub region: Option<String>,
    /// The site; none for the region's sites together.
    pub site: Option<String>,
    /// `red_cells` (if nobody says), `platelets`, `plasma` …
    pub component: Option<String>,
    /// The group, `o_neg` or `O-`; none for all of them together.
    pub group: Option<String>,
    /// Weeks ahead, 4 (if nobody says) to 8.
    pub weeks: Option<String>,
}

/// A site that the sum does not hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOut {
    /// The site.
    pub site: String,
    /// Days of it that are known.
    pub known_days: usize,
}

/// A series with its forecast.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForecastShown {
    /// The region.
    pub region: String,
    /// The sites that it is made of.
    pub sites: Vec<String>,
    /// Sites of the region that the sum does not hold, for too little is known of them.
    pub left_out: Vec<LeftOut>,
    /// Days known.
    pub known_days: usize,
    /// Fewest known days that a forecast is made from.
    pub needed_days: usize,
    /// What `limits` stand for, in thousandths.
    pub limits_permille: [u16; 5],
    /// `came`: the last four weeks with what had been forecast for them from the days before;
    /// `ahead`: the days ahead; `tested`: how forecasts made at earlier days did, and the model
    /// chosen by that. Null if too few days are known.
    #[schema(value_type = Option<Object>)]
    pub forecast: Option<Shown>,
}

/// See what was used against what had been forecast, and what is forecast.
#[utoipa::path(
    get, path = "/plans/forecast", tag = "plans", params(Series),
    responses(
        (status = 200, body = ForecastShown), (status = "default", body = ProblemDocument)),
)]
pub async fn forecast(
    State(app): State<App>,
    visitor: Visitor,
    Query(series): Query<Series>,
) -> Result<Json<ForecastShown>, Problem> {
    let Series { region, site, component, group, weeks } = series;
    let form = ForecastForm { region, site, component, group, weeks };
    let (world, now) = (app.engine.world(), app.engine.now());
    let asked = form.asked(&world, &visitor.region)?;
    visitor.permit(&app, Action::SeeStock, &asked.region)?;
    let journal = world.journal(&asked.region);
    let journal = journal.ok_or_else(|| Problem::not_found(asked.region.as_str()))?;
    let (of, question) = (Arc::clone(journal), asked.clone());
    let found = beside(move || found(of.shared(), &question, now)).await?;
    let known_days = match &found.shown {
        Ok(shown) => shown.known_days,
        Err(NotShown::TooFew { known, .. }) => *known,
        Err(NotShown::Stopped(_)) => 0,
    };
    let left_out = found
        .left_out
        .iter()
        .map(|one| LeftOut { site: one.site.to_string(), known_days: one.known });
    Ok(Json(ForecastShown {
        region: asked.region.to_string(),
        sites: found.sites.iter().map(ToString::to_string).collect(),
        left_out: left_out.collect(),
        known_days,
        needed_days: LEAST_KNOWN,
        limits_permille: LIMITS,
        forecast: found.shown.ok(),
    }))
}

/// Which site.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Place {
    /// The region; the own one, if nobody says.
    pub region: Option<String>,
    /// The site.
    pub site: String,
    /// `red_cells` (if nobody says), `platelets` …
    pub component: Option<String>,
    /// Days from an order until its units lie there, 1 to 14; 7 for red cells and 2 for anything
    /// else, if nobody says. An assumption.
    pub lead: Option<String>,
}

/// What is set for a line, and what lies there.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetRow {
    /// The group; null for all of them together.
    pub group: Option<String>,
    /// Units free now; null is unknown.
    pub units: Option<u32>,
    /// Units used a day lately, in thousandths; null is unknown.
    pub milli_per_day: Option<u64>,
    /// `fill_to`, `green_from`, `amber_from`, `basis`; null if nothing is set.
    #[schema(value_type = Option<Object>)]
    pub target: Option<samband_domain::plans::model::Target>,
    /// When it was set.
    pub set_at: Option<String>,
    /// By whom.
    pub set_by: Option<String>,
    /// Its record.
    pub record: Option<String>,
    /// `green`, `amber` or `red`; null if nothing is set or the stock is unknown.
    pub light: Option<String>,
}

/// A target that is proposed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposedTarget {
    /// The group; null for all of them together.
    pub group: Option<String>,
    /// Units to fill up to, with those on their way.
    pub fill_to: usize,
    /// Fewer units are amber.
    pub green_from: usize,
    /// Fewer units are red.
    pub amber_from: usize,
    /// Units asked for that are issued, per cent.
    pub service_percent: f64,
    /// Units that expire, per cent of those that come.
    pub wastage_percent: f64,
    /// Units given of another group, per cent; null where groups are reckoned together.
    pub substituted_percent: Option<f64>,
}

/// Targets of a site, with what is proposed.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetsShown {
    /// All groups together first, then each group.
    pub rows: Vec<TargetRow>,
    /// What is proposed; empty if nothing is.
    pub proposed: Vec<ProposedTarget>,
    /// Groups of which too little is known for a proposal.
    pub unknown_groups: Vec<String>,
    /// Why nothing is proposed: the code of a missing rule, or `plan.too_few_days`,
    /// `plan.no_model`, `plan.too_much`.
    pub nothing: Option<String>,
    /// The rule that says how long it keeps.
    pub rule: Option<String>,
    /// How many days it keeps by that rule.
    pub keeps_days: Option<usize>,
    /// Days from an order until its units lie there.
    pub lead_days: usize,
}

/// See what should lie at a site, what lies there, and what is proposed.
#[utoipa::path(
    get, path = "/plans/targets", tag = "plans", params(Place),
    responses((status = 200, body = TargetsShown), (status = "default", body = ProblemDocument)),
)]
pub async fn targets(
    State(app): State<App>,
    visitor: Visitor,
    Query(place): Query<Place>,
) -> Result<Json<TargetsShown>, Problem> {
    let Place { region, site, component, lead } = place;
    let named = site.clone();
    let form = TargetsForm::of(region, site, component, lead);
    let (world, now) = (app.engine.world(), app.engine.now());
    let asked = form.asked(&world, &visitor.region)?;
    visitor.permit(&app, Action::SeeStock, &asked.region)?;
    let journal = world.journal(&asked.region);
    let journal = journal.ok_or_else(|| Problem::not_found(asked.region.as_str()))?;
    let site = asked.site.clone().ok_or_else(|| Problem::not_found(named))?;
    let (of, component, lead) = (Arc::clone(journal), asked.component, asked.lead);
    let (rows, found) = beside(move || {
        let whole = table(of.shared(), Day::of(now));
        let rows = rows(&of, whole.as_ref(), (&site, component), now);
        (rows, propose(&of, (&site, component), lead, now))
    })
    .await?;
    Ok(Json(answer(&rows, found, lead)))
}

fn answer(rows: &[Row], found: Result<Proposals, Nothing>, lead_days: usize) -> TargetsShown {
    let mut answer = TargetsShown {
        rows: rows.iter().map(row).collect(),
        proposed: Vec::new(),
        unknown_groups: Vec::new(),
        nothing: None,
        rule: None,
        keeps_days: None,
        lead_days,
    };
    match found {
        Ok(found) => {
            answer.proposed = found.lines.iter().map(proposed).collect();
            answer.unknown_groups = found.unknown.iter().map(|one| one.as_str().into()).collect();
            answer.rule = Some(found.rule.to_string());
            answer.keeps_days = Some(found.keeps_days);
        }
        Err(Nothing::Rule(refusal)) => {
            answer.nothing = Some(refusal.kind.code.to_owned());
            answer.rule = refusal.facts.get("key").cloned();
        }
        Err(Nothing::TooFew { .. }) => answer.nothing = Some("plan.too_few_days".into()),
        Err(Nothing::Component) => answer.nothing = Some("plan.no_model".into()),
        Err(Nothing::TooMuch) => answer.nothing = Some("plan.too_much".into()),
    }
    answer
}

fn row(row: &Row) -> TargetRow {
    let held = row.held.as_ref();
    TargetRow {
        group: row.line.group.map(|group| group.as_str().into()),
        units: row.units.value(),
        milli_per_day: row.milli.value(),
        target: held.map(|held| held.target.clone()),
        set_at: held.map(|held| held.said.to_string()),
        set_by: held.and_then(|held| Some(held.by.as_ref()?.to_string())),
        record: held.map(|held| held.at.hash.to_string()),
        light: row.light.and_then(Known::value).map(|light| light.as_str().into()),
    }
}

fn proposed(one: &crate::app::plans::targets::Proposed) -> ProposedTarget {
    let Bands { level, amber_below, red_below, .. } = one.bands;
    ProposedTarget {
        group: one.line.group.map(|group| group.as_str().into()),
        fill_to: level,
        green_from: amber_below,
        amber_from: red_below,
        service_percent: one.service_percent,
        wastage_percent: one.wastage_percent,
        substituted_percent: one.substituted_percent,
    }
}
