//! An exercise made from an installation. What is copied is written out here, field by field;
//! everything else stays where it is. Nothing goes the other way.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use samband_domain::alarms::Command as Alarms;
use samband_domain::alarms::model::{Channel, Party, Recipient, Turn};
use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::stock::{ExternalCount, ExternalStock, Line};
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::usable::usable;
use samband_domain::kernel::{Command as Kernel, Owner, OwnerKind, RecordKeeper, Site, SiteKind};
use samband_domain::readiness::Command as Readiness;
use samband_domain::readiness::model::{Capacity, Helicopter};
use samband_domain::words::Code;
use samband_domain::{JournalId, Known, Mode, Region, SiteId, Time, Window};
use samband_engine::Engine;
use serde::{Deserialize, Serialize};

use super::Make;
use crate::control;
use crate::engine_at::open_engine;
use crate::operate::{Operation, Say, command, data, open_journal};
use crate::place::Place;

/// What an exercise begins with, of one region.
#[derive(Debug, Serialize, Deserialize)]
struct Copied {
    id: JournalId,
    owner: Owner,
    bodies: Vec<(Code, String)>,
    sites: Vec<Site>,
    rosters: Vec<(Recipient, Vec<Turn>)>,
    capacity: Vec<Capacity>,
    #[serde(default)]
    helicopters: Vec<Helicopter>,
    stock: Vec<(SiteId, ExternalStock)>,
}

/// Writes out what an exercise begins with.
///
/// # Errors
/// If nobody listens.
pub async fn snapshot(engine: &Engine, say: &Say) -> Result<()> {
    let (world, now) = (engine.world(), engine.now());
    let regions = world.locals().filter_map(|one| Some((one.id.clone(), one.local()?)));
    let copied: Vec<_> = regions.filter_map(|(id, region)| copied(id, region, now)).collect();
    data(say, serde_json::to_vec(&copied)?).await
}

fn copied(id: JournalId, region: &Region, now: Time) -> Option<Copied> {
    let shared = &region.shared;
    let owner = shared.kernel.journal.as_ref()?.owner.clone();
    if owner.kind != OwnerKind::Region {
        return None;
    }
    let bodies = shared.kernel.bodies.values().filter(|held| held.window.contains(now));
    let sites = shared.kernel.sites.values().filter(|site| site.window.contains(now));
    let sites: Vec<_> = sites.cloned().collect();
    let rosters = region.own.alarms.rosters.iter();
    Some(Copied {
        bodies: bodies.map(|held| (held.body.clone(), held.name.clone())).collect(),
        rosters: rosters.map(|(of, turns)| (of.clone(), turns.clone())).collect(),
        capacity: shared.readiness.capacity.values().map(|held| held.what.clone()).collect(),
        helicopters: shared.readiness.helicopters.values().map(|held| held.what.clone()).collect(),
        stock: stock(region, &sites, now),
        id,
        owner,
        sites,
    })
}

/// The stock as counts of the region, at its first blood centre: no bag is copied.
fn stock(region: &Region, sites: &[Site], now: Time) -> Vec<(SiteId, ExternalStock)> {
    let Some(centre) = sites.iter().find(|site| site.kind == SiteKind::BloodCentre) else {
        return Vec::new();
    };
    let (blood, kernel) = (&region.shared.blood, &region.shared.kernel);
    let count = |component, group| {
        let held = usable(blood, kernel, Line { component, group }, now);
        ExternalCount {
            component,
            group: group.map_or(Known::Unknown, Known::Value),
            available: held.value(),
            reserved: Known::Unknown,
            quarantined: Known::Unknown,
            expiring: Known::Unknown,
        }
    };
    let red = Group::ALL.into_iter().map(|group| count(Component::RedCells, Some(group)));
    let rows = red.chain([count(Component::Platelets, None)]).collect();
    let system = "kopia vid övningens början".into();
    vec![(centre.id.clone(), ExternalStock { system, as_of: now, file: None, rows })]
}

/// Makes an exercise.
///
/// # Errors
/// If the target exists, nobody may be reached, or something cannot be read or copied.
pub(super) async fn make(options: &Make) -> Result<()> {
    let to = &options.to;
    if to.exists() {
        bail!("{} exists already; an exercise begins in a directory of its own", to.display());
    }
    if !options.from.exists() {
        bail!("{} holds no installation", options.from.display());
    }
    let list = std::fs::read_to_string(&options.allow)
        .with_context(|| format!("cannot read {}", options.allow.display()))?;
    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty());
    let allowed: BTreeSet<_> =
        lines.filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    if allowed.is_empty() {
        bail!("{} allows nobody: an exercise reaches those on its list", options.allow.display());
    }
    let place = Place::open(to)?;
    let made = begin(options, &place, &allowed).await;
    if made.is_err() {
        let _ = std::fs::remove_dir_all(to);
    }
    made
}

async fn begin(options: &Make, place: &Place, allowed: &BTreeSet<String>) -> Result<()> {
    let copied = read(&options.from, place).await?;
    if let Some(real) = &options.real {
        let text = format!("real = {}\n", toml::Value::from(real.as_str()));
        std::fs::write(place.root().join("samband.toml"), text)?;
    }
    let _held = place.must_hold()?;
    let engine = open_engine(place).await?;
    let until = options.until.plus_days(1).starts();
    let mut people = 0;
    for one in &copied {
        people += region(&engine, one, (options, until), allowed).await?;
    }
    engine.stop().await;
    println!(
        "exercise in {}: {} region(s), {people} turn(s) on rosters, until {}",
        place.root().display(),
        copied.len(),
        options.until
    );
    println!("make its accounts with `samband user add --data {}`", place.root().display());
    Ok(())
}

/// What the other installation tells, whether it runs or not. It passes through a file in the
/// exercise's own directory, which nobody else can read, and is gone afterwards.
async fn read(from: &Path, place: &Place) -> Result<Vec<Copied>> {
    let path = place.root().join("snapshot.json");
    let source = Place::open(from)?;
    control::run(&source, Operation::ExerciseSnapshot, Some(&path)).await?;
    let copied = serde_json::from_slice(&std::fs::read(&path)?)?;
    std::fs::remove_file(&path)?;
    Ok(copied)
}

/// One region of the exercise: how many turns its rosters have.
async fn region(
    engine: &Engine,
    copied: &Copied,
    (options, until): (&Make, Time),
    allowed: &BTreeSet<String>,
) -> Result<usize> {
    let id = &copied.id;
    open_journal(engine, id, copied.owner.clone(), Mode::Exercise).await?;
    let window = Window::open(engine.now());
    for (body, name) in &copied.bodies {
        let (body, name) = (body.clone(), name.clone());
        command(engine, id, Kernel::JoinBody { body, name, window }).await?;
    }
    for site in in_order(&copied.sites) {
        let stocked = copied.stock.iter().any(|(centre, _)| *centre == site.id);
        let record = if stocked { RecordKeeper::External } else { site.record };
        let open = Kernel::OpenSite {
            id: Some(site.id.clone()),
            name: site.name.clone(),
            kind: site.kind,
            parent: site.parent.clone(),
            record,
            window,
            note: None,
        };
        command(engine, id, open).await?;
    }
    let exercise = Alarms::SetExercise {
        title: options.title.clone(),
        leader: options.leader.clone(),
        until,
        allowed: allowed.iter().cloned().collect(),
    };
    command(engine, id, exercise).await?;
    let mut people = 0;
    for (of, turns) in &copied.rosters {
        let turns: Vec<_> = turns.iter().filter_map(|turn| reachable(turn, allowed)).collect();
        people += turns.len();
        if !turns.is_empty() && in_exercise(&of.party, id) {
            command(engine, id, Alarms::SetRoster { of: of.clone(), turns }).await?;
        }
    }
    for capacity in &copied.capacity {
        let capacity = capacity.clone();
        command(engine, id, Readiness::ReportCapacity { capacity }).await?;
    }
    for helicopter in &copied.helicopters {
        let helicopter = helicopter.clone();
        command(engine, id, Readiness::ReportHelicopter { helicopter }).await?;
    }
    for (site, stock) in &copied.stock {
        let (site, stock) = (site.clone(), stock.clone());
        command(engine, id, Blood::ReportExternal { site, stock }).await?;
    }
    Ok(people)
}

/// Own functions, and those outside that the list allows.
fn in_exercise(party: &Party, own: &JournalId) -> bool {
    match party {
        Party::Region(region) => region == own,
        Party::Outside(_) => true,
    }
}

/// A site comes after the one that it belongs to.
fn in_order(sites: &[Site]) -> Vec<&Site> {
    let mut all: Vec<_> = sites.iter().collect();
    let depth = |site: &Site| {
        let mut at = site;
        let mut depth = 0;
        while let Some(parent) =
            at.parent.as_ref().and_then(|id| sites.iter().find(|one| one.id == *id))
        {
            at = parent;
            depth += 1;
            if depth > sites.len() {
                break;
            }
        }
        depth
    };
    all.sort_by_key(|site| depth(site));
    all
}

/// A turn with its allowed ways; none if nothing is left but the page.
fn reachable(turn: &Turn, allowed: &BTreeSet<String>) -> Option<Turn> {
    let ways = turn.ways.iter().filter(|way| allowed.contains(&way.address));
    let ways: Vec<_> = ways.filter(|way| way.channel != Channel::Web).cloned().collect();
    // Accounts of the exercise are its own: the person answers by the personal link.
    (!ways.is_empty()).then(|| Turn { actor: None, ways, ..turn.clone() })
}
