//! Every kind of chart, drawn whole: a change of the drawing must be looked at.

use maud::Markup;

use super::{Bar, Chart, Curve, Group, Pair};
use crate::text::{Format, Words};

fn readable(drawing: &Markup) -> String {
    drawing.0.replace("><", ">\n<").replace('\u{a0}', "·")
}

fn chart(title: &'static str) -> Chart<'static> {
    Chart::new(Words::sv(), "c", title, "Andel per region.")
}

#[test]
fn bars_against_a_goal() {
    let rows = [
        Bar::new("Blekinge", Some((3_924, 88_078))).note("480 till målet"),
        Bar::new("Halland", None),
        Bar::new("Ingen", Some((0, 5))),
        Bar::new("Södra", Some((35_449, 1_236_858))).total(),
    ];
    let drawing = chart("Aktiva givare").format(Format::Percent(2)).goal((5, 100)).bars(&rows);
    insta::assert_snapshot!("bars", readable(&drawing));
}

#[test]
fn grouped_bars() {
    let rows = [
        Group::new("Blekinge", [Some((1, 40)), Some((1, 22))]),
        Group::new("Halland", [Some((1, 58)), None]),
    ];
    let drawing = chart("Två mått").format(Format::Percent(1)).grouped(&["Alla", "18–64"], &rows);
    insta::assert_snapshot!("grouped", readable(&drawing));
}

#[test]
fn dots_with_and_without_comparison() {
    let rows = [
        Pair::new("Kronoberg", Some((7_677, 3_484))).before(Some((2, 1))),
        Pair::new("Skåne", Some((43_870, 22_103))).before(None),
        Pair::new("Halland", None),
    ];
    let drawing = chart("Tappningar per givare")
        .format(Format::Decimal(2))
        .mark("Högst: Kronoberg", (7_677, 3_484))
        .dots(&["2024", "2023"], &rows);
    insta::assert_snapshot!("dots", readable(&drawing));
}

#[test]
fn stacked_parts() {
    let rows = [
        Group::new("Blekinge", [Some((6_348, 1)), Some((2_299, 1))]),
        Group::new("Halland", [Some((10_932, 1)), None]),
        Group::new("Kronoberg", [None, None]),
    ];
    let drawing = chart("Tappningar").stacked(&["I dag", "Vid jämnt nyttjande"], &rows);
    insta::assert_snapshot!("stacked", readable(&drawing));
}

#[test]
fn an_unknown_value_is_a_word_and_a_mark_and_never_a_bar() {
    let drawing = chart("Okänt").bars(&[Bar::new("Halland", None)]).0;
    assert!(drawing.contains("okänt") && drawing.contains("unknown-mark"));
    assert!(!drawing.contains("class=\"bar\"") && !drawing.contains("class=\"zero\""));
    let zero = chart("Noll").bars(&[Bar::new("Halland", Some((0, 1)))]).0;
    assert!(zero.contains("class=\"zero\"") && !zero.contains("unknown-mark"));
}

#[test]
fn names_from_outside_are_escaped() {
    let drawing = chart("X").bars(&[Bar::new("<script>", Some((1, 1)))]).0;
    assert!(!drawing.contains("<script>"));
}

#[test]
fn curves_with_a_band_and_a_gap() {
    let points: Vec<String> = (1..=8).map(|day| format!("{day} jan")).collect();
    let likely = (1..=8).map(|n| Some((n * 3, 1)));
    let band = (1..=8).map(|n| Some(((n * 2, 1), (n * 4, 1))));
    let actual = (1..=8).map(|n| (n != 4 && n < 7).then_some((n * 3 + n % 3, 1)));
    let curves = [Curve::new("Prognos", likely).band(band), Curve::new("Utfall", actual)];
    let drawing = chart("Förbrukning").curves(&points, &curves);
    insta::assert_snapshot!("curves", readable(&drawing));
}
