//! Neighbours: journals of other installations that the own region trusts.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::bonds::{Command, Peer, Reach};
use samband_domain::words::PublicKey;
use samband_domain::{Digest, JournalId, Mode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::agreements::Why;
use super::answer::{Done, Form, Format, Place, submit};
use super::input::{At, Body, Key, Query};
use super::problem::ProblemDocument;
use crate::app::card::{disputed_by, trusted_key};
use crate::app::{App, Problem, Visitor};
use crate::tables;

/// A neighbour.
#[derive(Debug, Serialize, ToSchema)]
pub struct Neighbour {
    /// Its journal.
    pub journal: String,
    /// Name, once its journal was read.
    pub name: Option<String>,
    /// Mode.
    pub mode: String,
    /// The key that is trusted.
    pub key: String,
    /// As of when its state is known here; null is unknown.
    pub as_of: Option<String>,
    /// The last record verified here.
    pub head: Option<Place>,
    /// Whether it has fallen silent.
    pub silent: bool,
    /// What does not fit, if it showed two pasts: nothing more is pulled until that is settled.
    pub fork: Option<String>,
    /// Records lost when it was restored.
    pub lost: Option<u64>,
    /// Other regions of this installation that trust it by another key: it is believed by one key
    /// only, so somebody is wrong.
    pub disputed_by: Vec<String>,
    /// Where it is reached; only for those who look after it.
    pub url: Option<String>,
}

/// The neighbours of the own region.
#[utoipa::path(
    get, path = "/peers", tag = "peers", params(Form),
    responses((status = 200, body = Vec<Neighbour>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<Form>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeePeers, &visitor.region)?;
    if form.format()? != Format::Json {
        visitor.permit(&app, Action::ExportTables, &visitor.region)?;
    }
    let (world, words, now) = (app.engine.world(), visitor.words, app.engine.now());
    let table = || tables::peers(words, &world, &visitor.region, now);
    let file = form.file("peers", words, now, table)?;
    Ok(file.unwrap_or_else(|| Json(neighbours(&app, &visitor)).into_response()))
}

fn neighbours(app: &App, visitor: &Visitor) -> Vec<Neighbour> {
    let world = app.engine.world();
    let Some(region) = world.local(&visitor.region) else {
        return Vec::new();
    };
    let bonds = &region.shared.bonds;
    let looks_after = visitor.may(app, Action::TrustPeer);
    let all = bonds.peers.values().map(|peer| {
        let id = &peer.journal;
        let held = world.journal(id);
        let as_of = held.and_then(|held| held.as_of(app.engine.now()).value());
        let reach = region.own.bonds.reach.get(id).filter(|_| looks_after);
        Neighbour {
            journal: id.to_string(),
            name: held.map(|held| held.name()),
            mode: peer.mode.as_str().into(),
            key: peer.key.to_string(),
            as_of: as_of.map(|time| time.to_string()),
            head: bonds.noticed.get(id).map(Place::from),
            silent: bonds.silent.contains_key(id),
            fork: bonds.forks.get(id).map(|fork| fork.detail.clone()),
            lost: bonds.lost.get(id).copied(),
            disputed_by: disputed_by(&world, &visitor.region, peer)
                .iter()
                .map(ToString::to_string)
                .collect(),
            url: reach.and_then(|reach| reach.here()).map(|reach| reach.url.clone()),
        }
    });
    all.collect()
}

/// A neighbour to trust; its key and certificate were compared by telephone or on paper.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPeer {
    /// Its journal.
    pub journal: String,
    /// Its signing key.
    pub key: String,
    /// `real`, `exercise` or `demo`.
    pub mode: String,
    /// Where it is reached.
    pub url: String,
    /// SHA-256 of its certificate.
    pub certificate: String,
}

/// Trust a neighbour; or reach one that is trusted already, by the same key, in a new way.
#[utoipa::path(
    post, path = "/peers", tag = "peers", request_body = NewPeer,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn trust(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(new): Body<NewPeer>,
) -> Result<Json<Done>, Problem> {
    let wrong = |field: &str| Problem::malformed(field);
    let mode = [Mode::Real, Mode::Exercise, Mode::Demo]
        .into_iter()
        .find(|mode| mode.as_str() == new.mode)
        .ok_or_else(|| wrong("mode"))?;
    let journal = JournalId::new(&new.journal)?;
    let shown = new.key.parse::<PublicKey>().map_err(|_| wrong("key"))?;
    let key_held = trusted_key(&app.engine.world(), &visitor.region, &journal, shown);
    let peer = Peer { journal, key: key_held, mode };
    let certificate = new.certificate.parse::<Digest>().map_err(|_| wrong("certificate"))?;
    let reach = Reach { url: new.url, certificate };
    submit(&app, &visitor, key, Command::Trust { peer, reach }).await
}

/// Trust a neighbour no longer.
#[utoipa::path(
    post, path = "/peers/{journal}/drop", tag = "peers", request_body = Why,
    params(("journal" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn drop_one(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(journal): At<JournalId>,
    Body(Why { reason }): Body<Why>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::Drop { journal, reason }).await
}

/// What was found out about two pasts.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Finding {
    /// What was found out.
    pub finding: String,
}

/// Settle a fork after looking into it.
#[utoipa::path(
    post, path = "/peers/{journal}/settle", tag = "peers", request_body = Finding,
    params(("journal" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn settle(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(journal): At<JournalId>,
    Body(Finding { finding }): Body<Finding>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::SettleFork { journal, finding }).await
}
