//! Each region for itself: where nothing holds regions together, each is planned by itself, and
//! its prices find their own pace.

use super::check::outcome;
use super::model::{Instance, PlaceKind, Plan, Pooling};
use super::solve::Solved;

/// A region's part of an instance, and where its strata and places stand in the whole.
pub(super) struct Part {
    pub(super) instance: Instance,
    strata: Vec<usize>,
    places: Vec<usize>,
}

/// The regions' parts; none where they pool, or where a bus serves two of them.
pub(super) fn parts(instance: &Instance) -> Option<Vec<Part>> {
    if instance.pooling == Pooling::Pooled || instance.regions.len() < 2 {
        return None;
    }
    let mut serves = vec![None; instance.buses.len()];
    for place in &instance.places {
        if let PlaceKind::Stop { bus, .. } = place.kind
            && serves[bus].replace(place.region).is_some_and(|region| region != place.region)
        {
            return None;
        }
    }
    Some((0..instance.regions.len()).map(|region| part(instance, region)).collect())
}

fn part(instance: &Instance, region: usize) -> Part {
    let here = |place: &usize| instance.places[*place].region == region;
    let places: Vec<usize> = (0..instance.places.len()).filter(here).collect();
    let ours = |stratum: &usize| here(&instance.strata[*stratum].place);
    let strata: Vec<usize> = (0..instance.strata.len()).filter(ours).collect();
    let mut own = Instance {
        regions: vec![instance.regions[region].clone()],
        demand: vec![instance.demand[region].clone()],
        places: places.iter().map(|place| instance.places[*place].clone()).collect(),
        strata: strata.iter().map(|stratum| instance.strata[*stratum].clone()).collect(),
        buses: instance.buses.clone(),
        title: instance.title.clone(),
        weights: instance.weights.clone(),
        ..*instance
    };
    own.places.iter_mut().for_each(|place| place.region = 0);
    for stratum in &mut own.strata {
        stratum.place = places.partition_point(|place| *place < stratum.place);
    }
    Part { instance: own, strata, places }
}

/// The whole of the regions' plans.
pub(super) fn whole(instance: &Instance, parts: &[Part], solved: Vec<Solved>) -> Solved {
    let nothing = vec![0.0; instance.weeks];
    let mut plan = Plan {
        invitations: vec![vec![0; instance.weeks]; instance.strata.len()],
        open: vec![vec![false; instance.weeks]; instance.places.len()],
    };
    let mut seats = vec![nothing; instance.places.len()];
    let mut units = Vec::new();
    let (mut bound, mut idle, mut looks) = (0.0, 0.0, 0);
    for (part, solved) in parts.iter().zip(solved) {
        for (stratum, row) in part.strata.iter().zip(solved.plan.invitations) {
            plan.invitations[*stratum] = row;
        }
        for ((place, open), price) in part.places.iter().zip(solved.plan.open).zip(solved.seats) {
            plan.open[*place] = open;
            seats[*place] = price;
        }
        units.extend(solved.units);
        bound += solved.bound;
        idle += solved.idle;
        looks += solved.looks;
    }
    Solved { outcome: outcome(instance, &plan), plan, bound, idle, seats, units, looks }
}
