//! What the standard and others published, and what must be refused.

use samband_domain::Known;
use samband_domain::blood::model::{Abo, Antigen, Group, Phenotype, Rhd};
use samband_exchange::isbt128::antigens::{Last, Method, Tests};
use samband_exchange::isbt128::group::{Deficiency, Pool, PoolRhd, Subgroup};
use samband_exchange::isbt128::platelets::Titre;
use samband_exchange::isbt128::{
    Field, Flag, GroupCode, GroupMessage, Intended, Message, Refused, RhKell, Special, Structure,
    facts, read,
};

use crate::isbt128::{one, refused};

/// ABO and RhD: default, directed, emergency, directed biohazardous, directed crossover,
/// autologous crossover, autologous only, autologous biohazardous.
const GROUPS: [(&str, [&str; 8]); 8] = [
    ("O-", ["95", "91", "92", "93", "94", "96", "97", "98"]),
    ("O+", ["51", "47", "48", "49", "50", "52", "53", "54"]),
    ("A-", ["06", "02", "03", "04", "05", "07", "08", "09"]),
    ("A+", ["62", "58", "59", "60", "61", "63", "64", "65"]),
    ("B-", ["17", "13", "14", "15", "16", "18", "19", "20"]),
    ("B+", ["73", "69", "70", "71", "72", "74", "75", "76"]),
    ("AB-", ["28", "24", "25", "26", "27", "29", "30", "31"]),
    ("AB+", ["84", "80", "81", "82", "83", "85", "86", "87"]),
];

const ORDER: [Intended; 8] = [
    Intended::Unspecified,
    Intended::Directed,
    Intended::Emergency,
    Intended::DirectedBiohazard,
    Intended::DirectedCrossover,
    Intended::AutologousCrossover,
    Intended::AutologousOnly,
    Intended::AutologousBiohazard,
];

fn group(text: &str) -> GroupMessage {
    match one(&format!("=%{text}")) {
        Structure::Group(message) => message,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn all_sixty_four_codes_of_the_eight_groups() {
    for (group_text, codes) in GROUPS {
        let wanted: Group = group_text.parse().unwrap();
        for (code, intended) in codes.iter().zip(ORDER) {
            let read = group(&format!("{code}00"));
            assert_eq!(read.code, GroupCode::Group(wanted, intended), "{code}");
            assert_eq!(read.code.group(), Some(wanted), "{code}");
            assert_eq!(read.encode(), format!("{code}00"));
        }
    }
}

#[test]
fn what_is_not_one_of_the_eight_groups_gives_none() {
    let unspecified = Intended::Unspecified;
    let cases = [
        ("55", GroupCode::AboOnly(Abo::O, unspecified)),
        ("66", GroupCode::AboOnly(Abo::A, unspecified)),
        ("77", GroupCode::AboOnly(Abo::B, unspecified)),
        ("88", GroupCode::AboOnly(Abo::Ab, unspecified)),
        ("P3", GroupCode::AboOnly(Abo::O, Intended::Emergency)),
        ("A0", GroupCode::Pool(Pool::OneAbo(Abo::A))),
        ("B0", GroupCode::Pool(Pool::OneAbo(Abo::B))),
        ("C0", GroupCode::Pool(Pool::OneAbo(Abo::Ab))),
        ("D0", GroupCode::Pool(Pool::OneAbo(Abo::O))),
        ("E0", GroupCode::Pool(Pool::MixedAbo(PoolRhd::One(Rhd::Positive)))),
        ("F0", GroupCode::Pool(Pool::MixedAbo(PoolRhd::One(Rhd::Negative)))),
        ("G0", GroupCode::Pool(Pool::MixedAbo(PoolRhd::Mixed))),
        ("H0", GroupCode::Pool(Pool::MixedAbo(PoolRhd::Unspecified))),
        ("I0", GroupCode::Subgroup(Subgroup::A1)),
        ("J0", GroupCode::Subgroup(Subgroup::A2)),
        ("K0", GroupCode::Subgroup(Subgroup::A1B)),
        ("L0", GroupCode::Subgroup(Subgroup::A2B)),
        ("D6", GroupCode::Deficient(Deficiency::ParaBombay, Rhd::Negative, unspecified)),
        ("E6", GroupCode::Deficient(Deficiency::ParaBombay, Rhd::Positive, unspecified)),
        ("G6", GroupCode::Deficient(Deficiency::Bombay, Rhd::Negative, unspecified)),
        ("H6", GroupCode::Deficient(Deficiency::Bombay, Rhd::Positive, unspecified)),
        ("00", GroupCode::Special(Special::NoGroup)),
        ("Ma", GroupCode::Special(Special::Autologous)),
        ("Mb", GroupCode::Special(Special::Biohazard)),
        ("Md", GroupCode::Special(Special::Discard)),
        ("Mf", GroupCode::Special(Special::Fractionation)),
        ("Mq", GroupCode::Special(Special::Quarantine)),
        ("Mr", GroupCode::Special(Special::Research)),
        ("Mx", GroupCode::Special(Special::NotForTransfusion)),
    ];
    for (code, wanted) in cases {
        let read = group(&format!("{code}00"));
        assert_eq!(read.code, wanted, "{code}");
        assert_eq!(read.code.group(), None, "{code} must not count as one of the eight groups");
        assert_eq!(read.encode(), format!("{code}00"));
    }
}

#[test]
fn of_all_two_character_codes_only_those_of_the_standard_are_read() {
    let alphabet: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    let mut read = Vec::new();
    for first in &alphabet {
        for second in &alphabet {
            let code = format!("{first}{second}");
            if let Ok(found) = GroupCode::parse(&code) {
                assert_eq!(found.encode(), code, "one code, one meaning");
                read.push(code);
            }
        }
    }
    // Eight groups and twelve kinds of H deficiency in eight uses each, ABO alone in eight uses,
    // twelve pools and subgroups, eight messages.
    assert_eq!(read.len(), 64 + 12 * 8 + 4 * 8 + 12 + 8);
    for gap in ["01", "10", "12", "21", "23", "32", "46", "56", "57", "67", "68", "78", "79", "89"]
    {
        assert!(!read.iter().any(|code| code == gap), "{gap}");
    }
    let tissue = Refused::Field { structure: 2, field: Field::Tissue, found: "T1".into() };
    assert_eq!(refused("=%T100"), tissue);
    assert_eq!(refused("=%9501").code(), "isbt-error-reserved");
}

/// The letters as the standard prints them: C, c, E, e; then K not given, K not found, K found.
const RH_KELL: [(&str, [char; 3]); 11] = [
    ("", ['0', 'S', 'T']),
    ("C-c+E-e+", ['1', 'A', 'J']),
    ("C+c+E-e+", ['2', 'B', 'K']),
    ("C+c+E+e+", ['3', 'C', 'L']),
    ("C+c+E+e-", ['4', 'D', 'M']),
    ("C-c+E+e+", ['5', 'E', 'N']),
    ("C-c+E+e-", ['6', 'F', 'O']),
    ("C+c-E-e+", ['7', 'G', 'P']),
    ("C+c-E+e+", ['8', 'H', 'Q']),
    ("C+c-E+e-", ['9', 'I', 'R']),
    ("C-E-", ['X', 'Y', 'Z']),
];

/// `C+c-Fy(a)+` as a phenotype.
fn phenotype(text: &str) -> Phenotype {
    let mut phenotype = Phenotype::UNTESTED;
    let mut name = String::new();
    for c in text.chars() {
        match c {
            '+' | '-' => {
                phenotype = phenotype.with(name.parse::<Antigen>().unwrap(), c == '+');
                name.clear();
            }
            c => name.push(c),
        }
    }
    phenotype
}

#[test]
fn the_rh_letter_says_k_only_where_k_was_given() {
    for (rh, letters) in RH_KELL {
        for (letter, kell) in letters.into_iter().zip(["", "K-", "K+"]) {
            let read = group(&format!("51{letter}0"));
            let found = read.rh_kell.phenotype();
            assert_eq!(found, phenotype(&format!("{rh}{kell}")), "{letter}");
            assert_eq!(read.rh_kell, RhKell::of(found), "{letter} is the letter that says it");
            if kell.is_empty() {
                assert_eq!(found.get(Antigen::BigK), Known::Unknown, "{letter} invents no K");
            }
        }
    }
    assert_eq!(group("51U0").rh_kell.phenotype(), phenotype("Mia-"));
    assert_eq!(group("51V0").rh_kell.phenotype(), phenotype("Mia+"));
    assert!(group("51W0").rh_kell.needs_special_test());
    assert_eq!(group("51W0").rh_kell.phenotype(), Phenotype::UNTESTED);
    let read = ('0'..='z').filter(|letter| RhKell::parse(*letter).is_ok()).count();
    assert_eq!(read, 36, "ten digits and twenty-six capital letters, and nothing else");
}

#[test]
fn a_letter_never_says_more_than_was_tested() {
    assert_eq!(RhKell::of(Phenotype::UNTESTED), RhKell::NOT_GIVEN);
    assert_eq!(RhKell::of(phenotype("K-Fya+")).letter(), 'S');
    assert_eq!(RhKell::of(phenotype("C-c+E-e+Jka-")).letter(), '1');
    assert_eq!(RhKell::of(phenotype("C-E-K+")).letter(), 'Z');
    assert_eq!(RhKell::of(phenotype("c+e+")).letter(), '0', "no letter for c and e alone");
}

#[test]
fn flags_say_what_they_say_in_sweden_and_check_values_are_checked() {
    let flag = |text: &str| match one(&format!("=A999026000001{text}")) {
        Structure::Donation(_, flag) => flag,
        other => panic!("{other:?}"),
    };
    let meanings = [
        ("00", "none"),
        ("01", "container-1"),
        ("05", "second-label"),
        ("07", "test-tube"),
        ("10", "bacterial-sample"),
        ("13", "attached-label"),
        ("19", "container-9"),
        ("20", "packing-slip"),
        ("21", "local"),
        ("30", "unit-slip"),
        ("34", "relabel-4"),
        ("40", "bought"),
        ("42", "journal-2"),
        ("50", "depot-receipt"),
        ("53", "journal-relabel-3"),
        // 60 and the value of check character S, which is 28.
        ("88", "check"),
    ];
    for (text, meaning) in meanings {
        assert_eq!(flag(text).code(), meaning, "{text}");
    }
    let din = "A999026000001".parse().unwrap();
    let wrong = Refused::FlagCheck { din, found: 87, expected: 88 };
    assert_eq!(refused("=A99902600000187"), wrong);
    for reserved in ["14", "97", "99", "0A", "A0", " 0"] {
        let text = format!("=A999026000001{reserved}");
        assert_eq!(refused(&text).code(), "isbt-error-flag", "{reserved}");
    }
    for (din, flag) in [("A999917345628", 96), ("A999917345658", 84), ("G123417654321", 70)] {
        assert!(read(&format!("={din}{flag}")).is_ok(), "{din}");
    }
}

#[test]
fn only_flags_of_swedish_labels_can_be_printed() {
    use samband_exchange::isbt128::PrintFlag;
    let printed: Vec<u8> = (0..=255).filter(|flag| PrintFlag::new(*flag).is_some()).collect();
    let mut wanted: Vec<u8> = (0..=10).collect();
    wanted.extend([20, 30, 31, 32, 33, 34, 40, 41, 42, 43, 44, 50, 51, 52, 53, 54]);
    assert_eq!(printed, wanted);
    assert_eq!(PrintFlag::NONE.flag(), Flag::NONE);
}

fn stamp(text: &str) -> String {
    let said = facts::facts(&one(text));
    let value = said.get("date").or(said.get("local_time")).unwrap();
    value.as_str().unwrap().to_owned()
}

#[test]
fn dates_and_times() {
    assert_eq!(stamp("&>0260422359"), "2026-02-11T23:59");
    assert_eq!(stamp("=>024366"), "2024-12-31");
    assert_eq!(stamp("=*026001"), "2026-01-01");
    assert_eq!(stamp("&*0260600000"), "2026-03-01T00:00");
    assert_eq!(stamp("=}999365"), "1999-12-31");
    assert_eq!(stamp("&}0003661200"), "2000-12-31T12:00", "2000 was a leap year");
    let cases = [
        ("&>0320422362", "isbt-error-clock"),
        ("&>0260422400", "isbt-error-clock"),
        ("=>026366", "isbt-error-day"),
        ("=>026000", "isbt-error-day"),
        ("=>026999", "isbt-error-day"),
        ("=>900366", "isbt-error-day"),
        ("=>126001", "isbt-error-century"),
        ("=>826001", "isbt-error-century"),
        ("=>02600A", "isbt-error-digits"),
        ("=>02600", "isbt-error-length"),
        ("&>026042", "isbt-error-length"),
        ("=>0260011", "isbt-error-trailing"),
    ];
    for (text, code) in cases {
        assert_eq!(refused(text).code(), code, "{text}");
    }
}

fn red_cells(digits: &str) -> samband_exchange::isbt128::antigens::RedCellAntigens {
    match one(&format!("=\\{digits}")) {
        Structure::RedCells(antigens) => antigens,
        other => panic!("{other:?}"),
    }
}

#[test]
fn red_cell_antigens() {
    let cases = [
        ("880000008700000000", "C-c+E-e+K+k+Fya+Fyb+Jka+Jkb-"),
        ("679999999999999900", "C+c-E-e+K+k-"),
        ("999999999999999100", ""),
        ("486881355800000000", "C+c+E+e+K+k+Cw+M+N+S+s+P1-Lua-Lea-Leb+Fya-Fyb+Jka+Jkb+"),
        ("999999999999999955", "Dib-"),
    ];
    for (digits, wanted) in cases {
        let wanted = phenotype(wanted);
        assert_eq!(red_cells(digits).phenotype(), wanted, "{digits}");
        assert_eq!(one(&format!("=\\{digits}")).encode(), format!("=\\{digits}"));
    }
    let cmv = red_cells("999999999999999100");
    assert_eq!(cmv.cmv_antibodies(), Known::Value(false));
    assert_eq!(cmv.last(), Last::Elsewhere);
    assert_eq!(red_cells("880000008700000000").cmv_antibodies(), Known::Unknown);
    assert_eq!(red_cells("999999999999999998").last(), Last::IgaDeficient);
}

#[test]
fn each_rh_antigen_alone_has_its_own_place() {
    let cases = [
        ("999999999999919999", "C-"),
        ("999999999999929999", "C+"),
        ("999999999999979999", "Jsa+C-"),
        ("999999999999991999", "E-"),
        ("999999999999995999", "c-E+"),
        ("999999999999999699", "e+"),
        ("999999999999999399", "e-"),
        ("199999999999999999", "C+c+E+e-"),
        ("299999999999999999", "C-c+E+e-"),
        ("399999999999999999", "C+c-E+e+"),
        ("599999999999999999", "C-c+E+e+"),
        ("799999999999999999", "C+c+E-e+"),
        ("099999999999999999", "C+c-E+e-"),
    ];
    for (digits, wanted) in cases {
        assert_eq!(red_cells(digits).phenotype(), phenotype(wanted), "{digits}");
    }
    assert_eq!(refused("=\\699999999999929999"), Refused::RhTwice);
    for (digits, code) in [
        ("999999999999999964", "isbt-error-antigen"),
        ("999999999999999991", "isbt-error-antigen"),
        ("99999999999999999A", "isbt-error-digits"),
        ("9999999999999999", "isbt-error-length"),
    ] {
        assert_eq!(refused(&format!("=\\{digits}")).code(), code, "{digits}");
    }
}

#[test]
fn a_finnish_label_uses_its_own_table_where_it_differs() {
    let Structure::RedCells(antigens) = one("&\\679999999994444499") else { panic!() };
    // Positions 12 to 16 hold other antigens there; only Co(b) has a place in this record.
    assert_eq!(antigens.phenotype(), phenotype("C+c-E-e+K+k-Cob-"));
    assert_eq!(antigens.cmv_antibodies(), Known::Value(false));
}

#[test]
fn platelet_antigens() {
    let read = |digits: &str| match one(&format!("&{{{digits}")) {
        Structure::Platelets(antigens) => antigens,
        other => panic!("{other:?}"),
    };
    let typed = read("029907999999999900");
    assert_eq!(typed.hla().collect::<Vec<_>>(), ["A2", "B7"]);
    assert_eq!(read("999999993999999900").hpa().collect::<Vec<_>>(), [("HPA-1a", false)]);
    let deficient = read("999999999999999400");
    assert_eq!(deficient.iga(), Known::Value(false));
    assert_eq!(deficient.cmv_antibodies(), Known::Value(false));
    assert_eq!(deficient.titre(), Titre::NotTested);
    assert_eq!(read("999999999999999901").titre(), Titre::NoHighTitre);
    for (digits, code) in [
        ("040799999999999900", "isbt-error-hla"),
        ("030299999999999900", "isbt-error-hla"),
        ("999999999999999902", "isbt-error-titre"),
        ("999999999999999910", "isbt-error-reserved"),
    ] {
        assert_eq!(refused(&format!("&{{{digits}")).code(), code, "{digits}");
    }
}

#[test]
fn infection_markers() {
    let Structure::Markers(markers) = one("&\"321415000000000000") else { panic!() };
    let found: Vec<_> = markers.results().collect();
    let wanted = [
        ("hiv_antibody", false),
        ("hcv_antibody", true),
        ("hcv_genome", false),
        ("hbc_antibody", false),
        ("hbs_antigen", false),
        ("htlv_antibody", false),
        ("syphilis_antibody", false),
        ("cmv_antibody", true),
    ];
    assert_eq!(found, wanted);
    let Structure::Markers(markers) = one("&\"000000000600000000") else { panic!() };
    assert_eq!(markers.results().collect::<Vec<_>>(), [("hev_genome", true)]);
    for (digits, code) in [
        ("900000000000000000", "isbt-error-marker"),
        ("000000000100000000", "isbt-error-marker"),
        ("000000000000000001", "isbt-error-reserved"),
    ] {
        assert_eq!(refused(&format!("&\"{digits}")).code(), code, "{digits}");
    }
}

#[test]
fn antigens_with_the_history_of_their_tests() {
    let Structure::Antigens(history) = one("&%00200600103030080020504") else { panic!() };
    let [k, fyb] = history.all() else { panic!() };
    assert_eq!((k.known(), k.found), (Some(Antigen::BigK), false));
    assert_eq!((k.method, k.tests), (Method::Serology, Tests::Confirmed));
    assert_eq!((fyb.known(), fyb.found), (Some(Antigen::Fyb), false));
    assert_eq!((fyb.method, fyb.tests), (Method::Genotype, Tests::ConfirmedBefore));
    assert_eq!(history.phenotype(), phenotype("K-Fyb-"));
    for (text, code) in [
        ("&%000", "isbt-error-digits"),
        ("&%0010060010701", "isbt-error-result"),
        ("&%0010060010001", "isbt-error-result"),
        ("&%0010060010107", "isbt-error-history"),
        ("&%0010000010101", "isbt-error-antigen"),
        ("&%00200600101010060010201", "isbt-error-antigen"),
        ("&%0020060010101", "isbt-error-length"),
    ] {
        assert_eq!(refused(text).code(), code, "{text}");
    }
}

#[test]
fn a_consignment_has_no_more_boxes_than_it_says() {
    let Structure::Consignment(box_of) = one("=$A999926123450102") else { panic!() };
    assert_eq!((box_of.carton(), box_of.cartons()), (1, 2));
    assert_eq!(box_of.reference(), "A99992612345");
    assert!(read("=$A999926123450002").is_ok(), "box 0 stands on the papers");
    assert_eq!(refused("=$A999926123450302").code(), "isbt-error-boxes");
    assert_eq!(refused("=$A999926123450000").code(), "isbt-error-boxes");
}

#[test]
fn what_is_retired_unused_local_or_unknown_is_refused_by_name() {
    let digits = "9".repeat(20);
    for (identifier, structure) in [("={", 11), ("=[", 15), ("=\"", 16), ("&,3", 37)] {
        let text = format!("{identifier}{}", &digits[..if structure == 37 { 19 } else { 18 }]);
        assert_eq!(refused(&text), Refused::Retired { structure });
    }
    assert_eq!(refused("=,000001"), Refused::Unused { structure: 32 });
    assert_eq!(refused("=(1001202601011200"), Refused::Unused { structure: 31 });
    assert_eq!(refused("&+A9990000000"), Refused::Unused { structure: 33 });
    assert_eq!(refused("&a123"), Refused::Local { identifier: "&a".into() });
    assert_eq!(refused("&;123"), Refused::Local { identifier: "&;".into() });
    for identifier in ["=O", "=0", "=a", "=!", "&A", "&~", "&,9"] {
        let text = format!("{identifier}9990");
        assert!(matches!(refused(&text), Refused::Unknown { .. }), "{text}");
    }
    assert_eq!(refused(""), Refused::Empty);
    assert_eq!(refused("="), Refused::Unidentified);
    assert_eq!(refused("A999026000001"), Refused::Unidentified);
    assert_eq!(refused("=A9990260000\u{1d}0100"), Refused::Characters);
    assert_eq!(refused("=<E0336V99"), Refused::Division);
    assert_eq!(refused("=<S0336V00").code(), "isbt-error-description");
    assert_eq!(refused("=<E0336Z00").code(), "isbt-error-collection");
    assert!(read("=<B0001Z00").is_ok(), "a national code says itself what the character means");
}

#[test]
fn read_together_only_what_belongs_together() {
    let (din, group, product) = ("=A99902600000100", "=%9500", "=<E0336V00");
    let (expiry, container) = ("&>0260422359", "=)1XX00AB123");
    for pair in [
        format!("{din}{group}"),
        format!("{din}{product}"),
        format!("{product}{expiry}"),
        format!("{container}&)0000123456"),
        "=-XX00001234&-0000123456".into(),
        format!("{din}=;A99900000000395421746"),
        "=#0119121212&#0112191212121212".into(),
    ] {
        match read(&pair) {
            Ok(message @ Message::Pair(..)) => assert_eq!(message.encode(), pair),
            other => panic!("{pair}: {other:?}"),
        }
    }
    for (pair, first, second) in [
        (format!("{group}{din}"), 2, 1),
        (format!("{din}{din}"), 1, 1),
        (format!("{din}{expiry}"), 1, 5),
        (format!("{group}{product}"), 2, 3),
    ] {
        assert_eq!(refused(&pair), Refused::Pair { first, second });
    }
    assert_eq!(refused(&format!("{din}{group}{product}")), Refused::Trailing { structure: 2 });
    assert_eq!(refused(&format!("{din}x")), Refused::Trailing { structure: 1 });
}

#[test]
fn a_compound_message_has_exactly_what_it_says() {
    let parts = ["=A99902600000100", "=%5100", "=<E0336V00", "&>0260422359"].concat();
    let text = format!("=+04000{parts}");
    let Ok(Message::Compound(message)) = read(&text) else { panic!() };
    assert_eq!(message.parts().len(), 4);
    assert_eq!(message.encode(), text);
    assert_eq!(refused(&format!("=+03000{parts}")), Refused::Count { stated: 3, found: 4 });
    assert_eq!(refused(&format!("=+05000{parts}")), Refused::Count { stated: 5, found: 4 });
    assert_eq!(refused("=+00000"), Refused::Count { stated: 0, found: 0 });
    assert_eq!(refused(&format!("=+04001{parts}")), Refused::Sequence { sequence: 1 });
    let inside = format!("=+02000{}=+01000=%5100", "=A99902600000100");
    assert_eq!(refused(&inside), Refused::Inside { structure: 23 });
    let twice = format!("=+02000{0}{0}", "=A99902600000100");
    assert_eq!(refused(&twice), Refused::Twice { structure: 1 });
    assert_eq!(refused("=+02000=%5100&a1").code(), "isbt-error-local");
    assert_eq!(refused("=+01000=%51"), Refused::Length { structure: 2, expected: 4, found: 2 });
    // Dimensions are whole but not interpreted; two special tests are two tests.
    let more = "=+04000=A99902600000100&$0101000100250000&(N0008&(N0009";
    assert_eq!(read(more).unwrap().encode(), more);
}
