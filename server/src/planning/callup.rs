//! `samband callup`: whom to invite, week by week.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use samband_planning::callup::report::Summary;
use samband_planning::callup::{read, report};
use samband_planning::progress::Progress;

/// `callup`
#[derive(Debug, Args)]
pub struct Callup {
    /// Donors, places, buses and demand (TOML); docs/planning/callup-sodra.toml is an example.
    file: PathBuf,
    /// One JSON object, with every list, instead of text.
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
pub fn run(asked: &Callup) -> Result<()> {
    let text = std::fs::read_to_string(&asked.file)
        .with_context(|| format!("cannot read {}", asked.file.display()))?;
    let instance = read(&text).with_context(|| format!("cannot use {}", asked.file.display()))?;
    let report = report(&instance, &Progress::default())?;
    if asked.json {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    println!("{}", report.title);
    tell(&report.plan);
    println!("beside it:");
    tell(&report.other);
    for visit in &report.visits {
        println!(
            "{}  {} stops at {}, {:.0} expected",
            visit.week, visit.bus, visit.stop, visit.expected
        );
    }
    for binding in report.binding.iter().take(10) {
        let week = binding.week.map_or_else(String::new, |week| format!("week of {week}, "));
        println!(
            "held back by {}: {week}{} (one more saves {:.1})",
            binding.what, binding.at, binding.saves
        );
    }
    println!("{} lines to work off: --json", report.lists.len());
    Ok(())
}

fn tell(summary: &Summary) {
    println!(
        "{:?}: {} invitations, {:.0} donations for {:.0} wanted, {:.0} short; at least {:.1} % of \
         what the best plan can save",
        summary.pooling,
        summary.invitations,
        summary.donations,
        summary.demand,
        summary.short.iter().sum::<f64>(),
        summary.share_of_optimum_at_least * 100.0
    );
    for region in &summary.regions {
        println!(
            "  {:<12} {:>6} donors, {:.3} donations each, {:>6.0} willing whom nobody calls",
            region.region, region.donors, region.per_donor, region.willing_not_called
        );
    }
}
