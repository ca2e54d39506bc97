//! Numbers that say where they come from: a scenario in which one does not is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How well a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Stands in the regions' report.
    Report,
    /// Stands in the literature or a public source.
    Literature,
    /// Ours: nobody is cited for it.
    Assumed,
}

impl Mark {
    /// All of them, best known first.
    pub const ALL: [Self; 3] = [Self::Report, Self::Literature, Self::Assumed];

    /// As files write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Literature => "literature",
            Self::Assumed => "assumed",
        }
    }
}

/// A value with its mark and the key of its source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marked<T> {
    /// The value.
    pub value: T,
    /// How well it is known.
    pub mark: Mark,
    /// A key of the document's `[sources]`.
    pub source: String,
    /// What else is to be said.
    #[serde(default)]
    pub note: Option<String>,
}

/// A row of the table of marks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Where it stands in the document.
    pub place: String,
    /// The value, as the document writes it.
    pub value: String,
    /// How well it is known.
    pub mark: Mark,
    /// Where it comes from, in words.
    pub source: String,
    /// What else is said.
    pub note: Option<String>,
    /// Whether the question put another value in place of the document's.
    pub chosen: bool,
}

/// Every marked value of a document, in its order.
///
/// # Errors
/// The place of a value whose source the document does not explain.
pub fn rows(
    document: &toml::Table,
    sources: &BTreeMap<String, String>,
) -> Result<Vec<Row>, (String, String)> {
    let mut out = Vec::new();
    for (key, value) in document {
        walk(key, value, sources, &mut out)?;
    }
    Ok(out)
}

fn walk(
    place: &str,
    value: &toml::Value,
    sources: &BTreeMap<String, String>,
    out: &mut Vec<Row>,
) -> Result<(), (String, String)> {
    match value {
        toml::Value::Table(table) => {
            let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
            let mark = text("mark")
                .and_then(|mark| Mark::ALL.into_iter().find(|known| known.as_str() == mark));
            if let (Some(mark), Some(value), Some(source)) =
                (mark, table.get("value"), text("source"))
            {
                let words = sources.get(source);
                let words = words.ok_or_else(|| (place.to_owned(), source.to_owned()))?;
                out.push(Row {
                    place: place.to_owned(),
                    value: value.to_string(),
                    mark,
                    source: words.clone(),
                    note: text("note").map(str::to_owned),
                    chosen: false,
                });
                return Ok(());
            }
            for (key, value) in table {
                walk(&format!("{place}.{key}"), value, sources, out)?;
            }
        }
        toml::Value::Array(all) => {
            for (n, value) in all.iter().enumerate() {
                let id = value.get("id").or_else(|| value.get("name"));
                let id = id.and_then(toml::Value::as_str);
                let id = id.map_or_else(|| (n + 1).to_string(), str::to_owned);
                walk(&format!("{place}[{id}]"), value, sources, out)?;
            }
        }
        _ => {}
    }
    Ok(())
}
