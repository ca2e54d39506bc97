//! `samband settle`: who pays whom for what was moved.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use samband_planning::settlement::{Agreement, settle};

use super::transfer::kronor;

/// `settle`
#[derive(Debug, Args)]
pub struct Settle {
    /// The agreement and what happened in the period (TOML); docs/planning/settlement.toml is an
    /// example.
    file: PathBuf,
    /// One JSON object, with every entry, instead of text.
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
pub fn run(asked: &Settle) -> Result<()> {
    let text = std::fs::read_to_string(&asked.file)
        .with_context(|| format!("cannot read {}", asked.file.display()))?;
    let agreement =
        Agreement::read(&text).with_context(|| format!("cannot use {}", asked.file.display()))?;
    let settlement = settle(&agreement);
    if asked.json {
        println!("{}", serde_json::to_string(&settlement)?);
        return Ok(());
    }
    println!("{}, {} to {}", settlement.title, settlement.from, settlement.to);
    for account in &settlement.accounts {
        println!("{:<14} {:>18}", account.region.to_string(), kronor(account.balance));
    }
    for payment in &settlement.payments {
        println!("{} pays {} {}", payment.from, payment.to, kronor(payment.amount));
    }
    println!("{} entries: --json", settlement.entries.len());
    Ok(())
}
