//! Opening the engine of a data directory.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use samband_engine::{Clock, Engine, Options, SystemClock};
use samband_journal::Store;

use crate::forward::Messenger;
use crate::place::Place;
use crate::tls::Identity;

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
    if !place.settings.follow {
        return open_unfinished(place).await;
    }
    place.check_secrets()?;
    let options = options(place).await?;
    let identity = Arc::new(Identity::open(&place.tls())?);
    let engine = Engine::follow(options, Arc::new(Messenger::new(identity))).await;
    engine.context("the record cannot be followed")
}

/// Opens the engine of a place whose restore is being finished.
///
/// # Errors
/// As [`open_engine`].
pub async fn open_unfinished(place: &Place) -> Result<Engine> {
    place.check_secrets()?;
    Engine::start(options(place).await?).await.context("the record could not be opened")
}

/// Opens the engine of a place by a clock of one's own.
///
/// # Errors
/// As [`open_engine`].
pub async fn open_by(place: &Place, clock: Arc<dyn Clock>) -> Result<Engine> {
    place.check_secrets()?;
    let options = Options { clock, ..options(place).await? };
    Engine::start(options).await.context("the record could not be opened")
}

async fn options(place: &Place) -> Result<Options> {
    let store = open_store(place).await?;
    Ok(Options { store, keys: place.keys(), clock: Arc::new(SystemClock) })
}
