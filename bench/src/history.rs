//! A long past, written through the store's own append: what a region's years leave behind.
//!
//! Of a hundred events, 80 report a figure of a day, 15 say that somebody read a person's page, 3
//! give a mandate and 2 register an actor. The state grows with the last two and up to the figures
//! of ten years, so that a snapshot has something to hold.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use samband_domain::figures::event::FiguresReported;
use samband_domain::figures::{FigureRow, Measure};
use samband_domain::kernel::event::{ActorRegistered, PersonRead};
use samband_domain::kernel::{Approval, Capacity, Identity, Mandate, Profession, Role};
use samband_domain::words::{NONE, Nothing, Private};
use samband_domain::{ActorId, Digest, Event, JournalId, Known, RecordRef, Time, Window};
use samband_domain::{figures, kernel};
use samband_journal::store::{Batch, HeadMove, StoredCommand, Term};
use samband_journal::{Author, Record, Store};
use tokio::sync::mpsc;

use crate::house;

/// Records in one transaction.
const BATCH: u64 = 1_024;

const MEASURES: [Measure; 4] = [
    Measure::WholeBloodDonations,
    Measure::ActiveDonors,
    Measure::Population,
    Measure::Population1864,
];

/// Where a journal stands while its past is written.
pub(crate) struct End {
    pub(crate) journal: JournalId,
    at: RecordRef,
    pub(crate) recorded: Time,
    actors: u64,
}

/// Adds events to the journals of a store, in turn, so many of each journal about one day. The
/// store must have no engine.
pub(crate) async fn write(store: &Store, count: u64, a_day: u64) -> Result<()> {
    write_by(store, count, move |end, n| {
        let now = end.recorded;
        event(end, n, a_day, now)
    })
    .await
}

/// The same with events that somebody makes: of which journal, and its how manieth.
pub(crate) async fn write_by(
    store: &Store,
    count: u64,
    mut make: impl FnMut(&mut End, u64) -> Event + Send + 'static,
) -> Result<()> {
    let term = store.take_writer().await?;
    let heads = store.heads().await?;
    let ends = heads.into_iter().map(|head| End {
        journal: head.at.journal.clone(),
        actors: head.at.seq,
        recorded: head.recorded,
        at: head.at,
    });
    let mut ends: Vec<_> = ends.collect();
    let (sender, mut batches) = mpsc::channel::<Batch>(4);
    let maker = tokio::task::spawn_blocking(move || {
        let mut made = 0;
        while made < count {
            let size = BATCH.min(count - made);
            if sender.blocking_send(batch(&mut ends, made, size, &mut make)).is_err() {
                break;
            }
            made += size;
        }
    });
    while let Some(batch) = batches.recv().await {
        append(store, term, &batch).await?;
    }
    maker.await.context("the past could not be made")
}

async fn append(store: &Store, term: Term, batch: &Batch) -> Result<()> {
    store.append(term, batch).await.context("the past could not be written")
}

fn batch(
    ends: &mut [End],
    first: u64,
    size: u64,
    make: &mut impl FnMut(&mut End, u64) -> Event,
) -> Batch {
    let mut batch = Batch::default();
    let mut moves: BTreeMap<JournalId, HeadMove> = BTreeMap::new();
    let turns = ends.len() as u64;
    for n in first..first + size {
        let end = &mut ends[(n % turns) as usize];
        let from = end.at.clone();
        let (event, record) = next(end, n / turns, make);
        let at = record.at();
        batch.subjects.extend(event.subjects().into_iter().map(|about| (about, at.clone())));
        // In order: with random keys, millions of them are written several times over.
        let key = format!("{}-{:012}", at.journal, at.seq);
        let command = StoredCommand {
            actor: actor(0),
            key,
            digest: at.hash,
            first: Some(at.clone()),
            count: 1,
        };
        batch.commands.push(command);
        let head = moves.entry(end.journal.clone()).or_insert_with(|| HeadMove {
            journal: end.journal.clone(),
            from: Some(from),
            to: at.clone(),
            recorded: record.recorded,
            local: true,
        });
        head.to = at;
        head.recorded = record.recorded;
        batch.records.push(record);
    }
    batch.heads = moves.into_values().collect();
    batch
}

fn next(end: &mut End, n: u64, make: &mut impl FnMut(&mut End, u64) -> Event) -> (Event, Record) {
    let recorded = Time(end.recorded.0 + 1_000);
    end.recorded = recorded;
    let event = make(end, n);
    let encoded = event.encode().expect("an event of this program");
    let by = actor(0);
    let author = Author { happened: recorded, actor: &by, mandate: None, cause: &[] };
    let salt = Digest::of(&n.to_be_bytes()).0;
    let place = (&end.journal, end.at.epoch, end.at.seq + 1);
    let record = Record::next(place, &end.at.hash, recorded, encoded, author, salt);
    end.at = record.at();
    (event, record)
}

fn event(end: &mut End, n: u64, a_day: u64, now: Time) -> Event {
    match n % 100 {
        0 | 50 => {
            end.actors += 1;
            registered(end.actors).into()
        }
        1 | 34 | 67 => granted(n, end.actors, now).into(),
        rest if rest % 6 == 2 => read(n, end.actors).into(),
        _ => reported(n, a_day).into(),
    }
}

fn actor(n: u64) -> ActorId {
    format!("a-{n:08}").parse().expect("letters and digits")
}

fn registered(n: u64) -> kernel::Event {
    let registered = ActorRegistered {
        actor: actor(n),
        profession: Profession::Nurse,
        title: "Sjuksköterska, blodcentralen".into(),
    };
    let identity = Identity {
        name: format!("Kim Exempel {n}"),
        hsa_id: Some(format!("SE0000000000-{n:06}")),
        phone: None,
        email: None,
    };
    kernel::Event::ActorRegistered(registered, Private::Here(identity))
}

fn granted(n: u64, actors: u64, now: Time) -> kernel::Event {
    let id = format!("m-{n:08}").parse().expect("letters and digits");
    let mandate = Mandate {
        id,
        holder: actor(n * 7919 % actors.max(1)),
        capacity: Capacity::Role(Role::Scientist),
        site: None,
        window: Window::open(now),
        issuer: actor(0),
        deputy_for: None,
        delegated_from: None,
        review_at: None,
        share_permille: Known::Unknown,
        approval: Approval::NotRequired,
        basis: None,
        ended: None,
    };
    kernel::Event::MandateGranted(mandate, NONE)
}

fn read(n: u64, actors: u64) -> kernel::Event {
    let read = PersonRead { person: actor(n * 7919 % actors.max(1)), purpose: "page".into() };
    kernel::Event::PersonRead(Nothing, Private::Here(read))
}

fn reported(n: u64, a_day: u64) -> figures::Event {
    let row = FigureRow {
        measure: MEASURES[(n % 4) as usize],
        period: house::day(n / a_day),
        value: Known::Value(n % 1_000_000),
        row: None,
        column: None,
    };
    let report = FiguresReported { source: house::source(), rows: vec![row] };
    figures::Event::FiguresReported(report, NONE)
}
