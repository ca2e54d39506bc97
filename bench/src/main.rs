//! `cargo run --release -p bench -- [PART…] [--quick] [--json]`

use std::process::ExitCode;

use anyhow::{Result, bail};
use bench::report::{Report, Section};
use bench::{
    Amount, alarm, callup, distribute, durable, kept, network, page, rare, replay, replenish,
    reserve, select, start, stock, trace, transfer,
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
  kept      what a finished donation leaves in memory
  trace     one unit's life in twenty million records
  stock     the stock page and interface with a hundred thousand units, over HTTP
  live      how soon one change stands on a thousand open pages
  callup    whom to invite, beside HiGHS (Python package)
            its long runs singly, not part of all: callup-whole, callup-simplex
  replenish exact target stock, beside mdpsolver and mdpax (Python packages)
            its long runs singly, not part of all: replenish-a5, replenish-c5,
            replenish-mdpsolver5, replenish-mdpax4
  network   regions, donors and patients in simulated time, beside SimPy (Python package);
            two cores beside one alone: network-cores
  transfer  who sends what to whom, beside OR-Tools and HiGHS (Python packages)
  distribute who goes where after a mass-casualty event: time and gap
  alarm     from the signature to the first message, and to 5 000 open pages, beside Mosquitto;
            its parts singly: alarm-due, alarm-sent, alarm-live
  alone     the engine alone under load, for a profiler; not part of all
  --quick   seconds each, to see that it runs
  --json    figures for machines instead of tables for people
";

// What a donation leaves in memory comes first: later, what others gave back would be used again.
const PARTS: [&str; 17] = [
    "kept",
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

/// What is measured only when it is named.
const SINGLY: [&str; 11] = [
    "alone",
    "alarm-due",
    "alarm-sent",
    "alarm-live",
    "callup-whole",
    "callup-simplex",
    "replenish-a5",
    "replenish-c5",
    "replenish-mdpsolver5",
    "replenish-mdpax4",
    "network-cores",
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
            "--help" | "-h" => {
                print!("{USAGE}");
                return Ok(());
            }
            word => match PARTS.iter().chain(&SINGLY).find(|part| **part == word) {
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
        report.sections.push(measure(part, amount).await?);
    }
    if json {
        println!("{}", report.json());
    } else {
        print!("{}", report.markdown());
    }
    Ok(())
}

async fn measure(part: &str, amount: Amount) -> Result<Section> {
    Ok(match part {
        "durable" => durable::run(amount).await?,
        "alone" => durable::alone(amount).await?,
        "reserve" => reserve::run(amount).await?,
        "replay" => replay::run(amount).await?,
        "start" => start::run(amount).await?,
        "select" => select::run(amount)?,
        "trace" => trace::run(amount).await?,
        "rare" => rare::run(amount)?,
        "kept" => kept::run(amount)?,
        "callup" => callup::run(amount)?,
        "callup-whole" => callup::long(callup::Long::Whole, amount)?,
        "callup-simplex" => callup::long(callup::Long::Simplex, amount)?,
        "distribute" => distribute::run(amount)?,
        "replenish" => replenish::run(amount)?,
        "replenish-a5" => replenish::long(replenish::Long::A5, amount)?,
        "replenish-c5" => replenish::long(replenish::Long::C5, amount)?,
        "replenish-mdpsolver5" => replenish::long(replenish::Long::Mdpsolver5, amount)?,
        "replenish-mdpax4" => replenish::long(replenish::Long::Mdpax4, amount)?,
        "network-cores" => network::cores(amount)?,
        "network" => network::run(amount)?,
        "transfer" => transfer::run(amount)?,
        "stock" => stock::run(amount).await?,
        "alarm" => alarm::run(amount).await?,
        "alarm-due" => alarm::parts(&[alarm::Part::Due], amount).await?,
        "alarm-sent" => alarm::parts(&[alarm::Part::Sent], amount).await?,
        "alarm-live" => alarm::parts(&[alarm::Part::Live], amount).await?,
        "live" => stock::live(amount).await?,
        _ => page::run(amount).await?,
    })
}
