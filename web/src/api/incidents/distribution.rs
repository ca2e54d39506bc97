//! Where casualties and patients go, as programs read it: the proposals that the pages show.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::Known;
use samband_domain::readiness::model::CareKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::api::input::{At, Query};
use crate::api::problem::ProblemDocument;
use crate::app::incident::distribution as primary;
use crate::app::incident::secondary::{self as moves, CARE, Way};
use crate::app::incident::{self, find};
use crate::app::{App, Problem, Visitor};

/// What the proposal from the scene is asked with.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DistributionAsked {
    /// Immediate, where the situation report does not say.
    pub p1: Option<u32>,
    /// Urgent.
    pub p2: Option<u32>,
    /// Delayed.
    pub p3: Option<u32>,
    /// Minutes from the scene: `lund:15,malmo:25`.
    pub minutes: Option<String>,
}

/// What the proposal of moves is asked with.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MovesAsked {
    /// The hospital that they are moved from: `skane/lund`.
    pub from: Option<String>,
    /// Patients of intensive care.
    pub intensive_care: Option<u32>,
    /// Children of intensive care.
    pub childrens_intensive_care: Option<u32>,
    /// Patients with burns.
    pub burns: Option<u32>,
    /// Patients of wards.
    pub ward: Option<u32>,
    /// Ward patients who go home, by region: `uppsala:2,dalarna:1`.
    pub home: Option<String>,
    /// Minutes to hospitals: `uppsala/aka:66`. They stand before the timetable.
    pub minutes: Option<String>,
}

/// A hospital's way.
#[derive(Debug, Serialize, ToSchema)]
pub struct WayTo {
    /// Region and site: `uppsala/aka`.
    pub hospital: String,
    /// Minutes; null is unknown, and leaves it out.
    pub minutes: Option<u32>,
    /// `typed`, `timetable` or `unknown`.
    pub source: String,
    /// When its report of places was so.
    pub valid: String,
}

/// A proposal.
#[derive(Debug, Serialize, ToSchema)]
pub struct DistributionProposal {
    /// Hospitals that have reported, with how far they are.
    pub ways: Vec<WayTo>,
    /// The question as `samband distribute` takes it; null while something it needs is not known.
    #[schema(value_type = Option<Object>)]
    pub instance: Option<Value>,
    /// The answer as `samband distribute --json` prints it; null while there is none. It says
    /// nothing of survivors.
    #[schema(value_type = Option<Object>)]
    pub plan: Option<Value>,
    /// Why the question cannot be solved.
    pub unsolved: Option<String>,
}

/// `lund:15,malmo:25`.
fn numbers(text: Option<&str>, name: &'static str) -> Result<BTreeMap<String, u32>, Problem> {
    let one = |pair: &str| {
        let (key, number) = pair.rsplit_once(':').ok_or_else(|| Problem::malformed(name))?;
        let number = number.trim().parse().map_err(|_| Problem::malformed(name))?;
        Ok((key.trim().to_owned(), number))
    };
    let text = text.unwrap_or_default().split(',').map(str::trim);
    text.filter(|pair| !pair.is_empty()).map(one).collect()
}

fn told<T: Serialize>(plan: Option<Result<T, String>>) -> (Option<Value>, Option<String>) {
    match plan {
        Some(Ok(plan)) => (serde_json::to_value(plan).ok(), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    }
}

/// Where casualties go from the scene: a proposal by capacity and time.
#[utoipa::path(
    get, path = "/incidents/{issuer}/{id}/distribution", tag = "incidents",
    params(("issuer" = String, Path), ("id" = String, Path), DistributionAsked),
    responses(
        (status = 200, body = DistributionProposal), (status = "default", body = ProblemDocument),
    ),
)]
pub async fn distribution(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, id)): At<(String, String)>,
    Query(asked): Query<DistributionAsked>,
) -> Result<Json<DistributionProposal>, Problem> {
    let (world, now) = incident::now(&app);
    let found = find(&world, &issuer, &id)?;
    visitor.permit(&app, Action::SeeAlarms, &found.journal.id)?;
    let asked = primary::Asked {
        minutes: numbers(asked.minutes.as_deref(), "minutes")?,
        counts: [asked.p1, asked.p2, asked.p3],
    };
    let all = primary::propose(&world, found, &asked, now);
    let instance = all.instance(&world);
    let way = |one: &primary::Hospital| WayTo {
        hospital: moves::address(&one.region, &one.site),
        minutes: one.minutes.value(),
        source: if one.minutes == Known::Unknown { "unknown" } else { "typed" }.to_owned(),
        valid: one.valid.to_string(),
    };
    let ways = all.hospitals.iter().map(way).collect();
    let (plan, unsolved) = told(all.plan);
    Ok(Json(DistributionProposal { ways, instance, plan, unsolved }))
}

/// Who is moved between hospitals: a proposal by places and time.
#[utoipa::path(
    get, path = "/incidents/{issuer}/{id}/distribution/secondary", tag = "incidents",
    params(("issuer" = String, Path), ("id" = String, Path), MovesAsked),
    responses(
        (status = 200, body = DistributionProposal), (status = "default", body = ProblemDocument),
    ),
)]
pub async fn secondary(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, id)): At<(String, String)>,
    Query(asked): Query<MovesAsked>,
) -> Result<Json<DistributionProposal>, Problem> {
    let (world, now) = incident::now(&app);
    let found = find(&world, &issuer, &id)?;
    visitor.permit(&app, Action::SeeAlarms, &found.journal.id)?;
    let count = |kind| match kind {
        CareKind::IntensiveCare => asked.intensive_care,
        CareKind::ChildrensIntensiveCare => asked.childrens_intensive_care,
        CareKind::Burns => asked.burns,
        CareKind::Ward => asked.ward,
        CareKind::Emergency | CareKind::Theatre => None,
    };
    let asked = moves::Asked {
        counts: CARE.into_iter().filter_map(|kind| Some((kind, count(kind)?))).collect(),
        home: numbers(asked.home.as_deref(), "home")?,
        minutes: numbers(asked.minutes.as_deref(), "minutes")?,
        from: asked.from.clone(),
    };
    let all = moves::propose(&world, found, &asked, now);
    let instance = all.instance();
    let way = |one: &moves::Hospital| WayTo {
        hospital: one.address(),
        minutes: one.way.minutes(),
        source: match one.way {
            Way::Typed(_) => "typed",
            Way::Timetable { .. } => "timetable",
            Way::Unknown => "unknown",
        }
        .to_owned(),
        valid: one.valid.to_string(),
    };
    let ways = all.hospitals.iter().map(way).collect();
    let (plan, unsolved) = told(all.plan);
    Ok(Json(DistributionProposal { ways, instance, plan, unsolved }))
}
