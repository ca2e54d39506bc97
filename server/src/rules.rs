//! `samband rules`: files of rules checked, drafted, reviewed and adopted.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use samband_domain::{Digest, JournalId};
use samband_exchange::rulesets::preview;
use samband_web::text::Words;

use crate::cli::Data;
use crate::operate::{Operation, RulesAsked, RulesFile, describe};

/// `rules`
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Read a file of rules (TOML, CSV or XLSX) and say what is wrong with it and what it leaves
    /// unknown; nothing is recorded.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Draft a region's rule set from a file: all of it, or nothing.
    Draft {
        #[command(flatten)]
        data: Data,
        /// The file.
        file: PathBuf,
        /// Whose rules.
        #[arg(long)]
        region: JournalId,
        /// Title [default: as the file says].
        #[arg(long)]
        title: Option<String>,
        /// Version [default: as the file says].
        #[arg(long)]
        version: Option<String>,
        /// In whose name (`name@region`); without it, the machine's.
        #[arg(long = "as")]
        user: Option<String>,
        /// Only show what would be drafted and everything that is wrong.
        #[arg(long)]
        dry_run: bool,
    },
    /// Review a draft in somebody's name: a machine cannot.
    Review {
        #[command(flatten)]
        data: Data,
        /// The rule set's SHA-256.
        rule_set: Digest,
        /// In whose name (`name@region`).
        #[arg(long = "as")]
        user: String,
        /// Object instead of approving; say why with --comment.
        #[arg(long, requires = "comment")]
        object: bool,
        /// Why.
        #[arg(long)]
        comment: Option<String>,
    },
    /// Adopt a reviewed rule set in somebody's name: a machine cannot.
    Adopt {
        #[command(flatten)]
        data: Data,
        /// The rule set's SHA-256.
        rule_set: Digest,
        /// In whose name (`name@region`).
        #[arg(long = "as")]
        user: String,
        /// From which date [default: now].
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
    },
}

/// The operation that a command asks of an installation; none if it needs no installation.
///
/// # Errors
/// If the file cannot be read, or a check finds something wrong.
pub fn asked(command: RulesCommand) -> Result<Option<(Data, Operation)>> {
    let (data, asked) = match command {
        RulesCommand::Check { file } => {
            check(&file)?;
            return Ok(None);
        }
        RulesCommand::Draft { data, file, region, title, version, user, dry_run } => {
            let (name, bytes) = read(&file)?;
            let file = RulesFile { name, bytes, region, title, version, user, dry_run };
            (data, RulesAsked::Draft(file))
        }
        RulesCommand::Review { data, rule_set, user, object, comment } => {
            (data, RulesAsked::Review { rule_set, user, object, comment })
        }
        RulesCommand::Adopt { data, rule_set, user, from } => {
            (data, RulesAsked::Adopt { rule_set, user, from })
        }
    };
    Ok(Some((data, Operation::Rules(asked))))
}

fn read(path: &Path) -> Result<(String, Vec<u8>)> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes))
}

/// Reads a file and says what it holds; every bad row by line, and a failure if there is one.
fn check(path: &Path) -> Result<()> {
    let (name, bytes) = read(path)?;
    let found = preview(&bytes, &name)?;
    for bad in &found.bad {
        eprintln!("{}", describe(Words::en(), bad));
    }
    if !found.bad.is_empty() {
        bail!("{} fault(s) in {name}", found.bad.len());
    }
    let unknown = found.rules.iter().filter(|rule| rule.value.as_ref().value().is_none());
    let unknown: Vec<_> = unknown.map(|rule| rule.key.text()).collect();
    println!("{name}: {} rules, {} of them unknown", found.rules.len(), unknown.len());
    for key in unknown {
        println!("unknown: {key}");
    }
    Ok(())
}
