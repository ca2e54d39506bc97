//! The page says what its table says, and names what it does not know.

use maud::Markup;
use samband_domain::figures::model::{FileRef, Warning};
use samband_domain::figures::{Figure, Measure, Provenance, Shared, Source};
use samband_domain::words::RecordRef;
use samband_domain::{ActorId, Digest, JournalId, Known, Period, Time};

use super::super::parts::Place;
use super::{View, body};
use crate::text::Words;

/// The report's table: region, county, and each measure in the order of [`Measure::ALL`].
const TABLE: [(&str, &str, &str, [u64; 4]); 4] = [
    ("blekinge", "Blekinge", "10", [157_223, 88_078, 3_924, 6_348]),
    ("halland", "Halland", "13", [345_074, 192_417, 5_938, 10_932]),
    ("kronoberg", "Kronoberg", "07", [203_351, 116_200, 3_484, 7_677]),
    ("skane", "Skåne", "12", [1_428_626, 840_163, 22_103, 43_870]),
];

const NOW: Time = Time(1_795_327_500_000_000);

fn journal(id: &str) -> JournalId {
    JournalId::new(id).expect("an identifier")
}

fn figure(region: &str, value: Known<u64>) -> Figure {
    let at = RecordRef { journal: journal(region), epoch: 1, seq: 7, hash: Digest::ZERO };
    let warning = |measure, code: &str| Warning {
        measure,
        code: code.into(),
        text: format!("källans egna ord om {code}"),
    };
    let source = Source {
        title: "Projektrapport".into(),
        published: Known::Unknown,
        file: Some(FileRef { name: "sodra-2024.csv".into(), sha256: Digest::ZERO }),
        warnings: vec![
            warning(Some(Measure::ActiveDonors), "donors-65"),
            warning(None, "a-code-without-text"),
        ],
    };
    let provenance = Provenance {
        source: source.into(),
        row: Some(2),
        column: None,
        recorded: NOW,
        by: ActorId::new("coordinator").expect("an identifier"),
        at,
        correction: None,
    };
    Figure { value, provenance, replaced: 0 }
}

/// The picture of the report, with some figures made unknown.
fn view(unknown: &[(&str, Measure)]) -> View {
    let period = Period::Year(2024);
    let states: Vec<(JournalId, Shared)> = TABLE
        .iter()
        .map(|(id, _, _, values)| {
            let mut shared = Shared::default();
            for (measure, value) in Measure::ALL.iter().zip(values) {
                let hidden = unknown.contains(&(*id, *measure));
                let value = if hidden { Known::Unknown } else { Known::Value(*value) };
                shared.figures.insert((*measure, period), figure(id, value));
            }
            (journal(id), shared)
        })
        .collect();
    let regions: Vec<_> = states.iter().map(|(id, shared)| (id.clone(), shared)).collect();
    let place = |(id, name, county, _): &(&str, &str, &str, [u64; 4])| Place {
        id: journal(id),
        name: format!("Region {name}"),
        county: Some((*county).into()),
        as_of: Known::Value(NOW),
        local: true,
    };
    let picture = samband_domain::figures::view::picture(&regions, period);
    View {
        now: NOW,
        cited: super::cited(&picture),
        together: Some("Södra".into()),
        places: TABLE.iter().map(place).collect(),
        periods: vec![period],
        picture: Some(picture),
        university: Vec::new(),
        steps: Vec::new(),
    }
}

/// The text of the page with plain spaces and without tags.
fn text(page: &Markup) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for c in page.0.chars() {
        match c {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            '\u{a0}' if !in_tag => text.push(' '),
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_sentences_come_from_the_table() {
    let page = text(&body(Words::sv(), &view(&[])));
    for said in [
        "Södra: 2,87 % av invånare 18–64 år är aktiva givare. 26 394 givare saknas till målet 5 %.",
        "Längst från målet: Skåne med 2,63 %, där 19 905 givare saknas.",
        "Givarna nyttjas hårdast i Kronoberg: 2,20 tappningar per givare, mot 1,94",
        "samma givare ge 9 285 fler tappningar om året (+13,5 %)",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    let page = text(&body(Words::en(), &view(&[])));
    assert!(page.contains("26,394 donors are missing to the 5% goal"), "{page}");
}

#[test]
fn every_number_leads_to_its_source_and_the_source_warns_in_the_readers_language() {
    let page = body(Words::en(), &view(&[])).0;
    for href in [
        "/figures/skane/active_donors?period=2024\"",
        "/figures/skane/active_donors?period=2024#donors_to_goal\"",
        "/figures/kronoberg/whole_blood_donations?period=2024#donations_per_donor\"",
        "/figures/all/whole_blood_donations?period=2024#even_use_gain\"",
        "/api/v1/regions?format=csv",
    ] {
        assert!(page.contains(href), "{href}");
    }
    assert!(page.contains("aged 65 or over"), "a known warning is translated");
    assert!(page.contains("källans egna ord om a-code-without-text"), "any other is quoted");
}

#[test]
fn what_one_region_leaves_open_stays_open_in_the_sum() {
    let page = text(&body(Words::sv(), &view(&[("halland", Measure::ActiveDonors)])));
    for said in [
        "Södra: avståndet till målet är okänt, eftersom uppgift saknas för Halland.",
        "Vad jämnt nyttjande skulle ge är okänt, eftersom uppgift saknas för Halland.",
        "Längst från målet: Skåne",
        "okänt",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    assert!(!page.contains("26 394"), "{page}");
}

#[test]
fn an_old_copy_is_named_with_its_age() {
    let mut view = view(&[]);
    let hour = 3_600_000_000;
    view.places[2].local = false;
    view.places[2].as_of = Known::Value(Time(NOW.0 - 26 * hour));
    let page = text(&body(Words::sv(), &view));
    assert!(page.contains("Kronoberg, 26 h gammalt"), "{page}");
    view.places[2].as_of = Known::Unknown;
    assert!(text(&body(Words::sv(), &view)).contains("Kronoberg, okänd ålder"));
}

#[test]
fn a_world_without_figures_says_what_to_do() {
    let mut view = view(&[]);
    view.picture = None;
    let page = body(Words::sv(), &view).0;
    assert!(page.contains("Inga siffror ännu") && page.contains("href=\"/import\""));
}
