//! A journal brought back from its records: every hash checked, every event folded in.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use samband_domain::words::Lot;
use samband_domain::{Digest, Event};
use samband_engine::Journal;
use samband_journal::{Chain, Content, PrivatePart, Record, Store};

use crate::house::House;
use crate::report::Section;
use crate::stopwatch::{grouped, median, processor_each, processor_time, rate};
use crate::{Amount, history, scratch};

const ABOUT: &str = "\
`Engine::verify` for every journal: the engine's own way back from the store without a snapshot \
(read, check sequence and time, hash content and link, parse, decode, fold), and then the replayed \
state is compared with the one in use. Median of the rounds.";

const STEPS: &str = "\
Where the time goes, each step alone on one core over the same records; the engine reads, checks \
and decodes parts of a journal side by side, each record as soon as it is read, and folds them in \
one after the other. The last two lines are limits: no replay that checks hashes of JSON records \
can do with less work.";

/// Few, so that ten years go by again and again.
const FIGURES_A_DAY: u64 = 4;

/// Measures.
///
/// # Errors
/// If a journal does not verify, or something failed.
pub async fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Replay", ABOUT);
    let count = amount.of(2_000, 200_000, 2_000_000);
    let folder = scratch::folder()?;
    let file = folder.path().join("samband.db");
    let keys = folder.path().join("keys");
    House::open(Store::open_sqlite(&file).await?, &keys).await?.engine.stop().await;
    let store = Store::open_sqlite(&file).await?;
    history::write(&store, count, FIGURES_A_DAY).await?;
    store.close().await;

    let house = House::open(Store::open_sqlite(&file).await?, &keys).await?;
    let mut rates = Vec::new();
    let (mut records, mut processor) = (0, f64::NAN);
    for _ in 0..3 {
        let (started, before) = (Instant::now(), processor_time());
        records = 0;
        for region in &house.regions {
            records += house.engine.verify(region).await?.records;
        }
        rates.push(rate(records, started.elapsed()));
        processor = processor_each(before, records);
    }
    ensure!(records >= count, "{records} records of {count} were replayed");
    let whole = median(rates);
    let size = std::fs::metadata(&file)?.len();
    section.table(&[
        "journals",
        "events",
        "bytes of database for each",
        "processor for each",
        "events/s",
        "aim",
    ]);
    section.row([
        house.regions.len().to_string(),
        grouped(records as f64),
        format!("{:.0}", size as f64 / records as f64),
        format!("{processor:.2} µs"),
        grouped(whole),
        "≥ 500 000".into(),
    ]);
    section.figure("events_per_s", whole);
    let steps = steps(&house, amount.of(500, 50_000, 250_000)).await?;
    section.prose(STEPS);
    section.table(&["step", "events/s", "µs each"]);
    for (name, took, count) in steps.list() {
        let each = took.as_secs_f64() * 1e6 / count as f64;
        section.row([name.into(), grouped(rate(count, took)), format!("{each:.2}")]);
        section.figure(format!("step: {name}"), rate(count, took));
    }
    house.engine.stop().await;
    Ok(section)
}

/// What each step took.
#[derive(Default)]
struct Steps {
    events: u64,
    read: Duration,
    chain: Duration,
    decode: Duration,
    apply: Duration,
    hash: Duration,
    parse: Duration,
}

impl Steps {
    fn list(&self) -> [(&'static str, Duration, u64); 7] {
        let fold = self.chain + self.decode + self.apply;
        [
            ("read from SQLite into records", self.read, self.events),
            ("check the chain: hash and parse the content", self.chain, self.events),
            ("decode the event", self.decode, self.events),
            ("fold it into the state", self.apply, self.events),
            ("the three steps after reading", fold, self.events),
            ("limit: SHA-256 of content, link and private part alone", self.hash, self.events),
            ("limit: parse of the content document alone", self.parse, self.events),
        ]
    }
}

/// Walks through the beginning of every journal, step by step.
async fn steps(house: &House, each: u64) -> Result<Steps> {
    let mut steps = Steps::default();
    for region in &house.regions {
        let mut journal = Journal::empty(region.clone(), true);
        let mut done = 0;
        while done < each {
            let started = Instant::now();
            let records = house.engine.store().read(region, 1, journal.chain.seq, 8_192).await?;
            steps.read += started.elapsed();
            if records.is_empty() {
                break;
            }
            done += records.len() as u64;
            tokio::task::block_in_place(|| fold(&mut steps, &mut journal, &records))?;
        }
        steps.events += done;
    }
    Ok(steps)
}

fn fold(steps: &mut Steps, journal: &mut Journal, records: &[Record]) -> Result<()> {
    let started = Instant::now();
    let mut hashed = 0_u8;
    for record in records {
        let content = record.body.digest();
        let place = (&record.journal, record.epoch, record.seq);
        let link = samband_journal::link_hash(place, record.recorded, &record.hash, &content);
        let private = record.private.commitment().unwrap_or(Digest::ZERO);
        hashed ^= link.0[0] ^ private.0[0];
    }
    std::hint::black_box(hashed);
    steps.hash += started.elapsed();

    let started = Instant::now();
    for record in records {
        std::hint::black_box(Content::read(record.body.text().unwrap_or_default())?);
    }
    steps.parse += started.elapsed();

    let mut chain: Chain = journal.chain.clone();
    let started = Instant::now();
    let contents: Vec<_> =
        records.iter().map(|record| chain.extend(record)).collect::<Result<_, _>>()?;
    steps.chain += started.elapsed();

    let started = Instant::now();
    for (record, content) in records.iter().zip(&contents) {
        let Some(content) = content else { continue };
        let lot = match &record.private {
            PrivatePart::Here { text, .. } => Lot::Text(text),
            PrivatePart::Absent => Lot::None,
        };
        let shared = content.shared_text();
        std::hint::black_box(Event::decode(&content.kind, content.version, shared, lot)?);
    }
    let decode = started.elapsed();
    steps.decode += decode;

    let started = Instant::now();
    for (record, content) in records.iter().zip(&contents) {
        journal.apply_record(record, content.as_ref())?;
    }
    // That decodes once more.
    steps.apply += started.elapsed().saturating_sub(decode);
    journal.chain = chain;
    Ok(())
}
