//! `samband replenish`: the exact target stock of a perishable component, and what it does.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use samband_planning::progress::Progress;
use samband_planning::replenish::document::Document;
use samband_planning::replenish::report::{Simulated, Solved};
use samband_planning::replenish::rollout::simulate;
use samband_planning::replenish::solve::solve;

/// `replenish`
#[derive(Debug, Subcommand)]
pub enum ReplenishCommand {
    /// Find the optimal order in every state, with bounds that certify it.
    Solve(Model),
    /// Say what the optimal orders lead to: service, wastage, holding.
    Simulate(Simulate),
}

/// A model.
#[derive(Debug, Args)]
pub struct Model {
    /// The model (TOML); docs/planning/replenish-*.toml are examples of each family.
    model: PathBuf,
    /// One JSON object, with the whole policy, instead of text.
    #[arg(long)]
    json: bool,
}

/// `replenish simulate`
#[derive(Debug, Args)]
pub struct Simulate {
    #[command(flatten)]
    model: Model,
    /// Independent runs [default: as the model says, or 10000].
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    replications: Option<u32>,
    /// Days of each that count [default: as the model says, or 365].
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    days: Option<u32>,
    /// What all is drawn from [default: as the model says, or 78].
    #[arg(long)]
    seed: Option<u64>,
}

/// Does what is asked.
pub fn run(command: &ReplenishCommand) -> Result<()> {
    let progress = Progress::default();
    let started = Instant::now();
    let seconds = || Some(started.elapsed().as_secs_f64());
    match command {
        ReplenishCommand::Solve(Model { model, json }) => {
            let document = read(model)?;
            let solution = solve(&document.model, &document.settings, &progress)?;
            let solved = Solved::new(&document, solution, seconds());
            say(*json, &solved, || solved.text())
        }
        ReplenishCommand::Simulate(asked) => {
            let mut document = read(&asked.model.model)?;
            let runs = &mut document.runs;
            runs.replications = asked.replications.unwrap_or(runs.replications);
            runs.days = asked.days.unwrap_or(runs.days);
            runs.seed = asked.seed.unwrap_or(runs.seed);
            let solution = solve(&document.model, &document.settings, &progress)?;
            let performance = simulate(&document.model, &solution, &document.runs, &progress)?;
            let simulated = Simulated::new(&document, performance, seconds());
            say(asked.model.json, &simulated, || simulated.text())
        }
    }
}

fn read(path: &Path) -> Result<Document> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Document::read(&text).with_context(|| format!("cannot use {}", path.display()))
}

fn say(json: bool, answer: &impl serde::Serialize, text: impl Fn() -> String) -> Result<()> {
    let mut said = if json { serde_json::to_string(answer)? } else { text() };
    if !said.ends_with('\n') {
        said.push('\n');
    }
    std::io::stdout().write_all(said.as_bytes()).context("cannot write the answer")
}
