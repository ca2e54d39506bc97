//! Judges a plan, whoever made it: whether it keeps every rule, and what it costs.

use super::model::{Instance, PlaceKind, Plan, Pooling};
use super::supply::{Supply, Use, best_use};

/// Room for sums of fractions.
const SLACK: f64 = 1e-6;

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Broken {
    /// The plan is not about these strata, places and weeks.
    #[error("the plan has not one row for every stratum and place, and one column for every week")]
    Shape,
    /// More are invited than are free: the rest gave, came or were asked too lately.
    #[error("stratum {stratum}, week {week}: {invited} invited, {free:.3} free")]
    Interval {
        /// The stratum.
        stratum: usize,
        /// The week.
        week: usize,
        /// Invited.
        invited: u32,
        /// Free.
        free: f64,
    },
    /// More would come than can be received.
    #[error("place {place}, week {week}: {expected:.3} expected, room for {capacity}")]
    Capacity {
        /// The place.
        place: usize,
        /// The week.
        week: usize,
        /// Expected to come.
        expected: f64,
        /// Room.
        capacity: f64,
    },
    /// A crew has no hours for its stops.
    #[error("bus {bus}, week {week}: {hours:.2} hours, the crew has {has}")]
    Hours {
        /// The bus.
        bus: usize,
        /// The week.
        week: usize,
        /// Hours of its stops.
        hours: f64,
        /// Hours of the crew.
        has: f64,
    },
    /// A stop is visited again too soon.
    #[error("stop {place}, week {week}: visited again too soon")]
    Again {
        /// The stop.
        place: usize,
        /// The later week.
        week: usize,
    },
    /// A region's donors are asked for too little beside another's.
    #[error("donations per donor: {least:.4} in one region, {most:.4} in another; band {band}")]
    Band {
        /// The least used region's.
        least: f64,
        /// The most used region's.
        most: f64,
        /// The smallest ratio allowed.
        band: f64,
    },
}

/// What a plan leads to, in expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The weighed sum: what plans are compared by.
    pub cost: f64,
    /// What becomes of each pool's donations.
    pub uses: Vec<Use>,
    /// Donations by region, week and group.
    pub given: Vec<Supply>,
    /// Donors who come, by place and week.
    pub coming: Vec<Vec<f64>>,
    /// Invitations.
    pub invitations: u64,
    /// Donations of each region per donor of it.
    pub per_donor: Vec<f64>,
}

/// Those of a stratum who are free in each week, given its invitations.
pub(super) fn free(instance: &Instance, stratum: usize, invited: &[u32]) -> Vec<f64> {
    let facts = &instance.strata[stratum];
    let mut free = vec![0.0; instance.weeks];
    let mut here = 0.0;
    let mut back = vec![0.0; instance.weeks];
    for week in 0..instance.weeks {
        here += f64::from(facts.frees[week]) + back[week];
        free[week] = here;
        let now = f64::from(invited[week]);
        here -= now;
        let come = now * facts.attendance;
        for (wait, who) in [(facts.interval_weeks, come), (facts.quiet_weeks, now - come)] {
            if let Some(back) = back.get_mut(week + wait) {
                *back += who;
            }
        }
    }
    free
}

/// Judges a plan.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(instance: &Instance, plan: &Plan) -> Result<Outcome, Broken> {
    let shaped = |rows: usize, wanted: usize, mut widths: Box<dyn Iterator<Item = usize> + '_>| {
        rows == wanted && widths.all(|width| width == instance.weeks)
    };
    let rows = Box::new(plan.invitations.iter().map(Vec::len));
    let opens = Box::new(plan.open.iter().map(Vec::len));
    if !shaped(plan.invitations.len(), instance.strata.len(), rows)
        || !shaped(plan.open.len(), instance.places.len(), opens)
    {
        return Err(Broken::Shape);
    }
    for (stratum, invited) in plan.invitations.iter().enumerate() {
        let free = free(instance, stratum, invited);
        for (week, (invited, free)) in invited.iter().zip(free).enumerate() {
            if f64::from(*invited) > free + SLACK {
                return Err(Broken::Interval { stratum, week, invited: *invited, free });
            }
        }
    }
    let outcome = outcome(instance, plan);
    rooms(instance, plan, &outcome.coming)?;
    buses(instance, plan)?;
    if let Some(band) = instance.band.filter(|_| instance.pooling == Pooling::Pooled) {
        let least = outcome.per_donor.iter().fold(f64::INFINITY, |low, one| low.min(*one));
        let most = outcome.per_donor.iter().fold(0.0_f64, |high, one| high.max(*one));
        if least < band * most - SLACK {
            return Err(Broken::Band { least, most, band });
        }
    }
    Ok(outcome)
}

/// What a plan leads to, whether or not it keeps the rules.
#[must_use]
pub fn outcome(instance: &Instance, plan: &Plan) -> Outcome {
    let weeks = instance.weeks;
    let mut given = vec![vec![[0.0; 8]; weeks]; instance.regions.len()];
    let mut coming = vec![vec![0.0; weeks]; instance.places.len()];
    let mut invitations = 0;
    for (facts, invited) in instance.strata.iter().zip(&plan.invitations) {
        let given = &mut given[instance.region_of(facts)];
        for (week, invited) in invited.iter().enumerate() {
            given[week][facts.group.index()] += f64::from(*invited) * facts.success();
            coming[facts.place][week] += f64::from(*invited) * facts.attendance;
            invitations += u64::from(*invited);
        }
    }
    let sum = |region: usize| given[region].iter().flatten().sum::<f64>();
    let donors = |region: usize| f64::from(instance.regions[region].donors.max(1));
    let per_donor: Vec<f64> =
        (0..instance.regions.len()).map(|region| sum(region) / donors(region)).collect();
    let uses: Vec<Use> = (0..instance.pools())
        .map(|pool| best_use(instance, pool, &pooled(instance, &given, pool)))
        .collect();
    let mut cost = uses.iter().map(|used| used.cost).sum::<f64>();
    cost += invitations as f64 * instance.weights.invitation;
    if instance.shares_fairly() {
        let least = per_donor.iter().fold(f64::INFINITY, |low, one| low.min(*one));
        let most = per_donor.iter().fold(0.0_f64, |high, one| high.max(*one));
        let donors: f64 = instance.regions.iter().map(|region| f64::from(region.donors)).sum();
        cost += instance.weights.unevenness * donors * (most - least);
    }
    Outcome { cost, uses, given, coming, invitations, per_donor }
}

/// Donations of all regions of a pool.
fn pooled(instance: &Instance, given: &[Supply], pool: usize) -> Supply {
    let mut sum = vec![[0.0; 8]; instance.weeks];
    for (_, given) in given.iter().enumerate().filter(|(at, _)| instance.pool(*at) == pool) {
        for (sum, given) in sum.iter_mut().flatten().zip(given.iter().flatten()) {
            *sum += given;
        }
    }
    sum
}

fn rooms(instance: &Instance, plan: &Plan, coming: &[Vec<f64>]) -> Result<(), Broken> {
    for (place, facts) in instance.places.iter().enumerate() {
        for week in 0..instance.weeks {
            let open = plan.open[place][week] || facts.kind == PlaceKind::Fixed;
            let capacity = if open { facts.capacity[week] } else { 0.0 };
            let expected = coming[place][week];
            if expected > capacity + SLACK {
                return Err(Broken::Capacity { place, week, expected, capacity });
            }
        }
    }
    Ok(())
}

fn buses(instance: &Instance, plan: &Plan) -> Result<(), Broken> {
    for week in 0..instance.weeks {
        let mut spent = vec![0.0; instance.buses.len()];
        for (place, facts) in instance.places.iter().enumerate() {
            let PlaceKind::Stop { bus, hours, every_weeks } = facts.kind else { continue };
            if !plan.open[place][week] {
                continue;
            }
            spent[bus] += hours;
            let since = (week + 1).saturating_sub(every_weeks);
            if plan.open[place][since..week].contains(&true) {
                return Err(Broken::Again { place, week });
            }
        }
        for (bus, hours) in spent.into_iter().enumerate() {
            let has = instance.buses[bus].hours[week];
            if hours > has + SLACK {
                return Err(Broken::Hours { bus, week, hours, has });
            }
        }
    }
    Ok(())
}
