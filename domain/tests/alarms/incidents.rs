//! The machine of an incident, and its measures.

use samband_domain::incidents::Command;
use samband_domain::incidents::model::{
    Assessment, CareMode, Holds, Measure, Resolution, Scope, Stage,
};
use samband_domain::words::IncidentId;
use samband_domain::{Event as Any, Mode};

use crate::alarms::net::{assessment, finding, report};
use crate::common::Desk;

fn opened(suspected: bool) -> (Desk, IncidentId) {
    let mut desk = Desk::open_in("dalarna", Mode::Exercise);
    desk.must("a-1", crate::alarms::net::exercise(2));
    let event =
        desk.must("a-1", Command::Open { report: Box::new(report()), suspected, tell: None });
    let Any::Incidents(samband_domain::incidents::Event::Opened(opened, _)) = event else {
        panic!("{event:?}");
    };
    (desk, opened.incident)
}

fn stage(desk: &Desk, id: &IncidentId) -> Stage {
    desk.region.shared.incidents.incidents[id].stage
}

fn confirm(id: &IncidentId) -> Command {
    Command::Confirm { incident: id.clone(), basis: "många".into(), mode: CareMode::Staff }
}

fn rationing(desk: &Desk, hours: i64) -> Resolution {
    Resolution {
        measure: Measure::Rationing,
        scope: Scope::Region,
        resource: Some("trombocyter".into()),
        basis: "lagret räcker fyra timmar".into(),
        indicators: Vec::new(),
        review: desk.now.plus_seconds(hours * 3_600),
    }
}

#[test]
fn nothing_is_skipped_and_nothing_leaves_the_end() {
    let (mut desk, id) = opened(false);
    let assess = |assessment: Assessment| Command::Assess { incident: id.clone(), assessment };
    assert_eq!(stage(&desk, &id), Stage::Draft);
    assert!(id.as_str().starts_with("ovn-"), "{id}");
    desk.must("a-1", Command::Suspect { incident: id.clone() });
    desk.must("a-1", assess(assessment()));
    assert_eq!(stage(&desk, &id), Stage::Suspected, "an assessment confirms nothing");
    desk.must("a-1", confirm(&id));
    assert_eq!(desk.refused("a-1", confirm(&id)), "incident.stage");
    desk.must("a-1", assess(Assessment { harm: finding(Holds::No), ..assessment() }));
    assert_eq!(stage(&desk, &id), Stage::Confirmed);
    desk.must("a-1", assess(assessment()));
    assert_eq!(stage(&desk, &id), Stage::Assessed);
    let close = || Command::Close { incident: id.clone(), text: "över".into() };
    assert_eq!(desk.refused("a-1", close()), "incident.stage");
    desk.must("a-1", Command::StandDown { incident: id.clone(), basis: "över".into() });
    desk.must("a-1", close());
    for command in [close(), confirm(&id), assess(assessment())] {
        assert_eq!(desk.refused("a-1", command), "incident.stage");
    }
}

#[test]
fn rationing_takes_two_people_and_ends_by_itself_never_unseen() {
    let (mut desk, id) = opened(true);
    let resolve =
        |resolution| Command::Resolve { incident: id.clone(), resolution: Box::new(resolution) };
    let early = resolve(rationing(&desk, 2));
    assert_eq!(desk.refused("a-1", early), "incident.stage");
    desk.must("a-1", confirm(&id));
    let late = resolve(rationing(&desk, 25));
    assert_eq!(desk.refused("a-1", late), "incident.review");
    let what = resolve(Resolution { resource: None, ..rationing(&desk, 2) });
    assert_eq!(desk.refused("a-1", what), "incident.resource");
    let good = resolve(rationing(&desk, 2));
    desk.must("a-1", good);
    let holds = |desk: &Desk| desk.region.shared.incidents.incidents[&id].taken[0].holds();
    assert!(!holds(&desk), "one has signed");
    let second = || Command::Second { incident: id.clone(), resolution: 0 };
    assert_eq!(desk.refused("a-1", second()), "incident.same_person");
    desk.must("a-2", second());
    assert!(holds(&desk));
    assert_eq!(desk.refused("a-2", second()), "incident.not_in_force");
    let lift = || Command::Lift { incident: id.clone(), resolution: 0, basis: "leverans".into() };
    desk.must("a-2", lift());
    assert!(!holds(&desk));
    assert_eq!(desk.refused("a-2", lift()), "incident.not_in_force");
}

/// Adopts a rule set that counts what it is given, from now on.
fn adopt(desk: &mut Desk, counts: &[(samband_domain::rulesets::Key, u32)]) {
    use samband_domain::rulesets::Value;
    let rules = counts.iter().map(|(key, n)| crate::common::stock::rule(*key, Value::Count(*n)));
    crate::common::stock::adopt(desk, rules.collect());
}

#[test]
fn deciders_and_clocks_follow_the_regions_rules_and_a_missing_one_stops_nothing() {
    use samband_domain::alarms::model::{DutyRole, Policy};
    use samband_domain::rulesets::key;
    let (mut desk, id) = opened(true);
    adopt(
        &mut desk,
        &[
            (key::MEASURE_RATIONING_DECIDERS, 1),
            (key::MEASURE_TRIAGE_DECIDERS, 0),
            (key::ALARM_DEPUTY_SECONDS, 45),
        ],
    );
    desk.must("a-1", confirm(&id));
    let resolution = Box::new(rationing(&desk, 2));
    desk.must("a-1", Command::Resolve { incident: id.clone(), resolution });
    let triage = Resolution { measure: Measure::Triage, resource: None, ..rationing(&desk, 2) };
    desk.must("a-1", Command::Resolve { incident: id.clone(), resolution: Box::new(triage) });
    let taken = &desk.region.shared.incidents.incidents[&id].taken;
    assert!(taken[0].holds(), "one is enough where the region says so");
    assert_eq!(taken[1].deciders, 1, "nobody is no number of deciders");
    let to = vec![crate::alarms::net::of("dalarna", DutyRole::BloodCentre)];
    let draft = crate::alarms::net::draft(samband_domain::alarms::model::Kind::Regional, to);
    let alarm = Box::new(samband_domain::alarms::command::Draft { incident: Some(id), ..draft });
    desk.must("a-1", samband_domain::alarms::Command::Issue { alarm });
    let issued = desk.region.shared.alarms.issued.values().next().unwrap();
    assert_eq!(issued.alarm.policy, Policy { deputy: 45, ..Policy::DEFAULT });
}

#[test]
fn whoever_is_only_told_keeps_no_incident_open() {
    use samband_domain::alarms::model::{DutyRole, Kind};
    let (mut desk, id) = opened(true);
    // Nobody stands in the own role's roster, and nobody asks the other region.
    let to = vec![
        crate::alarms::net::of("dalarna", DutyRole::Transport),
        crate::alarms::net::of("gavleborg", DutyRole::Tib),
    ];
    let draft = crate::alarms::net::draft(Kind::PreAlert, to);
    let incident = Some(id.clone());
    let alarm = Box::new(samband_domain::alarms::command::Draft { incident, ..draft });
    desk.must("a-1", samband_domain::alarms::Command::Issue { alarm });
    desk.must("a-1", confirm(&id));
    desk.must("a-1", Command::StandDown { incident: id.clone(), basis: "över".into() });
    let obligations = &desk.region.shared.alarms.obligations;
    let untold = obligations.values().filter(|one| one.closed.is_none()).count();
    assert_eq!(untold, 2, "nobody could be told");
    desk.must("a-1", Command::Close { incident: id.clone(), text: "slut".into() });
    assert_eq!(stage(&desk, &id), Stage::Closed);
}
