//! The way of a unit through a region's record: from request to end, and every stop on the way.

use samband_domain::blood::model::{
    Antigen, Component, Group, Place, QuarantineReason, Significance, Status, UnitId,
};
use samband_domain::donations::elsewhere::Elsewhere;
use samband_domain::patients::command::Command as Patients;
use samband_domain::patients::model::{
    Capture, Identity, Purpose, Sample, SampleNumber, ScreenResult, Target,
};
use samband_domain::transfusion::Event as Said;
use samband_domain::transfusion::command::{Back, Command, Crossmatched, Deciding, Handing};
use samband_domain::transfusion::gate::Route;
use samband_domain::transfusion::model::{
    Bedside, BedsideReason, Capacity, DiscrepancyKind, Estimate, ExceptionRule, Kind, Match,
    Request, Temperature, Urgency,
};
use samband_domain::transfusion::view::{bedside, candidates, lists};
use samband_domain::{Event, Known, PatientId, Private, RequestId};

use crate::common::Desk;
use crate::common::stock::*;
use crate::transfusion::people::all_rules;

/// A region with the rules of patients, an hour and three days after the start.
pub fn ready() -> Desk {
    let mut desk = bare("skane");
    adopt(&mut desk, all_rules());
    desk.pass_hours(73);
    desk
}

/// Synthetic numbers that the Swedish check accepts (Skatteverket's test numbers are of this form).
pub const NUMBERS: [&str; 4] = ["191212121212", "196408233234", "193910303183", "198112289874"];

pub fn register(desk: &mut Desk, n: usize) -> PatientId {
    let identity = Identity {
        number: NUMBERS[n].parse().unwrap(),
        name: Known::Value(format!("Prov {n} {}", crate::common::SECRET)),
        born: Known::Unknown,
        sex: Known::Unknown,
    };
    match desk.must("a-1", Patients::Register { identity }) {
        Event::Patients(samband_domain::patients::Event::Registered(_, Private::Here(said))) => {
            said.patient
        }
        other => panic!("{other:?}"),
    }
}

fn capture() -> Capture {
    Capture::Interface { instrument: "Provinstrument".into() }
}

/// A sample, its group and its screen, so many hours ago.
pub fn sample(
    desk: &mut Desk,
    patient: &PatientId,
    (number, purpose): (&str, Purpose),
    hours_ago: i64,
    group: Group,
    screen: Option<bool>,
) {
    let number: SampleNumber = number.parse().unwrap();
    let taken = desk.now.plus_seconds(-hours_ago * 3_600);
    let sample = Sample {
        number: number.clone(),
        purpose,
        taken,
        place: "Avd 1".into(),
        taken_by: "USK".into(),
        identity_signed: true,
        shared_occasion: None,
    };
    desk.must("a-1", Patients::TakeSample { patient: patient.clone(), sample });
    let determined = taken.plus_seconds(1_800);
    desk.must(
        "a-1",
        Patients::Determine {
            patient: patient.clone(),
            sample: number.clone(),
            determined,
            group: Known::Value(group),
            phenotype: Default::default(),
            emergency: false,
            capture: capture(),
        },
    );
    if let Some(positive) = screen {
        let result = if positive { ScreenResult::Positive } else { ScreenResult::Negative };
        let (patient, performed) = (patient.clone(), determined);
        let capture = capture();
        desk.must(
            "a-1",
            Patients::RecordScreen { patient, sample: number, performed, result, capture },
        );
    }
}

/// Somebody grouped twice and screened.
pub fn grouped(desk: &mut Desk, n: usize, group: Group) -> PatientId {
    let patient = register(desk, n);
    sample(desk, &patient, (&format!("G-100{n}"), Purpose::Group), 40, group, None);
    let number = format!("B-200{n}");
    sample(desk, &patient, (&number, Purpose::Compatibility), 6, group, Some(false));
    patient
}

pub fn asks(desk: &Desk, patient: Option<&PatientId>, urgency: Urgency, units: u16) -> Request {
    Request {
        patient: patient.cloned(),
        estimate: Estimate::NONE,
        component: Component::RedCells,
        units,
        needed: desk.now.plus_seconds(7_200),
        urgency,
        kind: Kind::Transfusion,
        requirements: Vec::new(),
        site: site("one"),
        ward: "Avd 3".into(),
        indication: "Anemi".into(),
    }
}

pub fn ask(desk: &mut Desk, patient: &PatientId, units: u16) -> RequestId {
    let request = asks(desk, Some(patient), Urgency::Routine, units);
    request_of(&desk.must("a-1", Command::Request { request }))
}

pub fn request_of(event: &Event) -> RequestId {
    match event {
        Event::Transfusion(Said::Requested(_, Private::Here(said))) => said.id.clone(),
        other => panic!("{other:?}"),
    }
}

pub fn stocked(desk: &mut Desk, serials: std::ops::Range<u32>, group: Group) {
    let rows = serials.map(|serial| {
        let mut one = row(serial);
        one.group = Known::Value(group);
        one
    });
    desk.must("a-1", take_over("one", rows.collect()));
}

/// What other regions say of units where there are none.
fn alone(desk: &Desk) -> Elsewhere<'_> {
    Elsewhere::of(&desk.region.shared, &[])
}

pub fn handing(request: &RequestId, units: &[UnitId]) -> Command {
    let (request, units) = (request.clone(), units.to_vec());
    Command::Issue { handing: Handing { request, units, fetched_by: "USK Ek".into() } }
}

pub fn status(desk: &Desk, serial: u32) -> Option<Status> {
    desk.region.shared.blood.units.get(&unit(serial)).map(|unit| unit.status)
}

fn back(units: &[UnitId], uncooled: u32) -> Command {
    Command::Return {
        back: Back {
            units: units.to_vec(),
            site: site("one"),
            uncooled_minutes: Known::Value(uncooled),
            cooled_minutes: Known::Value(0),
            temperature: Temperature::NoRecord,
            intact: true,
        },
    }
}

#[test]
fn a_request_is_filled_by_electronic_issue_and_every_unit_comes_to_its_end() {
    let mut desk = ready();
    stocked(&mut desk, 1..6, Group::O_NEG);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 2);
    let rules =
        desk.region.shared.rulesets.in_force(samband_domain::rulesets::Scope::Blood, desk.now);
    let held = &desk.region.own.transfusion.requests[&request];
    let best = candidates(
        (&desk.region, &[]),
        rules.unwrap(),
        (&request, held),
        Component::RedCells,
        desk.now,
        3,
    );
    assert_eq!(best.len(), 3);
    assert!(best.iter().all(|one| one.gate.route == Some(Route::Electronic)), "{best:?}");
    let units = vec![unit(1), unit(2)];
    desk.must("a-1", Command::Reserve { request: request.clone(), units: units.clone() });
    assert_eq!(desk.region.own.blood.by_request[&request].len(), 2);
    let more = Command::Reserve { request: request.clone(), units: vec![unit(3)] };
    assert_eq!(desk.refused("a-1", more), "request.more_than_asked");
    desk.must("a-1", handing(&request, &units));
    assert_eq!(status(&desk, 1), Some(Status::Issued));
    let shelf = &desk.region.shared.blood.shelves.sites[&site("one")];
    assert_eq!(shelf.tally[&(Component::RedCells, Some(Group::O_NEG))].at(Place::Issued), 2);
    let (said, why) = bedside(&desk.region, &alone(&desk), &unit(1), Some(&patient), desk.now);
    assert_eq!((said, why), (Bedside::Agrees, vec![]));
    let began = desk.now;
    let ended = Known::Unknown;
    desk.must("a-2", Command::Transfuse { unit: unit(1), patient, began, ended });
    assert_eq!(status(&desk, 1), None);
    assert!(desk.region.shared.blood.is_gone(&unit(1)));
    // Half an hour on the table is the region's limit.
    desk.must("a-2", back(&[unit(2)], 30));
    assert_eq!(status(&desk, 2), Some(Status::Available));
    assert!(!desk.region.own.transfusion.requests.is_empty(), "one of two is still asked for");
    desk.must("a-1", handing(&request, &[unit(2)]));
    desk.must("a-2", back(&[unit(2)], 31));
    assert_eq!(status(&desk, 2), Some(Status::Quarantined(QuarantineReason::Temperature)));
    desk.must("a-1", handing(&request, &[unit(4)]));
    desk.must("a-2", Command::Waste { units: vec![unit(4)], reason: "Bruten påse".into() });
    assert!(desk.region.own.transfusion.requests.is_empty(), "filled and at an end");
    assert!(desk.region.own.transfusion.by_patient.is_empty());
    assert!(desk.region.own.blood.request_of.is_empty());
    assert_eq!(desk.replayed(), desk.region);
    assert!(!desk.shared_bytes().contains(crate::common::SECRET));
}

#[test]
fn an_antibody_posted_after_the_reservation_stops_the_issue() {
    let mut desk = ready();
    stocked(&mut desk, 1..3, Group::O_NEG);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 1);
    desk.must("a-1", Command::Reserve { request: request.clone(), units: vec![unit(1)] });
    let found = Patients::FindAntibody {
        patient,
        against: Target::RedCell(Antigen::Jka),
        significance: Known::Value(Significance::Significant),
        method: None,
        found: desk.now,
        place: "Lund".into(),
    };
    desk.must("a-2", found);
    assert_eq!(desk.refused("a-1", handing(&request, &[unit(1)])), "issue.ei_8");
    assert_eq!(status(&desk, 1), desk.region.shared.blood.units.get(&unit(1)).map(|u| u.status));
    assert!(matches!(status(&desk, 1), Some(Status::Reserved { .. })));
}

#[test]
fn a_reservation_lapses_by_the_clock_and_frees_the_request() {
    let mut desk = ready();
    stocked(&mut desk, 1..3, Group::O_NEG);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 1);
    desk.must("a-1", Command::Reserve { request: request.clone(), units: vec![unit(1)] });
    desk.pass_hours(73);
    let own = &desk.region.shared;
    let due =
        samband_domain::due(&desk.region, &desk.journal, &[], &[(&desk.journal, own)], desk.now);
    for command in due {
        desk.must("a-1", command);
    }
    assert_eq!(status(&desk, 1), Some(Status::Available));
    assert!(desk.region.own.blood.by_request.is_empty());
    // And five days after it was taken the sample is too old.
    desk.pass_hours(24 * 3);
    assert_eq!(desk.refused("a-1", handing(&request, &[unit(1)])), "issue.ei_1");
}

#[test]
fn incompatible_red_cells_are_refused_whatever_two_physicians_say() {
    let mut desk = ready();
    stocked(&mut desk, 1..3, "a_pos".parse().unwrap());
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = asks(&desk, Some(&patient), Urgency::Emergency, 1);
    let request = request_of(&desk.must("a-1", Command::Request { request }));
    for rule in ExceptionRule::ALL {
        for (who, capacity) in [("a-1", Capacity::Transfusion), ("a-2", Capacity::Treating)] {
            let decision = Deciding {
                rule: *rule,
                capacity,
                physician: format!("Dr {who}"),
                reason: "Livshotande".into(),
                until: desk.now.plus_days(1),
            };
            desk.must(who, Command::Decide { request: request.clone(), decision });
        }
    }
    assert_eq!(desk.refused("a-1", handing(&request, &[unit(1)])), "issue.ei_7");
    let reserve = Command::Reserve { request, units: vec![unit(1)] };
    assert_eq!(desk.refused("a-1", reserve), "issue.ei_7");
}

#[test]
fn an_exception_takes_two_physicians_put_on_record_by_two_persons() {
    let mut desk = ready();
    stocked(&mut desk, 1..3, "o_pos".parse().unwrap());
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let request = ask(&mut desk, &patient, 1);
    let issue = handing(&request, &[unit(1)]);
    assert_eq!(desk.refused("a-1", issue.clone()), "issue.not_compatible");
    let says = |capacity, physician: &str, until| Command::Decide {
        request: request.clone(),
        decision: Deciding {
            rule: ExceptionRule::DPositive,
            capacity,
            physician: physician.into(),
            reason: "Inget RhD-negativt kvar".into(),
            until,
        },
    };
    let until = desk.now.plus_days(1);
    desk.must("a-1", says(Capacity::Transfusion, "Dr Ett", until));
    assert_eq!(desk.refused("a-1", issue.clone()), "issue.not_compatible", "one is not two");
    let again = says(Capacity::Treating, "Dr Två", until);
    assert_eq!(desk.refused("a-1", again), "exception.two_persons");
    let same = says(Capacity::Treating, "dr ett", until);
    assert_eq!(desk.refused("a-2", same), "exception.two_persons");
    let long = says(Capacity::Treating, "Dr Två", desk.now.plus_days(9));
    assert_eq!(desk.refused("a-2", long), "exception.until");
    desk.must("a-2", says(Capacity::Treating, "Dr Två", until));
    let said = desk.act("a-1", issue).unwrap();
    let route = said.iter().find_map(|event| match event {
        Event::Transfusion(Said::Issued(_, Private::Here(given))) => Some(given.units[0].route),
        _ => None,
    });
    assert_eq!(route, Some(Route::Excepted));
}

#[test]
fn a_crossmatch_stands_in_for_a_positive_screen_and_an_incompatible_one_frees_the_unit() {
    let mut desk = ready();
    stocked(&mut desk, 1..4, Group::O_NEG);
    let patient = register(&mut desk, 0);
    sample(&mut desk, &patient, ("G-0001", Purpose::Group), 40, Group::O_NEG, None);
    sample(&mut desk, &patient, ("B-0001", Purpose::Compatibility), 6, Group::O_NEG, Some(true));
    let request = ask(&mut desk, &patient, 1);
    // What was seen in the screen must be identified before anything is chosen.
    assert_eq!(desk.refused("a-1", handing(&request, &[unit(1)])), "issue.ei_4");
    let found = Patients::FindAntibody {
        patient,
        against: Target::RedCell(Antigen::Fya),
        significance: Known::Value(Significance::Insignificant),
        method: None,
        found: desk.now,
        place: "Lund".into(),
    };
    desk.must("a-1", found);
    assert_eq!(desk.refused("a-1", handing(&request, &[unit(1)])), "issue.crossmatch");
    let read = |unit, result| Command::Crossmatch {
        request: request.clone(),
        read: Crossmatched { unit, taken: at(70), result },
    };
    let early = read(unit(1), Match::Compatible);
    assert_eq!(desk.refused("a-1", early), "crossmatch.not_set_aside");
    desk.must("a-1", Command::Reserve { request: request.clone(), units: vec![unit(1)] });
    desk.must("a-1", read(unit(1), Match::Incompatible));
    assert_eq!(status(&desk, 1), Some(Status::Available));
    desk.must("a-1", Command::Reserve { request: request.clone(), units: vec![unit(2)] });
    desk.must("a-1", read(unit(2), Match::Compatible));
    let confirm = Command::ConfirmCrossmatch { request: request.clone(), unit: unit(2) };
    assert_eq!(desk.refused("a-1", confirm.clone()), "crossmatch.confirm");
    desk.must("a-2", confirm);
    desk.must("a-1", handing(&request, &[unit(2)]));
    assert_eq!(status(&desk, 2), Some(Status::Issued));
}

#[test]
fn the_wrong_unit_beside_a_patient_is_stopped_and_recorded() {
    let mut desk = ready();
    stocked(&mut desk, 1..3, Group::O_NEG);
    let patient = grouped(&mut desk, 0, Group::O_NEG);
    let other = grouped(&mut desk, 1, Group::O_NEG);
    let request = ask(&mut desk, &patient, 1);
    desk.must("a-1", handing(&request, &[unit(1)]));
    let check =
        |unit, patient: &PatientId| Command::CheckBedside { unit, patient: Some(patient.clone()) };
    let said = |event: &Event| match event {
        Event::Transfusion(Said::Checked(_, Private::Here(said))) => {
            (said.said, said.reasons.clone())
        }
        other => panic!("{other:?}"),
    };
    let wrong = desk.must("a-2", check(unit(1), &other));
    assert_eq!(said(&wrong), (Bedside::Differs, vec![BedsideReason::OtherPatient]));
    let never = desk.must("a-2", check(unit(2), &patient));
    assert_eq!(said(&never), (Bedside::Differs, vec![BedsideReason::NotIssued]));
    desk.pass_hours(5);
    let late = desk.must("a-2", check(unit(1), &patient));
    assert_eq!(said(&late), (Bedside::Differs, vec![BedsideReason::TooLong]));
    // Given all the same: it is recorded, and waits on the list.
    let (began, ended) = (desk.now, Known::Unknown);
    desk.must("a-2", Command::Transfuse { unit: unit(1), patient: other, began, ended });
    let all = lists(&desk.region, None, desk.now);
    let kinds: Vec<_> = all.discrepancies.iter().map(|(_, found)| found.kind).collect();
    assert_eq!(kinds, [DiscrepancyKind::WrongPatient]);
}

#[test]
fn an_emergency_for_somebody_unknown_is_gone_through_when_the_sample_is_tested() {
    let mut desk = ready();
    stocked(&mut desk, 1..3, Group::O_NEG);
    stocked(&mut desk, 3..5, "a_pos".parse().unwrap());
    let emergency = |desk: &Desk, units: &[u32]| Command::EmergencyIssue {
        request: asks(desk, None, Urgency::Emergency, 1),
        units: units.iter().map(|serial| unit(*serial)).collect(),
        fetched_by: "Ambulans 7".into(),
    };
    let routine = Command::Request { request: asks(&desk, None, Urgency::Urgent, 1) };
    assert_eq!(desk.refused("a-1", routine), "request.patient_needed");
    let wrong = emergency(&desk, &[3]);
    assert_eq!(desk.refused("a-1", wrong), "issue.ei_7");
    let right = emergency(&desk, &[1]);
    let request = request_of(&desk.must("a-1", right));
    let all = lists(&desk.region, None, desk.now);
    assert_eq!(all.unreconciled.len(), 1);
    let patient = register(&mut desk, 0);
    let (said, _) = bedside(&desk.region, &alone(&desk), &unit(1), Some(&patient), desk.now);
    assert_eq!(said, Bedside::Unlinked);
    let go = Command::Reconcile { request: request.clone(), patient: Some(patient.clone()) };
    assert_eq!(desk.refused("a-1", go.clone()), "reconcile.no_group");
    let found = Patients::FindAntibody {
        patient: patient.clone(),
        against: Target::RedCell(Antigen::SmallC),
        significance: Known::Unknown,
        method: None,
        found: desk.now,
        place: "Lund".into(),
    };
    let o_pos = "o_pos".parse().unwrap();
    sample(&mut desk, &patient, ("B-0001", Purpose::Compatibility), 1, o_pos, Some(true));
    desk.must("a-1", found);
    desk.must("a-1", go);
    let held = &desk.region.own.transfusion.requests[&request];
    assert_eq!(held.request.patient, Some(patient));
    let kinds: Vec<_> = held.discrepancies.iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [DiscrepancyKind::NotKnown], "nobody typed the unit for c");
    let settle = Command::SettleDiscrepancies { request, reason: "Bedömt av läkare".into() };
    desk.must("a-1", settle);
    assert!(lists(&desk.region, None, desk.now).discrepancies.is_empty());
}

#[test]
fn packages_follow_the_rules_until_they_are_called_off() {
    let mut desk = ready();
    stocked(&mut desk, 1..10, Group::O_NEG);
    let request = asks(&desk, None, Urgency::Massive, 1);
    let request = request_of(&desk.must("a-1", Command::StartPackages { request }));
    let course = |desk: &Desk| desk.region.own.transfusion.requests[&request].course.clone();
    let begun = course(&desk).unwrap();
    assert_eq!((begun.red_cells, begun.plasma, begun.platelets), (4, 4, 1));
    let units: Vec<_> = (1..5).map(unit).collect();
    desk.must("a-1", handing(&request, &units));
    let next = course(&desk).unwrap().next();
    assert_eq!(next, Some(Known::Value(desk.now.plus_seconds(20 * 60))));
    let stop =
        Command::StopPackages { request: request.clone(), reason: "Blödningen står".into() };
    desk.must("a-2", stop.clone());
    assert_eq!(desk.refused("a-2", stop), "request.no_packages");
    // A package comes back within its own hours if its temperature was recorded.
    desk.pass_hours(9);
    let cold = Command::Return {
        back: Back {
            units: vec![unit(1)],
            site: site("one"),
            uncooled_minutes: Known::Unknown,
            cooled_minutes: Known::Unknown,
            temperature: Temperature::Within,
            intact: true,
        },
    };
    desk.must("a-2", cold);
    assert_eq!(status(&desk, 1), Some(Status::Available));
}
