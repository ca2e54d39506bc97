//! Who is moved between hospitals once the first patients have been taken in: to intensive care,
//! burns and wards elsewhere, and home to their own region. By places and time, with the transports
//! that regions have promised; nothing is said of who survives.

use std::collections::BTreeMap;

use samband_domain::kernel::SiteKind;
use samband_domain::readiness::Said;
use samband_domain::readiness::model::{Capacity, CareKind, Horizon, TransportKind};
use samband_domain::{JournalId, Known, SiteId, Time};
use samband_engine::{Journal, World};
use samband_planning::distribute::{Answer, SecondaryAnswer};
use serde_json::{Value, json};

use super::Found;
use super::distribution::{pledged, solve, units, usable};
use crate::app::readiness::regions;

/// What patients may need where they go; ward patients may go home as well.
pub const CARE: [CareKind; 4] =
    [CareKind::IntensiveCare, CareKind::ChildrensIntensiveCare, CareKind::Burns, CareKind::Ward];

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The hospital that they are moved from, as [`address`] writes it.
    pub from: Option<String>,
    /// How many of each need.
    pub counts: BTreeMap<CareKind, u32>,
    /// How many ward patients go home, by region.
    pub home: BTreeMap<String, u32>,
    /// Minutes to hospitals, as [`address`] writes them.
    pub minutes: BTreeMap<String, u32>,
}

/// A hospital in an address: its region and its site.
#[must_use]
pub fn address(region: &JournalId, site: &SiteId) -> String {
    format!("{region}/{site}")
}

/// How long the way is, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Somebody wrote it down.
    Typed(u32),
    /// A courier of blood drives it in so many minutes by the timetable.
    Timetable {
        /// Minutes.
        minutes: u32,
        /// The tour.
        code: String,
    },
    /// Nobody knows: the hospital is left out.
    Unknown,
}

impl Way {
    /// Minutes, whoever says so.
    #[must_use]
    pub const fn minutes(&self) -> Option<u32> {
        match self {
            Self::Typed(minutes) | Self::Timetable { minutes, .. } => Some(*minutes),
            Self::Unknown => None,
        }
    }
}

/// A hospital that has said what it can take.
#[derive(Clone, Debug)]
pub struct Hospital {
    /// Whose.
    pub region: JournalId,
    /// Which.
    pub site: SiteId,
    /// Its name.
    pub name: String,
    /// When its report was so.
    pub valid: Time,
    /// Places that can be used now, in the order of [`CARE`].
    pub places: [Known<u32>; 4],
    /// How far it is from where they are.
    pub way: Way,
}

impl Hospital {
    /// The hospital in an address.
    #[must_use]
    pub fn address(&self) -> String {
        address(&self.region, &self.site)
    }
}

/// Transports of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetching {
    /// Which region.
    pub region: JournalId,
    /// How many carry one patient each.
    pub units: usize,
    /// How many of the promised are mobile intensive care.
    pub intensive: usize,
    /// Minutes from now until the first is ready.
    pub ready: i64,
}

/// What the proposal rests on, and what it came to.
#[derive(Clone, Debug)]
pub struct Proposal<'w> {
    /// Of which incident.
    pub found: Found<'w>,
    /// The hospital that they are moved from.
    pub from: Option<Hospital>,
    /// How many of each need.
    pub counts: [u32; 4],
    /// How many ward patients go home to a region.
    pub home: Vec<(JournalId, u32)>,
    /// Every other hospital, the nearest first.
    pub hospitals: Vec<Hospital>,
    /// Transports by region.
    pub units: Vec<Fetching>,
    /// The proposal; none while something it needs is not known.
    pub plan: Option<Result<SecondaryAnswer, String>>,
}

/// Makes the proposal from what is known now.
#[must_use]
pub fn propose<'w>(world: &'w World, found: Found<'w>, asked: &Asked, now: Time) -> Proposal<'w> {
    let mut hospitals = hospitals(world, &found);
    let at = hospitals.iter().position(|one| asked.from.as_ref() == Some(&one.address()));
    let from = at.map(|at| hospitals.remove(at));
    for one in &mut hospitals {
        one.way = way(world, from.as_ref(), one, asked);
    }
    let order = |one: &Hospital| (one.way.minutes().unwrap_or(u32::MAX), one.name.clone());
    hospitals.sort_by_key(order);
    let home = regions(world, &found.journal.id).into_iter();
    let home = home.filter_map(|region| {
        let count = asked.home.get(region.id.as_str()).copied().filter(|n| *n > 0)?;
        Some((region.id.clone(), count))
    });
    let counts = CARE.map(|kind| asked.counts.get(&kind).copied().unwrap_or(0));
    let (home, units) = (home.collect(), fetching(world, &found, now));
    let mut all = Proposal { found, from, counts, home, hospitals, units, plan: None };
    all.plan = all.instance().map(|instance| match solve(&instance) {
        Ok(Some(Answer::Secondary(answer))) => Ok(answer),
        Ok(_) => Err(String::new()),
        Err(error) => Err(error.to_string()),
    });
    all
}

fn hospitals(world: &World, found: &Found<'_>) -> Vec<Hospital> {
    let of = |region: &Journal| {
        let shared = region.shared();
        let one = |(site, held): (&SiteId, &Said<Capacity>)| {
            let named = shared.kernel.sites.get(site).map(|site| site.name.clone());
            Hospital {
                region: region.id.clone(),
                site: site.clone(),
                name: named.unwrap_or_else(|| site.to_string()),
                valid: held.what.valid,
                places: CARE.map(|kind| usable(&held.what, kind, Horizon::Now)),
                way: Way::Unknown,
            }
        };
        shared.readiness.capacity.iter().map(one).collect::<Vec<_>>()
    };
    regions(world, &found.journal.id).into_iter().flat_map(of).collect()
}

/// How far it is: as somebody wrote, or else as a courier's timetable says, either way round.
fn way(world: &World, from: Option<&Hospital>, to: &Hospital, asked: &Asked) -> Way {
    if let Some(minutes) = asked.minutes.get(&to.address()) {
        return Way::Typed(*minutes);
    }
    let Some(from) = from else { return Way::Unknown };
    let drives = |from: &Hospital, to: &Hospital| {
        let legs = world.journal(&from.region)?.shared().blood.supply.legs.values();
        let there = legs.filter(|leg| {
            let leg = &leg.value;
            leg.to_region == to.region
                && within(world, &from.region, &leg.from, &from.site)
                && within(world, &to.region, &leg.to_site, &to.site)
        });
        let found = there.map(|leg| (u32::from(leg.value.under_way), leg.value.code.to_string()));
        found.min()
    };
    let both = [drives(from, to), drives(to, from)];
    both.into_iter()
        .flatten()
        .min()
        .map_or(Way::Unknown, |(minutes, code)| Way::Timetable { minutes, code })
}

/// Whether a site is a hospital, or lies in it.
fn within(world: &World, region: &JournalId, site: &SiteId, hospital: &SiteId) -> bool {
    let sites = world.journal(region).map(|journal| &journal.shared().kernel.sites);
    let parent = |site: &SiteId| sites?.get(site)?.parent.clone();
    let house = |site: &SiteId| {
        let mut at = Some(site.clone());
        // Sites lie in one another a few deep at most.
        for _ in 0..8 {
            let here = at?;
            let kind = sites?.get(&here).map(|one| one.kind);
            if kind == Some(SiteKind::Hospital) {
                return Some(here);
            }
            at = parent(&here);
        }
        None
    };
    site == hospital || house(site).as_ref() == Some(hospital)
}

fn fetching(world: &World, found: &Found<'_>, now: Time) -> Vec<Fetching> {
    let mut all: BTreeMap<JournalId, Fetching> = BTreeMap::new();
    for (region, n, ready) in units(world, found, now) {
        let held = all.entry(region.clone());
        let held = held.or_insert(Fetching { region, units: 0, intensive: 0, ready });
        held.units += n;
        held.ready = held.ready.min(ready);
    }
    for (region, unit) in pledged(world, found) {
        if unit.kind == TransportKind::IntensiveCare
            && let Some(held) = all.get_mut(&region)
        {
            held.intensive += 1;
        }
    }
    all.into_values().collect()
}

impl Proposal<'_> {
    /// How many are to be moved.
    #[must_use]
    pub fn patients(&self) -> u32 {
        let home = self.home.iter().map(|(_, count)| *count);
        self.counts.iter().copied().chain(home).fold(0, u32::saturating_add)
    }

    /// Hospitals whose distance is known.
    #[must_use]
    pub fn within_reach(&self) -> usize {
        self.hospitals.iter().filter(|one| one.way.minutes().is_some()).count()
    }

    /// The instance as `samband distribute` takes it; none while patients, the hospital that they
    /// are in, transports or distances are missing.
    #[must_use]
    pub fn instance(&self) -> Option<Value> {
        let from = self.from.as_ref()?;
        if self.patients() == 0 || self.units.is_empty() || self.within_reach() == 0 {
            return None;
        }
        let mut patients: Vec<_> = CARE
            .iter()
            .zip(self.counts)
            .map(|(kind, count)| json!({ "class": kind.as_str(), "count": count }))
            .collect();
        patients.extend(self.home.iter().map(|(region, count)| {
            json!({ "class": format!("home {region}"), "count": count,
                "needs": CareKind::Ward.as_str(), "home": region.as_str() })
        }));
        let known = |n: Known<u32>| n.value().map_or_else(|| json!("unknown"), |n| json!(n));
        let near = self.hospitals.iter().filter_map(|one| Some((one, one.way.minutes()?)));
        let near = near.map(|(one, minutes)| {
            let places = CARE.iter().zip(one.places).map(|(kind, n)| (kind.to_string(), known(n)));
            json!({
                "id": one.address(), "region": one.region.as_str(), "minutes": minutes,
                "places": places.collect::<serde_json::Map<_, _>>(),
            })
        });
        let near: Vec<Value> = near.collect();
        let mut caps = serde_json::Map::new();
        for one in self.hospitals.iter().filter(|one| one.way.minutes().is_some()) {
            let mine = self.units.iter().find(|units| units.region == one.region);
            caps.insert(one.region.to_string(), json!(mine.map_or(0, |units| units.units)));
        }
        Some(json!({
            "kind": "secondary", "from": from.address(), "patients": patients,
            "hospitals": near, "units_per_region": caps,
        }))
    }

    /// How many the proposal moves to intensive care.
    #[must_use]
    pub fn moved_to_intensive_care(&self) -> i64 {
        let Some(Ok(plan)) = &self.plan else { return 0 };
        let care = [CareKind::IntensiveCare, CareKind::ChildrensIntensiveCare];
        let moved = plan.classes.iter();
        let moved = moved.filter(|one| care.iter().any(|kind| kind.as_str() == one.class));
        moved.map(|one| one.moved).sum()
    }
}
