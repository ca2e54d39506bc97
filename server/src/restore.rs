//! Restoring a backup into an empty data directory, and checking an exported journal without one.

use std::io::BufRead as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use samband_journal::{Chain, Wire};

use crate::cli::Restore;
use crate::engine_at::{open_store, open_unfinished};
use crate::place::Place;

/// Restores a backup.
///
/// # Errors
/// What does not fit; an unfinished restore leaves a mark, so that nobody serves from it.
pub async fn restore(options: Restore) -> Result<()> {
    if !options.test {
        return restore_into(&options.data.data, &options).await;
    }
    let bytes = samband_access::secret::random::<8>()?;
    let name = format!("samband-restore-{}", samband_domain::Digest::of(&bytes).short());
    let scratch = std::env::temp_dir().join(name);
    let outcome = restore_into(&scratch, &options).await;
    let _ = std::fs::remove_dir_all(&scratch);
    outcome?;
    eprintln!("this was a test: nothing was kept");
    Ok(())
}

async fn restore_into(data: &Path, options: &Restore) -> Result<()> {
    let place = Place::open(data)?;
    let _held = place.must_hold()?;
    let unfinished = place.restore_mark().exists();
    if place.database().exists() && !unfinished {
        bail!("{} holds an installation; restore into an empty directory", place.root().display());
    }
    if unfinished {
        clear(&place)?;
    }
    std::fs::write(place.restore_mark(), "a restore began here\n")?;
    let store = open_store(&place).await?;
    let manifest = samband_engine::restore_into(&options.directory, &store, &place.keys()).await?;
    store.close().await;
    let engine = open_unfinished(&place).await?;
    let outcome = engine.open_restored_epochs(&options.reason).await;
    let world = engine.world();
    engine.stop().await;
    outcome?;
    std::fs::remove_file(place.restore_mark())?;
    eprintln!("backup of {} restored and verified", manifest.made);
    for journal in world.locals() {
        if let Some(head) = journal.head() {
            eprintln!("{}: goes on in epoch {}", journal.id, head.epoch);
        }
    }
    Ok(())
}

/// Empties what an unfinished restore left.
fn clear(place: &Place) -> Result<()> {
    for name in ["samband.db", "samband.db-wal", "samband.db-shm"] {
        let path = place.root().join(name);
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
    }
    if place.keys().exists() {
        std::fs::remove_dir_all(place.keys())?;
    }
    Ok(())
}

/// Verifies an exported journal: each epoch from its genesis, one record a line.
///
/// # Errors
/// The first line that does not fit.
pub fn check(path: &Path) -> Result<()> {
    let file =
        std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut chain: Option<Chain> = None;
    let mut records = 0_u64;
    for (n, line) in std::io::BufReader::new(file).lines().enumerate() {
        let line = line?;
        let at = || format!("line {}", n + 1);
        let record = Wire::read(&line).with_context(at)?;
        let chain = match &mut chain {
            None => chain.insert(Chain::before(record.journal.clone())),
            Some(held) => held,
        };
        if record.epoch == chain.epoch + 1 && record.seq == 1 {
            *chain = chain.next_epoch();
        }
        chain.extend(&record).with_context(at)?;
        records += 1;
    }
    let Some(chain) = chain else { bail!("{} holds no records", path.display()) };
    let (journal, epoch, seq) = (&chain.journal, chain.epoch, chain.seq);
    println!("{journal}: {records} records verified; head {epoch}:{seq} {}", chain.hash);
    Ok(())
}
