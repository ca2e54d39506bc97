//! Arguments of what is read in and written out.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use samband_domain::words::Day;
use samband_domain::{JournalId, SiteId};

use super::Data;

/// `import`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Import {
    /// What the file holds, if not figures.
    #[command(subcommand)]
    pub what: Option<ImportWhat>,
    /// Figures.
    #[command(flatten)]
    pub figures: ImportFigures,
}

/// `import` of something else than figures
#[derive(Debug, Subcommand)]
pub enum ImportWhat {
    /// Take over a site's existing stock: one row per unit.
    Stock {
        #[command(flatten)]
        file: RegionFile,
        /// The site; its record must be kept here.
        #[arg(long)]
        site: SiteId,
    },
    /// Report what another system counts at a site: one row per component and group.
    External {
        #[command(flatten)]
        file: RegionFile,
        /// The site; its record must be another system's.
        #[arg(long)]
        site: SiteId,
        /// The system, where the file does not say so.
        #[arg(long)]
        system: Option<String>,
        /// As of when, where the file does not say so: `2026-11-22 06:00`, Swedish time.
        #[arg(long)]
        as_of: Option<String>,
    },
    /// Report what sites used, day by day: date, site, component, group, units.
    Use {
        #[command(flatten)]
        file: RegionFile,
        /// Where it comes from, where the file does not say so.
        #[arg(long)]
        source: Option<String>,
        /// The first day it covers; the first with a row, if nobody says.
        #[arg(long)]
        from: Option<Day>,
        /// The last day it covers; the last with a row, if nobody says.
        #[arg(long)]
        to: Option<Day>,
    },
    /// Put a code table in force: which product each code stands for.
    Codes {
        #[command(flatten)]
        file: RegionFile,
    },
}

/// A file for one region.
#[derive(Debug, Args)]
pub struct RegionFile {
    #[command(flatten)]
    pub data: Data,
    /// The file.
    pub file: PathBuf,
    /// For which region.
    #[arg(long)]
    pub region: JournalId,
    /// In whose name (`name@region`); without it, the machine's.
    #[arg(long = "as")]
    pub user: Option<String>,
    /// Only show what would be read and every row that could not be.
    #[arg(long)]
    pub dry_run: bool,
}

/// `import` of figures
#[derive(Debug, Args)]
pub struct ImportFigures {
    /// Data directory of the installation.
    #[arg(long, env = "SAMBAND_DATA", value_name = "DIR", required = true)]
    pub data: Option<PathBuf>,
    /// The file.
    #[arg(required = true)]
    pub file: Option<PathBuf>,
    /// Where the figures come from, as one would cite it [default: the file's name].
    #[arg(long)]
    pub source: Option<String>,
    /// When the source was published: 2025, 2025-10 or 2025-10-17.
    #[arg(long)]
    pub published: Option<String>,
    /// What the figures cover where the headings do not say: 2024, 2024-06 or 2024-06-30.
    #[arg(long)]
    pub period: Option<String>,
    /// Take only this region's rows; more than one by commas.
    #[arg(long = "region", value_delimiter = ',')]
    pub regions: Vec<JournalId>,
    /// In whose name (`name@region`); without it, the machine's.
    #[arg(long = "as")]
    pub user: Option<String>,
    /// Only show what would be read and every row that could not be.
    #[arg(long)]
    pub dry_run: bool,
}

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableArg {
    /// The regions' figures and what follows from them.
    Regions,
    /// Every figure with its source.
    Figures,
    /// Sites.
    Sites,
    /// Everybody who acts, by title.
    Actors,
    /// Mandates.
    Mandates,
    /// Agreements.
    Agreements,
    /// The journals that a region trusts, and how far they were heard.
    Peers,
    /// What is on its way between sites and regions.
    Shipments,
    /// The regions' stock by component and group.
    Stock,
    /// Every region's rule sets.
    RuleSets,
    /// The regions' rules in force side by side.
    Rules,
    /// Who pays whom for a period, by the agreement that every party has signed.
    Settlement,
    /// What a region's sites used, day by day: what `samband forecast` reads.
    Use,
}

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormatArg {
    /// Comma-separated values.
    Csv,
    /// Spreadsheet.
    Xlsx,
    /// JSON.
    Json,
}

/// `export`
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub data: Data,
    /// Which table.
    #[arg(value_enum)]
    pub table: TableArg,
    /// In which form.
    #[arg(long, value_enum, default_value = "csv")]
    pub format: FormatArg,
    /// A settlement's first day; without days, the last month that is over.
    #[arg(long, requires = "to")]
    pub from: Option<Day>,
    /// A settlement's last day.
    #[arg(long, requires = "from")]
    pub to: Option<Day>,
    /// Whose use or peers; may be left out where one region is held.
    #[arg(long)]
    pub region: Option<JournalId>,
    /// To a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
