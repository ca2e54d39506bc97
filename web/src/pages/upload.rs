//! A file that a page's form sends, with the fields beside it.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::http::StatusCode;
use samband_domain::Command;
use samband_engine::Request;

use crate::app::{App, Problem, Visitor};
use crate::components::KEY_FIELD;

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

/// A file that was not taken in: why, and what was read of it, if anything could be.
pub(in crate::pages) struct NotTaken<L> {
    pub(in crate::pages) problem: Problem,
    pub(in crate::pages) look: Option<L>,
}

impl<L> From<Problem> for NotTaken<L> {
    fn from(problem: Problem) -> Self {
        Self { problem, look: None }
    }
}

/// Reads a file and gives what it says to the visitor's region, all of it or nothing.
///
/// # Errors
/// What stands in the way, with what was read.
pub(in crate::pages) async fn take<L, C: Into<Command>>(
    (app, visitor): (&App, &Visitor),
    upload: &Upload,
    read: impl FnOnce((&str, &[u8])) -> Result<L, Problem>,
    command: impl FnOnce(&L) -> Result<C, Problem>,
) -> Result<L, NotTaken<L>> {
    if upload.bytes.is_empty() {
        return Err(Problem::unprocessable("import.no_file").into());
    }
    let look = read((&upload.name, &upload.bytes))?;
    let command = match command(&look) {
        Ok(command) => command.into(),
        Err(problem) => return Err(NotTaken { problem, look: Some(look) }),
    };
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key: upload.get(KEY_FIELD).to_owned(),
        happened: None,
        command,
        asked: None,
    };
    match app.engine.submit(request).await {
        Ok(_) => Ok(look),
        Err(failure) => Err(NotTaken { problem: failure.into(), look: Some(look) }),
    }
}
