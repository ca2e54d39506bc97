//! The simulation of regions, donors, stock and patients beside the same model in SimPy.

mod world;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use samband_planning::progress::Progress;
use samband_planning::random::Seed;
use samband_planning::simulate::build::build;
use samband_planning::simulate::day::{days_of, replicate};
use samband_planning::simulate::document::Scenario;
use samband_planning::simulate::estimate::Estimate;
use samband_planning::simulate::model::{CallUp, Policy, World};
use samband_planning::simulate::report::Named;
use samband_planning::simulate::run::{self, run as run_all};
use samband_planning::simulate::state::Nobody;
use samband_planning::simulate::tally::Tally;
use serde_json::Value;

use crate::report::Section;
use crate::stopwatch::{grouped, median};
use crate::{Amount, python};

const ABOUT: &str = "\
Four regions, eleven sites, red cells, platelets and plasma in eight groups, donors one by one who \
are called and return or do not: the shipped scenario under three policies, beside the same model \
written for SimPy (bench/peers/network/network.py), where units, calls and requests are single \
things with events of their own. First a small world without chance is simulated by both, and \
every count must be equal; then the shipped one, whose means must agree within both sides' \
confidence intervals (their generators differ). An event is what happened in the model – a call, \
a donation, a unit made, asked for, given, moved or expired – and is counted alike by both; SimPy \
itself handles more. Processor seconds of one thread, without reading the scenario. Two cores: \
time that passes for the same replications on one thread and on two, results equal to the last \
bit, the best of several.";

const ABOUT_CORES: &str = "\
The shipped scenario for a year, many times over: time that passes for the same replications on \
one thread and on two, results equal to the last bit, the best of several. It says something of a \
machine with two cores of which nobody else uses one.";

const SODRA: &str = include_str!("../../planning/scenarios/sodra.toml");
const EQUAL: &str = include_str!("../peers/network/equal.toml");
const POLICIES: [&str; 3] = ["self", "joint", "priced"];

/// Measures.
///
/// # Errors
/// If the peer cannot be run or comes to something else.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Network simulation", ABOUT);
    let python = python::environment("network")?;
    equal(&python)?;
    let (scenario, _) = Scenario::read(SODRA)?;
    let (years, replications) = amount.of((1, 2), (1, 3), (3, 6));
    let mut world = build(&scenario, None, years)?;
    if amount != Amount::Full {
        world.warmup_days = 28;
    }
    let spread = scenario.demand.variance_to_mean.value;
    let theirs = ask(&python, &world, spread, (years, replications))?;
    let (ours, seconds) = simulate(&world, (years, replications))?;
    agree(&ours, &theirs, replications as usize)?;
    let events: u64 = ours.iter().map(Tally::events).sum();
    let their_events: u64 = theirs.runs.iter().map(|one| one["events"].as_u64().unwrap_or(0)).sum();
    let all = world.warmup_days + 365 * years;
    let whole = f64::from(all * replications) * POLICIES.len() as f64 / 365.0;
    // Events are counted after the warm-up, time is taken of all days.
    let counted = f64::from(365 * years) / f64::from(all);
    let rate = |events: u64, seconds: f64| events as f64 / counted / seconds / 1e6;
    section.table(&["", "years simulated", "CPU seconds", "a year", "million events/CPU-s"]);
    for (name, events, seconds) in
        [("ours", events, seconds), ("SimPy 4.1.2", their_events, theirs.seconds)]
    {
        section.row([
            name.to_owned(),
            grouped(whole),
            format!("{seconds:.2} s"),
            format!("{:.2} ms", seconds / whole * 1e3),
            format!("{:.3}", rate(events, seconds)),
        ]);
    }
    let ratio = theirs.seconds / seconds;
    section.prose(format!(
        "Ratio of CPU seconds for the same simulated years: **{ratio:.0}** (aim 100, further 250)."
    ));
    section.figure("ratio", ratio);
    section.figure("cpu_s_per_10_years", seconds / whole * 10.0);
    section.figure("events_per_cpu_s", rate(events, seconds) * 1e6);
    section.figure("simpy_events_per_cpu_s", rate(their_events, theirs.seconds) * 1e6);
    two_cores(&mut section, &world, amount)?;
    Ok(section)
}

/// Measures two cores against one alone: nothing else may run beside it.
///
/// # Errors
/// If two threads come to something else than one.
pub fn cores(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Network simulation on two cores", ABOUT_CORES);
    let (scenario, _) = Scenario::read(SODRA)?;
    let mut world = build(&scenario, None, 1)?;
    if amount != Amount::Full {
        world.warmup_days = 28;
    }
    two_cores(&mut section, &world, amount)?;
    Ok(section)
}

/// Processor time of this thread alone.
fn thread_time() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: u64 = text.split_whitespace().next().context("no time")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds).as_secs_f64())
}

fn policies(world: &World) -> Vec<Named> {
    POLICIES.iter().filter_map(|name| Named::by_name(name, world)).collect()
}

/// Every policy and replication in turn, and the processor seconds.
fn simulate(world: &World, (years, replications): (u32, u32)) -> Result<(Vec<Tally>, f64)> {
    let mut out = Vec::new();
    let began = thread_time()?;
    for named in policies(world) {
        for number in 0..u64::from(replications) {
            let days = days_of(world, years);
            out.push(replicate(world, &named.policy, Seed(1), number, days, &mut Nobody));
        }
    }
    Ok((out, thread_time()? - began))
}

struct Theirs {
    seconds: f64,
    runs: Vec<Value>,
}

fn ask(
    python: &Path,
    world: &World,
    spread: f64,
    (years, replications): (u32, u32),
) -> Result<Theirs> {
    let named: Vec<(String, Policy)> =
        policies(world).into_iter().map(|named| (named.name, named.policy)).collect();
    let input = world::json(world, spread, &named)?.to_string();
    let arguments = [years.to_string(), replications.to_string(), "1".to_owned()];
    let arguments = arguments.each_ref().map(String::as_str);
    let said = python::ask(python, "network/network.py", &arguments, &input)?;
    Ok(Theirs {
        seconds: said["seconds"].as_f64().context("no seconds")?,
        runs: said["runs"].as_array().context("no runs")?.clone(),
    })
}

/// What both count, by name.
fn counts(tally: &Tally) -> [(&'static str, u64); 11] {
    [
        ("calls", tally.all(|one| one.calls)),
        ("donations", tally.all(|one| one.donations)),
        ("made", tally.all(|one| one.made.iter().sum())),
        ("asked", tally.all(|one| one.asked.iter().sum())),
        ("issued", tally.all(|one| one.issued.iter().sum())),
        ("short", tally.all(|one| one.short.iter().sum())),
        ("outdated", tally.all(|one| one.outdated.iter().sum())),
        ("sent", tally.all(|one| one.sent.iter().sum())),
        ("within", tally.moved_within),
        ("urgent", tally.urgent),
        ("trips", tally.trips),
    ]
}

fn count_of(run: &Value, name: &str) -> Result<u64> {
    run["count"][name].as_u64().with_context(|| format!("no count of {name}"))
}

/// A world without chance: every count is the same.
fn equal(python: &Path) -> Result<()> {
    let (scenario, _) = Scenario::read(EQUAL)?;
    let world = build(&scenario, None, 2)?;
    let spread = scenario.demand.variance_to_mean.value;
    let theirs = ask(python, &world, spread, (2, 1))?;
    let (ours, _) = simulate(&world, (2, 1))?;
    ensure!(ours.len() == theirs.runs.len(), "{} runs of {}", theirs.runs.len(), ours.len());
    let mut seen = [0; 11];
    for (tally, run) in ours.iter().zip(&theirs.runs) {
        for (n, (name, count)) in counts(tally).into_iter().enumerate() {
            let peer = count_of(run, name)?;
            ensure!(
                count == peer,
                "without chance, {}: {name} {count}, SimPy {peer}",
                run["policy"]
            );
            seen[n] += count;
        }
    }
    // A world in which nothing is short, sent or outdated would prove little.
    ensure!(seen.iter().take(9).all(|count| *count > 0), "too quiet a world: {seen:?}");
    Ok(())
}

/// Means agree within both sides' confidence; a hundredth more is let pass where there are many.
fn agree(ours: &[Tally], theirs: &Theirs, each: usize) -> Result<()> {
    ensure!(ours.len() == theirs.runs.len(), "{} runs of {}", theirs.runs.len(), ours.len());
    for (n, policy) in POLICIES.iter().enumerate() {
        let (mine, peer) =
            (&ours[n * each..(n + 1) * each], &theirs.runs[n * each..(n + 1) * each]);
        for (at, (name, _)) in counts(&ours[0]).into_iter().enumerate() {
            let a = Estimate::of(mine.iter().map(|one| counts(one)[at].1 as f64));
            let b: Vec<f64> =
                peer.iter().map(|one| Ok(count_of(one, name)? as f64)).collect::<Result<_>>()?;
            let b = Estimate::of(b.into_iter());
            let allowed = a.half_width.hypot(b.half_width) * 1.5 + 0.01 * a.mean + 1.0;
            if (a.mean - b.mean).abs() > allowed {
                bail!("{policy}: {name} {a:?}, SimPy {b:?}: not the same model");
            }
        }
    }
    Ok(())
}

fn two_cores(section: &mut Section, world: &World, amount: Amount) -> Result<()> {
    let policy = Policy { callup: CallUp::Pooled, ..Policy::priced(world.price) };
    let replications = amount.of(2, 8, 64);
    let timed = |threads| -> Result<_> {
        let amount = run::Amount { years: 1, replications, seed: 1, threads };
        let began = Instant::now();
        let results = run_all(world, &[policy], amount, &Progress::default())?;
        Ok((results, began.elapsed().as_secs_f64()))
    };
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for _ in 0..amount.of(1, 3, 7) {
        let (alone, seconds) = timed(1)?;
        one.push(seconds);
        let (together, seconds) = timed(2)?;
        two.push(seconds);
        ensure!(alone == together, "two threads come to something else than one");
    }
    let least = |all: &[f64]| all.iter().copied().fold(f64::MAX, f64::min);
    let (best, middle) = (least(&one) / least(&two), median(one) / median(two));
    section.prose(format!(
        "Two cores: **{best:.2}** times as fast as one (best of runs; {middle:.2} by their \
         medians), for {replications} replications; aim 1.6, further 1.9."
    ));
    section.figure("two_cores", best);
    Ok(())
}
