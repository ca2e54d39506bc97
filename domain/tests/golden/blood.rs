//! Events of blood: one of every kind, and together something in every part of the state. Stands by
//! itself, so that the test of the snapshots' form reads the same ones.

#[path = "supply.rs"]
mod supply;

use samband_domain::blood::Event;
use samband_domain::blood::command::Standing;
use samband_domain::blood::event as said;
use samband_domain::blood::model::stock::{
    Arrival, Demand, Duty, ExternalCount, ExternalStock, Line, Load, Oldest, Shortage, Way,
};
use samband_domain::blood::model::supply::Parcel;
use samband_domain::blood::model::unit::Entry;
use samband_domain::blood::model::{
    Antigen, Attribute, Attributes, CodeTable, CodeTableParts, Component, DiscardReason, Facility,
    FacilityRow, Fate, Group, Pdc, Phenotype, Product, ProductRow, QuarantineReason, TestResult,
    Tested, UnitId,
};
use samband_domain::words::{Code, NONE};
use samband_domain::{
    Digest, JournalId, Known, Private, RecordRef, RequestId, SiteId, Time, Window,
};

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn site(text: &str) -> SiteId {
    SiteId::new(text).unwrap()
}

fn journal(text: &str) -> JournalId {
    JournalId::new(text).unwrap()
}

fn unit(serial: u32) -> UnitId {
    UnitId::parse(&format!("A999326{serial:06}.E0001V00")).unwrap()
}

fn units(serials: &[u32]) -> Vec<UnitId> {
    serials.iter().map(|serial| unit(*serial)).collect()
}

fn record(of: &str, seq: u64) -> RecordRef {
    RecordRef { journal: journal(of), epoch: 1, seq, hash: Digest::of(&seq.to_be_bytes()) }
}

fn row(code: &str, facility: Option<&str>, valid: Option<Window>) -> ProductRow {
    ProductRow {
        code: Pdc::parse(code).unwrap(),
        facility: facility.map(|text| Facility::parse(text).unwrap()),
        product: Product::RedCells,
        attributes: Attributes::NONE.with(Attribute::Leukoreduced),
        text: "Erytrocyter".into(),
        valid,
    }
}

fn table() -> CodeTable {
    let valid = Window::new(Time(0), Some(Time(9_000_000_000_000_000))).unwrap();
    let parts = CodeTableParts {
        title: "Påhittad".into(),
        version: "1".into(),
        digest: Digest::of(b"codes"),
        valid,
        products: vec![row("E0001", None, Some(valid)), row("D0001", Some("A9993"), None)],
        facilities: vec![FacilityRow {
            facility: Facility::parse("A9993").unwrap(),
            name: "Påhittade blodcentralen".into(),
        }],
    };
    CodeTable::try_from(parts).unwrap()
}

fn tested(rule_set: Option<Digest>) -> Tested {
    let result = |name: &str, result| (code(name), result);
    Tested {
        results: vec![
            result("hbsag", TestResult::Negative),
            result("nat", TestResult::Indeterminate),
            result("syphilis", TestResult::Positive),
        ],
        rule_set,
        rules: Some("2025-12".into()),
    }
}

fn entry(serial: u32, group: Known<Group>) -> Entry {
    Entry {
        id: unit(serial),
        group,
        product: Product::RedCells,
        attributes: Attributes::NONE,
        phenotype: Phenotype::default(),
        expiry: Time(1_800_000_000_000_000),
        tested: None,
    }
}

fn full(serial: u32) -> Entry {
    Entry {
        attributes: Attributes::NONE.with(Attribute::Irradiated).with(Attribute::CmvNegative),
        phenotype: Phenotype::default().with(Antigen::BigK, false).with(Antigen::SmallC, true),
        tested: Some(0),
        ..entry(serial, Known::Value(Group::O_NEG))
    }
}

fn taken_over() -> said::TakenOver {
    let reserved = Standing::Reserved { until: Time(1_700_000_000_000_000) };
    let mut entries = vec![full(1), entry(2, Known::Unknown)];
    entries.extend((3..15).map(|serial| entry(serial, Known::Value(Group::ALL[7]))));
    let mut standings = vec![Standing::Available, Standing::Quarantined, reserved];
    standings.resize(entries.len(), Standing::Available);
    said::TakenOver {
        site: site("lund"),
        file: Some(("lager.csv".into(), Digest::of(b"file"))),
        load: Load { tested: vec![tested(None)], units: entries },
        standings,
    }
}

fn external() -> said::ExternalReported {
    let row = |group, count: Known<u32>| ExternalCount {
        component: Component::Platelets,
        group,
        available: count,
        reserved: count,
        quarantined: count,
        expiring: count,
    };
    let rows =
        vec![row(Known::Value(Group::O_NEG), Known::Value(4)), row(Known::Unknown, Known::Unknown)];
    let file = Some(("prosang.csv".into(), Digest::of(b"report")));
    let stock =
        ExternalStock { system: "ProSang".into(), as_of: Time(1_600_000_000_000_000), file, rows };
    said::ExternalReported { site: site("vaxjo"), stock }
}

fn line(group: Option<Group>) -> Line {
    Line { component: Component::RedCells, group }
}

fn facts() -> Vec<Event> {
    let demand = Demand {
        milli_per_day: Known::Value(13_700),
        period: "2024".parse().unwrap(),
        source: "rapporten".into(),
    };
    let unknown = Demand { milli_per_day: Known::Unknown, ..demand.clone() };
    let stated = |site, group, demand| said::DemandStated { site, line: line(group), demand };
    let duty = Duty {
        function: code("blood-centre"),
        phone: "040-628 04 00".into(),
        hours: "dygnet runt".into(),
    };
    let shortage = Shortage {
        since: Time(1_600_000_000_000_000),
        minimum: 31,
        usable: 24,
        rule_set: Digest::of(b"rules"),
    };
    let (o_neg, all) = (line(Some(Group::O_NEG)), line(None));
    let noted = |line| said::ShortageNoted { line, shortage: shortage.clone() };
    let ended = said::ShortageEnded { line: all, since: shortage.since };
    vec![
        Event::CodesLoaded(table(), NONE),
        Event::ExternalReported(external(), NONE),
        Event::DemandStated(stated(None, Some(Group::O_NEG), demand), NONE),
        Event::DemandStated(stated(Some(site("lund")), None, unknown), NONE),
        Event::DutyStated(said::DutyStated { site: site("lund"), duty }, NONE),
        Event::ShortageNoted(noted(o_neg), NONE),
        Event::ShortageNoted(noted(all), NONE),
        Event::ShortageEnded(ended, NONE),
    ]
}

fn because(reason: &str) -> Private<said::Because> {
    Private::Here(said::Because { reason: reason.into() })
}

fn note(note: Option<&str>) -> Private<said::Note> {
    Private::Here(said::Note { note: note.map(str::to_owned) })
}

fn handled() -> Vec<Event> {
    let corrected = said::Corrected {
        unit: unit(4),
        group: Some(Known::Value(Group::O_NEG)),
        expiry: Some(Time(1_750_000_000_000_000)),
        phenotype: Some(Phenotype::default().with(Antigen::BigK, true)),
    };
    let purpose =
        Private::Here(said::Purpose { purpose: "operation 3".into(), request: None, oldest: None });
    let oldest = said::Purpose {
        purpose: "operation 4".into(),
        request: None,
        oldest: Some(Oldest {
            site: site("lund"),
            component: Component::RedCells,
            group: Group::O_NEG,
            count: 2,
            at_least: 1,
        }),
    };
    let reserved = |serials: &[u32]| said::Reserved {
        units: units(serials),
        until: Time(1_700_000_000_000_000),
        rule_set: Digest::of(b"rules"),
    };
    let counted = said::Counted {
        site: site("lund"),
        component: Some(Component::RedCells),
        agreed: 9,
        missing: units(&[5]),
        found_again: units(&[6]),
        moved: units(&[7]),
        unknown: units(&[99]),
    };
    let held = said::Quarantined { units: units(&[8]), reason: QuarantineReason::Temperature };
    let released = said::Released { units: units(&[2]), rule_set: Digest::of(b"rules") };
    let recorded =
        said::TestsRecorded { unit: unit(9), tested: tested(Some(Digest::of(b"rules"))) };
    let discarded = said::Discarded { units: units(&[10]), reason: DiscardReason::Damaged };
    vec![
        Event::TakenOver(taken_over(), NONE),
        Event::Corrected(corrected, because("fel etikett")),
        Event::Quarantined(held, note(Some("kylen larmade"))),
        Event::Released(released, NONE),
        Event::TestsRecorded(recorded, NONE),
        Event::Discarded(discarded, note(None)),
        Event::Reserved(reserved(&[11]), purpose.clone()),
        Event::Reserved(reserved(&[12]), purpose),
        Event::Reserved(reserved(&[13]), Private::Here(oldest)),
        Event::Unreserved(said::Units { units: units(&[12]) }, because("inställd")),
        Event::Lapsed(said::Units { units: units(&[3]) }, NONE),
        Event::Outdated(said::Units { units: units(&[13]) }, NONE),
        Event::Counted(counted, NONE),
    ]
}

fn sent() -> Vec<Event> {
    let way = |eta, carrier: Option<&str>| Way {
        from: site("lund"),
        to_region: journal("halland"),
        to_site: site("varberg"),
        sent: Time(1_600_000_000_000_000),
        eta,
        carrier: carrier.map(str::to_owned),
    };
    let load = |serial| Load { tested: vec![tested(None)], units: vec![full(serial)] };
    let eta = Known::Value(Time(1_600_000_900_000_000));
    let received = said::Received {
        dispatch: record("blekinge", 7),
        site: site("lund"),
        outcomes: vec![
            (unit(50), Arrival::Accepted),
            (unit(51), Arrival::Missing),
            (unit(52), Arrival::Quarantined),
        ],
        load: Load { units: vec![full(50), entry(52, Known::Unknown)], ..load(50) },
        held: vec![(unit(50), "stock.test_missing".into())],
        boxes: Vec::new(),
        note: Some("en påse saknas".into()),
    };
    let plain = said::Received { held: Vec::new(), note: None, ..received.clone() };
    let plain = said::Received { dispatch: record("blekinge", 8), outcomes: Vec::new(), ..plain };
    let settled = said::Settled {
        dispatch: record("skane", 9),
        receipt: record("halland", 10),
        arrived: units(&[14]),
        missing: units(&[1]),
    };
    vec![
        Event::Dispatched(
            said::Dispatched {
                way: way(eta, Some("taxi")),
                load: load(1),
                parcel: Parcel::default(),
            },
            NONE,
        ),
        Event::Dispatched(
            said::Dispatched {
                way: way(Known::Unknown, None),
                load: load(14),
                parcel: Parcel::default(),
            },
            NONE,
        ),
        Event::Received(received, NONE),
        Event::Received(plain, NONE),
        Event::Settled(settled, NONE),
    ]
}

/// In a ward's hand, back, and at the end.
fn given() -> Vec<Event> {
    let rule_set = Digest::of(b"rules");
    let request = said::For { request: RequestId::new("r-1").unwrap() };
    let issued = |serials| said::Issued { units: units(serials), rule_set };
    let returned = |serials, held| said::Returned {
        site: site("lund"),
        units: units(serials),
        held,
        rule_set: Some(rule_set),
    };
    let used = |serials, fate| said::Used { units: units(serials), fate };
    vec![
        Event::Issued(issued(&[2, 3, 4]), Private::Here(request)),
        Event::Returned(returned(&[3], Some(QuarantineReason::Temperature)), NONE),
        Event::Returned(returned(&[4], None), NONE),
        Event::Used(used(&[2], Fate::Transfused), NONE),
    ]
}

/// At least one event of every kind.
pub fn events() -> Vec<Event> {
    [facts(), handled(), sent(), supply::events(), given()].concat()
}
