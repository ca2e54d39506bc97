//! What the demo's hospitals can do and where helicopters stand. Every number is assumed, and says
//! so in its source; some are old, some unknown, and one hospital in five has not reported.

use anyhow::{Context as _, Result};
use samband_domain::kernel::{Role, SiteKind};
use samband_domain::readiness::Command;
use samband_domain::readiness::model::{
    Capacity, CareKind, Helicopter, Horizon, Led, Plus, Row, Weather,
};
use samband_domain::{JournalId, Known, SiteId, Time};
use samband_engine::Engine;

use super::{act, person};

/// How old the reports are, in minutes, hospital by hospital.
const AGES: [i64; 4] = [12, 38, 95, 410];

/// Helicopters (assumed): region, base, whether a crew is on duty, weather.
const HELICOPTERS: [(&str, &str, Known<bool>, Known<Weather>); 6] = [
    ("skane", "Kristianstad (antagande)", Known::Value(true), Known::Value(Weather::Flies)),
    ("halland", "Halmstad (antagande)", Known::Unknown, Known::Unknown),
    ("uppsala", "Uppsala (antagande)", Known::Value(true), Known::Value(Weather::Limited)),
    ("dalarna", "Mora (antagande)", Known::Value(true), Known::Value(Weather::Grounded)),
    ("varmland", "Karlstad (antagande)", Known::Value(true), Known::Value(Weather::Flies)),
    ("vastmanland", "Västerås (antagande)", Known::Value(false), Known::Unknown),
];

/// States capacity and helicopters of these regions, by their own people. Nothing is made up for a
/// region that is not among them.
///
/// # Errors
/// If a command is refused.
pub async fn state(engine: &Engine, regions: &[JournalId]) -> Result<()> {
    let now = engine.now();
    let mut nth = 0_usize;
    for region in regions {
        for site in hospitals(engine, region)? {
            nth += 1;
            // One in five has not reported: unknown is part of the picture.
            if nth.is_multiple_of(5) {
                continue;
            }
            let valid = now.plus_seconds(-60 * AGES[nth % AGES.len()]);
            let capacity = capacity(&site, valid, nth);
            let command = Command::ReportCapacity { capacity };
            act(engine, person(region, Role::Manager), region, command).await?;
        }
        for (of, base, on_duty, weather) in HELICOPTERS {
            if of == region.as_str() {
                let valid = now.plus_seconds(-60 * 25);
                let helicopter = Helicopter { base: base.into(), on_duty, weather, valid };
                let command = Command::ReportHelicopter { helicopter };
                act(engine, person(region, Role::Tib), region, command).await?;
            }
        }
    }
    Ok(())
}

fn hospitals(engine: &Engine, region: &JournalId) -> Result<Vec<SiteId>> {
    let world = engine.world();
    let journal = world.journal(region).with_context(|| format!("no region {region}"))?;
    let sites = journal.shared().kernel.sites.iter();
    let all = sites.filter(|(_, site)| site.kind == SiteKind::Hospital);
    Ok(all.map(|(id, _)| id.clone()).collect())
}

/// Staff, premises and equipment of a kind at a hospital of ordinary size.
fn parts(kind: CareKind) -> [u32; 3] {
    match kind {
        CareKind::Emergency => [6, 10, 10],
        CareKind::Theatre => [2, 3, 3],
        CareKind::IntensiveCare => [2, 3, 4],
        CareKind::Ward => [8, 14, 14],
        // Highly specialised care is not everybody's.
        CareKind::Burns | CareKind::ChildrensIntensiveCare => [0, 0, 0],
    }
}

/// University hospitals are about three times as large.
fn times(site: &SiteId) -> u32 {
    let large = ["lund", "malmo", "akademiska", "uso", "orebro", "uppsala", "aka"];
    if large.contains(&site.as_str()) { 3 } else { 1 }
}

/// Patients that more staff called in makes room for, in hundredths of the staff now.
const LATER: [(Horizon, u32); 4] =
    [(Horizon::Now, 100), (Horizon::In2, 150), (Horizon::In6, 200), (Horizon::In24, 175)];

fn capacity(site: &SiteId, valid: Time, nth: usize) -> Capacity {
    let mut rows = Vec::new();
    for kind in CareKind::ALL.iter().copied() {
        let [staff, premises, equipment] = parts(kind).map(|part| part * times(site));
        for (horizon, share) in LATER {
            let plus = Plus {
                staff: Known::Value(staff * share / 100),
                premises: Known::Value(premises),
                // Somebody did not know about one thing.
                equipment: match (nth % 3, kind) {
                    (1, CareKind::IntensiveCare) => Known::Unknown,
                    _ => Known::Value(equipment),
                },
            };
            rows.push(Row { kind, horizon, plus });
        }
    }
    let since = Known::Value(valid.plus_seconds(-3 * 3_600));
    let led = Known::Value(Led { by: Some("LSSL-chef".into()), since });
    let led = if nth % 4 == 3 { Known::Unknown } else { led };
    Capacity { site: site.clone(), valid, source: "LSSL (antagande, demo)".into(), led, rows }
}
