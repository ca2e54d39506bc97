//! A year in figures, counted from the region's own record when it is asked for.

use samband_domain::donations::view::yearly::{FIGURES, Figure, Tally, year};
use samband_domain::{JournalId, Time};
use samband_engine::World;
use samband_exchange::export::{Cell, Table};
use samband_journal::Store;
use samband_journal::store::StoreError;

use super::{App, Problem};
use crate::pages::records;
use crate::tables::columns;
use crate::text::Words;

/// Records read at a time.
const CHUNK: u32 = 1_000;

/// A year's figures, and how much of the year the record covers.
#[derive(Clone, Debug)]
pub struct Year {
    /// Which.
    pub year: u16,
    /// What was counted.
    pub tally: Tally,
    /// From when on: the year's beginning, or the record's if that is later.
    pub from: Time,
    /// Until when: the year's end, or now.
    pub until: Time,
    /// Whether that is the whole year.
    pub whole: bool,
    /// Whether the record says anything of the year at all.
    pub covered: bool,
    /// How many records were read.
    pub records: u64,
}

impl Year {
    /// What the record says of a figure; unknown where it does not reach the year at all.
    #[must_use]
    pub fn value(&self, figure: &Figure) -> Option<u64> {
        if self.covered { figure.value(&self.tally) } else { None }
    }
}

/// Counts a year of a region's own record.
///
/// # Errors
/// A problem if the store does not answer, or there is no such year.
pub async fn count(app: &App, world: &World, region: &JournalId, of: u16) -> Result<Year, Problem> {
    let (start, end) = year(of).ok_or_else(|| Problem::not_found(of.to_string()))?;
    let journal = world.journal(region).ok_or_else(|| Problem::not_found(region.as_str()))?;
    let head = journal.head().ok_or_else(|| Problem::not_found(region.as_str()))?;
    let store = app.engine.store();
    let begun = store.read(region, 1, 0, 1).await?;
    let first = begun.first().map(|record| record.recorded);
    let (mut tally, mut records_read) = (Tally::default(), 0_u64);
    'all: for epoch in 1..=head.epoch {
        let mut after = before(store, (region, epoch), start).await?;
        loop {
            let chunk = store.read(region, epoch, after, CHUNK).await?;
            let Some(last) = chunk.last() else { break };
            after = last.seq;
            for record in chunk {
                if record.recorded >= end {
                    break 'all;
                }
                records_read += 1;
                let entry = records::Entry::of(record, true);
                if let Some(event) = entry.said.and_then(|said| said.event) {
                    tally.tell(region, &event);
                }
            }
        }
    }
    let now = app.engine.now();
    let from = first.map_or(end, |first| first.max(start));
    let until = end.min(now);
    let whole = first.is_some_and(|first| first <= start) && end <= now;
    let covered = first.is_some_and(|first| first < end) && start <= now;
    Ok(Year { year: of, tally, from, until, whole, covered, records: records_read })
}

/// The place of the last record of an epoch that was recorded before a moment; 0 if none was. Records
/// stand in the order of their times, so that of thirty years only one is read.
async fn before(
    store: &Store,
    (region, epoch): (&JournalId, u32),
    start: Time,
) -> Result<u64, StoreError> {
    let (mut low, mut step) = (0_u64, 1_u64);
    let is_before = async |seq: u64| -> Result<bool, StoreError> {
        let found = store.read(region, epoch, seq - 1, 1).await?;
        Ok(found.first().is_some_and(|record| record.seq == seq && record.recorded < start))
    };
    while is_before(low + step).await? {
        low += step;
        step *= 2;
    }
    // The place lies between `low`, which is before, and `low + step`, which is not.
    while step > 1 {
        step = step.div_ceil(2);
        if is_before(low + step).await? {
            low += step;
        }
    }
    Ok(low)
}

/// The figures as a table: key, words, value, definition, source, and how much of the year.
#[must_use]
pub fn table(w: Words, region: &JournalId, year: &Year) -> Table {
    let keys = [
        "region",
        "year",
        "report",
        "figure",
        "figure_words",
        "value",
        "definition",
        "source",
        "from",
        "until",
    ];
    let rows = FIGURES.iter().map(|figure| {
        let key = figure.key.replace('.', "-");
        vec![
            region.as_str().into(),
            u64::from(year.year).into(),
            figure.report.as_str().into(),
            figure.key.into(),
            w.dynamic("yearly-", &key).into(),
            year.value(figure).map_or(Cell::Unknown, Into::into),
            w.dynamic("yearly-definition-", &key).into(),
            figure.source.into(),
            year.from.into(),
            year.until.into(),
        ]
    });
    Table { name: "statistics".into(), columns: columns(w, &keys), rows: rows.collect() }
}
