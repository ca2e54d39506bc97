//! An exported journal, as somebody reads it who has nothing else.

use anyhow::{Context as _, Result};
use serde_json::Value;

/// One record of an export.
#[derive(Clone, Debug)]
pub struct Line {
    /// Epoch.
    pub epoch: u64,
    /// Sequence number.
    pub seq: u64,
    /// Hash.
    pub hash: String,
    /// Content; null if it is withheld.
    pub content: Value,
}

impl Line {
    /// Kind of event.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.content["kind"].as_str().unwrap_or_default()
    }

    /// The shared part.
    #[must_use]
    pub fn shared(&self) -> &Value {
        &self.content["shared"]
    }
}

/// Reads an export.
///
/// # Errors
/// Which line is no record.
pub fn read_export(text: &str) -> Result<Vec<Line>> {
    let line = |(n, line): (usize, &str)| -> Result<Line> {
        let record: Value = serde_json::from_str(line).with_context(|| format!("line {n}"))?;
        let content = match record["content"].as_str() {
            Some(text) => serde_json::from_str(text).with_context(|| format!("line {n}"))?,
            None => Value::Null,
        };
        Ok(Line {
            epoch: record["epoch"].as_u64().context("epoch")?,
            seq: record["seq"].as_u64().context("seq")?,
            hash: record["hash"].as_str().context("hash")?.to_owned(),
            content,
        })
    };
    text.lines().enumerate().map(line).collect()
}
