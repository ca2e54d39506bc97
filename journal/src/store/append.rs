//! Appending: one transaction, fenced by the writer's term and by every head.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use samband_domain::{JournalId, RecordRef, Time};

use super::command::add_commands;
use super::error::{StoreError, is_taken};
use super::link::{Pools, Tx, Value};
use super::open::Place;
use super::{Batch, HeadMove, Store, StoredHead, Term, count, int, parsed, sql};
use crate::record::{Body, PrivatePart, Record};

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
        batch.check()?;
        if let Place::Sqlite(file) = &self.0.place {
            file.check_identity()?;
        }
        let pools = self.pools();
        let mut tx = pools.begin().await?;
        if tx.run(sql::HOLD_WRITER, &[Value::Int(term.0)]).await? != 1 {
            return Err(StoreError::Fenced);
        }
        add_commands(&mut tx, &batch.commands).await?;
        for head in &batch.heads {
            end_epochs(&mut tx, head, &batch.records).await?;
            move_head(&mut tx, head).await?;
        }
        add_records(&mut tx, &batch.records).await?;
        add_subjects(&mut tx, batch).await?;
        erase(&mut tx, &batch.erasures).await?;
        tx.commit().await?;
        if !batch.erasures.is_empty() {
            self.0.scrub.store(true, Ordering::Relaxed);
        }
        self.scrub(&pools).await;
        Ok(())
    }

    /// Empties SQLite's log of what was erased. Somebody who reads can delay that; then the next
    /// append tries again.
    async fn scrub(&self, pools: &Pools) {
        let Pools::Sqlite { write, .. } = pools else {
            return;
        };
        if !self.0.scrub.load(Ordering::Relaxed) {
            return;
        }
        match truncate_log(write).await {
            Ok(true) => self.0.scrub.store(false, Ordering::Relaxed),
            Ok(false) => tracing::debug!("the log cannot be emptied while somebody reads"),
            Err(error) => tracing::warn!(%error, "the log could not be emptied after an erasure"),
        }
    }
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
            let mut bytes = record.body.text().unwrap_or_default().bytes().chain(private.bytes());
            if bytes.any(|byte| byte < b' ') {
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

fn invalid(text: String) -> Result<(), StoreError> {
    Err(StoreError::Invalid(text))
}

/// Notes the ends of the epochs that the batch leaves behind.
async fn end_epochs(tx: &mut Tx, head: &HeadMove, records: &[Record]) -> Result<(), StoreError> {
    let own = || records.iter().filter(|record| record.journal == head.journal);
    let Some(first) = own().next() else {
        return Ok(());
    };
    if first.seq == 1 && first.epoch > 1 {
        let values = [Value::Text(head.journal.as_str()), Value::Int(first.epoch.into())];
        tx.run(sql::END_EPOCH, &values).await.map_err(fenced)?;
    }
    for (last, next) in own().zip(own().skip(1)) {
        if next.epoch > last.epoch {
            let hash = last.hash.to_string();
            let at = last.at();
            let values = head_values(&at, &hash, last.recorded, head.local);
            tx.run(sql::ADD_EPOCH_END, &values).await.map_err(fenced)?;
        }
    }
    Ok(())
}

/// What stands there already was put there by another writer.
fn fenced(error: sqlx::Error) -> StoreError {
    if is_taken(&error) { StoreError::Fenced } else { error.into() }
}

fn head_values<'a>(
    at: &'a RecordRef,
    hash: &'a str,
    recorded: Time,
    local: bool,
) -> [Value<'a>; 6] {
    [
        Value::Text(at.journal.as_str()),
        Value::Int(at.epoch.into()),
        Value::Int(int(at.seq)),
        Value::Text(hash),
        Value::Int(recorded.0),
        Value::Int(local.into()),
    ]
}

async fn move_head(tx: &mut Tx, head: &HeadMove) -> Result<(), StoreError> {
    let hash = head.to.hash.to_string();
    let to = head_values(&head.to, &hash, head.recorded, head.local);
    let moved = match &head.from {
        None => tx.run(sql::FIRST_HEAD, &to).await?,
        Some(from) => {
            let hash = from.hash.to_string();
            let place =
                [Value::Int(from.epoch.into()), Value::Int(int(from.seq)), Value::Text(&hash)];
            tx.run(sql::MOVE_HEAD, &[to.as_slice(), &place].concat()).await?
        }
    };
    if moved == 1 { Ok(()) } else { Err(StoreError::Fenced) }
}

async fn add_records(tx: &mut Tx, records: &[Record]) -> Result<(), StoreError> {
    let texts: Vec<_> = records
        .iter()
        .map(|record| {
            let withheld = match &record.body {
                Body::Text(_) => None,
                Body::Withheld(digest) => Some(format!("#{digest}")),
            };
            let salt = match &record.private {
                PrivatePart::Here { salt, .. } => Some(samband_domain::Digest(*salt).to_string()),
                PrivatePart::Absent => None,
            };
            (record.hash.to_string(), withheld, salt)
        })
        .collect();
    let mut values = Vec::with_capacity(records.len() * sql::RECORDS.columns.len());
    for (record, (hash, withheld, salt)) in records.iter().zip(&texts) {
        let content = record.body.text().or(withheld.as_deref()).unwrap_or_default();
        let private = match &record.private {
            PrivatePart::Here { text, .. } => Some(text.as_str()),
            PrivatePart::Absent => None,
        };
        values.extend([
            Value::Text(record.journal.as_str()),
            Value::Int(record.epoch.into()),
            Value::Int(int(record.seq)),
            Value::Int(record.recorded.0),
            Value::Text(hash),
            Value::Text(content),
            Value::MaybeText(salt.as_deref()),
            Value::MaybeText(private),
        ]);
    }
    let added = tx.add(&sql::ADD_RECORDS, sql::RECORDS.columns.len(), &values).await;
    added.map_err(|error| {
        if is_taken(&error) {
            StoreError::Corrupt("a record stands beyond its journal's head".into())
        } else {
            error.into()
        }
    })
}

async fn add_subjects(tx: &mut Tx, batch: &Batch) -> Result<(), StoreError> {
    let mut values = Vec::with_capacity(batch.subjects.len() * sql::SUBJECTS.columns.len());
    for (subject, at) in &batch.subjects {
        values.extend([
            Value::Text(subject.as_str()),
            Value::Text(at.journal.as_str()),
            Value::Int(at.epoch.into()),
            Value::Int(int(at.seq)),
        ]);
    }
    Ok(tx.add(&sql::ADD_SUBJECTS, sql::SUBJECTS.columns.len(), &values).await?)
}

/// Removes private parts, and the snapshots that may hold them.
async fn erase(tx: &mut Tx, erasures: &[(JournalId, u32, u64)]) -> Result<(), StoreError> {
    for (journal, epoch, seq) in erasures {
        let place =
            [Value::Text(journal.as_str()), Value::Int((*epoch).into()), Value::Int(int(*seq))];
        if tx.run(sql::ERASE, &place).await? != 1 {
            let message = format!("there is no record {seq} of {journal} to erase from");
            return Err(StoreError::Invalid(message));
        }
    }
    let journals: BTreeSet<_> = erasures.iter().map(|(journal, ..)| journal).collect();
    for journal in journals {
        let journal = [Value::Text(journal.as_str())];
        tx.run(sql::NOTE_ERASURE, &journal).await?;
        tx.run(sql::DROP_SNAPSHOTS, &journal).await?;
        tx.run(sql::DROP_ALL_SNAPSHOT_PARTS, &journal).await?;
    }
    Ok(())
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
