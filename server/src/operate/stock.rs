//! Stocks and code tables from files, from the command line.

use anyhow::{Result, anyhow, bail};
use samband_access::{Principal, UserName};
use samband_domain::blood::Command as Blood;
use samband_domain::words::Day;
use samband_domain::{Command, JournalId, SiteId, Time};
use samband_engine::{Engine, Request};
use samband_exchange::wrong_rows;
use samband_web::app::plans::read_used;
use samband_web::app::stock_files::{BadLine, read_code_table, read_external, read_opening};
use samband_web::app::{Problem, explain, stock::local};
use samband_web::text::Words;
use serde::{Deserialize, Serialize};

use super::{Say, fresh_key, line};

/// What a file holds.
#[derive(Debug, Serialize, Deserialize)]
pub enum StockKind {
    /// A site's existing stock.
    Opening {
        /// The site.
        site: SiteId,
    },
    /// What another system counts at a site.
    External {
        /// The site.
        site: SiteId,
        /// The system, where the file does not say so.
        system: Option<String>,
        /// As of when, where the file does not say so.
        as_of: Option<String>,
    },
    /// What sites used, day by day.
    Use {
        /// Where it comes from, where the file does not say so.
        source: Option<String>,
        /// The first day it covers.
        from: Option<Day>,
        /// The last.
        to: Option<Day>,
    },
    /// A code table.
    Codes,
}

/// A file to take in.
#[derive(Debug, Serialize, Deserialize)]
pub struct StockFile {
    /// What it holds.
    pub kind: StockKind,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// For which region.
    pub region: JournalId,
    /// In whose name.
    pub user: Option<String>,
    /// Only show.
    pub dry_run: bool,
}

pub(super) async fn import(engine: &Engine, file: StockFile, say: &Say) -> Result<()> {
    let words = Words::en();
    let world = engine.world();
    let region = world.local(&file.region);
    let region = region.ok_or_else(|| anyhow!("no journal “{}” is written here", file.region))?;
    let (name, now) = ((&*file.name, &*file.bytes), engine.now());
    let (command, bad, count) = match &file.kind {
        StockKind::Opening { site } => {
            let look = read_opening(words, &region.shared, name, now).map_err(said)?;
            let command = look.command(site.clone()).map(Command::from);
            (command, look.bad, format!("{} units", look.opening.rows.len()))
        }
        StockKind::External { site, system, as_of } => {
            let look = read_external(words, name).map_err(said)?;
            let as_of = as_of.as_deref().map(moment).transpose()?;
            let command = look.command(site.clone(), system.as_deref(), as_of).map(Command::from);
            (command, look.bad, format!("{} rows", look.read.rows.len()))
        }
        StockKind::Use { source, from, to } => {
            let look = read_used(words, &region.shared, name).map_err(said)?;
            let command = look.command(source.as_deref(), (*from, *to)).map(Command::from);
            (command, look.bad, format!("{} rows", look.read.rows.len()))
        }
        StockKind::Codes => match read_code_table(words, name).map_err(said)? {
            Ok(table) => {
                let command = Blood::LoadCodes { table: Box::new(table) };
                (Ok(command.into()), Vec::new(), "a code table".to_owned())
            }
            Err(bad) => (Err(Problem::unprocessable("import.bad_rows")), bad, String::new()),
        },
    };
    for one in &bad {
        line(say, describe(one)).await?;
    }
    if !bad.is_empty() {
        let wrong = wrong_rows(bad.iter().map(|bad| bad.line));
        bail!("{wrong} row(s) are wrong; nothing was imported");
    }
    // What the file does not say and nobody gave beside it stops a dry run too.
    let command = command.map_err(said)?;
    line(say, format!("{}: {count}", file.region)).await?;
    if file.dry_run {
        return line(say, "nothing was imported: this was a dry run".into()).await;
    }
    record(engine, &file, command).await?;
    line(say, "imported".into()).await
}

async fn record(engine: &Engine, file: &StockFile, command: Command) -> Result<()> {
    let principal = match &file.user {
        None => Principal::Machine,
        Some(user) => {
            let name = UserName::typed(user).map_err(|_| anyhow!("“{user}” is no user name"))?;
            let account = engine.account(&name).ok_or_else(|| anyhow!("no account {name}"))?;
            Principal::Person { actor: account.actor, region: account.region }
        }
    };
    let request = Request {
        principal,
        region: file.region.clone(),
        key: fresh_key()?,
        happened: None,
        command,
        asked: None,
    };
    engine.submit(request).await.map_err(|failure| said(Problem::from(failure)))?;
    Ok(())
}

fn moment(text: &str) -> Result<Time> {
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Ok(Time(stamp.as_microsecond()));
    }
    local(text, "00:00").ok_or_else(|| anyhow!("“{text}” is no moment: write 2026-11-22 06:00"))
}

// By value, as `map_err` hands it over.
#[allow(clippy::needless_pass_by_value)]
fn said(problem: Problem) -> anyhow::Error {
    anyhow!("{}", explain(&problem, Words::en()).text)
}

fn describe(bad: &BadLine) -> String {
    let column = bad.column.as_ref().map(|c| format!(", column “{c}”")).unwrap_or_default();
    let value = Some(&bad.value).filter(|value| !value.is_empty());
    let value = value.map(|value| format!(" (“{value}”)")).unwrap_or_default();
    format!("line {}{column}{value}: {}", bad.line, bad.reason)
}
