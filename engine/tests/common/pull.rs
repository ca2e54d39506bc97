//! Pulling between houses, through the bytes that would go over the wire.

use std::collections::BTreeSet;

use samband_domain::bonds::{Command as Bonds, Peer, Reach};
use samband_domain::words::PublicKey;
use samband_domain::{Digest, JournalId, Mode};
use samband_engine::{Engine, IntakeError, IntakeReport, Page};
use samband_journal::Wire;

use super::{House, journal, person};

/// A page as bytes: header and records as lines.
pub fn to_bytes(page: &Page) -> String {
    let mut text = serde_json::to_string(&page.header).unwrap();
    for record in page.records.clone() {
        text.push('\n');
        text.push_str(&Wire::line(record));
    }
    text
}

pub fn from_bytes(text: &str) -> Page {
    let mut lines = text.lines();
    let header = serde_json::from_str(lines.next().unwrap()).unwrap();
    Page { header, records: lines.map(|line| Wire::read(line).unwrap()).collect() }
}

/// A page after a place, through bytes, as one sees it to whom nothing is addressed.
pub async fn page(from: &Engine, id: &JournalId, after: Option<(u32, u64)>, limit: u32) -> Page {
    page_for(from, id, after, limit, &BTreeSet::new()).await
}

/// A page after a place, through bytes, as some regions see it.
pub async fn page_for(
    from: &Engine,
    id: &JournalId,
    after: Option<(u32, u64)>,
    limit: u32,
    readers: &BTreeSet<JournalId>,
) -> Page {
    let page = from.page(id, after, limit, readers).await.unwrap().unwrap();
    from_bytes(&to_bytes(&page))
}

/// Where a copy stands.
pub fn held(engine: &Engine, id: &JournalId) -> Option<(u32, u64)> {
    let head = engine.world().journal(id)?.head()?;
    Some((head.epoch, head.seq))
}

/// Pulls until nothing more is to come.
pub async fn pull(
    from: &Engine,
    to: &Engine,
    region: &str,
    limit: u32,
) -> Result<IntakeReport, IntakeError> {
    let id = journal(region);
    let readers = to.world().locals().map(|journal| journal.id.clone()).collect();
    loop {
        let page = page_for(from, &id, held(to, &id), limit, &readers).await;
        let report = to.take_page(&id, page).await?;
        if !report.more {
            return Ok(report);
        }
        assert!(report.records > 0, "a page with more to come brings something");
    }
}

/// The key that a region's journal is signed with now.
pub fn key_of(engine: &Engine, region: &str) -> PublicKey {
    let world = engine.world();
    let facts = world.journal(&journal(region)).unwrap().shared().kernel.journal.clone();
    facts.unwrap().keys.last().unwrap().public
}

pub fn reach() -> Reach {
    Reach { url: "https://xsecret-host:8443".into(), certificate: Digest::of(b"certificate") }
}

impl House {
    /// A region's administrator trusts another region's journal.
    pub async fn trust(&self, region: &str, other: &str, key: PublicKey) {
        self.trust_in(region, other, key, Mode::Demo).await;
    }

    pub async fn trust_in(&self, region: &str, other: &str, key: PublicKey, mode: Mode) {
        let command =
            Bonds::Trust { peer: Peer { journal: journal(other), key, mode }, reach: reach() };
        self.give(&person(region, "administrator"), region, command).await.unwrap();
    }
}

/// What a region shares, as somebody knows it.
pub fn shared(engine: &Engine, region: &str) -> samband_domain::SharedState {
    engine.world().journal(&journal(region)).unwrap().shared().clone()
}
