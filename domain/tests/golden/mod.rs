//! The written form of every event, fixed: it must be readable in thirty years.

mod alarms;
mod blood;
mod called;
mod donors;
mod made;
mod mobile;
mod patients;
mod plans;
mod samples;
mod transfusion;

use std::fmt::Write;

use crate::common::actor;
use samband_domain::figures::model::FileRef;
use samband_domain::figures::{self, Measure, Source};
use samband_domain::words::{Lot, canonical};
use samband_domain::{Absence, Digest, Event, KINDS, Known};
use samples::events;

/// Every kind of every area: the list is the house's own, and an area cannot be left out of it.
fn kinds() -> Vec<(&'static str, u16)> {
    KINDS.concat()
}

#[test]
fn every_kind_has_its_golden_text() {
    let mut missing = kinds();
    let mut golden = String::new();
    for event in events() {
        let encoded = event.encode().unwrap();
        missing.retain(|kind| *kind != (encoded.kind, encoded.version));
        writeln!(golden, "{} v{}", encoded.kind, encoded.version).unwrap();
        for (name, part) in [("shared", &encoded.shared), ("private", &encoded.private)] {
            if let Some(text) = part {
                writeln!(golden, "  {name}  {text}").unwrap();
            }
        }
    }
    assert_eq!(missing, [], "kinds without a golden text");
    insta::assert_snapshot!("events", golden);
}

#[test]
fn kinds_are_named_once_over_all_areas() {
    let mut names: Vec<_> = kinds().into_iter().map(|(name, _)| name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn what_was_written_is_read_back() {
    for event in events() {
        let encoded = event.encode().unwrap();
        for text in [&encoded.shared, &encoded.private].into_iter().flatten() {
            canonical::check(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        }
        let (shared, lot) = (encoded.shared.as_deref(), encoded.private.as_deref());
        let read = |lot| Event::decode(encoded.kind, encoded.version, shared, lot);
        assert_eq!(read(lot.map_or(Lot::None, Lot::Text)).unwrap(), event);
        let Some(_) = lot else { continue };
        for absence in [Absence::Withheld, Absence::Erased] {
            let without = read(Lot::Absent(absence)).unwrap().encode().unwrap();
            assert_eq!(without.private, None);
            assert_eq!(without.shared, encoded.shared, "the shared part stands by itself");
        }
        assert!(read(Lot::None).is_err(), "{} lost its private part unnoticed", encoded.kind);
    }
}

#[test]
fn a_text_that_does_not_fit_its_kind_is_an_error_that_names_it() {
    for (kind, version) in kinds() {
        for text in [None, Some(""), Some("{}"), Some("7"), Some("{\"actor\":\"A\"}")] {
            let error = Event::decode(kind, version, text, Lot::Text("{}"));
            let message = error.expect_err(kind).to_string();
            assert!(message.starts_with(&format!("{kind} version {version}: ")), "{message}");
        }
    }
}

#[test]
fn later_kinds_and_versions_are_kept_aside() {
    let mut later: Vec<_> = kinds().iter().map(|(kind, version)| (*kind, version + 1)).collect();
    later.extend([("unit.issued", 1), ("", 0), ("figures.Reported", 1)]);
    for (kind, version) in later {
        let event = Event::decode(kind, version, Some("{\"x\":1}"), Lot::None).unwrap();
        assert_eq!(event, Event::Unknown { kind: kind.into(), version });
        assert_eq!(event.encode(), None, "what is not understood is not written anew");
        assert_eq!(event.subjects(), []);
    }
}

#[test]
fn earlier_versions_that_never_were_are_errors() {
    for (kind, version) in kinds() {
        for earlier in 0..version {
            if (kind, earlier) != ("figures.reported", 1) {
                assert!(Event::decode(kind, earlier, Some("{}"), Lot::None).is_err(), "{kind}");
            }
        }
    }
}

/// A report as the first version wrote it.
const REPORTED_V1: &str = concat!(
    r#"{"file":"sodra-2023.csv","rows":[{"column":"population","measure":"population","#,
    r#""period":"2023","row":2,"value":{"value":157000}},{"column":"active_donors_12m","#,
    r#""measure":"active_donors","period":"2023","row":2,"value":"unknown"}],"sha256":"#,
    r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","#,
    r#""source":"Årsrapport 2023"}"#
);

#[test]
fn a_report_of_the_first_version_is_read_as_what_it_said() {
    canonical::check(REPORTED_V1).unwrap();
    let event = Event::decode("figures.reported", 1, Some(REPORTED_V1), Lot::None).unwrap();
    let Event::Figures(figures::Event::FiguresReported(report, _)) = &event else {
        panic!("{event:?}");
    };
    let file = FileRef { name: "sodra-2023.csv".into(), sha256: Digest::of(b"abc") };
    let source = Source {
        title: "Årsrapport 2023".into(),
        published: Known::Unknown,
        file: Some(file),
        warnings: Vec::new(),
    };
    assert_eq!(report.source, source);
    let values: Vec<_> = report.rows.iter().map(|row| (row.measure, row.value)).collect();
    assert_eq!(
        values,
        [(Measure::Population, Known::Value(157_000)), (Measure::ActiveDonors, Known::Unknown),]
    );
    assert_eq!(event.encode().unwrap().version, 2);
    for broken in [None, Some("[]"), Some("{}"), Some(&REPORTED_V1[..40])] {
        assert!(Event::decode("figures.reported", 1, broken, Lot::None).is_err());
    }
    let bad_digest = REPORTED_V1.replace("ba7816bf", "BA7816BF");
    assert!(Event::decode("figures.reported", 1, Some(&bad_digest), Lot::None).is_err());
}

#[test]
fn a_persons_identity_is_found_where_erasure_must_look_and_nowhere_else() {
    let asa = actor("a-1");
    let holding: Vec<_> = events()
        .iter()
        .filter(|event| event.holds_identity_of(&asa))
        .map(|event| event.encode().unwrap().kind)
        .collect();
    assert_eq!(holding, ["actor.registered", "actor.corrected"]);
    for event in events() {
        let encoded = event.encode().unwrap();
        let names_asa = encoded.private.is_some_and(|text| text.contains("Åsa Öberg"));
        assert_eq!(names_asa, event.holds_identity_of(&asa), "{}", encoded.kind);
    }
}
