//! Snapshots: what was computed from a journal, kept to start faster. Never truth.

use samband_domain::{Digest, JournalId, RecordRef, Time};

use super::error::StoreError;
use super::link::{Tx, Value};
use super::{Store, count, int, parsed, sql};

/// What is known of a snapshot without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// The last record it takes in.
    pub at: RecordRef,
    /// When that was recorded.
    pub recorded: Time,
    /// Form of its bytes.
    pub format: String,
    /// How many bytes it has.
    pub len: u64,
    /// SHA-256 of the bytes.
    pub checksum: Digest,
}

type InfoRow = (String, i64, i64, String, i64, String, i64, String);

/// A part's length: no database and no driver minds it.
const PART: usize = 8 << 20;
/// The newest one, and one more in case it is broken.
const KEPT: usize = 2;

impl Store {
    /// Keeps a snapshot, and the newest before it. Tells whether it was kept: it is not if
    /// something was erased after its last record, for it may hold what was erased.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn put_snapshot(
        &self,
        at: &RecordRef,
        recorded: Time,
        format: &str,
        bytes: &[u8],
    ) -> Result<bool, StoreError> {
        let mut tx = self.pools().begin().await?;
        drop_one(&mut tx, at).await?;
        tx.commit().await?;
        let mut tx = self.pools().begin().await?;
        let (hash, checksum) = (at.hash.to_string(), Digest::of(bytes).to_string());
        let [journal, epoch, seq] = place(at);
        let info = [
            journal,
            epoch,
            seq,
            Value::Text(&hash),
            Value::Int(recorded.0),
            Value::Text(format),
            Value::Int(int(bytes.len() as u64)),
            Value::Text(&checksum),
        ];
        if tx.run(sql::ADD_SNAPSHOT, &info).await? == 0 {
            return Ok(false);
        }
        for (part, bytes) in (0_i64..).zip(bytes.chunks(PART)) {
            let values = [journal, epoch, seq, Value::Int(part), Value::Bytes(bytes)];
            tx.run(sql::ADD_SNAPSHOT_PART, &values).await?;
        }
        // An erasure whose transaction began meanwhile cannot see these rows, nor they it: from
        // here on it waits, and whatever it did before is seen now.
        tx.run(sql::PROBE, &[]).await?;
        let erased: Vec<(i64, i64)> = tx.rows(sql::ERASED_AFTER, &[journal, epoch, seq]).await?;
        if !erased.is_empty() {
            return Ok(false);
        }
        let rows: Vec<InfoRow> = tx.rows(sql::SNAPSHOTS, &[journal]).await?;
        for old in rows.into_iter().skip(KEPT) {
            drop_one(&mut tx, &info_of(old)?.at).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// A journal's snapshots, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer or holds something else.
    pub async fn snapshots(&self, journal: &JournalId) -> Result<Vec<SnapshotInfo>, StoreError> {
        let journal = [Value::Text(journal.as_str())];
        let rows: Vec<InfoRow> = self.pools().rows(sql::SNAPSHOTS, &journal).await?;
        rows.into_iter().map(info_of).collect()
    }

    /// A snapshot's bytes.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if they are not what was put there.
    pub async fn snapshot(&self, info: &SnapshotInfo) -> Result<Vec<u8>, StoreError> {
        let corrupt = |why: &str| {
            let RecordRef { journal, epoch, seq, .. } = &info.at;
            let message = format!("snapshot of {journal}, epoch {epoch}, record {seq}: {why}");
            Err(StoreError::Corrupt(message))
        };
        let [journal, epoch, seq] = place(&info.at);
        let mut bytes: Vec<u8> = Vec::new();
        for part in 0.. {
            if bytes.len() as u64 >= info.len {
                break;
            }
            let values = [journal, epoch, seq, Value::Int(part)];
            match self.pools().row::<(Vec<u8>,)>(sql::SNAPSHOT_PART, &values).await? {
                Some((part,)) if !part.is_empty() => bytes.extend(part),
                _ => return corrupt("a part is missing"),
            }
        }
        if bytes.len() as u64 != info.len || Digest::of(&bytes) != info.checksum {
            return corrupt("the checksum does not fit");
        }
        Ok(bytes)
    }

    /// Drops all snapshots of a journal.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn drop_snapshots(&self, journal: &JournalId) -> Result<(), StoreError> {
        let journal = [Value::Text(journal.as_str())];
        let mut tx = self.pools().begin().await?;
        tx.run(sql::DROP_SNAPSHOTS, &journal).await?;
        tx.run(sql::DROP_ALL_SNAPSHOT_PARTS, &journal).await?;
        Ok(tx.commit().await?)
    }
}

fn place(at: &RecordRef) -> [Value<'_>; 3] {
    [Value::Text(at.journal.as_str()), Value::Int(at.epoch.into()), Value::Int(int(at.seq))]
}

async fn drop_one(tx: &mut Tx, at: &RecordRef) -> Result<(), StoreError> {
    tx.run(sql::DROP_SNAPSHOT, &place(at)).await?;
    tx.run(sql::DROP_SNAPSHOT_PARTS, &place(at)).await?;
    Ok(())
}

fn info_of(row: InfoRow) -> Result<SnapshotInfo, StoreError> {
    let (journal, epoch, seq, hash, recorded, format, len, checksum) = row;
    let at = RecordRef {
        journal: parsed("a snapshot's journal", &journal)?,
        epoch: count("a snapshot's epoch", epoch)?,
        seq: count("a snapshot's sequence number", seq)?,
        hash: parsed("a snapshot's hash", &hash)?,
    };
    let len = count("a snapshot's length", len)?;
    let checksum = parsed("a snapshot's checksum", &checksum)?;
    Ok(SnapshotInfo { at, recorded: Time(recorded), format, len, checksum })
}
