//! What was scanned, and where it belongs.

use samband_exchange::isbt128::facts::facts;
use samband_exchange::isbt128::scan::How;
use samband_exchange::isbt128::{Scan, Scanned, Structure, classify};

use samband_domain::blood::model::UnitId;

use super::import::words_of;
use super::{Problem, stock};
use crate::text::Words;

/// A scan with where it leads.
#[derive(Clone, Debug)]
pub struct Went {
    /// What was understood.
    pub scan: Scan,
    /// The donation or unit's page, or another that the scan belongs to; none if it names no
    /// place.
    pub href: Option<String>,
}

/// Says what a text is and where it leads. `on` is the page that the reader stands on: a product
/// code scanned beside a donation names one of its units.
///
/// # Errors
/// A problem that says why the text is not understood; nothing is guessed.
pub fn scan(w: Words, text: &str, on: Option<&str>) -> Result<Went, Problem> {
    let scan = classify(text).map_err(|refused| {
        Problem::unprocessable("scan.refused")
            .fact("code", refused.code())
            .fact("detail", words_of(w, refused.code(), &refused.args()))
    })?;
    let href = href(&scan.what, on);
    Ok(Went { scan, href })
}

fn href(what: &Scanned, on: Option<&str>) -> Option<String> {
    if let Some(href) = at_the_bench(what, on.unwrap_or_default()) {
        return Some(href);
    }
    if let Some(unit) = what.unit() {
        return Some(stock::unit_href(&unit));
    }
    if let Some(din) = what.din() {
        return Some(format!("/units/{din}"));
    }
    match what {
        Scanned::Consignment(_) => Some("/shipments".into()),
        Scanned::Part(Structure::Product(product)) => {
            let din = on?.strip_prefix("/units/")?.split('/').next()?;
            let din = stock::din(din).ok()?;
            Some(stock::unit_href(&UnitId { din, product: *product }))
        }
        _ => None,
    }
}

/// Where whoever collects, tests or prepares goes with a scan: to the same work on that donation
/// or unit.
fn at_the_bench(what: &Scanned, on: &str) -> Option<String> {
    let unit = what.unit();
    let din = what.din().or(unit.map(|unit| unit.din))?;
    match on.split('?').next()? {
        "/test-results" => Some(format!("/test-results?din={din}")),
        "/preparation" => {
            let units = unit.map_or_else(|| din.to_string(), |unit| unit.to_string());
            Some(format!("/preparation?units={units}"))
        }
        page if page == "/donations" || page.starts_with("/donations/") => {
            Some(format!("/donations/{din}"))
        }
        _ => None,
    }
}

/// How a text came: `scanned` or `typed`.
#[must_use]
pub const fn how(how: How) -> &'static str {
    match how {
        How::Scanned => "scanned",
        How::Typed => "typed",
    }
}

/// All that a scan said, structure by structure.
#[must_use]
pub fn said(scan: &Scan) -> Vec<serde_json::Value> {
    scan.message.parts().into_iter().map(facts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn went(text: &str, on: Option<&str>) -> Option<String> {
        scan(Words::sv(), text, on).unwrap().href
    }

    #[test]
    fn each_scan_goes_where_it_belongs() {
        let page = "/units/A999026000001";
        assert_eq!(went("=A99902600000100", None).as_deref(), Some(page));
        let both = went("=A99902600000100=<E0336V00", None);
        assert_eq!(both.as_deref(), Some("/units/A999026000001/E0336V00"));
        assert_eq!(went("=<E0336V00", None), None, "a product alone names no unit");
        let tested = went("=A99902600000100", Some("/test-results"));
        assert_eq!(tested.as_deref(), Some("/test-results?din=A999026000001"));
        let made = went("=A99902600000100=<E0336V00", Some("/preparation"));
        assert_eq!(made.as_deref(), Some("/preparation?units=A999026000001.E0336V00"));
        let given = went("=A99902600000100", Some("/donations"));
        assert_eq!(given.as_deref(), Some("/donations/A999026000001"));
        let beside = went("=<E0336V00", Some("/units/A999026000001"));
        assert_eq!(beside.as_deref(), Some("/units/A999026000001/E0336V00"));
    }

    #[test]
    fn what_is_not_understood_says_why() {
        for text in ["", "Lund", "A9990 26 000001", "191212121212"] {
            let problem = scan(Words::sv(), text, None).unwrap_err();
            assert_eq!(problem.code, "scan.refused");
            assert!(!problem.facts["detail"].starts_with("isbt-"), "{:?}", problem.facts);
        }
    }
}
