//! Stock files as people and other systems send them.

use samband_domain::blood::command::Standing;
use samband_domain::blood::model::{Antigen, Component, Din, Group};
use samband_domain::{Digest, Known};
use samband_exchange::stock::{external, opening};

fn typed(serial: u32) -> String {
    let din = Din::parse(&format!("A999026{serial:06}")).unwrap();
    format!("{} {}", din.spaced(), din.check_character())
}

#[test]
fn an_opening_balance_is_read_with_swedish_headings_and_unknown_stays_unknown() {
    let text = format!(
        "Tappningsnummer;Produktkod;Blodgrupp;Utgångsdatum;Status;Reserverad till;Tester;Regler;Antigen\n\
         {};E0336V00;O RhD neg;2026-12-20;Tillgänglig;;hbsag neg;ProSang 2026:1;K neg, c pos\n\
         {};E0336VA0;;2026-12-21 08:00;Karantän;;;;\n\
         {};E0336V00;0-;2026-12-20;Reserverad;2026-11-23 12:00;;;\n",
        typed(1),
        typed(2),
        typed(3),
    );
    let read = opening(text.as_bytes(), "lund.csv").unwrap();
    assert_eq!(read.bad, []);
    assert_eq!(read.digest, Digest::of(text.as_bytes()));
    let [first, second, third] = &read.rows[..] else { panic!("{:?}", read.rows) };
    assert_eq!((first.line, first.row.group), (2, Known::Value(Group::O_NEG)));
    assert_eq!(first.row.expiry.to_string(), "2026-12-20T22:59:00Z");
    assert_eq!(first.row.phenotype.get(Antigen::BigK), Known::Value(false));
    assert_eq!(first.row.phenotype.get(Antigen::BigC), Known::Unknown);
    assert_eq!(first.row.rules.as_deref(), Some("ProSang 2026:1"));
    assert_eq!((second.row.group, &second.row.tests), (Known::Unknown, &Known::Unknown));
    assert_eq!(second.row.standing, Standing::Quarantined);
    assert!(matches!(third.row.standing, Standing::Reserved { .. }));
    assert_eq!(third.row.group, Known::Value(Group::O_NEG), "a zero for the letter O");
}

#[test]
fn everything_wrong_with_an_opening_balance_is_told_by_line() {
    let one = typed(1);
    let text = format!(
        "din,product,group,expiry,status,tests,antigens\n\
         A9990 26 000001,E0336V00,O-,2026-12-20,available,,\n\
         {one},E0336,O-,2026-12-20,available,,\n\
         {one},E0336V00,O,soon,available,,\n\
         {one},E0336V00,O-,2026-12-20,gone,,\n\
         {one},E0336V00,O-,2026-12-20,reserved,,\n\
         {one},E0336V00,O-,2026-12-20,available,hiv maybe,Q?\n\
         {one},E0336V00,O-,2026-12-20,available,,\n\
         {one},E0336V00,O-,2026-12-20,available,,\n",
    );
    let read = opening(text.as_bytes(), "bad.csv").unwrap();
    let bad: Vec<_> = read.bad.iter().map(|bad| (bad.line, bad.code)).collect();
    use samband_exchange::stock as s;
    let wanted = [
        (2, "isbt-error-check-missing"),
        (3, s::PRODUCT),
        (4, s::GROUP),
        (4, s::TIME),
        (5, s::STATUS),
        (6, s::NO_UNTIL),
        (7, s::ANTIGENS),
        (7, s::TESTS),
        (9, s::TWICE),
    ];
    assert_eq!(bad, wanted);
    let none = opening(b"a,b\n1,2\n", "x.csv").unwrap();
    assert_eq!(none.bad[0].code, s::NO_HEADING);
    assert!(opening(b"", "x.csv").is_err());
}

#[test]
fn another_systems_count_says_its_system_and_time_and_blank_is_unknown() {
    let text = "system;ProSang\nas_of;2026-11-22 06:00\n\
                Komponent;Blodgrupp;Tillgängliga;Reserverade;Karantän;Expiring\n\
                Erytrocyter;O RhD neg;24;3;12;2\nplatelets;;26;;;\nplasma;A+;många;;;\n";
    let read = external(text.as_bytes(), "prosang.csv").unwrap();
    assert_eq!(read.system.as_deref(), Some("ProSang"));
    assert_eq!(read.as_of.map(|at| at.to_string()).as_deref(), Some("2026-11-22T05:00:00Z"));
    let [red, platelets] = &read.rows[..] else { panic!("{:?}", read.rows) };
    assert_eq!((red.component, red.available), (Component::RedCells, Known::Value(24)));
    assert_eq!((platelets.group, platelets.reserved), (Known::Unknown, Known::Unknown));
    assert_eq!(read.bad.len(), 1);
    assert_eq!((read.bad[0].line, &*read.bad[0].value), (6, "många"));
}
