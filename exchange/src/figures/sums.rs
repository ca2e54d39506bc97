//! Sum rows: never taken over, always checked.

use samband_domain::Known;

use super::numbers::count;
use super::rows::{Found, Place};
use super::{Findings, NOTE_SUM_AGREES, NOTE_SUM_UNCHECKED, SUM};

/// What the sum rows of a table state.
#[derive(Default)]
pub(super) struct Sums<'a> {
    stated: Vec<Place<'a>>,
}

impl<'a> Sums<'a> {
    pub(super) fn state(&mut self, places: Vec<Place<'a>>) {
        self.stated.extend(places);
    }

    /// Holds each stated sum against its column. If the rows themselves are wrong there is nothing
    /// to hold it against.
    pub(super) fn check(&self, found: &Found, findings: &mut Findings) {
        if !findings.bad.is_empty() {
            return;
        }
        let mut agreeing = Vec::new();
        for sum in &self.stated {
            let place = (sum.line, Some(sum.heading));
            match (count(sum.said), total(found, sum)) {
                // An open cell of a sum row claims nothing.
                (Ok(Known::Unknown), _) => {}
                (Ok(Known::Value(_)), Known::Unknown) => {
                    let args = [("line", sum.line.to_string()), ("column", sum.heading.into())];
                    findings.note(NOTE_SUM_UNCHECKED, args);
                }
                (Ok(Known::Value(stated)), Known::Value(total)) if u128::from(stated) == total => {
                    agreeing.push(sum.line);
                }
                (Ok(Known::Value(_)), Known::Value(total)) => {
                    findings.bad(place, SUM, sum.said, [("sum", total.to_string())]);
                }
                (Err(code), _) => findings.bad(place, code, sum.said, []),
            }
        }
        agreeing.dedup();
        agreeing.retain(|line| findings.bad.iter().all(|bad| bad.line != *line));
        for line in agreeing {
            findings.note(NOTE_SUM_AGREES, [("line", line.to_string())]);
        }
    }
}

fn total(found: &Found, sum: &Place<'_>) -> Known<u128> {
    let rows = found.regions.values().flatten();
    rows.filter(|row| (row.measure, row.period) == (sum.measure, sum.period))
        .fold(Known::Value(0), |total, row| total.with(row.value, |a, b| a + u128::from(b)))
}
