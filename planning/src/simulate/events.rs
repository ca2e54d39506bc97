//! What a variant lays over the days: a place lost, a road closed, many casualties.

use super::document::{ScenarioError, Variant, wrong};
use super::model::{Event, Region, Site};

/// The events of a variant.
///
/// # Errors
/// If a place or region is not one of the scenario's.
pub(super) fn of(
    variant: &Variant,
    regions: &[Region],
    sites: &[Site],
) -> Result<Vec<Event>, ScenarioError> {
    let place = format!("variant[{}]", variant.id);
    let site = |name: &str| {
        let found = sites.iter().position(|site| site.name == name);
        found.ok_or_else(|| wrong(&place, format!("“{name}” is not a site of the scenario")))
    };
    let first = |day: u32| day.clamp(1, 365) - 1;
    let mut out = Vec::new();
    if let Some(lost) = &variant.lost_site {
        let (from, to) = (site(&lost.site)?, site(&lost.instead)?);
        if from == to || sites[from].region != sites[to].region {
            return Err(wrong(place, "the other place must be another of the same region"));
        }
        let (day, days) = (first(lost.day.value), lost.days.value);
        out.push(Event::LostSite { day, days, site: from, instead: to });
    }
    if let Some(closed) = &variant.closed_road {
        let (day, days) = (first(closed.day.value), closed.days.value);
        let all = || {
            let pairs = (0..regions.len()).flat_map(|a| (0..a).map(move |b| [a, b]));
            pairs.collect::<Vec<_>>()
        };
        let pairs = match &closed.between {
            Some(between) => vec![pair(between, regions, &place)?],
            None => all(),
        };
        out.extend(pairs.into_iter().map(|between| Event::ClosedRoad { day, days, between }));
    }
    if let Some(many) = &variant.casualties {
        out.push(Event::Casualties {
            day: first(many.day.value),
            site: site(&many.site)?,
            units: many.units.value,
            unknown: many.unknown.value.clamp(0.0, 1.0),
        });
    }
    Ok(out)
}

/// Two regions by their short names.
pub(super) fn pair(
    between: &[String; 2],
    regions: &[Region],
    place: &str,
) -> Result<[usize; 2], ScenarioError> {
    let find = |id: &String| {
        let found = regions.iter().position(|region| region.id == *id);
        found.ok_or_else(|| wrong(place, format!("“{id}” is not a region of the scenario")))
    };
    let pair = [find(&between[0])?, find(&between[1])?];
    match pair[0] == pair[1] {
        true => Err(wrong(place, "name two regions")),
        false => Ok(pair),
    }
}
