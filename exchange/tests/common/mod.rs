//! What the tests of this room share.
#![allow(dead_code)]

use samband_domain::figures::Measure;
use samband_domain::{JournalId, Known, Period, Time};
use samband_exchange::{Asked, KnownRegion, Preview, preview};

/// The figures of the transfusion-medicine report.
pub const REPORT: &str = include_str!("../data/sodra-2024.csv");

/// What the report's table says, typed in by hand.
pub const SAID: [(&str, [u64; 4]); 4] = [
    ("blekinge", [157_223, 88_078, 3_924, 6_348]),
    ("halland", [345_074, 192_417, 5_938, 10_932]),
    ("kronoberg", [203_351, 116_200, 3_484, 7_677]),
    ("skane", [1_428_626, 840_163, 22_103, 43_870]),
];

/// Midsummer 2025.
pub const NOW: Time = Time(1_750_500_000_000_000);

pub fn id(text: &str) -> JournalId {
    JournalId::new(text).unwrap()
}

pub fn regions() -> Vec<KnownRegion> {
    let regions = [
        ("blekinge", "Region Blekinge", "10"),
        ("halland", "Region Halland", "13"),
        ("kronoberg", "Region Kronoberg", "07"),
        ("skane", "Region Skåne", "12"),
    ];
    let known = regions.map(|(journal, name, code)| KnownRegion {
        journal: id(journal),
        name: name.into(),
        county_code: Some(code.into()),
    });
    known.into()
}

pub fn read_bytes(bytes: &[u8], name: &str, period: Option<&str>) -> Preview {
    let regions = regions();
    let asked = Asked {
        regions: &regions,
        period: period.map(|period| period.parse().unwrap()),
        sheet: None,
        now: NOW,
    };
    preview(bytes, name, &asked).unwrap()
}

pub fn read(text: &str) -> Preview {
    read_bytes(text.as_bytes(), "figures.csv", Some("2024"))
}

/// The values of one region in the order of [`Measure::DONOR_TABLE`], all for one period.
pub fn values(preview: &Preview, region: &str, period: &str) -> Vec<Known<u64>> {
    let period: Period = period.parse().unwrap();
    let rows = &preview.regions[&id(region)];
    let value = |measure: &Measure| {
        let mut fitting = rows.iter().filter(|row| row.measure == *measure && row.period == period);
        let value = fitting.next().unwrap_or_else(|| panic!("{measure}")).value;
        assert_eq!(fitting.next(), None, "{measure} twice");
        value
    };
    Measure::DONOR_TABLE.iter().map(value).collect()
}

pub fn assert_says_what_the_report_says(preview: &Preview, period: &str) {
    assert_eq!(preview.bad, []);
    assert!(preview.ready());
    assert_eq!(preview.figures(), 16);
    for (region, wanted) in SAID {
        assert_eq!(values(preview, region, period), wanted.map(Known::Value), "{region}");
    }
}

/// Line, column and code of everything wrong.
pub fn bad(preview: &Preview) -> Vec<(u32, Option<&str>, &'static str)> {
    let bad = preview.bad.iter();
    bad.map(|bad| (bad.line, bad.column.as_deref(), bad.code)).collect()
}

pub fn notes(preview: &Preview) -> Vec<&'static str> {
    preview.notes.iter().map(|note| note.code).collect()
}
