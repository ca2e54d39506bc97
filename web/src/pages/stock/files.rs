//! What the pages for files have in common.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use samband_domain::kernel::RecordKeeper;

use crate::app::{App, Problem, Visitor};

/// A file with the fields sent beside it.
#[derive(Default)]
pub(super) struct Upload {
    /// Its name.
    pub(super) name: String,
    /// Its bytes.
    pub(super) bytes: Bytes,
    fields: BTreeMap<String, String>,
}

impl Upload {
    /// Fields without a file.
    pub(super) fn with<const N: usize>(fields: [(&str, String); N]) -> Self {
        let fields = fields.map(|(name, text)| (name.to_owned(), text)).into();
        Self { fields, ..Self::default() }
    }

    /// A field, empty if it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }
}

/// Reads a form with a file.
pub(super) async fn received(mut parts: Multipart) -> Result<Upload, Problem> {
    let wrong = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(error.status(), "web.too_large"),
        _ => Problem::malformed(error.body_text()),
    };
    let mut upload = Upload::default();
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

/// The own region's open sites whose record is kept so, by name.
pub(super) fn sites(app: &App, visitor: &Visitor, record: RecordKeeper) -> Vec<(String, String)> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let Some(journal) = world.journal(&visitor.region) else { return Vec::new() };
    let sites = journal.shared().kernel.sites.values();
    let open = sites.filter(|site| site.record == record && site.window.contains(now));
    let mut all: Vec<_> = open.map(|site| (site.id.to_string(), site.name.clone())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}
