//! Blood for tests: a code table, a rule set in force, places, units, and a network of regions
//! that send them to each other.

use samband_domain::blood::Command as Blood;
use samband_domain::blood::command::{Row, Standing};
use samband_domain::blood::model::stock::Way;
use samband_domain::blood::model::{
    Attribute, Attributes, CodeTable, CodeTableParts, FacilityRow, Group, Pdc, Phenotype, Product,
    ProductRow, TestResult, UnitId,
};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::rulesets::{Command as Rules, Document, Rule, Scope, Value, Verdict, key};
use samband_domain::words::Code;
use samband_domain::{Digest, Foreign, Known, RecordRef, SiteId, Time};

use super::{Desk, START, hours, id};

/// Red cells, platelets, and red cells of another meaning in a later table.
pub const RED: &str = "B0001";
pub const PLATELETS: &str = "B0020";

pub fn site(name: &str) -> SiteId {
    SiteId::new(name).unwrap()
}

pub fn unit(serial: u32) -> UnitId {
    unit_of(RED, serial)
}

pub fn unit_of(code: &str, serial: u32) -> UnitId {
    UnitId::parse(&format!("A999025{serial:06}.{code}V00")).unwrap()
}

pub fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

/// So many hours after the start.
pub fn at(hour: i64) -> Time {
    START.plus_seconds(hour * 3_600)
}

fn product(code: &str, product: Product, attributes: &[Attribute]) -> ProductRow {
    ProductRow {
        code: Pdc::parse(code).unwrap(),
        facility: None,
        product,
        attributes: attributes.iter().copied().collect(),
        text: format!("påhittad {code}"),
        valid: None,
    }
}

pub fn table_parts(version: &str) -> CodeTableParts {
    use Attribute::{Leukoreduced, LowTitre};
    CodeTableParts {
        title: "Påhittad".into(),
        version: version.into(),
        digest: Digest::of(version.as_bytes()),
        valid: hours(-1_000, 9_000),
        products: vec![
            product(RED, Product::RedCells, &[Leukoreduced]),
            product(PLATELETS, Product::PlateletsPooled, &[]),
            product("B0011", Product::WholeBlood, &[LowTitre]),
        ],
        facilities: vec![FacilityRow {
            facility: unit(1).din.facility(),
            name: "Påhittade blodcentralen".into(),
        }],
    }
}

pub fn table(version: &str) -> CodeTable {
    CodeTable::try_from(table_parts(version)).unwrap()
}

pub fn load(version: &str) -> Blood {
    Blood::LoadCodes { table: Box::new(table(version)) }
}

pub fn rule(key: samband_domain::rulesets::Key, value: Value) -> Rule {
    Rule { key, value: Known::Value(value), source: "prov".into(), note: None }
}

/// What the tests' regions rule: 42 days, two tests (and NAT where said), three days for a
/// reservation, at least two O RhD neg and three platelets.
pub fn rules(nat: bool) -> Vec<Rule> {
    let tests = ["hbsag", "syphilis"].map(str::to_owned).to_vec();
    vec![
        rule(key::SHELF_LIFE_RED_CELLS, Value::Days(42)),
        rule(key::TESTS_EACH_DONATION, Value::List(tests)),
        rule(key::NAT_IN_USE, Value::Flag(nat)),
        rule(key::RESERVATION_LAPSE_HOURS, Value::Hours(72)),
        rule(key::MINIMUM_STOCK_RED_CELLS_O_NEG, Value::Count(2)),
        rule(key::MINIMUM_STOCK_PLATELETS, Value::Count(3)),
        rule(key::EXPIRING_DAYS, Value::Days(7)),
    ]
}

pub fn adopt(desk: &mut Desk, rules: Vec<Rule>) {
    let (scope, title, version) = (Scope::Blood, "Regler".to_owned(), "1".to_owned());
    let text = Document::of(scope, title.clone(), version.clone(), &rules).text();
    let rule_set = Digest::of(text.as_bytes());
    desk.must("a-1", Rules::Draft { scope, title, version, rules, file: None });
    let (verdict, comment) = (Verdict::Approve, None);
    desk.must("a-2", Rules::Review { rule_set, verdict, comment });
    desk.must("a-2", Rules::Adopt { rule_set, from: None });
}

pub fn open_site(name: &str, record: RecordKeeper, kind: SiteKind) -> Kernel {
    Kernel::OpenSite {
        id: Some(site(name)),
        name: name.into(),
        kind,
        parent: None,
        record,
        window: hours(-100, None),
        note: None,
    }
}

/// A region with two blood centres of its own (`one`, `two`), one of another system (`other`),
/// codes and rules.
pub fn region(name: &str, nat: bool) -> Desk {
    let mut desk = bare(name);
    adopt(&mut desk, rules(nat));
    desk
}

/// The same without rules.
pub fn bare(name: &str) -> Desk {
    let mut desk = Desk::open(name);
    for place in ["one", "two"] {
        desk.must("a-1", open_site(place, RecordKeeper::Samband, SiteKind::BloodCentre));
    }
    desk.must("a-1", open_site("other", RecordKeeper::External, SiteKind::BloodCentre));
    desk.must("a-1", load("1"));
    desk
}

/// Tests with results.
pub fn tests(names: &[&str]) -> Known<Vec<(Code, TestResult)>> {
    let one = |name: &&str| (code(name), TestResult::Negative);
    Known::Value(names.iter().map(one).collect())
}

/// An available unit of O RhD neg, tested for what every region asks for but NAT.
pub fn row(serial: u32) -> Row {
    Row {
        id: unit(serial),
        group: Known::Value(Group::O_NEG),
        expiry: at(24 * 30),
        standing: Standing::Available,
        attributes: Attributes::NONE,
        phenotype: Phenotype::default(),
        tests: tests(&["hbsag", "syphilis"]),
        rules: Some("1".into()),
    }
}

pub fn take_over(place: &str, rows: Vec<Row>) -> Blood {
    Blood::TakeOver { site: site(place), file: None, rows }
}

/// Somebody looked: nothing lies there.
pub fn empty(place: &str) -> Blood {
    Blood::Count { site: site(place), component: None, found: Vec::new() }
}

pub fn way(from: &str, to_region: &str, to: &str) -> Way {
    Way {
        from: site(from),
        to_region: id(to_region),
        to_site: site(to),
        sent: at(-1),
        eta: Known::Value(at(6)),
        carrier: None,
    }
}

/// A region's record as another one, or itself, gets it.
pub fn as_foreign(desk: &Desk, at: &RecordRef) -> Foreign {
    let line = desk.lines.iter().find(|line| line.meta.at == *at).expect("the record is there");
    Foreign { mode: desk.mode, at: at.clone(), event: line.event.clone() }
}

/// A unit of plasma.
pub fn plasma_unit(serial: u32) -> UnitId {
    unit_of(PLASMA, serial)
}

/// A code for plasma, which the table of these tests does not have.
pub const PLASMA: &str = "B0040";

/// Puts three released units of plasma on the shelf of `one`.
pub fn plasma_on_the_shelf(desk: &mut Desk) {
    let mut parts = table_parts("2");
    parts.products.push(product(PLASMA, Product::PlasmaFrozen, &[]));
    let table = Box::new(CodeTable::try_from(parts).unwrap());
    desk.must("a-1", Blood::LoadCodes { table });
    let row = |serial| Row { id: plasma_unit(serial), ..row(serial) };
    desk.must("a-1", take_over("one", (1..=3).map(row).collect()));
}
