//! The life of one unit in a long record: what the page and the interface of a unit's trace read.

mod lives;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use samband_domain::words::Lot;
use samband_domain::{Event, JournalId, Subject};
use samband_journal::{Content, PrivatePart, Record, Store};

use crate::report::Section;
use crate::stopwatch::{grouped, ms, percentiles};
use crate::{Amount, scratch};
use lives::{LIFE, Lives};

const ABOUT: &str = "\
Four journals of units' lives (taken over, set aside, handed out, given), ten thousand of each \
journal side by side, so that the records of one lie about 40 000 apart; written through the \
store once and kept below the build's folder. Asked: everything of one donation in every journal, \
newest first, read, parsed and decoded, as the page and `GET /api/v1/units/{din}/{product}/trace` \
read it; what they draw of it takes microseconds and is not in here. Units are asked for at \
random. *Cold* means that the store was opened anew and its file dropped from the system's cache \
before each. Every answer must hold the whole life, in order.";

/// Measures.
///
/// # Errors
/// If a life is not whole, or something failed.
pub async fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Trace", ABOUT);
    let count = amount.of(4_000, 400_000, 20_000_000);
    // The small ones are of one run; the large one takes minutes to write.
    let small = scratch::folder()?;
    let folder: PathBuf = match amount {
        Amount::Full => scratch::target().join("bench-trace"),
        _ => small.path().to_owned(),
    };
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("trace-{count}.db"));
    let begun = Instant::now();
    let made = !file.exists();
    let held = lives::open(&file, &folder.join("keys"), count).await?;
    let size = std::fs::metadata(&file)?.len() as f64 / 1e6;
    let how = if made {
        format!("written in {:.0} s", begun.elapsed().as_secs_f64())
    } else {
        "written before".to_owned()
    };
    let records = grouped(held.records as f64);
    section.prose(format!("{records} records, {} MB, {how}.", grouped(size)));
    section.figure("records", held.records as f64);
    section.table(&["store", "traces", "p50", "p99", "longest", "aim"]);
    let journals = lives::journals()?;
    let mut chance = 7_u64;
    let whole = held.whole;
    let mut next = || {
        chance =
            chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((chance >> 33) as usize % journals.len(), (chance >> 20) % whole)
    };
    let mut times = Vec::new();
    for _ in 0..amount.of(20, 1_000, 10_000) {
        times.push(trace(&held.store, &journals, next()).await?);
    }
    row(&mut section, "open", times);
    let Lives { store, .. } = held;
    store.close().await;
    if scratch::forget(&file) {
        let mut times = Vec::new();
        for _ in 0..amount.of(2, 20, 200) {
            let _ = scratch::forget(&file);
            let store = Store::open_sqlite(&file).await?;
            times.push(trace(&store, &journals, next()).await?);
            store.close().await;
        }
        row(&mut section, "cold", times);
    }
    Ok(section)
}

fn row(section: &mut Section, name: &str, times: Vec<Duration>) {
    let (count, longest) = (times.len(), times.iter().max().copied().unwrap_or_default());
    let (half, most) = percentiles(times);
    section.row([
        name.to_owned(),
        grouped(count as f64),
        ms(half),
        ms(most),
        ms(longest),
        "p99 < 10 ms".into(),
    ]);
    section.figure(format!("{name} p99_ms"), most.as_secs_f64() * 1e3);
}

/// Reads one life, and holds it against what was written.
async fn trace(
    store: &Store,
    journals: &[JournalId],
    (region, n): (usize, u64),
) -> Result<Duration> {
    let unit = lives::unit(region, n);
    let subject = Subject::donation(&unit.din);
    let started = Instant::now();
    let mut events = Vec::new();
    for (place, journal) in journals.iter().enumerate() {
        for record in store.about(journal, &subject, None, 400).await? {
            events.push((place, read(&record)?));
        }
    }
    let took = started.elapsed();
    let kind = |(_, event): &(usize, Event)| event.encode().map(|encoded| encoded.kind);
    let kinds: Vec<_> = events.iter().filter_map(kind).collect();
    let wanted = ["stock.used", "stock.issued", "stock.reserved", "stock.taken_over"];
    ensure!(kinds == wanted, "{unit}: {kinds:?}");
    ensure!(events.len() == LIFE as usize && events.iter().all(|(place, _)| *place == region));
    Ok(took)
}

fn read(record: &Record) -> Result<Event> {
    let text = record.body.text().unwrap_or_default();
    let content = Content::read(text)?;
    let lot = match &record.private {
        PrivatePart::Here { text, .. } => Lot::Text(text),
        PrivatePart::Absent => Lot::None,
    };
    Ok(Event::decode(content.kind.as_ref(), content.version, content.shared_text(), lot)?)
}
