//! Reading records: in chunks of one row, one by one, by subject and newest first.

use samband_domain::{Digest, JournalId, Subject, Time};

use super::error::StoreError;
use super::link::{Pools, Value};
use super::{Store, count, int, parsed, sql};
use crate::record::{Body, PrivatePart, Record};

/// A record's columns.
type RecordRow = (String, i64, i64, i64, String, String, Option<String>, Option<String>);

/// The most records that one statement reads.
const CHUNK: u32 = 1024;

const BETWEEN_RECORDS: char = '\u{1e}';
const BETWEEN_FIELDS: char = '\u{1f}';

impl Store {
    /// Records after a sequence number, in order.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] names the record that is no record.
    pub async fn read(
        &self,
        journal: &JournalId,
        epoch: u32,
        after_seq: u64,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let each = |records: &mut Vec<Record>, record| {
            records.push(record);
            Ok(())
        };
        self.read_into((journal, epoch, after_seq), limit, Vec::new(), each).await
    }

    /// Reads records as [`Store::read`] does and hands each over, with what became of those before
    /// it, on a thread that may work: for SQLite the one that reads them, one after the other, so
    /// that no record waits in memory for its turn.
    ///
    /// # Errors
    /// As [`Store::read`], and what `each` answers; nothing is read after that.
    pub async fn read_into<S, E>(
        &self,
        (journal, epoch, after): (&JournalId, u32, u64),
        limit: u32,
        state: S,
        each: impl FnMut(&mut S, Record) -> Result<(), E> + Send + 'static,
    ) -> Result<S, E>
    where
        S: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let stopped = |error: tokio::task::JoinError| StoreError::Unavailable(error.to_string());
        let mut walk = Walk { state, each, after, rest: limit };
        if let Pools::Sqlite { readers, .. } = self.pools() {
            let journal = journal.clone();
            let read = move || -> Result<_, E> {
                let place = (&journal, epoch, walk.after);
                let whole = readers.read(place, walk.rest, |record| walk.step(record))?;
                Ok((whole, walk))
            };
            let (whole, walked) = tokio::task::spawn_blocking(read).await.map_err(stopped)??;
            if whole {
                return Ok(walked.state);
            }
            walk = walked;
        }
        let records = self.read_chunks(journal, epoch, walk.after, walk.rest).await?;
        let go_on = move || {
            records.into_iter().try_for_each(|record| walk.step(record))?;
            Ok(walk.state)
        };
        tokio::task::spawn_blocking(go_on).await.map_err(stopped)?
    }

    async fn read_chunks(
        &self,
        journal: &JournalId,
        epoch: u32,
        after_seq: u64,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let mut records: Vec<Record> = Vec::new();
        let mut after = after_seq;
        let mut rest = limit;
        while rest > 0 {
            let wanted = rest.min(CHUNK);
            let mut chunk = self.chunk(journal, epoch, after, wanted).await?;
            let found = chunk.len();
            if let Some(last) = chunk.last() {
                after = last.seq;
            }
            if records.is_empty() {
                records = chunk;
            } else {
                records.append(&mut chunk);
            }
            if found < wanted as usize {
                break;
            }
            rest -= wanted;
        }
        Ok(records)
    }

    async fn chunk(
        &self,
        journal: &JournalId,
        epoch: u32,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let values = [
            Value::Text(journal.as_str()),
            Value::Int(epoch.into()),
            Value::Int(int(after)),
            Value::Int(limit.into()),
        ];
        let read = self.pools().row::<(Option<String>,)>(sql::CHUNK, &values).await;
        match read.map_err(StoreError::from) {
            Ok(None | Some((None,))) => return Ok(Vec::new()),
            Ok(Some((Some(text),))) => {
                if let Some(records) = records_of(journal, epoch, &text) {
                    return Ok(records);
                }
            }
            Err(StoreError::Corrupt(_)) => {}
            Err(error) if is_too_big(&error) => {}
            Err(error) => return Err(error),
        }
        // Something in the chunk is not what was written, or it is very long: one by one, each
        // record is found as it stands or named as unreadable.
        let seqs: Vec<(i64,)> = self.pools().rows(sql::CHUNK_SEQS, &values).await?;
        let mut records = Vec::with_capacity(seqs.len());
        for (seq,) in seqs {
            let seq = count("a sequence number", seq)?;
            records.extend(self.record(journal, epoch, seq).await?);
        }
        Ok(records)
    }

    /// One record.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] names the record if it is none.
    pub async fn record(
        &self,
        journal: &JournalId,
        epoch: u32,
        seq: u64,
    ) -> Result<Option<Record>, StoreError> {
        let values =
            [Value::Text(journal.as_str()), Value::Int(epoch.into()), Value::Int(int(seq))];
        let row = self.pools().row::<RecordRow>(sql::RECORD, &values).await;
        let row = row.map_err(|error| match StoreError::from(error) {
            StoreError::Corrupt(why) => broken(journal.as_str(), epoch, seq, &why),
            other => other,
        })?;
        row.map(record_of).transpose()
    }

    /// Records about a subject before a place, newest first.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn about(
        &self,
        journal: &JournalId,
        subject: &Subject,
        before: Option<(u32, u64)>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let (epoch, seq) = place(before);
        let values = [
            Value::Text(subject.as_str()),
            Value::Text(journal.as_str()),
            epoch,
            seq,
            Value::Int(limit.into()),
        ];
        let rows: Vec<RecordRow> = self.pools().rows(sql::ABOUT, &values).await?;
        rows.into_iter().map(record_of).collect()
    }

    /// Records of a journal before a place, newest first.
    ///
    /// # Errors
    /// As [`Store::record`].
    pub async fn recent(
        &self,
        journal: &JournalId,
        before: Option<(u32, u64)>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let (epoch, seq) = place(before);
        let values = [Value::Text(journal.as_str()), epoch, seq, Value::Int(limit.into())];
        let rows: Vec<RecordRow> = self.pools().rows(sql::RECENT, &values).await?;
        rows.into_iter().map(record_of).collect()
    }
}

/// A walk along records: what became of those before, and where it goes on.
struct Walk<S, F> {
    state: S,
    each: F,
    after: u64,
    rest: u32,
}

impl<S, F> Walk<S, F> {
    fn step<E>(&mut self, record: Record) -> Result<(), E>
    where
        F: FnMut(&mut S, Record) -> Result<(), E>,
    {
        self.after = record.seq;
        self.rest = self.rest.saturating_sub(1);
        (self.each)(&mut self.state, record)
    }
}

fn place(before: Option<(u32, u64)>) -> (Value<'static>, Value<'static>) {
    let (epoch, seq) = before.map_or((i64::MAX, i64::MAX), |(epoch, seq)| (epoch.into(), int(seq)));
    (Value::Int(epoch), Value::Int(seq))
}

/// SQLite's and PostgreSQL's words for a value longer than they can hold.
fn is_too_big(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(text)
        if text.contains("too big") || text.contains("out of memory") || text.contains("too long"))
}

fn broken(journal: &str, epoch: u32, seq: u64, why: &str) -> StoreError {
    StoreError::Corrupt(format!("journal {journal}, epoch {epoch}, record {seq}: {why}"))
}

fn record_of(row: RecordRow) -> Result<Record, StoreError> {
    let (journal, epoch, seq, recorded, hash, content, salt, private) = row;
    let epoch = count("an epoch", epoch)?;
    let seq = count("a sequence number", seq)?;
    let hash = hash.parse().map_err(|_| "its hash is no digest");
    let parts = hash.and_then(|hash| parts_of(hash, content, salt.as_deref(), private));
    let (hash, body, private) = parts.map_err(|why| broken(&journal, epoch, seq, why))?;
    let journal = parsed("a journal's name", &journal)?;
    Ok(Record { journal, epoch, seq, recorded: Time(recorded), body, private, hash })
}

/// A record's hash, body and private part.
pub(super) fn parts_of(
    hash: Digest,
    content: String,
    salt: Option<&str>,
    private: Option<String>,
) -> Result<(Digest, Body, PrivatePart), &'static str> {
    let body = match content.strip_prefix('#') {
        None => Body::Text(content),
        Some(digest) => {
            Body::Withheld(digest.parse().map_err(|_| "its content is neither text nor digest")?)
        }
    };
    let private = match (salt, private) {
        (None, None) => PrivatePart::Absent,
        (Some(salt), Some(text)) => {
            let salt: Digest = salt.parse().map_err(|_| "its salt is no salt")?;
            PrivatePart::Here { salt: salt.0, text }
        }
        _ => return Err("it holds half a private part"),
    };
    Ok((hash, body, private))
}

/// Takes a chunk apart; none if it is not made of whole records.
fn records_of(journal: &JournalId, epoch: u32, chunk: &str) -> Option<Vec<Record>> {
    let mut records = Vec::with_capacity(chunk.len() / 256 + 1);
    for line in chunk.split(BETWEEN_RECORDS) {
        let mut fields = line.split(BETWEEN_FIELDS);
        let seq = fields.next()?.parse().ok()?;
        let recorded = Time(fields.next()?.parse().ok()?);
        let (hash, content) = (fields.next()?, fields.next()?);
        let (salt, private) = (fields.next()?, fields.next()?);
        if fields.next().is_some() || salt.is_empty() && !private.is_empty() {
            return None;
        }
        let (salt, private) = match salt {
            "" => (None, None),
            salt => (Some(salt), Some(private.to_owned())),
        };
        let (hash, body, private) =
            parts_of(hash.parse().ok()?, content.to_owned(), salt, private).ok()?;
        let journal = journal.clone();
        records.push(Record { journal, epoch, seq, recorded, body, private, hash });
    }
    if !records.is_sorted_by_key(|record| record.seq) {
        records.sort_by_key(|record| record.seq);
    }
    Some(records)
}
