//! Column headings: which measure, and for when, in Swedish or English.

use samband_domain::Period;
use samband_domain::figures::Measure;

use crate::fold::fold;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Region,
    Measure(Measure, Option<Period>),
    /// In the long form: which measure the row is about.
    MeasureName,
    /// In the long form: for when.
    Period,
    /// In the long form: how many.
    Value,
    Other,
}

/// Names of the region column, as folded.
const REGION: &[&str] = &["region", "regioner", "regionnamn", "lan", "county", "journal"];
const MEASURE_NAME: &[&str] = &["measure", "matt", "indikator", "indicator"];
const PERIOD: &[&str] = &["period", "ar", "year", "tidsperiod"];
const VALUE: &[&str] = &["value", "varde", "antal", "count"];

/// Names of the measures, as folded and without a year.
const MEASURES: &[(Measure, &[&str])] = &[
    (
        Measure::Population,
        &[
            "population",
            "populationtotal",
            "totalpopulation",
            "inhabitants",
            "invanare",
            "invanaretotalt",
            "invanarantal",
            "invanarantaltotalt",
            "totaltinvanarantal",
            "antalinvanare",
            "antalinvanaretotalt",
            "folkmangd",
            "folkmangdtotalt",
            "befolkning",
        ],
    ),
    (
        Measure::Population1864,
        &[
            "1864",
            "1864ar",
            "population1864",
            "population1864years",
            "inhabitants1864",
            "inhabitants1864years",
            "inhabitantsaged1864",
            "aged1864",
            "invanare1864",
            "invanare1864ar",
            "invanarantal1864",
            "invanarantal1864ar",
            "antalinvanare1864",
            "antalinvanare1864ar",
            "folkmangd1864",
            "folkmangd1864ar",
            "befolkning1864",
            "befolkning1864ar",
        ],
    ),
    (
        Measure::ActiveDonors,
        &[
            "activedonors",
            "activedonors12m",
            "activedonors12months",
            "activedonorslast12months",
            "activeblooddonors",
            "aktiva",
            "aktivagivare",
            "antalaktivagivare",
            "aktivablodgivare",
            "antalaktivablodgivare",
            "aktivablodgivare12man",
            "aktivablodgivaresenaste12man",
            "aktivablodgivaresenaste12manaderna",
            "aktivagivaresenaste12man",
            "aktivagivaresenaste12manaderna",
        ],
    ),
    (
        Measure::WholeBloodDonations,
        &[
            "wholeblooddonations",
            "wholeblood",
            "helblod",
            "helblodsgivningar",
            "antalhelblodsgivningar",
            "helblodstappningar",
            "antalhelblodstappningar",
            "helblodgivningar",
        ],
    ),
    (Measure::UniversityRedCells, &["universityredcellspermille"]),
    (Measure::UniversityPlatelets, &["universityplateletspermille"]),
];

/// The measure that a word names, in either language or as the key that clients use.
#[must_use]
pub fn measure_named(text: &str) -> Option<Measure> {
    let folded = fold(text);
    let named = MEASURES.iter().find(|(_, names)| names.contains(&folded.as_str()));
    named.map(|(measure, _)| *measure)
}

pub(super) fn heading(text: &str) -> Heading {
    let folded = fold(text);
    let is = |names: &[&str]| names.contains(&folded.as_str());
    if is(REGION) {
        return Heading::Region;
    }
    if is(MEASURE_NAME) {
        return Heading::MeasureName;
    }
    if is(PERIOD) {
        return Heading::Period;
    }
    if is(VALUE) {
        return Heading::Value;
    }
    // The whole text first, since `18–64` must not be looked at for years.
    if let Some(measure) = measure_named(text) {
        return Heading::Measure(measure, None);
    }
    let (rest, period) = without_period(text);
    match (measure_named(&rest), period) {
        (Some(measure), Some(period)) => Heading::Measure(measure, Some(period)),
        _ => Heading::Other,
    }
}

/// Takes the one period out of a text: `Helblodsgivningar 2024` is 2024; with none or several
/// there is none.
pub(super) fn without_period(text: &str) -> (String, Option<Period>) {
    let mut rest = String::new();
    let mut periods = Vec::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() || (c == '-' && !run.is_empty()) {
            run.push(c);
            continue;
        }
        match plausible(run.trim_end_matches('-')) {
            Some(period) => {
                periods.push(period);
                rest.push(' ');
            }
            None => rest.push_str(&run),
        }
        run.clear();
        if c != '\0' {
            rest.push(c);
        }
    }
    match periods[..] {
        [period] => (rest, Some(period)),
        _ => (text.to_owned(), None),
    }
}

/// A period of the time in which anybody imports figures: `1864` is an age span without its dash.
fn plausible(text: &str) -> Option<Period> {
    let period: Period = text.parse().ok()?;
    ("1990".."2100").contains(&text.get(..4)?).then_some(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i16) -> Option<Period> {
        Some(Period::Year(year))
    }

    #[test]
    fn headings_are_read_in_both_languages_whatever_the_dash() {
        use Heading as H;
        use Measure as M;
        for (text, wanted) in [
            ("region", H::Region),
            ("Län", H::Region),
            ("population", H::Measure(M::Population, None)),
            ("Invånare totalt", H::Measure(M::Population, None)),
            ("Folkmängd 2024", H::Measure(M::Population, year(2024))),
            ("population_18_64", H::Measure(M::Population1864, None)),
            ("18–64", H::Measure(M::Population1864, None)),
            ("Invånarantal 18-64 år", H::Measure(M::Population1864, None)),
            ("Invånarantal 18—64 år (2024)", H::Measure(M::Population1864, year(2024))),
            ("1864", H::Measure(M::Population1864, None)),
            ("active_donors_12m", H::Measure(M::ActiveDonors, None)),
            ("Aktiva blodgivare [senaste 12 mån]", H::Measure(M::ActiveDonors, None)),
            ("Aktiva", H::Measure(M::ActiveDonors, None)),
            ("whole_blood_donations_2024", H::Measure(M::WholeBloodDonations, year(2024))),
            ("HELBLODSGIVNINGAR  2024", H::Measure(M::WholeBloodDonations, year(2024))),
            ("Helblod 2024-06", H::Measure(M::WholeBloodDonations, Some(Period::Month(2024, 6)))),
            ("Helblod 2023 2024", H::Other),
            ("% bef", H::Other),
            ("Per givare", H::Other),
            ("", H::Other),
        ] {
            assert_eq!(heading(text), wanted, "{text}");
        }
    }

    #[test]
    fn every_measure_is_named_by_its_own_key_and_no_name_is_used_twice() {
        for measure in Measure::ALL {
            assert_eq!(measure_named(measure.as_str()), Some(*measure));
        }
        let all: Vec<_> = MEASURES.iter().flat_map(|(_, names)| names.iter()).collect();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(all.len(), distinct.len());
        assert!(all.iter().all(|name| fold(name) == **name));
    }
}
