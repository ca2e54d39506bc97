//! What the hospitals can do, and the three helicopters. Every number is an assumption, larger
//! where the hospital is a university's; what nobody would know on a quiet evening is unknown.

use anyhow::Result;
use samband_domain::kernel::Role;
use samband_domain::readiness::Command;
use samband_domain::readiness::model::{
    Capacity, CareKind, Helicopter, Horizon, Led, Plus, Row, Weather,
};
use samband_domain::{JournalId, Known, SiteId};
use samband_engine::Engine;

use super::super::{act, journal, person};
use super::REGIONS;
use super::places::hospitals;

/// Kinds of care with how many patients a main emergency hospital has staff for, now and in a day.
const MAIN: [(CareKind, [u32; 4]); 4] = [
    (CareKind::Emergency, [8, 14, 18, 20]),
    (CareKind::Theatre, [3, 5, 7, 8]),
    (CareKind::IntensiveCare, [2, 4, 6, 8]),
    (CareKind::Ward, [12, 24, 40, 60]),
];

/// Bases (preparedness.md §1.2; where each stands is unverified there).
const BASES: [(&str, &str, Known<Weather>); 3] = [
    ("uppsala", "Uppsala", Known::Value(Weather::Flies)),
    ("dalarna", "Mora", Known::Value(Weather::Limited)),
    ("varmland", "Karlstad", Known::Unknown),
];

/// Reports everything, as known at the clock's moment.
///
/// # Errors
/// If a command is refused.
pub async fn report(engine: &Engine) -> Result<()> {
    for id in REGIONS {
        let region = journal(id);
        for (n, (site, ..)) in hospitals(id).iter().enumerate() {
            // The last small hospital has said nothing: it is unknown, and not none.
            if n < 3 {
                hospital(engine, &region, site, n == 0).await?;
            }
        }
    }
    for (id, base, weather) in BASES {
        let region = journal(id);
        let (base, valid) = (base.to_owned(), engine.now());
        let helicopter = Helicopter { base, on_duty: Known::Value(true), weather, valid };
        let command = Command::ReportHelicopter { helicopter };
        act(engine, person(&region, Role::Tib), &region, command).await?;
    }
    Ok(())
}

async fn hospital(engine: &Engine, region: &JournalId, site: &str, main: bool) -> Result<()> {
    let university = ["akademiska", "uso"].contains(&site);
    let scale = |count: u32| match (university, main) {
        (true, _) => count * 2,
        (false, true) => count,
        (false, false) => count / 3,
    };
    let rows = MAIN.iter().flat_map(|(kind, staffed)| {
        Horizon::ALL.iter().zip(staffed).map(move |(horizon, count)| {
            let plus = Plus {
                staff: Known::Value(scale(*count)),
                premises: Known::Value(scale(*count) + 4),
                // What is in the stores a day from now depends on deliveries.
                equipment: match horizon {
                    Horizon::In24 => Known::Unknown,
                    _ => Known::Value(scale(*count) + 2),
                },
            };
            Row { kind: *kind, horizon: *horizon, plus }
        })
    });
    let capacity = Capacity {
        site: SiteId::new(site)?,
        valid: engine.now(),
        source: "LSSL, beredskapssjuksköterska (antagande)".into(),
        led: Known::Value(Led { by: Some("LSSL".into()), since: Known::Unknown }),
        rows: rows.collect(),
    };
    let command = Command::ReportCapacity { capacity };
    act(engine, person(region, Role::Manager), region, command).await?;
    Ok(())
}
