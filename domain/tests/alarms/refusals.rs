//! What is refused and is provoked nowhere else, and that nothing is left out.

use samband_domain::alarms::Command;
use samband_domain::alarms::command::Draft;
use samband_domain::alarms::model::{DutyRole, Kind, Owed};
use samband_domain::incidents::Command as Incidents;
use samband_domain::incidents::model::{Assessment, Duty, Holds};
use samband_domain::readiness::Command as Readiness;
use samband_domain::readiness::model::{Capacity, Material, TransportKind, Unit};
use samband_domain::{Known, SiteId, Time};

use crate::alarms::net::{Net, REGIONS, assessment, draft, finding, of, raise};
use crate::common::{START, id};

#[test]
fn every_refusal_is_provoked() {
    let tests = [
        include_str!("exercise.rs"),
        include_str!("forget.rs"),
        include_str!("histories.rs"),
        include_str!("incidents.rs"),
        include_str!("ladder.rs"),
        include_str!("readiness.rs"),
        include_str!("refusals.rs"),
    ];
    let areas = [
        samband_domain::alarms::REFUSALS,
        samband_domain::incidents::REFUSALS,
        samband_domain::readiness::REFUSALS,
    ];
    for kind in areas.into_iter().flatten() {
        let expected = format!("\"{}\"", kind.code);
        assert!(tests.iter().any(|test| test.contains(&expected)), "{} by no test", kind.code);
    }
}

#[test]
fn an_update_leaves_nobody_out_and_each_role_owes_its_own() {
    let mut net = Net::new();
    let to = vec![of(REGIONS[0], DutyRole::BloodCentre), of(REGIONS[1], DutyRole::Tib)];
    let (incident, alarm) = net.alarm(0, to.clone());
    let fewer = Draft {
        incident: Some(incident),
        replaces: Some(alarm.clone()),
        ..draft(Kind::Regional, to[..1].to_vec())
    };
    let desk = &mut net.desks[0];
    let issue = Command::Issue { alarm: Box::new(fewer) };
    assert_eq!(desk.refused("a-1", issue), "alarm.left_out");
    let key = Net::key(0, &alarm, to[0].clone());
    let deliver = Command::Deliver { key, owed: Owed::Pledge };
    assert_eq!(desk.refused("machine", deliver), "alarm.not_owed");
    let own = desk.genesis_ref();
    assert_eq!(desk.refused("machine", Command::Hear { alarm: own }), "alarm.not_ours");
}

#[test]
fn an_alarm_of_mass_casualties_needs_both_findings_and_ends_when_all_have_answered() {
    let mut net = Net::new();
    let to = vec![of(REGIONS[0], DutyRole::BloodCentre)];
    let Incidents::Raise { incident, report, basis, mode, alarm, .. } = raise(to.clone()) else {
        unreachable!("that is what it makes");
    };
    let harm = finding(Holds::No);
    let assessment = Assessment { harm, ..assessment() };
    let unassessed = Incidents::Raise { incident, report, basis, mode, assessment, alarm };
    assert_eq!(net.desks[0].refused("a-1", unassessed), "incident.not_assessed");
    let (incident, _) = net.alarm(0, to);
    let desk = &mut net.desks[0];
    let down = Incidents::StandDown { incident: incident.clone(), basis: "över".into() };
    desk.must("a-1", down);
    let close = Incidents::Close { incident, text: "slut".into() };
    assert_eq!(desk.refused("a-1", close), "incident.open_obligations");
}

#[test]
fn a_duty_is_ahead_given_once_and_reported_by_whose_it_is() {
    let mut net = Net::new();
    let (incident, _) = net.alarm(0, vec![of(REGIONS[0], DutyRole::Tib)]);
    let desk = &mut net.desks[0];
    let assign = |due: Time| Incidents::AssignDuty {
        incident: incident.clone(),
        duty: Duty {
            what: "Fler bårar".into(),
            region: id(REGIONS[0]),
            due,
            gap: None,
            cost: None,
            owner: None,
        },
    };
    assert_eq!(desk.refused("a-1", assign(START)), "incident.duty_due");
    desk.must("a-1", assign(desk.now.plus_days(30)));
    let given = desk.last_seen_from_outside();
    let drop = || Incidents::DropDuty { incident: incident.clone(), duty: 0, why: "nej".into() };
    desk.must("a-1", drop());
    assert_eq!(desk.refused("a-1", drop()), "incident.duty_ended");
    let report =
        || Incidents::ReportDuty { duty: given.at.clone(), done: true, proof: "inköpt".into() };
    let stranger = net.desks[1].act_upon("a-1", report(), Some(&given)).unwrap_err();
    assert_eq!(stranger.kind.code, "incident.not_ours");
}

#[test]
fn nothing_is_no_report_and_nobody_has_so_many() {
    let mut net = Net::new();
    let (_, alarm) = net.alarm(0, vec![of(REGIONS[0], DutyRole::Tib)]);
    let desk = &mut net.desks[0];
    let material = Material { what: "bårar".into(), count: 0, at: START, answers: None };
    assert_eq!(desk.refused("a-1", Readiness::Need { material }), "readiness.count");
    let unit = Unit { name: "1".into(), kind: TransportKind::Ambulance, ready: START };
    let pledge =
        Readiness::Pledge { of: id(REGIONS[0]), alarm, units: vec![unit; 201], shortfall: None };
    assert_eq!(desk.refused("a-1", pledge), "readiness.count");
    let situation = Readiness::ReportSituation {
        of: id(REGIONS[0]),
        incident: "sh-1".parse().unwrap(),
        alarm: None,
        statements: Vec::new(),
        next: Known::Unknown,
    };
    assert_eq!(desk.refused("a-1", situation), "readiness.rows");
    let capacity = Capacity {
        site: SiteId::new("nowhere").unwrap(),
        valid: START,
        source: "LSSL".into(),
        led: Known::Unknown,
        rows: Vec::new(),
    };
    let report = Readiness::ReportCapacity { capacity };
    assert_eq!(desk.refused("a-1", report), "form.not_found");
}
