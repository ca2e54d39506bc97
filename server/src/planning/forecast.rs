//! `samband forecast`: demand to come, and how good such forecasts were.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use samband_planning::forecast::{Backtest, Forecasts, Table, backtest, forecasts, read};
use samband_planning::progress::Progress;

/// `forecast`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Forecast {
    #[command(subcommand)]
    command: Option<ForecastCommand>,
    #[command(flatten)]
    series: Option<Series>,
}

/// What else than forecasting.
#[derive(Debug, Subcommand)]
enum ForecastCommand {
    /// Forecast from earlier days and hold it against what came.
    Backtest(Series),
}

/// Days of use.
#[derive(Debug, Args)]
struct Series {
    /// Use by day (CSV: date,site,component,group,units; a missing line is unknown, not zero).
    file: PathBuf,
    /// Days ahead.
    #[arg(long, default_value_t = 56, value_parser = clap::value_parser!(u16).range(1..=365))]
    horizon: u16,
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
pub fn run(asked: &Forecast) -> Result<()> {
    let progress = Progress::default();
    match (&asked.command, &asked.series) {
        (Some(ForecastCommand::Backtest(series)), _) => {
            let tested = backtest(&table(series)?, series.horizon.into(), &progress)?;
            if series.json {
                println!("{}", serde_json::to_string(&tested)?);
            } else {
                tell_backtest(&tested);
            }
        }
        (None, Some(series)) => {
            let ahead = forecasts(&table(series)?, series.horizon.into(), &progress)?;
            if series.json {
                println!("{}", serde_json::to_string(&ahead)?);
            } else {
                tell_forecasts(&ahead);
            }
        }
        (None, None) => anyhow::bail!("which file?"),
    }
    Ok(())
}

fn table(series: &Series) -> Result<Table> {
    let text = std::fs::read_to_string(&series.file)
        .with_context(|| format!("cannot read {}", series.file.display()))?;
    read(&text).with_context(|| format!("cannot use {}", series.file.display()))
}

fn tell_forecasts(ahead: &Forecasts) {
    println!("date        site  component  group       mean    5 %   25 %   50 %   75 %   95 %");
    for series in &ahead.series {
        for day in &series.days {
            let [a, b, c, d, e] = day.quantiles;
            println!(
                "{}  {}  {}  {:<10} {:>6.1} {a:>6} {b:>6} {c:>6} {d:>6} {e:>6}",
                day.date,
                series.key.site,
                series.key.component.as_str(),
                series.key.group.map_or_else(|| "all".to_owned(), |group| group.to_string()),
                day.mean
            );
        }
    }
}

fn tell_backtest(tested: &Backtest) {
    println!("{} earlier days, {} days ahead of each", tested.origins, tested.horizon);
    for (name, score) in [("chosen", &tested.chosen), ("seasonal naive", &tested.seasonal_naive)] {
        println!(
            "{name:<15} CRPS {:.3}   in 50 %: {:.1} % (meant {:.1} %)   in 90 %: {:.1} % (meant \
             {:.1} %)   pinball {:.3?}",
            score.crps,
            score.inside_50 * 100.0,
            score.meant_50 * 100.0,
            score.inside_90 * 100.0,
            score.meant_90 * 100.0,
            score.pinball
        );
    }
}
