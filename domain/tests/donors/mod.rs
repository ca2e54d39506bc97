//! Donors: who may give what, where and when, as tables and over random histories.

mod callups;
mod desk;
mod guests;
mod histories;
mod receive;
mod table;

/// Every refusal about donors is expected by a test of this folder.
#[test]
fn every_refusal_is_provoked() {
    let tests = [
        include_str!("guests.rs"),
        include_str!("receive.rs"),
        include_str!("table.rs"),
        include_str!("histories.rs"),
    ];
    for kind in samband_domain::donors::REFUSALS {
        let expected = format!("\"{}\"", kind.code);
        assert!(tests.iter().any(|test| test.contains(&expected)), "{} by no test", kind.code);
    }
}
