//! Joint or alone: ask, see how far it is, fetch, stop.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use samband_access::Action;
use samband_planning::simulate::five::{Beside, FIVE, whole};
use samband_planning::simulate::report::Report;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::{Body, Query};
use super::problem::ProblemDocument;
use crate::app::jobs::Standing;
use crate::app::joint::{Answer, Asked, Form};
use crate::app::{App, Problem, Visitor};

/// What is asked. Left out, everything is as the shipped scenario says.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct JointQuestion {
    /// Price of a unit over 100 km, in kronor.
    pub price: Option<u32>,
    /// Days of red cells that a region keeps for itself.
    pub floor: Option<u32>,
    /// `today`, or a variant of the scenario: `less_demand`, `older_population`, `fewer_donors`,
    /// `lost_site`, `closed_road`, `mass_casualty`.
    pub scenario: Option<String>,
    /// What the five figures hold beside each region for itself: `priced` or `joint`.
    pub against: Option<String>,
    /// Who calls whom where the supply is joint: `pooled` or `local`.
    pub callup: Option<String>,
    /// Years that count.
    pub years: Option<u32>,
    /// Replications.
    pub replications: Option<u32>,
    /// What all is drawn from.
    pub seed: Option<u64>,
    /// `true`: the small answer that comes at once, in place of the large one.
    pub quick: Option<bool>,
}

impl JointQuestion {
    fn asked(&self) -> Result<Asked, Problem> {
        let text = |n: Option<u32>| n.map(|n| n.to_string());
        let form = Form {
            price: text(self.price),
            floor: text(self.floor),
            scenario: self.scenario.clone(),
            against: self.against.clone(),
            callup: self.callup.clone(),
            years: text(self.years),
            replications: text(self.replications),
            seed: self.seed.map(|seed| seed.to_string()),
            ..Form::default()
        };
        form.asked()
    }
}

/// How a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JointState {
    /// Nobody asked it, it was stopped, or its answer was forgotten.
    Unasked,
    /// Others are before it.
    Waiting,
    /// It is being computed.
    Running,
    /// There is an answer.
    Done,
    /// There is none; `problem` says why.
    Failed,
}

/// How a question stands, with its answer when there is one.
#[derive(Debug, Serialize, ToSchema)]
pub struct JointAnswer {
    /// How it stands.
    pub state: JointState,
    /// How many are before it; null if it does not wait.
    pub ahead: Option<usize>,
    /// Steps done; null if it does not run.
    pub done: Option<u64>,
    /// Steps of the whole; null if nobody knows yet.
    pub whole: Option<u64>,
    /// When it began, or when the answer was ready.
    pub at: Option<String>,
    /// The command that gives the same figures.
    pub command: String,
    /// The five figures beside each other, with what may be said of the difference.
    #[schema(value_type = Option<Vec<Object>>)]
    pub five: Option<Vec<Beside>>,
    /// The whole answer, as `samband simulate --json` prints it.
    #[schema(value_type = Option<Object>)]
    pub answer: Option<Report>,
    /// Why there is no answer.
    pub problem: Option<String>,
}

impl JointAnswer {
    fn empty(state: JointState, command: String) -> Self {
        Self {
            state,
            ahead: None,
            done: None,
            whole: None,
            at: None,
            command,
            five: None,
            answer: None,
            problem: None,
        }
    }

    fn of(asked: &Asked, found: &Answer) -> Self {
        let command = found.question.command("sodra");
        let at = Some(found.at.to_string());
        match found.report.as_ref() {
            Err(problem) => Self {
                problem: Some(problem.clone()),
                at,
                ..Self::empty(JointState::Failed, command)
            },
            Ok(report) => {
                let cases = report.case("self").zip(report.case(asked.against));
                let five = cases.map(|(alone, other)| {
                    let keys = FIVE.iter().flat_map(|keys| keys.iter());
                    keys.filter_map(|key| whole(key, alone, other)).collect()
                });
                let answer = Some(report.clone());
                Self { five, answer, at, ..Self::empty(JointState::Done, command) }
            }
        }
    }

    fn standing(app: &App, asked: &Asked) -> Self {
        let question = asked.question();
        let command = question.command("sodra");
        match app.joint_standing(asked) {
            Standing::Unasked => Self::empty(JointState::Unasked, command),
            Standing::Waiting { ahead } => {
                Self { ahead: Some(ahead), ..Self::empty(JointState::Waiting, command) }
            }
            Standing::Running { so_far: (done, whole), since } => Self {
                done: Some(done),
                whole: Some(whole).filter(|whole| *whole > 0),
                at: Some(since.to_string()),
                ..Self::empty(JointState::Running, command)
            },
            Standing::Done { answer, at } => {
                let found = Answer { question, report: answer, at, quick: false };
                Self::of(asked, &found)
            }
        }
    }
}

fn full() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "web.line_full")
}

/// See how a question stands, with its answer when there is one.
#[utoipa::path(
    get, path = "/plans/joint", tag = "plans", params(JointQuestion),
    responses((status = 200, body = JointAnswer), (status = "default", body = ProblemDocument)),
)]
pub async fn see(
    State(app): State<App>,
    visitor: Visitor,
    Query(question): Query<JointQuestion>,
) -> Result<Json<JointAnswer>, Problem> {
    visitor.permit(&app, Action::SeePicture, &visitor.region)?;
    let asked = question.asked()?;
    if question.quick != Some(true) {
        return Ok(Json(JointAnswer::standing(&app, &asked)));
    }
    let found = app.joint_answer(&asked).await.ok_or_else(full)?;
    Ok(Json(JointAnswer::of(&asked, &found)))
}

/// Ask a question: it waits in the line of long computations. Asked again, nothing is computed
/// twice.
#[utoipa::path(
    post, path = "/plans/joint", tag = "plans", request_body = JointQuestion,
    responses((status = 200, body = JointAnswer), (status = "default", body = ProblemDocument)),
)]
pub async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    Body(question): Body<JointQuestion>,
) -> Result<Json<JointAnswer>, Problem> {
    visitor.permit(&app, Action::RunSimulation, &visitor.region)?;
    let asked = question.asked()?;
    app.joint_ask(&asked).map_err(|_| full())?;
    Ok(Json(JointAnswer::standing(&app, &asked)))
}

/// Stop a question, waiting or running: nothing of it is kept.
#[utoipa::path(
    post, path = "/plans/joint/stop", tag = "plans", request_body = JointQuestion,
    responses((status = 200, body = JointAnswer), (status = "default", body = ProblemDocument)),
)]
pub async fn stop(
    State(app): State<App>,
    visitor: Visitor,
    Body(question): Body<JointQuestion>,
) -> Result<Json<JointAnswer>, Problem> {
    visitor.permit(&app, Action::RunSimulation, &visitor.region)?;
    let asked = question.asked()?;
    app.joint_stop(&asked);
    Ok(Json(JointAnswer::standing(&app, &asked)))
}
