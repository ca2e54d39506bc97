//! From a request to the end of every unit, and questions about rare blood: every kind once.

use samband_domain::blood::model::stock::Duty;
use samband_domain::blood::model::{
    AgeKnown, Antibodies, Antigen, Antigens, Attributes, Component, Group, Hpa, Phenotype, Product,
    Requirement, Sex, Significance, UnitId,
};
use samband_domain::blood::rules::compatible::Place;
use samband_domain::rare;
use samband_domain::rare::model::{Band, Wanted};
use samband_domain::transfusion::Event;
use samband_domain::transfusion::command::{Back, Deciding};
use samband_domain::transfusion::event as said;
use samband_domain::transfusion::gate::Route;
use samband_domain::transfusion::model::{
    Bag, Bedside, BedsideReason, Capacity, Category, Course, Crossmatch, Discrepancy,
    DiscrepancyKind, Ended, Estimate, ExceptionRule, Freshness, Imputability, Kind, Match, Paper,
    PaperKind, Reaction, Request, Severity, Temperature, Told, Urgency,
};
use samband_domain::words::{Code, NONE, Nothing};
use samband_domain::{
    ActorId, Digest, JournalId, Known, PatientId, Private, RecordRef, RequestId, SiteId, Time,
};

const START: Time = Time(1_735_686_000_000_000);

fn unit(serial: u32) -> UnitId {
    UnitId::parse(&format!("A999326{serial:06}.E0336V00")).unwrap()
}

fn site() -> SiteId {
    SiteId::new("lund-bc").unwrap()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn id() -> RequestId {
    RequestId::new("r-1").unwrap()
}

fn patient() -> PatientId {
    PatientId::new("p-1").unwrap()
}

fn rules() -> Digest {
    Digest::of(b"rules")
}

fn antibodies() -> Known<Antibodies> {
    let one = Antibodies::default().with(Antigen::Jka, Known::Value(Significance::Significant));
    Known::Value(one.with(Antigen::M, Known::Value(Significance::Insignificant)))
}

fn bag() -> Bag {
    Bag {
        product: Product::RedCells,
        group: Known::Value(Group::O_NEG),
        phenotype: Phenotype::default().with(Antigen::BigK, false),
        attributes: Attributes::NONE,
        expiry: START,
    }
}

fn request(patient: Option<PatientId>) -> Request {
    let named = patient.is_some();
    let seen = Estimate { sex: Known::Value(Sex::Female), age: AgeKnown::years(40) };
    Request {
        patient,
        estimate: if named { Estimate::NONE } else { seen },
        component: Component::RedCells,
        units: 2,
        needed: START,
        urgency: if named { Urgency::Routine } else { Urgency::Massive },
        kind: Kind::Transfusion,
        requirements: vec![Requirement::Irradiated],
        site: site(),
        ward: "Kirurgen".into(),
        indication: "Hb 68".into(),
    }
}

fn course() -> Course {
    let told = Told { site: site(), function: code("blood-centre"), phone: "040-628 04 00".into() };
    Course {
        red_cells: 4,
        plasma: 4,
        platelets: 1,
        interval_minutes: Known::Value(20),
        told: vec![told],
        rule_set: rules(),
        began: START,
        packages: 0,
        last: None,
        stopped: None,
    }
}

fn closed(reason: &str) -> said::Closed {
    said::Closed { id: id(), patient: Some(patient()), reason: reason.into() }
}

fn here<T>(event: fn(Nothing, Private<T>) -> Event, part: T) -> Event {
    event(Nothing, Private::Here(part))
}

fn asked() -> Vec<Event> {
    let requested =
        |patient, course| said::Requested { id: id(), request: request(patient), course };
    let picked = said::Picked {
        asked: 2,
        at_least: 1,
        site: site(),
        why: vec![said::Why {
            unit: unit(1),
            place: 1,
            reason: Place::ALL[0],
            rule: "base.red_cells".into(),
            source: "VHB".into(),
            freshness: Some(Freshness::Fresh),
            expiry: START,
        }],
    };
    let allocated = |picked| said::Allocated {
        id: id(),
        patient: Some(patient()),
        units: vec![unit(1)],
        antibodies: antibodies(),
        rule_set: rules(),
        picked,
    };
    let crossmatch = Crossmatch {
        result: Match::Compatible,
        taken: START,
        at: START,
        by: ActorId::new("a-1").unwrap(),
        second: Some(ActorId::new("a-2").unwrap()),
        antibodies: antibodies(),
    };
    let crossmatched =
        said::Crossmatched { id: id(), patient: Some(patient()), unit: unit(1), crossmatch };
    let decision = Deciding {
        rule: ExceptionRule::DPositive,
        capacity: Capacity::Treating,
        physician: "Petra Prov".into(),
        reason: "livshotande blödning".into(),
        until: START,
    };
    let decided = said::Decided { id: id(), patient: Some(patient()), decision };
    vec![
        here(Event::Requested, requested(Some(patient()), None)),
        here(Event::Requested, requested(None, Some(course()))),
        here(Event::Cancelled, closed("operationen ställdes in")),
        here(Event::Allocated, allocated(None)),
        here(Event::Allocated, allocated(Some(picked))),
        here(Event::Crossmatched, crossmatched),
        here(Event::Decided, decided),
        here(Event::PackagesStopped, closed("blödningen står")),
        here(Event::Settled, closed("anmält och utrett")),
    ]
}

fn handed_out() -> Vec<Event> {
    let passed = said::Passed {
        unit: unit(1),
        bag: bag(),
        route: Route::Excepted,
        excepted: vec![ExceptionRule::DPositive],
        not_awaited: vec!["ei-3".into()],
    };
    let issued = said::GivenOut {
        id: id(),
        patient: Some(patient()),
        ward: "Kirurgen".into(),
        fetched_by: "P. Prov".into(),
        units: vec![passed],
        antibodies: Known::Unknown,
        to_reconcile: true,
        rule_set: rules(),
    };
    let found = Discrepancy {
        unit: unit(1),
        kind: DiscrepancyKind::NotKnown,
        rule: "ei-1".into(),
        found: START,
    };
    let reconciled = said::Reconciled {
        id: id(),
        patient: patient(),
        found: vec![found.clone()],
        rule_set: Some(rules()),
    };
    let checked = said::Checked {
        id: Some(id()),
        patient: Some(patient()),
        unit: unit(1),
        said: Bedside::Differs,
        reasons: vec![BedsideReason::OtherPatient, BedsideReason::Expired],
    };
    let paper = Paper {
        number: "R-17".into(),
        kind: PaperKind::Transfused,
        unit: unit(2),
        patient: Some(patient()),
        at: START,
        ward: "Kirurgen".into(),
        signed: "P. Prov".into(),
        note: Known::Value("läst i lampljus".into()),
    };
    let entered = said::PaperEntered {
        id: id(),
        request: request(Some(patient())),
        paper,
        bag: Some(bag()),
        found: vec![found],
        rule_set: None,
    };
    vec![
        here(Event::Issued, issued),
        here(Event::Reconciled, reconciled),
        here(Event::Checked, checked),
        here(Event::PaperEntered, entered),
    ]
}

fn ended() -> Vec<Event> {
    let ended = |ended, back, reason: Option<&str>| said::CameToEnd {
        id: Some(id()),
        patient: Some(patient()),
        units: vec![unit(1)],
        ended,
        began: Some(START),
        back,
        reason: reason.map(str::to_owned),
        found: Vec::new(),
    };
    let back = Back {
        units: vec![unit(1)],
        site: site(),
        uncooled_minutes: Known::Value(12),
        cooled_minutes: Known::Unknown,
        temperature: Temperature::Within,
        intact: true,
    };
    let presumed =
        said::Presumed { id: id(), patient: Some(patient()), units: vec![unit(1), unit(2)] };
    let loose =
        said::LooseSettled { unit: unit(3), found: START, reason: "fel påse skannad".into() };
    let reaction = Reaction {
        patient: patient(),
        units: vec![unit(1)],
        began: START,
        category: Category::Other,
        severity: Severity::Mild,
        imputability: Imputability::NotAssessable,
        signs: "frossa".into(),
        assessed_by: None,
    };
    let assessed = said::Assessed {
        id: code("re-1"),
        patient: patient(),
        category: Category::Anaphylaxis,
        imputability: Imputability::Likely,
    };
    vec![
        here(Event::Ended, ended(Ended::Transfused { at: START }, None, None)),
        here(Event::Ended, ended(Ended::Returned { at: START, usable: true }, Some(back), None)),
        here(Event::Ended, ended(Ended::Wasted { at: START }, None, Some("tappad i golvet"))),
        here(Event::Presumed, presumed),
        here(Event::LooseSettled, loose),
        here(Event::Reacted, said::Reacted { id: code("re-1"), reaction }),
        here(Event::Assessed, assessed),
    ]
}

fn rare() -> Vec<rare::Event> {
    use rare::event::{Answered, Asked, Note};
    let wanted = Wanted {
        groups: vec![Group::O_NEG],
        lacks: Antigens::of(Antigen::Fya).with(Antigen::Jka),
        hla: vec!["A*02:01".into()],
        lacks_hpa: vec![Hpa::ALL[0]],
    };
    let journal = JournalId::new("halland").unwrap();
    let ask = RecordRef { journal, epoch: 1, seq: 7, hash: Digest::of(b"a record") };
    let duty = Duty {
        function: code("blood-centre"),
        phone: "040-628 04 00".into(),
        hours: "dygnet runt".into(),
    };
    let answered = Answered { ask, band: Band::Few, phones: vec![(site(), duty)] };
    let note = Note { note: Some("till operation i mars".into()) };
    vec![
        rare::Event::Asked(Asked { wanted }, Private::Here(note)),
        rare::Event::Answered(answered, NONE),
    ]
}

/// At least one event of every kind of these two areas.
pub fn events() -> Vec<samband_domain::Event> {
    let ward = [asked(), handed_out(), ended()].concat();
    let rare = rare().into_iter().map(Into::into);
    ward.into_iter().map(Into::into).chain(rare).collect()
}
