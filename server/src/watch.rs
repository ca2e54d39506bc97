//! `samband watch`: another process that proves that every clock of an alarm ran. It asks the
//! running server for its clocks and its heartbeat, compares them with its own time, and says
//! loudly what does not follow.

mod ask;
mod judge;
mod limits;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use samband_domain::Time;
use samband_engine::{Clock as _, SystemClock};
use serde::Serialize;

use ask::Source;
use judge::{Fault, judge};
use limits::Limits;

use crate::http::Target;

/// The kind of fault in which there is no report to judge.
const SILENT: &str = "silent";

/// `watch`
#[derive(Debug, Args)]
pub struct Watch {
    /// Data directory of an installation on this machine; its running server is asked.
    #[arg(long, env = "SAMBAND_DATA", value_name = "DIR", conflicts_with = "url")]
    data: Option<PathBuf>,
    /// Address of the server, on this or another machine.
    #[arg(long, value_name = "URL", required_unless_present = "data", requires = "user")]
    url: Option<String>,
    /// Whom to sign in as there.
    #[arg(long, value_name = "NAME@REGION", requires = "password_file")]
    user: Option<String>,
    /// File that holds the password.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Look once, and fail if something is wrong.
    #[arg(long)]
    once: bool,
    /// Seconds between looks.
    #[arg(long, value_name = "N", default_value_t = 2)]
    every: u64,
    /// Post what is wrong, and that it is over, as JSON to this address.
    #[arg(long, value_name = "URL")]
    tell: Option<String>,
    /// Add the same to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
}

/// What is told to others.
#[derive(Serialize)]
struct Told<'a> {
    /// When, by the watcher's clock.
    at: String,
    /// `wrong` or `over`.
    what: &'static str,
    /// Which kind of fault.
    kind: &'a str,
    /// In words.
    text: &'a str,
}

/// Watches until it is stopped, or once.
///
/// # Errors
/// If it cannot begin, or, where it looks once, if something is wrong.
pub async fn run(options: Watch) -> Result<()> {
    let tell = options.tell.as_deref().map(Target::read).transpose()?;
    let file = options.file.as_deref().map(|path| {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        file.with_context(|| format!("cannot write {}", path.display()))
    });
    let mut teller = Teller { tell, file: file.transpose()? };
    let mut source = source(&options)?;
    let limits = options.limits;
    let mut known: BTreeMap<String, Fault> = BTreeMap::new();
    // Before the first answer, the server has as long as it has after any other.
    let mut answered = SystemClock.now();
    loop {
        let asked = tokio::time::timeout(limits.answer(), source.ask()).await;
        let now = SystemClock.now();
        let found = match asked.unwrap_or_else(|_| Err(anyhow::anyhow!("no answer in time"))) {
            Ok(report) => {
                answered = now;
                judge(&report, now, &limits)
            }
            // What was wrong before is wrong until the server says otherwise.
            Err(error) => {
                let mut found: Vec<_> = known.values().cloned().collect();
                if options.once || late(answered, now, &limits) {
                    found.retain(|fault| fault.kind != SILENT);
                    let text = format!("THE SERVER IS SILENT: {error:#}");
                    found.push(Fault { key: SILENT.into(), kind: SILENT, text });
                }
                found
            }
        };
        if options.once {
            return once(&found);
        }
        let found: BTreeMap<_, _> = found.into_iter().map(|one| (one.key.clone(), one)).collect();
        for fault in found.values().filter(|one| !known.contains_key(&one.key)) {
            teller.say(now, "wrong", fault).await;
        }
        for fault in known.values().filter(|one| !found.contains_key(&one.key)) {
            teller.say(now, "over", fault).await;
        }
        known = found;
        tokio::time::sleep(Duration::from_secs(options.every.max(1))).await;
    }
}

fn late(answered: Time, now: Time, limits: &Limits) -> bool {
    now.since(answered) > limits.silence_us()
}

fn source(options: &Watch) -> Result<Source> {
    if let Some(root) = &options.data {
        return Ok(Source::machine(root));
    }
    let (Some(url), Some(user), Some(file)) = (&options.url, &options.user, &options.password_file)
    else {
        bail!("--data, or --url with --user and --password-file");
    };
    let password =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Source::network(url, user, password.trim_end_matches(['\r', '\n']))
}

fn once(found: &[Fault]) -> Result<()> {
    for fault in found {
        eprintln!("{}", fault.text);
    }
    match found.len() {
        0 => {
            println!("every clock has run");
            Ok(())
        }
        n => bail!("{n} thing(s) wrong"),
    }
}

/// Says it by every way there is; one that fails silences no other.
struct Teller {
    tell: Option<Target>,
    file: Option<std::fs::File>,
}

impl Teller {
    async fn say(&mut self, now: Time, what: &'static str, fault: &Fault) {
        let Fault { kind, text, .. } = fault;
        let told = Told { at: now.to_string(), what, kind, text };
        let json = serde_json::to_string(&told).expect("plain values");
        eprintln!("{now} {}: {text}", if what == "wrong" { "WRONG" } else { "over" });
        if let Some(file) = &mut self.file
            && let Err(error) = writeln!(file, "{json}").and_then(|()| file.sync_data())
        {
            eprintln!("{now} the file was not written: {error}");
        }
        if let Some(target) = &self.tell {
            let post = target.post(&[], json);
            let posted = tokio::time::timeout(Duration::from_secs(10), post).await;
            let posted = posted.unwrap_or_else(|_| Err(anyhow::anyhow!("no answer in time")));
            match posted {
                Ok(answer) if (200..300).contains(&answer.status) => {}
                Ok(answer) => eprintln!("{now} it could not be told: {}", answer.status),
                Err(error) => eprintln!("{now} it could not be told: {error:#}"),
            }
        }
    }
}
