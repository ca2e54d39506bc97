//! Appending: one transaction, fenced by the writer's term and by every head.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use samband_domain::{JournalId, RecordRef, Time};
use tokio::sync::Mutex;

use super::error::StoreError;
use super::file::Writer;
use super::link::{Pools, Value};
use super::open::Place;
use super::{Batch, Store, StoredHead, Term, count, parsed, plan, sql};
use crate::record::PrivatePart;

type HeadRow = (String, i64, i64, String, i64, i64);

impl Store {
    /// Takes over as the one writer; appends with an older term are fenced off from now on.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn take_writer(&self) -> Result<Term, StoreError> {
        let mut tx = self.pools().begin().await?;
        let terms: Vec<(i64,)> = tx.rows(sql::TAKE_WRITER, &[]).await?;
        tx.commit().await?;
        match terms.as_slice() {
            [(term,)] => Ok(Term(*term)),
            _ => Err(StoreError::Corrupt("the writer's row is missing".into())),
        }
    }

    /// The current epoch's last record of every journal, by journal.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer or holds something else than heads.
    pub async fn heads(&self) -> Result<Vec<StoredHead>, StoreError> {
        let rows: Vec<HeadRow> = self.pools().rows(sql::HEADS, &[]).await?;
        let mut heads = rows.into_iter().map(head_of).collect::<Result<Vec<_>, _>>()?;
        heads.sort_by(|a, b| a.at.journal.cmp(&b.at.journal));
        Ok(heads)
    }

    /// The last record of every epoch of a journal, oldest first.
    ///
    /// # Errors
    /// As [`Store::heads`].
    pub async fn epochs(&self, journal: &JournalId) -> Result<Vec<StoredHead>, StoreError> {
        let journal = [Value::Text(journal.as_str())];
        let rows: Vec<HeadRow> = self.pools().rows(sql::EPOCHS, &journal).await?;
        rows.into_iter().map(head_of).collect()
    }

    /// Appends records and what belongs to them: everything or nothing.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if the term or a head is no longer what it was,
    /// [`StoreError::Duplicate`] if a command stands there already; then nothing was written.
    /// After [`StoreError::Unavailable`] nobody knows: reconnect and read the heads.
    pub async fn append(&self, term: Term, batch: &Batch) -> Result<(), StoreError> {
        self.append_shared(term, &Arc::new(batch.clone())).await
    }

    /// Appends as [`Store::append`] does, without a copy of the batch.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub async fn append_shared(&self, term: Term, batch: &Arc<Batch>) -> Result<(), StoreError> {
        batch.check()?;
        if let Place::Sqlite(file) = &self.0.place {
            file.check_identity()?;
        }
        let pools = self.pools();
        match &pools {
            Pools::Sqlite { writer, write_back, .. } => {
                append_here(writer, term, batch).await?;
                write_back.appended(batch);
            }
            Pools::Postgres { .. } => {
                let mut tx = pools.begin().await?;
                tx.carry_out(&plan::of(term, batch)).await?;
                tx.commit().await?;
            }
        }
        if !batch.erasures.is_empty() {
            self.0.scrub.store(true, Ordering::Relaxed);
        }
        self.scrub(&pools).await;
        Ok(())
    }

    /// Empties SQLite's log of what was erased. Somebody who reads can delay that; then the next
    /// append tries again.
    async fn scrub(&self, pools: &Pools) {
        let Pools::Sqlite { write, write_back, .. } = pools else {
            return;
        };
        if !self.0.scrub.load(Ordering::Relaxed) {
            return;
        }
        let _rest = write_back.rest().await;
        match truncate_log(write).await {
            Ok(true) => self.0.scrub.store(false, Ordering::Relaxed),
            Ok(false) => tracing::debug!("the log cannot be emptied while somebody reads"),
            Err(error) => tracing::warn!(%error, "the log could not be emptied after an erasure"),
        }
    }
}

/// Appends to a SQLite file. The turn to write goes with the work, so that it ends with it even if
/// nobody waits for it any more.
async fn append_here(
    writer: &Arc<Mutex<Writer>>,
    term: Term,
    batch: &Arc<Batch>,
) -> Result<(), StoreError> {
    let mut turn = Arc::clone(writer).lock_owned().await;
    let batch = Arc::clone(batch);
    let work = tokio::task::spawn_blocking(move || turn.append(term, &batch));
    work.await.map_err(|error| StoreError::Unavailable(error.to_string()))?
}

async fn truncate_log(write: &sqlx::SqlitePool) -> sqlx::Result<bool> {
    let mut connection = write.acquire().await?;
    sqlx::query("PRAGMA busy_timeout = 0").execute(&mut *connection).await?;
    let emptied: sqlx::Result<(i64, i64, i64)> =
        sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
    sqlx::query("PRAGMA busy_timeout = 2000").execute(&mut *connection).await?;
    Ok(emptied?.0 == 0)
}

impl Batch {
    /// Refuses what does not belong together.
    fn check(&self) -> Result<(), StoreError> {
        self.check_texts()?;
        self.check_heads()?;
        let moved: BTreeSet<_> = self.heads.iter().map(|head| &head.journal).collect();
        if moved.len() != self.heads.len() {
            return invalid("a head moves twice".into());
        }
        if self.records.iter().any(|record| !moved.contains(&record.journal)) {
            return invalid("records without a head".into());
        }
        if self.commands.iter().any(|command| command.key.contains('\0')) {
            return invalid("a command's key holds a NUL".into());
        }
        Ok(())
    }

    /// Refuses what one of the databases could not give back as it was.
    fn check_texts(&self) -> Result<(), StoreError> {
        for record in &self.records {
            let private = match &record.private {
                PrivatePart::Here { text, .. } => text,
                PrivatePart::Absent => "",
            };
            let content = record.body.text().unwrap_or_default();
            if holds_control(content) || holds_control(private) {
                return invalid(format!("record {} holds control characters", record.seq));
            }
            if record.body.text().is_some_and(|text| text.starts_with('#')) {
                return invalid(format!("record {} is no JSON", record.seq));
            }
        }
        Ok(())
    }

    /// Refuses heads that do not stand where the records end.
    fn check_heads(&self) -> Result<(), StoreError> {
        for head in &self.heads {
            let mut last = head.from.as_ref().map(|at| (at.epoch, at.seq));
            for record in self.records.iter().filter(|record| record.journal == head.journal) {
                let follows = match last {
                    Some((epoch, seq)) if epoch == record.epoch => record.seq == seq + 1,
                    Some((epoch, _)) => record.epoch > epoch && record.seq == 1,
                    None => record.seq == 1,
                };
                if !follows {
                    return invalid(format!("record {} follows on nothing", record.seq));
                }
                last = Some((record.epoch, record.seq));
            }
            if last != Some((head.to.epoch, head.to.seq)) || head.to.journal != head.journal {
                return invalid(format!("the head of {} is not its last record", head.journal));
            }
        }
        Ok(())
    }
}

/// Looks at every byte rather than stopping at the first: that is many times faster, and nearly
/// always there is none.
fn holds_control(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | (byte < b' '))
}

fn invalid(text: String) -> Result<(), StoreError> {
    Err(StoreError::Invalid(text))
}

fn head_of(row: HeadRow) -> Result<StoredHead, StoreError> {
    let (journal, epoch, seq, hash, recorded, local) = row;
    let at = RecordRef {
        journal: parsed("a head's journal", &journal)?,
        epoch: count("a head's epoch", epoch)?,
        seq: count("a head's sequence number", seq)?,
        hash: parsed("a head's hash", &hash)?,
    };
    Ok(StoredHead { at, recorded: Time(recorded), local: local == 1 })
}
