//! What hospitals can receive, as HAVE 2.0 in its envelope and as FHIR MeasureReports.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use samband_domain::{Known, Time};
use samband_exchange::cap::{AbsoluteUri, Decimal, Many, Moment, Point, Text, Token};
use samband_exchange::capacity::{
    CapacityReport, Horizon, Hospital, Kind, Operations, Places, Plus, Purpose, Ventilators,
};
use samband_exchange::{have, measure_report};
use serde_json::{Value, json};

const NOW: Time = Time(1_795_372_200_000_000);

fn plus(all: u32) -> Plus {
    let known = Known::Value(all);
    Plus { staff: known, premises: known, equipment: known, command: known }
}

fn places(baseline: u32, occupied: u32, now: u32, day: u32) -> Places {
    Places {
        baseline: Known::Value(baseline),
        occupied: Known::Value(occupied),
        now: plus(now),
        two_hours: plus(now),
        six_hours: plus(day),
        day: plus(day),
    }
}

fn hospital(identifier: &str, every_kind: bool, all: &[(Kind, Places)]) -> Hospital {
    let place = Point::new(Decimal::nano(59_848_000_000), Decimal::nano(17_639_000_000));
    Hospital {
        identifier: Token::new(identifier).expect("a token"),
        name: Text::new("Påhittade sjukhuset <& Co>").expect("a text"),
        place: place.ok(),
        as_of: Moment::swedish(NOW).expect("a moment"),
        operations: Known::Value(Operations::Compromised),
        every_kind,
        places: all.iter().copied().collect(),
        ventilators: Ventilators { total: Known::Value(30), ..Ventilators::UNKNOWN },
    }
}

/// A report of these hospitals, for an exercise.
pub fn report(hospitals: Vec<Hospital>) -> CapacityReport {
    CapacityReport {
        identifier: Token::new("OVN-2026-0007-K1").expect("a token"),
        sender: Token::new("SE000000-A999").expect("a token"),
        sender_name: Text::new("Region Uppsala").expect("a text"),
        sent: Moment::swedish(NOW).expect("a moment"),
        purpose: Purpose::Exercise(Token::new("OVN-2026-0007").expect("a token")),
        confidentiality: Text::new("Sjukvårdsregionens beredskap").expect("a text"),
        authority: AbsoluteUri::new("urn:oid:1.2.752.29.4.19").expect("an address"),
        hospitals: Many::new(hospitals).expect("a hospital"),
    }
}

/// A hospital with much known, and one of which nothing is known.
pub fn example() -> CapacityReport {
    let much = hospital(
        "SE000000-A9990",
        true,
        &[
            (Kind::Emergency, places(20, 11, 6, 12)),
            (Kind::AdultIcu, places(12, 9, 0, 4)),
            (Kind::Ward, places(240, 231, 5, 30)),
            (Kind::Operating, places(8, 3, 2, 4)),
        ],
    );
    let mut nothing = hospital("SE000000-A9991", false, &[(Kind::AdultIcu, Places::UNKNOWN)]);
    nothing.place = None;
    nothing.operations = Known::Unknown;
    nothing.ventilators = Ventilators::UNKNOWN;
    report(vec![much, nothing])
}

/// Elements and texts of a document: the path of each text.
fn texts(document: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().enable_all_checks(true);
    let (mut path, mut found) = (Vec::new(), Vec::new());
    let mut text = String::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) => {
                path.push(tag.name().into_inner().to_owned());
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::GeneralRef(name) => text.push_str(match &*name {
                "amp" => "&",
                "lt" => "<",
                _ => ">",
            }),
            Event::End(_) => {
                if !text.trim().is_empty() {
                    found.push((path.join("/"), text.trim().to_owned()));
                }
                text.clear();
                path.pop();
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn have_says_what_is_known_and_leaves_out_what_is_not() {
    let found = texts(&have::write(&example()));
    let short: Vec<(&str, &str)> = found
        .iter()
        .map(|(path, text)| (path.rsplit('/').next().unwrap_or_default(), text.as_str()))
        .collect();
    let bed = |kind, status, available, baseline, more| {
        [
            ("have:bedType", kind),
            ("have:capacityStatus", status),
            ("have:availableCount", available),
            ("have:baselineCount", baseline),
            ("have:additionalCapacityCount24Hr", more),
        ]
    };
    let name = ("have:facilityName", "Påhittade sjukhuset <& Co>");
    let update = ("have:lastUpdateTime", "2026-11-22T19:30:00+01:00");
    let mut expected = vec![
        ("have:facilityID", "SE000000-A9990"),
        name,
        ("gml:pos", "59.848 17.639"),
        ("have:facilityStatus", "Compromised"),
    ];
    expected.extend(bed("EmergencyDepartment", "VacantAvailable", "6", "20", "6"));
    expected.extend(bed("AdultICU", "NotAvailable", "0", "12", "4"));
    expected.extend(bed("MedicalSurgical", "VacantAvailable", "5", "240", "25"));
    expected.extend(bed("OperatingRooms", "VacantAvailable", "2", "8", "2"));
    expected.extend([update, ("have:facilityID", "SE000000-A9991"), name, update]);
    assert_eq!(short, expected);
}

#[test]
fn an_exercise_stays_one_in_its_envelope() {
    let found: BTreeMap<String, String> = texts(&have::enveloped(&example())).into_iter().collect();
    let text = |name: &str| found.get(&format!("EDXLDistribution/{name}")).map(String::as_str);
    assert_eq!(text("distributionStatus"), Some("Exercise"));
    let said = text("contentObject/contentDescription").expect("a description");
    assert!(said.starts_with("ÖVNING OVN-2026-0007") && said.ends_with("ÖVNING"), "{said}");
    let inner = "contentObject/xmlContent/embeddedXMLContent/have:HAVE/have:facility";
    assert_eq!(text(&format!("{inner}/have:bedCapacity/have:bedType")), Some("OperatingRooms"));
    let mut real = example();
    real.purpose = Purpose::Actual;
    assert!(!have::enveloped(&real).contains("ÖVNING"));
}

/// The populations of a group by their codes.
fn counts(report: &Value, group: usize) -> BTreeMap<String, Value> {
    let populations = report["group"][group]["population"].as_array().expect("populations");
    populations
        .iter()
        .map(|one| {
            let code = one["code"]["coding"][0]["code"].as_str().expect("a code").to_owned();
            let absent = &one["extension"][0]["valueCode"];
            (code, if one["count"].is_null() { absent.clone() } else { one["count"].clone() })
        })
        .collect()
}

#[test]
fn measure_reports_count_what_is_known_and_say_what_is_not() {
    let bundle = measure_report::bundle(&example());
    let first = &bundle["entry"][0]["resource"];
    let expected = json!({
        "numTotBeds": 272, "numTotBedsOcc": 251, "numTotBedsAvail": 11,
        "numbeds": 252, "numBedsOcc": 240,
        "numICUBeds": 9, "numICUBedsOcc": 9, "numICUBedsAvail": 0,
        "numImpBeds": 236, "numImpBedsOcc": 231, "numImpBedsAvail": 5,
    });
    assert_eq!(json!(counts(first, 0)), expected);
    let vents = json!({ "numVent": 30, "numVentUse": "unknown", "numVentAvail": "unknown" });
    assert_eq!(json!(counts(first, 1)), vents);
    let second = &bundle["entry"][1]["resource"];
    for group in 0..2 {
        assert!(counts(second, group).values().all(|count| count == "unknown"));
    }
    assert_eq!(first["meta"]["security"][0]["code"], "HTEST");
    assert_eq!(first["subject"]["identifier"]["value"], "SE000000-A9990");
    assert_eq!(first["period"]["end"], "2026-11-22T19:30:00+01:00");
    let mut real = example();
    real.purpose = Purpose::Actual;
    assert!(!measure_report::bundle(&real).to_string().contains("HTEST"));
}

#[test]
fn a_total_is_unknown_if_kinds_may_be_missing() {
    let icu = [(Kind::AdultIcu, places(12, 9, 1, 4))];
    let told = report(vec![hospital("a", true, &icu), hospital("b", false, &icu)]);
    let bundle = measure_report::bundle(&told);
    let total = |at: usize| counts(&bundle["entry"][at]["resource"], 0)["numTotBeds"].clone();
    assert_eq!((total(0), total(1)), (json!(12), json!("unknown")));
}

fn known() -> impl Strategy<Value = Known<u32>> {
    prop_oneof![Just(Known::Unknown), Just(Known::Value(0)), (0..500_u32).prop_map(Known::Value)]
}

fn any_plus() -> impl Strategy<Value = Plus> {
    (known(), known(), known(), known()).prop_map(|(staff, premises, equipment, command)| Plus {
        staff,
        premises,
        equipment,
        command,
    })
}

fn any_places() -> impl Strategy<Value = Places> {
    (known(), known(), any_plus(), any_plus()).prop_map(|(baseline, occupied, now, day)| Places {
        baseline,
        occupied,
        now,
        two_hours: now,
        six_hours: day,
        day,
    })
}

proptest! {
    #[test]
    fn usable_is_never_more_than_any_part_and_never_guessed(plus in any_plus()) {
        let parts = [plus.staff, plus.premises, plus.equipment, plus.command];
        let values: Vec<u32> = parts.iter().filter_map(|part| part.value()).collect();
        match plus.usable() {
            Known::Value(0) => prop_assert!(values.contains(&0)),
            Known::Value(usable) => {
                prop_assert_eq!(values.len(), 4);
                prop_assert_eq!(values.iter().min(), Some(&usable));
            }
            Known::Unknown => prop_assert!(values.len() < 4 && !values.contains(&0)),
        }
    }

    #[test]
    fn no_export_makes_a_number_of_what_is_unknown(icu in any_places()) {
        let told = report(vec![hospital("a", true, &[(Kind::AdultIcu, icu)])]);
        let found: BTreeMap<String, String> = texts(&have::write(&told)).into_iter().collect();
        let bundle = measure_report::bundle(&told);
        let counts = counts(&bundle["entry"][0]["resource"], 0);
        let path = "have:HAVE/have:facility/have:bedCapacity/have:capacity";
        for (element, code, value) in [
            ("availableCount", "numICUBedsAvail", icu.usable(Horizon::Now)),
            ("baselineCount", "numTotBeds", icu.baseline),
        ] {
            let written = found.get(&format!("{path}/have:{element}"));
            prop_assert_eq!(written.cloned(), value.value().map(|value| value.to_string()));
            let expected = value.value().map_or(json!("unknown"), |value| json!(value));
            prop_assert_eq!(&counts[code], &expected);
        }
        let more = found.get(&format!("{path}/have:additionalCapacityCount24Hr"));
        prop_assert_eq!(more.is_some(), icu.additional_in_a_day().value().is_some());
    }
}
