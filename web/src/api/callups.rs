//! The call-up plan: whom to invite in the weeks to come, and weeks that were adopted. It counts
//! donors and names nobody.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::plans::Command;
use samband_domain::plans::model::{CallBasis, CallWeek};
use samband_domain::plans::view::follow;
use samband_planning::callup::report::Report;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, submit};
use super::input::{Body, Key, Query};
use super::problem::ProblemDocument;
use crate::app::jobs::Standing;
use crate::app::plans::callup::LeftOut;
use crate::app::{App, Problem, Visitor};
use crate::pages::plans::callups::{PlanForm, standing};

/// How long an answer waits for a plan before it says how far that is.
const PATIENCE: Duration = Duration::from_secs(20);

/// Which plan.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `local` (each region's donors give for the region) or `pooled` (all give for all).
    pub pooling: Option<String>,
    /// Smallest ratio of donations per donor between the least and the most used region, in per
    /// cent; 0 is none.
    pub band: Option<String>,
    /// The part of each region's need to be met, in per cent; in proportion to how many of its
    /// active donors are on record, if nobody says.
    pub need: Option<String>,
}

/// A region as the plan counts with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionIn {
    /// The region.
    pub region: String,
    /// Donors that the plan counts with.
    pub donors: u32,
    /// Active donors by the region's own figure; null is unknown.
    pub active: Option<u64>,
    /// Units of red cells needed a week, the mean of the weeks.
    pub weekly: f64,
    /// The same week by week, as the plan asks for it: stock below its target or above it is in it,
    /// the part and adopted weeks are not.
    pub weeks: Vec<f64>,
    /// `forecast`, `used` or `stated`.
    pub need: String,
    /// Of a forecast: with this probability, in per cent, what is asked for lasts through each
    /// week's end; null of other sources.
    pub sure: Option<u8>,
    /// The first day of what the need rests on.
    pub need_from: String,
    /// The last day of it: how old it is.
    pub need_through: String,
    /// Who says so; none where the region's own record does.
    pub need_sources: Vec<String>,
    /// Units lacking to targets of stock, asked for over the first weeks.
    pub lacking: u32,
    /// Units above targets of stock, which serve first.
    pub above: u32,
    /// Groups at places with a target whose stock nobody knows.
    pub blind: u32,
    /// The part of it that the plan is to meet, in thousandths.
    pub need_permille: u16,
    /// When its donors were counted; null is now.
    pub counted: Option<String>,
    /// Kinds of donors whose number is too small to be told.
    pub hidden: u32,
}

/// An adopted week, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Week {
    /// Its Monday.
    pub week: String,
    /// Invitations that were planned.
    pub planned: u32,
    /// Donors on lists.
    pub listed: u32,
    /// Called.
    pub called: u32,
    /// Said yes.
    pub yes: u32,
    /// Have or had an appointment.
    pub booked: u32,
    /// Came.
    pub came: u32,
    /// Were deferred.
    pub deferred: u32,
    /// The lists to work off.
    pub lists: Vec<String>,
}

/// How a plan stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanSaid {
    /// `done`, `running`, `waiting` or `stopped`.
    pub standing: String,
    /// The weeks of the own region as `adopt` takes them.
    #[schema(value_type = Vec<Object>)]
    pub weeks: Vec<CallWeek>,
    /// What they rest on, as `adopt` takes it; null while there is no plan.
    #[schema(value_type = Object)]
    pub rests: Option<CallBasis>,
    /// The plan in numbers: how near to the best it is for certain, what is expected, the bus'
    /// visits, what binds.
    #[schema(value_type = Object)]
    pub report: Option<Report>,
    /// The regions in it.
    pub regions: Vec<RegionIn>,
    /// What is not in it: regions, places and donors, each with why.
    pub left_out: Vec<String>,
    /// Weeks that were adopted.
    pub adopted: Vec<Week>,
}

fn left_out(one: &LeftOut) -> String {
    match one {
        LeftOut::Untold(region) => format!("donors_untold {region}"),
        LeftOut::NeedUnknown(region) => format!("need_unknown {region}"),
        LeftOut::NoRule(region, refusal) => format!("{} {region}", refusal.kind.code),
        LeftOut::NoSession(region, site, donors) => format!("no_session {region} {site} {donors}"),
        LeftOut::NoSessions(region) => format!("no_session {region}"),
        LeftOut::Donors(gap, donors) => format!("donors_{gap} {donors}"),
    }
}

/// The call-up plan of the weeks to come, with the weeks adopted. A plan that takes long is
/// answered with its standing: ask again.
#[utoipa::path(
    get, path = "/plans/call-ups", tag = "plans", params(Asked),
    responses((status = 200, body = PlanSaid), (status = "default", body = ProblemDocument)),
)]
pub async fn call_ups(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<PlanSaid>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let asked = PlanForm::new(asked.pooling, asked.band, asked.need).asked()?;
    let (_, standing) = standing(&app, &visitor, asked, PATIENCE).await?;
    let mut said = PlanSaid {
        standing: String::new(),
        weeks: Vec::new(),
        rests: None,
        report: None,
        regions: Vec::new(),
        left_out: Vec::new(),
        adopted: adopted(&app, &visitor),
    };
    let name = match standing {
        Standing::Unasked => "stopped",
        Standing::Waiting { .. } => "waiting",
        Standing::Running { .. } => "running",
        Standing::Done { answer, .. } => {
            let found = answer.as_ref().as_ref().map_err(|_| Problem::broken())?;
            said.weeks.clone_from(&found.weeks);
            said.rests = Some(found.rests.clone());
            said.report.clone_from(&found.report);
            said.left_out = found.from.left_out.iter().map(left_out).collect();
            said.regions = found.from.regions.iter().map(region).collect();
            "done"
        }
    };
    said.standing = name.to_owned();
    Ok(Json(said))
}

fn region(one: &crate::app::plans::callup::RegionFacts) -> RegionIn {
    use crate::app::plans::callup::{Need, SURE};
    let need = &one.need;
    RegionIn {
        region: one.region.to_string(),
        donors: one.donors,
        active: one.active,
        weekly: need.weekly(),
        weeks: need.weeks.iter().map(|week| week.iter().sum()).collect(),
        need: need.by.as_str().to_owned(),
        sure: (need.by == Need::Forecast).then_some(SURE),
        need_from: need.from.to_string(),
        need_through: need.through.to_string(),
        need_sources: need.sources.clone(),
        lacking: need.refill.lacking,
        above: need.refill.above,
        blind: need.refill.blind,
        need_permille: one.need_permille,
        counted: one.counted.map(|at| at.to_string()),
        hidden: one.hidden,
    }
}

fn adopted(app: &App, visitor: &Visitor) -> Vec<Week> {
    let world = app.engine.world();
    let Some(own) = world.local(&visitor.region) else { return Vec::new() };
    let weeks = own.own.plans.drawn.iter();
    let followed = weeks.filter_map(|(week, held)| Some((week, held, follow(own, *week)?)));
    followed
        .map(|(week, held, follow)| Week {
            week: week.to_string(),
            planned: follow.planned,
            listed: follow.sum.listed,
            called: follow.sum.called,
            yes: follow.sum.yes,
            booked: follow.sum.booked,
            came: follow.sum.came,
            deferred: follow.sum.deferred,
            lists: held.lists.iter().map(ToString::to_string).collect(),
        })
        .collect()
}

/// Weeks to adopt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adopt {
    /// At most four weeks, as the plan states them.
    #[schema(value_type = Vec<Object>)]
    pub weeks: Vec<CallWeek>,
    /// What they rest on, as the plan states it.
    #[schema(value_type = Object)]
    pub rests: CallBasis,
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Adopt weeks of the plan: donors are drawn by the region's rules and put on call-up lists by the
/// same decision.
#[utoipa::path(
    post, path = "/plans/call-ups/adopt", tag = "plans", request_body = Adopt,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn adopt(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Adopt>,
) -> Result<Json<Done>, Problem> {
    let Adopt { weeks, rests, note } = body;
    submit(&app, &visitor, key, Command::AdoptCallUps { weeks, rests, note }).await
}

/// A week to take back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Its Monday.
    pub week: String,
    /// Why; it stays in the region.
    pub reason: String,
}

/// Take back an adopted week that has not begun; its lists are closed.
#[utoipa::path(
    post, path = "/plans/call-ups/withdraw", tag = "plans", request_body = Withdraw,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Withdraw>,
) -> Result<Json<Done>, Problem> {
    let week = body.week.parse().map_err(|_| Problem::malformed("week"))?;
    submit(&app, &visitor, key, Command::WithdrawCallUp { week, reason: body.reason }).await
}

/// Tell other regions how many donors can be called: rounded down to fives, small numbers unknown.
#[utoipa::path(
    post, path = "/plans/call-ups/tell", tag = "plans",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn tell(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::TellStrata).await
}
