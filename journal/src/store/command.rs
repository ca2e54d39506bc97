//! Commands that were carried out, found again by who asked and with which key.

use samband_domain::{ActorId, RecordRef};

use super::error::{StoreError, is_taken};
use super::link::{Tx, Value};
use super::{Store, StoredCommand, count, int, parsed, sql};

type CommandRow = (String, Option<String>, Option<i64>, Option<i64>, Option<String>, i64);

impl Store {
    /// A command that was carried out.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer or holds something else than a command.
    pub async fn command(
        &self,
        actor: &ActorId,
        key: &str,
    ) -> Result<Option<StoredCommand>, StoreError> {
        if key.contains('\0') {
            return Ok(None);
        }
        let values = [Value::Text(actor.as_str()), Value::Text(key)];
        let row: Option<CommandRow> = self.pools().row(sql::COMMAND, &values).await?;
        row.map(|row| command_of(actor, key, row)).transpose()
    }
}

/// Adds commands; none of them may stand there.
pub(super) async fn add_commands(
    tx: &mut Tx,
    commands: &[StoredCommand],
) -> Result<(), StoreError> {
    let digests: Vec<_> = commands
        .iter()
        .map(|command| {
            let hash = command.first.as_ref().map(|at| at.hash.to_string());
            (command.digest.to_string(), hash)
        })
        .collect();
    let mut values = Vec::with_capacity(commands.len() * sql::COMMANDS.columns.len());
    for (command, (digest, hash)) in commands.iter().zip(&digests) {
        let first = command.first.as_ref();
        values.extend([
            Value::Text(command.actor.as_str()),
            Value::Text(&command.key),
            Value::Text(digest),
            Value::MaybeText(first.map(|at| at.journal.as_str())),
            Value::MaybeInt(first.map(|at| i64::from(at.epoch))),
            Value::MaybeInt(first.map(|at| int(at.seq))),
            Value::MaybeText(hash.as_deref()),
            Value::Int(i64::from(command.count)),
        ]);
    }
    let added = tx.add(&sql::ADD_COMMANDS, sql::COMMANDS.columns.len(), &values).await;
    added.map_err(|error| if is_taken(&error) { StoreError::Duplicate } else { error.into() })
}

fn command_of(actor: &ActorId, key: &str, row: CommandRow) -> Result<StoredCommand, StoreError> {
    let (digest, journal, epoch, seq, hash, records) = row;
    let first = match (journal, epoch, seq, hash) {
        (None, None, None, None) => None,
        (Some(journal), Some(epoch), Some(seq), Some(hash)) => Some(RecordRef {
            journal: parsed("a command's journal", &journal)?,
            epoch: count("a command's epoch", epoch)?,
            seq: count("a command's sequence number", seq)?,
            hash: parsed("a command's hash", &hash)?,
        }),
        _ => return Err(StoreError::Corrupt("half a reference in a command".into())),
    };
    Ok(StoredCommand {
        actor: actor.clone(),
        key: key.to_owned(),
        digest: parsed("a command's digest", &digest)?,
        first,
        count: count("a command's count", records)?,
    })
}
