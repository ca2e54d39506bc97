//! The binary `samband`: configuration, command line, wiring, demo world.

mod alarm;
mod blood;
mod cap;
mod cli;
mod control;
mod demo;
mod engine_at;
mod exercise;
mod forward;
mod http;
mod isbt;
mod listen;
mod operate;
mod place;
mod planning;
mod prints;
mod pull;
mod restore;
mod rules;
mod sender;
mod serve;
mod tls;
mod watch;

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser as _;
use mimalloc::MiMalloc;

use cli::{
    BodyCommand, Cli, Command, Data, JournalCommand, ModeArg, PeerCommand, RegionCommand,
    UserCommand,
};
use exercise::ExerciseCommand;
use operate::{ImportFile, NewUser, Operation, StockFile, StockKind};
use place::Place;
use samband_domain::kernel::OwnerKind;

/// What one thread reads from the record another folds in and lets go: the system's own allocator
/// makes both wait for that, this one does not.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = matches!(&cli.command, Command::Serve(serve) if serve.log_json);
    start_log(json, matches!(cli.command, Command::Serve(_)));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("samband: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("samband: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start_log(json: bool, serving: bool) {
    let level = if serving { tracing::Level::INFO } else { tracing::Level::WARN };
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if json {
        log.json().init();
    } else {
        log.init();
    }
}

async fn run(command: Command) -> Result<()> {
    let (data, operation, output) = match command {
        Command::Serve(options) => return serve::serve(options).await,
        Command::Restore(options) => return restore::restore(options).await,
        Command::Isbt(command) => return isbt::run(command),
        Command::Cap(command) => return cap::run(&command),
        Command::Blood(command) => return blood::run(command).await,
        Command::Forecast(command) => return planning::forecast::run(&command),
        Command::Callup(command) => return planning::callup::run(&command),
        Command::Replenish(command) => return planning::replenish::run(&command),
        Command::Transfer(command) => return planning::transfer::run(&command),
        Command::Settle(command) => return planning::settle::run(&command),
        Command::Distribute(command) => return planning::distribute::run(&command),
        Command::Watch(options) => return watch::run(options).await,
        Command::Simulate(command) => return planning::simulate::run(*command).await,
        Command::Journal(JournalCommand::Check { file }) => return restore::check(&file),
        Command::Exercise(ExerciseCommand::Make(options)) => return exercise::make(&options).await,
        Command::Exercise(ExerciseCommand::Story { data }) => {
            (data, Operation::ExerciseStory, None)
        }
        Command::Alarm(command) => {
            let (data, operation) = alarm::asked(command)?;
            (data, operation, None)
        }
        Command::Region(command) => region(command),
        Command::Body(command) => body(command),
        Command::User(command) => user(command)?,
        Command::Import(options) => import(options)?,
        Command::Rules(command) => match rules::asked(command)? {
            Some((data, operation)) => (data, operation, None),
            None => return Ok(()),
        },
        Command::Export(cli::Export { data, table, format, from, to, region, output }) => {
            (data, Operation::Export { table, format, days: from.zip(to), region }, output)
        }
        Command::Backup(cli::Backup { data, directory }) => {
            let directory = std::path::absolute(directory)?;
            (data, Operation::Backup { directory }, None)
        }
        Command::Journal(command) => journal(command),
        Command::Peer(command) => peer(command)?,
    };
    let place = Place::open_for(&data.data, &operation)?;
    control::run(&place, operation, output.as_deref()).await
}

type Asked = (Data, Operation, Option<std::path::PathBuf>);

fn region(command: RegionCommand) -> Asked {
    match command {
        RegionCommand::Add { data, id, name, county_code, mode } => {
            let exercise = mode == ModeArg::Exercise;
            (data, Operation::RegionAdd { id, name, county_code, exercise }, None)
        }
        RegionCommand::List { data } => (data, Operation::RegionList, None),
        RegionCommand::Join { data, region, body, name } => {
            (data, Operation::RegionJoin { region, body, name }, None)
        }
        RegionCommand::Leave { data, region, body } => {
            (data, Operation::RegionLeave { region, body }, None)
        }
    }
}

fn body(command: BodyCommand) -> Asked {
    let BodyCommand::Add { data, id, name, mobile_unit, mode } = command;
    let kind = if mobile_unit { OwnerKind::MobileUnit } else { OwnerKind::Body };
    (data, Operation::BodyAdd { id, name, kind, exercise: mode == ModeArg::Exercise }, None)
}

fn user(command: UserCommand) -> Result<Asked> {
    Ok(match command {
        UserCommand::Add { data, user, name, title, roles, password_stdin } => {
            let password = password_from(password_stdin)?;
            let new = NewUser { user, name, title, roles, password };
            (data, Operation::UserAdd(new), None)
        }
        UserCommand::List { data } => (data, Operation::UserList, None),
        UserCommand::Password { data, user, password_stdin } => {
            let password = password_from(password_stdin)?;
            (data, Operation::UserPassword { user, password }, None)
        }
        UserCommand::Disable { data, user } => {
            (data, Operation::UserEnable { user, enabled: false }, None)
        }
        UserCommand::Enable { data, user } => {
            (data, Operation::UserEnable { user, enabled: true }, None)
        }
        UserCommand::Codes { data, user } => (data, Operation::UserCodes { user }, None),
    })
}

fn password_from(stdin: bool) -> Result<Option<String>> {
    if !stdin {
        return Ok(None);
    }
    let mut text = String::new();
    std::io::stdin().take(4_096).read_to_string(&mut text)?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn import(options: cli::Import) -> Result<Asked> {
    let read = |path: &std::path::Path| -> Result<(String, Vec<u8>)> {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes))
    };
    let stock = |file: cli::RegionFile, kind: StockKind| -> Result<Asked> {
        let (name, bytes) = read(&file.file)?;
        let cli::RegionFile { data, region, user, dry_run, .. } = file;
        let file = StockFile { kind, name, bytes, region, user, dry_run };
        Ok((data, Operation::ImportStock(file), None))
    };
    match (options.what, options.figures) {
        (Some(cli::ImportWhat::Stock { file, site }), _) => {
            stock(file, StockKind::Opening { site })
        }
        (Some(cli::ImportWhat::External { file, site, system, as_of }), _) => {
            stock(file, StockKind::External { site, system, as_of })
        }
        (Some(cli::ImportWhat::Use { file, source, from, to }), _) => {
            stock(file, StockKind::Use { source, from, to })
        }
        (Some(cli::ImportWhat::Codes { file }), _) => stock(file, StockKind::Codes),
        (None, options) => {
            // Both are demanded where no other word stands.
            let (data, path) = options.data.zip(options.file).context("which file?")?;
            let (name, bytes) = read(&path)?;
            let file = ImportFile {
                name,
                bytes,
                source: options.source,
                published: options.published,
                period: options.period,
                regions: options.regions,
                user: options.user,
                dry_run: options.dry_run,
            };
            Ok((Data { data }, Operation::Import(file), None))
        }
    }
}

fn journal(command: JournalCommand) -> Asked {
    match command {
        JournalCommand::Verify { data, journal } => {
            (data, Operation::JournalVerify { journal }, None)
        }
        JournalCommand::Export { data, journal, shared, output } => {
            (data, Operation::JournalExport { journal, shared }, output)
        }
        JournalCommand::RotateKey { data, journal } => {
            (data, Operation::JournalRotateKey { journal }, None)
        }
        JournalCommand::Check { .. } => unreachable!("needs no data directory"),
    }
}

fn peer(command: PeerCommand) -> Result<Asked> {
    Ok(match command {
        PeerCommand::Card { data } => (data, Operation::PeerCard, None),
        PeerCommand::Add { data, card, region } => {
            (data, Operation::PeerAdd { card: read_card(&card)?, region }, None)
        }
        PeerCommand::Drop { data, journal, reason } => {
            (data, Operation::PeerDrop { journal, reason }, None)
        }
        PeerCommand::List { data } => (data, Operation::PeerList, None),
    })
}

fn read_card(path: &Path) -> Result<operate::Card> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no card", path.display()))
}
