//! Rules from the command line.

use anyhow::{Result, anyhow, bail};
use samband_access::{Principal, UserName};
use samband_domain::rulesets::{Command as Rules, Event as RuleEvent, Verdict};
use samband_domain::{Command, Digest, Event, JournalId, Time};
use samband_engine::{Engine, Receipt, Request};
use samband_exchange::rulesets::preview;
use samband_web::text::Words;
use serde::{Deserialize, Serialize};

use super::figures::describe;
use super::{Say, fresh_key, line};

/// What can be asked about rules.
#[derive(Debug, Serialize, Deserialize)]
pub enum RulesAsked {
    /// Draft.
    Draft(RulesFile),
    /// Review.
    Review {
        /// Which rule set.
        rule_set: Digest,
        /// In whose name.
        user: String,
        /// Object instead of approving.
        object: bool,
        /// Why.
        comment: Option<String>,
    },
    /// Adopt.
    Adopt {
        /// Which rule set.
        rule_set: Digest,
        /// In whose name.
        user: String,
        /// From which date; now otherwise.
        from: Option<String>,
    },
}

pub(super) async fn carry_out(engine: &Engine, asked: RulesAsked, say: &Say) -> Result<()> {
    match asked {
        RulesAsked::Draft(file) => draft(engine, file, say).await,
        RulesAsked::Review { rule_set, user, object, comment } => {
            review(engine, rule_set, &user, object, comment, say).await
        }
        RulesAsked::Adopt { rule_set, user, from } => {
            adopt(engine, rule_set, &user, from, say).await
        }
    }
}

/// A file of rules to draft from.
#[derive(Debug, Serialize, Deserialize)]
pub struct RulesFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whose rules.
    pub region: JournalId,
    /// Title; the file's otherwise.
    pub title: Option<String>,
    /// Version; the file's otherwise.
    pub version: Option<String>,
    /// In whose name.
    pub user: Option<String>,
    /// Only show.
    pub dry_run: bool,
}

async fn draft(engine: &Engine, file: RulesFile, say: &Say) -> Result<()> {
    let found = preview(&file.bytes, &file.name)?;
    for bad in &found.bad {
        line(say, describe(Words::en(), bad)).await?;
    }
    if !found.bad.is_empty() {
        bail!("{} fault(s) in {}; nothing was drafted", found.bad.len(), file.name);
    }
    let unknown = found.rules.iter().filter(|rule| rule.value.as_ref().value().is_none()).count();
    let counts = format!("{} rules, {unknown} of them unknown", found.rules.len());
    line(say, format!("{}: {counts}", file.region)).await?;
    if file.dry_run {
        return line(say, "nothing was drafted: this was a dry run".into()).await;
    }
    let missing = |what| anyhow!("the file does not say its {what}; give it with --{what}");
    let command = Rules::Draft {
        scope: found.scope,
        title: file.title.or(found.title).ok_or_else(|| missing("title"))?,
        version: file.version.or(found.version).ok_or_else(|| missing("version"))?,
        rules: found.rules,
        file: Some(found.file),
    };
    let principal = match &file.user {
        None => Principal::Machine,
        Some(user) => person(engine, user)?.0,
    };
    let receipt = submit(engine, principal, file.region, command).await?;
    let mut events = receipt.events.iter();
    let drafted = events.find_map(|event| match event {
        Event::Rulesets(event @ RuleEvent::Drafted(..)) => Some(event.rule_set()),
        _ => None,
    });
    let digest = drafted.map(|digest| digest.to_string()).unwrap_or_default();
    line(say, format!("drafted {digest}; somebody else has to review it")).await
}

async fn review(
    engine: &Engine,
    rule_set: Digest,
    user: &str,
    object: bool,
    comment: Option<String>,
    say: &Say,
) -> Result<()> {
    let (principal, region) = person(engine, user)?;
    let verdict = if object { Verdict::Object } else { Verdict::Approve };
    let command = Rules::Review { rule_set, verdict, comment };
    submit(engine, principal, region, command).await?;
    line(say, format!("reviewed {}: {verdict}", rule_set.short())).await
}

async fn adopt(
    engine: &Engine,
    rule_set: Digest,
    user: &str,
    from: Option<String>,
    say: &Say,
) -> Result<()> {
    let (principal, region) = person(engine, user)?;
    let from = from.as_deref().map(day).transpose()?;
    submit(engine, principal, region, Rules::Adopt { rule_set, from }).await?;
    let from = from.map_or_else(|| "now".to_owned(), |from| from.to_string());
    line(say, format!("adopted {} from {from}", rule_set.short())).await
}

/// A date's first moment in Sweden.
fn day(text: &str) -> Result<Time> {
    let date = text.parse().ok().and_then(Time::start_of);
    date.ok_or_else(|| anyhow!("“{text}” is no date: write 2026-01-31"))
}

/// Somebody with an account here, and their region.
fn person(engine: &Engine, user: &str) -> Result<(Principal, JournalId)> {
    let name = UserName::typed(user).map_err(|_| anyhow!("“{user}” is no user name"))?;
    let account = engine.account(&name).ok_or_else(|| anyhow!("no account {name}"))?;
    let region = account.region.clone();
    Ok((Principal::Person { actor: account.actor, region: account.region }, region))
}

async fn submit(
    engine: &Engine,
    principal: Principal,
    region: JournalId,
    command: Rules,
) -> Result<Receipt> {
    let (key, command) = (fresh_key()?, Command::from(command));
    let request = Request { principal, region, key, happened: None, command, asked: None };
    Ok(engine.submit(request).await?)
}
