//! Code tables: whose code means what, and when.

use samband_domain::blood::model::{
    Attributes, CodeTable, CodeTableError, CodeTableParts, Facility, FacilityRow, NoMeaning, Pdc,
    Product, ProductRow,
};
use samband_domain::{Digest, Time, Window};

fn pdc(text: &str) -> Pdc {
    Pdc::parse(text).unwrap()
}

fn fin(text: &str) -> Facility {
    Facility::parse(text).unwrap()
}

fn row(
    code: &str,
    facility: Option<&str>,
    product: Product,
    valid: Option<(i64, i64)>,
) -> ProductRow {
    ProductRow {
        code: pdc(code),
        facility: facility.map(fin),
        product,
        attributes: Attributes::NONE,
        text: "Text".into(),
        valid: valid.map(|(from, until)| Window::new(Time(from), Some(Time(until))).unwrap()),
    }
}

fn parts(products: Vec<ProductRow>) -> CodeTableParts {
    let facility = |text: &str| FacilityRow { facility: fin(text), name: text.into() };
    CodeTableParts {
        title: "Table".into(),
        version: "1".into(),
        digest: Digest::of(b"file"),
        valid: Window::new(Time(100), Some(Time(200))).unwrap(),
        products,
        facilities: vec![facility("A9990"), facility("A9993")],
    }
}

fn table(products: Vec<ProductRow>) -> CodeTable {
    CodeTable::try_from(parts(products)).unwrap()
}

#[test]
fn a_code_is_explained_by_the_table_of_its_own_boundary_only() {
    let table = table(vec![
        row("E0336", None, Product::RedCells, None),
        row("B0001", None, Product::PlasmaFrozen, None),
        row("D0001", Some("A9993"), Product::PlateletsPooled, None),
    ]);
    let at = Time(150);
    let product = |code: &str, facility: &str| {
        table.product(pdc(code), fin(facility), at).map(|row| row.product)
    };
    assert_eq!(product("E0336", "A9998"), Ok(Product::RedCells), "everybody's code");
    assert_eq!(product("B0001", "A9990"), Ok(Product::PlasmaFrozen), "the country's facility");
    let foreign = NoMeaning::Foreign { code: pdc("B0001"), facility: fin("A9998") };
    assert_eq!(product("B0001", "A9998"), Err(foreign), "another country's facility");
    assert_eq!(product("D0001", "A9993"), Ok(Product::PlateletsPooled), "its own");
    let unlisted = NoMeaning::NotListed { code: pdc("D0001") };
    assert_eq!(product("D0001", "A9990"), Err(unlisted), "the same code of another facility");
    let unlisted = NoMeaning::NotListed { code: pdc("E9999") };
    assert_eq!(product("E9999", "A9990"), Err(unlisted));
}

#[test]
fn a_table_and_its_rows_have_their_time() {
    let rows = vec![
        row("E0336", None, Product::RedCells, Some((100, 150))),
        row("E0336", None, Product::RedCellsWashed, Some((150, 160))),
    ];
    let table = table(rows);
    let product =
        |at: i64| table.product(pdc("E0336"), fin("A9990"), Time(at)).map(|row| row.product);
    assert_eq!(product(149), Ok(Product::RedCells));
    assert_eq!(product(150), Ok(Product::RedCellsWashed));
    assert_eq!(product(160), Err(NoMeaning::NotValid { code: pdc("E0336") }));
    assert_eq!(product(99), Err(NoMeaning::TableNotValid));
    assert_eq!(product(200), Err(NoMeaning::TableNotValid));
}

#[test]
fn no_code_means_two_things_at_one_time() {
    let refused = |products: Vec<ProductRow>| CodeTable::try_from(parts(products)).unwrap_err();
    let twice = vec![
        row("E0336", None, Product::RedCells, None),
        row("E0336", None, Product::RedCells, Some((150, 160))),
    ];
    assert_eq!(refused(twice), CodeTableError::Twice { code: pdc("E0336") });
    for (code, owner) in [("D0001", None), ("E0336", Some("A9990")), ("B0001", Some("A9990"))] {
        let rows = vec![row(code, owner, Product::RedCells, None)];
        assert_eq!(refused(rows), CodeTableError::Owner { code: pdc(code) });
    }
    let unknown = CodeTableError::UnknownFacility { code: pdc("D0001"), facility: fin("A9999") };
    assert_eq!(refused(vec![row("D0001", Some("A9999"), Product::RedCells, None)]), unknown);
    let mut named_twice = parts(Vec::new());
    named_twice.facilities.push(named_twice.facilities[0].clone());
    let error = CodeTable::try_from(named_twice).unwrap_err();
    assert_eq!(error, CodeTableError::FacilityTwice { facility: fin("A9990") });
    let mut empty = parts(Vec::new());
    empty.title = " ".into();
    assert_eq!(CodeTable::try_from(empty).unwrap_err(), CodeTableError::Text);
}

#[test]
fn a_code_that_changes_its_product_is_noticed() {
    let before = table(vec![
        row("B0001", None, Product::RedCells, None),
        row("B0002", None, Product::PlasmaFrozen, None),
        row("E0336", None, Product::RedCells, None),
    ]);
    let after = table(vec![
        row("B0001", None, Product::WholeBlood, None),
        row("B0002", None, Product::PlasmaFrozen, None),
        row("B0003", None, Product::PlasmaFrozen, None),
        row("E0336", None, Product::RedCellsWashed, None),
    ]);
    assert_eq!(after.reassigned(&before), [pdc("B0001")]);
    assert!(before.reassigned(&before).is_empty());
}

#[test]
fn a_table_survives_being_written_and_no_bad_one_is_read() {
    let table = table(vec![row("D0001", Some("A9993"), Product::PlateletsPooled, Some((1, 9)))]);
    let text = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<CodeTable>(&text).unwrap(), table);
    let bad = text.replace("\"D0001\"", "\"E0001\"");
    assert_ne!(bad, text);
    assert!(serde_json::from_str::<CodeTable>(&bad).is_err(), "the checks hold when reading too");
}
