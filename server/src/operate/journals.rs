//! Journals: listing, verifying, exporting.

use anyhow::{Result, anyhow, bail};
use samband_domain::JournalId;
use samband_engine::Engine;
use samband_journal::Wire;

use super::{Say, data, line};

/// Records written at a time.
const CHUNK: u32 = 1_000;

pub(super) async fn list(engine: &Engine, say: &Say) -> Result<()> {
    for journal in engine.world().journals.values() {
        let place = if journal.is_local() { "here" } else { "copy" };
        let mode = journal.mode().map_or("unknown", |mode| mode.as_str());
        let (id, chain, name) = (&journal.id, &journal.chain, journal.name());
        let line = format!("{id}\t{place}\t{mode}\t{}:{}\t{name}\n", chain.epoch, chain.seq);
        data(say, line).await?;
    }
    Ok(())
}

pub(super) async fn verify(engine: &Engine, only: Option<JournalId>, say: &Say) -> Result<()> {
    let world = engine.world();
    let ids: Vec<_> = match only {
        Some(id) => vec![id],
        None => world.journals.keys().cloned().collect(),
    };
    let mut broken = 0;
    for id in ids {
        match engine.verify(&id).await {
            Ok(report) => {
                let unknown = match report.unknown_records {
                    0 => String::new(),
                    n => format!(", {n} of kinds unknown to this version"),
                };
                let head = &report.head;
                let words = format!(
                    "{id}: {} records verified{unknown}; head {}:{} {}\n",
                    report.records, head.epoch, head.seq, head.hash
                );
                data(say, words).await?;
            }
            Err(error) => {
                broken += 1;
                line(say, format!("{id}: {error}")).await?;
            }
        }
    }
    if broken > 0 {
        bail!("{broken} journal(s) do not verify");
    }
    Ok(())
}

pub(super) async fn export(engine: &Engine, id: &JournalId, shared: bool, say: &Say) -> Result<()> {
    let world = engine.world();
    let journal = world.journal(id).ok_or_else(|| anyhow!("no journal “{id}” is held here"))?;
    for end in engine.store().epochs(id).await? {
        let epoch = end.at.epoch;
        // Up to the head at the beginning: records that come meanwhile belong to the next export.
        let last = if epoch == journal.chain.epoch { journal.chain.seq } else { end.at.seq };
        let mut after = 0;
        while after < last {
            let limit = u32::try_from(last - after).unwrap_or(u32::MAX).min(CHUNK);
            let records = engine.store().read(id, epoch, after, limit).await?;
            let Some(end) = records.last().map(|record| record.seq) else {
                break;
            };
            let mut text = String::new();
            for record in records {
                let record = if shared { record.for_others() } else { record };
                text.push_str(&Wire::line(record));
                text.push('\n');
            }
            data(say, text).await?;
            after = end;
        }
    }
    Ok(())
}
