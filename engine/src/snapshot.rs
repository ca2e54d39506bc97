//! Snapshots: a journal's state at a record, so that a start need not read everything.
//!
//! Written in the background from a state that readers share; wrong, corrupt or old ones are
//! discarded and the journal is replayed instead.

use samband_domain::{Known, OwnState, RecordRef, Region, SharedState, Time};
use samband_journal::store::{StoreError, StoredHead};
use samband_journal::{Chain, Store};
use serde::{Deserialize, Serialize};

use crate::world::{Holding, Journal};

/// Names the form of the state. Change it whenever a type in the state changes: a snapshot of
/// another form is discarded. `engine/tests/snapshot_format.rs` fails until it is.
pub const STATE_FORMAT: &str = "samband-state/7";

#[derive(Serialize, Deserialize)]
struct State {
    at: RecordRef,
    recorded: Time,
    shared: SharedState,
    own: Option<OwnState>,
    heard: Known<Time>,
    unknown_records: u64,
}

/// The bytes of a journal's state.
pub(crate) fn encode(journal: &Journal) -> Option<Vec<u8>> {
    let (own, heard) = match &journal.holding {
        Holding::Local(region) => (Some(region.own.clone()), Known::Unknown),
        Holding::Copy { heard, .. } => (None, *heard),
    };
    let state = State {
        at: journal.head()?,
        recorded: journal.chain.recorded,
        shared: journal.shared().clone(),
        own,
        heard,
        unknown_records: journal.unknown_records,
    };
    postcard::to_stdvec(&state).ok()
}

/// The state of some bytes.
pub(crate) fn decode(bytes: &[u8]) -> Option<Journal> {
    let State { at, recorded, shared, own, heard, unknown_records } =
        postcard::from_bytes(bytes).ok()?;
    let holding = match own {
        Some(own) => Holding::Local(Box::new(Region { shared, own })),
        None => Holding::Copy { shared: Box::new(shared), heard },
    };
    let chain = Chain::after(&at, recorded);
    Some(Journal { id: at.journal, chain, holding, unknown_records })
}

/// The newest snapshot that is whole, of this form, and stands in the journal's past.
pub(crate) async fn newest(
    store: &Store,
    head: &StoredHead,
) -> Result<Option<Journal>, StoreError> {
    let lineage = crate::load::lineage(store, &head.at).await;
    let in_past = |at: &RecordRef| {
        let stretches = lineage.as_deref().unwrap_or_default();
        stretches.iter().any(|(epoch, last)| at.epoch == *epoch && at.seq <= *last)
    };
    for info in store.snapshots(&head.at.journal).await? {
        if info.format != STATE_FORMAT || !in_past(&info.at) {
            tracing::warn!(journal = %head.at.journal, format = %info.format, "snapshot discarded");
            continue;
        }
        let bytes = match store.snapshot(&info).await {
            Ok(bytes) => bytes,
            Err(StoreError::Corrupt(why)) => {
                tracing::warn!(journal = %head.at.journal, %why, "snapshot discarded");
                continue;
            }
            Err(error) => return Err(error),
        };
        let stored = store.record(&info.at.journal, info.at.epoch, info.at.seq).await?;
        let same = stored.is_some_and(|record| record.at() == info.at);
        let decoded = tokio::task::block_in_place(|| decode(&bytes));
        let journal = decoded.filter(|journal| {
            same && journal.head().as_ref() == Some(&info.at) && journal.is_local() == head.local
        });
        if journal.is_some() {
            return Ok(journal);
        }
        tracing::warn!(journal = %head.at.journal, "snapshot discarded: it does not fit the record");
    }
    Ok(None)
}
