//! EDXL-HAVE 2.0 of OASIS and HL7: what hospitals can receive.
//!
//! Every count is optional there; what is unknown is left out and never written as nought. HAVE has
//! no mark for exercises of its own: [`enveloped`] puts it into EDXL-DE 1.0, whose status says so.
//! Which names of elements are confirmed, and which are not, stands in `docs/cap.md`.

mod envelope;

use samband_domain::Known;

use crate::capacity::{CapacityReport, Horizon, Hospital, Kind, Operations, Places};
use crate::xml::Out;

pub use envelope::enveloped;

/// The namespace of HAVE 2.0.
pub const NAMESPACE: &str = "urn:oasis:names:tc:emergency:edxl:have:2.0";
/// The namespace of the types that the EDXL standards share.
const COMMON: &str = "urn:oasis:names:tc:emergency:edxl:ct:1.0";
/// The namespace of GML.
const GML: &str = "http://www.opengis.net/gml/3.2";

/// The report as a document of HAVE 2.0. Without its envelope it cannot say that it belongs to an
/// exercise.
#[must_use]
pub fn write(report: &CapacityReport) -> String {
    Out::document("have:HAVE", &namespaces(), |out| write_facilities(out, report))
}

fn namespaces() -> String {
    format!("xmlns:have=\"{NAMESPACE}\" xmlns:edxl-ct=\"{COMMON}\" xmlns:gml=\"{GML}\"")
}

fn write_facilities(out: &mut Out, report: &CapacityReport) {
    for (at, hospital) in report.hospitals.iter().enumerate() {
        out.within("have:facility", |out| write_facility(out, at + 1, hospital));
    }
}

fn write_facility(out: &mut Out, number: usize, hospital: &Hospital) {
    out.within("have:facilityInformation", |out| {
        out.line("have:facilityID", &hospital.identifier);
        out.line("have:facilityName", &hospital.name);
        if let Some(place) = hospital.place {
            out.within("have:facilityGeoLocation", |out| {
                out.within("edxl-ct:EDXLGeoLocation", |out| {
                    let attributes = format!(
                        "gml:id=\"facility-{number}\" srsName=\"urn:ogc:def:crs:EPSG::4326\""
                    );
                    out.within_with("gml:Point", &attributes, |out| {
                        let position = format!("{} {}", place.latitude(), place.longitude());
                        out.line("gml:pos", &position);
                    });
                });
            });
        }
    });
    if let Known::Value(operations) = hospital.operations {
        out.line("have:facilityStatus", status(operations));
    }
    for (kind, places) in &hospital.places {
        write_places(out, *kind, places);
    }
    out.line("have:lastUpdateTime", &hospital.as_of.to_string());
}

fn status(operations: Operations) -> &'static str {
    match operations {
        Operations::Normal => "Normal",
        Operations::Compromised => "Compromised",
        Operations::Evacuating => "Evacuating",
        Operations::Closed => "Closed",
    }
}

fn write_places(out: &mut Out, kind: Kind, places: &Places) {
    let usable = places.usable(Horizon::Now);
    let counts = [
        ("have:availableCount", usable),
        ("have:baselineCount", places.baseline),
        ("have:additionalCapacityCount24Hr", places.additional_in_a_day()),
    ];
    if counts.iter().all(|(_, count)| count.value().is_none()) {
        return;
    }
    out.within("have:bedCapacity", |out| {
        out.line("have:bedType", bed_type(kind));
        out.within("have:capacity", |out| {
            let free =
                usable.map(|usable| if usable > 0 { "VacantAvailable" } else { "NotAvailable" });
            out.maybe("have:capacityStatus", free.value());
            for (name, count) in counts {
                out.maybe(name, count.value().map(|count| count.to_string()).as_deref());
            }
        });
    });
}

fn bed_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Emergency => "EmergencyDepartment",
        Kind::AdultIcu => "AdultICU",
        Kind::PaediatricIcu => "PediatricICU",
        Kind::NeonatalIcu => "NeonatalICU",
        Kind::Ward => "MedicalSurgical",
        Kind::Paediatric => "Pediatrics",
        Kind::Psychiatric => "Psychiatric",
        Kind::Burn => "Burn",
        Kind::NegativePressure => "NegativeFlowIsolation",
        Kind::Isolation => "OtherIsolation",
        Kind::Operating => "OperatingRooms",
    }
}
