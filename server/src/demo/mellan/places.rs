//! The hospitals of Mellansverige (preparedness.md §1.2). The seven main emergency hospitals stand
//! in its source; the others are unverified there and are marked as assumptions.

use anyhow::Result;
use samband_domain::kernel::{Command as Kernel, RecordKeeper, Role, SiteKind};
use samband_domain::{JournalId, SiteId, Window};
use samband_engine::Engine;

use super::super::{act, day, person};

/// A region's hospitals: short name, name, whether the source names it.
pub type Hospitals = &'static [(&'static str, &'static str, bool)];

/// Opens a region's hospitals, and the blood centre of the first.
///
/// # Errors
/// If a command is refused.
pub async fn open(engine: &Engine, region: &JournalId) -> Result<()> {
    let hospitals = hospitals(region.as_str());
    for (id, name, sourced) in hospitals {
        let note = if *sourced { "beredskap §1.2" } else { "antagande" };
        site(engine, region, (*id, *name), (SiteKind::Hospital, None), note).await?;
    }
    let (main, name, _) = hospitals[0];
    let (id, name) = (format!("{main}-bc"), format!("Blodcentralen {name}"));
    let kind = (SiteKind::BloodCentre, Some(main));
    site(engine, region, (&id, &name), kind, "antagande").await
}

async fn site(
    engine: &Engine,
    region: &JournalId,
    (id, name): (&str, &str),
    (kind, parent): (SiteKind, Option<&str>),
    note: &str,
) -> Result<()> {
    let command = Kernel::OpenSite {
        id: Some(SiteId::new(id)?),
        name: name.into(),
        kind,
        parent: parent.map(SiteId::new).transpose()?,
        record: RecordKeeper::Samband,
        window: Window::open(day("2020-01-01")),
        note: Some(note.into()),
    };
    act(engine, person(region, Role::Administrator), region, command).await?;
    Ok(())
}

/// A region's hospitals, the main emergency hospital first.
pub fn hospitals(region: &str) -> Hospitals {
    match region {
        "dalarna" => &[
            ("falun", "Falu lasarett", true),
            ("mora", "Mora lasarett", false),
            ("avesta", "Avesta lasarett", false),
            ("ludvika", "Ludvika lasarett", false),
        ],
        "gavleborg" => &[
            ("gavle", "Gävle sjukhus", true),
            ("hudiksvall", "Hudiksvalls sjukhus", false),
            ("bollnas", "Bollnäs sjukhus", false),
            ("soderhamn", "Söderhamns sjukhus", false),
        ],
        "orebro" => &[
            ("uso", "Universitetssjukhuset Örebro", true),
            ("karlskoga", "Karlskoga lasarett", false),
            ("lindesberg", "Lindesbergs lasarett", false),
        ],
        "sormland" => &[
            ("malarsjukhuset", "Mälarsjukhuset Eskilstuna", true),
            ("nykoping", "Nyköpings lasarett", false),
            ("kullbergska", "Kullbergska sjukhuset Katrineholm", false),
        ],
        "uppsala" => &[
            ("akademiska", "Akademiska sjukhuset", true),
            ("enkoping", "Lasarettet i Enköping", false),
        ],
        "varmland" => &[
            ("karlstad", "Centralsjukhuset Karlstad", true),
            ("torsby", "Torsby sjukhus", false),
            ("arvika", "Arvika sjukhus", false),
        ],
        _ => &[
            ("vasteras", "Västmanlands sjukhus Västerås", true),
            ("koping", "Västmanlands sjukhus Köping", false),
            ("fagersta", "Västmanlands sjukhus Fagersta", false),
            ("sala", "Västmanlands sjukhus Sala", false),
        ],
    }
}
