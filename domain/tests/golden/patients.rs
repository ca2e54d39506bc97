//! Events of patients, one of every kind.

use samband_domain::blood::model::recipient::{Requirement, Sex, Significance};
use samband_domain::blood::model::{Antigen, Group, Phenotype};
use samband_domain::patients::Event;
use samband_domain::patients::event as said;
use samband_domain::patients::model::{
    Answer, Asked, Capture, Decline, Determination, Elsewhere, ElsewhereGroup, Finding, Ground,
    History, Identity, Indication, Need, Outcome, Purpose, Sample, SampleNumber, Screen,
    ScreenResult, SharedOccasion, Target, Turn, TurnKind, Urgency,
};
use samband_domain::words::{Code, Nothing};
use samband_domain::{ActorId, Digest, JournalId, Known, PatientId, Private, RecordRef, Time};

const START: Time = Time(1_735_686_000_000_000);

fn actor(id: &str) -> ActorId {
    ActorId::new(id).unwrap()
}

fn patient() -> PatientId {
    PatientId::new("p-1").unwrap()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn tube() -> SampleNumber {
    "LS10001".parse().unwrap()
}

fn record(journal: &str) -> RecordRef {
    let journal = JournalId::new(journal).unwrap();
    RecordRef { journal, epoch: 1, seq: 7, hash: Digest::of(b"a record") }
}

fn identity() -> Identity {
    Identity {
        number: "196408233234".parse().unwrap(),
        name: Known::Value("Provpatient Ett".into()),
        born: Known::Value("1964-08-23".parse().unwrap()),
        sex: Known::Value(Sex::Male),
    }
}

fn finding(against: Target, told_by: Option<&str>) -> Finding {
    Finding {
        id: code("ab-1"),
        against,
        significance: Known::Value(Significance::Significant),
        method: Some("IAT".into()),
        found: START,
        place: "Lund".into(),
        told_by: told_by.map(|region| JournalId::new(region).unwrap()),
        not_seen: [START].into_iter().collect(),
    }
}

fn elsewhere() -> Elsewhere {
    Elsewhere { group: Group::O_NEG, occasions: 2, newest: Known::Value(START) }
}

fn results() -> Vec<Event> {
    let (patient, by) = (patient(), actor("a-1"));
    let shared_occasion = SharedOccasion { reason: "blöder".into(), physician: None };
    let sample = Sample {
        number: tube(),
        purpose: Purpose::Compatibility,
        taken: START,
        place: "Akuten".into(),
        taken_by: "J. Jasmin".into(),
        identity_signed: true,
        shared_occasion: Some(shared_occasion),
    };
    let determination = Determination {
        id: code("g-1"),
        sample: tube(),
        determined: START,
        group: Known::Value(Group::O_NEG),
        phenotype: Phenotype::UNTESTED.with(Antigen::BigK, false),
        emergency: false,
        capture: Capture::Interface { instrument: "Erytra".into() },
        by: by.clone(),
        verified: None,
        set_aside: None,
    };
    let screen = Screen {
        id: code("s-1"),
        sample: tube(),
        performed: START,
        result: ScreenResult::Negative,
        capture: Capture::Typed,
        by,
        verified: None,
    };
    let here =
        |target| said::AntibodyFound { patient: patient.clone(), finding: finding(target, None) };
    vec![
        Event::SampleTaken(
            Nothing,
            Private::Here(said::SampleTaken { patient: patient.clone(), sample }),
        ),
        Event::Determined(
            Nothing,
            Private::Here(said::Determined { patient: patient.clone(), determination }),
        ),
        Event::Screened(
            Nothing,
            Private::Here(said::Screened { patient: patient.clone(), screen }),
        ),
        Event::ResultVerified(
            Nothing,
            Private::Here(said::ResultVerified { patient: patient.clone(), result: code("s-1") }),
        ),
        Event::AntibodyFound(Nothing, Private::Here(here(Target::RedCell(Antigen::Jka)))),
        Event::AntibodyFound(Nothing, Private::Here(here(Target::Other("ospecifik".into())))),
        Event::AntibodyNotSeen(
            Nothing,
            Private::Here(said::AntibodyNotSeen {
                patient: patient.clone(),
                finding: code("ab-1"),
                at: START,
            }),
        ),
    ]
}

fn decisions() -> Vec<Event> {
    let (patient, rule_set) = (patient(), Digest::of(b"rules"));
    let need = Need {
        id: code("n-1"),
        requirement: Requirement::Irradiated,
        indication: Indication::AllogeneicHsct,
        note: None,
        physician: actor("a-2"),
        from: START,
        until: Some(START.plus_days(365)),
        ended: None,
    };
    let resolved = said::ConflictResolved {
        patient: patient.clone(),
        decision: code("d-1"),
        group: Group::O_NEG,
        set_aside: vec![code("g-1")],
        reason: "förväxlat rör".into(),
        rule_set,
    };
    let ended = said::RequirementEnded {
        patient: patient.clone(),
        need: code("n-1"),
        at: START,
        reason: "felsatt".into(),
    };
    let turn = |kind| said::GroupTurned {
        patient: patient.clone(),
        turn: Turn {
            valid_from: START,
            recorded: START,
            kind,
            note: "Lund".into(),
            by: actor("a-2"),
        },
        rule_set: None,
    };
    vec![
        Event::ConflictResolved(Nothing, Private::Here(resolved)),
        Event::Required(
            Nothing,
            Private::Here(said::Required { patient: patient.clone(), need, rule_set }),
        ),
        Event::RequirementEnded(Nothing, Private::Here(ended)),
        Event::GroupTurned(
            Nothing,
            Private::Here(turn(TurnKind::Transplanted { donor: Known::Unknown })),
        ),
        Event::GroupTurned(Nothing, Private::Here(turn(TurnKind::Settled { group: Group::O_NEG }))),
    ]
}

fn people() -> Vec<Event> {
    let (patient, other) = (patient(), PatientId::new("p-2").unwrap());
    let (identity, reason) = (identity(), "felskrivet".to_owned());
    let registered = said::Registered { patient: patient.clone(), identity: identity.clone() };
    let corrected = said::IdentityCorrected { patient: patient.clone(), identity, reason };
    let mother =
        said::MotherStated { patient: patient.clone(), mother: other.clone(), reason: None };
    let linked =
        said::ReserveLinked { reserve: other.clone(), to: patient.clone(), check: "pass".into() };
    let parted =
        said::ReserveUnlinked { reserve: other, from: patient.clone(), reason: "fel".into() };
    let blocked = said::Blocked { patient, note: None };
    vec![
        Event::Registered(Nothing, Private::Here(registered)),
        Event::IdentityCorrected(Nothing, Private::Here(corrected)),
        Event::MotherStated(Nothing, Private::Here(mother)),
        Event::ReserveLinked(Nothing, Private::Here(linked)),
        Event::ReserveUnlinked(Nothing, Private::Here(parted)),
        Event::Blocked(Nothing, Private::Here(blocked.clone())),
        Event::BlockLifted(Nothing, Private::Here(blocked)),
    ]
}

fn disclosures() -> Vec<Event> {
    let asked = said::AskedOf {
        ask: code("ask-1"),
        to: JournalId::new("halland").unwrap(),
        ground: Ground::Consent,
        urgency: Urgency::Emergency,
        due: START,
        rule_set: None,
    };
    let about = Asked {
        patient: patient(),
        identity: identity(),
        reason: "operation".into(),
        phone: "046-17 00 00".into(),
    };
    let to = || said::AnswerTo {
        ask: code("ask-1"),
        record: record("skane"),
        to: JournalId::new("skane").unwrap(),
    };
    let history = History {
        group: Known::Value(elsewhere()),
        conflict: false,
        transplant: false,
        antibodies: vec![finding(Target::RedCell(Antigen::BigK), None)],
        screen: Known::Value((START, ScreenResult::Positive)),
    };
    let answer = |outcome| Answer {
        patient: None,
        outcome,
        block_broken: Some("fara för livet".into()),
        note: None,
    };
    let taken = said::TakenIn {
        patient: patient(),
        ask: code("ask-1"),
        answer: record("halland"),
        group: Some(ElsewhereGroup {
            id: code("e-1"),
            region: JournalId::new("halland").unwrap(),
            answer: record("halland"),
            said: elsewhere(),
            set_aside: None,
        }),
        findings: vec![finding(Target::RedCell(Antigen::BigK), Some("halland"))],
    };
    let declined = said::Declined { reason: Decline::Blocked, note: None };
    let back = said::AskWithdrawn { ask: code("ask-1") };
    let because = said::WithdrawnBecause { patient: patient(), reason: "flyttad".into() };
    vec![
        Event::Asked(asked, Private::Here(about)),
        Event::Answered(to(), Private::Here(answer(Outcome::History(Box::new(history))))),
        Event::Answered(to(), Private::Here(answer(Outcome::NoRecord))),
        Event::Declined(to(), Private::Here(declined)),
        Event::TakenIn(Nothing, Private::Here(taken)),
        Event::AskWithdrawn(back, Private::Here(because)),
    ]
}

pub fn events() -> Vec<Event> {
    [people(), results(), decisions(), disclosures()].concat()
}
