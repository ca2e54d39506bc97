//! Reactions, and the reserve routine's paper: reports that are held against the record.

use samband_domain::blood::model::{Component, Group, QuarantineReason, Status};
use samband_domain::transfusion::command::Command;
use samband_domain::transfusion::model::{
    Category, DiscrepancyKind, Imputability, Paper, PaperKind, Reaction, Severity,
};
use samband_domain::transfusion::view::lists;
use samband_domain::{Known, PatientId};

use crate::common::stock::*;
use crate::transfusion::flow::{ask, grouped, handing, ready, status, stocked};

#[test]
fn a_reaction_stops_what_else_came_of_the_donation() {
    let mut desk = ready();
    stocked(&mut desk, 1..2, Group::O_NEG);
    let sibling = unit_of(PLATELETS, 1);
    let mut other = row(1);
    other.id = sibling;
    desk.must("a-1", take_over("one", vec![other]));
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 1);
    desk.must("a-1", handing(&request, &[unit(1)]));
    let (began, ended) = (desk.now, Known::Unknown);
    let given = Command::Transfuse { unit: unit(1), patient: patient.clone(), began, ended };
    desk.must("a-2", given);
    let reaction = Reaction {
        patient,
        units: vec![unit(1)],
        began,
        category: Category::Bacterial,
        severity: Severity::Serious,
        imputability: Imputability::NotAssessable,
        signs: "Feber, frossa".into(),
        assessed_by: None,
    };
    desk.must("a-2", Command::React { reaction });
    let held = desk.region.shared.blood.units[&sibling].status;
    assert_eq!(held, Status::Quarantined(QuarantineReason::Recall));
    let all = lists(&desk.region, None, desk.now);
    let (id, _) = all.reactions[0];
    let (reaction, category) = (id.clone(), Category::Bacterial);
    desk.must("a-1", Command::Assess { reaction, category, imputability: Imputability::Likely });
    assert!(lists(&desk.region, None, desk.now).reactions.is_empty());
}

#[test]
fn paper_is_entered_once_and_held_against_the_record() {
    let mut desk = ready();
    stocked(&mut desk, 1..3, "a_pos".parse().unwrap());
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let line = |number: &str, unit, patient: &PatientId, at| Command::EnterPaper {
        paper: Paper {
            number: number.into(),
            kind: PaperKind::Transfused,
            unit,
            patient: Some(patient.clone()),
            at,
            ward: "IVA".into(),
            signed: "BMA Ask".into(),
            note: Known::Unknown,
        },
        site: site("one"),
        component: Component::RedCells,
    };
    let when = desk.now.plus_seconds(-3_600);
    desk.must("a-1", line("R-1", unit(1), &patient, when));
    assert_eq!(desk.refused("a-1", line("R-1", unit(2), &patient, when)), "paper.entered_before");
    assert_eq!(status(&desk, 1), None, "it was given, whatever the rules say");
    desk.must("a-1", line("R-2", unit(99), &patient, when));
    let all = lists(&desk.region, None, desk.now);
    let mut kinds: Vec<_> = all.discrepancies.iter().map(|(_, found)| found.kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [DiscrepancyKind::UnitUnknown, DiscrepancyKind::Abo]);
    // Until somebody has gone through it, the computer alone is not enough for this patient.
    stocked(&mut desk, 5..6, Group::O_NEG);
    let request = ask(&mut desk, &patient, 1);
    assert_eq!(desk.refused("a-1", handing(&request, &[unit(5)])), "issue.crossmatch");
}
