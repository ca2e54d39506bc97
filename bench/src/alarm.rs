//! Alarms: from the signature to the first message, and to every open page.

mod broker;
mod ears;
mod net;
mod sent;
mod takers;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use samband_domain::alarms::view::outbox;
use samband_engine::{Engine, News};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::page::http;
use crate::page::server::Server;
use crate::report::Section;
use crate::stopwatch::{ms, percentiles};
use crate::{Amount, scratch};
use broker::Mosquitto;
use ears::{Ears, Kind};

const ABOUT: &str = "\
(a) Seven regions with four roles each on one engine and one SQLite file (WAL, every commit \
flushed). A duty officer confirms, assesses and alarms all 28 with one signature; the six other \
regions hear it, each wakes its own, and every first message lies ready for its channel as soon as \
it is durable that the person was woken. Measured from handing the command in until a sender that \
follows the engine's news finds the message due; every attempt is recorded as a sender records it, \
and nobody answers, so that every alarm before is still open. A way after the first waits for its \
time by design and is not counted. (b) `samband serve --demo --world mellansverige`: the same 28, \
each with one person and one way, by role a webhook, a text message, an e-mail or a call; a mail \
server and a gateway on loopback take them. Measured from sending the request until the message was \
taken, through the sender. (c) `samband serve --demo` (release): so many event streams on \
loopback, one alarm raised through the interface; measured from sending the request until the page \
has read that an incident began in Skåne. Beside it, in the same run, Mosquitto hands the same bytes \
to as many subscribers (QoS 0, nothing kept); it writes nothing to a disk, while the alarm is durable \
before anybody hears of it. Server, pages and readers share the machine's cores.";

/// The aim for both, in milliseconds.
const AIM: Duration = Duration::from_secs(1);

/// Longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A part that can be measured by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Until the message is due in the engine.
    Due,
    /// Until the message was taken by its channel.
    Sent,
    /// Until every open page knows.
    Live,
}

/// Measures everything.
///
/// # Errors
/// If a message or a page is missing, or something failed.
pub async fn run(amount: Amount) -> Result<Section> {
    parts(&[Part::Due, Part::Sent, Part::Live], amount).await
}

/// Measures some of it. Each part takes no more than three minutes.
///
/// # Errors
/// If a message or a page is missing, or something failed.
pub async fn parts(parts: &[Part], amount: Amount) -> Result<Section> {
    let mut section = Section::new("Alarms", ABOUT);
    for part in parts {
        match part {
            Part::Due => handed_over(&mut section, amount).await?,
            Part::Sent => sent::run(&mut section, amount).await?,
            Part::Live => fanned_out(&mut section, amount).await?,
        }
    }
    Ok(section)
}

async fn handed_over(section: &mut Section, amount: Amount) -> Result<()> {
    let folder = scratch::folder()?;
    let net = net::Net::open(folder.path()).await?;
    let attending = tokio::spawn({
        let engine = net.engine.clone();
        async move { engine.attend().await }
    });
    let mut news = net.engine.subscribe();
    let (mut times, mut last) = (Vec::new(), Vec::new());
    for n in 0..amount.of(2, 20, 100) {
        let begun = Instant::now();
        let alarm = net.raise(n % net::REGIONS.len()).await?;
        let mut found = std::collections::BTreeSet::new();
        while found.len() < net::recipients() {
            let fresh: Vec<_> =
                due(&net.engine).into_iter().filter(|(_, m)| m.key.alarm == alarm).collect();
            for (region, message) in fresh {
                if found.insert(message.key.clone()) {
                    times.push(begun.elapsed());
                    net.attempted(region, &message);
                }
            }
            if found.len() < net::recipients() {
                tokio::time::timeout(PATIENCE, heard(&mut news)).await.context("not woken")??;
            }
        }
        last.push(begun.elapsed());
        net.settled().await;
    }
    attending.abort();
    net.engine.stop().await;
    let count = times.len();
    let ((half, most), all) = (percentiles(times), percentiles(last).1);
    section.table(&["alarms × recipients", "p50", "p99", "last of 28, p99", "aim"]);
    let cells = [
        format!("{} × {}", count / net::recipients(), net::recipients()),
        ms(half),
        ms(most),
        ms(all),
        aim(most),
    ];
    section.row(cells);
    section.figure("first attempt p50_ms", half.as_secs_f64() * 1e3);
    section.figure("first attempt p99_ms", most.as_secs_f64() * 1e3);
    Ok(())
}

fn aim(most: Duration) -> String {
    let kept = if most <= AIM { "kept" } else { "MISSED" };
    format!("p99 ≤ 1 s: {kept}")
}

/// Every message that is due now, and in whose journal.
fn due(engine: &Engine) -> Vec<(usize, samband_domain::alarms::view::Message)> {
    let (world, now) = (engine.world(), engine.now());
    let ids = net::REGIONS.iter().enumerate();
    let all = ids.filter_map(|(n, id)| Some((n, world.local(&id.parse().ok()?)?)));
    all.flat_map(|(n, region)| {
        let due = outbox(&region.shared.alarms, &region.own.alarms, now);
        due.into_iter().map(move |message| (n, message))
    })
    .collect()
}

/// Waits for news of alarms, as a sender does.
async fn heard(news: &mut Receiver<News>) -> Result<()> {
    loop {
        match news.recv().await {
            Ok(said) if said.topics.values().flatten().any(|topic| topic == "alarm") => {
                return Ok(());
            }
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return Ok(()),
            Err(RecvError::Closed) => anyhow::bail!("the engine is gone"),
        }
    }
}

async fn fanned_out(section: &mut Section, amount: Amount) -> Result<()> {
    let (pages, rounds) = (amount.of(8, 500, 5_000), amount.of(2, 5, 20));
    section.table(&["", "listeners", "rounds", "p50", "p99", "last of all, median", "aim"]);
    let folder = scratch::folder()?;
    let ours = {
        let server = Server::start(folder.path())?;
        let token = server.sign_in("tib@skane", "samband-demo")?;
        let kind = Kind::Page { token: token.clone() };
        let mut ears = Ears::open(&server.address, kind, pages).await?;
        let raise = || {
            let (address, token) = (server.address.clone(), token.clone());
            async move {
                let body = RAISE.to_owned();
                let path = "/api/v1/alarms/raise";
                let sent = move || http::send(&address, path, &token, &body).map(drop);
                tokio::task::spawn_blocking(sent).await?
            }
        };
        measured(section, ("samband", pages, rounds), &mut ears, raise).await?
    };
    let Some(broker) = Mosquitto::start(folder.path())? else {
        let loud = "MOSQUITTO IS NOT INSTALLED: nothing stands beside the live pages \
                    (apt-get install mosquitto)";
        eprintln!("bench: {loud}");
        section.prose(format!("**{loud}.**"));
        return Ok(());
    };
    let mut ears = Ears::open(&broker.address, Kind::Subscriber, pages).await?;
    let publish = || broker::publish(broker.address.clone());
    let theirs = measured(section, ("Mosquitto", pages, rounds), &mut ears, publish).await?;
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64().max(1e-9);
    section.prose(format!("p99, Samband to Mosquitto: {ratio:.2}."));
    section.figure("live pages p99 ratio to mosquitto", ratio);
    Ok(())
}

const RAISE: &str = r#"{
    "report": { "title": "Bussolycka", "text": "Två bussar", "source": "SOS Alarm" },
    "basis": "fler skadade än resurser",
    "confirm": "demo",
    "assessment": {
        "harm": { "holds": "suspected", "basis": "rapport", "source": "SOS Alarm" },
        "imbalance": { "holds": "suspected", "basis": "rapport", "source": "SOS Alarm" }
    },
    "alarm": { "to": [{ "party": { "region": "skane" }, "role": "tib" }] }
}"#;

/// Gives the word so many times; every listener must hear it each time. The p99.
async fn measured<F: Future<Output = Result<()>>>(
    section: &mut Section,
    (name, listeners, rounds): (&str, usize, usize),
    ears: &mut Ears,
    word: impl Fn() -> F,
) -> Result<Duration> {
    let (mut all, mut last) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        // Whatever the last one stirred up has come to rest.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let begun = ears.begin();
        word().await?;
        let times = tokio::time::timeout(PATIENCE, ears.heard(begun)).await;
        let times = times.with_context(|| format!("{name}: somebody never heard"))??;
        ensure!(times.len() == listeners, "{name}: {} of {listeners} heard", times.len());
        last.extend(times.iter().max().copied());
        all.extend(times);
    }
    let ((half, most), slowest) = (percentiles(all), percentiles(last).0);
    section.row([
        name.to_owned(),
        listeners.to_string(),
        rounds.to_string(),
        ms(half),
        ms(most),
        ms(slowest),
        if name == "samband" { aim(most) } else { String::new() },
    ]);
    section.figure(format!("{name} live pages p50_ms"), half.as_secs_f64() * 1e3);
    section.figure(format!("{name} live pages p99_ms"), most.as_secs_f64() * 1e3);
    Ok(most)
}
