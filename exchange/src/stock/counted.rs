//! What was found on a shelf: one scan per line, donation and product together or one after the
//! other, as a scanner sends them.

use std::collections::BTreeMap;

use samband_domain::blood::model::{Din, UnitId};

use super::{NO_UNIT, TWICE};
use crate::figures::BadRow;
use crate::fold::shown;
use crate::isbt128::{Refused, Scanned, Structure, classify};

/// Units found, with everything that names none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Units, in the order of the scans.
    pub units: Vec<UnitId>,
    /// Lines that name no unit.
    pub bad: Vec<BadRow>,
}

/// Reads scans, one a line. A line may also name a unit as the record does,
/// `A999026000001.E0336V00`.
#[must_use]
pub fn counted(text: &str) -> Found {
    let mut found = Found::default();
    let mut seen: BTreeMap<UnitId, u32> = BTreeMap::new();
    // A donation waits for the product code that is scanned after it.
    let mut waiting: Option<(u32, Din, String)> = None;
    let bad = |line: u32, value: &str, code, args| BadRow {
        line,
        column: None,
        code,
        value: shown(value),
        args,
    };
    for (place, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let line = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let unit = match named(text, waiting.as_ref().map(|(_, din, _)| *din)) {
            Ok(Named::Unit(unit)) => unit,
            Ok(Named::Donation(din)) => {
                if let Some((line, _, text)) = waiting.replace((line, din, text.to_owned())) {
                    found.bad.push(bad(line, &text, NO_UNIT, Vec::new()));
                }
                continue;
            }
            Err(refused) => {
                let code = refused.as_ref().map_or(NO_UNIT, Refused::code);
                let args = refused.map(|refused| refused.args()).unwrap_or_default();
                found.bad.push(bad(line, text, code, args));
                continue;
            }
        };
        waiting = None;
        match seen.insert(unit, line) {
            Some(first) => {
                let args = vec![("first", first.to_string())];
                found.bad.push(bad(line, text, TWICE, args));
            }
            None => found.units.push(unit),
        }
    }
    if let Some((line, _, text)) = waiting {
        found.bad.push(bad(line, &text, NO_UNIT, Vec::new()));
    }
    found.bad.sort_by_key(|bad| bad.line);
    found
}

enum Named {
    Unit(UnitId),
    Donation(Din),
}

/// What a line names; otherwise why it was refused, if it was.
fn named(text: &str, waiting: Option<Din>) -> Result<Named, Option<Refused>> {
    let text = text.trim();
    if let Ok(unit) = UnitId::parse(text) {
        return Ok(Named::Unit(unit));
    }
    let scan = classify(text).map_err(Some)?;
    if let Some(unit) = scan.what.unit() {
        return Ok(Named::Unit(unit));
    }
    match (&scan.what, scan.what.din(), waiting) {
        (_, Some(din), _) => Ok(Named::Donation(din)),
        (Scanned::Part(Structure::Product(product)), _, Some(din)) => {
            Ok(Named::Unit(UnitId { din, product: *product }))
        }
        _ => Err(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_are_read_in_pairs_and_nothing_is_guessed() {
        let text = "=A99902600000100=<E0336V00\n=A99902600000200\n=<E0336V00\n\n\
                    A999026000003.E0336V00\n=A99902600000400\n=A99902600000500\n=<E0336V00\n\
                    Lund\n=A99902600000100=<E0336V00\n";
        let found = counted(text);
        let serials: Vec<_> = found.units.iter().map(|unit| unit.din.serial()).collect();
        assert_eq!(serials, [1, 2, 3, 5]);
        let bad: Vec<_> = found.bad.iter().map(|bad| (bad.line, bad.code)).collect();
        assert_eq!(bad, [(6, NO_UNIT), (9, "isbt-error-unidentified"), (10, TWICE)]);
    }
}
