//! The transfer plan's network simplex beside OR-Tools' min-cost flow, cold and after small
//! changes.

mod instance;

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use samband_planning::transfer::{Daily, Problem, Simplex};

use crate::report::Section;
use crate::stopwatch::grouped;
use crate::{Amount, python, scratch};
use instance::{Dice, figures, shape};

const ABOUT: &str = "\
A morning's question: eight groups of red cells by age at so many sites, five days, a timetable \
to the nearest sites, minimum stocks; which units go where so that shortage, expiry and transport \
together cost least. Beside it the same for one day alone: every stock to every demand it fits. \
Processor seconds for one exact answer, best of several batches. Ours from \
nothing counts taking the problem up as well; of OR-Tools (SimpleMinCostFlow, cost scaling) \
solving alone counts. It has no way to go on from an earlier answer: after a change of one in a \
hundred prices, or of one in a hundred stocks and demands, it begins anew. Before every ratio both \
have found the same price, changed problems included; for the smaller size, HiGHS has as well.";

/// One size.
struct Size {
    sites: usize,
    /// Sites to which each sends every day.
    neighbours: usize,
    /// For one day: ages told apart, and sites that each may serve.
    ages: usize,
    within: usize,
}

const TINY: Size = Size { sites: 6, neighbours: 3, ages: 3, within: 6 };
/// The four regions: about 62 thousand arcs.
const SMALL: Size = Size { sites: 20, neighbours: 13, ages: 6, within: 20 };
/// The country: about 650 thousand arcs.
const LARGE: Size = Size { sites: 80, neighbours: 40, ages: 4, within: 75 };

/// Measures.
///
/// # Errors
/// If a peer cannot be run or finds another price.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Transfer plan", ABOUT);
    let python = python::environment("transfer")?;
    section.table(&["network", "arcs", "question", "steps", "ours", "OR-Tools", "ratio", "HiGHS"]);
    let sizes: &[Size] = amount.of(&[TINY], &[SMALL], &[SMALL, LARGE]);
    for size in sizes {
        beside(&mut section, &python, five_days(size)?, amount)?;
        beside(&mut section, &python, one_day(size), amount)?;
    }
    Ok(section)
}

/// A search from nothing and its answer.
fn cold(problem: &Problem, start: &[u32]) -> Result<Simplex> {
    let mut simplex = Simplex::new(problem, 0, start)?;
    simplex.solve()?;
    Ok(simplex)
}

/// A problem, a first tree for it if the asker knows one, and what to call it.
struct Asked {
    name: String,
    problem: Problem,
    start: Vec<u32>,
    /// Whether HiGHS is asked too.
    highs: bool,
}

/// The network of five days.
fn five_days(size: &Size) -> Result<Asked> {
    let shape = shape(size.sites, 5, size.neighbours, 1);
    let mut daily = Daily::new(shape.clone())?;
    *daily.figures() = figures(&shape, 2);
    daily.plan()?;
    let (problem, start) = daily.problem()?;
    let name = format!("{} sites, five days", size.sites);
    Ok(Asked { name, problem, start, highs: size.sites <= 20 })
}

/// One day of the same sites. Nobody knows a first tree, only each demand's or stock's last resort.
fn one_day(size: &Size) -> Asked {
    let problem = instance::one_day(size.sites, size.ages, size.within, 1);
    let mut start = vec![u32::MAX; problem.supply.len()];
    for (at, arc) in problem.arcs.iter().enumerate() {
        if arc.tail == 0 || arc.head == 0 {
            start[arc.tail.max(arc.head) as usize] = at as u32;
        }
    }
    let name = format!("{} sites, one day", size.sites);
    Asked { name, problem, start, highs: size.sites <= 20 }
}

fn beside(section: &mut Section, python: &Path, asking: Asked, amount: Amount) -> Result<()> {
    let Asked { name, problem, start, highs } = asking;
    let folder = scratch::folder()?;
    let file = folder.path().join("problem");
    let batches = amount.of(1, 3, 7);

    let mut warm = cold(&problem, &start)?;
    let steps = warm.pivots();
    let theirs = asked(python, &file, &problem, warm.objective(), (batches, highs))?;
    let mine = best_of(batches, || cold(&problem, &start).map(|_| ()))?;
    let mut put = |question: &str, steps: u64, mine: f64, theirs: &Theirs| {
        section.figure(format!("{name} {question} ratio"), theirs.ortools / mine);
        section.row([
            name.clone(),
            grouped(problem.arcs.len() as f64),
            question.to_owned(),
            grouped(steps as f64),
            seconds(mine),
            seconds(theirs.ortools),
            format!("{:.1}", theirs.ortools / mine),
            theirs.highs.map_or_else(|| "–".to_owned(), seconds),
        ]);
    };
    put("from nothing", steps, mine, &theirs);

    let mut changed = problem.clone();
    let mut dice = Dice::new(7);
    for question in [Question::Prices, Question::Supplies] {
        // Many rounds together, the changes themselves included: a thread's clock moves by steps.
        // Every second round takes the last one's changes back, so that nothing drifts away; the
        // last round's stay.
        let least = Duration::from_millis(amount.of(40, 200, 1_000));
        let (started, before) = (thread_time()?, warm.pivots());
        let (mut rounds, mut took, mut changes) = (0_u32, Duration::ZERO, Vec::new());
        while took < least || rounds % 2 == 0 {
            if rounds % 2 == 0 {
                changes = draw(question, &changed, &start, &mut dice);
            }
            let sign = 1 - 2 * i64::from(rounds % 2);
            for (at, by) in &changes {
                question.change(&mut warm, &mut changed, *at, sign * by)?;
            }
            warm.solve()?;
            rounds += 1;
            // Looking at the clock costs something too.
            if took < least && rounds % 10 == 9 {
                took = thread_time()? - started;
            }
        }
        let took = thread_time()? - started;
        let steps = (warm.pivots() - before) / u64::from(rounds);
        let anew = cold(&changed, &start)?.objective();
        ensure!(warm.objective() == anew, "going on gives {}, anew {anew}", warm.objective());
        let theirs = asked(python, &file, &changed, anew, (batches, highs))?;
        put(question.name(), steps, took.as_secs_f64() / f64::from(rounds), &theirs);
    }
    Ok(())
}

/// What changes.
#[derive(Clone, Copy)]
enum Question {
    Prices,
    Supplies,
}

impl Question {
    const fn name(self) -> &'static str {
        match self {
            Self::Prices => "1 % of prices",
            Self::Supplies => "1 % of stocks and demands",
        }
    }

    fn change(self, warm: &mut Simplex, problem: &mut Problem, at: usize, by: i64) -> Result<()> {
        match self {
            Self::Prices => {
                problem.arcs[at].cost += by;
                warm.set_cost(at, problem.arcs[at].cost)?;
            }
            Self::Supplies => {
                for (node, more) in [(at, by), (0, -by)] {
                    problem.supply[node] += more;
                    warm.add_supply(node as u32, more)?;
                }
            }
        }
        Ok(())
    }
}

/// One price in a hundred by up to a tenth; or one unit more in one stock or demand of a hundred.
fn draw(
    question: Question,
    problem: &Problem,
    start: &[u32],
    dice: &mut Dice,
) -> Vec<(usize, i64)> {
    let (nodes, arcs) = (problem.supply.len(), problem.arcs.len());
    match question {
        Question::Prices => (0..arcs.div_ceil(100))
            .map(|_| {
                let at = dice.below(arcs as u64) as usize;
                (at, problem.arcs[at].cost.abs() * (dice.below(21) as i64 - 10) / 100)
            })
            .collect(),
        Question::Supplies => (0..nodes.div_ceil(100))
            .map(|_| {
                let node = 1 + dice.below(nodes as u64 - 1) as usize;
                // A demand's first arc comes from the ground; a stock's leads towards it.
                let demand = problem.arcs[start[node] as usize].tail == 0;
                (node, if demand { -1 } else { 1 })
            })
            .collect(),
    }
}

/// What the peers needed.
struct Theirs {
    ortools: f64,
    highs: Option<f64>,
}

/// Asks the peers; fails if one finds another price.
fn asked(
    python: &Path,
    file: &Path,
    problem: &Problem,
    objective: i128,
    (runs, highs): (u32, bool),
) -> Result<Theirs> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    let mut put = |number: i64| out.write_all(&number.to_le_bytes());
    put(problem.supply.len() as i64)?;
    put(problem.arcs.len() as i64)?;
    for supply in &problem.supply {
        put(*supply)?;
    }
    for arc in &problem.arcs {
        for number in [arc.tail.into(), arc.head.into(), arc.lower, arc.upper, arc.cost] {
            put(number)?;
        }
    }
    out.flush()?;
    let path = file.to_str().context("a path that is no text")?;
    let ask = |script: &str| -> Result<f64> {
        let answer = python::ask(python, script, &[path, &runs.to_string()], "")?;
        let theirs = answer["objective"].as_str().context("no objective")?;
        ensure!(theirs == objective.to_string(), "{script} finds {theirs}, ours {objective}");
        answer["solve"].as_f64().context("no time")
    };
    let ortools = ask("transfer/ortools_flow.py")?;
    let highs = if highs { Some(ask("transfer/highs_flow.py")?) } else { None };
    Ok(Theirs { ortools, highs })
}

/// Processor time of this thread alone: all of it is ours.
fn thread_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split_whitespace().next().context("no time")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// The least mean of several batches of a fifth of a second each.
fn best_of(batches: u32, mut once: impl FnMut() -> Result<()>) -> Result<f64> {
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
    Ok(best)
}

fn seconds(time: f64) -> String {
    format!("{:.2} ms", time * 1e3)
}
