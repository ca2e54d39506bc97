//! `samband transfer`: who should send what to whom, and why.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use samband_planning::transfer::{Means, Plan, Planner, Question};

/// `transfer`
#[derive(Debug, Args)]
pub struct Transfer {
    /// Stock, demand, minimum stocks, prices and timetable (TOML); docs/planning/transfer.toml is
    /// an example.
    file: PathBuf,
    /// One JSON object, with every reason, instead of text.
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
pub fn run(asked: &Transfer) -> Result<()> {
    let text = std::fs::read_to_string(&asked.file)
        .with_context(|| format!("cannot read {}", asked.file.display()))?;
    let plan = Question::read(&text)
        .map_err(anyhow::Error::from)
        .and_then(|question| Ok(Planner::new(question)?.plan()?))
        .with_context(|| format!("cannot use {}", asked.file.display()))?;
    if asked.json {
        println!("{}", serde_json::to_string(&plan)?);
    } else {
        tell(&plan);
    }
    Ok(())
}

fn tell(plan: &Plan) {
    for one in &plan.proposals {
        println!(
            "{} {}  {} → {}  {} × {} by {}{}: saves {}",
            one.departs,
            one.departs_at,
            one.from,
            one.to,
            one.count,
            one.group,
            one.leg,
            if one.means == Means::Telephone { " (telephone)" } else { "" },
            kronor(one.why.saves)
        );
    }
    let Plan { outcome, alone, .. } = plan;
    for (what, together, apart) in [
        ("short", outcome.short, alone.short),
        ("expired", outcome.expired, alone.expired),
        ("expiring soon", outcome.expiring_soon, alone.expiring_soon),
        ("below minimum, unit days", outcome.below_minimum, alone.below_minimum),
        ("sent", outcome.sent, alone.sent),
    ] {
        println!("{what:<26} {together:>6}   alone {apart:>6}");
    }
    println!("cost {}, alone {}", kronor(plan.cost), kronor(plan.cost_alone));
    if plan.bound < plan.cost {
        println!("full departures leave a doubt of {}", kronor(plan.cost - plan.bound));
    }
    for leg in &plan.beyond {
        println!("{leg} arrives after the horizon: not used");
    }
}

/// Öre as kronor.
pub(super) fn kronor(amount: i64) -> String {
    let sign = if amount < 0 { "−" } else { "" };
    format!("{sign}{}.{:02} kr", amount.unsigned_abs() / 100, amount.unsigned_abs() % 100)
}
