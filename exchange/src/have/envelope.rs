//! EDXL-DE 1.0, the envelope that says for what a HAVE document is meant.

use super::{namespaces, write_facilities};
use crate::capacity::{CapacityReport, Purpose};
use crate::xml::Out;

/// The namespace of EDXL-DE 1.0.
const NAMESPACE: &str = "urn:oasis:names:tc:emergency:EDXL:DE:1.0";

/// The report as HAVE 2.0 within EDXL-DE 1.0.
#[must_use]
pub fn enveloped(report: &CapacityReport) -> String {
    Out::document("EDXLDistribution", &format!("xmlns=\"{NAMESPACE}\""), |out| {
        out.line("distributionID", &report.identifier);
        out.line("senderID", &report.sender);
        out.line("dateTimeSent", &report.sent.to_string());
        out.line("distributionStatus", status(&report.purpose));
        out.line("distributionType", "Report");
        out.line("combinedConfidentiality", &report.confidentiality);
        out.line("language", "sv-SE");
        out.within("contentObject", |out| {
            out.line("contentDescription", &description(report));
            out.within("xmlContent", |out| {
                out.within("embeddedXMLContent", |out| {
                    out.within_with("have:HAVE", &namespaces(), |out| {
                        write_facilities(out, report);
                    });
                });
            });
        });
    })
}

fn status(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Actual => "Actual",
        Purpose::Exercise(_) => "Exercise",
        Purpose::Test => "Test",
    }
}

/// In an exercise, the description begins and ends with the word, so that cutting it short cannot
/// hide it.
fn description(report: &CapacityReport) -> String {
    let name = &report.sender_name;
    match &report.purpose {
        Purpose::Actual => format!("{name}: vårdkapacitet"),
        Purpose::Exercise(exercise) => {
            format!("ÖVNING {exercise}: {name}: vårdkapacitet ÖVNING")
        }
        Purpose::Test => format!("TEST: {name}: vårdkapacitet"),
    }
}
