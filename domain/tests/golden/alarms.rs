//! Events of incidents, alarms and readiness: one of every kind.

use samband_domain::alarms::event as said;
use samband_domain::alarms::model::{
    Alarm, Between, By, Channel, Cover, Drill, DutyRole, Key, Kind, Outcome, Owed, Party, Place,
    Policy, Recipient, Says, Step, Turn, Way,
};
use samband_domain::incidents::event as came;
use samband_domain::incidents::model::{
    Assessment, CareMode, Duty, Finding, Holds, Indicator, Measure, Report, Resolution, Scope,
    Stage,
};
use samband_domain::readiness::event as told;
use samband_domain::readiness::model::{
    Capacity, CareKind, Certainty, Fact, Field, Helicopter, Horizon, Led, Material, Plus, Reason,
    Row, Shortfall, Source, Stated, Statement, TransportKind, Unit, UnitStage, Weather,
};
use samband_domain::words::{AlarmId, Code, IncidentId, NONE};
use samband_domain::{
    ActorId, Digest, Event, JournalId, Known, Mode, Private, RecordRef, SiteId, Time, Window,
    alarms, incidents, readiness,
};

fn journal(id: &str) -> JournalId {
    JournalId::new(id).unwrap()
}

fn record(id: &str) -> RecordRef {
    RecordRef { journal: journal(id), epoch: 1, seq: 7, hash: Digest::of(b"a record") }
}

fn incident() -> IncidentId {
    "ovn-bussolycka".parse().unwrap()
}

fn alarm_id() -> AlarmId {
    "ovn-larm".parse().unwrap()
}

fn site() -> SiteId {
    SiteId::new("akademiska").unwrap()
}

fn region(role: DutyRole) -> Recipient {
    Recipient { party: Party::Region(journal("uppsala")), role }
}

pub fn events() -> Vec<Event> {
    let incidents = incident_events().into_iter().map(Event::from);
    let alarms = alarm_events().into_iter().map(Event::from);
    incidents.chain(alarms).chain(readiness_events().into_iter().map(Event::from)).collect()
}

fn report() -> Report {
    Report {
        title: "Bussolycka".into(),
        text: "Två bussar".into(),
        source: "SOS Alarm".into(),
        place: Known::Value(Place {
            text: "E18 vid Arboga".into(),
            point: Known::Value((59_394_000, 15_838_000)),
        }),
        happened: Known::Unknown,
        injured: Known::Value(Between { least: 45, most: 70 }),
    }
}

fn resolution() -> Resolution {
    let indicator = |value| Indicator {
        name: "icu_free".into(),
        value,
        threshold: 7_500,
        passed: Known::Unknown,
        source: "beredskap".into(),
        at: Known::Value(Time(4)),
    };
    Resolution {
        measure: Measure::Rationing,
        scope: Scope::Site(site()),
        resource: Some("trombocyter".into()),
        basis: "lagret räcker fyra timmar".into(),
        indicators: vec![indicator(Known::Value(2_000)), indicator(Known::Unknown)],
        review: Time(90),
    }
}

fn incident_events() -> Vec<incidents::Event> {
    use incidents::Event as E;
    let id = incident;
    let finding = |holds| Finding { holds, basis: "många".into(), source: "ambulans".into() };
    let (harm, imbalance) = (finding(Holds::Yes), finding(Holds::Suspected));
    let resolved = |scope, measure, resource: Option<&str>| {
        let resource = resource.map(str::to_owned);
        let resolution = Resolution { scope, measure, resource, ..resolution() };
        came::Resolved { incident: id(), resolution, deciders: 2 }
    };
    let duty = Duty {
        what: "Fler bårar".into(),
        region: journal("uppsala"),
        due: Time(500),
        gap: None,
        cost: None,
        owner: None,
    };
    let reached = |stage, basis: Option<&str>, alarm| {
        let basis = basis.map(str::to_owned);
        E::Reached(came::Reached { incident: id(), stage, basis, alarm }, NONE)
    };
    let reviewed = |review| {
        let basis = "leverans".into();
        E::Reviewed(came::Reviewed { incident: id(), resolution: 0, review, basis }, NONE)
    };
    vec![
        E::Opened(came::Opened { incident: id(), report: report() }, NONE),
        reached(Stage::Confirmed, Some("fler än resurser"), None),
        reached(Stage::Alarmed, None, Some(alarm_id())),
        E::Assessed(
            came::Assessed { incident: id(), assessment: Assessment { harm, imbalance } },
            NONE,
        ),
        E::ModeSet(
            came::ModeSet { site: Some(site()), mode: CareMode::Reinforced, basis: "x".into() },
            NONE,
        ),
        E::Noted(
            came::Noted { incident: id(), text: "vägen öppen".into(), source: "SOS".into() },
            NONE,
        ),
        E::Resolved(
            Box::new(resolved(Scope::Site(site()), Measure::Rationing, Some("trombocyter"))),
            NONE,
        ),
        E::Resolved(Box::new(resolved(Scope::Scene, Measure::Triage, None)), NONE),
        E::Seconded(
            came::Seconded {
                incident: id(),
                resolution: 0,
                by: ActorId::new("physician").unwrap(),
            },
            NONE,
        ),
        reviewed(Some(Time(120))),
        reviewed(None),
        E::DutyAssigned(came::DutyAssigned { incident: id(), duty }, NONE),
        E::DutyDropped(came::DutyDropped { incident: id(), duty: 0, why: "dubbel".into() }, NONE),
        E::DutyReported(
            came::DutyReported {
                record: record("vastmanland"),
                of: journal("vastmanland"),
                of_incident: id(),
                done: true,
                proof: "inköpt".into(),
            },
            NONE,
        ),
    ]
}

fn alarm(kind: Kind, mode: Mode) -> Alarm {
    let national = Party::Outside(Code::new("socialstyrelsen").unwrap());
    Alarm {
        id: alarm_id(),
        mode,
        incident: Some(incident()),
        kind,
        headline: "Bussolycka".into(),
        text: "45–70 skadade".into(),
        place: report().place,
        injured: report().injured,
        to: vec![region(DutyRole::Tib), Recipient { party: national, role: DutyRole::NationalTib }],
        replaces: None,
        policy: Policy::DEFAULT,
    }
}

const NAME: &str = "Mona Provson";

fn ways() -> Vec<Way> {
    let way = |channel, address: &str| Way { channel, address: address.into() };
    vec![way(Channel::Sms, "+46701740605"), way(Channel::Email, "tib@uppsala.example")]
}

fn key() -> Key {
    Key { issuer: journal("vastmanland"), alarm: alarm_id(), to: region(DutyRole::Tib) }
}

fn alarm_events() -> Vec<alarms::Event> {
    stated_events().into_iter().chain(happened_events()).collect()
}

/// Rosters, alarms, exercises.
fn stated_events() -> Vec<alarms::Event> {
    use alarms::Event as E;
    let window = Window::new(Time(1), Some(Time(900))).unwrap();
    let channels = vec![Channel::Sms, Channel::Email];
    let cover = Cover { rank: 1, window, channels, two_ways: true };
    let turn = Turn {
        actor: Some(ActorId::new("tib").unwrap()),
        name: NAME.into(),
        rank: 1,
        window,
        ways: ways(),
    };
    let heard = said::Heard {
        record: record("vastmanland"),
        alarm: Box::new(alarm(Kind::Regional, Mode::Exercise)),
        to: vec![region(DutyRole::Tib)],
        policy: Policy { deputy: 120, ..Policy::DEFAULT },
    };
    let update = Alarm {
        id: "larm-2".parse().unwrap(),
        incident: None,
        replaces: Some(alarm_id()),
        place: Known::Unknown,
        injured: Known::Unknown,
        ..alarm(Kind::Recall, Mode::Real)
    };
    let drill = Drill { id: "ovn-buss".into(), title: "Buss mot buss".into(), window };
    let allowed = said::Allowed {
        leader: "Övningsledare Provson".into(),
        addresses: vec!["+46701740605".into()],
    };
    vec![
        E::RosterSet(
            said::RosterSet { of: region(DutyRole::Tib), cover: vec![cover] },
            Private::Here(said::People { turns: vec![turn] }),
        ),
        E::Issued(alarm(Kind::Regional, Mode::Exercise), NONE),
        E::Issued(update, NONE),
        E::Heard(heard, NONE),
        E::ExerciseSet(drill, Private::Here(allowed)),
    ]
}

/// What happens to an obligation.
fn happened_events() -> Vec<alarms::Event> {
    use alarms::Event as E;
    let answered = said::Answered {
        key: key(),
        person: Some(0),
        by: By::Link,
        says: Says::TakesOn,
        said: Time(30),
    };
    let person = said::Person {
        actor: None,
        name: NAME.into(),
        ways: ways(),
        token: "kv-0123456789abcdef".into(),
        pin: "1234".into(),
    };
    let attempted = said::Attempted {
        key: key(),
        person: 0,
        channel: Channel::Voice,
        number: 1,
        outcome: Outcome::Failed,
    };
    let noted = said::Noted {
        record: record("uppsala"),
        from: journal("uppsala"),
        alarm: alarm_id(),
        answer: answered.clone(),
    };
    let channels = vec![Channel::Sms, Channel::Email];
    let detail = Some("upptaget".into());
    let by = said::AnsweredBy { name: NAME.into(), note: Some("på väg".into()), actor: None };
    vec![
        E::Woken(
            said::Woken { key: key(), step: Step::Deputy, rank: 1, channels },
            Private::Here(person),
        ),
        E::Stepped(said::Stepped { key: key(), step: Step::ByHand }, NONE),
        E::Attempted(attempted, Private::Here(said::Detail { text: detail })),
        E::WasRead(said::WasRead { key: key(), person: 0 }, NONE),
        E::Answered(answered, Private::Here(by)),
        E::Delivered(said::Delivered { key: key(), owed: Owed::Pledge }, NONE),
        E::ClosedByHand(said::ClosedByHand { key: key(), why: "nådd".into() }, NONE),
        E::Noted(noted, NONE),
    ]
}

fn readiness_events() -> Vec<readiness::Event> {
    use readiness::Event as E;
    let plus =
        Plus { staff: Known::Value(4), premises: Known::Value(6), equipment: Known::Unknown };
    let capacity = Capacity {
        site: site(),
        valid: Time(5),
        source: "LSSL".into(),
        led: Known::Value(Led { by: Some("LSSL".into()), since: Known::Value(Time(2)) }),
        rows: vec![Row { kind: CareKind::Theatre, horizon: Horizon::In2, plus }],
    };
    let statement = |field, stated| Statement {
        field,
        stated,
        certainty: Certainty::Estimated,
        source: Source::Tib,
        valid: Time(6),
    };
    let statements = vec![
        statement(Field::Place, Stated::Value(Fact::Text("E18".into()))),
        statement(Field::P1, Stated::Value(Fact::Range(Between { least: 15, most: 15 }))),
        statement(Field::PerHour, Stated::Value(Fact::Count(8))),
        statement(Field::Cbrne, Stated::Value(Fact::Flag(false))),
        statement(Field::Dead, Stated::Unknown),
        statement(Field::Buses, Stated::NotApplicable),
    ];
    let reported = told::Reported {
        of: journal("vastmanland"),
        incident: incident(),
        version: 2,
        statements,
        next: Known::Value(Time(60)),
    };
    let unit =
        Unit { name: "uppsala 1".into(), kind: TransportKind::IntensiveCare, ready: Time(40) };
    let pledge = told::Pledge {
        of: journal("vastmanland"),
        alarm: alarm_id(),
        units: vec![unit],
        quota: 5,
        shortfall: Some(Shortfall { reason: Reason::Staff, text: "bundna".into() }),
    };
    let moved = told::Moved {
        of: journal("vastmanland"),
        alarm: alarm_id(),
        unit: 0,
        to: UnitStage::UnderWay,
    };
    let helicopter = Helicopter {
        base: "Mora".into(),
        on_duty: Known::Value(true),
        weather: Known::Value(Weather::Limited),
        valid: Time(7),
    };
    let needed = Material { what: "bårar".into(), count: 20, at: Time(50), answers: None };
    let offered = Material { answers: Some(record("vastmanland")), ..needed.clone() };
    let answering = |note: Option<&str>| told::Answering {
        record: record("vastmanland"),
        material: offered.clone(),
        note: note.map(str::to_owned),
    };
    vec![
        E::CapacityReported(capacity, NONE),
        E::SituationReported(reported, NONE),
        E::Pledged(pledge, NONE),
        E::Moved(moved, NONE),
        E::HelicopterReported(helicopter, NONE),
        E::Needed(needed, NONE),
        E::Offered(offered.clone(), NONE),
        E::Accepted(answering(None), NONE),
        E::Lent(answering(None), NONE),
        E::Returned(answering(Some("hela")), NONE),
    ]
}
