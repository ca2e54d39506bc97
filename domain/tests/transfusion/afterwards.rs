//! What nobody said, what was said of no request, and reactions that the authority is told of.

use samband_domain::blood::model::{Fate, Group, Status};
use samband_domain::donations::command::vigilance::Command as Authority;
use samband_domain::donations::model::vigilance::Notice;
use samband_domain::donations::view::yearly::{FIGURES, Tally};
use samband_domain::transfusion::PRESUMED_AFTER_HOURS;
use samband_domain::transfusion::command::Command;
use samband_domain::transfusion::model::{
    Category, DiscrepancyKind, Ended, Imputability, Reaction, Severity,
};
use samband_domain::transfusion::view::lists;
use samband_domain::{Event, Known, PatientId, RequestId, blood, donations, due};

use crate::common::Desk;
use crate::common::stock::*;
use crate::transfusion::flow::{ask, grouped, handing, ready, stocked};

/// Two units with a ward, and nobody says anything.
fn silent() -> (Desk, PatientId, RequestId) {
    let mut desk = ready();
    stocked(&mut desk, 1..3, Group::O_NEG);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 2);
    desk.must("a-1", handing(&request, &[unit(1), unit(2)]));
    (desk, patient, request)
}

fn tick(desk: &mut Desk) -> usize {
    let commands = due(&desk.region, &desk.journal, &[], &[], desk.now);
    let of = |command: &&samband_domain::Command| {
        matches!(command, samband_domain::Command::Transfusion(_))
    };
    let mine: Vec<_> = commands.iter().filter(of).cloned().collect();
    mine.into_iter().map(|command| desk.act("engine", command).expect("allowed").len()).sum()
}

/// The unit is past the rule's hours, and the ward's time to report is over.
fn later(desk: &mut Desk) {
    desk.pass_hours(4 + PRESUMED_AFTER_HOURS);
}

fn kinds(desk: &Desk) -> Vec<DiscrepancyKind> {
    lists(&desk.region, None, desk.now).discrepancies.iter().map(|(_, one)| one.kind).collect()
}

#[test]
fn units_of_which_nobody_says_anything_count_as_given_and_wait_for_somebody_to_find_out() {
    let (mut desk, _, request) = silent();
    desk.pass_hours(3 + PRESUMED_AFTER_HOURS);
    assert_eq!(tick(&mut desk), 0, "the ward still has time to report");
    desk.pass_hours(1);
    assert_eq!(tick(&mut desk), 2, "one event of the stock, one of the request");
    assert_eq!(tick(&mut desk), 0, "once");
    assert!(desk.region.shared.blood.is_gone(&unit(1)));
    let fate = desk.lines.iter().rev().find_map(|line| match &line.event {
        Event::Blood(blood::Event::Used(used, _)) => Some((used.fate, used.units.len())),
        _ => None,
    });
    assert_eq!(fate, Some((Fate::PresumedTransfused, 2)));
    assert_eq!(kinds(&desk), [DiscrepancyKind::NotReported; 2]);
    let settle = Command::SettleDiscrepancies { request, reason: "Avdelningen uppringd".into() };
    desk.must("a-1", settle);
    assert_eq!(kinds(&desk), []);
    assert!(desk.region.own.transfusion.requests.is_empty());
    assert!(desk.region.own.transfusion.presumed.is_empty());
    assert_eq!(desk.replayed(), desk.region);
}

#[test]
fn a_late_report_stands_instead_of_the_presumption() {
    let (mut desk, patient, request) = silent();
    let began = desk.now;
    later(&mut desk);
    tick(&mut desk);
    let ended = Known::Unknown;
    desk.must("a-2", Command::Transfuse { unit: unit(1), patient, began, ended });
    let held = &desk.region.own.transfusion.requests[&request];
    assert!(matches!(held.ended[&unit(1)], Ended::Transfused { .. }), "{:?}", held.ended);
    assert_eq!(kinds(&desk), [DiscrepancyKind::NotReported], "the other one is still not known");
    desk.must("a-2", Command::Waste { units: vec![unit(2)], reason: "Låg kvar".into() });
    assert_eq!(kinds(&desk), []);
    assert!(desk.region.own.transfusion.requests.is_empty(), "nothing waits any more");
    assert_eq!(desk.replayed(), desk.region);
}

#[test]
fn a_late_report_for_somebody_else_is_a_wrong_patient() {
    let (mut desk, _, _) = silent();
    let other = grouped(&mut desk, 1, Group::O_NEG);
    let began = desk.now;
    later(&mut desk);
    tick(&mut desk);
    let ended = Known::Unknown;
    desk.must("a-2", Command::Transfuse { unit: unit(1), patient: other, began, ended });
    let mut found = kinds(&desk);
    found.sort_unstable();
    assert_eq!(found, [DiscrepancyKind::WrongPatient, DiscrepancyKind::NotReported]);
}

#[test]
fn without_a_rule_nothing_is_presumed() {
    let mut desk = ready();
    let rules = crate::transfusion::people::all_rules().into_iter();
    let key = samband_domain::rulesets::key::TRANSFUSE_WITHIN_HOURS;
    adopt(&mut desk, rules.filter(|rule| rule.key != key).collect());
    stocked(&mut desk, 1..2, Group::O_NEG);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 1);
    desk.must("a-1", handing(&request, &[unit(1)]));
    later(&mut desk);
    assert_eq!(tick(&mut desk), 0);
    assert_eq!(lists(&desk.region, None, desk.now).unreturned.len(), 1, "it stays on the list");
}

#[test]
fn a_report_of_a_unit_that_nobody_knows_is_settled_with_a_reason() {
    let mut desk = ready();
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let (began, ended) = (desk.now, Known::Unknown);
    desk.must("a-2", Command::Transfuse { unit: unit(99), patient, began, ended });
    let all = lists(&desk.region, None, desk.now);
    let [(None, found)] = all.discrepancies.as_slice() else { panic!("{all:?}") };
    let (unit, found) = (found.unit, found.found);
    let settle = |reason: &str| Command::SettleLoose { unit, found, reason: reason.into() };
    assert_eq!(desk.refused("a-1", settle(" ")), "form.text_needed");
    desk.must("a-1", settle("Feltryckt etikett: enheten är 98"));
    assert_eq!(kinds(&desk), []);
    assert_eq!(desk.refused("a-1", settle("igen")), "reconcile.nothing_waits");
    assert_eq!(desk.replayed(), desk.region);
}

fn reacted(desk: &mut Desk, patient: PatientId, severity: Severity) -> samband_domain::words::Code {
    let reaction = Reaction {
        patient,
        units: vec![unit(1)],
        began: desk.now,
        category: Category::Anaphylaxis,
        severity,
        imputability: Imputability::NotAssessable,
        signs: "Blodtrycksfall".into(),
        assessed_by: None,
    };
    let before = desk.region.own.transfusion.reactions.clone();
    desk.must("a-2", Command::React { reaction });
    let mut after = desk.region.own.transfusion.reactions.keys();
    after.find(|id| !before.contains_key(*id)).expect("reported").clone()
}

#[test]
fn a_serious_reaction_judged_likely_is_told_to_the_authority_in_two_steps() {
    let (mut desk, patient, _) = silent();
    let id = reacted(&mut desk, patient.clone(), Severity::Serious);
    let judge = |category, imputability| {
        let reaction = id.clone();
        Command::Assess { reaction, category, imputability }
    };
    assert_eq!(
        desk.refused("a-1", judge(Category::Storage, Imputability::Likely)),
        "vigilance.category"
    );
    let open = |desk: &Desk| desk.region.own.donations.to_tell.get(&id).cloned();
    desk.must("a-1", judge(Category::Anaphylaxis, Imputability::Possible));
    assert_eq!(open(&desk), None, "the authority is told of what is likely");
    desk.must("a-1", judge(Category::Anaphylaxis, Imputability::Likely));
    let held = open(&desk).expect("a case");
    assert_eq!((held.notice, held.unit), (Notice::Reaction, Some(unit(1))));
    desk.must("a-1", judge(Category::Anaphylaxis, Imputability::Unlikely));
    assert_eq!(open(&desk), None, "judged otherwise before anybody was told");
    desk.must("a-1", judge(Category::Trali, Imputability::Certain));
    let tell = Authority::NotifyOpened { case: id.clone(), note: None };
    let tell = donations::Command::Vigilance(tell);
    desk.must("a-1", tell.clone());
    assert_eq!(open(&desk), None);
    assert_eq!(desk.region.shared.donations.vigilance.cases[&id].category, Category::Trali);
    assert_eq!(desk.refused("a-1", tell), "form.not_found");
    desk.must("a-1", judge(Category::Trali, Imputability::Likely));
    assert_eq!(open(&desk), None, "what was told is followed by the second step");
    let confirm = Authority::Confirm { case: id, imputability: Imputability::Likely, note: None };
    desk.must("a-1", donations::Command::Vigilance(confirm));
    let figures = |desk: &Desk| {
        let mut tally = Tally::default();
        desk.lines.iter().for_each(|line| tally.tell(&desk.journal, &line.event));
        let keys = ["reacted.all", "reacted.serious", "reacted.na", "reacted.2", "reacted.3"];
        keys.map(|key| FIGURES.iter().find(|one| one.key == key).expect(key).value(&tally))
    };
    let counted = [1, 1, 0, 1, 0].map(Some);
    assert_eq!(figures(&desk), counted, "judged six times, counted once, as it was judged last");
    // A mild one is nothing for the authority.
    let mild = reacted(&mut desk, patient, Severity::Mild);
    let (category, imputability) = (Category::Other, Imputability::Certain);
    desk.must("a-1", Command::Assess { reaction: mild, category, imputability });
    assert_eq!(figures(&desk), [2, 1, 0, 1, 1].map(Some), "the mild one too");
    assert!(desk.region.own.donations.to_tell.is_empty());
    assert_eq!(desk.replayed(), desk.region);
    assert!(!desk.shared_bytes().contains(crate::common::SECRET));
}

#[test]
fn persons_who_received_blood_are_counted_once_and_unknown_while_somebody_is_not_named() {
    let (mut desk, patient, request) = silent();
    let recipients = |desk: &Desk| {
        let mut tally = Tally::default();
        desk.lines.iter().for_each(|line| tally.tell(&desk.journal, &line.event));
        let figure = FIGURES.iter().find(|one| one.key == "recipients").expect("a figure");
        figure.value(&tally)
    };
    assert_eq!(recipients(&desk), Some(0));
    for serial in [1, 2] {
        let (unit, patient, began) = (unit(serial), patient.clone(), desk.now);
        desk.must("a-2", Command::Transfuse { unit, patient, began, ended: Known::Unknown });
    }
    assert_eq!(recipients(&desk), Some(1), "two units, one person");
    assert!(!desk.region.own.transfusion.requests.contains_key(&request));
    stocked(&mut desk, 5..6, Group::O_NEG);
    let when = desk.now.plus_seconds(-60);
    let line = samband_domain::transfusion::model::Paper {
        number: "R-9".into(),
        kind: samband_domain::transfusion::model::PaperKind::Transfused,
        unit: unit(5),
        patient: None,
        at: when,
        ward: "IVA".into(),
        signed: "BMA Ask".into(),
        note: Known::Unknown,
    };
    let component = samband_domain::blood::model::Component::RedCells;
    desk.must("a-1", Command::EnterPaper { paper: line, site: site("one"), component });
    assert_eq!(recipients(&desk), None, "somebody whom nobody has named");
    let id = desk.region.own.transfusion.requests.keys().next().expect("waits").clone();
    let other = grouped(&mut desk, 1, Group::O_NEG);
    desk.must("a-1", Command::Reconcile { request: id, patient: Some(other) });
    assert_eq!(recipients(&desk), Some(2));
    assert_eq!(desk.region.shared.blood.units.get(&unit(5)).map(|one| one.status), None::<Status>);
}
