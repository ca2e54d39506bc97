//! Commands made durable: the engine beside raw SQLite and beside one PostgreSQL transaction for
//! each command.

mod clients;
mod compare;
pub(crate) mod crowd;
mod postgres;
mod rows;
pub(crate) mod server;
mod sqlite;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use samband_journal::Store;

use crate::house::House;
use crate::report::Section;
use crate::stopwatch::{grouped, median, ms, rate};
use crate::{Amount, scratch};
use clients::Run;
use rows::Rows;

const ABOUT: &str = "\
One command = one figure reported by an authorised coordinator with an idempotency key, to one of \
four regions, through `Engine::submit`: authorised, decided, chained, appended (record, command, \
subject, head), flushed, applied, answered. Every acknowledged command is found once, every \
journal verifies.";

const RAW: &str = "\
*Raw SQLite* puts the very same rows, made beforehand, into the same tables with the same pragmas \
(WAL, `synchronous = FULL`), in as many transactions as the engine used, of equal size: rusqlite \
on the same SQLite, one connection, prepared statements, nothing else. Its log is written back by \
SQLite itself between transactions, every 1 000 pages; the engine does so beside the writer. All tables are then \
compared row by row. Median of the rounds, each round both sides in turn. *Processor* is the processor time \
of one command in the last round, clients included.";

const SERVER: &str = "\
*PostgreSQL* gets the same contents, one transaction for each command, `fsync` and \
`synchronous_commit` on, same disk, nothing authorised or decided. *Usual*: read the head and lock \
it, hash, insert record, command and subject, compare and set the head, commit. *One statement*: \
the same in a single round trip that hashes in the server and holds the head's lock for nothing \
but its commit. Contents are compared by digest and every chain is verified. The ratio is to the \
best of all.";

/// Everything a run of the engine left behind.
struct Measured {
    run: Run,
    rows: Rows,
}

/// Measures.
///
/// # Errors
/// If the two sides do not hold the same, or something failed.
pub async fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Durable commands", ABOUT);
    let crowds = [64, 1_024];
    let mut ours = Vec::new();
    section.prose(RAW);
    section.table(&[
        "in flight",
        "commands",
        "per transaction",
        "Samband/s",
        "p50",
        "p99",
        "processor",
        "raw SQLite/s",
        "processor",
        "ratio",
        "aim",
    ]);
    for in_flight in crowds {
        ours.push(beside_sqlite(&mut section, in_flight, amount).await?);
    }
    if amount == Amount::Tiny && std::env::var_os(server::VARIABLE).is_none() {
        return Ok(section);
    }
    section.prose(SERVER);
    let server = server::Server::start().await?;
    section.prose(server.description().await?);
    section.table(&["in flight", "way", "pool", "PostgreSQL/s", "p50", "p99", "ratio", "aim"]);
    for (in_flight, measured) in crowds.into_iter().zip(&ours) {
        beside_postgres(&mut section, &server, in_flight, measured, amount).await?;
    }
    section.prose("Samband on PostgreSQL, for comparison: the same engine, the other backend.");
    section.table(&["in flight", "commands", "per transaction", "Samband/s", "p50", "p99"]);
    for in_flight in crowds {
        on_postgres(&mut section, &server, in_flight, amount).await?;
    }
    Ok(section)
}

/// The engine alone, for a profiler to look at.
///
/// # Errors
/// If something failed.
pub async fn alone(amount: Amount) -> Result<Section> {
    let mut section = Section::new("The engine alone", ABOUT);
    section.table(&[
        "in flight",
        "commands",
        "per transaction",
        "Samband/s",
        "p50",
        "p99",
        "processor",
    ]);
    for in_flight in [64, 1_024] {
        let folder = scratch::folder()?;
        let store = Store::open_sqlite(&folder.path().join("samband.db")).await?;
        let count = commands(in_flight, amount);
        let (run, _) = engine(store, folder.path(), in_flight, count).await?;
        section.row([
            grouped(in_flight as f64),
            grouped(count as f64),
            format!("{:.0}", run.records as f64 / run.transactions as f64),
            grouped(rate(count, run.took)),
            ms(run.half),
            ms(run.most),
            format!("{:.0} µs", run.processor),
        ]);
    }
    Ok(section)
}

fn commands(in_flight: usize, amount: Amount) -> u64 {
    let crowded = in_flight > 64;
    amount.of(300, if crowded { 20_000 } else { 10_000 }, if crowded { 200_000 } else { 100_000 })
}

/// The engine and raw SQLite in turn; gives back the engine's last round.
async fn beside_sqlite(
    section: &mut Section,
    in_flight: usize,
    amount: Amount,
) -> Result<Measured> {
    let count = commands(in_flight, amount);
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = None;
    let mut raw_processor = f64::NAN;
    for _ in 0..amount.of(1, 1, 5) {
        let folder = scratch::folder()?;
        let file = folder.path().join("samband.db");
        let store = Store::open_sqlite(&file).await?;
        let (run, before) = engine(store, folder.path(), in_flight, count).await?;
        let rows = rows::read(&file, &before)?;
        ensure!(rows.records.len() as u64 == count, "{} records", rows.records.len());
        let peer = folder.path().join("raw.db");
        let (took, processor) = sqlite::replay(&file, &peer, &rows, run.transactions)?;
        compare::same(&file, &peer).context("raw SQLite holds something else")?;
        raw_processor = processor;
        ours.push(rate(count, run.took));
        theirs.push(rate(count, took));
        ratios.push(took.as_secs_f64() / run.took.as_secs_f64());
        last = Some(Measured { run, rows });
    }
    let measured = last.context("no round was run")?;
    let (ours, theirs, ratio) = (median(ours), median(theirs), median(ratios));
    let run = &measured.run;
    section.row([
        grouped(in_flight as f64),
        grouped(count as f64),
        format!("{:.0}", run.records as f64 / run.transactions as f64),
        grouped(ours),
        ms(run.half),
        ms(run.most),
        format!("{:.0} µs", run.processor),
        grouped(theirs),
        format!("{raw_processor:.0} µs"),
        format!("{ratio:.2}"),
        "≥ 0.60".into(),
    ]);
    section.figure(format!("engine_{in_flight}_per_s"), ours);
    section.figure(format!("sqlite_{in_flight}_per_s"), theirs);
    section.figure(format!("ratio_sqlite_{in_flight}"), ratio);
    Ok(measured)
}

/// Runs the engine; gives back where the journals stood before.
async fn engine(
    store: Store,
    folder: &Path,
    in_flight: usize,
    count: u64,
) -> Result<(Run, Vec<(String, u64)>)> {
    let house = House::open(store, &folder.join("keys")).await?;
    let world = house.engine.world();
    let heads = world.journals.values().filter_map(|journal| journal.head());
    let before = heads.map(|at| (at.journal.to_string(), at.seq)).collect();
    let house = std::sync::Arc::new(house);
    let run = clients::run(&house, in_flight, count).await?;
    for region in &house.regions {
        house.engine.verify(region).await?;
    }
    house.engine.stop().await;
    Ok((run, before))
}

async fn beside_postgres(
    section: &mut Section,
    server: &server::Server,
    in_flight: usize,
    measured: &Measured,
    amount: Amount,
) -> Result<()> {
    let count = amount.of(100, 1_000, 10_000).min(measured.rows.records.len());
    let ours = section.figure_of(&format!("engine_{in_flight}_per_s")).unwrap_or_default();
    let mut best = 0.0_f64;
    for way in [postgres::Way::Usual, postgres::Way::OneStatement] {
        for pool in [32, 64] {
            let database = server.database().await?;
            let ran =
                postgres::run(&database, &measured.rows, count, (in_flight, pool), way).await?;
            server.drop(database).await?;
            let theirs = rate(count as u64, ran.took);
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
        "≥ 5".into(),
    ]);
    section.figure(format!("postgres_{in_flight}_per_s"), best);
    section.figure(format!("ratio_postgres_{in_flight}"), ratio);
    Ok(())
}

async fn on_postgres(
    section: &mut Section,
    server: &server::Server,
    in_flight: usize,
    amount: Amount,
) -> Result<()> {
    let count = commands(in_flight, amount) / 4;
    let database = server.database().await?;
    let folder = scratch::folder()?;
    let store = Store::open_postgres(&database.url).await?;
    let (run, _) = engine(store, folder.path(), in_flight, count).await?;
    server.drop(database).await?;
    section.row([
        grouped(in_flight as f64),
        grouped(count as f64),
        format!("{:.0}", run.records as f64 / run.transactions as f64),
        grouped(rate(count, run.took)),
        ms(run.half),
        ms(run.most),
    ]);
    section.figure(format!("engine_on_postgres_{in_flight}_per_s"), rate(count, run.took));
    Ok(())
}

/// How long it took, and each of it.
pub(crate) struct Timing {
    pub(crate) took: Duration,
    pub(crate) half: Duration,
    pub(crate) most: Duration,
}
