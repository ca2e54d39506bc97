//! Labels say in their symbols what they say in their words.

use samband_domain::Time;
use samband_domain::blood::model::Group;
use samband_exchange::isbt128::label::{Label, Words};
use samband_exchange::isbt128::{GroupMessage, PrintFlag, Scanned, classify};

fn label() -> Label {
    let words = Words {
        facility: "Blodcentralen & <prov>".into(),
        product: "Erytrocyter i SAGM, leukocytreducerade, till vuxna och barn över ett år".into(),
        group: "O RhD neg".into(),
        expiry: "2026-02-11 23:59".into(),
        headings: ["Tappning", "Grupp", "Produkt", "Utgång"].map(Into::into),
        notice: "Påhittad enhet".into(),
    };
    let unit = "A999026000001.B0001V00".parse().unwrap();
    let group = GroupMessage::of(Group::O_NEG);
    // One second before the minute is over: the label says the minute.
    let expiry = Time(1_770_850_799_000_000);
    Label::new(unit, PrintFlag::NONE, group, expiry, words).unwrap()
}

#[test]
fn the_symbols_of_a_label_are_read_back_as_the_unit() {
    let label = label();
    let wanted = ["=A99902600000100", "=%9500", "=<B0001V00", "&>0260422359"];
    assert_eq!(label.linear(), wanted);
    let Scanned::Label(read) = classify(&label.matrix()).unwrap().what else { panic!() };
    assert_eq!(read.unit().unwrap().to_string(), "A999026000001.B0001V00");
    assert_eq!(read.group.unwrap().code.group(), Some(Group::O_NEG));
}

#[test]
fn an_svg_label_is_whole_and_its_words_are_escaped() {
    let svg = label().svg();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
    assert!(svg.contains("Blodcentralen &amp; &lt;prov&gt;"));
    assert!(svg.contains(">A9990 26 000001</text>"), "as people read it");
    assert!(svg.contains(">S</text>"), "the boxed check character");
    assert!(svg.contains(">O</text>") && svg.contains(">RhD neg</text>"));
}

#[test]
fn a_pdf_label_is_one_page_of_its_size() {
    let pdf = label().pdf();
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.starts_with("%PDF-") && text.trim_end().ends_with("%%EOF"));
    assert!(text.contains("/MediaBox [0 0 283.46457 283.46457]"), "{text}");
    assert_eq!(text.matches("/Type /Page\n").count() + text.matches("/Type /Page ").count(), 1);
}

#[test]
fn no_label_is_made_for_years_that_it_cannot_say() {
    let unit = "A999026000001.B0001V00".parse().unwrap();
    let group = GroupMessage::of(Group::O_NEG);
    for expiry in [Time(i64::MAX), Time(-3_000_000_000_000_000), Time(4_200_000_000_000_000)] {
        let label = Label::new(unit, PrintFlag::NONE, group, expiry, Words::default());
        assert_eq!(label.map_err(|refused| refused.code()), Err("label-no-expiry"));
    }
}
