//! The shelf: documents that may change and are not part of the record.

use super::error::StoreError;
use super::link::Value;
use super::{Store, Term, sql};

/// PostgreSQL cannot hold a NUL in a text, so none of the databases gets one.
fn texts<'a, const N: usize>(values: [&'a str; N]) -> Result<[Value<'a>; N], StoreError> {
    if values.iter().any(|text| text.contains('\0')) {
        return Err(StoreError::Invalid("a document or its name holds a NUL".into()));
    }
    Ok(values.map(Value::Text))
}

impl Store {
    /// A document.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn shelf_get(&self, kind: &str, key: &str) -> Result<Option<String>, StoreError> {
        let found: Option<(String,)> =
            self.pools().row(sql::SHELF_GET, &texts([kind, key])?).await?;
        Ok(found.map(|(value,)| value))
    }

    /// Puts a document there, in place of an older one.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn shelf_put(&self, kind: &str, key: &str, value: &str) -> Result<(), StoreError> {
        self.change(sql::SHELF_PUT, &texts([kind, key, value])?).await.map(|_| ())
    }

    /// Puts a document there if its place is free; tells whether it was.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn shelf_add(&self, kind: &str, key: &str, value: &str) -> Result<bool, StoreError> {
        self.change(sql::SHELF_ADD, &texts([kind, key, value])?).await
    }

    /// Puts a document in place of one that must still stand there as it was read; tells whether
    /// it did. Two processes that change one document cannot undo each other's change.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn shelf_swap(
        &self,
        kind: &str,
        key: &str,
        was: &str,
        value: &str,
    ) -> Result<bool, StoreError> {
        self.change(sql::SHELF_SWAP, &texts([kind, key, was, value])?).await
    }

    /// Puts a document there as the one writer: whoever was taken over cannot.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if the term is no longer the newest, any other if the database does
    /// not answer.
    pub async fn shelf_put_as(
        &self,
        term: Term,
        kind: &str,
        key: &str,
        value: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.pools().begin().await?;
        if tx.run(sql::HOLD_WRITER, &[Value::Int(term.0)]).await? != 1 {
            return Err(StoreError::Fenced);
        }
        tx.run(sql::SHELF_PUT, &texts([kind, key, value])?).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a document away; tells whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn shelf_remove(&self, kind: &str, key: &str) -> Result<bool, StoreError> {
        self.change(sql::SHELF_REMOVE, &texts([kind, key])?).await
    }

    /// All documents of a kind with their keys, by key.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn shelf_list(&self, kind: &str) -> Result<Vec<(String, String)>, StoreError> {
        Ok(self.pools().rows(sql::SHELF_LIST, &texts([kind])?).await?)
    }

    async fn change(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, StoreError> {
        let mut tx = self.pools().begin().await?;
        let changed = tx.run(sql, values).await?;
        tx.commit().await?;
        Ok(changed > 0)
    }
}
