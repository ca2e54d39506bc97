//! Figures read from files as people have them.

use crate::common::{
    REPORT, assert_says_what_the_report_says, bad, id, notes, read, read_bytes, values,
};
use proptest::prelude::*;
use samband_domain::figures::Measure;
use samband_domain::{Digest, Known};
use samband_exchange::figures::{self as codes, BAD_CODES, NOTE_CODES};

#[test]
fn the_report_is_read_figure_by_figure_with_row_and_column() {
    let preview = read_bytes(REPORT.as_bytes(), "sodra-2024.csv", None);
    assert_says_what_the_report_says(&preview, "2024");
    assert_eq!(preview.file.name, "sodra-2024.csv");
    assert_eq!(preview.file.sha256, Digest::of(REPORT.as_bytes()));
    assert_eq!(preview.ignored, []);
    assert_eq!(notes(&preview), [codes::NOTE_PERIOD_HEADING]);
    let skane = &preview.regions[&id("skane")];
    let places: Vec<_> =
        skane.iter().map(|row| (row.measure, row.row, row.column.as_deref())).collect();
    assert_eq!(
        places,
        [
            (Measure::Population, Some(5), Some("population")),
            (Measure::Population1864, Some(5), Some("population_18_64")),
            (Measure::ActiveDonors, Some(5), Some("active_donors_12m")),
            (Measure::WholeBloodDonations, Some(5), Some("whole_blood_donations_2024")),
        ]
    );
}

#[test]
fn the_table_is_read_as_the_swedish_report_prints_it() {
    let text = "Tabell 3. Blodgivare i Södra sjukvårdsregionen\n\n\
        Region;Invånare totalt;18–64 år;Aktiva blodgivare senaste 12 mån;% bef;\
        Helblodsgivningar 2024\n\
        Region Blekinge;157 223;88 078;3 924;2,50;6 348\n\
        Region Halland;345 074;192 417;5 938;1,72;10 932\n\
        Kronobergs län;203 351;116 200;3 484;1,71;7 677\n\
        SKÅNE;1 428 626;840\u{202f}163;22\u{a0}103;1,55;43 870\n\
        S:a;2 134 274;1 236 858;35 449;1,66;68 827\n";
    // Windows-1252 has no narrow space.
    let spaced = text.replace('\u{202f}', " ");
    let (latin, _, unmappable) = encoding_rs::WINDOWS_1252.encode(&spaced);
    assert!(!unmappable);
    for (bytes, encoded) in [(text.as_bytes().to_vec(), false), (latin.into_owned(), true)] {
        let preview = read_bytes(&bytes, "rapport.csv", Some("2024"));
        assert_says_what_the_report_says(&preview, "2024");
        let ignored: Vec<_> = preview
            .ignored
            .iter()
            .map(|ignored| (ignored.line, ignored.column.as_deref(), ignored.code))
            .collect();
        assert_eq!(
            ignored,
            [
                (1, None, codes::IGNORED_ABOVE),
                (3, Some("% bef"), codes::IGNORED_COLUMN),
                (8, None, codes::IGNORED_SUM),
            ]
        );
        let encoding = encoded.then_some("import-note-encoding");
        let wanted: Vec<_> = encoding.into_iter().chain([codes::NOTE_SUM_AGREES]).collect();
        assert_eq!(notes(&preview), wanted);
    }
}

#[test]
fn everything_wrong_is_listed_by_line_and_reason() {
    let preview = read(
        "Region,Invånare,18-64,Aktiva,Helblod 2024,Helblodsgivningar 2024\n\
         Blekinge,157.223,88078,\"3924,5\",6348,\n\
         Atlantis,1,1,1,1,\n\
         Halland,345074,-5,1 %,ca 10 000,\n\
         ,203351,116200,3484,7677,\n\
         \n\
         Kronoberg,203351,116200,3484\n\
         Skåne,100,101,22103,43870,\n\
         skåne,1428626,,,,\n",
    );
    assert!(!preview.ready());
    assert_eq!(
        bad(&preview),
        [
            (1, Some("Helblodsgivningar 2024"), codes::COLUMN_TWICE),
            (2, Some("Invånare"), codes::AMBIGUOUS),
            (2, Some("Aktiva"), codes::DECIMAL),
            (3, None, codes::REGION),
            (4, Some("18-64"), codes::NEGATIVE),
            (4, Some("Aktiva"), codes::PERCENT),
            (4, Some("Helblod 2024"), codes::NUMBER),
            (5, None, codes::REGION_MISSING),
            (7, None, codes::CELLS),
            (8, Some("18-64"), codes::PART_EXCEEDS_WHOLE),
            (9, Some("Invånare"), codes::TWICE),
            (9, Some("18-64"), codes::TWICE),
            (9, Some("Aktiva"), codes::TWICE),
            (9, Some("Helblod 2024"), codes::TWICE),
        ]
    );
    let ambiguous = &preview.bad[1];
    assert_eq!(ambiguous.value, "157.223");
    let twice = preview.bad.iter().find(|bad| bad.code == codes::TWICE).unwrap();
    assert_eq!(twice.args, [("first", "8".to_owned())]);
}

#[test]
fn a_heading_or_row_that_cannot_be_taken_hides_nothing_below_or_beside_it() {
    let no_year = "region;Aktiva givare;Helblod\nSkåne;157.223;43 870\nNowhere;5;6 %\n\
                   Halland;ca 5;-1\n";
    let preview = read_bytes(no_year.as_bytes(), "f.csv", None);
    assert_eq!(
        bad(&preview),
        [
            (1, Some("Aktiva givare"), codes::NO_PERIOD),
            (1, Some("Helblod"), codes::NO_PERIOD),
            (2, Some("Aktiva givare"), codes::AMBIGUOUS),
            (3, None, codes::REGION),
            (3, Some("Helblod"), codes::PERCENT),
            (4, Some("Aktiva givare"), codes::NUMBER),
            (4, Some("Helblod"), codes::NEGATIVE),
        ]
    );
    assert_eq!(preview.regions.len(), 0);
    let row = "region;measure;period;value\nhalland;bags;tjugo;ca 7\n";
    let row = read_bytes(row.as_bytes(), "f.csv", None);
    let wanted =
        [(2, None, codes::MEASURE), (2, None, codes::PERIOD), (2, Some("value"), codes::NUMBER)];
    assert_eq!(bad(&row), wanted);
    let twice = read("Region;Invånare;Invånare\nHalland;1;ca 2\n");
    let wanted = [(1, Some("Invånare"), codes::COLUMN_TWICE), (2, Some("Invånare"), codes::NUMBER)];
    assert_eq!(bad(&twice), wanted);
}

#[test]
fn open_cells_are_unknown_and_never_zero() {
    let preview =
        read("Region;Invånare;18-64;Aktiva;Helblod\nHalland;okänt;;..;0\nBlekinge;1;-;unknown;2\n");
    assert_eq!(bad(&preview), []);
    let unknown = Known::Unknown;
    assert_eq!(values(&preview, "halland", "2024"), [unknown, unknown, unknown, Known::Value(0)]);
    assert_eq!(
        values(&preview, "blekinge", "2024"),
        [Known::Value(1), unknown, unknown, Known::Value(2)]
    );
}

#[test]
fn a_sum_row_that_says_something_else_is_refused_and_one_over_unknown_proves_nothing() {
    let wrong = read("Region;Invånare;Aktiva\nHalland;10;5\nSkåne;20;6\nSumma;31;11\n");
    assert_eq!(bad(&wrong), [(4, Some("Invånare"), codes::SUM)]);
    assert_eq!(wrong.bad[0].args, [("sum", "30".to_owned())]);
    let less = read("Region;Invånare\nHalland;10\nSkåne;20\nTotalt;29\n");
    assert_eq!(bad(&less), [(4, Some("Invånare"), codes::SUM)]);
    let open = read("Region;Invånare;Aktiva\nHalland;10;okänt\nSkåne;20;6\nSumma;30;6\n");
    assert_eq!(bad(&open), []);
    assert_eq!(notes(&open), [codes::NOTE_SUM_UNCHECKED, codes::NOTE_SUM_AGREES]);
}

#[test]
fn the_period_comes_from_heading_row_form_or_file_name_and_is_never_guessed() {
    let one =
        |name: &str, text: &str, asked: Option<&str>| read_bytes(text.as_bytes(), name, asked);
    let plain = "Region;Invånare\nHalland;345074\n";
    assert_eq!(bad(&one("f.csv", plain, None)), [(1, Some("Invånare"), codes::NO_PERIOD)]);
    let period = |preview: &samband_exchange::Preview| {
        assert_eq!(bad(preview), []);
        preview.regions[&id("halland")][0].period.to_string()
    };
    assert_eq!(period(&one("f.csv", plain, Some("2023"))), "2023");
    let by_file = one("halland 2022.csv", plain, None);
    assert_eq!(period(&by_file), "2022");
    assert_eq!(notes(&by_file), [codes::NOTE_PERIOD_FILE]);
    let heading = one("2022.csv", "Region;Invånare 2024\nHalland;345074\n", Some("2023"));
    assert_eq!(period(&heading), "2024");
    assert_eq!(notes(&heading), [codes::NOTE_PERIOD_OTHER]);
    let rows = "Region;År;Invånare\nHalland;2023;1\nHalland;2024;2\nHalland;tjugo;3\nSkåne;;4\n";
    let rows = one("f.csv", rows, None);
    assert_eq!(bad(&rows), [(4, None, codes::PERIOD), (5, None, codes::NO_PERIOD)]);
    let halland: Vec<_> = rows.regions[&id("halland")]
        .iter()
        .map(|row| (row.period.to_string(), row.value))
        .collect();
    let wanted = [("2023".to_owned(), Known::Value(1)), ("2024".to_owned(), Known::Value(2))];
    assert_eq!(halland, wanted);
    let future = one("f.csv", plain, Some("2025"));
    assert_eq!(bad(&future), [(2, Some("Invånare"), codes::NOT_ENDED)]);
}

#[test]
fn one_row_per_figure_is_read_too() {
    let mut text = "region\tmeasure\tperiod\tvalue\tsource\n".to_owned();
    for (region, values) in crate::common::SAID {
        for (measure, value) in Measure::DONOR_TABLE.iter().zip(values) {
            text += &format!("{region}\t{measure}\t2024\t{value}\tthe report\n");
        }
    }
    let preview = read(&text);
    assert_says_what_the_report_says(&preview, "2024");
    assert_eq!(preview.ignored.len(), 1, "the source column");
    let strange = read("region,measure,value\nhalland,bags,7\nhalland,population,8\n");
    assert_eq!(bad(&strange), [(2, None, codes::MEASURE)]);
}

#[test]
fn a_table_without_a_heading_or_without_figures_is_refused() {
    assert_eq!(bad(&read("a,b\n1,2\n")), [(1, None, codes::NO_HEADING)]);
    assert_eq!(bad(&read("\n\nRegion,Invånare\n")), [(3, None, codes::NO_FIGURES)]);
    assert!(!read("Region,Invånare\n").ready());
}

#[test]
fn message_keys_are_distinct_and_cover_every_code() {
    let keys = samband_exchange::message_keys();
    let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
    assert_eq!(distinct.len(), keys.len());
    let areas = ["import-", "rules-", "isbt-", "codes-", "code-table-", "label-"];
    assert!(keys.iter().all(|key| areas.iter().any(|area| key.starts_with(area))), "{keys:?}");
    assert!(BAD_CODES.iter().chain(NOTE_CODES).all(|code| keys.contains(code)));
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u32>().prop_map(|number| number.to_string()),
        prop::sample::select(vec!["", "okänt", "12,5", "-3", "Skåne", "S:a", "Region", "2024"])
            .prop_map(str::to_owned),
        "[^\"\r\n;\u{0}-\u{1f}\u{7f}-\u{9f}]{0,8}",
    ]
}

proptest! {
    /// Whatever the cells hold: each row is taken over whole, or something about it is listed.
    #[test]
    fn nothing_is_lost_silently(cells in prop::collection::vec(
        (prop::sample::select(vec!["Blekinge", "Halland", "Skåne", "S:a", "?", "Norge"]),
        cell(), cell()), 1..8,
    )) {
        let mut text = "Region;Invånare;Aktiva\n".to_owned();
        for (region, a, b) in &cells {
            text += &format!("{region};{a};{b}\n");
        }
        let preview = read(&text);
        for (line, _) in (2..).zip(&cells) {
            let taken = preview.regions.values().flatten().filter(|row| row.row == Some(line));
            let bad = preview.bad.iter().filter(|bad| bad.line == line).count();
            let sum = preview.ignored.iter().filter(|ignored| ignored.line == line).count();
            let accounted = taken.count() == 2 || bad > 0 || sum == 1;
            prop_assert!(accounted, "line {} of {:?}: {:?}", line, text, preview);
        }
    }
}
