//! Golden installations: data directories written by a released form of the record, kept for ever.

use std::path::{Path, PathBuf};

use samband_domain::{Digest, JournalId};
use samband_journal::SigningKey;
use serde_json::{Map, Value};

use crate::client::Client;

/// Where they are: one folder for each form.
#[must_use]
pub fn golden_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// The regions of a golden installation.
pub const GOLDEN_REGIONS: [&str; 2] = ["halland", "skane"];

/// The signing key of a golden journal. It follows from the journal's name, so that no key lies
/// in the repository; it protects nothing.
#[must_use]
pub fn golden_key(journal: &str) -> SigningKey {
    SigningKey::from_seed(&Digest::of(format!("samband golden {journal}").as_bytes()).0)
}

/// The key that Halland's golden journal changed to.
#[must_use]
pub fn golden_key_changed() -> SigningKey {
    golden_key("halland, changed")
}

/// Writes the key files of a golden installation.
///
/// # Panics
/// If they cannot be written.
pub fn write_golden_keys(data: &Path) {
    let keys = data.join("keys");
    std::fs::create_dir_all(&keys).expect("made");
    let keys_of = GOLDEN_REGIONS.map(|journal| (journal, golden_key(journal)));
    for (journal, key) in keys_of.into_iter().chain([("halland", golden_key_changed())]) {
        let name = format!("{journal}.{}.key", key.public().id());
        key.write(&keys.join(name)).expect("written");
    }
}

/// A golden region as an identifier.
///
/// # Panics
/// If it is none.
#[must_use]
pub fn journal(id: &str) -> JournalId {
    JournalId::new(id).expect("an identifier")
}

/// What follows from a golden installation's records, without what depends on the clock or on
/// how much a version tells.
#[must_use]
#[track_caller]
pub fn projection(client: &Client) -> Value {
    let mut all = Map::new();
    for (name, fields) in [
        ("figures", &["region", "measure", "period", "value", "origin"][..]),
        ("sites", &["region", "id", "name", "kind", "parent", "record", "from", "until"]),
        ("mandates", &["region", "id", "holder", "capacity", "from", "until", "ended"]),
        ("agreements", &["hash", "title", "parties", "clauses", "drafted_by", "text"]),
    ] {
        let rows = client.get(&format!("/api/v1/{name}"));
        let rows = rows.as_array().into_iter().flatten();
        let mut rows: Vec<_> = rows.map(|row| pick(row, fields)).collect();
        rows.sort_by_key(Value::to_string);
        all.insert(name.to_owned(), rows.into());
    }
    Value::Object(all)
}

fn pick(row: &Value, fields: &[&str]) -> Value {
    let chosen = fields.iter().map(|name| {
        let value = match *name {
            "origin" => pick(&row[name], &["source", "published", "file", "file_sha256", "row"]),
            _ => row[name].clone(),
        };
        ((*name).to_owned(), value)
    });
    Value::Object(chosen.collect())
}
