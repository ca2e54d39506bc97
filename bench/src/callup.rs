//! The call-up plan beside HiGHS on the same instance.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use samband_planning::callup::matching::serves;
use samband_planning::callup::model::{Instance, Pooling};
use samband_planning::callup::{Solved, check, read, solve};
use samband_planning::progress::Progress;
use serde_json::{Value, json};

use crate::report::Section;
use crate::stopwatch::grouped;
use crate::{Amount, python};

const ABOUT: &str = "\
Whom to invite, in processor seconds: the example of the documentation, 35 449 donors in strata, \
sixteen weeks, eight groups, buses, fairness band. HiGHS gets the same instance, thinly written \
(who waits is a column), on one thread, and its solving alone counts. Before anything is compared, \
our plan is judged by HiGHS with every invitation held: both must find the same cost. Relaxed \
(dual simplex) and interior mean that people and visits may be fractions; no whole plan costs \
less, so our share of what that saves understates how near we are. Ours is whole people and whole \
visits, checked against every rule, with a bound of its own. The share is what a plan saves \
beside inviting nobody.";

/// The example of the documentation.
const SODRA: &str = include_str!("../../docs/planning/callup-sodra.toml");

/// Measures.
///
/// # Errors
/// If HiGHS cannot be run, or judges our plan otherwise than we do.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Call-up plan", ABOUT);
    let python = python::environment("callup")?;
    let pooled = read(SODRA)?;
    let head = ["regions", "HiGHS", "ours", "its solving", "ratio", "our share", "own bound says"];
    section.table(&head);
    let modes: &[&str] = amount.of(&["interior"], &["interior"], &["interior", "relaxed", "whole"]);
    for pooling in [Pooling::Pooled, Pooling::Local] {
        beside(&mut section, &python, &pooled.with_pooling(pooling), modes, amount)?;
    }
    Ok(section)
}

fn beside(
    section: &mut Section,
    python: &Path,
    instance: &Instance,
    modes: &[&str],
    amount: Amount,
) -> Result<()> {
    let (solved, mine) = ours(instance, amount.of(1, 3, 7))?;
    let outcome = check(instance, &solved.plan)?;
    let judged = python::ask(python, "callup/highs.py", &["judge"], &told(instance, &solved)?)?;
    let theirs = judged["cost"].as_f64().context("no cost")?;
    // Ours counts in thousandths of a unit.
    let near = 1e-5 * solved.idle.max(1.0);
    ensure!((theirs - outcome.cost).abs() <= near, "cost {} and {theirs}", outcome.cost);
    let name = match instance.pooling {
        Pooling::Pooled => "together",
        Pooling::Local => "each alone",
    };
    for mode in modes {
        // A whole plan: until one percent of cost, or ten minutes.
        let arguments = if *mode == "whole" { &[*mode, "0.01", "600"][..] } else { &[*mode][..] };
        let answer = python::ask(python, "callup/highs.py", arguments, &told(instance, &solved)?)?;
        let status = answer["status"].as_str().unwrap_or("nothing").to_owned();
        let took = answer["solve_cpu_s"].as_f64().context("no time")?;
        let cost = answer["cost"].as_f64().filter(|cost| cost.is_finite());
        let share = cost.map(|cost| (solved.idle - outcome.cost) / (solved.idle - cost));
        section.figure(format!("{name} {mode} ratio"), took / mine);
        if let Some(share) = share {
            section.figure(format!("{name} {mode} share"), share);
        }
        section.row([
            name.to_owned(),
            format!("{mode}: {status}"),
            format!("{:.0} ms", mine * 1e3),
            format!("{took:.2} s"),
            grouped(took / mine),
            share.map_or_else(String::new, |share| format!("{:.2} %", share * 100.0)),
            format!("{:.2} %", solved.share() * 100.0),
        ]);
    }
    section.figure(format!("{name} cpu_s"), mine);
    Ok(())
}

/// Processor time of this thread alone: all of it is ours.
fn thread_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split_whitespace().next().context("no time")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// The best of several runs.
fn ours(instance: &Instance, runs: u32) -> Result<(Solved, f64)> {
    let solved = solve(instance, &Progress::default())?;
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let before = thread_time()?;
        let again = solve(instance, &Progress::default())?;
        best = best.min((thread_time()? - before).as_secs_f64());
        ensure!(again == solved, "the same instance, another plan");
    }
    Ok((solved, best))
}

/// The instance and our plan as the peer reads them.
fn told(instance: &Instance, solved: &Solved) -> Result<String> {
    let mut told = serde_json::to_value(instance)?;
    let pairs = |ways: &Vec<samband_planning::callup::matching::Serves>| -> Vec<(usize, u8)> {
        ways.iter().map(|way| (way.donor, way.steps)).collect()
    };
    told["serves"] = json!(serves().iter().map(pairs).collect::<Vec<_>>());
    told["shares_fairly"] = json!(instance.shares_fairly());
    if instance.pooling == Pooling::Local {
        told["band"] = Value::Null;
    }
    let rows = told["strata"].as_array_mut().context("no strata")?;
    for (row, stratum) in rows.iter_mut().zip(&instance.strata) {
        row["group"] = json!(stratum.group.index());
    }
    let (invitations, open) = (&solved.plan.invitations, &solved.plan.open);
    told["plan"] = json!({ "invitations": invitations, "open": open });
    Ok(told.to_string())
}
