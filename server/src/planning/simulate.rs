//! `samband simulate`: joint or alone, in simulated time.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use samband_planning::progress::Progress;
use samband_planning::simulate::build::build;
use samband_planning::simulate::document::Scenario;
use samband_planning::simulate::marks::Row;
use samband_planning::simulate::model::{Policy, World};
use samband_planning::simulate::page::page;
use samband_planning::simulate::report::{Named, Report};
use samband_planning::simulate::run::{Amount, run as replicate};

/// The scenario that comes with the program.
const SODRA: &str = include_str!("../../../planning/scenarios/sodra.toml");

/// A way to work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyArg {
    /// Each region for itself: nothing leaves it, its own donors are called for its own use.
    #[value(name = "self")]
    Alone,
    /// One supply, transport for nothing.
    Joint,
    /// One supply, transport at a price.
    Priced,
    /// Transport at a price, calls divided between the regions as the report tells.
    Today,
}

/// `simulate`
#[derive(Debug, Args)]
pub struct Simulate {
    /// The scenario (TOML), or `sodra` for the one that comes with the program.
    #[arg(long, value_name = "FILE", default_value = "sodra")]
    scenario: PathBuf,
    /// A change laid over it: one of the scenario's variants.
    #[arg(long, value_name = "ID")]
    variant: Option<String>,
    /// The way to work together.
    #[arg(long, value_enum, required_unless_present_any = ["compare", "prices", "variants"])]
    policy: Option<PolicyArg>,
    /// Compare self, joint, priced and today with the same patients, in pairs.
    #[arg(long)]
    compare: bool,
    /// Price of a unit over 100 km, in place of the scenario's.
    #[arg(long, value_name = "PRICE")]
    price: Option<f64>,
    /// One supply over these prices of transport, each compared with each region for itself.
    #[arg(long, value_name = "P,P…", value_delimiter = ',')]
    prices: Vec<f64>,
    /// Years that count.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    years: u32,
    /// Replications of each.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: u32,
    /// What all is drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads [default: as many as the machine has]; no result depends on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Write the answer as JSON; without a file, on the standard output.
    #[arg(long, value_name = "OUT", num_args = 0..=1, default_missing_value = "-")]
    json: Option<PathBuf>,
    /// Write a page with curves and tables that prints.
    #[arg(long, value_name = "OUT.html")]
    report: Option<PathBuf>,
    /// List the scenario's variants and stop.
    #[arg(long)]
    variants: bool,
}

/// Does what is asked.
pub async fn run(command: Simulate) -> Result<()> {
    let (scenario, marks) = read(&command.scenario)?;
    if command.variants {
        for one in &scenario.variant {
            println!("{}\t{}\t{}", one.id, one.title, one.about);
        }
        return Ok(());
    }
    let asked = Asked::new(command, scenario)?;
    let progress = Arc::new(Progress::default());
    let (working, watching) = (asked.clone(), progress.clone());
    let mut work = tokio::task::spawn_blocking(move || working.answer(marks, watching.as_ref()));
    let mut tick = tokio::time::interval(Duration::from_millis(500));
    let shown = std::io::stderr().is_terminal();
    let report = loop {
        tokio::select! {
            done = &mut work => break done??,
            _ = tick.tick() => {
                let (done, whole) = progress.so_far();
                if shown && whole > 0 {
                    eprint!("\rsamband: {done} of {whole} replications ");
                }
            }
            _ = tokio::signal::ctrl_c() => progress.stop(),
        }
    };
    if shown {
        eprintln!();
    }
    asked.write(&report)
}

fn read(path: &Path) -> Result<(Scenario, Vec<Row>)> {
    let text = match path.to_str() {
        Some("sodra") => SODRA.to_owned(),
        _ => std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?,
    };
    Scenario::read(&text).with_context(|| format!("cannot use {}", path.display()))
}

#[derive(Clone, Debug)]
struct Asked {
    scenario: Scenario,
    variant: Option<String>,
    world: World,
    named: Vec<Named>,
    prices: Vec<Named>,
    amount: Amount,
    json: Option<PathBuf>,
    report: Option<PathBuf>,
}

impl Asked {
    fn new(command: Simulate, scenario: Scenario) -> Result<Self> {
        let (scenario, variant) = match &command.variant {
            None => (scenario, None),
            Some(id) => {
                let (changed, variant) = scenario.with(id)?;
                let variant = variant.clone();
                (changed, Some(variant))
            }
        };
        let mut world = build(&scenario, variant.as_ref(), command.years)?;
        for price in command.prices.iter().chain(&command.price) {
            if !(0.0..=1e7).contains(price) {
                bail!("a price is between 0 and 10 000 000, not {price}");
            }
        }
        world.price = command.price.unwrap_or(world.price);
        let names: &[&str] = match command.policy {
            // A curve is held against each region for itself.
            _ if command.compare => &["self", "joint", "priced", "today"],
            None => &["self"],
            Some(PolicyArg::Alone) => &["self"],
            Some(PolicyArg::Joint) => &["joint"],
            Some(PolicyArg::Priced) => &["priced"],
            Some(PolicyArg::Today) => &["today"],
        };
        let named = names.iter().filter_map(|name| Named::by_name(name, &world)).collect();
        let price =
            |price: &f64| Named { name: format!("priced {price}"), policy: Policy::priced(*price) };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let amount = Amount {
            years: command.years,
            replications: command.replications,
            seed: command.seed,
            threads: command.threads.map_or(cores, usize::from),
        };
        Ok(Self {
            variant: variant.map(|variant| variant.title),
            prices: command.prices.iter().map(price).collect(),
            world,
            named,
            amount,
            scenario,
            json: command.json,
            report: command.report,
        })
    }

    fn answer(&self, marks: Vec<Row>, progress: &Progress) -> Result<Report> {
        let all: Vec<Policy> =
            self.named.iter().chain(&self.prices).map(|named| named.policy).collect();
        let results = replicate(&self.world, &all, self.amount, progress)?;
        let titles = (self.scenario.title.as_str(), self.scenario.about.as_str());
        Ok(Report::new(
            (titles.0, titles.1, self.variant.as_deref()),
            &self.world,
            (&self.named, &self.prices),
            &results,
            (self.amount, marks),
        ))
    }

    fn write(&self, report: &Report) -> Result<()> {
        if let Some(path) = &self.report {
            std::fs::write(path, page(report))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        match &self.json {
            Some(path) if path.as_os_str() == "-" => {
                println!("{}", serde_json::to_string(report)?);
            }
            Some(path) => std::fs::write(path, serde_json::to_string_pretty(report)?)
                .with_context(|| format!("cannot write {}", path.display()))?,
            None => print!("{}", report.text()),
        }
        Ok(())
    }
}
