//! The single values: moments, numbers, places, lists, addresses.

use samband_domain::Time;
use samband_exchange::cap::{
    AbsoluteUri, Base64, Circle, Decimal, Height, Item, MimeType, Moment, NotMoment, NotPlace,
    NotText, Point, Polygon, Status, Text, Token, Uri,
};

/// 2026-11-22 18:30:00 UTC.
const EVENING: Time = Time(1_795_372_200_999_999);
/// 2026-07-01 18:30:00 UTC.
const SUMMER: Time = Time(1_782_930_600_000_000);

#[test]
fn moments_are_written_in_swedish_time_or_utc() {
    let written = |moment: Option<Moment>| moment.expect("a moment").to_string();
    assert_eq!(written(Moment::swedish(EVENING)), "2026-11-22T19:30:00+01:00");
    assert_eq!(written(Moment::swedish(SUMMER)), "2026-07-01T20:30:00+02:00");
    assert_eq!(written(Moment::utc(EVENING)), "2026-11-22T18:30:00-00:00");
    assert_eq!(written(Moment::at(EVENING, -210)), "2026-11-22T15:00:00-03:30");
    assert_eq!(Moment::at(EVENING, 841), None);
    assert_eq!(Moment::utc(Time(i64::MAX)), None);
    assert_eq!(Moment::utc(Time(i64::MIN)), None);
    let first = Moment::read("0001-01-01T00:00:00+01:00").expect("a moment");
    assert_eq!(first.to_string(), "0001-01-01T00:00:00+01:00");
    let last = Moment::read("9999-12-31T23:59:59-14:00").expect("a moment");
    assert_eq!(last.seconds(), 253_402_300_799 + 14 * 3600);
}

#[test]
fn the_same_moment_has_the_same_second_in_every_zone() {
    for text in
        ["2026-11-22T19:30:00+01:00", "2026-11-22T18:30:00-00:00", "2026-11-22T15:00:00-03:30"]
    {
        assert_eq!(Moment::read(text).expect("a moment").seconds(), EVENING.0 / 1_000_000);
    }
}

#[test]
fn what_is_no_moment_says_why() {
    for (text, why) in [
        ("2026-11-22T18:30:00Z", NotMoment::Letter),
        ("2026-11-22T18:30:00", NotMoment::NoZone),
        ("2026-11-22T18:30:00.1-00:00", NotMoment::Fraction),
        ("2026-11-22", NotMoment::Form),
        ("22/11/2026 18:30:00", NotMoment::Form),
        ("2026-11-22T18:30:00+1:00", NotMoment::Form),
        ("2026-11-22T18:30:00+01:0å", NotMoment::Form),
        ("2026-02-29T18:30:00+01:00", NotMoment::NoSuch),
        ("2026-11-22T24:00:00+01:00", NotMoment::NoSuch),
        ("2026-11-22T18:30:60+01:00", NotMoment::NoSuch),
        ("0000-11-22T18:30:00+01:00", NotMoment::NoSuch),
        ("2026-11-22T18:30:00+01:60", NotMoment::NoSuch),
        ("2026-11-22T18:30:00+14:01", NotMoment::NoSuch),
        ("+026-11-22T18:30:00+01:00", NotMoment::Form),
    ] {
        assert_eq!(Moment::read(text), Err(why), "{text}");
    }
}

#[test]
fn decimals_are_exact() {
    for (text, written) in [
        ("60.30", "60.3"),
        ("-11.", "-11"),
        (".5", "0.5"),
        ("+007", "7"),
        ("-0.000000001", "-0.000000001"),
        ("0.1234567899", "0.123456789"),
        ("-0", "0"),
    ] {
        assert_eq!(Decimal::read(text).expect("a number").to_string(), written);
    }
    for text in ["", ".", "-", "1e3", "1,5", "0x1", "1.2.3", "--1", "NaN", "9223372037"] {
        assert!(Decimal::read(text).is_err(), "{text}");
    }
}

fn point(latitude: i32, longitude: i32) -> Point {
    Point::new(Decimal::whole(latitude), Decimal::whole(longitude)).expect("on the earth")
}

#[test]
fn polygons_that_meet_themselves_cannot_be_made() {
    let square = [point(0, 0), point(0, 9), point(9, 9), point(9, 0)];
    let polygon = Polygon::new(&square).expect("a square");
    assert_eq!(polygon.to_string(), "0,0 0,9 9,9 9,0 0,0");
    assert!(!polygon.is_flat());
    let bow = [square[0], square[2], square[1], square[3]];
    assert_eq!(Polygon::new(&bow), Err(NotPlace::Crosses(1, 3)));
    // Two triangles that share a corner and nothing else.
    let eight = [point(0, 0), point(5, 5), point(9, 0), point(9, 9), point(5, 5), point(0, 9)];
    assert!(matches!(Polygon::new(&eight), Err(NotPlace::Crosses(..))));
    assert_eq!(Polygon::new(&square[..2]), Err(NotPlace::Few));
    let back = [point(0, 0), point(0, 9), point(0, 0), point(0, 9)];
    assert_eq!(Polygon::new(&back), Err(NotPlace::Few));
    let spread: Vec<Point> = (0..=5_000).map(|n| point(n % 90, n % 180)).collect();
    assert_eq!(Polygon::new(&spread), Err(NotPlace::Many));
    let repeated = [square[0], square[0], square[1], square[2], square[3], square[0]];
    assert_eq!(Polygon::new(&repeated), Ok(polygon));
}

#[test]
fn places_stay_on_the_earth() {
    let far = Point::new(Decimal::nano(90_000_000_001), Decimal::default());
    assert_eq!(far, Err(NotPlace::Latitude));
    let far = Point::new(Decimal::default(), Decimal::nano(-180_000_000_001));
    assert_eq!(far, Err(NotPlace::Longitude));
    assert_eq!(Circle::new(point(1, 1), Decimal::nano(-1)), Err(NotPlace::Radius));
    assert!(Circle::new(point(1, 1), Decimal::default()).is_ok());
    assert_eq!(Height::new(Decimal::whole(2), Some(Decimal::whole(1))), None);
    assert!(Height::new(Decimal::whole(2), Some(Decimal::whole(2))).is_some());
}

#[test]
fn lists_keep_what_stands_in_quotation_marks_together() {
    let list = |text: &str| {
        Item::list(text).map(|items| items.iter().map(|item| item.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(list(" a  \"b  c\"\nd "), Ok(vec!["a".into(), "b c".into(), "d".into()]));
    assert_eq!(list(""), Ok(vec![]));
    for text in ["\"a", "a\"b", "\"a\"b", "\"\"", "a \" b"] {
        assert!(list(text).is_err(), "{text}");
    }
}

#[test]
fn addresses_are_told_from_what_only_looks_like_them() {
    for text in [
        "https://a.se",
        "http://a.se:80/b?c=d#e",
        "HTTP://A.SE",
        "https://[::1]/",
        "mailto:a@b.se",
        "urn:x:y",
        "ftp://u@h/p",
        "https://å.se/ä",
    ] {
        assert!(AbsoluteUri::new(text).is_ok(), "{text}");
    }
    for text in [
        "",
        "a.se",
        "/a",
        "https:",
        "https://",
        "https:///a",
        "https:a.se",
        "http://a b",
        "1a:b",
        "http://a.se:x",
        "http://a.se:99999",
        "http://[::g]/",
        "http://a]/",
        "https://a.se/%zz",
        "https://a.se/#b#c",
        "https://a.se/<b>",
        "https://a.se/\u{7f}",
        "x:",
    ] {
        assert!(AbsoluteUri::new(text).is_err(), "{text}");
    }
    for text in ["bild.png", "a/b:c", "../a", "?a", "#a", "//host/a"] {
        assert!(Uri::new(text).is_ok_and(|uri| !uri.is_absolute()), "{text}");
    }
    for text in ["", "a b", "#", "a[1]", "1:2", "å%"] {
        assert!(Uri::new(text).is_err(), "{text}");
    }
}

#[test]
fn base64_is_that_of_the_standard() {
    // RFC 4648, section 10.
    for (bytes, text) in [
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        let encoded = Base64::encode(bytes.as_bytes()).expect("bytes");
        assert_eq!(encoded.text(), text);
        assert_eq!(encoded.size(), bytes.len() as u64);
        assert_eq!(Base64::new(text), Ok(encoded));
    }
    assert_eq!(Base64::encode(&[]), Err(NotText::Empty));
    for text in ["", "=", "====", "Zg=", "Z===", "Zg==Zg==", "Z-_=", "Zg==x"] {
        assert!(Base64::new(text).is_err(), "{text}");
    }
}

#[test]
fn texts_are_trimmed_and_never_empty() {
    assert_eq!(Text::new(" a\r\nb\rc\n").as_deref(), Ok("a\nb\nc"));
    assert_eq!(Text::new(" \n"), Err(NotText::Empty));
    assert_eq!(Text::new("a\u{0}b"), Err(NotText::Character));
    assert_eq!(Text::new("a\u{FFFE}"), Err(NotText::Character));
    assert_eq!(Token::new("a b"), Err(NotText::Reserved));
    assert_eq!(Token::new("a\u{a0}b"), Err(NotText::Reserved));
    for text in ["text/plain", "application/vnd.a+xml", "x-a/b", "text/a; b=c; d=\"e f\""] {
        assert!(MimeType::new(text).is_ok(), "{text}");
    }
    for text in ["text", "/", "text/", "a/b", "text/a b", "text/a;b", "text/a;b=\"", "x-/b"] {
        assert!(MimeType::new(text).is_err(), "{text}");
    }
    let exercise = Token::new("OVN-7").expect("a token");
    let status = Status::exercise(&exercise, "ÖVNING").expect("a note");
    assert_eq!(status.note().map(|note| note.to_string()).as_deref(), Some("OVN-7 ÖVNING"));
}
