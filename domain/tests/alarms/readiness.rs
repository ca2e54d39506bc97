//! What a region can do, knows, promises and lends.

use proptest::prelude::*;
use samband_domain::alarms::model::{Between, DutyRole, Owed, Says};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::readiness::model::{
    Capacity, CareKind, Certainty, Fact, Field, Horizon, Led, Material, Plus, Reason, Row,
    Shortfall, Source, Stated, Statement, TransportKind, Unit, UnitStage,
};
use samband_domain::readiness::{Command, view};
use samband_domain::words::IncidentId;
use samband_domain::{Known, SiteId, Time, Window};

use crate::alarms::net::{Net, of};
use crate::common::{Desk, START, id};

fn led() -> Led {
    Led { by: Some("LSSL-chef".into()), since: Known::Unknown }
}

fn part() -> impl Strategy<Value = Known<u32>> {
    prop_oneof![1 => Just(Known::Unknown), 4 => (0..5_u32).prop_map(Known::Value)]
}

proptest! {
    #[test]
    fn usable_is_the_least_and_unknown_is_not_zero(a in part(), b in part(), c in part()) {
        let (plus, led) = (Plus { staff: a, premises: b, equipment: c }, led());
        let usable = plus.usable(Known::Value(&led));
        let values: Vec<_> = [a, b, c].into_iter().filter_map(Known::value).collect();
        let expected = match (values.len(), values.iter().min()) {
            (_, Some(0)) => Known::Value(0),
            (3, Some(least)) => Known::Value(*least),
            _ => Known::Unknown,
        };
        prop_assert_eq!(usable, expected);
        let nobody = Led { by: None, since: Known::Unknown };
        prop_assert_eq!(plus.usable(Known::Value(&nobody)), Known::Value(0));
        let unsaid = plus.usable(Known::Unknown);
        prop_assert!(unsaid == Known::Unknown || (unsaid, expected) == (Known::Value(0), expected));
    }
}

fn statement(field: Field, stated: Stated, source: Source, valid: Time) -> Statement {
    Statement { field, stated, certainty: Certainty::Estimated, source, valid }
}

fn count(n: u32) -> Stated {
    Stated::Value(Fact::Count(n))
}

#[test]
fn a_field_holds_the_latest_and_shows_who_says_otherwise() {
    let incident = IncidentId::new("sh-1").unwrap();
    let at = |minutes: i64| START.plus_seconds(60 * minutes);
    let mut uppsala = Desk::open("uppsala");
    let mut dalarna = Desk::open("dalarna");
    let report = |statements: Vec<Statement>| Command::ReportSituation {
        of: id("uppsala"),
        incident: incident.clone(),
        alarm: None,
        statements,
        next: Known::Unknown,
    };
    uppsala.pass_hours(1);
    dalarna.pass_hours(1);
    let free = |n, source, minutes| statement(Field::AmbulancesFree, count(n), source, at(minutes));
    uppsala.must("a-1", report(vec![free(4, Source::Tib, 10), free(5, Source::Scene, 10)]));
    dalarna.must("a-1", report(vec![free(9, Source::Other, 9)]));
    // What was so earlier becomes known later, and changes nothing.
    uppsala.must("a-1", report(vec![free(1, Source::Tib, 5)]));
    let (a, b) = (id("uppsala"), id("dalarna"));
    let regions = [(&a, &uppsala.region.shared.readiness), (&b, &dalarna.region.shared.readiness)];
    let merged = view::field(&regions, &a, &incident, Field::AmbulancesFree).unwrap();
    assert_eq!(merged.holds.1.what.stated, count(4), "the duty officer has the greater say");
    let others: Vec<_> = merged.others.iter().map(|(_, said)| said.what.stated.clone()).collect();
    assert_eq!(others, [count(5), count(9)]);
    assert!(view::field(&regions, &a, &incident, Field::Buses).is_none());
    assert_eq!(view::reported(&regions, &a, &incident), 2);
    assert_eq!(uppsala.region.shared.readiness.situations.values().next().unwrap().version, 2);
}

#[test]
fn that_somebody_does_not_know_takes_no_value_away_and_gainsays_none() {
    let incident = IncidentId::new("sh-1").unwrap();
    let at = |minutes: i64| START.plus_seconds(60 * minutes);
    let mut uppsala = Desk::open("uppsala");
    let mut dalarna = Desk::open("dalarna");
    let report = |statements: Vec<Statement>| Command::ReportSituation {
        of: id("uppsala"),
        incident: incident.clone(),
        alarm: None,
        statements,
        next: Known::Unknown,
    };
    uppsala.pass_hours(1);
    dalarna.pass_hours(1);
    let free =
        |stated, source, minutes| statement(Field::AmbulancesFree, stated, source, at(minutes));
    let buses = statement(Field::Buses, Stated::Unknown, Source::Tib, at(10));
    uppsala.must("a-1", report(vec![free(count(4), Source::Tib, 5)]));
    let unknown = free(Stated::Unknown, Source::RegionalCommand, 10);
    dalarna.must("a-1", report(vec![unknown, buses]));
    let (a, b) = (id("uppsala"), id("dalarna"));
    let regions = [(&a, &uppsala.region.shared.readiness), (&b, &dalarna.region.shared.readiness)];
    let merged = view::field(&regions, &a, &incident, Field::AmbulancesFree).unwrap();
    assert_eq!(merged.holds.1.what.stated, count(4), "later, and with a greater say, but unknown");
    assert!(merged.others.is_empty(), "{:?}", merged.others);
    let merged = view::field(&regions, &a, &incident, Field::Buses).unwrap();
    assert_eq!(merged.holds.1.what.stated, Stated::Unknown, "where nobody knows, it is unknown");
}

#[test]
fn a_statement_has_its_fields_shape_and_its_time() {
    let mut desk = Desk::open("uppsala");
    let mut refused = |one: Statement| {
        let (of, incident) = (id("uppsala"), IncidentId::new("sh-1").unwrap());
        let (statements, next) = (vec![one], Known::Unknown);
        let alarm = None;
        desk.refused("a-1", Command::ReportSituation { of, incident, alarm, statements, next })
    };
    let tib = |field, stated| statement(field, stated, Source::Tib, START);
    assert_eq!(refused(tib(Field::P1, count(3))), "readiness.shape");
    let range = Stated::Value(Fact::Range(Between { least: 4, most: 3 }));
    assert_eq!(refused(tib(Field::P1, range)), "readiness.shape");
    let ahead = statement(Field::Arrived, count(1), Source::Tib, START.plus_seconds(60));
    assert_eq!(refused(ahead), "readiness.ahead");
}

#[test]
fn transports_are_promised_or_the_shortfall_says_why() {
    let mut net = Net::new();
    let to = of("dalarna", DutyRole::Tib);
    let (_, alarm) = net.alarm(6, vec![to.clone()]);
    net.tick();
    let key = Net::key(6, &alarm, to);
    net.answer(0, &key, 0, Says::TakesOn).unwrap();
    let unit = |n: usize| Unit {
        name: format!("3-{n}"),
        kind: TransportKind::Ambulance,
        ready: START.plus_seconds(900),
    };
    let desk = &mut net.desks[0];
    let pledge = |units: usize, why: bool| Command::Pledge {
        of: key.issuer.clone(),
        alarm: alarm.clone(),
        units: (0..units).map(unit).collect(),
        shortfall: why.then(|| Shortfall { reason: Reason::Staff, text: "natt".into() }),
    };
    assert_eq!(desk.refused("a-1", pledge(4, false)), "readiness.shortfall");
    assert_eq!(desk.refused("a-1", pledge(5, true)), "readiness.shortfall");
    desk.must("a-1", pledge(4, true));
    assert_eq!(desk.refused("a-1", pledge(5, false)), "readiness.pledged_already");
    let held = &desk.region.shared.alarms.obligations[&key];
    assert!(held.delivered.contains_key(&Owed::Pledge));
    let readiness = &desk.region.shared.readiness;
    let (under, held) =
        view::pledge_of(readiness, &key.issuer, std::slice::from_ref(&alarm)).unwrap();
    assert_eq!(under, &alarm);
    let sum = view::promised([held]);
    assert_eq!((sum.units, sum.open, sum.agreed), (4, 4, 5));
    let go = |unit: u16, to: UnitStage| Command::Move {
        of: key.issuer.clone(),
        alarm: alarm.clone(),
        unit,
        to,
    };
    assert_eq!(desk.refused("a-1", go(0, UnitStage::Occupied)), "readiness.stage");
    for to in [UnitStage::UnderWay, UnitStage::Arrived, UnitStage::Occupied, UnitStage::Arrived] {
        desk.must("a-1", go(0, to));
    }
    desk.must("a-1", go(0, UnitStage::Released));
    assert_eq!(desk.refused("a-1", go(0, UnitStage::UnderWay)), "readiness.stage");
    assert_eq!(desk.refused("a-1", go(9, UnitStage::UnderWay)), "form.not_found");
}

#[test]
fn what_is_lent_goes_from_need_to_return_by_both_sides_records() {
    let (mut here, mut there) = (Desk::open("uppsala"), Desk::open("dalarna"));
    let material = |answers| Material {
        what: "respiratorer".into(),
        count: 3,
        at: START.plus_seconds(3_600),
        answers,
    };
    here.must("a-1", Command::Need { material: material(None) });
    let need = here.last_seen_from_outside();
    let offer = Command::Offer { material: material(Some(need.at.clone())) };
    there.act_upon("a-1", offer, Some(&need)).unwrap();
    let offer = there.last_seen_from_outside();
    let accept = || Command::Accept { offer: offer.at.clone() };
    here.act_upon("a-1", accept(), Some(&offer)).unwrap();
    let accepted = here.last_seen_from_outside();
    let twice = here.act_upon("a-1", accept(), Some(&offer)).unwrap_err();
    assert_eq!(twice.kind.code, "readiness.answered_already");
    let lend = Command::Lend { acceptance: accepted.at.clone() };
    there.act_upon("a-1", lend, Some(&accepted)).unwrap();
    let lent = there.last_seen_from_outside();
    let wrong = Command::Return { loan: accepted.at.clone(), note: "hela".into() };
    let wrong = here.act_upon("a-1", wrong, Some(&offer)).unwrap_err();
    assert_eq!(wrong.kind.code, "readiness.not_ours");
    let back = Command::Return { loan: lent.at.clone(), note: "hela".into() };
    here.act_upon("a-1", back, Some(&lent)).unwrap();
    assert_eq!(here.region.shared.readiness.lots.len(), 3);
}

#[test]
fn a_hospital_reports_its_parts_and_the_region_is_unknown_where_one_is() {
    let mut desk = Desk::open("uppsala");
    for name in ["aka", "enk"] {
        let open = Kernel::OpenSite {
            id: Some(SiteId::new(name).unwrap()),
            name: name.into(),
            kind: SiteKind::Hospital,
            parent: None,
            record: RecordKeeper::Samband,
            window: Window::open(START),
            note: None,
        };
        desk.must("a-1", open);
    }
    let report = |site: &str, staff: Known<u32>| Command::ReportCapacity {
        capacity: Capacity {
            site: SiteId::new(site).unwrap(),
            valid: START,
            source: "LSSL".into(),
            led: Known::Value(led()),
            rows: vec![Row {
                kind: CareKind::IntensiveCare,
                horizon: Horizon::Now,
                plus: Plus { staff, premises: Known::Value(14), equipment: Known::Value(12) },
            }],
        },
    };
    let seen = |desk: &Desk| {
        let shared = &desk.region.shared.readiness;
        view::usable(shared, CareKind::IntensiveCare, Horizon::Now).0
    };
    assert_eq!(seen(&desk), Known::Unknown);
    desk.must("a-1", report("aka", Known::Value(10)));
    assert_eq!(seen(&desk), Known::Value(10), "empty beds are not available beds");
    desk.must("a-1", report("enk", Known::Unknown));
    assert_eq!(seen(&desk), Known::Unknown);
    assert_eq!(desk.refused("a-1", report("moln", Known::Unknown)), "form.not_found");
}
