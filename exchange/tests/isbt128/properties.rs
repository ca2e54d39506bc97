//! Over random texts: nothing breaks, nothing is read in two ways, nothing that a check covers
//! changes its meaning in silence.

use proptest::prelude::*;
use samband_domain::blood::model::mod37_2;
use samband_exchange::isbt128::{Message, Structure, classify, read};

/// A valid text of every structure that is read.
fn valid() -> impl Strategy<Value = String> {
    let group =
        proptest::sample::select(vec!["95", "51", "06", "62", "17", "73", "28", "84", "E0"]);
    prop_oneof![
        "=[A-NP-Z1-9][A-NP-Z0-9]{2}[0-9]{10}(0[0-9]|1[0-35-9]|[2-5][0-9])",
        (group, "[0-9A-Z]").prop_map(|(group, letter)| format!("=%{group}{letter}0")),
        "=<[EF][0-9]{4}[0VRSTPrsA1XDd2LEQ3456FC78BHJG](00|[A-Z](0|[a-z]))",
        "=[>*}]0[0-9]{2}[0-2][0-5][1-9]",
        "&[>*}]0[0-9]{2}[0-2][0-5][1-9](0[0-9]|1[0-9]|2[0-3])[0-5][0-9]",
        "&\\([A-Z0-9]{5}",
        "=\\\\[0-9]{13}[0369][09][0129](00|25|55|9[5-9])",
        "=\\\\9[0-9]{15}99",
        "&\\\\[0-9]{16}98",
        "&\\{(0203|9999|0199)(0708|9999)[0-9]{8}0[019]",
        "=\\)[0-9A-Zyz][A-Z0-9]{2}[A-Za-z0-9]{7}",
        "&\\)[A-Za-z0-9]{10}",
        "='A999[0-9][A-Z0-9]{6}",
        "=;A999[0-9]{17}",
        "=-[A-Z0-9]{2}[A-Za-z0-9]{8}",
        "&-[A-Za-z0-9]{10}",
        "=#[0-9]{2}19[0-9]{2}0[1-9][0-2][1-8]",
        "&#[0-9]{2}10[A-Za-z0-9]{10}",
        "=\\]20[0-9]{2}(0[1-9]|1[0-2])",
        "&\"[0-8]{9}[036]0{8}",
        "=\\$A999[0-9]{8}0[0-4]0[4-9]",
        "&%001(00[1-9]|0[1-9][0-9])00[1-9]0[1-6]0[1-6]",
    ]
}

/// Some thousands of cases, or as many more as a long run asks for.
fn cases() -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig { cases: asked.cases.max(2000), ..asked }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_read_is_written_as_it_was(text in valid()) {
        let message = read(&text);
        prop_assert!(message.is_ok(), "{text}: {message:?}");
        prop_assert_eq!(message.unwrap().encode(), text);
    }

    #[test]
    fn messages_of_many_structures(parts in proptest::collection::vec(valid(), 1..8)) {
        let text = format!("=+{:02}000{}", parts.len(), parts.concat());
        match read(&text) {
            Ok(Message::Compound(message)) => {
                prop_assert_eq!(message.encode(), text);
                let read: Vec<String> = message.parts().iter().map(Structure::encode).collect();
                prop_assert_eq!(read, parts, "each structure is the one that was put in");
            }
            Ok(other) => prop_assert!(false, "{other:?}"),
            Err(refused) => prop_assert_eq!(refused.code(), "isbt-error-twice"),
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,60}") {
        let _ = classify(&text);
        if let Ok(message) = read(&text) {
            prop_assert_eq!(message.encode(), text);
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = classify(&text);
        let _ = classify(&format!("={text}"));
        let _ = classify(&format!("=+02000={text}"));
    }

    #[test]
    fn whatever_is_changed_in_a_valid_text_is_refused_or_written_as_it_stands(
        text in valid(), at in any::<prop::sample::Index>(), other in "[ -~]",
    ) {
        let at = at.index(text.len());
        let mut changed = text.clone();
        changed.replace_range(at..=at, &other);
        prop_assume!(changed != text);
        if let Ok(message) = read(&changed) {
            prop_assert_eq!(message.encode(), changed, "what was read is what stands there");
        }
    }

    #[test]
    fn no_text_cut_short_is_taken_for_a_whole_one(text in valid(), at in any::<prop::sample::Index>()) {
        let at = at.index(text.len());
        prop_assert!(read(&text[..at]).is_err(), "{}", &text[..at]);
    }

    #[test]
    fn a_check_flag_guards_the_number(
        din in "[A-NP-Z1-9][A-NP-Z0-9]{2}[0-9]{10}", at in 0_usize..13, other in "[0-9A-Z]",
    ) {
        const VALUES: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";
        let value = VALUES.find(mod37_2(&din).unwrap()).unwrap();
        let text = format!("={din}{}", 60 + value);
        prop_assert!(read(&text).is_ok(), "{text}");
        let mut changed = text.clone();
        changed.replace_range(at + 1..at + 2, &other);
        prop_assume!(changed != text);
        prop_assert!(read(&changed).is_err(), "{changed}");
    }

    #[test]
    fn a_typed_number_with_one_wrong_character_is_never_another_number(
        din in "[A-NP-Z1-9][A-NP-Z0-9]{2}[0-9]{10}", at in 0_usize..14, other in "[0-9A-Z*]",
    ) {
        let text = format!("{din}{}", mod37_2(&din).unwrap());
        prop_assert!(classify(&text).is_ok(), "{text}");
        let mut changed = text.clone();
        changed.replace_range(at..=at, &other);
        prop_assume!(changed != text);
        prop_assert!(classify(&changed).is_err(), "{changed}");
    }
}
