//! `cargo run --release -p bench -- [PART…] [--quick] [--json]`

use std::process::ExitCode;

use anyhow::{Result, bail};
use bench::report::Report;
use bench::{
    Amount, alarm, callup, distribute, durable, network, page, rare, replay, replenish, reserve,
    select, start, stock, trace, transfer,
};
use mimalloc::MiMalloc;

/// The one that the server has.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const USAGE: &str = "\
cargo run --release -p bench -- [all|PART…] [--quick] [--json]

  durable   commands made durable, beside raw SQLite and PostgreSQL
  reserve   units set aside by many at once, beside PostgreSQL's SKIP LOCKED
  replay    a journal brought back from its records, hashes checked
  start     an engine started from snapshots
  page      the picture and the regions' figures over HTTP
  rare      one combination among a million typed donors
  select    ten best units of a million, beside SQLite; memory of a live unit
  trace     one unit's life in twenty million records
  stock     the stock page and interface with a hundred thousand units, over HTTP
  live      how soon one change stands on a thousand open pages
  callup    whom to invite, beside HiGHS (Python package)
  replenish exact target stock, beside mdpsolver and mdpax (Python packages)
  network   regions, donors and patients in simulated time, beside SimPy (Python package)
  transfer  who sends what to whom, beside OR-Tools and HiGHS (Python packages)
  distribute who goes where after a mass-casualty event: time and gap
  alarm     from the signature to the first message, and to 5 000 open pages, beside Mosquitto
  alone     the engine alone under load, for a profiler; not part of all
  --quick   seconds each, to see that it runs
  --json    figures for machines instead of tables for people
";

const PARTS: [&str; 16] = [
    "durable",
    "reserve",
    "replay",
    "start",
    "page",
    "select",
    "rare",
    "trace",
    "stock",
    "live",
    "replenish",
    "network",
    "transfer",
    "callup",
    "distribute",
    "alarm",
];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[String]) -> Result<()> {
    let mut amount = Amount::Full;
    let mut json = false;
    let mut parts = Vec::new();
    for argument in arguments {
        match argument.as_str() {
            "--quick" => amount = Amount::Quick,
            "--json" => json = true,
            "all" => parts.extend(PARTS),
            "alone" => parts.push("alone"),
            "--help" | "-h" => {
                print!("{USAGE}");
                return Ok(());
            }
            word => match PARTS.iter().find(|part| **part == word) {
                Some(part) => parts.push(part),
                None => {
                    eprint!("{USAGE}");
                    bail!("unknown: {word}");
                }
            },
        }
    }
    if parts.is_empty() {
        parts.extend(PARTS);
    }
    if cfg!(debug_assertions) {
        eprintln!("bench: built without --release: the figures say nothing about speed");
    }
    let mut report = Report::new(arguments)?;
    for part in parts {
        eprintln!("bench: {part} …");
        let section = match part {
            "durable" => durable::run(amount).await?,
            "alone" => durable::alone(amount).await?,
            "reserve" => reserve::run(amount).await?,
            "replay" => replay::run(amount).await?,
            "start" => start::run(amount).await?,
            "select" => select::run(amount)?,
            "trace" => trace::run(amount).await?,
            "rare" => rare::run(amount)?,
            "callup" => callup::run(amount)?,
            "distribute" => distribute::run(amount)?,
            "replenish" => replenish::run(amount)?,
            "network" => network::run(amount)?,
            "transfer" => transfer::run(amount)?,
            "stock" => stock::run(amount).await?,
            "alarm" => alarm::run(amount).await?,
            "live" => stock::live(amount).await?,
            _ => page::run(amount).await?,
        };
        report.sections.push(section);
    }
    if json {
        println!("{}", report.json());
    } else {
        print!("{}", report.markdown());
    }
    Ok(())
}
