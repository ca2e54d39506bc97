//! Donation numbers, product codes and units: check characters, texts, sizes.

use proptest::prelude::*;
use samband_domain::blood::model::{
    Din, DinError, Division, Pdc, ProductCode, ProductCodeError, UnitId, mod37_2,
};

/// Published and independently computed check characters.
const CHECKS: [(&str, char); 25] = [
    ("G123417654321", 'A'),
    ("A999818123456", 'N'),
    ("A999820123456", 'E'),
    ("A999917123456", '9'),
    ("A999917123654", 'Y'),
    ("W000009123456", 'G'),
    ("A999921123456", '3'),
    ("A999917345628", '*'),
    ("A999917345658", 'O'),
    ("A999915000001", 'M'),
    ("A999918000001", '8'),
    ("G123498654321", 'H'),
    ("G123489654321", 'Y'),
    ("3000505", 'B'),
    ("3000509", '3'),
    ("2210579", 'H'),
    ("8332514", 'B'),
    ("7432269", 'W'),
    ("0794", 'C'),
    ("A999026000001", 'S'),
    ("A999026000002", 'Q'),
    ("A999126000001", 'Y'),
    ("A999226000001", '3'),
    ("A999326000001", '9'),
    ("A999526000010", 'J'),
];

#[test]
fn check_characters_are_the_published_ones() {
    for (text, check) in CHECKS {
        assert_eq!(mod37_2(text), Some(check), "{text}");
        if let Ok(din) = Din::parse(text) {
            assert_eq!(din.check_character(), check, "{text}");
            assert_eq!(Din::parse_typed(&format!("{} {check}", din.spaced())), Ok(din));
        }
    }
    assert_eq!(mod37_2("A999426999999"), Some('U'));
    for text in ["", "a999026000001", "A9990-26", "Å"] {
        assert_eq!(mod37_2(text), None, "{text}");
    }
}

#[test]
fn a_typed_number_needs_its_check_character() {
    let din = Din::parse("A999026000001").unwrap();
    for text in ["A999026000001S", "a9990 26 000001 s", " A9990\u{a0}26 000001 S "] {
        assert_eq!(Din::parse_typed(text), Ok(din), "{text}");
    }
    assert_eq!(Din::parse_typed("A9990 26 000001"), Err(DinError::CheckMissing));
    let wrong = Din::parse_typed("A999026000001Q");
    assert_eq!(wrong, Err(DinError::CheckWrong { din, given: 'Q' }));
    // The letter O and the digit 0 are different check characters.
    assert!(Din::parse_typed("A999917345658O").is_ok());
    assert!(Din::parse_typed("A9999173456580").is_err());
    for text in ["", "S", "A99902600000", "A999026000001SS", "A9990260000010 S"] {
        assert!(matches!(Din::parse_typed(text), Err(DinError::Length { .. })), "{text}");
    }
}

#[test]
fn what_is_no_donation_number_is_refused_by_its_part() {
    let facilities = ["O999026000001", "0999026000001", "a999026000001", "A99O026000001"];
    for text in facilities.into_iter().chain(["AO99026000001", "Å99902600000"]) {
        assert!(matches!(Din::parse(text), Err(DinError::Facility { .. })), "{text}");
    }
    // Of the right length, and still no number: never “13 characters, not 13”.
    for text in ["å999026000001", "A99902600000é"] {
        assert!(matches!(Din::parse(text), Err(DinError::Facility { .. })), "{text}");
        assert!(matches!(Din::parse_typed(text), Err(DinError::Facility { .. })), "{text}");
    }
    for text in ["A9990X6000001", "A99902600000 ", "A999026ABCDEF"] {
        assert!(matches!(Din::parse(text), Err(DinError::Digits { .. })), "{text}");
    }
    for text in ["", "A99902600000", "A9990260000011"] {
        assert!(matches!(Din::parse(text), Err(DinError::Length { .. })), "{text}");
    }
}

#[test]
fn a_product_code_says_what_how_and_which_part() {
    let code = ProductCode::parse("E0869VAb").unwrap();
    assert_eq!((code.pdc().as_str(), code.collection()), ("E0869", 'V'));
    assert_eq!(code.division(), Division::Part('A', 'b'));
    assert_eq!(code.divided(Division::Whole).unwrap().as_str(), "E0869V00");
    assert_eq!(code.divided(Division::Split('D')).unwrap().as_str(), "E0869VD0");
    assert!(code.divided(Division::Split('å')).is_err());
    assert!(ProductCode::parse("B0001V00").unwrap().is_national());
    assert!(ProductCode::parse("D0001V00").unwrap().is_local());
    let elsewhere = ProductCode::parse("E0336V99");
    assert_eq!(elsewhere, Err(ProductCodeError::Elsewhere));
    for text in ["E0336V0A", "E0336Va0", "E0336VAB", "E0336V0", "S1295400", "T1295003", "E033-V00"]
    {
        assert!(ProductCode::parse(text).is_err(), "{text}");
    }
    assert!(Pdc::parse("E0336V").is_err());
}

#[test]
fn identities_are_small_and_their_texts_are_one_form() {
    assert_eq!(size_of::<UnitId>(), 21);
    let text = "A999026000001.E0336V00";
    let unit: UnitId = text.parse().unwrap();
    assert_eq!(serde_json::to_string(&unit).unwrap(), format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<UnitId>(&format!("\"{text}\"")).unwrap(), unit);
    for bad in ["A999026000001E0336V00", "A999026000001.", ".E0336V00", "A999026000001.E0336V99"] {
        assert!(bad.parse::<UnitId>().is_err(), "{bad}");
        assert!(serde_json::from_str::<UnitId>(&format!("\"{bad}\"")).is_err(), "{bad}");
    }
}

prop_compose! {
    fn any_din()(text in "[A-NP-Z1-9][A-NP-Z0-9]{2}[0-9]{10}") -> Din {
        Din::parse(&text).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_mistyped_character_is_noticed(din in any_din(), at in 0_usize..13, other in "[0-9A-Z]") {
        let mut text = din.to_string();
        prop_assume!(text[at..=at] != other);
        text.replace_range(at..=at, &other);
        prop_assert_ne!(mod37_2(&text), Some(din.check_character()));
    }

    #[test]
    fn two_characters_in_each_others_place_are_noticed(din in any_din(), at in 0_usize..12) {
        let mut text = din.to_string().into_bytes();
        prop_assume!(text[at] != text[at + 1]);
        text.swap(at, at + 1);
        let text = String::from_utf8(text).unwrap();
        prop_assert_ne!(mod37_2(&text), Some(din.check_character()));
    }

    #[test]
    fn a_number_is_put_together_from_its_parts(din in any_din()) {
        let text = format!("{}{:02}{:06}", din.facility(), din.year(), din.serial());
        prop_assert_eq!(Din::parse(&text), Ok(din));
        prop_assert_eq!(Din::parse_typed(&format!("{din}{}", din.check_character())), Ok(din));
    }

    #[test]
    fn no_text_is_too_odd_to_be_refused(text in "\\PC{0,20}") {
        let _ = Din::parse(&text);
        let _ = Din::parse_typed(&text);
        let _ = UnitId::parse(&text);
        if let Ok(code) = ProductCode::parse(&text) {
            prop_assert_eq!(code.as_str(), text);
        }
    }
}
