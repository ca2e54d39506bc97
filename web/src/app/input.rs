//! What comes in with a form.

use axum::Form;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::{App, Problem};

/// A posted form with its idempotency key. Fields are texts (or what is read from a text); a
/// number is read by the handler, so that a wrong one can be shown again as it was typed.
#[derive(Clone, Debug)]
pub struct KeyedForm<T> {
    /// The key; the same key again gives the same answer.
    pub key: String,
    /// The other fields.
    pub fields: T,
}

#[derive(serde::Deserialize)]
struct Keyed<T> {
    idempotency_key: String,
    #[serde(flatten)]
    fields: T,
}

impl<T: DeserializeOwned> FromRequest<App> for KeyedForm<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let Form(keyed) = Form::<Keyed<T>>::from_request(request, app)
            .await
            .map_err(|error| Problem::malformed(error.body_text()))?;
        let Keyed { idempotency_key: key, fields } = keyed;
        Ok(Self { key, fields })
    }
}

/// A key for a form about to be shown.
#[must_use]
pub fn fresh_key() -> String {
    // Without randomness nothing could be signed in to either; a clash of keys only makes the
    // engine refuse the second command.
    let bytes = samband_access::secret::random::<16>().unwrap_or_default();
    samband_domain::Digest::of(&bytes).to_string()[..32].to_owned()
}
