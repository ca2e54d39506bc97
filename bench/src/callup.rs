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
sixteen weeks, eight groups, buses, fairness band; and a part of it, two regions over eight weeks. \
HiGHS gets the same instance, thinly written (who waits is a column), on one thread, and its \
solving alone counts. Before anything is compared, our plan is checked against every rule and \
judged by HiGHS with every invitation held: both must find the same cost. Relaxed (interior \
point, or dual simplex) means that people and visits may be fractions: no whole plan costs less. \
Whole is the mixed-integer program, until its gap or its time is reached, both stated; what it has \
found by then stands beside the bound it has proved. A share is what a plan saves beside inviting \
nobody, as a part of what the bound leaves to be saved: at least so near the best is the plan.";

/// The example of the documentation.
const SODRA: &str = include_str!("../../docs/planning/callup-sodra.toml");
/// The part of it that is small: these regions, so many weeks.
const SMALL: ([&str; 2], usize) = (["blekinge", "kronoberg"], 8);
const HEAD: [&str; 10] = [
    "instance",
    "HiGHS",
    "its seconds",
    "its plan",
    "its bound",
    "its share",
    "our seconds",
    "our plan",
    "our share",
    "ratio",
];

/// How HiGHS is asked.
#[derive(Clone, Copy)]
struct Way {
    mode: &'static str,
    gap: &'static str,
    /// Seconds that pass.
    most: &'static str,
}

/// A run of its own, for what takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Long {
    /// The whole example as a mixed-integer program, for four minutes each.
    Whole,
    /// The whole example relaxed, by dual simplex, for four minutes each.
    Simplex,
}

/// Measures what takes a minute: the example against the bound of its relaxation, a part of it
/// against whole plans.
///
/// # Errors
/// If HiGHS cannot be run, or judges our plan otherwise than we do.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Call-up plan", ABOUT);
    let python = python::environment("callup")?;
    let pooled = read(SODRA)?;
    section.table(&HEAD);
    let interior = Way { mode: "interior", gap: "0", most: "240" };
    let whole = Way { mode: "whole", gap: "0.001", most: amount.of("5", "20", "120") };
    for pooling in [Pooling::Pooled, Pooling::Local] {
        beside(&mut section, &python, &pooled.with_pooling(pooling), &[interior], amount)?;
    }
    let small = part(&pooled);
    for pooling in [Pooling::Pooled, Pooling::Local] {
        let small = small.with_pooling(pooling);
        beside(&mut section, &python, &small, &[interior, whole], amount)?;
    }
    Ok(section)
}

/// Measures one long run.
///
/// # Errors
/// If HiGHS cannot be run, or judges our plan otherwise than we do.
pub fn long(which: Long, amount: Amount) -> Result<Section> {
    let mut section = Section::new("Call-up plan, a long run", ABOUT);
    let python = python::environment("callup")?;
    let pooled = read(SODRA)?;
    section.table(&HEAD);
    let way = match which {
        Long::Whole => Way { mode: "whole", gap: "0.01", most: "240" },
        Long::Simplex => Way { mode: "relaxed", gap: "0", most: "240" },
    };
    for pooling in [Pooling::Pooled, Pooling::Local] {
        beside(&mut section, &python, &pooled.with_pooling(pooling), &[way], amount)?;
    }
    Ok(section)
}

/// Two regions of an instance, and its first weeks.
fn part(whole: &Instance) -> Instance {
    let (ids, weeks) = SMALL;
    let here = |region: usize| ids.contains(&whole.regions[region].id.as_str());
    let regions: Vec<usize> = (0..whole.regions.len()).filter(|at| here(*at)).collect();
    let places: Vec<usize> =
        (0..whole.places.len()).filter(|at| here(whole.places[*at].region)).collect();
    let at = |all: &[usize], one: usize| all.iter().position(|other| *other == one);
    let mut small = whole.clone();
    small.title = format!("{}, a part", whole.title);
    small.weeks = weeks;
    small.keeps_weeks = whole.keeps_weeks.min(weeks - 1);
    small.regions = regions.iter().map(|at| whole.regions[*at].clone()).collect();
    small.demand = regions.iter().map(|at| whole.demand[*at][..weeks].to_vec()).collect();
    small.places = places.iter().map(|at| whole.places[*at].clone()).collect();
    for place in &mut small.places {
        place.region = at(&regions, place.region).unwrap_or(0);
        place.capacity.truncate(weeks);
    }
    small.buses.iter_mut().for_each(|bus| bus.hours.truncate(weeks));
    small.strata.retain(|stratum| places.contains(&stratum.place));
    for stratum in &mut small.strata {
        stratum.place = at(&places, stratum.place).unwrap_or(0);
        stratum.frees.truncate(weeks);
    }
    small
}

fn beside(
    section: &mut Section,
    python: &Path,
    instance: &Instance,
    ways: &[Way],
    amount: Amount,
) -> Result<()> {
    let (solved, mine) = ours(instance, amount.of(1, 3, 7))?;
    let outcome = check(instance, &solved.plan)?;
    let told = told(instance, &solved)?;
    let judged = python::ask(python, "callup/highs.py", &["judge"], &told)?;
    let theirs = judged["cost"].as_f64().context("no cost")?;
    // Ours counts in thousandths of a unit.
    let near = 1e-5 * solved.idle.max(1.0);
    ensure!((theirs - outcome.cost).abs() <= near, "cost {} and {theirs}", outcome.cost);
    let name = name(instance);
    let share = |cost: f64, bound: f64| (solved.idle - cost) / (solved.idle - bound);
    let percent = |part: f64| format!("{:.2} %", part * 100.0);
    for way in ways {
        let arguments = [way.mode, way.gap, way.most];
        let answer = python::ask(python, "callup/highs.py", &arguments, &told)?;
        let status = answer["status"].as_str().unwrap_or("nothing").to_owned();
        let took = answer["solve_cpu_s"].as_f64().context("no time")?;
        let finite = |field: &str| answer[field].as_f64().filter(|cost| cost.abs() < 1e15);
        // Fractions are no plan; a program that was stopped proves no more than its bound.
        let bound = finite("bound").filter(|_| way.mode == "whole" || status == "Optimal");
        let plan = finite("cost").filter(|_| way.mode == "whole");
        if let Some(bound) = bound {
            // A plan below what nothing can go below: one of the two models is wrong.
            ensure!(outcome.cost >= bound - near, "{name}: plan {} under {bound}", outcome.cost);
            section.figure(format!("{name} {} share", way.mode), share(outcome.cost, bound));
        }
        section.figure(format!("{name} {} ratio", way.mode), took / mine);
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        section.row([
            name.clone(),
            asked(way, &status),
            format!("{took:.2} s"),
            or_none(plan.map(grouped)),
            or_none(bound.map(grouped)),
            or_none(plan.zip(bound).map(|(plan, bound)| percent(share(plan, bound)))),
            format!("{:.0} ms", mine * 1e3),
            grouped(outcome.cost),
            or_none(bound.map(|bound| percent(share(outcome.cost, bound)))),
            grouped(took / mine),
        ]);
    }
    section.prose(format!(
        "{name}: inviting nobody costs {}; our own bound says {} at least.",
        grouped(solved.idle),
        percent(solved.share())
    ));
    section.figure(format!("{name} cpu_s"), mine);
    Ok(())
}

fn name(instance: &Instance) -> String {
    let size = if instance.regions.len() == SMALL.0.len() { "two regions" } else { "four regions" };
    let pooling = match instance.pooling {
        Pooling::Pooled => "together",
        Pooling::Local => "each alone",
    };
    format!("{size}, {} weeks, {pooling}", instance.weeks)
}

fn asked(way: &Way, status: &str) -> String {
    match way.mode {
        "whole" => format!("whole, gap {}, {} s at most: {status}", way.gap, way.most),
        "interior" => format!("relaxed, interior point: {status}"),
        _ => format!("relaxed, dual simplex, {} s at most: {status}", way.most),
    }
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
