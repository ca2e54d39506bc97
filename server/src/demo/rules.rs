//! Each region's rules as public sources state them, drafted by the scientist, reviewed by the
//! physician and adopted by the director. What no source states is unknown; the few values that
//! somebody assumed for the demonstration say so.

use anyhow::{Result, anyhow};
use samband_domain::Event;
use samband_domain::kernel::Role;
use samband_domain::rulesets::{Command, Event as RuleEvent, Verdict};
use samband_engine::Engine;
use samband_exchange::rulesets::preview;

use super::{act, journal, person};

/// Each region's file.
pub const FILES: [(&str, &str); 4] = [
    ("blekinge", include_str!("rules/blekinge.toml")),
    ("halland", include_str!("rules/halland.toml")),
    ("kronoberg", include_str!("rules/kronoberg.toml")),
    ("skane", include_str!("rules/skane.toml")),
];

/// Puts each region's rules in force from now on.
///
/// # Errors
/// If a file has a bad row or a command is refused.
pub async fn adopt(engine: &Engine) -> Result<()> {
    for (id, text) in FILES {
        adopt_one(engine, id, text).await?;
    }
    Ok(())
}

/// Puts one region's rules in force.
///
/// # Errors
/// If the file has a bad row or a command is refused.
pub async fn adopt_one(engine: &Engine, id: &str, text: &str) -> Result<()> {
    let region = journal(id);
    let found = preview(text.as_bytes(), &format!("{id}.toml"))?;
    if let Some(bad) = found.bad.first() {
        return Err(anyhow!("the demo's rules of {id}: line {}: {}", bad.line, bad.code));
    }
    let untitled = || anyhow!("the demo's rules of {id} have no title or version");
    let command = Command::Draft {
        scope: found.scope,
        title: found.title.ok_or_else(untitled)?,
        version: found.version.ok_or_else(untitled)?,
        rules: found.rules,
        file: Some(found.file),
    };
    let receipt = act(engine, person(&region, Role::Scientist), &region, command).await?;
    let drafted = receipt.events.iter().find_map(|event| match event {
        Event::Rulesets(event @ RuleEvent::Drafted(..)) => Some(event.rule_set()),
        _ => None,
    });
    let rule_set = drafted.ok_or_else(|| anyhow!("the draft of {id} left no record"))?;
    let comment = Some("Stämmer med källorna; det som är okänt får säga nej.".into());
    let review = Command::Review { rule_set, verdict: Verdict::Approve, comment };
    act(engine, person(&region, Role::Physician), &region, review).await?;
    let adopt = Command::Adopt { rule_set, from: None };
    act(engine, person(&region, Role::Director), &region, adopt).await?;
    Ok(())
}
