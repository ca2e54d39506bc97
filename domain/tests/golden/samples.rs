//! One event of every kind, at least.

use samband_domain::agreements::terms::{
    Carriage, CostKey, CostKeys, LegPrice, MonthlyCost, SupplyTerms, UnitPrice, UnknownHome,
};
use samband_domain::agreements::{self, AgreementKind, Document, SignedStatement, Statement};
use samband_domain::blood::model::Component;
use samband_domain::figures::model::{FileRef, Warning};
use samband_domain::figures::{self, FigureRow, Measure, Source};
use samband_domain::kernel::{
    self, Approval, Capacity, Identity, LegalRole, Mandate, Membership, Owner, OwnerKind,
    Profession, RecordKeeper, Site, SiteKind,
};
use samband_domain::rulesets::{self, Age, Rule, Scope, Value, Verdict, key};
use samband_domain::words::{Code, Nothing, Sign, canonical};
use samband_domain::{Digest, Event, Known, Mode, Period, Private, RecordRef, SiteId, bonds};

use crate::common::{Key, NOTHING, START, actor, hours, id, mandate};

fn record(journal: &str, seq: u64) -> RecordRef {
    RecordRef { journal: id(journal), epoch: 1, seq, hash: Digest::of(b"a record") }
}

fn site(text: &str) -> SiteId {
    SiteId::new(text).unwrap()
}

fn identity() -> Identity {
    Identity {
        name: "Åsa Öberg".into(),
        hsa_id: Some("SE0000000000-0001".into()),
        phone: None,
        email: Some("asa@example.org".into()),
    }
}

fn journal_events() -> Vec<kernel::Event> {
    use kernel::event::{BodyLeft, JournalOpened, KeyRotated, RecordAnnotated};
    use kernel::model::Continues;
    let body = || Code::new("sodra").unwrap();
    let continues = Continues {
        from: record("skane", 41),
        reason: "återläst kopia".into(),
        known_further: Some((id("halland"), 44)),
    };
    let owner = Owner {
        kind: OwnerKind::Region,
        name: "Region Skåne".into(),
        county_code: Some(Code::new("12").unwrap()),
    };
    let key = Key::new(1);
    let opened = JournalOpened {
        format: kernel::FORMAT.into(),
        owner,
        mode: Mode::Demo,
        key: key.public(),
        continues: Some(continues),
    };
    let new = Key::new(2).public();
    let rotated = KeyRotated { old: key.public(), new, vouched: key.sign(&new.0) };
    let membership =
        Membership {
            body: body(), name: "Södra sjukvårdsregionen".into(), window: hours(0, None)
        };
    let annotated = RecordAnnotated { record: record("skane", 7), text: "avser 2024".into() };
    vec![
        kernel::Event::JournalOpened(opened, NOTHING),
        kernel::Event::KeyRotated(rotated, NOTHING),
        kernel::Event::RecordAnnotated(annotated, NOTHING),
        kernel::Event::BodyJoined(membership, NOTHING),
        kernel::Event::BodyLeft(BodyLeft { body: body(), at: START }, NOTHING),
    ]
}

fn place_and_person_events() -> Vec<kernel::Event> {
    use kernel::event::{
        AccountNoted, ActorCorrected, ActorErased, ActorRegistered, GlassBroken, GlassReviewed,
        PersonRead, SiteClosed, SiteCorrected,
    };
    let opened = Site {
        id: site("s-lund"),
        name: "Blodcentralen Lund".into(),
        kind: SiteKind::BloodCentre,
        parent: Some(site("s-sus")),
        record: RecordKeeper::External,
        window: hours(0, 48),
        note: Some("dygnet runt".into()),
    };
    let corrected = SiteCorrected {
        site: site("s-lund"),
        name: "Lund".into(),
        record: RecordKeeper::Samband,
        note: None,
        reason: "eget register".into(),
    };
    let closed = SiteClosed { site: site("s-lund"), at: START, reason: "flyttad".into() };
    let registered = ActorRegistered {
        actor: actor("a-1"),
        profession: Profession::BiomedicalScientist,
        title: "Biomedicinsk analytiker".into(),
    };
    let right = ActorCorrected {
        actor: actor("a-1"),
        title: "Enhetschef".into(),
        reason: "ny tjänst".into(),
    };
    let erased = ActorErased { actor: actor("a-1"), ground: "begäran".into() };
    let read_of = kernel::event::SubjectRead {
        of: kernel::ReadOf::Patient(samband_domain::PatientId::new("p-1").unwrap()),
        purpose: "patient_page".into(),
    };
    let donor = |id: &str| kernel::ReadOf::Donor(samband_domain::DonorId::new(id).unwrap());
    let list_read =
        kernel::event::ListRead { of: vec![donor("d-1"), donor("d-2")], purpose: "call_up".into() };
    let read = PersonRead { person: actor("a-1"), purpose: "ansvar".into() };
    let broken = GlassBroken {
        mandate: mandate("m-9"),
        actor: actor("a-2"),
        window: hours(0, 4),
        reason: "masskadehändelse".into(),
    };
    let reviewed = GlassReviewed { mandate: mandate("m-9"), finding: "befogat".into() };
    let noted = AccountNoted { person: actor("a-2"), act: "created".into() };
    use Private::Here;
    vec![
        kernel::Event::SiteOpened(opened, NOTHING),
        kernel::Event::SiteCorrected(corrected, NOTHING),
        kernel::Event::SiteClosed(closed, NOTHING),
        kernel::Event::ActorRegistered(registered, Here(identity())),
        kernel::Event::ActorCorrected(right, Here(identity())),
        kernel::Event::ActorErased(erased, NOTHING),
        kernel::Event::PersonRead(Nothing, Here(read)),
        kernel::Event::SubjectRead(Nothing, Here(read_of)),
        kernel::Event::ListRead(Nothing, Here(list_read)),
        kernel::Event::GlassBroken(Nothing, Here(broken)),
        kernel::Event::GlassReviewed(Nothing, Here(reviewed)),
        kernel::Event::AccountNoted(Nothing, Here(noted)),
    ]
}

fn mandate_events() -> Vec<kernel::Event> {
    use kernel::event::{ApprovalRecorded, MandateEnded};
    let granted = Mandate {
        id: mandate("m-2"),
        holder: actor("a-2"),
        capacity: Capacity::Legal(LegalRole::ResponsiblePerson),
        site: None,
        window: hours(0, None),
        issuer: actor("a-1"),
        deputy_for: Some(mandate("m-1")),
        delegated_from: None,
        review_at: None,
        share_permille: Known::Value(200),
        approval: Approval::Pending { authority: "IVO".into(), asked: Known::Unknown },
        basis: Some("A27: ersättare".into()),
        ended: None,
    };
    let delegated = Mandate {
        id: mandate("m-3"),
        capacity: Capacity::Delegation { task: "givargodkännande".into() },
        site: Some(site("s-lund")),
        window: hours(1, 2),
        deputy_for: None,
        delegated_from: Some(mandate("m-1")),
        review_at: Some(START),
        share_permille: Known::Unknown,
        approval: Approval::NotRequired,
        basis: None,
        ..granted.clone()
    };
    let competence = Mandate {
        id: mandate("m-4"),
        capacity: Capacity::Competence {
            code: Code::new("transfusion-medicine").unwrap(),
            name: "Transfusionsmedicin".into(),
        },
        ..delegated.clone()
    };
    let approval = Approval::Approved {
        authority: "IVO".into(),
        reference: "dnr 8.1-1/2025".into(),
        decided: START,
    };
    let answer = ApprovalRecorded { mandate: mandate("m-2"), approval };
    let ended = MandateEnded { mandate: mandate("m-2"), at: START, reason: "pension".into() };
    vec![
        kernel::Event::MandateGranted(granted, NOTHING),
        kernel::Event::MandateGranted(delegated, NOTHING),
        kernel::Event::MandateGranted(competence, NOTHING),
        kernel::Event::MandateEnded(ended, NOTHING),
        kernel::Event::ApprovalRecorded(answer, NOTHING),
    ]
}

fn figure_events() -> Vec<figures::Event> {
    use figures::event::{FigureCorrected, FiguresReported};
    let row = |measure, period: &str, value| FigureRow {
        measure,
        period: period.parse::<Period>().unwrap(),
        value,
        row: Some(5),
        column: Some("population".into()),
    };
    let source = Source {
        title: "Projektrapport Transfusionsmedicin".into(),
        published: Known::Value("2025-10-17".parse().unwrap()),
        file: Some(FileRef { name: "sodra-2024.csv".into(), sha256: Digest::of(b"file") }),
        warnings: vec![Warning {
            measure: Some(Measure::ActiveDonors),
            code: "other".into(),
            text: "andelen över 65 år skiljer".into(),
        }],
    };
    let rows = vec![
        row(Measure::Population, "2024", Known::Value(1_428_626)),
        row(Measure::Population1864, "2024-06", Known::Unknown),
        row(Measure::WholeBloodDonations, "2024-06-30", Known::Value(0)),
    ];
    let corrected = FigureCorrected {
        measure: Measure::ActiveDonors,
        period: Period::Year(2024),
        value: Known::Value(22_103),
        supersedes: record("skane", 5),
        reason: "sifferfel".into(),
    };
    vec![
        figures::Event::FiguresReported(FiguresReported { source, rows }, NOTHING),
        figures::Event::FigureCorrected(corrected, NOTHING),
    ]
}

fn document() -> Document {
    Document {
        title: "Konsultavtal".into(),
        kind: AgreementKind::Consultancy,
        parties: vec![id("halland"), id("skane")],
        clauses: vec!["Råd dygnet runt.".into(), "Rad ett\nrad två “citat” \"rakt\"".into()],
        window: hours(0, 24),
        mode: Mode::Demo,
        drafted_by: id("skane"),
        drafted_at: START,
        reference: None,
        terms: None,
        alarm: None,
    }
}

fn signed() -> SignedStatement {
    let statement = Statement {
        document: Digest::of(document().text().as_bytes()),
        region: id("skane"),
        actor: actor("a-1"),
        name: "Åsa Öberg".into(),
        title: "Hälso- och sjukvårdsdirektör".into(),
        mandate: mandate("m-1"),
        signed_at: START,
    };
    let text = canonical::to_text(&statement).unwrap();
    let key = Key::new(1);
    SignedStatement { key: key.key_id(), signature: key.sign(text.as_bytes()), text }
}

fn terms() -> SupplyTerms {
    let price = UnitPrice { component: Component::RedCells, ore: 140_000 };
    let leg = LegPrice { region: id("skane"), leg: Code::new("fm").unwrap(), ore: 30_000 };
    let cost =
        |key| MonthlyCost { what: "Buss".into(), paid_by: id("halland"), ore: 20_000_001, key };
    SupplyTerms {
        keys: CostKeys { population: 40, r#use: 40, equal: 20 },
        prices: vec![price],
        box_ore: Some(35_000),
        legs: vec![leg],
        carriage: Carriage::Sender,
        unknown_home: UnknownHome::Treated,
        joint: vec![cost(None), cost(Some(CostKey::Equal))],
    }
}

fn agreement_events() -> Vec<agreements::Event> {
    use agreements::event::{Declined, Ended, Proposed, Signed, Withdrawn};
    let text = || document().text();
    let digest = Digest::of(text().as_bytes());
    let proposal = || record("skane", 12);
    let reason = || "skäl".to_owned();
    let proposed = Proposed { text: text(), signed: signed() };
    let answered = Signed { text: text(), proposal: proposal(), signed: signed() };
    let declined = Declined { text: text(), proposal: proposal(), reason: reason() };
    let withdrawn = Withdrawn { document: digest, reason: reason() };
    let ended = Ended { document: digest, at: START, reason: reason() };
    let kind = AgreementKind::Supply;
    let with = Document { kind, terms: Some(Box::new(terms())), ..document() }.text();
    let priced = (
        Proposed { text: with.clone(), signed: signed() },
        Signed { text: with, proposal: proposal(), signed: signed() },
    );
    vec![
        agreements::Event::Proposed(proposed, NOTHING),
        agreements::Event::Signed(answered, NOTHING),
        agreements::Event::Declined(declined, NOTHING),
        agreements::Event::Withdrawn(withdrawn, NOTHING),
        agreements::Event::Ended(ended, NOTHING),
        agreements::Event::TermsProposed(priced.0, NOTHING),
        agreements::Event::TermsSigned(priced.1, NOTHING),
    ]
}

fn bond_events() -> Vec<bonds::Event> {
    use bonds::event::{
        EpochNoticed, FellSilent, ForkSeen, ForkSettled, HeardAgain, Noticed, PeerDropped,
        PeerMoved,
    };
    let halland = || id("halland");
    let peer = bonds::Peer { journal: halland(), key: Key::new(1).public(), mode: Mode::Demo };
    let reach = bonds::Reach {
        url: "https://samband.example:8443".into(),
        certificate: Digest::of(b"certificate"),
    };
    let dropped = PeerDropped { journal: halland(), reason: "lämnat".into() };
    let genesis = RecordRef { epoch: 2, ..record("halland", 1) };
    let epoch = EpochNoticed { genesis, continues: record("halland", 41), lost: 3 };
    let fork = ForkSeen {
        held: record("halland", 9),
        shown: Some(Digest::of(b"shown")),
        detail: "annan hash".into(),
    };
    let settled = ForkSettled { journal: halland(), finding: "återställd".into() };
    let silent = FellSilent { journal: halland(), heard: Known::Value(START) };
    vec![
        bonds::Event::Trusted(peer, Private::Here(reach.clone())),
        bonds::Event::Dropped(dropped, NOTHING),
        bonds::Event::Noticed(Noticed { head: record("halland", 9) }, NOTHING),
        bonds::Event::EpochNoticed(epoch, NOTHING),
        bonds::Event::ForkSeen(fork, NOTHING),
        bonds::Event::ForkSettled(settled, NOTHING),
        bonds::Event::FellSilent(silent, NOTHING),
        bonds::Event::HeardAgain(HeardAgain { journal: halland() }, NOTHING),
        bonds::Event::Moved(PeerMoved { journal: halland() }, Private::Here(reach)),
    ]
}

fn rule_set_events() -> Vec<rulesets::Event> {
    use rulesets::event::{Adopted, Drafted, Reviewed, Withdrawn};
    let rules = [
        Rule {
            key: key::SHELF_LIFE_RED_CELLS,
            value: Known::Value(Value::Days(42)),
            source: "KRON-K".into(),
            note: Some("leukocytreducerade, SAGM".into()),
        },
        Rule {
            key: key::K_NEG_FEMALE_AGE,
            value: Known::Value(Value::Age(Age { years: 50, inclusive: false })),
            source: "SOS28".into(),
            note: None,
        },
        Rule {
            key: key::RESERVATION_LAPSE_HOURS,
            value: Known::Unknown,
            source: String::new(),
            note: None,
        },
    ];
    let text = rulesets::Document::of(Scope::Blood, "Regler".into(), "1".into(), &rules).text();
    let rule_set = Digest::of(text.as_bytes());
    let file = Some(FileRef { name: "skane.toml".into(), sha256: Digest::of(b"file") });
    let comment = Some("åldern fattas".into());
    let reviewed = Reviewed { rule_set, verdict: Verdict::Object, comment };
    let reason = "ersatt".into();
    vec![
        rulesets::Event::Drafted(Drafted { text: text.clone(), file }, NOTHING),
        rulesets::Event::Reviewed(reviewed, NOTHING),
        rulesets::Event::Adopted(Adopted { text, from: START }, NOTHING),
        rulesets::Event::Withdrawn(Withdrawn { rule_set, reason }, NOTHING),
    ]
}

/// At least one event of every kind.
pub fn events() -> Vec<Event> {
    let kernel = [journal_events(), place_and_person_events(), mandate_events()].concat();
    let kernel = kernel.into_iter().map(Event::from);
    kernel
        .chain(figure_events().into_iter().map(Event::from))
        .chain(agreement_events().into_iter().map(Event::from))
        .chain(bond_events().into_iter().map(Event::from))
        .chain(rule_set_events().into_iter().map(Event::from))
        .chain(crate::golden::blood::events().into_iter().map(Event::from))
        .chain(crate::golden::made::events())
        .chain(crate::golden::mobile::events())
        .chain(crate::golden::plans::events())
        .chain(crate::golden::alarms::events())
        .chain(crate::golden::called::events().into_iter().map(Event::from))
        .chain(crate::golden::donors::events().into_iter().map(Event::from))
        .chain(crate::golden::patients::events().into_iter().map(Event::from))
        .chain(crate::golden::transfusion::events())
        .collect()
}
