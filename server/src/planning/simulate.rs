//! `samband simulate`: joint or alone, in simulated time.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use samband_domain::Time;
use samband_planning::progress::Progress;
use samband_planning::simulate::ask::{COMPARED, Document, Question, SODRA};
use samband_planning::simulate::model::CallUp;
use samband_planning::simulate::page::{page, plots};
use samband_planning::simulate::report::Report;
use samband_web::app::joint::board::{Board, board};
use samband_web::text::{Lang, Words};

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

impl PolicyArg {
    const fn name(self) -> &'static str {
        match self {
            Self::Alone => "self",
            Self::Joint => "joint",
            Self::Priced => "priced",
            Self::Today => "today",
        }
    }
}

/// Who calls whom, where the supply is joint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CallUpArg {
    /// Each region its own donors.
    Local,
    /// All donors for all.
    Pooled,
}

/// A language of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Swedish.
    Sv,
    /// English.
    En,
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
    /// Days of red cells below which a region gives nothing away, in place of the scenario's.
    #[arg(long, value_name = "DAYS")]
    floor_days: Option<f64>,
    /// Who calls whom, where the supply is joint.
    #[arg(long, value_enum, default_value = "pooled")]
    callup: CallUpArg,
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
    /// Write each curve over the prices as an SVG file into a folder.
    #[arg(long, value_name = "FOLDER", requires = "prices")]
    plots: Option<PathBuf>,
    /// Write one page of A4 for a board (PDF); with --compare.
    #[arg(long, value_name = "OUT.pdf", requires = "compare")]
    board: Option<PathBuf>,
    /// Whose costs the board's page shows: a region of the scenario.
    #[arg(long, value_name = "ID", requires = "board")]
    region: Option<String>,
    /// What the board's page holds against each region for itself.
    #[arg(long, value_enum, value_name = "POLICY", default_value = "priced", requires = "board")]
    against: PolicyArg,
    /// The language of what is printed.
    #[arg(long, value_enum, default_value = "sv")]
    lang: LangArg,
    /// List the scenario's variants and stop.
    #[arg(long)]
    variants: bool,
}

/// Does what is asked.
pub async fn run(command: Simulate) -> Result<()> {
    let document = read(&command.scenario)?;
    if command.variants {
        for one in &document.scenario.variant {
            println!("{}\t{}\t{}", one.id, one.title, one.about);
        }
        return Ok(());
    }
    if let Some(region) = &command.region {
        let all: Vec<&str> = document.scenario.region.iter().map(|one| one.id.as_str()).collect();
        if !all.contains(&region.as_str()) {
            bail!("{region} is not one of the scenario's regions: {}", all.join(", "));
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = command.threads.map_or(cores, usize::from);
    let question = command.question();
    let progress = Arc::new(Progress::default());
    let (asked, watching) = (question.clone(), progress.clone());
    let mut work =
        tokio::task::spawn_blocking(move || asked.answer(&document, threads, watching.as_ref()));
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
    command.write(&question, &report)
}

fn read(path: &Path) -> Result<Document> {
    let text = match path.to_str() {
        Some("sodra") => SODRA.to_owned(),
        _ => std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?,
    };
    Document::read(&text).with_context(|| format!("cannot use {}", path.display()))
}

impl Simulate {
    fn question(&self) -> Question {
        let ways: &[&str] = match self.policy {
            _ if self.compare => &COMPARED,
            // A curve is held against each region for itself.
            None => &["self"],
            Some(policy) => &[policy.name()],
        };
        Question {
            variant: self.variant.clone(),
            ways: ways.iter().map(|way| (*way).to_owned()).collect(),
            price: self.price,
            floor_days: self.floor_days,
            callup: match self.callup {
                CallUpArg::Local => CallUp::Local,
                CallUpArg::Pooled => CallUp::Pooled,
            },
            prices: self.prices.clone(),
            years: self.years,
            replications: self.replications,
            seed: self.seed,
        }
    }

    fn write(&self, question: &Question, report: &Report) -> Result<()> {
        let words = Words::new(match self.lang {
            LangArg::Sv => Lang::Sv,
            LangArg::En => Lang::En,
        });
        let save = |path: &Path, bytes: &[u8]| {
            std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
        };
        if let Some(path) = &self.report {
            save(path, page(report, &words).as_bytes())?;
        }
        if let Some(folder) = &self.plots {
            for (key, svg) in plots(report, &words) {
                save(&folder.join(format!("{key}.svg")), svg.as_bytes())?;
            }
        }
        if let Some(path) = &self.board {
            let scenario = self.scenario.to_string_lossy();
            let made = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros();
            let pdf = board(&Board {
                words,
                report,
                command: &question.command(&scenario),
                variant: question.variant.as_deref(),
                against: self.against.name(),
                region: self.region.as_deref(),
                made: Time(i64::try_from(made)?),
            });
            let pdf = pdf.context("the comparison does not hold what the page shows")?;
            save(path, &pdf)?;
        }
        match &self.json {
            Some(path) if path.as_os_str() == "-" => {
                println!("{}", serde_json::to_string(report)?);
            }
            Some(path) => save(path, serde_json::to_string_pretty(report)?.as_bytes())?,
            None => print!("{}", report.text(&words)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use samband_web::app::joint::Asked;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        simulate: Simulate,
    }

    /// The page states a command: what it asks is, number for number, what the page asked.
    #[test]
    fn the_command_that_a_page_states_asks_what_the_page_asked() {
        let query = "price=500&floor=5&scenario=lost_site&callup=local&years=1&replications=5";
        for query in ["", query] {
            let asked = Asked::of_query(query).unwrap();
            for question in [asked.quick(), asked.question()] {
                let line = question.command("sodra");
                let words = line.split(' ').skip(1);
                let parsed = Line::try_parse_from(words).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(parsed.simulate.question(), question, "{line}");
            }
        }
    }

    /// And so the figures are the same, on any number of threads.
    #[test]
    fn page_and_command_line_give_equal_figures() {
        let asked = Asked::of_query("years=1&replications=5&scenario=closed_road").unwrap();
        let line = asked.question().command("sodra");
        let parsed = Line::try_parse_from(line.split(' ').skip(1)).ok().unwrap();
        let progress = Progress::default();
        let document = read(Path::new("sodra")).unwrap();
        let typed = parsed.simulate.question().answer(&document, 2, &progress).unwrap();
        assert_eq!(typed, asked.answer(&asked.question(), &progress).unwrap().unwrap());
    }
}
