//! Code tables out of files.

use samband_domain::blood::model::{Attribute, CodeTable, Facility, Pdc, Product};
use samband_exchange::isbt128::{CodesRefused, read_codes};

/// The table that the demo world loads.
pub(crate) fn demo() -> CodeTable {
    let bytes = include_bytes!("../../../server/src/demo/codes.csv");
    read_codes(bytes, "codes.csv").expect("the demo's code table")
}

const HEADING: &str = "kind;code;product;attributes;text;from;until;facility\n";
const ABOUT: &str = "table;title;;;Provtabell;;;\n\
    table;version;;;1;;;\n\
    table;valid;;;;2026-01-01;2026-12-31;\n\
    facility;A9990;;;Blodcentralen;;;\n";

fn read(rows: &str) -> Result<CodeTable, CodesRefused> {
    read_codes(format!("{HEADING}{ABOUT}{rows}").as_bytes(), "prov.csv")
}

/// Lines and codes of the bad rows.
fn bad(rows: &str) -> Vec<(u32, &'static str)> {
    match read(rows) {
        Err(CodesRefused::Rows(rows)) => rows.iter().map(|row| (row.line, row.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_row_says_product_attributes_and_text() {
    let table = read("product;B0001;red_cells;leukoreduced additive_solution;Ery;;;\n").unwrap();
    let (code, facility) = (Pdc::parse("B0001").unwrap(), Facility::parse("A9990").unwrap());
    let row = table.product(code, facility, table.valid().from()).unwrap();
    assert_eq!((row.product, row.text.as_str()), (Product::RedCells, "Ery"));
    assert!(row.attributes.has(Attribute::Leukoreduced));
    assert!(!row.attributes.has(Attribute::Irradiated));
    assert_eq!(table.facility(facility), Some("Blodcentralen"));
    assert_eq!((table.title(), table.version()), ("Provtabell", "1"));
    // The last day is a day on which it may be used: it ends at midnight in Sweden.
    let end = table.valid().until().unwrap();
    assert_eq!(end.to_string(), "2026-12-31T23:00:00Z");
}

#[test]
fn every_bad_row_is_told_by_its_line() {
    let rows = "\
        product;S0001;red_cells;;Ery;;;\n\
        product;B0001;erytrocyter;;Ery;;;\n\
        product;B0002;red_cells;washed_twice;Ery;;;\n\
        product;B0003;red_cells;;;;;\n\
        product;B0004;red_cells;;Ery;2026-02-30;;\n\
        product;B0005;red_cells;;Ery;2026-03-02;2026-03-01;\n\
        product;B0006;red_cells;;Ery;;;A9990\n\
        product;D0007;red_cells;;Ery;;;\n\
        product;D0008;red_cells;;Ery;;;A9999\n\
        product;D0009;red_cells;;Ery;;;0999\n\
        product;B0010;red_cells;;Ery;;;\n\
        product;B0010;red_cells;;Ery;2026-02-01;;\n\
        facility;A9990;;;En till;;;\n\
        facility;0;;;Noll;;;\n\
        plats;A9991;;;Plats;;;\n\
        table;title;;;En till;;;\n";
    let wanted = [
        (6, "codes-bad-code"),
        (7, "codes-bad-product"),
        (8, "codes-bad-attribute"),
        (9, "codes-bad-text"),
        (10, "codes-bad-date"),
        (11, "codes-bad-window"),
        (12, "codes-bad-owner"),
        (13, "codes-bad-owner"),
        (14, "codes-unknown-facility"),
        (15, "codes-bad-facility"),
        (17, "codes-twice"),
        (18, "codes-twice"),
        (19, "codes-bad-facility"),
        (20, "codes-bad-kind"),
        (21, "codes-twice"),
    ];
    assert_eq!(bad(rows), wanted);
}

#[test]
fn a_table_without_its_facts_or_its_columns_is_refused() {
    let missing = read_codes(format!("{HEADING}facility;A9990;;;B;;;\n").as_bytes(), "a.csv");
    let Err(CodesRefused::Rows(rows)) = missing else { panic!() };
    assert_eq!(rows[0].code, "codes-missing");
    let no_heading = read_codes(b"code;text\nA0001;Ery\n", "a.csv");
    let Err(CodesRefused::Rows(rows)) = no_heading else { panic!() };
    assert_eq!((rows[0].line, rows[0].code), (1, "codes-no-heading"));
    assert!(matches!(read_codes(b"", "a.csv"), Err(CodesRefused::Sheet(_))));
    assert_eq!(bad("facility;A9991;red_cells;;B;;;\n"), [(6, "codes-extra-cell")]);
}

#[test]
fn the_demo_table_is_synthetic_and_has_a_code_for_every_product() {
    let table = demo();
    assert!(table.facilities().all(|(facility, _)| facility.as_str().starts_with("A999")));
    for row in table.products() {
        assert!(row.code.as_str().starts_with(['B', 'D']), "{}: no code of the licensed", row.code);
    }
    for product in Product::ALL {
        assert!(table.products().any(|row| row.product == *product), "{product:?}");
    }
}
