//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use samband_domain::kernel::Role;
use samband_domain::words::{Code, Day};
use samband_domain::{JournalId, SiteId};

/// Samband: autonomous health-care regions share one picture of what is scarce.
#[derive(Debug, Parser)]
#[command(name = "samband", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The data directory of an installation.
#[derive(Clone, Debug, Args)]
pub struct Data {
    /// Data directory of the installation.
    #[arg(long, env = "SAMBAND_DATA", value_name = "DIR")]
    pub data: PathBuf,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Serve),
    /// Open regions and list them.
    #[command(subcommand)]
    Region(RegionCommand),
    /// Open the own journal of a collaboration body, such as a joint committee.
    #[command(subcommand)]
    Body(BodyCommand),
    /// Make and look after accounts. The first one of an installation is made here.
    #[command(subcommand)]
    User(UserCommand),
    /// Read a file (CSV or XLSX) in: all of it, or nothing. Regions' figures, or with a word before
    /// the file a stock, another system's stock or a code table.
    Import(Import),
    /// Write a table out.
    Export(Export),
    /// Write a backup while everything goes on.
    Backup(Backup),
    /// Put a backup in place of nothing: every journal goes on in a new epoch.
    Restore(Restore),
    /// Verify and export journals.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Bind other installations.
    #[command(subcommand)]
    Peer(PeerCommand),
    /// Check files of rules; draft, review and adopt a region's rule set.
    #[command(subcommand)]
    Rules(crate::rules::RulesCommand),
    /// Check, read and draw the symbols on a bag of blood (ISBT 128).
    #[command(subcommand)]
    Isbt(crate::isbt::IsbtCommand),
    /// Say who can receive what.
    #[command(subcommand)]
    Blood(crate::blood::BloodCommand),
    /// Demand to come, per site, component and group, always as quantiles.
    Forecast(crate::planning::forecast::Forecast),
    /// Whom to invite, week by week, and where the buses stop.
    Callup(crate::planning::callup::Callup),
    /// Exact target stock of a perishable component.
    #[command(subcommand)]
    Replenish(crate::planning::replenish::ReplenishCommand),
    /// Who should send what to whom in the days to come, and why.
    Transfer(crate::planning::transfer::Transfer),
    /// Who pays whom for what was moved, by an agreement's prices and keys.
    Settle(crate::planning::settle::Settle),
    /// Joint or alone: regions, donors and patients in simulated time.
    Simulate(Box<crate::planning::simulate::Simulate>),
}

/// `serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Show a made-up world of four regions; nothing real is touched, nothing is kept.
    #[arg(long, conflicts_with = "data")]
    pub demo: bool,
    /// Data directory of a real installation.
    #[arg(long, env = "SAMBAND_DATA", value_name = "DIR", required_unless_present = "demo")]
    pub data: Option<PathBuf>,
    /// Follow the process that writes the PostgreSQL database named in samband.toml: show
    /// everything, send commands there, take nothing over.
    #[arg(long, conflicts_with = "demo")]
    pub follow: bool,
    /// Address at which the process that writes takes commands from followers
    /// [default: 127.0.0.1, any port].
    #[arg(long, value_name = "ADDR:PORT", conflicts_with = "follow")]
    pub follower_listen: Option<String>,
    /// Address for people [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// Address for other installations (mutual TLS).
    #[arg(long, value_name = "ADDR:PORT")]
    pub peer_listen: Option<String>,
    /// Seconds between pulls from other installations [default: 10].
    #[arg(long, value_name = "N")]
    pub pull_seconds: Option<u64>,
    /// Log as JSON lines.
    #[arg(long)]
    pub log_json: bool,
}

/// `region`
#[derive(Debug, Subcommand)]
pub enum RegionCommand {
    /// Open a region's journal in this installation.
    Add {
        #[command(flatten)]
        data: Data,
        /// Short name, e.g. `skane`.
        id: JournalId,
        /// Name; known for Sweden's 21 regions.
        #[arg(long)]
        name: Option<String>,
        /// SCB county code; known for Sweden's 21 regions.
        #[arg(long)]
        county_code: Option<String>,
        /// Real or exercise; for good.
        #[arg(long, value_enum, default_value = "real")]
        mode: ModeArg,
    },
    /// List the regions held here.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Record that a region belongs to a collaboration body from now on.
    Join {
        #[command(flatten)]
        data: Data,
        /// Which region.
        region: JournalId,
        /// Short name of the body, e.g. `sodra`.
        body: Code,
        /// Its name, e.g. `Södra sjukvårdsregionen`.
        #[arg(long)]
        name: String,
    },
    /// Record that a region belongs to a collaboration body no longer.
    Leave {
        #[command(flatten)]
        data: Data,
        /// Which region.
        region: JournalId,
        /// Short name of the body.
        body: Code,
    },
}

/// `body`
#[derive(Debug, Subcommand)]
pub enum BodyCommand {
    /// Open a collaboration body's journal in this installation: it owns its record as a region
    /// does, and has no figures of its own.
    Add {
        #[command(flatten)]
        data: Data,
        /// Short name, e.g. `sodra-namnd`.
        id: JournalId,
        /// Its name, e.g. `Södra regionvårdsnämnden`.
        #[arg(long)]
        name: String,
        /// A region's mobile unit, e.g. a blood bus, instead of a body of several regions.
        #[arg(long)]
        mobile_unit: bool,
        /// Real or exercise; for good.
        #[arg(long, value_enum, default_value = "real")]
        mode: ModeArg,
    },
}

/// A journal's mode on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeArg {
    /// The real world.
    Real,
    /// An exercise.
    Exercise,
}

/// `user`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account. In an empty data directory this opens the region's journal too.
    Add {
        #[command(flatten)]
        data: Data,
        /// Name to sign in with: `name@region`.
        user: String,
        /// The person's name; asked to be set right later if left out.
        #[arg(long)]
        name: Option<String>,
        /// Title at work.
        #[arg(long)]
        title: Option<String>,
        /// Roles; several by commas.
        #[arg(
            long = "role",
            value_name = "ROLE",
            value_delimiter = ',',
            default_value = "administrator"
        )]
        roles: Vec<Role>,
        /// Read the password from standard input instead of making one up.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List accounts.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Give an account a new password.
    Password {
        #[command(flatten)]
        data: Data,
        /// Whose.
        user: String,
        /// Read it from standard input instead of making one up.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Close an account and end its sessions.
    Disable {
        #[command(flatten)]
        data: Data,
        /// Whose.
        user: String,
    },
    /// Open it again.
    Enable {
        #[command(flatten)]
        data: Data,
        /// Whose.
        user: String,
    },
    /// Print ten new break-glass codes for the sealed envelope.
    Codes {
        #[command(flatten)]
        data: Data,
        /// Whose.
        user: String,
    },
}

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
    /// Mandates.
    Mandates,
    /// Agreements.
    Agreements,
    /// The regions' stock by component and group.
    Stock,
    /// Every region's rule sets.
    RuleSets,
    /// The regions' rules in force side by side.
    Rules,
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
    /// To a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `backup`
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub data: Data,
    /// New directory for the backup; it holds the signing keys, so keep it safe.
    pub directory: PathBuf,
}

/// `restore`
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    pub data: Data,
    /// Directory of the backup.
    pub directory: PathBuf,
    /// Why; written into the journal.
    #[arg(long, default_value = "restored from a backup")]
    pub reason: String,
    /// Only try: restore into a temporary directory, verify everything, throw it away.
    #[arg(long)]
    pub test: bool,
}

/// `journal`
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Verify every record: hashes, commitments, keys, and the state that follows from them.
    Verify {
        #[command(flatten)]
        data: Data,
        /// Only this journal.
        journal: Option<JournalId>,
    },
    /// Write a journal out, one record a line.
    Export {
        #[command(flatten)]
        data: Data,
        /// Whose.
        journal: JournalId,
        /// Leave out what other regions may not hold.
        #[arg(long)]
        shared: bool,
        /// To a file instead of standard output.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Change a journal's signing key; the old one vouches for the new.
    RotateKey {
        #[command(flatten)]
        data: Data,
        /// Whose.
        journal: JournalId,
    },
    /// Verify an exported journal without any installation.
    Check {
        /// File of records, one a line.
        file: PathBuf,
    },
}

/// `peer`
#[derive(Debug, Subcommand)]
pub enum PeerCommand {
    /// Print this installation's card: what others need to trust it.
    Card {
        #[command(flatten)]
        data: Data,
    },
    /// Trust the journals on another installation's card; for those trusted already, take over a
    /// new address or certificate. Compare the fingerprints by telephone.
    Add {
        #[command(flatten)]
        data: Data,
        /// File with the card.
        card: PathBuf,
        /// In which region's name; without it, in every region's here.
        #[arg(long)]
        region: Option<JournalId>,
    },
    /// Trust a journal no longer.
    Drop {
        #[command(flatten)]
        data: Data,
        /// Whose.
        journal: JournalId,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// List trusted journals, how far they were verified and when they were last heard.
    List {
        #[command(flatten)]
        data: Data,
    },
}
