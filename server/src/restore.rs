//! Restoring a backup into an empty data directory, and checking an exported journal without one.

use std::io::BufRead as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use samband_domain::RecordRef;
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
    if place.settings.follow {
        bail!("{} only follows; restore without `follow = true`", place.root().display());
    }
    let _held = place.must_hold()?;
    let heads = match read_mark(&place)? {
        Mark::Copied(heads) => heads,
        mark => {
            if matches!(mark, Mark::Began) {
                clear(&place)?;
            } else if place.database().exists() {
                let root = place.root().display();
                bail!("{root} holds an installation; restore into an empty directory");
            }
            put_in_place(&place, options).await?
        }
    };
    let engine = open_unfinished(&place).await?;
    let outcome = engine.open_restored_epochs(&options.reason, &heads).await;
    let world = engine.world();
    engine.stop().await;
    outcome?;
    std::fs::remove_file(place.restore_mark())?;
    eprintln!("restored and verified");
    for journal in world.locals() {
        if let Some(head) = journal.head() {
            eprintln!("{}: goes on in epoch {}", journal.id, head.epoch);
        }
    }
    Ok(())
}

/// How far an earlier attempt came.
enum Mark {
    /// There was none.
    None,
    /// It did not put the records in place.
    Began,
    /// The records are in place, with these heads; new epochs may be missing.
    Copied(Vec<RecordRef>),
}

fn read_mark(place: &Place) -> Result<Mark> {
    if !place.restore_mark().exists() {
        return Ok(Mark::None);
    }
    let text = std::fs::read_to_string(place.restore_mark())?;
    Ok(serde_json::from_str(&text).map_or(Mark::Began, Mark::Copied))
}

async fn put_in_place(place: &Place, options: &Restore) -> Result<Vec<RecordRef>> {
    let backup = &options.directory;
    std::fs::write(place.restore_mark(), "a restore began here\n")?;
    let store = open_store(place).await?;
    let manifest = samband_engine::restore_into(backup, &store, &place.keys()).await?;
    let heads: Vec<_> = store.heads().await?.into_iter().map(|head| head.at).collect();
    store.close().await;
    let settings = backup.join("samband.toml");
    if settings.exists() && !place.root().join("samband.toml").exists() {
        std::fs::copy(settings, place.root().join("samband.toml"))?;
    }
    let tls = backup.join("tls");
    if tls.exists() && !place.tls().exists() {
        use std::os::unix::fs::DirBuilderExt as _;
        std::fs::DirBuilder::new().mode(0o700).create(place.tls())?;
        for entry in std::fs::read_dir(&tls)? {
            let path = entry?.path();
            std::fs::copy(&path, place.tls().join(path.file_name().unwrap_or_default()))?;
        }
    }
    std::fs::write(place.restore_mark(), serde_json::to_string(&heads)?)?;
    eprintln!("backup of {} in place", manifest.made);
    Ok(heads)
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
