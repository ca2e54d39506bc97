//! What the keys count: inhabitants and units used; and whose patients were given what.

use std::collections::BTreeSet;

use samband_domain::agreements::SupplyTerms;
use samband_domain::agreements::terms::UnknownHome;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::Part;
use samband_domain::figures::Measure;
use samband_domain::plans::view::used;
use samband_domain::words::Period;
use samband_domain::{JournalId, Known, SharedState, SiteId, Time};
use samband_engine::World;

use super::{Asked, Home, Weights};

/// What regions said of the months within the period.
pub(super) fn homes(world: &World, regions: &[Part<'_>], asked: &Asked) -> Vec<Home> {
    let mut all = Vec::new();
    for part in regions {
        let Some(journal) = world.journal(part.journal) else { continue };
        let plans = &journal.shared().plans;
        for held in asked.months().iter().filter_map(|month| plans.homes.get(month)) {
            all.extend(held.report.rows.iter().map(|row| Home {
                region: part.journal.clone(),
                month: held.report.month,
                component: row.component,
                home: row.home.clone(),
                in_care_price: row.in_care_price,
                units: row.units,
                source: held.report.source.clone(),
                at: held.at.clone(),
                said: held.said,
                changed: held.first != held.said,
            }));
        }
    }
    all
}

/// Which regions have said anything of which months of the period.
pub(super) fn said(
    world: &World,
    regions: &[Part<'_>],
    asked: &Asked,
) -> BTreeSet<(JournalId, Period)> {
    let months = asked.months();
    let of = |part: &Part<'_>| {
        let held = world.journal(part.journal).map(|journal| &journal.shared().plans.homes);
        let said = months.iter().filter(|month| held.is_some_and(|held| held.contains_key(*month)));
        said.map(|month| (part.journal.clone(), *month)).collect::<Vec<_>>()
    };
    regions.iter().flat_map(of).collect()
}

/// What the keys count of every party.
pub(super) fn weights(
    world: &World,
    parties: &[JournalId],
    terms: &SupplyTerms,
    asked: &Asked,
    now: Time,
) -> Vec<Weights> {
    let treated: Vec<_> = parties
        .iter()
        .map(|id| world.journal(id).map_or((Known::Unknown, 0), |one| treated(one.shared(), asked)))
        .collect();
    let one = |(region, (treated, days_known)): (&JournalId, &(Known<u64>, u32))| {
        let journal = world.journal(region);
        Weights {
            region: region.clone(),
            population: journal.and_then(|one| population(one.shared(), asked)),
            treated: *treated,
            days_known: *days_known,
            used: own_patients(world, parties, region, *treated, (terms, asked)),
            as_of: journal.map_or(Known::Unknown, |one| one.as_of(now)),
        }
    };
    parties.iter().zip(&treated).map(one).collect()
}

/// The newest figure of inhabitants whose period is over when the settled one is.
fn population(shared: &SharedState, asked: &Asked) -> Option<(u64, Period, String, Time)> {
    let (_, after) = asked.moments();
    let figures = shared.figures.figures.iter();
    let of = figures.filter(|((measure, period), _)| {
        *measure == Measure::Population && period.ended() <= after
    });
    let newest = of.max_by_key(|((_, period), _)| (period.end(), *period));
    let ((_, period), figure) = newest?;
    let from = &figure.provenance;
    Some((figure.value.value()?, *period, from.source.title.clone(), from.recorded))
}

/// Units given in a region's care, if every day is known of every place that holds blood; and of
/// how many days that is known.
fn treated(shared: &SharedState, asked: &Asked) -> (Known<u64>, u32) {
    let days = u32::try_from(asked.to.days_since(asked.from)).map_or(0, |days| days + 1);
    let sites = shared.blood.used.keys().chain(shared.blood.external.keys());
    let sites: BTreeSet<_> = sites.chain(shared.plans.used.keys().map(|(site, _)| site)).collect();
    let all: Vec<_> = sites.into_iter().map(|site| by_day(shared, site, asked)).collect();
    if all.is_empty() {
        return (Known::Unknown, 0);
    }
    let on = |n: usize| all.iter().map(|site| site.get(n).copied().flatten()).sum::<Option<u64>>();
    let sums: Vec<_> = (0..days as usize).map(on).collect();
    let known = u32::try_from(sums.iter().flatten().count()).unwrap_or(0);
    (sums.iter().copied().sum::<Option<u64>>().map_or(Known::Unknown, Known::Value), known)
}

/// Units of all components that a place used, day by day.
fn by_day(shared: &SharedState, site: &SiteId, asked: &Asked) -> Vec<Option<u64>> {
    let days = usize::try_from(asked.to.days_since(asked.from)).map_or(0, |days| days + 1);
    let own = shared.blood.used.contains_key(site);
    let told = |component: Component, group: Option<Group>| {
        shared.plans.used.contains_key(&(site.clone(), Line { component, group }))
    };
    let mut sum: Vec<Option<Option<u64>>> = vec![None; days];
    for component in Component::ALL.iter().copied() {
        let groups: Vec<_> =
            Group::ALL.into_iter().filter(|group| told(component, Some(*group))).collect();
        if !own && groups.is_empty() && !told(component, None) {
            continue;
        }
        let series = |group| {
            let line = Line { component, group };
            used((&shared.plans, &shared.blood), site, line, (asked.from, asked.to))
        };
        let (whole, parts) = (series(None), groups.into_iter().map(|g| series(Some(g))));
        let parts: Vec<_> = parts.collect();
        for (n, sum) in sum.iter_mut().enumerate() {
            let each = || {
                let known = parts.iter().map(|one| one.get(n)?.value().map(u64::from));
                (!parts.is_empty()).then(|| known.sum::<Option<u64>>()).flatten()
            };
            let on = whole.get(n).and_then(|one| one.value().map(u64::from)).or_else(each);
            // A component that an own record says nothing of before it began makes the day unknown.
            *sum = match (*sum, on) {
                (Some(Some(before)), Some(on)) => Some(Some(before + on)),
                (None, Some(on)) => Some(Some(on)),
                _ => Some(None),
            };
        }
    }
    sum.into_iter().map(Option::flatten).collect()
}

/// Units given to a region's own patients, wherever they were treated.
fn own_patients(
    world: &World,
    parties: &[JournalId],
    region: &JournalId,
    treated: Known<u64>,
    (terms, asked): (&SupplyTerms, &Asked),
) -> Known<u64> {
    let Known::Value(treated) = treated else { return Known::Unknown };
    let said = |id: &JournalId, wanted: &dyn Fn(Option<&JournalId>) -> bool| -> u64 {
        let Some(journal) = world.journal(id) else { return 0 };
        let months = asked.months();
        let held = months.iter().filter_map(|month| journal.shared().plans.homes.get(month));
        let rows = held.flat_map(|held| &held.report.rows);
        rows.filter(|row| wanted(row.home.as_ref())).map(|row| u64::from(row.units)).sum()
    };
    let left_out = terms.unknown_home == UnknownHome::LeftOut;
    if left_out {
        // Whoever has not said whose the patients were may have treated anybody's.
        let whole = asked.months();
        let all_said = |id: &JournalId| {
            let said = |month| world.journal(id)?.shared().plans.homes.get(month);
            !whole.is_empty() && whole.iter().all(|month| said(month).is_some())
        };
        if !parties.iter().all(all_said) {
            return Known::Unknown;
        }
    }
    let elsewhere = said(region, &|home| home.is_some() || left_out);
    let others = parties.iter().filter(|id| *id != region);
    let came: u64 = others.map(|id| said(id, &|home| home == Some(region))).sum();
    // More patients from elsewhere than units given: somebody has said something wrong.
    treated.checked_sub(elsewhere).map_or(Known::Unknown, |left| Known::Value(left + came))
}
