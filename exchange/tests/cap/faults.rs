//! One fault at a time, and all that must be said about it.

use std::collections::BTreeSet;

use samband_exchange::cap::{Code, Level, MOST_PROBLEMS, Version, read, validate};

use crate::cap::documents::{WHOLE, with};

/// What is replaced, by what, and every code that must be reported, in the order of their places.
type Case = (&'static str, &'static str, &'static [Code]);

const HEAD: &[Case] = &[
    ("<identifier>OVN-2026", "<identifier>OVN 2026", &[Code::Identifier]),
    ("<identifier>OVN-2026", "<identifier>OVN,2026", &[Code::Identifier]),
    ("<identifier>OVN-2026", "<identifier>OVN&lt;2026", &[Code::Identifier]),
    ("<identifier>OVN-2026", "<identifier>OVN&amp;2026", &[Code::Identifier]),
    ("<identifier>OVN-2026-0007-2</identifier>", "<identifier/>", &[Code::Empty]),
    ("  <identifier>OVN-2026-0007-2</identifier>\n", "", &[Code::Missing]),
    ("<sender>tib@", "<sender>tib @", &[Code::Sender]),
    ("<sender>tib@uppsala.exempel.se</sender>", "<sender> </sender>", &[Code::Empty]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T18:30:00Z", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T19:30:00", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T19:30:00.5+01:00", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22 19:30:00+01:00", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-31T19:30:00+01:00", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T19:60:00+01:00", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T19:30:60+01:00", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T19:30:00+14:01", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T19:30:00+0100", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T19:30:00,01:00", &[Code::Moment]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T19:20:00+00:00", &[Code::PlusNought]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>2026-11-22T18:30:00-00:00", &[]),
    ("<sent>2026-11-22T19:30:00+01:00", "<sent>\n2026-11-22T19:30:00+01:00 ", &[]),
    ("<status>Exercise", "<status>Actual", &[Code::ExerciseIdentifier]),
    ("<status>Exercise", "<status>exercise", &[Code::Value]),
    ("<status>Exercise", "<status> Exercise", &[Code::Value]),
    ("<status>Exercise", "<status>Drill", &[Code::Value]),
    ("<note>OVN-2026-0007 ÖVNING</note>", "", &[Code::ExerciseNote]),
    ("<note>OVN-2026-0007 ÖVNING</note>", "<note> </note>", &[Code::ExerciseNote, Code::Blank]),
    ("<note>OVN-2026-0007 ÖVNING</note>", "<note>--</note>", &[Code::ExerciseNote]),
    ("<msgType>Update", "<msgType>Alert", &[]),
    ("<msgType>Update", "<msgType>Revise", &[Code::Value]),
    ("<source>Larmcentral, påhittad</source>", "<source/>", &[Code::Blank]),
    ("<scope>Restricted", "<scope>Closed", &[Code::Value]),
    ("<scope>Restricted", "<scope>Private", &[Code::RestrictionScope]),
    ("<scope>Restricted", "<scope>Public", &[Code::RestrictionScope]),
    ("<restriction>Sjukvårdsregion Mellansverige</restriction>", "", &[Code::RestrictionMissing]),
    (
        "<restriction>Sjukvårdsregion Mellansverige</restriction>",
        "<restriction></restriction>",
        &[Code::RestrictionMissing, Code::Blank],
    ),
    ("<addresses>tib@orebro \"TiB Region Dalarna\"</addresses>", "", &[]),
    ("\"TiB Region Dalarna\"", "\"TiB Region Dalarna", &[Code::List]),
    ("\"TiB Region Dalarna\"", "\"TiB\"Dalarna", &[Code::List]),
    ("\"TiB Region Dalarna\"", "\"\"", &[Code::List]),
    ("<incidents>busskrock \"E4 Tierp\"</incidents>", "<incidents/>", &[Code::Blank]),
    ("<code>masskada</code>", "<code> </code>", &[Code::Blank]),
];

const REFERENCES: &[Case] = &[
    (
        "<references>tib@uppsala.exempel.se,OVN-2026-0007-1,2026-11-22T19:20:00+01:00</references>",
        "",
        &[Code::ReferencesMissing],
    ),
    (
        "<references>tib@uppsala.exempel.se,OVN-2026-0007-1,2026-11-22T19:20:00+01:00</references>",
        "<references> </references>",
        &[Code::Reference],
    ),
    (",OVN-2026-0007-1,2026-11-22T19:20:00+01:00", ",OVN-2026-0007-1", &[Code::Reference]),
    (",OVN-2026-0007-1,2026-11-22T19:20:00+01:00", ",a,2026-11-22T19:20:00Z", &[Code::Reference]),
    (
        ",OVN-2026-0007-1,2026-11-22T19:20:00+01:00",
        ",OVN-2026-0007-1,2026-11-22T19:20:00+01:00,x",
        &[Code::Reference],
    ),
    (",OVN-2026-0007-1,", ",OVN 2026-0007-1,", &[Code::Reference, Code::Reference]),
    (",OVN-2026-0007-1,", ",OVN-2026-0007-2,", &[Code::SelfReference]),
    ("19:20:00+01:00</references>", "19:40:00+01:00</references>", &[Code::LaterReference]),
    (
        "<references>",
        "<references>tib@uppsala.exempel.se,OVN-2026-0007-1,2026-11-22T19:20:00+01:00 ",
        &[Code::RepeatedReference],
    ),
];

const INFO: &[Case] = &[
    ("    <language>sv-SE</language>\n", "", &[Code::LanguageMissing]),
    ("<language>sv-SE", "<language>", &[Code::LanguageMissing]),
    ("<language>sv-SE", "<language>sv_SE", &[Code::Language]),
    ("<language>sv-SE", "<language>12345", &[Code::Language]),
    ("<language>sv-SE", "<language>svenskaspraket", &[Code::Language]),
    ("<language>sv-SE", "<language>i-klingon", &[]),
    ("<language>sv-SE", "<language>zh-cmn-Hans", &[]),
    ("<category>Health", "<category>Hälsa", &[Code::Value]),
    ("    <category>Health</category>\n    <category>Transport</category>\n", "", &[Code::Missing]),
    ("    <event>Masskadehändelse</event>\n", "", &[Code::Missing]),
    ("<event>Masskadehändelse", "<event>", &[Code::Empty]),
    ("<responseType>Prepare", "<responseType>Flee", &[Code::Value]),
    ("<urgency>Immediate", "<urgency>Now", &[Code::Value]),
    ("<severity>Severe", "<severity>severe", &[Code::Value]),
    ("<certainty>Likely", "<certainty>Very Likely", &[Code::Value]),
    ("<audience>Tjänsteman i beredskap", "<audience>", &[Code::Blank]),
    ("      <valueName>samband:event</valueName>\n", "", &[Code::Missing]),
    ("<valueName>samband:event", "<valueName>", &[Code::Empty]),
    ("<value>masskada", "<value>", &[Code::Blank]),
    ("<expires>2026-11-23", "<expires>2026-11-21", &[Code::Expires]),
    ("<effective>2026-11-22T19:30:00+01:00", "<effective>nu", &[Code::Moment]),
    ("<headline>ÖVNING Två", "<headline>ÖVNING &lt;b&gt;Två&lt;/b&gt;", &[Code::HtmlTags]),
    ("<headline>ÖVNING Två", "<headline>ÖVNING <![CDATA[<br/>]]>", &[Code::HtmlTags]),
    ("<headline>ÖVNING Två", "<headline>&amp;Ouml;VNING", &[Code::HtmlEntities]),
    ("<event>Mass casualty incident", "<event>Masskadehändelse", &[Code::SameText]),
    ("<web>https://samband.exempel.se", "<web>samband.exempel.se", &[Code::Web]),
    ("<web>https://samband.exempel.se", "<web>/", &[Code::Web]),
    ("<web>https://samband.exempel.se", "<web>https:// ", &[Code::Web]),
    ("<web>https://samband.exempel.se/larm/7?språk=sv#nu", "<web>", &[Code::Web]),
    ("<instruction>Lämna", "<instruction>Detta är INGEN övning! Lämna", &[Code::ExerciseDenied]),
    ("<contact>018-000 00 00</contact>", "<contact/>", &[Code::Blank]),
];

const RESOURCE: &[Case] = &[
    ("<resourceDesc>Karta", "<resourceDesc>", &[Code::Empty]),
    ("<mimeType>image/png", "<mimeType>png", &[Code::MimeType]),
    ("<mimeType>image/png", "<mimeType>bild/png", &[Code::MimeType]),
    ("<mimeType>image/png", "<mimeType>image/", &[Code::MimeType]),
    ("<mimeType>image/png", "<mimeType>", &[Code::MimeType]),
    ("<mimeType>image/png", "<mimeType>text/plain; charset=utf-8", &[]),
    ("      <mimeType>image/png</mimeType>\n", "", &[Code::Missing]),
    ("<size>5", "<size>-5", &[Code::Size]),
    ("<size>5", "<size>5 kB", &[Code::Size]),
    ("<size>5", "<size>6", &[Code::SizeDiffers]),
    ("<uri>karta.png", "<uri>karta [1].png", &[Code::Uri]),
    ("      <derefUri>aGVqIQo=</derefUri>\n", "", &[Code::RelativeUri]),
    ("<derefUri>aGVqIQo=", "<derefUri>hej!", &[Code::DerefUri]),
    ("<derefUri>aGVqIQo=", "<derefUri>aGVqIQo", &[Code::DerefUri]),
    ("<derefUri>aGVqIQo=", "<derefUri>aGVq\n IQo=\n", &[]),
    ("<digest>da39", "<digest>sha1:", &[Code::Digest]),
    ("<digest>da39a3ee5e6b4b0d3255bfef95601890afd80709", "<digest>", &[Code::Blank]),
];

const AREA: &[Case] = &[
    ("<areaDesc>E4 norr om Tierp", "<areaDesc>", &[Code::Empty]),
    ("<polygon>60.30,17.40 ", "<polygon>60.30;17.40 ", &[Code::Polygon]),
    ("<polygon>60.30,17.40 ", "<polygon>60.30, 17.40 ", &[Code::Polygon, Code::Polygon]),
    ("<polygon>60.30,17.40 ", "<polygon>6e1,17.40 ", &[Code::Polygon]),
    (
        "60.30,17.40 60.30,17.60 60.40,17.60 60.40,17.40 60.30,17.40",
        "60.30,17.40 60.30,17.60 60.30,17.40",
        &[Code::PolygonFew],
    ),
    (
        "60.30,17.40 60.30,17.60 60.40,17.60 60.40,17.40 60.30,17.40",
        "60.30,17.40 60.30,17.60 60.30,17.60 60.30,17.40",
        &[Code::PolygonRepeats, Code::PolygonFew],
    ),
    ("60.30,17.40 60.30,17.60 60.40,17.60 60.40,17.40 60.30,17.40", " ", &[Code::PolygonFew]),
    (" 60.40,17.40 60.30,17.40<", " 60.40,17.40<", &[Code::PolygonOpen]),
    (
        " 60.30,17.60 60.40,17.60 60.40,17.40 ",
        " 60.40,17.60 60.30,17.60 60.40,17.40 ",
        &[Code::PolygonCrosses],
    ),
    (
        "60.40,17.60 60.40,17.40 60.30,17.40",
        "60.30,17.80 60.30,17.70 60.30,17.40",
        &[Code::PolygonCrosses],
    ),
    (
        "60.30,17.40 60.30,17.60 60.40,17.60 60.40,17.40 60.30,17.40",
        "1,2 3,4 5,6 1,2",
        &[Code::PolygonFlat],
    ),
    (" 60.30,17.60 ", " 60.30,17.60 60.30,17.60 ", &[Code::PolygonRepeats]),
    ("<polygon>60.30,17.40 60.30,17.60 ", "<polygon>60.30,17.40 117.60,60.30 ", &[Code::Latitude]),
    ("<polygon>60.30,17.40 60.30,17.60 ", "<polygon>60.30,17.40 60.30,217.60 ", &[Code::Longitude]),
    ("<circle>60.34,17.51 2.5", "<circle>60.34,17.51", &[Code::Circle]),
    ("<circle>60.34,17.51 2.5", "<circle>60.34, 17.51 2.5", &[Code::Circle]),
    ("<circle>60.34,17.51 2.5", "<circle>Tierp 2.5", &[Code::Circle]),
    ("<circle>60.34,17.51 2.5", "<circle>60.34,17.51 2,5", &[Code::Circle]),
    ("<circle>60.34,17.51 2.5", "<circle>60.34,17.51 -2.5", &[Code::Radius]),
    ("<circle>60.34,17.51 2.5", "<circle>-90.1,180 0", &[Code::Latitude]),
    ("<circle>60.34,17.51 2.5", "<circle>90,-180 0", &[]),
    ("<altitude>100", "<altitude>1E2", &[Code::Number]),
    ("<altitude>100", "<altitude>99999999999999999999", &[Code::NumberLarge]),
    ("<altitude>100", "<altitude>300", &[Code::CeilingBelow]),
    ("<altitude>100", "<altitude>250.5", &[]),
    ("      <altitude>100</altitude>\n", "", &[Code::CeilingAlone]),
];

const SHAPE: &[Case] = &[
    ("cap:1.2", "cap:1.1", &[Code::OldVersion]),
    (
        "urn:oasis:names:tc:emergency:cap:1.2",
        "http://www.incident.com/cap/1.0",
        &[Code::OldVersion],
    ),
    ("cap:1.2", "cap:2.0", &[Code::Namespace]),
    (" xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"", "", &[Code::Namespace]),
    ("<identifier>", "<identifier kind=\"own\">", &[Code::Attribute]),
    ("<info>", "<info xml:lang=\"sv\">", &[Code::Attribute]),
    (
        "<alert ",
        "<alert xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:schemaLocation=\"a b\" ",
        &[],
    ),
    (
        "<alert ",
        "<alert xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\" ",
        &[Code::Attribute],
    ),
    ("  <scope>", "  <scoep>Public</scoep>\n  <scope>", &[Code::Unknown]),
    ("  <scope>", "  <Scope>Public</Scope>\n  <scope>", &[Code::Unknown]),
    ("  <scope>", "  <password>x</password>\n  <scope>", &[Code::Unknown]),
    ("  <scope>", "  <event>x</event>\n  <scope>", &[Code::Unknown]),
    ("  <scope>", "  <scope xmlns=\"urn:x\">Public</scope>\n  <scope>", &[Code::Unknown]),
    ("<event>Mass", "<event><b>Mass</b>", &[Code::Unknown]),
    ("  <sender>", "  <sender>a@b</sender>\n  <sender>", &[Code::Repeated]),
    (
        "  <sender>tib@uppsala.exempel.se</sender>\n  <sent>2026-11-22T19:30:00+01:00</sent>",
        "  <sent>2026-11-22T19:30:00+01:00</sent>\n  <sender>tib@uppsala.exempel.se</sender>",
        &[Code::Order],
    ),
    ("  <info>", "  Obs!\n  <info>", &[Code::Stray]),
    (
        "</alert>",
        "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/></Signature></alert>",
        &[Code::Signature],
    ),
    (
        "  <info>",
        "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/><info>",
        &[Code::Order, Code::Signature],
    ),
    ("<alert ", "<varning ", &[Code::XmlForm]),
    ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<!-- hej -->", &[]),
    ("encoding=\"UTF-8\"", "encoding=\"EBCDIC\"", &[Code::XmlEncoding]),
    ("encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"", &[Code::XmlOtherEncoding]),
    ("?>\n<alert", "?>\n<!DOCTYPE alert>\n<alert", &[Code::XmlDoctype]),
    ("<event>Mass", "<event>&massa; Mass", &[Code::XmlEntity]),
    ("<event>Mass", "<event>\u{1}Mass", &[Code::XmlCharacter]),
    ("<event>Mass", "<event>&#1;Mass", &[Code::XmlCharacter]),
    ("<event>Mass", "<x:event>Mass", &[Code::XmlPrefix]),
    ("<alert ", "<alert a:b=\"c\" ", &[Code::XmlPrefix]),
    ("  </info>\n</alert>\n", "", &[Code::XmlForm]),
    ("<event>Mass", "<event>Mass & ", &[Code::XmlForm]),
    ("</alert>\n", "</alert>\n<alert/>", &[Code::XmlForm]),
];

/// Every document with one fault.
pub fn documents() -> Vec<String> {
    cases().map(|(what, instead, _)| with(what, instead)).collect()
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [HEAD, REFERENCES, INFO, RESOURCE, AREA, SHAPE].into_iter().flatten()
}

fn codes(document: &str) -> Vec<Code> {
    validate(document.as_bytes()).problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn the_whole_document_has_no_fault() {
    let report = validate(WHOLE.as_bytes());
    assert_eq!(report.problems, []);
    assert_eq!(report.version, Some(Version::V12));
    read(WHOLE.as_bytes()).expect("an alert");
}

#[test]
fn each_fault_is_found_and_nothing_else() {
    for (what, instead, expected) in cases() {
        let document = with(what, instead);
        assert_eq!(codes(&document), *expected, "“{what}” → “{instead}”");
        let valid = expected.iter().all(|code| code.level() == Level::Warning);
        assert_eq!(read(document.as_bytes()).is_ok(), valid, "“{what}” → “{instead}”");
    }
}

#[test]
fn every_code_is_provoked_and_named_once() {
    let mut provoked: BTreeSet<Code> = cases().flat_map(|(_, _, codes)| *codes).copied().collect();
    for document in [rejection(), private(), many_points(), deep(), wide(), heavy(), millions()] {
        provoked.extend(codes(&document));
    }
    provoked.extend(validate(b"<varning/>").problems.iter().map(|problem| problem.code));
    provoked.extend(validate(b"<alert>\xFF</alert>").problems.iter().map(|problem| problem.code));
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    let missing: Vec<&Code> = all.difference(&provoked).collect();
    assert_eq!(missing, Vec::<&Code>::new());
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.text()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    assert!(Code::ALL.iter().all(|code| code.remedy().ends_with(['.', '5'])));
}

fn rejection() -> String {
    with("<msgType>Update", "<msgType>Error").replace("OVN-2026-0007 ÖVNING", "")
}

fn private() -> String {
    let addresses = "<addresses>tib@orebro \"TiB Region Dalarna\"</addresses>";
    with("<scope>Restricted", "<scope>Private")
        .replace("<restriction>Sjukvårdsregion Mellansverige</restriction>", "")
        .replace(addresses, "")
}

fn many_points() -> String {
    with("<polygon>60.30,17.40", &format!("<polygon>{}60.30,17.40", "1,1 ".repeat(5001)))
}

fn deep() -> String {
    with("<event>Mass", &"<b>".repeat(40))
}

fn wide() -> String {
    with("<code>masskada</code>", &"<code>a</code>".repeat(20_001))
}

fn heavy() -> String {
    with("<event>Mass", &format!("<event>{}", "a".repeat(4 * 1024 * 1024)))
}

fn millions() -> String {
    with("<references>", &format!("<references>{}", "a ".repeat(1_000_000)))
}

#[test]
fn what_is_too_much_is_refused_at_once() {
    assert_eq!(codes(&rejection()), [Code::ExerciseNote, Code::ErrorNote, Code::Blank]);
    assert_eq!(codes(&private()), [Code::AddressesMissing]);
    assert_eq!(codes(&many_points()), [Code::PolygonMany]);
    assert_eq!(codes(&deep()), [Code::XmlDeep]);
    assert_eq!(codes(&wide()), [Code::XmlElements]);
    assert_eq!(codes(&heavy()), [Code::XmlSize]);
    let millions = codes(&millions());
    assert_eq!(millions.len(), MOST_PROBLEMS + 1);
    assert_eq!(millions.last(), Some(&Code::TooMany));
}

#[test]
fn every_fault_of_a_document_is_listed() {
    let document = "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n\
        <identifier>43b080713727,</identifier>\n\
        <sender>a@b</sender>\n\
        <sender>a@b</sender>\n\
        <sent>2003-14-02T14:39:01-05:00</sent>\n\
        <status>Actual</status>\n\
        <msgType>Update</msgType>\n\
        <scope>Invalid</scope>\n\
        <references>a,b,c</references>\n\
        fel\n\
        <info>\n\
        <audience>alla</audience>\n\
        <category>Safety</category>\n\
        <severity>Unknown</severity>\n\
        </info>\n\
        </alert>";
    let report = validate(document.as_bytes());
    let found: Vec<(&str, usize, &str)> = report
        .problems
        .iter()
        .map(|problem| (problem.code.text(), problem.line, problem.path.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("cap.identifier", 2, "/alert/identifier"),
            ("cap.repeated", 4, "/alert/sender"),
            ("cap.time", 5, "/alert/sent"),
            ("cap.value", 8, "/alert/scope"),
            ("cap.reference", 9, "/alert/references"),
            ("cap.stray_text", 9, "/alert"),
            ("cap.missing", 11, "/alert/info[1]"),
            ("cap.missing", 11, "/alert/info[1]"),
            ("cap.missing", 11, "/alert/info[1]"),
            ("cap.language_missing", 11, "/alert/info[1]"),
            ("cap.order", 12, "/alert/info[1]/audience"),
        ]
    );
    assert!(!report.is_valid());
}

#[test]
fn the_elements_that_stand_wrong_are_named_not_their_neighbours() {
    let document = with("  <scope>Restricted</scope>\n", "")
        .replace("  <identifier>", "  <scope>Restricted</scope>\n  <identifier>");
    let report = validate(document.as_bytes());
    let wrong: Vec<&str> = report.problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(wrong, ["/alert/scope"]);
}

#[test]
fn a_prefix_is_as_good_as_none() {
    let prefixed = WHOLE
        .replace("xmlns=", "xmlns:cap=")
        .replace("</", "\u{0}")
        .replace('<', "<cap:")
        .replace('\u{0}', "</cap:")
        .replace("<cap:?", "<?");
    assert_eq!(validate(prefixed.as_bytes()).problems, []);
    assert_eq!(read(prefixed.as_bytes()), read(WHOLE.as_bytes()));
}

#[test]
fn other_encodings_are_read_with_a_warning() {
    let latin = with("encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"");
    let bytes: Vec<u8> =
        latin.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
    let utf16: Vec<u8> = WHOLE.replace("UTF-8", "UTF-16").encode_utf16().fold(
        vec![0xFF, 0xFE],
        |mut bytes, unit| {
            bytes.extend(unit.to_le_bytes());
            bytes
        },
    );
    let whole = read(WHOLE.as_bytes()).expect("an alert").alert;
    for bytes in [bytes, utf16] {
        let read = read(&bytes).expect("an alert");
        assert_eq!(read.alert, whole);
        let codes: Vec<Code> = read.report.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [Code::XmlOtherEncoding]);
    }
    let marked: Vec<u8> = [b"\xEF\xBB\xBF", WHOLE.as_bytes()].concat();
    assert_eq!(validate(&marked).problems, []);
}
