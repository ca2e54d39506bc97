//! How the process is, and what changed: for machines that watch.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::bonds::Shared as Bonds;
use samband_domain::{JournalId, Time};
use samband_engine::{Followed, World};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::ProblemDocument;
use crate::app::{App, MaybeVisitor, Problem, Visitor};

/// What changed, as it happens: server-sent events with topics, never bodies.
///
/// Each event's data is `{"topic","journal","serial"}`; topic `*` means: read everything again. It
/// comes first if what was read as of the serial `since` has changed meanwhile.
#[utoipa::path(
    get, path = "/events", tag = "events",
    params(("since" = Option<u64>, Query, description = "The serial as of which was read")),
    responses(
        (status = 200, content_type = "text/event-stream", body = String),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn events(
    State(app): State<App>,
    visitor: Visitor,
    Query(Since { since }): Query<Since>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::Follow, &visitor.region)?;
    let full = || Problem {
        retry_after: Some(30),
        ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "web.too_many_listeners")
    };
    app.live.listen(&app.engine, since).ok_or_else(full)
}

/// As of when somebody read who now listens.
#[derive(Deserialize)]
pub struct Since {
    since: Option<u64>,
}

/// Whether it works.
#[derive(Serialize, ToSchema)]
pub struct Healthy {
    /// `ok`, `degraded` (reads, but records nothing at the moment) or `stopped`.
    pub status: String,
    /// `follower`, where another process writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// How many records a follower lags behind, over all journals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<u64>,
    /// As of which record of each journal a follower answers; for those who are signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<BTreeMap<String, AsOf>>,
}

/// How far a follower has come with a journal.
#[derive(Serialize, ToSchema)]
pub struct AsOf {
    /// Epoch.
    pub epoch: u32,
    /// Last record shown.
    pub seq: u64,
    /// Records known of and not shown yet.
    pub behind: u64,
}

/// Answers 200 while everything works and 503 otherwise.
pub async fn healthz(State(app): State<App>, MaybeVisitor(visitor): MaybeVisitor) -> Response {
    let health = app.engine.health();
    let (status, word) = if health.stopped {
        (StatusCode::SERVICE_UNAVAILABLE, "stopped")
    } else if health.trouble.is_some() {
        (StatusCode::SERVICE_UNAVAILABLE, "degraded")
    } else {
        (StatusCode::OK, "ok")
    };
    let followed = app.engine.followed();
    let role = followed.as_ref().map(|_| "follower".to_owned());
    let behind = followed.as_ref().map(|all| all.iter().map(|one| one.behind).sum());
    let place = |Followed { journal, epoch, seq, behind }| {
        (journal.to_string(), AsOf { epoch, seq, behind })
    };
    let as_of =
        followed.filter(|_| visitor.is_some()).map(|all| all.into_iter().map(place).collect());
    let said = Healthy { status: word.into(), role, behind, as_of };
    (status, Json(said)).into_response()
}

/// Prometheus metrics: the process for everybody, counts only for those who are signed in.
pub async fn metrics(
    State(app): State<App>,
    MaybeVisitor(visitor): MaybeVisitor,
) -> Result<Response, Problem> {
    let health = app.engine.health();
    let mut out = String::new();
    let working = !health.stopped && health.trouble.is_none();
    gauge(&mut out, "samband_up", "Whether commands can be recorded.", "", u64::from(working));
    let version = format!("{{version=\"{}\",backend=\"{}\"}}", crate::VERSION, health.backend);
    gauge(&mut out, "samband_info", "The program.", &version, 1);
    let back = u64::from(health.clock_went_back.is_some());
    gauge(&mut out, "samband_clock_went_back", "Whether the clock ever ran back.", "", back);
    let up = u64::try_from(app.engine.now().since(app.started) / 1_000_000).unwrap_or(0);
    gauge(&mut out, "samband_uptime_seconds", "Seconds since start.", "", up);
    let follower = u64::from(app.engine.follows());
    gauge(&mut out, "samband_follower", "Whether another process writes.", "", follower);
    if let Some(visitor) = visitor {
        visitor.permit(&app, Action::SeeMetrics, &visitor.region)?;
        counts(&app, &health, &mut out);
    }
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, out).into_response())
}

fn counts(app: &App, health: &samband_engine::Health, out: &mut String) {
    let head = |out: &mut String, name: &str, help: &str, kind: &str| {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
    };
    for (name, help, value) in [
        ("samband_transactions_total", "Transactions since start.", health.transactions),
        ("samband_records_written_total", "Records written since start.", health.records),
    ] {
        head(out, name, help, "counter");
        let _ = writeln!(out, "{name} {value}");
    }
    let listening = app.live.listening() as u64;
    gauge(out, "samband_listeners", "Connections that listen.", "", listening);
    let entries = app.engine.throttled_entries() as u64;
    gauge(out, "samband_throttled", "Failed sign-ins remembered.", "", entries);
    let world = app.engine.world();
    head(out, "samband_journal_records", "Records of a journal's epoch.", "gauge");
    for journal in world.journals.values() {
        let _ = writeln!(
            out,
            "samband_journal_records{{journal=\"{}\",local=\"{}\"}} {}",
            journal.id,
            journal.is_local(),
            journal.chain.seq,
        );
    }
    if let Some(followed) = app.engine.followed() {
        let help = "Records known of that a follower does not show yet.";
        head(out, "samband_follower_behind_records", help, "gauge");
        for Followed { journal, behind, .. } in followed {
            let _ =
                writeln!(out, "samband_follower_behind_records{{journal=\"{journal}\"}} {behind}");
        }
    }
    neighbours(&world, app.engine.now(), out);
}

/// What the regions here hear of the journals they trust.
fn neighbours(world: &World, now: Time, out: &mut String) {
    let trusted: Vec<_> = world
        .locals()
        .flat_map(|region| {
            let bonds = &region.shared().bonds;
            bonds.peers.keys().map(move |journal| (&region.id, bonds, journal))
        })
        .collect();
    let mut each = |name: &str, help: &str, value: &dyn Fn(&Bonds, &JournalId) -> Option<i64>| {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (region, bonds, journal) in &trusted {
            if let Some(value) = value(bonds, journal) {
                let _ =
                    writeln!(out, "{name}{{region=\"{region}\",journal=\"{journal}\"}} {value}");
            }
        }
    };
    // A journal that was never heard has no age.
    let age = |_: &Bonds, journal: &JournalId| {
        let heard = world.journal(journal)?.as_of(now).value()?;
        Some((now.since(heard) / 1_000_000).max(0))
    };
    each(
        "samband_peer_heard_age_seconds",
        "Seconds since a trusted journal's last signed head; no line if there was none.",
        &age,
    );
    each("samband_peer_silent", "Whether it was noted as silent.", &|bonds, journal| {
        Some(bonds.silent.contains_key(journal).into())
    });
    each("samband_peer_forked", "Whether it showed two pasts, unsettled.", &|bonds, journal| {
        Some(bonds.forks.contains_key(journal).into())
    });
}

fn gauge(out: &mut String, name: &str, help: &str, labels: &str, value: u64) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name}{labels} {value}");
}
