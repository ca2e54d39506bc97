//! Donations, the units made of them, and what their tests said: one event of every kind. Stands by
//! itself, so that the test of the snapshots' form reads the same ones.

use samband_domain::blood::command::Standing;
use samband_domain::blood::event::{Produced, Tests};
use samband_domain::blood::model::stock::Load;
use samband_domain::blood::model::unit::Entry;
use samband_domain::blood::model::{
    Antigen, Attributes, Din, Group, Hpa, Material, MaterialKind, Phenotype, Process, Product,
    Source, TestResult, Tested, UnitId,
};
use samband_domain::donations::event as said;
use samband_domain::donations::model::{
    Capture, Donation, DonationKind, Flag, Giver, Range, Results,
};
use samband_domain::words::{Code, NONE, Nothing};
use samband_domain::{Digest, DonorId, Event, Known, Private, SiteId, Time, blood, donations};

const COLLECTED: Time = Time(1_600_000_000_000_000);

fn din(serial: u32) -> Din {
    Din::parse(&format!("A999326{serial:06}")).unwrap()
}

fn unit(serial: u32, product: &str) -> UnitId {
    UnitId::parse(&format!("A999326{serial:06}.{product}")).unwrap()
}

fn site() -> SiteId {
    SiteId::new("lund-bc").unwrap()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn bag() -> Material {
    let (catalogue, lot) = ("K-1".into(), "L-7".into());
    Material { kind: MaterialKind::Bag, catalogue, lot, millilitres: Some(63) }
}

fn entry(id: UnitId, product: Product) -> Entry {
    Entry {
        id,
        group: Known::Unknown,
        product,
        attributes: Attributes::NONE,
        phenotype: Phenotype::UNTESTED,
        expiry: COLLECTED.plus_days(5),
        tested: None,
    }
}

fn produced(from: Source, consumed: Vec<UnitId>, made: &[(UnitId, Product)]) -> Event {
    let units: Vec<_> = made.iter().map(|(id, product)| entry(*id, *product)).collect();
    let produced = Produced {
        site: site(),
        from,
        consumed,
        standings: vec![Standing::Quarantined; units.len()],
        millilitres: vec![Known::Value(280); units.len()],
        load: Load { tested: Vec::new(), units },
        rule_set: Digest::of(b"rules"),
        materials: vec![bag()],
    };
    blood::Event::Produced(produced, NONE).into()
}

fn stock() -> Vec<Event> {
    let results = vec![(code("hbsag"), TestResult::Negative)];
    let tested = Tested { results, rule_set: Some(Digest::of(b"rules")), rules: None };
    let phenotype = Phenotype::UNTESTED.with(Antigen::BigK, false);
    let tests = Tests {
        units: vec![unit(703, "E0004V00")],
        tested: Some(tested),
        group: Known::Value(Group::O_NEG),
        phenotype,
    };
    let label = |serial| {
        let from = Source::Donation { din: din(serial), process: Process::Label };
        produced(from, Vec::new(), &[(unit(serial, "E0003V00"), Product::BuffyCoat)])
    };
    let donations = vec![din(701), din(702)];
    let from = Source::Units { process: Process::PoolPlatelets, donations };
    let coats = vec![unit(701, "E0003V00"), unit(702, "E0003V00")];
    vec![
        label(701),
        label(702),
        produced(from, coats, &[(unit(703, "E0004V00"), Product::PlateletsPooled)]),
        blood::Event::DonationTested(tests, NONE).into(),
    ]
}

fn reported() -> Vec<donations::Event> {
    use donations::Event as E;
    let donation = Donation {
        kind: DonationKind::WholeBlood,
        site: site(),
        collected: COLLECTED,
        millilitres: Known::Value(450),
        minutes: Known::Unknown,
        abandoned: false,
        materials: [bag()].into(),
        flags: vec![Flag::DonorDeferred, Flag::OutsideRange],
        unlabelled: true,
    };
    let donor = Some(DonorId::new("d-1").unwrap());
    let giver = Giver { donor, previous: Some(COLLECTED.plus_days(-100)) };
    let results = Results {
        group: Some(Group::O_NEG),
        markers: vec![(code("hbsag"), TestResult::Negative)],
        phenotype: Phenotype::UNTESTED.with(Antigen::BigK, false),
        hla: vec![code("a2")],
        hpa: vec![(Hpa::Hpa1a, false)],
        titre: Some(64),
    };
    let entered = |entry, capture, counts| {
        let (din, results) = (din(701), results.clone());
        let entered = said::ResultsEntered { din, entry, results, capture, counts };
        E::ResultsEntered(Nothing, Private::Here(entered))
    };
    let interface = Capture::Interface { system: "analysator".into() };
    let verified = said::ResultsVerified { din: din(701), entry: 1, agrees: true, note: None };
    let reason = "förväxlat prov".to_owned();
    let rejected = said::ResultsRejected { din: din(701), entry: 2, reason };
    let cleared = said::FlagCleared { din: din(701), flag: Flag::OutsideRange };
    let because = said::Because { reason: "reservrulle".into() };
    let range = Range { from: din(1), to: din(999) };
    vec![
        E::NumbersAssigned(said::NumbersAssigned { site: site(), range }, NONE),
        E::Collected(said::Collected { din: din(701), donation }, Private::Here(giver)),
        E::FlagCleared(cleared, Private::Here(because)),
        E::BagTaken(said::BagTaken { din: din(701) }, NONE),
        entered(1, Capture::Hand, false),
        E::ResultsVerified(Nothing, Private::Here(verified)),
        entered(2, interface, true),
        E::ResultsRejected(Nothing, Private::Here(rejected)),
        entered(3, Capture::Hand, false),
    ]
}

/// At least one event of every kind that this part of the house writes.
pub fn events() -> Vec<Event> {
    stock().into_iter().chain(reported().into_iter().map(Event::from)).collect()
}
