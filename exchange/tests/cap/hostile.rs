//! Whatever comes in, the reader answers, soon, and never with what it should not have read.

use proptest::collection::vec;
use proptest::prelude::*;
use samband_exchange::cap::{Code, read, validate, write};

use crate::cap::documents::{WHOLE, with};

fn codes(bytes: &[u8]) -> Vec<Code> {
    validate(bytes).problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn external_entities_are_not_fetched() {
    let document =
        with("?>\n", "?>\n<!DOCTYPE alert [<!ENTITY hemlig SYSTEM \"file:///etc/passwd\">]>\n");
    let document = document.replace("Omkring 60", "&hemlig; Omkring 60");
    assert_eq!(codes(document.as_bytes()), [Code::XmlDoctype, Code::XmlEntity]);
    let said = validate(document.as_bytes()).json().to_string();
    assert!(!said.contains("root:"), "{said}");
}

#[test]
fn entities_do_not_expand() {
    let laughs: String = (1..=9)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let document = with("?>\n", &format!("?>\n<!DOCTYPE a [<!ENTITY l0 \"ha\">{laughs}]>\n"));
    let document = document.replace("Omkring 60", "&l9;");
    assert_eq!(codes(document.as_bytes()), [Code::XmlDoctype, Code::XmlEntity]);
}

#[test]
fn parameter_entities_and_external_subsets_are_passed_over() {
    for kind in ["SYSTEM \"http://exempel.se/a.dtd\"", "[<!ENTITY % p SYSTEM \"a\"> %p;]"] {
        let document = with("?>\n", &format!("?>\n<!DOCTYPE alert {kind}>\n"));
        assert_eq!(codes(document.as_bytes()), [Code::XmlDoctype], "{kind}");
    }
}

#[test]
fn what_is_not_well_formed_is_an_error() {
    for (what, instead) in [
        ("<event>Mass", "<event>]]>Mass"),
        ("<info>", "<!-- a -- b --><info>"),
        ("<info>", "<!-- a ---><info>"),
        ("<info>", "<?xml version=\"1.0\"?><info>"),
        ("<info>", "<?XML a?><info>"),
        ("<info>", "<?1 a?><info>"),
        ("<info>", "<1/><info>"),
        ("<info>", "<a:b:c/><info>"),
        ("<info>", "<info a=1>"),
        ("<info>", "<info a>"),
        ("<info>", "<info a=\"1\"b=\"2\">"),
        ("<info>", "<info a=\"1\" a=\"2\">"),
        ("<info>", "<info a=\"<\">"),
        ("<info>", "<info a=\"&\">"),
        ("<info>", "<info xmlns:b=\"\">"),
        ("<info>", "<info xmlns:xmlns=\"a\">"),
        ("<info>", "<info xmlns:b=\"u\" xmlns:c=\"u\" b:d=\"\" c:d=\"\">"),
        ("<event>Mass", "<event>&#x;"),
        ("<event>Mass", "<event>&#X41;"),
        ("<event>Mass", "<event>& amp;"),
        ("<event>Mass", "<event>&amp"),
        ("</info>", "</info "),
        ("</info>", "</INFO>"),
        ("</alert>", "</alert>hej"),
        ("</alert>", "</alert><![CDATA[]]>"),
        ("<?xml version=\"1.0\"", "<?xml version=\"2.0\""),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"", "<?xml encoding=\"UTF-8\""),
        ("<?xml", " <?xml"),
    ] {
        let codes = codes(with(what, instead).as_bytes());
        assert!(codes.contains(&Code::XmlForm), "“{what}” → “{instead}”: {codes:?}");
    }
}

#[test]
fn a_long_crooked_polygon_is_answered() {
    let teeth: String =
        (0..4000).map(|n| format!("{},{}.{:03} ", n % 2 * 10, n / 1000, n % 1000)).collect();
    let closed = with(
        "<polygon>60.30,17.40",
        &format!("<polygon>-1,0 {teeth}-1,4 -1,0</polygon><polygon>60.30,17.40"),
    );
    assert_eq!(codes(closed.as_bytes()), []);
    let crossed = closed.replace("-1,4 -1,0<", "5,4 -1,0<");
    assert_eq!(codes(crossed.as_bytes()), [Code::PolygonCrosses]);
}

#[test]
fn floods_are_answered() {
    let million = |text: &str| text.repeat(500_000);
    let reference = |n: u32| format!("a@b,{n},2026-11-22T19:20:00+01:00 ");
    let references: String = (0..90_000).map(reference).collect();
    let attributes: String = (0..300_000).map(|n| format!("a{n}=\"\" ")).collect();
    for (what, instead, codes_expected) in [
        ("<references>", format!("<references>{references}"), Vec::new()),
        ("<alert ", format!("<alert {attributes}"), vec![Code::XmlElements]),
        ("<event>Mass", format!("<event>{}", million("&amp;")), Vec::new()),
        ("<event>Mass", format!("<event>{}", million("&lt;a")), Vec::new()),
        ("<event>Mass", format!("<event>{}x>", million("&lt;a ")), vec![Code::HtmlTags]),
        ("<addresses>", format!("<addresses>{}", million("\"a\" ")), Vec::new()),
        ("<circle>", format!("<circle>{}", million("1,1 ")), vec![Code::Circle]),
        ("<size>", format!("<size>{}", million("9")), vec![Code::Size]),
        ("<sent>", format!("<sent>{}", million("9")), vec![Code::Moment]),
        ("<mimeType>", format!("<mimeType>{}", million("a;b=c")), vec![Code::MimeType]),
    ] {
        assert_eq!(codes(with(what, &instead).as_bytes()), codes_expected, "{what}");
    }
}

#[test]
fn nothing_of_the_document_steers_the_terminal() {
    let long = "a".repeat(100_000);
    for (what, instead) in [
        ("<info>", format!("<\u{1b}[2J{long}>")),
        ("<info>", format!("<info b\u{9b}{long}>")),
        ("<event>Mass", format!("<event>&\u{1b}{long};")),
        ("<urgency>", "<urgency>\u{9b}2J".to_owned()),
        ("<sent>", format!("<sent>\n\u{85}{long}")),
    ] {
        for problem in validate(with(what, &instead).as_bytes()).problems {
            let said = problem.to_string();
            assert!(!said.contains(|c: char| c.is_control()), "{said:?}");
            assert!(said.len() < 2_000, "{} characters", said.len());
        }
    }
}

fn pieces() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("<".to_owned()),
        Just(">".to_owned()),
        Just("/>".to_owned()),
        Just("&".to_owned()),
        Just("&#0;".to_owned()),
        Just("&x;".to_owned()),
        Just("\"".to_owned()),
        Just("<!DOCTYPE a [".to_owned()),
        Just("]]>".to_owned()),
        Just("<![CDATA[".to_owned()),
        Just("<!--".to_owned()),
        Just("<?".to_owned()),
        Just("</info>".to_owned()),
        Just("<info>".to_owned()),
        Just("<alert>".to_owned()),
        Just("-1e999".to_owned()),
        Just(",".to_owned()),
        Just("\u{FEFF}".to_owned()),
        Just("xmlns:a=\"b\" ".to_owned()),
        any::<char>().prop_map(String::from),
        ".{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_fall(bytes in vec(any::<u8>(), 0..2_000)) {
        let report = validate(&bytes);
        prop_assert!(!report.is_valid());
        prop_assert!(report.problems.iter().all(|one| one.line > 0 && one.column > 0));
    }

    #[test]
    fn no_change_makes_it_fall(
        changes in vec((any::<prop::sample::Index>(), pieces(), 0_usize..12), 1..6),
    ) {
        let mut text: Vec<char> = WHOLE.chars().collect();
        for (at, piece, gone) in changes {
            let at = at.index(text.len() + 1);
            let end = (at + gone).min(text.len());
            text.splice(at..end, piece.chars());
        }
        let text: String = text.into_iter().collect();
        check(text.as_bytes())?;
    }

    #[test]
    fn no_broken_bytes_make_it_fall(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = WHOLE.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        check(&bytes)?;
        bytes.truncate(cut.index(bytes.len()));
        check(&bytes)?;
    }
}

/// Reading and validating agree, and what was read can be written and read again.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let report = validate(bytes);
    match read(bytes) {
        Ok(read_once) => {
            prop_assert_eq!(&read_once.report, &report);
            let again = read(write(&read_once.alert).as_bytes());
            prop_assert_eq!(again.map(|read| read.alert), Ok(read_once.alert));
        }
        Err(problems) => {
            prop_assert!(!problems.is_valid());
            prop_assert_eq!(problems, report);
        }
    }
    Ok(())
}
