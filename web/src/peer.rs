//! What other installations may pull: shared records, over mutual TLS, behind the one
//! authorisation.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use samband_access::{Action, Principal};
use samband_domain::{Digest, JournalId};
use samband_engine::{Engine, Page, PageHeader};
use samband_journal::{Record, Wire};
use serde::{Deserialize, Serialize};

/// Most records in one answer.
pub const PAGE_MAX: u32 = 1_000;

/// Longest that an answer is held back until there is something urgent to tell, in seconds.
pub const WAIT_MAX: u64 = 30;

/// Says in an answer's header that [`After::wait`] was heeded.
pub const HEEDED: &str = "samband-waited";

/// SHA-256 of the certificate that the other side proved to own.
#[derive(Clone, Copy, Debug)]
pub struct PeerCertificate(pub Digest);

/// The place after which records are asked for.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct After {
    /// Epoch.
    pub epoch: Option<u32>,
    /// Record in it.
    pub seq: Option<u64>,
    /// Seconds for which the answer may be held back until something urgent stands after it. An
    /// alarm reaches others in the moment in which it is durable; all else comes when the time is
    /// over.
    pub wait: Option<u64>,
}

/// The routes that the listener for other installations serves.
pub fn router(engine: Engine) -> Router {
    Router::new().route("/peer/v1/journals/{id}", get(page)).with_state(engine)
}

async fn page(
    State(engine): State<Engine>,
    Extension(certificate): Extension<PeerCertificate>,
    Path(id): Path<String>,
    Query(after): Query<After>,
) -> Response {
    let Ok(id) = JournalId::new(&id) else {
        return refuse(StatusCode::NOT_FOUND);
    };
    let Some(mut journals) = readers(&engine, &id, certificate.0) else {
        return refuse(StatusCode::FORBIDDEN);
    };
    let place = after.epoch.zip(after.seq);
    if let Some(seconds) = after.wait {
        let within = Duration::from_secs(seconds.min(WAIT_MAX));
        engine.wait_for_urgent(&id, place, within).await;
        // Trust may have ended meanwhile.
        match readers(&engine, &id, certificate.0) {
            Some(now) => journals = now,
            None => return refuse(StatusCode::FORBIDDEN),
        }
    }
    match engine.page(&id, place, PAGE_MAX, &journals).await {
        Ok(Some(page)) => {
            let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
            let mut answer = (kind, write(page)).into_response();
            if after.wait.is_some() {
                answer.headers_mut().insert(HEEDED, HeaderValue::from_static("1"));
            }
            answer
        }
        Ok(None) => refuse(StatusCode::NOT_FOUND),
        Err(error) => {
            tracing::error!(%error, "a pull failed");
            refuse(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// The journals written by an installation with this certificate, if it may pull.
fn readers(engine: &Engine, id: &JournalId, certificate: Digest) -> Option<BTreeSet<JournalId>> {
    let journals = trusted(engine, id, certificate);
    let principal = Principal::Peer { journals: journals.clone() };
    let may = engine.permit(&principal, Action::PullShared, id).is_ok();
    if !may {
        tracing::warn!(journal = %id, %certificate, "an untrusted pull was refused");
    }
    may.then_some(journals)
}

/// Whose journals the region asked about pulls from an installation with this certificate: trust
/// goes both ways or not at all.
fn trusted(engine: &Engine, region: &JournalId, certificate: Digest) -> BTreeSet<JournalId> {
    let world = engine.world();
    let Some(region) = world.local(region) else {
        return BTreeSet::new();
    };
    let reach = region.own.bonds.reach.iter();
    reach
        .filter(|(_, reach)| reach.here().is_some_and(|reach| reach.certificate == certificate))
        .map(|(journal, _)| journal.clone())
        .collect()
}

fn refuse(status: StatusCode) -> Response {
    (status, Json(serde_json::json!({ "status": status.as_u16() }))).into_response()
}

fn write(page: Page) -> String {
    let mut text = serde_json::to_string(&page.header).expect("text and integers");
    for record in page.records {
        text.push('\n');
        text.push_str(&Wire::line(record));
    }
    text
}

/// Reads what [`router`] writes.
///
/// # Errors
/// What is wrong with which line.
pub fn read(text: &str) -> Result<Page, String> {
    let mut lines = text.lines();
    let first = lines.next().ok_or("an empty answer")?;
    let header: PageHeader =
        serde_json::from_str(first).map_err(|error| format!("line 1: {error}"))?;
    let records: Result<Vec<Record>, String> = lines
        .enumerate()
        .map(|(n, line)| Wire::read(line).map_err(|error| format!("line {}: {error}", n + 2)))
        .collect();
    Ok(Page { header, records: records? })
}
