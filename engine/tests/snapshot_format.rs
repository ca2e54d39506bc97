//! The form of the state in snapshots. If this test fails, a type in the state has changed (or the
//! form of a record, whose hashes stand in the state): change `STATE_FORMAT` in
//! `engine/src/snapshot.rs`, so that older snapshots are discarded instead of misread, and put the
//! new name and digests here.

#[path = "../../domain/tests/golden/alarms.rs"]
mod alarms;
#[path = "../../domain/tests/golden/blood.rs"]
mod blood;
#[path = "../../domain/tests/golden/made.rs"]
mod made;

use crate::common::{Base, actor, identity, journal, site, source};
use samband_domain::agreements::event::{Declined, Ended, Proposed, Withdrawn};
use samband_domain::agreements::{self, AgreementKind, Document, SignedStatement};
use samband_domain::alarms::Event as Said;
use samband_domain::alarms::event::Answered;
use samband_domain::alarms::model::{Alarm, Kind, Says};
use samband_domain::bonds::event as bonds;
use samband_domain::bonds::{Peer, Reach};
use samband_domain::figures::event::FiguresReported;
use samband_domain::figures::model::{FigureRow, FileRef, Measure, Warning};
use samband_domain::figures::{self};
use samband_domain::kernel::event as kernel;
use samband_domain::kernel::{
    Access, Approval, Capacity, LegalRole, Mandate, Membership, Owner, OwnerKind, Profession,
    RecordKeeper, Role, Site, SiteKind,
};
use samband_domain::rulesets::event::{Adopted, Drafted, Reviewed};
use samband_domain::rulesets::{self, Age, Rule, Scope, Value, Verdict, key};
use samband_domain::words::{Code, NONE, Nothing, PublicKey, Signature};
use samband_domain::{
    Absence, Digest, Event, Head, Known, MandateId, Mode, Private, RecordRef, Region, Time, Window,
};
use samband_journal::store::{Batch, HeadMove};
use samband_journal::{Author, Chain, Record, SigningKey, Store};

/// Form, digest of a region's own state, digest of the same as another's copy.
const PINNED: (&str, &str, &str) = (
    "samband-state/7",
    "064371356e3b8b80aca06c6b61d5a330a1b4abf5779ff82c9eea818a8cb8f639",
    "912845ae82002c653ee56a33412db2db31f9d194750594602722e66a170057fd",
);

fn at(seq: u64) -> RecordRef {
    RecordRef { journal: journal("halland"), epoch: 1, seq, hash: Digest::of(b"at") }
}

fn head() -> Head {
    at(7)
}

fn window() -> Window {
    Window::new(Time(10), Some(Time(20))).unwrap()
}

fn key() -> PublicKey {
    SigningKey::from_seed(&[3; 32]).public()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

/// Events that leave something in every field of the state, in every variant that it knows.
fn events() -> Vec<Event> {
    let mut all = kernel_events();
    all.extend(mandates());
    all.extend(figures_events());
    all.extend(agreement_events());
    all.extend(bond_events());
    all.extend(rule_set_events());
    all.extend(blood::events().into_iter().map(Event::from));
    all.extend(made::events());
    all.extend(alarm_events());
    all
}

/// One event of every kind about incidents, alarms and readiness, and what these leave out.
fn alarm_events() -> Vec<Event> {
    let mut all = alarms::events();
    let more = all.iter().filter_map(|event| match event {
        Event::Alarms(Said::Answered(answered, by)) => {
            let answered = Answered { says: Says::Cannot, ..answered.clone() };
            Some(Said::Answered(answered, by.clone()))
        }
        Event::Alarms(Said::Issued(alarm, none)) if alarm.replaces.is_none() => {
            let id = "ovn-skarpt".parse().unwrap();
            let real = Alarm { id, kind: Kind::RealSituation, ..alarm.clone() };
            Some(Said::Issued(real, none.clone()))
        }
        _ => None,
    });
    let more: Vec<_> = more.map(Event::from).collect();
    all.extend(more);
    all
}

fn kernel_events() -> Vec<Event> {
    let owner =
        Owner { kind: OwnerKind::Body, name: "Owner".into(), county_code: Some(code("12")) };
    let opened = kernel::JournalOpened {
        format: "samband-record/1".into(),
        owner,
        mode: Mode::Exercise,
        key: key(),
        continues: None,
    };
    let other = SigningKey::from_seed(&[4; 32]).public();
    let rotated = kernel::KeyRotated { old: key(), new: other, vouched: Signature([5; 64]) };
    let joined = Membership { body: code("sodra"), name: "Body".into(), window: window() };
    let glass = kernel::GlassBroken {
        mandate: MandateId::new("m-glass").unwrap(),
        actor: actor("a-body"),
        window: window(),
        reason: "Reason".into(),
    };
    let reviewed =
        kernel::GlassReviewed { mandate: glass.mandate.clone(), finding: "Finding".into() };
    use samband_domain::kernel::Event as K;
    let mut all = vec![
        K::JournalOpened(opened, NONE),
        K::KeyRotated(rotated, NONE),
        K::BodyJoined(joined, NONE),
        K::GlassBroken(Nothing, Private::Here(glass)),
        K::GlassReviewed(Nothing, Private::Here(reviewed)),
    ];
    for (n, kind) in SiteKind::ALL.iter().enumerate() {
        let open = Site {
            id: site(&format!("s-{n}")),
            name: "Site".into(),
            kind: *kind,
            parent: (n > 0).then(|| site("s-0")),
            record: RecordKeeper::ALL[n % RecordKeeper::ALL.len()],
            window: if n == 0 { Window::open(Time(1)) } else { window() },
            note: (n > 1).then(|| "Note".into()),
        };
        all.push(K::SiteOpened(open, NONE));
    }
    for profession in Profession::ALL {
        let registered = kernel::ActorRegistered {
            actor: actor(&format!("a-{}", profession.as_str().replace('_', "-"))),
            profession: *profession,
            title: "Title".into(),
        };
        let mut who = identity("Name");
        who.phone = Some("Phone".into());
        all.push(K::ActorRegistered(registered, Private::Here(who)));
    }
    let erased = kernel::ActorErased { actor: actor("a-nurse"), ground: "Ground".into() };
    all.push(K::ActorErased(erased, NONE));
    all.into_iter().map(Event::Kernel).collect()
}

fn mandates() -> Vec<Event> {
    let mut capacities: Vec<_> = Role::ALL.iter().copied().map(Capacity::Role).collect();
    capacities.extend(LegalRole::ALL.iter().copied().map(Capacity::Legal));
    capacities.extend(Access::ALL.iter().copied().map(Capacity::Access));
    capacities.push(Capacity::Competence { code: code("x"), name: "Name".into() });
    capacities.push(Capacity::Delegation { task: "Task".into() });
    capacities.push(Capacity::Assignment { task: "Task".into() });
    let (authority, reference) = ("Authority".to_owned(), "Reference".to_owned());
    let decided = Time(5);
    let approvals = [
        Approval::NotRequired,
        Approval::Pending { authority: authority.clone(), asked: Known::Unknown },
        Approval::Approved { authority: authority.clone(), reference: reference.clone(), decided },
        Approval::Rejected { authority, reference, decided },
    ];
    let number = |n: usize| MandateId::new(&format!("m-{n}")).unwrap();
    let mandate = |(n, capacity): (usize, Capacity)| Mandate {
        id: number(n),
        holder: actor("a-physician"),
        capacity,
        site: (n > 2).then(|| site("s-0")),
        window: window(),
        issuer: actor("machine"),
        deputy_for: (n > 3).then(|| number(0)),
        delegated_from: (n > 4).then(|| number(1)),
        review_at: (n > 5).then_some(Time(6)),
        share_permille: if n > 6 { Known::Value(200) } else { Known::Unknown },
        approval: approvals[n % approvals.len()].clone(),
        basis: (n > 7).then(|| "Basis".into()),
        ended: (n > 8).then(|| "Ended".into()),
    };
    let granted = capacities.into_iter().enumerate().map(mandate);
    use samband_domain::kernel::Event as K;
    granted.map(|mandate| Event::Kernel(K::MandateGranted(mandate, NONE))).collect()
}

fn figures_events() -> Vec<Event> {
    let periods = ["2023", "2023-06", "2023-06-30"].map(|text| text.parse().unwrap());
    let mut rows = Vec::new();
    for (n, measure) in Measure::ALL.iter().enumerate() {
        for period in periods {
            let (row, column) = (Some(7), Some("Column".into()));
            let value = if n > 0 { Known::Value(300) } else { Known::Unknown };
            rows.push(FigureRow { measure: *measure, period, value, row, column });
        }
    }
    let mut source = source();
    source.published = Known::Value(periods[0]);
    source.file = Some(FileRef { name: "File".into(), sha256: Digest::of(b"file") });
    source.warnings =
        vec![Warning { measure: Some(Measure::ALL[0]), code: "other".into(), text: "Text".into() }];
    let corrected = figures::event::FigureCorrected {
        measure: Measure::ALL[0],
        period: periods[1],
        value: Known::Value(1),
        supersedes: at(3),
        reason: "Reason".into(),
    };
    vec![
        figures::Event::FiguresReported(FiguresReported { source, rows }, NONE).into(),
        figures::Event::FigureCorrected(corrected, NONE).into(),
    ]
}

fn agreement_events() -> Vec<Event> {
    let signed = SignedStatement {
        text: "Statement".into(),
        key: "Key".into(),
        signature: Signature([6; 64]),
    };
    let mut all: Vec<agreements::Event> = Vec::new();
    let mut digests = Vec::new();
    for kind in AgreementKind::ALL {
        let document = Document {
            title: "Title".into(),
            kind: *kind,
            alarm: None,
            parties: vec![journal("halland"), journal("skane")],
            clauses: vec!["Clause".into()],
            window: window(),
            mode: Mode::Exercise,
            drafted_by: journal("skane"),
            drafted_at: Time(4),
            reference: Some("Reference".into()),
            terms: None,
        };
        let text = document.text();
        digests.push(Digest::of(text.as_bytes()));
        let reason = "Reason".into();
        all.push(if all.len() == 1 {
            let (proposal, text) = (at(2), text);
            agreements::Event::Declined(Declined { text, proposal, reason }, NONE)
        } else {
            let signed = signed.clone();
            agreements::Event::Proposed(Proposed { text, signed }, NONE)
        });
    }
    let reason = || "Reason".to_owned();
    let (document, at) = (digests[2], Time(9));
    let withdrawn = Withdrawn { document, reason: reason() };
    all.push(agreements::Event::Withdrawn(withdrawn, NONE));
    let ended = Ended { document: digests[3], at, reason: reason() };
    all.push(agreements::Event::Ended(ended, NONE));
    all.into_iter().map(Event::Agreements).collect()
}

fn bond_events() -> Vec<Event> {
    let peer = Peer { journal: journal("halland"), key: key(), mode: Mode::Exercise };
    let reach = Reach { url: "https://x:1".into(), certificate: Digest::of(b"c") };
    let epoch = bonds::EpochNoticed { genesis: at(1), continues: at(9), lost: 3 };
    let (held, shown) = (head(), Some(Digest::of(b"shown")));
    let fork = bonds::ForkSeen { held, shown, detail: "Detail".into() };
    let silent = bonds::FellSilent { journal: journal("halland"), heard: Known::Value(Time(1)) };
    use samband_domain::bonds::Event as B;
    let all = vec![
        B::Trusted(peer, Private::Here(reach)),
        B::Noticed(bonds::Noticed { head: head() }, NONE),
        B::EpochNoticed(epoch, NONE),
        B::ForkSeen(fork, NONE),
        B::FellSilent(silent, NONE),
    ];
    all.into_iter().map(Event::Bonds).collect()
}

/// A rule set with a value of every shape, one that is unknown and one of a later program.
fn rule_set_events() -> Vec<Event> {
    let values = [
        (key::SHELF_LIFE_RED_CELLS, Value::Days(42)),
        (key::SHELF_LIFE_RED_CELLS_WASHED, Value::Hours(24)),
        (key::SHELF_LIFE_PLASMA_FROZEN, Value::Months(36)),
        (key::RETURN_RED_CELLS_UNCOOLED_MINUTES, Value::Minutes(30)),
        (key::DONOR_AGE_MINIMUM, Value::Years(18)),
        (key::MTP_RATIO_PLASMA, Value::Count(4)),
        (key::K_NEG_FEMALE_AGE, Value::Age(Age { years: 50, inclusive: false })),
        (key::STORAGE_PLASMA_FROZEN, Value::Temperature { min_tenths: None, max_tenths: -250 }),
        (key::DONOR_HB_FEMALE, Value::GramsPerLitre(125)),
        (key::DONOR_WEIGHT_MINIMUM, Value::Kilograms(50)),
        (key::DONOR_VOLUME_MAXIMUM, Value::Millilitres(500)),
        (key::NAT_IN_USE, Value::Flag(true)),
        (key::PLATELETS_ABO, Value::Choice("any".into())),
        (key::TESTS_NEW_DONOR, Value::List(vec!["anti-hbc".into(), "htlv".into()])),
    ];
    let mut rules: Vec<Rule> = values
        .into_iter()
        .map(|(key, value)| Rule {
            key,
            value: Known::Value(value),
            source: "Source".into(),
            note: Some("Note".into()),
        })
        .collect();
    rules.push(Rule {
        key: key::RESERVATION_LAPSE_HOURS,
        value: Known::Unknown,
        source: String::new(),
        note: None,
    });
    let mut document = rulesets::Document::of(Scope::Blood, "Title".into(), "1".into(), &rules);
    let later = document.rules["platelets.abo"].clone();
    document.rules.insert("later.key".into(), later);
    let text = document.text();
    let rule_set = Digest::of(text.as_bytes());
    let file = Some(FileRef { name: "File".into(), sha256: Digest::of(b"file") });
    let second = rulesets::Document::of(Scope::Blood, "Title".into(), "2".into(), &rules).text();
    let reviewed = |verdict| {
        let comment = Some("Comment".into());
        rulesets::Event::Reviewed(Reviewed { rule_set, verdict, comment }, NONE)
    };
    let withdrawn = rulesets::event::Withdrawn {
        rule_set: Digest::of(second.as_bytes()),
        reason: "Reason".into(),
    };
    let all = vec![
        rulesets::Event::Drafted(Drafted { text: text.clone(), file }, NONE),
        rulesets::Event::Drafted(Drafted { text: second, file: None }, NONE),
        reviewed(Verdict::Object),
        reviewed(Verdict::Approve),
        rulesets::Event::Adopted(Adopted { text, from: Time(500) }, NONE),
        rulesets::Event::Withdrawn(withdrawn, NONE),
    ];
    all.into_iter().map(Event::Rulesets).collect()
}

/// Writes the events as records, the same every time.
async fn write(store: &Store, local: bool) {
    let id = journal("skane");
    let mut chain = Chain::before(id.clone());
    let (by, mandate) = (actor("a-physician"), MandateId::new("m-1").unwrap());
    let mut batch = Batch::default();
    for (n, event) in events().iter().enumerate() {
        let author = Author { happened: Time(50), actor: &by, mandate: Some(&mandate), cause: &[] };
        let place = (&id, 1, chain.seq + 1);
        let time = Time(100 + i64::try_from(n).unwrap());
        let record =
            Record::next(place, &chain.hash, time, event.encode().unwrap(), author, [8; 32]);
        chain.advance(&record);
        batch.records.push(if local { record } else { record.for_others() });
    }
    let (to, recorded) = (chain.head().unwrap(), chain.recorded);
    batch.heads.push(HeadMove { journal: id, from: None, to, recorded, local });
    let term = store.take_writer().await.unwrap();
    store.append(term, &batch).await.unwrap();
}

async fn form_of(base: &Base, local: bool) -> (String, String) {
    let mut house = base.house(if local { "own" } else { "copy" }).await;
    house.engine.stop().await;
    let store = house.place.store().await;
    write(&store, local).await;
    store.close().await;
    house.engine = house.place.start().await.unwrap();
    let id = journal("skane");
    if let Some(region) = house.engine.world().local(&id) {
        let erased = Private::Absent(Absence::Erased);
        assert_eq!(region.own.kernel.persons.get(&actor("a-nurse")), Some(&erased));
        assert!(region.own.kernel.glass[0].review.is_some());
        let shared = &region.shared;
        assert_eq!(shared.agreements.held.len(), AgreementKind::ALL.len());
        assert_eq!(shared.bonds.forks.len(), 1);
        alarms_fill_every_field(region);
    }
    house.engine.snapshot(&id).await;
    let store = house.engine.store();
    let info = store.snapshots(&id).await.unwrap().remove(0);
    let bytes = store.snapshot(&info).await.unwrap();
    house.engine.stop().await;
    (info.format, Digest::of(&bytes).to_string())
}

fn alarms_fill_every_field(region: &Region) {
    let (alarms, own) = (&region.shared.alarms, &region.own.alarms);
    assert!(!alarms.rosters.is_empty() && !alarms.issued.is_empty() && !alarms.heard.is_empty());
    assert!(alarms.exercise.is_some() && alarms.stopped.is_some());
    assert!(alarms.issued.values().any(|one| one.replaced.is_some()));
    let full = alarms.obligations.values().any(|held| {
        let gone = held.woken.iter().any(|woken| woken.gone.is_some());
        let answered = held.answer.is_some() && held.closed.is_some() && held.read.is_some();
        gone && answered && !held.attempts.is_empty() && !held.delivered.is_empty()
    });
    assert!(full, "an obligation in which everything has happened");
    assert!(!own.rosters.is_empty() && !own.people.is_empty() && !own.said.is_empty());
    assert!(own.leader.is_some() && !own.allowed.is_empty());
    let incidents = &region.shared.incidents;
    assert!(!incidents.modes.is_empty() && !incidents.duties.is_empty());
    let incident = incidents.incidents.values().next().unwrap();
    assert!(incident.assessment.is_some() && !incident.alarms.is_empty());
    assert!(!incident.taken.is_empty() && !incident.entries.is_empty());
    assert!(incident.duties.iter().any(|duty| duty.dropped.is_some()));
    let ready = &region.shared.readiness;
    assert!(!ready.capacity.is_empty() && !ready.situations.is_empty());
    assert!(!ready.pledged.is_empty() && !ready.helicopters.is_empty() && !ready.lots.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_has_the_name_that_it_had_when_it_was_pinned() {
    let base = Base::sqlite();
    let (own, copy) = (form_of(&base, true).await, form_of(&base, false).await);
    assert_eq!(own.0, copy.0);
    let found = (own.0.as_str(), own.1.as_str(), copy.1.as_str());
    assert_eq!(found, PINNED, "see the first lines of this file");
}
