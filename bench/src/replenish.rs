//! Exact replenishment beside the PyPI solvers mdpsolver and mdpax.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use samband_planning::progress::Progress;
use samband_planning::replenish::demand::Demand;
use samband_planning::replenish::document::Document;
use samband_planning::replenish::model::{Arrival, Cost, Issuing, Model, Single, Weekly};
use samband_planning::replenish::solve::{Rule, Settings, Solution, solve};
use serde_json::Value;

use crate::report::Section;
use crate::stopwatch::grouped;
use crate::{Amount, python};

const ABOUT: &str = "\
The optimal order in every state of published models of a perishable component, in processor \
seconds of all threads. Family A: one product, orders 0–10, lead time 1 unless L2, gamma demand. \
mdpsolver (C++) is given every transition written out and is timed for its solving alone; the \
time it takes to write them out stands beside. mdpax (JAX, double precision, this machine's \
processors) is timed with its compilation, which is part of every run. Before a ratio is printed, \
the values of an empty system agree (mdpsolver to 0.001, mdpax to 0.02, which is its stopping \
rule) and so do the sums of the policies. mdpax by span stops when the policy is right, its \
values are not: only policies are compared. Ours carries certified bounds, one millionth apart. \
Of either side the best of several runs counts.";

/// The documentation's example of family C.
const C: &str = include_str!("../../docs/planning/replenish-c.toml");

/// Longest that a peer is waited for in a run of its own.
const PATIENCE: Duration = Duration::from_secs(900);

/// A run of its own, for what takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Long {
    /// Family A with five days of life, lead time two: 1 771 561 states, ours alone.
    A5,
    /// Family C with five days of life: 1 361 367 states, ours alone.
    C5,
    /// mdpsolver on family A with five days of life, lead time one.
    Mdpsolver5,
    /// mdpax on family A with four days of life.
    Mdpax4,
}

/// Measures what takes minutes at most.
///
/// # Errors
/// If a peer cannot be run or finds something else.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Exact replenishment", ABOUT);
    let python = python::environment("replenish")?;
    section.table(&["family A", "states", "ours", "peer", "its solving", "its building", "ratio"]);
    let lives: &[usize] = amount.of(&[2], &[3, 4], &[3, 4]);
    for life in lives {
        beside_mdpsolver(&mut section, &python, *life, amount)?;
    }
    for test in ["max_diff", "span"] {
        beside_mdpax(&mut section, &python, amount.of(2, 3, 3), test, amount)?;
    }
    alone(&mut section, vec![("C m3, ages by order", Model::C(family_c()?))])?;
    Ok(section)
}

/// Measures one long run.
///
/// # Errors
/// If a peer cannot be run or finds something else.
pub fn long(which: Long, amount: Amount) -> Result<Section> {
    let mut section = Section::new("Exact replenishment, a long run", ABOUT);
    match which {
        Long::A5 => alone(&mut section, large_a()?)?,
        Long::C5 => alone(&mut section, large_c()?)?,
        Long::Mdpsolver5 | Long::Mdpax4 => {
            let python = python::environment("replenish")?;
            let head =
                ["family A", "states", "ours", "peer", "its solving", "its building", "ratio"];
            section.table(&head);
            if which == Long::Mdpsolver5 {
                beside_mdpsolver(&mut section, &python, 5, amount)?;
            } else {
                beside_mdpax(&mut section, &python, 4, "span", amount)?;
                beside_mdpax(&mut section, &python, 4, "max_diff", amount)?;
            }
        }
    }
    Ok(section)
}

fn family_a(life: usize, lead: usize, issuing: Issuing) -> Result<Single> {
    Ok(Single {
        life,
        lead,
        most_order: 10,
        issuing,
        demand: Demand::gamma(4.0, 0.5, 100)?,
        cost: Cost { order: 3.0, shortage: 5.0, wastage: 7.0, holding: 1.0, ..Cost::default() },
        discount: 0.99,
    })
}

/// Processor time of this thread alone, to the nanosecond: all of it is ours.
fn thread_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split_whitespace().next().context("no time")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// The least mean of several batches; a batch is as many runs as take a fifth of a second, for the
/// clock of a thread moves by steps.
fn ours(model: &Model, batches: u32) -> Result<(Solution, f64)> {
    let settings = Settings::of(model, Rule::Certified);
    let once = || solve(model, &settings, &Progress::default());
    let solution = once()?;
    let mut best = f64::INFINITY;
    for _ in 0..batches {
        let before = thread_time()?;
        let (mut runs, mut took) = (0, Duration::ZERO);
        while took < Duration::from_millis(200) {
            once()?;
            runs += 1;
            took = thread_time()? - before;
        }
        best = best.min(took.as_secs_f64() / f64::from(runs));
    }
    Ok((solution, best))
}

fn sum(solution: &Solution) -> u64 {
    solution.orders.iter().flatten().map(|order| u64::from(*order)).sum()
}

/// Fails unless a peer found the same policy and, if its values are right, the same value.
fn same(solution: &Solution, answer: &Value, within: Option<f64>) -> Result<f64> {
    let theirs = answer["policy_sum"].as_u64().context("no policy")?;
    ensure!(theirs == sum(solution), "policies sum to {} and {theirs}", sum(solution));
    if let Some(within) = within {
        let (one, other) = (solution.values[0], answer["value_empty"].as_f64());
        let other = other.context("no value")?;
        ensure!((one - other).abs() <= within, "values are {one} and {other}");
    }
    answer["solve"].as_f64().context("no time")
}

fn beside_mdpsolver(
    section: &mut Section,
    python: &Path,
    life: usize,
    amount: Amount,
) -> Result<()> {
    let single = family_a(life, 1, Issuing::Fifo)?;
    let demand: Vec<f64> = (0..=single.demand.most()).map(|n| single.demand.exactly(n)).collect();
    let (solution, mine) = ours(&Model::A(single), amount.of(1, 3, 7))?;
    let input = serde_json::to_string(&demand)?;
    let life = life.to_string();
    let arguments = [life.as_str(), "1", "fifo", "7", "0.000001"];
    let mut theirs = f64::INFINITY;
    let mut built = 0.0;
    for _ in 0..amount.of(1, 1, 3) {
        let answer = python::ask(python, "replenish/mdpsolver_a.py", &arguments, &input)?;
        theirs = theirs.min(same(&solution, &answer, Some(1e-3))?);
        built = answer["build"].as_f64().unwrap_or(f64::NAN);
    }
    section.figure(format!("m{life} mdpsolver ratio"), theirs / mine);
    row(section, &format!("m{life}"), &solution, mine, "mdpsolver", (theirs, Some(built)));
    Ok(())
}

fn beside_mdpax(
    section: &mut Section,
    python: &Path,
    life: usize,
    test: &str,
    amount: Amount,
) -> Result<()> {
    let model = Model::A(family_a(life, 1, Issuing::Fifo)?);
    let (solution, mine) = ours(&model, amount.of(1, 3, 7))?;
    let life = life.to_string();
    let arguments = [life.as_str(), "1", "fifo", "7", test];
    let script = "replenish/mdpax_a.py";
    let answer = python::ask_within(python, script, &arguments, "", PATIENCE)?;
    let name = format!("mdpax, {test}");
    let Some(answer) = answer else {
        section.row([
            format!("m{life}"),
            grouped(solution.values.len() as f64),
            format!("{:.2} ms", mine * 1e3),
            name,
            format!("not done in {} s", PATIENCE.as_secs()),
            String::new(),
            String::new(),
        ]);
        return Ok(());
    };
    let within = (test == "max_diff").then_some(0.02);
    let theirs = same(&solution, &answer, within)?;
    section.figure(format!("m{life} mdpax {test} ratio"), theirs / mine);
    row(section, &format!("m{life}"), &solution, mine, &name, (theirs, None));
    Ok(())
}

fn row(
    section: &mut Section,
    name: &str,
    solution: &Solution,
    mine: f64,
    peer: &str,
    (theirs, built): (f64, Option<f64>),
) {
    section.row([
        name.to_owned(),
        grouped(solution.values.len() as f64),
        format!("{:.2} ms", mine * 1e3),
        peer.to_owned(),
        format!("{theirs:.2} s"),
        built.map_or_else(String::new, |built| format!("{built:.2} s")),
        grouped(theirs / mine),
    ]);
}

/// What no peer can hold or finish: solved by us alone.
fn alone(section: &mut Section, models: Vec<(&'static str, Model)>) -> Result<()> {
    section.table(&["alone", "states", "ours", "iterations", "value empty", "bounds apart"]);
    for (name, model) in models {
        let (solution, seconds) = ours(&model, 1)?;
        let (below, above) = solution.bounds.context("certified")?;
        section.figure(format!("{name} cpu_s"), seconds);
        section.row([
            name.to_owned(),
            grouped(solution.values.len() as f64),
            format!("{seconds:.2} s"),
            solution.iterations.to_string(),
            format!("{:.6}", solution.values[0]),
            format!("{:.1e}", below + above),
        ]);
    }
    Ok(())
}

fn family_c() -> Result<Box<Weekly>> {
    let Model::C(three) = Document::read(C)?.model else { anyhow::bail!("family C") };
    Ok(three)
}

fn large_a() -> Result<Vec<(&'static str, Model)>> {
    Ok(vec![
        ("A m5 L2 fifo", Model::A(family_a(5, 2, Issuing::Fifo)?)),
        ("A m5 L2 lifo", Model::A(family_a(5, 2, Issuing::Lifo)?)),
    ])
}

fn large_c() -> Result<Vec<(&'static str, Model)>> {
    let mut five = family_c()?;
    five.life = 5;
    let constant = vec![1.6, 2.6, 2.8, 1.6];
    five.arrival = Arrival::Logit { constant, slope: vec![0.0; 4] };
    let mut ages = five.clone();
    let (constant, slope) = (vec![1.9, 3.1, 3.1, 2.5], vec![-0.03, -0.06, -0.03, -0.09]);
    ages.arrival = Arrival::Logit { constant, slope };
    Ok(vec![("C m5", Model::C(five)), ("C m5, ages by order", Model::C(ages))])
}
