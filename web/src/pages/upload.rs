//! A file that a page's form sends, with the fields beside it.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::http::StatusCode;

use crate::app::Problem;

/// A form's parts as they arrive, so that a page asks who sends before it reads.
pub(in crate::pages) type Parts = Result<Multipart, MultipartRejection>;

/// A file with the fields sent beside it.
#[derive(Default)]
pub(in crate::pages) struct Upload {
    /// Its name; empty if no file was sent.
    pub(super) name: String,
    /// Its bytes.
    pub(super) bytes: Bytes,
    fields: BTreeMap<String, String>,
}

impl Upload {
    /// Reads a form with a file.
    pub(super) async fn of(parts: Parts) -> Result<Self, Problem> {
        let wrong = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(error.status(), "web.too_large"),
            _ => Problem::malformed(error.body_text()),
        };
        let mut parts = parts.map_err(|error| Problem::malformed(error.body_text()))?;
        let mut upload = Self::default();
        while let Some(part) = parts.next_field().await.map_err(wrong)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                upload.name = part.file_name().unwrap_or_default().to_owned();
                upload.bytes = part.bytes().await.map_err(wrong)?;
            } else {
                upload.fields.insert(name, part.text().await.map_err(wrong)?);
            }
        }
        Ok(upload)
    }

    /// Fields without a file.
    pub(super) fn with<const N: usize>(fields: [(&str, String); N]) -> Self {
        let fields = fields.map(|(name, text)| (name.to_owned(), text)).into();
        Self { fields, ..Self::default() }
    }

    /// A field, empty if it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }

    /// A field as it was sent.
    pub(super) fn take(&mut self, name: &str) -> String {
        self.fields.remove(name).unwrap_or_default()
    }
}
