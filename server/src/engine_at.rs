//! Opening the engine of a data directory.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use samband_engine::{Engine, Options, SystemClock};
use samband_journal::Store;

use crate::place::Place;

/// Opens the store that a place names.
///
/// # Errors
/// If the database cannot be opened.
pub async fn open_store(place: &Place) -> Result<Store> {
    match &place.settings.database {
        Some(url) => Store::open_postgres(url)
            .await
            .context("cannot open the PostgreSQL database named in samband.toml"),
        None => {
            let path = place.database();
            Store::open_sqlite(&path)
                .await
                .with_context(|| format!("cannot open the database {}", path.display()))
        }
    }
}

/// Opens the engine of a place. The place must be held.
///
/// # Errors
/// If the database or a journal in it cannot be opened; the message names the record.
pub async fn open_engine(place: &Place) -> Result<Engine> {
    if place.restore_mark().exists() {
        bail!(
            "a restore into {} was not finished; run `samband restore` again into an empty \
             directory",
            place.root().display()
        );
    }
    open_unfinished(place).await
}

/// Opens the engine of a place whose restore is being finished.
///
/// # Errors
/// As [`open_engine`].
pub async fn open_unfinished(place: &Place) -> Result<Engine> {
    place.check_secrets()?;
    let store = open_store(place).await?;
    let options = Options { store, keys: place.keys(), clock: Arc::new(SystemClock) };
    Engine::start(options).await.context("the record could not be opened")
}
