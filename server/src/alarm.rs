//! `samband alarm`: how alarms stand, who is on duty, who was reached, and the sheets for the folder.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Subcommand;
use samband_domain::JournalId;

use crate::cli::Data;
use crate::operate::{AlarmAsked, Operation};

/// `alarm`
#[derive(Debug, Subcommand)]
pub enum AlarmCommand {
    /// List the alarms that concern a region, the latest first, and how each stands.
    List {
        #[command(flatten)]
        data: Data,
        /// Whose.
        region: JournalId,
        /// Only those that still ask something of somebody.
        #[arg(long)]
        running: bool,
        /// As JSON, in the form of `GET /api/v1/alarms`.
        #[arg(long)]
        json: bool,
    },
    /// Show one alarm: what everybody owes, and how far that has come.
    Show {
        #[command(flatten)]
        data: Data,
        /// The region that looks: the one that alarmed, or one that was alarmed.
        region: JournalId,
        /// The alarm's id.
        alarm: String,
        /// As JSON, in the form of `GET /api/v1/alarms/ISSUER/ALARM`.
        #[arg(long)]
        json: bool,
    },
    /// List a region's rosters, or set one from a file of lines:
    /// `name;rank;from;until;channel;address;channel;address…`.
    Roster {
        #[command(flatten)]
        data: Data,
        /// Whose rosters.
        region: JournalId,
        /// File with the new roster, one turn a line.
        #[arg(long, value_name = "FILE", requires = "role")]
        set: Option<PathBuf>,
        /// Of which role, e.g. `tib`.
        #[arg(long)]
        role: Option<String>,
        /// Of whom: another region, or `outside:NAME` [default: the region itself].
        #[arg(long)]
        party: Option<String>,
        /// Only show what would be set.
        #[arg(long, requires = "set")]
        dry_run: bool,
    },
    /// Test, unannounced, who of a region's roles is reached.
    Reach {
        #[command(flatten)]
        data: Data,
        /// Whose roles.
        region: JournalId,
        /// Show what came of the latest test instead.
        #[arg(long)]
        result: bool,
    },
    /// Write the contact list and the action cards as PDF, for a printer that runs every morning.
    Cards {
        #[command(flatten)]
        data: Data,
        /// Only this region; every region written here without it.
        region: Option<JournalId>,
        /// Directory for the files; made if it is not there.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// What is to be done, and where.
///
/// # Errors
/// If a file cannot be read.
pub fn asked(command: AlarmCommand) -> Result<(Data, Operation)> {
    let (data, asked) = match command {
        AlarmCommand::List { data, region, running, json } => {
            (data, AlarmAsked::List { region, running, json })
        }
        AlarmCommand::Show { data, region, alarm, json } => {
            (data, AlarmAsked::Show { region, alarm, json })
        }
        AlarmCommand::Roster { data, region, set: None, .. } => {
            (data, AlarmAsked::Roster { region })
        }
        AlarmCommand::Roster { data, region, set: Some(file), role, party, dry_run } => {
            let lines = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            let party = party.unwrap_or_else(|| region.to_string());
            let role = role.context("which role?")?;
            (data, AlarmAsked::SetRoster { region, party, role, lines, dry_run })
        }
        AlarmCommand::Reach { data, region, result: true } => {
            (data, AlarmAsked::Reached { region })
        }
        AlarmCommand::Reach { data, region, result: false } => (data, AlarmAsked::Reach { region }),
        AlarmCommand::Cards { data, region, out } => {
            let directory = std::path::absolute(out)?;
            (data, AlarmAsked::Cards { region, directory })
        }
    };
    Ok((data, Operation::Alarm(asked)))
}
