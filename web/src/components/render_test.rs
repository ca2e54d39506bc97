//! What every component promises: labels, scopes, keys, sources, and no unescaped text.

use maud::{Render, html};

use super::*;
use crate::text::{Format, Words};

const SV: Words = Words::sv();

fn text(part: &impl Render) -> String {
    part.render().0
}

#[test]
fn a_page_names_its_language_world_and_way() {
    let nav = [
        NavLink { href: "/picture", label: "Läget", current: true },
        NavLink { href: "/roles", label: "Ansvar", current: false },
    ];
    let viewer = Viewer { name: "A <b>", role: "TiB", region: "Blekinge", sign_out: "/sign-out" };
    let page = Page {
        mode: Mode::Demo,
        nav: &nav,
        viewer: Some(viewer),
        language_href: "/language/en",
        live: true,
        serial: 7,
        ..Page::new(SV, "Läget", 0)
    };
    let document = layout(&page, &html! { h1 { "Läget" } }).0;
    assert!(document.starts_with("<!DOCTYPE html><html lang=\"sv\">"));
    assert!(document.contains("<title>Läget – Samband</title>"));
    assert!(document.contains("class=\"mode demo\"") && document.contains("Demo"));
    assert!(document.contains("<a href=\"/picture\" aria-current=\"page\">Läget</a>"));
    assert!(document.contains("lang=\"en\" hreflang=\"en\">English</a>"));
    assert!(document.contains("<form class=\"sign-out\" method=\"post\" action=\"/sign-out\">"));
    assert!(document.contains("A &lt;b&gt;") && !document.contains("A <b>"));
    assert!(document.contains("href=\"#main\"") && document.contains("<main id=\"main\""));
    assert!(document.contains(crate::assets::js_href()) && document.contains("data-serial=\"7\""));
    assert!(document.contains(crate::assets::scan_href()));
}

#[test]
fn the_real_world_has_no_banner_and_a_still_page_no_script() {
    let document = layout(&Page::new(Words::en(), "Sign in", 0), &html! {}).0;
    assert!(!document.contains("class=\"mode") && !document.contains("<script"));
    assert!(!document.contains("<nav") && document.contains("lang=\"en\""));
}

#[test]
fn a_table_has_caption_scopes_sum_and_labels_for_cards() {
    let table = Table::new("Givare")
        .columns([Column::text("Region"), Column::number("Andel")])
        .row(Row::new("Skåne").cell(Cell::number(SV, Some((1, 40)), Format::Percent(1)).to("/f")))
        .row(Row::new("Halland").cell(Cell::count(SV, None::<u64>)))
        .sum(Row::new("Södra").cell(Cell::unknown(SV)))
        .export("CSV", "/x.csv");
    let html = text(&table);
    assert!(html.contains("role=\"region\" aria-label=\"Givare\" tabindex=\"0\""));
    assert!(html.contains("<caption>Givare</caption>"));
    assert!(html.contains("<th scope=\"col\" class=\"num\">Andel</th>"));
    assert!(html.contains("<th scope=\"row\">Skåne</th>"));
    assert!(html.contains("data-label=\"Andel\"><span><a href=\"/f\">2,5\u{a0}%</a></span>"));
    assert!(html.contains("<td class=\"num unknown\" data-label=\"Andel\"><span>okänt</span>"));
    assert!(html.contains("<tfoot><tr><th scope=\"row\">Södra</th>"));
    assert!(html.contains("aria-label=\"CSV: Givare\""));
}

#[test]
fn a_figure_never_stands_without_its_source_and_says_what_it_does_not_know() {
    let bare = text(&FigureCard::new("Lager", None, Provenance::new(SV, "Halland")));
    assert!(bare.contains("okänt") && bare.contains("Källa: Halland"));
    assert!(bare.contains("okänd period") && bare.contains("okänd ålder"));
    let hour = 3_600_000_000;
    let source = Provenance::new(SV, "ProSang").period("2024").at(0, 26 * hour).stale(true);
    let card = text(&FigureCard::new("Lager", Some(SV.int(5)), source));
    assert!(card.contains("26 h gammalt") && card.contains("tag stale") && card.contains("2024"));
    assert!(card.contains("datetime=\"1970-01-01T00:00:00Z\""));
}

#[test]
fn every_field_is_labelled_and_an_error_is_tied_to_it() {
    let form = Form::post(SV, "/import", "k-1", "Läs in")
        .field(Field::text("source", "Källa").hint("Rapport").error(Some("Saknas")).value("a\"b"))
        .field(Field::password("password", "Lösenord").value("hemligt"))
        .field(Field::radios("kind", "Slag", [("a", "Helår"), ("b", "Kvartal")]).value("b"));
    let html = text(&form);
    assert!(html.contains("<input type=\"hidden\" name=\"idempotency_key\" value=\"k-1\">"));
    assert!(html.contains("<label for=\"f-source\">Källa</label>"));
    assert!(
        html.contains("aria-invalid=\"true\" aria-describedby=\"f-source-hint f-source-error\"")
    );
    assert!(html.contains("<a href=\"#f-source\">Saknas</a>"));
    assert!(html.contains("Ett fält behöver rättas"));
    assert!(html.contains("a&quot;b") && !html.contains("hemligt"));
    assert!(html.contains("<legend>Slag</legend>"));
    assert!(html.contains("id=\"f-kind-1\" type=\"radio\" name=\"kind\" value=\"b\" checked"));
    assert!(!html.contains("multipart"));
}

#[test]
fn a_form_with_a_file_is_multipart_and_a_query_carries_no_key() {
    let upload = Form::post(SV, "/i", "k", "Ok").field(Field::file("file", "Fil", ".csv"));
    assert!(text(&upload).contains("enctype=\"multipart/form-data\""));
    let query = text(&Form::get(SV, "/journal", "Sök").field(Field::text("q", "Sök")));
    assert!(query.contains("method=\"get\"") && !query.contains(KEY_FIELD));
}

#[test]
fn a_refusal_shows_code_rule_source_and_facts() {
    let refusal = Refusal::new(SV, "mandate.missing", "Inget mandat.")
        .rule("R14")
        .source("HSLF-FS 2021:54")
        .fact("Region", "Skåne");
    let html = text(&refusal);
    for part in ["role=\"alert\"", "mandate.missing", "R14", "HSLF-FS 2021:54", "Skåne"] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn every_status_has_its_own_word_in_both_languages() {
    for w in [SV, Words::en()] {
        let marks: std::collections::BTreeSet<_> =
            Status::ALL.iter().map(|each| status(w, *each).0).collect();
        assert_eq!(marks.len(), Status::ALL.len());
        assert!(marks.iter().all(|mark| mark.contains("class=\"sign\"")));
    }
}

#[test]
fn a_preview_lists_every_bad_row_and_promises_nothing_half() {
    let bad = [BadRow { line: 3, column: None, value: Some("x".into()), reason: "Fel".into() }];
    let html = text(&ImportPreview::new(SV, "a.csv", 2, &bad));
    assert!(html.contains("1 rad avvisad. Inget läses in förrän alla rader är rätt."));
    assert!(html.contains("<th scope=\"row\">3</th>") && html.contains("Fel"));
    // One row that is wrong in two ways is one row.
    let twice = [bad[0].clone(), BadRow { column: Some("Antal".into()), ..bad[0].clone() }];
    let html = text(&ImportPreview::new(SV, "a.csv", 2, &twice));
    assert!(html.contains("1 rad avvisad.") && html.contains("Antal"), "{html}");
    let good = text(&ImportPreview::new(SV, "a.csv", 2, &[]));
    assert!(good.contains("Alla rader är rätt") && !good.contains("<table"));
}

#[test]
fn a_live_part_names_its_topic_and_source() {
    let part = live_region("headline", "figures", "/picture", &html! { "x" }).0;
    assert_eq!(part, "<div id=\"headline\" data-live=\"figures\" data-src=\"/picture\">x</div>");
}
