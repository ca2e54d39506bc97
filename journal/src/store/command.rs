//! Commands that were carried out, found again by who asked and with which key.

use samband_domain::{ActorId, RecordRef};

use super::error::StoreError;
use super::link::Value;
use super::{Store, StoredCommand, count, parsed, sql};

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
