//! What a person scans or types.

use samband_domain::blood::model::{Antigen, Group, NoMeaning, Product, UnitId};
use samband_domain::{Known, Time};
use samband_exchange::isbt128::scan::How;
use samband_exchange::isbt128::{Flag, Refused, Scanned, classify};

use crate::isbt128::codes::demo;

const COMPOUND: &str = "=+05000=A99902600000130=%51B0=<B0001V00&>0260422359=\\999999999399999999";

#[test]
fn a_scanner_may_add_what_scanners_add() {
    let plain = classify("=A99902600000100").unwrap();
    assert_eq!(plain.how, How::Scanned);
    for text in [
        "=A99902600000100\r\n",
        "\t=A99902600000100\t",
        "]C1=A99902600000100\r",
        "]C0=A99902600000100\u{1d}",
        "]C4=A99902600000100\u{4}",
        "\u{2}]d1=A99902600000100\u{3}",
    ] {
        assert_eq!(classify(text), Ok(plain.clone()), "{text:?}");
    }
    let other = classify("]Q3=A99902600000100");
    assert_eq!(other, Err(Refused::Symbology { found: "]Q3".into() }));
    assert_eq!(classify("]"), Err(Refused::Symbology { found: "]".into() }));
    assert_eq!(classify("]C1\r"), Err(Refused::Empty));
    assert_eq!(classify(" \r\n"), Err(Refused::Empty));
    assert_eq!(classify(&"=".repeat(2000)), Err(Refused::Long));
}

#[test]
fn a_typed_donation_number_needs_its_check_character() {
    let typed = classify("a9990 26 000001 s").unwrap();
    assert_eq!(typed.how, How::Typed);
    let din = "A999026000001".parse().unwrap();
    assert_eq!(typed.what, Scanned::Donation(din, Flag::NONE));
    assert_eq!(classify("A9990 26 000001"), Err(Refused::CheckMissing));
    let wrong = Refused::CheckWrong { din, given: 'Q' };
    assert_eq!(classify("A999026000001Q"), Err(wrong));
    assert_eq!(classify("O999026000001S").unwrap_err().code(), "isbt-error-facility");
    for text in ["E0336V00", "hello", "0303", "A99902600000", "9500", "Å99902600000SS"] {
        assert_eq!(classify(text), Err(Refused::Unidentified), "{text}");
    }
    // Small letters are put right in what is typed, not in what a symbol is said to hold.
    assert!(classify("=a99902600000100").is_err());
}

#[test]
fn a_persons_number_is_not_taken_and_not_repeated() {
    for text in [
        "19121212-1212",
        "191212121212",
        "121212-1212",
        "121212+1212",
        "1212121212",
        "19121272-1212",
    ] {
        let refused = classify(text).unwrap_err();
        assert_eq!(refused, Refused::PersonalNumber, "{text}");
        let told = format!("{refused} {refused:?} {:?}", refused.args());
        assert!(!told.contains("1212"), "{told}");
    }
    let told = classify("&#0112191212121!12").unwrap_err();
    assert!(!format!("{told} {:?}", told.args()).contains("1912"), "{told}");
}

#[test]
fn a_whole_label_names_the_unit_and_all_it_says() {
    let scan = classify(COMPOUND).unwrap();
    assert_eq!(scan.what.kind(), "unit");
    assert_eq!(scan.what.unit(), Some("A999026000001.B0001V00".parse::<UnitId>().unwrap()));
    let Scanned::Label(label) = scan.what else { panic!() };
    assert_eq!(label.flag.code(), "unit-slip");
    assert_eq!(label.group.unwrap().code.group(), Some("O+".parse::<Group>().unwrap()));
    // 22:59 in Greenwich.
    assert_eq!(label.expiry.unwrap().time(), Some(Time(1_770_850_740_000_000)));
    let antigens = [(Antigen::BigC, true), (Antigen::BigE, false), (Antigen::BigK, false)];
    for (antigen, found) in antigens.into_iter().chain([(Antigen::Jka, false)]) {
        assert_eq!(label.phenotype.get(antigen), Known::Value(found), "{antigen:?}");
    }
    assert_eq!(label.phenotype.get(Antigen::Fya), Known::Unknown);
}

#[test]
fn every_kind_of_symbol_is_told_apart() {
    for (text, kind) in [
        ("=A99902600000100", "donation"),
        ("=A99902600000100=<B0001V00", "unit"),
        ("=A99902600000100=%5100", "label"),
        ("=<B0001V00", "product"),
        ("=<B0001V00&>0260422359", "parts"),
        ("=%9500", "group"),
        ("&>0260422359", "expiry"),
        ("=$A999026000010102", "consignment"),
        ("='A9990000123", "staff"),
        ("&#0110ABCDEFGHIJ", "patient"),
        ("&(N0008", "special_test"),
        ("=)1XX00AB123", "container"),
    ] {
        assert_eq!(classify(text).unwrap().what.kind(), kind, "{text}");
    }
}

#[test]
fn what_a_product_code_means_is_asked_of_the_table_of_its_own_boundary() {
    let table = demo();
    let at = table.valid().from();
    let meaning = |text: &str| match classify(text).unwrap().what {
        Scanned::Label(label) => {
            label.product_row(Some(&table), at).unwrap().map(|row| row.product)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(meaning("=A99902600000100=<B0001V00"), Ok(Product::RedCells));
    let foreign = meaning("=A99982600000100=<B0001V00");
    assert!(matches!(foreign, Err(NoMeaning::Foreign { .. })), "{foreign:?}");
    let unlisted = meaning("=A99902600000100=<E0336V00");
    assert!(matches!(unlisted, Err(NoMeaning::NotListed { .. })), "{unlisted:?}");
}
