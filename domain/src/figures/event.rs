//! What can have happened to figures.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::model::{FigureRow, Measure, Source};
use crate::words::{
    DecodeError, Digest, Known, Nothing, Period, RecordRef, Subject, canonical, events,
};

/// A report of figures: all of it, or nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresReported {
    /// Where they come from.
    pub source: Source,
    /// The figures.
    pub rows: Vec<FigureRow>,
}

/// One figure was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureCorrected {
    /// What.
    pub measure: Measure,
    /// For when.
    pub period: Period,
    /// The right value; `unknown` withdraws the figure.
    pub value: Known<u64>,
    /// The record that was wrong.
    pub supersedes: RecordRef,
    /// Why.
    pub reason: String,
}

/// Version 1 of a report named its file in two flat fields and knew no publication date and no
/// warnings; they are unknown and none.
fn upcast(kind: &str, version: u16, shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    let wrong = |reason: &str| DecodeError::new(kind, version, reason);
    if (kind, version) != ("figures.reported", 1) {
        return Err(wrong("no earlier version of this kind exists"));
    }
    let mut value: Value = serde_json::from_str(shared.unwrap_or("null"))
        .map_err(|error| DecodeError::new(kind, version, error))?;
    let fields = value.as_object_mut().ok_or_else(|| wrong("expected an object"))?;
    let mut take = |name: &str| fields.remove(name).ok_or_else(|| wrong(name));
    let (title, file, sha256) = (take("source")?, take("file")?, take("sha256")?);
    let digest: Digest =
        serde_json::from_value(sha256).map_err(|error| DecodeError::new(kind, version, error))?;
    let source = serde_json::json!({
        "title": title,
        "published": Known::<Period>::Unknown,
        "file": { "name": file, "sha256": digest },
        "warnings": [],
    });
    fields.insert("source".into(), source);
    let text =
        canonical::to_text(&value).map_err(|error| DecodeError::new(kind, version, error))?;
    Ok(Some(text))
}

events! {
    /// Events of figures.
    upcast upcast;
    /// Figures were stated.
    "figures.reported" v 2 FiguresReported(FiguresReported, Nothing);
    /// A figure was wrong.
    "figure.corrected" v 1 FigureCorrected(FigureCorrected, Nothing);
}

impl Event {
    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::FiguresReported(report, _) => report
                .rows
                .iter()
                .map(|row| Subject::figure(row.measure.as_str(), &row.period))
                .collect(),
            Self::FigureCorrected(right, _) => {
                vec![Subject::figure(right.measure.as_str(), &right.period)]
            }
        }
    }
}
