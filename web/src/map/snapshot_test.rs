//! The map, drawn whole: a change of the drawing must be looked at.

use super::{Area, Choropleth};
use crate::text::Words;

const CLASSES: [&str; 3] = ["under 2,5 %", "2,5–3 %", "3 % och mer"];

fn map() -> Choropleth<'static> {
    Choropleth::new(Words::sv(), "m", "Aktiva givare", "Andel av 18–64 år.", &CLASSES)
}

#[test]
fn sodra_with_one_unknown_region() {
    let areas = [
        Area::new("10", "Blekinge", Some(2)).line("4,46 %").href("/regions/blekinge"),
        Area::new("13", "Halland", Some(2)).line("3,09 %").href("/regions/halland"),
        Area::new("07", "Kronoberg", None).href("/regions/kronoberg"),
        Area::new("12", "Skåne", Some(1)).line("2,63 %"),
    ];
    let drawing = map().draw(&areas).0.replace("><", ">\n<").replace('\u{a0}', "·");
    insta::assert_snapshot!("sodra", drawing);
}

#[test]
fn an_unknown_county_says_so_in_text_pattern_and_accessible_name() {
    let drawing = map().draw(&[Area::new("07", "Kronoberg", None).href("/k")]).0;
    assert!(drawing.contains("aria-label=\"Kronoberg: okänt\""));
    assert!(drawing.contains("fill=\"url(#m-ku)\""));
    assert_eq!(drawing.matches("okänt").count(), 3, "name, text, legend");
}

#[test]
fn a_code_that_is_no_county_draws_nothing() {
    assert_eq!(map().draw(&[Area::new("99", "Atlantis", Some(0))]).0, "");
}
