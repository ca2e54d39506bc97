//! What is written can be read back.

use crate::common::{NOW, REPORT, bad, id, read_bytes};
use proptest::prelude::*;
use samband_domain::figures::{self, Event, Measure, Source, event::FiguresReported};
use samband_domain::words::NONE;
use samband_domain::{ActorId, Digest, JournalId, Known, Meta, Period, RecordRef, Time};
use samband_exchange::export::{Csv, Headings, Language, figures as table, to_csv, to_xlsx};
use samband_exchange::sheet;

fn source() -> Source {
    Source {
        title: "Projektrapport Transfusionsmedicin, version 1.0; \"slutlig\"".into(),
        published: Known::Value("2025-10-17".parse().unwrap()),
        file: None,
        warnings: Vec::new(),
    }
}

fn meta(journal: &JournalId) -> Meta {
    let at = RecordRef { journal: journal.clone(), epoch: 1, seq: 2, hash: Digest::ZERO };
    let actor = ActorId::new("a-1").unwrap();
    Meta { at, happened: Time(0), recorded: Time(1), actor, mandate: None }
}

type RegionFacts = (&'static str, Vec<(Measure, Period, Known<u64>)>);
type Facts = Vec<RegionFacts>;

fn states(facts: &Facts) -> Vec<(String, figures::Shared)> {
    let state = |(region, rows): &RegionFacts| {
        let mut shared = figures::Shared::default();
        let rows = rows.iter().map(|(measure, period, value)| figures::FigureRow {
            measure: *measure,
            period: *period,
            value: *value,
            row: Some(7),
            column: Some("=kolumn".into()),
        });
        let report = FiguresReported { source: source(), rows: rows.collect() };
        let event = Event::FiguresReported(report, NONE);
        figures::apply(&mut shared, &event, &meta(&id(region)));
        ((*region).to_owned(), shared)
    };
    facts.iter().map(state).collect()
}

/// The Swedish words that the import must know.
fn swedish(key: &'static str) -> String {
    let word = match key {
        "measure" => "Mått",
        "value" => "Värde",
        "population" => "Invånare",
        "population_18_64" => "Invånare 18–64 år",
        "active_donors" => "Aktiva blodgivare",
        "whole_blood_donations" => "Helblodsgivningar",
        other => other,
    };
    word.to_owned()
}

fn read_back(bytes: &[u8]) -> Facts {
    let preview = read_bytes(bytes, "f", None);
    assert_eq!(bad(&preview), []);
    let regions = preview.regions.iter().map(|(region, rows)| {
        let region =
            crate::common::SAID.iter().find(|(name, _)| *name == region.as_str()).unwrap().0;
        let mut rows: Vec<_> = rows.iter().map(|r| (r.measure, r.period, r.value)).collect();
        rows.sort();
        (region, rows)
    });
    regions.collect()
}

fn assert_round_trip(facts: &Facts) {
    let states = states(facts);
    let regions: Vec<_> = states.iter().map(|(name, shared)| (name.clone(), shared)).collect();
    for (language, word) in [
        (Language::Swedish, swedish as fn(&'static str) -> String),
        (Language::English, str::to_owned),
    ] {
        let table = table("Siffror", &regions, word);
        for headings in [Headings::Keys, Headings::Words] {
            for mark in [true, false] {
                let csv = to_csv(&table, Csv { language, headings, mark });
                assert_eq!(read_back(&csv), *facts, "{language:?} {headings:?}");
            }
        }
        let book = to_xlsx(&table, language, NOW).unwrap();
        assert_eq!(read_back(&book), *facts, "{language:?} workbook");
    }
}

#[test]
fn the_report_survives_import_export_and_import() {
    let preview = read_bytes(REPORT.as_bytes(), "sodra-2024.csv", None);
    let said = crate::common::SAID.iter().map(|(region, _)| {
        let rows = &preview.regions[&id(region)];
        (*region, rows.iter().map(|row| (row.measure, row.period, row.value)).collect())
    });
    assert_round_trip(&said.collect());
}

#[test]
fn an_export_says_where_each_figure_comes_from() {
    let facts = vec![("halland", vec![(Measure::Population, Period::Year(2024), Known::Unknown)])];
    let states = states(&facts);
    let table = table("Siffror", &[("Region Halland".into(), &states[0].1)], str::to_owned);
    let csv = String::from_utf8(to_csv(&table, Csv::FOR_PROGRAMS)).unwrap();
    assert_eq!(
        csv.lines().nth(1).unwrap(),
        "Region Halland,population,2024,unknown,\"Projektrapport Transfusionsmedicin, version 1.0; \
         \"\"slutlig\"\"\",2025-10-17,,7,'=kolumn,1970-01-01T00:00:00.000001Z,"
    );
}

#[test]
fn a_workbook_holds_formulas_as_text_and_is_the_same_each_time() {
    let facts = vec![("halland", vec![(Measure::Population, Period::Year(2024), Known::Value(1))])];
    let states = states(&facts);
    let table = table("Siffror", &[("=1+1".into(), &states[0].1)], str::to_owned);
    let book = to_xlsx(&table, Language::Swedish, NOW).unwrap();
    assert_eq!(book, to_xlsx(&table, Language::Swedish, NOW).unwrap());
    let read = sheet::read(&book, "f.xlsx", None).unwrap();
    assert_eq!(read.rows[1].cells[0], "=1+1");
    assert_eq!(read.name, "Siffror");
}

fn facts() -> impl Strategy<Value = Facts> {
    let value = prop_oneof![Just(Known::Unknown), (0..20_000_000_u64).prop_map(Known::Value),];
    let period = prop_oneof![
        (1990..2025_i16).prop_map(Period::Year),
        (2000..2025_i16, 1..=12_i8).prop_map(|(year, month)| Period::Month(year, month)),
    ];
    // Parts never outnumber their whole here, as the import would refuse them.
    let measure = prop::sample::select(vec![Measure::Population, Measure::ActiveDonors]);
    let rows = prop::collection::btree_map((measure, period), value, 1..6);
    let rows = rows.prop_map(|rows| rows.into_iter().map(|((m, p), v)| (m, p, v)).collect());
    let regions = prop::sample::subsequence(vec!["blekinge", "halland", "skane"], 1..=3);
    (regions, prop::collection::vec(rows, 3))
        .prop_map(|(regions, rows)| regions.into_iter().zip(rows).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_figures_survive_export_and_import(facts in facts()) {
        assert_round_trip(&facts);
    }
}
