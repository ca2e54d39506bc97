//! What one append does to the database, step by step: the same on both.

use std::collections::BTreeSet;

use samband_domain::{Digest, JournalId, RecordRef, Time};

use super::error::{Fault, StoreError};
use super::link::Value;
use super::{Batch, HeadMove, StoredCommand, Term, int, sql};
use crate::record::{Body, PrivatePart, Record};

/// One step of a transaction.
pub enum Step<'a> {
    /// A statement.
    Change {
        /// Its text.
        sql: &'static str,
        /// What it is given.
        values: Vec<Value<'a>>,
        /// What it means if it changes no row.
        missed: Missed<'a>,
        /// What it means if what it adds stands there already.
        taken: Taken,
    },
    /// Rows of a table.
    Rows {
        /// Adds them.
        inserts: &'static sql::Inserts,
        /// How many columns a row has.
        width: usize,
        /// The columns of all rows, one after the other.
        values: Vec<Value<'a>>,
        /// What it means if one of them stands there already.
        taken: Taken,
    },
}

/// What it means if a statement does not change exactly one row.
#[derive(Clone, Copy)]
pub enum Missed<'a> {
    /// Nothing.
    Fine,
    /// Another writer was here.
    Fenced,
    /// There is no such record to erase from.
    Absent(&'a JournalId, u64),
}

impl Missed<'_> {
    /// Judges how many rows were changed.
    pub fn judge(self, changed: u64) -> Result<(), StoreError> {
        match self {
            Self::Fine => Ok(()),
            _ if changed == 1 => Ok(()),
            Self::Fenced => Err(StoreError::Fenced),
            Self::Absent(journal, seq) => {
                let message = format!("there is no record {seq} of {journal} to erase from");
                Err(StoreError::Invalid(message))
            }
        }
    }
}

/// What it means if a row stands there already.
#[derive(Clone, Copy)]
pub enum Taken {
    /// What the database says.
    Fault,
    /// It was put there by another writer.
    Fenced,
    /// The command was carried out before.
    Duplicate,
    /// A record nobody knows of.
    Beyond,
}

impl Taken {
    /// Judges a fault.
    pub fn judge(self, fault: Fault) -> StoreError {
        match self {
            _ if !fault.taken => fault.error,
            Self::Fault => fault.error,
            Self::Fenced => StoreError::Fenced,
            Self::Duplicate => StoreError::Duplicate,
            Self::Beyond => StoreError::Corrupt("a record stands beyond its journal's head".into()),
        }
    }
}

/// The steps of an append, in order.
pub fn of(term: Term, batch: &Batch) -> Vec<Step<'_>> {
    let mut steps = vec![must(sql::HOLD_WRITER, vec![Value::Int(term.0)])];
    steps.push(commands(&batch.commands));
    for head in &batch.heads {
        end_epochs(&mut steps, head, &batch.records);
        steps.push(move_head(head));
    }
    steps.push(records(&batch.records));
    steps.push(subjects(batch));
    erase(&mut steps, &batch.erasures);
    steps
}

/// A statement that changes one row, or another writer was here.
fn must<'a>(sql: &'static str, values: Vec<Value<'a>>) -> Step<'a> {
    Step::Change { sql, values, missed: Missed::Fenced, taken: Taken::Fault }
}

/// A statement that changes as many rows as it finds.
fn may<'a>(sql: &'static str, values: Vec<Value<'a>>, taken: Taken) -> Step<'a> {
    Step::Change { sql, values, missed: Missed::Fine, taken }
}

fn commands(commands: &[StoredCommand]) -> Step<'_> {
    let width = sql::COMMANDS.columns.len();
    let mut values = Vec::with_capacity(commands.len() * width);
    for command in commands {
        let first = command.first.as_ref();
        values.extend([
            Value::Text(command.actor.as_str()),
            Value::Text(&command.key),
            Value::Digest(command.digest),
            Value::MaybeText(first.map(|at| at.journal.as_str())),
            Value::MaybeInt(first.map(|at| i64::from(at.epoch))),
            Value::MaybeInt(first.map(|at| int(at.seq))),
            Value::MaybeDigest(first.map(|at| at.hash)),
            Value::Int(i64::from(command.count)),
        ]);
    }
    Step::Rows { inserts: &sql::ADD_COMMANDS, width, values, taken: Taken::Duplicate }
}

/// Notes the ends of the epochs that the batch leaves behind.
fn end_epochs<'a>(steps: &mut Vec<Step<'a>>, head: &'a HeadMove, records: &'a [Record]) {
    let own = || records.iter().filter(|record| record.journal == head.journal);
    let Some(first) = own().next() else {
        return;
    };
    if first.seq == 1 && first.epoch > 1 {
        let values = vec![Value::Text(head.journal.as_str()), Value::Int(first.epoch.into())];
        steps.push(may(sql::END_EPOCH, values, Taken::Fenced));
    }
    for (last, next) in own().zip(own().skip(1)) {
        if next.epoch > last.epoch {
            let place = (&last.journal, last.epoch, last.seq);
            let values = head_values(place, last.hash, last.recorded, head.local);
            steps.push(may(sql::ADD_EPOCH_END, values, Taken::Fenced));
        }
    }
}

fn head_values(
    (journal, epoch, seq): (&JournalId, u32, u64),
    hash: Digest,
    recorded: Time,
    local: bool,
) -> Vec<Value<'_>> {
    vec![
        Value::Text(journal.as_str()),
        Value::Int(epoch.into()),
        Value::Int(int(seq)),
        Value::Digest(hash),
        Value::Int(recorded.0),
        Value::Int(local.into()),
    ]
}

fn move_head(head: &HeadMove) -> Step<'_> {
    let RecordRef { journal, epoch, seq, hash } = &head.to;
    let mut values = head_values((journal, *epoch, *seq), *hash, head.recorded, head.local);
    match &head.from {
        None => must(sql::FIRST_HEAD, values),
        Some(from) => {
            values.extend([
                Value::Int(from.epoch.into()),
                Value::Int(int(from.seq)),
                Value::Digest(from.hash),
            ]);
            must(sql::MOVE_HEAD, values)
        }
    }
}

fn records(records: &[Record]) -> Step<'_> {
    let width = sql::RECORDS.columns.len();
    let mut values = Vec::with_capacity(records.len() * width);
    for record in records {
        let content = match &record.body {
            Body::Text(text) => Value::Text(text),
            Body::Withheld(digest) => Value::Withheld(*digest),
        };
        let (salt, private) = match &record.private {
            PrivatePart::Here { salt, text } => (Some(Digest(*salt)), Some(text.as_str())),
            PrivatePart::Absent => (None, None),
        };
        values.extend([
            Value::Text(record.journal.as_str()),
            Value::Int(record.epoch.into()),
            Value::Int(int(record.seq)),
            Value::Int(record.recorded.0),
            Value::Digest(record.hash),
            content,
            Value::MaybeDigest(salt),
            Value::MaybeText(private),
        ]);
    }
    Step::Rows { inserts: &sql::ADD_RECORDS, width, values, taken: Taken::Beyond }
}

fn subjects(batch: &Batch) -> Step<'_> {
    let width = sql::SUBJECTS.columns.len();
    let mut values = Vec::with_capacity(batch.subjects.len() * width);
    for (subject, at) in &batch.subjects {
        values.extend([
            Value::Text(subject.as_str()),
            Value::Text(at.journal.as_str()),
            Value::Int(at.epoch.into()),
            Value::Int(int(at.seq)),
        ]);
    }
    Step::Rows { inserts: &sql::ADD_SUBJECTS, width, values, taken: Taken::Fault }
}

/// Removes private parts, and the snapshots that may hold them.
fn erase<'a>(steps: &mut Vec<Step<'a>>, erasures: &'a [(JournalId, u32, u64)]) {
    for (journal, epoch, seq) in erasures {
        let values =
            vec![Value::Text(journal.as_str()), Value::Int((*epoch).into()), Value::Int(int(*seq))];
        let missed = Missed::Absent(journal, *seq);
        steps.push(Step::Change { sql: sql::ERASE, values, missed, taken: Taken::Fault });
    }
    let journals: BTreeSet<_> = erasures.iter().map(|(journal, ..)| journal).collect();
    for journal in journals {
        for sql in [sql::NOTE_ERASURE, sql::DROP_SNAPSHOTS, sql::DROP_ALL_SNAPSHOT_PARTS] {
            steps.push(may(sql, vec![Value::Text(journal.as_str())], Taken::Fault));
        }
    }
}
