//! What the tests' blood centre has: codes for every product, rules with the values of blood.md
//! §3, and a few ways to do ordinary things.

use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::{
    Attribute, CodeTable, CodeTableParts, Din, FacilityRow, Group, Material, MaterialKind, Pdc,
    Process, Product, ProductCode, ProductRow, TestResult, UnitId,
};
use samband_domain::donations::Command;
use samband_domain::donations::model::{Bag, DonationKind, Output, Results};
use samband_domain::rulesets::{Rule, Value, key};
use samband_domain::{Digest, DonorId, Known};

use crate::common::Desk;
use crate::common::hours;
use crate::common::stock::{adopt, bare, code, site};

/// A code for each product, and one for it irradiated; the place in the list is in the code.
pub fn pdc(product: Product, irradiated: bool) -> String {
    let place = product as usize;
    format!("C{}{place:03}", u8::from(irradiated))
}

pub fn low_titre() -> String {
    "C2001".into()
}

pub fn din(serial: u32) -> Din {
    Din::parse(&format!("A999025{serial:06}")).unwrap()
}

pub fn donor(n: u8) -> DonorId {
    DonorId::new(&format!("d-{n}")).unwrap()
}

fn row(code: &str, product: Product, attributes: &[Attribute]) -> ProductRow {
    ProductRow {
        code: Pdc::parse(code).unwrap(),
        facility: None,
        product,
        attributes: attributes.iter().copied().collect(),
        text: format!("påhittad {code}"),
        valid: None,
    }
}

fn codes() -> CodeTable {
    let all = Product::ALL.iter();
    let plain = all.clone().map(|one| row(&pdc(*one, false), *one, &[Attribute::Leukoreduced]));
    let rays = all.map(|one| row(&pdc(*one, true), *one, &[Attribute::Irradiated]));
    let low = [row(&low_titre(), Product::WholeBlood, &[Attribute::LowTitre])];
    let parts = CodeTableParts {
        title: "Påhittad".into(),
        version: "2".into(),
        digest: Digest::of(b"donations"),
        valid: hours(-1_000, 90_000),
        products: plain.chain(rays).chain(low).collect(),
        facilities: vec![FacilityRow {
            facility: din(1).facility(),
            name: "Påhittade blodcentralen".into(),
        }],
    };
    CodeTable::try_from(parts).unwrap()
}

fn rule(key: samband_domain::rulesets::Key, value: Value) -> Rule {
    Rule { key, value: Known::Value(value), source: "prov".into(), note: None }
}

/// Shelf lives of blood.md §3 where it states one, and plain numbers where it does not.
pub fn rules() -> Vec<Rule> {
    let tests = |names: &[&str]| Value::List(names.iter().map(|&one| one.to_owned()).collect());
    vec![
        rule(key::SHELF_LIFE_RED_CELLS, Value::Days(42)),
        rule(key::SHELF_LIFE_RED_CELLS_PAEDIATRIC, Value::Days(14)),
        rule(key::SHELF_LIFE_RED_CELLS_WASHED, Value::Hours(24)),
        rule(key::SHELF_LIFE_RED_CELLS_FROZEN, Value::Months(360)),
        rule(key::SHELF_LIFE_RED_CELLS_DEGLYCEROLISED, Value::Days(7)),
        rule(key::SHELF_LIFE_WHOLE_BLOOD, Value::Days(21)),
        rule(key::SHELF_LIFE_WHOLE_BLOOD_CPDA1, Value::Days(35)),
        rule(key::SHELF_LIFE_PLATELETS_POOLED, Value::Days(5)),
        rule(key::SHELF_LIFE_PLATELETS_APHERESIS, Value::Days(5)),
        rule(key::SHELF_LIFE_PLATELETS_COLD, Value::Days(14)),
        rule(key::SHELF_LIFE_PLATELETS_FROZEN, Value::Months(24)),
        rule(key::SHELF_LIFE_PLATELETS_THAWED, Value::Hours(6)),
        rule(key::SHELF_LIFE_GRANULOCYTES, Value::Hours(24)),
        rule(key::SHELF_LIFE_PLASMA_FROZEN, Value::Months(36)),
        rule(key::SHELF_LIFE_PLASMA_THAWED, Value::Days(14)),
        rule(key::SHELF_LIFE_PLASMA_LIQUID, Value::Days(14)),
        rule(key::SHELF_LIFE_IRRADIATED_CAP_DAYS, Value::Days(14)),
        rule(key::WHOLE_BLOOD_TITRE_MAX, Value::Count(128)),
        rule(key::PLATELETS_FROZEN_IN_USE, Value::Choice("yes".into())),
        rule(key::NAT_IN_USE, Value::Flag(false)),
        rule(key::TESTS_EACH_DONATION, tests(&["hbsag", "syphilis"])),
        rule(key::TESTS_NEW_DONOR, tests(&["htlv"])),
        rule(key::TESTS_NEW_DONOR_AGAIN_YEARS, Value::Years(5)),
        rule(key::TESTS_GROUP_DETERMINATIONS, Value::Count(2)),
        rule(key::TESTS_TYPED_BY_TWO, Value::Flag(true)),
        rule(key::RESERVATION_LAPSE_HOURS, Value::Hours(72)),
        rule(key::DONOR_VOLUME_MAXIMUM, Value::Millilitres(500)),
    ]
}

pub fn open() -> Desk {
    open_with(rules())
}

pub fn open_with(rules: Vec<Rule>) -> Desk {
    let mut desk = bare("skane");
    desk.must("a-1", Blood::LoadCodes { table: Box::new(codes()) });
    adopt(&mut desk, rules);
    desk
}

/// The product of a bag as it is collected.
pub fn first(kind: DonationKind) -> Product {
    match kind {
        DonationKind::WholeBlood => Product::WholeBlood,
        DonationKind::Plasmapheresis => Product::PlasmaLiquid,
        DonationKind::Plateletpheresis => Product::PlateletsApheresis,
    }
}

pub fn collect(din: Din, donor: Option<DonorId>, kind: DonationKind) -> Command {
    let product = label(&pdc(first(kind), false), "00");
    Command::Collect {
        din,
        donor,
        kind,
        site: site("one"),
        millilitres: Known::Value(450),
        minutes: Known::Value(9),
        abandoned: false,
        bags: vec![Bag { product, millilitres: Known::Value(500) }],
        materials: vec![material(MaterialKind::Bag)],
    }
}

pub fn material(kind: MaterialKind) -> Material {
    Material { kind, catalogue: "K-1".into(), lot: "LOT-7".into(), millilitres: None }
}

pub fn label(code: &str, tail: &str) -> ProductCode {
    ProductCode::parse(&format!("{code}V{tail}")).unwrap()
}

/// Results by a number: mostly all that is needed, sometimes a part, a reactive marker, or
/// another group than the donor has.
pub fn results(what: u8, donor: Option<&DonorId>) -> Results {
    let place = donor.map_or(0, |one| usize::from(one.as_str().as_bytes()[2] - b'0'));
    let group = Group::ALL[place % 2];
    let marker = |name: &str, result| (code(name), result);
    let negative = TestResult::Negative;
    let mut all = Results {
        group: Some(group),
        markers: vec![
            marker("hbsag", negative),
            marker("syphilis", negative),
            marker("htlv", negative),
        ],
        titre: Some(64),
        ..Results::default()
    };
    match what {
        0 => all.group = Some(Group::ALL[2 + place % 2]),
        1 => all.markers = vec![marker("hbsag", TestResult::Positive)],
        2 => all.markers = vec![marker("syphilis", TestResult::Indeterminate)],
        3 => all.markers.truncate(1),
        4 => all.group = None,
        5..=8 => all.markers.clear(),
        _ => {}
    }
    all
}

/// Outputs that fit a process, if anything does.
pub fn outputs(
    process: Process,
    becomes: &[Product],
    (id, din, irradiated): (UnitId, Option<Din>, bool),
    ml: u16,
) -> Vec<Output> {
    let known = Known::Value(ml);
    let of = |product: Product, tail: &str| {
        let rays = irradiated || process == Process::Irradiate;
        let code = match process {
            Process::LowTitre => low_titre(),
            _ => pdc(product, rays),
        };
        Output { product: label(&code, tail), din, millilitres: known }
    };
    let tail = &id.product.as_str()[6..];
    let Some(product) = becomes.first() else { return Vec::new() };
    match process {
        Process::Separate => {
            let sorts = [Product::RedCells, Product::PlasmaFrozen, Product::BuffyCoat];
            sorts.into_iter().map(|one| of(one, "00")).collect()
        }
        Process::Split | Process::Paediatric => {
            let tails = match tail {
                "00" => ["A0", "B0"].map(str::to_owned),
                _ => ["a", "b"].map(|small| format!("{}{small}", &tail[..1])),
            };
            tails.iter().map(|tail| of(*product, tail)).collect()
        }
        _ if process.pools() => vec![of(*product, "00")],
        _ => vec![of(*product, tail)],
    }
}
