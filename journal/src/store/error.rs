//! Why the store could not do something.

use thiserror::Error;

/// Why the store could not do something.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database cannot be reached or answered with a fault; nothing may be assumed about the
    /// last transaction.
    #[error("the database did not answer as it should: {0}")]
    Unavailable(String),
    /// Another writer holds this database or has taken over; this one must step down.
    #[error("another process writes this database; this one steps down")]
    Fenced,
    /// A command with the same actor and key stands there already.
    #[error("a command with the same key was recorded before")]
    Duplicate,
    /// The medium is full.
    #[error("no space left for the database: {0}")]
    Full(String),
    /// The medium cannot be written.
    #[error("the database cannot be written: {0}")]
    ReadOnly(String),
    /// What was read is not what was written.
    #[error("the database holds something unreadable: {0}")]
    Corrupt(String),
    /// What was asked for cannot be stored or does not fit what is stored.
    #[error("this cannot be stored: {0}")]
    Invalid(String),
    /// The database was written by a later version of this program.
    #[error("the database has schema {found}; this program knows up to {known}: upgrade it")]
    TooNew {
        /// Schema found.
        found: i64,
        /// Newest known.
        known: i64,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        match &error {
            sqlx::Error::Database(inner) => {
                let code = inner.code().unwrap_or_default();
                of_code(&code).unwrap_or(Self::Unavailable)(text)
            }
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. } => Self::Corrupt(text),
            _ => Self::Unavailable(text),
        }
    }
}

/// The kind of fault by SQLite's result code (a number) or PostgreSQL's SQLSTATE (five signs).
fn of_code(code: &str) -> Option<fn(String) -> StoreError> {
    const SHARED_MEMORY_FULL: i32 = 4874;
    if code.len() == 5 && code.parse::<i32>().is_err() || code.starts_with("53") {
        return match code {
            "53100" => Some(StoreError::Full),
            "25006" => Some(StoreError::ReadOnly),
            "XX001" | "XX002" => Some(StoreError::Corrupt),
            _ => None,
        };
    }
    let code = code.parse::<i32>().ok()?;
    match (code, code & 0xff) {
        (SHARED_MEMORY_FULL, _) | (_, 13) => Some(StoreError::Full),
        (_, 3 | 8) => Some(StoreError::ReadOnly),
        (_, 11 | 26) => Some(StoreError::Corrupt),
        _ => None,
    }
}

/// What went wrong with one statement.
pub struct Fault {
    /// Whether it says that a unique key stands there already.
    pub taken: bool,
    /// What it means if nothing else is known.
    pub error: StoreError,
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let taken = matches!(&error, sqlx::Error::Database(inner) if inner.is_unique_violation());
        Self { taken, error: error.into() }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        const PRIMARY_KEY: i32 = 1555;
        const UNIQUE: i32 = 2067;
        let Some(inner) = error.sqlite_error() else {
            return Self { taken: false, error: StoreError::Unavailable(error.to_string()) };
        };
        let code = inner.extended_code;
        let kind = of_code(&code.to_string()).unwrap_or(StoreError::Unavailable);
        let text = format!("error returned from database: (code: {code}) {error}");
        Self { taken: matches!(code, PRIMARY_KEY | UNIQUE), error: kind(text) }
    }
}
