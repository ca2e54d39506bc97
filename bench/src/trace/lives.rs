//! Units' lives, so many at a time side by side: what stands about one of them lies far apart.

use std::path::Path;

use anyhow::{Result, ensure};
use samband_domain::blood::command::Standing;
use samband_domain::blood::event::{
    Event as Stock, For, Issued, Purpose, Reserved, TakenOver, Used,
};
use samband_domain::blood::model::stock::Load;
use samband_domain::blood::model::unit::Entry;
use samband_domain::blood::model::{Attributes, Fate, Group, Phenotype, Product, UnitId};
use samband_domain::words::{NONE, Private, RequestId};
use samband_domain::{Digest, Event, JournalId, Known, SiteId, Time};
use samband_journal::Store;

use crate::history::{self, End};
use crate::house::{House, REGIONS};

/// Records of one life: taken over, set aside, handed out, given.
pub(super) const LIFE: u64 = 4;

/// The store and what is in it.
pub(super) struct Lives {
    pub(super) store: Store,
    /// Whole lives in each journal.
    pub(super) whole: u64,
    /// Records in all journals.
    pub(super) records: u64,
}

/// So many lives of a journal go on at once: about a month of a region's donations.
fn side_by_side(count: u64) -> u64 {
    (count / 400).clamp(1, 10_000)
}

/// The store with so many records, written if it is not there.
pub(super) async fn open(file: &Path, keys: &Path, count: u64) -> Result<Lives> {
    if !file.exists() {
        let beginning = file.with_extension("half");
        let _ = std::fs::remove_file(&beginning);
        House::open(Store::open_sqlite(&beginning).await?, keys).await?.engine.stop().await;
        let store = Store::open_sqlite(&beginning).await?;
        let apart = side_by_side(count);
        history::write_by(&store, count, move |end, n| event(end, n, apart)).await?;
        store.close().await;
        std::fs::rename(&beginning, file)?;
    }
    let store = Store::open_sqlite(file).await?;
    let heads = store.heads().await?;
    let records: u64 = heads.iter().map(|head| head.at.seq).sum();
    ensure!(records >= count, "{} holds {records} records", file.display());
    let each = count / REGIONS.len() as u64 / LIFE;
    let whole = each.saturating_sub((LIFE - 1) * side_by_side(count));
    ensure!(whole > 0, "no life is whole");
    Ok(Lives { store, whole, records })
}

/// The `n`th unit of the `region`th journal.
pub(super) fn unit(region: usize, n: u64) -> UnitId {
    let (year, serial) = (10 + n / 999_999, n % 999_999);
    let text = format!("A999{region}{year}{serial:06}.B0001V00");
    UnitId::parse(&text).expect("a number and a code")
}

fn event(end: &mut End, n: u64, apart: u64) -> Event {
    let region = REGIONS.iter().position(|id| *id == end.journal.as_str()).unwrap_or_default();
    let (tick, step) = (n / LIFE, n % LIFE);
    // Before the first lives are so far, nothing is to be told of them: another one begins.
    let life = tick.checked_sub(step * apart);
    let Some(life) = life else { return begun(unit(region + 4, n), end.recorded) };
    let (id, now) = (unit(region, life), end.recorded);
    match step {
        0 => begun(id, now),
        1 => {
            let reserved = Reserved { units: vec![id], until: now, rule_set: rules() };
            let purpose = "Operation 3".to_owned();
            let purpose = Purpose { purpose, request: Some(request(life)), oldest: None };
            Stock::Reserved(reserved, Private::Here(purpose)).into()
        }
        2 => {
            let issued = Issued { units: vec![id], rule_set: rules() };
            Stock::Issued(issued, Private::Here(For { request: request(life) })).into()
        }
        _ => Stock::Used(Used { units: vec![id], fate: Fate::Transfused }, NONE).into(),
    }
}

fn rules() -> Digest {
    Digest::of(b"rules")
}

fn request(n: u64) -> RequestId {
    RequestId::new(&format!("r-{n:010}")).expect("letters and digits")
}

fn begun(id: UnitId, now: Time) -> Event {
    let entry = Entry {
        id,
        group: Known::Value(Group::ALL[now.0 as usize / 1_000 % 8]),
        product: Product::RedCells,
        attributes: Attributes::NONE,
        phenotype: Phenotype::default(),
        expiry: now.plus_days(42),
        tested: None,
    };
    let taken = TakenOver {
        site: SiteId::new("bc-1").expect("letters and digits"),
        file: None,
        standings: vec![Standing::Available],
        load: Load { tested: Vec::new(), units: vec![entry] },
    };
    Stock::TakenOver(taken, NONE).into()
}

/// The journals, in the order of their regions.
pub(super) fn journals() -> Result<Vec<JournalId>> {
    REGIONS.iter().map(|id| Ok(id.parse()?)).collect()
}
