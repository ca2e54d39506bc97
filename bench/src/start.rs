//! An engine started from snapshots of a long past.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use samband_journal::Store;

use crate::house::House;
use crate::report::Section;
use crate::stopwatch::{grouped, processor_each, processor_time, rate};
use crate::{Amount, history, scratch};

const ABOUT: &str = "\
From opening the file to an engine that answers: the newest snapshot of every journal and the \
records after it, verified; journals side by side. Each journal has as many records after its \
snapshot as it can have before the next one is due (50 000), the worst case. SQLite's own check of \
the file comes first up to 256 MiB; a larger file is looked through while the engine already \
answers. *Cold* means that the file was dropped from the system's cache before. The states are \
compared with those of a start without any snapshot.";

/// Records of each journal after its snapshot: one more, and the engine would have written another.
const TAIL: u64 = 49_999;

/// Measures.
///
/// # Errors
/// If a snapshot gives another state than the records, or something failed.
pub async fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Start", ABOUT);
    let (count, tail) = amount.of((8_000, 400), (500_000, 4 * TAIL), (5_000_000, 4 * TAIL));
    let folder = scratch::folder()?;
    let file = folder.path().join("samband.db");
    let keys = folder.path().join("keys");
    House::open(Store::open_sqlite(&file).await?, &keys).await?.engine.stop().await;

    let store = Store::open_sqlite(&file).await?;
    let started = Instant::now();
    // Ten years go by once, day after day.
    let a_day = (count / 4 / 3_360).max(4);
    history::write(&store, count - tail, a_day).await?;
    let written = started.elapsed();
    store.close().await;

    // The first start replays everything, and then the snapshots are written.
    let (house, replayed) = start(&file, &keys).await?;
    settle(&house).await?;
    house.engine.stop().await;
    let store = Store::open_sqlite(&file).await?;
    history::write(&store, tail, a_day).await?;
    store.close().await;

    let (house, warm) = start(&file, &keys).await?;
    let from_snapshots = house.engine.world();
    let snapshots = snapshot_bytes(&house).await?;
    let checked = check(&house).await?;
    for region in &house.regions {
        // Replays everything and compares it with the state that came from the snapshot.
        house.engine.verify(region).await?;
    }
    let events: u64 = from_snapshots.journals.values().map(|journal| journal.chain.seq).sum();
    ensure!(events >= count, "{events} events of {count}");
    drop(house);

    let cold = if scratch::forget(&file) { Some(start(&file, &keys).await?.1) } else { None };
    section.table(&["start", "events", "time", "processor", "aim"]);
    let mut row = |name: &str, events: u64, took: Took, aim: &str| {
        let [time, processor] = [took.time, took.processor].map(|it| format!("{it:.2} s"));
        section.row([name.into(), grouped(events as f64), time, processor, aim.into()]);
        section.figure(name, took.time);
    };
    row("from snapshots", events, warm, "< 5 s");
    if let Some(cold) = cold {
        row("from snapshots, cold", events, cold, "< 5 s");
    }
    row("SQLite's check of the file, by itself", events, checked, "");
    row("without snapshots", count - tail, replayed, "");
    let size = std::fs::metadata(&file)?.len();
    section.prose(format!(
        "The database has {} MB, the snapshots {:.1} MB. The past was written through the store at \
         {} records a second.",
        grouped(size as f64 / 1e6),
        snapshots as f64 / 1e6,
        grouped(rate(count - tail, written)),
    ));
    Ok(section)
}

/// What something took, in seconds.
struct Took {
    time: f64,
    processor: f64,
}

/// Reads the clocks; what comes back reads them again.
fn watch() -> impl FnOnce() -> Took {
    let (started, before) = (Instant::now(), processor_time());
    move || Took {
        time: started.elapsed().as_secs_f64(),
        processor: processor_each(before, 1) / 1e6,
    }
}

async fn start(file: &Path, keys: &Path) -> Result<(House, Took)> {
    let took = watch();
    let house = House::open(Store::open_sqlite(file).await?, keys).await?;
    Ok((house, took()))
}

/// Waits until every journal has a snapshot at its head.
async fn settle(house: &House) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(120);
    for region in &house.regions {
        loop {
            house.engine.snapshot(region).await;
            let head = house.engine.world().journal(region).and_then(|journal| journal.head());
            let snapshots = house.engine.store().snapshots(region).await?;
            if snapshots.first().map(|snapshot| &snapshot.at) == head.as_ref() {
                break;
            }
            ensure!(Instant::now() < deadline, "{region} gets no snapshot");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}

async fn check(house: &House) -> Result<Took> {
    let took = watch();
    house.engine.store().check().await?;
    Ok(took())
}

async fn snapshot_bytes(house: &House) -> Result<u64> {
    let mut bytes = 0;
    for region in &house.regions {
        let snapshots = house.engine.store().snapshots(region).await?;
        ensure!(!snapshots.is_empty(), "{region} has no snapshot");
        bytes += snapshots.first().map_or(0, |snapshot| snapshot.len);
    }
    Ok(bytes)
}
