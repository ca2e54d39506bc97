//! Writes a page with every component, chart and map in both languages, to be looked at.
//!
//! `cargo run -p samband-web --example gallery -- DIR`, then serve `DIR` with any file server.
//! The numbers are those of the 2024 report, with one region made unknown here and there.

use std::path::Path;
use std::{env, fs, io};

use maud::{Markup, html};
use samband_web::assets;
use samband_web::charts::{Bar, Chart, Group, Pair};
use samband_web::components::*;
use samband_web::map::{Area, Choropleth};
use samband_web::text::{Format, Ratio, Words};

const NOW: i64 = 1_795_327_500_000_000;
const END_OF_2024: i64 = 1_735_686_000_000_000;
const SODRA: Ratio = (35_449, 1_236_858);
const PER_DONOR: Ratio = (68_827, 35_449);
const SOURCE: &str = "Projektrapport Transfusionsmedicin, version 1.0";

struct Region {
    name: &'static str,
    code: &'static str,
    adults: i128,
    donors: i128,
    donations: i128,
}

const REGIONS: [Region; 4] = [
    Region { name: "Blekinge", code: "10", adults: 88_078, donors: 3_924, donations: 6_348 },
    Region { name: "Halland", code: "13", adults: 192_417, donors: 5_938, donations: 10_932 },
    Region { name: "Kronoberg", code: "07", adults: 116_200, donors: 3_484, donations: 7_677 },
    Region { name: "Skåne", code: "12", adults: 840_163, donors: 22_103, donations: 43_870 },
];

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for href in [assets::css_href(), assets::js_href(), assets::icon_href()] {
        let name = href.trim_start_matches("/assets/");
        if let Some(asset) = assets::find(name) {
            fs::write(folder.join("assets").join(name), asset.bytes)?;
        }
    }
    for (file, w) in [("sv.html", Words::sv()), ("en.html", Words::en())] {
        fs::write(folder.join(file), picture(w).0)?;
        fs::write(folder.join(format!("parts-{file}")), parts(w).0)?;
    }
    Ok(())
}

fn frame(w: Words, title: &str, mode: Mode, body: &Markup) -> Markup {
    let link = |href, label, current| NavLink { href, label, current };
    let nav = [
        link("/sv.html", "Läget", title == "Läget"),
        link("/roles", "Ansvar", false),
        link("/agreements", "Avtal", false),
        link("/import", "Inläsning", title != "Läget"),
        link("/journal", "Journal", false),
        link("/peers", "Grannar", false),
        link("/accounts", "Konton", false),
    ];
    let crumbs = [Crumb::link("/sv.html", "Läget"), Crumb::here(title)];
    let page = Page {
        mode,
        nav: &nav,
        crumbs: if title == "Läget" { &[] } else { &crumbs },
        viewer: Some(Viewer {
            name: "Alva Testsson",
            role: "Blodsamordnare",
            region: "Skåne",
            sign_out: "/sign-out",
        }),
        language_href: if w == Words::sv() { "en.html" } else { "sv.html" },
        live: true,
        ..Page::new(w, title, NOW)
    };
    layout(&page, body)
}

fn report(w: Words) -> Provenance<'static> {
    Provenance::new(w, SOURCE)
        .href("/figures/skane/active_donors")
        .period("2024")
        .at(END_OF_2024, NOW)
}

fn share(region: &Region) -> Ratio {
    (region.donors, region.adults)
}

fn missing(region: &Region) -> i128 {
    (region.adults + 10) / 20 - region.donors
}

fn picture(w: Words) -> Markup {
    let actions =
        html! { a.button href="/print" { "Skriv ut" } a.button href="/x" { "Exportera" } };
    let lead = "Fyra regioners givare och tappningar, var och en från sin egen journal.";
    let body = html! {
        (page_header("Läget", Some(lead), Some(&actions)))
        (live_region("headline", "figures", "/sv.html", &headline(w)))
        (Note::warning(w, &"Andelen givare över 65 år skiljer mellan regionerna. Det döljer \
            återväxten i tabellen.").source("Rapportens egen anmärkning, s. 14"))
        (share_map(w))
        (share_bars(w))
        div.two { (per_donor(w)) (even_use(w)) }
    };
    frame(w, "Läget", Mode::Demo, &body)
}

fn headline(w: Words) -> Markup {
    html! {
        div.grid {
            (FigureCard::new("Aktiva givare", Some(w.int(35_449)), report(w))
                .follow("/figures/sodra/active_donors", "följ till källan")
                .detail(html! { "av " (w.int(1_236_858)) " invånare 18–64 år" }))
            (FigureCard::new("Andel av 18–64 år", Some(w.percent(SODRA, 2)), report(w))
                .status(tag(Status::Attention, "Under målet"))
                .detail(html! { "Mål 5 % – " (w.int(26_394)) " givare saknas" }))
            (FigureCard::new("Tappningar per givare", Some(w.decimal(PER_DONOR, 2)), report(w))
                .unit("per år"))
            (FigureCard::new("Lager O RhD neg", None,
                Provenance::new(w, "Kronoberg, egen uppgift")
                    .at(NOW - 93_600_000_000, NOW)
                    .stale(true))
                .status(status(w, Status::Unknown)))
        }
    }
}

fn share_map(w: Words) -> Markup {
    let classes = ["under 2,75 %", "2,75–3,5 %", "3,5–5 %", "5 % och mer"];
    let areas: Vec<_> = REGIONS
        .iter()
        .map(|region| {
            let class = match region.donors * 10_000 / region.adults {
                _ if region.name == "Kronoberg" => {
                    return Area::new(region.code, region.name, None).href("#k");
                }
                ..275 => 0,
                275..350 => 1,
                350..500 => 2,
                _ => 3,
            };
            Area::new(region.code, region.name, Some(class))
                .line(w.percent(share(region), 2))
                .href("#region")
        })
        .collect();
    let map = Choropleth::new(w, "map", "Andel aktiva givare", "Karta över Södra.", &classes)
        .draw(&areas);
    FigureWithTable::new(
        w,
        "map-part",
        "Andel aktiva givare av 18–64 år",
        &map,
        &region_table(w, "karta"),
    )
    .provenance(report(w))
    .render_now()
}

trait Now {
    fn render_now(&self) -> Markup;
}

impl<R: maud::Render> Now for R {
    fn render_now(&self) -> Markup {
        self.render()
    }
}

fn region_table(w: Words, part: &str) -> Table {
    let rows = REGIONS.iter().map(|region| {
        let unknown = region.name == "Kronoberg";
        Row::new(Cell::link("#r", region.name))
            .cell(Cell::count(w, (!unknown).then_some(region.donors)).to("#f"))
            .cell(Cell::number(w, (!unknown).then_some(share(region)), Format::Percent(2)))
            .cell(Cell::count(w, (!unknown).then_some(missing(region))))
    });
    Table::new(format!("Givare per region: {part}"))
        .note("Kronobergs uppgift hålls tillbaka här för att visa ett okänt värde.")
        .columns([
            Column::text("Region"),
            Column::number("Aktiva givare"),
            Column::number("Andel av 18–64"),
            Column::number("Saknas till 5 %"),
        ])
        .rows(rows)
        .sum(Row::new("Södra").cells([Cell::unknown(w), Cell::unknown(w), Cell::unknown(w)]))
        .export("CSV", "/x.csv")
        .export("XLSX", "/x.xlsx")
}

fn share_bars(w: Words) -> Markup {
    let rows: Vec<_> = REGIONS
        .iter()
        .map(|region| {
            Bar::new(region.name, Some(share(region)))
                .note(format!("{} givare saknas till målet", w.int(missing(region))))
        })
        .chain([Bar::new("Utan uppgift", None), Bar::new("Södra", Some(SODRA)).total()])
        .collect();
    let chart = Chart::new(w, "bars", "Andel aktiva givare mot målet", "Andel av 18–64 år.")
        .format(Format::Percent(2))
        .goal((5, 100))
        .bars(&rows);
    html! {
        (FigureWithTable::new(w, "bars-part", "Mot målet 5 %", &chart, &region_table(w, "mål"))
            .provenance(report(w))
            .note(&Note::info(w, &"Aktiv givare: har lämnat blod de senaste 12 månaderna.")))
    }
}

fn per_donor(w: Words) -> Markup {
    let rows: Vec<_> = REGIONS
        .iter()
        .map(|region| {
            Pair::new(region.name, Some((region.donations, region.donors)))
                .before((region.name != "Halland").then_some((19, 10)))
        })
        .chain([Pair::new("Utan uppgift", None)])
        .collect();
    let chart = Chart::new(w, "dots", "Tappningar per givare", "Per år.")
        .format(Format::Decimal(2))
        .mark("Högst: Kronoberg", (7_677, 3_484))
        .dots(&["2024", "2023 (exempel)"], &rows);
    let table = region_table(w, "takt");
    html! {
        (FigureWithTable::new(w, "dots-part", "Tappningar per givare", &chart, &table)
            .folded()
            .provenance(report(w)))
    }
}

fn even_use(w: Words) -> Markup {
    let rows: Vec<_> = REGIONS
        .iter()
        .map(|region| {
            let gain = region.donors * 7_677 / 3_484 - region.donations;
            let gain = (region.name != "Skåne").then_some((gain, 1));
            Group::new(region.name, [Some((region.donations, 1)), gain])
        })
        .collect();
    let chart = Chart::new(w, "stack", "Tappningar vid jämnt nyttjande", "Tappningar per år.")
        .stacked(&["Tappningar 2024", "Tillskott vid högsta regionens takt"], &rows);
    let groups: Vec<_> = REGIONS[..2]
        .iter()
        .map(|region| {
            let all = (region.name == "Blekinge").then_some((region.donors, 157_223));
            Group::new(region.name, [all, Some(share(region))])
        })
        .collect();
    let small = Chart::new(w, "groups", "Två mått", "Andelar.")
        .format(Format::Percent(2))
        .grouped(&["Av alla invånare", "Av 18–64 år"], &groups);
    let both = html! { (chart) (small) };
    let table = region_table(w, "tillskott");
    html! {
        (FigureWithTable::new(w, "stack-part", "Vad jämnt nyttjande skulle ge", &both, &table)
            .folded()
            .provenance(report(w)))
    }
}

fn parts(w: Words) -> Markup {
    let body = html! {
        (page_header("Inläsning", Some("Läs in regionens siffror från fil."), None))
        (Steps::new(w, &["Välj fil", "Granska", "Klart"], 1))
        (Note::success(w, &"Avtalet är undertecknat av båda sidor."))
        div.panel { (preview(w)) }
        (Refusal::new(w, "mandate.missing", "Siffrorna gäller en annan region än din egen.")
            .rule("Varje region äger sin journal")
            .source("Samband, behörighetstabellen rad 14")
            .fact("Din region", "Skåne").fact("Filens region", "Blekinge")
            .advice("Be Blekinges blodsamordnare läsa in filen."))
        (section("tags", "Märken", &html! {
            p { @for each in Status::ALL { (status(w, each)) " " } }
        }))
        div.two {
            div.panel { (form(w)) }
            div.panel { (facts(w)) }
        }
        (wide_table(w))
        (Pagination::new(w, "1–50 av 1 240").previous(Some("#p")).next(Some("#n")))
        (EmptyState::new("Inga grannar ännu", "Installationen hämtar inte från någon annan.")
            .action("/peers", "Lägg till en granne"))
    };
    frame(w, "Inläsning", Mode::Exercise, &body)
}

fn preview(w: Words) -> Markup {
    let bad = [
        BadRow {
            line: 3,
            column: Some("active_donors_12m".into()),
            value: Some("3 924x".into()),
            reason: "Inte ett heltal.".into(),
        },
        BadRow {
            line: 5,
            column: None,
            value: None,
            reason: "Raden har 3 kolumner, väntade 5.".into(),
        },
    ];
    html! { (ImportPreview::new(w, "sodra-2024.csv", 2, &bad)) }
}

fn form(w: Words) -> Form<'static> {
    Form::post(w, "/import", "0f2c", "Läs in")
        .field(
            Field::file("file", "Fil", ".csv,.xlsx").hint("CSV eller XLSX, högst 5 MB").required(),
        )
        .field(
            Field::text("source", "Källa")
                .error(Some("Ange varifrån siffrorna kommer."))
                .required(),
        )
        .field(
            Field::select("region", "Region", [("skane", "Skåne"), ("halland", "Halland")])
                .value("halland"),
        )
        .field(Field::date("from", "Gäller från").value("2024-01-01"))
        .field(Field::radios("kind", "Slag", [("a", "Helår"), ("b", "Kvartal")]).value("a"))
        .field(Field::check_box("sure", "Jag har granskat siffrorna"))
        .field(Field::text_area("note", "Anmärkning"))
        .cancel("/", "Avbryt")
}

fn facts(w: Words) -> Definitions {
    Definitions::new()
        .text("Konsultavtal", "Halland – Skåne")
        .markup("Läge", status(w, Status::OneSided))
        .markup("Undertecknat", time_tag(w, END_OF_2024))
        .markup(
            "Innehåll",
            digest("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        )
}

fn wide_table(w: Words) -> Table {
    let rows = REGIONS.iter().map(|region| {
        Row::new(region.name)
            .cell(status(w, Status::Held))
            .cell(status(w, Status::Gap))
            .cell(tag(Status::Stale, "26 h gammalt"))
            .cells(["Ja", "Nej", "Pensionär, ca 40 %", "Enligt avtal"])
    });
    Table::new("Legala roller, region för region")
        .columns(
            [
                "Region",
                "Särskilt utsedd",
                "Sakkunnig",
                "Framställning",
                "Kvalitet",
                "NAT",
                "Läkare",
                "Konsult",
            ]
            .map(Column::text),
        )
        .rows(rows)
        .scrolling()
}
