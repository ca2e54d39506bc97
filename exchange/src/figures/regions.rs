//! Which region a row is about.

use samband_domain::JournalId;

use super::KnownRegion;
use crate::fold::fold;

/// Names of a row that sums the rows above it.
const SUM: &[&str] = &["sa", "summa", "sum", "total", "totalt", "totals", "tot", "samtliga"];

pub(super) enum Named<'a> {
    Region(&'a JournalId),
    Sum,
    Missing,
    Unknown,
    Unclear,
}

pub(super) fn named<'a>(text: &str, known: &'a [KnownRegion]) -> Named<'a> {
    let folded = fold(text);
    if folded.is_empty() {
        return Named::Missing;
    }
    let mut fitting = known.iter().filter(|region| fits(&folded, region)).map(|r| &r.journal);
    match (fitting.next(), fitting.next()) {
        (Some(region), None) => Named::Region(region),
        (Some(_), Some(_)) => Named::Unclear,
        (None, _) if SUM.contains(&folded.as_str()) => Named::Sum,
        (None, _) => Named::Unknown,
    }
}

fn fits(folded: &str, region: &KnownRegion) -> bool {
    let own_name = fold(&region.name);
    let name = bare(&own_name);
    let code = region.county_code.as_deref().unwrap_or_default();
    let given = folded.strip_prefix(code).filter(|rest| !rest.is_empty()).unwrap_or(folded);
    let given = bare(given);
    given == name
        || given == fold(region.journal.as_str())
        || given.strip_suffix('s') == Some(name)
        || (!code.is_empty() && folded.trim_start_matches('0') == code.trim_start_matches('0'))
}

/// The name without what kind of thing it is: `Region Skåne`, `Skåne län`, `Skåne`.
fn bare(folded: &str) -> &str {
    let name = folded.strip_prefix("region").unwrap_or(folded);
    let name = name.strip_suffix("lan").unwrap_or(name);
    if name.is_empty() { folded } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<KnownRegion> {
        let regions = [
            ("blekinge", "Region Blekinge", "10"),
            ("kronoberg", "Kronoberg", "07"),
            ("skane", "Region Skåne", "12"),
        ];
        regions
            .map(|(journal, name, code)| KnownRegion {
                journal: JournalId::new(journal).unwrap(),
                name: name.into(),
                county_code: Some(code.into()),
            })
            .into()
    }

    #[test]
    fn regions_are_known_by_name_slug_and_county_code() {
        let known = known();
        for (text, wanted) in [
            ("Skåne", "skane"),
            ("region skåne", "skane"),
            ("SKÅNE", "skane"),
            ("skane", "skane"),
            ("Skåne län", "skane"),
            ("12", "skane"),
            ("12 Skåne län", "skane"),
            ("Kronobergs län", "kronoberg"),
            ("Region Kronoberg", "kronoberg"),
            ("7", "kronoberg"),
            ("07", "kronoberg"),
        ] {
            match named(text, &known) {
                Named::Region(region) => assert_eq!(region.as_str(), wanted, "{text}"),
                _ => panic!("{text}"),
            }
        }
    }

    #[test]
    fn sums_strangers_and_namesakes_are_told_apart() {
        let mut known = known();
        for text in ["S:a", "Summa", "TOTAL", "Totalt"] {
            assert!(matches!(named(text, &known), Named::Sum), "{text}");
        }
        for text in ["Halland", "Region", "Län", "Sk", "2", "0", "70", "1207"] {
            assert!(matches!(named(text, &known), Named::Unknown), "{text}");
        }
        assert!(matches!(named(" - ", &known), Named::Missing));
        known.push(KnownRegion { county_code: None, ..known[2].clone() });
        assert!(matches!(named("Skåne", &known), Named::Unclear));
    }
}
