//! Pulling other installations' journals for as long as the server runs: one task for each, so
//! that a dead or slow one delays nobody. The other side holds its answer back until there is
//! something urgent; what is not urgent comes when the time between pulls is over.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use samband_domain::JournalId;
use samband_domain::bonds::Reach;
use samband_engine::{Engine, IntakeError, Page};
use samband_web::peer::{HEEDED, WAIT_MAX};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;

use crate::tls::Identity;

/// Largest answer, in bytes.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// How long the other side may take to be reached.
const REACH_WITHIN: Duration = Duration::from_secs(10);

/// How long one page may take, beside what the other side was asked to wait.
const PAGE_WITHIN: Duration = Duration::from_secs(20);

/// Pages in one round of one journal; the rest comes in the next.
const PAGES_MAX: usize = 1_000;

/// How often it is looked whether others are trusted now.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Between two rounds that brought something: what comes in a rush comes together.
const BREATH: Duration = Duration::from_millis(30);

/// The first wait after a failure; it doubles up to the time between pulls.
const AGAIN_MIN: Duration = Duration::from_millis(500);

/// Pulls for ever.
pub async fn run(engine: Engine, identity: Arc<Identity>, every: Duration) {
    let mut tasks = Tasks::default();
    loop {
        let peers = peers(&engine);
        tasks.0.retain(|journal, task| {
            let keep = peers.contains_key(journal) && !task.is_finished();
            if !keep {
                task.abort();
            }
            keep
        });
        for journal in peers.into_keys() {
            tasks.0.entry(journal.clone()).or_insert_with(|| {
                let (engine, identity) = (engine.clone(), Arc::clone(&identity));
                tokio::spawn(follow(engine, identity, journal, every))
            });
        }
        sleep(LOOK_EVERY).await;
    }
}

/// One task for each journal; none outlives this.
#[derive(Default)]
struct Tasks(BTreeMap<JournalId, JoinHandle<()>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.values().for_each(JoinHandle::abort);
    }
}

/// Every journal that some region here trusts, and where it is reached.
fn peers(engine: &Engine) -> BTreeMap<JournalId, Reach> {
    let world = engine.world();
    let mut peers = BTreeMap::new();
    for region in world.locals().filter_map(|journal| journal.local()) {
        for (journal, reach) in &region.own.bonds.reach {
            if let Some(reach) = reach.here().filter(|_| world.local(journal).is_none()) {
                peers.insert(journal.clone(), reach.clone());
            }
        }
    }
    peers
}

/// Pulls one journal until it is trusted no more.
async fn follow(engine: Engine, identity: Arc<Identity>, journal: JournalId, every: Duration) {
    let mut line = Line { identity, kept: None };
    let mut told: Option<String> = None;
    let mut again = AGAIN_MIN;
    while let Some(reach) = peers(&engine).remove(&journal) {
        let begun = Instant::now();
        match pull(&engine, &mut line, &journal, &reach, every).await {
            Ok(pulled) => {
                if told.take().is_some() {
                    tracing::info!(%journal, "reached again");
                }
                if pulled.records > 0 {
                    tracing::info!(%journal, records = pulled.records, "pulled");
                }
                again = AGAIN_MIN;
                // An older program does not wait, so we do.
                let rest = if pulled.heeded { Duration::ZERO } else { every };
                sleep(rest.saturating_sub(begun.elapsed()).max(BREATH)).await;
            }
            Err(error) => {
                line.kept = None;
                // Once per reason, not once per round.
                let error = format!("{error:#}");
                if told.as_ref() != Some(&error) {
                    tracing::warn!(%journal, %error, "not pulled");
                    told = Some(error);
                }
                sleep(again.min(every)).await;
                again = (again * 2).min(every);
            }
        }
    }
}

/// What a round brought.
struct Pulled {
    records: usize,
    /// Whether the other side held its answer back as asked.
    heeded: bool,
}

async fn pull(
    engine: &Engine,
    line: &mut Line,
    journal: &JournalId,
    reach: &Reach,
    every: Duration,
) -> Result<Pulled> {
    if engine.halted(journal) {
        bail!(IntakeError::Halted(journal.clone()));
    }
    let mut pulled = Pulled { records: 0, heeded: false };
    for round in 0..PAGES_MAX {
        let held = engine.world().journal(journal).and_then(|copy| copy.head());
        // Who holds nothing yet, and who knows of more, does not wait.
        let first = held.is_none();
        let wait = !first && round == 0;
        let wait = if wait { every.as_secs().clamp(1, WAIT_MAX) } else { 0 };
        let place = held.map(|head| format!("?epoch={}&seq={}&wait={wait}", head.epoch, head.seq));
        let path = format!("/peer/v1/journals/{journal}{}", place.unwrap_or_default());
        let within = PAGE_WITHIN + Duration::from_secs(wait);
        let asked = timeout(within, line.fetch(reach, &path)).await;
        let (page, heeded) = asked.context("no answer in time")??;
        let report = engine.take_page(journal, page).await?;
        pulled.records += report.records;
        // Whoever has read for the first time knows what to ask for now.
        pulled.heeded |= heeded || (first && report.records > 0);
        if !report.more || report.records == 0 {
            break;
        }
    }
    Ok(pulled)
}

/// A line to another installation, kept between rounds.
struct Line {
    identity: Arc<Identity>,
    kept: Option<(Reach, SendRequest<Empty<Bytes>>)>,
}

impl Line {
    async fn fetch(&mut self, reach: &Reach, path: &str) -> Result<(Page, bool)> {
        let rest =
            reach.url.strip_prefix("https://").ok_or_else(|| anyhow!("not an https address"))?;
        let authority = rest.trim_end_matches('/');
        let mut send = match self.kept.take() {
            Some((to, send)) if to == *reach && !send.is_closed() => send,
            _ => {
                let opened = timeout(REACH_WITHIN, self.open(reach, authority)).await;
                opened.context("not reached in time")??
            }
        };
        let request = hyper::Request::get(path)
            .header(hyper::header::HOST, authority)
            .body(Empty::<Bytes>::new())?;
        let answer = send.send_request(request).await?;
        let status = answer.status();
        let heeded = answer.headers().contains_key(HEEDED);
        let body = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
        if status == hyper::StatusCode::FORBIDDEN {
            bail!("the other installation does not trust this one yet");
        }
        if !status.is_success() {
            bail!("the other installation answered {status}");
        }
        let body = body.map_err(|error| anyhow!("the answer broke off: {error}"))?.to_bytes();
        let text = std::str::from_utf8(&body).context("the answer is not text")?;
        let page = samband_web::peer::read(text).map_err(|error| anyhow!(error))?;
        self.kept = Some((reach.clone(), send));
        Ok((page, heeded))
    }

    async fn open(&self, reach: &Reach, authority: &str) -> Result<SendRequest<Empty<Bytes>>> {
        let address =
            if authority.contains(':') { authority.to_owned() } else { format!("{authority}:443") };
        let stream = TcpStream::connect(&address).await.with_context(|| address.clone())?;
        stream.set_nodelay(true)?;
        let connector = TlsConnector::from(self.identity.client(reach.certificate)?);
        // The name is not checked; the fingerprint is.
        let name = ServerName::try_from("samband.invalid")?;
        let stream = connector.connect(name, stream).await.context("TLS")?;
        let (send, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // It ends when the line is let go of.
        tokio::spawn(connection);
        Ok(send)
    }
}
