//! Units set aside by many at once, durably and none of them twice: the engine beside PostgreSQL.

mod peer;
mod shop;

use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result, ensure};
use samband_domain::blood::model::UnitId;
use samband_domain::{Digest, Time};
use samband_journal::Store;

use crate::durable::{Timing, crowd, server};
use crate::report::Section;
use crate::stopwatch::{grouped, median, ms, processor_each, processor_time, rate};
use crate::{Amount, scratch};
use peer::Way;
use shop::{Bag, Shop};

const ABOUT: &str = "\
One ask = one unit of red cells of a group at one of four blood centres, the next to expire, set \
aside by a biomedical scientist with an idempotency key: `Engine::submit` of `ReserveOldest`, \
authorised, decided on the very state it is committed on, chained, appended, flushed, applied, \
answered. Clients wait for their answer before they ask again; every shelf is asked for as often.";

const PEER: &str = "\
*PostgreSQL* holds the same stock in one table with a partial index on (site, component, group, \
expiry, number) of what is available; `fsync` and `synchronous_commit` on, same disk, prepared \
statements, sqlx's pool with all connections open; nothing authorised, chained or kept of who \
asked what but a row. *Usual*: `SELECT … ORDER BY expiry LIMIT 1 FOR UPDATE SKIP LOCKED`, \
`UPDATE`, `INSERT INTO reservations`, commit. *One statement*: the same in one round trip. *Update \
alone*: `UPDATE … WHERE id = (SELECT … FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id`, without a \
row for the reservation, so that a repetition is not noticed. On both sides every ask got a unit, \
no unit went to two, and exactly the next to expire of every shelf went. The ratio is to the best \
of all.";

/// Measures.
///
/// # Errors
/// If a unit went to two, an ask got none, another one than the next to expire went, or something
/// failed.
pub async fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Reservations", ABOUT);
    let crowds = [64, 1_024];
    section.table(&[
        "in flight",
        "asks",
        "of units",
        "per transaction",
        "Samband/s",
        "p50",
        "p99",
        "processor",
    ]);
    for in_flight in crowds {
        ours(&mut section, in_flight, amount).await?;
    }
    if amount == Amount::Tiny && std::env::var_os(server::VARIABLE).is_none() {
        return Ok(section);
    }
    section.prose(PEER);
    let server = server::Server::start().await?;
    section.prose(server.description().await?);
    section.table(&["in flight", "way", "pool", "PostgreSQL/s", "p50", "p99", "ratio", "aim"]);
    for (in_flight, aim) in crowds.into_iter().zip(["≥ 3", "≥ 5"]) {
        theirs(&mut section, &server, (in_flight, aim), amount).await?;
    }
    section.prose("Samband on PostgreSQL, for comparison: the same engine, the other backend.");
    section.table(&["in flight", "asks", "per transaction", "Samband/s", "p50", "p99"]);
    for in_flight in crowds {
        let database = server.database().await?;
        let store = Store::open_postgres(&database.url).await?;
        let run = engine(store, in_flight, amount).await?;
        server.drop(database).await?;
        let speed = rate(asks(amount), run.timing.took);
        section.row([
            grouped(in_flight as f64),
            grouped(asks(amount) as f64),
            format!("{:.0}", run.a_transaction),
            grouped(speed),
            ms(run.timing.half),
            ms(run.timing.most),
        ]);
        section.figure(format!("engine_on_postgres_{in_flight}_per_s"), speed);
    }
    Ok(section)
}

/// How many ask, on both sides.
fn asks(amount: Amount) -> u64 {
    amount.of(320, 4_000, 20_000)
}

/// One unit in five stays.
fn units(amount: Amount) -> u64 {
    asks(amount) * 5 / 4
}

fn stock(amount: Amount) -> Result<(Vec<Bag>, Time)> {
    let now = Time(
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)?
            .as_micros()
            .try_into()?,
    );
    Ok((shop::stock(units(amount), now)?, now))
}

/// Clients' keys are random; these are so from a seed, the same for both sides.
fn key(n: u64) -> String {
    Digest::of(&n.to_be_bytes()).to_string()[..32].to_owned()
}

/// Exactly these units went, each once.
fn same(expected: &[UnitId], mut got: Vec<UnitId>) -> Result<()> {
    got.sort_unstable();
    let twice = got.windows(2).find(|pair| pair[0] == pair[1]);
    ensure!(
        twice.is_none(),
        "{} went to two",
        twice.map_or_else(String::new, |p| p[0].to_string())
    );
    ensure!(got.len() == expected.len(), "{} units went, {} asked", got.len(), expected.len());
    let other = got.iter().zip(expected).find(|(got, wanted)| got != wanted);
    ensure!(other.is_none(), "another went than the next to expire: {other:?}");
    Ok(())
}

/// A run of the engine.
struct Ran {
    timing: Timing,
    a_transaction: f64,
    processor: f64,
}

async fn engine(store: Store, in_flight: usize, amount: Amount) -> Result<Ran> {
    let folder = scratch::folder()?;
    let (bags, _) = stock(amount)?;
    let count = asks(amount);
    let shop = Arc::new(Shop::open(store, &folder.path().join("keys"), &bags).await?);
    let got = Arc::new(Mutex::new(Vec::with_capacity(count as usize)));
    let before = shop.house.engine.health();
    let work = {
        let (shop, got) = (Arc::clone(&shop), Arc::clone(&got));
        move |n: u64| {
            let (shop, got) = (Arc::clone(&shop), Arc::clone(&got));
            async move {
                let unit = shop.ask(n).await?;
                got.lock().expect("nobody panics with it").push(unit);
                Ok(())
            }
        }
    };
    let processor = processor_time();
    let timing = crowd::run(in_flight, count, work).await?;
    let processor = processor_each(processor, count);
    let after = shop.house.engine.health();
    let expected = shop::expected(&bags, count);
    let got = std::mem::take(&mut *got.lock().expect("nobody panics with it"));
    same(&expected, got).context("answers")?;
    same(&expected, shop.reserved()?).context("state")?;
    shop.verify().await?;
    shop.house.engine.stop().await;
    let transactions = (after.transactions - before.transactions).max(1);
    Ok(Ran { timing, a_transaction: count as f64 / transactions as f64, processor })
}

async fn ours(section: &mut Section, in_flight: usize, amount: Amount) -> Result<()> {
    let (mut speeds, mut last) = (Vec::new(), None);
    for _ in 0..amount.of(1, 1, 5) {
        let folder = scratch::folder()?;
        let store = Store::open_sqlite(&folder.path().join("samband.db")).await?;
        let run = engine(store, in_flight, amount).await?;
        speeds.push(rate(asks(amount), run.timing.took));
        last = Some(run);
    }
    let (speed, run) = (median(speeds), last.context("no round was run")?);
    section.row([
        grouped(in_flight as f64),
        grouped(asks(amount) as f64),
        grouped(units(amount) as f64),
        format!("{:.0}", run.a_transaction),
        grouped(speed),
        ms(run.timing.half),
        ms(run.timing.most),
        format!("{:.0} µs", run.processor),
    ]);
    section.figure(format!("engine_{in_flight}_per_s"), speed);
    Ok(())
}

async fn theirs(
    section: &mut Section,
    server: &server::Server,
    (in_flight, aim): (usize, &str),
    amount: Amount,
) -> Result<()> {
    let ours = section.figure_of(&format!("engine_{in_flight}_per_s")).unwrap_or_default();
    let mut best = 0.0_f64;
    for way in Way::ALL {
        for pool in [16, 32, 64] {
            let database = server.database().await?;
            let (bags, now) = stock(amount)?;
            let count = asks(amount);
            let ran = peer::run(&database, &bags, (count, now), (in_flight, pool), way).await?;
            server.drop(database).await?;
            let theirs = rate(count, ran.took);
            best = best.max(theirs);
            section.row([
                grouped(in_flight as f64),
                way.name().into(),
                pool.to_string(),
                grouped(theirs),
                ms(ran.half),
                ms(ran.most),
                format!("{:.1}", ours / theirs),
                String::new(),
            ]);
        }
    }
    let ratio = ours / best;
    section.row([
        grouped(in_flight as f64),
        "**best**".into(),
        String::new(),
        grouped(best),
        String::new(),
        String::new(),
        format!("**{ratio:.1}**"),
        aim.into(),
    ]);
    section.figure(format!("postgres_{in_flight}_per_s"), best);
    section.figure(format!("ratio_postgres_{in_flight}"), ratio);
    Ok(())
}
