//! FHIR R4 MeasureReport in the manner of SANER 1.0.0: what hospitals can receive, as counts.
//!
//! Codes are those of the guide's `MeasuredValues` and `MeasureGroupSystem`. What is unknown is
//! there with its code, without a count, and with the reason that it is unknown. A report of an
//! exercise or a test bears the security label HTEST.

use samband_domain::Known;
use serde_json::{Map, Value, json};

use crate::capacity::{CapacityReport, Horizon, Hospital, Kind, Places, Purpose};

/// The measure of the guide that these reports follow.
pub const MEASURE: &str =
    "http://hl7.org/fhir/uv/saner/Measure/CDCPatientImpactAndHospitalCapacity";
const PROFILE: &str = "http://hl7.org/fhir/uv/saner/StructureDefinition/PublicHealthMeasureReport";
const GROUPS: &str = "http://hl7.org/fhir/uv/saner/CodeSystem/MeasureGroupSystem";
const VALUES: &str = "http://hl7.org/fhir/uv/saner/CodeSystem/MeasuredValues";
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
const REASONS: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

/// Intensive care.
const ICU: &[Kind] = &[Kind::AdultIcu, Kind::PaediatricIcu, Kind::NeonatalIcu];
/// In-patients, intensive care not counted.
const WARDS: &[Kind] = &[
    Kind::Ward,
    Kind::Paediatric,
    Kind::Psychiatric,
    Kind::Burn,
    Kind::NegativePressure,
    Kind::Isolation,
];

/// All hospitals of a report, as a Bundle of MeasureReports.
#[must_use]
pub fn bundle(report: &CapacityReport) -> Value {
    let entries: Vec<Value> = report
        .hospitals
        .iter()
        .map(|hospital| json!({ "resource": measure_report(report, hospital) }))
        .collect();
    json!({
        "resourceType": "Bundle",
        "identifier": { "value": &*report.identifier },
        "type": "collection",
        "timestamp": report.sent.to_string(),
        "entry": entries,
    })
}

/// One hospital of a report, as a MeasureReport.
#[must_use]
pub fn measure_report(report: &CapacityReport, hospital: &Hospital) -> Value {
    let authority = report.authority.text();
    let moment = hospital.as_of.to_string();
    json!({
        "resourceType": "MeasureReport",
        "meta": meta(&report.purpose),
        "identifier": [{ "value": format!("{}/{}", report.identifier, hospital.identifier) }],
        "status": "complete",
        "type": "summary",
        "measure": MEASURE,
        "subject": {
            "type": "Location",
            "identifier": { "system": authority, "value": &*hospital.identifier },
            "display": &*hospital.name,
        },
        "date": report.sent.to_string(),
        "reporter": {
            "type": "Organization",
            "identifier": { "system": authority, "value": &*report.sender },
            "display": reporter(report),
        },
        "period": { "start": moment, "end": moment },
        "group": [group("Beds", &beds(hospital)), group("Ventilators", &ventilators(hospital))],
    })
}

fn meta(purpose: &Purpose) -> Value {
    let mut meta = Map::new();
    meta.insert("profile".into(), json!([PROFILE]));
    let label = |display: &str| json!([{ "system": REASONS, "code": "HTEST", "display": display }]);
    match purpose {
        Purpose::Actual => {}
        Purpose::Exercise(exercise) => {
            let tag = json!([{ "display": format!("ÖVNING {exercise} ÖVNING") }]);
            meta.insert("security".into(), label("test health data"));
            meta.insert("tag".into(), tag);
        }
        Purpose::Test => {
            meta.insert("security".into(), label("test health data"));
        }
    }
    Value::Object(meta)
}

fn reporter(report: &CapacityReport) -> String {
    match &report.purpose {
        Purpose::Exercise(_) => format!("ÖVNING {} ÖVNING", report.sender_name),
        Purpose::Actual | Purpose::Test => report.sender_name.to_string(),
    }
}

/// A count by its code and its name in the guide.
type Count = (&'static str, &'static str, Known<u32>);

fn beds(hospital: &Hospital) -> Vec<Count> {
    let inpatient = [ICU, WARDS].concat();
    let all = [ICU, WARDS, &[Kind::Emergency]].concat();
    let usable = |places: &Places| places.usable(Horizon::Now);
    let (baseline, occupied) =
        (|places: &Places| places.baseline, |places: &Places| places.occupied);
    vec![
        ("numTotBeds", "All Hospital Beds", hospital.sum(&all, baseline)),
        ("numTotBedsOcc", "Hospital Beds Occupied", hospital.sum(&all, occupied)),
        ("numTotBedsAvail", "Hospital Beds Available", hospital.sum(&all, usable)),
        ("numbeds", "Hospital Inpatient Beds", hospital.sum(&inpatient, baseline)),
        ("numBedsOcc", "Hospital Inpatient Bed Occupancy", hospital.sum(&inpatient, occupied)),
        ("numICUBeds", "ICU Beds", hospital.sum(ICU, Places::staffed)),
        ("numICUBedsOcc", "ICU Bed Occupancy", hospital.sum(ICU, occupied)),
        ("numICUBedsAvail", "ICU Bed Availability", hospital.sum(ICU, usable)),
        ("numImpBeds", "Inpatient (non-ICU) Beds", hospital.sum(WARDS, Places::staffed)),
        ("numImpBedsOcc", "Inpatient (non-ICU) Bed Occupancy", hospital.sum(WARDS, occupied)),
        ("numImpBedsAvail", "Inpatient (non-ICU) Bed Availability", hospital.sum(WARDS, usable)),
    ]
}

fn ventilators(hospital: &Hospital) -> Vec<Count> {
    let ventilators = hospital.ventilators;
    vec![
        ("numVent", "Mechanical Ventilators", ventilators.total),
        ("numVentUse", "Mechanical Ventilators in Use", ventilators.in_use),
        ("numVentAvail", "Mechanical Ventilators Available", ventilators.available),
    ]
}

fn group(code: &str, counts: &[Count]) -> Value {
    let coding = json!({ "coding": [{ "system": GROUPS, "code": code, "display": code }] });
    let populations: Vec<Value> = counts.iter().map(population).collect();
    json!({ "code": coding, "population": populations })
}

fn population((code, display, count): &Count) -> Value {
    let code = json!({ "coding": [{ "system": VALUES, "code": code, "display": display }] });
    let absent = |reason: &str| {
        let reason = json!([{ "url": ABSENT, "valueCode": reason }]);
        json!({ "extension": reason, "code": code.clone() })
    };
    match count {
        Known::Unknown => absent("unknown"),
        // FHIR counts to 2 147 483 647.
        Known::Value(count) => match i32::try_from(*count) {
            Ok(count) => json!({ "code": code, "count": count }),
            Err(_) => absent("error"),
        },
    }
}
