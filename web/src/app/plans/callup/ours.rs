//! The own region's part: donors by stratum from its own record, its places, its buses' stops.

use std::collections::BTreeMap;

use samband_domain::donors::model::Response;
use samband_domain::donors::strata::{Pace, census};
use samband_domain::kernel::SiteKind;
use samband_domain::words::Day;
use samband_domain::{JournalId, Refusal, Region, SiteId};
use samband_planning::callup::model::{Bus, Place, PlaceKind, Stratum};

use super::gather::{Brought, Table, interval_weeks, quiet_weeks, seats};
use super::{BUS, LeftOut, WEEKS, place_id};

/// Brings the own region's donors and places.
pub(super) fn bring(
    table: &mut Table,
    own: &Region,
    journal: &JournalId,
    (pace, attendance): (Pace, &BTreeMap<Response, (f64, u32)>),
) -> Result<Brought, Box<Refusal>> {
    let census = census(own, journal, (table.now, table.first)).map_err(Box::new)?;
    let mut by_site: BTreeMap<&SiteId, u32> = BTreeMap::new();
    for (stratum, days) in &census.free {
        *by_site.entry(&stratum.site).or_default() += count(days.len());
    }
    let places = places(table, own, journal, &by_site);
    let mut donors = 0;
    for (facts, days) in &census.free {
        let Some(place) = places.get(&facts.site) else { continue };
        let (donors_here, frees) = (count(days.len()), frees(table, days));
        donors += donors_here;
        let (attendance, _) = attendance.get(&facts.response).copied().unwrap_or((0.3, 0));
        table.instance.strata.push(Stratum {
            place: *place,
            group: facts.group,
            sex: facts.sex,
            response: facts.response.to_string(),
            attendance,
            deferral: table.deferral.get(&facts.sex).copied().unwrap_or(0.0),
            interval_weeks: interval_weeks(pace, facts.sex),
            quiet_weeks: quiet_weeks(pace),
            frees,
            donors: donors_here,
        });
    }
    table.left_out.extend(census.gaps.iter().map(|(gap, n)| LeftOut::Donors(*gap, *n)));
    Ok(Brought { donors, counted: None, hidden: 0 })
}

/// Who becomes free in which week.
fn frees(table: &Table, days: &[Day]) -> Vec<u32> {
    let mut frees = vec![0; WEEKS];
    for week in days.iter().filter_map(|day| table.free_in(*day)) {
        frees[week] += 1;
    }
    frees
}

/// Adds the places where donors usually give and that ever had a session.
fn places(
    table: &mut Table,
    own: &Region,
    journal: &JournalId,
    donors: &BTreeMap<&SiteId, u32>,
) -> BTreeMap<SiteId, usize> {
    let known = seats(table, &own.shared.donors, Some(&own.own.donors));
    let region = table.instance.regions.len();
    let sites = &own.shared.kernel.sites;
    let adopted: Vec<usize> =
        own.shared.plans.call_ups.keys().filter_map(|week| table.week(*week)).collect();
    let mut places = BTreeMap::new();
    let mut buses: BTreeMap<SiteId, usize> = BTreeMap::new();
    for (site, count) in donors {
        let held = sites.get(*site);
        let parent = held.and_then(|held| held.parent.as_ref());
        let bus = parent.filter(|parent| {
            sites.get(*parent).is_some_and(|above| above.kind == SiteKind::MobileUnit)
        });
        let found = known.get(*site).or_else(|| known.get(bus?));
        let Some((weeks, ordinary)) = found else {
            table.left_out.push(LeftOut::NoSession(journal.clone(), (*site).clone(), *count));
            continue;
        };
        if weeks.iter().any(Option::is_none) {
            table.usual.push((*site).clone());
        }
        let mut capacity: Vec<f64> = weeks.iter().map(|seats| seats.unwrap_or(*ordinary)).collect();
        // What was adopted for a week stands: nobody more is invited for it.
        adopted.iter().for_each(|week| capacity[*week] = 0.0);
        let kind = match bus {
            None => PlaceKind::Fixed,
            Some(bus) => {
                let next = table.instance.buses.len();
                let at = *buses.entry(bus.clone()).or_insert(next);
                if at == next {
                    let hours = vec![BUS.0; WEEKS];
                    table.instance.buses.push(Bus { id: place_id(journal, bus), hours });
                }
                PlaceKind::Stop { bus: at, hours: BUS.1, every_weeks: BUS.2 }
            }
        };
        places.insert((*site).clone(), table.instance.places.len());
        let id = place_id(journal, site);
        table.instance.places.push(Place { id, region, capacity, kind });
    }
    places
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
