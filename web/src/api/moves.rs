//! The daily transfer plan: who could send what to whom, why, and what it rests on.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::Known;
use samband_domain::plans::model::{Place, Proposal};
use samband_planning::transfer::Outcome;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::Query;
use super::problem::ProblemDocument;
use crate::app::plans::transfer::{self, COSTS, Found, Left, Move, Net, Row, asked};
use crate::app::{App, Problem, Visitor};

/// What is planned for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlanAsked {
    /// `red_cells` (if nobody says), `platelets`, `plasma` …
    pub component: Option<String>,
    /// Days ahead, 3 to 7; 5 if nobody says.
    pub days: Option<String>,
    /// Kronor for a box; 350 if nobody says.
    pub price: Option<String>,
}

/// One proposal.
#[derive(Debug, Serialize, ToSchema)]
pub struct Proposed {
    /// As it is accepted: give it back to `/plans/accept`.
    #[schema(value_type = Object)]
    pub proposal: Proposal,
    /// Whether somebody telephones, as another system keeps the sender's record.
    pub by_telephone: bool,
    /// What would be different without just this departure, all regions together.
    #[schema(value_type = Object)]
    pub without: Net,
}

/// What all proposals of one group do together.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfGroup {
    /// The group.
    pub group: String,
    /// Units that are moved.
    pub units: i64,
    /// What would be different without any of them, all regions together.
    #[schema(value_type = Object)]
    pub without: Net,
}

/// A group at a place of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedGroup {
    /// The group.
    pub group: String,
    /// Units there now.
    pub units: i64,
    /// Units needed a day, in thousandths.
    pub milli_per_day: u64,
    /// Where that comes from: `forecast`, `used`, `stated`, `shared` (assumed).
    pub need: &'static str,
}

/// A place that the plan covers.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedPlace {
    /// Its region.
    pub region: String,
    /// The site.
    pub site: String,
    /// The other system that told its stock; null where the region's record holds it.
    pub system: Option<String>,
    /// As of when the stock is known; null is unknown.
    pub as_of: Option<String>,
    /// Whether that is too old to lean on.
    pub stale: bool,
    /// Groups whose stock and need are both known.
    pub groups: Vec<PlannedGroup>,
}

/// Groups of a place that the plan leaves out: counted neither as stock nor as need.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LeftOutMove)]
pub struct LeftOut {
    /// Its region.
    pub region: String,
    /// The site.
    pub site: String,
    /// What nobody knows: `stock` or `need`.
    pub unknown: &'static str,
    /// Of which groups.
    pub groups: Vec<String>,
}

/// Units counted beside what lies there.
#[derive(Debug, Serialize, ToSchema)]
pub struct BesideStock {
    /// On their way, and counted from the day they are expected.
    pub coming: u32,
    /// Late, and not counted.
    pub late: u32,
    /// Somebody said yes to them: counted as moved.
    pub agreed: u32,
}

/// The plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransferPlan {
    /// Of what.
    pub component: String,
    /// Days ahead.
    pub days: usize,
    /// When it was made.
    pub made: String,
    /// Proposals by when they leave; null where no plan can be made.
    pub proposals: Option<Vec<Proposed>>,
    /// What each group's proposals do together, the most urgent first.
    pub groups: Vec<OfGroup>,
    /// What the plan leaves undone; null where no plan can be made.
    #[schema(value_type = Object)]
    pub outcome: Option<Outcome>,
    /// The same if nobody moved anything.
    #[schema(value_type = Object)]
    pub alone: Option<Outcome>,
    /// The places it covers.
    pub places: Vec<PlannedPlace>,
    /// What it leaves out.
    pub left_out: Vec<LeftOut>,
    /// What was counted beside what lies there.
    pub beside: BesideStock,
    /// Departures within the horizon.
    pub departures: usize,
    /// Weights in öre for one unit, assumed until regions agree: a shortage, an expiry, a unit
    /// below minimum stock for a day, a step to another group.
    pub weights_ore: [i64; 4],
}

/// See who could send what to whom in the days to come, why, and what that rests on.
#[utoipa::path(
    get, path = "/plans/transfers", tag = "plans", params(PlanAsked),
    responses((status = 200, body = TransferPlan), (status = "default", body = ProblemDocument)),
)]
pub async fn transfers(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<PlanAsked>,
) -> Result<Json<TransferPlan>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let PlanAsked { component, days, price } = &said;
    let asked = asked(component.as_deref(), days.as_deref(), price.as_deref())?;
    let found = transfer::plan(&app.engine.world(), asked, app.engine.now()).map_err(|error| {
        Problem::unprocessable("web.plan_impossible").fact("detail", error.to_string())
    })?;
    Ok(Json(told(found)))
}

fn told(found: Found) -> TransferPlan {
    let of_group = |one: &transfer::Together| OfGroup {
        group: one.group.as_str().to_owned(),
        units: one.units,
        without: one.net.clone(),
    };
    let beside = found.beside;
    let moves = found.plan.as_ref().map(|_| found.moves.into_iter().map(proposed).collect());
    TransferPlan {
        component: found.asked.component.to_string(),
        days: found.asked.days,
        made: found.made.to_string(),
        proposals: moves,
        groups: found.groups.iter().map(of_group).collect(),
        alone: found.plan.as_ref().map(|plan| plan.alone.clone()),
        outcome: found.plan.map(|plan| plan.outcome),
        places: found.rows.iter().map(place).collect(),
        left_out: found.left.iter().map(left).collect(),
        beside: BesideStock { coming: beside.coming, late: beside.late, agreed: beside.agreed },
        departures: found.departures,
        weights_ore: [COSTS.shortage, COSTS.expiry, COSTS.below_minimum, COSTS.substitution],
    }
}

fn proposed(one: Move) -> Proposed {
    Proposed { proposal: one.proposal, by_telephone: one.by_telephone, without: one.alone }
}

fn ids(place: &Place) -> (String, String) {
    (place.region.to_string(), place.site.to_string())
}

fn place(row: &Row) -> PlannedPlace {
    let (region, site) = ids(&row.place);
    let groups = row.groups.iter().map(|one| PlannedGroup {
        group: one.group.as_str().to_owned(),
        units: one.units,
        milli_per_day: one.milli,
        need: one.need.as_str(),
    });
    PlannedPlace {
        region,
        site,
        system: row.system.clone(),
        as_of: match row.as_of {
            Known::Value(as_of) => Some(as_of.to_string()),
            Known::Unknown => None,
        },
        stale: row.stale,
        groups: groups.collect(),
    }
}

fn left(one: &Left) -> LeftOut {
    let (region, site) = ids(&one.place);
    let groups = one.groups.iter().map(|group| group.as_str().to_owned()).collect();
    LeftOut { region, site, unknown: one.unknown.as_str(), groups }
}
