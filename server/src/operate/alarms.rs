//! How alarms stand, from the command line: the same as the interface tells.

use anyhow::{Context as _, Result, anyhow};
use samband_domain::JournalId;
use samband_engine::Engine;
use samband_web::api::alarms::{AlarmSeen, OneAlarm, alarm_of, alarms_of};
use serde::Serialize;
use serde_json::Value;

use super::{Say, data, line};

pub(super) async fn list(
    engine: &Engine,
    region: &JournalId,
    running: bool,
    json: bool,
    say: &Say,
) -> Result<()> {
    let world = engine.world();
    world.journal(region).with_context(|| format!("no journal “{region}”"))?;
    let all = alarms_of(&world, region, running);
    if json {
        return told(say, &all).await;
    }
    if all.is_empty() {
        let which = if running { "runs" } else { "is known" };
        return line(say, format!("{region}: no alarm {which}")).await;
    }
    for one in &all {
        line(say, summary(one)).await?;
    }
    Ok(())
}

pub(super) async fn show(
    engine: &Engine,
    region: &JournalId,
    alarm: &str,
    json: bool,
    say: &Say,
) -> Result<()> {
    let world = engine.world();
    world.journal(region).with_context(|| format!("no journal “{region}”"))?;
    let one = alarm_of(&world, region, alarm);
    let one = one.ok_or_else(|| anyhow!("{region} knows no alarm “{alarm}”"))?;
    if json {
        return told(say, &one).await;
    }
    for text in lines(&one)? {
        line(say, text).await?;
    }
    Ok(())
}

async fn told(say: &Say, what: &impl Serialize) -> Result<()> {
    let mut bytes = serde_json::to_vec_pretty(what)?;
    bytes.push(b'\n');
    data(say, bytes).await
}

/// One line: what it is, and how many have answered.
fn summary(one: &AlarmSeen) -> String {
    let over = match &one.replaced {
        Some(by) => format!("replaced by {by}"),
        None => format!("{} unanswered", one.unanswered),
    };
    format!(
        "{} {} {} {}: {} ({} of {} regions, {} transports, {over})",
        one.issued.as_deref().unwrap_or("unknown"),
        one.issuer,
        one.id,
        one.kind,
        one.headline,
        one.regions.answered,
        one.regions.of,
        one.promised.units,
    )
}

/// The alarm, and a line for each recipient.
fn lines(one: &OneAlarm) -> Result<Vec<String>> {
    let mut all = vec![summary(&one.alarm), one.alarm.text.clone()];
    for owes in &one.obligations {
        let to = serde_json::to_value(&owes.to)?;
        let party = &to["party"];
        let party = party.get("region").or_else(|| party.get("outside"));
        let party = party.and_then(Value::as_str).unwrap_or_default();
        let more = [
            ("answered ", owes.answered.as_ref()),
            ("by ", owes.answered_by.as_ref()),
            ("next: ", owes.next.as_ref()),
            ("at ", owes.next_at.as_ref()),
        ];
        let more = more.into_iter().filter_map(|(word, said)| Some(format!(" {word}{}", said?)));
        let more: String = more.collect();
        all.push(format!("  {party} {}: {}{more}", owes.to.role, owes.state));
    }
    Ok(all)
}
