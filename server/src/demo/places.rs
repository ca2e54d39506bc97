//! The demo regions' sites and memberships (demo.md; `*` there is general knowledge).

use anyhow::Result;
use samband_domain::kernel::SiteKind::{BloodCentre, Depot, Hospital, Laboratory, MobileUnit};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, Role, SiteKind};
use samband_domain::{JournalId, SiteId, Window};
use samband_engine::Engine;

use super::{act, by_machine, day, person};

type Place = (&'static str, &'static str, SiteKind, Option<&'static str>, Option<&'static str>);

/// Opens a region's sites and records its membership of the sjukvårdsregion.
///
/// # Errors
/// If a command is refused.
pub async fn open(engine: &Engine, region: &JournalId) -> Result<()> {
    let window = Window::open(day("2020-01-01"));
    let join =
        Kernel::JoinBody {
            body: "sodra".parse()?, name: "Södra sjukvårdsregionen".into(), window
        };
    by_machine(engine, region, join).await?;
    for (id, name, kind, parent, note) in places(region.as_str()) {
        let command = Kernel::OpenSite {
            id: Some(SiteId::new(id)?),
            name: (*name).into(),
            kind: *kind,
            parent: parent.map(SiteId::new).transpose()?,
            record: record(region, *kind),
            window,
            note: note.map(str::to_owned),
        };
        act(engine, person(region, Role::Administrator), region, command).await?;
    }
    Ok(())
}

/// Kronoberg's blood centres keep their stock in another system (assumed).
fn record(region: &JournalId, kind: SiteKind) -> RecordKeeper {
    match kind {
        BloodCentre if region.as_str() == "kronoberg" => RecordKeeper::External,
        _ => RecordKeeper::Samband,
    }
}

fn places(region: &str) -> &'static [Place] {
    match region {
        "blekinge" => BLEKINGE,
        "halland" => HALLAND,
        "kronoberg" => KRONOBERG,
        _ => SKANE,
    }
}

const BLEKINGE: &[Place] = &[
    ("karlskrona", "Karlskrona", Hospital, None, Some("allmän kunskap")),
    ("karlskrona-bc", "Blodcentralen Karlskrona", BloodCentre, Some("karlskrona"), None),
    (
        "karlshamn",
        "Karlshamn",
        Hospital,
        None,
        Some("allmän kunskap; prehospitalt helblod och frysta trombocyter startar (A37)"),
    ),
    ("karlshamn-bc", "Blodcentralen Karlshamn", BloodCentre, Some("karlshamn"), None),
];

const HALLAND: &[Place] = &[
    ("halmstad", "Halmstad", Hospital, None, Some("allmän kunskap")),
    ("halmstad-bc", "Blodcentralen Halmstad", BloodCentre, Some("halmstad"), None),
    ("varberg", "Varberg", Hospital, None, Some("massivt transfusionspaket 4+4+1 var 20:e minut")),
    ("varberg-bc", "Blodcentralen Varberg", BloodCentre, Some("varberg"), None),
    ("kungsbacka", "Kungsbacka", BloodCentre, None, Some("allmän kunskap")),
];

const KRONOBERG: &[Place] = &[
    ("vaxjo", "Växjö", Hospital, None, Some("allmän kunskap")),
    ("vaxjo-bc", "Blodcentralen Växjö", BloodCentre, Some("vaxjo"), None),
    ("ljungby", "Ljungby", Hospital, None, Some("allmän kunskap")),
    ("ljungby-bc", "Blodcentralen Ljungby", BloodCentre, Some("ljungby"), None),
];

const SKANE: &[Place] = &[
    ("lund", "Lund", Hospital, None, None),
    ("lund-bc", "Blodcentralen Lund", BloodCentre, Some("lund"), None),
    (
        "lund-ref",
        "Referenslaboratoriet Lund",
        Laboratory,
        Some("lund"),
        Some("öppet dygnet runt för andra regioner (A20)"),
    ),
    ("malmo", "Malmö", Hospital, None, None),
    ("malmo-bc", "Blodcentralen Malmö", BloodCentre, Some("malmo"), None),
    ("helsingborg", "Helsingborg", Hospital, None, Some("jour från annat område (A17)")),
    ("kristianstad", "Kristianstad", Hospital, None, Some("jour från annat område (A17)")),
    ("ystad", "Ystad", Hospital, None, Some("jour från annat område (A17)")),
    ("helsingborg-bc", "Blodcentralen Helsingborg", BloodCentre, Some("helsingborg"), None),
    ("kristianstad-bc", "Blodcentralen Kristianstad", BloodCentre, Some("kristianstad"), None),
    ("ystad-bc", "Blodcentralen Ystad", BloodCentre, Some("ystad"), None),
    (
        "blodbuss-1",
        "Blodbussen",
        MobileUnit,
        None,
        Some("en andra mobil enhet planerad 2026 (A48)"),
    ),
    ("depa-sus", "Obemannad depå SUS", Depot, Some("malmo"), Some("antagande")),
    ("helikopter-kris-1", "Helikoptern, krisenhet 1", Depot, None, Some(ROTATED)),
    ("helikopter-kris-2", "Helikoptern, krisenhet 2", Depot, None, Some(ROTATED)),
    ("traumalada-1", "Traumalåda 1, Helsingborg", Depot, Some("helsingborg"), Some("antagande")),
];

/// What is said of the helicopter's crisis units.
const ROTATED: &str = "byts varje vecka; antal och grupp är antaganden";
