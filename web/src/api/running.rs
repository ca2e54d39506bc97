//! Whether an alarm runs: for an exercise's server, which must never speak while one does.

use axum::Json;
use axum::extract::State;
use samband_domain::alarms::model::Kind;
use samband_domain::{Mode, SharedState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;

/// Whether an alarm runs; not which, whose, or what about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RunningAlarm)]
pub struct Running {
    /// Whether one does.
    pub running: bool,
}

/// Whether an alarm runs here. Open to everybody: it tells nothing else.
#[utoipa::path(
    get, path = "/alarms/running", tag = "alarms", security(()),
    responses((status = 200, body = Running)),
)]
pub async fn see(State(app): State<App>) -> Json<Running> {
    let world = app.engine.world();
    let real = world.shared().into_iter().any(|(_, state)| runs(state));
    Json(Running { running: real })
}

/// An alarm of a real journal that somebody has yet to answer; a test of reach is none.
fn runs(state: &SharedState) -> bool {
    let mode = state.kernel.journal.as_ref().map(|facts| facts.mode);
    mode == Some(Mode::Real)
        && state
            .alarms
            .obligations
            .values()
            .any(|held| held.kind != Kind::Reach && held.kind.asks() && held.closed.is_none())
}
