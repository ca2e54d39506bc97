//! Importing figures from the command line.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow, bail};
use samband_access::{Principal, UserName};
use samband_domain::figures::{Command as Figures, FigureRow, Source};
use samband_domain::{Command, JournalId, Known, Period};
use samband_engine::{Engine, Request};
use samband_exchange::counties::with_all_of_sweden;
use samband_exchange::figures::{Asked, BadRow, KnownRegion, preview, wrong_rows};
use samband_web::text::Words;
use serde::{Deserialize, Serialize};

use super::{Say, fresh_key, line};

/// A file to import.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportFile {
    /// Its name.
    pub name: String,
    /// Its bytes, as text if they are UTF-8 and else as numbers.
    pub bytes: Vec<u8>,
    /// Where the figures come from.
    pub source: Option<String>,
    /// When that was published.
    pub published: Option<String>,
    /// What they cover, where the headings do not say.
    pub period: Option<String>,
    /// Only these regions.
    pub regions: Vec<JournalId>,
    /// In whose name.
    pub user: Option<String>,
    /// Only show.
    pub dry_run: bool,
}

pub(super) async fn import(engine: &Engine, file: ImportFile, say: &Say) -> Result<()> {
    let known = known_regions(engine);
    let period = parse_period(file.period.as_deref())?;
    let asked = Asked { regions: &known, period, sheet: None, now: engine.now() };
    let found = preview(&file.bytes, &file.name, &asked)?;
    let words = Words::en();
    for bad in &found.bad {
        line(say, describe(words, bad)).await?;
    }
    if !found.bad.is_empty() {
        let wrong = wrong_rows(found.bad.iter().map(|bad| bad.line));
        bail!("{wrong} row(s) cannot be read; nothing was imported");
    }
    let chosen = choose(engine, found.regions, &file)?;
    for (region, rows) in &chosen {
        line(say, format!("{region}: {} figures", rows.len())).await?;
    }
    if file.dry_run {
        return line(say, "nothing was imported: this was a dry run".into()).await;
    }
    let source = Source {
        title: file.source.clone().unwrap_or_else(|| file.name.clone()),
        published: match parse_period(file.published.as_deref())? {
            Some(period) => Known::Value(period),
            None => Known::Unknown,
        },
        file: Some(found.file),
        warnings: Vec::new(),
    };
    report(engine, &file, source, chosen).await?;
    line(say, "imported".into()).await
}

/// The regions that a file may name: those held here, and Sweden's others, so that a shared file
/// is understood and only its rows of other regions are left to them.
fn known_regions(engine: &Engine) -> Vec<KnownRegion> {
    let world = engine.world();
    let held = world.journals.values().map(|journal| {
        let facts = journal.shared().kernel.journal.as_ref();
        let code = facts.and_then(|facts| facts.owner.county_code.as_ref());
        KnownRegion {
            journal: journal.id.clone(),
            name: journal.name(),
            county_code: code.map(ToString::to_string),
        }
    });
    with_all_of_sweden(held.collect())
}

fn parse_period(text: Option<&str>) -> Result<Option<Period>> {
    text.map(|text| text.parse().context("period")).transpose()
}

/// A bad row in words.
pub(crate) fn describe(words: Words, bad: &BadRow) -> String {
    let args: Vec<_> = bad.args.iter().map(|(name, value)| (*name, value.clone().into())).collect();
    let column = bad.column.as_ref().map(|c| format!(", column “{c}”")).unwrap_or_default();
    let value = Some(&bad.value).filter(|value| !value.is_empty());
    let value = value.map(|value| format!(" (“{value}”)")).unwrap_or_default();
    format!("line {}{column}{value}: {}", bad.line, words.t_args(bad.code, &args))
}

/// The regions to import for: those asked for, and else all; each must be written here.
fn choose(
    engine: &Engine,
    mut found: BTreeMap<JournalId, Vec<FigureRow>>,
    file: &ImportFile,
) -> Result<BTreeMap<JournalId, Vec<FigureRow>>> {
    if !file.regions.is_empty() {
        found.retain(|region, _| file.regions.contains(region));
        if let Some(missing) = file.regions.iter().find(|region| !found.contains_key(*region)) {
            bail!("the file has no row for “{missing}”");
        }
    }
    let world = engine.world();
    let elsewhere: Vec<_> = found
        .keys()
        .filter(|region| world.local(region).is_none())
        .map(ToString::to_string)
        .collect();
    if !elsewhere.is_empty() {
        bail!(
            "{} is not written here: each region states its own figures; choose with --region",
            elsewhere.join(", ")
        );
    }
    Ok(found)
}

async fn report(
    engine: &Engine,
    file: &ImportFile,
    source: Source,
    chosen: BTreeMap<JournalId, Vec<FigureRow>>,
) -> Result<()> {
    let principal = match &file.user {
        None => Principal::Machine,
        Some(user) => {
            let name = UserName::typed(user).map_err(|_| anyhow!("“{user}” is no user name"))?;
            let account = engine.account(&name).ok_or_else(|| anyhow!("no account {name}"))?;
            Principal::Person { actor: account.actor, region: account.region }
        }
    };
    let mut requests = Vec::new();
    for (region, rows) in chosen {
        let command = Command::Figures(Figures::Report { source: source.clone(), rows });
        let (principal, key) = (principal.clone(), fresh_key()?);
        requests.push(Request { principal, region, key, happened: None, command, asked: None });
    }
    let regions: Vec<_> = requests.iter().map(|request| request.region.clone()).collect();
    engine
        .submit_all(requests)
        .await
        .map_err(|(n, failure)| anyhow!("{}: {failure}; nothing was imported", regions[n]))?;
    Ok(())
}
