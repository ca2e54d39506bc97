//! Pulling other installations' journals, page by page, for as long as the server runs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use samband_domain::JournalId;
use samband_domain::bonds::Reach;
use samband_engine::{Engine, IntakeError, Page};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::tls::Identity;

/// Largest answer, in bytes.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// How long one page may take.
const PAGE_WITHIN: Duration = Duration::from_secs(20);

/// Pages in one round of one journal; the rest comes in the next.
const PAGES_MAX: usize = 1_000;

/// Pulls for ever.
pub async fn run(engine: Engine, identity: Arc<Identity>, every: Duration) {
    let mut told: BTreeMap<JournalId, String> = BTreeMap::new();
    loop {
        for (journal, reach) in peers(&engine) {
            match pull(&engine, &identity, &journal, &reach).await {
                Ok(records) => {
                    if told.remove(&journal).is_some() {
                        tracing::info!(%journal, "reached again");
                    }
                    if records > 0 {
                        tracing::info!(%journal, records, "pulled");
                    }
                }
                Err(error) => {
                    // Once per reason, not once per round.
                    let error = format!("{error:#}");
                    if told.get(&journal) != Some(&error) {
                        tracing::warn!(%journal, %error, "not pulled");
                        told.insert(journal, error);
                    }
                }
            }
        }
        tokio::time::sleep(every).await;
    }
}

/// Every journal that some region here trusts, and where it is reached.
fn peers(engine: &Engine) -> Vec<(JournalId, Reach)> {
    let world = engine.world();
    let mut peers = BTreeMap::new();
    for region in world.locals().filter_map(|journal| journal.local()) {
        for (journal, reach) in &region.own.bonds.reach {
            if let Some(reach) = reach.here() {
                peers.insert(journal.clone(), reach.clone());
            }
        }
    }
    peers.into_iter().filter(|(id, _)| world.local(id).is_none()).collect()
}

async fn pull(
    engine: &Engine,
    identity: &Identity,
    journal: &JournalId,
    reach: &Reach,
) -> Result<usize> {
    if engine.halted(journal) {
        bail!(IntakeError::Halted(journal.clone()));
    }
    let mut records = 0;
    for _ in 0..PAGES_MAX {
        let fetch = fetch(engine, identity, journal, reach);
        let page =
            tokio::time::timeout(PAGE_WITHIN, fetch).await.context("no answer in time")??;
        let report = engine.take_page(journal, page).await?;
        records += report.records;
        if !report.more || report.records == 0 {
            break;
        }
    }
    Ok(records)
}

async fn fetch(
    engine: &Engine,
    identity: &Identity,
    journal: &JournalId,
    reach: &Reach,
) -> Result<Page> {
    let rest = reach.url.strip_prefix("https://").ok_or_else(|| anyhow!("not an https address"))?;
    let authority = rest.trim_end_matches('/');
    let address =
        if authority.contains(':') { authority.to_owned() } else { format!("{authority}:443") };
    let stream = TcpStream::connect(&address).await.with_context(|| address.clone())?;
    let connector = TlsConnector::from(identity.client(reach.certificate)?);
    // The name is not checked; the fingerprint is.
    let name = ServerName::try_from("samband.invalid")?;
    let stream = connector.connect(name, stream).await.context("TLS")?;
    let (mut send, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let held = engine.world().journal(journal).and_then(|copy| copy.head());
    let place = held.map(|head| format!("?epoch={}&seq={}", head.epoch, head.seq));
    let path = format!("/peer/v1/journals/{journal}{}", place.unwrap_or_default());
    let request = hyper::Request::get(path)
        .header(hyper::header::HOST, authority)
        .body(Empty::<Bytes>::new())?;
    let answer = send.send_request(request).await?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
    connection.abort();
    if status == hyper::StatusCode::FORBIDDEN {
        bail!("the other installation does not trust this one yet");
    }
    if !status.is_success() {
        bail!("the other installation answered {status}");
    }
    let body = body.map_err(|error| anyhow!("the answer broke off: {error}"))?.to_bytes();
    let text = std::str::from_utf8(&body).context("the answer is not text")?;
    samband_web::peer::read(text).map_err(|error| anyhow!(error))
}
