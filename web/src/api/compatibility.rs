//! Who can receive what, by the rules of each region.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::rulesets::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use super::input::Query;
use super::problem::ProblemDocument;
use crate::app::compatible::{Answer, Asked, RuleSetUsed, columns};
use crate::app::{App, Problem, Visitor};

/// The answers by one region's rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionAnswers {
    /// Region.
    pub region: String,
    /// The rule set in force; null if there is none, and then every regional rule is missing.
    pub rule_set: Option<RuleSetUsed>,
    /// One answer for each group asked about.
    pub donors: Vec<Answer>,
}

/// Who can receive what.
#[derive(Debug, Serialize, ToSchema)]
pub struct Compatibility {
    /// Component.
    pub component: String,
    /// The recipient's group; null is unknown.
    pub recipient: Option<String>,
    /// Whether it was judged as an emergency.
    pub emergency: bool,
    /// By region.
    pub regions: Vec<RegionAnswers>,
}

/// Which groups somebody may get, in which order, and why, by each region's rules. Nobody is named
/// in the question, and it is not kept.
#[utoipa::path(
    get, path = "/compatibility", tag = "blood", params(Asked),
    responses(
        (status = 200, body = Compatibility),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<Compatibility>, Problem> {
    visitor.permit(&app, Action::SeeRuleSets, &visitor.region)?;
    let question = asked.read().map_err(|wrong| {
        let all: Vec<_> = wrong.iter().map(ToString::to_string).collect();
        Problem::malformed(all.join("; "))
    })?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let columns = columns(&world, &asked.region).map_err(Problem::not_found)?;
    let answers = |journal: &samband_engine::Journal| {
        let set = journal.shared().rulesets.in_force(Scope::Blood, now);
        RegionAnswers {
            region: journal.id.to_string(),
            rule_set: set.map(RuleSetUsed::of),
            donors: question.answers(set),
        }
    };
    Ok(Json(Compatibility {
        component: question.component.to_string(),
        recipient: question.recipient.group.value().map(|group| group.as_str().to_owned()),
        emergency: question.is_emergency(),
        regions: columns.into_iter().map(answers).collect(),
    }))
}
