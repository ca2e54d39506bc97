//! The command line.

mod files;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use samband_domain::JournalId;
use samband_domain::kernel::Role;
use samband_domain::words::Code;

pub use files::{Export, FormatArg, Import, ImportWhat, RegionFile, TableArg};

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
    /// Who is on duty, who was reached, and the sheets for the folder.
    #[command(subcommand)]
    Alarm(crate::alarm::AlarmCommand),
    /// Watch from outside whether every clock of an alarm runs, and say loudly if one does not.
    Watch(crate::watch::Watch),
    /// Check files of rules; draft, review and adopt a region's rule set.
    #[command(subcommand)]
    Rules(crate::rules::RulesCommand),
    /// Check, read and draw the symbols on a bag of blood (ISBT 128).
    #[command(subcommand)]
    Isbt(crate::isbt::IsbtCommand),
    /// Check alerts in the Common Alerting Protocol (CAP 1.2).
    #[command(subcommand)]
    Cap(crate::cap::CapCommand),
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
    /// Who goes where after a mass-casualty event, and why.
    Distribute(crate::planning::distribute::Distribute),
    /// Exercises of the alarm: make one, or let one go by itself.
    #[command(subcommand)]
    Exercise(crate::exercise::ExerciseCommand),
    /// Joint or alone: regions, donors and patients in simulated time.
    Simulate(Box<crate::planning::simulate::Simulate>),
}

/// `serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Show a made-up world; nothing real is touched, nothing is kept.
    #[arg(long, conflicts_with = "data")]
    pub demo: bool,
    /// Hold an exercise in the made-up world of seven regions: journals, credentials and directory
    /// of its own, nothing is kept.
    #[arg(long, conflicts_with_all = ["data", "demo", "follow"])]
    pub exercise: bool,
    /// Which made-up world [default: sodra; of an exercise mellansverige].
    #[arg(long, value_enum, conflicts_with = "data")]
    pub world: Option<crate::demo::World>,
    /// Begin the exercise as it stands twenty-five minutes after the alarm.
    #[arg(long, requires = "exercise")]
    pub played: bool,
    /// Data directory of an installation.
    #[arg(long, env = "SAMBAND_DATA", value_name = "DIR",
        required_unless_present_any = ["demo", "exercise"])]
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
    /// Directory for the contact lists and action cards as PDF, written at the start and every
    /// morning at six.
    #[arg(long, value_name = "DIR")]
    pub prints: Option<PathBuf>,
    /// File of the channels that alarms are sent by (docs/examples/channels.toml); at most one for
    /// each mode.
    #[arg(long, value_name = "FILE")]
    pub channels: Vec<PathBuf>,
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
